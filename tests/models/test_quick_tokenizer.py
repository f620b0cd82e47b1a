"""The tokenizer of a single question against the whole one: the same pieces at the same places, whatever the text."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from trusted_cloud_chat.models.bundled import bundled_folder, load_tokenizer
from trusted_cloud_chat.models.quick_tokenizer import QuickTokenizer

TEXTS = [
    "",
    " ",
    "Quand Bleu sera-t-il qualifié ?",
    "« L’échéance », dit-elle…\n\nLe  reste\u00a0: 44 M€, ½ et n° 805.",
    "  deux  espaces ▁ et un bloc▁",
    "ﬁn ²\tœuvre Ⅳ ‰ ☃ ⅞ \x1b[0m",
    "e\u0301te\u0301 combiné, 日本語, 🙂",
]


@pytest.fixture(scope="module")
def folder(embedder_home: Path) -> Path:
    return bundled_folder(embedder_home)


@pytest.fixture(scope="module")
def quick(folder: Path) -> QuickTokenizer:
    return QuickTokenizer(folder, lambda: load_tokenizer(folder))


def check(quick: QuickTokenizer, folder: Path, text: str) -> None:
    for special in (True, False):
        ours, theirs = (one.encode(text, add_special_tokens=special) for one in (quick, load_tokenizer(folder)))
        assert (text, ours.ids, list(ours.offsets)) == (text, theirs.ids, list(theirs.offsets))


@pytest.mark.parametrize("text", TEXTS)
def test_the_same_tokens(quick: QuickTokenizer, folder: Path, text: str) -> None:
    """Of French texts, signs that become several letters, spaces in a row, and what only the whole one knows."""
    check(quick, folder, text)


def test_of_the_corpus(quick: QuickTokenizer, folder: Path) -> None:
    articles = sorted((Path(__file__).parents[2] / "corpus").glob("*/*.md"))
    for article in articles[::12]:
        check(quick, folder, article.read_text())


def test_of_anything(quick: QuickTokenizer, folder: Path) -> None:
    """Unlikely letters beside likely ones, so that unknown pieces and ways that are equally likely come up."""
    random_ = random.Random(7)
    letters = [*quick._letters, *" eaisntrulo" * 40, *"\n…’«»\u00a0" * 10]
    for _ in range(600):
        check(quick, folder, "".join(random_.choice(letters) for _ in range(random_.randint(0, 30))))


def test_the_whole_one_is_not_loaded_for_latin_letters(folder: Path) -> None:
    def load() -> None:
        raise AssertionError("loaded")

    assert QuickTokenizer(folder, load).encode("Bleu, S3NS et Outscale").ids
