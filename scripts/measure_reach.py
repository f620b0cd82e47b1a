"""How many questions a faithful writer answers, of those whose answer stands in the passages that it is sent.

    python scripts/measure_reach.py [--split dev] [--misses] [--json]

The gold set is asked of the product with a scripted chat model in place of a real one. It reads the messages that the product sends and
nothing else, looks in the passages for the sentence that holds an accepted answer, and writes it in slightly other words with the number
of its passage; without one it gives up. So what is measured is the product's part: whether the model is asked at all, what it is sent,
and whether a right sentence is then proved. It indexes the corpus in a temporary home, as `evaluate answers` does.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from known_questions import GOLD
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult

from trusted_cloud_chat.entities import load_entities
from trusted_cloud_chat.evaluation.cases import Case, read_questions
from trusted_cloud_chat.evaluation.matching import holds, token_f1
from trusted_cloud_chat.evaluation.workbench import Workbench, corpus_bench
from trusted_cloud_chat.language.sentences import split_sentences
from trusted_cloud_chat.models.bundled import load_judge
from trusted_cloud_chat.schema import Answer, Turn
from trusted_cloud_chat.settings import load_settings
from trusted_cloud_chat.wiring import build_embedder
from trusted_cloud_chat.writing.prompt import sent, texts
from trusted_cloud_chat.writing.writer import Writer

_SWAPS = {
    "selon": "d’après", "a annoncé": "a fait savoir", "a obtenu": "a décroché", "également": "aussi",
    "ainsi que": "et", "afin de": "pour", "toutefois": "cependant", "en revanche": "par contre", "avait été": "fut",
    "environ": "à peu près", "however": "though", "in order to": "to", "said": "stated", "about": "around",
    "largest": "biggest",
}  # fmt: skip
"""Words that a writer puts for others."""
_SOURCES = tuple("selon d’après d'après indique rapporte précise expose explique according says reports".split())
"""What opens a last clause, « …, expose InCyber en avril 2025 », that a writer leaves out where it holds nothing that is asked for."""


class ScriptedWriter(BaseChatModel):
    """Writes what the messages hold of `wanted`, and knows nothing else."""

    wanted: tuple[str, ...] = ()
    """Accepted answers."""
    gold: tuple[str, ...] = ()
    """Quotes that give them: of several sentences that hold one, the likest is written."""
    asked: bool = False
    wrote: str = ""

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _generate(self, messages: list[BaseMessage], *_: Any, **__: Any) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=AIMessage(self._answer(messages)))])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **_: Any,
    ) -> Iterator[ChatGenerationChunk]:
        for word in self._answer(messages).split(" "):
            yield ChatGenerationChunk(message=AIMessageChunk(f"{word} "))

    def _answer(self, messages: list[BaseMessage]) -> str:
        """Nothing for a follow-up to be made whole, so that the product reads it by itself."""
        passages = list(_passages(str(messages[-1].content)))
        if not passages:
            return ""
        self.asked = True
        found = self._found(passages)
        self.wrote = f"{reworded(found[0], self.wanted)} [{found[1]}]" if found else texts("not_found")["fr"]
        return self.wrote

    def _found(self, passages: list[tuple[int, str]]) -> tuple[str, int] | None:
        """The sentence, or the two, that hold an accepted answer and are nearest to a gold quote; its passage's number."""
        for length in (1, 2):
            held = [(s, n) for n, text in passages for s in _runs(text, length) if self._holds(s)]
            if held:
                return max(held, key=lambda one: max((token_f1(one[0], quote) for quote in self.gold), default=0.0))
        return None

    def _holds(self, text: str) -> bool:
        return any(holds(text, accepted) for accepted in self.wanted)


def _passages(message: str) -> Iterator[tuple[int, str]]:
    """Number and text of each passage of a prompt."""
    for block in message.split("<passage ")[1:]:
        head, _, rest = block.partition(">\n")
        yield int(head.split('"')[1]), rest.partition("\n</passage>")[0]


def _runs(text: str, length: int) -> list[str]:
    spans = split_sentences(text)
    return [text[spans[n].start : spans[n + length - 1].end].strip() for n in range(len(spans) - length + 1)]


