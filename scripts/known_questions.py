"""Loads questions with known answers for fitting: PIAF's, SelQA's, those written for training, the gold set's dev split.

No held-out data is trained on: of the gold set's test split only the positions of its answers are read, to leave those
sentences out.
"""

from __future__ import annotations

import hashlib
import json
import random
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from pathlib import Path
from typing import Any

from trusted_cloud_chat.corpus import corpus_files, read_article
from trusted_cloud_chat.schema import Article, Turn
from trusted_cloud_chat.settings import Settings
from trusted_cloud_chat_evaluation.cases import read_questions, read_squad
from trusted_cloud_chat_evaluation.styles_run import read_texts
from trusted_cloud_chat_evaluation.workbench import SET_DAY, make_article

ROOT = Path(__file__).parents[1]
GOLD = ROOT / "evaluation/questions.jsonl"
WRITTEN = ROOT / "training/questions.jsonl"
ACROSS = ROOT / "training/across.jsonl"
GENERAL = ROOT / "training/general.jsonl"
TEXTS = ROOT / "training/texts"
WEIGHTS = ROOT / "src/trusted_cloud_chat/data/weights.json"
HELD_OUT = 5
"""One article in this many is held out from the training of the reader."""


@dataclass(frozen=True, slots=True)
class Known:
    """A question and the positions of its answers."""

    text: str
    group: str
    """Questions with the same group are never split over folds: an article, the gold set's subject, or the question itself."""
    answers: tuple[tuple[str, int, int], ...]
    """(article id, start, end) of each right sentence or answer; empty if nothing answers."""
    relevant: frozenset[str]
    """Ids of all articles that answer or may answer."""
    short: tuple[str, int, int] | None = None
    """Position of the shortest answer, if known."""
    complete: bool = False
    """Whether no article outside `relevant` answers."""
    turns: tuple[Turn, ...] = ()
    today: date = SET_DAY
    as_of: date | None = None

    def right(self, article_id: str, start: int, end: int) -> bool:
        """Whether an answer overlaps this part of the article."""
        return any(i == article_id and a < end and start < b for i, a, b in self.answers)


def held_out(group: str) -> bool:
    return zlib.crc32(group.encode()) % HELD_OUT == 0


def piaf(path: Path, most: int | None = None) -> tuple[list[Article], list[Known]]:
    """PIAF's distinct paragraphs as articles, and their questions; with `most`, a random sample of that size."""
    squad = read_squad(path)
    articles = [make_article(context.id, context.title, context.text) for context in squad.contexts]
    asked = []
    for question in squad.questions:
        span = (question.context.id, question.spans[0].start, question.spans[0].end)
        asked.append(Known(question.text, question.context.title, (span,), frozenset({question.context.id}), span))
    if most is not None:
        random.Random(1).shuffle(asked)
    return articles, asked[:most]


def general(path: Path) -> list[Known]:
    """The further questions written about PIAF's paragraphs.

    Each was written for one paragraph; other paragraphs of the same article may answer too.
    """
    contexts = read_squad(path).contexts
    paragraphs = {checksum(context.text): context for context in contexts}
    of_title: dict[str, set[str]] = {}
    for context in contexts:
        of_title.setdefault(context.title, set()).add(context.id)
    asked = []
    for line in _lines(GENERAL):
        own = paragraphs[line["paragraph"]]
        answers = ((own.id, *line["quote"]),) if line["quote"] else ()
        short = (own.id, *line["answer"]) if line["answer"] else None
        relevant = frozenset((of_title[own.title] - {own.id}) | {i for i, *_ in answers})
        asked.append(Known(line["question"], own.title, answers, relevant, short))
    return asked


