"""The pages beside the chat (market, corpus, articles, administration): plain HTML that works without scripts."""
