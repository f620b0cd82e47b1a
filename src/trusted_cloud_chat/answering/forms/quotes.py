"""The default form: the sentences that answer, best first."""

from collections.abc import Sequence

from trusted_cloud_chat.answering.forms.form import Form, Maker
from trusted_cloud_chat.answering.forms.known import Known
from trusted_cloud_chat.answering.sentences import figures
from trusted_cloud_chat.evidence.ranking import Selected, place_of
from trusted_cloud_chat.evidence.repeats import without_repeats
from trusted_cloud_chat.language.senses import says
from trusted_cloud_chat.language.stems import content_words
from trusted_cloud_chat.question.question import Question

_MARGIN, _LEAST_READ = 1.5, 0.0
"""Maximum distance of a second quote's score from the best score, and its minimum reader logit; chosen on the styles dev set."""
_FURTHER = 1.0
"""Maximum distance of a third and a fourth quote."""
_OF_SEVERAL, _SEVERAL_MARGIN, _SEVERAL_READ = {"list": 6, "how_changed": 5}, 2.2, -1.0
"""For kinds that ask for several things: maximum number of quotes, maximum distance, minimum logit."""
_MOST_DEFAULT = 4
_TOGETHER = 0.7
"""Minimum cosine of a stored question to the question for all its sentences to be shown."""
_PIECE = 0.6
"""Minimum cosine of a stored question to the mean of a piece and the whole of the question, for its sentences to be shown."""
_MOST_TOGETHER = 6
"""Maximum number of sentences of these stored questions."""
_CLOSE = 1.0
"""Maximum difference in score at which the newer of two quotes leads."""


def quotes_form(maker: Maker) -> Form:
    question, ranked = maker.evidence.question, maker.evidence.ranked
    kind = question.query.kind
    near = _near_best(ranked, maker)
    if kind == "list" and maker.known:
        near = _with_its_set(near, ranked, maker.known)
        near = [near[0], *maker.known.of_one_set(near[0], near[1:])] if question.is_part else near
    kept = _distinct(question, near, maker)[: _OF_SEVERAL.get(kind, _MOST_DEFAULT)]
    kept = _newest_first(question, kept, maker)
    kept, opened = _with_each(kept, maker)
    if opened == 1:
        kept, opened = _whole_answer(kept, maker)
    kept, opened = _of_each_piece(kept, opened, maker)
    became = maker.known.became(kept[0]) if maker.known and kind != "yes_no" else None
    if became is None:
        return Form(tuple(kept), listed=kind == "list" and len(kept) > 1, opened=opened)
    rest = [one for one in kept[1:] if place_of(one) != place_of(became)]
    return Form((kept[0], became, *rest), listed=kind == "list", opened=2)


def _with_each(kept: list[Selected], maker: Maker) -> tuple[list[Selected], int]:
    """(quotes, number that lead): if the question asks for a number for each name, adds a sentence with a figure for each name missing in the lead."""
    question, led = maker.evidence.question, kept[:1]
    names = [part.about.name for part in question.parts if part.about]
    if question.query.kind != "number" or not says("each", question.searched, question.query.language):
        return kept, 1
    for name in names:
        telling = (one for one in maker.evidence.ranked if maker.entities.named(one.text, [name]))
        if not any(maker.entities.named(one.text, [name]) for one in led):
            led += [one for one in telling if figures(one.text)][:1]
    return [*led, *(one for one in kept[1:] if one not in led)], len(led)


def _whole_answer(kept: list[Selected], maker: Maker) -> tuple[list[Selected], int]:
    """(quotes, number that lead): adds the other sentences that answer the lead's stored question, if the question is similar to it."""
    question, lead, vote = maker.evidence.question, kept[0], kept[0].vote
    follows = question.context or question.goes_on  # the stored question may match the previous question
    if vote is None or vote.likeness < _TOGETHER or follows or len(vote.answered_by) < 2:
        return kept, 1
    led = _with_those_at(sorted(vote.answered_by), [lead], maker)
    if len(led) == 1 or not maker.trace.fires("whole_answer", f"{len(led)}, « {vote.question} »"):
        return kept, 1
    return [*led, *(one for one in kept[1:] if one not in led)], len(led)


