from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import TODAY
from trusted_cloud_chat.entities import load_entities
from trusted_cloud_chat.errors import QuestionError
from trusted_cloud_chat.schema import Turn
from trusted_cloud_chat.understanding import MAX_QUESTION, Understanding, understand

BOOK = load_entities()


def understood(question: str, *before: str, as_of: date | None = None) -> Understanding:
    turns = [Turn(asked, "Réponse.") for asked in before]
    return understand(question, turns=turns, today=TODAY, as_of=as_of, entities=BOOK)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Quand Bleu sera-t-il qualifié ?", "date"),
        ("En quelle année Outscale a-t-elle été qualifiée ?", "date"),
        ("When will Bleu be qualified?", "date"),
        ("Combien coûte le Health Data Hub ?", "number"),
        ("Quelle part du capital Thales détient-il ?", "number"),
        ("How much does it cost?", "number"),
        ("Qui détient S3NS ?", "who"),
        ("Who owns S3NS?", "who"),
        ("Pourquoi EDF a-t-il renoncé à AWS ?", "why"),
        ("Why did EDF drop AWS?", "why"),
        ("Comment obtenir la qualification ?", "how"),
        ("Quels fournisseurs sont qualifiés ?", "list"),
        ("Which providers are qualified?", "list"),
        ("Qu’est-ce que SecNumCloud ?", "definition"),
        ("What is the CLOUD Act?", "definition"),
        ("Quelle différence entre Bleu et S3NS ?", "comparison"),
        ("Compare Bleu et S3NS", "comparison"),
        ("Entre Bleu et S3NS, lequel est le moins cher ?", "comparison"),
        ("Outscale ou OVHcloud, lequel a été qualifié en premier ?", "comparison"),
        ("Qui détient Bleu d’un côté, S3NS de l’autre ?", "comparison"),
        ("Comment le calendrier de Bleu a-t-il évolué ?", "how_changed"),
        ("Où se trouvent les centres de Bleu ?", "where"),
        ("Est-ce que Bleu est qualifié ?", "yes_no"),
        ("Bleu est-il qualifié ?", "yes_no"),
        ("bleu est il qualifié", "yes_no"),
        ("Is Bleu qualified?", "yes_no"),
        ("D’où tiens-tu cela ?", "evidence"),
        ("30 % plus cher pour un cloud souverain : d’où sort ce chiffre ?", "fact"),
        ("Bonjour !", "help"),
        ("Que sais-tu faire ?", "help"),
        ("What can you do?", "help"),
        ("bleu secnumcloud", "fact"),
    ],
)
def test_the_kind_of_a_question(question: str, kind: str) -> None:
    """What kind of thing is asked for is told from the question's words, in both languages."""
    assert understood(question).query.kind == kind


@pytest.mark.parametrize(
    "typed", ["Quand S3NS a-t-il été qualifié ?", "quand s3ns a-t-il ete qualifie", "QUAND S3NS A-T-IL ÉTÉ QUALIFIÉ ?"]
)
def test_accents_and_case_do_not_matter(typed: str) -> None:
    """A question typed without accents, or in capitals, is understood alike."""
    query = understood(typed).query

    assert (query.kind, query.entities, query.language) == ("date", ("S3NS",), "fr")


def test_names_lead_to_others() -> None:
    """An alias is told to the reader, and the names that belong to the entity are searched for too."""
    found = understood("Qui a la SNC chez OVH ?")

    assert found.query.entities == ("SecNumCloud", "OVHcloud")
    assert "SNC = SecNumCloud" in found.query.aliases
    assert "OVH = OVHcloud" in found.query.aliases
    assert "ANSSI" in found.related


