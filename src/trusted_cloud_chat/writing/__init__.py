"""Answers of a chat model: prompt, stream, and a mark for each sentence."""
