"""The panel of sources."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html import unescape

from samples import HOSTILE, answer, article, citation, done, passage

from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.schema import Source, Span
from trusted_cloud_chat.web.article_html import around
from trusted_cloud_chat.web.escaping import ENGLISH, FRENCH
from trusted_cloud_chat.web.handlers import Exchange
from trusted_cloud_chat.web.sources import cards_of, origin_html, panel_html, sourced, uncited_of

TEXT = "Bleu a franchi le jalon J0. Il vise 2026. Orange et Capgemini le possèdent."
BLEU = article(TEXT)
OTHER = article("S3NS est qualifié.", article_id="s3ns", title="S3NS")


def text_of(html):
    return unescape(re.sub(r"<[^>]*>", "", html))


def test_one_article_cited_twice_is_one_card_with_both_numbers():
    made = answer(
        citation(1, BLEU, "Il vise 2026."), citation(2, OTHER, "S3NS est qualifié."), citation(3, BLEU, "Orange")
    )

    assert [[c.n for c in card] for card in cards_of(made)] == [[1, 3], [2]]


def test_a_quote_is_shown_in_its_paragraph():
    of = article("Autre chose.\n\n" + TEXT + "\n\nEncore autre chose.")
    cited = citation(1, of, "Il vise 2026.")
    blocks = around(of.text, [(1, Span(cited.start, cited.end))])

    assert [of.text[block.start : block.end] for block in blocks] == [TEXT]


def test_the_quoted_words_are_marked_in_their_passage():
    html = panel_html([done(answer(citation(1, BLEU, "Il vise 2026.")))], FRENCH)

    assert '<mark data-n="1">Il vise 2026.</mark> Orange et Capgemini' in html
    assert 'id="source-1-1"' in html


def test_found_but_uncited_passages_stand_apart():
    made = answer(citation(1, BLEU, "Il vise 2026."), passages=(passage(BLEU), passage(OTHER, rank=2, score=0.31)))
    html = panel_html([done(made)], FRENCH)

    assert [p.article.article_id for p in uncited_of(made)] == ["s3ns"]
    assert "S3NS est qualifié." in html.partition('<details class="tcc-uncited">')[2]
    assert "pertinence 31\u00a0%" in html


def test_a_refusal_shows_the_nearest_passage_of_each_article_first():
    passages = (passage(BLEU, 0, 27), passage(BLEU, 28, 41, rank=2), passage(OTHER, rank=3))
    made = replace(answer(passages=passages), outcome="refused")
    shown, _, further = panel_html([done(made)], FRENCH).partition("<details")

    assert FRENCH.nearest in shown
    assert "jalon J0" in shown
    assert "S3NS est qualifié." in shown
    assert "Il vise 2026." in further


def test_a_card_says_in_one_line_who_when_and_how_long_ago():
    of = article(
        TEXT, publisher="Trusted Cloud Chat", source_type="synthese", url="https://lemagit.example/a",
        sources=(Source("LeMagIT", "Bleu avance", "https://lemagit.example/a", PartialDate(2026, 3, 12)),),
    )  # fmt: skip
    html = panel_html([done(answer(citation(1, of, "Il vise 2026.")))], FRENCH)

    assert text_of(html).count("Synthèse du 12\u00a0mars 2026 d’après LeMagIT\u00a0· il y a 8\u00a0mois") == 1
    assert "tcc-chip" not in html
    assert 'href="https://lemagit.example/a" target="_blank" rel="noopener noreferrer"' in unescape(html)


def test_more_sources_than_one_open_their_list():
    said = article(TEXT, publisher="Trusted Cloud Chat", source_type="synthese", sources=(Source("A"), Source("B <b>")))
    apart = '<a href="/articles/bleu#sources" target="_blank" rel="noopener">(+1)'

    assert apart in origin_html(said, FRENCH, date(2026, 11, 29))
    assert "<a" not in sourced("Hotline (+33) Paris", replace(said, sources=()), FRENCH)
    assert '<a href="#sources">(+1)' in origin_html(said, FRENCH, date(2026, 11, 29), here=True)


def test_ages_are_counted_on_the_day_that_was_asked_for():
    made = answer(citation(1, BLEU, "Il vise 2026."))
    made = replace(made, query=replace(made.query, as_of=date(2026, 4, 20)))
    told = text_of(panel_html([done(made)], ENGLISH))

    assert "1\u00a0month ago" in told
    assert "Ages counted on 20 April 2026." in told
    assert "Ages counted" not in text_of(panel_html([done(answer(citation(1, BLEU, "Il vise")))], ENGLISH))


def test_a_card_opens_the_article_with_all_its_quotes_and_a_passage_without():
    made = answer(
        citation(1, BLEU, "Il vise 2026."), citation(2, BLEU, "Orange"),
        passages=(passage(BLEU), passage(OTHER, rank=2)),
    )  # fmt: skip
    html = panel_html([done(made)], FRENCH)

    assert [href.partition("&day=")[0] for href in re.findall(r'href="(/articles/[^"]*)"', unescape(html))] == [
        f"/articles/bleu?quote=1%3A28-41&quote=2%3A42-48&version={BLEU.version}", f"/articles/s3ns?version={OTHER.version}",
    ]  # fmt: skip


def test_an_unknown_kind_of_source_is_shown_as_it_is_written():
    html = panel_html([done(answer(citation(1, article(TEXT, source_type="<tract>"), "Il vise 2026.")))], FRENCH)

    assert '<span class="tcc-chip">&#60;tract&#62;</span>' in html


def test_only_the_last_answer_is_shown_and_the_others_are_kept():
    first, second = answer(citation(1, BLEU, "Il vise 2026.")), answer(citation(1, OTHER, "S3NS est qualifié."))
    html = panel_html([done(first), done(second, 2), Exchange(3, "q", "searching")], FRENCH)

    assert re.findall(r'id="sources-(\d)" tabindex="-1"( hidden)?', html) == [("1", " hidden"), ("2", "")]


def test_hostile_articles_stay_text():
    bad = article(
        HOSTILE, title=HOSTILE, publisher=HOSTILE, url="javascript:alert(1)", source_type=HOSTILE,
        sources=(Source(HOSTILE, HOSTILE, "data:text/html,x"),), article_id=HOSTILE,
    )  # fmt: skip
    html = panel_html([done(answer(citation(1, bad, "et [2]"), question=HOSTILE))], FRENCH)

    assert "<script" not in html
    assert "<img" not in html
    assert not re.search(r'href="(?!#|/articles/)', html)
    assert not re.search(r"[`*_$\[\]{}]", re.sub(r"<[^>]*>", "", html))
    assert HOSTILE in text_of(html).replace("1et [2]", "et [2]")


def test_the_empty_panel_says_what_will_stand_there():
    assert FRENCH.sources_empty in panel_html([], FRENCH)
    assert ENGLISH.sources_empty in panel_html([], ENGLISH)


def test_headings_are_in_order():
    made = answer(citation(1, BLEU, "Il vise 2026."), passages=(passage(BLEU), passage(OTHER, rank=2)))

    assert re.findall(r"<h(\d)", panel_html([done(made)], FRENCH)) == ["2", "3", "3"]
