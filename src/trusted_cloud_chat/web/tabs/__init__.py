"""The tabs beside the questions: the market, what the corpus holds, names compared. `desk.py` puts the last two on the page.

`market_view.py`, `shelf.py`, `naming.py`, `comparison.py`, `runs.py` and `upkeep.py` are behaviour without Gradio; `market_*.py`, `listing.py` and
`reports.py` turn it into HTML; `market.py`, `corpus.py`, `corpus_admin.py` and `comparing.py` are Gradio; texts stand in `*_strings.py`.
"""
