"""Splits comparisons and lists that name several entities of one kind into one question per entity."""

from collections.abc import Sequence
from itertools import groupby, pairwise

from trusted_cloud_chat.entities import Entity, Mention

MOST_PARTS = 5
"""Maximum number of entities searched separately; each search costs a few milliseconds."""
_LONGEST_GAP = 12
"""Maximum number of characters between two names of one list: « et », « ou bien », commas."""


def split(text: str, kind: str, mentions: Sequence[Mention]) -> list[tuple[Entity, str]]:
    """Returns (entity, question about it alone) in text order, at most `MOST_PARTS`; empty if the question stays whole."""
    group = _together(mentions, anywhere=kind == "comparison")
    if len(group) < 2:
        return []
    return [(one.entity, _alone(text, one, group)) for one in group][:MOST_PARTS]


def _together(mentions: Sequence[Mention], *, anywhere: bool) -> list[Mention]:
    """The longest list of entities of one kind, each once; their mentions are adjacent unless `anywhere`."""
    groups: list[list[Mention]] = []
    by_kind = sorted(mentions, key=lambda m: m.entity.kind)
    for _, of_kind in groupby(by_kind, key=lambda m: m.entity.kind):
        run: list[Mention] = []
        for mention in of_kind:
            if run and not anywhere and mention.start - run[-1].end > _LONGEST_GAP:
                groups.append(run)
                run = []
            if mention.entity not in [m.entity for m in run]:
                run.append(mention)
        groups.append(run)
    return max(groups, key=len, default=[])


def _alone(text: str, one: Mention, group: Sequence[Mention]) -> str:
    """The question with `one` in place of the list of names; if the names are not adjacent, the others are removed."""
    first, last = group[0], group[-1]
    if all(b.start - a.end <= _LONGEST_GAP for a, b in pairwise(group)):
        return f"{text[: first.start]}{one.text}{text[last.end :]}"
    for mention in reversed(group):
        if mention is not one:
            text = text[: mention.start] + text[mention.end :]
    return " ".join(text.split())
