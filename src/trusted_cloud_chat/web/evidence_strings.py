"""What cards and the reader of articles say, in French and English."""

from __future__ import annotations

from dataclasses import dataclass

from trusted_cloud_chat.schema import Language
from trusted_cloud_chat.web.string_table import typeset


@dataclass(frozen=True, slots=True)
class EvidenceStrings:
    """The texts of one language; `{name}` is filled in by the caller."""

    quoted_meta: str
    """What the quotes of an answer are taken from; `{origin}` of the tagline and the welcome is told likewise."""
    open_original: str
    open_source: str
    """Of a synthesis: its words do not stand there."""
    ages_as_of: str
    read_article: str
    reader_close: str
    reader_quotes: str
    reader_written_from: str
    reader_written_from_one: str
    reader_changed: str
    reader_now: str
    reader_lost: str
    reader_lost_all: str
    reader_kept_all: str
    reader_gone: str
    reader_unknown: str
    read_now: str
    read_quoted: str
    drawer_close: str


FRENCH = typeset(
    EvidenceStrings(
        quoted_meta="Citations mot pour mot {origin}",
        open_original="Ouvrir l’original",
        open_source="Source principale",
        ages_as_of="Âges comptés au {day}.",
        read_article="Lire l’article",
        reader_close="Fermer",
        reader_quotes="Passages cités",
        reader_written_from="Rédigé d’après {n} publications",
        reader_written_from_one="Rédigé d’après une publication",
        reader_changed="Cet article a changé depuis : vous lisez la version citée.",
        reader_now="Version actuelle : une version antérieure est citée.",
        reader_lost="Ne s’y trouve plus mot pour mot : {numbers}.",
        reader_lost_all="Aucune citation n’y figure plus mot pour mot.",
        reader_kept_all="Les citations y figurent encore mot pour mot.",
        reader_gone="Cet article a été retiré du corpus depuis ; son texte est gardé pour les réponses qui le citent.",
        reader_unknown="Cette version de l’article n’est plus gardée : son texte ne peut pas être affiché.",
        read_now="Lire la version actuelle",
        read_quoted="Lire la version citée",
        drawer_close="Fermer les sources",
    )
)
ENGLISH = EvidenceStrings(
    quoted_meta="Word-for-word quotes {origin}",
    open_original="Open the original",
    open_source="Main source",
    ages_as_of="Ages counted on {day}.",
    read_article="Read the article",
    reader_close="Close",
    reader_quotes="Quoted passages",
    reader_written_from="Written from {n} publications",
    reader_written_from_one="Written from one publication",
    reader_changed="This article has changed since: you are reading the quoted version.",
    reader_now="Current version: an earlier one is quoted.",
    reader_lost="No longer there word for word: {numbers}.",
    reader_lost_all="No quote is still there word for word.",
    reader_kept_all="The quotes are still there word for word.",
    reader_gone="This article has been removed from the corpus since; its text is kept for the answers that quote it.",
    reader_unknown="This version of the article is no longer kept: its text cannot be shown.",
    read_now="Read the current version",
    read_quoted="Read the quoted version",
    drawer_close="Close the sources",
)
EVIDENCE: dict[Language, EvidenceStrings] = {"fr": FRENCH, "en": ENGLISH}
