"""Questions that are worded as statements, « Bleu est qualifié SecNumCloud ? », which ask for a yes or a no as « est-il » does."""

from __future__ import annotations

import re
from collections.abc import Sequence

from trusted_cloud_chat.entities import EntityBook, Mention
from trusted_cloud_chat.schema import Language
from trusted_cloud_chat.text import elides, fold_in_place, fold_verbs

_ASKED_WITH_A_WORD = re.compile(
    r"\b(?:que|qui|quoi|quels?|quelles?|quand|combien|comment|pourquoi|lequel|laquelle|lesquels|lesquelles|auquel|ou|dont|"
    r"who|whom|whose|what|when|where|which|why|how|or|that)\b|(?<=\w )if\b|\bqu'|-(?:t-)?(?:ils?|elles?|on|ce|je|tu|nous|vous)\b|"
    r"[:;\n]|[.!?] \w|^\W*(?:je|parle|dis|donne)\b|\w si\b|\bwhether\b|^\W*(?:date|annee|year|amount|number|share|reasons?|companies|services|part|prix|nombre|"
    r"montant|chiffre|liste|list|raisons?|motifs?|cout|cost|noms?|names?)\b|\b(?:a|de|par|du|des|pour|en|chez|to|by|from|with|for|of)\W*$"
)
"""Open questions, alternatives, inversions, more than one sentence, what names the thing asked for, and what is left unfinished."""
_OR_NOT = re.compile(r",? (?:oui ou non|ou (?:toujours )?pas(?: encore)?|ou non|yes or no|or not)(?=\W*$)")
_JOINS = re.compile(r"(?:^|\b(?:et|de|du|des|la|le|les|the|and|of|chez|pour|par|avec|with|by|que|selon)|[,'’(])\s*$")
"""What may stand before a name that is the subject of the verb after it, or part of it."""
_INVERTED = re.compile(
    r"\W*(?:and |so |but )?(?:is|are|was|were|has|have|had|does|do|did|will|can|must|should|may|could|would)\b|.*, (?:is|are|was|were|does|do|did|can|may) \w"
)
_OPENS = r"^\W*(?:(?:et|donc|alors|mais|du coup|ok|so|and|but)[ ,]+)*"
_NOT = r"(?:ne |n['’])?"
_ALSO = r"(?:aussi |bien |donc |deja |encore |toujours |enfin |still |already |now |also |really )?"
_PARTICIPLE = (
    r"(?:(?!(?:une|des|les|ses|ces|notre|votre)\b)\w+(?:ee?s?|ie?s?|ue?s?|aite?s?|ite?|ise?|erte?|eint|oint)\b)"
)
_SOMETHING = r"(?:une?|des|du|de|la|le|les|son|sa|ses|leurs?|besoin|droit|acces|lieu) |l'"
_STATES = (
    r"(?:est|sont|etai(?:t|ent)|sera|seront|peu(?:t|vent)|doi(?:t|vent)|va|vont|fait partie|font partie|avai(?:t|ent)|ont|"
    r"is|are|was|were|has|have|had|can|must|will)\b"
)
"""Verbs that no noun is written like: after them a statement goes on, whatever stands before."""
DOES = (
    r"(?:utilise|propose|heberge|possede|existe|concerne|permet|impose|oblige|interdit|autorise|garantit|protege|couvre|depend|appartient|"
    r"dispose|detien|applique|appuie|engage|adresse|oppose|respecte|accepte|remplace|beneficie|figure|suffit|"
    r"uses|offers|hosts|owns|exists|covers|requires|forbids|allows|protects|depends|belongs|applies)(?:nt|ent|t|nent)?\b"
)
"""Verbs that are looked for right after a name only."""
_STATEMENT = re.compile(
    rf"{_OPENS}(?:[\w'’.,&-]+ ){{1,7}}?{_NOT}(?:{_STATES}|a {_ALSO}(?:ete )?{_ALSO}{_PARTICIPLE}) ?\w"
)
_ITSELF = r"(?:s['’]|se |y |en |lui |leur )?"
_OF_A_NAME = re.compile(rf" ?{_NOT}{_ALSO}(?:(?:{_STATES}|a) {_ALSO}\w|{_ITSELF}{DOES})")
_OF_A_WORD = re.compile(
    rf" ?{_NOT}{_ALSO}(?:{_STATES} {_ALSO}\w|a {_ALSO}(?:{_PARTICIPLE}|{_SOMETHING}|\d)|{_ITSELF}{DOES})"
)
_CAPITALISED = re.compile(r"(?!(?:Name|Give|List|Show|Tell|Find)\b)[A-ZÀÂÉÈÊÎÔÛÇ][\w.-]*(?: [A-Z][\w.-]*)*")
"""Also a word that owes its capital to opening the question: if a verb follows, it is a subject."""
_NO_NAME = re.compile(
    r"^(?:Les?|La|Une?|Ils?|Elles?|Si|Ce|Cet|Cette|Ces|On|Mon|Ma|Mes|Notre|Nos|Votre|Vos|Plus|Moins|Tou(?:te)?s|The|It|They|If)\b|^[LS](?=[’'])"
)

