"""Twenty answers of a strong model that points at sentences of our articles: each link leads to the sentence that it names, word for word."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

from test_stream import PiecewiseChatModel

from trusted_cloud_chat.chunking import chunk_article
from trusted_cloud_chat.corpus import read_article
from trusted_cloud_chat.enrichment import Enricher
from trusted_cloud_chat.entities import load_entities
from trusted_cloud_chat.language.blocks import context_of
from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.schema import Answer, Article, Passage, Query
from trusted_cloud_chat.writing.drafts import neutralise, numbered
from trusted_cloud_chat.writing.prompt import build_prompt
from trusted_cloud_chat.writing.writer import Writer

CORPUS = Path(__file__).parents[2] / "corpus"
ENTITIES, TODAY = load_entities(), date(2026, 12, 1)


def _article(sidecar: Path) -> Article:
    place = sidecar.with_name(sidecar.name.replace(".enrichment.jsonl", ".md"))
    read = read_article(place, CORPUS, allow_undated=True, today=TODAY)
    return Enricher(ENTITIES)([read], place, CORPUS, [])[0]


def _passages(article: Article, other: Article, embedder: Embedder) -> list[Passage]:
    chunks = [(one, chunk) for one in (other, article) for chunk in chunk_article(one, embedder.count_tokens, 200)[:3]]
    return [Passage(chunk, one, n, 0.9, ()) for n, (one, chunk) in enumerate(chunks, 1)]


def test_each_link_of_twenty_answers_is_right(embedder: Embedder) -> None:
    """The model answers in the self-contained form of two sentences, found by their words in what it is sent."""
    sidecars = sorted(CORPUS.glob("*/*.enrichment.jsonl"))
    links = 0
    for place, beside in zip(sidecars[:100:5], sidecars[1:101:5], strict=True):
        article, other = _article(place), _article(beside)
        passages = _passages(article, other, embedder)
        rows = [json.loads(line) for line in place.read_text("utf-8").splitlines()]
        question = next(row["questions"][0] for row in rows if row.get("questions"))
        query = Query(question, article.language, TODAY)
        over = Answer(question, query, "–", passages=tuple(passages), confidence=0.9)
        sent = str(build_prompt(question, query, passages, over)[-1].text)
        wanted = [q for p in passages[3:] for q in numbered(p) if q.statement and q.statement.alone][:2]
        said = []
        for quote in wanted:
            context = context_of(article.text, quote.span.start)
            line = neutralise(f"{context} : {quote.text}" if context else quote.text)
            (marker,) = set(re.findall(rf"^(\[\d+\.\d+\]) {re.escape(line)}(?: \(|$)", sent, re.M))
            said.append(f"{quote.statement.alone.rstrip('.')} {marker}.")  # type: ignore[union-attr]
        model = PiecewiseChatModel(pieces=[" ".join(said)])
        *_, answer = Writer(model, "x:y", embedder=embedder, entities=ENTITIES).stream(question, query, over)

        assert answer.notices == ()
        shown = [answer.citations[n - 1] for sentence in answer.sentences for n in sentence.citations]
        assert [(c.article.article_id, c.start, c.end, c.quote) for c in shown] == [
            (article.article_id, quote.span.start, quote.span.end, quote.text) for quote in wanted
        ]
        links += len(shown)
    assert links >= 35
