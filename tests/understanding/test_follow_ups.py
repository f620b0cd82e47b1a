"""Follow-ups with a question word of their own, and what their pronouns stand for."""

from __future__ import annotations

import pytest

from builders import TODAY
from trusted_cloud_chat.entities import load_entities
from trusted_cloud_chat.schema import Turn
from trusted_cloud_chat.understanding import understand

BOOK = load_entities()


def whole(*questions: str, answer: str = "") -> str:
    """What the last question means after the others; `answer` is that to the one before it."""
    *before, asked = questions
    turns = [Turn(question) for question in before[:-1]] + [Turn(before[-1], answer)]
    return understand(asked, turns=turns, today=TODAY, entities=BOOK).query.text


@pytest.mark.parametrize(
    ("before", "question", "meant"),
    [
        ("EDF a-t-il choisi AWS ?", "Pour quel montant ?", "Pour quel montant EDF a-t-il choisi AWS ?"),
        ("La Commission a-t-elle adopté l’EUCS ?", "Pourquoi ?", "Pourquoi la Commission a-t-elle adopté l’EUCS ?"),
        ("NumSpot est-il qualifié ?", "Pourquoi pas ?", "Pourquoi NumSpot n’est-il pas qualifié ?"),
        ("Quand Bleu a-t-il été créé ?", "Et par qui ?", "Par qui Bleu a-t-il été créé ?"),
        ("OVHcloud a-t-il fait appel ?", "Devant quelle juridiction ?", "Devant quelle juridiction OVHcloud a-t-il fait appel ?"),
        ("Qui a racheté Whaller ?", "Quand ?", "Quand a-t-on racheté Whaller ?"),
        ("Qui va héberger le Health Data Hub ?", "Depuis quand ?", "Qui va héberger le Health Data Hub ? Depuis quand ?"),
        ("Combien de serveurs Bleu a-t-il ?", "Et combien de salariés ?", "Combien de salariés Bleu a-t-il ?"),
        ("Combien de serveurs Bleu a-t-il installés en 2024 ?", "Où ça ?", "Où Bleu a-t-il installé des serveurs en 2024 ?"),
        ("Quelle amende Google a-t-il reçue ?", "Quand ?", "Quand Google a-t-il reçu une amende ?"),
        ("Bleu est-il qualifié ?", "Combien de clients ?", "Combien de clients Bleu a-t-il ?"),
        ("Is Airbus leaving Microsoft?", "Why?", "Why is Airbus leaving Microsoft?"),
        ("Is NumSpot qualified?", "Why not?", "Why is NumSpot not qualified?"),
        ("Has the CNLL complained?", "Why not?", "Why has the CNLL not complained?"),
        ("When did SAP launch Delos?", "And why?", "Why did SAP launch Delos?"),
        ("Who bought Numergy's shares?", "When?", "When were Numergy's shares bought?"),
        ("Who signed a contract with Bleu in 2024?", "Why?", "Why was a contract signed with Bleu in 2024?"),
        ("Has ANSSI approved S3NS?", "When?", "When was S3NS approved by ANSSI?"),
        ("How many servers does Bleu have?", "And how many employees?", "How many employees does Bleu have?"),
        ("Quel hébergeur a choisi le Health Data Hub ?", "Pourquoi ?", "Quel hébergeur a choisi le Health Data Hub ? Pourquoi ?"),
        ("Where are the data centres of Bleu?", "Since when?", "Where are the data centres of Bleu? Since when?"),
    ],
)  # fmt: skip
def test_a_question_word_takes_the_place_of_the_one_before(before: str, question: str, meant: str) -> None:
    """With the subject, the verb and the names; behind the question before only where that makes no correct words."""
    assert whole(before, question) == meant


def test_who_did_it_is_told_where_the_answer_begins_with_the_name() -> None:
    before = "Who bought Numergy's shares?"

    assert whole(before, "When?", answer="“SFR rachète les parts.” [1]") == "When were Numergy's shares bought by SFR?"
    assert whole(before, "When?", answer="“Les parts vont à SFR.” [1]") == "When were Numergy's shares bought?"


