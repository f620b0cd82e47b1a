"""Converts a chat model's rows to rows of a sidecar, with stricter checks than for hand-written ones."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from trusted_cloud_chat.enrichment.checks import RowChecker
from trusted_cloud_chat.enrichment.portions import Portion, template
from trusted_cloud_chat.enrichment.sidecar import RowError, SidecarRow, first_fault, statement_of
from trusted_cloud_chat.language.blocks import article_sentences
from trusted_cloud_chat.language.normalise import fold, printable
from trusted_cloud_chat.language.senses import says
from trusted_cloud_chat.language.stems import content_words
from trusted_cloud_chat.schema import Article, FactStatus, Span, Statement

_OF_THE_ARTICLE, _OF_THE_SENTENCE = 0.7, 0.25
"""Shares of the words of `alone` that must be in the article and in the sentence; the minima of 1,994 hand-written rows are 0.75 and 0.27."""
_LONGER = 3
"""Maximum length of `alone`, in lengths of the sentence, plus 100 characters."""
_MOST_QUESTIONS, _LONGEST_QUESTION = 8, 300
_MOST_KEYWORDS = 4
"""Maximum words of a keyword question; a longer question must not be a quote from the article."""
_EXAMPLE = "\nEx"
"""The beginning of the example in the rules, in French and in English."""
_PLANNED = ("qualification", "milestone", "migration")
"""Attributes that must not all have the status `done` if the sentence is about a plan."""

# Models receive the schema of these classes, docstrings included. OpenAI refuses defaults other than null. A grammar needs `minItems` and
# `maxItems`; answers that violate them are not rejected for it.


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


class LeftOut(NamedTuple):
    row: Mapping[str, Any]
    reason: str

    @property
    def number(self) -> int | None:
        return number_of(self.row)


def number_of(row: Mapping[str, Any]) -> int | None:
    """The number of an unchecked row's sentence."""
    numbers = row.get("s")
    return numbers[0] if isinstance(numbers, list) and numbers and isinstance(numbers[0], int) else None


def checked(
    answers: list[dict[str, Any]], portion: Portion, checker: RowChecker
) -> tuple[dict[int, SidecarRow], list[LeftOut]]:
    """The first valid row of each sentence, and the invalid ones."""
    rows: dict[int, SidecarRow] = {}
    left_out: list[LeftOut] = []
    for answer in answers:
        try:
            read = ModelRow.model_validate(answer)
            row = _row(read, portion, checker)
            if faults := list(_faults(row, statement_of(portion.article, row), portion.article, checker)):
                raise RowError("; ".join(faults))
            rows.setdefault(read.s[0], row)
        except ValidationError as error:
            left_out.append(LeftOut(answer, first_fault(error)))
        except RowError as error:
            left_out.append(LeftOut(answer, str(error)))
    return rows, left_out


def _row(read: ModelRow, portion: Portion, checker: RowChecker) -> SidecarRow:
    """The row with quotes of the article in place of numbers. Raises RowError, ValidationError."""
    if not 1 <= len(read.s) <= 2 or not set(read.s) <= set(portion.sentences):
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
    """The questions that may be about the sentence."""
    every = article_sentences(article.text)
    sentences = (article.text[every[n - 1].start : every[n - 1].end] for n in read.s)
    statement = " ".join([*sentences, read.alone, read.translation or "", article.title])
    rules = template("enrich_rules", article.language)
    example = rules[rules.index(_EXAMPLE) :]  # not all rules: they contain « price », which may be a question
    for raw in dict.fromkeys(read.questions[:_MOST_QUESTIONS]):
        question = " ".join(printable(raw).split())
        # A small model writes sentences instead of questions, often the article's own.
        is_sentence = question.endswith((".", "…")) and "?" not in question
        is_quote = len(question.split()) > _MOST_KEYWORDS and _is_in(question.lstrip("0123456789.)- "), article.text)
        copied = is_sentence or is_quote or _is_in(question, example)
        if not copied and len(question) <= _LONGEST_QUESTION and checker.may_ask(question, statement):
            yield question


def _is_in(text: str, whole: str) -> bool:
    return " ".join(fold(text).split()) in " ".join(fold(whole).split())


def _quote(article: Article, span: Span) -> dict[str, Any]:
    sentence, occurrence, at = article.text[span.start : span.end], 1, -1
    while (at := article.text.find(sentence, at + 1)) not in (span.start, -1):
        occurrence += 1
    return {"quote": sentence, "occurrence": occurrence}


def _faults(row: SidecarRow, statement: Statement, article: Article, checker: RowChecker) -> Iterator[str]:
    yield from checker.faults(statement)
    rules = template("enrich_rules", article.language)
    sentence = " ".join(article.text[span.start : span.end] for span in statement.spans)
    around = " ".join([sentence, *(article.text[span.start : span.end] for span in statement.context)])
    words = content_words(statement.alone, article.language)
    if not words:
        yield "`alone` says nothing"
    elif _is_in(statement.alone, rules):
        yield "`alone` copies the example"
    else:
        whole = content_words(f"{article.title}\n{article.text}", article.language)
        if len(words & whole) < _OF_THE_ARTICLE * len(words):
            yield "`alone` has words that the article does not have"
        if len(words & content_words(around, article.language)) < _OF_THE_SENTENCE * len(words):
            yield "`alone` does not say what the sentence says"
    if len(statement.alone) > _LONGER * len(sentence) + 100:
        yield "`alone` is much longer than the sentence"
    translation = statement.translation
    if translation and (_is_in(translation, rules) or not any(map(str.isalpha, translation))):
        yield "`translation` says nothing of the sentence"
    # `alone` must contain a negation if the sentence does, and must not if neither the sentence nor its context does.
    negations = [says("negation", text, article.language) for text in (sentence, statement.alone, around)]
    if negations != sorted(negations):
        yield "`alone` denies what the sentence does not deny, or the other way round"
    statuses = {fact.status for fact in statement.facts if fact.attribute in _PLANNED}
    if statuses == {"done"} and says("plan", sentence, article.language):
        yield "`status` of a fact is done, but the sentence says what is planned"
    if not row.questions:
        yield "no `questions`"
