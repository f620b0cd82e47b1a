"""`evaluate reading`: does the product name the sentence that holds the gold answer, over a set of SQuAD questions?

The ranking of sentences is measured, whether or not the product would refuse the question.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from trusted_cloud_chat.answering.selection import Selected
from trusted_cloud_chat.evaluation.aggregate import Outcome, Share, summarise
from trusted_cloud_chat.evaluation.matching import LONGEST_QUOTE, count_words, exact_match, token_f1
from trusted_cloud_chat.evaluation.measurement import (
    Measurement,
    Tell,
    indexing_figures,
    query_latency,
    some,
    tracked,
)
from trusted_cloud_chat.evaluation.ranking import distinct, hit
from trusted_cloud_chat.evaluation.splitter import same_sentence, sentences_of
from trusted_cloud_chat.evaluation.squad import Question, SquadSet
from trusted_cloud_chat.evaluation.workbench import Workbench, make_article, set_bench
from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.schema import Span
from trusted_cloud_chat.settings import Settings


def measure_reading(
    settings: Settings, embedder: Embedder, squad: SquadSet, tell: Tell, limit: int | None = None
) -> Measurement:
    """Over all contexts, and within the right one alone."""
    articles = [make_article(c.id, c.title, c.text) for c in squad.contexts]
    asked = some(squad.questions, limit)
    with set_bench(settings, embedder, articles, tell) as bench:
        outcomes = [_outcome(bench, question) for question in tracked(asked, "read", tell)]
        latency = query_latency(bench, [question.text for question in asked])
        indexing = indexing_figures(bench)
    words = [outcome.detail["words"] for outcome in outcomes if outcome.detail["words"]]
    figures = {
        "set": squad.name,
        "questions": len(outcomes),
        "misplaced_answers": squad.misplaced,
        **summarise(outcomes),
        **_lengths(words),
        **indexing,
        **latency,
    }
    return Measurement(figures, outcomes, "first_sentence", {q.id: q.text for q in asked})


def named_sentences(bench: Workbench, question: str, among: str | None = None) -> tuple[list[Selected], list[str]]:
    """The product's ranking of sentences and of articles, over everything or within one article."""
    if among is None:
        found = bench.search(question, bench.settings.passages)
    else:
        with bench.index.limited_to([among]):
            found = bench.search(question, bench.settings.candidates)
    if found is None:
        return [], []
    ranked = bench.rank_sentences(question, found.passages)
    return ranked, distinct(passage.article.article_id for passage in found.passages)


def _outcome(bench: Workbench, question: Question) -> Outcome:
    ranked, articles = named_sentences(bench, question.text)
    within, _ = named_sentences(bench, question.text, question.context.id)
    shown = ranked[0].text if ranked else ""
    shares: dict[str, Share] = {
        "first_sentence": (names_gold(ranked[:1], question), 1.0),
        "first_two_sentences": (names_gold(ranked[:2], question), 1.0),
        "within_passage": (names_gold(within[:1], question), 1.0),
        "within_passage_first_two": (names_gold(within[:2], question), 1.0),
        "f1": (max(token_f1(shown, answer) for answer in question.answers), 1.0),
        "exact_match": (max(exact_match(shown, answer) for answer in question.answers), 1.0),
        "passage_hit@1": (hit(articles, {question.context.id}, 1), 1.0),
        "passage_hit@5": (hit(articles, {question.context.id}, 5), 1.0),
    }
    return Outcome(question.id, shares, detail={"words": count_words(shown)})


def names_gold(named: Sequence[Selected], question: Question) -> float:
    """1 when one of `named` is, in the right passage, a sentence that holds a gold answer."""
    inside = [s for s in named if s.passage.article.article_id == question.context.id]
    gold = gold_sentences(question)
    return float(any(is_gold(s.span, g, question.context.text) for s in inside for g in gold))


def gold_sentences(question: Question) -> list[Span]:
    """By the evaluation's own splitter: those that hold a part of one of the answers."""
    return [s for span in question.spans for s in sentences_of(question.context.text, span)]


def is_gold(shown: Span, gold: Span, text: str) -> bool:
    """The same sentence; a quote of more than 60 words is none, unless the gold sentence is as long."""
    words = count_words(text[shown.start : shown.end])
    if words > max(LONGEST_QUOTE, count_words(text[gold.start : gold.end])):
        return False
    return same_sentence(shown, gold)


def _lengths(words: Sequence[int]) -> dict[str, float]:
    if not words:
        return {}
    return {"quote_words_median": float(np.median(words)), "quote_words_p95": float(np.percentile(words, 95))}
