"""The words of articles that go: by them it is found where else they stand, in the index and in the files of the corpus."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from trusted_cloud_chat.corpus import corpus_files
from trusted_cloud_chat.errors import CorpusNotFoundError
from trusted_cloud_chat.index import Catalog
from trusted_cloud_chat.index.live import Live
from trusted_cloud_chat.index.records import likeness
from trusted_cloud_chat.ingestion.known import Known
from trusted_cloud_chat.ingestion.reading import Reading, read_files
from trusted_cloud_chat.ingestion.report import IngestReport
from trusted_cloud_chat.language.blocks import article_sentences, plain
from trusted_cloud_chat.progress import tell_nobody
from trusted_cloud_chat.schema import Article

_LEAST_WORDS = 5
"""Of a sentence that tells an article: others say « Lire aussi » too."""
_ALIKE = 0.5
"""Share of its sentences that the shorter of two texts has from the other, where they are nearly the same."""


class Words:
    """What these articles say, in each of their versions; white space counts for nothing."""

    def __init__(self, articles: Iterable[Article]) -> None:
        self.articles = tuple(articles)
        self._sentences = [_sentences(article.text) for article in self.articles]
        self._all = frozenset[str]().union(*self._sentences)
        self._spoken = frozenset(_spoken(one) for one in self._all if one.count(" ") >= _LEAST_WORDS - 1) - {""}
        self._ids = {likeness(article.text): article.article_id for article in self.articles}

    def whose(self, like: str) -> str | None:
        """The id of the article that has this very text, by its likeness."""
        return self._ids.get(like)

    def said_in(self, text: str) -> bool:
        """Whether a sentence of them stands in `text`, which may show it with other signs."""
        spoken = _spoken(text)
        return any(sentence in spoken for sentence in self._spoken)

    def alike(self, text: str) -> bool:
        """Whether `text` is nearly one of theirs."""
        even = _even(text)
        if not any(sentence in even for sentence in self._all):
            return False
        other = _sentences(text)
        return any(len(own & other) >= _ALIKE * min(len(own), len(other)) for own in self._sentences)


def alike(words: Words, catalog: Catalog) -> list[str]:
    """The ids of other articles, in the index or out of it, of which nearly the same text is stored."""
    own = {article.article_id for article in words.articles}
    titles = {article.title for article in words.articles}
    found = set()
    for state in ("live", "old", "again"):
        for article in (version.article for version in catalog.every(state)):
            if article.article_id in own or (state != "live" and words.whose(likeness(article.text))):
                continue  # it goes with them
            if words.alike(article.text) or (state != "live" and article.title in titles):
                found.add(article.article_id)
    return sorted(found)


def files_with(words: Words, catalog: Catalog, live: Live, corpus: Path, how: Reading) -> Iterator[tuple[str, Path]]:
    """The files of the corpus from which a run would have one of these articles again, or the very text of one under another id:
    the article's id, and the file. Files that are as they were are not read.
    """
    own, report = {article.article_id for article in words.articles}, IngestReport()
    try:
        files = corpus_files(corpus)
    except CorpusNotFoundError:
        return
    known = Known(catalog.files.all(), live, how.rules)
    for one in read_files(files, report, tell_nobody, known, how):
        article_id = one.article_id
        whose = words.whose(one.held.likeness) or (article_id if one.named and article_id in own else None)
        if whose:
            yield whose, one.file.path
            yield from (
                (whose, corpus / copy["path"]) for copy in report.duplicates if copy["duplicate_of"] == article_id
            )


def _sentences(text: str) -> frozenset[str]:
    """Those of `text` that tell it; all of it where it has none."""
    said = (_even(text[span.start : span.end]) for span in article_sentences(text))
    return frozenset(one for one in said if one.count(" ") >= _LEAST_WORDS - 1) or frozenset({_even(text)})


def _even(text: str) -> str:
    return " ".join(text.split())


def _spoken(text: str) -> str:
    """Its letters and digits alone."""
    return " ".join("".join(sign if sign.isalnum() else " " for sign in plain(text)).split())