def checksum(text: str) -> str:
    """The key of a paragraph of PIAF in `training/general.jsonl`."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def corpus_articles(settings: Settings) -> list[Article]:
    files = corpus_files(settings.corpus)
    return [read_article(f.path, f.root, allow_undated=False, today=date.today()) for f in files]


def written(articles: Sequence[Article]) -> list[Known]:
    """The questions written for training, each about one article; `articles` is the corpus."""
    texts = {article.article_id: article.text for article in articles}
    today = _day(WRITTEN)
    asked = []
    for line in _lines(WRITTEN):
        own = line["article_id"]
        answers = _spans(texts, [(own, quote) for quote in line["quotes"]])
        short = _short(texts, answers, line["answer"])
        relevant = frozenset({own} if answers else ())
        asked.append(Known(line["question"], own, answers, relevant, short, today=today))
    return asked


def across(articles: Sequence[Article]) -> list[Known]:
    """The questions whose answers were searched for in the whole corpus, `articles`.

    The group is a held-out article only if all answering articles are held out; `reader_data` drops held-out answers.
    """
    texts = {article.article_id: article.text for article in articles}
    today = _day(ACROSS)
    asked = []
    for line in _lines(ACROSS):
        answers = _spans(texts, [(quote["article_id"], quote["quote"]) for quote in line["quotes"]])
        own = sorted({article_id for article_id, _, _ in answers}, key=lambda i: (held_out(i), i))
        short = _short(texts, answers, line["answer"])
        relevant = frozenset(own) | frozenset(line.get("also", ()))
        group = own[0] if own else line["question"]
        asked.append(Known(line["question"], group, answers, relevant, short, complete=True, today=today))
    return asked


def texts() -> tuple[list[Article], list[Known]]:
    """The texts of `training/texts`, in the styles of pasted texts, and their questions."""
    articles, asked = read_texts(TEXTS)
    known = []
    for one in asked:
        own = one.article.article_id
        answers = tuple((own, span.start, span.end) for span in one.spans)
        short = _short({own: one.article.text}, answers, one.short)
        known.append(Known(one.text, own, answers, frozenset({own} if answers else ()), short))
    return articles, known


def selqa(folder: Path) -> tuple[list[Article], list[Known]]:
    """SelQA's sections as articles, and its English questions with the sentences that answer them."""
    articles: dict[str, Article] = {}
    asked = []
    for path in sorted(folder.glob("*.jsonl")):
        for row in map(json.loads, path.read_text("utf-8").splitlines()):
            text = " ".join(row["sentences"])
            own = checksum(text)
            articles[own] = make_article(own, row["title"], text)
            starts = [0, *accumulate(len(sentence) + 1 for sentence in row["sentences"])]
            spans = tuple((own, starts[n], starts[n] + len(row["sentences"][n])) for n in row["answers"])
            asked.append(Known(row["question"], row["title"], spans, frozenset({own})))
    return list(articles.values()), asked


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()[1:]]


def _day(path: Path) -> date:
    """The day on which the questions of a file are asked."""
    return date.fromisoformat(json.loads(path.read_text("utf-8").split("\n", 1)[0])["today"])


def _short(
    texts: Mapping[str, str], answers: Sequence[tuple[str, int, int]], words: str | None
) -> tuple[str, int, int] | None:
    if not words:
        return None
    article_id, start, end = next((a for a in answers if words in texts[a[0]][a[1] : a[2]]), ("", 0, 0))
    if not article_id:
        return None
    first = start + texts[article_id][start:end].index(words)
    return article_id, first, first + len(words)


def gold_dev(articles: Sequence[Article]) -> list[Known]:
    """The dev split; `articles` is the corpus."""
    texts = {article.article_id: article.text for article in articles}
    questions = read_questions(GOLD)
    asked = []
    for case in questions.cases:
        if case.split == "dev":
            quotes = [(q.article_id, q.quote) for q in case.quotes] if case.answerable else []
            turns = tuple(Turn(turn.question) for turn in case.turns)
            answers = _spans(texts, quotes)
            # The quotes that correct a false premise are not answers; the question must be refused although they are retrieved.
            relevant = frozenset(case.relevant) if case.answerable else frozenset[str]()
            group = " ".join(case.subjects)
            asked.append(
                Known(
                    case.question, group, answers, relevant, turns=turns, today=questions.header.today, as_of=case.as_of
                )
            )
    return asked


def unlearnt(articles: Sequence[Article]) -> list[tuple[str, int, int]]:
    """(article, start, end) of every answer of the test split; `articles` is the corpus."""
    texts = {article.article_id: article.text for article in articles}
    cases = [case for case in read_questions(GOLD).cases if case.split == "test"]
    return sorted({span for case in cases for span in _spans(texts, [(q.article_id, q.quote) for q in case.quotes])})


def _spans(texts: Mapping[str, str], quotes: Sequence[tuple[str, str]]) -> tuple[tuple[str, int, int], ...]:
    found = [(article_id, texts[article_id].index(quote), quote) for article_id, quote in quotes]
    return tuple((article_id, start, start + len(quote)) for article_id, start, quote in found)
