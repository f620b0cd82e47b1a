"""Whether a sentence of a chat model is proved by the passages that it cites, decided in code.

A judge reads it beside the sentences nearest to it (`models/judge.py`); code compares figures, dates, names, negations and words
(`comparing.py`). A logistic regression over both, fitted by `scripts/calibrate_claims.py`, says proved, contradicted or neither;
a figure that no cited passage has is never proved, but for the count of the names that the sentence lists. See `docs/language-models.md` and `scripts/measure_verification.py`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from trusted_cloud_chat.chunking import title_over
from trusted_cloud_chat.language.claims import words_for
from trusted_cloud_chat.language.detection import detect_language
from trusted_cloud_chat.language.normalise import fold
from trusted_cloud_chat.language.stems import word_spans
from trusted_cloud_chat.models.judge import CONTRADICTED, ENTAILED, VERDICTS
from trusted_cloud_chat.particulars.facts import Facts
from trusted_cloud_chat.schema import Language, SentenceStatus
from trusted_cloud_chat.writing.drafts import Draft
from trusted_cloud_chat.writing.evidence import EvidenceBook, Quote
from trusted_cloud_chat.writing.prompt import words
from trusted_cloud_chat.writing.quote_match import (
    added_clauses,
    choose,
    contradictions,
    exchanged_figures,
    listed_names,
    missing_facts,
    missing_words,
    nearness,
)

CLAIM_FEATURES = ("entailed", "contradicted", "figure", "date", "name", "near_name", "cosine", "share", "foreign")
"""The judge's log-probabilities; figures, dates and names that no cited passage has, names that the nearest sentences lack; how near
these are in meaning and in words, and whether they are in another language."""
_PROVED, _CONTRADICTED = 0.5, 0.75
"""Shares from which a sentence is one or the other; chosen, as those below, on claims about articles that the judge was not taught on
and on sentences nearly in an article's own words."""
_CLOSE, _PROVED_CLOSE, _PROVED_BY_RULES = 0.55, 0.35, 0.4
"""From this share of the quotes' words on the rules decide, which are seldom wrong there; what the judge must then think at least, and what
it must think of a freer sentence that the rules would prove."""
_LOOSELY_CLOSE, _ALWAYS = 0.4, ("opposite", "claim", "exchanged")
"""The share from which any contradiction that the rules see is enough for a sentence not to be proved, and those that are below it too."""
_MEANING, _SHARE, _FACT = 1.03, 0.3, 0.03
"""What `cosine + share * overlap` must reach by the rules, less for each figure, date or name that stands, up to three."""
_MOST = 3
"""Of what is counted, more say no more."""
_DECISIVE = ("negation", "opposite", "plan", "exchanged")
"""Reasons that show that only one of the two can be true."""
_VERBATIM, _WORD_FOR_WORD = 0.8, 0.95
"""Share of a sentence's words that the nearest sentences have, from which such a reason, or a date or a name of its own, is no accident
of a free paraphrase; and the cosine from which the two are nearly word for word."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`quotes` are the nearest sentences of the cited passages, best first; `reasons` say why it is not proved."""

    status: SentenceStatus
    quotes: tuple[Quote, ...] = ()
    reasons: tuple[str, ...] = ()

    def reason(self, language: Language) -> str:
        """Why it is not proved, in one clause; empty where it is."""
        if self.status in ("proved", "connective"):
            return ""
        told = words("unproved", language)
        if self.status == "contradicted":
            return told["contradicted"]
        kind, _, what = self.reasons[0].partition(" ")
        return told.get(kind, told["meaning"]).format(what=what)


