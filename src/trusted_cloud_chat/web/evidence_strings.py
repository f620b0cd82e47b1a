"""What cards and the reader of articles say, in French and English."""

from __future__ import annotations

from dataclasses import dataclass

from trusted_cloud_chat.schema import Language
from trusted_cloud_chat.web.string_table import typeset


@dataclass(frozen=True, slots=True)
class EvidenceStrings:
    """The texts of one language; `{name}` is filled in by the caller."""

    our_syntheses: str
    """Once in a conversation, under its first quotes."""
    quoted_meta: str
    """What the quotes of an answer are taken from; `{origin}` of the tagline and the welcome is told likewise."""
    open_original: str
    open_source: str
    """Of a synthesis: its words do not stand there."""
    ages_as_of: str
    read_article: str
    reader_written_from: str
    reader_written_from_one: str
    drawer_close: str


FRENCH = typeset(
    EvidenceStrings(
        our_syntheses="Nos synthèses sont rédigées d’après des publications : ouvrez la source avant de la citer.",
        quoted_meta="Citations mot pour mot {origin}",
        open_original="Ouvrir l’original",
        open_source="Source principale",
        ages_as_of="Âges comptés au {day}.",
        read_article="Lire l’article",
        reader_written_from="Rédigé d’après {n} publications",
        reader_written_from_one="Rédigé d’après une publication",
        drawer_close="Fermer les sources",
    )
)
ENGLISH = EvidenceStrings(
    our_syntheses="Our summaries are written from publications: open the source before you quote it.",
    quoted_meta="Word-for-word quotes {origin}",
    open_original="Open the original",
    open_source="Main source",
    ages_as_of="Ages counted on {day}.",
    read_article="Read the article",
    reader_written_from="Written from {n} publications",
    reader_written_from_one="Written from one publication",
    drawer_close="Close the sources",
)
EVIDENCE: dict[Language, EvidenceStrings] = {"fr": FRENCH, "en": ENGLISH}
