"""Chunk id ↔ words, in Tantivy (BM25). Words come ready from `language.lexical.lexical_tokens`."""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import tantivy

from trusted_cloud_chat.errors import StorageError, StoreLostError
from trusted_cloud_chat.index.trouble import REFILL, told

_HEAP_BYTES = 64_000_000
_WORDS = "words"
_TITLE_BOOST = 0.5
_TAIL = 8
"""Bytes that end each file of a segment: the length of a footer of JSON, with the checksum of what is before it, and a mark."""


@dataclass(frozen=True, slots=True)
class LexicalDocument:
    chunk_id: str
    title_tokens: list[str]
    tokens: list[str]


class LexicalIndex:
    """The words in `folder`. A reader (`create=False`) raises StoreLostError where there are none or they cannot be read."""

    def __init__(self, folder: Path, *, create: bool = True) -> None:
        self._folder = folder
        self._name = f"the word index {folder}"
        self._aside: TemporaryDirectory[str] | None = None
        self._schema = (
            tantivy.SchemaBuilder()
            .add_text_field("chunk_id", stored=True, tokenizer_name="raw", index_option="basic")
            .add_text_field("title", tokenizer_name=_WORDS, index_option="freq")
            .add_text_field("body", tokenizer_name=_WORDS, index_option="freq")
            .build()
        )
        if not create and not (folder / "meta.json").is_file():
            raise StoreLostError(f"{self._name} is missing: {REFILL}")
        self._index = self._open(create)
        analyzer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        self._index.register_tokenizer(_WORDS, analyzer)
        self.reload()

    def _open(self, create: bool) -> Any:
        with told(self._name):
            self._folder.mkdir(parents=True, exist_ok=True)
        try:
            with told(self._name):
                if create or os.access(self._folder, os.W_OK):
                    return tantivy.Index(self._schema, path=str(self._folder))
        except StorageError:
            if create:
                raise
        return self._open_aside()

    def _open_aside(self) -> Any:
        """By a folder of links: Tantivy makes a lock in the folder that it opens, also to read."""
        with told(self._name):
            self._aside = TemporaryDirectory(prefix="trusted-cloud-chat-", ignore_cleanup_errors=True)
            for path in self._folder.iterdir():
                if not path.name.endswith(".lock"):
                    Path(self._aside.name, path.name).symlink_to(path.absolute())
            return tantivy.Index(self._schema, path=self._aside.name)

    def update(self, documents: Iterable[LexicalDocument], deleted: Sequence[str] = ()) -> None:
        """Add `documents` (an id that is there is replaced), drop `deleted`, commit."""
        with told(self._name):
            writer = self._index.writer(_HEAP_BYTES, 1)
            for chunk_id in deleted:
                writer.delete_documents_by_term("chunk_id", chunk_id)
        for document in documents:
            with told(self._name):
                writer.delete_documents_by_term("chunk_id", document.chunk_id)
                writer.add_document(
                    tantivy.Document(
                        chunk_id=[document.chunk_id],
                        title=[" ".join(document.title_tokens)],
                        body=[" ".join(document.tokens)],
                    )
                )
        with told(self._name):
            writer.commit()
            writer.wait_merging_threads()
            for name in ("meta.json", ".managed.json"):  # which Tantivy lets nobody else read
                (self._folder / name).chmod(self._folder.stat().st_mode & 0o666)
        self.reload()

    def reload(self) -> None:
        """See what other processes have committed."""
        with told(self._name):
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
        return self._search(tantivy.Query.boolean_query(clauses), k)

    def _search(self, query: Any, k: int) -> list[tuple[str, float]]:
        searcher = self._searcher
        with told(self._name):
            hits = searcher.search(query, k, count=False).hits
            return [(str(searcher.doc(address)["chunk_id"][0]), float(score)) for score, address in hits]

    def ids(self) -> set[str]:
        """Every chunk id, read one by one."""
        return {chunk_id for chunk_id, _ in self._search(tantivy.Query.all_query(), max(self.count(), 1))}

    def count(self) -> int:
        return int(self._searcher.num_docs)

    def check(self) -> None:
        """Raises StoreLostError where a file of words is not what Tantivy wrote: it reads such files without a word."""
        with told(self._name):
            segments, managed = self._segments(), self._folder / ".managed.json"
            kept = (
                json.loads(managed.read_bytes())
                if managed.is_file()
                else [path.name for path in self._folder.iterdir()]
            )
            for name in sorted(name for name in kept if name.partition(".")[0] in segments):
                try:
                    _check_sum((self._folder / name).read_bytes(), name)
                except FileNotFoundError:
                    if self._segments() == segments:  # else a run has merged it into another
                        raise

    def _segments(self) -> set[str]:
        """What the files in use begin with."""
        segments = json.loads((self._folder / "meta.json").read_bytes())["segments"]
        return {segment["segment_id"].replace("-", "") for segment in segments}

    def close(self) -> None:
        if self._aside is not None:
            self._aside.cleanup()


def _check_sum(content: bytes, name: str) -> None:
    """Raises ValueError where `content` has another checksum than its footer says."""
    footer = content[-_TAIL - int.from_bytes(content[-_TAIL:-4], "little") : -_TAIL]
    if zlib.crc32(content[: len(content) - _TAIL - len(footer)]) != json.loads(footer)["crc"]:
        raise ValueError(f"{name} has another checksum than it was written with")
