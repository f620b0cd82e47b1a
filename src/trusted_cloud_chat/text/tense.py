"""French verbs of what is to come, told by their endings in folded text: patterns to build others from."""

from __future__ import annotations

_STEMS = r"(?:er|ir|ur|rr|dr|[eoi]vr|ttr|aitr|mpr|ncr)"
"""How the stem of a future ends: « sera », « finira », « conclura », « pourra », « prendra », « devra », « mettra », « connaîtra »."""
_NAMES = r"camera|opera|vera|era|ecura|sierra|terra|andorra|laura|hydra|(?:s|alex|cass)andra|kendra"
"""Names and nouns that end like that; « Sopra » and « Clara » do not."""
_IMPERFECTS = r"(?:figur|assur|consider|liber|oper|ger|tir|retir|inspir|dur|mesur|structur|encadr)(?:ait|aient)"
FUTURE = rf"\b(?!(?:{_NAMES})\b)\w*{_STEMS}(?:a|ont)\b"
CONDITIONAL = rf"\b(?!{_IMPERFECTS}\b)\w*{_STEMS}(?:ait|aient)\b"
TO_COME = f"{FUTURE}|{CONDITIONAL}"
