"""Answers written by a language model, each sentence verified before it is shown."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage

from trusted_cloud_chat.answering.composition import Composition
from trusted_cloud_chat.answering.evidence import EvidenceBook
from trusted_cloud_chat.answering.fallback import fallback_notice
from trusted_cloud_chat.answering.markers import Draft, DraftReader
from trusted_cloud_chat.answering.prompt import NOT_FOUND, build_prompt
from trusted_cloud_chat.answering.verification import Limits, verify
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.models.embedder import Embedder
from trusted_cloud_chat.schema import Answer, Language, Passage
from trusted_cloud_chat.text import fold
from trusted_cloud_chat.understanding import Understanding

Unsupported = Literal["strike", "drop"]

_MOST_CHARACTERS = 4000
_MOST_SENTENCES = 12
"""Those that cite: a model that thinks aloud does not."""
_TOTAL = 5
"""A model may be slow but not endless: in all it has this many times the wait for its next word."""


class GenerativeAnswerer:
    """Writes answers with `chat_model`; when it cannot, the extractive answer is given and said to be.

    Nothing that was not verified is ever yielded. Safe to use from several threads.
    """

    def __init__(
        self,
        chat_model: BaseChatModel,
        name: str,
        *,
        embedder: Embedder,
        entities: EntityBook,
        timeout_s: float = 60.0,
        unsupported: Unsupported = "strike",
        limits: Limits | None = None,
    ) -> None:
        self._chat_model = chat_model
        self.name = name
        self._embedder = embedder
        self._entities = entities
        self._timeout_s = timeout_s
        self._unsupported = unsupported
        self._limits = limits or Limits()

    def stream(
        self, question: str, understood: Understanding, passages: Sequence[Passage], extractive: Answer
    ) -> Iterator[Answer]:
        """The answer after each sentence that stands; the last one is whole.

        `extractive` is the answer without a model: what comes back, with a notice, when the model fails, stays silent,
        says that the passages do not answer, or writes nothing that stands. Closing the iterator stops the model.
        """
        query = understood.query
        book = EvidenceBook(passages, self._embedder, self._entities, query.today)
        written = self._composition(query.language)
        prompt = build_prompt(query.text or question, passages, query.language, query.today)
        listening = _listen(self._chat_model, prompt, self._timeout_s)
        reader, withdrawn, cited = DraftReader(len(passages)), 0, 0
        try:
            for draft in _drafts(listening, reader):
                if reader.withdrawn > withdrawn:  # all before was a thought
                    withdrawn, cited, written = reader.withdrawn, 0, self._composition(query.language)
                if self._is_not_found(draft):
                    if written.supported:  # a model that answers, and then says that it cannot
                        continue
                    yield self._without(extractive, "not_found")
                    return
                if written.repeats(draft.text):
                    continue
                self._judge(draft, book, written)
                if written.supported:
                    yield written.answer(extractive, self.name, whole=False)
                cited += bool(draft.citations)
                if cited >= _MOST_SENTENCES:
                    break
        except _ModelFailedError as failure:
            yield self._without(extractive, failure.reason)
            return
        finally:
            listening.close()
        if reader.withdrawn > withdrawn:
            written = self._composition(query.language)
        if not written.supported:
            yield self._without(extractive, "silent" if not written.sentences else "nothing_stands")
            return
        yield written.answer(extractive, self.name, whole=True)

    def _composition(self, language: Language) -> Composition:
        return Composition(language, strike=self._unsupported == "strike")

    def _judge(self, draft: Draft, book: EvidenceBook, written: Composition) -> None:
        cited = [n - 1 for n in draft.citations]
        verdict = verify(draft.text, written.language, cited, book, self._limits)
        written.add(draft.text, verdict)

    def _is_not_found(self, draft: Draft) -> bool:
        return fold(draft.text).strip(" .!") in {fold(word) for word in NOT_FOUND.values()}

    def _without(self, extractive: Answer, reason: str) -> Answer:
        notice = fallback_notice(reason, self.name, extractive.language)
        return replace(extractive, notices=(*extractive.notices, notice))


def _drafts(pieces: Iterator[str], reader: DraftReader) -> Iterator[Draft]:
    """Sentences as they are finished; a model that does not end is cut at its last whole sentence."""
    for piece in pieces:
        yield from reader.feed(piece)
        if reader.length > _MOST_CHARACTERS:
            return
    yield from reader.finish()


class _ModelFailedError(Exception):
    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class _Ended:
    error: Exception | None = None


def _listen(chat_model: BaseChatModel, prompt: list[BaseMessage], timeout_s: float) -> Generator[str]:
    """Pieces of text. A thread listens to the model, so that a silent one is given up after `timeout_s`.

    Raises _ModelFailedError. Closing the iterator tells the thread to leave the model at its next word.
    """
    received: queue.SimpleQueue[str | _Ended] = queue.SimpleQueue()
    left = threading.Event()
    threading.Thread(target=_pump, args=(chat_model, prompt, received, left), daemon=True, name="chat-model").start()
    deadline = time.monotonic() + _TOTAL * timeout_s
    try:
        while True:
            wait = min(timeout_s, deadline - time.monotonic())
            try:
                item = received.get(timeout=max(wait, 0.001))
            except queue.Empty:
                raise _ModelFailedError("timeout") from None
            if isinstance(item, str):
                yield item
            elif item.error is None:
                return
            else:
                raise _ModelFailedError(_reason(item.error)) from item.error
    finally:
        left.set()


def _pump(
    chat_model: BaseChatModel,
    prompt: list[BaseMessage],
    received: queue.SimpleQueue[str | _Ended],
    left: threading.Event,
) -> None:
    try:
        for chunk in chat_model.stream(prompt):
            if left.is_set():
                return
            if chunk.text:
                received.put(str(chunk.text))
        received.put(_Ended())
    except Exception as error:  # whatever a provider's library raises, the question must not be lost
        received.put(_Ended(error))


def _reason(error: BaseException) -> str:
    """Timeouts and refused connections by their class names, which all libraries choose alike."""
    seen: BaseException | None = error
    while seen is not None:
        name = type(seen).__name__.lower()
        if "timeout" in name:
            return "timeout"
        if "connect" in name:
            return "unreachable"
        if "auth" in name or "permission" in name:
            return "key"
        seen = seen.__cause__ or seen.__context__
    return "failed"
