"""Which texts the page has: one record, filled in `strings.py` for each language."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from trusted_cloud_chat.language import patterns
from trusted_cloud_chat.schema import Language

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

NBSP = "\u00a0"
T = TypeVar("T", bound="DataclassInstance")
Doing = Literal["searching", "reading", "writing"]


@dataclass(frozen=True, slots=True)
class Strings:
    """The texts of one language; `{name}` is filled in by the caller."""

    language: Language

    interface_language: str
    local_only: str

    welcome_title: str
    welcome_text: str
    welcome_written: str
    """Where a language model writes the answers."""
    examples_title: str
    examples: tuple[str, ...]
    news: str
    news_one_more: str
    news_more: str

    conversation: str
    your_question: str
    the_answer: str
    question_label: str
    question_placeholder: str
    send: str
    stop: str
    new_conversation: str

    mode_label: str
    mode_quotes: str
    mode_written: str
    model_label: str
    model_named: str
    model_found: str
    models_found: str
    model_lacks: str
    """Before the command that installs a package."""

    as_of_label: str
    as_of_placeholder: str
    as_of_active: str
    as_of_invalid: str
    as_of_future: str
    fix_date: str

    doing: dict[Doing, str]
    stopped: str
    refusals: dict[str, str]
    understood: str
    names: str
    dates: str
    dates_since: str
    dates_until: str
    as_of_meta: str
    written_with: str
    generation_meta: str
    quotes_under: str
    """Over the quotes that a language model's words rest on."""
    verbatim: str
    why: str
    tried: str
    """Before what a rule tried."""
    see_sources: str
    one_source: str
    many_sources: str
    see_passages: str

    sources_title: str
    sources_empty: str
    sources_of: str
    nothing_found: str
    not_cited: str
    nearest: str
    further: str
    relevance: str
    new_tab: str
    version: str
    back: str
    source_types: dict[str, str]

    empty_question: str
    long_question: str
    index_empty: str
    index_mismatch: str
    index_busy: str
    stopping: str
    unusable: str
    unexpected: str
    detail: str

    export_title: str
    export_made: str
    export_settings: str

    pages: dict[str, str]
    """The pages beside the chat, by address."""


def _spaced(value: Any) -> Any:
    """The no-break spaces that French wants around « », : ; ? and !, which nobody sees in source code."""
    if isinstance(value, str):
        return patterns.BEFORE_DOUBLE_SIGN.sub(NBSP, value)
    if isinstance(value, tuple):
        return tuple(_spaced(item) for item in value)
    return value


def typeset(strings: T) -> T:
    """French texts as a printer spaces them; a record of this module's or of another."""
    return replace(strings, **{field.name: _spaced(getattr(strings, field.name)) for field in fields(strings)})
