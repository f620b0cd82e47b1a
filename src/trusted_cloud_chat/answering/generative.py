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
from trusted_cloud_chat.answering.fallback import cut_notice, fallback_notice
from trusted_cloud_chat.answering.markers import Draft, DraftReader
from trusted_cloud_chat.answering.prompt import NOT_FOUND, build_prompt
from trusted_cloud_chat.answering.verification import Limits, verify
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.models.chat import was_cut_short
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
_BEAT_S = 0.2
"""How often a reader is given the same answer again while no sentence ends: only then can the answer be left."""


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

        While no sentence ends, the same one comes again at short intervals, its text empty before the first. Closing the
        iterator stops the model. `extractive` is the answer without a model: what comes back, with a notice, when the
        model fails, stays silent, says that the passages do not answer, or writes nothing that stands.
        """
        query = understood.query
        book = EvidenceBook(passages, self._embedder, self._entities, query.today)
        written = self._composition(query.language)
        shown = unwritten = written.answer(extractive, self.name, whole=False)
        prompt = build_prompt(query.text or question, passages, query.language, query.today)
        listening = _listen(self._chat_model, prompt, self._timeout_s)
        reader, withdrawn, cited, cut = DraftReader(len(passages)), 0, 0, False
        try:
            for draft in _drafts(listening, reader):
                if reader.withdrawn > withdrawn:  # all before was a thought
                    withdrawn, cited, written = reader.withdrawn, 0, self._composition(query.language)
                    shown = unwritten
                if draft is None:
                    yield shown
                    continue
                if cited >= _MOST_SENTENCES:
                    cut = True
                    break
                if self._is_not_found(draft):
                    if written.supported:  # a model that answers, and then says that it cannot
                        continue
                    yield self._without(extractive, "not_found")
                    return
                if written.repeats(draft.text):
                    continue
                self._judge(draft, book, written)
                if written.supported:
                    shown = written.answer(extractive, self.name, whole=False)
                    yield shown
                cited += bool(draft.citations)
        except _CutShortError:
            cut = True
        except _ModelFailedError as failure:
            yield self._without(extractive, failure.reason)
            return
        finally:
            listening.close()
        if reader.withdrawn > withdrawn:
            written = self._composition(query.language)
        if not written.supported:
            unwritten_for = "cut" if cut else "silent"
            yield self._without(extractive, "nothing_stands" if written.sentences else unwritten_for)
            return
        answer = written.answer(extractive, self.name, whole=True)
        yield replace(answer, notices=(*answer.notices, cut_notice(self.name, query.language))) if cut else answer

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


def _drafts(pieces: Iterator[str], reader: DraftReader) -> Iterator[Draft | None]:
    """Sentences as they are finished, None every `_BEAT_S`.

    Raises _CutShortError, after the last whole sentence, where a model does not end or was stopped before its end.
    """
    beaten = time.monotonic()
    try:
        for piece in pieces:
            if piece:
                yield from reader.feed(piece)
            if reader.length > _MOST_CHARACTERS:
                raise _CutShortError
            if time.monotonic() - beaten >= _BEAT_S:
                yield None
                beaten = time.monotonic()
    except _CutShortError:
        yield from reader.finish(cut=True)
        raise
    yield from reader.finish()


class _ModelFailedError(Exception):
    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class _CutShortError(Exception):
    """The model would have written more."""


@dataclass(frozen=True, slots=True)
class _Ended:
    error: Exception | None = None


def _listen(chat_model: BaseChatModel, prompt: list[BaseMessage], timeout_s: float) -> Generator[str]:
    """Pieces of text, empty ones while the model is silent. A thread listens to it: it is given up after `timeout_s`.

    Raises _ModelFailedError, and _CutShortError after the last piece of a model that its server stopped. Closing the iterator tells the thread to leave the model at its next word.
    """
    received: queue.SimpleQueue[str | _Ended] = queue.SimpleQueue()
    left = threading.Event()
    threading.Thread(target=_pump, args=(chat_model, prompt, received, left), daemon=True, name="chat-model").start()
    heard = time.monotonic()
    deadline = heard + _TOTAL * timeout_s
    try:
        while True:
            wait = min(heard + timeout_s, deadline) - time.monotonic()
            try:
                item = received.get(timeout=max(min(wait, _BEAT_S), 0.001))
            except queue.Empty:
                if wait <= _BEAT_S:
                    raise _ModelFailedError("timeout") from None
                yield ""
                continue
            heard = time.monotonic()
            if isinstance(item, str):
                yield item
            elif item.error is None:
                return
            elif isinstance(item.error, _CutShortError):
                raise item.error
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
    cut = False
    try:
        for chunk in chat_model.stream(prompt):
            if left.is_set():
                return
            if chunk.text:
                received.put(str(chunk.text))
            cut = cut or was_cut_short(chunk)
        received.put(_Ended(_CutShortError() if cut else None))
    except Exception as error:  # whatever a provider's library raises, the question must not be lost
        received.put(_Ended(error))


_STATUSES = {401: "key", 403: "key", 404: "unknown", 429: "busy"}
_NAMES = {
    "unreachable": ("connecterror", "connecttimeout", "connectionrefused", "gaierror"),
    "timeout": ("timeout",),
    "broken": ("protocolerror", "readerror", "connectionreset", "connectionaborted", "brokenpipe", "disconnected"),
    "key": ("auth", "permission"),
}
"""Parts of class names, which all libraries choose alike, most telling first."""


def _reason(error: BaseException) -> str:
    """A key of `fallback_notice`: by the HTTP status where the server gave one, else by the names of the errors."""
    causes = list(_causes(error))
    for status in filter(None, map(_status, causes)):
        return _STATUSES.get(status, "server" if status >= 500 else "refused")
    names = " ".join(type(cause).__name__.lower() for cause in causes)
    reasons = (reason for reason, parts in _NAMES.items() if any(part in names for part in parts))
    # Where only « APIConnectionError » is left, its library hides how far it came.
    return next(reasons, "unreachable" if "connection" in names else "failed")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _status(error: BaseException) -> int | None:
    """The HTTP status of a refusal, wherever the provider's library keeps it."""
    response = getattr(error, "response", None)
    found = (getattr(error, "status_code", None), getattr(response, "status_code", None), getattr(error, "code", None))
    return next((status for status in found if isinstance(status, int) and 400 <= status < 600), None)
