"""What a text states, in one form for French and English: figures, dates and names that two texts can be compared by."""
