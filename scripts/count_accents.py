"""Write `data/accents.txt`: the words that are hardly ever written without their accents.

python scripts/count_accents.py PIAF.json > src/trusted_cloud_chat/data/accents.txt

Counted over PIAF, the French articles of `corpus/` and the questions of `training/`, but for those that were typed without any
accent. Every fifth article's questions are not left out: what is counted is how words are spelt.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from known_questions import ACROSS, GENERAL, ROOT, WRITTEN, corpus_articles

from trusted_cloud_chat.evaluation.data_sets import read_squad
from trusted_cloud_chat.language.accents import has_accents
from trusted_cloud_chat.language.normalise import fold, normalise
from trusted_cloud_chat.settings import load_settings

LEAST = 2
MOST_PLAIN = 0.1
"""Share of a word's occurrences that may be without accents: slips, and another word that is rare beside it."""
_WORD = re.compile(r"[^\W\d_]+")


def main(piaf: Path) -> None:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for text in _texts(piaf):
        for match in _WORD.finditer(normalise(text)):
            word = match.group()
            if not (word.isupper() and len(word) > 1):
                counts[fold(word)][word.lower()] += 1
    print("\n".join(sorted(_accented(counts))))


def _texts(piaf: Path) -> Iterator[str]:
    read = read_squad(piaf)
    yield from (context.text for context in read.contexts)
    yield from (question.text for question in read.questions)
    articles = corpus_articles(load_settings(corpus=ROOT / "corpus"))
    yield from (article.text for article in articles if article.language == "fr")
    for file in (WRITTEN, ACROSS, GENERAL, ROOT / "training/contrast.jsonl", ROOT / "training/contrast_across.jsonl"):
        for line in file.read_text("utf-8").splitlines()[1:]:
            asked = json.loads(line)
            if asked.get("language", "fr") == "fr" and has_accents(asked["question"]):
                yield asked["question"]


def _accented(counts: dict[str, Counter[str]]) -> Iterator[str]:
    """Of each folded word the most frequent spelling with accents, as long as it: a ligature is another matter."""
    for plain, spellings in counts.items():
        with_accents = [word for word in spellings if word != plain and len(word) == len(plain)]
        best = max(with_accents, key=lambda word: (spellings[word], word), default=None)
        if best and spellings[best] >= LEAST and spellings[plain] <= MOST_PLAIN * spellings.total():
            yield best


if __name__ == "__main__":
    main(Path(sys.argv[1]))
