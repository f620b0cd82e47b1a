"""What administrators see over the list of the tab « Corpus »: its components and its events. Behaviour is in `upkeep.py`.

Every handler asks first who calls it: that a reader does not see a button keeps nobody from calling what it calls.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from trusted_cloud_chat.corpus import SUFFIXES
from trusted_cloud_chat.doctor import Check
from trusted_cloud_chat.errors import TrustedCloudChatError
from trusted_cloud_chat.schema import Language
from trusted_cloud_chat.web.fields import date_field, text_field
from trusted_cloud_chat.web.people import role_of
from trusted_cloud_chat.web.status import QUIET, language_of
from trusted_cloud_chat.web.tabs.admin_strings import ADMIN_STRINGS
from trusted_cloud_chat.web.tabs.reports import before_html, findings_html, received_html, run_html, said
from trusted_cloud_chat.web.tabs.shelf import Shelf
from trusted_cloud_chat.web.tabs.upkeep import Upkeep

_LOOKS_EVERY_S = 0.3


@dataclass(frozen=True, slots=True)
class AdminParts:
    """Every component that an event reads or writes."""

    all: gr.Accordion
    headings: tuple[gr.HTML, gr.HTML, gr.HTML]
    files: gr.File
    date: gr.Textbox
    publisher: gr.Textbox
    replace: gr.Checkbox
    add_files: gr.Button
    address: gr.Textbox
    add_address: gr.Button
    received: gr.HTML
    update: gr.Button
    roll_back: gr.Button
    asks: gr.HTML
    sure: gr.Row
    confirm: gr.Button
    cancel: gr.Button
    run: gr.HTML
    examine: gr.Button
    findings: gr.HTML
    seen: gr.State
    """The generation that a rollback was shown for."""
    generation: gr.State
    """After the last run that was followed."""
    checks: gr.State
    """What doctor found last."""


def lay_out_admin(upkeep: Upkeep) -> AdminParts:
    """In French, where the list is to stand below; hidden until an administrator looks."""
    own = ADMIN_STRINGS["fr"]
    with (
        gr.Accordion(own.title, open=False, visible=False, elem_id="tcc-admin") as everything,
        gr.Row(elem_id="tcc-admin-parts"),
    ):
        with gr.Column(elem_classes="tcc-part", min_width=260):
            adding, (files, date, publisher, replace, add_files), (address, add_address) = _adding(upkeep)
            received = gr.HTML("")
        with gr.Column(elem_classes="tcc-part", min_width=260):
            index = gr.HTML(_heading(own.index))
            with gr.Row(elem_classes="tcc-buttons"):
                update = _button(own.update, "tcc-update")
                roll_back = _button(own.roll_back, "tcc-roll-back")
            asks = gr.HTML("", elem_id="tcc-roll-back-asks")
            with gr.Row(visible=False, elem_classes="tcc-buttons") as sure:
                confirm, cancel = _button(own.confirm, "tcc-confirm"), _button(own.cancel, "tcc-cancel")
            run = gr.HTML("", elem_id="tcc-run")
            state = gr.HTML(_heading(own.state))
            with gr.Row(elem_classes="tcc-buttons"):
                examine = _button(own.examine, "tcc-examine")
            findings = gr.HTML("", elem_id="tcc-findings")
    return AdminParts(
        everything, (adding, index, state), files, date, publisher, replace, add_files, address, add_address, received, update,
        roll_back, asks, sure, confirm, cancel, run, examine, findings, gr.State(0), gr.State(0), gr.State(()),
    )  # fmt: skip


def _adding(upkeep: Upkeep) -> tuple[gr.HTML, tuple[Any, ...], tuple[Any, ...]]:
    own = ADMIN_STRINGS["fr"]
    heading = gr.HTML(_heading(own.add))
    files = gr.File(
        label=own.files.format(most=upkeep.most_mb),
        file_count="multiple",
        file_types=sorted(SUFFIXES),
        height=130,
        elem_id="tcc-files",
    )
    with gr.Row():
        date = date_field(own.date, own.date_hint, "tcc-file-date")
        publisher = text_field(own.publisher, own.publisher_hint, "tcc-file-publisher")
    replace = gr.Checkbox(label=own.replace, container=False, elem_id="tcc-replace")
    with gr.Row(elem_classes="tcc-buttons"):
        add_files = _button(own.add_files, "tcc-add-files")
    address = text_field(own.address, "https://…", "tcc-address")
    with gr.Row(elem_classes="tcc-buttons"):
        add_address = _button(own.add_address, "tcc-add-address")
    return heading, (files, date, publisher, replace, add_files), (address, add_address)


def _button(label: str, name: str) -> gr.Button:
    return gr.Button(label, size="sm", scale=0, min_width=0, elem_id=name)


def _heading(text: str) -> str:
    return f"<h3>{text}</h3>"


class AdminTab:
    """Events to behaviour to components."""

    def __init__(self, parts: AdminParts, upkeep: Upkeep, shelf: Shelf) -> None:
        self._parts, self._upkeep, self._shelf = parts, upkeep, shelf

    def connect(self, shown: list[Any], language: gr.Radio) -> list[Any]:
        """`shown` are events at which somebody comes to look. What comes back ends in a list that may have changed."""
        p = self._parts
        followed: list[Any] = [p.run, p.generation]
        sent = [p.files, p.date, p.publisher, p.replace, language]
        gr.on(shown, self._greet, language, self.labelled, **QUIET)
        begun = [
            p.add_files.click(self._add_files, sent, [p.received, p.files], **QUIET),
            gr.on(
                [p.add_address.click, p.address.submit], self._add_address, [p.address, language], p.received, **QUIET
            ),
            p.update.click(self._update, language, p.received, **QUIET),
            p.confirm.click(self._roll_back, [p.seen, language], [p.asks, p.sure], **QUIET),
        ]
        looks: dict[str, Any] = {"concurrency_limit": None, **QUIET}
        ended = [one.then(self._follow, language, followed, **looks) for one in begun]
        ended.append(gr.on(shown, self._follow, language, followed, **looks))
        p.roll_back.click(self._ask_to_roll_back, language, [p.asks, p.sure, p.seen], **QUIET)
        p.cancel.click(lambda: ("", gr.update(visible=False)), None, [p.asks, p.sure], **QUIET)
        p.examine.click(self._examine, language, [p.findings, p.checks], **QUIET)
        said = [*self.labelled, p.received, p.asks, p.sure, p.findings]
        language.change(self._speak, [p.checks, language], said, **QUIET)
        language.change(self._follow, language, followed, **looks)
        return ended

    @property
    def labelled(self) -> list[Any]:
        """What `_greet` updates."""
        p = self._parts
        return [p.all, *p.headings, p.files, p.date, p.publisher, p.replace, p.add_files, p.address, p.add_address, p.update,
                p.roll_back, p.confirm, p.cancel, p.examine]  # fmt: skip

    def _greet(self, language: str, request: gr.Request) -> list[Any]:
        """Everything in a language, for administrators; for anybody else it stays hidden."""
        own, up = ADMIN_STRINGS[language_of(language)], self._upkeep
        return [
            gr.update(label=own.title, visible=role_of(request) == "admin"),
            *(_heading(text) for text in (own.add, own.index, own.state)),
            gr.update(label=own.files.format(most=up.most_mb)),
            gr.update(label=own.date, placeholder=own.date_hint),
            gr.update(label=own.publisher, placeholder=own.publisher_hint),
            gr.update(label=own.replace),
            gr.update(value=own.add_files),
            gr.update(label=own.address, info="" if up.may_fetch else own.no_network, interactive=up.may_fetch),
            gr.update(value=own.add_address, interactive=up.may_fetch),
            *(gr.update(value=text) for text in (own.update, own.roll_back, own.confirm, own.cancel, own.examine)),
        ]

    def _speak(self, checks: Sequence[Check], language: str, request: gr.Request) -> list[Any]:
        """In another language; what was told of a click is gone, and what it asked is asked no more."""
        found = findings_html(checks, language_of(language)) if checks and role_of(request) == "admin" else ""
        return [*self._greet(language, request), "", "", gr.update(visible=False), found]

    def _add_files(
        self, files: list[str] | None, date: str, publisher: str, replace: bool, language: str, request: gr.Request
    ) -> tuple[str, Any]:
        spoken = _administrator(request, language)
        if not files:
            return said(ADMIN_STRINGS[spoken].no_file, spoken, warning=True), gr.skip()
        paths = [Path(file) for file in files]
        done = _told(
            lambda: received_html(
                self._upkeep.add_files(paths, replace=replace, date=date or "", publisher=publisher or ""),
                self._upkeep.most_mb,
                spoken,
            ),
            spoken,
        )
        return done, None

    def _add_address(self, address: str, language: str, request: gr.Request) -> str:
        spoken = _administrator(request, language)
        return _told(lambda: self._begun(self._upkeep.add_address(address or ""), spoken), spoken)

    def _update(self, language: str, request: gr.Request) -> str:
        spoken = _administrator(request, language)
        return self._begun(self._upkeep.update(), spoken)

    def _begun(self, begun: bool, spoken: Language) -> str:
        return "" if begun else said(ADMIN_STRINGS[spoken].busy, spoken, warning=True)

    async def _follow(self, language: str, request: gr.Request) -> AsyncIterator[tuple[Any, Any]]:
        """The run that is under way until it ends, and the generation after it; a reader is shown nothing."""
        if role_of(request) != "admin":
            yield gr.skip(), gr.skip()
            return
        spoken, up = language_of(language), self._upkeep
        while (run := up.runs.now) is not None and not run.ended:
            yield run_html(run, spoken), gr.skip()
            await asyncio.sleep(_LOOKS_EVERY_S)
        yield run_html(run, spoken, "" if run else up.last_log()), up.generation()

    def _ask_to_roll_back(self, language: str, request: gr.Request) -> tuple[str, Any, int]:
        spoken = _administrator(request, language)
        own = ADMIN_STRINGS[spoken]
        try:
            now, before = self._upkeep.before()
            titles = {one.article.article_id: one.article.title for one in self._shelf.read().all}
        except TrustedCloudChatError as error:
            return said(str(error), spoken, warning=True, tongue="en"), gr.update(visible=False), 0
        if before is None:
            return said(own.nothing_before, spoken, warning=True), gr.update(visible=False), 0
        return before_html(now, before, titles, spoken), gr.update(visible=True), now

    def _roll_back(self, seen: int, language: str, request: gr.Request) -> tuple[str, Any]:
        spoken = _administrator(request, language)
        own = ADMIN_STRINGS[spoken]
        told = _told(lambda: "" if self._upkeep.rollback(seen) else said(own.moved, spoken, warning=True), spoken)
        return told, gr.update(visible=False)

    def _examine(self, language: str, request: gr.Request) -> Any:
        spoken = _administrator(request, language)
        yield said(ADMIN_STRINGS[spoken].examining, spoken), ()
        checks = self._upkeep.findings()
        yield findings_html(checks, spoken), tuple(checks)


def _administrator(request: gr.Request, language: str) -> Language:
    """The language to answer in. Raises gr.Error for anybody else."""
    spoken = language_of(language)
    if role_of(request) != "admin":
        raise gr.Error(ADMIN_STRINGS[spoken].refused, print_exception=False)
    return spoken


def _told(act: Callable[[], str], spoken: Language) -> str:
    try:
        return act()
    except (TrustedCloudChatError, OSError) as error:
        return said(str(error), spoken, warning=True, tongue="en")
