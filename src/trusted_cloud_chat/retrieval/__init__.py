"""`Query` → `Passage`s, best first: ranks candidates from Chroma and Tantivy by what they share with the question."""

from trusted_cloud_chat.retrieval.retriever import Retrieved, Retriever, evidence

__all__ = ["Retrieved", "Retriever", "evidence"]
