"""Question and turns → `Query`: what is asked, in which language, about whom, as of when.

Rules over words, no language model: every decision can be shown to the reader.
"""

from trusted_cloud_chat.understanding.query import MAX_QUESTION, Understanding, understand

__all__ = ["MAX_QUESTION", "Understanding", "understand"]
