"""Figures, dates and names of a text in a language-independent form, to compare texts."""
