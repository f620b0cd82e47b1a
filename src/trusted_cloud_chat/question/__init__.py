"""Parses a text and its conversation into a `Question`. Only this package reads the raw text."""
