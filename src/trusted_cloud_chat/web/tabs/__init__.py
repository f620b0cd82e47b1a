"""The tabs beside the questions: the market, what the corpus holds, names compared. `desk.py` puts the last two on the page.

`market.py`, `market_layout.py`, `corpus.py`, `corpus_admin.py` and `comparing.py` are Gradio; texts stand in `*_strings.py`; the rest is behaviour
and HTML without Gradio, as the head of each file says.
"""
