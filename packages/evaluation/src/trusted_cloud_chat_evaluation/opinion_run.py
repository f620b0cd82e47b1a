"""`evaluate second-opinion`: measures the verdicts of a second opinion on labelled pairs."""

import csv
from collections.abc import Iterator, Sequence
from operator import eq
from pathlib import Path
from typing import Any, NamedTuple

from trusted_cloud_chat.errors import UsageError
from trusted_cloud_chat.language.model_patterns import WHOLE_NUMBER
from trusted_cloud_chat.models.sentence_transformer import Verdict
from trusted_cloud_chat.writing.second_opinion import SecondOpinion
from trusted_cloud_chat_evaluation.aggregate import Tell
from trusted_cloud_chat_evaluation.metrics import share

_LABELS: dict[str, Verdict] = {"entailment": "follows", "contradiction": "contradicts", "neutral": "unsaid"}
_EMPTY = "…"
_AT_ONCE = 5
"""Pairs per request: the typical number of sentences of an answer."""


class Labelled(NamedTuple):
    source: str
    claim: str
    label: Verdict


def read_pairs(file: Path) -> list[Labelled]:
    """Reads a tab-separated table with `premise`, `hypothesis` and `label_text`, such as RTE3-FR. Raises UsageError."""
    try:
        with file.open(encoding="utf-8", newline="") as rows:
            found = list(csv.DictReader(rows, delimiter="\t", quoting=csv.QUOTE_NONE))
        return [Labelled(row["premise"], row["hypothesis"], _LABELS[row["label_text"]]) for row in found]
    except (OSError, KeyError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} is no table with premise, hypothesis and label_text: {error}") from None


def measure_opinion(other: SecondOpinion, pairs: Sequence[Labelled], tell: Tell) -> dict[str, Any]:
    """`empty`: verdicts on the same sentences beside an empty source; `edited`: beside a source with a changed figure."""
    said = _read(other, [(pair.source, pair.claim) for pair in pairs], "pairs", tell)
    empty = _read(other, [(_EMPTY, pair.claim) for pair in pairs], "beside nothing", tell)
    edited = list(_edited(pairs))
    after = _read(other, edited, "edited", tell)
    labels = [pair.label for pair in pairs]
    by_label = {kind: [v for v, label in zip(said, labels, strict=True) if label == kind] for kind in _LABELS.values()}
    return {
        "command": "second-opinion",
        "opinion": other.name,
        "pairs": len(pairs),
        "right": share(sum(map(eq, said, labels)), len(pairs), 4),
        "always_follows": _share_of("follows", labels),
        "recall": {kind: _share_of(kind, verdicts) for kind, verdicts in by_label.items()},
        "silent": _share_of(None, said),
        "empty": {kind: _share_of(kind, empty) for kind in by_label},
        "edited": {"pairs": len(edited), **{kind: _share_of(kind, after) for kind in by_label}},
    }


def _read(other: SecondOpinion, pairs: Sequence[tuple[str, str]], step: str, tell: Tell) -> list[Verdict | None]:
    found: list[Verdict | None] = []
    for at in range(0, len(pairs), _AT_ONCE):
        found += [one.verdict if one else None for one in other.read(pairs[at : at + _AT_ONCE], "fr")]
        tell(step, len(found), len(pairs))
    return found


def _edited(pairs: Sequence[Labelled]) -> Iterator[tuple[str, str]]:
    """Entailed claims, each with its source in which a figure of the claim was changed."""
    for source, claim, label in pairs:
        numbers = set(WHOLE_NUMBER.findall(claim)) & set(WHOLE_NUMBER.findall(source))
        if numbers and label == "follows":
            number = max(sorted(numbers), key=len)
            yield source.replace(number, str(int(number) + 7)), claim


def _share_of(verdict: Verdict | None, verdicts: Sequence[Verdict | None]) -> float | None:
    return share(verdicts.count(verdict), len(verdicts), 4)
