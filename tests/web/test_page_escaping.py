"""Nothing that an article or a reader writes is ever markup."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import HOSTILE

from trusted_cloud_chat.schema import Span
from trusted_cloud_chat.web.escaping import escape, link, marked, safe_url, text_fragment, typeset

_TAG = re.compile(r"<[^>]*>")
_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf"]), max_size=60)


@given(_TEXT)
def test_escaped_text_shows_exactly_its_characters(text):
    """Unescaping gives the text back, and no character that HTML, Markdown or a template reads is left."""
    escaped = escape(text)

    assert unescape(escaped) == text
    assert not re.search(r"[<>\"'`*_\[\](){}!|~$\\^\n]", escaped)


@given(_TEXT)
def test_typesetting_changes_no_character(text):
    assert unescape(_TAG.sub("", typeset(text))) == text


def test_french_punctuation_stays_with_its_word():
    assert typeset("Bleu ? Non ;") == ('<span class="tcc-tight">Bleu ?</span> <span class="tcc-tight">Non ;</span>')
    assert typeset("Qu’a-t-il dit") == 'Qu’<span class="tcc-tight">a-t-il</span> dit'
    assert "tcc-tight" not in typeset("un porte-à-faux, Bleu-Nuit")


def test_what_cannot_be_seen_is_dropped():
    """Nothing turns the direction of what follows a quote, or hides in it."""
    assert escape("a\x00b\x1bc\x9bd") == "abcd"
    assert escape("\u202eun\u2066 deux\u200b\u00ad") == "un deux"
    assert marked("un\u202e deux", 0, [(1, Span(0, 3))]).endswith('<mark data-n="1">un</mark> deux')


def test_a_blank_line_cannot_end_an_html_block():
    assert "\n" not in escape("one\n\n# two")


@pytest.mark.parametrize(
    "url",
    [
        None, "", "javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//evil.example",
        "/relative", "http://", "https://exa mple.fr", "java\nscript:alert(1)", " https://a.fr", "http://[::1", "vbscript:x",
        "https:a.fr",
    ],
)  # fmt: skip
def test_only_web_addresses_become_links(url):
    assert safe_url(url) is None
    assert link(url, "texte", "nouvel onglet") == "texte"


def test_a_link_opens_apart_and_tells_nobody_where_it_was():
    html = link('https://a.fr/?q="><script>', "texte", "nouvel onglet")

    assert 'rel="noopener noreferrer"' in html
    assert 'target="_blank"' in html
    assert "<script>" not in html


def test_a_fragment_keeps_accents_and_apostrophes():
    """Each word survives percent-encoding; a hyphen, which separates the parts of a fragment, is encoded too."""
    url = text_fragment("https://a.fr/x", "L’État n’a-t-il pas qualifié Bleu ?")

    assert url.startswith("https://a.fr/x#:~:text=")
    assert "-" not in url.partition("text=")[2]
    assert unquote(url.partition("text=")[2]) == "L’État n’a-t-il pas qualifié Bleu ?"


def test_a_long_quote_is_named_by_its_two_ends():
    words = " ".join(f"mot{n}" for n in range(30))

    assert unquote(text_fragment("https://a.fr", words)).endswith(
        "mot0 mot1 mot2 mot3 mot4 mot5,mot24 mot25 mot26 mot27 mot28 mot29"
    )


def test_a_fragment_of_its_own_is_left_alone():
    assert text_fragment("https://a.fr#bas", "mots") == "https://a.fr#bas"


def test_the_mark_holds_the_quoted_words_and_nothing_else():
    text = "Avant. Bleu & Cie « avance ». Après."
    start = 100 + text.index("Bleu")
    html = marked(text, 100, [(2, Span(start, start + 22))])

    assert html == (
        'Avant. <span class="tcc-n" aria-hidden="true">2</span><mark data-n="2">Bleu &#38; Cie « <span class="tcc-tight">avance »</span>.</mark> Après.'
    )


def test_hostile_text_in_a_mark_stays_text():
    html = marked(HOSTILE, 0, [(1, Span(0, len(HOSTILE)))])

    assert unescape(_TAG.sub("", html)) == "1" + HOSTILE


@given(_TEXT, st.lists(st.tuples(st.integers(0, 80), st.integers(0, 80)), max_size=4))
def test_marks_cover_their_spans_and_change_no_character(text, spans):
    """Whatever the spans, overlapping or out of bounds: the text is whole, and each span's words are under its number."""
    numbered = [(n, Span(min(pair), max(pair))) for n, pair in enumerate(spans, start=1)]
    html = re.sub(r'<span class="tcc-n"[^>]*>\d+</span>', "", marked(text, 0, numbered))

    assert unescape(_TAG.sub("", html)) == text
    for n, span in numbered:
        under = [
            words
            for numbers, words in re.findall(r'<mark data-n="([\d ]+)">(.*?)</mark>', html)
            if str(n) in numbers.split()
        ]
        assert unescape(_TAG.sub("", "".join(under))) == text[span.start : span.end]
