"""Answers in time over small corpora, with real retrieval and no language model."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from quotes import ENTITIES, asked, sentence

from builders import TODAY, assistant_over, write_article
from trusted_cloud_chat.answering.assistant import Assistant
from trusted_cloud_chat.answering.selection import Selected
from trusted_cloud_chat.answering.timeline import Timeline
from trusted_cloud_chat.answering.timeline.agreement import contradict
from trusted_cloud_chat.answering.timeline.asked_list import Overview
from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.retrieval.ranking import load_weights
from trusted_cloud_chat.schema import Answer
from trusted_cloud_chat.serialise import answer_to_dict
from trusted_cloud_chat.understanding import Understanding

NBSP = "\u00a0"
STATUS = "Où en est la qualification SecNumCloud de Bleu ?"
ARTICLES = {
    "bleu-2024": ("2024-01-15", "Gazette du Nuage", "La qualification SecNumCloud 3.2 de Bleu est espérée pour 2025."),
    "bleu-2025": ("2025-04-17", "Revue des Infrastructures", "Bleu vise la qualification SecNumCloud au premier semestre 2026."),
    "bleu-2026": (
        "2026-08-25", "Journal des Réseaux",
        "Bleu espérait en mars 2026 obtenir la qualification SecNumCloud avant la fin de 2026.",
    ),
    "s3ns": (
        "2025-12-19", "Gazette du Nuage",
        "S3NS, filiale de Thales, a obtenu la qualification SecNumCloud 3.2 le 17 décembre 2025 pour son offre PREMI3NS.",
    ),
    "s3ns-ete": ("2025-05-20", "Revue des Infrastructures", "S3NS compte obtenir la qualification SecNumCloud à l’été."),
    "numspot": ("2022-10-10", "Gazette du Nuage", "NumSpot ouvrira sa plateforme souveraine au second semestre 2023."),
    "part-a": (
        "2025-03-10", "Gazette du Nuage",
        "Les fournisseurs français détiennent 22 % du marché du cloud souverain en 2024.",
    ),
    "part-b": (
        "2025-03-28", "Journal des Réseaux",
        "Les fournisseurs français détiennent 31 % du marché du cloud souverain en 2024.",
    ),
    "part-c": (
        "2025-03-29", "Revue des Infrastructures",
        "Les fournisseurs français détiennent 31 % du marché du cloud souverain en 2024, selon une étude.",
    ),
    "part-d": (
        "2025-03-30", "Courrier du Centre",
        "Les fournisseurs français détiennent 31 % du marché du cloud souverain en 2024.",
    ),
    "outscale": ("2019-12", "Gazette du Nuage", "3DS Outscale héberge des services de l’État dans la région parisienne."),
}  # fmt: skip


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory, embedder_home: Path, embedder: Embedder) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("timeline")
    for name, (published, publisher, text) in ARTICLES.items():
        write_article(
            folder / "corpus", name, text, date=published, publisher=publisher, title=name, source_type="presse"
        )
    with assistant_over(folder, embedder_home, embedder, refusal_threshold=0.01) as ready:
        yield ready


@pytest.fixture(scope="module")
def ask(assistant: Assistant) -> Callable[..., Answer]:
    def answered(question: str, today: date = TODAY, as_of: date | None = None) -> Answer:
        answer = assistant.ask(question, today=today, as_of=as_of)
        numbers = [citation.n for citation in answer.citations]
        assert numbers == list(range(1, len(numbers) + 1))
        assert [passage.rank for passage in answer.passages] == list(range(1, len(answer.passages) + 1))
        return answer

    return answered


def timeline_over(understood: Understanding, found: list[Selected], overview: Overview | None = None) -> Timeline:
    """Of the passages of `found`."""
    return Timeline(understood, [choice.passage for choice in found], load_weights(), ENTITIES, overview)


def cited(answer: Answer, n: int) -> str:
    return answer.citations[n - 1].article.article_id


class TestNow:
    def test_the_newest_evidence_leads_and_its_age_is_said(self, ask: Callable[..., Answer]) -> None:
        """Newest by the day that the quote speaks from: March, not the August of its article."""
        answer = ask(STATUS)

        assert cited(answer, 1) == "bleu-2026"
        assert str(answer.known_at) == "2026-03"
        assert answer.answer.startswith(f"État connu en mars 2026{NBSP}:\n\n« ".replace("« ", f"«{NBSP}"))

    def test_what_it_supersedes_follows_oldest_first(self, ask: Callable[..., Answer]) -> None:
        answer = ask(STATUS)

        assert [cited(answer, entry.citation) for entry in answer.history] == ["bleu-2024", "bleu-2025"]
        told = answer.answer.index("du plus ancien au plus récent")
        assert told < answer.answer.index("espérée pour 2025") < answer.answer.index("premier semestre 2026")

    def test_where_the_state_alone_is_asked_nothing_else_is_told(self) -> None:
        """« Les centres de Bleu sont à Paris » is about Bleu and no state; what is superseded is history, after a proof too."""
        state = sentence("Bleu n’est pas encore qualifié SecNumCloud.", day="2026-03-19", name="a")
        older = sentence("Bleu est en cours de qualification SecNumCloud.", day="2025-11-06", name="b")
        other = sentence(
            "Les centres opérationnels de Bleu sont situés à Paris et à Rennes.", day="2025-04-17", name="c"
        )
        timeline = timeline_over(asked("Où en est la qualification de Bleu ?"), [state, older, other])

        assert [choice.text for choice in timeline.lead([other, state])] == [state.text]
        assert timeline.proved([state, other]) == [state]

    @pytest.mark.parametrize(
        "question", ["Is Scaleway SecNumCloud certified?", "Scaleway est-il certifié SecNumCloud ?"]
    )
    def test_what_tells_no_state_does_not_lead_however_new_and_certified_is_qualified(self, question: str) -> None:
        state = sentence("Scaleway est en cours de qualification SecNumCloud.", day="2026-05-11", name="a")
        claim = sentence("Un site a dit de Scaleway « certifié SecNumCloud ».", day="2026-08-25", name="b")
        timeline = timeline_over(asked(question), [claim, state])

        assert timeline.lead([claim, state])[0].text == state.text

    def test_after_a_yes_what_was_so_before_is_history(self) -> None:
        had = sentence("S3NS a obtenu la qualification SecNumCloud le 17 décembre 2025.", day="2025-12-23", name="a")
        before = sentence("S3NS est toujours en cours de qualification SecNumCloud.", day="2025-11-06", name="b")
        timeline = timeline_over(asked("S3NS est-il qualifié SecNumCloud ?"), [had, before])

        assert timeline.proved([had, before]) == [had]

    def test_another_vendor_is_no_history(self, ask: Callable[..., Answer]) -> None:
        assert not any(cited(ask(STATUS), entry.citation).startswith("s3ns") for entry in ask(STATUS).history)

    def test_as_of_an_earlier_day(self, ask: Callable[..., Answer]) -> None:
        """What was published later is neither evidence nor outcome."""
        answer = ask(STATUS, as_of=date(2024, 6, 30))

        assert {citation.article.article_id for citation in answer.citations} == {"bleu-2024"}
        assert answer.history == ()
        assert not any(promise.passed for promise in answer.promises)

    @pytest.mark.parametrize(
        ("question", "opening"),
        [
            ("Bleu est-il qualifié SecNumCloud ?", "Pas encore, d’après la citation (état connu en mars 2026)"),
            ("PREMI3NS de S3NS est-il qualifié SecNumCloud ?", "Oui, "),
        ],
    )
    def test_the_state_opens_a_yes_no_answer(self, ask: Callable[..., Answer], question: str, opening: str) -> None:
        assert ask(question).answer.startswith(opening)

    def test_a_candidate_is_one(self, ask: Callable[..., Answer]) -> None:
        """« Pas encore » would deny it."""
        assert "Pas encore" not in ask("Bleu est-il candidat à la qualification SecNumCloud ?").answer

    def test_a_state_that_the_rules_read_is_never_refused(self, assistant: Assistant, tmp_path: Path) -> None:
        """However unsure the reader: what is asked is the state alone, and a quote tells it."""
        strict = Assistant(
            assistant._index, assistant._retriever, assistant._entities, assistant._weights,
            reader=assistant._finder._reader, passages=8, refusal_threshold=1.01,
        )  # fmt: skip

        assert not strict.ask(STATUS, today=TODAY).refused
        assert not strict.ask("Quand S3NS a-t-il été qualifié SecNumCloud ?", today=TODAY).refused
        premise = strict.ask("Quand Bleu a-t-il été qualifié SecNumCloud ?", today=TODAY)
        assert premise.refusal_reason == "false_premise"
        assert premise.citations[0].article.article_id == "bleu-2026"
        assert strict.ask("Pourquoi Bleu vise-t-il SecNumCloud ?", today=TODAY).refused
        assert strict.ask("Où en est la qualification SecNumCloud de Scaleway ?", today=TODAY).refused

    @pytest.mark.parametrize(
        "question",
        [
            "Quels clients Bleu a-t-il signés depuis sa qualification SecNumCloud ?",
            "Qu’a changé la qualification SecNumCloud obtenue par Bleu ?",
            "Quelles offres de Bleu couvre la qualification SecNumCloud qu’il a reçue au printemps ?",
            "Pourquoi Bleu a-t-il obtenu la qualification SecNumCloud ?",
            "Depuis que Bleu est qualifié SecNumCloud, qui y migre ?",
            "What has Bleu sold since it was qualified SecNumCloud?",
        ],
    )
    def test_a_qualification_taken_for_granted_that_no_sentence_tells(
        self, ask: Callable[..., Answer], question: str
    ) -> None:
        """It is met by how far the qualification is, the newest first."""
        answer = ask(question)

        assert answer.refusal_reason == "false_premise"
        assert answer.citations[0].article.article_id == "bleu-2026"

    @pytest.mark.parametrize(
        "question",
        [
            "Qu’a changé la qualification SecNumCloud obtenue par S3NS ?",
            "Pourquoi Bleu n’est-il pas qualifié SecNumCloud ?",
            "Que vise Bleu avant sa qualification SecNumCloud ?",
            "Que fera Bleu après sa qualification SecNumCloud ?",
            "How will Bleu get qualified?",
        ],
    )
    def test_a_qualification_that_is_had_or_not_taken_for_granted(
        self, ask: Callable[..., Answer], question: str
    ) -> None:
        assert ask(question).refusal_reason is None

    @pytest.mark.parametrize(
        ("question", "cites", "opening"),
        [
            ("Quelles promesses Bleu a-t-il faites ?", ["bleu-2024", "bleu-2025", "bleu-2026"], "Ce qui a été annoncé"),
            (
                "Quels engagements Bleu n’a-t-il pas tenus ?",
                ["bleu-2024", "bleu-2025"],
                "Échéances annoncées, passées depuis",
            ),
        ],
    )
    def test_what_was_promised_in_the_order_of_its_days(
        self, ask: Callable[..., Answer], question: str, cites: list[str], opening: str
    ) -> None:
        """Each with the day that has passed; what became of it is the newest that is known."""
        answer = ask(question)

        assert answer.answer.startswith(opening)
        assert [c.article.article_id for c in answer.citations][: len(cites)] == cites
        assert {p.citation for p in answer.promises if p.passed} == {1, 2}
        assert {cited(answer, p.outcome) for p in answer.promises if p.passed and p.outcome} == {"bleu-2026"}
        assert not answer.history
        assert answer.known_at is None

    def test_what_nobody_kept(self, ask: Callable[..., Answer]) -> None:
        """Where nobody is named, promises of all."""
        answer = ask("Quelles promesses n’ont pas été tenues ?")

        told = {c.article.article_id for c in answer.citations}
        assert {"bleu-2024", "s3ns-ete", "numspot"} <= told
        assert {p.citation for p in answer.promises if p.passed} == {c.n for c in answer.citations}

    def test_for_what_somebody_is_qualified(self) -> None:
        """One sentence a service, in the order in which they were; the newest that has a day."""
        private = sentence(
            "OVHcloud a obtenu en janvier 2024 la qualification SecNumCloud pour ses offres Hosted Private Cloud.",
            day="2024-02",
            name="a",
        )
        again = sentence(
            "OVHcloud a reçu en janvier 2024 la qualification SecNumCloud pour Hosted Private Cloud.",
            day="2024-01",
            name="b",
        )
        metal = sentence("OVHcloud propose un « Bare Metal Pod » qualifié SecNumCloud.", day="2025-08-06", name="c")
        others = [
            sentence("S3NS a obtenu en 2025 la qualification SecNumCloud pour PREMI3NS.", day="2026-01", name="d"),
            sentence("OVHcloud vise la qualification SecNumCloud pour son Public Cloud.", day="2025-09", name="e"),
        ]
        found = [metal, again, *others, private]
        timeline = timeline_over(asked("Quels services d’OVHcloud sont qualifiés ?"), found, "services")

        assert [choice.text for choice in timeline.overview("services")] == [private.text, metal.text]

    def test_what_another_promises_is_no_promise_of_the_one_asked_about(self) -> None:
        own = sentence("Bleu prévoit d’ouvrir à la fin de 2024.", day="2024-01-15", name="own")
        others = [
            sentence("Orange et Bleu, que le rapporteur doit entendre le 20 février 2026.", day="2026-01-10", name="a"),
            sentence("L’École polytechnique prévoit de passer chez Bleu en mai 2025.", day="2025-01-10", name="b"),
            sentence("Bleu attend S3NS, qui prévoit d’ouvrir en 2025.", day="2024-01-10", name="c"),
            sentence(
                "Bleu doit convaincre, tandis que S3NS espère être qualifié d’ici fin 2025.", day="2024-02-10", name="d"
            ),
            sentence("Bleu doit être jugé : l’ANSSI prévoit un référentiel d’ici mi-2025.", day="2024-03-10", name="e"),
            sentence("Selon Bleu, le marché atteindra 30 milliards d’euros en 2026.", day="2024-04-10", name="f"),
        ]
        found = [own, *others]
        timeline = timeline_over(asked("Quelles promesses Bleu a-t-il faites ?"), found, "promises")

        assert [choice.text for choice in timeline.overview("promises")] == [own.text]

    def test_where_its_day_is_asked_for_a_sentence_that_has_it_leads(self) -> None:
        """A newer one that has none is no answer."""
        undated = sentence("OVHcloud propose un « Bare Metal Pod » qualifié SecNumCloud.", day="2025-08-06", name="new")
        dated = sentence("OVHcloud a obtenu en janvier 2024 la qualification SecNumCloud.", day="2024-01", name="old")
        found = [undated, dated]
        timeline = timeline_over(asked("Quand OVHcloud a-t-il obtenu la qualification SecNumCloud ?"), found)

        assert timeline.lead(found)[0].text == dated.text

    @pytest.mark.parametrize(
        ("question", "leads"),
        [("Bleu est-il qualifié SecNumCloud ?", "fr"), ("Is Bleu SecNumCloud qualified?", "en")],
    )
    def test_of_one_state_a_quote_in_the_readers_language_leads(self, question: str, leads: str) -> None:
        """Where it tells of the same month, say; an older one does not."""
        french = sentence("Bleu n’est pas encore qualifié SecNumCloud.", day="2026-03-19", name="fr")
        english = sentence("Bleu is not yet SecNumCloud qualified.", day="2026-03", name="en", language="en")
        older = sentence("Bleu n’est pas qualifié SecNumCloud.", day="2025-11-06", name="old")
        other = sentence("Bleu was not SecNumCloud qualified.", day="2025-11-06", name="other", language="en")
        found = [older, english, french, other]
        timeline = timeline_over(asked(question), found)

        first = timeline.lead(found)[0]
        assert first.passage.article.language == leads
        assert first.text in (french.text, english.text)

    def test_what_is_asked_beside_a_state_leads(self) -> None:
        """A newer sentence that tells of a qualification alone is beside the point."""
        fees = sentence("La résiliation de l’offre VMware d’OVHcloud est sans frais.", day="2025-08-06", name="fees")
        state = sentence("OVHcloud propose un « Bare Metal Pod » qualifié SecNumCloud.", day="2025-09-06", name="state")
        understood = asked("OVHcloud facture-t-il la résiliation de son offre VMware SecNumCloud ?")
        found = [fees, state]
        timeline = timeline_over(understood, found)

        assert timeline.lead(found)[0].text == fees.text

    def test_those_who_are_qualified_are_counted_under_any_word(self) -> None:
        """Prestataires and entreprises alike; those whose qualification is under way are others."""
        old = sentence("Seuls cinq prestataires ont la qualification SecNumCloud.", day="2023-05-15", name="old")
        new = sentence("Neuf entreprises ont une qualification SecNumCloud.", day="2025-12-23", name="new")
        pending = sentence(
            "Quatre acteurs sont en cours de qualification SecNumCloud.", day="2026-01-05", name="pending"
        )
        found = [old, new, pending]
        understood = asked("Combien de prestataires sont qualifiés SecNumCloud ?")
        timeline = timeline_over(understood, found)

        assert timeline.lead([old])[0].text == new.text
        assert {statement.selected.text for statement in timeline._statements} == {old.text, new.text}

    def test_newer_figures_lead_though_there_are_several(self) -> None:
        old = sentence("La part des fournisseurs européens est de 13 % du marché européen.", day="2022", name="old")
        new = sentence(
            "La part des fournisseurs européens est de 15 % du marché européen, après 29 % en 2017.",
            day="2025",
            name="new",
            score=4.0,
        )
        understood = asked("Quelle est la part des fournisseurs européens sur le marché européen ?")
        timeline = timeline_over(understood, [old, new])

        assert [choice.text for choice in timeline.lead([old, new])] == [new.text, old.text]

    def test_what_is_so_henceforth_tells_of_its_own_day(self) -> None:
        """« Alors que le marché passait… » in the same sentence makes it no older."""
        reseller = sentence(
            "L’UGAP travaille désormais avec Crayon, alors que le marché passait par un autre.", day="2025", name="now"
        )
        sales = sentence("OVHcloud arrive en tête des ventes de l’UGAP en 2024.", day="2025", name="sales", score=4.0)
        understood = asked("Par quel revendeur passe désormais le marché de l’UGAP ?")
        found = [reseller, sales]
        timeline = timeline_over(understood, found)

        assert timeline.lead(found)[0].text == reseller.text

    def test_who_heads_somebody_is_no_date_announced(self) -> None:
        head = sentence("Jean Coumaros, qui dirige Bleu, vient de Capgemini.", day="2022-06-23", name="head")
        opening = sentence("Bleu, le cloud d’Orange et de Capgemini, ouvrira en 2024.", day="2022-06-24", name="open")
        understood = asked("Qui dirige Bleu, le cloud d’Orange et de Capgemini ?")
        timeline = timeline_over(understood, [head, opening])

        assert [choice.text for choice in timeline.lead([head])] == [head.text]

    @pytest.mark.parametrize(
        "question", ["Quand le Health Data Hub quittera-t-il Azure ?", "When will the Health Data Hub leave Azure?"]
    )
    def test_a_move_is_dated_from_either_end(self, question: str) -> None:
        """Where to tells as much as where from: the newest leads, and what was planned before is history."""
        old = sentence("La bascule du Health Data Hub est prévue fin 2026.", day="2026-02", name="old")
        new = sentence(
            "Le passage du Health Data Hub chez Scaleway est prévu début 2027.", day="2026-04-27", name="new"
        )
        lease = sentence("Le contrat Azure du Health Data Hub prendra fin en 2025.", day="2024-01", name="lease")
        timeline = timeline_over(asked(question), [lease, old, new])

        assert [choice.text for choice in timeline.lead([lease])] == [new.text, lease.text]

    def test_a_promise_on_another_topic_does_not_lead(self) -> None:
        """« Thales contrôle-t-il S3NS ? »: Thales and S3NS stand in what was announced too, and nothing else of the question."""
        owns = sentence("L’Usine Digitale dit S3NS entièrement contrôlée par Thales.", day="2022-06-30", name="owns")
        due = sentence("Thales prévoit que S3NS sera disponible au second semestre 2024.", day="2022-11", name="due")
        timeline = timeline_over(asked("Est-ce que Thales contrôle S3NS ?"), [owns, due])

        assert timeline.lead([owns])[0].text == owns.text

    def test_who_is_named_in_passing_is_head_when_it_is_published(self) -> None:
        old = sentence("Fin 2021, Scaleway avait Yann Lechelle pour dirigeant.", day="2023", name="old")
        new = sentence(
            "Le directeur général de Scaleway, Damien Lucas, y parlait de tout.", day="2026-08-25", name="new"
        )
        understood = asked("Qui est le patron de Scaleway ?")
        timeline = timeline_over(understood, [old, new])

        assert [choice.text for choice in timeline.lead([old, new])] == [new.text, old.text]

    @pytest.mark.parametrize(
        "question",
        [
            "Scaleway est-il qualifié SecNumCloud ?",
            "Oracle est-il qualifié SecNumCloud ?",
            "Is Oracle SecNumCloud qualified?",
        ],
    )
    def test_a_state_that_no_quote_tells_is_refused(self, ask: Callable[..., Answer], question: str) -> None:
        """However sure the reader, and whether or not a list of ours has the name: the others' states are no answer."""
        assert ask(question).refusal_reason == "not_in_corpus"

    def test_a_list_has_no_age_of_its_own(self, ask: Callable[..., Answer]) -> None:
        """Each of its quotes is from its own day."""
        answer = ask("Quels fournisseurs sont qualifiés SecNumCloud aujourd’hui ?")

        assert answer.known_at is None

    def test_a_past_fact_has_no_age_and_no_history(self, ask: Callable[..., Answer]) -> None:
        answer = ask("Qui possède S3NS ?")

        assert answer.known_at is None
        assert answer.history == ()


