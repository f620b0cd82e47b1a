"""The tabs beside the questions: what the corpus holds, and names compared. `desk.py` puts them on the page.

`shelf.py`, `naming.py`, `comparison.py`, `runs.py` and `upkeep.py` are behaviour without Gradio; `listing.py`, `opening.py` and
`reports.py` turn it into HTML; `corpus.py`, `corpus_admin.py` and `comparing.py` are Gradio; texts stand in `*_strings.py`.
"""
