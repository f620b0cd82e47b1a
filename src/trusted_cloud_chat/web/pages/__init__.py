"""The pages beside the chat (market, corpus, articles, administration): plain HTML that works without scripts."""

from trusted_cloud_chat.web.pages.router import pages_router

__all__ = ["pages_router"]
