"""Answers and reports for programs and terminals: JSON, text, progress bars."""
