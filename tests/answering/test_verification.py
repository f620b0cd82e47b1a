"""A sentence stands by a quote when its figures, dates, names, negations and meaning do."""

from __future__ import annotations

from datetime import date

import pytest

from trusted_cloud_chat.answering.evidence import EvidenceBook
from trusted_cloud_chat.answering.figures import read_figures
from trusted_cloud_chat.answering.spelt import spell_out
from trusted_cloud_chat.answering.verification import Verdict, verify
from trusted_cloud_chat.chunking import chunk_article
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.entities import load_entities
from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.schema import Article, Language, Passage

TODAY = date(2026, 11, 24)
ENTITIES = load_entities()


def _verify(said: str, embedder: Embedder, *texts: str, language: Language = "fr", of: Language = "fr") -> Verdict:
    passages = []
    for n, text in enumerate(texts):
        article = Article(f"a{n}", "v", "Titre", text, PartialDate(2026, 3, 12), language=of)
        passages.append(Passage(chunk_article(article, embedder.count_tokens, 200)[0], article, n + 1, 1.0, ()))
    return verify(said, language, range(len(passages)), EvidenceBook(passages, embedder, ENTITIES, TODAY))


QUOTE = (
    "OVHcloud a perdu 26 millions d’euros au premier semestre 2022, pour un chiffre d’affaires de 382 millions d’euros."
)


@pytest.mark.parametrize(
    "said",
    [
        "Au S1 2022, OVHcloud a subi une perte de 26 M€ pour 382 M€ de chiffre d’affaires.",
        "Une perte de vingt-six millions d’euros a été subie par OVH au premier semestre 2022.",
        "En 2022, OVHcloud a perdu 26 000 000 € sur un semestre, le premier.",
    ],
)
def test_other_forms_of_the_same_figures_stand(said: str, embedder: Embedder) -> None:
    assert _verify(said, embedder, QUOTE).reasons == ()


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("OVHcloud a perdu 28 millions d’euros au premier semestre 2022.", "figure 2.8e+07euro"),
        ("OVHcloud a perdu 26 millions de dollars au premier semestre 2022.", "figure 2.6e+07dollar"),
        ("OVHcloud a perdu 26 % au premier semestre 2022.", "figure 26%"),
        ("OVHcloud a perdu 26 millions d’euros au second semestre 2022.", "date 2022-07-01/2022-12-31"),
        ("OVHcloud a perdu 26 millions d’euros en mars 2022.", "date 2022-03-01/2022-03-31"),
        ("Scaleway a perdu 26 millions d’euros au premier semestre 2022.", "name scaleway"),
        ("OVHcloud n’a pas perdu 26 millions d’euros au premier semestre 2022.", "negation"),
        ("OVHcloud a gagné 26 millions d’euros au premier semestre 2022.", "opposite"),
        ("OVHcloud n’a pas encore perdu 26 millions d’euros au premier semestre 2022.", "negation"),
        ("La perte d’OVHcloud atteint -25 millions d’euros au premier semestre 2022.", "figure 2.5e+07euro"),
        ("La Cour des comptes critique le coût du référentiel.", "meaning"),
    ],
)
def test_what_is_changed_is_named(said: str, reason: str, embedder: Embedder) -> None:
    verdict = _verify(said, embedder, QUOTE)
    assert not verdict.supported
    assert reason in verdict.reasons


def test_no_passage_is_no_support(embedder: Embedder) -> None:
    assert verify("Bleu est qualifié.", "fr", [], EvidenceBook([], embedder, ENTITIES, TODAY)).reasons == ("citation",)


def test_a_figure_of_another_sentence_of_the_passage_does_not_count(embedder: Embedder) -> None:
    text = f"{QUOTE} Scaleway emploie 544 salariés à Paris."
    assert not _verify("OVHcloud a perdu 544 millions d’euros au premier semestre 2022.", embedder, text).supported
    assert not _verify(
        "OVHcloud a perdu 26 millions d’euros au premier semestre 2022 à Paris.", embedder, text
    ).supported


