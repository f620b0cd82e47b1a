"""A sentence is proved by a passage when its figures, dates, names, negations and meaning are."""

from __future__ import annotations

from datetime import date

import pytest

from trusted_cloud_chat.chunking import chunk_article
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.entities import load_entities
from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.models.judge import Judge
from trusted_cloud_chat.particulars.facts import Facts, read_facts
from trusted_cloud_chat.schema import Article, Language, Passage
from trusted_cloud_chat.writing.drafts import Draft
from trusted_cloud_chat.writing.evidence import EvidenceBook
from trusted_cloud_chat.writing.verification import Verdict, verify

TODAY = date(2026, 11, 24)
ENTITIES = load_entities()


def _verify(said: str, embedder: Embedder, judge: Judge, *texts: str, of: Language = "fr") -> Verdict:
    passages = []
    for n, text in enumerate(texts):
        article = Article(f"a{n}", "v", "Titre", text, PartialDate(2026, 3, 12), language=of)
        passages.append(Passage(chunk_article(article, embedder.count_tokens, 200)[0], article, n + 1, 1.0, ()))
    draft = Draft(said, tuple(range(1, len(passages) + 1)))
    return verify(draft, "fr", EvidenceBook(passages, embedder, ENTITIES, judge, TODAY))


def _facts(text: str, language: Language = "fr") -> Facts:
    return read_facts(text, language, TODAY, ENTITIES)


LOST = (
    "OVHcloud a perdu 26 millions d’euros au premier semestre 2022, pour un chiffre d’affaires de 382 millions d’euros."
)
GRANTED = "L’ANSSI a accordé à PREMI3NS, l’offre de S3NS, la qualification SecNumCloud 3.2 le 17 décembre 2025."
PLANNED = "Bleu espère obtenir la qualification SecNumCloud en 2026."
NOT_YET = "Bleu n’a pas encore obtenu la qualification SecNumCloud."
MAY = "Microsoft peut garantir la confidentialité des données des clients français."
CREATED = "S3NS, société de droit français basée à Paris, a été créée par Thales, qui l’a annoncé le 30 juin 2022."
SHARES = "AWS concentrait 46 % des dépenses en 2021, Microsoft 17 % et Google 8 %."
SHARED = "Bleu associe Orange et Capgemini. L’entreprise a franchi le jalon J0 le 17 avril 2025."
UNDATED = "Bleu ouvre un centre d’opérations à Rennes."
DURATION = "La qualification SecNumCloud est valable trois ans."
DUTCH = "The Dutch government banned Kyndryl’s purchase of Solvinity at the end of May 2026."

