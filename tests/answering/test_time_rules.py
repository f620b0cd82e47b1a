"""The rules that read time from one sentence: what day it speaks from, what it promises, which stage, whose report."""

from __future__ import annotations

from datetime import date

import pytest

from trusted_cloud_chat.answering.publications import independent, sources_of
from trusted_cloud_chat.answering.timeline import wording
from trusted_cloud_chat.answering.timeline.moments import apart, said_on, years_after
from trusted_cloud_chat.answering.timeline.promises import read_due
from trusted_cloud_chat.answering.timeline.stages import GOAL, read_stage
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.schema import Article, Promise, QualificationStage, Source

NBSP = "\u00a0"
day = PartialDate.parse


def article(text: str, published: str = "2026-01-05", **fields: object) -> Article:
    return Article("a", "v1", "Titre", text, day(published), **fields)  # type: ignore[arg-type]


class TestSaid:
    @pytest.mark.parametrize(
        ("text", "published", "plans", "said"),
        [
            ("Bleu espérait en mars 2026 être qualifié avant la fin de 2026.", "2026-08-25", True, "2026-03"),
            ("L’objectif affiché en avril 2025 était le premier semestre 2026.", "2026-08-25", True, "2025-04"),
            ("Scaleway se disait encore, le 11 mai 2026, sur le chemin.", "2026-08-25", False, "2026-05-11"),
            ("EDI Mag écrivait en 2024 que l’IaaS avait été qualifiée en 2022.", "2025-02", False, "2024"),
            ("PREMI3NS est qualifiée depuis le 17 décembre 2025.", "2026-08-25", False, "2026-08-25"),
            ("It would breach the law of 1968, which was strengthened in 2022.", "2025", False, "2025"),
            ("La loi de 1968 était contestée.", "2025", False, "2025"),
            ("Le projet de loi de mai 2023 imposait un audit.", "2025", False, "2023-05"),
            ("Le HDH, qui était hébergé chez Azure en 2021.", "2025", False, "2021"),
            ("Les premiers services étaient prévus pour 2024.", "2022-11", True, "2022-11"),
        ],
    )
    def test_the_day_that_a_sentence_speaks_from(self, text: str, published: str, plans: bool, said: str) -> None:
        """A retold announcement counts for the day it was made, whatever the date of the article."""
        assert said_on(text, day(published), plans=plans) == day(said)

    def test_a_day_that_is_not_named_is_not_guessed(self) -> None:
        assert said_on("Le gouvernement avait alors promis une bascule.", day("2026-03-11"), plans=True) is None

    def test_dates_apart(self) -> None:
        assert apart(day("2025-12"), day("2025-12-17")) == 0
        assert apart(day("2025-12-17"), day("2025-12-19")) == 2
        assert years_after(day("2024-02-29"), 3) == day("2027-02-28")


