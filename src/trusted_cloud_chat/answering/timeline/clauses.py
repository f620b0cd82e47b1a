"""Where a sentence may turn to another subject, and which of the names in it holds nothing."""

from __future__ import annotations

import re

CONTRAST = r";|,?\s+(?:alors que|tandis que|mais|while|whereas|but)\b"
_CLAUSE = re.compile(rf"\s*(?:{CONTRAST}|,\s+(?=[A-ZÉÈ])|\s+(?:et|and)\s+(?=[A-Z]\w+\s+n(?:e\b|[’'])))\s*")
"""Where another subject may begin."""
OF_SOURCE = re.compile(
    r"^(?:l'information|l'article|cet article|les? (?:meme )?(?:dossier|article|page)s?|cet? (?:objectif|chiffre)\w*) (?:(?!\d)\w+ )?"
    r"(?:figure dans (?:une? |le |la )(?:dossier|article|etude|fichier|page|note|rapport)|provien|vien(?:t|nent) d(?:u |'une? |e la |es )|est tiree? d|date\b)|"
    r"^la page de [\w.]+ (?:date\b|a ete mise a jour)|^le site [\w.-]+ (?:reproduit|reprend) c(?:et?|ette|es) (?:\w+ )?\w+(?: sur une page[^,;]*)?\W*$|\breported (?:his|her|their|the) (?:remarks|words|comments)\b"
)
"""Tells where something was read, which answers nothing by itself; of a folded sentence."""
NOT_HOLDER = re.compile(
    r"\b(?:hebergement|infrastructure|client|heberge|s'appuie|repose)\w*\s(?:\w+\s)?(?:d'|de |chez |sur )$"
)


def clauses(text: str) -> list[str]:
    """The parts of a sentence that may each be about another subject."""
    return [part for part in _CLAUSE.split(text) if part]
