"""Turns passages into `Evidence`: their sentences, best first, and a confidence."""
