"""Names that a text states: known entities under any alias, capitalised words, acronyms, codes, countries."""

from __future__ import annotations

import re
from dataclasses import dataclass

from trusted_cloud_chat.answering.figures import MEASURE
from trusted_cloud_chat.answering.spelt import NUMBER_WORDS
from trusted_cloud_chat.dates import MONTHS_EN, MONTHS_FR
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.schema import Language
from trusted_cloud_chat.text import fold, lexical_tokens, normalise

_COUNTRIES = (
    ("etats-unis|united states|usa", "us|u.s|americains?|americaines?|americans?|washington"),
    ("france", "francais|francaises?|french|hexagone"),
    ("allemagne|germany", "allemands?|allemandes?|german|germans"),
    ("pays-bas|netherlands", "neerlandais|neerlandaises?|dutch|hollandais"),
    ("italie|italy", "italiens?|italiennes?|italian|italians"),
    ("espagne|spain", "espagnols?|espagnoles?|spanish"),
    ("luxembourg", "luxembourgeois|luxembourgeoises?"),
    ("royaume-uni|united kingdom|uk", "britanniques?|british"),
    ("canada", "canadiens?|canadiennes?|canadian"),
    ("chine|china", "chinois|chinoises?|chinese"),
    ("suisse|switzerland", "suisses|swiss"),
    ("belgique|belgium", "belges?|belgian"),
    ("danemark|denmark", "danois|danoises?|danish"),
    ("suede|sweden", "suedois|suedoises?|swedish"),
    ("norvege|norway", "norvegiens?|norvegiennes?|norwegian"),
    ("finlande|finland", "finlandais|finlandaises?|finnish"),
    ("autriche|austria", "autrichiens?|autrichiennes?|austrian"),
    ("irlande|ireland", "irlandais|irlandaises?|irish"),
    ("portugal", "portugais|portugaises?|portuguese"),
    ("pologne|poland", "polonais|polonaises?|polish"),
    ("grece|greece", "grecs?|grecques?|greek"),
    ("japon|japan", "japonais|japonaises?|japanese"),
    ("inde|india", "indiens?|indiennes?|indian"),
    ("russie|russia", "russes?|russian"),
    ("ukraine", "ukrainiens?|ukrainiennes?|ukrainian"),
    ("israel", "israeliens?|israeliennes?|israeli"),
)
"""What a country is called, and what else names it, folded."""
_SAME = (
    "commission europeenne|european commission|bruxelles|brussels|executif europeen|ec",
    "ue|eu|union europeenne|european union|europe|europeens?|europeennes?|europeans?|communautaires?",
    "rgpd|gdpr", "cpi|icc|cour penale internationale|international criminal court",
    "cjue|cour de justice de l'union europeenne|court of justice of the european union|justice europeenne",
    "conseil d'etat|council of state", "autorite de la concurrence|competition authority",
    "senat|senate|senateurs?|senators?", "assemblee nationale|national assembly",
    "brandebourg|brandenburg", "berlin", "francfort|frankfurt", "munich", "londres|london",
    "office 365|microsoft 365|m365|o365", "amazon web services|aws", "ministere de l'economie|bercy",
    "snds|systeme national des donnees de sante", "health data hub|hdh|plateforme des donnees de sante",
    "cybersecurity act|csa", "bundeswehr|armee allemande",
    *(f"{called}|{other}" for called, other in _COUNTRIES),
)  # fmt: skip
"""Names that are one, folded: French, English, adjectives of countries."""


def _whole(names: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w])(?:{names})(?![\w])")


