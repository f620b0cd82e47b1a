"""Answers that say why there is none: what was searched, what comes nearest, what the articles say instead."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from trusted_cloud_chat.answering.extractive import Quotes
from trusted_cloud_chat.answering.finding import Findings
from trusted_cloud_chat.answering.premise import takes_for_granted
from trusted_cloud_chat.answering.selection import Selected, without_repeats
from trusted_cloud_chat.answering.wording import refusal
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.schema import Answer, Article, Coverage, RefusalReason
from trusted_cloud_chat.text import lexical_tokens

_OUT_OF_DOMAIN = 0.22
"""Best relevance below which a question without a known name is not about this market: so are 88 % of PIAF's, and 2 of the 91
nameless ones among 300 of the training questions that nothing answers."""
_SURE = 0.5
"""Confidence that answers such a question all the same."""
_NEAREST = 3
_CORRECTING = 2
"""Quotes that say what is so, where a question takes for granted what is not."""


def refusal_reason(found: Findings, threshold: float, answered_later: Callable[[], bool]) -> RefusalReason | None:
    """Why `found` is no answer; None where it is one."""
    query = found.understood.query
    relevance = max((passage.score for passage in found.passages), default=0.0)
    # Where the day asked of hides every article, nothing tells what the corpus is about.
    foreign = bool(found.passages) and relevance < _OUT_OF_DOMAIN and not query.entities
    if found.confidence >= (max(threshold, _SURE) if foreign else threshold):
        return None
    if foreign:
        return "out_of_domain"
    if query.as_of is not None and answered_later():
        return "after_as_of"
    return "false_premise" if takes_for_granted(query) and not _all_said(found) else "not_in_corpus"


def _all_said(found: Findings) -> bool:
    """Whether one passage has every word of the question: then what it takes for granted may well be so."""
    query = found.understood.query
    asked = set(lexical_tokens(query.text, query.language))
    return any(asked <= set(lexical_tokens(f"{p.article.title}\n{p.text}", p.article.language)) for p in found.passages)


def refuse(
    question: str,
    found: Findings,
    reason: RefusalReason,
    coverage: Coverage,
    entities: EntityBook,
    denying: Sequence[Selected] = (),
    begins: PartialDate | None = None,
) -> Answer:
    """A false premise is met by what the articles do say of the names asked about; by `denying` where that is known. `begins`:
    when the corpus does, where nothing was published by the day asked of.
    """
    query = found.understood.query
    chosen: list[Selected] = []
    if reason == "false_premise":
        chosen = without_repeats(denying, query.language)[:_CORRECTING] or _correcting(found, entities)
    quotes = Quotes(entities, query.language)
    for choice in chosen:
        quotes.add(choice)
    nearest = _nearest(found)
    around = "\n".join(f"{near.passage.article.title}\n{near.passage.text}" for near in nearest)
    named = entities.named(around, query.entities)
    unnamed = [name for name in query.entities if name not in named]
    return Answer(
        question=question,
        query=query,
        answer=refusal(query, reason, _lines(nearest, chosen, reason), coverage, quotes.lines(), unnamed, begins),
        sentences=quotes.sentences,
        citations=quotes.citations,
        passages=found.passages,
        refused=True,
        refusal_reason=reason,
        missing=(query.text,),
    )


def _correcting(found: Findings, entities: EntityBook) -> list[Selected]:
    """The best sentences about everybody that the question names, or at least about somebody."""
    names, language = found.understood.query.entities, found.understood.query.language
    if not names:
        return without_repeats(found.ranked[:_CORRECTING], language)
    about = [(entities.named(f"{s.passage.article.title} {s.text}", names), s) for s in found.ranked]
    most = max((len(named) for named, _ in about), default=0)
    return without_repeats([s for named, s in about if named and len(named) == most], language)[:_CORRECTING]


def _nearest(found: Findings) -> list[Selected]:
    """The best sentence of each of the articles that come nearest."""
    first: dict[str, Selected] = {}
    for choice in found.ranked:
        first.setdefault(choice.passage.article.article_id, choice)
    return list(first.values())[:_NEAREST]


def _lines(nearest: Sequence[Selected], quoted: Sequence[Selected], reason: RefusalReason) -> list[tuple[Article, str]]:
    """Each article with its sentence, for the reader to judge; without one that stands above, or where all are beside the point."""
    above = {choice.text for choice in quoted}
    return [
        (near.passage.article, "" if reason == "out_of_domain" or near.text in above else near.text) for near in nearest
    ]