def test_since_when_somebody_leads() -> None:
    """The person whom the answer names leads; what the question before asked is not asked again."""
    said = "« Bleu est dirigé par Jean Coumaros. » [1]"

    assert whole("Qui dirige Bleu ?", "Depuis quand ?", answer=said) == "Depuis quand Jean Coumaros dirige-t-il Bleu ?"


@pytest.mark.parametrize(
    ("before", "question", "meant"),
    [
        ("Is Bleu qualified?", "Since when has S3NS been?", "Since when has S3NS been qualified?"),
        ("Why is NumSpot not qualified?", "And since when is S3NS?", "since when is S3NS qualified?"),
        ("Why is the EUCS not adopted?", "When will it be?", "When will the EUCS be adopted?"),
        ("Outscale est-il qualifié SecNumCloud ?", "Depuis quand l’est-il ?", "Depuis quand Outscale est-il qualifié SecNumCloud ?"),
        ("Bleu n’est-il pas qualifié ?", "Et depuis quand S3NS l’est-il ?", "depuis quand S3NS est-il qualifié ?"),
    ],
)  # fmt: skip
def test_what_is_told_of_the_subject_is_not_lost(before: str, question: str, meant: str) -> None:
    assert whole(before, question) == meant


@pytest.mark.parametrize(
    ("before", "question", "meant"),
    [
        ("Quelle part du marché détient AWS ?", "Et Azure ?", "Quelle part du marché détient Azure ?"),
        ("How many users does LaSuite have?", "And the Assistant?", "How many users does the Assistant have?"),
        ("What does Octave Klaba say about Microsoft?", "And Yann Lechelle?", "What does Yann Lechelle say about Microsoft?"),
        ("Quelle part du marché détient AWS ?", "Et en 2021 ?", "Quelle part du marché détient AWS en 2021 ?"),
        ("Quand l’EUCS sera-t-il adopté ?", "Et le CADA ?", "Quand le CADA sera-t-il adopté ?"),
        ("Qui a signé la circulaire ?", "Et Castex ?", "Qui a signé la circulaire ? Et Castex ?"),
    ],
)  # fmt: skip
def test_a_name_that_no_alias_has_is_put_in_the_place_of_the_only_one(before: str, question: str, meant: str) -> None:
    """And a year is added where the question before has none."""
    assert whole(before, question) == meant


