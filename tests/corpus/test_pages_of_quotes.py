"""A quote from an article that has pages says on which one it stands, wherever it is shown."""

from __future__ import annotations

from made import article_of
from trusted_cloud_chat.answering.wording import on_page, origin
from trusted_cloud_chat.language.pages import page_of
from trusted_cloud_chat.output.serialise import citation_to_dict
from trusted_cloud_chat.schema import Citation
from trusted_cloud_chat.web.sources import _opened_at

TEXT = "Première page.\f\n\nLa phrase commence\fet finit ici.\f"


def cited(text: str, words: str) -> Citation:
    start = text.index(words)
    return Citation(1, article_of(text), start, start + len(words))


def test_pages_are_counted_from_one() -> None:
    assert [page_of(TEXT, TEXT.index(said)) for said in ("Première", "La phrase", "et finit")] == [1, 2, 3]
    assert page_of("Sans page.", 3) is None


def test_in_answers_and_in_json() -> None:
    quote = cited(TEXT, "La phrase commence\fet finit ici.")

    assert origin(quote, "fr").endswith(", p.\u00a02")
    assert origin(quote, "en").endswith(", p.\u00a02")
    assert citation_to_dict(quote)["page"] == 2
    assert citation_to_dict(quote)["quote"] == TEXT[quote.start : quote.end]


def test_without_pages_nothing_is_said() -> None:
    quote = cited("Sans page.", "Sans page.")

    assert on_page(quote.article, quote.start) == ""
    assert citation_to_dict(quote)["page"] is None


def test_a_pdf_opens_at_its_page() -> None:
    quote = cited(TEXT, "et finit ici.")
    assert _opened_at("https://a.fr/r.PDF", quote.article, quote.start, quote.end) == "https://a.fr/r.PDF#page=3"
    assert ":~:text=" in _opened_at("https://a.fr/r", quote.article, quote.start, quote.end)
