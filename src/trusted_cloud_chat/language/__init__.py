"""French and English, for texts on any subject: tokens, sentences, blocks, accents, periods, word lists by sense."""