def verify(draft: Draft, language: Language, book: EvidenceBook) -> Verdict:
    """Compare a draft with the passages that it cites; without any with the nearest ones.

    `language` is the answer's; a model that writes in that of its passages is read in it.
    """
    language = detect_language(fold(draft.claim), language)  # by its words alone: names have accents everywhere
    if is_connective(draft, book.facts(draft.claim, language), language):
        return Verdict("connective")
    cited = [n - 1 for n in draft.citations] or book.nearest(draft.claim)
    if not any(book.quotes(number) for number in cited):
        return Verdict("unproved", (), ("citation",))
    compared = compare(draft.claim, language, cited, book)
    proved, contradicted = shares_of(compared.features)
    if compared.against or (contradicted >= _CONTRADICTED and not compared.by_rules):
        return Verdict("contradicted", compared.quotes, compared.reasons)
    status: SentenceStatus = "proved" if compared.is_proved(proved) else "unproved"
    return Verdict(status, compared.quotes, () if status == "proved" else compared.reasons)


@dataclass(frozen=True, slots=True)
class Compared:
    """A claim beside the passages that it cites."""

    features: tuple[float, ...]
    """`CLAIM_FEATURES`, in their order."""
    quotes: tuple[Quote, ...]
    reasons: tuple[str, ...]
    """What speaks against it, `meaning` last."""
    against: bool
    """Whether, in nearly the same words, only one of the two can be true."""
    held: bool
    """Whether it has a figure, a date or words in guillemets that no cited passage has (but a number that counts the names which it lists),
    in nearly the same words another date or name, or a contradiction that is seldom an accident."""
    close: bool
    """Whether it has more than half of its words from the quotes."""
    nearest: bool
    """Whether it is nearly word for word, in meaning too: there the judge sees traps where none are."""
    by_rules: bool
    """Whether the rules alone would prove it."""

    def is_proved(self, share: float) -> bool:
        """`share`: how likely, by the regression."""
        if self.close:
            return self.by_rules and (self.nearest or share >= _PROVED_CLOSE)
        return not self.held and (share >= _PROVED or (self.by_rules and share >= _PROVED_BY_RULES))


def compare(claim: str, language: Language, cited: Sequence[int], book: EvidenceBook) -> Compared:
    """`cited` are places of passages, of which one at least has sentences."""
    text = without_yes(claim, language, book)
    said, vector = book.facts(text, language), book.vector(text)
    quotes = [quote for number in cited for quote in book.quotes(number)]
    chosen = choose(said, sorted(quotes, key=lambda quote: -nearness(said, float(vector @ quote.vector), quote)))
    whole = "\n".join(quote.text for quote in chosen)
    one = len(chosen) == 1
    told = chosen[0].facts if one else book.facts(whole, chosen[0].facts.language, chosen[0].article)
    cosine = float(vector @ (chosen[0].vector if one else book.vector(whole)))
    lacking, anywhere = _missing(text, said, chosen, quotes, book)
    foreign, words_lacking = said.language != told.language, missing_words(text, language, chosen)
    against = (*contradictions(said, told), *exchanged_figures(text, said, chosen, book))
    share = said.share_in(told.stems)
    verbatim = not foreign and share >= _VERBATIM
    reasons = (*lacking, *words_lacking, *against, *added_clauses(text, said, told, book))
    read = book.judge.judge(claim, _views(said, chosen, quotes)).mean(axis=0)
    features = (
        *(float(read[VERDICTS.index(verdict)]) for verdict in (ENTAILED, CONTRADICTED)),
        *(float(min(_MOST, _count(anywhere, *kinds))) for kinds in (("figure", "rank"), ("date",), ("name",))),
        float(min(_MOST, _count(lacking, "name"))),
        cosine,
        share,
        float(foreign),
    )
    decisive = ("negation",) if foreign else _ALWAYS if share < _LOOSELY_CLOSE else (*_DECISIVE, "claim")
    return Compared(
        features,
        tuple(chosen),
        (*anywhere, *reasons, "meaning"),
        against=verbatim and any(reason in _DECISIVE for reason in against),
        held=bool(words_lacking)
        or _count(anywhere, "figure", "date") > 0
        or (verbatim and _count(lacking, "date", "name") > 0)
        or _count(against, *decisive) > 0,
        close=not foreign and share >= _CLOSE,
        nearest=verbatim and cosine >= _WORD_FOR_WORD,
        by_rules=not foreign and not reasons and _means_the_same(said, told, cosine),
    )