def test_two_quotes_are_both_given(embedder: Embedder) -> None:
    text = f"{QUOTE} Octave Klaba est redevenu PDG d’OVHcloud le 20 octobre 2025."
    said = "OVHcloud, qui avait perdu 26 M€ au premier semestre 2022, a de nouveau pour PDG Octave Klaba depuis octobre 2025."
    verdict = _verify(said, embedder, text)
    assert verdict.supported
    assert len(verdict.quotes) == 2


def test_a_pronoun_is_made_whole_from_the_sentence_before(embedder: Embedder) -> None:
    text = "Bleu associe Orange et Capgemini. L’entreprise a franchi le jalon J0 le 17 avril 2025."
    assert _verify("Bleu a passé le jalon J0 le 17 avril 2025.", embedder, text).supported
    assert not _verify("Scaleway a passé le jalon J0 le 17 avril 2025.", embedder, text).supported


def test_a_plan_is_not_a_fact(embedder: Embedder) -> None:
    text = "Bleu espère obtenir la qualification SecNumCloud en 2026."
    assert (
        "plan"
        in _verify("Bleu a ouvert ses services en 2026.", embedder, "Bleu espère ouvrir ses services en 2026.").reasons
    )
    assert not _verify("Bleu a obtenu la qualification SecNumCloud en 2026.", embedder, text).supported
    assert _verify("Bleu compte obtenir la qualification SecNumCloud en 2026.", embedder, text).supported


@pytest.mark.parametrize(
    ("quote", "said", "stands"),
    [
        ("Tous les services de l’offre sont qualifiés.", "Certains services de l’offre sont qualifiés.", False),
        ("Certains services de l’offre sont qualifiés.", "Tous les services de l’offre sont qualifiés.", False),
        ("Tous les services de l’offre sont qualifiés.", "Les services de l’offre sont tous qualifiés.", True),
        ("L’ensemble des services est qualifié.", "Tous les services sont qualifiés.", True),
    ],
)
def test_some_are_not_all(quote: str, said: str, stands: bool, embedder: Embedder) -> None:
    assert _verify(said, embedder, quote).supported is stands


OBTAINED = "S3NS a obtenu la qualification SecNumCloud 3.2 le 17 décembre 2025 pour son offre PREMI3NS."
NOT_YET = "Bleu n’a pas encore obtenu la qualification SecNumCloud."
MAY = "Microsoft peut garantir la confidentialité des données des clients français."


@pytest.mark.parametrize(
    ("quote", "said", "stands"),
    [
        (OBTAINED, "S3NS est qualifié SecNumCloud 3.2 depuis le 17 décembre 2025.", True),
        (OBTAINED, "S3NS n’est pas encore qualifié SecNumCloud 3.2.", False),
        (OBTAINED, "S3NS a renoncé à la qualification SecNumCloud 3.2 le 17 décembre 2025.", False),
        (OBTAINED, "S3NS a perdu la qualification SecNumCloud 3.2 le 17 décembre 2025.", False),
        (OBTAINED, "Le 17 décembre 2025, S3NS a déposé sa demande de qualification SecNumCloud 3.2.", False),
        (NOT_YET, "Bleu n’est pas encore qualifié SecNumCloud.", True),
        (NOT_YET, "Bleu a obtenu la qualification SecNumCloud.", False),
        (NOT_YET, "Bleu est qualifié SecNumCloud.", False),
        (MAY, "Microsoft ne peut garantir la confidentialité des données des clients français.", False),
        (MAY.replace("peut", "ne peut"), "Microsoft ne peut pas garantir la confidentialité des données des clients français.", True),
        ("La règle s’applique aux candidats à la qualification.", "La règle ne s’applique plus aux candidats à la qualification.", False),
        ("La qualification SecNumCloud est valable trois ans.", "La qualification SecNumCloud est valable trois mois.", False),
        ("La qualification SecNumCloud est valable trois ans.", "La qualification SecNumCloud vaut pour 3 ans.", True),
        ("Le parcours dure de 12 à 18 mois, selon Advens.", "Le parcours dure 12-18 mois, selon Advens.", True),
        ("S3NS a annoncé sa qualification le 17 décembre.", "S3NS a annoncé sa qualification le 17 décembre 2019.", False),
        ("S3NS a annoncé sa qualification le 17 décembre.", "S3NS a annoncé sa qualification le 17 décembre 2025.", True),
        ("Le nombre de clients de Scaleway a doublé.", "Le nombre de clients de Scaleway a triplé.", False),
        ("OVHcloud est le deuxième prestataire qualifié.", "OVHcloud est le premier prestataire qualifié.", False),
        ("Bleu vise la qualification SecNumCloud fin 2026.", "Bleu obtient la qualification SecNumCloud fin 2026.", False),
    ],
)  # fmt: skip
def test_what_is_denied_undone_or_still_to_come(quote: str, said: str, stands: bool, embedder: Embedder) -> None:
    assert _verify(said, embedder, quote).supported == stands