CASES = [
    # figure, unit
    (LOST, "Au S1 2022, OVHcloud a subi une perte de 26 M€ pour 382 M€ de chiffre d’affaires.", ""),
    (LOST, "Une perte de vingt-six millions d’euros a été subie par OVH au premier semestre 2022.", ""),
    (LOST, "En 2022, OVHcloud a perdu 26 000 000 € sur un semestre, le premier.", ""),
    (LOST, "OVHcloud a perdu 28 millions d’euros au premier semestre 2022.", "figure"),
    (LOST, "OVHcloud a perdu 26 millions de dollars au premier semestre 2022.", "figure"),
    (LOST, "OVHcloud a perdu 26 % au premier semestre 2022.", "figure"),
    (DURATION, "La qualification SecNumCloud vaut pour 3 ans.", ""),
    (DURATION, "La qualification SecNumCloud est valable trois mois.", "figure"),
    (SHARES, "En 2021, 46 % des dépenses allaient à AWS, 17 % à Microsoft et 8 % à Google.", ""),
    (SHARES, "En 2021, AWS concentrait 17 % des dépenses, Microsoft 46 % et Google 8 %.", "exchanged"),
    ("Bleu associe Orange et Capgemini, à parts égales.", "Les deux groupes Orange et Capgemini sont associés à parts égales dans Bleu.", ""),
    # date
    (LOST, "OVHcloud a perdu 26 millions d’euros au second semestre 2022.", "date"),
    (LOST, "OVHcloud a perdu 26 millions d’euros en mars 2022.", "date"),
    (UNDATED, "En mars 2026, Bleu ouvre à Rennes un centre d’opérations.", ""),
    (UNDATED, "En mai 2026, Bleu ouvre à Rennes un centre d’opérations.", "date"),
    ("S3NS a annoncé sa qualification le 17 décembre.", "S3NS a annoncé sa qualification le 17 décembre 2019.", "date"),
    ("S3NS a annoncé sa qualification le 17 décembre.", "S3NS a annoncé sa qualification le 17 décembre 2025.", ""),
    # name
    (LOST, "Scaleway a perdu 26 millions d’euros au premier semestre 2022.", "name"),
    (SHARED, "Bleu a passé le jalon J0 le 17 avril 2025.", ""),
    (SHARED, "Scaleway a passé le jalon J0 le 17 avril 2025.", "name"),
    (SHARED, "Bleu a passé le jalon J1 le 17 avril 2025.", "name"),
    # negation, opposite, claim
    (LOST, "OVHcloud n’a pas perdu 26 millions d’euros au premier semestre 2022.", "negation"),
    (LOST, "OVHcloud a gagné 26 millions d’euros au premier semestre 2022.", "opposite"),
    (GRANTED, "PREMI3NS, l’offre de S3NS, est qualifiée SecNumCloud 3.2 depuis le 17 décembre 2025.", ""),
    (GRANTED, "PREMI3NS, l’offre de S3NS, n’est pas encore qualifiée SecNumCloud 3.2.", "negation"),
    (GRANTED, "L’ANSSI a rejeté la qualification SecNumCloud 3.2 de PREMI3NS le 17 décembre 2025.", "opposite"),
    (GRANTED, "L’ANSSI a suspendu la qualification SecNumCloud 3.2 de PREMI3NS le 17 décembre 2025.", "opposite"),
    (GRANTED, "L’ANSSI a reporté la qualification SecNumCloud 3.2 de PREMI3NS au 17 décembre 2025.", "claim"),
    (CREATED, "S3NS a été fondée par Thales, qui l’a annoncé le 30 juin 2022.", ""),
    (CREATED, "S3NS a été vendue par Thales, qui l’a annoncé le 30 juin 2022.", "claim"),
    (CREATED, "S3NS a été fermée par Thales, qui l’a annoncé le 30 juin 2022.", "opposite"),
    (CREATED, "S3NS a été créée par Thales, et ses clients sont satisfaits de ses tarifs avantageux.", "added"),
    (NOT_YET, "Bleu n’est pas encore qualifié SecNumCloud.", ""),
    (NOT_YET, "Bleu a obtenu la qualification SecNumCloud.", "negation"),
    (MAY, "Microsoft ne peut garantir la confidentialité des données des clients français.", "negation"),
    (MAY.replace("peut", "ne peut"), "Microsoft ne peut pas garantir la confidentialité des données des clients français.", ""),
    ("Scaleway n’a pas été retenu par la Commission européenne pour le marché de 180 millions d’euros.", "La Commission européenne a écarté Scaleway de son marché de 180 millions d’euros.", ""),
    ("La règle s’applique aux candidats à la qualification.", "La règle ne s’applique plus aux candidats à la qualification.", "negation"),
    ("Tous les services de l’offre sont qualifiés.", "Certains services de l’offre sont qualifiés.", "opposite"),
    ("Bleu et S3NS inquiètent l’Autorité de la concurrence.", "Bleu et S3NS rassurent l’Autorité de la concurrence.", "opposite"),
    # plan
    (PLANNED, "Bleu compte obtenir la qualification SecNumCloud en 2026.", ""),
    (PLANNED, "Bleu a obtenu la qualification SecNumCloud en 2026.", "plan"),
    # address, words in guillemets
    (CREATED, "S3NS a été créée par Thales (https://s3ns.example/payer).", "address"),
    (CREATED, "S3NS a été créée par Thales : 01 23 45 67 89.", "address"),
    (CREATED, "S3NS est une « société de droit français » basée à Paris, créée par Thales.", ""),
    (CREATED, "S3NS est une « société de droit allemand » basée à Paris, créée par Thales.", "words"),
    # meaning
    (LOST, "La Cour des comptes critique le coût du référentiel.", "meaning"),
]  # fmt: skip


@pytest.mark.parametrize(("quote", "said", "reason"), CASES)
def test_a_sentence_is_proved_or_told_why_not(
    quote: str, said: str, reason: str, embedder: Embedder, judge: Judge
) -> None:
    verdict = _verify(said, embedder, judge, quote)
    reasons = {each.split()[0] for each in verdict.reasons}
    assert reason in reasons if reason else not reasons
    assert (verdict.status == "proved") is not bool(reason)