@pytest.mark.parametrize(
    ("question", "read_as"),
    [
        ("Qui héberge le HDH ?", "Qui héberge le HDH (Health Data Hub) ?"),
        ("Prix de la plateforme des données de santé", "Prix de Health Data Hub"),
        ("Combien le cloud interne de Bercy coûte-t-il ?", "Combien Nubo coûte-t-il ?"),
        ("Que dit l'agence française de cybersécurité ?", "Que dit ANSSI ?"),
        ("Outscal est-il qualifié SecNumClood ?", "3DS Outscale est-il qualifié SecNumCloud ?"),
        ("OVH est-il qualifié ?", "OVH est-il qualifié ?"),
        ("Que dit le Cloud Act à secnumcloud ?", "Que dit le CLOUD Act à SecNumCloud ?"),
        ("Le Cloud Souverain est-il un label ?", "Le Cloud Souverain est-il un label ?"),
        ("Qui dirige STACKIT, le cloud de Lidl ?", "Qui dirige STACKIT ?"),
        ("Le cloud de Lidl s’appelle-t-il STACKIT ?", "Le cloud de Lidl s’appelle-t-il STACKIT ?"),
        ("Pourquoi le constructeur du Rafale a-t-il choisi Bleu ?", "Pourquoi Dassault Aviation a-t-il choisi Bleu ?"),
        ("Que reproche-t-on au géant de Redmond ?", "Que reproche-t-on à Microsoft ?"),
        ("Que pense-t-on de l’électricien public ?", "Que pense-t-on d’EDF ?"),
        ("Qu’a-t-on demandé à l’hébergeur de Roubaix ?", "Qu’a-t-on demandé à OVHcloud ?"),
        ("Quel est l’avis du cloud souverain d’Amazon ?", "Quel est l’avis d’AWS European Sovereign Cloud ?"),
        ("Quelle est la part du géant de Mountain View ?", "Quelle est la part de Google Cloud ?"),
        ("What did France’s state auditors say?", "What did Cour des comptes say?"),
        ("Que vend la centrale d’achat des hôpitaux ?", "Que vend la centrale d’achat des hôpitaux ?"),
        ("Le SNC de la SNCF", "Le SNC (SecNumCloud) de la SNCF"),
        ("Le HDH (Health Data Hub) a-t-il migré ?", "Le HDH (Health Data Hub) a-t-il migré ?"),
    ],
)
def test_the_embedder_reads_the_names_that_articles_use(question: str, read_as: str) -> None:
    """An acronym gets its name, a paraphrase gives way to it, a slip is put right; the page shows what was asked."""
    found = understood(question)
    assert (found.read_as, found.query.text) == (read_as, question)


