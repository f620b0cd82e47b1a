"""« Pourquoi cette réponse ? »: what the rules did, as a fold-out. Pure."""

from __future__ import annotations

from html import escape

from trusted_cloud_chat.schema import Answer
from trusted_cloud_chat.trace import rules
from trusted_cloud_chat.web.strings import Strings


def why_html(answer: Answer, strings: Strings) -> str:
    """A line a rule that had a say or was tried, with what it is for and what it did; empty where none was."""
    if not answer.trace:
        return ""
    items = "".join(
        f"<li>{escape(rules()[line.rule].purpose(strings.language))}"
        + (f" <em>{strings.tried if line.failed else ''}{escape(line.did)}</em>" if line.did else "")
        + f" <code>{escape(line.rule)}</code></li>"
        for line in answer.trace
    )
    return f'<details class="tcc-why" lang="{strings.language}"><summary>{escape(strings.why)}</summary><ul>{items}</ul></details>'
