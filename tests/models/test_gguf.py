"""A model in process: its speed and an orderly end."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from fakes import smollm
from trusted_cloud_chat.models.chat import shown_name
from trusted_cloud_chat.models.gguf import Speed


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
def test_a_real_model_says_how_fast_it_is() -> None:
    from trusted_cloud_chat.models.chat import load_chat_model

    model = load_chat_model(f"gguf:{smollm()}", threads=1)
    speed = model.speed()  # type: ignore[attr-defined]

    assert speed.reads > 0
    assert speed.writes > 0