class TestPromises:
    def test_a_promise_is_passed_and_its_outcome_is_cited(self, ask: Callable[..., Answer]) -> None:
        answer = ask("S3NS est-il qualifié SecNumCloud ?")

        (promise,) = [p for p in answer.promises if cited(answer, p.citation) == "s3ns-ete"]
        assert (promise.passed, promise.last) == (True, date(2025, 9, 30))
        assert promise.outcome is not None
        assert cited(answer, promise.outcome) == "s3ns"
        assert "échéance passée à la date de la question" in answer.answer

    def test_no_article_tells_what_became_of_it(self, ask: Callable[..., Answer]) -> None:
        answer = ask("Quand NumSpot ouvrira-t-il sa plateforme souveraine ?")

        (promise,) = answer.promises
        assert (promise.passed, promise.outcome) == (True, None)
        assert "Échéance annoncée pour le second semestre 2023, passée à la date de la question" in answer.answer
        assert "aucun passage trouvé ne dit ce qu’il en est advenu" in answer.answer

    def test_what_is_kept_in_time_did_not_slip(self, assistant: Assistant) -> None:
        """Qualified on 17 December 2025, announced for the summer and for the end of that year."""
        late = sentence("S3NS vise la qualification SecNumCloud à l’été 2025.", day="2025-05-20", name="a")
        kept = sentence("S3NS compte obtenir la qualification SecNumCloud fin 2025.", day="2025-05-21", name="b")
        had = sentence("S3NS est qualifié SecNumCloud depuis le 17 décembre 2025.", day="2026-01-10", name="c")
        understood = asked("Quelles échéances S3NS a-t-il manquées ?")

        slipped = timeline_over(understood, [late, kept, had], "slipped").overview("slipped")
        assert [choice.text for choice in slipped] == [late.text]
        assert len(timeline_over(understood, [late, kept], "slipped").overview("slipped")) == 2

    def test_what_one_hopes_of_ones_own_is_ones_promise(self) -> None:
        """« Que le rapporteur doit entendre » is somebody else's."""
        own = sentence("Bleu espère que son cloud sera disponible en 2024.", day="2022-11-10", name="a")
        other = sentence("Bleu, que le rapporteur doit entendre en 2024, recrute.", day="2022-11-10", name="b")
        understood = asked("Quelles échéances Bleu a-t-il manquées ?")

        slipped = timeline_over(understood, [own, other], "slipped").overview("slipped")
        assert [choice.text for choice in slipped] == [own.text]

    @pytest.mark.parametrize("question", ["OVHcloud est-il passé à Bleu ?", "Quand OVHcloud passera-t-il à Bleu ?"])
    def test_what_was_given_up_leads_what_was_planned(self, question: str) -> None:
        planned = sentence("OVHcloud prévoit de passer à Bleu en septembre 2025.", day="2025-03-21", name="a")
        dropped = sentence("OVHcloud suspend son passage à Bleu, sans date de reprise.", day="2025-10-20", name="b")
        again = sentence("In October OVHcloud suspended its move to Bleu.", day="2025-12-01", name="c", language="en")
        beside = sentence("OVHcloud a renoncé, en passant par Bleu, à un marché.", day="2026-01-10", name="d")
        timeline = timeline_over(asked(question), [planned, dropped, again, beside])

        assert timeline.lead([planned])[0].text == dropped.text

    def test_not_passed_yet(self, ask: Callable[..., Answer]) -> None:
        answer = ask("Quand NumSpot ouvrira-t-il sa plateforme souveraine ?", today=date(2023, 1, 1))

        assert not answer.promises[0].passed
        assert "pas encore passée à la date de la question" in answer.answer