@pytest.mark.parametrize(
    ("question", "read_as"),
    [
        ("S3NS, kezako ?", "Qu’est-ce que S3NS ?"),
        ("Schrems 2 ça remonte à quand déjà ?", "De quand date Schrems II ?"),
        ("Qui contrôle Bleu ?", "Qui possède Bleu ?"),
        ("Qui contrôle SecNumCloud ?", "Qui contrôle SecNumCloud ?"),
        ("Cloud de confiance : qui l’a inventé ?", "Cloud de confiance : qui l’a inventé ?"),
        ("le Data Privacy Framework tient-il toujours ?", "Le Data Privacy Framework est-il toujours valable ?"),
        ("S3NS c’est quand ?", "De quand date S3NS ?"),
        ("ça date de quand le Cloud Act", "De quand date le CLOUD Act ?"),
        ("Qui est le patron de S3NS ?", "Qui dirige S3NS ?"),
        ("Qui est le patron de l’hébergeur français OVHcloud ?", "Qui dirige OVHcloud ?"),
        ("Qui est aux commandes d’OVHcloud en ce moment ?", "Qui dirige OVHcloud ?"),
        ("Which company is behind STACKIT?", "Qui possède STACKIT ?"),
        ("Quel groupe possède Index Education, l’éditeur de Pronote ?", "Qui possède Index Education ?"),
        ("CSA2 : c’est quoi le plafond des amendes ?", "CSA2 : quel est le plafond des amendes ?"),
        ("C’est quoi le budget du HDH ?", "Quel est le budget du HDH (Health Data Hub) ?"),
        ("Qui avait combien dans Numergy au départ ?", "Comment se répartissait le capital de Numergy ?"),
        ("Qui a quelles parts dans NumSpot ?", "Qui a quelles parts dans NumSpot ?"),
        ("c’était quoi les dates clés de Bleu ?", "Quelles étaient les dates clés de Bleu ?"),
        ("c est quoi le cout de Bleu", "c est quoi le coût de Bleu"),
        ("c'est quoi le cout de Bleu", "Quel est le coût de Bleu"),
        ("HDS est-il obligatoire ?", "HDS (hébergement de données de santé) est-il obligatoire ?"),
        ("Is EUCS mandatory?", "Is EUCS mandatory?"),
        ("EUCS est obligatoire ou volontaire ?", "EUCS est obligatoire ou volontaire ?"),
        ("actionnaires numergy répartition", "Comment se répartit le capital de Numergy ?"),
        ("Who is behind the German cloud STACKIT?", "Qui possède STACKIT ?"),
        ("SecNumCloud est-il obligatoire ?", "Faut-il obligatoirement recourir à SecNumCloud ?"),
        ("La qualification SecNumCloud n’est pas obligatoire ?", "Faut-il obligatoirement recourir à SecNumCloud ?"),
        ("Is SecNumCloud mandatory?", "Faut-il obligatoirement recourir à SecNumCloud ?"),
        ("SecNumCloud est-il obligatoire pour les hôpitaux ?", "SecNumCloud est-il obligatoire pour les hôpitaux ?"),
        ("c’est qui le chef de l’ANSSI", "Qui dirige l’ANSSI ?"),
        ("Who is the CEO of OVHcloud?", "Qui dirige OVHcloud ?"),
        ("Who currently runs NumSpot?", "Qui dirige NumSpot ?"),
        ("Qui commande chez NumSpot ?", "Qui dirige NumSpot ?"),
        ("S3NS, elle est dirigée par qui ?", "Qui dirige S3NS ?"),
        ("Journaliste éco : à quoi tient la perte d’OVHcloud ?", "à quoi tient la perte d’OVHcloud ?"),
        ("Petite question : qui a ouvert AI.Pulse ?", "qui a ouvert AI.Pulse ?"),
        ("RSSI chez un OIV : SecNumCloud est-il requis ?", "RSSI chez un OIV : SecNumCloud est-il requis ?"),
        ("Je suis RSSI dans un hôpital : qui vend Bleu ?", "Qui vend Bleu ?"),
        ("Je travaille pour une association d’élus. Qui est le patron de S3NS ?", "Qui dirige S3NS ?"),
        ("I’m writing a profile for a German weekly: who runs NumSpot?", "Qui dirige NumSpot ?"),
        ("Je suis OIV privé : mon SI doit-il y passer ?", "Je suis OIV privé : mon SI doit-il y passer ?"),
        ("Je relis le rapport Wattebled : combien de pages ?", "Je relis le rapport Wattebled : combien de pages ?"),
        ("Je rédige une note : contient-il un plan ?", "Je rédige une note : contient-il un plan ?"),
        ("Je suis journaliste. Bleu est-il qualifié ?", "Bleu est-il qualifié ?"),
        (
            "Nous sommes une mutuelle : DORA nous concerne-t-elle ?",
            "Nous sommes une mutuelle : DORA nous concerne-t-elle ?",
        ),
        (
            "Je prépare un papier sur le rachat. Qui l’a bloqué ?",
            "Je prépare un papier sur le rachat. Qui l’a bloqué ?",
        ),
        ("Le cloud de Thales (S3NS), il est dirigé par qui ?", "Qui dirige S3NS ?"),
        ("Who owns S3NS?", "Qui possède S3NS ?"),
        ("Who will host the Health Data Hub?", "Qui va héberger Health Data Hub ?"),
        ("Où sont hébergées les données du Health Data Hub aujourd’hui ?", "Qui héberge le Health Data Hub ?"),
        ("Où est hébergé NumSpot ?", "Qui héberge NumSpot ?"),
        ("Qui est à l’origine de Gaia-X ?", "Qui a lancé Gaia-X ?"),
        ("Scaleway appartient à quel groupe ?", "Qui possède Scaleway ?"),
        ("À quel groupe appartient Scaleway ?", "Qui possède Scaleway ?"),
        ("Pronote (Index Education), ça appartient à quel groupe ?", "Qui possède Index Education ?"),
        ("When did OVHcloud go public?", "Quand OVHcloud est-il entré en Bourse ?"),
        ("Combien ça coûte à une boîte de se faire qualifier SecNumCloud ?", "Combien coûte SecNumCloud ?"),
        ("Bleu tient-il toujours ?", "Bleu tient-il toujours ?"),
        ("Is OVHcloud a public company?", "OVHcloud est-il coté en Bourse ?"),
        ("Is S3NS a public cloud?", "Is S3NS a public cloud?"),
        ("EDF utilise quel cloud ?", "Quel cloud a choisi EDF ?"),
        ("How long does it take to get SecNumCloud qualified?", "Combien de temps faut-il pour obtenir SecNumCloud ?"),
        (
            "ça prend combien de temps pour être qualifié SecNumCloud",
            "Combien de temps faut-il pour obtenir SecNumCloud ?",
        ),
        ("Dassault Aviation a pris quel cloud ?", "Quel cloud a choisi Dassault Aviation ?"),
        ("Le Data Privacy Framework tient-il toujours ?", "Le Data Privacy Framework est-il toujours valable ?"),
        ("Dassault Aviation a pris quel cloud et pourquoi ?", "Dassault Aviation a pris quel cloud et pourquoi ?"),
        ("Où est hébergé NumSpot et depuis quand ?", "Où est hébergé NumSpot et depuis quand ?"),
        ("NumSpot, derrière il y a quelles entreprises ?", "Qui possède NumSpot ?"),
        ("Qui se cache derrière NumSpot ?", "Qui possède NumSpot ?"),
        ("Qui est derrière NumSpot et pourquoi ?", "Qui est derrière NumSpot et pourquoi ?"),
        ("Who owns S3NS and since when?", "Who owns S3NS and since when?"),
        ("Who heads S3NS, the cloud arm of Thales?", "Qui dirige S3NS ?"),
        ("Qui est le patron de S3NS, la filiale ?", "Qui dirige S3NS ?"),
        ("Who heads S3NS, the Thales arm, and since when?", "Who heads S3NS, the Thales arm, and since when?"),
        ("Who does Bleu belong to, and why?", "Who does Bleu belong to, and why?"),
        ("Who owns the data centres of S3NS?", "Who owns the data centres of S3NS?"),
        ("Qui était le patron de Bleu en 2022 ?", "Qui était le patron de Bleu en 2022 ?"),
        ("Qui est le président de S3NS ?", "Qui est le président de S3NS ?"),
        ("Who is the head of cloud at Orange?", "Who is the head of cloud at Orange?"),
        ("Combien de salariés compte S3NS ?", "Combien de personnes travaillent chez S3NS ?"),
        ("Combien de salariés S3NS emploie-t-il ?", "Combien de personnes travaillent chez S3NS ?"),
        ("Quels sont les effectifs de S3NS ?", "Combien de personnes travaillent chez S3NS ?"),
        ("How many employees does S3NS have?", "Combien de personnes travaillent chez S3NS ?"),
        ("Combien de salariés comptait S3NS en 2024 ?", "Combien de salariés comptait S3NS en 2024 ?"),
        ("Combien de salariés de S3NS sont habilités ?", "Combien de salariés de S3NS sont habilités ?"),
        ("Combien coûte une qualification SecNumCloud ?", "Combien coûte SecNumCloud ?"),
        ("Quel est le prix d’une qualification SecNumCloud ?", "Combien coûte SecNumCloud ?"),
        ("How much does a SecNumCloud qualification cost?", "Combien coûte SecNumCloud ?"),
        (
            "Combien coûte la qualification SecNumCloud à une PME ?",
            "Combien coûte la qualification SecNumCloud à une PME ?",
        ),
    ],
)
def test_short_questions_are_read_in_the_words_of_articles(question: str, read_as: str) -> None:
    """Only where nothing else is asked; the page shows what was typed, and its language is that of the answer."""
    found = understood(question)
    assert found.read_as == read_as
    assert found.query.language == (
        "en" if question.startswith(("Who", "Which", "How", "When", "Is ", "I’m ")) else "fr"
    )
    assert found.wants_now or "dirige" not in read_as