_GROUPS = tuple((_whole(names), f"={names.split('|')[0]}") for names in _SAME)
_PLACES = frozenset(("=ue", *(f"={called.split('|')[0]}" for called, _ in _COUNTRIES)))
_CALLED = tuple((_whole(called), _whole(f"{called}|{other}")) for called, other in _COUNTRIES)
_NATIONAL = tuple(_whole(other) for _, other in _COUNTRIES)
_PLAIN_AFTER_A_STOP = frozenset(
    fold(
        "a d'après selon pour par en dans depuis dès après avant avec sans sous sur chez entre vers à au aux du de des le la "
        "les l un une ce cet cette ces son sa ses leur leurs il elle ils elles on nul nulle aucun aucune chaque tout toute "
        "toutes tous plusieurs certains certaines quelque quelques deux trois quatre cinq six sept huit neuf dix seul seule "
        "seuls seules ainsi alors aussi cependant toutefois pourtant néanmoins mais or donc car si lorsque quand comme "
        "contrairement conformément grâce faute outre parmi environ près plus moins non oui quant rien jamais ni et ou où "
        "jusqu c s n j y qui que ceux celui celle celles autre autres même premier première premiers premières dernier "
        "dernière fin début mi courant face vu voici voilà côté auprès lors pendant durant jadis hier demain désormais "
        "the an it its this that these those there they their he she his her we our you in on at by for from to of as with "
        "without under over between among until since before after during about around some any all no not only both "
        "each every several many most more less few fewer two three four five six seven eight nine ten although though "
        "while when where if because however but and or so yet still according despite unlike like what which who whose"
    ).split()
)
_LOWERABLE_ENDINGS = ("ment", "ee", "ees", "es", "ant", "ing", "ed", "ly", "ions")
_SKIPPED = frozenset(
    fold(
        " ".join((*MONTHS_FR, *MONTHS_EN))
        + " Etat Etats Monday Tuesday Wednesday Thursday Friday Saturday Sunday I Internet cloud M Mme MM Md Mds"
    ).split()
)
_PLAIN_WORD = re.compile(r"\w+")
_WORD = re.compile(r"[^\W_](?:[\w.&-]*\w)?")
_CODE = re.compile(r"(?<![\w])(?=[\w/().-]*\d)(?:[\w]+[-/().]*)*\w")
_MEASURED = re.compile(f" ?{MEASURE}")
_OPENS = re.compile(r"(?:^|[.!?:;]\s+|[«“\"(]\s*|\n\s*[-•]?\s*)$")


@dataclass(frozen=True, slots=True)
class Names:
    """`keys` are in one form for all aliases; `words` is every folded word and stem, to look others up in."""

    keys: frozenset[str]
    words: frozenset[str]
    initials: str
    acronyms: frozenset[str]
    packed: str
    """The text folded, without spaces and hyphens: where codes are looked up."""
    spaced: str
    """The folded words, one space around each."""
    rest: str
    """The text without the names that are known under several forms."""


def read_names(text: str, entities: EntityBook, language: Language = "fr") -> Names:
    """Names stated in `text`, and the words that names of another text may be found among."""
    plain = normalise(text)
    keys, rest = _known(plain, entities)
    keys |= {f"word:{word}" for word in _capitalised(rest)}
    keys |= {f"code:{code}" for code in _codes(rest)}
    content = lexical_tokens(plain, language)
    folded = {fold(word) for word in re.findall(r"\w+", plain)} | {fold(word) for word in _WORD.findall(plain)}
    acronyms = frozenset(fold(word) for word in re.findall(r"\b[A-Z]{2,8}\b", plain))
    return Names(
        frozenset(keys),
        frozenset(folded | set(content)),
        "".join(fold(w)[0] for w in re.findall(r"\w+", plain) if fold(w) not in _PLAIN_AFTER_A_STOP),
        acronyms,
        re.sub(r"[\s-]", "", fold(plain)),
        f" {' '.join(_PLAIN_WORD.findall(fold(plain)))} ",
        rest,
    )


_BESIDE = re.compile(
    r"\b(?:en plus|outre|a part|hors|hormis|sauf|en dehors|besides|apart from|in addition to|other than|except|outside|autres? (?:\w+ )?que)\b"
    r" (?:de |d'|du |des |en )?(?:l'|les? |la |the )?[\w-]+(?: (?:et|and) (?:de |d'|du |des )?(?:l'|les? |la |the )?[\w-]+)?"
)
"""« En plus de l’Allemagne »: asked about are others."""


def nations_in(text: str, *, adjectives_only: bool = False) -> frozenset[int]:
    """The countries that a text names, or of which it calls somebody: « entreprises françaises »."""
    folded = fold(text)
    patterns = _NATIONAL if adjectives_only else [named for _, named in _CALLED]
    return frozenset(n for n, pattern in enumerate(patterns) if pattern.search(folded))