GRANTED = "L’ANSSI a accordé à PREMI3NS la qualification SecNumCloud 3.2 le 17 décembre 2025."
CREATED = "S3NS, société de droit français basée à Paris, a été créée par Thales, qui l’a annoncé le 30 juin 2022."
AGREED = "La CNIL a autorisé le Health Data Hub à conserver ses données chez Microsoft pour trois ans."


@pytest.mark.parametrize(
    ("quote", "said", "stands"),
    [
        (GRANTED, "Le 17 décembre 2025, PREMI3NS a reçu de l’ANSSI la qualification SecNumCloud 3.2.", True),
        (GRANTED, "L’ANSSI a rejeté la qualification SecNumCloud 3.2 de PREMI3NS le 17 décembre 2025.", False),
        (GRANTED, "L’ANSSI a retiré à PREMI3NS la qualification SecNumCloud 3.2 le 17 décembre 2025.", False),
        (GRANTED, "L’ANSSI a suspendu la qualification SecNumCloud 3.2 de PREMI3NS le 17 décembre 2025.", False),
        (GRANTED, "L’ANSSI a reporté la qualification SecNumCloud 3.2 de PREMI3NS au 17 décembre 2025.", False),
        (GRANTED, "L’ANSSI pourrait accorder à PREMI3NS la qualification SecNumCloud 3.2 le 17 décembre 2025.", False),
        (CREATED, "S3NS a été fondée par Thales, qui l’a annoncé le 30 juin 2022.", True),
        (CREATED, "S3NS a été vendue par Thales, qui l’a annoncé le 30 juin 2022.", False),
        (CREATED, "S3NS a été fermée par Thales, qui l’a annoncé le 30 juin 2022.", False),
        (CREATED, "S3NS est la meilleure société de droit français basée à Paris créée par Thales.", False),
        (CREATED, "S3NS a été créée par Thales, et ses clients sont satisfaits de ses tarifs avantageux.", False),
        (AGREED, "Pour trois ans, la CNIL permet au Health Data Hub de garder ses données chez Microsoft.", True),
        (AGREED, "La CNIL a mis en demeure le Health Data Hub de conserver ses données chez Microsoft pour trois ans.", False),
        ("Scaleway n’a pas été retenu par la Commission européenne pour le marché de 180 millions d’euros.", "La Commission européenne a écarté Scaleway de son marché de 180 millions d’euros.", True),
        ("Bleu et S3NS inquiètent l’Autorité de la concurrence.", "Bleu et S3NS rassurent l’Autorité de la concurrence.", False),
        ("Une entité extra-européenne ne peut posséder plus de 24 % du capital.", "Une entité européenne ne peut posséder plus de 24 % du capital.", False),
        ("Le référentiel interdit à une entité extra-européenne de posséder plus de 24 % du capital.", "Aucune entité extra-européenne ne peut posséder plus de 24 % du capital, selon le référentiel.", True),
        ("La qualification ne relève ni d’un choix politique ni de l’arbitraire.", "La qualification n’est pas un choix politique.", True),
        ("La qualification ne relève ni d’un choix politique ni de l’arbitraire.", "La qualification relève d’un choix politique.", False),
    ],
)  # fmt: skip
def test_one_word_may_turn_a_copy_round(quote: str, said: str, stands: bool, embedder: Embedder) -> None:
    assert _verify(said, embedder, quote).supported == stands


