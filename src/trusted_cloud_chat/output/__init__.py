"""Answers and reports as a program or a terminal takes them: JSON, text, progress bars."""
