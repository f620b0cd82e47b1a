"""« Oui » or « Non », only where a quote proves it."""

from __future__ import annotations

from dataclasses import replace

from trusted_cloud_chat.answering.forms.form import Form, Maker
from trusted_cloud_chat.answering.timeline.agreement import figures
from trusted_cloud_chat.answering.timeline.stages import PENDING
from trusted_cloud_chat.answering.wording import NBSP
from trusted_cloud_chat.evidence.ranking import Selected
from trusted_cloud_chat.language.senses import says
from trusted_cloud_chat.language.stems import content_words
from trusted_cloud_chat.question.question import Question

_SAID = 0.99
"""Share of the question's content words that the quote must have."""
_LEAST_WORDS = 3
_SURE = 2.0
"""The reader's logit that the sentence answers."""
_WORDS = {
    "yes": {"fr": f"Oui, d’après la citation{NBSP}:", "en": "Yes, according to the quote:"},
    "no": {"fr": f"Non, d’après la citation{NBSP}:", "en": "No, according to the quote:"},
    "pending": {"fr": f"Pas encore, d’après la citation{NBSP}:", "en": "Not yet, according to the quote:"},
}


def with_verdict(form: Form, maker: Maker) -> Form:
    """`form` under a verdict where its first quote proves one."""
    question = maker.evidence.question
    if question.query.kind != "yes_no" or not form.quotes or form.lead:
        return form
    decided = _decided(question, form.quotes[0])
    if decided is None or not maker.trace.fires("form.verdict", decided):
        return form
    return replace(form, lead=verdict_words(decided, question))


def with_stage(form: Form, stage: str, maker: Maker) -> Form:
    """`form`, whose first quote tells the newest `stage`, under what that says to a yes-or-no question; a denied question is left
    open.
    """
    question = maker.evidence.question
    decided = "yes" if stage == "qualified" else "pending" if stage in PENDING else None
    denied = says("negation", question.searched, question.query.language)
    if question.query.kind != "yes_no" or decided is None or denied or not maker.trace.fires("form.verdict", decided):
        return form
    return replace(form, lead=verdict_words(decided, question))


def verdict_words(decided: str, question: Question) -> str:
    """The words of `yes`, `no` or `pending`."""
    return _WORDS[decided][question.query.language]


def _decided(question: Question, quote: Selected) -> str | None:
    """The quote says all that the question says, in the same mood, and denies it or not; a denied question is left open."""
    language, text = quote.passage.article.language, quote.text
    asked = content_words(question.searched, question.query.language)
    said = content_words(text, language)
    complete = len(asked) >= _LEAST_WORDS and len(asked & said) >= _SAID * len(asked)
    same_mood = says("plan", question.searched, question.query.language) == says("plan", text, language)
    if language != question.query.language or not complete or not same_mood or (quote.read or 0.0) < _SURE:
        return None
    if says("negation", question.searched, language) or not figures(question.searched) <= figures(text):
        return None
    return "no" if says("negation", text, language) else "yes"