class TestSources:
    @pytest.mark.parametrize(
        ("other", "differs"),
        [
            ("Les fournisseurs français détiennent 22 % du marché du cloud souverain en 2024.", True),
            ("Les fournisseurs français détiennent plus de 30 % du marché du cloud souverain en 2024.", False),
            ("Les fournisseurs français détiennent 5 % du marché du cloud souverain en Allemagne en 2024.", False),
        ],
    )
    def test_figures_that_are_rounded_or_of_another_place_agree(self, other: str, differs: bool) -> None:
        first = sentence("Les fournisseurs français détiennent 31 % du marché du cloud souverain en 2024.", name="a")
        second = sentence(other, day="2026-03-20", name="b")
        understood = asked("Quelle part du marché du cloud souverain détiennent les fournisseurs français ?")
        timeline = timeline_over(understood, [first, second])
        statements = {statement.selected.text: statement for statement in timeline._statements}

        assert len(statements) == 2
        assert contradict(statements[first.text], statements[other]) is differs

    def test_sources_that_disagree_at_the_same_time(self, ask: Callable[..., Answer]) -> None:
        """Two figures for the same year within weeks stand side by side, each with its citation; neither supersedes."""
        answer = ask("Quelle part du marché du cloud souverain les fournisseurs français détiennent-ils ?")

        (found,) = answer.disagreements
        assert "part-a" in {cited(answer, n) for n in found.citations}
        assert len({cited(answer, n) for n in found.citations}) == len(found.citations) == 2
        assert answer.history == ()
        assert "Les sources ne concordent pas" in answer.answer

    @pytest.mark.parametrize(
        "question",
        [
            "Combien OVHcloud a-t-il dû payer à Bâti Courtage ?",
            "Quelle indemnité OVHcloud doit-il verser à Bâti Courtage ?",
            "How much did OVHcloud have to pay Bâti Courtage?",
        ],
    )
    def test_a_sum_that_a_court_changed(self, question: str) -> None:
        """In other words than the question's; the judgment that it changed is history, another's is none."""
        first = sentence(
            "OVHcloud conteste le jugement qui l’oblige à payer 101 172 euros à Bâti Courtage.",
            day="2023-03-10",
            name="a",
        )
        changed = sentence(
            "La cour d’appel a abaissé à 1 800,48 euros l’indemnité due par OVHcloud à Bâti Courtage.",
            day="2025-04-24",
            name="b",
        )
        other = sentence(
            "La cour d’appel a abaissé à 900 euros l’indemnité due par OVHcloud à Ziegler.", day="2025-06-01", name="c"
        )
        timeline = timeline_over(asked(question), [first, changed, other])

        assert timeline.lead([first])[0].text == changed.text

    def test_independent_sources_are_counted(self, ask: Callable[..., Answer]) -> None:
        """Three articles say 31 %, one of them word for word what another does: two sources."""
        answer = ask("Quelle part du marché du cloud souverain les fournisseurs français détiennent-ils ?")

        assert cited(answer, 1) in ("part-b", "part-c", "part-d")
        assert answer.sources_count == 2
        assert "Rapporté par deux sources indépendantes." in answer.answer