class TestPromises:
    @pytest.mark.parametrize(
        ("text", "published", "last", "spoken"),
        [
            ("La filiale devrait voir le jour d’ici l’été.", "2021-05", date(2021, 9, 30), "l’été 2021"),
            ("L’ouverture est attendue à l’été.", "2025-11-20", date(2026, 9, 30), "l’été 2026"),
            ("La qualification est espérée pour la fin de 2025.", "2025-01-15", date(2025, 12, 31), "la fin de 2025"),
            ("Il vise le premier semestre 2026.", "2025-04-17", date(2026, 6, 30), "le premier semestre 2026"),
            ("Le service sera prêt au troisième trimestre 2026.", "2025-04", date(2026, 9, 30), "le troisième trimestre 2026"),
            ("Bleu espère l’être à la fin de l’année prochaine.", "2025-02-10", date(2026, 12, 31), "la fin de 2026"),
            ("Bleu sera qualifié avant 2026.", "2025-02-10", date(2025, 12, 31), "avant 2026"),
            ("Bleu sera qualifié avant l’été 2026.", "2025-02-10", date(2026, 5, 31), "avant l’été 2026"),
            ("La bascule est promise dans les six mois.", "2026-02-10", date(2026, 8, 31), "août 2026"),
            ("La commission doit l’examiner le 25 février 2026.", "2026-02-16", date(2026, 2, 25), f"le 25{NBSP}février 2026"),
            ("Bleu espère la qualification en 2025.", "2024-01", date(2025, 12, 31), "2025"),
            ("Le service doit être disponible dès le second semestre 2024.", "2022-11", date(2024, 12, 31), "le second semestre 2024"),
            ("OVHcloud annonçait l’ouverture de quinze centres d’ici fin 2024.", "2022-11", date(2024, 12, 31), "la fin de 2024"),
            ("OVHcloud prépare pour début 2027 une région à Berlin.", "2026-01-08", date(2027, 3, 31), "le début de 2027"),
            ("En 2020, le gouvernement promettait une bascule sous deux ans.", "2026-03-11", date(2022, 12, 31), "2022"),
        ],
    )  # fmt: skip
    def test_a_promise_counts_from_its_article(self, text: str, published: str, last: date, spoken: str) -> None:
        due = read_due(text, day(published))

        assert due is not None
        assert (due.last, due.spoken("fr")) == (last, spoken)

    def test_a_retold_promise_counts_from_the_day_it_was_made(self) -> None:
        due = read_due("S3NS espérait en mai 2025 être qualifié à l’été.", day("2025-11-06"))

        assert due is not None
        assert due.last == date(2025, 9, 30)

    def test_a_half_year_under_way_may_be_promised_for(self) -> None:
        due = read_due("Au premier semestre 2025, Bleu sera qualifié.", day("2025-02"))

        assert due is not None
        assert due.last == date(2025, 6, 30)

    def test_a_season_to_come_that_is_named_as_a_limit(self) -> None:
        due = read_due("NumSpot ouvrira sa plateforme avant le printemps.", day("2025-11-10"))

        assert due is not None
        assert (due.spoken("en"), due.last) == ("before spring 2026", date(2026, 3, 31))

    def test_the_date_of_what_is_asked_about(self) -> None:
        """Of two promised dates the one that goes with the topic, not the later one."""
        text = "S3NS compte obtenir la qualification SecNumCloud à l’été et ouvrir son cloud fin 2025."
        due, latest = read_due(text, day("2025-05"), GOAL), read_due(text, day("2025-05"))

        assert due is not None
        assert latest is not None
        assert due.spoken("en") == "summer 2025"
        assert latest.spoken("en") == "the end of 2025"

    @pytest.mark.parametrize(
        ("text", "published"),
        [
            ("La qualification n’est pas attendue avant 2025.", "2024-01"),
            ("Le contrat, signé fin 2025, vise les données sensibles.", "2025"),
            ("L’article 19.6 du projet de 2021 fixe un maximum de 39 %.", "2021-10-22"),
            ("Le gouvernement avait alors promis une bascule sous deux ans.", "2026-03-11"),
            ("Bleu emploie cent personnes en 2027.", "2026-01"),
            ("Clara Chappaz et Sopra Steria citent l’année 2027.", "2026-01"),
            ("S3NS espérait être qualifié SecNumCloud à l’été.", "2025-12-24"),
            ("Bleu a passé le jalon J0 le 17 avril 2025 et vise la suite.", "2025"),
            ("Le service Clarence doit démarrer au plus tôt à la mi-2024.", "2023-10"),
            ("NumSpot n’ouvrira pas sa plateforme en 2025.", "2024-11"),
            ("Rude Baguette annonçait l’arrêt en août 2019, et Next place la fermeture en février 2020.", "2024"),
            ("En mars 2023, OVHcloud envisage de retirer sa plainte.", "2023-03"),
            ("Le site rapporte en avril 2025 un plan de relance pour les communes.", "2025-04-10"),
            ("Le rapport remis le 8 juillet 2025 était d’abord prévu pour plus tard.", "2025-07-09"),
        ],
    )
    def test_no_promise_is_read_into(self, text: str, published: str) -> None:
        assert read_due(text, day(published)) is None

    def test_a_date_passes_on_the_day_after_its_last(self) -> None:
        due = read_due("Il vise le premier semestre 2026.", day("2025-04-17"))

        assert due is not None
        assert not due.passed(date(2026, 6, 30))
        assert due.passed(date(2026, 7, 1))