def _of_each_piece(kept: list[Selected], opened: int, maker: Maker) -> tuple[list[Selected], int]:
    """(quotes, number that lead): adds, for each piece of the question, the sentences for the nearest stored question of the leading article."""
    question = maker.evidence.question
    if question.is_part and not question.several:
        return kept, opened
    votes = [one for one in maker.evidence.pieces(kept[0].passage.article) if one.likeness >= _PIECE]
    starts = list(dict.fromkeys(start for vote in votes for start in vote.answered_by))
    led = _with_those_at(starts, kept[:opened], maker)
    said = " · ".join(f"« {vote.question} »" for vote in votes)
    if len(led) == opened or not maker.trace.fires("pieces", said):
        return kept, opened
    likeness = kept[0].vote.likeness if kept[0].vote else 0.0
    if opened == 1 and likeness < _PIECE and max(one.likeness for one in votes) >= _TOGETHER:
        led = led[1:]  # the lead has no similar stored question
    return [*led, *(one for one in kept[opened:] if one not in led)], len(led)


def _with_those_at(starts: Sequence[int], led: list[Selected], maker: Maker) -> list[Selected]:
    """`led`, then the sentences at `starts` in the article of `led[0]`, without repeats."""
    article = led[0].passage.article
    new = [start for start in starts if (article.article_id, start) not in set(map(place_of, led))]
    if maker.known:  # also finds sentences outside of the retrieved passages
        told = maker.known.each_once([*led, *maker.known.at(article, new)])
    else:
        places = {(article.article_id, start) for start in new}
        told = [*led, *(one for one in maker.evidence.ranked if place_of(one) in places)]
    return without_repeats(told, maker.evidence.question.query.language)[:_MOST_TOGETHER]


def _with_its_set(near: Sequence[Selected], ranked: Sequence[Selected], known: Known) -> list[Selected]:
    """The close sentences, unless their facts are of another kind than the best one's, then those of its article with facts of its kind; each fact once."""
    lead, places = near[0], set(map(place_of, near))
    facts = known.told(lead)
    near = [one for one in near if not facts or not known.told(one) or known.of_one_set(lead, [one])]
    article = lead.passage.article.article_id
    rest = [one for one in ranked if one.passage.article.article_id == article and place_of(one) not in places]
    return known.each_once([*near, *known.of_one_set(lead, rest)])


def _near_best(ranked: Sequence[Selected], maker: Maker) -> list[Selected]:
    """The sentences with scores close enough to the best; the best sentence always."""
    several = maker.evidence.question.query.kind in _OF_SEVERAL
    margin, least = (_SEVERAL_MARGIN, _SEVERAL_READ) if several else (_MARGIN, _LEAST_READ)
    near = list(ranked[:1])
    for one in ranked[1:]:
        allowed = margin if several or len(near) < 2 else _FURTHER
        if one.score >= ranked[0].score - allowed and (one.read is None or one.read >= least):
            near.append(one)
    done = len(near) == len(ranked) or maker.trace.fires("margin", f"{len(near)} / {len(ranked)}")
    return near if done else list(ranked)


def _distinct(question: Question, near: Sequence[Selected], maker: Maker) -> list[Selected]:
    asked = content_words(question.searched, question.query.language)
    kept = without_repeats(near, question.query.language, asked)
    return kept if len(kept) == len(near) or maker.trace.fires("repeats", str(len(near) - len(kept))) else list(near)


def _newest_first(question: Question, quotes: list[Selected], maker: Maker) -> list[Selected]:
    """Puts the newest of the quotes with similar scores first, if the question is about the present."""
    if not question.wants_now or len(quotes) < 2:
        return quotes
    close = [one for one in quotes if one.score >= quotes[0].score - _CLOSE]
    newest = max(close, key=lambda one: _tells_of(one, maker))
    if newest is quotes[0] or not maker.trace.fires("newest_leads", str(newest.passage.article.date)):
        return quotes
    return [newest, *(one for one in quotes if one is not newest)]


def _tells_of(one: Selected, maker: Maker) -> int:
    """The day (ordinal) of its newest fact, else of its article: a new article may state an old figure."""
    told = maker.known.told(one) if maker.known else []
    return max((known.when.middle.toordinal() for known in told if known.when), default=one.published)
