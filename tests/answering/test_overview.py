"""The market at a glance: whose stage a sentence tells, the table of qualifications, the line of time, as of any day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from builders import open_index, run, write_article
from fakes import HashedEmbedder
from made import BOOK, MARKET, passage_of
from trusted_cloud_chat.answering.overview.events import Timeline, subjects_of, timeline_of
from trusted_cloud_chat.answering.overview.overview import Overview
from trusted_cloud_chat.answering.overview.state import Row, state_of
from trusted_cloud_chat.answering.overview.told import Told, survey

TODAY = date(2026, 11, 24)


def told_by(*articles: tuple[str, str]) -> tuple[Told, ...]:
    """What articles of (day, text) tell."""
    return survey([passage_of(text, day) for day, text in articles], BOOK, MARKET)


def rows_of(*articles: tuple[str, str], as_of: date | None = None) -> list[Row]:
    return list(state_of(told_by(*articles), MARKET, as_of or TODAY, as_of))


def line_of(name: str, *articles: tuple[str, str], as_of: date | None = None) -> Timeline:
    return timeline_of(name, told_by(*articles), as_of or TODAY, as_of)


def slips_of(line: Timeline) -> list[tuple[str, str]]:
    return [(slip.old.at.words, slip.new.at.words) for slip in line.slips]


BLEU = (
    ("2024-01-15", "Bleu espère la qualification SecNumCloud 3.2 en 2025."),
    ("2025-04-20", "Bleu a franchi le jalon J0 de la qualification SecNumCloud 3.2 le 17 avril 2025. La qualification complète de Bleu "
     "est désormais espérée pour le premier semestre 2026."),
    ("2026-03-19", "Bleu n’est pas encore qualifié SecNumCloud."),
    ("2026-08-25", "Bleu espérait en mars 2026 obtenir la qualification SecNumCloud avant la fin de 2026."),
)  # fmt: skip
S3NS = (
    ("2025-12-19", "PREMI3NS, l’offre de S3NS bâtie sur Google Cloud, a reçu la qualification SecNumCloud 3.2 le 17 décembre 2025."),
    ("2025-12-23", "S3NS a obtenu la qualification SecNumCloud 3.2 le 17 décembre 2025 pour son offre PREMI3NS."),
)  # fmt: skip


class TestOwners:
    @pytest.mark.parametrize(
        ("text", "names"),
        [
            ("NumSpot et Scaleway sont en cours de qualification SecNumCloud.", ["NumSpot", "Scaleway"]),
            ("Orange, NumSpot et Bleu doivent encore obtenir leur qualification SecNumCloud.", ["Bleu", "NumSpot"]),
            ("L’offre de S3NS bâtie sur Google Cloud est qualifiée SecNumCloud.", ["S3NS"]),
            ("Scalingo, hébergé chez Outscale, espère obtenir la qualification SecNumCloud en 2027.", ["Scalingo"]),
            ("NumSpot est qualifié SecNumCloud, alors que Scaleway attend.", []),
            ("EDF a retenu Bleu, encore en cours de qualification.", []),
            ("Le Health Data Hub doit rejoindre un hébergeur SecNumCloud d’ici fin 2027.", []),
            ("Cet appel d’Airbus est qualifié d’urgent.", []),
        ],
    )
    def test_a_stage_is_of_one_actor_or_of_those_enumerated(self, text: str, names: list[str]) -> None:
        """Where several are named otherwise it is nobody's: no row rather than a wrong one."""
        assert [row.provider for row in rows_of(("2026-05-02", text))] == names