@pytest.mark.parametrize(
    ("question", "read_as"),
    [
        ("Quand le Health Data Hub quittera-t-il Microsoft ?", "Quand le Health Data Hub doit-il quitter Microsoft ?"),
        ("Quand la tranche sera-t-elle prête ?", "Quand la tranche doit-elle être prête ?"),
        ("Quand Bleu et S3NS recevront-ils leur avis ?", "Quand Bleu et S3NS doivent-ils recevoir leur avis ?"),
        ("Comment se prêteront-ils main forte ?", "Comment doivent-ils se prêter main forte ?"),
        ("Sera-t-il interdit ?", "Doit-il être interdit ?"),
        ("Le texte interdira-t-il les frais ?", "Le texte doit-il interdire les frais ?"),
        ("Quand la version paraîtra-t-elle ?", "Quand la version doit-elle paraître ?"),
        ("S3NS devra-t-elle recommencer ?", "S3NS devra-t-elle recommencer ?"),
        ("Quand OVH entra-t-il en Bourse ?", "Quand OVH entra-t-il en Bourse ?"),
        ("Quand Orange retira-t-elle son offre ?", "Quand Orange retira-t-elle son offre ?"),
        ("Combien paiera-t-il ?", "Combien doit-il payer ?"),
        ("Quand conclura-t-on ?", "Quand doit-on conclure ?"),
        ("Quand n’aura-t-il plus ce droit ?", "Quand n’aura-t-il plus ce droit ?"),
        ("Bleu a-t-il ouvert ?", "Bleu a-t-il ouvert ?"),
    ],
)
def test_what_is_to_come_is_read_as_due(question: str, read_as: str) -> None:
    """As articles tell it: « doit quitter Microsoft »; it is still asked how things stand now."""
    found = understood(question)
    assert (found.read_as, found.query.text) == (read_as, question)
    assert found.wants_now or "doi" not in read_as


def test_the_embedder_reads_the_accents_that_were_not_typed() -> None:
    """What was typed is what the page shows; a question that has accents gets those left out, but for a last « é »."""
    found = understood("qui est a la tete de STACKIT")
    assert (found.read_as, found.query.text) == ("qui est a la tête de STACKIT", "qui est a la tete de STACKIT")
    assert understood("qui est à la tete de STACKIT").read_as == "qui est à la tête de STACKIT"
    assert understood("comment ça marche chez STACKIT").read_as == "comment ça marche chez STACKIT"
    parts = understood("compare la securite de Bleu et de S3NS").parts
    assert len(parts) == 2
    assert all("sécurité" in part.read_as for part in parts)
    assert understood("What is the sante act and who wrote the decret?").read_as.startswith("What is the sante act")


def test_a_name_asked_twice_is_one_entity() -> None:
    """Entities are listed once each, in the order of the question."""
    assert understood("S3NS ou Bleu, Bleu ou S3NS ?").query.entities == ("S3NS", "Bleu")


def test_periods_are_resolved_against_the_day() -> None:
    """Relative periods count from today, or from the day of `as_of`."""
    assert understood("Que s’est-il passé l’an dernier ?").query.dates == ("2025-01-01/2025-12-31",)
    assert understood("Que s’est-il passé l’an dernier ?", as_of=date(2023, 6, 30)).query.dates == (
        "2022-01-01/2022-12-31",
    )


