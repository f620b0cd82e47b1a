"""What the page says of conversations, keys and filters, in French and English."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields

from trusted_cloud_chat.language import patterns
from trusted_cloud_chat.schema import Language
from trusted_cloud_chat.web.string_table import NBSP


@dataclass(frozen=True, slots=True)
class TalkStrings:
    """The texts of one language; `{name}` is filled in by the caller, in Python or in the page's scripts."""

    talks: str
    search: str
    search_short: str
    none_yet: str
    none_yet_there: str
    none_found: str
    kept_here: str
    kept_there: str
    rename: str
    renaming: str
    remove: str
    removed: str
    undo: str
    export_talk: str
    full: str
    full_there: str
    not_sent: str
    not_brought: str
    close: str
    not_reopened: str
    not_opened: str
    edit: str
    editing: str
    again: str
    copy_markdown: str
    copy_text: str
    copy_link: str
    copied: str
    copied_link: str
    copied_asks: str
    actions: str
    keys_title: str
    keys: str
    """A line a key: its names, a tab, what it does."""
    keys_letters: str
    queue: str
    queue_ends: str
    """What makes a number an ordinal, by the plural category of the language."""
    queue_full: str
    filters: str
    filter_set: str
    filter_clear: str
    filter_first: str
    filter_last: str
    filter_kind: str
    filter_about: str
    filter_first_label: str
    filter_last_label: str
    filter_kind_label: str
    filter_about_label: str
    filter_any: str
    filter_wrong: str
    pick_day: str
    skip: str
    theme: str

    def to_dict(self) -> dict[str, str]:
        return asdict(self)


def _typeset(strings: TalkStrings) -> TalkStrings:
    spaced = {
        field.name: patterns.BEFORE_DOUBLE_SIGN.sub(NBSP, getattr(strings, field.name)) for field in fields(strings)
    }
    return TalkStrings(**spaced)


_FRENCH = TalkStrings(
    talks="Conversations",
    search="Chercher dans les conversations",
    search_short="Chercher",
    none_yet="Vos conversations s’afficheront ici. Elles restent dans ce navigateur.",
    none_yet_there="Vos conversations s’afficheront ici. Le serveur les garde sous votre nom.",
    none_found="Aucune conversation ne contient ces mots.",
    kept_here="Gardées dans ce navigateur seulement.",
    kept_there="Gardées sur le serveur, sous votre nom.",
    rename="Renommer « {title} »",
    renaming="Nouveau nom de la conversation",
    remove="Supprimer « {title} »",
    removed="« {title} » est supprimée.",
    undo="Annuler",
    export_talk="Exporter la conversation",
    full="La place manque dans ce navigateur : la plus ancienne conversation a été effacée.",
    full_there="La place manque sur le serveur : votre plus ancienne conversation a été effacée.",
    not_sent="Le serveur n’a pas pu enregistrer ce changement.",
    not_brought="Le serveur n’a pas pu donner cette conversation.",
    close="Fermer",
    not_reopened="Cette réponse ne peut plus être montrée telle qu’elle était : un article qu’elle cite n’est plus dans l’index. "
    "Reposez la question.",
    not_opened="Cette conversation n’a pas pu être rouverte.",
    edit="Modifier la question",
    editing="Vous modifiez la dernière question : la nouvelle réponse remplacera l’ancienne. Échap annule.",
    again="Reposer",
    copy_markdown="Copier en Markdown",
    copy_text="Copier en texte",
    copy_link="Copier le lien",
    copied="Réponse copiée avec ses sources.",
    copied_link="Lien copié : il montre cette réponse telle quelle.",
    copied_asks="Lien copié : il pose cette question à l’ouverture de la page.",
    actions="Actions sur la réponse {n}",
    keys_title="Raccourcis clavier",
    keys="Entrée\tEnvoyer la question\nMaj Entrée\tAller à la ligne\nÉchap\tArrêter la réponse, fermer, annuler\n"
    "/\tÉcrire une question\nj k\tCitation suivante, précédente\n?\tCes raccourcis",
    keys_letters="Utiliser les raccourcis d’une seule touche (/, j, k)",
    queue="Votre question est {n} dans la file d’attente.",
    queue_ends="one:re other:e",
    queue_full="Trop de questions attendent leur tour. La vôtre n’a pas été prise : renvoyez-la dans un moment.",
    filters="Filtres",
    filter_set="Filtres :",
    filter_clear="Effacer les filtres",
    filter_first="parus à partir du {day}",
    filter_last="parus jusqu’au {day}",
    filter_kind="source : {kind}",
    filter_about="articles qui nomment {name}",
    filter_first_label="Parus depuis",
    filter_last_label="Parus jusqu’à",
    filter_kind_label="Type de source",
    filter_about_label="Qui nomment",
    filter_any="Tous",
    filter_wrong="Corrigez la période, ou effacez-la : une année, un mois ou un jour, et le début avant la fin.",
    pick_day="Choisir le jour : {label}",
    skip="Aller à la question",
    theme="Clair ou sombre",
)
_ENGLISH = TalkStrings(
    talks="Conversations",
    search="Search the conversations",
    search_short="Search",
    none_yet="Your conversations will appear here. They stay in this browser.",
    none_yet_there="Your conversations will appear here. The server keeps them under your name.",
    none_found="No conversation has these words.",
    kept_here="Kept in this browser only.",
    kept_there="Kept on the server, under your name.",
    rename="Rename “{title}”",
    renaming="New name of the conversation",
    remove="Delete “{title}”",
    removed="“{title}” is deleted.",
    undo="Undo",
    export_talk="Export the conversation",
    full="This browser has no room left: the oldest conversation was deleted.",
    full_there="The server has no room left for you: your oldest conversation was deleted.",
    not_sent="The server could not save this change.",
    not_brought="The server could not give this conversation.",
    close="Close",
    not_reopened="This answer can no longer be shown as it was: an article that it cites is no longer in the index. "
    "Ask the question again.",
    not_opened="This conversation could not be opened again.",
    edit="Edit the question",
    editing="You are editing the last question: the new answer will replace the old one. Escape cancels.",
    again="Ask again",
    copy_markdown="Copy as Markdown",
    copy_text="Copy as text",
    copy_link="Copy the link",
    copied="Answer copied with its sources.",
    copied_link="Link copied: it shows this answer as it is.",
    copied_asks="Link copied: it asks this question when the page opens.",
    actions="Actions on answer {n}",
    keys_title="Keyboard shortcuts",
    keys="Enter\tSend the question\nShift Enter\tNew line\nEscape\tStop the answer, close, cancel\n"
    "/\tWrite a question\nj k\tNext citation, previous citation\n?\tThese shortcuts",
    keys_letters="Use the shortcuts of a single key (/, j, k)",
    queue="Your question is {n} in the queue.",
    queue_ends="one:st two:nd few:rd other:th",
    queue_full="Too many questions are waiting for their turn. Yours was not taken: send it again in a moment.",
    filters="Filters",
    filter_set="Filters:",
    filter_clear="Clear the filters",
    filter_first="published since {day}",
    filter_last="published until {day}",
    filter_kind="source: {kind}",
    filter_about="articles that name {name}",
    filter_first_label="Published since",
    filter_last_label="Published until",
    filter_kind_label="Kind of source",
    filter_about_label="That name",
    filter_any="All",
    filter_wrong="Correct the period, or clear it: a year, a month or a day, and its beginning before its end.",
    pick_day="Choose the day: {label}",
    skip="Skip to the question",
    theme="Light or dark",
)
TALK: dict[Language, TalkStrings] = {"fr": _typeset(_FRENCH), "en": _ENGLISH}
