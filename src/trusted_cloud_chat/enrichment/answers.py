"""Converts a chat model's rows into rows of a sidecar, with stricter checks than for those of a person."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from trusted_cloud_chat.enrichment.checks import RowChecker
from trusted_cloud_chat.enrichment.portions import Portion, template
from trusted_cloud_chat.enrichment.rows import SidecarRow
from trusted_cloud_chat.enrichment.sidecar import RowError, first_fault, statement_of
from trusted_cloud_chat.language.blocks import article_sentences
from trusted_cloud_chat.language.normalise import fold, printable
from trusted_cloud_chat.language.senses import says
from trusted_cloud_chat.language.stems import content_words
from trusted_cloud_chat.schema import Article, FactStatus, Span, Statement

_OF_THE_ARTICLE, _OF_THE_SENTENCE = 0.7, 0.25
"""Shares of the words of `alone` that must be in the article and in the sentence; the minima of 1,994 hand-written rows are 0.75 and 0.27."""
_LONGER = 3
"""How many times as long as the sentence `alone` may be."""
_MOST_QUESTIONS, _LONGEST_QUESTION = 8, 300
_MOST_KEYWORDS = 4
"""So many words may be a question and stand in the article."""
_EXAMPLE = "\nEx"
"""How the example begins in the rules, in French and in English."""
_PLANNED = ("qualification", "milestone", "migration")
"""Attributes that must not all have the status `done` if the sentence is about a plan."""

# Models are sent the schema of these classes: OpenAI refuses one with defaults other than null, and a grammar needs the numbers of items,
# which do not bind the reading of an answer.


class ModelFact(BaseModel):
    """A fact; missing fields are not stated."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    subject: str
    attribute: str
    object: str | None = None
    value: str | None = None
    unit: str | None = None
    service: str | None = None
    date: str | None = None
    start: str | None = None
    end: str | None = None
    due: str | None = None
    status: FactStatus | None = None
    reported: bool | None = None


class ModelRow(BaseModel):
    """A row about one numbered sentence."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    s: list[int] = Field(json_schema_extra={"minItems": 1, "maxItems": 2})
    alone: str
    translation: str | None = None
    source: int | None = None
    said_on: str | None = None
    context: list[int] = Field(default_factory=list, json_schema_extra={"maxItems": 2})
    questions: list[str] = Field(json_schema_extra={"minItems": 1, "maxItems": _MOST_QUESTIONS})
    facts: list[ModelFact] = Field(default_factory=list, json_schema_extra={"maxItems": 4})


class ModelRows(BaseModel):
    """One row for each numbered sentence."""

    rows: list[ModelRow]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An invalid row, as it was written, and the reason."""

    row: Mapping[str, Any]
    reason: str


def number_of(row: Mapping[str, Any]) -> int | None:
    """The number of the sentence that a row is about, before anything of it is checked."""
    numbers = row.get("s")
    return numbers[0] if isinstance(numbers, list) and numbers and isinstance(numbers[0], int) else None


def checked(
    found: list[dict[str, Any]], portion: Portion, checker: RowChecker
) -> tuple[dict[int, SidecarRow], list[LeftOut]]:
    """The valid rows by sentence, the first one of each, and the invalid ones."""
    rows: dict[int, SidecarRow] = {}
    left_out: list[LeftOut] = []
    for one in found:
        try:
            read = ModelRow.model_validate(one)
            row = _row(read, portion, checker)
            if faults := list(_faults(row, statement_of(portion.article, row), portion.article, checker)):
                raise RowError("; ".join(faults))
            rows.setdefault(read.s[0], row)
        except ValidationError as error:
            left_out.append(LeftOut(one, first_fault(error)))
        except RowError as error:
            left_out.append(LeftOut(one, str(error)))
    return rows, left_out


