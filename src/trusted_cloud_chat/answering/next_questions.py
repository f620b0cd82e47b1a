"""Suggests next questions: stored questions that unquoted sentences near the quotes answer."""

from collections.abc import Iterator

from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.index import Snapshot, StoredQuestion
from trusted_cloud_chat.language.detection import detect_language
from trusted_cloud_chat.language.senses import spans_of
from trusted_cloud_chat.language.stems import content_words
from trusted_cloud_chat.schema import Answer, Citation, Language

_MOST = 3
_ARTICLES = 2
"""Number of quoted articles, from the first, whose stored questions are suggested."""
_ALIKE = 0.5
"""Minimum share of common content words, of the shorter question, at which two questions are alike."""
_LONGEST = 100
"""Maximum characters of a question on a button."""


def next_questions(snapshot: Snapshot, answer: Answer, entities: EntityBook) -> tuple[str, ...]:
    """At most three self-contained questions, each answered by different unquoted sentences; about an actor of the question, if it names any."""
    asked, language = answer.query.text, answer.language
    first = {citation.article.article_id: citation for citation in reversed(answer.citations)}
    leads = sorted(first.values(), key=lambda citation: citation.n)
    about = {mention.entity.name for mention in entities.actors(", ".join(answer.query.entities))}
    found: list[tuple[int, int, int, StoredQuestion]] = []
    for place, lead in enumerate(leads[: _ARTICLES if about else 1]):
        for stored in _others(snapshot, lead, answer):
            mentions = entities.find(stored.text)
            mentioned = {mention.entity.name for mention in mentions}
            if mentions and (mentioned & about or not about) and _is_whole(stored.text, mentions[0].start, language):
                far = min(abs(span.start - lead.start) for span in stored.spans)
                found.append((len(mentioned - about), place, far, stored))
    chosen: list[StoredQuestion] = []
    for *_, stored in sorted(found, key=lambda one: one[:3]):
        if len(chosen) < _MOST and not any(
            _alike(stored.text, text, answer) for text in (asked, *(one.text for one in chosen))
        ):
            apart = all(stored.article_id != one.article_id or stored.spans != one.spans for one in chosen)
            chosen += [stored] if apart else []
    return tuple(one.text for one in chosen)


def _is_whole(text: str, named: int, language: Language) -> bool:
    """Whether it is a short, self-contained question in `language`; `named`: the offset of its first name."""
    leans = any(start < named for start, _ in spans_of("anaphor", text, language))
    spelt = text.endswith("?") and text[0].isupper() and len(text) <= _LONGEST
    return spelt and not leans and detect_language(text, language) == language


def _others(snapshot: Snapshot, lead: Citation, answer: Answer) -> Iterator[StoredQuestion]:
    """Yields the stored questions of a quoted article that no quote answers."""
    article = lead.article
    quoted = [(one.start, one.end) for one in answer.citations if one.article.article_id == article.article_id]
    for stored in snapshot.catalog.questions_of(article.article_id, article.version):
        shown = any(start < span.end and span.start < end for span in stored.spans for start, end in quoted)
        if stored.kind == "answered" and not shown:
            yield stored


def _alike(one: str, other: str, answer: Answer) -> bool:
    mine, theirs = (content_words(text, answer.language) for text in (one, other))
    return len(mine & theirs) >= _ALIKE * min(len(mine), len(theirs))
