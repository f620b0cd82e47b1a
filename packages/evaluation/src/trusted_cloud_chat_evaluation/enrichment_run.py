"""`evaluate enrichment`: compares a language model's rows with those of a person."""

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


def measure_enrichment(
    ours: Path, theirs: Path, entities: EntityBook, embedder: Embedder, tell: Tell
) -> dict[str, Any]:
    """Of the articles that both folders have with a sidecar: `covered` (sentences that ours has a row of and theirs too), `refused`
    (rows of theirs that a check leaves out), `facts` of each; `found`: how often a question of ours that theirs does not have is nearest to
    one of theirs under its own sentence, and `found_alone`: nearest to that sentence by itself.
    """
    told: list[str] = []
    pairs = _pairs(_articles(ours, entities, []), _articles(theirs, entities, told))
    if not pairs:
        raise UsageError(f"no article has a sidecar in {ours} and in {theirs}")
    covered, asked, found, alone, facts = 0, 0, 0, 0, [0, 0]
    for done, (own, other) in enumerate(pairs, start=1):
        mine, yours = _statements(own), _statements(other)
        spans = {one.spans[0] for one in yours}
        covered += sum(one.spans[0] in spans for one in mine)
        facts = [count + sum(len(one.facts) for one in rows) for count, rows in zip(facts, (mine, yours), strict=True)]
        stored = [(question, one.spans[0]) for one in yours for question in one.questions]
        same = {fold(question) for question, _ in stored}
        questions = [(q, one.spans[0]) for one in mine for q in one.questions if fold(q) not in same]
        vectors = embedder.encode_queries([question for question, _ in questions])
        sentences = article_sentences(own.text)
        texts = embedder.encode_passages([own.text[span.start : span.end] for span in sentences])
        known = embedder.encode_queries([question for question, _ in stored]) if stored else None
        asked += len(questions)
        alone += _hits(vectors, texts, [span for _, span in questions], sentences)
        if known is not None:
            found += _hits(vectors, known, [span for _, span in questions], [span for _, span in stored])
        tell("articles", done, len(pairs))
    rows = sum(len(_statements(own)) for own, _ in pairs)
    return {
        "command": "enrichment",
        "articles": len(pairs),
        "rows": {"ours": rows, "theirs": sum(len(_statements(other)) for _, other in pairs)},
        "covered": _share(covered, rows),
        "left_out": told,
        "facts": {"ours": facts[0], "theirs": facts[1]},
        "questions": asked,
        "found": _share(found, asked),
        "found_alone": _share(alone, asked),
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


def _pairs(ours: Sequence[Article], theirs: Sequence[Article]) -> list[tuple[Article, Article]]:
    others = {one.article_id: one for one in theirs if one.enrichment}
    found = ((one, others.get(one.article_id)) for one in ours if one.enrichment)
    return [(one, other) for one, other in found if other is not None and other.text == one.text]


def _statements(article: Article) -> Sequence[Statement]:
    return article.enrichment.statements if article.enrichment else ()


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
