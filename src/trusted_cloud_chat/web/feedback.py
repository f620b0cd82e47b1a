"""Is an answer right, and what is wrong with it: said in its menu, kept in the home for whoever mends answers."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import gradio as gr

from trusted_cloud_chat.errors import TrustedCloudChatError
from trusted_cloud_chat.output.serialise import answer_to_dict
from trusted_cloud_chat.people.feedback import CHOICES, FeedbackStore, feedback_of, key_of
from trusted_cloud_chat.web.conversation import Exchange, turns_of
from trusted_cloud_chat.web.people import name_of
from trusted_cloud_chat.web.shelf import Talks
from trusted_cloud_chat.web.status import QUIET, language_of
from trusted_cloud_chat.web.strings import STRINGS

_LOG = logging.getLogger(__name__)


def connect_rating(talks: Talks, exchanges: gr.State, language: gr.Radio, store: FeedbackStore) -> None:
    """What `talks.js` sends is kept at once; a comment is added to it."""

    def rate(exchanges: Sequence[Exchange], spoken: str, wanted: str, request: gr.Request) -> str:
        strings = STRINGS[language_of(spoken)]
        if not _kept(store, wanted, exchanges, request):
            return strings.not_kept
        return strings.thanks_again if wanted.count(" ") > 1 else strings.thanks

    wanted = "(exchanges, language) => [exchanges, language, window.tccWanted()]"
    given = [exchanges, language, talks.wanted]
    rated = talks.rate.click(rate, given, talks.given, js=wanted, queue=False, **QUIET)
    rated.then(None, [talks.given], js="(text) => window.tccSay(text)", **QUIET)


def _kept(store: FeedbackStore, wanted: str, exchanges: Sequence[Exchange], request: gr.Request) -> bool:
    """Whether it could be written down. `wanted`: number, choice, comment; a second word on an answer takes the place of the first."""
    number, choice, comment = [*(wanted or "").split(" ", 2), "", ""][:3]
    place = next((n for n, exchange in enumerate(exchanges) if str(exchange.number) == number), None)
    if place is None or (answer := exchanges[place].answer) is None or choice not in CHOICES:
        return False
    turns = [{"question": turn.question, "answer": turn.answer} for turn in turns_of(exchanges[:place])]
    given = feedback_of(answer_to_dict(answer), choice, comment=comment, person=name_of(request), turns=turns)
    try:
        store.keep(given, key_of(request.session_hash, int(number), exchanges[place].question, answer.answer))
    except TrustedCloudChatError:
        _LOG.exception("what a reader says of an answer could not be kept")
        return False
    return True