def other_countries(question: str, said: str, around: str) -> bool:
    """Whether `said` names countries, and neither it nor what stands around it any of those that `question` calls by name.

    A country asked about may go without saying (« TIM détient 45 % de la société PSN »); another one in its place is no answer.
    """
    asked = _BESIDE.sub("", fold(question))
    wanted = {n for n, (called, _) in enumerate(_CALLED) if called.search(asked)}
    if not wanted:
        return False
    named, near = ({n for n, (_, forms) in enumerate(_CALLED) if forms.search(fold(text))} for text in (said, around))
    return bool(named) and not wanted & (named | near)


def is_place(key: str) -> bool:
    """Whether a name that `missing_names` gives is the Union or one of the countries known by several forms."""
    return key in _PLACES


def missing_names(said: Names, evidence: Names, language: Language = "fr") -> list[str]:
    """The names of `said` that `evidence` does not have, in alphabetical order."""
    return sorted(key for key in said.keys if not _stands(key, said, evidence, language))


def _stands(key: str, said: Names, evidence: Names, language: Language) -> bool:
    if key in evidence.keys:
        return True
    kind, _, name = key.partition(":")
    if kind == "code":
        return re.sub(r"[\s-]", "", name) in evidence.packed
    if key.startswith("="):  # « AWS » within « AWS European Sovereign Cloud »
        return f" {key[1:]} " in evidence.spaced
    if name in evidence.words or _stem(name, language) in evidence.words:
        return True
    if name.isalpha() and 2 < len(name) <= 8 and name in said.acronyms and name in evidence.initials:
        return True
    return any(len(a) > 2 and a in said.initials and name[0] in a for a in evidence.acronyms)


def _stem(name: str, language: Language) -> str:
    tokens = lexical_tokens(name, language, keep_stopwords=True)
    return tokens[0] if tokens else name


def _known(text: str, entities: EntityBook) -> tuple[set[str], str]:
    """Keys of the entities and of the groups of same names, and the text without them."""
    keys, rest = set(), list(text)
    for mention in entities.find(text):
        if mention.corrected or mention.text.islower():
            continue
        keys.add(f"={fold(mention.entity.name)}")
        rest[mention.start : mention.end] = "_" * (mention.end - mention.start)
    remaining = "".join(rest)
    folded = "".join(f if len(f := fold(c)) == 1 else c for c in remaining)
    for pattern, key in _GROUPS:
        for match in pattern.finditer(folded):
            if len(match.group()) <= 3 and not remaining[match.start() : match.end()].isupper():
                continue
            keys.add(key)
            rest[match.start() : match.end()] = "_" * (match.end() - match.start())
    return keys, "".join(rest)


def _capitalised(text: str) -> list[str]:
    found: list[str] = []
    for match in _WORD.finditer(text):
        word, folded = match.group(), fold(match.group())
        if word.islower() or folded in _SKIPPED or any(c.isdigit() for c in word) or "_" in word:
            continue
        if len(word) < 2 or (_OPENS.search(text[: match.start()]) and _may_be_plain(word, folded, text[match.end() :])):
            continue
        found.extend(
            part for part in folded.split("-") if len(part) > 1 and part not in _PLAIN_AFTER_A_STOP | NUMBER_WORDS
        )
    return found


def _may_be_plain(word: str, folded: str, after: str) -> bool:
    """Whether a word that opens a sentence may owe its capital to that."""
    if not word[1:].islower():
        return False
    if folded in _PLAIN_AFTER_A_STOP or after.startswith("'"):
        return True
    following = _WORD.match(after.lstrip())
    return folded.endswith(_LOWERABLE_ENDINGS) and not (following and following.group()[0].isupper())


def _codes(text: str) -> list[str]:
    """« J0 », « PREMI3NS », « 2024-449 », « 2026/0138(COD) »: digits bound to letters, hyphens or slashes."""
    codes = []
    for match in _CODE.finditer(text):
        code = fold(match.group()).strip("().")
        if re.fullmatch(
            r"[\d.,]+|\d+(?:er|ere|e|eme|st|nd|rd|th|m|k|md|mds|bn)|\d{1,2}/\d{1,2}/\d{4}|\d{4}-\d{2}(?:-\d{2})?|[hqts][1-4]|m?\d{4}-\d{4}|mi-\d{4}|mid-\d{4}",
            code,
        ):
            continue
        if re.fullmatch(r"\d{1,3}-\d{1,3}", code) and _MEASURED.match(fold(text[match.end() :])):
            continue  # « 12-18 mois » is a range
        if re.search(r"[a-z/-]", code):
            codes.append(code)
    return codes
