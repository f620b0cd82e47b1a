"""What doctor finds, in French: its own words are English, as those of every command."""

from __future__ import annotations

from dataclasses import dataclass

from trusted_cloud_chat.doctor import Name
from trusted_cloud_chat.web.string_table import typeset


@dataclass(frozen=True, slots=True)
class Finding:
    """Of one thing that is looked at: its name, what a fault of it is and what advice about it says, each with what to do."""

    title: str
    fault: str
    advice: str = ""
    values: bool = False
    """Whether what is found where all is well is no sentence: a version, a folder."""


_UNSEEN = "N’a pas pu être regardé : lancez la commande, ou voyez le journal du serveur."
_FINDINGS: dict[Name, Finding] = {
    "version": Finding("Version", _UNSEEN, values=True),
    "packages": Finding(
        "Bibliothèques",
        "Il en manque, ou un autre programme en a installé une version qui ne convient pas : réinstallez.",
        values=True,
    ),
    "settings": Finding("Réglages", "Un réglage TCC_… n’est pas valable : corrigez-le, puis relancez.", values=True),
    "corpus": Finding("Dossier du corpus", "Le dossier ne peut pas être lu : créez-le, ou indiquez-en un autre."),
    "embedder": Finding("Modèle d’indexation", "Il ne peut pas être chargé : reprenez celui d’origine.", values=True),
    "reranker": Finding("Modèle de relecture", "Il ne peut pas être chargé : répondez sans lui, ou changez-en."),
    "index": Finding("Index", "L’index manque, ne peut pas être lu ou n’est pas entier : réparez-le."),
    "stores": Finding("Parties de l’index", "Catalogue, vecteurs et mots ne se correspondent plus : réparez l’index."),
    "orphans": Finding(
        "Restes dans l’index",
        _UNSEEN,
        "Il reste des passages sans article, ou des articles qu’un passage interrompu avait commencés. Aucune question ne les "
        "voit ; faites-les enlever.",
    ),
    "embedder of the index": Finding(
        "Modèle et index",
        "L’index a été fait avec un autre modèle ou d’autres réglages : refaites-le, ou reprenez les anciens.",
    ),
    "form of the index": Finding(
        "Forme de l’index",
        _UNSEEN,
        "Une version antérieure l’a écrit : la prochaine mise à jour le refera, et gardera une copie de l’ancien.",
    ),
    "leftovers": Finding(
        "Dossiers abandonnés",
        _UNSEEN,
        "Un passage interrompu ou un index remplacé a laissé des dossiers : faites-les enlever.",
    ),
    "articles": Finding("Articles", "Les articles ne peuvent pas être lus : réparez l’index."),
    "dates": Finding(
        "Dates",
        _UNSEEN,
        "Des articles n’ont pas de date : une réponse « à la date du » les laisse de côté. Ajoutez date à leur en-tête ou à "
        "NOM.meta.yaml, puis mettez l’index à jour.",
    ),
    "enrichment": Finding(
        "Enrichissement",
        _UNSEEN,
        "Des articles n’ont pas d’enrichissement, ou le leur date d’avant une modification. Écrivez-le à la main, ou avec un modèle "
        "de langage : « trusted-cloud-chat enrich ».",
    ),
    "publishers": Finding(
        "Éditeurs",
        _UNSEEN,
        "Des articles n’ont pas d’éditeur, à quoi l’on juge une citation. Ajoutez publisher à leur en-tête ou à NOM.meta.yaml, "
        "puis mettez l’index à jour.",
    ),
    "addresses": Finding(
        "Adresses",
        _UNSEEN,
        "Des articles n’ont pas d’adresse que l’on puisse ouvrir. Ajoutez url à leur en-tête ou à NOM.meta.yaml, puis mettez "
        "l’index à jour.",
    ),
    "sources": Finding(
        "Sources",
        _UNSEEN,
        "Des articles reposent sur des sources sans adresse, ou disent eux-mêmes qu’aucune autre source ne les confirme. "
        "Ajoutez une source sous sources, puis mettez l’index à jour.",
    ),
    "near-duplicates": Finding(
        "Quasi-doublons",
        _UNSEEN,
        "Des articles sont presque le même texte : retirez-en un de chaque paire (un article du corpus, en supprimant son fichier).",
    ),
    "pages": Finding(
        "Pages",
        _UNSEEN,
        "De certaines pages, moins de 80 % du texte a été pris : enregistrez à côté, en texte, ce qui manque.",
    ),
    "freshness": Finding(
        "Fraîcheur", _UNSEEN, "L’article le plus récent est ancien, ou aucun n’a de date : ajoutez-en de plus récents."
    ),
    "disk": Finding(
        "Place sur le disque",
        "Il n’y a plus la place d’une mise à jour : libérez-en.",
        "Il n’y a pas la place de refaire l’index, qui demande deux fois la sienne : libérez-en.",
    ),
    "answers": Finding("Réponses", "Noms, marché ou lecteur ne peuvent pas être chargés : corrigez leurs réglages."),
    "language model": Finding("Modèle de langage", "Il ne répond pas ou ne peut pas être chargé : répondez sans lui."),
    "second opinion": Finding(
        "Second avis", "Il ne peut pas être chargé : corrigez TCC_SECOND_OPINION, ou laissez-le vide."
    ),
    "tracing": Finding("Traces", _UNSEEN),
    "on this machine": Finding("Modèles de cette machine", _UNSEEN),
}
FINDINGS = {name: typeset(finding) for name, finding in _FINDINGS.items()}
