"""Reads question files: the gold set (a header line with the reference day, then one case per line), the BEIR layout (Thakur et al. 2021) and
SQuAD JSON (Rajpurkar et al. 2016).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from trusted_cloud_chat.errors import UnusableError, UsageError
from trusted_cloud_chat.schema import Language, RefusalReason, Span

Model = TypeVar("Model", bound=BaseModel)


def read_text(file: Path, expected: str) -> str:
    """The text of `file`. Raises UnusableError; its message contains `expected`."""
    try:
        return file.read_text("utf-8")
    except OSError as error:
        raise UnusableError(f"{file} cannot be read ({error.strerror}): expected {expected}") from None


def parse(model: type[Model], text: str, where: str) -> Model:
    """Parses JSON as `model`. Raises UsageError with the name of the invalid field."""
    try:
        return model.model_validate_json(text)
    except ValidationError as error:
        detail = error.errors()[0]
        field = ".".join(map(str, detail["loc"])) or "the whole object"
        raise UsageError(f"{where}, {field}: {detail['msg']} (found {str(detail['input'])[:80]!r})") from None


def numbered_lines(file: Path, expected: str) -> Iterator[tuple[str, str]]:
    """Location and text of each line; blank lines are skipped."""
    for number, line in enumerate(read_text(file, expected).split("\n"), start=1):
        if line.strip():
            yield f"{file}, line {number}", line


def read_lines(file: Path, model: type[Model]) -> list[Model]:
    return [parse(model, line, where) for where, line in numbered_lines(file, "a JSON Lines file")]


Split = Literal["dev", "test"]
Kind = Literal[
    "fact", "yes_no", "definition", "why", "how", "date", "number", "who", "list", "comparison", "status_now",
    "how_changed", "follow_up", "false_premise", "not_in_corpus", "out_of_domain",
]  # fmt: skip


class CaseLine(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Header(CaseLine):
    today: date
    version: Literal[1]


class PastTurn(CaseLine):
    question: str = Field(min_length=1)
    answer: str = ""


class GoldQuote(CaseLine):
    article_id: str = Field(min_length=1)
    quote: str = Field(min_length=1)


class Case(CaseLine):
    """A question and its expected answer; evaluation/README.md explains the fields."""

    id: str = Field(min_length=1)
    split: Split
    subject: str | tuple[str, ...]
    question: str = Field(min_length=1)
    language: Language
    kind: Kind
    turns: tuple[PastTurn, ...] = ()
    as_of: date | None = None
    time: bool = False
    standalone: str | None = None
    translation: str | None = None
    relevant: tuple[str, ...] = ()
    quotes: tuple[GoldQuote, ...] = ()
    answers: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    refusal: RefusalReason | None = None
    note: str | None = None

    @property
    def answerable(self) -> bool:
        return self.refusal is None

    @property
    def subjects(self) -> tuple[str, ...]:
        return (self.subject,) if isinstance(self.subject, str) else self.subject


class QuestionFile(CaseLine):
    header: Header
    cases: tuple[Case, ...]


def read_questions(file: Path) -> QuestionFile:
    """Raises UnusableError, UsageError."""
    lines = numbered_lines(file, "a JSON Lines file of questions, name it with --questions")
    if not (first := next(lines, None)):
        raise UsageError(f"{file} is empty: its first line must be like " + '{"today": "2026-11-24", "version": 1}')
    header = parse(Header, first[1], first[0])
    return QuestionFile(header=header, cases=tuple(parse(Case, line, where) for where, line in lines))


class Document(BaseModel):
    """A document, a passage or a query; a query has no title."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    id: str = Field(alias="_id", min_length=1)
    title: str = ""
    text: str


@dataclass(frozen=True, slots=True)
class BeirSet:
    """`gains`: query id → document id → positive gain. Queries without a relevant document are left out."""

    name: str
    documents: list[Document]
    queries: dict[str, str]
    gains: dict[str, dict[str, float]]


