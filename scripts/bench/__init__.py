"""`make bench`: speed, memory and growth beside what a user would otherwise build, in one run.

__main__.py   the whole run: side by side, then growth; table on standard output, JSON and plots in a folder
worker.py     one job in a process of its own, so that its memory and its start are its own
cases.py      articles and real questions
product.py    the jobs of this project
tutorial.py   the jobs of the tutorial's pipeline
compose.py    large corpora out of real sentences, their vectors out of the sentences' real vectors
growth.py     the jobs at 1,000, 10,000 and 100,000 chunks
serving.py    a real server under questions and new generations
report.py     table and plots
"""
