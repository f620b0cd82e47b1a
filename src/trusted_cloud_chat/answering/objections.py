"""Why quotes that were chosen are no answer after all: about somebody else, denied, or without what is asked for."""

from __future__ import annotations

from trusted_cloud_chat.answering.matter import untold_matter
from trusted_cloud_chat.answering.partial import about_others
from trusted_cloud_chat.answering.premise import denies_premise, says_opposite, takes_for_granted
from trusted_cloud_chat.answering.timeline import Timeline
from trusted_cloud_chat.answering.unmet import unmet
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.schema import Answer, RefusalReason


def objection(
    answer: Answer, timeline: Timeline, entities: EntityBook, confidence: float, *, certain: bool
) -> RefusalReason | None:
    """None where there is none. `confidence`, 0 to 1: that the quotes answer; `certain`: a rule proves it, and whom they are about."""
    query, citations = answer.query, answer.citations
    if not certain:
        if about_others(answer.question, query, answer, entities, confidence) or timeline.leaves_state_open(answer):
            return "not_in_corpus"
        if any(denies_premise(query, citation.quote, citation.article.language, entities) for citation in citations):
            return "false_premise"
        if citations and says_opposite(query, citations[0].quote, citations[0].article.language):
            return "false_premise"
    if not timeline.tells_state and (unmet(query, citations, entities) or untold_matter(query, citations, entities)):
        return "false_premise" if takes_for_granted(query) else "not_in_corpus"
    return None
