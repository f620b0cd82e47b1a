"""Reasons: which sentences say one, and which says the reason asked about though the reader leaves that open."""

from __future__ import annotations

import re
from collections.abc import Sequence

from trusted_cloud_chat.answering.forms.announcing import right_after
from trusted_cloud_chat.answering.selection import Selected
from trusted_cloud_chat.entities import EntityBook, without_mentions
from trusted_cloud_chat.text import content_words, fold
from trusted_cloud_chat.understanding import Understanding

_SAYS_WHY = re.compile(
    r"\b(?:parce qu|car\b|en raison d|a cause d|faute d|grace a|afin d|s'expliqu|expliqu|serv\w+ a |vis\w+ a |motif|raisons?\b|"
    r"pour (?:ne pas |n'|mieux |s')?\w+(?:er|ir|re|oir)\b|because|due to|owing to|in order to|so that|explain|reasons?\b|contribu\w+ (?:a|to)\b|(?:est|sont|etait) a l'origine|caused by)"
)
"""A sentence under « Raison avancée » says one: « pour le marché » does not."""
_CAUSES = re.compile(
    r"\b(?:parce qu|car\b|en raison d|a cause d|faute d|s'expliqu|motif|raison\b|(?:fai(?:t|sait)|font) suite a|(?:est|sont|etait) a l'origine|pour (?:origine|cause)\b|caused by|a la suite d|suiv(?:ait|aient) |contribu\w+ (?:a|to)\b|"
    r"because|due to|owing to|as a result of|in response to|reason\b)"
)
"""What a sentence has that tells the cause of something;"""
_FOUND_WANTING = re.compile(
    r"\b(?:a|ont|avait|avaient|has|had) (?:juge|estime|considere|trouve|judged|found|deemed|considered)\b|\binsuffisa|\binadequate|\binsufficient"
)
"""or why somebody did not do it, or no longer: « dont la disponibilité était insuffisante »."""
_ASKS_A_CAUSE = re.compile(r"\b(?:causes?|caused|origine)\b")
_MOTIVE = re.compile(
    r"\b(?:(?:a|ont|has|have) (?:estime|considere|found|held that)\b|critiqu|denonc|reproch|deplor|regrett|(?:met|mettai\w*|mis|mise) en cause|invoqu|(?<!le )(?<!du )(?<!un )(?<!les )(?<!des )juge(?:e|es|s|ait|aient)?\b|estimai\w*|insuffisa|faute d|"
    r"en raison d|criticis|blam|denounc|cit(?:ed|ing)\b|object)"
)
_NEAREST = 3
_RESTATED = 0.4
"""Share of the question's words, names apart, from which a sentence without any word for why says again what happened;"""
_ALREADY_ASKED = 0.5
"""and from which one that says how something was found does, too: « X estime qu’un cloud européen est impossible »."""


def says_why(choice: Selected) -> bool:
    return bool(_SAYS_WHY.search(fold(choice.text)))


def _may_be_a_reason(choice: Selected) -> bool:
    """Whether it may be the reason, in these words or by what somebody holds against something."""
    said = fold(choice.text)
    return any(pattern.search(said) for pattern in (_SAYS_WHY, _CAUSES, _FOUND_WANTING, _MOTIVE))


def only_restates(understood: Understanding, choice: Selected, entities: EntityBook) -> bool:
    """Whether it says again what happened, which the question asks the reason of, and nothing of why."""
    asked = _words_of(understood, entities)
    said = content_words(choice.text, choice.passage.article.language)
    return bool(asked) and not _may_be_a_reason(choice) and len(asked & said) >= _RESTATED * len(asked)


def causes_first(understood: Understanding, quotes: Sequence[Selected], entities: EntityBook) -> tuple[Selected, ...]:
    """`quotes` with those first that name a cause, where it is asked for by that word or the best of them only restates what happened."""
    asked = _ASKS_A_CAUSE.search(fold(understood.query.text))
    if not asked and not (quotes and only_restates(understood, quotes[0], entities)):
        return tuple(quotes)
    return tuple(sorted(quotes, key=lambda choice: not _CAUSES.search(fold(choice.text))))


def motive_after(fact: Selected, ranked: Sequence[Selected]) -> Selected | None:
    """The sentence right after `fact`, in its paragraph, that tells what was held against something: « L’entreprise critiquait… »."""
    following = right_after(fact, ranked)
    return following if following is not None and _MOTIVE.search(fold(following.text)) else None


def tells_reason(understood: Understanding, ranked: Sequence[Selected], entities: EntityBook) -> bool:
    """Whether one of the best sentences tells the cause asked about, as it seems to the reader and to these rules together.

    The reader by itself is seldom sure of reasons: they share few words with what they are the reason of. The sentence or its
    title must have all the names of the question.
    """
    query = understood.query
    if query.kind != "why":
        return False
    asked = _words_of(understood, entities)

    def tells(choice: Selected) -> bool:
        said, reading = fold(choice.text), choice.passage.reading
        if reading is None or reading.sentences[choice.passage.chunk.sentences.index(choice.span)] <= 0:
            return False
        if not entities.named(f"{choice.passage.article.title}\n{choice.text}", query.entities) >= set(query.entities):
            return False
        if _CAUSES.search(said):
            return True
        words = content_words(choice.text, choice.passage.article.language)
        return bool(_FOUND_WANTING.search(said)) and len(asked & words) <= _ALREADY_ASKED * len(asked)

    return any(map(tells, ranked[:_NEAREST]))


def _words_of(understood: Understanding, entities: EntityBook) -> frozenset[str]:
    """The question's words, names apart."""
    query = understood.query
    return content_words(without_mentions(query.text, entities.find(query.text)), query.language)
