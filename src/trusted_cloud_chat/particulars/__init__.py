"""Extracts the particulars (figures, dates, names) of texts in a language-independent form, to compare texts."""
