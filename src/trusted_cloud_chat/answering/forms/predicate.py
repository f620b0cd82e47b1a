"""What a question's verb says: its stems, with those of words that say as much in the same place."""

from __future__ import annotations

import re

from trusted_cloud_chat.schema import Language
from trusted_cloud_chat.text import fold, lexical_tokens

AUXILIARY = frozenset("a ont est sont fut avait etait is are was were has have had".split())
MODAL = frozenset("peut peuvent doit doivent faut does do did can may must should".split())
_SKIPPED = frozenset(
    "deja enfin encore toujours officiellement bien vraiment ete etre already finally really officially been yet the le la les un une".split()
)


def _both(words: str) -> frozenset[str]:
    """Stems of words in either language."""
    return frozenset((*lexical_tokens(words), *lexical_tokens(words, "en")))


QUALIFIED = _both(
    "qualifié qualifiée qualification obtenu obtenue obtient obtenir décroché décrocher reçu reçue recevoir qualified obtained obtaining "
    "obtain received getting"
)
CERTIFIED = _both("certifié certifiée certification certified")
ADOPTED = _both("adopté adoptée votée voté adopts adopted passed")
_SAME_PREDICATE = (
    QUALIFIED,
    CERTIFIED,
    ADOPTED,
    _both("obligatoire oblige impose doit mandatory must require"),
    _both("détient possède own owns hold holds"),
    _both("interdit interdiction forbidden forbid ban"),
    _both("autorisé autorise permet allowed allow permit"),
    _both("valable valide vigueur valid"),
)
MOVED = _both(
    "quitté quittée sorti sortie migré migrée parti partie basculé basculée left leave moved migrated migrate"
)
"""No near synonyms: who moves to one leaves another."""


def predicate_of(verb: str, after: str, language: Language) -> frozenset[str]:
    """The verb's stems, or after an auxiliary those of the word that says something, with its near synonyms."""
    words = [verb]
    if verb in AUXILIARY | MODAL:
        said = [word for word in re.findall(r"[\w']+", after) if fold(word) not in _SKIPPED and len(word) > 2]
        # In English the subject comes first: only a participle or a known word is surely no part of it.
        telling = (w for w in said if language == "fr" or w.endswith("ed") or _known(stems_of(w, language)))
        words = [next(telling, ""), verb if verb in MODAL else ""]
    stems = stems_of(" ".join(words), language)
    return stems.union(*_grouped(stems))


def stems_of(words: str, language: Language) -> frozenset[str]:
    return frozenset(lexical_tokens(words, language, keep_stopwords=True))


def _grouped(stems: frozenset[str]) -> list[frozenset[str]]:
    return [group for group in _SAME_PREDICATE if group & stems]


def _known(stems: frozenset[str]) -> bool:
    return bool(_grouped(stems) or stems & MOVED)
