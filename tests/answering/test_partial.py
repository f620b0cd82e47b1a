"""What an answer leaves open."""

from __future__ import annotations

from datetime import date

import pytest

from trusted_cloud_chat.answering.partial import about_others, missing_note, missing_parts, tells_of_another
from trusted_cloud_chat.entities import load_entities
from trusted_cloud_chat.schema import Answer, Article, Citation, Language
from trusted_cloud_chat.understanding import understand

ENTITIES = load_entities()


def missing(question: str, *quotes: str) -> tuple[str, ...]:
    understood = understand(question, today=date(2026, 11, 24), entities=ENTITIES)
    citations = [
        Citation(n, Article(f"a{n}", "v", "Titre", quote, None), 0, len(quote)) for n, quote in enumerate(quotes, 1)
    ]
    return missing_parts(understood, citations, ENTITIES)


@pytest.mark.parametrize(
    ("question", "quote", "parts"),
    [
        ("Quand Bleu a-t-il franchi J0 ?", "Bleu a franchi le jalon J0 le 17 avril 2025.", ()),
        ("Quand Bleu a-t-il franchi J0 ?", "Bleu a franchi le jalon J0.", ("la date",)),
        ("Combien Bleu compte-t-il de salariés ?", "Bleu emploie des ingénieurs à Rennes.", ("le chiffre demandé",)),
        ("Pourquoi la hausse des prix d’OVHcloud ?", "OVHcloud invoque le coût de l’énergie.", ()),
        ("De combien OVHcloud a-t-il augmenté ses prix ?", "OVHcloud a augmenté ses tarifs de 10 %.", ()),
        ("Who was first to be qualified?", "Outscale avait été le premier opérateur qualifié.", ()),
        ("Quand et par qui S3NS a-t-il été créé ?", "S3NS a été créé par Thales.", ("la date",)),
        ("When did Bleu pass J0?", "Bleu a franchi le jalon J0.", ("the date",)),
        ("Où en sont Bleu et S3NS ?", "Bleu vise la qualification pour 2026.", ("«\u00a0S3NS\u00a0»",)),
        ("Where do Bleu and S3NS stand?", "Bleu vise la qualification pour 2026.", ("“S3NS”",)),
    ],
)
def test_names_and_kinds_that_no_quote_has(question: str, quote: str, parts: tuple[str, ...]) -> None:
    assert missing(question, quote) == parts


def test_what_is_told_of_another_answers_no_yes_or_no_whatever_its_title_names() -> None:
    """« Airbus a-t-il choisi S3NS ? »: « EDF a retenu… » under a title about Airbus."""
    question, quote = "Airbus a-t-il choisi S3NS ?", "EDF a retenu S3NS en novembre 2025."
    query = understand(question, today=date(2026, 11, 24), entities=ENTITIES).query
    cited = Citation(1, Article("a", "v", "Airbus cherche un cloud souverain", quote, None), 0, len(quote))

    assert about_others(question, query, Answer(question, query, "", citations=(cited,)), ENTITIES)


def test_quotes_that_are_surely_an_answer_need_not_have_every_name() -> None:
    """“SAP runs on Bleu” answers whether it runs on S3NS; what names not even SAP answers nothing."""
    question = "Does SAP run its French cloud on S3NS?"
    query = understand(question, today=date(2026, 11, 24), entities=ENTITIES).query

    def others(quote: str, confidence: float) -> bool:
        cited = Citation(1, Article("a", "v", "Titre", quote, None), 0, len(quote))
        return about_others(question, query, Answer(question, query, "", citations=(cited,)), ENTITIES, confidence)

    assert others("SAP fonctionne sur Bleu.", 0.6)
    assert not others("SAP fonctionne sur Bleu.", 0.8)
    assert others("Bleu a ouvert en 2024.", 0.8)


def test_a_short_name_is_no_other() -> None:
    question = "Le cloud Pi accueille-t-il du Diffusion restreinte ?"

    assert not tells_of_another(question, "Pi le fait, à la différence de Nubo.", ENTITIES)
    assert tells_of_another(question, "Nubo ne le fait pas.", ENTITIES)


@pytest.mark.parametrize(
    ("quotes", "language", "note"),
    [
        (1, "fr", "Cette citation ne dit pas : la date."),
        (2, "fr", "Ces citations ne disent pas : la date."),
        (1, "en", "Not said by this quote: la date."),
    ],
)
def test_the_note_counts_the_quotes(quotes: int, language: Language, note: str) -> None:
    assert missing_note(["la date"], quotes, language).replace("\u00a0", " ") == note


def test_quotes_complete_one_another() -> None:
    """What one quote lacks another may give."""
    assert missing("Où en sont Bleu et S3NS ?", "Bleu vise 2026.", "S3NS est qualifié depuis 2025.") == ()