@pytest.mark.parametrize(
    ("added", "stands"),
    [
        ("", True),
        (" (https://s3ns.example/payer)", False),
        (", sur www.s3ns-payer.tk", False),
        (" : contact@s3ns.io", False),
        (" : 01 23 45 67 89", False),
        (" : +33 (0)1 23 45 67 89", False),
        (", selon s3ns-offre.com", False),
    ],
)
def test_an_address_must_stand_in_a_quote(added: str, stands: bool, embedder: Embedder) -> None:
    assert _verify(f"S3NS a été créée par Thales{added}.", embedder, CREATED).supported == stands


def test_an_address_of_the_quote_stands(embedder: Embedder) -> None:
    quote = "S3NS publie ses tarifs sur www.s3ns.io/tarifs et répond au 01.23.45.67.89."
    assert _verify("Les tarifs de S3NS sont publiés sur https://s3ns.io/tarifs.", embedder, quote).supported
    assert "address 01 23 45 67 80" in _verify("S3NS répond au 01 23 45 67 80.", embedder, quote).reasons


@pytest.mark.parametrize(
    ("said", "stands"),
    [
        ("L’Usine Digitale parle d’une société «\u00a0Entièrement contrôlée\u00a0» par Thales.", True),
        ("L’Usine Digitale juge S3NS « entièrement contrôlé » par Thales.", True),
        ("L’Usine Digitale parle d’une “société […] contrôlée” par Thales.", True),
        ("L’Usine Digitale parle d’une société « largement contrôlée » par Thales.", False),
        ("L’Usine Digitale parle d’une société « contrôlée entièrement » par Thales.", False),
    ],
)
def test_words_in_guillemets_are_the_quotes(said: str, stands: bool, embedder: Embedder) -> None:
    quote = "L’Usine Digitale parle de S3NS comme d’une société entièrement contrôlée par Thales."
    assert _verify(said, embedder, quote).supported == stands


@pytest.mark.parametrize(
    ("said", "stands"),
    [
        ("En 2021, 46 % des dépenses allaient à AWS, 17 % à Microsoft et 8 % à Google.", True),
        ("En 2021, AWS concentrait 17 % des dépenses, Microsoft 46 % et Google 8 %.", False),
        ("En 2021, 8 % des dépenses allaient à AWS, 46 % à Microsoft et 17 % à Google.", False),
    ],
)
def test_figures_keep_to_their_names(said: str, stands: bool, embedder: Embedder) -> None:
    quote = "AWS concentrait 46 % des dépenses en 2021, Microsoft 17 % et Google 8 %."
    verdict = _verify(said, embedder, quote)
    assert verdict.supported == stands
    assert ("exchanged" in verdict.reasons) != stands


OWNER = (
    "OurNewsTech décrit Thales comme l’actionnaire majoritaire de S3NS, tandis que L’Usine Digitale parle d’une société "
    "« entièrement contrôlée » par Thales."
)


@pytest.mark.parametrize(
    ("quote", "said", "stands"),
    [
        (OWNER, "S3NS appartient à Thales.", True),
        (OWNER, "S3NS est détenue par Thales.", True),
        (OWNER, "C’est Thales qui détient S3NS.", True),
        (OWNER, "S3NS est une filiale de Thales.", True),
        (OWNER, "S3NS détient Thales.", False),
        (OWNER, "Thales est une filiale de S3NS.", False),
        (OWNER, "S3NS appartient à Google.", False),
        (OWNER, "Thales ne détient pas S3NS.", False),
        ("La société PSN appartient à TIM pour 45 %, à Leonardo pour 25 %.", "TIM contrôle PSN.", False),
        ("S3NS, que contrôle Thales, recrute à Paris.", "Thales possède S3NS, qui recrute à Paris.", True),
    ],
)
def test_an_owner_is_told_in_other_words(quote: str, said: str, stands: bool, embedder: Embedder) -> None:
    assert _verify(said, embedder, quote).supported == stands


