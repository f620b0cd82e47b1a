"""Gathers the evidence for a question in a conversation, or for one of several questions in a text."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from trusted_cloud_chat.evidence.carrying import Carried
from trusted_cloud_chat.evidence.gathering import Evidence, Gatherer
from trusted_cloud_chat.evidence.ranking import place_of
from trusted_cloud_chat.index.snapshots import Index
from trusted_cloud_chat.question.question import Question
from trusted_cloud_chat.retrieval import Retrieved, Retriever
from trusted_cloud_chat.retrieval.ranking import Weights
from trusted_cloud_chat.schema import Answer, Article, Vote
from trusted_cloud_chat.trace import Trace

_ALONE, _RATHER = 0.85, 0.2
"""Minimum similarity to a stored question with which a question stands alone; minimum lead in confidence with which it beats the follow-up."""
_QUOTED, _ASKED_THERE, _LESS, _SURE_THERE = 3, 0.4, 0.3, 0.5
"""Number of quotes of the previous answer whose articles are searched with the follow-up as typed; minimum similarity to a stored
question there; how far it may be below that of the completed follow-up; similarity from which it counts as the confidence.
Chosen on 121 follow-ups (93 of them in `training/fit.jsonl`): five more answers are right, and one that was right is wrong.
"""
_LIKE_A_PART = 0.6
"""Minimum similarity of a part to a stored question in the articles that answer the other parts."""
Before = Callable[[], Answer | None]
"""Returns the previous answer; called only if needed."""


@dataclass(frozen=True, slots=True)
class InConversation:
    """Gathers evidence with regard to the conversation. Thread-safe."""

    gatherer: Gatherer
    index: Index
    retriever: Retriever
    weights: Weights

    def evidence(
        self, read: Question, before: Before, trace: Trace, found: Retrieved | None, part: Answer | None
    ) -> Evidence:
        """The evidence for a question in its conversation. `part`: for one of several questions, the answer to the one before."""
        joined = self._in_turn(self.gather(read, before, trace, found, part), before, trace)
        if not (read.own or read.goes_on):
            return joined
        last = part or before()
        return self._in_own_words(joined, last, trace, follows=part is None and last is not None)

    def _in_own_words(self, joined: Evidence, last: Answer | None, trace: Trace, *, follows: bool) -> Evidence:
        """Searches the follow-up as typed in the articles that `last` quotes; keeps `joined` unless a stored question there is similar."""
        asked = joined.question
        own, there = asked.typed, [one.article for one in last.citations[:_QUOTED]] if last else []
        there += [one.passage.article for one in joined.ranked[:1] if asked.is_part]
        other = joined.ranked[0].vote if joined.ranked else None
        least = max(_ASKED_THERE, (other.likeness if other else 0.0) - _LESS)
        found = self._there(own, there, least)
        if found is None:
            return joined
        near, vote = found
        plain = joined.ranked and not joined.ranked[0].passage.article.is_enriched
        # Without stored questions only the confidence can be compared.
        if plain and joined.confidence >= near.confidence:
            return joined
        if not trace.fires("own_words", f"« {vote.question} »"):
            return joined
        sure = max(near.confidence, joined.confidence, vote.likeness if vote.likeness >= _SURE_THERE else 0.0)
        sure = sure if follows else joined.confidence  # similarity to one part says little about the whole text
        timings = added((joined, near))
        if joined.ranked and place_of(near.ranked[0]) == place_of(joined.ranked[0]):
            return replace(joined, confidence=sure, timings_ms=timings)
        known = {passage.chunk.chunk_id for passage in near.passages}
        both = (*near.passages, *(one for one in joined.passages if one.chunk.chunk_id not in known))
        passages = tuple(replace(one, rank=n) for n, one in enumerate(both, start=1))
        return replace(near, question=asked, passages=passages, confidence=sure, timings_ms=timings)

    def beside(self, part: Question, others: Sequence[Answer], trace: Trace) -> Evidence | None:
        """The evidence for an unanswered part from the first article of each of the `others`, if a stored question there is similar."""
        led = [one.citations[0].article for one in others if one.outcome == "answered"]
        found = self._there(part, led, _LIKE_A_PART)
        if found is None or not trace.fires("beside", f"« {found[1].question} »"):
            return None
        near, vote = found
        return replace(near, confidence=max(near.confidence, vote.likeness))

    def _there(self, asked: Question, there: Sequence[Article], least: float) -> tuple[Evidence, Vote] | None:
        """The evidence from these articles alone, if the best sentence answers a stored question with a similarity of `least` or more."""
        among = frozenset((one.article_id, one.version) for one in there if one.is_enriched)
        if not among or self.retriever.likeness_there(asked, among) < least:
            return None
        query = replace(asked.query, within=replace(asked.query.within, articles=among))
        near = self.gatherer.gather(replace(asked, query=query))
        vote = near.ranked[0].vote if near.ranked else None
        return (near, vote) if vote is not None and vote.likeness >= least else None

    def gather(
        self,
        read: Question,
        before: Before,
        trace: Trace,
        found: Retrieved | None = None,
        part: Answer | None = None,
    ) -> Evidence:
        """Gathers evidence, with the quotes carried over from the previous answer, or from `part`, the answer to the part before."""
        last = before() if part is None and (read.context or read.goes_on) else part
        carry = Carried(last, self.index, self.retriever, self.weights, part is not None) if last else None
        return self.gatherer.gather(read, carry, trace, found)

    def _in_turn(self, alone: Evidence, before: Before, trace: Trace) -> Evidence:
        """Gathers evidence for the question as a follow-up too, and prefers it unless its confidence is clearly lower."""
        asked, apart = alone.question, trace.apart()
        if asked.leaning is None or asked.is_part or alone.likeness.answered >= _ALONE:
            return alone
        if not apart.fires("follow_up", asked.searched):
            return alone
        joined = self.gather(asked.leaning(apart), before, apart)
        wins = joined.confidence >= alone.confidence - _RATHER
        if wins:
            trace.take(apart)
        return replace(joined if wins else alone, timings_ms=added((alone, joined)))


def added(gathered: Sequence[Evidence]) -> dict[str, float]:
    """The summed time of each stage, in milliseconds."""
    stages = dict.fromkeys(stage for one in gathered for stage in one.timings_ms)
    return {stage: round(sum(one.timings_ms.get(stage, 0.0) for one in gathered), 3) for stage in stages}
