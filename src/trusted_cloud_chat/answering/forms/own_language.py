"""Prefers a sentence in the reader's language to a quote in another language that says the same."""

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
    """`form`, led by a sentence in the reader's language that means the same as its first quote, and without quotes that only translate another."""
    language, ranked = maker.evidence.question.query.language, maker.evidence.ranked
    if form.quotes and form.quotes[0].passage.article.language != language:
        lead = form.quotes[0]
        own = [one for one in ranked if one.passage.article.language == language]
        same = next((one for one in own if translates(lead, one) or _says(_ours(lead, maker), one, language)), None)
        if same is not None and maker.trace.fires("own_language", same.text[:40]):
            form = replace(form, quotes=(same, *(one for one in form.quotes[1:] if place_of(one) != place_of(same))))
    own = [one for one in form.quotes if one.passage.article.language == language]
    kept = [one for one in form.quotes if one in own or not any(_says(_ours(one, maker), o, language) for o in own)]
    fewer = len(kept) < len(form.quotes) and maker.trace.fires("own_language", f"{len(kept)} / {len(form.quotes)}")
    return replace(form, quotes=tuple(kept)) if fewer else form


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