def test_an_english_quote_is_told_in_french(embedder: Embedder) -> None:
    quote = "The Dutch government banned Kyndryl’s purchase of Solvinity at the end of May 2026."
    right = "Fin mai 2026, le gouvernement néerlandais a interdit à Kyndryl d’acheter Solvinity."
    assert _verify(right, embedder, quote, of="en").reasons == ()
    assert not _verify(right.replace("néerlandais", "allemand"), embedder, quote, of="en").supported
    assert not _verify(right.replace("a interdit", "n’a pas interdit"), embedder, quote, of="en").supported


def test_the_articles_own_date_counts_where_the_quote_has_none(embedder: Embedder) -> None:
    text = "Bleu ouvre un centre d’opérations à Rennes."
    assert _verify("En mars 2026, Bleu ouvre à Rennes un centre d’opérations.", embedder, text).supported
    assert not _verify("En mai 2026, Bleu ouvre à Rennes un centre d’opérations.", embedder, text).supported


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("120 000 services", 120_000, ""),
        ("120\u202f000 services", 120_000, ""),
        ("140,000 signatures", 140_000, ""),
        ("15.000 entités", 15_000, ""),
        ("14,3 %", 14.3, "%"),
        ("14.3 percent", 14.3, "%"),
        ("€7.8 billion", 7.8e9, "euro"),
        ("7,8 milliards d’euros", 7.8e9, "euro"),
        ("1,1 Md€", 1.1e9, "euro"),
        ("6,2 M€", 6.2e6, "euro"),
        ("5 million pounds", 5e6, "pound"),
        ("1 800,48 euros", 1800.48, "euro"),
        ("la moitié des clients", 50, "%"),
        ("un tiers du capital", 33.33, "%"),
        ("une trentaine de clients", 30, ""),
        ("cent vingt mille services", 120_000, ""),
    ],
)
def test_figures_in_one_form(text: str, value: float, unit: str) -> None:
    (figure,) = read_figures(text, TODAY).figures
    assert (figure.value, figure.unit) == (pytest.approx(value), unit)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("le 17 décembre 2025", "2025-12-17", "2025-12-17"),
        ("le 17/12/2025", "2025-12-17", "2025-12-17"),
        ("le 30 juin", "2026-06-30", "2026-06-30"),
        ("on 29 November", "2026-11-29", "2026-11-29"),
        ("en juin", "2026-06-01", "2026-06-30"),
        ("on 17 December 2025,", "2025-12-17", "2025-12-17"),
        ("en 2024.", "2024-01-01", "2024-12-31"),
        ("avant la fin de 2026", "2026-10-01", "2026-12-31"),
        ("au deuxième semestre 2024", "2024-07-01", "2024-12-31"),
        ("in the first quarter of 2026", "2026-01-01", "2026-03-31"),
        ("in the summer of 2026", "2026-06-01", "2026-09-30"),
    ],
)
def test_dates_in_one_form(text: str, first: str, last: str) -> None:
    stated = read_figures(text, TODAY)
    assert [(str(m.first), str(m.last)) for m in stated.moments] == [(first, last)]
    assert stated.figures == ()


def test_somebody_else_is_no_third() -> None:
    assert read_figures("L’hébergement est confié à un tiers de confiance, ou à un tiers.", TODAY).figures == ()


@pytest.mark.parametrize(
    ("words", "digits"),
    [("vingt et un", "21"), ("quatre-vingt-dix-sept", "97"), ("deux mille", "2000"), ("twenty-two", "22"),
     ("one hundred and twenty thousand", "120000"), ("un cloud", "un cloud"), ("pour cent", "pour cent")],
)  # fmt: skip
def test_number_words(words: str, digits: str) -> None:
    assert spell_out(words) == digits
