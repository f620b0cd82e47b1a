"""What the tab « Marché » says by itself, in French and English."""

from __future__ import annotations

from dataclasses import dataclass

from trusted_cloud_chat.schema import Language
from trusted_cloud_chat.web.string_table import typeset


@dataclass(frozen=True, slots=True)
class MarketStrings:
    """The texts of one language; `{name}` is filled in by the caller."""

    language: Language
    tab: str
    empty: str
    changes_title: str
    changes_says: str
    since: str
    since_hint: str
    state_title: str
    state_says: str
    columns: tuple[str, ...]
    not_found: str
    reported: str
    contradicted: str
    calculated: str
    lapsed: str
    """Of an expiry that has passed without a renewal that any article tells."""
    proof: str
    """What opens the sentence that shows what became of a promise."""
    more: str
    statuses: dict[str, str]
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
    line_title: str
    line_says: str
    subject: str
    promise: str
    event: str
    line_columns: tuple[str, ...]
    quote_title: str
    quote_empty: str
    close: str
    csv_columns: tuple[str, ...]
    csv_line_columns: tuple[str, ...]


_FRENCH = MarketStrings(
    language="fr",
    tab="Marché",
    empty="Aucun article du corpus n’a de faits notés à côté de lui : ce tableau en vit. "
    "La documentation dit comment les noter (docs/enrichment.md).",
    changes_title="Ce qui a changé",
    changes_says="Étapes, promesses arrivées à échéance, qualifications qui expirent, faits et articles nouveaux.",
    since="Depuis le",
    since_hint="Ce mois-ci",
    state_title="État des offres",
    state_says="Tel que le disent les articles, offre par offre. Chaque case ouvre la phrase qui la prouve ; "
    "ce qu’aucun article ne dit est « non trouvé ».",
    columns=("Offre", "Étape", "Depuis", "Expire", "Promesses", "Capital", "Technologie", "Clients", "Dernière information"),
    not_found="non trouvé",
    reported="non recoupé",
    contradicted="Les sources se contredisent",
    calculated="calculé",
    lapsed="échue, renouvellement non trouvé",
    proof="voir",
    more="et {n} de plus",
    statuses={"ended": "terminé", "denied": "non", "planned": "prévu"},
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
    as_of_none="À cette date, les articles ne disent rien d’une offre.",
    csv="CSV",
    line_title="Chronologie",
    line_says="Faits datés, étapes et promesses, du plus ancien au plus récent. « Échéance passée » : aucun article ne dit "
    "si la promesse a été tenue.",
    subject="Acteur, loi ou programme",
    promise="promesse",
    event="fait",
    line_columns=("Jour", "Quoi", "Nature", "Échéance", "Source"),
    quote_title="Citation",
    quote_empty="Choisissez une case ou une ligne : la phrase qui la prouve s’affiche ici.",
    close="Fermer",
    csv_columns=(
        "fournisseur", "service", "étape", "dit le", "dit par", "recoupement", "contradiction", "qualifié depuis", "expire (calculé)",
        "promesses", "capital", "technologie", "clients", "dernière information", "source", "publié", "adresse",
    ),
    csv_line_columns=("jour", "quoi", "nature", "échéance", "source", "citation", "adresse"),
)  # fmt: skip
ENGLISH = MarketStrings(
    language="en",
    tab="Market",
    empty="No article of the corpus has facts written down beside it, and this table lives on them. "
    "The documentation says how to write them (docs/enrichment.md).",
    changes_title="What has changed",
    changes_says="Stages, promises that fell due, qualifications about to expire, new facts and articles.",
    since="Since",
    since_hint="This month",
    state_title="State of the offers",
    state_says="As the articles tell it, offer by offer. Each cell opens the sentence that proves it; what no article says "
    "is “not found”.",
    columns=("Offer", "Stage", "Since", "Expires", "Promises", "Ownership", "Technology", "Customers", "Newest information"),
    not_found="not found",
    reported="not cross-checked",
    contradicted="Sources contradict each other",
    calculated="calculated",
    lapsed="ended, renewal not found",
    proof="see",
    more="and {n} more",
    statuses={"ended": "ended", "denied": "no", "planned": "planned"},
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
    as_of_none="On that date the articles tell of no offer.",
    csv="CSV",
    line_title="Timeline",
    line_says="Dated facts, stages and promises, oldest first. “Date passed”: no article says whether the promise was kept.",
    subject="Actor, law or programme",
    promise="promise",
    event="fact",
    line_columns=("Day", "What", "Kind", "Due", "Source"),
    quote_title="Quote",
    quote_empty="Choose a cell or a line: the sentence that proves it is shown here.",
    close="Close",
    csv_columns=(
        "provider", "service", "stage", "said on", "said by", "cross-check", "contradiction", "qualified since", "expires (calculated)",
        "promises", "ownership", "technology", "customers", "newest information", "source", "published", "url",
    ),
    csv_line_columns=("day", "what", "kind", "due", "source", "quote", "url"),
)  # fmt: skip
MARKET_STRINGS: dict[Language, MarketStrings] = {"fr": typeset(_FRENCH), "en": ENGLISH}
