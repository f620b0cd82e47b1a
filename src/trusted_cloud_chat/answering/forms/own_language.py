"""Prefers a sentence in the question's language to a quote in another language that says the same."""

from dataclasses import replace

from trusted_cloud_chat.answering.forms.form import Form, Maker
from trusted_cloud_chat.evidence.ranking import Selected, place_of
from trusted_cloud_chat.evidence.repeats import translates
from trusted_cloud_chat.language import patterns
from trusted_cloud_chat.language.senses import says
from trusted_cloud_chat.language.stems import content_words
from trusted_cloud_chat.schema import Language

_SAME, _LEAST = 0.7, 4
"""Minimum share and minimum number of content words that our translation and a sentence have in common."""
_MOODS = ("negation", "plan")


def in_own_language(form: Form, maker: Maker) -> Form:
    """`form` with each quote in another language replaced by a sentence in the question's language that says the same; each once.

    Open quotes are compared with all ranked sentences, the others with the preceding quotes in the question's language.
    """
    language, ranked = maker.evidence.question.query.language, maker.evidence.ranked
    read = [one for one in ranked if one.passage.article.language == language]
    kept: dict[tuple[str, int], Selected] = {}
    opened = 0
    for n, quote in enumerate(form.quotes):
        own = read if n < form.opened else [one for one in kept.values() if one.passage.article.language == language]
        if quote.passage.article.language != language:
            ours = _ours(quote, maker)
            quote = next(
                (one for one in own if (n == 0 and translates(quote, one)) or _says(ours, one, language)), quote
            )
        kept.setdefault(place_of(quote), quote)
        opened = len(kept) if n < form.opened else opened
    quotes = tuple(kept.values())
    same = quotes == form.quotes or not maker.trace.fires("own_language", f"{len(quotes)} / {len(form.quotes)}")
    return form if same else replace(form, quotes=quotes, opened=opened)


def _ours(one: Selected, maker: Maker) -> str:
    """Our translation of the sentence; empty without one."""
    statement = maker.known.statement(one.passage.article, one.span) if maker.known else None
    return statement.translation or "" if statement else ""


def _says(ours: str, one: Selected, language: Language) -> bool:
    """Whether a sentence matches our translation in content words, figures, negation and plan."""
    a, b = content_words(ours, language), content_words(one.text, language)
    alike = all(says(mood, ours, language) == says(mood, one.text, language) for mood in _MOODS)
    share = len(a & b) / max(1, min(len(a), len(b)))
    numbers = [sorted(set(patterns.FIGURE.findall(text))) for text in (ours, one.text)]  # including years
    return alike and numbers[0] == numbers[1] and share >= _SAME and len(a & b) >= _LEAST
