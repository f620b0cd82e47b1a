"""The text of an article as HTML blocks."""

from __future__ import annotations

import re
from html import unescape

import pytest
from samples import HOSTILE

from builders import TINY
from trusted_cloud_chat.schema import Chunk, Span
from trusted_cloud_chat.web.article_html import around, passage_html, text_html

TEXT = """# Grille

Intro avec **gras** et [un lien](https://x.example). Suite.

## Tarifs

Voici les tarifs :

- Un *petit* billet
  - un sous-billet
- Deux billets

1. premier
2. second

| | Adulte | Enfant |
|---|---|---|
| Matin | 3 € | 2 € |
| Soir | a \\| b | `x` |

### Détail

```
code **brut** <x>
  ligne 2
```
"""


def span(words, text=TEXT):
    start = text.index(words)
    return Span(start, start + len(words))


def said(html):
    return unescape(re.sub(r"<[^>]*>", "", html))


def test_headings_lists_tables_and_code_are_what_they_are():
    html = text_html(TEXT, ())

    assert re.findall(r"<(h\d)>(\w+)", html) == [("h3", "Grille"), ("h3", "Tarifs"), ("h4", "Détail")]
    assert '<ul><li>Un petit billet</li><li class="tcc-in-1">un sous-billet</li>' in html
    assert '<li class="tcc-bare">1. premier</li>' in html
    assert '<thead><tr><td></td><th scope="col"> Adulte </th>' in html.replace("<td> </td>", "<td></td>")
    assert "<td> a &#124; b </td>" in html
    assert "<pre><code>code &#42;&#42;brut&#42;&#42; &#60;x&#62;&#10;  ligne 2</code></pre>" in html


def test_quotes_are_marked_whatever_signs_stand_in_them():
    html = text_html(
        TEXT, [(1, span("avec **gras** et [un lien](https://x.example).")), (2, span("Soir")), (3, span("brut"))]
    )

    assert '<mark data-n="1">avec gras et un lien.</mark> Suite.' in html
    assert '<mark data-n="2">Soir</mark>' in html
    assert '<mark data-n="3">brut</mark>' in html


def test_a_quote_over_two_blocks_is_marked_in_both():
    whole = Span(span("Un *petit*").start, span("Deux").end)

    assert re.findall(r"<mark[^>]*>([^<]*)</mark>", text_html(TEXT, [(1, whole)])) == [
        "Un petit billet", "un sous-billet", "Deux",
    ]  # fmt: skip


def test_pages_are_numbered():
    html = text_html("Première page.\n\n\fDeuxième page.\n\n\f\fQuatrième page.", ())

    assert re.findall(r'tcc-page">p.\xa0(\d)', html) == ["2", "4"]


@pytest.mark.parametrize(
    "text", [*TINY.values(), HOSTILE, "x " * 50 + HOSTILE, "|" * 9, "", "- \n- a\n\n> cité\n> encore"]
)
def test_nothing_is_lost_and_nothing_is_markup(text):
    html = text_html(text, [(1, Span(0, len(text)))])
    tags = set(re.findall(r"</?(\w+)", html))

    assert tags <= set("p h3 h4 ul li div table thead tbody tr th td mark span pre code".split())
    words = re.findall(r"\w+", re.sub(r"!?\[(\w+)\]\([^)]*\)", r"\1", text))
    shown = said(re.sub(r'<span class="tcc-n"[^>]*>\d+</span>', "", html))
    assert [word for word in words if word not in shown] == []


def test_around_a_quote_is_its_paragraph():
    assert [TEXT[b.start : b.end] for b in around(TEXT, [(1, span("Suite"))])] == [
        "Intro avec **gras** et [un lien](https://x.example). Suite."
    ]


def test_a_row_comes_with_its_header_and_an_item_with_what_it_is_one_of():
    row = text_html(TEXT, [(1, span("Soir"))], around(TEXT, [(1, span("Soir"))]))
    item = text_html(TEXT, (), around(TEXT, [(1, span("Deux"))]))

    assert said(row).split() == ["Adulte", "Enfant", "1Soir", "a", "|", "b", "x"]
    assert said(item) == "Voici les tarifs :[…]Deux billets"


def test_of_a_long_paragraph_the_sentences_around_the_quote_are_shown():
    text = " ".join(f"Phrase numéro {n} d’une très longue suite de phrases." for n in range(90))
    (block,) = around(text, [(1, span("Phrase numéro 45 d", text))])
    shown = text[block.start : block.end]

    assert shown.startswith("Phrase numéro")
    assert shown.endswith("phrases.")
    assert "numéro 45 " in shown
    assert 900 < len(shown) < 1400


def test_an_excerpt_has_no_headings_of_the_page():
    html = text_html(TEXT, (), around(TEXT, [(1, span("Tarifs"))]))

    assert html == '<p class="tcc-heading">Tarifs</p>'


def test_a_passage_is_shown_from_its_first_character_to_its_last():
    one = Chunk("c", "a", "v", 1, span("Suite").start, span("Un *petit*").end, ())

    assert said(passage_html(TEXT, one)) == "Suite.TarifsVoici les tarifs :Un petit"
