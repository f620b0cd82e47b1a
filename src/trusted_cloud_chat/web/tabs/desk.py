"""The tabs beside the questions, put on the page: laid out within its `gr.Tabs`, connected once all of it stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import gradio as gr

from trusted_cloud_chat.library import OpenAssistant
from trusted_cloud_chat.web.handlers import Handlers
from trusted_cloud_chat.web.status import QUIET
from trusted_cloud_chat.web.tabs.comparing import ComparingParts, ComparingTab, lay_out_comparing
from trusted_cloud_chat.web.tabs.comparison import Comparing
from trusted_cloud_chat.web.tabs.corpus import CorpusParts, CorpusTab, lay_out_corpus
from trusted_cloud_chat.web.tabs.corpus_admin import AdminParts, AdminTab, lay_out_admin
from trusted_cloud_chat.web.tabs.looking import Looking
from trusted_cloud_chat.web.tabs.shelf import Shelf
from trusted_cloud_chat.web.tabs.upkeep import Upkeep


@dataclass
class Desk:
    """`lay_out` first, then `connect`."""

    looking: Looking
    comparing: Comparing
    upkeep: Upkeep
    exports: Path
    _corpus: CorpusParts = field(init=False)
    _comparing: ComparingParts = field(init=False)
    _admin: AdminParts = field(init=False)

    def lay_out(self) -> None:
        """Inside the `gr.Tabs` that is open."""
        self._corpus = lay_out_corpus(above=self._lay_out_admin)
        self._comparing = lay_out_comparing(offered=self.comparing.offered)

    def _lay_out_admin(self) -> None:
        self._admin = lay_out_admin(self.upkeep)

    def connect(self, page: gr.Blocks, language: gr.Radio, visit: gr.BrowserState) -> Any:
        """The event of an index that a run has changed, for what else shows something of it."""
        corpus = CorpusTab(self._corpus, self.looking)
        corpus.connect(language, visit)
        ComparingTab(self._comparing, self.comparing, self.exports).connect([page.load], language)
        shown = [self._corpus.tab.select]
        ended = AdminTab(self._admin, self.upkeep, self.looking.shelf).connect(shown, language)
        looked = [*self._corpus.fields, self._corpus.view, visit, language]
        for run in ended:
            run.then(corpus.refreshed, looked, corpus.shown, **QUIET)
        return self._admin.generation.change


def build_desk(opened: OpenAssistant, handlers: Handlers, exports: Path) -> Desk:
    """The tabs over what `opened` answers from; `exports` is a private folder."""
    assistant = opened.assistant
    looking = Looking(assistant, Shelf(opened.settings.home, assistant.entities, assistant.articles_with))
    return Desk(looking, Comparing(assistant, looking, handlers.as_of), Upkeep(opened), exports)