class TestStages:
    def test_a_stage_is_told_of_the_service(self, ask: Callable[..., Answer]) -> None:
        answer = ask("S3NS est-il qualifié SecNumCloud ?")

        stage = next(s for s in answer.stages if s.citation == 1)
        assert (stage.stage, stage.service, stage.holder) == ("qualified", "PREMI3NS", "S3NS")
        assert str(stage.expires) == "2028-12-17"
        assert "(calculé)" in answer.answer

    def test_a_question_about_something_else_gets_no_stage(self, ask: Callable[..., Answer]) -> None:
        assert ask("Qui possède S3NS ?").stages == ()


OVH = "OVHcloud a obtenu en janvier 2024 la qualification SecNumCloud en version 3.2 pour ses offres Hosted Private Cloud."
S3NS = "S3NS, filiale de Thales, a obtenu la qualification SecNumCloud 3.2 le 17 décembre 2025 pour son offre PREMI3NS."


@pytest.mark.parametrize(
    ("question", "quote", "told"),
    [
        ("Depuis quand OVHcloud a-t-il la version 3.2 de SecNumCloud ?", OVH, True),
        ("Depuis quand le Hosted Private Cloud d’OVHcloud est-il qualifié ?", OVH, True),
        ("Since when has OVHcloud been qualified?", OVH, True),
        ("Quand S3NS a-t-il obtenu la qualification SecNumCloud ?", S3NS, True),
        ("Depuis quand le Bare Metal Pod d’OVHcloud est-il qualifié ?", OVH, False),
        ("Depuis quand OVHcloud a-t-il la version 3.1 de SecNumCloud ?", OVH, False),
        ("Depuis quand Outscale est-il qualifié ?", OVH, False),
        ("Depuis quand Thales est-il qualifié SecNumCloud ?", S3NS, False),
        ("Quand la qualification de S3NS expire-t-elle ?", S3NS, True),
        ("Jusqu’à quand la qualification d’OVHcloud est-elle valable ?", OVH, True),
        ("When does OVHcloud’s SecNumCloud qualification expire?", OVH, True),
        ("Quand la licence de S3NS expire-t-elle ?", S3NS, False),
        ("Quand S3NS espère-t-il la qualification ?", S3NS, False),
        ("Depuis quand OVHcloud et S3NS sont-ils qualifiés ?", OVH, False),
        ("Depuis quand S3NS existe-t-il ?", S3NS, False),
        ("Qui est qualifié SecNumCloud ?", S3NS, False),
    ],
)
def test_the_day_since_which_one_is_qualified(question: str, quote: str, told: bool) -> None:
    """Whatever the reader makes of the wording: the sentence names that holder, has a day and says all that the question does."""
    assert timeline_over(asked(question), [sentence(quote)]).tells_state is told


