"""A synthesis steps behind what it was written from: where an original says the same fact, its words are quoted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from trusted_cloud_chat.answering.forms.form import Form, Maker
from trusted_cloud_chat.answering.sentences import figures, sentences_of
from trusted_cloud_chat.answering.wording import is_synthesis
from trusted_cloud_chat.evidence.ranking import Selected
from trusted_cloud_chat.evidence.repeats import translates
from trusted_cloud_chat.language import patterns
from trusted_cloud_chat.language.senses import says
from trusted_cloud_chat.language.stems import content_words
from trusted_cloud_chat.schema import Article, Language, Passage

_SHARED, _LEAST = 0.5, 4
"""Share of the shorter sentence's content words that the other has, and how many at least: a synthesis says it in words of its own."""
_SAME = 0.7
"""The same of our translation and a sentence in that language."""
_MOODS = ("negation", "plan")


def behind_originals(form: Form, maker: Maker) -> Form:
    """`form`, whose quotes of syntheses give way to the sentences of their sources that say the same."""
    found = {id(quote): original_of(quote, maker.evidence.wide) for quote in form.shown}
    leading = {key: original for key, original in found.items() if original is not None}
    if not leading or not maker.trace.fires("originals", str(len(leading))):
        return form
    table = form.table and replace(
        form.table,
        rows=tuple(
            replace(row, cells=tuple(leading.get(id(cell), cell) for cell in row.cells)) for row in form.table.rows
        ),
    )
    quotes = {_place(one): one for one in (leading.get(id(quote), quote) for quote in form.quotes)}
    states = tuple(replace(one, proof=leading.get(id(one.proof), one.proof)) for one in form.states)
    return replace(form, quotes=tuple(quotes.values()), table=table, states=states)


def in_own_language(form: Form, maker: Maker) -> Form:
    """`form` led by a sentence in the reader's language that says what its first quote says in another."""
    language, ranked = maker.evidence.question.query.language, maker.evidence.ranked
    lead = form.quotes[0] if form.quotes else None
    if lead is None or lead.passage.article.language == language:
        return form
    statement = maker.known.statement(lead.passage.article, lead.span) if maker.known else None
    ours = statement.translation if statement else ""
    own = (one for one in ranked if one.passage.article.language == language)
    same = next((one for one in own if translates(lead, one) or _says(ours, one, language)), None)
    if same is None or not maker.trace.fires("own_language", same.text[:40]):
        return form
    return replace(form, quotes=(same, *(one for one in form.quotes if _place(one) != _place(same))))


def _says(ours: str, one: Selected, language: Language) -> bool:
    """Whether a sentence says what our translation says: its words, its figures, in the same mood."""
    a, b = content_words(ours, language), content_words(one.text, language)
    alike = all(says(mood, ours, language) == says(mood, one.text, language) for mood in _MOODS)
    share = len(a & b) / max(1, min(len(a), len(b)))
    numbers = [sorted(set(patterns.FIGURE.findall(text))) for text in (ours, one.text)]  # years too
    return alike and numbers[0] == numbers[1] and share >= _SAME and len(a & b) >= _LEAST


def original_of(quote: Selected, passages: Sequence[Passage]) -> Selected | None:
    """Of the sentences of its sources the one that says most of what `quote` says, the same fact; None where none does."""
    known = [
        one
        for passage in passages
        if _is_source(passage.article, quote.passage.article)
        for one in sentences_of(passage)
    ]
    same = [(share, one) for one in known if (share := _same_fact(quote, one))]
    best = max(same, key=lambda pair: pair[0], default=None)
    return None if best is None else replace(best[1], score=quote.score)


def _is_source(article: Article, synthesis: Article) -> bool:
    """Whether `article` is one of the pages that a synthesis was written from."""
    if not is_synthesis(synthesis) or is_synthesis(article):
        return False
    return any(source.url and source.url in (article.path, article.url) for source in synthesis.sources)


def _same_fact(quote: Selected, other: Selected) -> float:
    """How much of it both say, 0 where it is not the same: all figures of the quote, in the same mood."""
    if not figures(quote.text) <= figures(other.text):
        return 0.0
    ours, theirs = quote.passage.article.language, other.passage.article.language
    if any(says(mood, quote.text, ours) != says(mood, other.text, theirs) for mood in _MOODS):
        return 0.0
    if ours != theirs:
        return 1.0 if translates(quote, other) else 0.0
    a, b = content_words(quote.text, ours), content_words(other.text, theirs)
    share = len(a & b) / max(1, min(len(a), len(b)))
    return share if share >= _SHARED and len(a & b) >= _LEAST else 0.0


def _place(one: Selected) -> tuple[str, int]:
    return one.passage.article.article_id, one.span.start
