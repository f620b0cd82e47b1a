"""A definition: the sentence that says « X est… », « X désigne… » or « X, qualification créée par… » comes first."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from trusted_cloud_chat.answering.defined_term import (
    ASKS_MEANING,
    BODY,
    CODE,
    KIND,
    is_to_be_defined,
    name_to_define,
    quoted_terms,
    terms_to_define,
    unknown_acronym,
)
from trusted_cloud_chat.answering.selection import Selected
from trusted_cloud_chat.entities import EntityBook, Mention, with_marks
from trusted_cloud_chat.schema import Language
from trusted_cloud_chat.text import fold, fold_in_place, lexical_tokens
from trusted_cloud_chat.understanding import Understanding

_MEMBERS = r"(?:les |ses )(?:grandes? |petites? )?(?:entreprises|societes|acteurs|membres|professionnels|industriels|interets|\w+eurs)\b"
"""Those whom an association stands for: « représente l’avenir du cloud » tells of none."""
_DEFINES = (
    rf"[^.;:,]{{0,40}}?\b(?:(?<! en )est (?:une? |le |la |l'|ce )|(?<!\bete )(?<!\best )designe|signifie|correspond a|consiste a|regroupe|represente {_MEMBERS}|definit|"
    r"is (?:an? |the )|means|refers to|stands for)"
)
_ARTICLES = {"fr": r"(?:le |la |l'|les |une? )", "en": r"(?:the |an? )"}
"""« d'Outscale, a pris part » has no English article."""
_WORDS = r"(?:(?!aucune?\b|no\b|ou\b|et\b|or\b|and\b)[\w'-]+ ){0,2}?"
_IN_A_ROW = r"(?<!\bet )(?<!\bou )(?<!, )(?<!\bcomme )(?<!\bdevant )(?<!\band )"
"""« comme OVHcloud et Outscale, l'un des 22 membres » defines neither."""
SUBJECT = rf"(?:^|[.,;:«(] ?|\bqu(?:e |'))(?:(?:le |la |l'|les |une? |the |an? )(?:{KIND} )?|{KIND} )?(?:« ?)?(?<!\w)"
"""What stands before a name of which its sentence or clause says something: « avec NIS2, le nombre… » says nothing of NIS2."""
_NO_OBJECT = r"(?<!\bavec )(?<!\bchez )(?<!\bpour )(?<!\bselon )(?<!\bdans )(?<!\bwith )(?<!\bfor )(?<!\bunder )"
_ANNOUNCES = re.compile(
    r"\b(?:detaille|resume|recense|presente|decrit|details|describes|sums up) (?:\w+ ){0,5}(?:ce qui (?:change|a change)|what (?:changes|has changed))|"
    r"\b(?:dit|dire|definit|definissent|precise|explique|says|defines|explains) (?:\w+ ){0,2}(?:ce qu|what)|\b(?:cree|introduit|ajoute|creates|introduces|adds) (?:aussi|egalement|also)\b"
)
_EXPLAINS = re.compile(r"\b(?:signifi\w*|designe\w*|nommee?s?|correspond\w*|means?|called|named|denotes?)\b")
_USES_THE_TERM = re.compile(
    r"\b(?:emploie\w*|utilise\w*|use[sd]?|reprend) (?:aussi )?(?:le |un |the |a )(?:terme|mot|term|word)\b"
)
"""« Gartner emploie le terme de « géopatriation » » tells nothing of what it means."""
_LONGEST_NAME = 8
"""Words that an acronym may stand for."""
_OPENING = 4
"""Characters, an article, before a name that opens its sentence."""


def _apposition(language: Language) -> str:
    return rf"(?P<first>, (?:{_ARTICLES[language]}[a-z]|{KIND}\b)| \((?!\d)[a-z])"


def _sure(kind: str, language: Language) -> str:
    """A pattern of a sentence that says what @ is; `kind` is a pattern of what it may be."""
    article = _ARTICLES[language]
    return (
        rf"{SUBJECT}@(?:[^.;:,]{{0,20}}?\b(?:(?:est|is) {article}|(?:devient|becomes) (?:une? |an? )){_WORDS}{kind}\b|[^.;:,]{{0,10}}?(?<!\bete)(?<!\best) (?:designe|signifie|stands for)\b)|"
        rf"(?<!\w){_NO_OBJECT}@, {article}?{_WORDS}{kind}\b|"
        rf"(?:^|[.;:,] ){article}{kind} @ (?:est nee? d|reunit|rassemble|regroupe|brings together)|"
        rf"{SUBJECT}@ (?:represente|federe) {_MEMBERS}"
    )


def _called(language: Language) -> str:
    """« L’association CISPE, qui compte AWS parmi ses membres… »: what @ is called in passing, where nothing says more."""
    return rf"(?:^|[.;:,] ){_ARTICLES[language]}(?:association|agence|autorite|consortium|groupement|agency|regulator) @, (?:qui|dont|which|that)\b"