@pytest.mark.parametrize(
    ("before", "question", "meant"),
    [
        ("What is CSA2?", "When was it proposed?", "When was CSA2 proposed?"),
        ("Which model does the Assistant use?", "Where is it hosted?", "Where is the Assistant hosted?"),
        ("What does the CLOUD Act allow?", "Does it apply to Bleu?", "Does the CLOUD Act apply to Bleu?"),
        ("Is Clarence independent of Google?", "Who signed a contract with it?", "Who signed a contract with Clarence?"),
        ("Who is Damien Lucas?", "What did he say about SecNumCloud?", "What did Damien Lucas say about SecNumCloud?"),
        ("Does Damien Lucas run Scaleway?", "Is it qualified?", "Is Scaleway qualified?"),
        ("Is Bleu qualified?", "Has ANSSI approved it?", "Has ANSSI approved Bleu?"),
        ("Qui a signé la circulaire de 2023 ?", "Que dit-elle ?", "Que dit la circulaire de 2023 ?"),
        ("La Commission a-t-elle adopté l’EUCS ?", "Quand sera-t-il adopté ?", "Quand l’EUCS sera-t-il adopté ?"),
        ("Bleu est-il rentable ?", "Est-il qualifié SecNumCloud ?", "Bleu est-il qualifié SecNumCloud ?"),
        ("C’est quoi cette histoire d’OVHcloud ?", "que risque-t-il en France ?", "que risque-t-il en France ? cette histoire d’OVHcloud"),
        ("Whaller est-il qualifié SecNumCloud ?", "Qui sont ses clients ?", "Qui sont les clients de Whaller ?"),
        ("S3NS est-il rentable ?", "Quel est son chiffre d’affaires ?", "Quel est le chiffre d’affaires de S3NS ?"),
        ("Is Airbus leaving Microsoft?", "How much is the contract worth?", "How much is Airbus’s contract worth?"),
        ("How much did the EDF contract cost?", "Who won it?", "Who won the EDF contract?"),
        ("Qu’est-ce que S3NS ?", "Qui la dirige ?", "Qui dirige S3NS ?"),
        ("Orange a-t-il vendu Cloudwatt ?", "Pourquoi l’a-t-il fermé ?", "Pourquoi Orange l’a-t-il fermé ? Cloudwatt"),
        ("Qui dirige Bleu ?", "L’ANSSI l’a-t-elle approuvé ?", "L’ANSSI a-t-elle approuvé Bleu ?"),
        ("Quand l’offre de S3NS a-t-elle été qualifiée ?", "c’était promis pour quand au départ ?",
         "c’était promis pour quand au départ ? S3NS"),
        ("Pourquoi AWS est-il tombé en panne ?", "et le High+, c’était quoi ?", "le High+, c’était quoi ?"),
        ("Quel jour AWS est-il tombé en panne ?", "c’était dû à quoi ?", "Pourquoi AWS est-il tombé en panne ?"),
        ("Quel jour AWS est-il tombé en panne ?", "la cause ?", "Pourquoi AWS est-il tombé en panne ?"),
        ("When did S3NS miss its date?", "what caused it?", "Why did S3NS miss its date?"),
        ("Qui détient Bleu ?", "C’est compris, merci", "C’est compris, merci"),
        ("Qui détient Bleu ?", "C’est la Cour de justice qui a annulé l’accord ?", "C’est la Cour de justice qui a annulé l’accord ?"),
        ("Qu’avait promis NumSpot ?", "promesse tenue ?", "promesse tenue ? NumSpot"),
        ("Quand l’offre de S3NS a-t-elle été qualifiée ?", "C’était promis pour quand chez Bleu ?", "C’était promis pour quand chez Bleu ?"),
        ("Combien OVHcloud doit-il payer ?", "Qui a saisi la justice alors ?", "Qui a saisi la justice alors ? OVHcloud"),
        ("Qui a saisi OVHcloud ?", "Que risque-t-on ?", "Que risque-t-on ? OVHcloud"),
        ("Bleu est-il qualifié ?", "La Commission a-t-elle publié sa décision sur AWS ?",
         "La Commission a-t-elle publié sa décision sur AWS ?"),
        ("Is Bleu qualified?", "Did S3NS say when it will be?", "Did S3NS say when it will be?"),
    ],
)  # fmt: skip
def test_what_a_pronoun_stands_for(before: str, question: str, meant: str) -> None:
    """The subject of the question before, though the follow-up has another name; not where its own sentence has it."""
    assert whole(before, question) == meant


@pytest.mark.parametrize(
    ("before", "answer", "question", "meant"),
    [
        ("Who built Clarence?", "“LuxConnect et Google Cloud ont créé Clarence.” [1]", "Is it independent of Google?",
         "Is Clarence independent of Google?"),
        ("Who runs Bleu?", "“Jean Coumaros runs Bleu.” [1]", "Has the BSI approved it?", "Has the BSI approved Bleu?"),
        ("Qui a racheté Whaller ?", "« Thomas Fauré a racheté Whaller. » [1]", "Est-il qualifié SecNumCloud ?",
         "Whaller est-il qualifié SecNumCloud ?"),
        ("Qui a racheté Whaller ?", "« Thomas Fauré a racheté Whaller. » [1]", "D’où vient-il ?", "D’où vient Thomas Fauré ?"),
    ],
)  # fmt: skip
def test_whom_the_answer_names_and_who_cannot_be_meant(before: str, answer: str, question: str, meant: str) -> None:
    """"It" is nobody who built or runs something; a person is not qualified; who is named besides is another."""  # fmt: skip
    assert whole(before, question, answer=answer) == meant


def test_what_is_asked_stands_behind_the_correction() -> None:
    """And no question of another language is put before it."""
    before = ("Who runs Bleu?", "Has the BSI approved it?")

    assert whole(*before, "Non, je parle de Bleu : l'ANSSI l'a-t-elle approuvé ?") == "l'ANSSI a-t-elle approuvé Bleu ?"
    assert whole(*before, "Sorry, I meant NumSpot: why was it refused?") == "why was NumSpot refused?"


