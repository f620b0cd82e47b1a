"""Files → articles: which files a run reads, and where each one comes from."""

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from trusted_cloud_chat.corpus.articles import SUFFIXES, TOLD, id_of, read_article, read_articles
from trusted_cloud_chat.corpus.formats.confined import close as close_readers
from trusted_cloud_chat.corpus.formats.confined import read as read_format
from trusted_cloud_chat.corpus.front_matter import is_companion, owners_of, places_of
from trusted_cloud_chat.corpus.origin import Origin
from trusted_cloud_chat.corpus.safe_files import MEGABYTE, MOST_BYTES, fault_of, is_folder, is_regular, leads_out
from trusted_cloud_chat.errors import ArticleError, CorpusNotFoundError, shortened
from trusted_cloud_chat.language.normalise import visible
from trusted_cloud_chat.schema import version_of

__all__ = [
    "MEGABYTE", "MOST_BYTES", "PAGES", "SUFFIXES", "CorpusFile", "Origin", "close_readers", "corpus_files", "files_at", "id_of", "is_folder", "kinds_of",
    "read_article", "read_articles", "read_format", "version_of",
]  # fmt: skip

PAGES = frozenset({".html", ".htm", ".xhtml", ".mhtml", ".mht"})


@dataclass(frozen=True, slots=True)
class CorpusFile:
    """A file to read; `in_corpus` says whether it belongs to `TCC_CORPUS`.

    `fault` is the reason why it is not read, such as a link out of `root`; empty for a file that is read.
    """

    path: Path
    root: Path
    in_corpus: bool
    fault: str = ""
    origin: Origin | None = None
    """The origin of a fetched document: the file is then a copy for one run."""

    @property
    def name(self) -> str:
        """Its name in the report: always on one line."""
        if self.origin is not None:
            return visible(self.origin.url)
        return visible(self.path.relative_to(self.root).as_posix() if self.in_corpus else str(self.path))

    def state(self) -> tuple[tuple[int, ...], ...]:
        """Size, times and inode of the file and of its possible companions, by the file system; nothing for those that do
        not exist: any write changes them.
        """
        return tuple(map(_state_of, (str(self.path), *places_of(self.path))))

    def check(self) -> None:
        """Raise ArticleError if the file is not read."""
        if self.fault:
            raise ArticleError(self.fault)


def _state_of(path: str) -> tuple[int, ...]:
    try:
        found = os.stat(path)  # noqa: PTH116  (fast)
    except OSError:
        return ()
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


def corpus_files(corpus: Path, others: set[Path] | None = None) -> list[CorpusFile]:
    """Every article file under `corpus`, sorted; `others` receives the files whose kind is not read (except hidden files and READMEs) and
    links to folders. Raises CorpusNotFoundError if there is no article.
    """
    if not is_folder(corpus):
        raise CorpusNotFoundError(
            f"no corpus folder at {corpus}: expected a folder of articles (.md, .txt, .html, .pdf, .docx…). "
            "Set TCC_CORPUS to it, or give paths: `trusted-cloud-chat ingest PATH…`"
        )
    files = _walk(corpus, corpus, others, in_corpus=True)
    if not files:
        raise CorpusNotFoundError(
            f"the corpus folder {corpus} holds no article: expected .md, .txt, .html, .pdf, .docx… files. "
            "Add some, or set TCC_CORPUS to another folder"
        )
    return files


def files_at(
    paths: list[Path], corpus: Path, others: set[Path] | None = None, *, some: bool = True
) -> list[CorpusFile]:
    """The article files at `paths`, which are files or folders; `others` as in `corpus_files`. A missing path becomes a file with that fault.

    A companion (`NAME.enrichment.jsonl`) stands for its file. Raises CorpusNotFoundError if all are missing and `some` were expected.
    """
    files: list[CorpusFile] = []
    corpus = _without_dots(corpus)
    places = {given: _without_dots(given.expanduser().absolute()) for given in paths}
    missing = {given: _missing(given) for given, path in places.items() if not os.path.lexists(path)}
    if some and missing and len(missing) == len(places):
        raise CorpusNotFoundError(next(iter(missing.values())))
    for given, path in places.items():
        inside = path.is_relative_to(corpus)
        root = corpus if inside else (path if is_folder(path) else path.parent)
        # A link given explicitly is followed, but not one that belongs to the corpus.
        fault = missing.get(given) or (_leads_out(path, corpus) if inside else "") or fault_of(path)
        if not fault and is_companion(path):
            files.extend(CorpusFile(owner, root, inside) for owner in owners_of(path))
        elif fault or not is_folder(path):
            files.append(CorpusFile(path, root, inside, fault))
        else:
            files.extend(_walk(path, root, others, in_corpus=inside))
    return list(dict.fromkeys(files))


