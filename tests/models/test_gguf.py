"""A model in process: thoughts, budget, speed and an orderly end, on a scripted llama.cpp; then on a real one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from langchain_core.messages import HumanMessage

from fakes import smollm
from trusted_cloud_chat.errors import ChatModelError
from trusted_cloud_chat.models.chat import ends, shown_name, speed_line
from trusted_cloud_chat.models.gguf import GgufChatModel, Speed
from trusted_cloud_chat.models.listening import CutShortError, listen

ASKED = [HumanMessage("Quand ?")]


class Server:
    """llama.cpp's replies, one after the other, until it is told to stop; the last comes again without end if `endless`."""

    def __init__(self, deltas: list[dict[str, Any]], endless: bool = False) -> None:
        self.deltas, self.endless = deltas, endless
        self.started, self.ended, self.asked = threading.Event(), threading.Event(), 0
        self.request: dict[str, Any] = {}

    def handle_chat_completions(self, request: dict[str, Any], received: Callable[[dict[str, Any]], bool]) -> None:
        self.started.set()
        self.asked += 1
        self.request = request
        for delta in self.deltas:
            if received({"choices": [{"delta": delta, "finish_reason": None}]}):
                break
        while self.endless:
            time.sleep(0.01)
            if received({"choices": [{"delta": self.deltas[-1], "finish_reason": None}]}):
                break
        else:
            timings = {"prompt_per_second": 80.0, "predicted_per_second": 20.0}
            received({"choices": [{"delta": {}, "finish_reason": "stop"}], "timings": timings})
        self.ended.set()


def test_thoughts_are_neither_shown_nor_counted() -> None:
    thoughts = [{"content": None, "reasoning_content": "Voyons."}] * 50
    model = GgufChatModel(
        Server([*thoughts, {"content": "Bleu"}, {"content": " vise 2026 [2]."}]), path="x", max_tokens=2
    )

    heard = list(listen(model, ASKED, 5))

    assert "".join(heard) == "Bleu vise 2026 [2]."
    assert heard[0] == "", "it is not silent while it thinks"


def test_an_answer_has_its_own_most_tokens() -> None:
    server = Server([{"content": "mot "}], endless=True)
    model = GgufChatModel(server, path="x", max_tokens=3)

    pieces = list(model.stream(ASKED))

    assert "".join(str(piece.text) for piece in pieces) == "mot mot mot "
    assert any("cut" in ends(piece) for piece in pieces)
    assert server.ended.wait(5)
    with pytest.raises(CutShortError):
        list(listen(model, ASKED, 5))


def test_a_schema_binds_what_it_writes() -> None:
    """An object may be longer than an answer: it has what the thoughts have otherwise."""
    server = Server([{"content": "{}"}] * 5)
    model = GgufChatModel(server, path="x", max_tokens=3)
    form = {"type": "json_schema", "json_schema": {"schema": {"type": "object"}}}

    said = "".join(str(piece.text) for piece in model.stream(ASKED, response_format=form))

    assert (said, server.request["response_format"]) == ("{}" * 5, form)
    list(model.stream(ASKED))
    assert "response_format" not in server.request


def test_closing_waits_for_the_answer_that_it_stops() -> None:
    """Nothing of ours is inside llama.cpp afterwards, and nothing is asked of it again."""
    server = Server([{"content": None}], endless=True)
    model = GgufChatModel(server, path="x")
    stream = model.stream(ASKED)
    next(stream)

    model._engine.close()

    assert server.ended.is_set()
    for left in (stream, model.stream(ASKED)):
        with pytest.raises(ChatModelError, match="it is closed"):
            list(left)
    assert server.asked == 1


def test_its_speed_is_llama_cpps_own_count() -> None:
    server = Server([{"content": "Bleu"}])
    model = GgufChatModel(server, path="/models/small.gguf")

    line = "small.gguf reads 80 tokens a second and writes 20: about 50 s before the first word of an answer"
    assert [speed_line("gguf:/models/small.gguf", model) for _ in range(2)] == [line, line]
    assert server.asked == 1


def test_a_slow_machine_does_not_stand_still() -> None:
    assert str(Speed(reads=6.96, writes=0.44)).startswith("reads 7.0 tokens a second and writes 0.4: ")


@pytest.mark.parametrize(
    ("spec", "shown"), [("gguf:/home/a/small.gguf", "small.gguf"), ("gguf:small.gguf", "small.gguf"), ("openai:org/m", "openai:org/m")]
)  # fmt: skip
def test_readers_do_not_see_where_a_file_lies(spec: str, shown: str) -> None:
    assert shown_name(spec) == shown


SCRIPT = """
import sys
from langchain_core.messages import HumanMessage
from trusted_cloud_chat.models.chat import load_chat_model
from trusted_cloud_chat.models.listening import ModelFailedError, listen
model = load_chat_model(sys.argv[1], threads=1)
said = 0
try:
    for piece in listen(model, [HumanMessage("Raconte une longue histoire. " * int(sys.argv[2]))], float(sys.argv[3])):
        said += bool(piece)
        if said == 3:
            raise ModelFailedError("left")
except ModelFailedError as failure:
    print(failure.reason)
"""


@pytest.mark.slow
@pytest.mark.parametrize("time_of_four", range(2))
@pytest.mark.parametrize(
    ("length", "timeout", "why"), [(400, 0.05, "timeout"), (1, 60.0, "left")], ids=["reading", "writing"]
)
def test_a_process_ends_well_whatever_the_model_is_doing(
    length: int, timeout: float, why: str, time_of_four: int
) -> None:
    """The interpreter used to end under a thread that was in llama.cpp: a segmentation fault, three times of four."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    arguments = [f"gguf:{smollm()}", str(length), str(timeout)]
    command = [sys.executable, "-c", SCRIPT, *arguments]

    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600, check=False)

    assert (ended.returncode, ended.stdout.strip()) == (0, why), ended.stderr


@pytest.mark.slow
def test_a_real_model_keeps_to_a_schema() -> None:
    from trusted_cloud_chat.models.chat import load_chat_model

    model = load_chat_model(f"gguf:{smollm()}", threads=1)
    fields = {"n": {"type": "integer"}, "words": {"type": "array", "items": {"enum": ["a", "b"]}, "maxItems": 2}}
    schema = {"type": "object", "properties": fields, "required": ["n", "words"]}
    form = {"type": "json_schema", "json_schema": {"schema": schema}}
    said = "".join(str(piece.text) for piece in model.stream("Il était une fois", response_format=form))
    model._engine.close()  # type: ignore[attr-defined]

    assert json.loads(said).keys() == {"n", "words"}


@pytest.mark.slow
def test_a_real_model_says_how_fast_it_is() -> None:
    from trusted_cloud_chat.models.chat import load_chat_model

    model = load_chat_model(f"gguf:{smollm()}", threads=1)
    speed = model.speed()  # type: ignore[attr-defined]
    model._engine.close()  # type: ignore[attr-defined]

    assert speed.reads > 0
    assert speed.writes > 0
