"""The sentences that answer, best first."""

from __future__ import annotations

from collections.abc import Sequence

from trusted_cloud_chat.answering.forms.form import Form, Maker
from trusted_cloud_chat.evidence.ranking import Selected
from trusted_cloud_chat.evidence.repeats import without_repeats
from trusted_cloud_chat.language.lexical import content_words
from trusted_cloud_chat.question.question import Question

_MARGIN = 2.2
"""A further sentence is shown when its score is at most so far below the best one's,"""
_LEAST_READ = -1.0
"""and when the reader's logit that it answers is no lower than this."""
_MOST = {"list": 6, "how_changed": 5}
_MOST_DEFAULT = 4
_CLOSE = 1.0
"""Difference of scores below which the newer of two quotes leads."""


def quotes_form(maker: Maker) -> Form:
    question, ranked = maker.evidence.question, list(maker.evidence.ranked)
    kept = _distinct(question, _near_best(ranked, maker), maker)
    kept = kept[: _MOST.get(question.query.kind, _MOST_DEFAULT)]
    return Form(tuple(_newest_first(question, kept, maker)), listed=question.query.kind == "list" and len(kept) > 1)


def _near_best(ranked: Sequence[Selected], maker: Maker) -> list[Selected]:
    """Those good enough to be shown; the best one is."""
    near = [one for one in ranked if one.score >= ranked[0].score - _MARGIN]
    near = [*near[:1], *(one for one in near[1:] if one.read is None or one.read >= _LEAST_READ)]
    return (
        near
        if len(near) == len(ranked) or maker.trace.fires("margin", f"{len(near)} / {len(ranked)}")
        else list(ranked)
    )


def _distinct(question: Question, near: Sequence[Selected], maker: Maker) -> list[Selected]:
    asked = content_words(question.searched, question.query.language)
    kept = without_repeats(near, question.query.language, asked)
    return kept if len(kept) == len(near) or maker.trace.fires("repeats", str(len(near) - len(kept))) else list(near)


def _newest_first(question: Question, quotes: list[Selected], maker: Maker) -> list[Selected]:
    """For the present the newest of the quotes that answer about as well as the best leads."""
    if not question.wants_now or len(quotes) < 2:
        return quotes
    close = [one for one in quotes if one.score >= quotes[0].score - _CLOSE]
    newest = max(close, key=lambda one: one.published)
    if newest is quotes[0] or not maker.trace.fires("newest_leads", str(newest.passage.article.date)):
        return quotes
    return [newest, *(one for one in quotes if one is not newest)]
