"""« Corpus »: what is found, in which order, and how it is shown."""

from __future__ import annotations

import json
import re
from datetime import date
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from sites import links_of, site_of, text_of

from builders import run, write
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.library import OpenAssistant
from trusted_cloud_chat.schema import EVERYTHING, Scope
from trusted_cloud_chat.web.pages.corpus import Shelf, ordered


@pytest.fixture(scope="module")
def shelf(opened: OpenAssistant) -> Shelf:
    assistant = opened.assistant
    return Shelf(opened.settings.home, assistant.entities, assistant.articles_with)


def found(shelf: Shelf, within: Scope = EVERYTHING, **wanted: object) -> list[str]:
    matches = ordered(shelf.find("fr", within=within, **wanted), "date", "fr", descending=True)
    return [one.article.article_id for one in matches]


def test_everything_stands_newest_first(shelf):
    assert found(shelf) == [
        "attaque", "health-data-hub", "aws-sovereign-cloud", "s3ns-qualification", "bleu/jalon-j0", "bleu-2024-01", "outscale-2019",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("fournisseur cumulonimbus", ["attaque"]),
        ("filiale", ["s3ns-qualification"]),
        ("filiales de Thales", ["s3ns-qualification"]),
        ("incyb", ["bleu/jalon-j0"]),
        ("GAZETTE", ["health-data-hub", "s3ns-qualification"]),
        ("Brandenburg", ["aws-sovereign-cloud"]),
        ("filiale Brandenburg", []),
    ],
)
def test_words_of_the_text_in_any_form_and_titles_and_publishers_as_they_are_typed(shelf, words, ids):
    assert found(shelf, words=words) == ids


def test_filters_narrow_each_other(shelf):
    assert found(shelf, Scope(source_types=("press", "synthese"))) == ["aws-sovereign-cloud", "bleu/jalon-j0"]
    assert found(shelf, Scope(about=("Bleu",))) == ["bleu/jalon-j0", "bleu-2024-01"]
    assert found(shelf, Scope(about=("Bleu",), first=date(2025, 1, 1))) == ["bleu/jalon-j0"]
    assert found(shelf, Scope(first=date(2019, 6, 1), last=date(2024, 1, 15))) == ["bleu-2024-01", "outscale-2019"]


def test_what_came_since_a_moment(shelf):
    moments = sorted(one.arrived for one in shelf.read())

    assert len(found(shelf, since="")) == 7
    assert found(shelf, since=moments[-1]) == []


def test_an_article_has_no_text_in_the_list(shelf):
    assert all(one.article.text == "" for one in shelf.read())


def listed(site: TestClient, asked: str = "") -> list[str]:
    """The articles that a page lists, by what its rows lead to."""
    rows = site.get(f"/corpus{asked}").text.partition("<tbody>")[2]
    hrefs = (href.partition("?")[0].removeprefix("/articles/") for href in links_of(rows))
    return [href for href in hrefs if not href.endswith("#sources")]


@pytest.mark.parametrize(
    ("asked", "ids"),
    [
        ("?q=filiales+de+Thales", ["s3ns-qualification"]),
        ("?type=synthese", ["bleu/jalon-j0"]),
        ("?name=Bleu&first=2025", ["bleu/jalon-j0"]),
        ("?first=2019-06&last=2024-01-15&sort=date&order=asc", ["outscale-2019", "bleu-2024-01"]),
        ("?name=Bleu&sort=title&order=desc", ["bleu-2024-01", "bleu/jalon-j0"]),
        ("?q=zzzz", []),
        ("?sort=__class__&q=cumulonimbus", ["attaque"]),
    ],
)
def test_what_the_address_asks_for_is_listed(site, asked, ids):
    assert listed(site, asked) == ids
    assert ("Aucun article ne répond" in text_of(site.get(f"/corpus{asked}").text)) == (not ids)


