"""The particulars of a text in one form for French and English: figures, dates and names, by which two texts are compared."""
