"""Promises and statements as single sentences tell them, sources that agree or do not, and how that is worded."""

from __future__ import annotations

from datetime import date

import pytest

from made import BOOK, MARKET, NBSP, article_of, passage_of, selected, statements_of
from trusted_cloud_chat.answering.timeline import wording
from trusted_cloud_chat.answering.timeline.agreement import (
    count_sources,
    disagreeing,
    figures,
    independent,
    publication,
    sources_of,
)
from trusted_cloud_chat.answering.timeline.promises import read_due
from trusted_cloud_chat.answering.timeline.statements import holders, opens_with_pronoun
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.schema import Language, Promise, QualificationStage, Source


class TestPromises:
    @pytest.mark.parametrize(
        ("text", "first", "last"),
        [
            ("Bleu sera qualifié au premier semestre 2026.", "2026-01-01", "2026-06-30"),
            ("L’ouverture est prévue le 3 mars 2026.", "2026-03-03", "2026-03-03"),
            ("L’ouverture est attendue d’ici fin 2026.", None, "2026-12-31"),
            ("Bleu vise 2026, puis 2027.", "2027-01-01", "2027-12-31"),
            ("Bleu a ouvert en 2024.", None, None),
            ("Bleu prévoyait d’ouvrir en 2024.", None, None),
            ("Le calendrier n’est pas connu.", None, None),
        ],
    )
    def test_a_date_to_come(self, text: str, first: str | None, last: str | None) -> None:
        """Of something planned; what has passed when it was written is none."""
        due = read_due(text, article_of(text, "2025-06-02"))

        assert (str(due.last) if due else None) == last
        assert not first or (due is not None and str(due.first) == first)

    @pytest.mark.parametrize(
        "text", ["Bleu will be qualified by the end of 2026.", "The launch is planned for March 2026."]
    )
    def test_english(self, text: str) -> None:
        due = read_due(text, article_of(text, "2025-06-02", language="en"))

        assert due is not None
        assert due.first <= due.last
        assert due.words in text

    @pytest.mark.parametrize(
        "text",
        [
            "La qualification n’est pas attendue avant 2026.",
            "La qualification n’est pas attendue avant mars 2026.",
            "L’ouverture est attendue avant 2027.",
            "L’ouverture est attendue avant l’été 2026.",
            "L’ouverture est prévue après 2026.",
        ],
    )
    def test_both_days_are_included(self, text: str) -> None:
        """The first is never after the last, whatever word stands before the date."""
        due = read_due(text, article_of(text, "2025-06-02"))

        assert due is None or due.first <= due.last

    def test_not_before_is_no_date_that_can_be_missed(self) -> None:
        text = "La qualification n’est pas attendue avant 2026."
        due = read_due(text, article_of(text, "2025-06-02"))

        assert due is None or not due.passed(date(2026, 1, 15))

    @pytest.mark.parametrize(("today", "passed"), [("2026-06-30", False), ("2026-07-01", True)])
    def test_it_has_passed_once_its_last_day_has(self, today: str, passed: bool) -> None:
        text = "Bleu sera qualifié au premier semestre 2026."
        due = read_due(text, article_of(text, "2025-06-02"))

        assert due is not None
        assert due.passed(date.fromisoformat(today)) is passed

    def test_an_article_without_a_date_announces_none(self) -> None:
        text = "Bleu sera qualifié au premier semestre 2026."

        assert read_due(text, article_of(text, None)) is None


class TestStatements:
    def test_newest_first_each_sentence_once(self) -> None:
        old = passage_of("Bleu vise SecNumCloud en 2025.", "2024-01")
        new = passage_of("Il pleut sur Rennes ce matin. Bleu a franchi le jalon J0 de SecNumCloud.", "2025-04-17")
        found = statements_of(old, new, new)

        assert [one.stage.name for one in found if one.stage] == ["J0", "announced"]
        assert [one.holders for one in found] == [("Bleu",), ("Bleu",)]
        assert [str(one.said) for one in found] == ["2025-04-17", "2024-01"]

    @pytest.mark.parametrize(
        ("text", "place", "named"),
        [
            ("Bleu a ouvert ses portes. Elle sera qualifiée en 2026.", 1, ("Bleu",)),
            ("Bleu a ouvert ses portes.\n\nElle sera qualifiée en 2026.", 1, ()),
            ("Bleu a ouvert ses portes. Le prix sera connu en 2026.", 1, ()),
            ("Bleu et S3NS seront qualifiés en 2026.", 0, ("Bleu", "S3NS")),
            ("SecNumCloud sera révisé en 2026.", 0, ()),
        ],
    )
    def test_of_whom_a_sentence_tells(self, text: str, place: int, named: tuple[str, ...]) -> None:
        """A pronoun means who stands in the sentence before, in the same paragraph."""
        assert holders(selected(text, place=place), BOOK) == named

    @pytest.mark.parametrize(
        ("text", "language", "opens"),
        [("Elle ouvre.", "fr", True), ("« Elle ouvre", "fr", True), ("Bleu, elle, ouvre.", "fr", False),
         ("It opens.", "en", True), ("Bleu opens it.", "en", False), ("Cette offre ouvre.", "fr", True)],
    )  # fmt: skip
    def test_what_opens_with_a_pronoun(self, text: str, language: Language, opens: bool) -> None:
        assert opens_with_pronoun(text, article_of(text, language=language)) is opens


