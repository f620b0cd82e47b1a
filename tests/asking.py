"""Asks an assistant, and checks the invariants of its answers."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from builders import TODAY
from trusted_cloud_chat.answering.assistant import Assistant
from trusted_cloud_chat.schema import Answer, Turn
from trusted_cloud_chat.trace import rules

WHEN = "Quand Bleu sera-t-il qualifié SecNumCloud ?"


def check(answer: Answer, assistant: Assistant) -> None:
    """Asserts the invariants of every answer, refused or not."""
    numbers = [citation.n for citation in answer.citations]
    assert numbers == list(range(1, len(numbers) + 1))
    for citation in answer.citations:
        stored = assistant.article(citation.article.article_id, citation.article.version)
        assert stored is not None
        assert citation.quote == stored.text[citation.start : citation.end]
        assert citation.quote.strip() == citation.quote != ""
        assert any(p.article == citation.article for p in answer.passages)
    assert {int(n) for n in re.findall(r"\[(\d+)\]", answer.answer)} <= set(numbers)
    assert all(sentence.citations and set(sentence.citations) <= set(numbers) for sentence in answer.sentences)
    assert [passage.rank for passage in answer.passages] == list(range(1, len(answer.passages) + 1))
    assert answer.refused is (answer.refusal_reason is not None)
    assert answer.refused or answer.query.kind == "evidence" or answer.query.intent != "question" or answer.citations
    assert answer.trace
    assert {line.rule for line in answer.trace} <= set(rules())
    assert all(line.stage == rules()[line.rule].stage for line in answer.trace)


def quotes(answer: Answer) -> str:
    return " ".join(" ".join(citation.quote.split()) for citation in answer.citations)


def fired(answer: Answer) -> set[str]:
    return {line.rule for line in answer.trace}


@lru_cache
def told(assistant: Assistant, typed: str, *before: str, as_of: date | None = None) -> Answer:
    """The answer to `typed` after the questions `before`; cached."""
    return assistant.ask(typed, turns=[Turn(one) for one in before], as_of=as_of, today=TODAY)
