"""Passages → `Evidence`: their sentences, best first, and one confidence."""
