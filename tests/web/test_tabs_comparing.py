"""The tab « Comparer », without the page: names and criteria from data, cells that are quotes, CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from builders import TODAY
from trusted_cloud_chat.answering.market import Market, _File
from trusted_cloud_chat.answering.side_by_side import Compared, ComparedRow
from trusted_cloud_chat.schema import Article, Citation
from trusted_cloud_chat.settings import load_settings
from trusted_cloud_chat.web.handlers import Handlers
from trusted_cloud_chat.web.strings import FRENCH
from trusted_cloud_chat.web.tabs.comparison import Comparing, invitation_html, to_csv
from trusted_cloud_chat.web.tabs.looking import Looking
from trusted_cloud_chat.web.tabs.shelf import Shelf
from trusted_cloud_chat.wiring import build_assistant


@pytest.fixture(scope="module")
def comparing(page_home, page_corpus, embedder, reader) -> Iterator[Comparing]:
    assistant = build_assistant(load_settings(home=page_home, corpus=page_corpus), embedder, reader=reader)
    looking = Looking(assistant, Shelf(page_home, assistant.entities, assistant.articles_with))
    handlers = Handlers(assistant, clock=lambda: TODAY)
    yield Comparing(assistant, looking, handlers.as_of, clock=lambda: TODAY)
    assistant.close()


def test_names_and_criteria_are_those_of_the_data(comparing):
    names = [name for _, name in comparing.names()]

    assert comparing.offered
    assert {"Bleu", "S3NS", "SecNumCloud"} <= set(names)
    assert "CNIL" not in names  # an authority, for which no criterion is usual
    assert ("Capital", "owner") in comparing.criteria("fr")
    assert ("Ownership", "owner") in comparing.criteria("en")
    assert "qualification" in comparing.usual([])
    assert comparing.usual(["SecNumCloud"]) == ["definition", "obligation"]


def test_pairs_to_begin_with_are_of_one_kind_and_stand_in_the_same_articles(comparing):
    pairs, named = comparing.pairs(), dict(comparing._looking.shelf.named())
    kinds = {entity.name: entity.kind for entity in named}

    assert pairs
    assert all(kinds[one] == kinds[other] and one != other for one, other in pairs)
    assert len({name for pair in pairs for name in pair}) == 2 * len(pairs)
    html = invitation_html([("A<b>", "C")], "fr")
    assert "A&#60;b&#62; et C" in html
    assert "<button" not in invitation_html([], "fr")


def test_a_cell_is_a_quote_about_that_name_and_that_criterion_or_not_found(comparing):
    shown = comparing.compare(["Bleu", "S3NS"], ["qualification", "owner", "price"], "", "fr")
    qualification, owner, price = shown.compared.rows

    assert [row.label for row in shown.compared.rows] == ["Qualification", "Capital", "Prix"]
    assert "PREMI3NS" in qualification.cells[1].quote
    assert " ".join(owner.cells[1].quote.split()) == "Thales détient la majorité du capital de S3NS."
    assert price.cells == (None, None)
    for row in shown.compared.rows:
        for cell in filter(None, row.cells):
            assert cell.quote == cell.article.text[cell.start : cell.end]
    assert shown.html.count("non trouvé") == sum(cell is None for row in shown.compared.rows for cell in row.cells)
    assert "17\u00a0décembre 2025" in shown.html or "19\u00a0décembre 2025" in shown.html


def test_as_of_hides_what_came_later_and_says_so(comparing):
    shown = comparing.compare(["Bleu", "S3NS"], ["qualification"], "2024", "fr")

    assert shown.compared.rows[0].cells[1] is None
    assert "31\u00a0décembre 2024" in shown.html.replace("&nbsp;", "\u00a0")


def test_what_was_compared_is_said_in_another_language_without_a_search(comparing):
    french = comparing.compare(["Bleu", "S3NS"], ["qualification", "owner", "price"], "2026", "fr")
    english = comparing.spoken(french, "en")

    assert [row.label for row in english.compared.rows] == ["Qualification", "Ownership", "Price"]
    assert english.compared.citations == french.compared.citations
    assert "non trouvé" not in english.html
    assert "31 December 2026" in english.html
    assert comparing.spoken(english, "fr") == french


@pytest.mark.parametrize(
    ("names", "criteria", "as_of", "said"),
    [
        ([], ["owner"], "", "au moins deux noms"),
        (["Bleu", "Bleu"], ["owner"], "", "au moins deux noms"),
        (["Bleu", "<b>"], ["owner"], "", "au moins deux noms"),
        (["Bleu", "S3NS"], ["no-such"], "", "au moins un critère"),
        (["Bleu", "S3NS"], ["owner"], "hier", "n’est pas une date"),
    ],
)
def test_what_cannot_be_compared_is_said(comparing, names, criteria, as_of, said):
    shown = comparing.compare(names, criteria, as_of, "fr")

    assert shown.compared is None
    assert said in shown.html


def test_a_quote_opens_in_its_article(comparing):
    compared = comparing.compare(["Bleu", "S3NS"], ["qualification"], "", "fr").compared

    assert "<mark" in comparing.quote(compared, "1", FRENCH)
    assert comparing.quote(compared, "99", FRENCH) == comparing.quote(None, "1", FRENCH) == ""


def test_the_file_has_a_line_a_cell_and_no_formula():
    article = Article("a", "v", "=SOMME(A1)", "+33 euros, dit-on.", None, publisher='Revue; et "cie"')
    row = ComparedRow("Prix", (Citation(1, article, 0, 18), None))
    french = list(
        csv.reader(
            io.StringIO(to_csv(Compared(("Bleu", "S3NS"), (row,), 1), "fr").removeprefix("\ufeff")), delimiter=";"
        )
    )
    english = to_csv(Compared(("Bleu", "S3NS"), (row,), 1), "en")

    assert french[0][:3] == ["critère", "nom", "citation"]
    assert french[1][:6] == ["Prix", "Bleu", "'+33 euros, dit-on.", 'Revue; et "cie"', "", "'=SOMME(A1)"]
    assert french[2][:3] == ["Prix", "S3NS", "non trouvé"]
    assert english.startswith("\ufeffcriterion,name,quote")


def test_without_criteria_nothing_is_offered(comparing):
    assistant = SimpleNamespace(market=Market(_File()))

    assert not Comparing(assistant, comparing._looking, comparing._as_of).offered
