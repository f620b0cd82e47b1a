"""What one answer gives each metric, beside the ranking."""

from __future__ import annotations

from collections.abc import Sequence

from trusted_cloud_chat.answering.assistant import Assistant
from trusted_cloud_chat.evaluation.aggregate import Share
from trusted_cloud_chat.evaluation.cases import Case
from trusted_cloud_chat.evaluation.matching import LONGEST_QUOTE, OVERLAP, count_words, holds, token_f1
from trusted_cloud_chat.evaluation.refusal_run import refusal_shares
from trusted_cloud_chat.evaluation.workbench import Workbench
from trusted_cloud_chat.schema import Answer, Citation


def answer_shares(case: Case, answer: Answer | None, assistant: Assistant) -> dict[str, Share]:
    """Metric → share; a metric that the case says nothing about is left out."""
    refused = answer is None or answer.refused
    citations = answer.citations if answer and not answer.refused else ()
    quotes = [c.quote for c in citations]
    shares = {
        **refusal_shares(case.answerable, refused),
        **confusion_shares(case.answerable, refused),
        **length_shares(quotes),
        **validity_shares(answer.citations if answer else (), assistant),
        **stale_shares(case, quotes),
    }
    if case.answerable:
        shares |= citation_shares(case, quotes)
        shares["right"] = shares["answer_correct"]
    elif refused and answer:
        shares["refusal_reason_correct"] = (float(answer.refusal_reason == case.refusal), 1.0)
    return shares


def confusion_shares(answerable: bool, refused: bool) -> dict[str, Share]:
    """Precision, recall and F1 of refusing, and F1 of answering, as counts to be summed."""
    hit, false, missed = (
        float(x) for x in (refused and not answerable, refused and answerable, not refused and not answerable)
    )
    kept = float(not refused and answerable)
    return {
        "refusal_precision": (hit, hit + false),
        "refusal_recall": (hit, hit + missed),
        "refusal_f1": (2 * hit, 2 * hit + false + missed),
        "answered_f1": (2 * kept, 2 * kept + false + missed),
    }


def citation_shares(case: Case, quotes: Sequence[str]) -> dict[str, Share]:
    """Of an answerable case; one that was refused cites nothing. A quote of more than 60 words matches nothing."""
    usable = [quote for quote in quotes if count_words(quote) <= LONGEST_QUOTE]
    gold = [quote.quote for quote in case.quotes]
    matching = [quote for quote in usable if any(token_f1(quote, g) >= OVERLAP for g in gold)]
    found = [g for g in gold if any(token_f1(quote, g) >= OVERLAP for quote in usable)]
    correct = any(holds(quote, answer) for quote in usable for answer in case.answers)
    shares: dict[str, Share] = {
        "answer_correct": (float(correct), 1.0),
        "citation_recall": (len(found) / len(gold) if gold else 0.0, float(bool(gold))),
    }
    if quotes:
        shares["citation_precision"] = (len(matching) / len(quotes), 1.0)
    return shares


def length_shares(quotes: Sequence[str]) -> dict[str, Share]:
    """`long_quotes`: share of the quotes shown that have more than 60 words."""
    return {"long_quotes": (float(sum(count_words(q) > LONGEST_QUOTE for q in quotes)), float(len(quotes)))}


def validity_shares(citations: Sequence[Citation], assistant: Assistant) -> dict[str, Share]:
    """`validity`: share of the quotes that stand, word for word, at their offsets in the stored version."""
    valid = 0
    for citation in citations:
        stored = assistant.article(citation.article.article_id, citation.article.version)
        valid += (
            bool(citation.quote)
            and stored is not None
            and (stored.text[citation.start : citation.end] == citation.quote)
        )
    return {"validity": (float(valid), float(len(citations)))}


def stale_shares(case: Case, quotes: Sequence[str]) -> dict[str, Share]:
    """`stale`: the first quote gives an outdated state and no accepted answer. Cases that name such states only."""
    if not case.stale:
        return {}
    first = quotes[0] if quotes else ""
    outdated = any(holds(first, state) for state in case.stale)
    return {"stale": (float(outdated and not any(holds(first, answer) for answer in case.answers)), 1.0)}


def located(case: Case, bench: Workbench) -> list[str]:
    """Ids of the chunks that hold at least half of a gold quote."""
    found = []
    for gold in case.quotes:
        article = bench.assistant.article(gold.article_id)
        start = article.text.find(gold.quote) if article else -1
        if article is None or start < 0:
            continue
        end = start + len(gold.quote)
        for chunk in bench.chunks_of(article):
            if 2 * (min(chunk.end, end) - max(chunk.start, start)) >= end - start:
                found.append(chunk.chunk_id)
    return list(dict.fromkeys(found))
