"""« Marché » over HTTP: what each view shows, that each sentence is where its link leads, and what the address asks for."""

from __future__ import annotations

import csv
import io
import re
import tomllib
from html import unescape
from importlib.resources import files
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from fastapi.testclient import TestClient
from sites import links_of, site_of, text_of

from builders import TODAY
from trusted_cloud_chat.library import OpenAssistant
from trusted_cloud_chat.market.tables import changes
from trusted_cloud_chat.output.market import sections
from trusted_cloud_chat.web.pages.frame import POLICY

VIEWS = [
    "/marche", "/marche?since=2024", "/marche/offres", "/marche/promesses", "/marche/contrats", "/marche/prix",
    "/marche/chronologie", "/marche/comparer", "/marche/comparer?offer=Bleu&offer=S3NS+·+PREMI3NS", "/corpus",
    "/corpus/administration", "/articles/s3ns-qualification", "/articles/attaque", "/articles/none",
]  # fmt: skip


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_page_is_whole_in_both_languages_and_loads_nothing_from_elsewhere(
    site: TestClient, view: str, lang: str
) -> None:
    answer = site.get(view, params={"lang": "en"} if lang == "en" else {})
    html = answer.text

    assert answer.status_code == (404 if view.endswith("none") else 200)
    assert f'<html lang="{lang}">' in html
    assert len(re.findall(r"<h1\b", html)) == 1
    assert answer.headers["content-security-policy"] == POLICY
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert not re.search(r"<(script|img)(?! src=\"/pages.js\")|<style|href=\"javascript|<[^>]* on\w+=", html)
    assert not re.search(r"\{\w+\}|None\b", text_of(html.replace("${7*7} {{7*7}}", "")))
    assert {href for href in links_of(html, "http") if "example" not in href} == set()
    if lang == "en":
        ours = [href for href in links_of(html, "/(?:marche|corpus|articles)") if "lang=en" not in href]
        assert len(ours) == 1, "only what leads to the French page"


@pytest.mark.parametrize(("asset", "kind"), [("pages.css", "css"), ("answer.css", "css"), ("pages.js", "javascript")])
def test_the_pages_have_their_styles_and_their_script(site: TestClient, asset: str, kind: str) -> None:
    assert site.get(f"/{asset}").headers["content-type"].startswith(f"text/{kind}")


def test_every_address_of_the_documentation_answers(site: TestClient) -> None:
    page = (Path(__file__).parents[2] / "docs" / "page.md").read_text("utf-8")
    named = re.findall(r"`(/(?:marche|corpus)[^`]*)`", page)

    assert "/marche/offres?stage=qualified&sort=newest&lang=en" in named
    assert {address: site.get(address).status_code for address in named} == dict.fromkeys(named, 200)


def test_a_row_says_who_says_it_what_is_calculated_and_what_became_of_promises(site: TestClient) -> None:
    html = site.get("/marche/offres").text
    rows = {text_of(row).split(" Chronologie")[0]: text_of(row) for row in re.split("<tr[^>]*>", html)[2:]}

    assert list(rows) == ["3DS Outscale", "S3NS PREMI3NS", "Bleu"]
    assert all(
        told in rows["S3NS PREMI3NS"]
        for told in ("qualifié", "Gazette du Nuage, 19 décembre 2025", "17 décembre 2028", "calculé")
    )
    assert "échue, renouvellement non trouvé" in rows["3DS Outscale"]
    assert "échéance passée" in rows["Bleu"]
    assert "non trouvé" in rows["Bleu"]