class TestAgreement:
    def test_a_synthesis_is_what_it_names(self) -> None:
        sources = (Source("Clubic"), Source("Éditeur non identifié"), Source("blog.fr (reprise de ZDNet)"))
        synthesis = article_of("x", publisher="Trusted Cloud Chat", source_type="synthese", sources=sources)

        assert sources_of(synthesis) == {"clubic", "blog.fr"}
        assert sources_of(article_of("x", publisher="Clubic")) == {"clubic"}
        assert publication("Source inconnue") == ""

    @pytest.mark.parametrize(
        ("reports", "count"),
        [
            (["a", "b"], 2), (["a", "a"], 1), (["ab", "a"], 1), (["ab", "a", "b"], 2), (["abcdefghij"], 1), ([""], 0), ([], 0),
        ],
    )  # fmt: skip
    def test_publications_that_share_none_are_independent(self, reports: list[str], count: int) -> None:
        """A synthesis of ten may have any of them for one sentence: that is one."""
        assert independent(map(frozenset, reports)) == count

    def test_who_reports_the_same_is_counted(self) -> None:
        first = selected("S3NS a obtenu la qualification SecNumCloud 3.2 en décembre.", publisher="Clubic")
        same = passage_of("En décembre, S3NS a obtenu sa qualification SecNumCloud 3.2.", publisher="ZDNet")
        other = passage_of("Thales détient la majorité du capital.", publisher="Next")
        others = passage_of("S3NS a obtenu la qualification SecNumCloud 3.1 en décembre.", publisher="LeMagIT")

        assert count_sources(first, [first.passage, same, other, others]) == 2

    def test_what_names_others_is_no_report_of_the_same(self) -> None:
        """Sentences of one mould share all but what they say; whom a pronoun means stands before it."""
        said = "L’offre {} a coûté {} millions d’euros. Elle sera hébergée à {}, dans un centre qui existe déjà."
        first = selected(said.format("Mistral", 17, "Orléans"), place=1, publisher="A")
        town = passage_of(said.format("Mistral", 17, "Toulouse"), publisher="B")
        offer = passage_of(said.format("Zonda", 51, "Orléans"), publisher="C")
        same = passage_of(
            "L’offre Mistral a coûté 17 millions d’euros. C’est à Orléans, dans un centre existant, qu’elle sera hébergée.",
            publisher="D",
        )

        assert count_sources(first, [first.passage, town, offer]) == 1
        assert count_sources(first, [first.passage, town, offer, same]) == 2

    @pytest.mark.parametrize("publisher", [None, "Clubic", "ZDNet"])
    def test_one_text_in_two_files_is_one_source(self, publisher: str | None) -> None:
        """A page and its PDF, also where one was edited to another figure, and whoever is said to publish it."""
        said = "S3NS a obtenu la qualification SecNumCloud en décembre. Elle emploie {} personnes à Paris, à Lyon et à Lille, et en cherche d’autres."
        first = selected(said.format(80), publisher="Clubic")
        copy = passage_of(said.format(90), publisher=publisher, article_id="copie")

        assert count_sources(first, [first.passage, copy]) == 1

    def test_whom_nobody_knows_is_no_source(self) -> None:
        first = selected("S3NS a obtenu la qualification SecNumCloud 3.2 en décembre.", publisher=None)
        same = passage_of(
            "En décembre, S3NS a obtenu sa qualification SecNumCloud 3.2.", publisher=None, article_id="autre"
        )

        assert count_sources(first, [first.passage, same]) == 0

    def test_other_figures_at_the_same_time_disagree(self) -> None:
        first = selected("Le contrat de Bleu porte sur 12 millions d’euros.", "2025-06-02", publisher="Clubic")
        said = "Le contrat de Bleu porte sur 15 millions d’euros."
        other = selected(said, "2025-06-20", publisher="ZDNet", article_id="autre")

        assert disagreeing([first, other]) == [other]

    def test_an_article_does_not_disagree_with_itself(self) -> None:
        """Also where nobody knows who publishes it: « son mariage : 4 jours », « le mariage d’un enfant : 1 jour »."""
        first = selected("Le salarié a droit à 4 jours de congé pour son mariage.", publisher=None, article_id="a")
        said = "Le salarié a droit à 1 jour de congé pour le mariage d’un enfant."
        other = selected(said, publisher=None, article_id="a")

        assert disagreeing([first, other]) == []

    @pytest.mark.parametrize(
        ("text", "day", "publisher"),
        [
            ("Le contrat de Bleu porte sur 12 millions d’euros.", "2025-06-20", "ZDNet"),
            ("Le contrat de Bleu porte sur 15 millions d’euros.", "2023-06-20", "ZDNet"),
            ("Le contrat de Bleu porte sur 15 millions d’euros.", "2025-06-20", "Clubic"),
            ("Le contrat de Bleu porte sur des millions d’euros.", "2025-06-20", "ZDNet"),
            ("Un centre de 15 salariés ouvre à Rennes.", "2025-06-20", "ZDNet"),
        ],
    )
    def test_what_does_not_disagree(self, text: str, day: str, publisher: str) -> None:
        """The same figure, another time, the same source, no figure, another subject."""
        first = selected("Le contrat de Bleu porte sur 12 millions d’euros.", "2025-06-02", publisher="Clubic")

        assert disagreeing([first, selected(text, day, publisher=publisher, article_id="autre")]) == []

    def test_years_are_no_figures(self) -> None:
        assert figures("En 2025, 42 clients et 3,2 M€") == {"42", "3,2"}


