"""Claims about stored texts as the product would verify them: cited to the chunks that hold what decides them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from known_questions import ROOT

from trusted_cloud_chat.chunking import chunk_article
from trusted_cloud_chat.corpus import read_article
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.models.judge import Judge
from trusted_cloud_chat.schema import Language, Passage
from trusted_cloud_chat.writing.drafts import Draft
from trusted_cloud_chat.writing.evidence import EvidenceBook

_FOLDERS = ("training/texts", "training/claim_texts", "corpus", "evaluation/styles/dev", "evaluation/styles/test")
TODAY = date(2026, 11, 24)


@dataclass(frozen=True, slots=True)
class Trial:
    """A claim; `label` is `entailed`, `contradicted` or `unsaid`."""

    article_id: str
    label: str
    kind: str
    language: Language
    draft: Draft
    book: EvidenceBook


def trials(path: Path, embedder: Embedder, entities: EntityBook, judge: Judge, chunk_tokens: int) -> Iterator[Trial]:
    """Every row of `path` whose quotes stand in the body of its article."""
    books: dict[str, EvidenceBook] = {}
    for row in map(json.loads, path.read_text("utf-8").splitlines()):
        name = row["article"]
        if name not in books:
            folder = next(ROOT / root for root in _FOLDERS if name.startswith(root + "/"))
            article = read_article(ROOT / f"{name}.md", folder, allow_undated=True, today=date.max)
            chunks = chunk_article(article, embedder.count_tokens, chunk_tokens)
            passages = [Passage(chunk, article, n, 1.0, ()) for n, chunk in enumerate(chunks, start=1)]
            books[name] = EvidenceBook(passages, embedder, entities, judge, TODAY)
        book = books[name]
        text = book.passages[0].article.text
        starts = [text.index(quote) for quote in row["quotes"] if quote in text]
        cited = {n for n, p in enumerate(book.passages, 1) for s in starts if p.chunk.start <= s < p.chunk.end}
        if cited:
            draft = Draft(row["claim"], tuple(sorted(cited)))
            article_id = book.passages[0].article.article_id
            yield Trial(article_id, row["label"], row["kind"], row["language"], draft, book)
