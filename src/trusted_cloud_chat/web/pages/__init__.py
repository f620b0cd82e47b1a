"""The pages beside the chat: the market, the corpus, an article. Plain HTML with addresses; what scripts do is extra."""

from trusted_cloud_chat.web.pages.router import pages_router

__all__ = ["pages_router"]
