"""Chunk id ↔ words, in Tantivy (BM25). Words come ready from `text.lexical_tokens`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import tantivy

_HEAP_BYTES = 64_000_000
_WORDS = "words"
_TITLE_BOOST = 0.5


@dataclass(frozen=True, slots=True)
class LexicalDocument:
    chunk_id: str
    title_tokens: list[str]
    tokens: list[str]


class LexicalIndex:
    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._schema = (
            tantivy.SchemaBuilder()
            .add_text_field("chunk_id", stored=True, tokenizer_name="raw", index_option="basic")
            .add_text_field("title", tokenizer_name=_WORDS, index_option="freq")
            .add_text_field("body", tokenizer_name=_WORDS, index_option="freq")
            .build()
        )
        self._index = tantivy.Index(self._schema, path=str(folder))
        analyzer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        self._index.register_tokenizer(_WORDS, analyzer)
        self._searcher = self._index.searcher()

    def update(self, documents: Iterable[LexicalDocument], deleted: Sequence[str] = ()) -> None:
        """Add `documents` (an id that is there is replaced), drop `deleted`, commit."""
        writer = self._index.writer(_HEAP_BYTES, 1)
        for chunk_id in deleted:
            writer.delete_documents_by_term("chunk_id", chunk_id)
        for document in documents:
            writer.delete_documents_by_term("chunk_id", document.chunk_id)
            writer.add_document(
                tantivy.Document(
                    chunk_id=[document.chunk_id],
                    title=[" ".join(document.title_tokens)],
                    body=[" ".join(document.tokens)],
                )
            )
        writer.commit()
        writer.wait_merging_threads()
        self.reload()

    def reload(self) -> None:
        """See what other processes have committed."""
        self._index.reload()
        self._searcher = self._index.searcher()

    def query(self, weights: Mapping[str, float], k: int) -> list[tuple[str, float]]:
        """At most `k` chunk ids with their BM25 score, best first; `weights` gives each term's boost."""
        clauses = []
        for token, weight in weights.items():
            for field, boost in (("body", 1.0), ("title", _TITLE_BOOST)):
                term = tantivy.Query.term_query(self._schema, field, token, "freq")
                clauses.append((tantivy.Occur.Should, tantivy.Query.boost_query(term, weight * boost)))
        if not clauses:
            return []
        searcher = self._searcher
        hits = searcher.search(tantivy.Query.boolean_query(clauses), k, count=False).hits
        return [(str(searcher.doc(address)["chunk_id"][0]), float(score)) for score, address in hits]

    def count(self) -> int:
        return int(self._searcher.num_docs)
