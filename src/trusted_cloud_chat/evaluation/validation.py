"""Proof that the gold set is what it says: every quote stands in its article, every share is reached."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from trusted_cloud_chat.corpus import corpus_files, read_article
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.errors import ArticleError
from trusted_cloud_chat.evaluation.cases import Case, QuestionFile
from trusted_cloud_chat.evaluation.matching import LONGEST_QUOTE, count_words, holds
from trusted_cloud_chat.schema import Article
from trusted_cloud_chat.text import fold

LEAST_QUESTIONS = 300
LEAST_TEST = 100
LEAST_SHARES = {"refused": 0.25, "english": 0.15, "follow_ups": 0.12, "time": 0.20}


def validate(questions: QuestionFile, articles: Mapping[str, Article]) -> dict[str, Any]:
    """Counts, `shares`, and `problems`: one line each, empty when the set may be used."""
    cases = questions.cases
    shares = _shares(cases)
    problems = [f"{case.id}: {problem}" for case in cases for problem in _problems(case, questions, articles)]
    problems += [*_repeated(cases), *_straddling(cases)]
    return {
        "questions": len(cases),
        "today": questions.header.today.isoformat(),
        "shares": shares,
        "by_split": dict(Counter(case.split for case in cases)),
        "by_language": dict(Counter(case.language for case in cases)),
        "by_kind": dict(Counter(case.kind for case in cases)),
        "by_refusal": dict(Counter(case.refusal for case in cases if case.refusal)),
        "subjects": {split: len(_subjects(cases, split)) for split in ("dev", "test")},
        "articles_asked": len({article for case in cases for article in case.relevant}),
        "problems": problems,
        "missing": list(_missing(cases, shares)),
    }


def corpus_articles(corpus: Path, today: date) -> dict[str, Article]:
    """Article id → article, read as `ingest` reads them; files that fail are left out."""
    articles = {}
    for file in corpus_files(corpus):
        with suppress(ArticleError):
            file.check()
            article = read_article(file.path, file.root, allow_undated=True, today=today)
            articles[article.article_id] = article
    return articles


def validation_lines(found: Mapping[str, Any]) -> Iterator[str]:
    """The findings for a terminal."""
    yield f"{found['questions']} questions for {found['today']}, over {found['articles_asked']} articles"
    yield "  shares: " + ", ".join(f"{name} {share:.1%}" for name, share in found["shares"].items())
    for name in ("by_split", "by_language", "by_kind", "by_refusal"):
        yield f"  {name[3:]}: " + ", ".join(f"{value} {count}" for value, count in sorted(found[name].items()))
    yield from (f"missing: {line}" for line in found["missing"])
    yield from (f"problem: {line}" for line in found["problems"])
    if not found["missing"] and not found["problems"]:
        yield "every quote stands in its article, every share is reached"


def _shares(cases: tuple[Case, ...]) -> dict[str, float]:
    counts = {
        "refused": sum(not case.answerable for case in cases),
        "english": sum(case.language == "en" for case in cases),
        "follow_ups": sum(bool(case.turns) for case in cases),
        "time": sum(case.time for case in cases),
    }
    return {name: count / max(1, len(cases)) for name, count in counts.items()}


def _missing(cases: tuple[Case, ...], shares: Mapping[str, float]) -> Iterator[str]:
    """What the whole set lacks in size or share."""
    tests = sum(case.split == "test" for case in cases)
    if len(cases) < LEAST_QUESTIONS:
        yield f"{len(cases)} questions, at least {LEAST_QUESTIONS} are expected"
    if tests < LEAST_TEST:
        yield f"{tests} questions in the test split, at least {LEAST_TEST} are expected"
    for name, least in LEAST_SHARES.items():
        if shares[name] < least:
            yield f"share of {name} is {shares[name]:.1%}, at least {least:.0%} is expected"


def _problems(case: Case, questions: QuestionFile, articles: Mapping[str, Article]) -> Iterator[str]:
    yield from _quote_problems(case, articles)
    yield from _answer_problems(case)
    if case.kind == "follow_up" and not case.turns:
        yield "a follow_up has turns"
    if case.time is False and (case.as_of or case.kind in ("status_now", "how_changed")):
        yield f"kind {case.kind} with as_of {case.as_of} depends on time: expected `time` true"
    for article_id in case.relevant:
        published = articles[article_id].date if article_id in articles else None
        if published and case.answerable and _unseen(published, case.as_of, questions.header.today):
            yield f"{article_id} was published ({published}) after the day of the question"


def _unseen(published: PartialDate, as_of: date | None, today: date) -> bool:
    """With `as_of` a partial date counts as its last day; without, only what lies in the future is not there."""
    return published.last_day > as_of if as_of else published.first_day > today


def _quote_problems(case: Case, articles: Mapping[str, Article]) -> Iterator[str]:
    for article_id in case.relevant:
        if article_id not in articles:
            yield f"no article {article_id!r} in the corpus"
    for gold in case.quotes:
        if gold.article_id not in case.relevant:
            yield f"quotes {gold.article_id!r}, which `relevant` does not list"
        if gold.article_id in articles and gold.quote not in articles[gold.article_id].text:
            yield f"the quote does not stand in {gold.article_id!r} word for word: {gold.quote[:60]!r}"
        if count_words(gold.quote) > LONGEST_QUOTE:
            yield f"a gold quote has {count_words(gold.quote)} words, at most {LONGEST_QUOTE} are expected"


def _answer_problems(case: Case) -> Iterator[str]:
    if case.answerable:
        if case.kind in ("false_premise", "not_in_corpus", "out_of_domain"):
            yield f"kind {case.kind} must be refused: expected `refusal`"
        if not (case.relevant and case.quotes and case.answers):
            yield "an answerable case has relevant articles, quotes and answers"
        for answer in case.answers:
            if not any(holds(gold.quote, answer) for gold in case.quotes):
                yield f"the answer {answer!r} stands in none of its quotes"
    elif case.answers:
        yield "a refused case has no answers"
    elif case.quotes and case.refusal != "false_premise":
        yield "only a false premise has quotes, those that correct it"


def _repeated(cases: tuple[Case, ...]) -> Iterator[str]:
    for case_id in _twice(case.id for case in cases):
        yield f"{case_id}: the id is taken twice"
    whole = ("|".join([*(fold(t.question) for t in c.turns), fold(c.question), str(c.as_of)]) for c in cases)
    for question in _twice(whole):
        yield f"the same question stands twice: {question!r}"


def _twice(values: Iterable[str]) -> list[str]:
    return [value for value, count in Counter(values).items() if count > 1]


def _straddling(cases: tuple[Case, ...]) -> Iterator[str]:
    """A subject of the test split is none of dev's, but beside a subject of dev's own."""
    tested = _subjects(cases, "test")
    for case in cases:
        if case.split == "dev" and case.kind != "out_of_domain" and tested.issuperset(case.subjects):
            yield f"{case.id}: the subject {', '.join(case.subjects)!r} is in both splits"


def _subjects(cases: tuple[Case, ...], split: str) -> set[str]:
    return {s for case in cases if case.split == split and case.kind != "out_of_domain" for s in case.subjects}
