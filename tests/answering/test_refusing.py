"""Why there is no answer, and what is said instead."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from trusted_cloud_chat.answering.finding import Findings
from trusted_cloud_chat.answering.premise import denies_premise, says_opposite, takes_for_granted
from trusted_cloud_chat.answering.refusing import refusal_reason, refuse
from trusted_cloud_chat.answering.selection import rank_sentences
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.entities import load_entities
from trusted_cloud_chat.retrieval.ranking import load_weights
from trusted_cloud_chat.schema import Coverage, Passage
from trusted_cloud_chat.understanding import understand

ENTITIES = load_entities()
TODAY = date(2026, 11, 24)
COVERAGE = Coverage(1, 3, 3, None, None)
THRESHOLD = 0.5


def findings(question: str, passages: list[Passage], confidence: float, *, as_of: date | None = None) -> Findings:
    understood = understand(question, today=TODAY, as_of=as_of, entities=ENTITIES)
    ranked = rank_sentences(understood, passages, load_weights())
    return Findings(understood, tuple(passages), tuple(passages), ranked, confidence, 1)


def reason(question: str, passages: list[Passage], confidence: float = 0.2, *, later: bool = False, **kwargs: date):
    return refusal_reason(findings(question, passages, confidence, **kwargs), THRESHOLD, lambda: later)


class TestReason:
    def test_what_is_sure_enough_is_no_refusal(self, passages: list[Passage]) -> None:
        assert reason("Quand S3NS a-t-il été qualifié ?", passages, THRESHOLD) is None

    def test_a_detail_that_nobody_reports(self, passages: list[Passage]) -> None:
        assert reason("Combien S3NS emploie-t-il d’auditeurs ?", passages) == "not_in_corpus"

    def test_something_taken_for_granted(self, passages: list[Passage]) -> None:
        assert reason("Pourquoi Bleu a-t-il racheté S3NS ?", passages) == "false_premise"

    def test_what_one_passage_says_word_for_word_is_not_doubted(self, passages: list[Passage]) -> None:
        """It is only the reason that is missing."""
        assert reason("Pourquoi S3NS a-t-il obtenu la qualification SecNumCloud ?", passages) == "not_in_corpus"

    def test_later_articles_answer(self, passages: list[Passage]) -> None:
        """Only where the question has an `as_of`."""
        assert reason("Qui détient S3NS ?", passages, later=True, as_of=date(2024, 1, 1)) == "after_as_of"
        assert reason("Qui détient S3NS ?", passages, later=True) == "not_in_corpus"

    def test_nothing_near_and_nobody_known(self, passages: list[Passage]) -> None:
        far = [replace(passage, score=0.01) for passage in passages]

        assert reason("Comment cuire des carottes ?", far) == "out_of_domain"
        assert reason("Comment Bleu cuit-il ses carottes ?", far) != "out_of_domain"
        assert reason("Comment cuire des carottes ?", far, 0.45) == "out_of_domain"  # where others are answered
        assert reason("Comment cuire des carottes ?", far, 0.5) is None

    def test_as_near_as_questions_of_the_market_are(self, passages: list[Passage]) -> None:
        near = [replace(passage, score=0.3) for passage in passages]

        assert reason("Combien de salariés compte le secteur ?", near) == "not_in_corpus"


@pytest.mark.parametrize(
    ("question", "granted"),
    [
        ("Que doit faire l’ANSSI depuis que la Cour a annulé EMC2 ?", True),
        ("Which services of Bleu are covered now that it has lost its label?", True),
        ("Quand Bleu a-t-il racheté OVHcloud ?", True),
        ("Why did IBM drop its bid for Solvinity?", True),
        ("Depuis quand Outscale n’est-il plus qualifié ?", True),
        ("Comment OVHcloud a-t-il obtenu la version 3.2 avant Outscale ?", True),
        ("Combien coûte une machine virtuelle chez S3NS ?", False),
        ("Quel est le budget annuel de la DINUM ?", False),
        ("Quand sortira la version 4 ?", False),
        ("Comment obtient-on la qualification SecNumCloud ?", False),
        ("Comment Bleu répond à la santé et au crédit ?", False),
        ("Qui dirige Bleu ?", False),
    ],
)
def test_what_a_question_takes_for_granted(question: str, granted: bool) -> None:
    """A reason, a manner or a day of something that is said to have happened; not a detail that may exist."""
    assert takes_for_granted(understand(question, today=TODAY, entities=ENTITIES).query) is granted


@pytest.mark.parametrize(
    ("question", "quote", "denied"),
    [
        ("Quelle faute lourde la cour a-t-elle retenue ?", "Il a failli, mais sans commettre de faute lourde.", True),
        (
            "Pourquoi la certification suffit-elle ?",
            "Une simple certification ne suffit pas, disent des juristes.",
            True,
        ),
        ("In which month was EUCS adopted?", "EUCS is still not adopted.", True),
        ("Quelle faute lourde la cour a-t-elle retenue ?", "La cour a retenu une faute lourde.", False),
        ("Pourquoi la certification ne suffit-elle pas ?", "Une simple certification ne suffit pas.", False),
        (
            "Quelle est la doctrine « Cloud au centre » ?",
            "Office 365 ne respecte pas la doctrine « Cloud au centre ».",
            False,
        ),
        ("Quelle est la faute lourde retenue ?", "La cour juge sans retenir de faute lourde.", True),
        ("Quand a-t-il publié son guide de prévention ?", "Il n’a jamais publié de guide de prévention.", True),
        ("Qu’est-ce qui empêche la DINUM d’imposer ?", "La DINUM n’impose aucune stratégie.", False),
        ("La certification suffit-elle ?", "Une simple certification ne suffit pas.", False),
        ("Pourquoi Scaleway a-t-il quitté Gaia-X ?", "Scaleway ne renouvelait pas son adhésion à Gaia-X.", False),
        ("Quand les Länder ont-ils adhéré à Delos ?", "Les Länder ont refusé en 2024 d’adhérer à Delos.", True),
        ("Quand Kyndryl a-t-il bouclé l’acquisition de Solvinity ?", "L’État a interdit le rachat de Solvinity.", True),
        ("When did Kyndryl buy Solvinity?", "The government banned Kyndryl’s purchase outright.", True),
        ("Pourquoi l’État a-t-il interdit le rachat ?", "L’État a interdit le rachat de Solvinity.", False),
        ("Depuis quand Google est-il majoritaire dans S3NS ?", "Selon Clubic, Thales est majoritaire dans S3NS.", True),
        (
            "Depuis quand Thales est-il majoritaire dans S3NS ?",
            "Selon Clubic, Thales est majoritaire dans S3NS.",
            False,
        ),
        ("Depuis quand S3NS a-t-il un actionnaire majoritaire ?", "S3NS a Thales pour actionnaire majoritaire.", False),
        ("Pourquoi a-t-il refusé de suspendre EMC2 ?", "Le juge a refusé de suspendre EMC2.", False),
        ("Comment la loi est-elle appliquée ?", "La loi est appliquée par décret, sans attendre la directive.", False),
        ("Quelles données sont sensibles ?", "Rien n’est exigé pour les données qui ne sont pas sensibles.", False),
        ("Dans quels délais peut-on partir ?", "Un contrat n’empêche pas le client de partir.", False),
        (
            "Quand Bleu espère-t-il être qualifié ?",
            "Rien n’empêche de qualifier Bleu ; Bleu n’est pas qualifié.",
            False,
        ),
        ("What caused the fire in Strasbourg?", "L’enquête n’a pas permis d’établir la cause du sinistre.", False),
        ("How does a provider get qualified?", "A provider that waits is not qualified.", False),
        ("What did the ANSSI say about the obstacle?", "Aucun obstacle n’empêche une qualification.", False),
        ("À quelle date l’EUCS est-il entré en vigueur ?", "L’EUCS n’était toujours pas adopté en 2025.", True),
        ("When did Google take over?", "The state refused to sell it.", False),
        ("When did member states adopt EUCS?", "The EUCS, still not adopted, lost its High+ level.", True),
        ("Quand NIS2 est-elle entrée en vigueur ?", "NIS2 date de 2022, mais sa loi n’est pas adoptée.", False),
        ("When did NIS2 enter into force?", "Not adopted in France, NIS2 took effect in the EU in 2023.", False),
        ("Why did the state leave the board?", "Google went ahead without the help of the others.", False),
    ],
)
def test_a_quote_that_denies_what_is_taken_for_granted(question: str, quote: str, denied: bool) -> None:
    """Half of the words that are denied are the question's; to a yes or no it is an answer."""
    asked = understand(question, today=TODAY, entities=ENTITIES).query
    assert denies_premise(asked, quote, asked.language, ENTITIES) is denied


