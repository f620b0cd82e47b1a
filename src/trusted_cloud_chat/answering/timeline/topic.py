"""What a question is about beside the names in it: its stems, those of one kind as one, and how many of them a text has."""

from __future__ import annotations

import re
from collections.abc import Collection

from trusted_cloud_chat.retrieval.rarity import rarity
from trusted_cloud_chat.schema import Language
from trusted_cloud_chat.text import cognates, content_words, fold, lexical_tokens

FRAME = frozenset(
    lexical_tokens(
        "aujourd'hui actuellement désormais maintenant date échéance calendrier annonce annoncer annoncé fil évoluer évolué évolution "
        "finalement final exactement dernières nouvelles changer changé glisser glissé bouger bougé historique quand depuis état statut situation combien nombre oui non déjà encore toujours prévu "
        "prévue attendu attendue partir pourra donner dernier dernière montant part pourcentage trimestre trimestriel semestre semestriel annuel"
    )
    + lexical_tokens("today currently now finally exactly news date schedule status when since how many much latest expected due figure number share quarter quarterly annual", "en")
)  # fmt: skip
"""Stems that ask rather than tell what is asked about."""
STATE_WORDS: dict[Language, frozenset[str]] = {
    "fr": frozenset(
        lexical_tokens(
            "obtenu obtenue obtenir décroché décrocher reçu eu avoir détient possède dispose avancement stade fini finir attend attendre "
            "expire expirer expiration arrive arriver échéance terme valable valide validité jusque renouveler renouvelée "
            "table tabler nouvelles"
        )
    ),
    "en": frozenset(
        lexical_tokens(
            "stand obtained obtain received got get hold have stage progress finally wait waiting expire expires expiry valid "
            "until run runs lapse renewal renewed end",
            "en",
        )
    ),
}
"""Stems with which the state of a qualification is asked for, or until when it holds."""
STEP_WORDS: dict[Language, frozenset[str]] = {
    "fr": frozenset(
        lexical_tokens("jalon jalons étape franchi franchir passé passer validé valider atteint atteindre")
    ),
    "en": frozenset(lexical_tokens("milestone milestones step passed pass reached reach cleared achieved", "en")),
}
"""Stems with which it is asked which milestones are passed."""
OWNING: dict[Language, frozenset[str]] = {
    "fr": frozenset(
        lexical_tokens("détient détenir détenu détenue possède posséder appartient capital actionnaire majoritaire contrôle actions")
    ),
    "en": frozenset(lexical_tokens("own owned owns hold slice piece share shareholder stake capital part percentage majority control", "en")),
}  # fmt: skip
"""Stems with which it is asked who owns whom."""
_HOLDERS: dict[Language, frozenset[str]] = {
    "fr": frozenset(lexical_tokens("fournisseurs prestataires hébergeurs acteurs entreprises sociétés opérateurs")),
    "en": frozenset(lexical_tokens("providers vendors companies hosts operators", "en")),
}
"""Stems of those who are counted under any of these words: « cinq prestataires », « neuf entreprises »."""
_HOLDER = "holder"
_MOVING: dict[Language, frozenset[str]] = {
    "fr": frozenset(
        lexical_tokens(
            "quitter quittera sortir sortie migrer migration basculer bascule transférer transfert passage rejoindre départ déménager déménagement"
        )
    ),
    "en": frozenset(
        lexical_tokens("leave leaving migrate migration move moved moving transfer switch departure", "en")
    ),
}
"""Stems of going from one to another, which a date may be told of with either of them."""
MOVE = "move"
_PASSES_TO = re.compile(
    r"\bpass(?:e|ee|es|ees|er|era|eront|ait)(?:-t)?(?:-(?:il|elle|ils|elles))? (?:a |chez |vers |sur |au |aux )"
)
"""« Passée à Microsoft 365 » moved; « en passant par l’UGAP » did not."""
_PASS = lexical_tokens("passer")[0]


def topic_of(text: str, language: Language, named: set[str], capitalised: set[str]) -> dict[str, float]:
    """Rarity of each stem of the question that is neither a name nor asks; of a move not where from or where to."""
    stems = [t for t in lexical_tokens(text, language) if t not in named and t not in FRAME and not t.isdigit()]
    if _MOVING[language] & set(stems):
        stems = [stem for stem in stems if stem not in capitalised]
    topic = {_kind(stem, language): rarity(stem) for stem in stems}
    if _PASS in topic and _PASSES_TO.search(fold(text)):
        topic = {stem: weight for stem, weight in topic.items() if stem not in capitalised | {_PASS}} | {
            MOVE: topic[_PASS]
        }
    return topic


def _kind(stem: str, language: Language) -> str:
    """The stem, or what stands for all of its kind."""
    return _HOLDER if stem in _HOLDERS[language] else MOVE if stem in _MOVING[language] else stem


def kinds_of(text: str, language: Language) -> frozenset[str]:
    """The stems of a text, those of one kind as one."""
    kinds = frozenset(_kind(stem, language) for stem in content_words(text, language))
    return kinds | {MOVE} if _PASSES_TO.search(fold(text)) else kinds


def told_in(topic: Collection[str], text: str, language: Language, asked: Language) -> frozenset[str]:
    """The stems of a question's topic that a text has; in the other language those that begin alike: “qualified”, « qualifié »."""
    stems = content_words(text, language) | kinds_of(text, language)
    return frozenset(topic) & stems | (cognates(topic, stems) if language != asked else frozenset())


def share_of(topic: dict[str, float], text: str, language: Language, asked: Language) -> float:
    """Share of the topic of a question, by rarity, that a text has."""
    told = told_in(topic, text, language, asked)
    return sum(weight for stem, weight in topic.items() if stem in told) / sum(topic.values())