def read_beir(folder: Path, split: str | None = None) -> BeirSet:
    """Raises UnusableError, UsageError."""
    qrels = qrels_file(folder, split)
    documents = read_lines(folder / "corpus.jsonl", Document)
    texts = {query.id: query.text for query in read_lines(folder / "queries.jsonl", Document)}
    known = {document.id for document in documents}
    gains: dict[str, dict[str, float]] = {}
    for query, document, gain in _judgements(qrels):
        if query not in texts or document not in known:
            missing = query if query not in texts else document
            raise UsageError(f"{qrels} names {missing!r}, which is in neither queries.jsonl nor corpus.jsonl")
        if gain > 0:
            gains.setdefault(query, {})[document] = gain
    queries = {query: texts[query] for query in texts if query in gains}
    name = folder.resolve().name
    return BeirSet(f"{name}/{split}" if split else name, documents, queries, gains)


def qrels_file(folder: Path, split: str | None) -> Path:
    """The split's file; without a split `qrels.tsv`, else `qrels/test.tsv`, else the only file in `qrels/`. Raises UnusableError."""
    of_split = folder / "qrels" / f"{split or 'test'}.tsv"
    candidates, alone = [of_split], sorted((folder / "qrels").glob("*.tsv"))
    if not split:
        candidates = [folder / "qrels.tsv", of_split, *(alone if len(alone) == 1 else ())]
    if found := next(filter(Path.is_file, candidates), None):
        return found
    raise UnusableError(f"no judgements in {folder}: expected {' or '.join(map(str, candidates))} (see --split)")


def _judgements(file: Path) -> Iterator[tuple[str, str, float]]:
    """Yields (query id, document id, gain); the first line may be a header."""
    for place, (where, line) in enumerate(numbered_lines(file, "judgements")):
        try:
            query, document, gain = line.split("\t")[:3]
            yield query, document, float(gain)
        except ValueError:
            if place:
                raise UsageError(f"{where}: expected query-id, corpus-id and score, tab-separated") from None


class _SetAnswer(BaseModel):
    text: str
    answer_start: int


class _Question(BaseModel):
    model_config = ConfigDict(coerce_numbers_to_str=True)

    id: str
    question: str
    answers: list[_SetAnswer] = Field(default_factory=list)


class _Paragraph(BaseModel):
    context: str
    qas: list[_Question]


class _Entry(BaseModel):
    title: str = ""
    paragraphs: list[_Paragraph]


class _SetFile(BaseModel):
    data: list[_Entry]


@dataclass(frozen=True, slots=True)
class SetQuestion:
    id: str
    text: str
    context: Document
    spans: tuple[Span, ...]
    """Spans of the answers in the context."""

    @property
    def answers(self) -> tuple[str, ...]:
        return tuple(self.context.text[span.start : span.end] for span in self.spans)


@dataclass(frozen=True, slots=True)
class SquadSet:
    name: str
    contexts: list[Document]
    """Distinct passages."""
    questions: list[SetQuestion]
    misplaced: int
    """Number of answers that are not at their stated position; they are left out."""


def read_squad(file: Path) -> SquadSet:
    """Raises UnusableError for a missing file, UsageError for invalid SQuAD JSON."""
    loaded = parse(_SetFile, read_text(file, "SQuAD JSON"), str(file))
    contexts: dict[str, Document] = {}
    questions: list[SetQuestion] = []
    misplaced = 0
    for title, paragraph in ((entry.title, paragraph) for entry in loaded.data for paragraph in entry.paragraphs):
        context = contexts.setdefault(
            paragraph.context, Document(_id=f"c{len(contexts)}", title=title, text=paragraph.context)
        )
        for asked in paragraph.qas:
            spans = tuple(
                Span(a.answer_start, a.answer_start + len(a.text))
                for a in asked.answers
                if a.text and a.answer_start >= 0 and context.text.startswith(a.text, a.answer_start)
            )
            misplaced += len(asked.answers) - len(spans)
            if spans:
                questions.append(SetQuestion(asked.id, asked.question, context, spans))
    name = file.resolve().parent.name if file.stem == "squad" else file.stem
    return SquadSet(name, list(contexts.values()), questions, misplaced)
