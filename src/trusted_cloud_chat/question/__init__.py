"""Text and turns → `Question`. The raw text is read here only."""
