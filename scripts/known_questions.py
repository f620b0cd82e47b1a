"""Questions whose answers are known, for fitting: PIAF's, those written for training, the gold set's dev split.

Nothing of what is reported as held out is read here: not the gold set's test split, no set but PIAF.
"""

from __future__ import annotations

import json
import random
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from trusted_cloud_chat.corpus import corpus_files, read_article
from trusted_cloud_chat.evaluation.cases import read_questions
from trusted_cloud_chat.evaluation.squad import read_squad
from trusted_cloud_chat.evaluation.workbench import SET_DAY, make_article
from trusted_cloud_chat.schema import Article, Turn
from trusted_cloud_chat.settings import Settings

ROOT = Path(__file__).parents[1]
GOLD = ROOT / "evaluation/questions.jsonl"
WRITTEN = ROOT / "training/questions.jsonl"
WEIGHTS = ROOT / "src/trusted_cloud_chat/data/weights.json"
HELD_OUT = 5
"""One article in so many, of PIAF and of the corpus, is not learnt from by the reader."""


@dataclass(frozen=True, slots=True)
class Known:
    """A question and where its answers stand."""

    text: str
    group: str
    """PIAF's article, a corpus article or the gold set's subject: folds never split one."""
    answers: tuple[tuple[str, int, int], ...]
    """(article, start, end) of each sentence or answer that is right; none where nothing answers."""
    relevant: frozenset[str]
    """Every article that is known to answer."""
    short: tuple[str, int, int] | None = None
    """Where the shortest answer stands, if it is known."""
    turns: tuple[Turn, ...] = ()
    today: date = SET_DAY
    as_of: date | None = None

    def right(self, article_id: str, start: int, end: int) -> bool:
        """Whether something that answers stands in that part of the article."""
        return any(i == article_id and a < end and start < b for i, a, b in self.answers)


def held_out(group: str) -> bool:
    return zlib.crc32(group.encode()) % HELD_OUT == 0


def piaf(path: Path, most: int | None = None) -> tuple[list[Article], list[Known]]:
    """Each distinct paragraph as an article, and its questions; `most` of them in random order."""
    squad = read_squad(path)
    articles = [make_article(context.id, context.title, context.text) for context in squad.contexts]
    asked = []
    for question in squad.questions:
        span = (question.context.id, question.spans[0].start, question.spans[0].end)
        asked.append(Known(question.text, question.context.title, (span,), frozenset({question.context.id}), span))
    if most is not None:
        random.Random(1).shuffle(asked)
    return articles, asked[:most]


def corpus_articles(settings: Settings) -> list[Article]:
    files = corpus_files(settings.corpus)
    return [read_article(f.path, f.root, allow_undated=False, today=date.today()) for f in files]


def written(articles: Sequence[Article]) -> list[Known]:
    """The questions written for training; `articles` is the corpus."""
    texts = {article.article_id: article.text for article in articles}
    lines = [json.loads(line) for line in WRITTEN.read_text("utf-8").splitlines()]
    today = date.fromisoformat(lines[0]["today"])
    asked = []
    for line in lines[1:]:
        own = line["article_id"]
        answers = _spans(texts, [(own, quote) for quote in line["quotes"]])
        short = None
        if line["answer"]:
            start, end = next((a, b) for _, a, b in answers if line["answer"] in texts[own][a:b])
            first = start + texts[own][start:end].index(line["answer"])
            short = (own, first, first + len(line["answer"]))
        relevant = frozenset({own} if answers else ())
        asked.append(Known(line["question"], own, answers, relevant, short, today=today))
    return asked


def gold_dev(articles: Sequence[Article]) -> list[Known]:
    """The dev split; `articles` is the corpus."""
    texts = {article.article_id: article.text for article in articles}
    questions = read_questions(GOLD)
    asked = []
    for case in questions.cases:
        if case.split == "dev":
            quotes = [(q.article_id, q.quote) for q in case.quotes] if case.answerable else []
            turns = tuple(Turn(turn.question) for turn in case.turns)
            answers, relevant = _spans(texts, quotes), frozenset(case.relevant)
            group = " ".join(case.subjects)
            asked.append(
                Known(
                    case.question, group, answers, relevant, turns=turns, today=questions.header.today, as_of=case.as_of
                )
            )
    return asked


def _spans(texts: Mapping[str, str], quotes: Sequence[tuple[str, str]]) -> tuple[tuple[str, int, int], ...]:
    found = [(article_id, texts[article_id].index(quote), quote) for article_id, quote in quotes]
    return tuple((article_id, start, start + len(quote)) for article_id, start, quote in found)
