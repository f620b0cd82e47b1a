"""What code says around quotes, where answers come from, and the market as data."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from builders import write
from made import MARKET, NBSP, answer_of, article_of, asked, passage_of
from trusted_cloud_chat.answering.market import load_market
from trusted_cloud_chat.answering.provenance import show_provenance
from trusted_cloud_chat.answering.wording import articles_count, attribution, origin, quoted, span_of
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.errors import SettingsError
from trusted_cloud_chat.language.pages import PAGE_END
from trusted_cloud_chat.schema import Citation, Language, Source


def synthesis(*publishers: str) -> dict[str, object]:
    return {"source_type": "synthese", "publisher": "Trusted Cloud Chat", "sources": tuple(map(Source, publishers))}


class TestWording:
    @pytest.mark.parametrize(
        ("fields", "language", "told"),
        [
            ({"publisher": "L'Usine"}, "fr", "L’Usine, 2 juin 2025"),
            ({"publisher": "ZDNet"}, "en", "ZDNet, 2 June 2025"),
            ({"publisher": None}, "fr", "éditeur non précisé, 2 juin 2025"),
            ({"publisher": None, "day": None}, "en", "publisher not stated, undated"),
            ({"publisher": "ZDNet", "day": "2025"}, "fr", "ZDNet, 2025"),
            (synthesis("Clubic"), "fr", "synthèse du 2 juin 2025 d’après Clubic"),
            (synthesis("Clubic", "Next", "Clubic"), "fr", "synthèse du 2 juin 2025 d’après Clubic (+1)"),
            (synthesis("Article non identifié", "Next"), "fr", "synthèse du 2 juin 2025 d’après Next (+1)"),
            (synthesis("A", "B", "C"), "en", "summary of 2 June 2025 based on A (+2)"),
        ],
    )
    def test_who_says_it_and_when(self, fields: dict[str, object], language: Language, told: str) -> None:
        assert attribution(article_of("x", **fields), language).replace(NBSP, " ") == told

    def test_the_title_leads_in_a_document_of_pages_and_where_no_publisher_is_known(self) -> None:
        """« éditeur non précisé, 12 juin 2024, p. 2 » alone does not say which file to open."""
        text = f"Page un.{PAGE_END}Le prix est de 2,38 euros."
        article = article_of(text, "2024-06-12", None, title="Le prix de l'eau")
        quote = Citation(1, article, article.text.index("Le prix"), len(article.text))

        assert origin(quote, "fr").replace(NBSP, " ") == "Le prix de l’eau, éditeur non précisé, 12 juin 2024, p. 2"
        known = replace(quote, article=replace(article, publisher="Vère"))
        assert origin(known, "fr").replace(NBSP, " ") == "Le prix de l’eau, Vère, 12 juin 2024, p. 2"
        assert origin(replace(known, start=0, article=replace(known.article, text="Le prix.")), "fr").startswith("Vère")

    @pytest.mark.parametrize(
        ("fields", "said_on", "language", "told"),
        [
            (synthesis("Clubic"), "2026-03-25", "fr", "LeMagIT, 25 mars 2026, cité par notre synthèse"),
            (synthesis("Clubic"), None, "fr", "LeMagIT, cité par notre synthèse du 2 juin 2025"),
            (synthesis("Clubic"), "2026-03", "en", "LeMagIT, March 2026, cited by our summary"),
            ({"publisher": "ZDNet"}, "2025-05-30", "fr", "LeMagIT, 30 mai 2025, cité par ZDNet"),
            ({"publisher": "ZDNet"}, None, "en", "LeMagIT, cited by ZDNet, 2 June 2025"),
        ],
    )
    def test_a_statement_s_own_source_leads(
        self, fields: dict[str, object], said_on: str | None, language: Language, told: str
    ) -> None:
        day = PartialDate.parse(said_on) if said_on else None
        quote = Citation(1, article_of("x", **fields), 0, 1, said_by="LeMagIT", said_on=day)

        assert origin(quote, language).replace(NBSP, " ") == told

    @pytest.mark.parametrize(
        ("of", "language", "told"),
        [("fr", "fr", "« Un\u00a0mot »"), ("en", "fr", "« Un\u00a0mot » (en anglais)"), ("fr", "en", "“Un\u00a0mot” (in French)"),
         ("en", "en", "“Un\u00a0mot”")],
    )  # fmt: skip
    def test_a_quote_in_its_marks(self, of: Language, language: Language, told: str) -> None:
        assert quoted("Un\u00a0mot\n", of, language).replace("«\u00a0", "« ").replace("\u00a0»", " »") == told

    @pytest.mark.parametrize(
        ("first", "last", "language", "told"),
        [
            ((2014, 12), (2026, 8), "fr", "de décembre 2014 à août 2026"),
            ((2020, 8), (2026, 9, 19), "fr", "d’août 2020 au 19 septembre 2026"),
            ((2026, 3), (2026, 3), "fr", "en mars 2026"),
            ((2026, 3, 1), (2026, 3, 1), "fr", "le 1er mars 2026"),
            ((2014, 12), (2026, 8), "en", "from December 2014 to August 2026"),
            ((2026, 3, 1), (2026, 3, 1), "en", "on 1 March 2026"),
        ],
    )
    def test_a_span_of_time(self, first: tuple[int, ...], last: tuple[int, ...], language: Language, told: str) -> None:
        assert span_of(PartialDate(*first), PartialDate(*last), language).replace(NBSP, " ") == told

    @pytest.mark.parametrize(
        ("count", "language", "told"),
        [(0, "fr", "0 article"), (0, "en", "0 articles"), (1, "fr", "1 article"), (1204, "fr", "1 204 articles"), (1204, "en", "1,204 articles")],
    )  # fmt: skip
    def test_how_many_articles(self, count: int, language: Language, told: str) -> None:
        assert articles_count(count, language).replace(NBSP, " ") == told


class TestProvenance:
    BEFORE = answer_of(
        asked("Qui détient S3NS ?", "who"),
        passage_of(
            "Thales détient la majorité du capital de S3NS.", publisher="Clubic", url="https://clubic.example/s3ns"
        ),
        passage_of("Google fournit la technologie de S3NS.", **synthesis("Next", "L'Usine")),  # type: ignore[arg-type]
    )

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ("D’où tenez-vous cela ?", ["La réponse à « Qui détient S3NS ? » repose sur 2 citations, tirées de 2 articles :",
             "« Un article », caractères 0 à 46", "- https://clubic.example/s3ns", "- L’Usine, sans date"]),
            ("What are your sources?", ["The answer to “Qui détient S3NS ?” rests on 2 quotes from 2 articles:",
             "“Un article”, characters 0 to 46", "(in French)", "- L’Usine, undated"]),
        ],
    )  # fmt: skip
    def test_each_quote_with_article_position_and_address(self, typed: str, said: list[str]) -> None:
        answer = show_provenance(typed, asked(typed, "evidence"), self.BEFORE)

        assert all(words in answer.answer.replace(NBSP, " ") for words in said)
        assert answer.citations == self.BEFORE.citations


class TestMarket:
    def test_every_stage_list_and_criterion_is_told_in_both_languages(self) -> None:
        rows = (*MARKET.rows.stage, *MARKET.rows.list, *MARKET.rows.criterion)

        assert all(row.fr and row.en and "'" not in row.fr + row.en for row in rows)
        assert len({row.id for row in rows if row in MARKET.rows.stage}) == len(MARKET.rows.stage)
        assert {row.stage for row in MARKET.rows.list if row.stage} <= {row.id for row in MARKET.rows.stage}

    def test_words_are_as_in_word_lists(self) -> None:
        said = [word for row in MARKET.rows.criterion for word in (*row.asked, *row.told)]

        assert all(word == word.lower() and word.isascii() for word in said)

    @pytest.mark.parametrize(
        ("typed", "row"),
        [
            ("Qui est qualifié SecNumCloud ?", "holders"),
            ("Quels sont les clients de Bleu ?", "customers"),
            ("Quelles échéances n’ont pas été tenues ?", "slipped"),
            ("Qui a choisi Bleu ?", "chosen"),
            ("Qui dirige Bleu ?", None),
            ("Quels hébergeurs qualifiés ont perdu un procès aux États-Unis ?", None),
        ],
    )
    def test_which_list_is_asked_for(self, typed: str, row: str | None) -> None:
        found = MARKET.asked_list(asked(typed, "list"))

        assert (found.id if found else None) == row

    @pytest.mark.parametrize(
        "content", ["[[stage]", '[[stage]]\nnom = "x"', '[qualification]\nvalid_years = "x"', b"\xff"]
    )
    def test_a_file_that_does_not_fit_is_an_error_that_names_it(self, tmp_path: Path, content: str | bytes) -> None:
        path = write(tmp_path / "market.toml", content)

        with pytest.raises(SettingsError, match="TCC_MARKET.*market.toml"):
            load_market(path)

    def test_a_missing_file_is_one_too(self, tmp_path: Path) -> None:
        with pytest.raises(SettingsError, match="TCC_MARKET"):
            load_market(tmp_path / "none.toml")

    def test_a_corpus_without_a_market_has_no_stages_lists_or_tables(self, tmp_path: Path) -> None:
        market = load_market(write(tmp_path / "market.toml", ""))

        assert market.asked_list(asked("Qui est qualifié SecNumCloud ?", "who")) is None
        assert market.criteria(asked("Compare Bleu et S3NS", "comparison"), "actor") == []
