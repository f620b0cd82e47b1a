"""The rules of the house: each has an id, a sentence and a place, and does nothing once it is switched off."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from trusted_cloud_chat.answering.checks import CHECKS
from trusted_cloud_chat.errors import SettingsError
from trusted_cloud_chat.trace import Rule, Trace, known_rules, rules

SOURCE = Path(__file__).parents[1] / "src" / "trusted_cloud_chat"
STAGES = {"question", "retrieval", "evidence", "decision", "form", "writing"}


def fired() -> Iterator[str]:
    """The ids that the source gives to `fires`."""
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            is_fires = isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "fires" and node.args
            if is_fires and isinstance(node.args[0], ast.Constant):
                yield node.args[0].value


def test_what_fires_is_listed_and_what_is_listed_fires() -> None:
    assert {*fired(), *(check.id for check in CHECKS)} == set(rules())


@pytest.mark.parametrize("rule", rules().values(), ids=lambda rule: rule.id)
def test_a_rule_is_told_in_a_sentence_of_each_language(rule: Rule) -> None:
    for purpose in (rule.purpose("fr"), rule.purpose("en")):
        assert purpose[0].isupper() or purpose[0] in "«“"
        assert purpose.endswith(".")
        assert "'" not in purpose, "an apostrophe of print"
    assert rule.stage in STAGES
    assert rule.fr != rule.en


def test_french_is_written_with_its_accents() -> None:
    """Seen by its letters: a fifth of French sentences may do without any, not more."""
    accented = [rule for rule in rules().values() if any(letter in rule.fr for letter in "àâçéèêëîïôùû")]

    assert len(accented) >= 0.8 * len(rules())


def test_known_rules_are_taken() -> None:
    assert known_rules(["margin", "deep", "margin"]) == {"margin", "deep"}
    assert known_rules([]) == frozenset()


def test_an_unknown_rule_is_refused_with_the_command_that_lists_them() -> None:
    with pytest.raises(SettingsError, match=r"'marge'.*trusted-cloud-chat rules"):
        known_rules(["margin", "marge"])


class TestTrace:
    def test_a_rule_leaves_a_line_with_its_stage(self) -> None:
        trace = Trace()

        assert trace.fires("margin", "2 / 20")
        assert [(line.stage, line.rule, line.did) for line in trace.lines] == [("form", "margin", "2 / 20")]

    def test_a_rule_that_is_switched_off_may_not_and_leaves_none(self) -> None:
        trace = Trace({"margin"})

        assert not trace.fires("margin", "2 / 20")
        assert trace.lines == ()

    def test_the_same_said_twice_is_one_line(self) -> None:
        trace = Trace()
        for did in ("a", "a", "b"):
            trace.fires("margin", did)

        assert [line.did for line in trace.lines] == ["a", "b"]

    def test_a_rule_that_nobody_lists_is_a_mistake(self) -> None:
        with pytest.raises(KeyError):
            Trace().fires("marge")