class TestState:
    def test_a_row_has_the_furthest_stage_and_the_steps_that_led_there(self) -> None:
        (row,) = rows_of(*BLEU)

        assert (row.stage, row.since and str(row.since.whole)) == ("J0", "2025-04-17")
        assert [step.stage for step in row.steps] == ["announced", "J0", "not_qualified"]
        assert (row.expires, row.service) == (None, None)
        assert str(row.newest.article.date) == "2026-08-25"

    def test_an_announcement_is_as_of_the_day_that_its_quote_gives(self) -> None:
        (row,) = rows_of(
            ("2025-10-28", "En octobre 2021, Scalingo espérait obtenir la qualification SecNumCloud en 2022.")
        )

        assert (row.stage, str(row.step.said), str(row.newest.article.date)) == ("announced", "2021-10", "2025-10-28")

    def test_every_citation_is_word_for_word(self) -> None:
        for row in rows_of(*BLEU, *S3NS):
            for citation in (row.newest, row.step.citation, *(step.citation for step in row.steps)):
                assert citation.quote == citation.article.text[citation.start : citation.end]
                assert citation.quote in "\n".join(text for _, text in (*BLEU, *S3NS))

    def test_the_expiry_is_calculated_as_the_market_says(self) -> None:
        (row,) = rows_of(*S3NS)

        assert (row.provider, row.service, row.stage) == ("S3NS", "PREMI3NS", "qualified")
        assert (str(row.expires), row.expired) == ("2028-12-17", False)

    def test_an_expiry_that_has_passed_says_that_no_renewal_was_found(self) -> None:
        (row,) = rows_of(("2022-05-02", "Cloud Temple a obtenu la qualification SecNumCloud en mars 2022."))

        assert (str(row.expires), row.expired) == ("2025-03", True)

    def test_a_renewal_counts_from_its_own_day(self) -> None:
        (row,) = rows_of(
            ("2020-01-10", "Outscale a obtenu la qualification SecNumCloud en 2019."),
            ("2024-01-10", "Outscale a fait qualifier SecNumCloud en décembre 2023 son cloud public."),
        )

        assert [str(step.at and step.at.whole) for step in row.steps] == ["2019", "2023-12"]
        assert str(row.expires) == "2026-12"

    def test_without_a_day_nothing_is_calculated(self) -> None:
        (row,) = rows_of(("2024-05-02", "OVHcloud est qualifié SecNumCloud."))

        assert (row.stage, row.since, row.expires) == ("qualified", None, None)

    def test_what_was_lost_is_not_held(self) -> None:
        (row,) = rows_of(*S3NS, ("2026-10-01", "S3NS n’est plus qualifié SecNumCloud."))

        assert row.stage == "expired"

    def test_as_of_a_day_what_came_later_is_not_known(self) -> None:
        (row,) = rows_of(*BLEU, *S3NS, as_of=date(2024, 6, 30))

        assert (row.provider, row.stage) == ("Bleu", "announced")


class TestLine:
    def test_a_date_that_moved_twice_has_two_arrows(self) -> None:
        line = line_of("Bleu", *BLEU)

        assert slips_of(line) == [("2025", "premier semestre 2026"), ("premier semestre 2026", "fin de 2026")]
        assert [event.kind for event in line.events if event.kind != "event"] == [
            "stage",
            "passed",
            "passed",
            "promise",
        ]

    def test_a_promise_is_as_of_the_day_on_which_it_was_made(self) -> None:
        """An article that looks back names it; « d'ici l'été » is then the summer after that day."""
        line = line_of("Bleu", ("2024-01-15", "En mai 2021, Bleu devait ouvrir d’ici l’été."))

        (promise,) = [event for event in line.events if event.kind == "passed"]
        assert (promise.said.words, str(promise.at.last)) == ("mai 2021", "2021-09-30")

    def test_one_sentence_may_announce_two_things(self) -> None:
        line = line_of(
            "S3NS", ("2025-06-04", "S3NS espère être qualifié SecNumCloud en juillet 2025 et prévoit une ouverture officielle fin 2025.")
        )  # fmt: skip

        assert [event.at.words for event in line.events] == ["juillet 2025", "fin 2025"]
        assert line.slips == ()

    def test_dates_of_different_things_are_no_slip(self) -> None:
        line = line_of(
            "Data Act",
            ("2024-01-20", "Le Data Act ne s’appliquera qu’à partir de septembre 2025."),
            ("2026-02-17", "Le Data Act interdira les frais de changement à partir du 12 janvier 2027."),
        )

        assert len(line.events) == 2
        assert line.slips == ()

    def test_an_earlier_date_is_no_slip(self) -> None:
        line = line_of(
            "Bleu",
            ("2024-01-15", "La qualification SecNumCloud de Bleu est attendue fin 2026."),
            ("2024-06-15", "La qualification SecNumCloud de Bleu est attendue en mars 2026."),
        )

        assert line.slips == ()

    @pytest.mark.parametrize(
        "text",
        [
            "Bleu emploie 60 personnes, selon LeMagIT en mai 2025.",
            "En mai 2025, LeMagIT rapportait l’arrivée de Bleu.",
            "Bleu avait jusqu’au 27 mai 2025 pour répondre.",
        ],
    )
    def test_the_day_of_a_report_is_no_event(self, text: str) -> None:
        assert line_of("Bleu", ("2025-09-02", text)).events == ()

    def test_each_day_once_and_a_stage_before_an_event(self) -> None:
        line = line_of(
            "Bleu",
            ("2025-04-18", "Bleu a réuni ses clients le 17 avril 2025."),
            ("2025-04-20", "Bleu a franchi le jalon J0 de SecNumCloud le 17 avril 2025."),
        )

        assert [(event.kind, event.stage) for event in line.events] == [("stage", "J0")]

    def test_as_of_a_day_a_promise_is_still_to_come(self) -> None:
        line = line_of("Bleu", *BLEU, as_of=date(2024, 6, 30))

        assert [(event.kind, event.at.words) for event in line.events] == [("promise", "2025")]

    def test_a_name_with_hardly_anything_told_has_no_line(self) -> None:
        told = told_by(*BLEU, ("2025-04-18", "Scaleway a réuni ses clients le 17 avril 2025."))

        assert [(subject.name, subject.kind) for subject in subjects_of(told, BOOK)] == [("Bleu", "actor")]

    def test_another_corpus_has_nothing_of_the_kind(self) -> None:
        told = told_by(
            ("2025-04-18", "Le boulanger a ouvert sa boutique le 17 avril 2025, et prévoit une terrasse en 2027.")
        )

        assert (state_of(told, MARKET, TODAY), subjects_of(told, BOOK)) == ((), ())