class TestStages:
    @pytest.mark.parametrize(
        ("text", "name", "service"),
        [
            ("S3NS a obtenu la qualification SecNumCloud 3.2 le 17 décembre 2025 pour son offre PREMI3NS.", "qualified", "PREMI3NS"),
            ("L’ANSSI a accordé à PREMI3NS la qualification SecNumCloud 3.2.", "qualified", "PREMI3NS"),
            ("OVHcloud est qualifié SecNumCloud pour son Hosted Private Cloud, mais ne l’est pas pour son cloud public.", "qualified", "Hosted Private Cloud"),
            ("Bleu n’est pas encore qualifié SecNumCloud en mars 2026.", "not_qualified", None),
            ("Bleu does not yet hold the SecNumCloud qualification.", "not_qualified", None),
            ("Bleu a franchi le jalon J0 et vise une qualification en 2026.", "J0", None),
            ("Scaleway n’a pas terminé son parcours vers la qualification SecNumCloud.", "in_progress", None),
            ("La qualification SecNumCloud de Bleu est espérée pour 2025.", "announced", None),
            ("Worldline n’est plus qualifié SecNumCloud.", "expired", None),
            ("Ni Bleu ni S3NS n’est encore qualifié SecNumCloud.", "not_qualified", None),
            ("Aucune des offres de Bleu n’a obtenu la qualification SecNumCloud.", "not_qualified", None),
            ("Bleu vise le jalon J1, après avoir franchi le J0 le 17 avril 2025.", "J0", None),
            ("Même si Bleu est qualifié SecNumCloud, il reste critiqué.", "qualified", None),
            ("La qualification d’Outscale en version 3.2 remonte à décembre 2023.", "qualified", None),
            ("S3NS ne dépend pas du droit américain car il est qualifié SecNumCloud.", "qualified", None),
            ("Il ne fait pas de doute que S3NS est qualifié SecNumCloud.", "qualified", None),
            ("S3NS vise la qualification SecNumCloud après avoir franchi le jalon J0.", "J0", None),
            ("Comme prévu, S3NS a franchi le jalon J1 de la qualification.", "J1", None),
            ("Neither Bleu nor S3NS is qualified under SecNumCloud.", "not_qualified", None),
            ("Bleu has never obtained the SecNumCloud qualification.", "not_qualified", None),
            ("Bleu ne décroche pas la qualification SecNumCloud en 2025.", "not_qualified", None),
            ("Bleu visait 2026 lorsqu’il a passé le jalon J0 de la qualification.", "J0", None),
            ("Bleu est non qualifié SecNumCloud.", "not_qualified", None),
            ("Bleu a obtenu la validation du jalon J0 de la qualification SecNumCloud.", "J0", None),
            ("Bleu obtained milestone J0 of the SecNumCloud qualification.", "J0", None),
            ("S3NS n’est pas soumis au FISA et est qualifié SecNumCloud.", "qualified", None),
            ("OVHcloud a été qualifié SecNumCloud en janvier 2024.", "qualified", None),
            ("S3NS a bien été qualifié SecNumCloud par l’ANSSI.", "qualified", None),
            ("Le cloud public d’OVHcloud n’était pas couvert par cette qualification.", "not_qualified", "cloud public"),
        ],
    )  # fmt: skip
    def test_the_stage_and_its_service(self, text: str, name: str, service: str | None) -> None:
        stage = read_stage(text, article(text), frozenset({"bleu", "s3ns", "ovhcloud"}), None)

        assert stage is not None
        assert (stage.name, stage.service) == (name, service)

    @pytest.mark.parametrize(
        "text",
        [
            "Aucun obstacle réglementaire n’empêche Bleu d’obtenir la qualification SecNumCloud.",
            "La qualification peut être suspendue, retirée ou réduite.",
            "Les données iront chez un fournisseur européen qualifié SecNumCloud.",
            "Cet appel est qualifié d’urgent par Clubic.",
            "Bleu est qualifié par Clubic de rival de SecNumCloud.",
            "Si Bleu obtient la qualification SecNumCloud, EDF y migrera ses données.",
            "Bleu dispose encore de douze mois pour obtenir la qualification SecNumCloud.",
            "Bleu a obtenu un délai pour sa qualification SecNumCloud.",
            "Il est faux que Bleu ait été qualifié SecNumCloud.",
            "Bleu n’a pas encore franchi le jalon J1 de la qualification.",
            "Bleu devrait franchir le jalon J1 de la qualification à l’automne.",
            "S3NS n’est pas le seul à être qualifié SecNumCloud.",
            "S3NS n’est plus seul qualifié SecNumCloud.",
            "La demande de qualification SecNumCloud de NumSpot remonte à juillet 2024.",
            "Bleu est en cours de validation du jalon J1 de la qualification.",
            "S3NS has not lost its SecNumCloud qualification.",
            "La qualification SecNumCloud de Bleu n’est pas expirée.",
            "Bleu commercialise ses services avant d’avoir obtenu la qualification SecNumCloud.",
            "Une fois que Bleu est qualifié SecNumCloud, EDF y migrera ses données.",
            "Bleu a failli obtenir la qualification SecNumCloud.",
            "Bleu a obtenu la certification HDS, étape vers SecNumCloud.",
            "Le jalon J1 de la qualification devrait être franchi par Bleu à l’automne.",
            "Le franchissement du jalon J1 de la qualification est attendu à l’automne.",
            "Bleu espère avoir franchi le jalon J1 d’ici l’été.",
        ],
    )
    def test_no_stage_is_read_into(self, text: str) -> None:
        assert read_stage(text, article(text), frozenset(), None) is None

    def test_expiry_is_three_years_after_the_qualification(self) -> None:
        text = "S3NS a obtenu la qualification SecNumCloud le 17 décembre 2025 pour son offre PREMI3NS."
        stage = read_stage(text, article(text), frozenset(), "S3NS")

        assert stage is not None
        assert (stage.since, stage.expires) == (day("2025-12-17"), day("2028-12-17"))

    def test_the_day_that_a_qualification_goes_back_to(self) -> None:
        text = "La qualification d’Outscale en version 3.2 remonte à décembre 2023."
        stage = read_stage(text, article(text), frozenset(), "Outscale")

        assert stage is not None
        assert (stage.since, stage.expires) == (day("2023-12"), day("2026-12"))

    def test_the_date_of_a_page_is_not_that_of_the_qualification(self) -> None:
        text = "OVHcloud est qualifié SecNumCloud pour son Hosted Private Cloud, selon une page du 6 août 2025."

        stage = read_stage(text, article(text), frozenset(), "OVHcloud")

        assert stage is not None
        assert stage.since is None

    def test_the_service_is_looked_up_in_the_article(self) -> None:
        """« S3NS est qualifié » is told of PREMI3NS where the article says so elsewhere of S3NS."""
        quote = "S3NS est qualifié SecNumCloud."
        text = f"La qualification de S3NS porte sur son offre PREMI3NS. {quote}"

        assert read_stage(quote, article(text), frozenset({"s3ns"}), "S3NS").service == "PREMI3NS"  # type: ignore[union-attr]
        assert read_stage(quote, article(text), frozenset({"s3ns"}), None).service is None  # type: ignore[union-attr]


