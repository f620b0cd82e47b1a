"""The chat's texts in `data/chat.fr.toml` and `data/chat.en.toml`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from trusted_cloud_chat.schema import RefusalReason
from trusted_cloud_chat.web.escaping import ENGLISH, FRENCH, read_texts

SRC = Path(__file__).parents[2] / "src" / "trusted_cloud_chat" / "web"


def texts_of(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """(where, text) of each text of a file; the names of keys are texts too, where people read them."""
    if isinstance(value, str):
        yield place, value
        return
    for key, one in value.items() if isinstance(value, dict) else enumerate(value):
        yield from texts_of(one, f"{place}/{'key' if place == '/scripts/keys' else key}")


FR, EN = (dict(texts_of(read_texts("chat", language))) for language in ("fr", "en"))


def test_both_languages_say_the_same_things():
    assert list(FR) == list(EN)
    assert all(FR.values())
    assert all(EN.values())


@pytest.mark.parametrize("place", [place for place in FR if "/examples/" not in place])
def test_both_languages_fill_in_the_same_values(place):
    assert sorted(re.findall(r"{\w+}", FR[place])) == sorted(re.findall(r"{\w+}", EN[place]))


@pytest.mark.parametrize("place", FR)
def test_french_spacing_is_that_of_a_printer(place):
    """No breaking space before high punctuation or inside « »; curly apostrophes."""
    assert not re.search(r" [:;?!»]|« |\w'\w", FR[place])


def test_a_text_that_nobody_wrote_says_in_which_file_it_is_missing():
    with pytest.raises(AttributeError, match=r"chat\.fr\.toml has no text 'greeting'"):
        _ = FRENCH.greeting


def test_every_text_is_asked_for_and_every_text_that_is_asked_for_is_there():
    """A text that nothing names is dead, and one that is missing would only show once it is needed."""
    code = "\n".join(path.read_text("utf-8") for path in SRC.rglob("*") if path.suffix in (".py", ".js", ".html"))
    named = [place.split("/")[1:] for place in FR]
    names = {
        one[-1] if one[0] == "scripts" and one[1] != "keys" else one[1 if one[0] == "scripts" else 0] for one in named
    }

    assert [name for name in names if not re.search(rf"[.\"']{name}\b", code)] == []
    assert [name for name in re.findall(r"\bstrings\.([a-z_]+)\b(?! import)", code) if not hasattr(FRENCH, name)] == []


def test_every_reason_to_refuse_has_a_title():
    assert set(RefusalReason.__args__) == FRENCH.refusals.keys()


def test_there_are_enough_examples():
    assert len(set(FRENCH.examples)) == len(FRENCH.examples) >= 4


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
