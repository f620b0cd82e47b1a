"""Answers written by a chat model, each sentence verified before it is shown."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import KW_ONLY, dataclass, replace
from typing import Literal

from langchain_core.language_models import BaseChatModel

from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.language.normalise import fold
from trusted_cloud_chat.models.embedder import Embedder
from trusted_cloud_chat.models.listening import BEAT_S, CutShortError, ModelFailedError, listen
from trusted_cloud_chat.schema import Answer, Passage, Query
from trusted_cloud_chat.writing.composition import Composition
from trusted_cloud_chat.writing.drafts import Draft, DraftReader
from trusted_cloud_chat.writing.evidence import EvidenceBook
from trusted_cloud_chat.writing.prompt import build_prompt, notice, texts
from trusted_cloud_chat.writing.verification import verify

Unsupported = Literal["strike", "drop"]

_MOST_CHARACTERS = 4000
_MOST_SENTENCES = 12
"""Those that cite: a model that thinks aloud does not."""


@dataclass(eq=False)
class Writer:
    """Writes answers with `chat_model`; when it cannot, the extractive answer is given and said to be.

    Nothing that was not verified is ever yielded. Safe to use from several threads.
    """

    chat_model: BaseChatModel
    name: str
    _: KW_ONLY
    embedder: Embedder
    entities: EntityBook
    timeout_s: float = 60.0
    unsupported: Unsupported = "strike"

    def stream(self, question: str, query: Query, passages: Sequence[Passage], extractive: Answer) -> Iterator[Answer]:
        """The answer after each sentence that stands; the last one is whole.

        While no sentence ends, the same one comes again at short intervals, its text empty before the first. Closing the
        iterator stops the model. `extractive` is the answer without a model: what comes back, with a notice, when the
        model fails, stays silent, says that the passages do not answer, or writes nothing that stands.
        """
        answering = _Answering(self.name, query, extractive, self.unsupported == "strike")
        book = EvidenceBook(passages, self.embedder, self.entities, query.today)
        prompt = build_prompt(query.text or question, passages, query.language, query.today)
        listening = listen(self.chat_model, prompt, self.timeout_s)
        reader = DraftReader(len(passages))
        try:
            for draft in _drafts(listening, reader):
                answering.withdraw(reader.withdrawn)
                if draft is None or answering.take(draft, book):
                    yield answering.shown
                if answering.not_found:
                    break
        except CutShortError:
            answering.cut = True
        except ModelFailedError as failure:
            yield answering.instead(failure.reason)
            return
        finally:
            listening.close()
        answering.withdraw(reader.withdrawn)
        yield answering.whole()


class _Answering:
    """One answer while it is written."""

    def __init__(self, name: str, query: Query, extractive: Answer, strike: bool) -> None:
        self._name, self._query, self._extractive, self._strike = name, query, extractive, strike
        self._withdrawn = -1
        self.cut = self.not_found = False
        self.withdraw(0)

    def withdraw(self, times: int) -> None:
        """All that was written so far was a thought, where the reader has withdrawn it since it was last asked."""
        if times > self._withdrawn:
            self._withdrawn, self._cited = times, 0
            self._written = Composition(self._query.language, self._strike)
            self.shown = self._written.answer(self._extractive, self._name, whole=False)

    def take(self, draft: Draft, book: EvidenceBook) -> bool:
        """Judge a sentence; whether there is something new to show. Raises CutShortError after enough of them."""
        if self._cited >= _MOST_SENTENCES:
            raise CutShortError
        if self._gives_up(draft, book):
            self.not_found = not self._written.supported  # a model may answer, and then say that it cannot
            return False
        if self._written.repeats(draft.text):
            return False
        cited = [n - 1 for n in draft.citations]
        self._written.add(draft.text, verify(draft.text, self._query.language, cited, book))
        self._cited += bool(cited)
        if self._written.supported:
            self.shown = self._written.answer(self._extractive, self._name, whole=False)
        return self._written.supported

    def whole(self) -> Answer:
        """The last answer: what stands, or the quotes where nothing does."""
        if not self._written.supported:
            tried = "nothing_stands" if self._written.sentences else "cut" if self.cut else "silent"
            return self.instead("not_found" if self.not_found else tried)
        answer = self._written.answer(self._extractive, self._name, whole=True)
        notices = (notice("incomplete", self._query.language, name=self._name),) if self.cut else ()
        return replace(answer, notices=(*answer.notices, *notices))

    def instead(self, reason: str) -> Answer:
        language = self._query.language
        told = notice("quotes_instead", language, name=self._name, reason=texts("reasons")[language][reason])
        return replace(self._extractive, notices=(*self._extractive.notices, told))

    def _gives_up(self, draft: Draft, book: EvidenceBook) -> bool:
        """« INTROUVABLE », or that the passages do not say, in other words."""
        if fold(draft.text).strip(" .!") in map(fold, texts("not_found").values()):
            return True
        facts = book.facts(draft.text, self._query.language)
        return bool(not draft.citations and facts.denied and "passages" in facts.noted)


def _drafts(pieces: Iterator[str], reader: DraftReader) -> Iterator[Draft | None]:
    """Sentences as they are finished, None every `BEAT_S`.

    Raises CutShortError, after the last whole sentence, where a model does not end or was stopped before its end.
    """
    beaten = time.monotonic()
    try:
        for piece in pieces:
            if piece:
                yield from reader.feed(piece)
            if reader.length > _MOST_CHARACTERS:
                raise CutShortError
            if time.monotonic() - beaten >= BEAT_S:
                yield None
                beaten = time.monotonic()
    except CutShortError:
        yield from reader.finish(cut=True)
        raise
    yield from reader.finish()
