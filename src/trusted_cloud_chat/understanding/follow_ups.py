"""A follow-up made whole from the questions before it: rules over words, no language model.

What it replaces is looked for first: a name by a name (« et S3NS ? »), a period by a period (« et en 2025 ? »), a
milestone or a version by another (« et le J1 ? »), a question word by a question word (« pourquoi ? », `slots.py`). Else a
pronoun stands for the subject of the question before, and what has no subject at all is said after that question
(`continuing.py`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from trusted_cloud_chat.entities import EntityBook, Mention, without_mentions
from trusted_cloud_chat.periods import Period, find_periods
from trusted_cloud_chat.schema import Language, Turn
from trusted_cloud_chat.text import detect_language, fold, fold_in_place, lexical_tokens
from trusted_cloud_chat.understanding.antecedents import (
    AskAgain,
    hangs_on_answer,
    hangs_on_topic,
    names_its_subject,
    refers_back,
)
from trusted_cloud_chat.understanding.asked import kind_of
from trusted_cloud_chat.understanding.continuing import Before
from trusted_cloud_chat.understanding.openings import (
    AGREEMENT,
    CONNECTED,
    CORRECTION,
    ELLIPTIC,
    as_why,
    without_courtesy,
    without_lead,
)
from trusted_cloud_chat.understanding.rejoinders import (
    about_both,
    asked_of_one,
    asks_for_the_other,
    asks_the_same,
    in_language,
    is_rejoinder,
    last_named,
    more_about,
    more_about_named,
    says_nothing_alone,
    speaks_of_both,
)
from trusted_cloud_chat.understanding.slots import asks_word_alone, with_predicate
from trusted_cloud_chat.understanding.standing import WHAT_IS_AN_ACRONYM, asks_what_it_is, first_alone, is_sentence
from trusted_cloud_chat.understanding.swapping import (
    compared,
    sort_of,
    swap_names,
    swap_period,
    swap_related,
    swap_shape,
    swap_unknown,
    with_period,
    without_shapes,
)
from trusted_cloud_chat.understanding.topics import topic_of

_CLAUSE = re.compile(
    r"\w-(?:t-)?(?:il|elle|ils|elles|on|ce)\b|\best-ce qu|\b(?:did|does|do|is|are|was|were|has|have|had|will|can) \w"
)
"""With a name beside it, a question of its own: « Quand Bleu a-t-il racheté OVHcloud ? » continues nothing."""
_CORRECTED = re.compile(r"\s*:\s+(?=\S)")
"""« Non, je parle de Bleu : … »: what is asked of Bleu stands behind the colon."""
_THEN = re.compile(r"\b(?:alors|dans ce cas|du coup|then|in that case)\W*$")
"""« Qui a saisi la justice alors ? » goes on about what was spoken of."""
_IT_WAS = re.compile(
    r"\W*(?:et |mais |and |but )?(?:est-ce que )?(?:c'(?:est|etait|etaient)|ce (?:sera|fut)) (?!quoi\b|qui\b|ou\b|vrai\b|possible\b|a dire\b|compris\b|bon\b|clair\b|note\b|tout\b|une? )(?!.*\b(?:qui\b|que\b|qu'))\w|"
    r"\W*(?:(?:la|cette|sa|leur|the) )?(?:promesse|engagement|delai|calendrier|objectif|promise|deadline|target) (?:\w+ )?"
    r"(?:tenue?s?|respectee?s?|atteinte?s?|kept|met|missed)\W*$"
)
"""« C’était promis pour quand ? », « promesse tenue ? »: what was just spoken of."""
_COMPARE = re.compile(r"\W*(?:et |and |alors )?(?:compar|how (?:does|do) (?:it|they|that) compare)")
_DENIED = re.compile(r"\b(?:pas|not|non pas)(?: (?:de|d'|about))? ?$")
_WHICH = re.compile(r"^\W*(?:et |and )?(?:lequel|laquelle|which(?: one)?)\b")
_ASKS_WHAT_IT_IS = re.compile(
    r"^\W*(?:et |and )?(?:qu'est-ce qu|c'est quoi\b(?! (?:le|la|les|l'|son|sa) ?(?:prix|tarif|date|cout|rapport|calendrier))|"
    r"(?:et )?(?:qui est|ou en (?:est|sont)|que fait|what is|what's|who is)\b)"
)
_FILLERS = frozenset(
    lexical_tokens(
        "également aussi quid côté niveau concernant propos cas pareil même exemple maintenant société entreprise groupe concurrent question"
    )
    + lexical_tokens("same too instead regarding case company about what for example", "en")
)
"""Stems beside a name that ask nothing: « et quid de S3NS ? »."""
_FEW_WORDS = 5
_ENOUGH_WORDS = 2
"""Words beside a name from which a question says what it asks: « Combien de salariés compte Cloud Temple ? »."""


def make_whole(
    asked: str, turns: Sequence[Turn], entities: EntityBook, today: date, ask_again: AskAgain | None = None
) -> str:
    """`asked` itself when it says its subject; else the question that it means.

    `ask_again` is called where « il » stands for whom an answer names (« Qui dirige Bleu ? ») and the turn has only its question.
    """
    return _Conversation(entities, today, ask_again).read(turns).resolve(asked)


class _Conversation:
    """The questions so far, each made whole."""

    def __init__(self, entities: EntityBook, today: date, ask_again: AskAgain | None) -> None:
        self._entities = entities
        self._today = today
        self._ask_again = ask_again
        self._before: list[Before] = []

    def read(self, turns: Sequence[Turn]) -> _Conversation:
        for turn in turns:
            question = " ".join(turn.question.split())
            whole = self.resolve(in_language(question)[0] or question)
            if kind_of(fold(question)) != "help" and not says_nothing_alone(whole):
                self._goes_on(whole, turn)
        return self

    def _goes_on(self, whole: str, turn: Turn) -> None:
        self._before.append(Before(whole, turn, self._entities, self._ask_again))

    def resolve(self, asked: str) -> str:
        if not self._before:
            return asked
        before = self._before[-1]
        asked = as_why(without_courtesy(asked))
        folded = fold_in_place(asked)
        language = detect_language(asked, default=detect_language(before.question))
        mentions = [m for m in self._entities.find(asked) if not _DENIED.search(folded[: m.start])]
        if AGREEMENT.match(folded) or asks_the_same(asked, dated=bool(self._periods(before.question))):
            return before.question
        if (said := self._of_what_was_said(asked, mentions, language)) is not None:
            return said
        if (corrected := self._corrected(asked, folded, mentions)) is not None:
            return corrected
        if asks_what_it_is(asked, bool(mentions)):
            return without_lead(asked)
        words = lexical_tokens(asked, language)
        named = {token for m in mentions for token in lexical_tokens(m.text, language)}
        says_what = bool(_CLAUSE.search(folded)) or len(set(words) - named) >= _ENOUGH_WORDS
        whole = (bool(mentions) or names_its_subject(asked)) and says_what and not CONNECTED.match(folded)
        elliptic = bool(ELLIPTIC.match(folded)) and len(words) <= _FEW_WORDS and not whole
        elliptic = elliptic or (not mentions and bool(_THEN.search(folded) or asks_word_alone(asked, language)))
        it_was = not mentions and len(words) <= _FEW_WORDS and bool(_IT_WAS.match(folded))
        pronoun = refers_back(asked) or it_was
        of_topic = pronoun and hangs_on_topic(asked, mentions)
        dangling = pronoun and (not mentions or of_topic or hangs_on_answer(asked, mentions, before.question))
        if not mentions and not pronoun and is_sentence(asked):
            return without_lead(asked)
        halved = bool(_COMPARE.match(folded)) and len(mentions) == 1
        if (said_whole := with_predicate(asked, before.question, mentions, language)) is not None:
            return said_whole
        if of_topic and mentions and not halved:
            return before.continued(asked, language, mentions)
        if not pronoun and not halved and self._begins_anew(asked, folded, language, mentions):
            return without_lead(asked)
        if (chosen := self._chosen(asked, folded, language)) is not None:
            return chosen
        if not elliptic and not dangling and not halved and len(set(words) - named) + bool(mentions) > 1:
            return asked
        return self._swapped(asked, folded, language, mentions) or before.continued(asked, language, mentions)

    def _of_what_was_said(self, asked: str, mentions: Sequence[Mention], language: Language) -> str | None:
        """« Plus de détails ? », « Compare-les », « Et l’autre ? »; as it is where nothing said before tells what is meant."""
        if mentions:
            return more_about_named(asked, mentions, language)
        before = self._before[-1]
        if speaks_of_both(asked) and len(both := last_named([said.mentions for said in self._before])) > 1:
            return about_both(asked, [entity.name for entity in both], language)
        if asks_for_the_other(asked):
            return self._other(language) or asked
        return more_about(asked, before.topic, language) or (asked if is_rejoinder(asked) else None)

    def _other(self, language: Language) -> str | None:
        """The last question of the other of two: of the one that it does not name, or that its answer does not."""
        before, both = self._before[-1], last_named([said.mentions for said in self._before])
        asked_about = {mention.entity for mention in before.mentions}
        named = (
            {m.entity for m in self._entities.find(before.quoted())} if asked_about.issuperset(both) else asked_about
        )
        others = [entity for entity in both if entity not in named]
        if len(both) != 2 or len(others) != 1:
            return None
        (other,) = others
        mention = Mention(other, 0, len(other.name), other.name)
        if asked_about.issuperset(both) and (one := asked_of_one(before.question, other.name, language)):
            return one
        return swap_names(first_alone(before.question), before.mentions, other.name, [mention], language)

    def _corrected(self, asked: str, folded: str, mentions: list[Mention]) -> str | None:
        """« Non, je parle de Bleu : l’ANSSI l’a-t-elle approuvé ? »: the question behind the colon, about Bleu."""
        lead = CORRECTION.match(folded)
        if lead is None or not mentions or lead.end() != mentions[0].start:
            return None
        colon = _CORRECTED.match(folded, mentions[0].end)
        if colon is None:
            return None
        name, said = mentions[0].entity.name, asked[colon.end() :]
        about = _Conversation(self._entities, self._today, None)
        about._goes_on(name, Turn(name))
        whole = about.resolve(said)
        return whole if self._entities.named(whole, {name}) else f"{whole} {name}"

    def _begins_anew(self, asked: str, folded: str, language: Language, mentions: list[Mention]) -> bool:
        """Whether it names somebody and asks something of its own: « et le prix de S3NS ? » after « Qui dirige Bleu ? »."""
        if (_ASKS_WHAT_IT_IS.match(folded) and mentions) or WHAT_IS_AN_ACRONYM.match(asked):
            return True
        if not mentions or CORRECTION.match(folded):
            return False
        base = self._base(folded)
        rest = without_shapes(without_mentions(asked, [*mentions, *self._periods(asked)]))
        own = set(lexical_tokens(fold(without_lead(rest)), language)) - set(lexical_tokens(base, language)) - _FILLERS
        kinds = {m.entity.kind for m in mentions} & {m.entity.kind for m in self._entities.find(base)}
        return bool(own) and (bool(kinds) or not CONNECTED.match(folded))

    def _chosen(self, asked: str, folded: str, language: Language) -> str | None:
        """« lequel est le moins cher ? » after a question about two: which of the two."""
        if not _WHICH.match(folded):
            return None
        before = self._before[-1].mentions
        sorts = [m.entity.kind for m in before]
        names = list(dict.fromkeys(m.entity.name for m in before if sorts.count(m.entity.kind) > 1))
        if len(names) < 2:
            return None
        return f"{(' or ' if language == 'en' else ' ou ').join(names)}, {without_lead(asked)}"

    def _periods(self, text: str) -> list[Period]:
        return find_periods(text, self._today, spoken=True)

    def _swapped(self, asked: str, folded: str, language: Language, mentions: list[Mention]) -> str | None:
        """The question before with what the follow-up names instead; None where it says more than a name."""
        base = self._base(folded)
        if _COMPARE.match(folded) and len(mentions) == 1:
            return compared(asked, mentions[0], self._before[-1].mentions, language)
        said = asked[len(folded) - len(CORRECTION.sub("", folded) or folded) :]
        others = self._entities.find(said)
        periods = self._periods(said)
        rest = without_shapes(without_mentions(said, [*others, *periods]))
        before = self._entities.find(base)
        sort = (lambda m: m.entity.kind) if refers_back(asked) else sort_of
        same_kind = {sort(m) for m in mentions} & {sort(m) for m in before}
        if same_kind and len(set(lexical_tokens(rest, language)) - _FILLERS) <= 1:
            swapped = swap_names(base, before, asked, mentions, language)
            if swapped is None:
                return self._before[-1].and_then(asked)
            beside = without_mentions(said, others)
            moved = swap_period(swapped, beside, language, self._today)
            if moved is None and len(periods) == 1 and not self._periods(base):
                moved = with_period(swapped, said, periods[0])
            swapped = moved or swapped
            return swap_shape(swapped, beside, language) or swapped
        if mentions or _ASKS_WHAT_IT_IS.match(folded):
            return None
        return (
            swap_period(base, asked, language, self._today)
            or swap_shape(base, asked, language)
            or swap_related(base, asked, before, self._entities.related)
            or swap_unknown(base, asked, topic_of(base, before))
        )

    def _base(self, folded: str) -> str:
        """The last question of the same kind, where the follow-up says what kind it is; else the last."""
        kind = kind_of(folded)
        whole = [before.question for before in self._before]
        same = [question for question in whole if kind_of(fold(question)) == kind != "fact"]
        return first_alone(same[-1] if same else whole[-1])