def test_as_of_sets_the_day() -> None:
    """`as_of` is the question's day too."""
    query = understood("Bleu est-il qualifié ?", as_of=date(2023, 6, 30)).query

    assert (query.as_of, query.today) == (date(2023, 6, 30), date(2023, 6, 30))


@pytest.mark.parametrize(
    ("question", "now"),
    [
        ("Qui dirige l’ANSSI aujourd’hui ?", True),
        ("Où en est la proposition CADA ?", True),
        ("L’EUCS est-il toujours bloqué ?", True),
        ("Bleu a-t-il obtenu la qualification SecNumCloud ?", True),
        ("Bleu est-il qualifié ?", True),
        ("What is the latest figure?", True),
        ("Qu’est devenu le contrat d’EDF avec Amazon ?", True),
        ("What became of the EDF deal with Amazon?", True),
        ("Is Bleu qualified yet?", True),
        ("Quand S3NS a-t-il été qualifié ?", False),
        ("Quand S3NS a-t-il obtenu sa qualification ?", False),
        ("À quelle date Bleu a-t-il franchi le jalon J0 ?", False),
        ("Qui a signé la circulaire de 2023 ?", False),
        ("Why did EDF drop AWS?", False),
    ],
)
def test_whether_the_present_is_asked_for(question: str, now: bool) -> None:
    """« aujourd'hui », « où en est », « toujours » and the state of a qualification ask for what holds now."""
    assert understood(question).wants_now is now


def test_white_space_does_not_count() -> None:
    """Line breaks and runs of spaces are single spaces."""
    assert understood("  Qui\n détient\t S3NS ? ").query.text == "Qui détient S3NS ?"


@pytest.mark.parametrize("question", ["", "   ", "\n", "?", "… !", "\u00a0", "\u200b"])
def test_an_empty_question(question: str) -> None:
    """A question without a letter or a digit is refused with an example."""
    with pytest.raises(QuestionError, match="empty"):
        understood(question)


def test_an_endless_question() -> None:
    """A question of 20,000 characters is refused with its length and the limit; one at the limit is read."""
    with pytest.raises(QuestionError, match=f"20000 characters, at most {MAX_QUESTION}"):
        understood("x" * 20_000)
    assert understood("x" * MAX_QUESTION).query.text


@given(st.text(max_size=80), st.lists(st.text(max_size=40), max_size=3))
def test_any_question_is_understood_or_refused(question: str, before: list[str]) -> None:
    """Whatever is typed, in whatever conversation, gives a query that is not empty, or a QuestionError."""
    try:
        query = understood(question, *before).query
    except QuestionError:
        return
    assert query.text.strip()


