"""Under the last answer: is it right, and what is wrong with it. Kept in the home, for whoever mends answers."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from trusted_cloud_chat.errors import TrustedCloudChatError
from trusted_cloud_chat.output.serialise import answer_to_dict
from trusted_cloud_chat.people.feedback import CHOICES, MOST_COMMENT, Choice, FeedbackStore, feedback_of, key_of
from trusted_cloud_chat.schema import Language
from trusted_cloud_chat.web.conversation import Exchange, turns_of
from trusted_cloud_chat.web.escaping import escape
from trusted_cloud_chat.web.people import name_of
from trusted_cloud_chat.web.people_strings import PEOPLE, PeopleStrings

_LOG = logging.getLogger(__name__)
_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
_TICK = "✓ "


@dataclass(frozen=True, slots=True)
class Rating:
    """Its components."""

    box: gr.Column
    asked: gr.HTML
    buttons: Mapping[Choice, gr.Button]
    said: gr.HTML
    more: gr.Row
    comment: gr.Textbox
    send: gr.Button
    chosen: gr.State

    @property
    def shown(self) -> list[Any]:
        """What `rating_shown` updates."""
        return [self.box, *self.buttons.values(), self.said, self.more, self.comment, self.chosen]


def lay_out_rating() -> Rating:
    """The components in French, inside the Blocks that is open; hidden until there is an answer."""
    strings = PEOPLE["fr"]
    with gr.Column(visible=False, elem_id="tcc-feedback") as box:
        with gr.Row(elem_id="tcc-feedback-choices"):
            asked = gr.HTML(_asked(strings, "fr"), elem_id="tcc-feedback-asked")
            buttons = {
                choice: gr.Button(strings.choices[choice], size="sm", scale=0, min_width=0) for choice in CHOICES
            }
        said = gr.HTML(said_html(""), elem_id="tcc-feedback-says")
        with gr.Row(visible=False, elem_id="tcc-feedback-more") as more:
            comment = gr.Textbox(
                label=strings.comment,
                placeholder=strings.comment_placeholder,
                elem_id="tcc-feedback-comment",
                lines=1,
                max_lines=4,
                max_length=MOST_COMMENT,
                scale=1,
            )
            send = gr.Button(strings.send, size="sm", scale=0, min_width=0, elem_id="tcc-feedback-send")
    return Rating(box, asked, buttons, said, more, comment, send, gr.State(None))


def rating_labels(rating: Rating, language: Language) -> dict[Any, Any]:
    """The updates that put it in a language; what was chosen of the last answer is no longer marked."""
    strings = PEOPLE[language]
    return {
        rating.asked: _asked(strings, language),
        rating.comment: gr.update(label=strings.comment, placeholder=strings.comment_placeholder),
        rating.send: gr.update(value=strings.send),
        **{button: gr.update(value=strings.choices[choice]) for choice, button in rating.buttons.items()},
    }


def rating_shown(rating: Rating, exchanges: Sequence[Exchange], language: Language, *, busy: bool) -> dict[Any, Any]:
    """The updates that ask about the last answer, once it is there."""
    if busy or not exchanges or exchanges[-1].status != "done" or exchanges[-1].answer is None:
        return {rating.box: gr.update(visible=False)}
    strings = PEOPLE[language]
    return {
        rating.box: gr.update(visible=True),
        **{button: gr.update(value=strings.choices[choice]) for choice, button in rating.buttons.items()},
        rating.said: said_html(""),
        rating.more: gr.update(visible=False),
        rating.comment: gr.update(value=""),
        rating.chosen: None,
    }


def connect_rating(rating: Rating, exchanges: gr.State, language: gr.Radio, store: FeedbackStore) -> None:
    """What is clicked is kept at once; a comment is added to it."""
    chosen = [*rating.buttons.values(), rating.said, rating.more, rating.chosen]
    for choice, button in rating.buttons.items():
        button.click(_choosing(rating, store, choice), [exchanges, language], chosen, **_QUIET)

    def add(
        comment: str, choice: Choice | None, exchanges: Sequence[Exchange], spoken: str, request: gr.Request
    ) -> dict[Any, Any]:
        strings = PEOPLE["en" if spoken == "en" else "fr"]
        if choice is None or not (comment or "").strip():
            return {rating.said: gr.skip()}
        kept = _kept(store, choice, comment, exchanges, request)
        said = said_html(strings.thanks_again if kept else strings.not_kept)
        return {rating.said: said, rating.more: gr.update(visible=not kept)}

    given = [rating.comment, rating.chosen, exchanges, language]
    added = gr.on([rating.comment.submit, rating.send.click], add, given, [rating.said, rating.more], **_QUIET)
    added.then(None, js="() => window.tccFocusQuestion()", **_QUIET)


def _choosing(rating: Rating, store: FeedbackStore, choice: Choice) -> Callable[..., dict[Any, Any]]:
    def choose(exchanges: Sequence[Exchange], spoken: str, request: gr.Request) -> dict[Any, Any]:
        strings = PEOPLE["en" if spoken == "en" else "fr"]
        kept = _kept(store, choice, "", exchanges, request)
        marks = {one: _TICK if kept and one == choice else "" for one in CHOICES}
        return {
            **{button: gr.update(value=marks[one] + strings.choices[one]) for one, button in rating.buttons.items()},
            rating.said: said_html(strings.thanks if kept else strings.not_kept),
            rating.more: gr.update(visible=kept),
            rating.chosen: choice if kept else None,
        }

    return choose


def _kept(
    store: FeedbackStore, choice: Choice, comment: str, exchanges: Sequence[Exchange], request: gr.Request
) -> bool:
    """Whether it could be written down; what is said again of one answer takes the place of what was said before."""
    last = exchanges[-1] if exchanges else None
    if last is None or last.answer is None:
        return False
    turns = [{"question": turn.question, "answer": turn.answer} for turn in turns_of(exchanges[:-1])]
    given = feedback_of(answer_to_dict(last.answer), choice, comment=comment, person=name_of(request), turns=turns)
    try:
        store.keep(given, key_of(request.session_hash, last.number, last.question, last.answer.answer))
    except TrustedCloudChatError:
        _LOG.exception("what a reader says of an answer could not be kept")
        return False
    return True


def said_html(text: str) -> str:
    return f'<p class="tcc-status tcc-calm" role="status">{escape(text)}</p>'


def _asked(strings: PeopleStrings, language: Language) -> str:
    return f'<p class="tcc-rate" lang="{language}">{escape(strings.rate)}</p>'
