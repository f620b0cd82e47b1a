"""The tab « Corpus », without the page: what is found, in which order, and how it is shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime

import pytest

from builders import write
from trusted_cloud_chat.schema import Span
from trusted_cloud_chat.settings import load_settings
from trusted_cloud_chat.web.strings import ENGLISH, FRENCH
from trusted_cloud_chat.web.tabs.article_panel import open_article
from trusted_cloud_chat.web.tabs.looking import Fields, Looking, View, since_label
from trusted_cloud_chat.web.tabs.shelf import Shelf, Wanted
from trusted_cloud_chat.web.visits import Visit
from trusted_cloud_chat.wiring import build_assistant

BEFORE = Visit(datetime.now().astimezone().isoformat(), "", before="2026-11-10T10:00:00+00:00", since="").to_dict()
"""Of who came back just now."""


@pytest.fixture(scope="module")
def looking(page_home, page_corpus, embedder, reader) -> Iterator[Looking]:
    assistant = build_assistant(load_settings(home=page_home, corpus=page_corpus), embedder, reader=reader)
    yield Looking(assistant, Shelf(page_home, assistant.entities, assistant.articles_with))
    assistant.close()


def found(looking: Looking, **wanted: object) -> list[str]:
    return [one.article.article_id for one in looking.shelf.find(Wanted(**wanted), "fr")]


def test_everything_stands_newest_first(looking):
    assert found(looking) == [
        "attaque", "health-data-hub", "aws-sovereign-cloud", "s3ns-qualification", "bleu/jalon-j0", "bleu-2024-01", "outscale-2019",
    ]  # fmt: skip


def test_what_can_be_quoted_is_counted(looking):
    """Every sentence that the index holds, and the text itself is not kept."""
    counts = {one.article.article_id: one.quotable for one in looking.shelf.read().all}

    assert (counts["s3ns-qualification"], counts["bleu-2024-01"]) == (3, 5)
    assert all(one.article.text == "" for one in looking.shelf.read().all)


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
def test_words_of_the_text_in_any_form_and_titles_and_publishers_as_they_are_typed(looking, words, ids):
    assert found(looking, words=words) == ids


def test_filters_narrow_each_other(looking):
    assert found(looking, types=frozenset({"press", "synthese"})) == ["aws-sovereign-cloud", "bleu/jalon-j0"]
    assert found(looking, names=frozenset({"Bleu"})) == ["bleu/jalon-j0", "bleu-2024-01"]
    assert found(looking, names=frozenset({"Bleu"}), first=date(2025, 1, 1)) == ["bleu/jalon-j0"]
    assert found(looking, first=date(2019, 6, 1), last=date(2024, 1, 15)) == ["bleu-2024-01", "outscale-2019"]


def test_what_came_since_a_moment(looking):
    moments = sorted(one.arrived for one in looking.shelf.read().all)

    assert len(found(looking, since="")) == 7
    assert found(looking, since=moments[-1]) == []


def test_columns_sort_both_ways(looking):
    assert found(looking, sort="quotable")[0] == "bleu-2024-01"
    assert found(looking, sort="title", descending=False)[0] == "outscale-2019"
    assert View().by("date") == View("date", descending=False)
    assert View().by("title") == View("title", descending=False)
    assert View().by("__class__") == View()


def test_the_names_and_types_that_can_be_chosen_are_those_of_the_corpus(looking):
    types, names = looking.choices("fr")

    assert ("Synthèse (1)", "synthese") in types
    assert ("Bleu (2)", "Bleu") in names


def test_a_list_is_shown_with_its_count_and_its_order(looking):
    html = looking.listing(Fields(names=("Bleu",)), View(), None, "fr")

    assert "2 sur 7 articles" in html
    assert html.count('data-do="open"') == 2
    assert html.count('aria-sort="descending"') == 1
    assert "Phrases citables" in html


def test_more_rows_are_shown_when_asked_for(looking):
    html = looking.listing(Fields(), View(shown=5), None, "en")

    assert (html.count('data-do="open"'), "Show 2 more articles" in html) == (5, True)


def test_what_is_no_day_is_said_and_what_nothing_fits_too(looking):
    assert "hier" in looking.listing(Fields(first="hier"), View(), None, "fr")
    assert "Aucun article" in looking.listing(Fields(words="zzzz"), View(), None, "fr")


def test_what_is_new_says_so(looking):
    html = looking.listing(Fields(since=True), View(), BEFORE, "fr")

    assert html.count('class="tcc-new"') == 7
    assert since_label(BEFORE, "fr") == "Arrivés depuis ma dernière visite (10\u00a0novembre 2026)"
    stale = Visit("2026-11-12T10:00:00+00:00", "", before="2026-11-10T10:00:00+00:00", since="").to_dict()
    assert "12\u00a0novembre" in since_label(stale, "fr")
    assert since_label(None, "fr") == since_label({"at": 7}, "fr") == ""


def test_a_hostile_title_is_text(looking):
    html = looking.listing(Fields(), View(), None, "fr") + looking.article("attaque", FRENCH)

    assert "<img" not in html
    assert "<script" not in html
    assert 'href="javascript' not in html


def test_an_article_opens_with_its_sources_and_its_quote_marked(looking):
    article = looking._assistant.article("bleu/jalon-j0")
    html = open_article(article, FRENCH, Span(0, 4))

    assert '<mark data-n="1">Bleu</mark>' in html
    assert "clubic.example/bleu" in html
    assert "data-heading" in html
    assert "n’est plus" in looking.article("no-such-article", FRENCH)
    assert "no longer" in looking.article(None, ENGLISH)


def test_an_empty_home_says_what_to_do(tmp_path, looking):
    empty = Looking(looking._assistant, Shelf(tmp_path, looking._assistant.entities, lambda _: set()))

    assert "trusted-cloud-chat ingest" in empty.listing(Fields(), View(), None, "fr")
    assert empty.choices("fr") == ([], [])


def test_the_shelf_follows_the_index(hashed, tmp_path):
    from builders import run
    from trusted_cloud_chat.entities import EntityBook

    write(tmp_path / "corpus" / "a.txt", "date 2025-01 Un premier texte sur le nuage.\n")
    run(tmp_path / "home", tmp_path / "corpus", hashed)
    shelf = Shelf(tmp_path / "home", EntityBook([]), lambda _: set())
    assert len(shelf.find(Wanted(), "fr")) == 1
    write(tmp_path / "corpus" / "b.txt", "date 2026-01 Un second texte sur le nuage.\n")
    run(tmp_path / "home", tmp_path / "corpus", hashed)

    assert [one.article.article_id for one in shelf.find(Wanted(), "fr")] == ["b", "a"]


def test_a_run_that_commits_while_the_shelf_reads_is_seen_the_next_time(hashed, tmp_path, monkeypatch):
    from builders import run
    from trusted_cloud_chat.entities import EntityBook

    def commit(*_: object) -> None:
        write(tmp_path / "corpus" / "b.txt", "date 2026-01 Un second texte sur le nuage.\n")
        run(tmp_path / "home", tmp_path / "corpus", hashed)

    write(tmp_path / "corpus" / "a.txt", "date 2025-01 Un premier texte sur le nuage.\n")
    run(tmp_path / "home", tmp_path / "corpus", hashed)
    shelf = Shelf(tmp_path / "home", EntityBook([]), lambda _: set())
    with monkeypatch.context() as patched:
        patched.setattr("trusted_cloud_chat.web.tabs.naming.Naming.learn", commit)
        shelf.read()

    assert [one.article.article_id for one in shelf.find(Wanted(), "fr")] == ["b", "a"]


def test_an_opened_article_marks_the_searched_words_in_any_form(looking):
    html = looking.article("s3ns-qualification", FRENCH, words="qualifié filiales de Thales")
    marked = set(re.findall(r"<mark[^>]*>([^<]+)</mark>", html))

    assert {"qualification", "filiale", "Thales"} <= marked
    assert "de" not in marked
    assert re.search(r"<h2[^>]*>.*<mark", html)
    assert "<mark" not in looking.article("s3ns-qualification", FRENCH)