def test_a_question_is_said_behind_one_other_at_most() -> None:
    """« Q1 ? Q2 ? Q3 ? » asks Q1 again, and nothing else."""
    before = ("Où sont les serveurs de Bleu ?", "Depuis quand ?")

    assert whole(*before, "Combien y en a-t-il ?") == "Où sont les serveurs de Bleu ? Combien y en a-t-il ?"
    assert whole("Did Airbus choose a provider?", "Which one?", "For which data?") == (
        "For which data did Airbus choose a provider?"
    )


@pytest.mark.parametrize(
    ("before", "question", "meant"),
    [
        ("Quand S3NS a-t-il passé le J1 ?", "c’est quoi le J2 ?", "c’est quoi le J2 ?"),
        ("La Bundeswehr a choisi Google ?", "Delos, c’est quoi ?", "Delos, c’est quoi ?"),
        ("Bleu est-il qualifié ?", "et qu’est-ce qu’un OIV ?", "qu’est-ce qu’un OIV ?"),
        ("Is Bleu qualified?", "Mistral, what is it?", "Mistral, what is it?"),
        ("Combien d’exigences compte SecNumCloud 3.1 ?", "c’est quoi la 3.2 ?",
         "Combien d’exigences compte SecNumCloud 3.1 ? c’est quoi la 3.2 ?"),
        ("Bleu est-il qualifié ?", "c’est quoi le prix ?", "Bleu est-il qualifié ? c’est quoi le prix ?"),
        ("Qui dirige Bleu ?", "Combien d’amende prévoit le Cybersecurity Act ?", "Combien d’amende prévoit le Cybersecurity Act ?"),
        ("Qui dirige Bleu ?", "Combien de ministères ont un plan de réduction ?", "Combien de ministères ont un plan de réduction ?"),
        ("Is Bleu qualified?", "And what fines does the Cybersecurity Act foresee?", "what fines does the Cybersecurity Act foresee?"),
        ("Bleu est-il qualifié ?", "Qui est le PDG ?", "Qui est le PDG de Bleu ?"),
        ("Quand arrive le J1 de S3NS ?", "Et quand arrive le J2 ?", "Quand arrive le J2 de S3NS ?"),
    ],
)  # fmt: skip
def test_what_stands_alone_is_left_as_it_is(before: str, question: str, meant: str) -> None:
    """A definition, and a sentence with a name or a noun of its own; not what is somebody's."""
    assert whole(before, question) == meant


def test_a_definition_is_what_comes_after_it_goes_on_about() -> None:
    assert whole("La Bundeswehr a choisi Google ?", "Delos, c’est quoi ?", "Qui le finance ?") == "Qui finance Delos ?"
    assert whole("Bleu est-il qualifié ?", "Mistral, c’est quoi ?", "Qui la dirige ?") == "Qui dirige Mistral ?"


@pytest.mark.parametrize(
    ("before", "question", "meant"),
    [
        ("Bleu est-il qualifié ?", "merci. Et NumSpot ?", "NumSpot est-il qualifié ?"),
        ("Is Bleu qualified?", "thanks, and Scaleway?", "Is Scaleway qualified?"),
        ("Qui détient Bleu ?", "ok merci, et NumSpot par qui ?", "Qui détient NumSpot ?"),
        ("S3NS est-il qualifié ?", "Super, et depuis quand ?", "Depuis quand S3NS est-il qualifié ?"),
        ("Bleu est-il qualifié ?", "Merci beaucoup !", "Merci beaucoup !"),
        ("Bleu est-il qualifié ?", "Super, merci", "Super, merci"),
    ],
)
def test_courtesy_before_a_follow_up(before: str, question: str, meant: str) -> None:
    assert whole(before, question) == meant


@pytest.mark.parametrize(
    ("before", "question", "meant"),
    [
        ("La CPI a quitté Microsoft ?", "Combien de postes ?", "La CPI a quitté Microsoft ? Combien de postes ?"),
        ("Quel modèle d’IA utilise l’assistant de l’État ?", "Combien d’agents ?",
         "Quel modèle d’IA utilise l’assistant de l’État ? Combien d’agents ?"),
        ("La Commission a-t-elle choisi Scaleway ?", "Combien de serveurs ?",
         "La Commission a-t-elle choisi Scaleway ? Combien de serveurs ?"),
        ("EDF a-t-il choisi AWS ?", "Combien de serveurs ?", "Combien de serveurs EDF a-t-il ?"),
        ("Who runs Bleu?", "How many employees?", "How many employees does Bleu have?"),
    ],
)  # fmt: skip
def test_how_many_somebody_has(before: str, question: str, meant: str) -> None:
    """Of the one name, or of the subject of the verb where a known name is; else behind the question before."""
    assert whole(before, question) == meant


