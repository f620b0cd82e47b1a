"""The page's tabs beside the questions: each lays out its components, connects its events, and says its labels in a language."""