@pytest.mark.parametrize(
    ("quote", "said"),
    [(LOST, "OVHcloud n’a pas perdu 26 millions d’euros au premier semestre 2022."), (MAY, "Microsoft ne peut pas garantir la confidentialité des données des clients français."),
        (SHARES, "En 2021, AWS concentrait 17 % des dépenses, Microsoft 46 % et Google 8 %.")],
)  # fmt: skip
def test_what_nearly_the_same_words_deny_is_contradicted(
    quote: str, said: str, embedder: Embedder, judge: Judge
) -> None:
    assert _verify(said, embedder, judge, quote).status == "contradicted"


@pytest.mark.parametrize(
    ("said", "stands"),
    [
        ("Fin mai 2026, le gouvernement néerlandais a interdit à Kyndryl d’acheter Solvinity.", True),
        ("Fin juin 2026, le gouvernement néerlandais a interdit à Kyndryl d’acheter Solvinity.", False),
        ("Fin mai 2026, le gouvernement néerlandais n’a pas interdit à Kyndryl d’acheter Solvinity.", False),
    ],
)
def test_an_english_quote_is_told_in_french(said: str, stands: bool, embedder: Embedder, judge: Judge) -> None:
    assert (_verify(said, embedder, judge, DUTCH, of="en").status == "proved") is stands


@pytest.mark.parametrize(
    ("said", "stands"),
    [
        ("The Dutch government banned Kyndryl’s purchase of Solvinity at the end of May 2026.", True),
        ("The Dutch government banned Kyndryl’s purchase of Solvinity at the end of June 2026.", False),
    ],
)
def test_a_sentence_is_read_in_its_own_language(said: str, stands: bool, embedder: Embedder, judge: Judge) -> None:
    """A model may write in the language of its passages, whatever the question's."""
    assert (_verify(said, embedder, judge, DUTCH, of="en").status == "proved") is stands


def test_no_passage_is_no_proof(embedder: Embedder, judge: Judge) -> None:
    verdict = _verify("Bleu est qualifié.", embedder, judge)
    assert (verdict.status, verdict.reason("fr")) == ("unproved", "aucun passage n’est cité, et aucun ne le dit")


@pytest.mark.parametrize("quote", [LOST, GRANTED, PLANNED, NOT_YET, MAY, CREATED, SHARES, UNDATED, DURATION])
def test_a_quote_proves_itself(quote: str, embedder: Embedder, judge: Judge) -> None:
    assert _verify(quote, embedder, judge, quote).status == "proved"


def test_what_is_missing_is_named(embedder: Embedder, judge: Judge) -> None:
    verdict = _verify("Scaleway a perdu 26 millions d’euros au premier semestre 2022.", embedder, judge, LOST)
    assert "scaleway" in verdict.reason("fr").lower() or verdict.status == "contradicted"


def test_a_figure_of_another_sentence_of_the_passage_does_not_count(embedder: Embedder, judge: Judge) -> None:
    text = f"{LOST} Scaleway emploie 544 salariés à Paris."
    said = "OVHcloud a perdu 544 millions d’euros au premier semestre 2022."
    assert _verify(said, embedder, judge, text).status != "proved"


LISTED = "Outscale, OVHcloud et S3NS sont qualifiés SecNumCloud, d’après la liste de l’ANSSI."


@pytest.mark.parametrize(
    ("quote", "said", "stands"),
    [
        (LISTED, "Trois prestataires sont qualifiés SecNumCloud, d’après l’ANSSI : Outscale, OVHcloud et S3NS.", True),
        (
            LISTED,
            "Quatre prestataires sont qualifiés SecNumCloud, d’après l’ANSSI : Outscale, OVHcloud et S3NS.",
            False,
        ),
        (LISTED, "Trois prestataires sont qualifiés SecNumCloud, d’après l’ANSSI : Outscale, Scaleway et S3NS.", False),
        (LISTED, "Trois prestataires sont qualifiés SecNumCloud, d’après l’ANSSI.", False),
        (f"{LISTED} Elle compte 3 noms.", "Trois noms, dont Outscale, sont sur la liste de l’ANSSI.", True),
    ],
)
def test_a_count_stands_in_the_passages_or_counts_what_the_sentence_names(
    quote: str, said: str, stands: bool, embedder: Embedder, judge: Judge
) -> None:
    verdict = _verify(said, embedder, judge, quote)
    assert (verdict.status == "proved") is stands, verdict
    assert stands or verdict.reasons[0].split()[0] in ("figure", "name")


