"""The stage of a qualification as one sentence tells it."""

from __future__ import annotations

from datetime import date

import pytest

from made import MARKET, article_of
from trusted_cloud_chat.answering.timeline.stages import Stage, read_stage
from trusted_cloud_chat.schema import Language


def stage_of(text: str, day: str = "2025-12-19", language: Language = "fr") -> Stage | None:
    return read_stage(text, article_of(text, day, language=language), MARKET)


class TestStages:
    @pytest.mark.parametrize(
        ("text", "name"),
        [
            ("S3NS a obtenu la qualification SecNumCloud.", "qualified"),
            ("Outscale est qualifié SecNumCloud depuis 2019.", "qualified"),
            ("L’ANSSI a délivré la qualification SecNumCloud à S3NS.", "qualified"),
            ("S3NS détient le visa SecNumCloud.", "qualified"),
            ("Bleu a franchi le jalon J0 de SecNumCloud.", "J0"),
            ("Bleu a validé l’étape J1.", "J1"),
            ("NumSpot est en cours de qualification SecNumCloud.", "in_progress"),
            ("Bleu sera qualifié SecNumCloud en 2026.", "announced"),
            ("Bleu vise la qualification SecNumCloud.", "announced"),
            ("Bleu obtiendra la qualification SecNumCloud en 2026.", "announced"),
            ("Bleu devrait avoir obtenu SecNumCloud fin 2026.", "announced"),
            ("Bleu n’est pas encore qualifié SecNumCloud.", "not_qualified"),
            ("Bleu n’a pas obtenu la qualification SecNumCloud.", "not_qualified"),
            ("Aucune qualification SecNumCloud n’a été accordée à Bleu.", "not_qualified"),
            ("La qualification de Bleu n’est pas attendue avant 2025.", "not_qualified"),
            ("Outscale n’est plus qualifié SecNumCloud.", "expired"),
            ("SecNumCloud est un référentiel de l’ANSSI.", None),
            ("Bleu a obtenu un contrat.", None),
            ("Bleu prépare le jalon J1.", None),
        ],
    )
    def test_french(self, text: str, name: str | None) -> None:
        stage = stage_of(text)

        assert (stage.name if stage else None) == name

    @pytest.mark.parametrize(
        ("text", "name"),
        [
            ("S3NS has obtained the SecNumCloud qualification.", "qualified"),
            ("S3NS is qualified by ANSSI.", "qualified"),
            ("Bleu passed milestone J0.", "J0"),
            ("Bleu will be SecNumCloud qualified in 2026.", "announced"),
            ("Bleu expects to obtain SecNumCloud in 2026.", "announced"),
            ("Bleu has not been qualified.", "not_qualified"),
            ("Bleu is not yet qualified.", "not_qualified"),
            ("Outscale is no longer qualified.", "expired"),
        ],
    )
    def test_english(self, text: str, name: str) -> None:
        stage = stage_of(text, language="en")

        assert stage is not None
        assert stage.name == name

    @pytest.mark.parametrize(
        "text",
        [
            "Bleu n’a toujours pas obtenu la qualification SecNumCloud.",
            "Bleu n’a encore obtenu aucune qualification SecNumCloud.",
            "Bleu ne détient pas la qualification SecNumCloud.",
            "Bleu ne dispose pas de la qualification SecNumCloud.",
            "Bleu n’est pas, à ce jour, qualifié SecNumCloud.",
            "Bleu n’est toujours pas qualifié SecNumCloud.",
            "Sans avoir obtenu la qualification SecNumCloud, Bleu ouvre.",
        ],
    )
    def test_a_denied_sentence_never_says_qualified(self, text: str) -> None:
        """A denial between the words of a stage is a denial still."""
        stage = stage_of(text)

        assert stage is None or stage.name != "qualified"

    @pytest.mark.parametrize(
        "text",
        [
            "Bleu has still not obtained the SecNumCloud qualification.",
            "Bleu does not hold the SecNumCloud qualification.",
            "Bleu has never received the SecNumCloud qualification.",
            "Bleu is not yet SecNumCloud qualified.",
            "No SecNumCloud qualification was granted to Bleu.",
        ],
    )
    def test_nor_in_english(self, text: str) -> None:
        stage = stage_of(text, language="en")

        assert stage is None or stage.name != "qualified"

    @pytest.mark.parametrize(
        "text",
        [
            "Bleu espère avoir obtenu la qualification SecNumCloud en 2026.",
            "Bleu sera bientôt qualifié SecNumCloud.",
            "La qualification SecNumCloud de Bleu est attendue pour 2026.",
            "Bleu compte que la qualification SecNumCloud soit obtenue en 2026.",
            "Bleu pourrait obtenir la qualification SecNumCloud en 2026.",
        ],
    )
    def test_a_plan_is_never_told_as_a_fact(self, text: str) -> None:
        stage = stage_of(text)

        assert stage is None or stage.name in ("announced", "in_progress", "not_qualified")

    @pytest.mark.parametrize(
        "text",
        [
            "Bleu hopes to have obtained the SecNumCloud qualification by 2026.",
            "Bleu should receive the SecNumCloud qualification in 2026.",
            "Bleu is expected to be SecNumCloud qualified in 2026.",
            "Bleu may obtain the SecNumCloud qualification in 2026.",
        ],
    )
    def test_nor_is_it_in_english(self, text: str) -> None:
        stage = stage_of(text, language="en")

        assert stage is None or stage.name in ("announced", "in_progress", "not_qualified")

    @pytest.mark.parametrize(
        ("text", "since", "expires"),
        [
            ("S3NS a obtenu la qualification SecNumCloud le 17 décembre 2025.", "2025-12-17", "2028-12-17"),
            ("Outscale est qualifié SecNumCloud depuis 2019.", "2019", "2022"),
            ("S3NS a obtenu la qualification SecNumCloud en mars 2024.", "2024-03", "2027-03"),
            ("S3NS a obtenu la qualification SecNumCloud.", None, None),
            ("Bleu a franchi le jalon J0 de SecNumCloud le 17 avril 2025.", "2025-04-17", None),
            ("Bleu sera qualifié SecNumCloud en 2026.", None, None),
        ],
    )
    def test_since_when_and_until_when(self, text: str, since: str | None, expires: str | None) -> None:
        """Three years after the day that the sentence gives; of that day alone, and of a qualification alone."""
        stage = stage_of(text)

        assert stage is not None
        assert (str(stage.since) if stage.since else None) == since
        assert (str(stage.expires) if stage.expires else None) == expires

    def test_a_qualification_of_the_29th_of_february_runs_out_too(self) -> None:
        stage = stage_of("S3NS a obtenu la qualification SecNumCloud le 29 février 2024.", "2024-03-01")

        assert stage is not None
        assert stage.expires is not None
        assert stage.expires.last_day >= date(2027, 2, 28)

    @pytest.mark.parametrize(
        ("text", "service"),
        [
            ("S3NS a obtenu la qualification SecNumCloud pour son offre PREMI3NS.", "PREMI3NS"),
            ("OVHcloud a obtenu SecNumCloud pour ses offres Hosted Private Cloud.", "Hosted Private Cloud"),
            ("S3NS a obtenu SecNumCloud pour son offre.", None),
            ("S3NS a obtenu SecNumCloud.", None),
        ],
    )
    def test_the_service(self, text: str, service: str | None) -> None:
        stage = stage_of(text)

        assert stage is not None
        assert stage.service == service
