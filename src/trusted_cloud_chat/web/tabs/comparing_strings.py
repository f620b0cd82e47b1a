"""What the tab « Comparer » says, in French and English."""

from __future__ import annotations

from dataclasses import dataclass

from trusted_cloud_chat.schema import Language
from trusted_cloud_chat.web.string_table import typeset


@dataclass(frozen=True, slots=True)
class ComparingStrings:
    """The texts of one language; `{name}` is filled in by the caller."""

    tab: str
    title: str
    intro: str
    how: str
    begin: str
    pair: str
    names: str
    criteria: str
    as_of: str
    as_of_hint: str
    compare: str
    searching: str
    csv: str
    too_few: str
    too_many: str
    no_criterion: str
    heading: str
    as_of_told: str
    criterion: str
    not_found: str
    nothing: str
    open: str
    file: str
    columns: tuple[str, ...]
    """Of the file: criterion, name, quote, publisher, date, title, address, article, version, start, end."""


_FR = typeset(
    ComparingStrings(
        tab="Comparer",
        title="Comparer des noms",
        intro="De deux à cinq noms côte à côte, critère par critère. Une case n’est remplie que par une phrase des articles qui parle de ce nom et de ce critère ; elle ouvre l’article à cette phrase.",
        how="Choisissez au moins deux noms, gardez les critères qui vous intéressent, puis « Comparer ».",
        begin="Pour commencer, des noms dont les articles parlent souvent ensemble :",
        pair="{one} et {other}",
        names="Noms (de deux à cinq)",
        criteria="Critères",
        as_of="À la date du",
        as_of_hint="Aujourd’hui",
        compare="Comparer",
        searching="Recherche dans les articles : {names} noms, {criteria} critères…",
        csv="Exporter en CSV",
        too_few="Choisissez au moins deux noms.",
        too_many="Choisissez cinq noms au plus.",
        no_criterion="Choisissez au moins un critère.",
        heading="{names} : comparaison",
        as_of_told="À la date du {day} : rien de ce qui est paru après n’est lu.",
        criterion="Critère",
        not_found="non trouvé",
        nothing="Les articles ne disent rien de ces noms sur ces critères.",
        open="Lire la citation dans l’article : {title}",
        file="comparaison",
        columns=(
            "critère",
            "nom",
            "citation",
            "source",
            "date",
            "titre",
            "adresse",
            "article",
            "version",
            "début",
            "fin",
        ),
    )
)
_EN = ComparingStrings(
    tab="Compare",
    title="Compare names",
    intro="Two to five names side by side, criterion by criterion. A cell is filled only by a sentence of the articles that is about this name and this criterion; it opens the article at that sentence.",
    how="Choose at least two names, keep the criteria that matter to you, then “Compare”.",
    begin="To begin with, names that the articles often tell of together:",
    pair="{one} and {other}",
    names="Names (two to five)",
    criteria="Criteria",
    as_of="As of",
    as_of_hint="Today",
    compare="Compare",
    searching="Searching the articles: {names} names, {criteria} criteria…",
    csv="Export CSV",
    too_few="Choose at least two names.",
    too_many="Choose five names at most.",
    no_criterion="Choose at least one criterion.",
    heading="{names}: comparison",
    as_of_told="As of {day}: nothing published later is read.",
    criterion="Criterion",
    not_found="not found",
    nothing="The articles say nothing of these names by these criteria.",
    open="Read the quote in its article: {title}",
    file="comparison",
    columns=("criterion", "name", "quote", "source", "date", "title", "address", "article", "version", "start", "end"),
)
COMPARING_STRINGS: dict[Language, ComparingStrings] = {"fr": _FR, "en": _EN}