def test_what_is_denied_in_another_language_is_denied() -> None:
    asked = understand("What made the German Länder join Delos?", today=TODAY, entities=ENTITIES).query
    assert denies_premise(asked, "Les Länder ont refusé d’adhérer à Delos.", "fr", ENTITIES)
    assert not denies_premise(asked, "Les Länder ont refusé de payer Delos.", "fr", ENTITIES)
    owned = "Capgemini and Orange own 100% of Bleu, with Microsoft acting only as a supplier."
    for question, denied in (
        ("What share of Bleu did Microsoft acquire?", True),
        ("Comment Microsoft est-il monté au capital de Bleu ?", True),
        ("Who owns Bleu?", False),
        ("Qui sont les actionnaires de Bleu, et quel rôle y a Microsoft ?", False),
        ("Quelle part de Bleu Orange détient-il ?", False),
        ("Qui détient Bleu, Microsoft ou Orange ?", False),
        ("Pourquoi Microsoft n’est-il pas au capital de Bleu ?", False),
    ):
        query = understand(question, today=TODAY, entities=ENTITIES).query
        assert denies_premise(query, owned, "en", ENTITIES) is denied
    share = understand("What share of S3NS does Google own?", today=TODAY, entities=ENTITIES).query
    assert denies_premise(share, "S3NS is wholly owned by Thales.", "en", ENTITIES)
    owners = understand("Qui sont les actionnaires de S3NS ?", today=TODAY, entities=ENTITIES).query
    assert not denies_premise(owners, "S3NS est un fournisseur qui appartient entièrement à Thales.", "fr", ENTITIES)
    suspended = understand("Why did the court suspend EMC2?", today=TODAY, entities=ENTITIES).query
    assert denies_premise(suspended, "La cour a refusé en mars 2024 de suspendre l’autorisation.", "fr", ENTITIES)
    why = understand("Why is the public sector moving to Bleu?", today=TODAY, entities=ENTITIES).query
    assert not denies_premise(why, "L’État n’a pas d’offre publique équivalente.", "fr", ENTITIES)