class TestFollowUps:
    @pytest.mark.parametrize(
        ("before", "question", "entities"),
        [
            (["Quand Bleu sera-t-il qualifié SecNumCloud ?"], "Et S3NS ?", ("S3NS", "SecNumCloud")),
            (["Quand Bleu sera-t-il qualifié SecNumCloud ?"], "et pour OVHcloud ?", ("OVHcloud", "SecNumCloud")),
            (["Quand Bleu sera-t-il qualifié ?", "Et S3NS ?"], "Et NumSpot ?", ("NumSpot",)),
            (["Qui détient S3NS ?"], "Depuis quand ?", ("S3NS",)),
            (["Qui détient S3NS ?"], "Pourquoi ?", ("S3NS",)),
            (["Qui détient S3NS ?"], "Quand a-t-elle été qualifiée ?", ("S3NS",)),
            (["Who owns S3NS?"], "And Bleu?", ("Bleu",)),
            (["Who owns S3NS?"], "When was it qualified?", ("S3NS",)),
        ],
    )
    def test_a_follow_up_carries_its_subject(self, before: list[str], question: str, entities: tuple[str, ...]) -> None:
        """What a follow-up leaves unsaid comes from the last question that was whole."""
        assert understood(question, *before).query.entities == entities

    @pytest.mark.parametrize(
        ("before", "question", "whole"),
        [
            ("Qui dirige Bleu ?", "et S3NS ?", "Qui dirige S3NS ?"),
            ("Qui dirige Bleu ?", "non, je parlais de S3NS", "Qui dirige S3NS ?"),
            ("Qui dirige Bleu ?", "Non, pas Bleu, S3NS !", "Qui dirige S3NS ?"),
            ("Who runs Bleu?", "no, I meant S3NS", "Who runs S3NS?"),
            ("Who runs Bleu?", "What about S3NS and NumSpot?", "Who runs S3NS and NumSpot?"),
            ("Compare Bleu et S3NS", "et NumSpot ?", "Compare Bleu, S3NS et NumSpot"),
            ("Que disent Bleu et S3NS ?", "et NumSpot ?", "Que disent NumSpot ?"),
            ("Où en était Bleu en 2024 ?", "Et en mars ?", "Où en était Bleu en mars 2024 ?"),
            ("Où en était Bleu en 2024 ?", "Et aujourd’hui ?", "Où en était Bleu aujourd’hui ?"),
            ("Combien l’UGAP a-t-elle vendu en 2024 ?", "et en 2025 ?", "Combien l’UGAP a-t-elle vendu en 2025 ?"),
            ("Combien l’UGAP a-t-elle vendu en 2024 ?", "et l’an dernier ?", "Combien l’UGAP a-t-elle vendu l’an dernier ?"),
            ("Qui a signé la circulaire de 2023 ?", "et celle de février 2026 ?", "Qui a signé la circulaire de février 2026 ?"),
            ("How much did UGAP sell in 2024?", "and in 2025?", "How much did UGAP sell in 2025?"),
            ("Quand Bleu a-t-il franchi le jalon J0 ?", "et le J1 ?", "Quand Bleu a-t-il franchi le jalon J1 ?"),
            ("Combien d’exigences compte SecNumCloud 3.2 ?", "et la 3.1 ?", "Combien d’exigences compte SecNumCloud 3.1 ?"),
            ("Bleu est-il qualifié ?", "Compare avec S3NS sur le prix", "Compare Bleu et S3NS sur le prix"),
            ("What does Bleu offer?", "And how does it compare with S3NS?", "Compare Bleu and S3NS?"),
            ("Qui détient S3NS ?", "oui", "Qui détient S3NS ?"),
            ("Who owns S3NS?", "yes please", "Who owns S3NS?"),
            ("Qui détient S3NS ?", "pourquoi ?", "Qui détient S3NS ? pourquoi ?"),
            ("Où sont les serveurs de Bleu ?", "depuis quand ?", "Où sont les serveurs de Bleu ? depuis quand ?"),
            ("C’est quoi le CADA ?", "ça s’appliquera quand ?", "Le CADA s’appliquera quand ?"),
            ("Qu’est-ce que S3NS ?", "et pour le prix ?", "le prix ? S3NS"),
            ("Tell me about S3NS", "who owns it?", "who owns S3NS?"),
            ("Where are the data centres of Bleu?", "and its operations centres?", "Bleu’s operations centres?"),
            ("Is S3NS SecNumCloud qualified?", "Who are its clients?", "Who are S3NS’s clients?"),
            ("Bleu est-il qualifié ?", "pardon, je parlais de S3NS", "S3NS est-il qualifié ?"),
            ("Où sont les serveurs de Bleu ?", "Qu'est-ce que S3NS ?", "Qu'est-ce que S3NS ?"),
            ("Qui dirige Bleu ?", "et qui détient S3NS ?", "qui détient S3NS ?"),
            ("Qui dirige Bleu ?", "et le prix de S3NS ?", "le prix de S3NS ?"),
            ("Quand Bleu a-t-il été qualifié ?", "Combien coûte une qualification SecNumCloud ?",
             "Combien coûte une qualification SecNumCloud ?"),
            ("Quand Bleu a-t-il été qualifié ?", "C'est quoi l'IaaS ?", "C'est quoi l'IaaS ?"),
            ("Où en était Bleu en 2024 ?", "et S3NS en 2025 ?", "Où en était S3NS en 2025 ?"),
            ("Bleu est-il qualifié SecNumCloud ?", "et OVHcloud en 2019 ?", "OVHcloud est-il qualifié SecNumCloud en 2019 ?"),
            ("Quand Bleu a-t-il franchi le jalon J0 ?", "et S3NS, le J1 ?", "Quand S3NS a-t-il franchi le jalon J1 ?"),
            ("Quand Bleu a-t-il franchi le jalon J0 ?", "et le jalon J1 ?", "Quand Bleu a-t-il franchi le jalon J1 ?"),
            ("Où en était Bleu en 2024 ?", "et avant 2023 ?", "Où en était Bleu avant 2023 ?"),
            ("Quand Bleu a-t-il été qualifié ?", "Et Thales ?", "Quand Thales a-t-il été qualifié ?"),
            ("Quand Bleu a-t-il été qualifié ?", "Cloud Temple ?", "Quand Cloud Temple a-t-il été qualifié ?"),
            ("Qui dirige l'ANSSI ?", "et S3NS ?", "Qui dirige S3NS ?"),
            ("Combien S3NS a-t-il facturé à l’UGAP ?", "et OVHcloud ?", "Combien OVHcloud a-t-il facturé à l’UGAP ?"),
            ("Compare Bleu et S3NS", "lequel est le moins cher ?", "Bleu ou S3NS, lequel est le moins cher ?"),
            ("Bleu est-il qualifié ?", "Existe-t-il des aides pour les PME ?", "Existe-t-il des aides pour les PME ?"),
            ("Bleu est-il qualifié ?", "La société est-elle rentable ?", "La société est-elle rentable ? Bleu"),
            ("Qu'est-ce que SecNumCloud ?", "comment ça marche ?", "Comment marche SecNumCloud ?"),
            ("Quand Bleu sera-t-il qualifié ?", "Le calendrier a-t-il glissé ?", "Le calendrier a-t-il glissé ? Bleu"),
            ("Quand Bleu sera-t-il qualifié ?", "En France, est-il le seul ?", "En France, est-il le seul ? Bleu"),
            ("What is Bleu?", "Is it available in Germany?", "Is Bleu available in Germany?"),
            ("Qu'est-ce que S3NS ?", "ça existe depuis quand ?", "S3NS existe depuis quand ?"),
            ("Bleu est-il qualifié ?", "et OVHcloud également ?", "OVHcloud est-il qualifié ?"),
            ("Bleu est-il qualifié ?", "et quid de S3NS ?", "S3NS est-il qualifié ?"),
            ("Is Bleu qualified?", "and the same for S3NS?", "Is S3NS qualified?"),
            ("Bleu a-t-il un centre à Rennes ?", "et Paris ?", "Bleu a-t-il un centre à Rennes ? et Paris ?"),
            ("Que fait Bleu ?", "qui est le PDG ?", "qui est le PDG de Bleu ?"),
            ("Combien coûte la solution intercalaire du Health Data Hub ?", "elle a été abandonnée quand ?",
             "La solution intercalaire du Health Data Hub a été abandonnée quand ?"),
        ],
    )  # fmt: skip
    def test_the_question_that_is_meant(self, before: str, question: str, whole: str) -> None:
        """Names, periods and milestones are swapped, a pronoun becomes its subject, « oui » asks again."""
        assert understood(question, before).query.text == whole

    def test_it_is_built_on_the_last_question_of_its_kind(self) -> None:
        """« c’était quand ? » takes up the question that asked when, not the yes or no in between."""
        before = ("Depuis quand Outscale a-t-il la version 3.2 de SecNumCloud ?", "Était-il le premier ?")

        assert understood("et OVH, c’était quand ?", *before).query.text == (
            "Depuis quand OVHcloud a-t-il la version 3.2 de SecNumCloud ?"
        )

    def test_a_pronoun_stands_for_whom_the_answer_named(self) -> None:
        """« il » after « Qui va héberger… ? » is the host that the answer gave, not what is hosted."""
        turn = Turn("Qui va héberger le Health Data Hub ?", "« Scaleway a été retenu pour le Health Data Hub. » [1]")
        found = understand("et il est qualifié SNC ?", turns=[turn], today=TODAY, entities=BOOK)

        assert found.query.text == "Scaleway est qualifié SNC ?"

    @pytest.mark.parametrize(
        ("before", "answer", "question", "whole"),
        [
            ("Qui dirige Bleu ?", "« Bleu est dirigé par Jean Coumaros. » [1] — d’après Orange", "et il faisait quoi avant ?",
             "Jean Coumaros faisait quoi avant ?"),
            ("Qui dirige Bleu ?", "« Pour Jean Coumaros, le PDG, tout va bien. » [1]", "Que faisait-il avant ?",
             "Que faisait Jean Coumaros avant ?"),
            ("Qui dirige Delos ?", "« Delos, qui associe SAP et Microsoft, est dirigé par Georges Welz. » [1]", "il a dit quoi ?",
             "Georges Welz a dit quoi ?"),
            ("Who heads ANSSI?", "“Vincent Strubel dirige l’ANSSI.” (in French) [1] — after Orange", "what did he say about S3NS?",
             "what did Vincent Strubel say about S3NS?"),
            ("Who heads ANSSI?", "Vincent Strubel heads ANSSI. [1]", "what did he say?", "what did Vincent Strubel say?"),
            ("Who heads ANSSI?", "No article answers.\n- EDF retient S3NS et Bleu (Orange, 2025)", "what did he say?",
             "Who heads ANSSI? What did he say?"),
        ],
    )  # fmt: skip
    def test_a_pronoun_stands_for_a_person_whom_the_first_quote_names(
        self, before: str, answer: str, question: str, whole: str
    ) -> None:
        """Known by no alias, and not who reports it."""
        found = understand(question, turns=[Turn(before, answer)], today=TODAY, entities=BOOK)

        assert found.query.text == whole

    @pytest.mark.parametrize(
        "question",
        [
            "Il faut combien de temps à S3NS pour obtenir sa qualification ?",
            "Is it true that S3NS is qualified?",
            "When did S3NS say it would be qualified?",
            "S3NS est-il qualifié ?",
            "Quand S3NS dit-elle qu’elle sera qualifiée ?",
        ],
    )
    def test_a_pronoun_with_its_own_name_hangs_on_no_answer(self, question: str) -> None:
        before = Turn("Qui dirige Bleu ?", "« Bleu est dirigé par Jean Coumaros. » [1]")

        assert understand(question, turns=[before], today=TODAY, entities=BOOK).query.text == question

    @pytest.mark.parametrize(
        ("before", "answer", "question", "whole"),
        [
            ("Qui est Bleu ?", "« Bleu revend les services de Microsoft. » [1]", "est-elle qualifiée ?", "Bleu est-elle qualifiée ?"),
            ("Qui dirige l'ANSSI ?", "« Vincent Strubel dirige l’ANSSI. » [1]", "La Commission va-t-elle interdire AWS ?",
             "La Commission va-t-elle interdire AWS ?"),
            ("Qui dirige l'ANSSI ?", "« Vincent Strubel dirige l’ANSSI. » [1]", "Que se passe-t-il avec l'EUCS ?",
             "Que se passe-t-il avec l'EUCS ?"),
        ],
    )  # fmt: skip
    def test_a_pronoun_that_stands_for_nobody_in_the_answer(
        self, before: str, answer: str, question: str, whole: str
    ) -> None:
        """The one asked about, its own subject, or nothing at all."""
        found = understand(question, turns=[Turn(before, answer)], today=TODAY, entities=BOOK)

        assert found.query.text == whole

    @pytest.mark.parametrize("question", ["merci", "OK, merci beaucoup !", "thank you"])
    def test_thanks_are_no_question(self, question: str) -> None:
        assert understood(question, "Quand Bleu sera-t-il qualifié ?").query.kind == "help"
        assert understood("et S3NS ?", "Qui dirige Bleu ?", question).query.text == "Qui dirige S3NS ?"

    def test_a_greeting_is_nothing_to_build_on(self) -> None:
        """« Bonjour » between two questions is passed over."""
        assert understood("et S3NS ?", "Qui dirige Bleu ?", "Bonjour !").query.text == "Qui dirige S3NS ?"

    @pytest.mark.parametrize("question", ["Qui détient S3NS ?", "Quel est le budget du Health Data Hub ?"])
    def test_a_whole_question_is_left_alone(self, question: str) -> None:
        """A question that says its subject is searched for as it is, whatever came before."""
        assert understood(question, "Quand Bleu sera-t-il qualifié SecNumCloud ?").query.text == question

    def test_the_kind_comes_along(self) -> None:
        """« Et S3NS ? » after a question about a date asks for a date."""
        assert understood("Et S3NS ?", "Quand Bleu sera-t-il qualifié ?").query.kind == "date"

    def test_the_language_comes_along(self) -> None:
        """A name alone is answered in the language of the conversation."""
        assert understood("S3NS?", "Who owns Bleu?").query.language == "en"

    def test_a_greeting_is_not_a_follow_up(self) -> None:
        """« Bonjour » in the middle of a conversation is a greeting."""
        assert understood("Bonjour", "Quand Bleu sera-t-il qualifié ?").query.kind == "help"

    def test_the_first_question_is_no_follow_up(self) -> None:
        """Without an earlier turn, nothing is added."""
        assert understood("Et S3NS ?").query.text == "Et S3NS ?"


