"""Validates the gold set: quotes must occur in their articles, and shares of cases must reach their minima."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from trusted_cloud_chat.corpus import corpus_files, read_article
from trusted_cloud_chat.errors import ArticleError
from trusted_cloud_chat.schema import Article
from trusted_cloud_chat_evaluation.cases import Case, QuestionFile
from trusted_cloud_chat_evaluation.matching import LONGEST_QUOTE, count_words, holds, tokens

LEAST_QUESTIONS = 300
LEAST_TEST = 100
LEAST_SHARES = {"refused": 0.25, "english": 0.15, "follow_ups": 0.12, "time": 0.20}
Cases = Sequence[Case]


def validate(questions: QuestionFile, articles: Mapping[str, Article]) -> dict[str, Any]:
    """Counts, shares, and `problems`: one line each, none if the set is valid."""
    cases, today = questions.cases, questions.header.today
    problems = [f"{case.id}: {problem}" for case in cases for problem in _problems(case, today, articles)]
    counted = {
        "refused": sum(not case.answerable for case in cases),
        "english": sum(case.language == "en" for case in cases),
        "follow_ups": sum(bool(case.turns) for case in cases),
        "time": sum(case.time for case in cases),
    }
    shares = {name: count / max(1, len(cases)) for name, count in counted.items()}
    return {
        "questions": len(cases),
        "today": today.isoformat(),
        "shares": shares,
        "by_split": Counter(case.split for case in cases),
        "by_language": Counter(case.language for case in cases),
        "by_kind": Counter(case.kind for case in cases),
        "by_refusal": Counter(case.refusal for case in cases if case.refusal),
        "subjects": {split: len(_subjects(cases, split)) for split in ("dev", "test")},
        "articles_asked": len({article for case in cases for article in case.relevant}),
        "problems": [*problems, *_between_cases(cases)],
        "missing": list(_missing(cases, shares)),
    }


def corpus_articles(corpus: Path, today: date) -> dict[str, Article]:
    """Article id → article, read like `ingest` does; unreadable files are skipped."""
    articles = {}
    for file in corpus_files(corpus):
        with suppress(ArticleError):
            file.check()
            article = read_article(file.path, file.root, allow_undated=True, today=today)
            articles[article.article_id] = article
    return articles


def validation_lines(found: Mapping[str, Any]) -> Iterator[str]:
    yield f"{found['questions']} questions for {found['today']}, over {found['articles_asked']} articles"
    yield "  shares: " + ", ".join(f"{name} {share:.1%}" for name, share in found["shares"].items())
    for name in ("split", "language", "kind", "refusal"):
        yield f"  {name}: " + ", ".join(f"{value} {count}" for value, count in sorted(found[f"by_{name}"].items()))
    yield from (f"missing: {line}" for line in found["missing"])
    yield from (f"problem: {line}" for line in found["problems"])
    if not found["missing"] and not found["problems"]:
        yield "every quote occurs in its article, every share reaches its minimum"


def _missing(cases: Cases, shares: Mapping[str, float]) -> Iterator[str]:
    tests = sum(case.split == "test" for case in cases)
    if len(cases) < LEAST_QUESTIONS:
        yield f"{len(cases)} questions, at least {LEAST_QUESTIONS} are expected"
    if tests < LEAST_TEST:
        yield f"{tests} questions in the test split, at least {LEAST_TEST} are expected"
    for name, least in LEAST_SHARES.items():
        if shares[name] < least:
            yield f"share of {name} is {shares[name]:.1%}, at least {least:.0%} is expected"


def _problems(case: Case, today: date, articles: Mapping[str, Article]) -> Iterator[str]:
    must_be_refused = case.kind in ("false_premise", "not_in_corpus", "out_of_domain")
    depends_on_time = case.as_of is not None or case.kind in ("status_now", "how_changed")
    complete = case.relevant and case.quotes and case.answers
    checks = {
        "a follow_up must have turns": case.kind != "follow_up" or case.turns,
        f"kind {case.kind} with as_of {case.as_of} depends on time: expected `time` true": (
            case.time or not depends_on_time
        ),
        f"kind {case.kind} must be refused: expected `refusal`": not (case.answerable and must_be_refused),
        "an answerable case must have relevant articles, quotes and answers": complete or not case.answerable,
        "a refused case must not have answers": case.answerable or not case.answers,
        "of refused cases only a false premise may have quotes, those that correct it": (
            case.answerable or case.refusal == "false_premise" or not case.quotes
        ),
    }
    yield from (problem for problem, kept in checks.items() if not kept)
    for answer in case.answers:
        if not any(holds(gold.quote, answer) for gold in case.quotes):
            yield f"the answer {answer!r} occurs in none of its quotes"
    yield from _against_corpus(case, today, articles)


def _against_corpus(case: Case, today: date, articles: Mapping[str, Article]) -> Iterator[str]:
    for gold in case.quotes:
        if gold.article_id not in case.relevant:
            yield f"quotes {gold.article_id!r}, which `relevant` does not list"
        if gold.article_id in articles and gold.quote not in articles[gold.article_id].text:
            yield f"the quote does not occur verbatim in {gold.article_id!r}: {gold.quote[:60]!r}"
        if count_words(gold.quote) > LONGEST_QUOTE:
            yield f"a gold quote has {count_words(gold.quote)} words, at most {LONGEST_QUOTE} are expected"
    for article_id in case.relevant:
        published = articles[article_id].date if article_id in articles else None
        if article_id not in articles:
            yield f"no article {article_id!r} in the corpus"
        elif published and case.answerable:
            # With `as_of` a partial date counts as its last day; without it only articles of the future are invisible.
            unseen = published.last_day > case.as_of if case.as_of else published.first_day > today
            if unseen:
                yield f"{article_id} was published ({published}) after the day of the question"


def _between_cases(cases: Cases) -> Iterator[str]:
    """Duplicate ids and questions, and dev cases whose subjects are all in the test split."""
    ids = Counter(case.id for case in cases)
    asked = Counter(
        (str(c.as_of), *(" ".join(tokens(q)) for q in (*(t.question for t in c.turns), c.question))) for c in cases
    )
    yield from (f"{case_id}: the id occurs twice" for case_id, count in ids.items() if count > 1)
    yield from (f"the same question occurs twice: {one[-1]!r}" for one, count in asked.items() if count > 1)
    tested = _subjects(cases, "test")
    for case in cases:
        if case.split == "dev" and case.kind != "out_of_domain" and tested.issuperset(case.subjects):
            yield f"{case.id}: the subject {', '.join(case.subjects)!r} is in both splits"


def _subjects(cases: Cases, split: str) -> set[str]:
    return {s for case in cases if case.split == split and case.kind != "out_of_domain" for s in case.subjects}
