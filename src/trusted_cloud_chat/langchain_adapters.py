"""Adapters for LangChain and LangGraph programs: our passages as a retriever, our answers as a runnable, our Chroma collection.

They use the same assistant as the page and the command line. The program's callbacks and tracers see every search and call of the
language model. `docs/langchain.md` describes what each adapter returns.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import date
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.messages import BaseMessage
from langchain_core.prompts import PromptTemplate
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableConfig
from langchain_core.tools import BaseTool, StructuredTool
from pydantic import BaseModel, Field

from trusted_cloud_chat.answering.assistant import Assistant
from trusted_cloud_chat.answering.wording import attribution
from trusted_cloud_chat.index.store import StoreFolder
from trusted_cloud_chat.index.vectors import open_server
from trusted_cloud_chat.library import conversation, day_of
from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.models.embedder import known_to_langchain
from trusted_cloud_chat.output.serialise import answer_to_dict
from trusted_cloud_chat.retrieval.observed import document_of, told_by_caller
from trusted_cloud_chat.schema import Answer, Passage, Turn
from trusted_cloud_chat.settings import Settings
from trusted_cloud_chat.wiring import build_embedder, chroma_of

known_to_langchain()

Asked = str | Sequence[BaseMessage] | Mapping[str, Any]
"""A question; a conversation that ends with one; or a mapping with `question` or `messages`, and optionally `turns`, `today`, `as_of`."""


DOCUMENT_PROMPT = PromptTemplate.from_template("{cited_as}\n{page_content}")
"""For `create_retriever_tool(…, document_prompt=DOCUMENT_PROMPT)`: by default LangChain passes an agent only the text, so the agent can neither
cite it nor see how old it is.
"""


class _AskedOfTool(BaseModel):
    """The arguments of the tool."""

    question: str = Field(description="A question that stands alone, in French or English.")
    today: str | None = Field(None, description="The question's day, such as 2026-03-12; default: the clock.")
    as_of: str | None = Field(None, description="Answer as of this day: nothing published later is seen.")


class PassageRetriever(BaseRetriever):
    """The passages nearest to a question, best first, of one generation of the index."""

    assistant: Assistant
    k: int = 8
    today: date | None = None
    as_of: date | None = None

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        with told_by_caller():
            found = self.assistant.search(query, self.k, today=self.today, as_of=self.as_of)
        documents = list(map(document_of, found.passages))
        for passage, document in zip(found.passages, documents, strict=True):
            document.metadata |= {"cited_as": _cited_as(passage), "generation": found.generation}
        return documents


class AnswerRunnable(Runnable[Asked, dict[str, Any]]):
    """Question or conversation → the object that `ask --json` prints; `stream` yields the growing object, complete each time."""

    name = "trusted_cloud_chat"

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant

    def invoke(self, input: Asked, config: RunnableConfig | None = None, **kwargs: Any) -> dict[str, Any]:  # noqa: A002
        """Raises QuestionError, IndexEmptyError."""
        return self._call_with_config(self._last, input, config)

    def stream(self, input: Asked, config: RunnableConfig | None = None, **kwargs: Any) -> Iterator[dict[str, Any]]:  # noqa: A002
        yield from self.transform(iter([input]), config)

    def transform(
        self,
        input: Iterator[Asked],  # noqa: A002
        config: RunnableConfig | None = None,
        **kwargs: Any,
    ) -> Iterator[dict[str, Any]]:
        """Answers the last input."""
        yield from self._transform_stream_with_config(input, self._growing, config)

    def as_tool(
        self,
        args_schema: type[BaseModel] | None = None,
        *,
        name: str | None = None,
        description: str | None = None,
        arg_types: dict[str, type] | None = None,
    ) -> BaseTool:
        """A tool for agents, which takes a question and optionally `today` and `as_of`."""
        name = name or self.name
        told = description or "Answers a question with dated quotes of the indexed articles, or says that none answers."
        if args_schema or arg_types:
            return super().as_tool(args_schema, name=name, description=told, arg_types=arg_types)
        ask = lambda **asked: self.invoke(asked)  # noqa: E731
        return StructuredTool.from_function(ask, name=name, description=told, args_schema=_AskedOfTool)

    def _last(self, asked: Asked) -> dict[str, Any]:
        *_, last = self._answers(asked)
        return answer_to_dict(last)

    def _growing(self, given: Iterator[Asked]) -> Iterator[dict[str, Any]]:
        *_, asked = given
        yield from map(answer_to_dict, self._answers(asked))

    def _answers(self, asked: Asked) -> Iterator[Answer]:
        named = "question" if isinstance(asked, str) else "messages"
        fields: Mapping[str, Any] = asked if isinstance(asked, Mapping) else {named: asked}
        question, given = fields.get("question"), fields.get("turns", ())
        turns = [one if isinstance(one, Turn) else Turn(one["question"], one.get("answer", "")) for one in given]
        if question is None:
            question, turns = conversation(fields.get("messages", ()))
        today, as_of = day_of(fields.get("today")), day_of(fields.get("as_of"))
        return self._assistant.stream(question, turns=turns, today=today, as_of=as_of)


def _cited_as(passage: Passage) -> str:
    """« Titre un (Gazette, 12 mars 2026) https://… [un] »."""
    article = passage.article
    source = f"({attribution(article, article.language)})"
    return " ".join(filter(None, (article.title, source, article.url, f"[{article.article_id}]")))


def chroma_options(settings: Settings, embedder: Embedder | None = None) -> dict[str, Any]:
    """The arguments with which `langchain_chroma.Chroma(**…)` opens our current collection. Raises IndexEmptyError."""
    server = chroma_of(settings)
    stores = StoreFolder(settings.home, server)
    with closing(stores.open()) as catalog:
        made = stores.derived(catalog)
    return {
        "collection_name": made.collection,
        "embedding_function": embedder or build_embedder(settings),
        "create_collection_if_not_exists": False,
        **({"client": open_server(server)} if server else {"persist_directory": str(made.chroma)}),
    }
