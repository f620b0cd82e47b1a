"""Turns `Evidence` into an `Answer`: decides, chooses a form and composes the text."""
