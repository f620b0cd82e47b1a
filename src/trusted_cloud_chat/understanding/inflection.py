"""Number and word order that a rewritten question wants: « sont-ils qualifiés » → « est-il qualifié », « ça coûte » → « coûte X »."""

from __future__ import annotations

import re

from trusted_cloud_chat.schema import Language
from trusted_cloud_chat.text import fold_in_place

_ONE = {
    "ont": "a", "sont": "est", "vont": "va", "font": "fait", "peuvent": "peut", "doivent": "doit", "veulent": "veut", "disent": "dit",
    "savent": "sait", "prévoient": "prévoit", "croient": "croit", "reçoivent": "reçoit", "détiennent": "détient", "tiennent": "tient",
    "viennent": "vient", "obtiennent": "obtient", "prennent": "prend", "vendent": "vend", "perdent": "perd", "répondent": "répond",
    "dépendent": "dépend", "attendent": "attend", "choisissent": "choisit", "fournissent": "fournit", "investissent": "investit",
    "permettent": "permet", "promettent": "promet", "mettent": "met", "suivent": "suit", "servent": "sert",
}  # fmt: skip
"""Plural forms of verbs and their singular; those in « -ent » that are not here are « -e »."""
_ENDS = (
    ("aient", "ait"), ("ront", "ra"), ("aissent", "aît"), ("issent", "it"), ("iennent", "ient"), ("prennent", "prend"),
    ("mettent", "met"), ("mandent", "mande"), ("ndent", "nd"), ("uisent", "uit"), ("ignent", "int"), ("ent", "e"),
)  # fmt: skip
_ADJECTIVE = re.compile(r"(?:ée?|[iu]e?|el(?:le)?|[ai]l|ive?|if|[ai]ble|aire|erte?|ête?)$")
"""What agrees with a subject: « qualifié », « détenu », « rentable »; « en », « vraiment », « français » stay as they are."""
_ENDS_IN_S = re.compile(r"(?:mis|pris|quis|puis|sis|cis|ais|ois)$")
_MANY = {one: many for many, one in _ONE.items()}
_PLURAL_VERB = re.compile(r"(?P<verb>[\w’']+)-(?P<who>ils|elles)\b")
_SINGULAR_VERB = re.compile(r"(?P<verb>[\w’']*?\w+)-(?:t-)?(?P<who>il|elle)\b")
_TOLD = re.compile(
    r"(?P<lead>(?: (?:pas|plus|déjà|encore|toujours|vraiment|aussi|bien|été|aujourd[’']hui))*)(?P<all> tous(?: les)?(?: deux)?)?(?P<told> [^\W\d]+)?"
)
"""What is told of the subject after « sont-ils », « ont-ils été »."""  # fmt: skip
_AGREES = re.compile(r"(?:est|était|sera|serait|sont|étaient|seront|seraient)$")
_HAS_BEEN = re.compile(r"(?: (?:pas|plus|déjà|encore))* été ")
_ENGLISH_ONE = {"are": "is", "were": "was", "have": "has", "do": "does"}
_ENGLISH_MANY = {one: many for many, one in _ENGLISH_ONE.items()}
_THEY_ARE = re.compile(r"\b(?P<who>ils|elles) (?P<verb>(?:n[’'])?(?!\w+-)\w+)(?P<told> [^\W\d]+)?", re.IGNORECASE)
_ASKED_WITH = re.compile(
    r"(?P<word>\W*(?:combien(?: de temps)?|comment|ou|quand|pourquoi|depuis quand|jusqu'a quand|(?:a|de|sur|en) quoi|a qui)) (?:ca|cela) "
    r"(?P<verb>(?:(?:s'|l'|y )|(?:se|me|leur|lui) )?(?!(?:ne|le|la|les|te|nous|vous|en)\b)\w+)(?P<rest>\W*| .*)"
)
_SHE = re.compile(r"(?:la|une|cette|sa) ")


