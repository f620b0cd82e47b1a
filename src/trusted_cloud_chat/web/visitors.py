"""Those who visit the page: what one may take, who has signed in, where goes what they say."""

from __future__ import annotations

from dataclasses import dataclass, field

import gradio as gr

from trusted_cloud_chat.people.feedback import FeedbackStore
from trusted_cloud_chat.web.feedback import connect_rating
from trusted_cloud_chat.web.layout import Parts
from trusted_cloud_chat.web.limits import Limits
from trusted_cloud_chat.web.people import connect_person
from trusted_cloud_chat.web.programs import offer_to_programs
from trusted_cloud_chat.web.voices import Voices


@dataclass(frozen=True, slots=True)
class Visitors:
    """By default nothing is limited, and nobody is asked about answers."""

    limits: Limits = field(default_factory=Limits)
    feedback: FeedbackStore | None = None

    def connect(self, page: gr.Blocks, parts: Parts, voices: Voices) -> None:
        offer_to_programs(voices, self.limits)
        connect_person(page, parts.person, parts.language)
        if self.feedback:
            connect_rating(parts.talks, parts.exchanges, parts.language, self.feedback)
