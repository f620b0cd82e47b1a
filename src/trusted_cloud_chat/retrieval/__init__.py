"""`Query` → `Passage`s, best first: candidates from Chroma and Tantivy, put in order by what they share with the question."""

from trusted_cloud_chat.retrieval.retriever import Retrieved, Retriever, evidence

__all__ = ["Retrieved", "Retriever", "evidence"]
