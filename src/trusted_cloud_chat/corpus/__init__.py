"""Files → articles: which files a run reads, and where each came from."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from trusted_cloud_chat.corpus.articles import SUFFIXES, read_article
from trusted_cloud_chat.errors import ArticleError, CorpusNotFoundError
from trusted_cloud_chat.versions import version_of

__all__ = ["CorpusFile", "corpus_files", "files_at", "passed_over", "read_article", "version_of"]


@dataclass(frozen=True, slots=True)
class CorpusFile:
    """A file to read; `in_corpus` says that it belongs to `TCC_CORPUS`.

    `leads_out` says that it is a link, to a file or a folder, out of `root`: it is not read.
    """

    path: Path
    root: Path
    in_corpus: bool
    leads_out: bool = False

    @property
    def name(self) -> str:
        """How the report names it; printable, whatever bytes the name is made of."""
        name = self.path.relative_to(self.root).as_posix() if self.in_corpus else str(self.path)
        return name.encode(errors="replace").decode()

    def check(self) -> None:
        """Raise ArticleError for a link out of the folder that is read: one could bring in any file of the machine."""
        if self.leads_out:
            target = str(self.path.resolve()).encode(errors="replace").decode()
            raise ArticleError(
                f"a link that leads out of {self.root.name or self.root}, which is not followed: copy what it leads to, "
                f"or give that path itself: `trusted-cloud-chat ingest {_shortened(target)}`"
            )


def corpus_files(corpus: Path) -> list[CorpusFile]:
    """Every article file under `corpus`, sorted. Raises CorpusNotFoundError where there is none."""
    if not corpus.is_dir():
        raise CorpusNotFoundError(
            f"no corpus folder at {corpus}: expected a folder of .md or .txt articles. "
            "Set TCC_CORPUS to it, or give paths: `trusted-cloud-chat ingest PATH…`"
        )
    files = _walk(corpus, corpus, in_corpus=True)
    if not files:
        raise CorpusNotFoundError(
            f"the corpus folder {corpus} holds no article: expected .md or .txt files. "
            "Add some, or set TCC_CORPUS to another folder"
        )
    return files


def files_at(paths: list[Path], corpus: Path) -> list[CorpusFile]:
    """The article files that `paths` name, files or folders. Raises CorpusNotFoundError for a missing one."""
    files: list[CorpusFile] = []
    corpus = _without_dots(corpus)
    for given in paths:
        path = _without_dots(given.expanduser().absolute())
        if not path.exists():
            raise CorpusNotFoundError(f"no file or folder at {given}: expected an article or a folder of them")
        inside = path.is_relative_to(corpus)
        root = corpus if inside else (path if path.is_dir() else path.parent)
        # A link that is itself given is meant, but not one that belongs to the corpus.
        leads_out = inside and _leads_out(path, corpus.resolve())
        if path.is_dir() and not leads_out:
            files.extend(_walk(path, root, in_corpus=inside))
        else:
            files.append(CorpusFile(path, root, inside, leads_out))
    return list(dict.fromkeys(files))


def passed_over(folders: Iterable[Path]) -> dict[str, int]:
    """How many files of `folders` are of a kind that is not read, by kind: `{".docx": 2}`; hidden ones and READMEs apart."""
    files = {_without_dots(path.absolute()) for folder in folders for path in _shown(folder)}
    kinds = Counter(path.suffix.lower() for path in files)
    kept = sorted((-n, not kind, kind) for kind, n in kinds.items() if kind not in SUFFIXES)
    return {kind.encode(errors="replace").decode(): -n for n, _, kind in kept}


def _without_dots(path: Path) -> Path:
    """`corpus/../a.md` is not of the corpus."""
    return Path(os.path.normpath(path))


def _walk(folder: Path, root: Path, *, in_corpus: bool) -> list[CorpusFile]:
    """The article files below `folder`, sorted, and the links out of `root`; a link to a folder is never entered."""
    real = root.resolve()
    found = []
    for path in sorted(_visible(folder)):
        readable = path.suffix.lower() in SUFFIXES
        leads_out = path.is_symlink() and (readable or path.is_dir()) and _leads_out(path, real)
        if leads_out or (readable and path.is_file()):
            found.append(CorpusFile(path, root, in_corpus, leads_out))
    return found


def _leads_out(path: Path, root: Path) -> bool:
    """Whether `path` is, behind all links, outside of `root`, a resolved path. A link in a circle leads nowhere."""
    try:
        return not path.resolve().is_relative_to(root)
    except (OSError, RuntimeError):
        return False


def _shortened(text: str, most: int = 120) -> str:
    return text if len(text) <= most else f"…{text[1 - most :]}"


def _shown(folder: Path) -> Iterator[Path]:
    """Every file but hidden ones and READMEs."""
    return (path for path in _visible(folder) if path.is_file())


def _visible(folder: Path) -> Iterator[Path]:
    """Every file and folder but hidden ones and READMEs."""
    return (
        path
        for path in folder.rglob("*")
        if path.stem.upper() != "README" and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )
