"""`make bench`: measures speed, memory and growth of the product and of a tutorial's pipeline in one run.

__main__.py   the whole run: writing, side by side, growth; table on standard output, JSON and plots in a folder
worker.py     runs one job in its own process, so that its memory and its start are measured alone
cases.py      articles and real questions
product.py    the jobs of this project
tutorial.py   the jobs of the tutorial's pipeline
compose.py    composes large corpora from real sentences and their embeddings
growth.py     the jobs at 1,000, 10,000 and 100,000 chunks
serving.py    a real server with questions and new generations
crowd.py      concurrent clients of a real server, only with `--only crowd`
writing.py    the write path on large corpora (with filling.py and cheap.py), the search among stored questions (stored.py)
report.py     tables and plots
"""