_PURPOSE, _EFFECT = (
    rf"(?:{SUBJECT}@(?: du \d[\w ]{{1,20}})?|\bdite? @),? {verb}\b"
    for verb in (
        "(?:vise a|aims to)",
        "(?:contraint|oblige|impose|encadre|regit|reglemente|harmonise|interdit|instaure|autorise|permet|protege|"
        "requires|compels|obliges|governs|regulates|bans|allows|protects)",
    )
)
"""« La loi n° 2024-449, dite SREN, vise à réguler… », « le Data Act régit… »."""
_TASK = (
    rf"{SUBJECT}@ (?:a|ont|has) pour (?:mission|role|but|objet|objectif)\b|{SUBJECT}@ (?:est chargee? d|sert (?:a|d)|vise a|aims to|serves to|is (?:tasked|charged) with|is responsible for)|"
    r"\b(?:la mission|le role|l'objet|le but|the (?:mission|role|purpose)) (?:de l'|de la |du |de |d'|of (?:the )?)@ (?:est|consiste|is)\b|"
    r"\b(?:donne|confie|attribue)\w* a (?:l'|la |le )?@ (?:la mission|le role|la tache|le soin) d"
)
"""What somebody or something is for."""
_RULING = r"^(?=.*\b(?:annul|invalid|juge|casse|struck)).*\bun (?:arret|jugement|accord) (?:appele|dit|nomme) @|^par (?:son |l'|un )(?:arret |jugement |accord )?@[^,;.]{0,30},"
"""« … par un arrêt appelé Schrems II », « Par son arrêt Schrems II du…, la CJUE a invalidé… »: told by what it did."""
Find = Callable[[Understanding, Sequence[Selected], EntityBook], Selected | None]
Told = Literal["definition", "task", "spelt_out"]


def sure_finders(understood: Understanding) -> tuple[tuple[Find, Told], ...]:
    """What surely tells what a known name is, or is for, and as what; the better first, for what the question asks."""
    kind, task = (sure_definition, "definition"), (told_task, "task")
    first = (kind, (spelt_out, "spelt_out"), task) if ASKS_MEANING.search(fold(understood.query.text)) else (task, kind)
    return *first, (called_so, "definition")


def sure_definition(understood: Understanding, ranked: Sequence[Selected], entities: EntityBook) -> Selected | None:
    """The best sentence of `ranked` that says what kind of thing a known name is; of a law, what it is for, or what it does.

    An actor is no law: « chez Outscale, la qualification est espérée » defines nothing.
    """
    asked = name_to_define(understood, entities)
    if asked is None:
        return None
    kind = f"(?:{BODY})" if asked.entity.kind == "actor" else KIND
    of_a_law = (_PURPOSE, _EFFECT, _RULING) if asked.entity.kind == "law" else ()
    sure: dict[Language, str] = {"fr": _sure(kind, "fr"), "en": _sure(kind, "en")}
    return _first_that_says(asked, ranked, entities, (sure, *(dict.fromkeys(sure, told) for told in of_a_law)))


def told_task(understood: Understanding, ranked: Sequence[Selected], entities: EntityBook) -> Selected | None:
    """The best sentence of `ranked` that says what the one known name is for: « … donne à l’Arcep la mission de contrôler… »."""
    asked = name_to_define(understood, entities)
    return _first_that_says(asked, ranked, entities, ({"fr": _TASK, "en": _TASK},)) if asked else None


def called_so(understood: Understanding, ranked: Sequence[Selected], entities: EntityBook) -> Selected | None:
    """The best sentence of `ranked` that calls the one known name something in passing: « L’association CISPE, qui… »."""
    asked = name_to_define(understood, entities)
    called: dict[Language, str] = {"fr": _called("fr"), "en": _called("en")}
    return _first_that_says(asked, ranked, entities, (called,)) if asked else None


def _first_that_says(
    asked: Mention, ranked: Sequence[Selected], entities: EntityBook, patterns: Sequence[Mapping[Language, str]]
) -> Selected | None:
    """The best sentence that matches the first of `patterns` that any does, @ for the name; a question tells nothing."""
    name = {asked.entity.name}
    naming = [
        (c, fold(_marked(c.text, name, entities)))
        for c in ranked
        if entities.named(c.text, name) and not c.text.rstrip().endswith("?")
    ]
    told = (c for says in patterns for c, marked in naming if re.search(says[c.passage.article.language], marked))
    return next(told, None)


def _marked(text: str, names: set[str], entities: EntityBook) -> str:
    """`text` with @ for each of the entities called `names`, whichever of their names stands there.

    « Scaleway, la filiale cloud d’Iliad » keeps the words that say what it is, though they are a name of it as well.
    """

    def says(mention: Mention) -> bool:
        return mention.text[0].islower() and len(mention.text.split()) > 2

    return with_marks(text, (m for m in entities.written(text) if m.entity.name in names and not says(m)))