@pytest.mark.parametrize(
    ("question", "quote", "expected"),
    [
        ("Où sont les centres de données d’Outscale ?", "Scaleway exploite des centres à Paris.", True),
        ("Où sont les centres de données d’Outscale ?", "3DS Outscale héberge à Paris.", False),
        ("Où en sont Bleu et S3NS ?", "Bleu vise la qualification pour 2026.", False),
        ("Pourquoi NumSpot passe-t-il chez AWS ?", "AWS ouvre une région dans le Brandebourg.", True),
        ("Pourquoi AWS a-t-il perdu NumSpot ?", "AWS ouvre une région dans le Brandebourg.", False),
        ("Quels sont les clients de NumSpot et de Bleu ?", "EDF a choisi Bleu.", False),
        ("Bleu est-il soumis au CLOUD Act ?", "Bleu vise la qualification pour 2026.", True),
        ("À quoi sert le CLOUD Act ?", "La loi américaine permet de saisir des données.", False),
        ("Quand sort la version 4 de SecNumCloud ?", "SecNumCloud est revu régulièrement.", True),
        ("Quand est sortie la version 3.2 de SecNumCloud ?", "La 3.2 de SecNumCloud date de mars 2022.", False),
        ("Qui sont les actionnaires de NumSpot ?", "Clever Cloud a des actionnaires européens.", True),
        ("Quand NumSpot a-t-il passé J0 ?", "Bleu a passé J0 le 17 avril 2025, NumSpot plus tard.", False),
        ("How much is AWS investing in Belgium?", "AWS investit 7,8 milliards d’euros en Allemagne.", True),
        ("With whom does Proximus bid, and how does Google come in?", "Proximus s’allie à S3NS.", False),
        ("Quand et comment Outscale a-t-il été racheté ?", "Scaleway a été racheté par Iliad.", True),
        ("Why did Microsoft raise Azure prices?", "Cette hausse servait à aligner les tarifs d’Azure.", False),
        ("Which SEAL level did Scaleway’s bid reach?", "The framework has SEAL levels from 0 to 4.", True),
        ("How does Google come in?", "Proximus s’allie à S3NS.", True),
        ("How much is AWS investing in Germany?", "AWS investit 7,8 milliards d’euros en Allemagne.", False),
        ("Qui possède PSN en Italie ?", "TIM détient 45 % de la société PSN.", False),
        ("Les Américains peuvent-ils entrer chez Bleu ?", "Bleu reste ouvert à des investisseurs français.", False),
        ("Quel est le PUE de Bleu ?", "Bleu a deux centres de données.", True),
        ("Quel fournisseur Airbus a-t-il retenu ?", "EDF a retenu ces deux fournisseurs.", True),
        ("Which provider did Airbus choose?", "EDF a retenu ces deux fournisseurs.", True),
        ("Quel fournisseur Airbus a-t-il retenu ?", "Le groupe a retenu ces deux fournisseurs pour Airbus.", False),
        ("Bleu ou S3NS, lequel est le moins cher ?", "S3NS a vendu pour 3 millions d’euros.", True),
        ("Bleu ou S3NS, lequel est le moins cher ?", "Bleu et S3NS sont plus chers.", False),
        ("Airbus a-t-il choisi S3NS ?", "EDF a retenu S3NS, alors qu’Airbus hésite encore.", False),
        ("Le DPF est-il toujours valide ?", "Le Privacy Shield a été invalidé le 16 juillet 2020.", True),
        ("Docaposte est-elle majoritaire au capital de NumSpot ?", "Docaposte détient Index Education.", True),
        ("Docaposte est-elle majoritaire au capital de NumSpot ?", "NumSpot appartient à Docaposte.", False),
        ("Scaleway détient-il la certification HDS ?", "Scaleway a la certification HDS.", False),
        ("Quand la CJUE a-t-elle annulé le DPF ?", "Le Privacy Shield a été invalidé le 16 juillet 2020.", True),
        ("Quand la CJUE a-t-elle jugé du DPF ?", "Le DPF et le Privacy Shield ont été jugés en 2025.", False),
        ("What PUE does Bleu achieve?", "Le PUE de Bleu est de 1,2.", False),
        ("What is the GDPR fine of Bleu?", "Bleu doit une amende au titre du RGPD.", False),
        ("Quels SLA promet Bleu ?", "Bleu promet des accords de niveau de service (SLA).", False),
        ("QUEL EST LE PUE DE BLEU ?", "Bleu a deux centres de données.", False),
        ("Which MEP defends SecNumCloud?", "Stéphane Séjourné défend SecNumCloud.", False),
        ("Que la Cour de cassation a-t-elle accordé ?", "La cour d’appel de Douai a réduit l’indemnité.", True),
        ("Que la cour d’appel a-t-elle accordé ?", "L’indemnité a été réduite en appel.", False),
        ("Que la Cour de cassation a-t-elle accordé ?", "L’indemnité a été réduite.", False),
        ("OVHcloud conteste le jugement du tribunal de commerce ?", "OVHcloud conteste ce jugement en appel.", False),
        ("Que dit le Conseil d’État ?", "La haute juridiction approuve le tribunal administratif.", False),
        ("La CJUE a-t-elle jugé du DPF ?", "Le Tribunal de l’UE a validé le DPF.", False),
        ("Quel LLM utilise Bleu ?", "Bleu s’appuie sur Mistral Medium 3.", False),
        ("Dans quels pays AWS ira-t-il, en plus de l’Allemagne ?", "AWS ouvrira en Belgique.", False),
        ("Dans quels autres pays que l’Allemagne AWS ira-t-il ?", "AWS ouvrira en Belgique.", False),
        ("Where will AWS go outside Germany?", "AWS ouvrira en Belgique.", False),
        ("Bleu a-t-il validé le jalon J1 auprès de l’ANSSI ?", "Bleu a validé le jalon J1.", False),
        ("Bleu a-t-il écrit à l’ANSSI ?", "Bleu a écrit à ses clients.", True),
        ("Dans quelles villes d’Allemagne AWS ira-t-il ?", "AWS ouvrira en Belgique.", True),
        ("Le Danemark a-t-il abandonné Microsoft ?", "Un cloud allemand de Microsoft a été abandonné.", True),
    ],
)
def test_quotes_about_others_are_no_answer(question: str, quote: str, expected: bool) -> None:
    """The actor named first must be named, any where several are listed; to a yes or a no, all that the question names."""
    query = understand(question, today=date(2026, 11, 24), entities=ENTITIES).query
    citation = Citation(1, Article("a", "v", "Titre", quote, None), 0, len(quote))

    assert about_others(question, query, Answer(question, query, quote, citations=(citation,)), ENTITIES) is expected
