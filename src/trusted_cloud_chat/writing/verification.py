"""Whether a sentence of a chat model is proved by the passages that it cites, decided in code.

Its figures, dates, names and negations must stand in the sentences nearest to it, and it must mean about the same as they do; where
their words show that only one of the two can be true, it is contradicted. See `docs/language-models.md` and
`scripts/measure_verification.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from trusted_cloud_chat.language.claims import words_for
from trusted_cloud_chat.language.lexical import word_spans
from trusted_cloud_chat.language.normalise import fold
from trusted_cloud_chat.schema import Language, SentenceStatus
from trusted_cloud_chat.writing.comparing import (
    added_clauses,
    choose,
    contradictions,
    exchanged_figures,
    missing_facts,
    missing_words,
    nearness,
)
from trusted_cloud_chat.writing.drafts import Draft
from trusted_cloud_chat.writing.evidence import EvidenceBook, Quote
from trusted_cloud_chat.writing.facts import Facts
from trusted_cloud_chat.writing.prompt import words

_MEANING, _SHARE, _FACT = 1.03, 0.3, 0.03
"""What `cosine + share * overlap` must reach. Each figure, date or name that stands, up to three, lowers it: « Scaleway,
544, 414 » already tells which claim this is, while a sentence without any has nothing but its words."""
_FOREIGN_COSINE = 0.88
"""What the cosine alone must reach, for quotes in another language."""
_DECISIVE = ("negation", "opposite", "plan", "exchanged")
"""Reasons that show that only one of the two can be true."""
_VERBATIM = 0.8
"""Share of a sentence's words that the nearest sentences have, from which such a reason is no accident of a free paraphrase."""


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
    """Compare a draft with the passages that it cites; without any with the nearest ones."""
    if is_connective(draft, book.facts(draft.claim, language), language):
        return Verdict("connective")
    cited = [n - 1 for n in draft.citations] or book.nearest(draft.claim)
    quotes = [quote for number in cited for quote in book.quotes(number)]
    if not quotes:
        return Verdict("unproved", (), ("citation",))
    text = without_yes(draft.claim, language, book)
    said, vector = book.facts(text, language), book.vector(text)
    chosen = choose(said, sorted(quotes, key=lambda quote: -nearness(said, float(vector @ quote.vector), quote)))
    whole = "\n".join(quote.text for quote in chosen)
    one = len(chosen) == 1
    told = chosen[0].facts if one else book.facts(whole, chosen[0].facts.language, chosen[0].article)
    cosine = float(vector @ (chosen[0].vector if one else book.vector(whole)))
    reasons = (
        *missing_facts(said, chosen),
        *missing_words(text, language, chosen),
        *contradictions(said, told),
        *added_clauses(text, said, told, book),
        *exchanged_figures(text, said, chosen, book),
        *([] if _means_the_same(said, told, cosine) else ["meaning"]),
    )
    return Verdict(_status(reasons, said, told), tuple(chosen), reasons)


def _status(reasons: Sequence[str], said: Facts, told: Facts) -> SentenceStatus:
    if not reasons:
        return "proved"
    alike = said.language == told.language and said.share_in(told.stems) >= _VERBATIM
    return "contradicted" if alike and any(reason in _DECISIVE for reason in reasons) else "unproved"


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
    if said.language != told.language:
        return cosine >= _FOREIGN_COSINE
    return cosine + _SHARE * said.share_in(told.stems) >= _MEANING - _FACT * min(3, said.count)
