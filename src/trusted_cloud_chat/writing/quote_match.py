"""A sentence of a chat model beside sentences of the passages that it cites: which of them are nearest, which of its figures, dates,
names and words they lack, and whether the two contradict each other. What follows from it is decided in `verification.py`.
"""

from __future__ import annotations

from collections.abc import Sequence

from trusted_cloud_chat.language.claims import claims
from trusted_cloud_chat.language.model_patterns import CLAUSE_BORDER, QUOTATION, TELEPHONE, WEB_ADDRESS
from trusted_cloud_chat.language.normalise import fold, normalise
from trusted_cloud_chat.language.stems import lexical_tokens
from trusted_cloud_chat.language.words import words
from trusted_cloud_chat.particulars.facts import Facts, Scope
from trusted_cloud_chat.particulars.figures import moment_of
from trusted_cloud_chat.schema import Language
from trusted_cloud_chat.writing.evidence import EvidenceBook, Quote

_SHARE = 0.3
"""How much shared words count beside the cosine of two sentences."""
_GAIN = 0.25
"""Share of a sentence's own words that a further quote must add before its figures and names count."""
_MOST_QUOTES = 3
_BOUND = 2
"""Kinds of missing facts (figure, date, name) that a further quote brings together: a corruption has but one."""


def nearness(said: Facts, cosine: float, quote: Quote) -> float:
    """Facts break the tie between sentences that say nearly the same, as articles often do."""
    return cosine + _SHARE * said.share_in(quote.facts.stems) - 0.02 * min(3, len(missing_facts(said, [quote])))


def choose(said: Facts, ranked: Sequence[Quote]) -> list[Quote]:
    """The nearest sentence, and those that bring words of their own: a figure alone does not bring in its sentence.

    Otherwise « 13 % » put for « 27 % » would stand by any other sentence that has 13 %.
    """
    chosen, covered = [ranked[0]], ranked[0].facts.stems
    for quote in ranked[1:]:
        gain = said.share_in(covered | quote.facts.stems) - said.share_in(covered)
        met = set(missing_facts(said, chosen)) - set(missing_facts(said, [*chosen, quote]))
        if len({fact.split()[0] for fact in met}) >= _BOUND or gain >= (_GAIN if met else 1.4 * _GAIN):
            chosen.append(quote)
            covered |= quote.facts.stems
    return chosen[:_MOST_QUOTES]


def missing_facts(said: Facts, quotes: Sequence[Quote]) -> list[str]:
    """Figures, ranks, dates and names of the sentence that no quote has; where none has a date, the articles' own count."""
    figures = [figure for quote in quotes for figure in quote.facts.figures]
    moments = [moment for quote in quotes for moment in quote.facts.moments]
    moments = moments or [moment_of(quote.article.date) for quote in quotes if quote.article.date]
    names = max(len(quote.facts.names.keys) for quote in quotes)
    absent = set.intersection(*(_absent(said, quote) for quote in quotes))
    return [
        *(f"{'rank' if f.rank else 'figure'} {f}" for f in said.figures if not f.stands(figures, names)),
        *(f"date {moment.first}/{moment.last}" for moment in said.moments if not moment.stands(moments)),
        *(f"name {name.lstrip('=')}" for name in sorted(absent)),
    ]


def _absent(said: Facts, quote: Quote) -> set[str]:
    """Names that the quote has not. One from before it is a pronoun made whole, unless the quote names somebody else;
    one of the publishers is its source, unless it names another.
    """
    absent = said.names.lacking(quote.facts.names)
    if absent and quote.context is not None and not quote.facts.names.lacking(said.names):
        absent &= said.names.lacking(quote.context)
    if absent and "reported" in said.noted and "reported" not in quote.facts.noted:
        absent &= said.names.lacking(quote.publishers)
    return absent


def listed_names(text: str, language: Language, book: EvidenceBook) -> int:
    """How many names stand in a row in the longest list: 3 of « Trois prestataires, A, B et C, sont qualifiés », 0 without one."""
    longest = length = 0
    for clause in CLAUSE_BORDER.split(text):
        content = [word.has_capital for word in words(clause) if lexical_tokens(word.text, language)]
        opens, ends = bool(content) and content[0], bool(content) and content[-1]
        length = length + 1 if opens and length else int(ends)
        longest = max(longest, length)
        if book.facts(clause, language).rest:
            length = int(ends)  # nothing goes on after « C sont qualifiés », but a list may begin with « De X à A »
    return longest if longest > 1 else 0


def contradictions(said: Facts, told: Facts) -> list[str]:
    """`negation`, `opposite`, `claim` or `plan`, where the two cannot both be true or one says more; else nothing."""
    denied = _denies_otherwise(said, told, all_of_it=True) or _denies_otherwise(told, said, all_of_it=False)
    if denied or _is_not_yet(said, told):
        return ["negation"]
    if _opposed(said, told):
        return ["opposite"]
    unfounded = [f"claim {name}" for name in said.claims if _is_unfounded(name, said, told)]
    planned = "plan" in told.noted and "plan" not in said.noted and not said.denied
    return unfounded or (["plan"] if planned and "done" in said.noted and "done" not in told.noted else [])


