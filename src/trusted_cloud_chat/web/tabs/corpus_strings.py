"""What the tab « Corpus » says, in French and English."""

from __future__ import annotations

from dataclasses import dataclass

from trusted_cloud_chat.schema import Language
from trusted_cloud_chat.web.string_table import typeset


@dataclass(frozen=True, slots=True)
class CorpusStrings:
    """The texts of one language; `{name}` is filled in by the caller."""

    tab: str
    heading: str
    search: str
    search_hint: str
    first: str
    last: str
    period_hint: str
    types: str
    names: str
    since: str
    clear: str
    count_of: str
    nothing: str
    quotable_means: str
    date: str
    title: str
    publisher: str
    type: str
    language: str
    quotable: str
    quotable_one: str
    quotable_many: str
    sort_by: str
    new: str
    more: str
    close: str
    not_a_date: str
    gone: str


_FR = typeset(
    CorpusStrings(
        tab="Corpus",
        heading="Les articles du corpus",
        search="Rechercher",
        search_hint="Titre, éditeur ou mots du texte",
        first="Paru depuis",
        last="Paru jusqu’à",
        period_hint="Année ou date",
        types="Type",
        names="Nom cité",
        since="Arrivés depuis ma dernière visite ({day})",
        clear="Effacer les filtres",
        count_of="{shown} sur {articles}",
        nothing="Aucun article ne répond à ces filtres.",
        quotable_means="Phrases citables : celles qu’une réponse peut citer mot pour mot.",
        date="Date",
        title="Titre",
        publisher="Source",
        type="Type",
        language="Langue",
        quotable="Phrases citables",
        quotable_one="1 phrase citable",
        quotable_many="{n} phrases citables",
        sort_by="Trier par {column}",
        new="nouveau",
        more="Afficher {n} articles de plus",
        close="Fermer",
        not_a_date="« {value} » n’est pas une date : écrivez une année, un mois ou un jour, comme 2025, mars 2025 ou 14/03/2025.",
        gone="Cet article n’est plus dans le corpus.",
    )
)
_EN = CorpusStrings(
    tab="Corpus",
    heading="The articles of the corpus",
    search="Search",
    search_hint="Title, publisher or words",
    first="Published since",
    last="Published until",
    period_hint="Year or date",
    types="Type",
    names="Name mentioned",
    since="Arrived since my last visit ({day})",
    clear="Clear the filters",
    count_of="{shown} of {articles}",
    nothing="No article fits these filters.",
    quotable_means="Quotable sentences: those that an answer can quote word for word.",
    date="Date",
    title="Title",
    publisher="Source",
    type="Type",
    language="Language",
    quotable="Quotable sentences",
    quotable_one="1 quotable sentence",
    quotable_many="{n} quotable sentences",
    sort_by="Sort by {column}",
    new="new",
    more="Show {n} more articles",
    close="Close",
    not_a_date="“{value}” is not a date: write a year, a month or a day, such as 2025, March 2025 or 14/03/2025.",
    gone="This article is no longer in the corpus.",
)
CORPUS_STRINGS: dict[Language, CorpusStrings] = {"fr": _FR, "en": _EN}