@pytest.mark.parametrize(
    ("question", "quote", "opposite"),
    [
        ("Pourquoi l'ANSSI a-t-elle critiqué Bleu ?", "L’ANSSI avait réservé un accueil favorable à Bleu.", True),
        ("What made the Senate vote down the bill?", "Le Sénat a adopté le projet de loi en mars 2025.", True),
        ("On what grounds did the court strike down the DPF?", "Le Tribunal a écarté le 3 mai le recours.", True),
        ("Quels hébergeurs ont perdu leur qualification ?", "NumSpot doit encore décrocher la sienne.", True),
        ("Pourquoi Scaleway est-il revenu dans Gaia-X ?", "Scaleway a quitté Gaia-X en 2021.", True),
        ("Pourquoi les revenus d’OVHcloud montent-ils ?", "Des clients ont quitté AWS pour OVHcloud.", False),
        ("Why did the Senate adopt the bill?", "Le Sénat a adopté le projet de loi en mars 2025.", False),
        ("Which services went dark when Cloudflare failed?", "Cloudflare est tombé en panne, et X avec lui.", False),
        ("Quels hébergeurs ont perdu leur qualification ?", "NumSpot a perdu la sienne en mai.", False),
        ("L'ANSSI a-t-elle critiqué Bleu ?", "L’ANSSI avait réservé un accueil favorable à Bleu.", False),
        ("De combien la cour a-t-elle relevé l'indemnité ?", "La cour a abaissé l’indemnité à 1 800 euros.", True),
        ("De combien les juges ont-ils relevé l'indemnité ?", "La cour a abaissé l’indemnité à 1 800 euros.", True),
        ("De combien la cour a-t-elle réduit l'indemnité ?", "La cour a abaissé l’indemnité à 1 800 euros.", False),
        ("When did The Hague give Kyndryl the green light?", "La Haye a interdit le rachat par Kyndryl.", True),
        ("When did The Hague clear Kyndryl's purchase?", "La Haye a interdit le rachat par Kyndryl.", True),
        ("Which bidders were turned down?", "Le marché a été attribué à Scaleway et à Proximus.", True),
        ("Why was Bleu thought to be dropped?", "Bleu semblait abandonné, relève InformatiqueNews.", False),
        ("Which prices were dropped?", "OVHcloud a relevé ses prix de 10 %.", True),
        ("When did clear rules come?", "La Haye a interdit le rachat par Kyndryl.", False),
        (
            "Dans quels délais peut-on quitter son fournisseur ?",
            "Un délai est joint à ceux du client qui rejoint.",
            False,
        ),
        (
            "Quelle part de ses données EDF garde-t-il chez lui plutôt que dans un cloud externe ?",
            "EDF garde 80 % de ses données dans des hébergements internes.",
            False,
        ),
        (
            "Quelle part de ses données EDF garde-t-il chez lui, hors cloud externe ?",
            "EDF garde 80 % de ses données dans des hébergements internes.",
            False,
        ),
        ("Quel budget avait le site, celui qui a été abandonné ?", "Le budget prévu est de 6 millions.", False),
        ("Quelle part est dans un cloud externe ?", "Environ 80 % des données sont en interne.", True),
        ("Comment AWS ESC tient-il s'il perd ses liens ?", "AWS ESC peut fonctionner seul.", False),
    ],
)
def test_a_quote_that_says_the_opposite_of_what_is_taken_for_granted(question: str, quote: str, opposite: bool) -> None:
    asked = understand(question, today=TODAY, entities=ENTITIES).query
    assert says_opposite(asked, quote, "fr") is opposite


