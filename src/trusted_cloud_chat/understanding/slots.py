"""« Pourquoi ? », « Et combien de salariés ? », “Since when?”: a question word takes the place of the one before.

What else the question before says is kept, where that makes a correct sentence: « Qui a racheté Whaller ? », then « quand ? », is
« Quand a-t-on racheté Whaller ? ». Where it makes none, nothing is said here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from trusted_cloud_chat.entities import Mention
from trusted_cloud_chat.schema import Language
from trusted_cloud_chat.text import fold_in_place
from trusted_cloud_chat.understanding.openings import without_and

_WORDS = {
    "fr": r"pourquoi|quand|ou|comment|combien(?: de temps)?|(?:depuis|jusqu'a|a partir de|des) (?:quand|combien de temps)|pour combien(?: de temps)?|"
    r"(?:pour|a|avec|par|chez|de|dans|sur|en|contre|sous|selon|devant|aupres de|grace a) (?:qui|quoi|quel(?:le)?s? [\w-]+(?: d(?:e |')\w+)?)",
    "en": r"why|when|where|how|how long|how come|(?:since|until) when|for how (?:much|long)|"
    r"(?:by|with|for|from|to|at|in|on|of|under|against) (?:whom|(?:what|which) [\w-]+)",
}
"""Ask for more than the clause holds: a time, a place, a cause, somebody « avec qui »."""
_BARE = {
    language: re.compile(
        rf"(?P<word>{words})(?P<no> (?:pas|non|not)(?P<yet> encore| yet)?)?(?: (?:ca|cela|exactement|exactly|then|alors))?\W*"
    )
    for language, words in _WORDS.items()
}
_COUNT = {
    "fr": re.compile(r"(?P<count>combien d(?:e |'))(?P<noun>[\w-]+(?: d(?:e |')[\w-]+)?)"),
    "en": re.compile(r"(?P<count>how (?:many|much) )(?P<noun>[\w-]+(?: [\w-]+)?)(?=\W*$| (?:does|do|did|has|have|had|is|are|was|were|will|can)\b)"),
}  # fmt: skip
_A_NAME = r"(?:[Tt]he )?[A-Z0-9][\w-]*(?: [A-Z][\w-]*)*"
_AUXILIARY = r"(?:is|are|was|were|has|have|had|does|do|did|will|would|can|could|must|should)"
_PRONOUN = r"-(?:t-)?(?:ils?|elles?|on|ce)\b"
_INVERTED = re.compile(rf"\b\w+{_PRONOUN}")
_OPENED = {
    "fr": re.compile(rf"\W*(?:{_WORDS['fr']}) (?P<rest>.*)"),
    "en": re.compile(rf"\W*(?:{_WORDS['en']}) (?P<rest>{_AUXILIARY} .*)"),
}
_PLACED = {
    "fr": re.compile(r"\W*(?:ou|comment|combien) (?:est|sont|etai\w+|se (?:trouv|situ)\w+|va|vont|coute\w*)\b(?!-(?:t-)?(?:il|elle)s? \w+(?:e|i|u)e?s?\b)"),
    "en": re.compile(r"\W*(?:where|how) (?:is|are|was|were) (?!.*\b(?:\w+(?:ed|ing)|built|run|held|kept|sold|made)\b)"),
}  # fmt: skip
"""The word says what is told of the subject: without it, « Depuis quand sont les serveurs ? », nothing is."""
_STATE = re.compile(
    rf"(?:(?i:{_WORDS['fr'].replace('ou|', 'où|')}) )?(?P<who>.+?) (?:n['’])?(?P<verb>est|sont|était|étaient)-(?P<pronoun>ils?|elles?)(?: pas)?(?: encore)? (?P<told>.+)"
)
_TELLS_NOTHING = re.compile(
    rf"(?i:{_WORDS['en']}) (?:is|are|was|were|has|have|had|will) (?P<who>{_A_NAME}|it|he|she|they)(?: been| be)?"
)
"""« Since when has S3NS been », and no more; « depuis quand l’est-il »."""
_SO = re.compile(
    rf"(?P<word>(?i:{_WORDS['fr']}))(?: (?P<who>[A-Z0-9][\w.-]*(?: [A-Z][\w-]*)*))? l['’](?:est|sont)-(?:ils?|elles?)"
)
_WHO_DID = re.compile(
    r"\W*qui (?P<has>a|ont|avait|avaient|va|vont|doit|doivent|peut|peuvent) (?P<rest>\w+(?:e|i|u|is|it|ert|er|ir|re)\b.*)"
)
_THING = re.compile(r"(?:(?P<which>quel(?:le)?s?) |combien d(?:e |'))(?P<noun>[\w-]+(?: d(?:e |')[\w-]+)?)")
_A_TIME = re.compile(r"(?:jour|mois|annee|an|date|semaine|heure|periode|moment)s?$")
"""« Quel jour AWS est-il tombé en panne ? », then « pourquoi ? »: not « tombé un jour »."""
_A = {"quel": "un", "quelle": "une"}
_DONE = re.compile(rf"(?P<done>{_PRONOUN}(?: \w*(?:é|u|i)(?=e?s?\b))?)(?:(?<=[éui])e?s?\b)?")
"""The verb of « Quelle amende Google a-t-il reçue ? », which agrees with what stands before it: « … a-t-il reçu une amende »."""
_ONE = {"ont": "a", "avaient": "avait", "vont": "va", "doivent": "doit", "peuvent": "peut"}
_COMPANY = (
    r"entreprises?|societes?|groupes?|fournisseurs?|hebergeurs?|prestataires?|operateurs?|company|companies|providers?"
)
_SINCE = re.compile(r"(?i:depuis|since)\b")
_FUTURE = re.compile(r"\b(?:va|vont|sera|seront|aura|auront|will)\b|ra-t-|ront-")
"""Nothing has been so since when it will be; of folded text."""
_IRREGULAR = {
    "bought": "bought", "built": "built", "won": "won", "sold": "sold", "made": "made", "lost": "lost", "left": "left", "got": "obtained",
    "led": "led", "paid": "paid", "found": "found", "held": "held", "ran": "run", "set": "set", "put": "put", "cut": "cut", "wrote": "written",
    "chose": "chosen", "took": "taken", "gave": "given", "began": "begun", "withdrew": "withdrawn", "drew": "drawn", "broke": "broken",
}  # fmt: skip
"""Past forms and their participles."""
_PAST = rf"(?P<verb>\w+ed|{'|'.join({*_IRREGULAR, *_IRREGULAR.values()})})"
_TAIL = r"(?P<tail> (?:in|from|for|at|with|to|on|by|during|after|before) .*)?"
_WHO_HAS = re.compile(rf"\W*(?i:who|which \w+) (?:has |have )?{_PAST} (?P<what>.+?){_TAIL}")
_HAS_DONE = re.compile(
    rf"\W*(?i:has|have) (?P<doer>{_A_NAME}) {_PAST} (?P<what>(?:(?:an?|the|its) \w|[A-Z]).*?){_TAIL}"
)
_PLURAL = re.compile(r"(?:[a-z]\w*(?:[^su\W]|[aeio]e)s|\w+ and .*)$")
"""How a plural ends, names aside: "Numergy's shares"."""


def asked_instead(before: str, asked: str, language: Language, doer: str = "") -> str | None:
    """The question `before` with the question word of `asked`; None where `asked` says more, or no correct words are known.

    `doer` is whom the answer before names, for "who bought …?".
    """
    body, folded = _without_mark(before), fold_in_place(asked)
    said = without_and(asked)
    folded = folded[len(asked) - len(said) :]
    if re.search(r"[?!.]\s", body):
        return None
    if count := _COUNT[language].match(folded):
        return _counted(body, said, count, language)
    bare = _BARE[language].fullmatch(folded)
    if bare is None:
        return None
    word = said[: bare.end("word")]
    denied = f"{' not' if language == 'en' else ' pas'}{bare['yet'] or ''}" if bare["no"] else ""
    whole = _french(body, word, denied) if language == "fr" else _english(body, word, denied, doer)
    return f"{whole[0].upper()}{whole[1:]}{' ?' if language == 'fr' else '?'}" if whole else None


def asks_how_many(asked: str, subject: str, language: Language) -> str | None:
    """« Combien de serveurs ? » of somebody: « Combien de serveurs Bleu a-t-il ? »."""
    said = without_and(asked)
    count = _COUNT[language].match(fold_in_place(said))
    if count is None or said[count.end() :].strip(" ?!."):
        return None
    phrase = f"{said[0].upper()}{said[1 : count.end()]}"
    who = "elle" if subject.startswith("La ") else "il"
    return f"{phrase} {subject} a-t-{who} ?" if language == "fr" else f"{phrase} does {subject} have?"


def asks_word_alone(asked: str, language: Language) -> bool:
    """Whether it is a question word and nothing else: « et depuis quand ? »."""
    return _BARE[language].fullmatch(fold_in_place(without_and(asked))) is not None


def with_predicate(asked: str, before: str, mentions: Sequence[Mention], language: Language) -> str | None:
    """After "Is Bleu qualified?", "since when has S3NS been?": "Since when has S3NS been qualified?"."""
    body, said = _without_mark(before), without_and(_without_mark(asked))
    if language == "fr":
        state, so = _STATE.fullmatch(body), _SO.fullmatch(said)
        if state is None or so is None:
            return None
        who = so["who"] or state["who"]
        return f"{so['word']} {who} {state['verb']}-{state['pronoun']} {state['told']} ?"
    told = re.match(rf"(?:.*\W)?(?i:is|are|was|were|been) (?:not )?(?P<who>{_A_NAME})(?: not)? (?P<told>[a-z].*)", body)
    asks = _TELLS_NOTHING.fullmatch(said)
    if told is None or asks is None or (asks["who"][0].isupper() and len(mentions) != 1):
        return None
    who = asks["who"] if mentions else told["who"]
    return f"{said[: asks.start('who')]}{who}{said[asks.end('who') :]} {told['told']}?"


def _counted(body: str, said: str, count: re.Match[str], language: Language) -> str | None:
    """« Combien de serveurs Bleu a-t-il ? », then « et combien de salariés ? »."""
    old = _COUNT[language].match(fold_in_place(body))
    if old is None or said[count.end() :].strip(" ?!."):
        return None
    phrase = said[: count.end()]
    return f"{phrase[0].upper()}{phrase[1:]}{body[old.end() :]}{' ?' if language == 'fr' else '?'}"


def _french(body: str, word: str, denied: str) -> str | None:
    if (cut := _without_by_whom(body, word)) is None:
        return None
    body = cut
    folded = fold_in_place(body)
    if _PLACED["fr"].match(folded) or (_SINCE.match(fold_in_place(word)) and _FUTURE.search(folded)):
        return None
    if (old := _THING.match(folded)) and (verb := _DONE.search(body, old.end())):
        noun, one = body[old.start("noun") : old.end("noun")], _A.get(old["which"], "des")
        thing = "" if _A_TIME.match(old["noun"]) else f" {one} {noun}"
        return None if denied else f"{word}{body[old.end() : verb.end('done')]}{thing}{body[verb.end() :]}"
    if found := _WHO_DID.fullmatch(folded):
        has = _ONE.get(found["has"], found["has"])
        whole = f"{word} {has}{'-t' if has in ('a', 'va') else ''}-on {body[found.start('rest') :]}"
    elif found := _OPENED["fr"].fullmatch(folded):
        rest = found["rest"]
        if not _INVERTED.search(rest) and (
            fold_in_place(word).lower() == "pourquoi" or not re.match(r"(?:a|est|sont|ont) ", rest)
        ):
            return None
        whole = f"{word} {body[found.start('rest') :]}"
    elif _INVERTED.search(folded) and not re.match(r"\W*(?:qu|lequel|laquelle|combien)", folded):
        whole = f"{word} {_lowered(body)}"
    else:
        return None
    return _INVERTED.sub(lambda verb: _not_french(verb.group(), denied), whole, count=1) if denied else whole


def _not_french(verb: str, denied: str) -> str:
    """« est-il » → « n’est-il pas », « n’est-il pas encore »."""
    return f"{'n’' if re.match('[aeiouéê]', verb) else 'ne '}{verb}{denied}"


def _english(body: str, word: str, denied: str, doer: str) -> str | None:
    if (cut := _without_by_whom(body, word)) is None:
        return None
    body = cut
    folded = fold_in_place(body)
    if _PLACED["en"].match(folded) or (_SINCE.match(fold_in_place(word)) and _FUTURE.search(folded)):
        return None
    if found := _OPENED["en"].fullmatch(folded):
        clause = body[found.start("rest") :]
    elif fold_in_place(word).lower() == "when" and (found := _HAS_DONE.fullmatch(body)):
        clause = _passive(found, found["doer"])
    elif re.match(rf"\W*{_AUXILIARY} ", folded):
        clause = _lowered(body)
    elif found := _WHO_HAS.fullmatch(body):
        clause = _passive(found, doer)
    else:
        return None
    if fold_in_place(word).lower() == "how" and re.match(r"(?:is|are|was|were) ", clause):
        return None
    said = _not_english(clause, denied) if denied else clause
    return f"{word} {said}" if said else None


def _passive(found: re.Match[str], doer: str) -> str:
    """Who bought Numergy's shares → were Numergy's shares bought."""
    be = "were" if _PLURAL.search(found["what"].split(" of ")[0]) else "was"
    by = f" by {doer}" if doer else ""
    return f"{be} {found['what']} {_IRREGULAR.get(found['verb'], found['verb'])}{by}{found['tail'] or ''}"


def _without_by_whom(body: str, word: str) -> str | None:
    """« Bleu est-il détenu par Microsoft », asked « par qui ? »: without « par Microsoft »; None where it is not at the end."""
    asks = re.fullmatch(
        rf"(par|avec|chez|contre|by|with|against|from) (?:qui|whom|(?:quel(?:le)?s?|which|what) (?:{_COMPANY}))",
        fold_in_place(word).lower(),
    )
    if asks is None or f" {asks[1]} " not in fold_in_place(body):
        return body
    named = re.search(rf" {asks[1]} (?:the |l[ea] |l[’'])?[A-ZÀ-Ý0-9][\w.-]*(?: [A-ZÀ-Ý0-9][\w.-]*)*$", body)
    return body[: named.start()] if named else None


def _not_english(clause: str, denied: str) -> str | None:
    """Is NumSpot qualified → is NumSpot not qualified; isn’t where the subject is no name, and no words with « not yet »."""
    if found := re.match(rf"({_AUXILIARY} (?:the )?[A-Z][\w-]*(?: [A-Z][\w-]*)*)( [a-z])", clause):
        return f"{found[1]}{denied}{clause[found.end(1) :]}"
    if denied != " not":
        return None
    verb, rest = clause.split(" ", 1)
    return f"{ {'can': 'can’t', 'will': 'won’t'}.get(verb, verb + 'n’t') } {rest}"


def _without_mark(question: str) -> str:
    return re.sub(r"\s*[?!.]*\s*$", "", question)


def _lowered(clause: str) -> str:
    """Without the capital of its beginning, unless a name begins it: « La Commission a-t-elle… », "Is Bleu…"."""
    word = clause.split(" ", 1)[0]
    plain = re.fullmatch(rf"(?i)(?:la|le|les|l[’']\w+|un|une|des|ce|cette|est-ce|{_AUXILIARY}|\w+{_PRONOUN})", word)
    return clause[0].lower() + clause[1:] if plain else clause
