"""Fetches candidates for a `Question` from Chroma and Tantivy; `ranking.py` ranks them."""

from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.index.snapshots import Index, Snapshot
from trusted_cloud_chat.language.stems import lexical_tokens
from trusted_cloud_chat.models.embedder import Embedder
from trusted_cloud_chat.models.late_interaction import WordVectors, gather_words
from trusted_cloud_chat.models.question_map import QuestionMap
from trusted_cloud_chat.models.sentence_transformer import RERANKED, Reranker
from trusted_cloud_chat.progress import Clock
from trusted_cloud_chat.question.asking import pieces
from trusted_cloud_chat.question.expected import holds
from trusted_cloud_chat.question.question import Question
from trusted_cloud_chat.retrieval.arrangement import Hit, interleaved, names_entity, without_reprints
from trusted_cloud_chat.retrieval.ranking import (
    READ_CLOSELY,
    QuestionWords,
    Ranked,
    Weights,
    question_words,
    rank,
    relevance,
    relevance_features,
)
from trusted_cloud_chat.retrieval.recency import time_bonus
from trusted_cloud_chat.retrieval.stored_questions import NONE, Likeness, likeness_to_stored
from trusted_cloud_chat.retrieval.terms import term_weights
from trusted_cloud_chat.schema import Article, Passage, Scope, Vote

_READ_FOR_KIND = 2
"""Number of best-matching sentences of a passage checked for the expected answer type."""


_REMEMBERED = 256
"""Size of the cache of question embeddings: classification and search embed the same question."""
_SCOPES = 16
"""Size of the cache of the articles in a scope."""


@dataclass(frozen=True, slots=True)
class EmbeddedQuestion:
    """`vector` `(dim,)`, the content words, and `mapped`: the projection compared with stored questions, None without a question map."""

    vector: NDArray[np.float32]
    words: QuestionWords
    mapped: NDArray[np.float32] | None = None


@dataclass(frozen=True, slots=True)
class Retrieved:
    """The passages for a question, and the time of each stage."""

    passages: tuple[Passage, ...]
    generation: int
    timings_ms: dict[str, float] = field(default_factory=dict)
    likeness: Likeness = NONE
    """Similarity of the whole question to stored questions."""