_ASKS = r"\b(?:qu[ie]|quoi|quel(?:le)?s?|quand|combien|comment|pourquoi|\w*quel(?:le)?s?|dont|si)\b|\bqu'"
_A_VERB = r"-(?:t-)?(?:ils?|elles?|ce)\b|\bn'|\b(?:a|ont|va|vont|est|sont|suis|etai(?:t|ent)|avai(?:t|ent)|fait|font|rachete\w*|impose\w*|quitte\w*|lance\w*|ouvre\w*|devien\w+)\b"
_OUT_IN_FRONT = re.compile(
    rf"^(?P<subject>(?:(?!{_ASKS}|{_A_VERB}|\bou\b)[^,?;:]){{2,80}}),? "
    r"(?:(?P<who>ils?|elles?) (?P<verb>est|sont|a|ont|peut|peuvent|doit|doivent|va|vont)|"
    r"(?P<it>c'est)(?= (?:(?:toujours|encore|deja|vraiment|enfin|une?) )*(?!(?:vrai|exact|faux|juste|correct|confirme|acte|decide|officiel|nouveau|rumeur|bien|beaucoup|fait|bon|"
    r"d[eu]|des|l[ae]s?|au|aux|en|sur|par|pour|chez|tout|ce)\b)[^\W\d])) "
    rf"(?P<rest>(?:(?!{_ASKS}|\bou\b)[^?])+?)(?P<other>,? (?:oui )?ou (?:alors |bien )?(?:on|c'est|ils?|elles?|ca|toujours|encore|pas|non)\b(?:(?!{_ASKS})[^?])*)?\s*\?*\s*$"
)
"""« Le CADA, il est voté ? », « NIS2, c’est transposé ou on attend encore ? »; of a text in which « à » is told from « a »."""
_DETERMINED = re.compile(r"(?:l[ae]s?|ce|cet|cette|ces|mon|ma|mes|notre|nos|leurs?|son|sa|ses|une?) |l'")
_ACRONYM = re.compile(r"\w*(?:[A-Z]\w*[A-Z]|\d)\w*\b")
_MANY = re.compile(r"(?:les|des|ces|ses|leurs|nos|vos)\b|.*\bet\b")
_SHE = re.compile(r"(?:la|une|cette|sa) ")


def with_inversion(text: str, entities: EntityBook) -> str:
    """« Le CADA, il est voté ? » → « Le CADA est-il voté ? »; anything else as it is.

    A subject opens the question: it has an article or a name. « Copilot chez Bleu, ils ont donné une échéance ? » is of others, « La
    migration, c’est fini ? » would be wrong French, « S3NS, c’est Thales ? » asks who it is, « Finalement, il est qualifié ? » who was spoken of.
    """
    folded = fold_verbs(text)
    found = _OUT_IN_FRONT.match(folded)
    if found is None:
        return text
    if not (_DETERMINED.match(folded) or _ACRONYM.match(text) or any(m.start == 0 for m in entities.find(text))):
        return text
    many, subject = bool(_MANY.match(found["subject"])), text[: found.end("subject")]
    if found["it"]:
        if many or _SHE.match(found["subject"]) or text[found.start("rest")].isupper():
            return text
        verb, who = "est", "il"
    else:
        verb, who = found["verb"], found["who"]
        if many != who.endswith("s") or "," not in text[found.end("subject") : found.start("who")]:
            return text
    link = "-t-" if verb.endswith("a") else "-"
    return f"{subject} {verb}{link}{who} {text[found.start('rest') : found.end('rest')].rstrip()} ?"


def asks_by_statement(text: str, mentions: Sequence[Mention]) -> bool:
    """Whether the question says what it wants to have confirmed.

    A name that is known or has a capital opens it and its verb follows, or it ends with a question mark and has a verb that can be
    nothing else. « Appel à projets de 2024 : dernier jour ? », « montant de l’amende infligée à OVH » and “companies Bleu has signed
    with” name what they ask for.
    """
    folded = _OR_NOT.sub("", fold_in_place(text))
    if _ASKED_WITH_A_WORD.search(folded) or _INVERTED.match(folded):
        return False
    opening = re.match(rf"{_OPENS}(?:(?:le|la|les|the) |l['’])?", folded)
    start, plain = opening.end() if opening else 0, fold_verbs(text)
    ends = [mention.end for mention in mentions if mention.start == start]
    if ends and _OF_A_NAME.match(plain, max(ends)):
        return True
    if any(_OF_A_NAME.match(plain, m.end) and not _JOINS.search(plain[: m.start]) for m in mentions):
        return False
    if (name := _CAPITALISED.match(text, start)) and _OF_A_WORD.match(plain, name.end()):
        return True
    return folded.rstrip().endswith("?") and _STATEMENT.match(plain) is not None


def confirming(text: str, language: Language) -> str:
    """The statement as an open question for the same: « Est-ce que Bleu est qualifié ? », “Is it true that Bleu is qualified?”."""
    opening = re.match(_OPENS, fold_in_place(text))
    text = _OR_NOT.sub("", text)
    said = _NO_NAME.sub(lambda match: match.group().lower(), text[opening.end() :] if opening else text)
    if language == "en":
        return f"Is it true that {said}"
    said = re.sub(r"^[Yy] a\b", "il y a", said)
    return f"Est-ce {'qu’' if elides(said) else 'que '}{said}"