def test_a_false_premise_is_met_by_quotes_about_those_it_names(passages: list[Passage]) -> None:
    """Cited like an answer, and a refusal all the same."""
    found = findings("Pourquoi Bleu a-t-il racheté S3NS ?", passages, 0.2)

    answer = refuse("?", found, "false_premise", COVERAGE, ENTITIES)

    assert answer.refused
    assert answer.citations
    assert [s.citations for s in answer.sentences] == [(c.n,) for c in answer.citations]
    assert all(c.quote == c.article.text[c.start : c.end] and f"[{c.n}]" in answer.answer for c in answer.citations)
    assert all(
        "bleu" in about or "s3ns" in about
        for c in answer.citations
        for about in [f"{c.article.title} {c.quote}".lower()]
    )


def test_a_missing_detail_has_no_quotes(passages: list[Passage]) -> None:
    """What comes nearest is shown for the reader to judge, word for word beside its article and date, and cited for nothing."""
    found = findings("Combien S3NS emploie-t-il d’auditeurs ?", passages, 0.2)
    best = found.ranked[0]

    answer = refuse("?", found, "not_in_corpus", COVERAGE, ENTITIES)

    assert not answer.citations
    assert not answer.sentences
    (line,) = [line for line in answer.answer.splitlines() if line.startswith(f"- {best.passage.article.title} ")]
    assert line.replace("\u00a0", " ").endswith(f") : « {best.text} »")
    assert line.count("«") == 1


def test_what_comes_nearest_is_said_once_and_not_where_all_is_beside_the_point(passages: list[Passage]) -> None:
    found = findings("Pourquoi S3NS a-t-il racheté Bleu ?", passages, 0.2)
    denied = refuse("?", found, "false_premise", COVERAGE, ENTITIES)
    for citation in denied.citations:
        assert denied.answer.count(citation.quote) == 1

    foreign = refuse("?", found, "out_of_domain", COVERAGE, ENTITIES)
    assert found.ranked[0].passage.article.title in foreign.answer
    assert found.ranked[0].text not in foreign.answer


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Combien S3NS emploie-t-il d’auditeurs ?", "Ce qui manque : un passage qui donne le chiffre demandé."),
        ("Quand Whaller a-t-il été qualifié ?",
         "Ce qui manque : un passage qui donne la date demandée ; aucun des plus proches ne nomme « Whaller »."),
        ("Where does Whaller keep its data?",
         "What is missing: a passage that gives the place asked for; none of the nearest names “Whaller”."),
    ],
)  # fmt: skip
def test_a_refusal_says_what_is_missing(passages: list[Passage], question: str, words: str) -> None:
    """The kind of thing that is asked for, and the names that nothing near has."""
    answer = refuse("?", findings(question, passages, 0.2), "not_in_corpus", COVERAGE, ENTITIES)

    assert words in answer.answer.replace("\u00a0", " ")


def test_what_was_searched_is_counted(passages: list[Passage]) -> None:
    found = findings("Combien S3NS emploie-t-il d’auditeurs ?", passages, 0.2)
    for articles, words in ((1, "dans 1 article, en mars 2026."), (1204, "dans 1 204 articles, en mars 2026.")):
        covered = replace(COVERAGE, articles=articles, first=PartialDate(2026, 3), last=PartialDate(2026, 3))
        answer = refuse("?", found, "not_in_corpus", covered, ENTITIES)
        assert words.rstrip(".") in answer.answer.replace("\u00a0", " ")


def test_nothing_is_missing_of_what_the_corpus_is_not_about(passages: list[Passage]) -> None:
    answer = refuse("?", findings("Comment cuire des carottes ?", passages, 0.2), "out_of_domain", COVERAGE, ENTITIES)

    assert "Ce qui manque" not in answer.answer