class Retriever:
    """Searches one index with one embedder. Thread-safe."""

    def __init__(
        self,
        index: Index,
        embedder: Embedder,
        weights: Weights,
        *,
        candidates: int,
        reranker: Reranker | None = None,
        entities: EntityBook | None = None,
        question_map: QuestionMap | None = None,
    ) -> None:
        """`candidates`: number taken from each index. `reranker`: reorders the first `RERANKED`. `entities`: recognises the names of
        a scope in articles. `question_map`: needed to compare with stored questions.
        """
        self._index = index
        self._encode = lru_cache(maxsize=_REMEMBERED)(embedder.encode_query_words)
        self._weights = weights
        self._candidates = candidates
        self._reranker = reranker
        self._entities = entities or EntityBook(())
        self._question_map = question_map
        self._scoped: OrderedDict[tuple[int, Scope], frozenset[tuple[str, str]]] = OrderedDict()

    def retrieve(self, question: Question, k: int) -> Retrieved:
        """At most `k` passages, best first; their order does not depend on `k`. Raises IndexEmptyError.

        A question about several entities is searched as a whole and once per entity; the results of a follow-up with
        `behind` are interleaved with those of the previous question.
        """
        clock = Clock()
        behind = [question.behind] if question.behind else []
        searches = [(search, self.embed(search)) for search in (question, *question.parts, *behind)]
        clock.lap("embed")
        passages, generation, likeness = self._index.read(lambda s: self._read(s, searches, k, clock))
        return Retrieved(passages, generation, clock.laps, likeness)

    def within(self, snapshot: Snapshot, scope: Scope) -> frozenset[tuple[str, str]] | None:
        """(article id, version) of the live articles in `scope`; None: all of them. Cached."""
        if not scope:
            return None
        key = (snapshot.generation, scope)
        if key not in self._scoped:
            some = {article_id for article_id, _ in scope.articles}
            found = frozenset(
                (article.article_id, article.version)
                for article in (snapshot.catalog.articles(some).values() if some else snapshot.catalog.every("live"))
                if scope.in_time(article.date) and scope.of_kind(article.source_type) and self._names(article, scope)
            )
            self._scoped[key] = found & scope.articles if some else found
            while len(self._scoped) > _SCOPES:
                self._scoped.popitem(last=False)
        return self._scoped[key]

    def _names(self, article: Article, scope: Scope) -> bool:
        return not scope.about or bool(self._entities.named(f"{article.title}\n{article.text}", scope.about))

    def vector(self, text: str) -> NDArray[np.float32]:
        """The embedding `(dim,)` of a question. Cached."""
        return self._encode(text)[0]

    def embed(self, question: Question) -> EmbeddedQuestion:
        language, text = question.query.language, question.read_as
        vector, tokens = self._encode(text)
        words = gather_words(text, tokens, language)
        return EmbeddedQuestion(
            vector, question_words(words, _are_names(words, text)), self._mapped(question.phrasings)
        )

    def _mapped(self, texts: Sequence[str]) -> NDArray[np.float32] | None:
        """The mean of the projections of `texts`, as a unit vector; None without a question map."""
        if self._question_map is None:
            return None
        mean = self._question_map.project(np.stack([self.vector(text) for text in texts])).mean(axis=0)
        return np.asarray(mean / np.linalg.norm(mean), np.float32)

    def likeness(self, snapshot: Snapshot, search: Question, question: EmbeddedQuestion) -> Likeness:
        """Similarity of a question to the stored questions in its scope."""
        if question.mapped is None:
            return NONE
        query = search.query
        scope = self.within(snapshot, query.within)
        return likeness_to_stored(snapshot, question.mapped, query.as_of, scope, of_several=search.continues)

    def likeness_there(self, question: Question, among: Collection[tuple[str, str]]) -> float:
        """Cosine similarity to the nearest answered stored question of the articles `among`; 0 without any."""
        mapped = self._mapped(question.phrasings)
        if mapped is None:
            return 0.0
        near = self._index.read(lambda s: [one for name in among for one in s.asked_of(mapped, *name)[:1]])
        return max((cosine for _, cosine in near), default=0.0)

    def asked_at(self, question: Question, article: Article) -> dict[int, float]:
        """Offset of each sentence of the article → cosine of the nearest stored question that it answers; empty without any."""
        mapped = self._mapped(question.phrasings) if article.is_enriched else None
        if mapped is None:
            return {}
        near = self._index.read(lambda s: s.asked_of(mapped, article.article_id, article.version))
        return {span.start: cosine for stored, cosine in reversed(near) for span in stored.spans}

    def nearest_to_pieces(self, question: Question, article: Article) -> list[Vote]:
        """For each piece of the question, the article's stored question nearest to the mean of piece and whole; empty for one piece."""
        cut = pieces(question.typed.searched, question.query.language)
        if not cut or self._question_map is None or not article.is_enriched:
            return []
        whole, *parts = self._question_map.project(np.stack([self.vector(one) for one in (question.read_as, *cut)]))
        joined = [(whole + part) / np.linalg.norm(whole + part) for part in parts]
        there = article.article_id, article.version
        near = self._index.read(lambda s: [found for one in joined for found in s.asked_of(one, *there)[:1]])
        return [Vote(0.0, cosine, stored.text, tuple(span.start for span in stored.spans)) for stored, cosine in near]

    def _read(
        self, snapshot: Snapshot, searches: Sequence[tuple[Question, EmbeddedQuestion]], k: int, clock: Clock
    ) -> tuple[tuple[Passage, ...], int, Likeness]:
        clock.restart()
        alike = [self.likeness(snapshot, search, question) for search, question in searches]
        clock.lap("vectors")
        orders = [
            self._order(snapshot, search, question, likeness, k, clock)
            for (search, question), likeness in zip(searches, alike, strict=True)
        ]
        asked, embedded = searches[0]
        if asked.behind:
            orders[-1] = self._read_again(snapshot, orders[-1][:k], asked, embedded, alike[0])
        in_turn = interleaved(orders, articles_first=asked.behind is not None)
        found = without_reprints(in_turn, k, snapshot.is_dated)
        ids = {r.stored.chunk.article_id for one in found for r in (one.ranked, *one.reprints)}
        articles = snapshot.catalog.articles(ids)
        passages = tuple(self._passage(one, place, articles) for place, one in enumerate(found, start=1))
        clock.lap("fuse")
        return passages, snapshot.generation, alike[0]

    def _order(
        self,
        snapshot: Snapshot,
        search: Question,
        question: EmbeddedQuestion,
        likeness: Likeness,
        k: int,
        clock: Clock,
    ) -> list[Hit]:
        """The results of one search, best first; for a part, only chunks that name its entity."""
        near, matching = self._find(snapshot, search, question, self._candidates, clock)
        ids = list(dict.fromkeys([*near, *likeness.chunks]))
        ranked = rank(question.words, question.vector, snapshot.catalog, ids, matching, k, self._weights, likeness)
        depth = self._candidates
        while depth <= len(near) < k:
            depth *= 2
            near, matching = self._find(snapshot, search, question, depth, clock)
            ranked += self._below(ranked, snapshot, near, matching, question)
        if self._reranker is not None:
            ranked = self._reranked(search.searched, ranked, snapshot)
        ranked = _timed(search, ranked, snapshot)
        clock.lap("fuse")
        return [Hit(one, search) for one in ranked if search.about is None or names_entity(one, search.about)]

    def _read_again(
        self,
        snapshot: Snapshot,
        found: Sequence[Hit],
        asked: Question,
        question: EmbeddedQuestion,
        likeness: Likeness,
    ) -> list[Hit]:
        """`found` in its order, with the scores for the question `asked`."""
        ids = [one.ranked.stored.chunk.chunk_id for one in found]
        again = rank(question.words, question.vector, snapshot.catalog, ids, {}, len(ids), self._weights, likeness)
        by_id = {one.stored.chunk.chunk_id: one for one in again}
        return [Hit(by_id[chunk_id], asked) for chunk_id in ids]

    def _below(
        self,
        ranked: Sequence[Ranked],
        snapshot: Snapshot,
        ids: Sequence[str],
        matching: Mapping[str, float],
        question: EmbeddedQuestion,
    ) -> list[Ranked]:
        """The results that a deeper search adds below `ranked`."""
        known = {one.stored.chunk.chunk_id for one in ranked}
        added = [chunk_id for chunk_id in ids if chunk_id not in known]
        below = rank(question.words, question.vector, snapshot.catalog, added, matching, len(added), self._weights)
        drop = ranked[-1].fused - below[0].fused if below else 0.0
        return [replace(one, fused=one.fused + drop) for one in below]

    def _find(
        self, snapshot: Snapshot, search: Question, question: EmbeddedQuestion, depth: int, clock: Clock
    ) -> tuple[list[str], dict[str, float]]:
        """The ids of the `depth` nearest chunks and the `depth` best by BM25, with the BM25 scores."""
        as_of, within = search.query.as_of, self.within(snapshot, search.query.within)
        near = snapshot.nearest(question.vector, depth, as_of, within)
        clock.lap("vectors")
        matching = dict(snapshot.matching(term_weights(search), depth, as_of, within))
        clock.lap("lexical")
        return list(dict.fromkeys([*(chunk_id for chunk_id, _ in near), *matching])), matching

    def _reranked(self, question: str, ranked: Sequence[Ranked], snapshot: Snapshot) -> list[Ranked]:
        """Reorders the first `RERANKED` by the reranker; each rank keeps its fused score."""
        assert self._reranker is not None
        head, rest = ranked[:RERANKED], ranked[RERANKED:]
        articles = snapshot.catalog.articles(one.stored.chunk.article_id for one in head)
        chunks = [one.stored.chunk for one in head]
        scores = self._reranker.score(question, [articles[c.article_id].text[c.start : c.end] for c in chunks])
        order = np.argsort(-scores, kind="stable")
        return [*(replace(head[i], fused=place.fused) for i, place in zip(order, head, strict=True)), *rest]

    def _passage(self, one: Hit, place: int, articles: Mapping[str, Article]) -> Passage:
        found, search = one.ranked, one.search
        article = articles[found.stored.chunk.article_id]
        return Passage(
            chunk=found.stored.chunk,
            article=article,
            rank=place,
            score=relevance(evidence(search, found, article), self._weights),
            sentence_scores=tuple(float(x) for x in found.sentence_cosines),
            sentence_context=tuple(float(x) for x in found.match.by_sentence),
            sentence_exact=tuple(float(x) for x in found.match.exact_by_sentence),
            fused=found.fused,
            votes=found.votes,
            reprints=tuple(articles[r.stored.chunk.article_id] for r in one.reprints),
            found_for=search.about.name if search.about else None,
        )


