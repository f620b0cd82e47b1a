"""The question before with what a follow-up names instead: a name, a period, a milestone or a version by another."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date

from trusted_cloud_chat.entities import Mention
from trusted_cloud_chat.periods import MONTH, Period, find_periods
from trusted_cloud_chat.schema import Language
from trusted_cloud_chat.text import elides, fold, fold_in_place, lexical_tokens
from trusted_cloud_chat.understanding.antecedents import PERSON, PRONOUN
from trusted_cloud_chat.understanding.asked import kind_of
from trusted_cloud_chat.understanding.inflection import capital, in_number
from trusted_cloud_chat.understanding.topics import Topic

_SHAPE = re.compile(r"\b(?=[\w.]*\d)(?=[a-zA-Z.\d]*[a-zA-Z.])[a-zA-Z]{0,3}\d+(?:\.\d+)?\b")
_NO_PREPOSITION = re.compile(
    r"l'|cette|cet|ce |le |la |last|this|next|aujourd|hier|today|now|maintenant|(?:en|depuis|des|d'ici|avant|apres|in|since|by) "
)
"""How a period begins that stands without « en », or has a word like it of its own."""
_PREPOSITION = re.compile(r"\b(?:en|au|a|de|d'|du|pour|depuis|avant|apres|in|of|for|since|before|after|by|on)\s*$")
_AND = re.compile(r"(?:\s*,|\s+(?:et|ou|and|or))(?:\s+(?:de|du|a|chez)|\s+d')?\s*$")
_NOUN = re.compile(r"(?:(?P<la>loi|directive|circulaire)|règlement|référentiel)\b")
"""How a name begins that is a noun: « loi SREN »."""
_OLD_ARTICLE = re.compile(r"\b(?i:du |de (?:la |l['’])|au |à (?:la |l['’])|(?P<the>la |le |l['’]))$")
_SUBJECT_OF = re.compile(r" (?:[nsl]['’])?\w+-(?:t-)?(?:il|elle)s?\b")
_ASKED_FIRST = re.compile(r"^(?:[Ii]s|[Aa]re|[Ww]as|[Ww]ere|[Hh]as|[Hh]ave|[Dd]oes|[Dd]o) (?:the )?$")
"""« … est-il qualifié ? » behind a name, “Are …” before it: the verb whose subject it is."""
_BETWEEN = re.compile(r"\b(?:entre|between)\b")
_MONTH_ALONE = re.compile(rf"\b(?:{MONTH})\b")
_BARE_NAME = re.compile(
    r"(?:[Ee]t |[Aa]nd |[Ww]hat about )(?:pour |chez |for |at )?(?P<article>[Tt]he |[Ll][ea]s? |[Ll][’'])?(?P<name>[A-ZÀÂÉÈÊÎÔÛÇ][\w-]+(?: [A-ZÀÂÉÈÊÎÔÛÇ][\w-]+)*)\s*\?*"
)


def swap_names(
    base: str, before: Sequence[Mention], asked: str, mentions: Sequence[Mention], language: Language
) -> str | None:
    """« et S3NS ? » after a question about Bleu: the same question about S3NS.

    None after a question about two that are not told in one breath: « Bleu est-il détenu par Microsoft ? », « et NumSpot ? ».
    """
    kinds = {mention.entity.kind for mention in mentions} & {mention.entity.kind for mention in before}
    if kinds:
        replaced = [mention for mention in before if mention.entity.kind in kinds]
        named = [mention for mention in mentions if mention.entity.kind in kinds]
    else:  # an authority by an actor, or the other way round
        sorts = {sort_of(mention) for mention in mentions}
        replaced, named = [mention for mention in before if sort_of(mention) in sorts], list(mentions)
    if len(replaced) > len(named) and _BETWEEN.search(fold_in_place(base)) and kind_of(fold(base)) != "comparison":
        return None
    joining = " and " if language == "en" else " et "
    names = joining.join(dict.fromkeys(mention.entity.name for mention in named))
    if len(replaced) > 1 and kind_of(fold(base)) == "comparison":
        end = max(mention.end for mention in replaced)
        listed = re.sub(rf"{joining}(?=\S+(?: \S+)?$)", ", ", base[:end])
        return f"{listed}{joining}{names}{base[end:]}"
    article = _article(asked, named) if language == "fr" else ""
    text = base
    several = len({mention.entity.name for mention in named}) > 1
    change = several != (len({mention.entity.name for mention in replaced}) > 1)
    for position, mention in enumerate(sorted(replaced, key=lambda m: -m.start)):
        ahead, rest = text[: mention.start], text[mention.end :]
        if position == len(replaced) - 1:
            if change and language == "fr" and _SUBJECT_OF.match(rest):
                rest = in_number(rest, language, several=several)
            elif change and _ASKED_FIRST.search(ahead):
                ahead = in_number(ahead, language, several=several)
            text = f"{_before_name(ahead, names, article)}{names}{_agreeing(rest, ahead, article)}"
        else:
            conjunction = _AND.search(fold_in_place(ahead))
            if conjunction is None and mention.entity.name != replaced[0].entity.name:
                return None
            text = (ahead[: conjunction.start()] if conjunction else ahead) + rest
    return " ".join(text.split())


def _article(asked: str, named: Sequence[Mention]) -> str:
    """« le » of « et le Data Act ? », « la » of « et loi SREN ? »; empty where none is known, or several are named."""
    if len({mention.entity.name for mention in named}) != 1:
        return ""
    if noun := _NOUN.match(named[0].entity.name):
        return "la " if noun["la"] else "le "
    if said := re.search(r"\b(?i:la |le |l['’])$", asked[: named[0].start]):
        return said.group().lower()
    return (
        "le " if re.search(r"\b(?i:du|au) $", asked[: named[0].start]) or named[0].entity.name.endswith(" Act") else ""
    )


def _before_name(ahead: str, name: str, article: str) -> str:
    """What stands before a name that is put there: « du » (Data Act) → « de la » (loi SREN), « le » → nothing (DORA)."""
    old = _OLD_ARTICLE.search(ahead)
    if old is None and (elided := re.search(r"\b(?:d[’']|de )$", ahead)):
        ahead = ahead[: elided.start()] + ("d’" if elides(name) else "de ")
    if old is None:
        return f"{ahead}{article}" if article and _NOUN.match(name) and ahead.strip() else ahead
    word = old.group().lower().strip()
    of = {"d": "de ", "a": "à ", "à": "à "}.get(word[0], "") if not word.startswith("l") else ""
    said = {"de le ": "du ", "à le ": "au "}.get(of + article, of + article)
    if said == "de " and elides(name):
        said = "d’"
    return ahead[: old.start()] + (capital(said) if old.group()[0].isupper() else said)


def _agreeing(rest: str, ahead: str, article: str) -> str:
    """« la loi … a-t-elle été adoptée » → « le Data Act a-t-il été adopté », where the article changes."""
    old = re.search(r"\b(?i:la|le) $", ahead)
    if old is None or article not in ("la ", "le ") or old.group().lower() == article:
        return rest
    one, other, end = ("il", "elle", "e") if article == "la " else ("elle", "il", "")
    verb = re.match(rf" (?:n[’'])?\w+-(?:t-)?{one}\b", rest)
    if verb is None:
        return rest
    told = re.sub(r"\b((?<=été )|^ ?)(\w+é)e?\b", rf"\1\2{end}", rest[verb.end() :], count=1)
    return f"{verb.group()[: -len(one)]}{other}{told}"


def compared(asked: str, mention: Mention, before: Sequence[Mention], language: Language) -> str | None:
    """« Compare avec S3NS » after a question about Bleu: « Compare Bleu et S3NS »."""
    entity, others = mention.entity, (m.entity for m in before)
    other = next((o.name for o in others if o.kind == entity.kind and o.name != entity.name), None)
    joining = "and" if language == "en" else "et"
    return f"Compare {other} {joining} {entity.name}{asked[mention.end :]}" if other else None


def swap_shape(base: str, asked: str, language: Language) -> str | None:
    """« et le J1 ? » after a question about J0, « et la 3.1 ? » after one about 3.2."""
    new = _SHAPE.search(asked)
    if new is None:
        return None
    said = set(lexical_tokens(asked[: new.start()] + asked[new.end() :], language))
    if said - set(lexical_tokens(base, language)):
        return None
    shape = re.sub(r"\d+", "0", new.group()).lower()
    for old in _SHAPE.finditer(base):
        if re.sub(r"\d+", "0", old.group()).lower() == shape:
            return base[: old.start()] + new.group() + base[old.end() :]
    return None


def swap_related(base: str, asked: str, before: Sequence[Mention], related: Collection[str]) -> str | None:
    """« et Thales ? » after a question about one organisation. `related`: folded names; « et Paris ? » asks something else."""
    named = _BARE_NAME.fullmatch(asked.strip())
    organisations = [mention for mention in before if sort_of(mention) == "actor"]
    if named is None or named["article"] or fold(named["name"]) not in related or len(organisations) != 1:
        return None
    (old,) = organisations
    return f"{base[: old.start]}{named['name']}{base[old.end :]}"


_NO_NAME = re.compile(
    r"pourquoi|combien|comment|quand|ou|qui|quoi|merci|maintenant|apres|avant|alors|enfin|why|how|when|where|who|what|thanks|now|then"
)


def swap_unknown(base: str, asked: str, topic: Topic | None) -> str | None:
    """« et Azure ? », "and the Assistant?" after a question with one name: a name that no alias has takes its place."""
    named = _BARE_NAME.fullmatch(asked.strip())
    if named is None or topic is None or not topic.named or _NO_NAME.fullmatch(fold(named["name"])):
        return None
    spans = [(start, end) for start, end, _ in topic.spans]
    if len(spans) > 1 and PERSON.fullmatch(named["name"]):
        spans = [(start, end) for start, end, known in topic.spans if not known and PERSON.fullmatch(base[start:end])]
    if len(spans) != 1:
        return None
    ((start, end),) = spans
    ahead = re.sub(r"\b(?:l['’]|(?:la|le|les|the) )$", "", base[:start]) if named["article"] else base[:start]
    return f"{ahead}{named['article'] or ''}{named['name']}{base[end:]}"


def with_period(base: str, said: str, period: Period) -> str:
    """« … qualifié ? » and « en 2019 »: « … qualifié en 2019 ? »."""
    lead = _PREPOSITION.search(fold_in_place(said[: period.start]))
    words = said[lead.start() if lead else period.start : period.end]
    body = re.sub(r"\s*[?!.]*\s*$", "", base)
    return f"{body} {words}{base[len(body) :]}"


def without_shapes(text: str) -> str:
    """Without « J1 », « 3.1 »."""
    return _SHAPE.sub("", text)


def sort_of(mention: Mention) -> str:
    """An authority is one of the organisations that may be asked about in turn, a scheme one of the rules."""
    return {"authority": "actor", "scheme": "law"}.get(mention.entity.kind, mention.entity.kind)


def swap_period(base: str, asked: str, language: Language, today: date) -> str | None:
    """« et en 2025 ? », « et celle de février 2026 ? »."""
    found, before = (find_periods(text, today, spoken=True) for text in (asked, base))
    if len(found) != 1:
        return None
    period = found[0]
    rest = _PREPOSITION.sub("", fold(asked[: period.start])) + fold(asked[period.end :])
    if lexical_tokens(PRONOUN.sub("", without_shapes(rest)), language):
        return None
    if not before:  # « et en 2021 ? » after « Quelle part AWS détient-il ? »
        return with_period(base, asked, period) if _PREPOSITION.search(fold_in_place(asked[: period.start])) else None
    old = before[-1]
    lead, old_lead = (_PREPOSITION.search(fold_in_place(text)) for text in (asked[: period.start], base[: old.start]))
    start, end = lead.start() if lead else period.start, old_lead.start() if old_lead else old.start
    if lead is None and not _NO_PREPOSITION.match(fold_in_place(asked[period.start :])):
        end = old.start
    # « et en mars ? » after « en 2024 » is March 2024.
    dated = re.search(r"\d{4}", asked[period.start : period.end]) or not _MONTH_ALONE.search(
        fold(asked[period.start : period.end])
    )
    year = "" if dated else f" {old.first.year}"
    return " ".join(f"{base[:end]}{asked[start : period.end]}{year}{base[old.end :]}".split())
