"""Merges the results of several searches into one list: interleaves them and folds reprints into their highest-ranked copy."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from trusted_cloud_chat.entities import Entity
from trusted_cloud_chat.language.stems import lexical_tokens
from trusted_cloud_chat.question.question import Question
from trusted_cloud_chat.retrieval.near_duplicates import Shingles, is_reprint, shingles
from trusted_cloud_chat.retrieval.ranking import Ranked
from trusted_cloud_chat.schema import Language


@dataclass(frozen=True, slots=True)
class Hit:
    """A candidate, the question that retrieved it (the whole, a part or the previous one) and its reprints."""

    ranked: Ranked
    search: Question
    reprints: tuple[Ranked, ...] = ()


def interleaved(orders: Sequence[Sequence[Hit]], *, articles_first: bool = False) -> Iterator[Hit]:
    """Yields the best hit of each search, then the second of each; a chunk once, with the part that ranks it highest.

    With `articles_first`, the best chunk of each article precedes the second chunk of any article.
    """
    best: dict[str, tuple[int, Hit]] = {}
    for order in (*orders[1:], orders[0]):
        for place, one in enumerate(order):
            known = best.get(_chunk(one))
            if known is None or (one.search.about is not None and place < known[0]):
                best[_chunk(one)] = place, one
    leading = _in_turn(orders, _article) if articles_first else ()
    yield from (best[chunk_id][1] for chunk_id in dict.fromkeys((*leading, *_in_turn(orders, _chunk))))


def _in_turn(orders: Sequence[Sequence[Hit]], key: Callable[[Hit], str]) -> Iterator[str]:
    """Yields chunk ids: from each search in turn, the best hit whose key has not occurred yet."""
    given: set[str] = set()
    queues = [iter(order) for order in orders]
    while queues:
        for queue in list(queues):
            found = next((f for f in queue if key(f) not in given), None)
            if found is None:
                queues.remove(queue)
                continue
            given.add(key(found))
            yield _chunk(found)


def _chunk(one: Hit) -> str:
    return one.ranked.stored.chunk.chunk_id


def _article(one: Hit) -> str:
    return one.ranked.stored.chunk.article_id


def without_reprints(found: Iterable[Hit], k: int, is_dated: Callable[[str], bool]) -> list[Hit]:
    """The first `k` hits, each with its reprints in other articles. `is_dated` takes a chunk id.

    A text without a date is never a reprint: entries of a manual or an FAQ share whole paragraphs but differ.
    """
    kept: list[Hit] = []
    runs: list[Shingles] = []
    for one in found:
        own = shingles(one.ranked.body_words)
        article_id = one.ranked.stored.chunk.article_id
        published = is_dated(one.ranked.stored.chunk.chunk_id)
        same = next((i for i, other in enumerate(runs) if published and is_reprint(own, other)), None)
        if same is not None and kept[same].ranked.stored.chunk.article_id != article_id:
            kept[same] = replace(kept[same], reprints=(*kept[same].reprints, one.ranked))
        elif len(kept) < k:
            kept.append(one)
            runs.append(own)
        else:
            break
    return kept


def names_entity(one: Ranked, entity: Entity) -> bool:
    """Whether the title and text of a chunk contain all words of one of the entity's names."""
    words = set(one.stored.words)
    languages: tuple[Language, ...] = ("fr", "en")
    return any(words.issuperset(lexical_tokens(n, x)) for n in (entity.name, *entity.names) for x in languages)
