"""« Pourquoi cette réponse ? »: what was recognised and what the rules did, in sentences. Pure."""

from trusted_cloud_chat.schema import Answer
from trusted_cloud_chat.trace import rules
from trusted_cloud_chat.web.strings import NBSP, Strings


def why(answer: Answer, strings: Strings) -> list[tuple[str, str]]:
    """The purpose and effect of each rule that fired or was tried; then names, generation and time."""
    said = [
        (rules()[o.rule].purpose(strings.language), (strings.tried if o.did and o.failed else "") + o.did)
        for o in answer.trace
    ]
    return [*said, *((fact, "") for fact in measured(answer, strings))]


def measured(answer: Answer, strings: Strings) -> list[str]:
    """The recognised names with their meaning, the generation of the index, and the time."""
    names = [strings.names.format(names=", ".join(answer.query.entities))] if answer.query.entities else []
    facts = [*names, *answer.query.aliases, strings.generation_meta.format(n=answer.generation)]
    return [*facts, duration(answer.timings_ms["total"], strings)] if "total" in answer.timings_ms else facts


def duration(milliseconds: float, strings: Strings) -> str:
    """« 34 ms », « 1,2 s »."""
    if milliseconds < 1000:
        return f"{milliseconds:.0f}{NBSP}ms"
    seconds = f"{milliseconds / 1000:.1f}"
    return (seconds.replace(".", ",") if strings.language == "fr" else seconds) + f"{NBSP}s"