class TestWording:
    """What code says of time, in both languages."""

    QUALIFIED = QualificationStage(
        1, "qualified", "S3NS", "PREMI3NS", PartialDate(2025, 12, 17), PartialDate(2028, 12, 17)
    )
    OLD = QualificationStage(1, "qualified", "3DS Outscale", None, PartialDate(2019), PartialDate(2022))
    J0 = QualificationStage(1, "J0", "Bleu", None, PartialDate(2025, 4, 17))

    @pytest.mark.parametrize(
        ("stage", "language", "line"),
        [
            (QUALIFIED, "fr", "Étape de la qualification, pour PREMI3NS (S3NS) : qualifié depuis le 17 décembre 2025 ; "
             "expiration le 17 décembre 2028 (calculé)."),
            (QUALIFIED, "en", "Stage of the qualification, for PREMI3NS (S3NS): qualified since 17 December 2025; "
             "runs out on 17 December 2028 (calculated)."),
            (OLD, "fr", "Étape de la qualification, pour 3DS Outscale (service non précisé) : qualifié depuis 2019 ; "
             "trois ans écoulés en 2022 (calculé), renouvellement non précisé ici."),
            (OLD, "en", "Stage of the qualification, for 3DS Outscale (service not stated): qualified since 2019; "
             "the three years ended in 2022 (calculated), renewal not stated here."),
            (J0, "fr", "Étape de la qualification, pour Bleu (service non précisé) : jalon J0 franchi le 17 avril 2025."),
            (J0, "en", "Stage of the qualification, for Bleu (service not stated): milestone J0 passed on 17 April 2025."),
        ],
    )  # fmt: skip
    def test_a_stage(self, stage: QualificationStage, language: Language, line: str) -> None:
        """An expiry is said to be calculated, and a past one says that nothing is known of a renewal."""
        assert wording.stage_line([stage], date(2026, 11, 24), MARKET, language).replace(NBSP, " ") == line

    @pytest.mark.parametrize(
        ("promise", "language", "line"),
        [
            ((False, None), "fr", "Échéance annoncée : « premier semestre 2026 », pas encore passée à la date de la question."),
            ((True, None), "fr", "Échéance annoncée : « premier semestre 2026 », passée à la date de la question."),
            ((True, 2), "fr", "Échéance annoncée : « premier semestre 2026 », passée à la date de la question ; dernier état connu "
             "de la suite : [2]."),
            ((False, None), "en", "Date announced: “premier semestre 2026”, not passed on the day of the question."),
            ((True, 2), "en", "Date announced: “premier semestre 2026”, passed on the day of the question; latest evidence of "
             "what became of it: [2]."),
        ],
    )  # fmt: skip
    def test_a_promise(self, promise: tuple[bool, int | None], language: Language, line: str) -> None:
        text = "Bleu sera qualifié au premier semestre 2026."
        due = read_due(text, article_of(text))
        assert due is not None

        told = wording.promise_line(Promise(1, due.first, due.last, *promise), due, language)
        assert told.replace(NBSP, " ") == line

    def test_how_many_sources(self) -> None:
        assert wording.sources_line(2, "fr") == "Rapporté par au moins deux sources indépendantes."
        assert wording.sources_line(12, "en") == "Reported by at least 12 independent sources."
