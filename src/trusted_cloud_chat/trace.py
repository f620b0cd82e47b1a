"""The rules and their effects on an answer.

Everything that changes an answer has an id in `data/rules.toml` and calls `Trace.fires` first: this records a line, and lets a rule be
switched off to measure its effect.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from trusted_cloud_chat.data import table
from trusted_cloud_chat.errors import SettingsError
from trusted_cloud_chat.schema import Language, TraceLine


@dataclass(frozen=True, slots=True)
class Rule:
    """A check, a preference, a form or a rewording."""

    id: str
    stage: str
    """`question`, `retrieval`, `evidence`, `decision`, `form` or `writing`."""
    fr: str
    en: str
    """What it is for, in a sentence."""

    def purpose(self, language: Language) -> str:
        return self.en if language == "en" else self.fr


@lru_cache(maxsize=1)
def rules() -> dict[str, Rule]:
    """All rules by id, in the order of their application."""
    return {row["id"]: Rule(**row) for row in table("rules.toml")["rule"]}


def known_rules(ids: Collection[str]) -> frozenset[str]:
    """`ids` as a set. Raises SettingsError for an unknown rule."""
    unknown = sorted(set(ids) - set(rules()))
    if unknown:
        raise SettingsError(f"no rule {unknown[0]!r}: `trusted-cloud-chat rules` lists them")
    return frozenset(ids)


class Trace:
    """What the rules did for one question, in order. `disabled` rules do nothing."""

    def __init__(self, disabled: Collection[str] = frozenset()) -> None:
        self._disabled = disabled
        self._lines: list[TraceLine] = []

    def fires(self, rule: str, did: str = "") -> bool:
        """Record that `rule` takes effect; returns False if it is disabled."""
        if rule in self._disabled:
            return False
        line = TraceLine(rules()[rule].stage, rule, did)
        if line not in self._lines:
            self._lines.append(line)
        return True

    def fails(self, rule: str, did: str) -> None:
        """Record that `rule` was tried without effect, and how far it got."""
        if rule not in self._disabled:
            self._lines.append(TraceLine(rules()[rule].stage, rule, did, failed=True))

    def apart(self) -> "Trace":
        """An empty trace with the same disabled rules, for an attempt that may be discarded."""
        return Trace(self._disabled)

    def take(self, other: "Trace") -> None:
        """Append the lines of `other`."""
        self._lines += [line for line in other.lines if line not in self._lines]

    @property
    def lines(self) -> tuple[TraceLine, ...]:
        return tuple(self._lines)