@pytest.mark.parametrize(
    "question",
    [
        "Quand Bleu a-t-il racheté OVHcloud ?",
        "When did Bleu buy OVHcloud?",
        "Comment S3NS est-il contrôlé ?",
        "Combien de salariés compte Cloud Temple ?",
        "Pourquoi Outscale perd des clients ?",
        "Clever Cloud est-il qualifié ?",
    ],
)
def test_a_question_with_its_own_name_and_verb_continues_nothing(question: str) -> None:
    """However short, and whatever was asked before."""
    before = [Turn("S3NS est-il qualifié SecNumCloud ?")]

    understood = understand(question, turns=before, today=date(2026, 11, 24), entities=load_entities())

    assert understood.query.text == question


@pytest.mark.parametrize(
    ("question", "asked", "language"),
    [
        ("Qui détient S3NS, en anglais svp ?", "Qui détient S3NS", "en"),
        ("Who owns S3NS? Answer in French.", "Who owns S3NS", "fr"),
        ("Qui détient S3NS ?", "Qui détient S3NS ?", "fr"),
        ("Que dit l’accord en anglais de Bleu ?", "Que dit l’accord en anglais de Bleu ?", "fr"),
    ],
)
def test_the_language_asked_for_is_no_part_of_the_question(question: str, asked: str, language: str) -> None:
    query = understood(question).query

    assert (query.text, query.language) == (asked, language)


@pytest.mark.parametrize(
    ("question", "opening"),
    [
        ("Quand S3NS a-t-il été qualifié, et pour quelle version ?", "Quand S3NS a-t-il été qualifié ?"),
        ("When was S3NS qualified and for which version?", "When was S3NS qualified ?"),
        ("Quand et par qui S3NS a-t-il été créé ?", ""),
        ("Quand S3NS a-t-il été qualifié ?", ""),
        ("Quels sont les liens entre Thales et Google ?", ""),
    ],
)
def test_of_two_questions_in_one_the_first_stands_by_itself(question: str, opening: str) -> None:
    assert understood(question).opening == opening