@pytest.mark.parametrize("view", ["/marche/offres", "/marche/promesses", "/marche/chronologie", "/marche?since=2019"])
def test_each_link_opens_the_article_at_the_sentence_that_stands_with_it(site: TestClient, view: str) -> None:
    html = site.get(view).text
    quotes = re.findall(r'<blockquote><p lang="\w+">(.*?)</p>.*?href="(/articles/[^"]+)"', html, re.S)

    assert quotes
    for quote, href in quotes:
        article = site.get(unescape(href)).text
        marked = " ".join(text_of(one) for one in re.findall(r"<mark[^>]*>(.*?)</mark>", article, re.S))
        assert text_of(quote) in marked
        assert f'id="{href.partition("#")[2]}"' in article


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("", ["3DS Outscale", "S3NS", "Bleu"]),
        ("?provider=S3NS", ["S3NS"]),
        ("?stage=qualified", ["3DS Outscale", "S3NS"]),
        ("?q=premi3ns", ["S3NS"]),
        ("?q=QUALIFIÉ+décembre", ["S3NS"]),
        ("?stage=J0&q=S3NS", []),
        ("?as_of=2025-06", ["3DS Outscale", "Bleu"]),
        ("?sort=offer", ["3DS Outscale", "Bleu", "S3NS"]),
    ],
)
def test_what_the_address_asks_for_narrows_and_orders_the_offers(
    site: TestClient, asked: str, names: list[str]
) -> None:
    html = site.get(f"/marche/offres{asked}").text

    assert [name.partition(" · ")[0] for name in re.findall(r'name="offer" value="([^"]+)"', html)] == names
    assert ("Rien ne correspond à ces filtres." in text_of(html)) == (not names)


@pytest.mark.parametrize(
    ("day", "told"),
    [
        ("2025-06", "Tel qu’on le savait le 30 juin 2025"),
        ("hier", "« hier » n’est pas une date"),
        ("2999", "« 2999 » est dans le futur"),
    ],
)
def test_a_day_is_told_or_what_is_wrong_with_it(site: TestClient, day: str, told: str) -> None:
    assert told in text_of(site.get("/marche/offres", params={"as_of": day}).text)


@pytest.mark.parametrize(
    ("ticked", "columns", "told"),
    [
        (["Bleu"], 0, "Cochez au moins deux offres"),
        (["Bleu", "S3NS · PREMI3NS"], 3, "SecNumCloud"),
        (["Bleu", "S3NS · PREMI3NS", "3DS Outscale", "a", "b", "c"], 4, "Cinq offres au plus"),
    ],
)
def test_ticked_offers_are_compared_side_by_side(site: TestClient, ticked: list[str], columns: int, told: str) -> None:
    html = site.get("/marche/comparer", params={"offer": ticked}).text

    assert html.count('<th scope="col">') == columns
    assert told in text_of(html)


@pytest.mark.parametrize("name", ["offres", "promesses", "contrats", "prix", "chronologie", "comparer"])
def test_every_table_is_a_file_for_a_spreadsheet_with_quotes(site: TestClient, name: str) -> None:
    ticked = {"offer": ["Bleu", "S3NS · PREMI3NS"]} if name == "comparer" else {}
    answer = site.get(f"/marche/{name}.csv", params=ticked)
    head, *lines = csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")), delimiter=";")

    assert answer.text.startswith("\ufeff")
    assert "attachment" in answer.headers["content-disposition"]
    assert head[-1] == "adresse"
    assert {len(line) for line in lines} <= {len(head)}
    assert lines or name in ("contrats", "prix")


def test_what_has_changed_is_what_the_command_says_and_the_feed_too(site: TestClient, opened: OpenAssistant) -> None:
    books, since = opened.assistant.books, TODAY.replace(year=2019, month=1, day=1)
    found = changes(books.book(TODAY), books.book(TODAY, since), since)
    told = [line.text for _, lines in sections(found, opened.assistant.market, "fr") for line in lines]
    html = text_of(site.get("/marche?since=2019").text)
    feed = site.get("/marche/nouveautes.atom?since=2019")
    root = ET.fromstring(feed.content)
    atom = "{http://www.w3.org/2005/Atom}"

    assert told
    assert all(text_of(text) in html for text in told)
    assert [entry.findtext(f"{atom}title") for entry in root.iter(f"{atom}entry")] == told
    assert feed.headers["content-type"].startswith("application/atom+xml")
    ids = [entry.findtext(f"{atom}id") for entry in root.iter(f"{atom}entry")]
    assert len(set(ids)) == len(ids)
    first = root.find(f"{atom}entry/{atom}link")
    assert first is not None
    assert site.get(first.attrib["href"].removeprefix("http://127.0.0.1")).status_code == 200


