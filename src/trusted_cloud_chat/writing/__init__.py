"""A chat model's answer: prompt, stream, verification of each sentence."""
