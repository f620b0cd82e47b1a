"""What the tab « Marché » says by itself, in French and English."""

from __future__ import annotations

from dataclasses import dataclass, fields

from trusted_cloud_chat.language import patterns
from trusted_cloud_chat.schema import Language

NBSP = "\u00a0"


@dataclass(frozen=True, slots=True)
class MarketStrings:
    """The texts of one language; `{name}` is filled in by the caller."""

    language: Language
    tab: str
    state_title: str
    state_says: str
    columns: tuple[str, str, str, str, str, str]
    not_found: str
    calculated: str
    lapsed: str
    """Of an expiry that has passed without a renewal that any article tells."""
    said: tuple[str, str]
    """When a stage without a day of its own was said: on a day, in a month or a year."""
    steps: str
    sort_by: str
    counted: str
    nothing: str
    provider: str
    every_provider: str
    stage: str
    every_stage: str
    search: str
    search_placeholder: str
    as_of_active: str
    as_of_none: str
    csv: str
    png: str
    png_state: str
    png_line: str
    png_failed: str
    line_title: str
    line_says: str
    subject: str
    kinds: dict[str, str]
    """Of a name."""
    event_kinds: dict[str, str]
    slip: str
    announced: str
    lanes: tuple[str, str, str]
    today: str
    chart: str
    as_table: str
    line_columns: tuple[str, str, str, str, str]
    quote_title: str
    quote_empty: str
    close: str
    csv_columns: tuple[str, ...]
    csv_line_columns: tuple[str, ...]


_FRENCH = MarketStrings(
    language="fr",
    tab="Marché",
    state_title="État des qualifications",
    state_says="Tel que le disent les articles, service par service. Chaque case ouvre la phrase qui la prouve ; "
    "ce qu’aucun article ne dit est « non trouvé ».",
    columns=("Fournisseur", "Service", "Étape", "Depuis", "Expire", "Preuve la plus récente"),
    not_found="non trouvé",
    calculated="calculé",
    lapsed="échue, renouvellement non trouvé",
    said=("dit le {day}", "dit en {day}"),
    steps="Étapes",
    sort_by="Trier : {column}",
    counted="Lignes : {n} sur {total}",
    nothing="Rien ne correspond à ces filtres.",
    provider="Fournisseur",
    every_provider="Tous",
    stage="Étape",
    every_stage="Toutes",
    search="Chercher",
    search_placeholder="Nom, service, mots cités",
    as_of_active="Tel qu’on le savait le {day} : rien de ce qui est paru après n’est lu.",
    as_of_none="À cette date, les articles ne disent rien d’une qualification.",
    csv="CSV",
    png="PNG",
    png_state="Le tableau en image (PNG)",
    png_line="La chronologie en image (PNG)",
    png_failed="Ce navigateur ne sait pas en faire une image ; le CSV reste possible.",
    line_title="Chronologie",
    line_says="Faits datés, étapes, échéances annoncées et reports. « Passée » dit seulement que la date est derrière nous : "
    "l’annonce a pu être tenue.",
    subject="Acteur, loi ou programme",
    kinds={"actor": "acteur", "law": "loi", "scheme": "programme", "authority": "autorité", "service": "service", "": "autre"},
    event_kinds={"event": "Fait", "stage": "Étape", "promise": "Échéance à venir", "passed": "Échéance passée"},
    slip="Report",
    announced="annoncée : {said}",
    lanes=("Faits", "Étapes", "Échéances"),
    today="jour de lecture",
    chart="Chronologie : {name}. Les mêmes données sont en tableau plus bas.",
    as_table="Les mêmes données en tableau",
    line_columns=("Quand", "Nature", "Annoncée", "Citation", "Source"),
    quote_title="Citation",
    quote_empty="Choisissez une case du tableau ou un point de la chronologie : la phrase qui le prouve s’affiche ici.",
    close="Fermer",
    csv_columns=(
        "fournisseur", "service", "étape", "étapes", "depuis", "expire (calculé)", "preuve la plus récente", "publié", "source", "adresse",
    ),
    csv_line_columns=("début", "fin", "nature", "étape", "annoncée", "nouvelle échéance", "citation", "publié", "source", "adresse"),
)  # fmt: skip
ENGLISH = MarketStrings(
    language="en",
    tab="Market",
    state_title="State of qualifications",
    state_says="As the articles tell it, service by service. Each cell opens the sentence that proves it; what no article says "
    "is “not found”.",
    columns=("Provider", "Service", "Stage", "Since", "Expires", "Newest evidence"),
    not_found="not found",
    calculated="calculated",
    lapsed="ended, renewal not found",
    said=("said on {day}", "said in {day}"),
    steps="Steps",
    sort_by="Sort: {column}",
    counted="Rows: {n} of {total}",
    nothing="Nothing meets these filters.",
    provider="Provider",
    every_provider="All",
    stage="Stage",
    every_stage="All",
    search="Search",
    search_placeholder="Name, service, quoted words",
    as_of_active="As it was known on {day}: nothing published later is read.",
    as_of_none="On that date the articles tell of no qualification.",
    csv="CSV",
    png="PNG",
    png_state="The table as an image (PNG)",
    png_line="The timeline as an image (PNG)",
    png_failed="This browser cannot make an image of it; the CSV can still be had.",
    line_title="Timeline",
    line_says="Dated events, stages, announced dates and slips. “Passed” says only that the date lies behind us: the "
    "announcement may have been kept.",
    subject="Actor, law or programme",
    kinds={"actor": "actor", "law": "law", "scheme": "programme", "authority": "authority", "service": "service", "": "other"},
    event_kinds={"event": "Event", "stage": "Stage", "promise": "Date to come", "passed": "Date passed"},
    slip="Slip",
    announced="announced: {said}",
    lanes=("Events", "Stages", "Announced"),
    today="day of reading",
    chart="Timeline: {name}. The same data stand in a table below.",
    as_table="The same data as a table",
    line_columns=("When", "Kind", "Announced", "Quote", "Source"),
    quote_title="Quote",
    quote_empty="Choose a cell of the table or a point of the timeline: the sentence that proves it is shown here.",
    close="Close",
    csv_columns=(
        "provider", "service", "stage", "steps", "since", "expires (calculated)", "newest evidence", "published", "source", "url",
    ),
    csv_line_columns=("from", "to", "kind", "stage", "announced", "new date", "quote", "published", "source", "url"),
)  # fmt: skip


def _spaced(strings: MarketStrings) -> MarketStrings:
    """French texts with the no-break spaces of a printer."""

    def spaced(value: object) -> object:
        if isinstance(value, str):
            return patterns.BEFORE_DOUBLE_SIGN.sub(NBSP, value)
        return tuple(map(spaced, value)) if isinstance(value, tuple) else value

    return MarketStrings(**{field.name: spaced(getattr(strings, field.name)) for field in fields(strings)})  # type: ignore[arg-type]


MARKET_STRINGS: dict[Language, MarketStrings] = {"fr": _spaced(_FRENCH), "en": ENGLISH}