def _timed(search: Question, ranked: Sequence[Ranked], snapshot: Snapshot) -> list[Ranked]:
    """The candidates of the second step, reordered with their date bonus; the others after them."""
    close, rest = ranked[:READ_CLOSELY], ranked[READ_CLOSELY:]
    if not search.wants_now and not search.periods:
        return list(ranked)
    articles = snapshot.catalog.articles(one.stored.chunk.article_id for one in close)
    published = [articles[one.stored.chunk.article_id].dated for one in close]
    bonus = time_bonus(published, wants_now=search.wants_now, periods=search.periods)
    timed = [replace(one, fused=one.fused + float(gain)) for one, gain in zip(close, bonus, strict=True)]
    return [*sorted(timed, key=lambda one: -one.fused), *rest]


def evidence(question: Question, found: Ranked, article: Article) -> tuple[float, ...]:
    """The relevance features of a candidate, in the order of `RELEVANCE_FEATURES`."""
    near = np.argsort(-found.match.by_sentence, kind="stable")[:_READ_FOR_KIND]
    spans = [found.stored.chunk.sentences[i] for i in near]
    texts = (article.text[span.start : span.end] for span in spans)
    kind = max((holds(question.query.kind, question.searched, text, article.language) for text in texts), default=0.0)
    best = float(found.sentence_cosines.max(initial=0.0))
    return relevance_features(found.cosine, best, found.match, kind)


def _are_names(words: WordVectors, text: str) -> list[bool]:
    """Which of the words have a capital (except the first word) or a digit in the question."""
    named = {
        token
        for word in text.split()[1:]
        if any(c.isupper() or c.isdigit() for c in word)
        for token in (*lexical_tokens(word), *lexical_tokens(word, "en"))
    }
    return [token in named or any(c.isdigit() for c in token) for token in words.tokens]
