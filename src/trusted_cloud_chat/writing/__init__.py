"""Answers of a chat model: prompt, stream, and what can be said of each sentence."""