def test_a_qualification_of_long_ago_is_told_as_one() -> None:
    """Three years after its day it held no longer, unless it was renewed; who is only the source is not spoken of."""
    long_ago = sentence("Cloud Temple est qualifié SecNumCloud pour son IaaS depuis 2022.", day="2026-02-16")
    timeline = timeline_over(asked("Cloud Temple est-il qualifié SecNumCloud ?"), [long_ago])

    found = timeline.state(long_ago)

    assert found is not None
    assert found[0] == "lapsed"


def test_who_is_only_the_source_is_not_how_things_stand() -> None:
    listed = sentence("Oodrive figure au plus haut niveau de SecNumCloud.", day="2026-01", name="listed", score=5.1)
    source = sentence(
        "Le référentiel SecNumCloud date de 2013, selon une page d’Oodrive.", day="2026-05-01", name="source"
    )
    timeline = timeline_over(asked("Oodrive est-il qualifié SecNumCloud aujourd’hui ?"), [listed, source])

    assert [choice.text for choice in timeline.lead([listed, source])] == [listed.text, source.text]


@pytest.mark.parametrize(
    ("question", "leads"),
    [
        ("Où en est le déménagement du Health Data Hub chez Scaleway ?", True),
        ("Le Health Data Hub a-t-il fini par quitter Azure ?", True),
        ("Quand le Health Data Hub quittera-t-il Azure ?", False),
    ],
)
def test_a_move_that_is_not_made_leads_what_was_planned(question: str, leads: bool) -> None:
    planned = sentence(
        "Le passage du Health Data Hub d’Azure chez Scaleway est prévu fin 2026.", day="2026-04-27", name="p"
    )
    still = sentence("La migration du Health Data Hub n’est toujours pas effective.", day="2026-08-25", name="s")
    timeline = timeline_over(asked(question), [planned, still])

    assert (timeline.lead([planned])[0].text == still.text) is leads


