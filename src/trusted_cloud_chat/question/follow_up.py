"""Completes a follow-up with the previous question. A question that stands alone is not changed."""

from collections.abc import Sequence
from dataclasses import replace

from trusted_cloud_chat.entities import Entity
from trusted_cloud_chat.language.periods import find_periods
from trusted_cloud_chat.language.senses import spans_of
from trusted_cloud_chat.language.words import words
from trusted_cloud_chat.question.question import Question
from trusted_cloud_chat.schema import Turn

_FEW = 2
"""Minimum number of content words with which a question stands alone, if it has no name and no period."""
MOST_TURNS = 20
"""Maximum number of turns that a follow-up can refer to."""
MOST_CHAINED = 4000
"""Maximum length, in characters, of a follow-up joined with the previous question."""
_MOST_ANSWERED = 20_000
"""Maximum number of characters read from an earlier answer; answers of this program are shorter."""


def recent(turns: Sequence[Turn]) -> list[Turn]:
    """The last `MOST_TURNS` turns, with longer answers cut."""
    return [
        turn if len(turn.answer) <= _MOST_ANSWERED else replace(turn, answer=turn.answer[:_MOST_ANSWERED])
        for turn in turns[-MOST_TURNS:]
    ]


def leans(question: Question) -> bool:
    """Whether it needs the previous question: it starts with « et », has an unresolved pronoun, or has too few content words."""
    if _opens_with("connective", question) or one_of_them(question) or _has_anaphor(question):
        return True
    if _opens_with("it_is", question) and not question.mentions and not _spans("determiner", question):
        return True
    return not question.mentions and not question.periods and len(question.further()) < _FEW


def joined(question: Question, before: Question) -> tuple[str, str, bool]:
    """Returns (search text, text for embedder and reader, whether it is the previous question with a name or a period replaced)."""
    text = question.searched
    earlier = before.searched[: max(MOST_CHAINED - len(text), 0)]
    if not question.further():
        exchanged = _exchanged(question, before)
        both = exchanged or f"{earlier} {text}"
        return both, both, exchanged is not None
    given = {mention.entity.kind for mention in question.mentions}
    names = [m.entity.name for m in before.mentions if m.entity.kind not in given]
    told = () if given or one_of_them(question) else before.told()
    names += [name for name in told if name not in names][:1]
    named = ", ".join(dict.fromkeys(names))
    if named:
        return f"{named} {text}", f"{named}\u00a0: {text}", False
    if question.mentions and not one_of_them(question):
        return text, text, False
    return f"{text} {earlier}", f"{earlier} {text}", False


def of_both(question: Question, before: Question) -> tuple[Entity, ...]:
    """The entities of the follow-up, then those of the previous question whose kind the follow-up lacks."""
    given = {mention.entity.kind for mention in question.mentions}
    kept = (m.entity for m in before.mentions if m.entity.kind not in given)
    return tuple(dict.fromkeys([*(m.entity for m in question.mentions), *kept]))


def _exchanged(question: Question, before: Question) -> str | None:
    """The previous question with its names and period replaced by the follow-up's; None if it has nothing to replace."""
    text, changes = before.searched, []
    names = list(dict.fromkeys(mention.entity for mention in question.mentions))
    same = [m for m in before.mentions if names and m.entity.kind == names[0].kind]
    if same:
        changes += [(m.start, m.end, "") for m in same[1:]]
        changes.append((same[0].start, same[0].end, ", ".join(entity.name for entity in names)))
    periods = find_periods(text, question.query.today, spoken=True) if question.periods else ()
    if periods:
        given = question.periods[0]
        changes.append((periods[0].start, periods[0].end, question.searched[given.start : given.end]))
    for start, end, said in sorted(changes, reverse=True):
        text = text[:start] + said + text[end:]
    return text[:MOST_CHAINED] if changes else None


def one_of_them(question: Question) -> bool:
    """Whether it asks about another item of the kind just discussed: « Celle d’Amazon »."""
    return _opens_with("one_of_them", question)


def _opens_with(sense: str, question: Question) -> bool:
    first = next(iter(words(question.searched)), None)
    return first is not None and any(start == first.start for start, _ in _spans(sense, question))


def _spans(sense: str, question: Question) -> list[tuple[int, int]]:
    return spans_of(sense, question.searched, question.query.language)


def _has_anaphor(question: Question) -> bool:
    """Whether a pronoun lacks its antecedent: in « Depuis quand existe-t-elle ? », not in « Quand la loi entre-t-elle en vigueur ? »."""
    impersonal = _spans("impersonal", question)
    named = [mention.start for mention in question.mentions]
    first = min([*named, *(start for start, _ in _spans("determiner", question))], default=len(question.searched))
    return any(
        start < first and not any(a <= start < b for a, b in impersonal) for start, _ in _spans("anaphor", question)
    )
