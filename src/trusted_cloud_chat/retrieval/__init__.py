"""Retrieves the passages for a question, best first: ranks candidates from Chroma and Tantivy."""

from trusted_cloud_chat.retrieval.retriever import Retrieved, Retriever, evidence

__all__ = ["Retrieved", "Retriever", "evidence"]