def _denies_otherwise(one: Facts, other: Facts, *, all_of_it: bool) -> bool:
    """Whether one text denies more than the other does, by negations or by words like « refuse ».

    `all_of_it`: else only what it denies of what the other says, and a looser word of the other may tell it too.
    """
    same = one.language == other.language
    double, other_double = (int("double_negation" in facts.noted) for facts in (one, other))  # « n’empêche pas » allows
    denied = [s for s in one.denied if not same or all_of_it or len(s & other.stems) >= 0.5 * len(s)][double:]
    about = frozenset[str]().union(*denied)
    met = [scope for scope in other.denied if not same or scope & about][other_double:]
    words = [name for name in other.denying - one.denying if not same or other.claims[name] & about][other_double:]
    loose = () if all_of_it else other.noted & {"weak_negation", "only", "double_negation"}
    return len(denied) > len(met) + len(words) + len(loose)


def _is_not_yet(said: Facts, told: Facts) -> bool:
    """Whether one side says « pas encore » of what the other tells as done."""
    if "not_yet" in said.noted:
        return not (told.denies or "plan" in told.noted)
    done = "done" in said.noted and "plan" not in said.noted
    return "not_yet" in told.noted and done and not said.denies


def _opposed(said: Facts, told: Facts) -> bool:
    """One side says a word, the other only its opposite; a negation on one side alone makes them agree."""
    mine, theirs = (bool(facts.denied or "weak_negation" in facts.noted) for facts in (said, told))
    return mine == theirs and any(
        name not in told.claims and other in told.claims and other not in said.claims
        for name in said.claims
        for other in claims()[name].opposite
    )


def _is_unfounded(name: str, said: Facts, told: Facts) -> bool:
    """Whether the sentence claims what the quotes say in no form, nor deny anything that it could be told by."""
    claim = claims()[name]
    excused = told.denies or "only" in told.noted or said.denied or "weak_negation" in said.noted
    return claim.must and not told.claims.keys() & {name, *claim.by} and (claim.strict or not excused)


def missing_words(text: str, language: Language, quotes: Sequence[Quote]) -> list[str]:
    """Addresses, telephone numbers and words in guillemets that no quote has in the same words."""
    texts = [quote.text for quote in quotes]
    publishers = [name for quote in quotes for name in quote.publishers.words]
    plain = " ".join([*map(fold, texts), *publishers])
    found = [match.group().rstrip(".,;:!?)»") for match in WEB_ADDRESS.finditer(text)]
    missing = [f"address {each}" for each in found if fold(each).split("://")[-1].removeprefix("www.") not in plain]
    numbers = TELEPHONE.findall(normalise(text))
    missing += [f"address {n}" for n in numbers if not any(_digits(n) in _digits(known) for known in texts)]
    if all(quote.facts.language == language for quote in quotes):
        quoted = [next(filter(None, match.groups())) for match in QUOTATION.finditer(text)]
        parts = filter(None, (part.strip(" []()") for part in "…".join(quoted).replace("...", "…").split("…")))
        stems = [_stemmed(each, language) for each in texts]
        missing += [f"words {part}" for part in parts if not any(_stemmed(part, language) in each for each in stems)]
    return missing


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def _stemmed(text: str, language: Language) -> str:
    """Endings may differ: « contrôlée » of a company is « contrôlé » of a group."""
    return f" {' '.join(lexical_tokens(text, language, keep_stopwords=True))} "


def added_clauses(text: str, said: Facts, told: Facts, book: EvidenceBook) -> list[str]:
    """« …, et ses clients sont satisfaits »: a clause without a fact to check, of which the quotes have no word at all."""
    clauses = [book.facts(clause, said.language) for clause in CLAUSE_BORDER.split(text)[1:]]
    bare = any(len(c.rest) > 1 and not c.count and not c.rest & told.stems for c in clauses)
    return ["added"] if bare and said.language == told.language else []


def exchanged_figures(text: str, said: Facts, quotes: Sequence[Quote], book: EvidenceBook) -> list[str]:
    """Two names with each other's figures: « AWS 17 %, Microsoft 46 % » for « AWS 46 %, Microsoft 17 % »."""
    if len(said.figures) < _BOUND or len(said.names.keys) < _BOUND:
        return []
    mine = _figures_of_names(text, said.language, book)
    for theirs in (_figures_of_names(quote.text, quote.facts.language, book) for quote in quotes):
        wrong = {name for name in mine.keys() & theirs.keys() if mine[name] != theirs[name]}
        if any(mine[name] == theirs[other] for name in wrong for other in wrong - {name}):
            return ["exchanged"]
    return []


def _figures_of_names(text: str, language: Language, book: EvidenceBook) -> dict[str, Scope]:
    """The figure of each name that stands with a single one in its clause, and with no other anywhere."""
    found: dict[str, Scope] = {}
    for facts in (book.facts(clause, language) for clause in CLAUSE_BORDER.split(text)):
        for name in facts.names.keys if len(facts.figures) == 1 else ():
            found[name] = found.get(name, frozenset()) | set(map(str, facts.figures))
    return {name: figures for name, figures in found.items() if len(figures) == 1}
