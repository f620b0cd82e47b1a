"""The reader of articles."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest
from samples import HOSTILE, TODAY, article, citation

from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.errors import IndexBusyError
from trusted_cloud_chat.schema import Article, Source, Span
from trusted_cloud_chat.web.evidence_strings import ENGLISH as SAID_EN
from trusted_cloud_chat.web.evidence_strings import FRENCH as SAID
from trusted_cloud_chat.web.reader import Wanted, opened, original_html, read_button, reader_html, wanted
from trusted_cloud_chat.web.reader_panel import article_html
from trusted_cloud_chat.web.strings import ENGLISH, FRENCH

TEXT = "Bleu a franchi le jalon J0. Il vise 2026. Orange et Capgemini le possèdent."
BLEU = article(TEXT)
NEWER = replace(BLEU, version="fedcba9876543210", text="Orange et Capgemini le possèdent. Il vise 2027.")
QUOTED = [citation(1, BLEU, "Il vise 2026."), citation(2, BLEU, "Orange et Capgemini le possèdent.")]
WANTED = wanted(BLEU, QUOTED, day=TODAY)


class Kept:
    """An assistant that knows two versions of an article."""

    def __init__(self, live: Article | None = BLEU, *old: Article) -> None:
        self._live = live
        self._known = {version.version: version for version in (live, *old) if version}

    def live(self, article_id):
        return self._live if article_id == "bleu" else None

    def article(self, article_id, version=None):
        return self._known.get(version) if article_id == "bleu" else None


def dialog(what, assistant, strings=FRENCH):
    return article_html(assistant, what, strings)


def text_of(html):
    return unescape(re.sub(r"<[^>]*>", "", html)).replace("\u00a0", " ")


def test_what_a_button_says_is_read_again():
    html = read_button(WANTED, "Bleu avance", FRENCH)
    data = {name: unescape(value) for name, value in re.findall(r'data-(\w+)="([^"]*)"', html)}

    assert Wanted.read(data) == WANTED
    assert data["quotes"] == "1:28:41 2:42:75"
    assert text_of(html) == "Lire l’article Bleu avance"


@pytest.mark.parametrize(
    "data",
    [
        {"quotes": "1:2"},
        {"quotes": "a:b:c"},
        {"article": 7},
        {"day": "hier"},
        {"article": ["x"]},
        {"quotes": {}, "day": 1},
    ],
)
def test_what_no_button_says_is_refused(data):
    with pytest.raises(ValueError, match=r".") as refused:
        Wanted.read(data)

    assert refused.type is ValueError
    assert SAID.reader_unknown in unescape(dialog(data, Kept()))


def test_the_article_stands_there_with_every_quote_its_age_sources_and_version():
    html = dialog(WANTED, Kept(replace(BLEU, sources=(Source("L'Usine", "L'État", None, PartialDate(2026, 3)),))))

    assert re.findall(r'<mark data-n="(\d)">([^<]*)<', html) == [("1", QUOTED[0].quote), ("2", QUOTED[1].quote)]
    assert re.findall(r'data-quote="(\d)"', html) == ["1", "2"]
    assert "Gazette du Nuage, 12\u00a0mars 2026\u00a0· <span" in html
    assert "il y a 8 mois" in text_of(html)
    assert "Rédigé d’après une publication" in html
    assert "L’Usine, <cite>L’État</cite>, mars 2026" in html
    assert "Article bleu, version 0123456789ab" in text_of(html)
    assert "tcc-standing" not in html


def test_an_article_that_has_changed_says_so_and_leads_to_the_version_of_now():
    html = dialog(WANTED, Kept(NEWER, BLEU))

    assert SAID.reader_changed in unescape(html)
    assert "Il vise 2026." in html
    assert f'data-shown="{NEWER.version}"' in html
    assert SAID.read_now in unescape(html)


def test_the_version_of_now_says_which_quotes_it_still_has():
    html = dialog(replace(WANTED, shown=NEWER.version), Kept(NEWER, BLEU))

    assert re.findall(r'<mark data-n="(\d)">([^<]*)<', html) == [("2", QUOTED[1].quote)]
    assert "Ne s’y trouve plus mot pour mot : [1]." in text_of(html)
    assert SAID.read_quoted in unescape(html)
    assert "data-shown" not in html


def test_all_quotes_kept_or_none_is_said_too():
    longer, other = replace(NEWER, text="Préambule. " + TEXT), replace(NEWER, text="Tout a changé.")

    assert SAID_EN.reader_kept_all in unescape(
        dialog(replace(WANTED, shown=NEWER.version), Kept(longer, BLEU), ENGLISH)
    )
    assert SAID_EN.reader_lost_all in unescape(dialog(replace(WANTED, shown=NEWER.version), Kept(other, BLEU), ENGLISH))


def test_an_article_that_is_gone_says_so_and_a_version_that_is_not_kept_too():
    assert SAID.reader_gone in unescape(dialog(WANTED, Kept(None, BLEU)))
    assert SAID.reader_unknown in unescape(dialog(WANTED, Kept(NEWER)))
    assert SAID.reader_unknown in unescape(dialog(Wanted("other"), Kept()))
    assert dialog(None, Kept()).startswith("<dialog")


def test_without_a_version_that_of_now_is_read():
    html = dialog(wanted(BLEU, now=True), Kept(NEWER, BLEU))

    assert "Il vise 2027." in html
    assert "tcc-standing" not in html
    assert "tcc-jumps" not in html


def test_an_index_that_is_busy_is_a_message():
    class Busy(Kept):
        def live(self, article_id):
            raise IndexBusyError("later")

    assert text_of(dialog(WANTED, Busy())).endswith(FRENCH.index_busy.replace("\u00a0", " "))


def test_quotes_that_lie_outside_the_text_mark_nothing():
    what = replace(WANTED, quotes=((1, Span(-3, 5)), (2, Span(70, 900)), (3, Span(9, 4))))

    assert opened(what, BLEU, BLEU, BLEU).quotes == ()


def test_the_original_opens_at_the_words_with_their_accents_and_a_synthesis_at_its_source():
    quoted = citation(1, BLEU, "Orange et Capgemini le possèdent.")
    href = re.search(r'href="([^"]*)"', unescape(original_html(BLEU, FRENCH, quoted)))[1]
    ours = replace(BLEU, source_type="synthese")

    assert href == "https://gazette.example/bleu#:~:text=Orange%20et%20Capgemini%20le%20poss%C3%A8dent."
    assert SAID.open_original in unescape(original_html(BLEU, FRENCH, quoted))
    assert "#:~:text" not in unescape(original_html(ours, FRENCH, quoted))
    assert SAID.open_source in unescape(original_html(ours, FRENCH, quoted))
    assert original_html(replace(BLEU, url=None), FRENCH, quoted) == ""


def test_the_original_of_a_row_opens_at_its_longest_cell_and_a_pdf_at_the_page():
    table = article("| Offre | Prix |\n|---|---|\n| Le billet du soir | 12 € |\n")
    paged = article("Une.\n\n\fDeux mots.", url="https://gazette.example/a.pdf")
    links = [
        unescape(original_html(table, FRENCH, citation(1, table, "Le billet du soir | 12 €"))),
        unescape(original_html(paged, FRENCH, citation(1, paged, "Deux mots."))),
    ]

    assert "#:~:text=Le%20billet%20du%20soir&" not in links[0]
    assert '#:~:text=Le%20billet%20du%20soir"' in links[0]
    assert "a.pdf#page=2" in links[1]


def test_more_than_three_publications_are_folded():
    few = replace(BLEU, sources=tuple(Source(f"Journal {n}") for n in range(3)))
    many = replace(BLEU, sources=tuple(Source(f"Journal {n}") for n in range(5)))

    assert "<details open>" in dialog(WANTED, Kept(few))
    assert "<details><summary>Rédigé d’après 5 publications" in dialog(WANTED, Kept(many))


def test_a_hostile_article_stays_text():
    bad = replace(
        BLEU, text=HOSTILE, title=HOSTILE, publisher=HOSTILE, url="javascript:alert(1)", source_type=HOSTILE,
        sources=(Source(HOSTILE, HOSTILE, "data:text/html,x"),),
    )  # fmt: skip
    html = dialog(wanted(bad), Kept(bad))

    assert not re.search(r"<(script|img|a |/div></p>)", html)
    assert original_html(bad, FRENCH) == ""
    assert not re.search(r"[`*_$\[\]{}]", re.sub(r"<[^>]*>", "", html))
    assert f'data-nonce="{HOSTILE}' not in html


def test_the_dialog_is_named_and_of_its_language():
    html = reader_html(opened(wanted(BLEU), BLEU, BLEU, BLEU), ENGLISH, nonce="7")

    assert '<dialog class="tcc-reader" lang="en" aria-labelledby="tcc-reader-title" data-nonce="7">' in html
    assert re.findall(r"<h(\d)", html) == ["2"]