def kinds_of(paths: Iterable[Path]) -> dict[str, int]:
    """The number of files of each kind, the most frequent first: `{".docx": 2}`."""
    kinds = Counter(path.suffix.lower() for path in paths)
    kept = sorted((-n, not kind, kind) for kind, n in kinds.items())
    return {visible(kind): -n for n, _, kind in kept}


def _missing(given: Path) -> str:
    """The fault of a missing path, with a hint where it looks like an address without https://."""
    host, _, page = given.as_posix().partition("/")
    name, _, ending = host.rpartition(".")
    meant = name and ending.isalpha() and (page or given.suffix.lower() not in TOLD)
    hint = f"; if it is an address: https://{host}/{page}" if meant else ""
    return f"no file or folder at {given}: expected an article or a folder of them{hint}"


def _without_dots(path: Path) -> Path:
    """`corpus/../a.md` is not of the corpus."""
    return Path(os.path.normpath(path))


def _walk(folder: Path, root: Path, others: set[Path] | None, *, in_corpus: bool) -> list[CorpusFile]:
    """The article files below `folder`, sorted, including those that cannot be read; links to folders are not followed."""
    closed: dict[Path, str] = {}
    paths = sorted(
        _visible(folder, closed), key=lambda path: path.parts
    )  # paths themselves compare ten times as slowly
    found = [CorpusFile(folder, root, in_corpus, closed[folder])] if folder in closed else []
    for path in paths:
        readable, regular = path.suffix.lower() in TOLD and not is_companion(path), is_regular(path)
        folder_too = not regular and is_folder(path)
        fault = ""
        if not regular:
            link = (readable or folder_too) and path.is_symlink()
            fault = (_leads_out(path, root) if link else closed.get(path, "")) or fault_of(path)
        if fault or (readable and not folder_too):
            found.append(CorpusFile(path, root, in_corpus, fault))
        elif others is not None and (path.is_symlink() or not folder_too) and not is_companion(path):
            others.add(path)
    return found


def _leads_out(path: Path, root: Path) -> str:
    """Why `path` is not read if its links lead out of `root`; empty if they do not."""
    target = leads_out(path, root)
    if target is None:
        return ""
    if fault := fault_of(path):  # that path could not be given
        return fault
    return (
        f"a link that leads out of {visible(root.name or str(root))}, which is not followed: copy what it leads to, or give "
        f"that path itself: `trusted-cloud-chat ingest {shortened(visible(str(target)), 120)}`"
    )


def _visible(folder: Path, closed: dict[Path, str]) -> Iterator[Path]:
    """Every file and folder except hidden ones, READMEs that are not read, Office's lock files and the parts of pages that a browser saved.

    `closed` receives the folders that cannot be opened, with the reason.
    """

    def note(error: OSError) -> None:
        closed[Path(error.filename)] = f"the folder cannot be read: {error.strerror}"

    for above, folders, files in os.walk(folder, onerror=note):
        folders[:] = [name for name in folders if not name.startswith((".", "~$")) and not _of_a_page(name, files)]
        for name in (*folders, *files):
            stem, suffix = os.path.splitext(name)  # noqa: PTH122  (fast)
            if not name.startswith((".", "~$")) and (stem.upper() != "README" or suffix.lower() in TOLD):
                yield Path(above, name)


def _of_a_page(folder: str, files: list[str]) -> bool:
    """Whether `folder` holds the parts of a page that a browser saved beside it: « Page_files », « Page_fichiers »."""
    name, _, kind = folder.rpartition("_")
    return kind in ("files", "fichiers") and (f"{name}.html" in files or f"{name}.htm" in files)