def test_a_rank_counts_nothing() -> None:
    """« La seconde » names one of two that were told."""
    told = _facts("La seconde offre, au troisième étage, a quatre clients.").figures
    assert [(figure.value, figure.rank) for figure in told] == [(2, True), (3, True), (4, False)]


@pytest.mark.parametrize(
    ("text", "names"), [("Statut : qualifié", 0), ("Date de qualification : 2025", 0), ("Nextcloud : qualifié", 1), ("Bleu : qualifié", 1)]
)  # fmt: skip
def test_a_label_is_no_name(text: str, names: int) -> None:
    """The head of a column, or the first words of a list item."""
    assert len(_facts(text).names.keys) == names


@pytest.mark.parametrize(
    ("text", "language"),
    [("Enfin, elle a fermé.", "fr"), ("Puis tout a changé.", "fr"), ("Once granted, it lasts.", "en"), ("Meanwhile nothing moved.", "en")],
)  # fmt: skip
def test_a_word_that_opens_a_sentence_is_no_name(text: str, language: Language) -> None:
    assert not _facts(text, language).names.keys


def test_two_quotes_are_both_given(embedder: Embedder, judge: Judge) -> None:
    text = f"{LOST} Octave Klaba est redevenu PDG d’OVHcloud le 20 octobre 2025."
    said = "OVHcloud, qui avait perdu 26 M€ au premier semestre 2022, a de nouveau pour PDG Octave Klaba depuis octobre 2025."
    verdict = _verify(said, embedder, judge, text)
    assert (verdict.status, len(verdict.quotes)) == ("proved", 2)


@pytest.mark.parametrize(
    "text",
    [
        "Voici ce que disent les articles :", "**Calendrier**", "En résumé, voici les points à retenir.", "Here is what the articles say:",
        "Enfin, voici ce que disent les articles.", "Toutefois, une précision :", "Finally, here is what the sources say.",
    ],
)  # fmt: skip
def test_what_claims_nothing_passes_unmarked(text: str, embedder: Embedder, judge: Judge) -> None:
    assert _verify(text, embedder, judge, LOST).status == "connective"


@pytest.mark.parametrize(
    "text",
    [
        "**Bleu est qualifié en 2024**",
        "**26 millions de pertes en 2019**",
        "Bleu a été vendu :",
        "Enfin, Bleu l’a obtenue.",
    ],
)
def test_a_heading_that_claims_something_is_held_against_the_passages(
    text: str, embedder: Embedder, judge: Judge
) -> None:
    assert _verify(text, embedder, judge, LOST).status in ("unproved", "contradicted")


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("120\u202f000 services", "120000"), ("140,000 signatures", "140000"), ("15.000 entités", "15000"), ("14,3 %", "14.3%"),
        ("14.3 percent", "14.3%"), ("€7.8 billion", "7.8e+09euro"), ("7,8 milliards d’euros", "7.8e+09euro"),
        ("1,1 Md€", "1.1e+09euro"), ("5 million pounds", "5e+06pound"), ("1 800,48 euros", "1800.48euro"),
        ("la moitié des clients", "50%"), ("les quatre cinquièmes du catalogue", "80%"), ("une trentaine de clients", "30"), ("cent vingt mille services", "120000"),
        ("vingt et un services", "21"), ("quatre-vingt-dix-sept services", "97"), ("un million d’euros", "1e+06euro"),
    ],
)  # fmt: skip
def test_figures_in_one_form(text: str, figure: str) -> None:
    read = _facts(text).figures
    assert [f"{f.value:g}" + f.unit for f in read] == [figure] or [f"{f.value}{f.unit}" for f in read] == [figure]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("le 17/12/2025", "2025-12-17", "2025-12-17"), ("le 30 juin", "2026-06-30", "2026-06-30"),
        ("on 29 November", "2026-11-29", "2026-11-29"), ("en juin", "2026-06-01", "2026-06-30"),
        ("en 2024.", "2024-01-01", "2024-12-31"), ("au deuxième semestre 2024", "2024-07-01", "2024-12-31"),
        ("in the summer of 2026", "2026-06-01", "2026-09-30"),
    ],
)  # fmt: skip
def test_dates_in_one_form(text: str, first: str, last: str) -> None:
    facts = _facts(text)
    assert [(str(moment.first), str(moment.last)) for moment in facts.moments] == [(first, last)]
    assert facts.figures == ()
