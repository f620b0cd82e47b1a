"""The named event for `gradio_client` (docs/api.md)."""

import time
from collections.abc import Iterator
from typing import Any

import gradio as gr
from gradio.events import api

from trusted_cloud_chat.errors import TrustedCloudChatError
from trusted_cloud_chat.library import day_of
from trusted_cloud_chat.output.serialise import answer_to_dict
from trusted_cloud_chat.people.rate import TooOftenError
from trusted_cloud_chat.web.limits import LOOKS_S, Limits
from trusted_cloud_chat.web.voices import Voices


def offer_to_programs(voices: Voices, limits: Limits) -> None:
    """Within the page's `gr.Blocks`: `/ask` returns the object of `ask --json`, each time it has grown."""

    def ask(question: str, as_of: str = "", request: gr.Request | None = None) -> Iterator[dict[str, Any]]:
        """The answer to a question, without articles after `as_of` (a year, a month or a day; empty: no bound)."""
        shown = None
        if request is not None:
            while (listened := limits.listened(request)) is None:
                time.sleep(LOOKS_S)
            if not listened:
                return
            if wait := limits.wait(request):
                raise gr.Error(str(TooOftenError(wait)), print_exception=False)
        try:
            for answer in voices.assistant(None, None).stream(question, as_of=day_of(as_of or None)):
                if answer != shown:
                    yield answer_to_dict(answer)
                shown = answer
        except TrustedCloudChatError as error:
            raise gr.Error(str(error), print_exception=False) from None

    api(ask, api_name="ask", concurrency_id="ask")
