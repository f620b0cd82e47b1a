"""French and English, and nothing about any market: tokens, sentences, accents, periods, word lists by sense."""