@pytest.mark.parametrize(
    ("before", "question", "meant"),
    [
        ("Que prévoit le CADA ?", "Et la loi SREN ?", "Que prévoit la loi SREN ?"),
        ("Quelle est la date du Data Act ?", "Et la loi SREN ?", "Quelle est la date de la loi SREN ?"),
        ("Quand la loi SREN a-t-elle été adoptée ?", "Et le Data Act ?", "Quand le Data Act a-t-il été adopté ?"),
        ("Quel est le calendrier du CADA ?", "Et celui du Data Act ?", "Quel est le calendrier du Data Act ?"),
        ("Que prévoit le Data Act ?", "Et DORA ?", "Que prévoit DORA ?"),
        ("Quel est le lien entre Bleu et Microsoft ?", "Et S3NS ?", "Quel est le lien entre Bleu et Microsoft ? Et S3NS ?"),
        ("Que dit l’ANSSI ?", "Et la CNIL ?", "Que dit la CNIL ?"),
        ("Que dit l’ANSSI ?", "Et CNIL ?", "Que dit CNIL ?"),
        ("EDF a-t-il choisi AWS ?", "Et Google ?", "EDF a-t-il choisi AWS ? Et Google ?"),
        ("Bleu est-il détenu par Microsoft ?", "Par qui ?", "Par qui Bleu est-il détenu ?"),
        ("Is Bleu owned by Microsoft?", "By whom?", "By whom is Bleu owned?"),
        ("L’École polytechnique passe chez Microsoft ?", "Qui s’y oppose ?",
         "L’École polytechnique passe chez Microsoft ? Qui s’y oppose ?"),
        ("La Cour de cassation a-t-elle rejeté le pourvoi ?", "Que dit-elle ?",
         "Que dit la Cour de cassation ?"),
        ("Pourquoi OVHcloud a-t-il retiré sa plainte ?", "Quand l’avait-il déposée ?",
         "Pourquoi OVHcloud a-t-il retiré sa plainte ? Quand l’avait-il déposée ?"),
        ("Is the AWS European Sovereign Cloud open?", "Is it qualified?", "Is the AWS European Sovereign Cloud qualified?"),
        ("Qui a investi dans Cloud Temple ?", "Combien ont-ils investi ?", "Combien ont-ils investi ? Cloud Temple"),
        ("Que font Orange et Capgemini ?", "Que détiennent-ils ?", "Que détiennent Orange et Capgemini ?"),
    ],
)  # fmt: skip
def test_no_word_is_cut_or_doubled(before: str, question: str, meant: str) -> None:
    """Articles go with their names, « par Microsoft » goes when « par qui » comes, « ils » is nobody alone."""
    assert whole(before, question) == meant


def test_they_are_not_the_one_whom_the_answer_names() -> None:
    said = "« Éric Haddad a investi. » [1]"

    assert whole("Qui a investi dans Cloud Temple ?", "Combien ont-ils investi ?", answer=said) == (
        "Combien ont-ils investi ? Cloud Temple"
    )


def test_a_swap_leaves_out_what_stands_behind_a_question() -> None:
    late = ("Où en est la transposition de NIS 2 ?", "Pourquoi ce retard ?")

    assert whole(*late, "Et DORA ?") == "Où en est la transposition de DORA ?"
    assert (
        whole("Depuis quand Bleu est-il qualifié ?", "Pourquoi pas encore ?")
        == "Pourquoi Bleu n’est-il pas encore qualifié ?"
    )
    assert whole("Is Bleu qualified?", "Why not yet?") == "Why is Bleu not yet qualified?"


def test_beside_a_name_that_no_alias_has_the_known_ones_are_kept() -> None:
    asked = whole("Combien Bâti Courtage a-t-il obtenu d’OVHcloud à Lille ?", "et en appel, il a touché combien ?")

    assert asked == "en appel, Bâti Courtage a touché combien ? OVHcloud"


