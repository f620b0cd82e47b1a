"""The word index: Tantivy (BM25) over stems from `language.stems`."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

import tantivy

from trusted_cloud_chat.errors import StoreLostError
from trusted_cloud_chat.index.catalog import Catalog
from trusted_cloud_chat.index.records import StoredChunk
from trusted_cloud_chat.index.trouble import REFILL, told
from trusted_cloud_chat.language.stems import lexical_tokens
from trusted_cloud_chat.schema import Article

_HEAP_BYTES = 64_000_000
_WORDS = "words"
_TITLE_BOOST = 0.5


LexicalDocument = tuple[str, list[str], list[str], date | None]
"""A chunk's id, the words of its title and text, and the last day of its date; without one, no question as of a day finds the chunk."""


def to_lexical(article: Article, stored: StoredChunk) -> LexicalDocument:
    text, day = article.text[stored.chunk.start : stored.chunk.end], article.date.last_day if article.date else None
    title, body = (lexical_tokens(words, article.language) for words in (article.title, text))
    return stored.chunk.chunk_id, title, body, day


class LexicalIndex:
    """In `folder`, or in memory. A reader (`create=False`) raises StoreLostError if it cannot be read."""

    def __init__(self, folder: Path | None, *, create: bool = True) -> None:
        self._folder, self._name = folder, f"the word index {folder or 'in memory'}"
        self._schema = (
            tantivy.SchemaBuilder()
            .add_text_field("chunk_id", stored=True, tokenizer_name="raw", index_option="basic")
            .add_text_field("title", tokenizer_name=_WORDS, index_option="freq")
            .add_text_field("body", tokenizer_name=_WORDS, index_option="freq")
            .add_integer_field("day", indexed=True)
            .build()
        )
        if folder and not create and not (folder / "meta.json").is_file():
            raise StoreLostError(f"{self._name} is missing: {REFILL}")
        with told(self._name):  # Tantivy creates a lock file even to read
            if folder:
                folder.mkdir(parents=True, exist_ok=True)
            self._index = tantivy.Index(self._schema, path=str(folder)) if folder else tantivy.Index(self._schema)
        analyzer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        self._index.register_tokenizer(_WORDS, analyzer)
        self._reload()

    @classmethod
    def of(cls, catalog: Catalog) -> "LexicalIndex":
        """All live chunks, in memory."""
        made = cls(None)
        articles = ((one, catalog.chunks_of(one.article_id, one.version)) for one in catalog.every("live"))
        made.update(to_lexical(article, stored) for article, chunks in articles for stored in chunks)
        return made

    def update(self, documents: Iterable[LexicalDocument], deleted: Sequence[str] = ()) -> None:
        """Add or replace `documents`, remove `deleted`, commit."""
        with told(self._name):
            writer = self._index.writer(_HEAP_BYTES, 1)
            for chunk_id in deleted:
                writer.delete_documents_by_term("chunk_id", chunk_id)
        for chunk_id, title, body, day in documents:
            with told(self._name):
                writer.delete_documents_by_term("chunk_id", chunk_id)
                fields = {"chunk_id": chunk_id, "title": " ".join(title), "body": " ".join(body)}
                writer.add_document(tantivy.Document(**fields, day=day.toordinal() if day else []))
        with told(self._name):
            writer.commit()
            writer.wait_merging_threads()
            if self._folder:
                for name in ("meta.json", ".managed.json"):  # Tantivy makes them private
                    (self._folder / name).chmod(self._folder.stat().st_mode & 0o666)
        self._reload()

    def _reload(self) -> None:
        with told(self._name):
            self._index.reload()
            self._searcher = self._index.searcher()

    def query(self, weights: Mapping[str, float], k: int, as_of: date | None = None) -> list[tuple[str, float]]:
        """At most `k` chunk ids with their BM25 score, best first; `weights` are the terms' boosts. With `as_of`, of articles published by
        that day.
        """
        clauses = []
        for token, weight in weights.items():
            for field, boost in (("body", 1.0), ("title", _TITLE_BOOST)):
                term = tantivy.Query.term_query(self._schema, field, token, "freq")
                clauses.append((tantivy.Occur.Should, tantivy.Query.boost_query(term, weight * boost)))
        if not clauses:
            return []
        wanted = tantivy.Query.boolean_query(clauses)
        if as_of is not None:
            until = tantivy.Query.range_query(self._schema, "day", tantivy.FieldType.Integer, 0, as_of.toordinal())
            both = (wanted, tantivy.Query.const_score_query(until, 0.0))
            wanted = tantivy.Query.boolean_query([(tantivy.Occur.Must, one) for one in both])
        with told(self._name):
            hits = self._searcher.search(wanted, k, count=False).hits
            return [(str(self._searcher.doc(address)["chunk_id"][0]), float(score)) for score, address in hits]

    def count(self) -> int:
        return int(self._searcher.num_docs)
