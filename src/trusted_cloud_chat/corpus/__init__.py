"""Finds the files that a run reads."""

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
from trusted_cloud_chat.corpus.safe_files import MEGABYTE, MOST_BYTES, fault_of, is_folder, leads_out
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
    path: Path
    root: Path
    in_corpus: bool
    """Whether it belongs to `TCC_CORPUS`."""
    fault: str = ""
    """Why the file is not read, such as a link out of `root`."""
    origin: Origin | None = None
    """The origin of a fetched document: the file is then a copy for one run."""

    @property
    def name(self) -> str:
        """Its name in the report, on one line."""
        if self.origin is not None:
            return visible(self.origin.url)
        return visible(self.path.relative_to(self.root).as_posix() if self.in_corpus else str(self.path))

    def state(self) -> tuple[tuple[int, ...], ...]:
        """Size, times and inode of the file and its possible companions: any write changes them."""
        return tuple(map(_state_of, (str(self.path), *places_of(self.path))))

    def check(self) -> None:
        if self.fault:
            raise ArticleError(self.fault)


def _state_of(path: str) -> tuple[int, ...]:
    try:
        found = os.stat(path)  # noqa: PTH116  (fast)
    except OSError:
        return ()
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


def corpus_files(corpus: Path, others: set[Path] | None = None) -> list[CorpusFile]:
    """The article files under `corpus`, sorted. Raises CorpusNotFoundError if there are none.

    `others` receives links to folders, and files of other kinds except hidden files and READMEs.
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
    corpus = Path(os.path.normpath(corpus))  # `corpus/../a.md` is not in the corpus
    places = {given: Path(os.path.normpath(given.expanduser().absolute())) for given in paths}
    missing = {given: _missing(given) for given, path in places.items() if not os.path.lexists(path)}
    if some and missing and len(missing) == len(places):
        raise CorpusNotFoundError(next(iter(missing.values())))
    for given, path in places.items():
        inside = path.is_relative_to(corpus)
        root = corpus if inside else (path if is_folder(path) else path.parent)
        # A link that the user names is followed; inside the corpus it must not lead out.
        fault = missing.get(given) or (_link_fault(path, corpus) if inside else "") or fault_of(path)
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
    return {visible(kind): n for kind, n in sorted(kinds.items(), key=lambda item: (-item[1], not item[0], item[0]))}


def _missing(given: Path) -> str:
    """The fault of a missing path, with a hint if it looks like an address without https://."""
    host, _, page = given.as_posix().partition("/")
    name, _, ending = host.rpartition(".")
    is_address = name and ending.isalpha() and (page or given.suffix.lower() not in TOLD)
    hint = f"; if it is an address: https://{host}/{page}" if is_address else ""
    return f"no file or folder at {given}: expected an article or a folder of them{hint}"


def _walk(folder: Path, root: Path, others: set[Path] | None, *, in_corpus: bool) -> list[CorpusFile]:
    """The article files below `folder`, sorted, including those that cannot be read; links to folders are not followed."""
    closed: dict[Path, str] = {}
    paths = sorted(_visible(folder, closed), key=lambda path: path.parts)  # ten times as fast as comparing paths
    files = [CorpusFile(folder, root, in_corpus, closed[folder])] if folder in closed else []
    for path in paths:
        readable = path.suffix.lower() in TOLD and not is_companion(path)
        regular = os.path.isfile(path) and not os.path.islink(path)  # noqa: PTH113, PTH114  (as in `is_folder`)
        folder_too = not regular and is_folder(path)
        fault = ""
        if not regular:
            link = (readable or folder_too) and path.is_symlink()
            fault = (_link_fault(path, root) if link else closed.get(path, "")) or fault_of(path)
        if fault or (readable and not folder_too):
            files.append(CorpusFile(path, root, in_corpus, fault))
        elif others is not None and (path.is_symlink() or not folder_too) and not is_companion(path):
            others.add(path)
    return files


def _link_fault(path: Path, root: Path) -> str:
    """Why `path` is not read if its links lead out of `root`; empty if they do not."""
    target = leads_out(path, root)
    if target is None:
        return ""
    return fault_of(path) or (
        f"a link that leads out of {visible(root.name or str(root))}, which is not followed: copy its target here, or give "
        f"the target itself: `trusted-cloud-chat ingest {shortened(visible(str(target)), 120)}`"
    )


def _visible(folder: Path, closed: dict[Path, str]) -> Iterator[Path]:
    """All files and folders except hidden ones, READMEs of other kinds, Office's lock files and the files of saved pages (« Page_files »).

    `closed` receives the folders that cannot be opened, with the reason.
    """

    def note(error: OSError) -> None:
        closed[Path(error.filename)] = f"the folder cannot be read: {error.strerror}"

    for above, folders, files in os.walk(folder, onerror=note):
        pages = {stem for stem, suffix in map(os.path.splitext, files) if suffix in (".html", ".htm")}
        saved = {f"{stem}_{kind}" for stem in pages for kind in ("files", "fichiers")}
        folders[:] = [name for name in folders if not name.startswith((".", "~$")) and name not in saved]
        for name in (*folders, *files):
            stem, suffix = os.path.splitext(name)  # noqa: PTH122  (fast)
            if not name.startswith((".", "~$")) and (stem.upper() != "README" or suffix.lower() in TOLD):
                yield Path(above, name)
