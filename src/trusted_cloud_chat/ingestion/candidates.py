"""Files → candidate articles: read, or taken from the index if the file is unchanged. A bad file never stops the others."""

import hashlib
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

import trusted_cloud_chat
from trusted_cloud_chat import __version__
from trusted_cloud_chat.corpus import MOST_BYTES, CorpusFile, close_readers, read_articles
from trusted_cloud_chat.enrichment import Enricher
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.errors import ArticleError
from trusted_cloud_chat.fetching import Fetched
from trusted_cloud_chat.index.catalog import Catalog
from trusted_cloud_chat.index.chroma import ChromaServer
from trusted_cloud_chat.index.history import KnownFile
from trusted_cloud_chat.index.records import Live, Outline
from trusted_cloud_chat.index.store import StoreFolder
from trusted_cloud_chat.ingestion.report import IngestReport
from trusted_cloud_chat.progress import Progress, followed, tell_nobody
from trusted_cloud_chat.schema import Article

_READING = ("corpus", "enrichment", "language", "particulars", "dates.py", "schema.py")
"""The parts of this program that read files."""
_LIBRARIES = (
    "beautifulsoup4", "charset-normalizer", "htmldate", "odfdo", "pypdfium2", "python-calamine", "python-docx",
    "python-pptx", "striprtf", "trafilatura",
)  # fmt: skip
"""The libraries that they use."""
_SETTLED_S = 2.0
"""Seconds after a change from which a further change gets another time."""


