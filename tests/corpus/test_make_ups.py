"""Pages in ten make-ups: their words are kept, in their order, and their menus are not."""

from __future__ import annotations

from collections import Counter
from difflib import SequenceMatcher
from pathlib import Path

import pytest
from lxml import html

from trusted_cloud_chat.corpus.formats import web_page
from trusted_cloud_chat.language.blocks import blocks_of
from trusted_cloud_chat.language.words import words

PAGES = sorted((Path(__file__).parent / "pages").glob("*.html"))
NOT_THE_TEXT = "data-menu"
"""The attribute of the elements in these pages that belong to no text; nothing reads it but this test."""


def said(text: str) -> list[str]:
    return [word.folded for word in words(text)]


def halves(path: Path) -> tuple[list[str], list[str]]:
    """The words of the text and those of the rest, as a reader sees them."""
    body = html.fromstring(path.read_bytes()).find(".//body")
    rest = body.xpath(f".//*[@{NOT_THE_TEXT}]")
    menus = said(" ".join(text for element in rest for text in element.itertext()))
    for element in rest:
        element.drop_tree()
    for note in body.xpath(".//sup[a]"):
        note.drop_tree()
    return said(" ".join(body.itertext())), menus


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
class TestMakeUps:
    def test_words_are_kept_in_order_and_menus_are_not(self, path: Path) -> None:
        text, menus = halves(path)
        found = web_page.page(path.read_bytes())
        stored = said(found.text)

        kept = sum(block.size for block in SequenceMatcher(None, text, stored, autojunk=False).get_matching_blocks())
        assert kept >= 0.97 * len(text)
        taken = Counter(stored) - Counter(text)
        assert sum((taken & Counter(menus)).values()) <= 0.03 * len(stored)
        assert found.taken >= 0.9

    def test_headings_and_items_are_what_they_are(self, path: Path) -> None:
        body = html.fromstring(path.read_bytes()).find(".//body")
        for element in body.xpath(f".//*[@{NOT_THE_TEXT}]"):
            element.drop_tree()
        headings = len(body.xpath(".//h1|.//h2|.//h3|.//h4"))
        text = web_page.page(path.read_bytes()).text
        kinds = Counter(block.kind for block in blocks_of(text))

        assert kinds["heading"] >= headings
        assert kinds["item"] >= len(body.xpath(".//ul/li|.//ol/li"))
        assert text.count("```") == 2 * len(body.xpath(".//pre"))


def test_all_ten_are_there() -> None:
    assert len(PAGES) == 10
