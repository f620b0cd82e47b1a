"""`/articles/ID`: an article as it is read, its quotes marked, in the version that is quoted or the one of now."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from samples import HOSTILE, TODAY, article, citation
from sites import text_of

from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.errors import IndexBusyError
from trusted_cloud_chat.schema import Article, Source
from trusted_cloud_chat.web.escaping import ENGLISH, FRENCH, read_texts
from trusted_cloud_chat.web.pages.articles import reader_router
from trusted_cloud_chat.web.sources import original_html, read_link

TEXT = "Bleu a franchi le jalon J0. Il vise 2026. Orange et Capgemini le possèdent."
BLEU = article(TEXT)
NEWER = replace(BLEU, version="fedcba9876543210", text="Orange et Capgemini le possèdent. Il vise 2027.")
QUOTED = [citation(1, BLEU, "Il vise 2026."), citation(2, BLEU, "Orange et Capgemini le possèdent.")]
READER = {key: text.replace("\u00a0", " ") for key, text in read_texts("pages", "fr")["reader"].items()}


class Kept:
    """An assistant that knows two versions of an article."""

    def __init__(self, live: Article | None = BLEU, *old: Article) -> None:
        self._live = live
        self._known = {version.version: version for version in (live, *old) if version}

    def live(self, article_id):
        return self._live if article_id == "bleu" else None

    def article(self, article_id, version=None):
        return self._known.get(version) if article_id == "bleu" else None


def read(address: str, assistant: Kept) -> str:
    app = FastAPI()
    app.include_router(reader_router(assistant))  # type: ignore[arg-type]
    return TestClient(app).get(address).text


def link(strings=FRENCH, citations=QUOTED, of=BLEU) -> str:
    return unescape(re.search(r'href="([^"]*)"', read_link(of, strings, citations, TODAY))[1])


def test_a_link_of_the_chat_opens_the_quoted_version_with_the_numbers_of_the_answer():
    assert link() == ("/articles/bleu?quote=1%3A28-41&quote=2%3A42-75&version=0123456789abcdef&day=2026-11-24#q1")
    assert "lang=en" in link(ENGLISH)
    assert text_of(read_link(BLEU, FRENCH)) == "Lire l’article Bleu avance (nouvel onglet)"
    assert link(of=replace(BLEU, article_id="a/b c?")).startswith("/articles/a/b%20c%3F?")


def test_the_article_stands_there_with_every_quote_its_age_sources_and_version():
    html = read(link(), Kept(replace(BLEU, sources=(Source("L'Usine", "L'État", None, PartialDate(2026, 3)),))))

    assert re.findall(r'<mark data-n="(\d)">([^<]*)<', html) == [("1", QUOTED[0].quote), ("2", QUOTED[1].quote)]
    assert re.findall(r'href="#q(\d)"', html) == ["1", "2"]
    assert re.findall(r'id="q(\d)"', html) == ["1", "2"]
    told = text_of(html)
    assert "Gazette du Nuage, 12 mars 2026" in told
    assert "il y a 8 mois" in told
    assert "Rédigé d’après une publication" in told
    assert "L’Usine, L’État , mars 2026" in told
    assert "Article bleu, version 0123456789ab" in told
    assert 'role="note"' not in html


@pytest.mark.parametrize("quote", ["28-41", "Il vise 2026.", "7:28-41"])
def test_a_quote_is_its_place_or_its_words(quote):
    html = read(f"/articles/bleu?quote={quote}", Kept())

    assert re.findall(r"<mark[^>]*>([^<]*)<", html) == ["Il vise 2026."]


@pytest.mark.parametrize("quote", ["70-900", "9-4", "a-b", "-3-5", "1:2", "Rien de tel.", "99999999999999999999-3"])
def test_what_is_no_quote_of_the_text_marks_nothing(quote):
    assert "<mark" not in read(f"/articles/bleu?quote={quote}", Kept())


def test_an_article_that_has_changed_says_so_and_leads_to_the_version_of_now_and_back():
    html = read(link(), Kept(NEWER, BLEU))
    assert READER["changed"] in text_of(html)
    assert "Il vise 2026." in html

    now = unescape(re.search(r'href="([^"]*shown=now[^"]*)"', html)[1])
    html = read(now, Kept(NEWER, BLEU))
    assert re.findall(r'<mark data-n="(\d)">([^<]*)<', html) == [("2", QUOTED[1].quote)]
    assert "Ne s’y trouve plus mot pour mot : 1." in text_of(html)
    assert READER["read_quoted"] in text_of(html)
    assert "shown=now" not in html.partition("<main")[2]


def test_all_quotes_kept_or_none_is_said_too():
    longer, other = replace(NEWER, text="Préambule. " + TEXT), replace(NEWER, text="Tout a changé.")

    assert READER["kept_all"] in text_of(read(link().replace("#", "&shown=now#"), Kept(longer, BLEU)))
    assert READER["lost_all"] in text_of(read(link().replace("#", "&shown=now#"), Kept(other, BLEU)))


def test_an_article_that_is_gone_says_so_and_a_version_that_is_not_kept_too():
    assert READER["gone"] in text_of(read(link(), Kept(None, BLEU)))
    assert READER["unknown"] in text_of(read(link(), Kept(NEWER)))
    assert READER["unknown"] in text_of(read("/articles/other", Kept()))


def test_without_a_version_that_of_now_is_read():
    html = read("/articles/bleu", Kept(NEWER, BLEU))

    assert "Il vise 2027." in html
    assert 'role="note"' not in html
    assert "#q" not in html


def test_an_index_that_is_busy_is_a_message():
    class Busy(Kept):
        def live(self, article_id):
            raise IndexBusyError("later")

    assert FRENCH.index_busy.replace("\u00a0", " ") in text_of(read(link(), Busy()))


def test_the_original_opens_at_the_words_with_their_accents_and_a_synthesis_at_its_source():
    quoted = citation(1, BLEU, "Orange et Capgemini le possèdent.")
    href = re.search(r'href="([^"]*)"', unescape(original_html(BLEU, FRENCH, quoted)))[1]
    ours = replace(BLEU, source_type="synthese")

    assert href == "https://gazette.example/bleu#:~:text=Orange%20et%20Capgemini%20le%20poss%C3%A8dent."
    assert FRENCH.open_original in unescape(original_html(BLEU, FRENCH, quoted))
    assert "#:~:text" not in unescape(original_html(ours, FRENCH, quoted))
    assert FRENCH.open_source in unescape(original_html(ours, FRENCH, quoted))
    assert original_html(replace(BLEU, url=None), FRENCH, quoted) == ""
    assert READER["synthesis"] in text_of(read("/articles/bleu", Kept(ours)))


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

    assert "<details open>" in read("/articles/bleu", Kept(few))
    assert "<details><summary>Rédigé d’après 5 publications" in read("/articles/bleu", Kept(many))


def test_a_hostile_article_stays_text():
    bad = replace(
        BLEU, text=HOSTILE, title=HOSTILE, publisher=HOSTILE, url="javascript:alert(1)", source_type=HOSTILE,
        sources=(Source(HOSTILE, HOSTILE, "data:text/html,x"),),
    )  # fmt: skip
    html = read("/articles/bleu?words=alert", Kept(bad))

    assert not re.search(r"<(script(?! src=\"/pages.js\")|img)|href=\"(javascript|data)|<[^>]* on\w+=", html)
    assert original_html(bad, FRENCH) == ""
    assert "${7*7} {{7*7}}" in unescape(html)
