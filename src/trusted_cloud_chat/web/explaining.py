"""« Pourquoi cette réponse ? »: what was recognised and what the rules did, in sentences, as a fold-out. Pure."""

from __future__ import annotations

from trusted_cloud_chat.schema import Answer
from trusted_cloud_chat.trace import rules
from trusted_cloud_chat.web.escaping import escape
from trusted_cloud_chat.web.strings import NBSP, Strings


def why_html(answer: Answer, strings: Strings) -> str:
    """A line a rule that had a say or was tried, with what it is for and what it did; then names, generation and time."""
    items = "".join(
        f"<li>{escape(rules()[line.rule].purpose(strings.language))}"
        + (f" <em>{escape((strings.tried if line.failed else '') + line.did)}</em>" if line.did else "")
        + "</li>"
        for line in answer.trace
    )
    items += "".join(f"<li>{escape(fact)}</li>" for fact in measured(answer, strings))
    return f'<details class="tcc-why" lang="{strings.language}"><summary>{escape(strings.why)}</summary><ul>{items}</ul></details>'


def measured(answer: Answer, strings: Strings) -> list[str]:
    """The names that were recognised, what they stand for, the generation of the index, and how long it took."""
    names = [strings.names.format(names=", ".join(answer.query.entities))] if answer.query.entities else []
    facts = [*names, *answer.query.aliases, strings.generation_meta.format(n=answer.generation)]
    return [*facts, duration(answer.timings_ms["total"], strings)] if "total" in answer.timings_ms else facts


def duration(milliseconds: float, strings: Strings) -> str:
    """« 34 ms », « 1,2 s »."""
    if milliseconds < 1000:
        return f"{milliseconds:.0f}{NBSP}ms"
    seconds = f"{milliseconds / 1000:.1f}"
    return (seconds.replace(".", ",") if strings.language == "fr" else seconds) + f"{NBSP}s"
