"""Writes answers with a chat model from the passages' numbered sentences; each of its sentences is shown with those that it cites."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage

from trusted_cloud_chat.answering.templates import worded
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.language.detection import detect_language
from trusted_cloud_chat.language.normalise import fold
from trusted_cloud_chat.language.senses import says
from trusted_cloud_chat.language.words import words as words_in
from trusted_cloud_chat.models.chat import shown_name
from trusted_cloud_chat.models.embedder import Embedder
from trusted_cloud_chat.models.listening import BEAT_S, CutShortError, ModelFailedError, heard, listen
from trusted_cloud_chat.particulars.lists import words_for
from trusted_cloud_chat.schema import Answer, Language, Passage, Query, Turn
from trusted_cloud_chat.writing import prompt as prompts
from trusted_cloud_chat.writing import texts
from trusted_cloud_chat.writing.composition import Composition
from trusted_cloud_chat.writing.drafts import Draft, DraftReader, pointers
from trusted_cloud_chat.writing.evidence import EvidenceBook, mark
from trusted_cloud_chat.writing.second_opinion import SecondOpinion

_MOST_CHARACTERS = 8000
_MOST_SENTENCES = 40
"""Maximum sentences with citations; a model that thinks aloud writes others."""
_MOST_IN_A_QUESTION = 300
"""Characters of a self-contained question."""
_WHOLE_WITHIN_S = 8.0
"""Maximum wait for the self-contained form of a follow-up."""
_TO_TRY = ("uncertain", "not_in_corpus", "false_premise")
"""Refusals that a model may overturn."""
_SHAKY = 0.5
"""Confidence below which the quotes become « nearest » if the model finds no answer."""
_MOST_QUOTES = 6
"""Maximum quotes of an answer whose quotes a model chose."""
_SEARCHES = 3
"""Maximum searches that a model may request."""
Search = Callable[[str], Sequence[Passage]]


@dataclass(eq=False)
class Writer:
    """Writes answers with `chat_model`; if that fails, returns the extractive answer with a notice. Safe to use from several threads."""

    chat_model: BaseChatModel
    name: str
    embedder: Embedder
    entities: EntityBook
    timeout_s: float = 60.0
    second_opinion: SecondOpinion | None = None
    prose: bool = True
    """False: the model only chooses quotes; its text is not shown."""

    def choosing(self) -> "Writer":
        """The same model, which only chooses quotes."""
        return replace(self, prose=False)

    def may_try(self, extractive: Answer) -> bool:
        return bool(extractive.passages) and (not extractive.refused or extractive.refusal_reason in _TO_TRY)

    def stream(
        self, question: str, query: Query, extractive: Answer, turns: Sequence[Turn] = (), search: Search | None = None
    ) -> Iterator[Answer]:
        """`extractive` at once, then the written answer after each sentence, repeated at short intervals; the last one is complete.

        `extractive` is also the last, with a notice, if the model fails before its first sentence, finds no answer in the passages, or
        cites none after a refusal. After a refusal it may first request other passages, once. Closing the iterator stops the model.
        """
        if not self.prose:
            yield from self._chosen(question, query, extractive, turns)
            return
        passages = prompts.sent(extractive.passages, extractive)
        may_search = search is not None and extractive.refused
        prompt = prompts.build_prompt(question, query, passages, extractive, turns, may_search=may_search)
        wanted: list[str] = []
        yield from self._written(prompt, query, passages, extractive, wanted if may_search else None)
        if not wanted or search is None:
            return
        found = [passage for words in wanted[:_SEARCHES] for passage in search(words)]
        known = {passage.chunk.chunk_id: passage for passage in [*found, *extractive.passages]}
        over = replace(extractive, passages=tuple(known.values()))
        passages = prompts.sent(over.passages, over)
        prompt = prompts.build_prompt(question, query, passages, over, turns)
        yield from self._written(prompt, query, passages, over)

    def rework(
        self, question: str, query: Query, before: Answer, plain: Answer, turns: Sequence[Turn] = ()
    ) -> Iterator[Answer]:
        """The answer `before` reworded as `question` asks, from its own quotes; `plain` if that fails or the model only chooses quotes."""
        if not self.prose:
            yield plain
            return
        passages = prompts.sent(before.passages, before)
        prompt = prompts.rework_prompt(question, query, passages, before, turns)
        quotes = replace(before, query=replace(query, intent=plain.query.intent), question=question, notices=())
        last = plain
        for answer in self._written(prompt, query, passages, replace(quotes, answer=before.evidence or before.answer)):
            last = answer
            if answer.sentences and answer.evidence:
                yield answer
        if not last.evidence:
            yield replace(plain, notices=last.notices)

    def make_whole(self, question: str, language: Language, turns: Sequence[Turn]) -> str | None:
        """A follow-up as a self-contained question; None if the model fails or adds names, figures or dates."""
        deadline, prompt = time.monotonic() + _WHOLE_WITHIN_S, prompts.follow_up_prompt(question, language, turns)
        with closing(heard(self.chat_model, prompt, self.timeout_s, _MOST_IN_A_QUESTION)) as listening:
            for text in listening:
                if text.failed or time.monotonic() > deadline:
                    return None
        return prompts.made_whole(text.said, question, turns, _MOST_IN_A_QUESTION)

    def _chosen(self, question: str, query: Query, extractive: Answer, turns: Sequence[Turn]) -> Iterator[Answer]:
        """`extractive`, then the answer from the quotes that the model chooses by number, or `extractive` with a notice if it chooses none."""
        yield extractive
        if extractive.table is not None or extractive.refusal_reason == "false_premise":
            return
        passages = prompts.sent(extractive.passages, extractive)
        book = EvidenceBook(passages, self.embedder, self.entities, query.today)
        prompt = prompts.build_prompt(question, query, passages, extractive, turns, rules="choose")
        with closing(heard(self.chat_model, prompt, self.timeout_s, _MOST_CHARACTERS)) as listening:
            for text in listening:  # noqa: B007  (the last one counts)
                yield extractive
        named = pointers(text.said, book.counts)[:_MOST_QUOTES]
        if named and not text.failed:
            quotes = book.pointed(query.text, named)
            yield Composition(query.language, extractive).chosen(quotes, self.name)
        else:
            gave_up = any(fold(phrase) in fold(text.said) for phrase in texts("not_found").values())
            reason = text.failed or ("not_found" if gave_up else "chose_none")
            yield _Answering(self.name, query, extractive).instead(reason, told="plain_quotes")

    def _written(
        self,
        prompt: list[BaseMessage],
        query: Query,
        passages: Sequence[Passage],
        extractive: Answer,
        wanted: list[str] | None = None,
    ) -> Iterator[Answer]:
        """`wanted` receives the searches that the model requests, None if it may not. After a search its other text is ignored."""
        answering = _Answering(self.name, query, extractive)
        book = EvidenceBook(passages, self.embedder, self.entities, query.today)
        yield answering.shown
        listening = listen(self.chat_model, prompt, self.timeout_s)
        reader = DraftReader(book.counts)
        try:
            for draft in _drafts(listening, reader):
                answering.withdraw(reader.withdrawn)
                if draft is not None and wanted is not None and (words := _searched(draft)):
                    wanted.append(words)
                elif wanted and draft is not None:
                    break
                elif draft is None or answering.take(draft, book):
                    yield answering.shown
                if answering.not_found:
                    break
        except CutShortError:
            answering.cut = True
        except ModelFailedError as failure:
            answering.failed = failure.reason
        finally:
            listening.close()
        if wanted:
            return
        answering.withdraw(reader.withdrawn)
        if self.second_opinion is not None:
            yield answering.shown
            answering.written.have_read(self.second_opinion)
        yield answering.whole()


class _Answering:
    """An answer during the stream."""

    def __init__(self, name: str, query: Query, extractive: Answer) -> None:
        self._name, self._query, self._extractive = name, query, extractive
        self._withdrawn = -1
        self.cut = self.not_found = False
        self.failed = ""
        """Why the model failed; a key of `reasons` in `data/writing.toml`."""
        self.withdraw(0)

    def withdraw(self, times: int) -> None:
        """Restart if all sentences so far were thoughts, which the reader has withdrawn `times` times."""
        if times > self._withdrawn:
            self._withdrawn, self._cited = times, 0
            self.written = Composition(self._query.language, self._extractive)
            # A refusal that the model may overturn is not shown; nearest quotes are.
            shown = "" if self._extractive.refusal_reason == "not_in_corpus" else self._extractive.answer
            self.shown = replace(self._extractive, chat_model=self._name, answer=shown)

    def take(self, draft: Draft, book: EvidenceBook) -> bool:
        """Take a sentence and return whether there is something new to show. Raises CutShortError beyond the limit."""
        if self._cited >= _MOST_SENTENCES:
            raise CutShortError
        if self.written.repeats(draft.text):
            self.written.skip(draft)
            return False
        if self._gives_up(draft):
            self.not_found = not self.written.answers  # some models answer and then deny it
            self.written.skip(draft)
            return False
        self.written.add(draft, mark(draft, self._query.language, book))
        self._cited += bool(draft.citations)
        if self.written.answers:
            self.shown = self.written.answer(self._name, whole=False)
        return self.written.answers

    def whole(self) -> Answer:
        """The final answer: the model's text, even if incomplete, or the quotes if there is none."""
        if not self.written.answers:
            tried = "points_nowhere" if self.written.sentences else "cut" if self.cut else "silent"
            return self.instead("not_found" if self.not_found else self.failed or tried)
        answer = self.written.answer(self._name, whole=True)
        if not self.cut and not self.failed:
            return answer
        return self._noted(answer, "broke_off" if self.failed else "incomplete", self.failed)

    def instead(self, reason: str, told: str = "quotes_instead") -> Answer:
        """The extractive answer with the notice `told`."""
        language, quotes = self._query.language, self._extractive
        if reason == "not_found" and quotes.outcome == "answered" and (quotes.confidence or 0.0) < _SHAKY:
            # The quotes are doubtful too: they are only the nearest ones.
            hedged = f"{worded('no_certain_answer', language)}\n\n{quotes.answer}"
            quotes = replace(quotes, outcome="nearest", refusal_reason="uncertain", answer=hedged)
        return self._noted(quotes, told, reason)

    def _noted(self, answer: Answer, told: str, reason: str) -> Answer:
        language = self._query.language
        why = texts("reasons")[language].get(reason, "")
        line = texts("notices")[language][told].format(name=shown_name(self._name), reason=why)
        return replace(answer, notices=(*answer.notices, line))

    def _gives_up(self, draft: Draft) -> bool:
        """Whether the draft says « INTROUVABLE », or that the passages do not answer."""
        if fold(draft.text).strip(" .!*") in map(fold, texts("not_found").values()):
            return True
        if draft.citations:
            return False
        language = detect_language(fold(draft.claim), self._query.language)
        about_them = words_for("passages", language).found_in(words_in(draft.claim))
        return about_them and says("negation", draft.claim, language)


def _searched(draft: Draft) -> str:
    """« RECHERCHE : prix de PREMI3NS » → the search terms; empty for other sentences."""
    head, colon, words = draft.text.replace("**", "").partition(":")
    asked = fold(head).strip() in (fold(word) for word in texts("search").values())
    return " ".join(words.split())[:_MOST_IN_A_QUESTION] if colon and asked else ""


def _drafts(pieces: Iterator[str], reader: DraftReader) -> Iterator[Draft | None]:
    """Complete sentences, and None every `BEAT_S`. Raises CutShortError or ModelFailedError after the last one."""
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
    except (CutShortError, ModelFailedError):
        yield from reader.finish(cut=True)
        raise
    yield from reader.finish()