def test_what_belongs_to_the_subject_of_the_question_itself_refers_to_nothing_before() -> None:
    question = "Pourquoi l’École polytechnique a-t-elle suspendu son projet ?"

    assert whole("Quelles sont les limites de SecNumCloud ?", question) == question
    assert whole("Qui dirige Bleu ?", "Quels sont ses clients ?") == "Quels sont les clients de Bleu ?"


@pytest.mark.parametrize(
    ("before", "question", "meant"),
    [
        ("Bleu et S3NS sont-ils qualifiés ?", "et NumSpot ?", "NumSpot est-il qualifié ?"),
        ("Quand Bleu et S3NS ont-ils été créés ?", "et NumSpot ?", "Quand NumSpot a-t-il été créé ?"),
        ("Bleu est-il qualifié ?", "et S3NS et NumSpot ?", "S3NS et NumSpot sont-ils qualifiés ?"),
        ("Are Bleu and S3NS qualified?", "and NumSpot?", "Is NumSpot qualified?"),
        ("Is Bleu qualified?", "and S3NS and NumSpot?", "Are S3NS and NumSpot qualified?"),
    ],
)
def test_the_verb_agrees_with_the_names_that_are_put_there(before: str, question: str, meant: str) -> None:
    assert whole(before, question) == meant


@pytest.mark.parametrize(
    ("before", "question", "meant"),
    [
        ("Qui possède S3NS ?", "Combien de clients ont-ils ?", "Combien de clients S3NS a-t-il ?"),
        ("Who owns S3NS?", "How many customers do they have?", "How many customers does S3NS have?"),
        ("Cloud Temple est-il qualifié ?", "Sont-ils rentables ?", "Cloud Temple est-il rentable ?"),
        ("Cloud Temple est-il qualifié ?", "Ils sont rentables ?", "Cloud Temple est rentable ?"),
    ],
)
def test_they_are_the_one_company_that_is_spoken_of(before: str, question: str, meant: str) -> None:
    assert whole(before, question) == meant


def test_she_leads_where_the_quote_says_so() -> None:
    said = "« Anne Dupont est directrice générale de Bleu. » [1]"

    assert whole("Qui dirige Bleu ?", "Pourquoi ?", answer=said) == "Pourquoi Anne Dupont dirige-t-elle Bleu ?"


@pytest.mark.parametrize(
    ("before", "question", "meant"),
    [
        ("Qu’est-ce que SecNumCloud ?", "Et combien ça coûte ?", "Combien coûte SecNumCloud ?"),
        ("Combien coûte SecNumCloud ?", "C’est obligatoire ?", "SecNumCloud est-il obligatoire ?"),
        ("Qu’est-ce que le CLOUD Act ?", "Et quelle loi s’y oppose ?", "Quelle loi s’oppose au CLOUD Act ?"),
        ("Bleu va-t-il choisir Google ?", "Et quelle loi s’y oppose ?", "Bleu va-t-il choisir Google ? Quelle loi s’y oppose ?"),
        ("Qu’est-ce que le CLOUD Act ?", "S’applique-t-il à Bleu ?", "Le CLOUD Act s’applique-t-il à Bleu ?"),
        ("Quelle est la date du Data Act ?", "Que prévoit-il ?", "Que prévoit le Data Act ?"),
        ("Bleu garantit-il les données ?", "Qui l’a dit ?", "Bleu garantit-il les données ? Qui l’a dit ?"),
        ("Quel est le prix de Bleu ?", "Et OVHcloud ?", "Quel est le prix d’OVHcloud ?"),
        ("Quel est le prix d’OVHcloud ?", "Et celui de Bleu ?", "Quel est le prix de Bleu ?"),
    ],
)  # fmt: skip
def test_a_rewritten_question_is_one_that_people_would_ask(before: str, question: str, meant: str) -> None:
    """With its articles, its verb in its place, and « y » and « l’ » standing for what they can."""
    assert whole(before, question) == meant


def test_who_the_answer_names_stands_before_the_verb() -> None:
    said = "« Scaleway hébergera le Health Data Hub. » [1]"

    assert (
        whole("Qui va héberger le Health Data Hub ?", "Est-il qualifié ?", answer=said) == "Scaleway est-il qualifié ?"
    )