def in_number(told: str, language: Language, *, several: bool) -> str:
    """« ont-ils été créés ? » → « a-t-il été créé ? », “are they” → “is they”; the other way round where `several`."""
    if language == "en":
        swaps = _ENGLISH_MANY if several else _ENGLISH_ONE
        return re.sub(r"\w+", lambda word: _cased(word.group(), swaps), told, count=1)
    found = (_SINGULAR_VERB if several else _PLURAL_VERB).search(told)
    verb = _inflected(found["verb"], several=several) if found else None
    if found is None or verb is None:
        return told
    who = f"{found['who']}s" if several else found["who"][:-1]
    said = f"{verb}{'-' if several else link(verb)}{who}"
    after = told[found.end() :]
    if (_AGREES.search(verb.lower()) or _HAS_BEEN.match(after)) and (then := _TOLD.match(after)) and then["told"]:
        kept = then["all"] or "" if several else ""
        after = f"{then['lead']}{kept}{_told_of(then['told'], several=several)}{after[then.end() :]}"
    return f"{told[: found.start()]}{said}{after}"


def with_they_as_one(asked: str, language: Language) -> str:
    """« Combien de clients ont-ils ? » → « … a-t-il ? », “do they have” → “does it have”, where « ils » is one company."""
    if language == "fr":
        return _THEY_ARE.sub(_it_is, in_number(asked, "fr", several=False))
    verb = r"\b(?P<verb>are|were|have|do) they\b"
    said = re.sub(verb, lambda found: f"{_cased(found['verb'], _ENGLISH_ONE)} it", asked, count=1, flags=re.IGNORECASE)
    return re.sub(r"\b(?:they|them)\b", "it", said)


def in_the_place_of_this(asked: str, subject: str) -> str | None:
    """« combien ça coûte ? » → « Combien coûte SecNumCloud ? », « pourquoi ça coûte cher ? » → « Pourquoi SecNumCloud coûte-t-il cher ? »."""
    found = _ASKED_WITH.fullmatch(fold_in_place(asked))
    if found is None:
        return None
    word, verb, rest = (asked[slice(*found.span(name))] for name in ("word", "verb", "rest"))
    word = capital(word)
    if not found["word"].endswith("pourquoi") and not re.search(r"\w", rest):
        return f"{word} {verb} {subject}{rest}"
    if not verb.endswith(("e", "a", "t", "d")):
        return None
    return f"{word} {subject} {inverted(verb, she=_SHE.match(subject) is not None)}{rest}"


def _it_is(found: re.Match[str]) -> str:
    """« ils sont rentables » → « il est rentable »."""
    verb, told = _inflected(found["verb"], several=False), found["told"] or ""
    if verb is None:
        return found.group()
    return f"{found['who'][:-1]} {verb}{_told_of(told, several=False) if _AGREES.search(verb) else told}"


def capital(said: str) -> str:
    """With a capital at its head."""
    return said[:1].upper() + said[1:]


def inverted(verb: str, *, she: bool = False) -> str:
    """« dirige » → « dirige-t-il »."""
    return f"{verb}{link(verb)}{'elle' if she else 'il'}"


def link(verb: str) -> str:
    """What stands between a verb and « il »: « est-il », « a-t-il »."""
    return "-" if verb[-1] in "td" else "-t-"


def _inflected(verb: str, *, several: bool) -> str | None:
    """« n’ont » → « n’a », « comptent » → « compte »; None where the form is not known."""
    lead = re.match(r"(?:[nsl][’'])?", verb)
    assert lead is not None
    ahead, form = lead.group(), verb[lead.end() :]
    said = form.lower()
    if several:
        many = _MANY.get(said)
        if many is None:
            ends = (("ait", "aient"), ("ra", "ront"), ("e", "ent"))
            many = next((said[: -len(one)] + end for one, end in ends if said.endswith(one)), None)
        turned = many
    else:
        turned = _ONE.get(said) or next((said[: -len(many)] + end for many, end in _ENDS if said.endswith(many)), None)
    return None if turned is None else ahead + (turned.capitalize() if form[0].isupper() else turned)


def _told_of(word: str, *, several: bool) -> str:
    """« qualifié » → « qualifiés », and back."""
    if several:
        return f"{word}s" if _ADJECTIVE.search(word) else word
    return word[:-1] if word.endswith("s") and _ADJECTIVE.search(word[:-1]) and not _ENDS_IN_S.search(word) else word


def _cased(word: str, swaps: dict[str, str]) -> str:
    turned = swaps.get(word.lower(), word)
    return turned.capitalize() if word[0].isupper() else turned