def test_of_two_days_that_of_the_version_asked_for_leads() -> None:
    newer = sentence("OVHcloud a obtenu en mars 2025 la qualification SecNumCloud pour son Bare Metal Pod.", name="b")
    timeline = timeline_over(
        asked("Depuis quand OVHcloud a-t-il la version 3.2 de SecNumCloud ?"), [newer, sentence(OVH)]
    )

    assert timeline.lead([newer])[0].text == OVH


def test_the_json_has_what_the_text_says(ask: Callable[..., Answer]) -> None:
    """Added keys, by the numbers of the citations, all of them JSON."""
    told = json.loads(json.dumps(answer_to_dict(ask("S3NS est-il qualifié SecNumCloud ?"))))

    assert told["known_at"] == "2025-12-19"
    assert [entry["said"] for entry in told["history"]] == ["2025-05-20"]
    assert told["stages"][0]["expires_calculated"] == "2028-12-17"
    assert {"citation", "first", "last", "passed", "outcome"} == set(told["promises"][0])
    assert told["disagreements"] == []
    assert told["sources_count"] == 1


def test_an_english_question_is_told_in_english(ask: Callable[..., Answer]) -> None:
    answer = ask("Is Bleu SecNumCloud qualified yet?")

    assert answer.answer.startswith("Not yet, according to the quote (as known in March 2026):")
    assert "What was said before, oldest first:" in answer.answer
    assert "; this date has passed" in answer.answer


def test_what_a_part_is_denied_of_is_no_yes_where_that_part_is_asked_about() -> None:
    quote = sentence("OVHcloud est qualifié pour son Hosted Private Cloud, mais ne l’est pas pour son cloud public.")

    assert timeline_over(asked("OVHcloud est-il qualifié ?"), [quote]).state(quote) is not None
    assert timeline_over(asked("Le cloud public d’OVHcloud est-il qualifié ?"), [quote]).state(quote) is None


def test_a_state_of_a_later_day_is_none_of_the_time_asked_about() -> None:
    quote = sentence("S3NS est qualifié SecNumCloud depuis le 17 décembre 2025.", day="2025-12-23")

    assert timeline_over(asked("S3NS est-il qualifié ?"), [quote]).state(quote) is not None
    assert timeline_over(asked("S3NS était-il qualifié en juin 2025 ?"), [quote]).state(quote) is None
