"""Quotes that begin with a pronoun get their subject."""

from __future__ import annotations

import pytest
from quotes import ENTITIES, sentence

from trusted_cloud_chat.answering.forms.subjects import quote_of, without_subject


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("OVHcloud recrute. Il vise une qualification.", "Il [OVHcloud] vise une qualification."),
        ("La procédure de l’ANSSI s’impose à OVHcloud. L’hébergeur s’y plie.", "L’hébergeur [OVHcloud] s’y plie."),
        ("Scaleway recrute à Paris. L'entreprise ouvre un site.", "L'entreprise [Scaleway] ouvre un site."),
    ],
)
def test_the_one_name_of_the_sentence_before_stands_in_brackets(text: str, shown: str) -> None:
    """The citation stays the article's own words."""
    quote = quote_of(sentence(text), ENTITIES)

    assert quote.text == shown
    assert without_subject(quote.text) == quote.article.text[quote.span.start : quote.span.end]


def test_the_title_names_the_subject_of_a_first_sentence() -> None:
    assert (
        quote_of(sentence("L’opérateur vise 2026.", title="Bleu avance"), ENTITIES).text
        == "L’opérateur [Bleu] vise 2026."
    )


@pytest.mark.parametrize(
    "text",
    [
        "Thales et Scaleway signent un accord. L’entreprise ouvre un site.",
        "Un accord lie Thales à un groupe allemand. Il court sur dix ans.",
        "Scaleway a nommé Jeanne Martin. Elle vient de Lyon.",
        "OVHcloud a signé avec l’UGAP. Ce contrat court jusqu’en 2027.",
        "Thales aurait 92 % de S3NS. Cette répartition du capital est avancée par un dossier.",
        "Bleu prépare son dossier. Il sera déposé en mars.",
        "S3NS a reçu une qualification. Elle expire en décembre 2028.",
        "OVHcloud publie ses comptes. Ses pertes se réduisent.",
        "Trois fournisseurs répondent. Ils attendent une décision.",
        "La DINUM publie un vade-mecum. D’après ce document, l’article 31 vise le cloud commercial.",
        "Dassault Aviation signe avec Bleu. Au moment de cette signature, rien n’est qualifié.",
        "Quatre sources décrivent le chantier. Two of them expect it to end in 2026.",
        "Outscale a obtenu la version 3.2 fin 2023. OVHcloud a suivi en janvier 2024.",
        "L’étude porte sur 2021. Les dépenses allaient alors à AWS pour 46 %.",
        "OVHcloud lance une filiale américaine. La filiale aura son siège en Virginie.",
        "OVHcloud rachète un spécialiste lyonnais du stockage. L’entreprise compte quarante salariés.",
        "S3NS change de patron. Il a passé dix ans chez Thales.",
        "Quatre-vingt-dix partenaires participent. Selon GCTI, certains se trouvent dans cinq autres États.",
        "La grille est controversée. Certains la jugent claire, d’autres la trouvent opaque.",
        "La liste comprend AWS et Oracle. Deux noms s’y ajoutent, SAP et Cisco.",
        "La liste comprend AWS et Oracle. S’y ajoutent SAP et Cisco.",
        "Deux fournisseurs répondent. Les autres attendent.",
        "La Cour a écarté la demande. Saisie en référé, elle a considéré que rien ne pressait.",
        "La souveraineté a trois critères. Le premier est l’immunité au droit étranger.",
        "Trente clients sont engagés. Parmi eux se trouvent Matmut et AGPM.",
        "Bleu et S3NS sont candidats. Ces derniers visent 2026.",
        "Bleu et S3NS sont candidats. Les deux sont français.",
        "Ten providers answered. Some are French.",
    ],
)
def test_where_no_single_name_fits_the_quote_begins_a_sentence_earlier(text: str) -> None:
    assert quote_of(sentence(text), ENTITIES).text == text


@pytest.mark.parametrize(
    "said",
    [
        "Il faut trois ans pour aboutir.",
        "Il n’existe aucune liste officielle.",
        "Il a fallu trois ans pour aboutir.",
        "Il était prévu que la migration finisse en mai.",
        "It took three years to get there.",
        "L’opérateur Orange vise 2026.",
        "La société commune d’Orange vise 2026.",
        "Ce n’est pas un détail.",
        "Cette hausse d’avril 2023 visait un alignement.",
        "Selon cette étude de 2021, AWS domine.",
        "Bleu, alors que S3NS attend, vise 2026.",
        "En 2021, les dépenses allaient alors à AWS.",
        "Bleu vise 2026.",
        "Certains clients attendent.",
        "Certains documents existent.",
        "Les autres fournisseurs attendent.",
        "Le premier ministre a signé.",
        "Les deux audits sont finis.",
        "Parmi les clients figure Matmut.",
        "Some customers are French.",
    ],
)
def test_a_quote_that_explains_itself_stays_as_it_is(said: str) -> None:
    assert quote_of(sentence(f"OVHcloud publie ses comptes. {said}"), ENTITIES).text == said


def test_where_it_was_read_is_no_subject() -> None:
    """« Cet outil » is the one of the sentence before that one."""
    text = (
        "L’Assistant est ouvert à tous. L’information figure dans un dossier de 2026. Cet outil est fondé sur Mistral."
    )

    assert quote_of(sentence(text), ENTITIES).text == text


def test_a_quote_never_grows_beyond_what_a_reader_takes_in() -> None:
    long = "Le rapport " + "très " * 60 + "long paraît."

    assert (
        quote_of(sentence(f"{long} Ce contrat court jusqu’en 2027."), ENTITIES).text
        == "Ce contrat court jusqu’en 2027."
    )
