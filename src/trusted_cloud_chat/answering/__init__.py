"""Passages → answer: quoted sentences, or a language model's sentences that are checked against quotes."""
