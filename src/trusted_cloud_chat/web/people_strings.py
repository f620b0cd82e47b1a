"""What the page says about people, limits and feedback, in French and English."""

from __future__ import annotations

from dataclasses import dataclass

from trusted_cloud_chat.answering.wording import grouped
from trusted_cloud_chat.people.feedback import Choice
from trusted_cloud_chat.question.parse import MAX_QUESTION
from trusted_cloud_chat.schema import Language
from trusted_cloud_chat.web.escaping import escape
from trusted_cloud_chat.web.string_table import typeset


@dataclass(frozen=True, slots=True)
class PeopleStrings:
    """The texts of one language; `{name}` is filled in by the caller."""

    title: str
    text: str
    name: str
    password: str
    enter: str
    wrong: str
    often: str
    ended: str
    signed_in: str
    leave: str

    slower: str
    count: str
    """Characters of a question, near the limit."""
    count_over: str

    rate: str
    choices: dict[Choice, str]
    """As administrators read them; the page asks for the first, or `to_correct`."""
    to_correct: str
    comment: str
    comment_placeholder: str
    send_comment: str
    thanks: str
    thanks_again: str
    not_kept: str


_FRENCH = typeset(
    PeopleStrings(
        title="Connexion",
        text="Connectez-vous pour interroger le corpus.",
        name="Nom",
        password="Mot de passe",  # noqa: S106
        enter="Se connecter",
        wrong="Ce nom et ce mot de passe ne vont pas ensemble.",
        often="Trop d’essais. Attendez quelques minutes, puis recommencez.",
        ended="Votre session a expiré. Reconnectez-vous pour continuer.",
        signed_in="Connecté : {name}",
        leave="Se déconnecter",
        slower="Vous posez beaucoup de questions : attendez {seconds} s avant la suivante. Elle est restée dans le champ.",
        count="{length} caractères sur {most}",
        count_over="{length} caractères, {most} au plus : raccourcissez la question.",
        rate="Cette réponse est-elle juste ?",
        choices={
            "right": "Juste",
            "wrong_answer": "Réponse fausse",
            "wrong_evidence": "Mauvaise citation",
            "missing": "Incomplète",
        },
        to_correct="À corriger",
        comment="Commentaire (facultatif)",
        comment_placeholder="Ce qui est faux ou manque, et où le lire",
        send_comment="Ajouter le commentaire",
        thanks="Merci, votre avis est noté.",
        thanks_again="Merci, votre commentaire est noté.",
        not_kept="Votre avis n’a pas pu être noté : le journal du serveur dit pourquoi.",
    )
)
_ENGLISH = PeopleStrings(
    title="Sign in",
    text="Sign in to question the corpus.",
    name="Name",
    password="Password",  # noqa: S106
    enter="Sign in",
    wrong="This name and this password do not go together.",
    often="Too many attempts. Wait a few minutes, then try again.",
    ended="Your session has ended. Sign in again to go on.",
    signed_in="Signed in: {name}",
    leave="Sign out",
    slower="You are asking many questions: wait {seconds} s before the next one. It is still in the field.",
    count="{length} characters of {most}",
    count_over="{length} characters, {most} at most: shorten the question.",
    rate="Is this answer right?",
    choices={
        "right": "Right",
        "wrong_answer": "Wrong answer",
        "wrong_evidence": "Wrong quote",
        "missing": "Incomplete",
    },
    to_correct="To be corrected",
    comment="Comment (optional)",
    comment_placeholder="What is wrong or missing, and where to read it",
    send_comment="Add the comment",
    thanks="Thank you, your opinion is noted.",
    thanks_again="Thank you, your comment is noted.",
    not_kept="Your opinion could not be noted: the server’s log says why.",
)
PEOPLE: dict[Language, PeopleStrings] = {"fr": _FRENCH, "en": _ENGLISH}


def slower(seconds: float, language: Language) -> str:
    """Told to who asks too often."""
    return PEOPLE[language].slower.format(seconds=max(1, round(seconds)))


def count_html(language: Language) -> str:
    """Where `page.js` counts the characters of a question that comes near the limit."""
    strings, most = PEOPLE[language], grouped(MAX_QUESTION, language)
    told = {"near": strings.count, "over": strings.count_over}
    data = " ".join(f'data-{name}="{escape(text.replace("{most}", most))}"' for name, text in told.items())
    return (
        f'<p class="tcc-status" id="tcc-counts" role="status" lang="{language}" data-most="{MAX_QUESTION}" {data}></p>'
    )
