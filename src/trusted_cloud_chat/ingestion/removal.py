"""Listing, removing and forgetting articles; their text is also looked for in other articles and in the files of the corpus."""

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

from trusted_cloud_chat.corpus import corpus_files
from trusted_cloud_chat.errors import CorpusNotFoundError, UnusableError, UsageError
from trusted_cloud_chat.fetching import forget as forget_addresses
from trusted_cloud_chat.fetching import is_address
from trusted_cloud_chat.index.catalog import Catalog
from trusted_cloud_chat.index.index_writer import open_writer
from trusted_cloud_chat.index.records import Live, likeness
from trusted_cloud_chat.index.store import Fingerprint, StoreFolder
from trusted_cloud_chat.ingestion.candidates import IngestRun, Reading
from trusted_cloud_chat.ingestion.report import IngestReport, drop, logs_of
from trusted_cloud_chat.language.blocks import article_sentences, plain
from trusted_cloud_chat.people.conversations import Archive
from trusted_cloud_chat.people.feedback import FeedbackStore
from trusted_cloud_chat.progress import tell_nobody
from trusted_cloud_chat.schema import Article

_LEAST_WORDS = 5
"""Minimum words of a sentence that identifies an article: « Lire aussi » does not."""
_ALIKE = 0.5
"""Two texts are nearly equal if they share this part of the sentences of the shorter text."""


@dataclass(slots=True)
class Removal:
    removed: list[str] = field(default_factory=list)
    """Ids of articles that were live."""
    comes_back: list[dict[str, str]] = field(default_factory=list)
    """`path` of a file from which the next run over the corpus adds the removed `article_id` again."""
    forgotten: int = 0
    alike: list[str] = field(default_factory=list)
    """Ids of other articles with nearly the same text."""
    feedback: int = 0
    """The number of deleted feedback on answers that cited them."""
    answers: int = 0
    """The number of such answers deleted from kept conversations."""
    generation: int = 0


def held(home: Path) -> tuple[int, list[Article]]:
    """The generation and the live articles, by id. Raises IndexEmptyError."""
    with closing(StoreFolder(home).open()) as catalog:
        catalog.begin_read()
        return catalog.generation, list(catalog.articles().values())


def kept(home: Path) -> tuple[int, list[tuple[Article, int]]]:
    """The generation, and by id each article that is no longer live: its newest version and the number of stored versions."""
    with closing(StoreFolder(home).open()) as catalog:
        catalog.begin_read()
        live = catalog.outlines()
        newest = {one.article_id: one for one in catalog.every("old") if one.article_id not in live}
        count = Counter(article_id for article_id, _ in catalog.all_keys())
        return catalog.generation, [(newest[one], count[one]) for one in sorted(newest)]


def remove(run: IngestRun, article_ids: Sequence[str], *, forget: bool) -> Removal:
    """Remove articles from the index; `forget` also erases every version and trace of them in the home, including stored answers.

    Raises UsageError, before anything is removed, for an unknown id.
    """
    stores, ids = run.stores, list(dict.fromkeys(article_ids))
    with closing(stores.open(begun=forget)) as catalog:
        made = Fingerprint.of(catalog)
    with open_writer(stores, made) as writer:
        live, catalog = writer.live, writer.catalog
        _check_known(ids, live, catalog, forget=forget)
        done = Removal(removed=[article_id for article_id in ids if article_id in live])
        every = catalog.every("live", "old") if forget else catalog.articles(done.removed).values()
        words = _Words(article for article in every if article.article_id in ids)
        done.comes_back = _coming_back(ids, words, catalog, live, run)
        if forget:
            done.alike = _alike(words, catalog)
            # These go before the index: if this run is killed, the next run finds them by the stored text.
            done.feedback = FeedbackStore(run.home).forget(ids, words.said_in)
            done.answers = Archive(run.home).forget_articles(ids, words.said_in)
            done.forgotten = sum(article_id in ids for article_id, _ in catalog.staged())
        done.generation = writer.commit([], done.removed)
        if forget:
            paths = [known.path for one in ids if (known := catalog.article(one))]
            forget_addresses(run.home, [path for path in paths if is_address(path)])
            done.forgotten += writer.forget(ids)
    if forget:
        drop(logs_of(run.home))  # each may name a forgotten article
        for path in stores.leftovers():
            raise UnusableError(
                f"{path} has forgotten text, or names its collection on a Chroma server, and could not be removed: stop the page "
                "and other programs that use it, check that the server answers, and run `trusted-cloud-chat ingest`, which tries again"
            )
    return done