class TestOverview:
    def test_it_follows_the_index(
        self, tmp_path: Path, hashed: HashedEmbedder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Read once for a generation, and anew after a run."""
        corpus = tmp_path / "corpus"
        write_article(corpus, "bleu", BLEU[0][1], date=BLEU[0][0])
        run(tmp_path, corpus, hashed)
        index = open_index(tmp_path, hashed)
        overview = Overview(index, BOOK, MARKET)
        read = []
        monkeypatch.setattr(
            overview, "_survey", lambda snapshot, real=overview._survey: read.append(1) or real(snapshot)
        )

        assert (
            [row.stage for row in overview.state(TODAY)]
            == [row.stage for row in overview.state(TODAY)]
            == ["announced"]
        )
        assert len(read) == 1
        write_article(corpus, "bleu-2", BLEU[1][1], date=BLEU[1][0])
        run(tmp_path, corpus, hashed)
        assert [row.stage for row in overview.state(TODAY)] == ["J0"]
        assert [row.stage for row in overview.state(TODAY, date(2024, 6, 30))] == ["announced"]
        assert not overview.empty
        index.close()

    def test_after_a_run_what_is_new_alone_is_read(
        self, tmp_path: Path, hashed: HashedEmbedder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """And what another publisher is named for: that is shown beside a quote, and no new version."""
        corpus = tmp_path / "corpus"
        for n, (day, text) in enumerate(BLEU[:2]):
            write_article(corpus, f"bleu-{n}", text, date=day)
        run(tmp_path, corpus, hashed)
        index = open_index(tmp_path, hashed)
        overview = Overview(index, BOOK, MARKET)
        before = overview.state(TODAY)
        read: list[int] = []
        monkeypatch.setattr(
            "trusted_cloud_chat.answering.overview.overview.survey",
            lambda passages, *given: read.append(1) or survey(passages, *given),
        )
        write_article(corpus, "bleu-1", BLEU[1][1], date=BLEU[1][0], publisher="Le Quotidien")
        write_article(corpus, "bleu-2", BLEU[2][1], date=BLEU[2][0])
        run(tmp_path, corpus, hashed)

        assert [row.stage for row in overview.state(TODAY)] == [row.stage for row in before] == ["J0"]
        assert overview.state(TODAY)[0].proof.passage.article.publisher == "Le Quotidien"
        assert len(read) == 2
        index.close()

    def test_as_it_was_on_a_day_and_within_a_choice_of_articles(self, tmp_path: Path, hashed: HashedEmbedder) -> None:
        corpus = tmp_path / "corpus"
        for n, (day, text) in enumerate((*S3NS, BLEU[0])):
            write_article(corpus, f"a-{n}", text, date=day)
        run(tmp_path, corpus, hashed)
        index = open_index(tmp_path, hashed)
        overview = Overview(index, BOOK, MARKET)
        chosen = frozenset(
            (one.proof.passage.article.article_id, one.proof.passage.article.version)
            for one in overview.state(TODAY)
            if one.provider == "Bleu"
        )

        assert [row.stage for row in overview.state(TODAY, at=date(2025, 12, 16))] == ["announced"]
        assert [row.stage for row in overview.state(TODAY, at=date(2025, 12, 17))] == ["announced", "qualified"]
        assert [row.provider for row in overview.state(TODAY, within=chosen)] == ["Bleu"]
        index.close()

    def test_a_corpus_without_a_market_is_empty(self, tmp_path: Path, hashed: HashedEmbedder) -> None:
        corpus = tmp_path / "corpus"
        write_article(corpus, "pain", "Le boulanger a ouvert sa boutique le 17 avril 2025.", date="2025-05-01")
        run(tmp_path, corpus, hashed)
        index = open_index(tmp_path, hashed)

        assert Overview(index, BOOK, MARKET).empty
        index.close()
