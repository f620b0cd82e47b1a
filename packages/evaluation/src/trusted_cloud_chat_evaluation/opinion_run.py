"""`evaluate second-opinion`: how reliable a second opinion is. Nothing is fitted to it."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trusted_cloud_chat.errors import UsageError
from trusted_cloud_chat.language.model_patterns import WHOLE_NUMBER
from trusted_cloud_chat.models.cross_encoder import Verdict
from trusted_cloud_chat.writing.second_opinion import SecondOpinion
from trusted_cloud_chat_evaluation.aggregate import Tell

_LABELS: dict[str, Verdict] = {"entailment": "follows", "contradiction": "contradicts", "neutral": "unsaid"}
_EMPTY = "…"
_AT_ONCE = 5
"""Pairs of one request, as many sentences as an answer has."""


@dataclass(frozen=True, slots=True)
class Labelled:
    source: str
    claim: str
    label: Verdict


def read_pairs(file: Path) -> list[Labelled]:
    """Of a table with `premise`, `hypothesis` and `label_text`, as RTE3-FR comes. Raises UsageError."""
    try:
        with file.open(encoding="utf-8", newline="") as rows:
            found = list(csv.DictReader(rows, delimiter="\t", quoting=csv.QUOTE_NONE))
        return [Labelled(row["premise"], row["hypothesis"], _LABELS[row["label_text"]]) for row in found]
    except (OSError, KeyError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} is no table with premise, hypothesis and label_text: {error}") from None


def measure_opinion(other: SecondOpinion, pairs: Sequence[Labelled], tell: Tell) -> dict[str, Any]:
    """`right` (of three), `always_follows` (what saying « follows » each time gives), `recall` of each, `silent` (pairs without an
    opinion); `empty`: what is said of the same sentences beside nothing; `edited`: of those that follow beside a source with another figure.
    """
    said = _read(other, [(pair.source, pair.claim) for pair in pairs], "pairs", tell)
    empty = _read(other, [(_EMPTY, pair.claim) for pair in pairs], "beside nothing", tell)
    edited = list(_edited(pairs))
    after = _read(other, edited, "edited", tell)
    labels = [pair.label for pair in pairs]
    return {
        "command": "second-opinion",
        "opinion": other.name,
        "pairs": len(pairs),
        "right": _share([verdict == label for verdict, label in zip(said, labels, strict=True)]),
        "always_follows": _share([label == "follows" for label in labels]),
        "recall": {
            kind: _share([verdict == kind for verdict, label in zip(said, labels, strict=True) if label == kind])
            for kind in _LABELS.values()
        },
        "silent": _share([verdict is None for verdict in said]),
        "empty": {kind: _share([verdict == kind for verdict in empty]) for kind in _LABELS.values()},
        "edited": {"pairs": len(edited), **{kind: _share([v == kind for v in after]) for kind in _LABELS.values()}},
    }


def _read(other: SecondOpinion, pairs: Sequence[tuple[str, str]], step: str, tell: Tell) -> list[Verdict | None]:
    found: list[Verdict | None] = []
    for at in range(0, len(pairs), _AT_ONCE):
        found += [one.verdict if one else None for one in other.read(pairs[at : at + _AT_ONCE], "fr")]
        tell(step, len(found), len(pairs))
    return found


def _edited(pairs: Sequence[Labelled]) -> Iterator[tuple[str, str]]:
    """A claim that follows, beside its source with a figure of both changed there alone."""
    for pair in pairs:
        if pair.label != "follows":
            continue
        numbers = set(WHOLE_NUMBER.findall(pair.claim)) & set(WHOLE_NUMBER.findall(pair.source))
        if numbers:
            number = max(sorted(numbers), key=len)
            yield pair.source.replace(number, str(int(number) + 7)), pair.claim


def _share(said: Sequence[bool]) -> float | None:
    return round(sum(said) / len(said), 4) if said else None
