"""The table of the page's texts."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from pathlib import Path

import pytest

from trusted_cloud_chat.schema import RefusalReason
from trusted_cloud_chat.web.strings import ENGLISH, FRENCH, STRINGS, Strings

NAMES = [field.name for field in fields(Strings)]


@pytest.mark.parametrize("name", NAMES)
def test_every_text_is_there_in_both_languages(name):
    for strings in STRINGS.values():
        assert getattr(strings, name)


@pytest.mark.parametrize("name", [name for name in NAMES if isinstance(getattr(FRENCH, name), str)])
def test_both_languages_fill_in_the_same_values(name):
    placeholders = [sorted(re.findall(r"{\w+}", getattr(strings, name))) for strings in STRINGS.values()]

    assert placeholders[0] == placeholders[1]


@pytest.mark.parametrize("name", ["source_types", "refusals"])
def test_both_languages_name_the_same_kinds(name):
    assert getattr(FRENCH, name).keys() == getattr(ENGLISH, name).keys()
    assert all(getattr(FRENCH, name).values())
    assert all(getattr(ENGLISH, name).values())


def test_every_reason_to_refuse_has_a_title():
    assert set(RefusalReason.__args__) == FRENCH.refusals.keys()


def test_there_are_as_many_examples_in_both_languages():
    assert len(FRENCH.examples) == len(ENGLISH.examples) == len(set(FRENCH.examples)) >= 4


def test_every_example_is_asked_where_answers_are_measured():
    """`evaluate answers` holds all that page and README offer to be answered rightly."""
    root = Path(__file__).parents[2]
    rows = (root / "evaluation/examples.jsonl").read_text("utf-8").splitlines()[1:]
    offered = {
        *FRENCH.examples,
        *ENGLISH.examples,
        *re.findall(r'\$ trusted-cloud-chat ask "(.+)"', (root / "README.md").read_text("utf-8")),
    }

    assert {" ".join(one.split()) for one in offered} == {json.loads(row)["question"] for row in rows}


@pytest.mark.parametrize("name", NAMES)
def test_french_spacing_is_that_of_a_printer(name):
    """No breaking space before high punctuation or inside « »; curly apostrophes."""
    texts = getattr(FRENCH, name)
    for text in [texts] if isinstance(texts, str) else texts.values() if isinstance(texts, dict) else texts:
        assert not re.search(r" [:;?!»]|« |\w'\w", text)