def reworded(sentence: str, wanted: tuple[str, ...]) -> str:
    """The sentence as a writer would put it who keeps to it: two words exchanged, its source left out, an accepted answer never touched."""
    said, done = sentence.rstrip(" ."), 0
    before, _, tail = said.rpartition(", ")
    if tail.startswith(_SOURCES) and any(holds(before, accepted) for accepted in wanted):
        said = before
    for old, new in _SWAPS.items():
        other = f" {said} ".replace(f" {old} ", f" {new} ", 1).strip()
        if done < 2 and other != said and any(holds(other, accepted) for accepted in wanted):
            said, done = other, done + 1
    return f"{said}."


@dataclass
class Reach:
    """What became of the answerable questions of a half."""

    questions: int = 0
    stands: int = 0
    """An accepted answer stands in one of the passages that the model is sent, or would be if it were asked."""
    answered: int = 0
    """Of those: a proved sentence holds one."""
    kinds: Counter[str] = field(default_factory=Counter)
    """Why the others are not."""
    misses: list[dict[str, Any]] = field(default_factory=list)

    def add(self, case: Case, answer: Answer | None, model: ScriptedWriter) -> None:
        self.questions += 1
        read = sent(answer.passages, answer) if answer else ()
        if not any(holds(passage.text, accepted) for passage in read for accepted in case.answers):
            return
        self.stands += 1
        assert answer is not None
        if (
            any(s.supported and any(holds(s.text, a) for a in case.answers) for s in answer.sentences)
            and answer.evidence
        ):
            self.answered += 1
            return
        kind = _why(answer, model)
        self.kinds[kind] += 1
        told = [(s.status, s.reason, s.text) for s in answer.sentences] if answer.evidence else list(answer.notices)
        self.misses.append({"id": case.id, "question": case.question, "kind": kind, "wrote": model.wrote, "told": told})

    def to_dict(self) -> dict[str, Any]:
        share = self.answered / self.stands if self.stands else None
        figures = {"questions": self.questions, "stands": self.stands, "answered": self.answered, "share": share}
        return {**figures, "kinds": dict(self.kinds), "misses": self.misses}


def _why(answer: Answer, model: ScriptedWriter) -> str:
    if not model.asked:
        return f"not asked: {answer.refusal_reason or answer.query.intent}"
    if model.wrote in texts("not_found").values():
        return "not in one sentence or two of what was sent"
    return "not proved" if not answer.evidence else "something else is proved"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--split", choices=("dev", "test"), help="default: both, apart")
    parser.add_argument("--misses", action="store_true", help="list what was not answered")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    settings = load_settings()
    embedder, questions = build_embedder(settings), read_questions(GOLD)
    model, halves = ScriptedWriter(), {"dev": Reach(), "test": Reach()}
    writer = Writer(
        model,
        "scripted",
        embedder=embedder,
        entities=load_entities(settings.aliases),
        judge=load_judge(settings.home, settings.threads),
    )
    with corpus_bench(settings, embedder, questions.header.today, _tell) as bench:
        for case in questions.cases:
            if case.answerable and arguments.split in (None, case.split):
                halves[case.split].add(case, _ask(bench, writer, model, case), model)
    found = {name: half.to_dict() for name, half in halves.items() if half.questions}
    if arguments.json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
        return
    for name, half in found.items():
        misses = half.pop("misses")
        print(name, half)
        for miss in misses if arguments.misses else ():
            print(json.dumps(miss, ensure_ascii=False, indent=1))


def _ask(bench: Workbench, writer: Writer, model: ScriptedWriter, case: Case) -> Answer | None:
    model.wanted, model.gold = case.answers, tuple(quote.quote for quote in case.quotes)
    model.asked, model.wrote = False, ""
    assistant = bench.assistant.written_by(writer)
    turns = [Turn(turn.question, turn.answer) for turn in case.turns]
    return Workbench(bench.index, assistant, bench.settings, bench.today, {}).ask(case.question, turns, case.as_of)


def _tell(step: str, done: int, total: int) -> None:
    if done == total:
        print(f"{step}: {total}", file=sys.stderr)


if __name__ == "__main__":
    main()
