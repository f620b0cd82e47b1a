"""Word rarity in general French, so that new articles in the corpus do not change it."""

import math
from functools import lru_cache
from importlib import resources


def rarity(token: str) -> float:
    """Inverse document frequency of a stem, 1 (in every passage) to 8 (unseen): 1 + ln(passages / occurrences)."""
    table, unseen = _rarities()
    return table.get(token, unseen)


def is_common(token: str) -> bool:
    """Whether the stem occurs in general French."""
    return token in _rarities()[0]


@lru_cache(maxsize=1)
def _rarities() -> tuple[dict[str, float], float]:
    """(stem → rarity, rarity of an unseen stem); `scripts/count_words.py` counts the stems in PIAF's passages."""
    source = resources.files("trusted_cloud_chat.data").joinpath("document_frequency.tsv")
    lines = source.read_text("utf-8").splitlines()
    total = int(lines[0].split("\t")[1])
    counts = {token: int(count) for token, count in (line.split("\t") for line in lines[1:])}
    return {token: 1 + math.log(total / count) for token, count in counts.items()}, 1 + math.log(total)