@dataclass(frozen=True, slots=True)
class IngestRun:
    """The input of a run: the whole `corpus`, or `paths` and what was `fetched`."""

    home: Path
    corpus: Path
    today: date
    allow_undated: bool = True
    most_bytes: int = MOST_BYTES
    enricher: Enricher | None = None
    """Reads the sidecar beside a file; None: sidecars are ignored."""
    paths: Sequence[Path] = ()
    fetched: Fetched | None = None
    unfinished: Collection[Path] = ()
    """Files that are still being written."""
    rebuild: bool = False
    allow_deletions: bool = False
    kept_versions: int | None = None
    chroma_url: str | ChromaServer = ""
    entities: EntityBook | None = None
    progress: Progress = tell_nobody

    @property
    def stores(self) -> StoreFolder:
        return StoreFolder(self.home, self.chroma_url)

    @property
    def is_whole(self) -> bool:
        return not self.paths and self.fetched is None


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article that a file would add to the index."""

    outline: Outline
    file: CorpusFile
    article: Article | None
    """None if the file is unchanged and was not read."""
    named: bool = False
    """Whether its id is written in the file rather than derived from the path."""

    @property
    def article_id(self) -> str:
        return self.outline.article_id

    def called(self, article_id: str, live: Live) -> "Candidate":
        if article_id == self.article_id:
            return self
        article = replace(self.article or live.read(self.article_id), article_id=article_id)
        return replace(self, outline=self.outline._replace(article_id=article_id), article=article)


class Reading:
    """Reads the files of a run. Notes what each file gave, so that the next run does not read it again if it is unchanged."""

    def __init__(self, noted: Mapping[str, KnownFile], live: Live, run: IngestRun, report: IngestReport) -> None:
        self._noted, self._live, self._run, self._report = noted, live, run, report
        enrichment = run.enricher.rules if run.enricher else ""
        rules = f"allow_undated={run.allow_undated}\x00most_bytes={run.most_bytes}\x00enrichment={enrichment}"
        self._by = hashlib.sha256(program_that_reads() + rules.encode()).hexdigest()[:16]
        self._settled = (time.time() - _SETTLED_S) * 1e9
        self._states: dict[str, str] = {}
        self._learnt: dict[str, tuple[list[Article], list[str]]] = {}
        self._candidates: dict[str, Candidate] = {}

    def read(self, files: Sequence[CorpusFile], tell: Progress) -> list[Candidate]:
        """The articles in `files`; whatever a reader raises, the file is listed as failed."""
        for file in followed(files, tell, "read", len(files)):
            notices: list[str] = []
            reasons: list[str] = []
            try:
                file.check()
                found = self._recall(file, notices) or self._read(file, notices, reasons)
                found = [self._take(one, reasons) for one in found]
                articles = [one.article for one in found if one.article]
                if articles and not reasons and self._states.get(file.name):
                    self._learnt[file.name] = articles, notices
            except ArticleError as error:
                reasons.append(str(error))
            except Exception as error:  # of a library, which must not stop the other files
                name = type(error).__name__
                reasons.append(f"its reader failed; this is our mistake, please report it: {name}: {error}")
            for reason in reasons:
                self._report.fail(file.name, reason)
            for notice in notices:
                self._report.note(file.name, notice)
        close_readers()
        return list(self._candidates.values())

    def note(self, catalog: Catalog, *, whole_corpus: bool) -> None:
        """Store what was learned for the next run, except about files whose articles differ in the index (copies, kept ids).
        Call it after the commit, so that the files of a killed run are read again.
        """
        learnt = {article.article_id for articles, _ in self._learnt.values() for article in articles}
        held = catalog.articles(learnt) if learnt else {}
        lasting = {
            name: KnownFile(self._states[name], tuple((a.article_id, a.version) for a in articles), tuple(notices))
            for name, (articles, notices) in self._learnt.items()
            if all(held.get(article.article_id) == replace(article, enrichment=None) for article in articles)
        }
        gone = [name for name in self._noted if name not in self._states] if whole_corpus else []
        if lasting or gone:
            with catalog.transaction():
                catalog.history.note_files(lasting, gone)

    def _recall(self, file: CorpusFile, notices: list[str]) -> list[Candidate]:
        """The articles of an unchanged file; empty if it must be read."""
        if not file.in_corpus:
            return []
        state = file.state()
        # Right after a change, the next change may get the same time.
        young = any(max(changed, noted) > self._settled for _, changed, noted, _ in filter(None, state))
        now = self._states[file.name] = "" if young or not state[0] else f"{self._by}|{state}"
        noted = self._noted.get(file.name)
        if noted is None or noted.state != now:
            return []
        place = file.path.relative_to(file.root).as_posix()
        found = [one for article_id, _ in noted.articles if (one := self._live.get(article_id)) and one.path == place]
        if tuple((one.article_id, one.version) for one in found) != noted.articles:
            return []
        notices += noted.notices
        return [Candidate(one, file, None) for one in found]

    def _read(self, file: CorpusFile, notices: list[str], reasons: list[str]) -> list[Candidate]:
        run, named = self._run, set[str]()
        articles = read_articles(
            file.path, file.root, notices=notices, left_out=reasons, named=named, origin=file.origin,
            allow_undated=run.allow_undated, today=run.today, most_bytes=run.most_bytes,
        )  # fmt: skip
        if run.enricher and file.origin is None:
            articles = run.enricher(articles, file.path, file.root, notices)
        # A path relative to a folder argument would be meaningless later.
        if not file.in_corpus:
            articles = [replace(article, path=file.name) for article in articles]
        return [Candidate(Outline.of(a), file, a, a.article_id in named) for a in articles]

    def _take(self, one: Candidate, reasons: list[str]) -> Candidate:
        """Add it to the candidates; returns it with the id that it gets.

        Of two files with the same id and text, the one in the index is kept, else the first; the other is a duplicate. If the texts
        differ, `rapport.pdf` beside `rapport.docx` takes its whole name as id; any other pair is a failure.
        """
        other = self._candidates.setdefault(one.article_id, one)
        if other is one:
            return one
        held = self._live.get(one.article_id)
        stays, goes = (one, other) if held and held.path == one.outline.path else (other, one)
        if other.outline.likeness == one.outline.likeness:
            self._candidates[one.article_id] = stays
            self._report.duplicates.append({"path": goes.file.name, "duplicate_of": one.article_id})
            return one
        whole_name = f"{goes.article_id}{goes.file.path.suffix.lower()}"
        written = stays.named or goes.named or goes.article is None
        a, b = one.file.path, other.file.path
        if written or a == b or a.with_suffix("") != b.with_suffix("") or whole_name in self._candidates:
            reasons.append(f"the id {one.article_id!r} is taken by {other.file.name}: give each article its own")
            return one
        called = goes.called(whole_name, self._live)
        self._candidates |= {stays.article_id: stays, whole_name: called}
        message = f"its id is {whole_name!r}: {stays.article_id!r} is that of {stays.file.name}"
        self._report.note(goes.file.name, message)
        return called if goes is one else one


@lru_cache(maxsize=1)
def program_that_reads() -> bytes:
    """A digest of the code and libraries that read files: other versions may read them differently."""
    digest = hashlib.sha256(__version__.encode())
    for name in _LIBRARIES:
        digest.update(f"{name} {version(name)}\n".encode())
    here = Path(trusted_cloud_chat.__file__).parent
    for path in sorted(path for name in _READING for path in (here / name, *(here / name).rglob("*"))):
        if path.is_file() and path.parent.name != "__pycache__":
            digest.update(path.name.encode() + b"\x00" + path.read_bytes())
    return digest.digest()