class TestSources:
    def synthesis(self, *publishers: str) -> Article:
        return article("x", source_type="synthese", sources=tuple(Source(p) for p in publishers))

    def test_a_publication_named_in_the_sentence(self) -> None:
        listed = self.synthesis("Clubic", "InCyber (blog)")

        assert sources_of("Bleu vise 2026, selon Clubic.", listed) == {"clubic"}
        assert sources_of("Bleu vise 2026.", listed) == {"clubic", "incyber"}

    def test_reprints_are_one(self) -> None:
        """A reprint counts for what it reprints, and an unknown origin for nothing."""
        first = sources_of(
            "x", self.synthesis("kennycaldieraro.fr (reprise ZDNet)", "Article d’origine non identifiée")
        )
        second = sources_of("x", article("x", publisher="ZDNet", source_type="presse"))

        assert independent([first, second]) == 1

    def test_a_synthesis_is_one_source_however_many_it_lists(self) -> None:
        """Two that share a publication may both have it from there; two that share none cannot."""
        many, more = self.synthesis("Clubic", "InCyber", "ZDNet"), self.synthesis("ZDNet", "Next", "Silicon")
        reports = [sources_of("x", many), sources_of("x", more)]

        assert independent(reports[:1]) == independent(reports) == 1
        assert independent([*reports, frozenset({"next"}), frozenset({"clubic"})]) == 2
        assert independent([reports[0], frozenset({"next"}), frozenset()]) == 2


class TestWording:
    def test_french(self) -> None:
        passed = Promise(1, date(2025, 10, 1), date(2025, 12, 31), passed=True)
        line = wording.promise_line(passed, "la fin de 2025", compared=True, language="fr")

        assert line == (
            f"Échéance annoncée pour la fin de 2025, passée à la date de la question{NBSP}; "
            "aucun passage trouvé ne dit ce qu’il en est advenu."
        )
        assert wording.sources_line(3, each_known=True, language="fr") == "Rapporté par trois sources indépendantes."
        assert "par au moins trois sources" in wording.sources_line(3, each_known=False, language="fr")

    @pytest.mark.parametrize(
        ("due", "line"),
        [
            ("avant mars 2027", "Échéance annoncée : avant mars 2027, pas encore passée à la date de la question."),
            ("mars 2027", "Échéance annoncée pour mars 2027, pas encore passée à la date de la question."),
        ],
    )
    def test_a_limit_is_not_when_it_was_announced(self, due: str, line: str) -> None:
        promise = Promise(1, date(2027, 3, 1), date(2027, 3, 31), passed=False)

        assert wording.promise_line(promise, due, compared=False, language="fr").replace(NBSP, " ") == line

    def test_a_calculated_expiry_is_said_to_be(self) -> None:
        stage = QualificationStage(1, "qualified", "S3NS", "PREMI3NS", day("2025-12-17"), day("2028-12-17"))

        assert wording.stage_line(stage, None, date(2026, 11, 24), "fr") == (
            f"Étape de la qualification, pour PREMI3NS (S3NS){NBSP}: qualifié depuis le 17{NBSP}décembre 2025{NBSP}; "
            f"expiration le 17{NBSP}décembre 2028 (calculé)."
        )
        ended = wording.stage_line(stage, None, date(2029, 1, 1), "en")
        assert ended.endswith("the three years ended on 17 December 2028 (calculated), renewal not stated here.")
