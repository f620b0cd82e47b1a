"""« Quand le Health Data Hub quittera-t-il Microsoft ? » → « Quand … doit-il quitter Microsoft ? ».

Articles tell of what is to come as due: embedder and reader find it oftener so, and believe less in what nobody announced.
"""

from __future__ import annotations

import re

_ASKED = re.compile(
    r"\b(?P<itself>s(?:e |['’]))?(?P<stem>[a-zàâçéèêëîïôûù]+r)(?P<plural>a|ont)-(?:t-)?(?P<who>ils?|elles?|on)\b",
    re.IGNORECASE,
)
_BOUND = re.compile(r"(?:\b(?:ne|y|en|le|la|les|lui|leur|me|te|nous|vous|se)|\b[nlmts]['’])\s*$", re.IGNORECASE)
"""A pronoun before the verb, which would have to follow it: « n’aura-t-il plus »."""
_INFINITIVES = {
    "ser": "être",
    "aur": "avoir",
    "fer": "faire",
    "ir": "aller",
    "pourr": "pouvoir",
    "verr": "voir",
    "enverr": "envoyer",
    "saur": "savoir",
    "voudr": "vouloir",
    "vaudr": "valoir",
    "acquerr": "acquérir",
    "courr": "courir",
    "dir": "dire",
    "interdir": "interdire",
    "contredir": "contredire",
    "lir": "lire",
}
_BY_ENDING = ((r"(t|v)iendr$", r"\1enir"), (r"cevr$", "cevoir"), (r"(?:(?<=[dtpv])|(?<=ui)|(?<=cri))r$", "re"))
"""« tiendr- » is « tenir », « recevr- » « recevoir », « prendr- » « prendre », « conduir- » « conduire »."""
_NO_VERB = frozenset({"devr", "faudr"})
"""« Devra » is due already, « faudra » has no subject."""


def as_announced(text: str) -> str:
    """A question whose verb is in the future, asked of what is due; any other as it is."""
    found = _ASKED.search(text)
    if found is None or found["stem"].lower() in _NO_VERB or _BOUND.search(text[: found.start()]):
        return text
    due = "doivent" if found["plural"].lower() == "ont" else "doit"
    due = due.capitalize() if found.group()[0].isupper() else due
    return f"{text[: found.start()]}{due}-{found['who']} {found['itself'] or ''}{_infinitive(found['stem'].lower())}{text[found.end() :]}"


def _infinitive(stem: str) -> str:
    if stem in _INFINITIVES:
        return _INFINITIVES[stem]
    for ending, instead in _BY_ENDING:
        if re.search(ending, stem):
            return re.sub(ending, instead, stem)
    return stem
