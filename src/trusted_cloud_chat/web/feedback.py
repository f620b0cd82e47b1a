"""Stores readers' feedback on answers in the home."""

import logging
from collections.abc import Sequence

import gradio as gr

from trusted_cloud_chat.errors import TrustedCloudChatError
from trusted_cloud_chat.output.serialise import answer_to_dict
from trusted_cloud_chat.people.feedback import Choice, FeedbackStore, feedback_of, key_of
from trusted_cloud_chat.web.conversation import Exchange, turns_of
from trusted_cloud_chat.web.people import name_of

_LOG = logging.getLogger(__name__)


def keep_feedback(
    store: FeedbackStore, exchanges: Sequence[Exchange], choice: Choice, comment: str, request: gr.Request
) -> bool:
    """Whether feedback on the last answer was stored; it replaces earlier feedback."""
    *before, rated = exchanges
    if rated.answer is None:
        return False
    turns = [{"question": turn.question, "answer": turn.answer} for turn in turns_of(before)]
    given = feedback_of(answer_to_dict(rated.answer), choice, comment=comment, person=name_of(request), turns=turns)
    try:
        store.keep(given, key_of(request.session_hash, rated.number, rated.question, rated.answer.answer))
    except TrustedCloudChatError:
        _LOG.exception("what a reader says of an answer could not be kept")
        return False
    return True