def _check_known(article_ids: list[str], live: Live, catalog: Catalog, *, forget: bool) -> None:
    kept = {article_id for article_id, _ in (*catalog.all_keys(), *catalog.staged())}
    for article_id in article_ids:
        if article_id not in kept:
            raise UsageError(
                f"no article {article_id!r} in the index: `trusted-cloud-chat list` prints the ids that exist"
            )
        if article_id not in live and not forget:
            raise UsageError(
                f"the article {article_id!r} is already out of the index; the versions for old citations are kept: "
                "`remove --forget` deletes them too"
            )


class _Words:
    """The sentences of these articles in all their versions, with white space normalised."""

    def __init__(self, articles: Iterable[Article]) -> None:
        every = tuple(articles)
        self.own, self.titles = {one.article_id for one in every}, {one.title for one in every}
        self.ids = {likeness(article.text): article.article_id for article in every}
        """Likeness of the text → article id."""
        self._sentences = [_sentences(article.text) for article in every]
        self._all = frozenset[str]().union(*self._sentences)
        self._spoken = frozenset(map(_spoken, self._all)) - {""}

    def said_in(self, text: str) -> bool:
        """Whether `text` has one of their sentences, whatever its punctuation and markup."""
        spoken = _spoken(text)
        return any(sentence in spoken for sentence in self._spoken)

    def alike(self, text: str) -> bool:
        """Whether `text` is nearly the same as a text of these articles."""
        even = " ".join(text.split())
        if not any(sentence in even for sentence in self._all):
            return False
        other = _sentences(text)
        return any(len(own & other) >= _ALIKE * min(len(own), len(other)) > 0 for own in self._sentences)


def _alike(words: _Words, catalog: Catalog) -> list[str]:
    """The ids of other articles, live or old, with nearly the same text. Old versions with the same text go with them."""
    found = {article.article_id for article in catalog.every("live") if words.alike(article.text)}
    for article in catalog.every("old"):
        same_words = article.title in words.titles or words.alike(article.text)
        if same_words and likeness(article.text) not in words.ids:
            found.add(article.article_id)
    return sorted(found - words.own)


def _coming_back(ids: list[str], words: _Words, catalog: Catalog, live: Live, run: IngestRun) -> list[dict[str, str]]:
    """`Removal.comes_back`: the files at the articles' paths, and all others with their text or id. Unchanged files are not read."""
    corpus = run.corpus
    places = [(one, corpus / live[one].path) for one in ids if one in live and live[one].in_corpus]
    found = {path: one for one, path in places if os.path.lexists(path)}
    begun, report = set(ids) - words.own, IngestReport()
    with suppress(CorpusNotFoundError):
        for one in Reading(catalog.history.files(), live, run, report).read(corpus_files(corpus), tell_nobody):
            its = one.article_id in (words.own if one.named else begun)
            if whose := words.ids.get(one.outline.likeness) or (one.article_id if its else None):
                copies = (other["path"] for other in report.duplicates if other["duplicate_of"] == one.article_id)
                for path in (one.file.path, *map(corpus.joinpath, copies)):
                    found.setdefault(path, whose)
    return [{"article_id": found[path], "path": str(path)} for path in sorted(found)]


def _sentences(text: str) -> frozenset[str]:
    """The sentences that identify `text`."""
    every = (" ".join(text[span.start : span.end].split()) for span in article_sentences(text))
    return frozenset(sentence for sentence in every if sentence.count(" ") >= _LEAST_WORDS - 1)


def _spoken(text: str) -> str:
    """Its letters and digits only."""
    return " ".join("".join(sign if sign.isalnum() else " " for sign in plain(text)).split())
