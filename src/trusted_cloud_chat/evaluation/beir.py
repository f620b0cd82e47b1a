"""The BEIR layout: `corpus.jsonl`, `queries.jsonl`, `qrels.tsv` or `qrels/NAME.tsv` (Thakur et al. 2021)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from trusted_cloud_chat.errors import UnusableError, UsageError

Model = TypeVar("Model", bound=BaseModel)


class _Document(BaseModel):
    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)

    id: str = Field(alias="_id", min_length=1)
    title: str = ""
    text: str


class _Query(BaseModel):
    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)

    id: str = Field(alias="_id", min_length=1)
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class BeirSet:
    """`gains`: question id → document id → positive gain. Questions without a relevant document are left out."""

    name: str
    documents: list[Document]
    queries: dict[str, str]
    gains: dict[str, dict[str, float]]


def read_beir(folder: Path, split: str | None = None) -> BeirSet:
    """Raises UnusableError where a file is missing, UsageError for a line that does not fit."""
    qrels = qrels_file(folder, split)
    documents = [Document(d.id, d.title, d.text) for d in read_lines(folder / "corpus.jsonl", _Document)]
    texts = {q.id: q.text for q in read_lines(folder / "queries.jsonl", _Query)}
    known = {document.id for document in documents}
    gains: dict[str, dict[str, float]] = {}
    for query, document, gain in _judgements(qrels):
        if query not in texts or document not in known:
            missing = query if query not in texts else document
            raise UsageError(f"{qrels} names {missing!r}, which is in neither queries.jsonl nor corpus.jsonl")
        if gain > 0:
            gains.setdefault(query, {})[document] = gain
    queries = {query: texts[query] for query in texts if query in gains}
    return BeirSet(f"{folder.resolve().name}/{split}" if split else folder.resolve().name, documents, queries, gains)


def qrels_file(folder: Path, split: str | None) -> Path:
    """The split's file; without a split `qrels.tsv`, else `qrels/test.tsv`, else the only file in `qrels/`."""
    if split:
        candidates = [folder / "qrels" / f"{split}.tsv"]
    else:
        candidates = [folder / "qrels.tsv", folder / "qrels" / "test.tsv"]
        alone = sorted((folder / "qrels").glob("*.tsv"))
        candidates += alone if len(alone) == 1 else []
    found = next((file for file in candidates if file.is_file()), None)
    if found is None:
        raise UnusableError(f"no judgements in {folder}: expected {' or '.join(map(str, candidates))} (see --split)")
    return found


def read_lines(file: Path, model: type[Model]) -> Iterator[Model]:
    """One object a line; blank lines are skipped."""
    try:
        opened = file.open(encoding="utf-8")
    except OSError as error:
        raise UnusableError(f"{file} cannot be read ({error.strerror}): expected a JSON Lines file") from None
    with opened:
        for number, line in enumerate(opened, start=1):
            if line.strip():
                try:
                    yield model.model_validate_json(line)
                except ValidationError as error:
                    detail = error.errors()[0]
                    where = ".".join(str(part) for part in detail["loc"])
                    raise UsageError(f"{file}, line {number}, {where}: {detail['msg']}") from None


def _judgements(file: Path) -> Iterator[tuple[str, str, float]]:
    for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1):
        fields = line.split("\t")
        if not line.strip() or (number == 1 and not _is_number(fields[-1])):
            continue  # the header
        if len(fields) != 3 or not _is_number(fields[2]):
            raise UsageError(f"{file}, line {number}: expected query-id, corpus-id and score, tab-separated")
        yield fields[0], fields[1], float(fields[2])


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
