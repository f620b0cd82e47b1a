"""Comparisons and lists that name several entities, split into one question an entity."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from trusted_cloud_chat.entities import Entity, Mention
from trusted_cloud_chat.text import fold_in_place

MOST_PARTS = 5
"""Entities that get a search of their own; each costs a few milliseconds."""

_COORDINATORS = frozenset("et ou and or vs versus cote".split())
_COMPARATORS = frozenset("a avec rapport contre face with to against".split())
"""They join what is compared, « Bleu par rapport à S3NS », and nothing else: « préférer Microsoft à OVH »."""
_BESIDE = frozenset(
    "par puis mais d un de l autre le la les du des pour chez celle celui ceux celles of for from the in".split()
)
"""Words that may stand beside them: « Bleu d'un côté, de S3NS de l'autre »."""
_MOST_JOINING = 6
_ARTICLE = re.compile(r"(?:\bl'|\b(?:la|le|les|the) )$")
_RELATION = re.compile(
    r"\b(accord|alliance|partenariat|partenaires?|coentreprise|ensemble|en commun|conjoint\w*|mutuel\w*|entraide|litige|"
    r"rachat|fusion\w*|each other|jointly|together|mutual\w*|agreement|partnership|joint venture|deal)\b|"
    r"\bse \w+(ent|er)\b"
)
"""What is asked is what the entities have to do with each other."""
_COMPARING = re.compile(
    r"\b(?:compare[rz]?(?: entre| les| the)?|comparaison (?:entre|de|d')|comparison (?:of|between)|(?:quelles? (?:est|sont) |what"
    r"(?:'s| is| are) )?(?:quelles? |l[ae]s? |une |des |the |any )?differences? (?:y a-t-il |is there |are there )?"
    r"(?:entre|between)|d'un cote|de l'autre(?: cote)?|respectivement|respectively|entre)\s*|\s?[,:]? (?:lequel|laquelle|lesquel(?:le)?s|which(?: one)?)\b"
)
_TERM = r"(?:(?:l[ea]s?|un|une|the|an?) |l')?(?P<{0}>\w[\w.+-]*(?: \w[\w.+-]*){{0,3}}?)"
_END = r"(?=\s*(?:[?!.,;:]|$| (?:pour|sur|en|dans|chez|selon|quant|for|in|on|about|as)\b))"
_UNKNOWN = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?:entre|between) {_TERM.format('a')} (?:et|and) {_TERM.format('b')}{_END}",
        rf"\bcompar(?:e|er|ez|aison de) {_TERM.format('a')} (?:et|a|avec|and|with|to) {_TERM.format('b')}{_END}",
        rf"(?:^|[,:] ?){_TERM.format('a')} (?:vs\.?|versus|ou|or) {_TERM.format('b')}\s*(?:[,:?]|$)",
    )
)


def split_question(asked: str, kind: str, mentions: Sequence[Mention]) -> list[tuple[Entity, str]]:
    """(entity, question about it alone) in the order of the question; empty for a question that stays whole."""
    folded = fold_in_place(asked)
    if kind != "comparison" and _RELATION.search(folded):
        return []
    comparing = kind == "comparison"
    group = _coordinated(folded, mentions, comparing=comparing) or (_unknown(asked, folded) if comparing else [])
    if not group:
        return []
    before, after = asked[: _with_article(folded, group[0])], asked[group[-1].end :]
    questions = [(m.entity, f"{before}{asked[_with_article(folded, m) : m.end]}{after}") for m in group]
    return [(entity, without_comparison(text)) for entity, text in questions][:MOST_PARTS]


def _with_article(folded: str, mention: Mention) -> int:
    """Where the mention begins, its article included."""
    article = _ARTICLE.search(folded[: mention.start])
    return article.start() if article else mention.start


def without_comparison(text: str) -> str:
    """« Compare Bleu sur le prix » → « Bleu sur le prix »: what is left is asked of one entity."""
    folded = fold_in_place(text)
    kept, last = [], 0
    for match in _COMPARING.finditer(folded):
        kept.append(text[last : match.start()])
        last = match.end()
    return " ".join("".join([*kept, text[last:]]).split())


def _coordinated(folded: str, mentions: Sequence[Mention], *, comparing: bool) -> list[Mention]:
    """The longest run of different entities of one kind with nothing but « et », « ou », commas… between them."""
    runs = (list(run) for run in _runs(folded, mentions, comparing))
    distinct = [[next(same) for _, same in groupby(run, key=lambda m: m.entity.name)] for run in runs]
    several = [run for run in distinct if len({m.entity.name for m in run}) > 1]
    return max(several, key=len, default=[])


def _runs(folded: str, mentions: Sequence[Mention], comparing: bool) -> Iterator[list[Mention]]:
    run: list[Mention] = []
    for mention in mentions:
        between = folded[run[-1].end : mention.start] if run else ""
        if run and not (mention.entity.kind == run[-1].entity.kind and _joins(between, comparing)):
            yield run
            run = []
        run.append(mention)
    if run:
        yield run


def _joins(between: str, comparing: bool) -> bool:
    words = set(re.findall(r"\w+", between))
    joining = _COORDINATORS | _COMPARATORS if comparing else _COORDINATORS
    if len(words) > _MOST_JOINING or re.search("[.!?]", between) or not words <= joining | _BESIDE:
        return False
    return bool(words & joining) or "," in between or "/" in between


def _unknown(asked: str, folded: str) -> list[Mention]:
    """The two terms of a comparison that no alias names: « différence entre IaaS et PaaS »."""
    for pattern in _UNKNOWN:
        match = pattern.search(folded)
        if match is not None:
            spans = [match.span(name) for name in ("a", "b")]
            return [Mention(Entity(asked[a:b]), a, b, asked[a:b]) for a, b in spans]
    return []