def _row(read: ModelRow, portion: Portion, checker: RowChecker) -> SidecarRow:
    """The row with quotes in place of numbers, taken from the article. Raises RowError, ValidationError."""
    if not 1 <= len(read.s) <= 2 or not set(read.s) <= set(portion.numbers):
        raise RowError(f"`s` is {read.s}: expected the number of a sentence above, or of two")
    every = article_sentences(portion.article.text)
    if not all(1 <= n <= len(every) for n in read.context):
        raise RowError(f"`context` is {read.context}: expected numbers of sentences")
    fields = read.model_dump(exclude_none=True, exclude={"s", "context", "questions"})
    return SidecarRow.model_validate(
        {
            **{name: value for name, value in fields.items() if value},
            "quote": [_quote(portion.article, every[n - 1]) for n in read.s],
            "context": [_quote(portion.article, every[n - 1]) for n in read.context[:2]],
            "questions": list(_questions(read, portion.article, checker)),
        }
    )


def _questions(read: ModelRow, article: Article, checker: RowChecker) -> Iterator[str]:
    """Those that may be about the sentence."""
    every = article_sentences(article.text)
    sentences = (article.text[every[n - 1].start : every[n - 1].end] for n in read.s)
    said = " ".join([*sentences, read.alone, read.translation or "", article.title])
    for question in dict.fromkeys(read.questions[:_MOST_QUESTIONS]):
        asked = " ".join(printable(question).split())
        # A small model gives sentences for questions, the article's others and such as resemble them.
        tells = (asked.endswith((".", "…")) and "?" not in asked) or (
            len(asked.split()) > _MOST_KEYWORDS and _stands_in(asked.lstrip("0123456789.)- "), article.text)
        )
        # « price » stands in the rules too, and is a question.
        copied = tells or _is_example(asked, article, _EXAMPLE)
        if not copied and len(asked) <= _LONGEST_QUESTION and checker.may_ask(asked, said):
            yield asked


def _is_example(text: str, article: Article, since: str = "") -> bool:
    """Whether it stands in the prompt's rules, or in what of them begins with `since`."""
    rules = template("enrich_rules", article.language)
    return _stands_in(text, rules[rules.index(since) :])


def _stands_in(text: str, whole: str) -> bool:
    return " ".join(fold(text).split()) in " ".join(fold(whole).split())


def _quote(article: Article, span: Span) -> dict[str, Any]:
    said, occurrence, at = article.text[span.start : span.end], 1, -1
    while (at := article.text.find(said, at + 1)) not in (span.start, -1):
        occurrence += 1
    return {"quote": said, "occurrence": occurrence}


def _faults(row: SidecarRow, statement: Statement, article: Article, checker: RowChecker) -> Iterator[str]:
    yield from checker.faults(statement)
    sentence = " ".join(article.text[span.start : span.end] for span in statement.spans)
    around = " ".join([sentence, *(article.text[span.start : span.end] for span in statement.context)])
    said = content_words(statement.alone, article.language)
    if not said:
        yield "`alone` says nothing"
    elif _is_example(statement.alone, article):
        yield "`alone` copies the example"
    else:
        whole = content_words(f"{article.title}\n{article.text}", article.language)
        if len(said & whole) < _OF_THE_ARTICLE * len(said):
            yield "`alone` has words that the article does not have"
        if len(said & content_words(around, article.language)) < _OF_THE_SENTENCE * len(said):
            yield "`alone` does not say what the sentence says"
    if len(statement.alone) > _LONGER * len(sentence) + 100:
        yield "`alone` is much longer than the sentence"
    if statement.translation and (
        _is_example(statement.translation, article) or not any(map(str.isalpha, statement.translation))
    ):
        yield "`translation` says nothing of the sentence"
    denies = [says("negation", text, article.language) for text in (sentence, statement.alone, around)]
    # What the sentence denies `alone` denies, and nothing that they and the context do not.
    if denies != sorted(denies):
        yield "`alone` denies what the sentence does not deny, or the other way round"
    told = [fact.status for fact in statement.facts if fact.attribute in _PLANNED]
    if told and set(told) == {"done"} and says("plan", sentence, article.language):
        yield "`status` of a fact is done, and the sentence tells what is planned"
    if not row.questions:
        yield "no `questions`"
