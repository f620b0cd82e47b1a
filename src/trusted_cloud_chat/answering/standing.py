"""How far each provider's qualification has come, as the articles tell it by a day: one statement a provider and service."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from trusted_cloud_chat.answering.market import Market
from trusted_cloud_chat.answering.timeline.statements import Statement, statements
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.index import Index, Snapshot
from trusted_cloud_chat.schema import Citation, Passage, QualificationStage


@dataclass(frozen=True, slots=True)
class Standing:
    """The newest that is told of one provider's service, word for word in `citation`."""

    stage: QualificationStage
    citation: Citation


def standings(index: Index, entities: EntityBook, market: Market, as_of: date | None = None) -> list[Standing]:
    """By provider and service; with `as_of`, by what was published by then. Raises IndexEmptyError."""
    told = statements(index.read(lambda snapshot: _passages(snapshot, as_of)), entities, market)
    order = {row.id: (not row.plan, -place) for place, row in enumerate(market.rows.stage)}
    newest: dict[tuple[str, str], Statement] = {}
    for one in told:  # of one day's what is reached before what is planned
        if one.stage is None or len(one.holders) != 1:
            continue
        known = newest.get(key := (one.holders[0], one.stage.service or ""))
        if known is None or known.stage is None or _rank(one, order) > _rank(known, order):
            newest[key] = one
    return [_standing(n, newest[key]) for n, key in enumerate(sorted(newest, key=_alphabetic), 1)]


def _rank(one: Statement, order: dict[str, tuple[bool, int]]) -> tuple[int, tuple[bool, int]]:
    assert one.stage is not None
    return one.selected.published, order[one.stage.name]


def _alphabetic(key: tuple[str, str]) -> tuple[str, str]:
    return key[0].casefold(), key[1].casefold()


def _standing(n: int, told: Statement) -> Standing:
    assert told.stage is not None
    stage, span = told.stage, told.selected.span
    holder = told.holders[0]
    return Standing(
        QualificationStage(n, stage.name, holder, stage.service, stage.since, stage.expires),
        Citation(n, told.selected.passage.article, span.start, span.end),
    )


def _passages(snapshot: Snapshot, as_of: date | None) -> list[Passage]:
    """Every chunk that is live, unranked."""
    found = []
    for article in snapshot.catalog.newest(as_of):
        for stored in snapshot.catalog.chunks_of(article.article_id, article.version):
            nothing = (0.0,) * len(stored.chunk.sentences)
            found.append(Passage(stored.chunk, article, 1, 0.0, nothing, nothing, nothing))
    return found