def _missing(
    text: str, said: Facts, chosen: Sequence[Quote], quotes: Sequence[Quote], book: EvidenceBook
) -> tuple[list[str], list[str]]:
    """What the nearest sentences have not, and what none has; but for the number of the names that the claim lists, if all of them stand."""
    lacking, anywhere = missing_facts(said, chosen), missing_facts(said, quotes)
    if _count(anywhere, "figure") and not _count(anywhere, "name"):
        counted = f"figure {listed_names(text, said.language, book)}"
        return [one for one in lacking if one != counted], [one for one in anywhere if one != counted]
    return lacking, anywhere


def _views(said: Facts, chosen: Sequence[Quote], quotes: Sequence[Quote]) -> list[tuple[str, str]]:
    """What the judge reads, under its title: the nearest sentence between its neighbours, and all that were chosen.

    Under a claim with a date of which they say nothing the title ends with the day of the article, which may be what it tells.
    """
    first = chosen[0]
    title, place = title_over(first.article, first.span.start), quotes.index(first)
    if said.moments and first.article.date and not any(quote.facts.moments for quote in chosen):
        title += f", {first.article.date.spoken(first.article.language)}"
    beside = [q for q in quotes[max(0, place - 1) : place + 2] if q.article is first.article]
    views = [(title, first.article.text[beside[0].span.start : beside[-1].span.end])]
    if len(chosen) > 1:
        together = sorted(chosen, key=lambda quote: (quote.article.article_id, quote.span.start))
        views.append((title, " ".join(quote.text for quote in together)))
    return views


def _count(reasons: Sequence[str], *kinds: str) -> int:
    return sum(reason.partition(" ")[0] in kinds for reason in reasons)


def shares_of(features: Sequence[float]) -> tuple[float, float]:
    """How likely a claim is proved, and contradicted, 0 to 1."""
    table = _weights()[:, 1:] @ np.asarray(features) + _weights()[:, 0]
    proved, contradicted = 1 / (1 + np.exp(-table))
    return float(proved), float(contradicted)


@cache
def _weights() -> NDArray[np.float64]:
    """`(2, 1 + features)`, the intercepts first."""
    stored = json.loads(resources.files("trusted_cloud_chat.data").joinpath("weights.json").read_text("utf-8"))
    rows = [stored["claims"][verdict] for verdict in (ENTAILED, CONTRADICTED)]
    return np.array([[row["intercept"], *(row[name] for name in CLAIM_FEATURES)] for row in rows])


def is_connective(draft: Draft, said: Facts, language: Language) -> bool:
    """A heading, the line before a list, the head of a table, « En résumé, voici ce que disent les articles. »: nothing to prove."""
    if said.figures or said.moments or said.denies or said.claims or "done" in said.noted:
        return False
    if draft.is_heading or draft.claim.rstrip().endswith(":"):
        return True
    known = words_for("connective", language)
    spans = word_spans(draft.claim, language)
    return not said.names.keys and all(known.has(fold(draft.claim[w.start : w.end])) for w in spans)


def without_yes(text: str, language: Language, book: EvidenceBook) -> str:
    """« Oui, … » without its first word, and « Non, … » where the rest denies too: the rest is what can be compared."""
    first = text.partition(" ")[0]
    denies = {"oui": False, "yes": False, "non": True, "no": True}.get(fold(first).strip(" .,"))
    rest = text[len(first) :].strip()
    if not rest or denies is None or first[-1:] not in (",", "."):
        return text
    facts = book.facts(rest, language)
    return rest if (facts.denies or "only" in facts.noted) == denies else text


def _means_the_same(said: Facts, told: Facts, cosine: float) -> bool:
    return cosine + _SHARE * said.share_in(told.stems) >= _MEANING - _FACT * min(3, said.count)
