"""`evaluate enrichment`: compares rows written by a language model with hand-written ones."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trusted_cloud_chat.corpus import corpus_files, read_article
from trusted_cloud_chat.enrichment import Enricher
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.errors import UsageError
from trusted_cloud_chat.language.blocks import article_sentences
from trusted_cloud_chat.language.normalise import fold
from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.schema import Article, Statement
from trusted_cloud_chat_evaluation.aggregate import Tell
from trusted_cloud_chat_evaluation.metrics import share


def measure_enrichment(
    ours: Path, theirs: Path, entities: EntityBook, embedder: Embedder, tell: Tell
) -> dict[str, Any]:
    """Compares the articles that have a sidecar in both folders; docs/evaluation.md explains the figures."""
    told: list[str] = []
    pairs = _pairs(_articles(ours, entities, []), _articles(theirs, entities, told))
    if not pairs:
        raise UsageError(f"no article has a sidecar in {ours} and in {theirs}")
    covered, asked, found, alone = 0, 0, 0, 0
    for done, (article, mine, yours) in enumerate(pairs, start=1):
        spans = {one.spans[0] for one in yours}
        covered += sum(one.spans[0] in spans for one in mine)
        stored = [(question, one.spans[0]) for one in yours for question in one.questions]
        same = {fold(question) for question, _ in stored}
        questions = [(q, one.spans[0]) for one in mine for q in one.questions if fold(q) not in same]
        vectors = embedder.encode_queries([question for question, _ in questions])
        sentences = article_sentences(article.text)
        texts = embedder.encode_passages([article.text[span.start : span.end] for span in sentences])
        asked += len(questions)
        alone += _hits(vectors, texts, [span for _, span in questions], sentences)
        if stored:
            known = embedder.encode_queries([question for question, _ in stored])
            found += _hits(vectors, known, [span for _, span in questions], [span for _, span in stored])
        tell("articles", done, len(pairs))
    ours_rows = [row for _, mine, _ in pairs for row in mine]
    theirs_rows = [row for _, _, yours in pairs for row in yours]
    return {
        "command": "enrichment",
        "articles": len(pairs),
        "rows": {"ours": len(ours_rows), "theirs": len(theirs_rows)},
        "covered": share(covered, len(ours_rows), 4),
        "left_out": told,
        "facts": {"ours": sum(len(r.facts) for r in ours_rows), "theirs": sum(len(r.facts) for r in theirs_rows)},
        "questions": asked,
        "found": share(found, asked, 4),
        "found_alone": share(alone, asked, 4),
    }


def _hits(asked: NDArray[np.float32], known: NDArray[np.float32], right: Sequence[Any], spans: Sequence[Any]) -> int:
    nearest = (asked @ known.T).argmax(axis=1)
    return sum(spans[int(place)] == span for place, span in zip(nearest, right, strict=True))


def _articles(folder: Path, entities: EntityBook, told: list[str]) -> list[Article]:
    found = []
    for file in corpus_files(folder):
        article = read_article(file.path, file.root, allow_undated=True, today=date.today())
        found += Enricher(entities)([article], file.path, file.root, told)
    return found


def _pairs(
    ours: Sequence[Article], theirs: Sequence[Article]
) -> list[tuple[Article, Sequence[Statement], Sequence[Statement]]]:
    """Each article that both have enriched, with the statements of both."""
    others = {(one.article_id, one.text): one.enrichment.statements for one in theirs if one.enrichment}
    enriched = (
        (one, one.enrichment.statements, others.get((one.article_id, one.text))) for one in ours if one.enrichment
    )
    return [(one, mine, yours) for one, mine, yours in enriched if yours is not None]