def spelt_out(understood: Understanding, ranked: Sequence[Selected], entities: EntityBook) -> Selected | None:
    """The best sentence of `ranked` that spells out the letters of the one acronym asked about.

    One that begins with it tells more of it than « Google demande que le … (CADA) reste ouvert ».
    """
    asked = name_to_define(understood, entities)
    if asked is None:
        return None
    acronym = fold(asked.text)
    found = [(start > _OPENING, c) for c in ranked if (start := _spelt_out(acronym, fold(c.text))) is not None]
    return min(found, key=lambda told: told[0], default=(True, None))[1]


def spells_out(acronym: str, text: str) -> bool:
    """Whether the text spells the acronym out: « Cloud and AI Development Act (CADA) »."""
    said = fold(text)
    # « La direction interministérielle du numérique (DINUM) »: two letters of one word.
    return _spelt_out(fold(acronym), said) is not None or bool(
        re.search(rf"(?:[\w'-]{{2,}} ){{3,}}\({fold(acronym)}\)", said)
    )


def _spelt_out(acronym: str, folded: str) -> int | None:
    """Where « Cloud and AI Development Act (CADA) » begins in the text: the words' initials hold the letters, in order."""
    if not re.fullmatch(r"[a-z]{3,6}", acronym):
        return None
    for match in re.finditer(rf"((?:[\w'-]+ ){{2,{_LONGEST_NAME}}})\({acronym}\)", folded):
        letters = iter("".join(word[0] for word in re.findall(r"\w+", match[1])))
        if all(letter in letters for letter in acronym[1:-1]):
            return match.start()
    return None


def definition_first(
    understood: Understanding, near: Sequence[Selected], entities: EntityBook
) -> tuple[Selected, Literal["definition", "spelt_out"]] | None:
    """The best sentence of `near` that defines what is asked about, or else spells it out, and which it does; None where none does."""
    question = understood.query.text
    asked = terms_to_define(question, entities)
    if not asked:
        return None
    terms = "|".join(map(re.escape, asked))
    names = {m.entity.name for m in entities.find(question) if is_to_be_defined(question, fold(m.text))}
    if (defining := next((choice for choice in near if _defines(choice, terms, names, entities)), None)) is not None:
        return defining, "definition"
    spelling = next((choice for choice in near if _spells_out(choice, terms)), None)
    return (spelling, "spelt_out") if spelling is not None else None


def announces_definition(choice: Selected) -> bool:
    """« La circulaire dit enfin ce qu’est une donnée sensible »: a sentence that says that there is a definition, and not which."""
    return bool(_ANNOUNCES.search(fold(" ".join(choice.text.split()))))


def leaves_undefined(question: str, quotes: Sequence[str], entities: EntityBook) -> bool:
    """Whether the meaning of a term is asked for, and no quote has it, or all only say that somebody uses it.

    A term stands between quotation marks, or is one of letters and figures that no list of ours has: « la règle R12 », « SNDS ». Of letters
    « que veut dire » asks what they stand for; « c’est quoi » is met by a quote that has them.
    """
    terms = quoted_terms(question)
    if not terms and (unknown := unknown_acronym(question, entities)) and not CODE.search(question):
        return not any(re.search(rf"\b{unknown}\b", fold(quote)) or spells_out(unknown, quote) for quote in quotes)
    if not terms and (coded := CODE.search(question)):
        code = coded["letters"] or coded["numbered"]
        if coded["letters"]:
            telling = (q for q in quotes if spells_out(code, q) or (code in q and _EXPLAINS.search(fold(q))))
            return not entities.find(code) and next(telling, None) is None
        terms = [fold(code)]
    if not terms:
        return False
    words = set(lexical_tokens(" ".join(terms)))
    known = {mention.entity.name for mention in entities.find(" ".join(terms))}
    said = [
        quote
        for quote in quotes
        if words <= {*lexical_tokens(quote), *lexical_tokens(quote, "en")} or entities.named(quote, known)
    ]
    return all(_USES_THE_TERM.search(fold(quote)) for quote in said)


def _defines(choice: Selected, terms: str, names: set[str], entities: EntityBook) -> bool:
    text = _marked(" ".join(choice.text.split()), names, entities)
    folded = fold_in_place(text)
    if re.search(rf"{SUBJECT}(?:{terms}|@){_DEFINES}", folded):
        return True
    aside = re.compile(
        rf"(?<!\w){_NO_OBJECT}{_IN_A_ROW}(?:{terms}|@)(?:{_apposition(choice.passage.article.language)})"
    )
    # « Le CLOUD Act, le FISA et… » enumerates: what explains a name begins with no capital.
    return any(text[found.end("first") - 1].islower() for found in aside.finditer(folded))


def _spells_out(choice: Selected, terms: str) -> bool:
    """« Les conteneurs à la demande (CaaS) »: whether what is asked about stands in brackets after words with its letters."""
    folded = fold(" ".join(choice.text.split()))
    spelt = re.finditer(rf"((?:[\w'-]+ ){{2,{_LONGEST_NAME}}})\((?P<term>{terms})\)", folded)
    return any(found["term"][0] in {word[0] for word in re.findall(r"\w+", found[1])} for found in spelt)
