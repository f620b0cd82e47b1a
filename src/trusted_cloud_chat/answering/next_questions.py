"""Suggests next questions: stored questions that unquoted sentences near the quotes answer."""

from collections.abc import Iterator

from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.index.records import StoredQuestion
from trusted_cloud_chat.index.snapshots import Snapshot
from trusted_cloud_chat.language.detection import detect_language
from trusted_cloud_chat.language.senses import spans_of
from trusted_cloud_chat.language.stems import content_words
from trusted_cloud_chat.schema import Answer, Article, Language

_MOST = 3
_ARTICLES = 5
"""Number of articles, quoted ones first, whose stored questions are suggested if the question has a name."""
_ALIKE = 0.5
"""Minimum share of common content words, of the shorter question, at which two questions are alike."""
_LONGEST = 100
"""Maximum characters of a question on a button."""


def next_questions(snapshot: Snapshot, answer: Answer, entities: EntityBook) -> tuple[str, ...]:
    """At most three self-contained questions, each answered by different unquoted sentences; about an actor in the question, else another name in it, if any."""
    asked, language = answer.query.text, answer.language
    first: dict[str, tuple[Article, int]] = {}
    quoted = sorted(answer.citations, key=lambda one: one.n)
    for article, start in [*((one.article, one.start) for one in quoted), *((p.article, 0) for p in answer.passages)]:
        first.setdefault(article.article_id, (article, start))
    names = ", ".join(answer.query.entities)
    about = {mention.entity.name for mention in entities.actors(names) or entities.find(names)}
    named = content_words(names, language)
    found: list[tuple[int, int, int, StoredQuestion]] = []
    for place, (article, start) in enumerate([*first.values()][: _ARTICLES if about else 1]):
        for stored in _others(snapshot, article, answer):
            mentions = entities.find(stored.text)
            mentioned = {mention.entity.name for mention in mentions}
            if mentions and (mentioned & about or not about) and _is_whole(stored.text, mentions[0].start, language):
                far = min(abs(span.start - start) for span in stored.spans)
                found.append((len(mentioned - about), place, far, stored))
    chosen: list[StoredQuestion] = []
    for *_, stored in sorted(found, key=lambda one: one[:3]):
        if len(chosen) < _MOST and not any(
            _alike(stored.text, text, named, language) for text in (asked, *(one.text for one in chosen))
        ):
            apart = all(stored.article_id != one.article_id or stored.spans != one.spans for one in chosen)
            chosen += [stored] if apart else []
    return tuple(one.text for one in chosen)


def _is_whole(text: str, named: int, language: Language) -> bool:
    """Whether it is a short, self-contained question in `language`; `named`: the offset of its first name."""
    leans = any(start < named for start, _ in spans_of("anaphor", text, language))
    spelt = text.endswith("?") and text[0].isupper() and len(text) <= _LONGEST
    return spelt and not leans and detect_language(text, language) == language


def _others(snapshot: Snapshot, article: Article, answer: Answer) -> Iterator[StoredQuestion]:
    """Yields the stored questions of an article that no quote answers."""
    quoted = [(one.start, one.end) for one in answer.citations if one.article.article_id == article.article_id]
    for stored in snapshot.catalog.questions_of(article.article_id, article.version):
        shown = any(start < span.end and span.start < end for span in stored.spans for start, end in quoted)
        if stored.kind == "answered" and not shown:
            yield stored


def _alike(one: str, other: str, named: frozenset[str], language: Language) -> bool:
    """Whether two questions share most content words, not counting those in `named`."""
    mine, theirs = (content_words(text, language) - named for text in (one, other))
    return mine == theirs or len(mine & theirs) >= max(1.0, _ALIKE * min(len(mine), len(theirs)))