def test_a_list_is_shown_with_its_count_its_order_and_what_can_be_chosen(site):
    html = site.get("/corpus?name=Bleu").text

    assert "2 sur 7 articles" in text_of(html)
    assert html.count('aria-sort="descending"') == 1
    assert 'href="/corpus?name=Bleu&amp;sort=date&amp;order=asc"' in html
    assert "Synthèse (1)" in html
    assert '<option value="Bleu" selected>Bleu (2)</option>' in html


def test_the_list_is_a_file_too(site):
    text = site.get("/corpus.csv?name=Bleu").text

    assert text.splitlines()[0] == "\ufeffdate;titre;source;article;adresse"
    assert len(text.splitlines()) == 3


def test_more_rows_are_shown_when_asked_for(site, monkeypatch):
    monkeypatch.setattr("trusted_cloud_chat.web.pages.corpus._FIRST", 5)

    assert len(listed(site)) == 5
    assert "Show the other 2" in text_of(site.get("/corpus?lang=en").text)
    assert len(listed(site, "?show=all")) == 7


def test_what_is_no_day_is_said(site):
    assert "« hier » n’est pas une date" in text_of(site.get("/corpus?first=hier").text)


def test_what_is_new_since_the_last_visit_says_so(site):
    before = {"at": "2026-11-12T10:00:00+00:00", "until": "", "before": None, "since": None}
    assert "ma dernière visite" not in text_of(site.get("/corpus").text)
    site.cookies.clear()
    site.cookies.set("tcc-pages", quote(json.dumps(before)))
    html = site.get("/corpus?since=visit").text

    assert html.count('class="new"') == 7
    assert "Arrivés depuis ma dernière visite (12 novembre 2026)" in text_of(html)


def test_an_empty_home_says_what_to_do(tmp_path, opened):
    home = opened.settings.model_copy(update={"home": tmp_path})
    site = site_of(OpenAssistant(home, opened.embedder, opened.assistant))

    answer = site.get("/corpus")
    assert answer.status_code == 503
    assert "Un administrateur peut en ajouter" in answer.text
    assert 'href="/corpus/administration"' in answer.text
    assert "trusted-cloud-chat ingest" not in site.get("/corpus/administration").text


def test_the_shelf_follows_the_index(hashed, tmp_path):
    write(tmp_path / "corpus" / "a.txt", "date 2025-01 Un premier texte sur le nuage.\n")
    run(tmp_path / "home", tmp_path / "corpus", hashed)
    shelf = Shelf(tmp_path / "home", EntityBook([]), lambda _: set())
    assert len(found(shelf)) == 1
    write(tmp_path / "corpus" / "b.txt", "date 2026-01 Un second texte sur le nuage.\n")
    run(tmp_path / "home", tmp_path / "corpus", hashed)
    assert found(shelf) == ["b", "a"]


def test_a_run_that_commits_while_the_shelf_reads_is_seen_the_next_time(hashed, tmp_path, monkeypatch):
    def commit(*_: object) -> None:
        write(tmp_path / "corpus" / "b.txt", "date 2026-01 Un second texte sur le nuage.\n")
        run(tmp_path / "home", tmp_path / "corpus", hashed)

    write(tmp_path / "corpus" / "a.txt", "date 2025-01 Un premier texte sur le nuage.\n")
    run(tmp_path / "home", tmp_path / "corpus", hashed)
    shelf = Shelf(tmp_path / "home", EntityBook([]), lambda _: set())
    with monkeypatch.context() as patched:
        patched.setattr("trusted_cloud_chat.web.pages.corpus.Shelf._learn", commit)
        shelf.read()

    assert found(shelf) == ["b", "a"]


def test_an_article_that_was_searched_has_the_words_marked_in_any_form(site):
    html = site.get("/articles/s3ns-qualification", params={"words": "qualifié filiales de Thales"}).text
    marked = set(re.findall(r"<mark[^>]*>([^<]+)</mark>", html))

    assert {"qualification", "filiale", "Thales"} <= marked
    assert "de" not in marked
    assert re.search(r"<h1[^>]*>.*<mark", html)
    assert "<mark" not in site.get("/articles/s3ns-qualification").text