def test_nothing_new_says_when_the_corpus_ends(site: TestClient) -> None:
    html = text_of(site.get("/marche").text)

    assert "Rien de nouveau depuis le 1er novembre 2026" in html
    assert "Depuis la fin du corpus" in html


def test_every_row_has_an_address_of_its_own(site: TestClient) -> None:
    for view in ("offres", "promesses", "chronologie?actor=Bleu"):
        html = site.get(f"/marche/{view}").text
        names = re.findall(r'<tr id="(\w+)"', html)
        assert names
        assert len(set(names)) == len(names)
        assert re.findall(r'href="#(\w+)"', html.partition("<table")[2]) == names


def test_what_arrived_since_the_last_visit_is_new_whatever_its_date(
    site: TestClient, opened: OpenAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = next(one for one in opened.assistant.books.book(TODAY).articles if one.date and one.date.year < TODAY.year)
    news = SimpleNamespace(until="2026-10-01T00:00:00+00:00", count=1, articles=(old,))
    monkeypatch.setattr(opened.assistant, "news", lambda since, most: news)
    monkeypatch.setattr("trusted_cloud_chat.web.visits._SAME_VISIT", TODAY - TODAY)
    site.get("/marche")
    html = text_of(site.get("/marche?since=visit").text)

    assert text_of(old.title) in html.partition("Nouveaux articles")[2]
    assert "Faits nouveaux, par acteur" in html
    assert text_of(old.title) not in text_of(site.get("/marche").text)


def test_who_comes_back_is_asked_for_what_is_new_since_then(site: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    first = site.get("/marche")
    assert "ma dernière visite" not in text_of(first.text)
    assert "httponly" in first.headers["set-cookie"].casefold()
    monkeypatch.setattr("trusted_cloud_chat.web.visits._SAME_VISIT", TODAY - TODAY)

    again = site.get("/marche?since=visit").text
    assert "Depuis ma dernière visite" in text_of(again)
    assert re.search(r'href="/marche\?since=visit" aria-current="true"', again)
    site.cookies.set("tcc-pages", "no visit")
    assert site.get("/marche?since=visit").status_code == 200


def test_the_chronology_of_an_actor_is_told_in_words(site: TestClient) -> None:
    html = site.get("/marche/chronologie?actor=Bleu").text

    assert re.search(r'<option value="Bleu" selected>', html)
    assert "17 avril 2025" in text_of(html)
    assert "promesse" in text_of(html)


def test_a_market_without_facts_says_how_to_write_them(opened: OpenAssistant) -> None:
    books = SimpleNamespace(empty=True, book=opened.assistant.books.book, offers=lambda _: ())
    bare = SimpleNamespace(
        books=books, market=opened.assistant.market, entities=opened.assistant.entities,
        articles_with=lambda _: set(), news=opened.assistant.news,
    )  # fmt: skip
    site = site_of(OpenAssistant(opened.settings, opened.embedder, bare))  # type: ignore[arg-type]

    assert "docs/enrichment.md" in site.get("/marche").text


class TestTexts:
    """`data/pages.*.toml`."""

    @pytest.fixture
    def both(self) -> dict[str, dict[str, str]]:
        found = {}
        for lang in ("fr", "en"):
            told = tomllib.loads((files("trusted_cloud_chat.data") / f"pages.{lang}.toml").read_text("utf-8"))
            found[lang] = dict(_flat({key: told[key] for key in told if key not in ("findings", "reasons")}))
        return found

    def test_both_languages_say_the_same_things(self, both: dict[str, dict[str, str]]) -> None:
        french, english = both["fr"], both["en"]

        assert french.keys() == english.keys()
        for key, text in french.items():
            assert sorted(re.findall(r"{\w+}", text)) == sorted(re.findall(r"{\w+}", english[key])), key

    def test_french_is_typeset(self, both: dict[str, dict[str, str]]) -> None:
        for key, text in both["fr"].items():
            assert not re.search(r"\w'\w|\w[!?;]|«\S|\S»", text), key


def _flat(value: Any, path: str = "") -> Any:
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _flat(one, f"{path}.{key}")
    elif isinstance(value, list):
        for n, one in enumerate(value):
            yield from _flat(one, f"{path}.{n}")
    else:
        yield path, value
