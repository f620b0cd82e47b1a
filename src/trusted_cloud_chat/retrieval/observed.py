"""Reports retrieval to LangChain's callbacks: passages as documents, each search as a run."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from trusted_cloud_chat.index.chroma import labels_of
from trusted_cloud_chat.isolation import traced_to
from trusted_cloud_chat.question.question import Question
from trusted_cloud_chat.retrieval.retriever import Retrieved, Retriever
from trusted_cloud_chat.schema import Passage

if TYPE_CHECKING:
    from langchain_core.callbacks import CallbackManager
    from langchain_core.documents import Document

_TOLD: ContextVar[bool] = ContextVar("told", default=False)


def document_of(passage: Passage) -> "Document":
    """The verbatim passage, with the metadata of the Chroma collection, its rank and its relevance as `score`."""
    from langchain_core.documents import Document

    labels = {key: value for key, value in labels_of(passage.article, passage.chunk).items() if value is not None}
    return Document(
        id=passage.chunk.chunk_id,
        page_content=passage.text,
        metadata={**labels, "rank": passage.rank, "score": round(passage.score, 4)},
    )


@contextmanager
def told_by_caller() -> Iterator[None]:
    """Inside this context the caller reports retrieval, so the retriever does not."""
    token = _TOLD.set(True)
    try:
        yield
    finally:
        _TOLD.reset(token)


class ObservedRetriever(Retriever):
    """A retriever that reports to the callback handlers of the current run, or to an active tracer."""

    def retrieve(self, question: Question, k: int) -> Retrieved:
        listeners = None if _TOLD.get() else _listeners()
        if listeners is None or not listeners.handlers:
            return super().retrieve(question, k)
        run = listeners.on_retriever_start(None, question.searched, name="passages")
        try:
            found = super().retrieve(question, k)
        except BaseException as error:
            run.on_retriever_error(error)
            raise
        run.on_retriever_end([document_of(passage) for passage in found.passages])
        return found


def _listeners() -> "CallbackManager | None":
    """The current callback manager; None if LangChain is not loaded and no tracer is on, so that nothing can listen."""
    if "langchain_core" not in sys.modules and not traced_to():
        return None
    from langchain_core.runnables.config import ensure_config, get_callback_manager_for_config

    return get_callback_manager_for_config(ensure_config())
