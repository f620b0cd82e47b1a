"""A GGUF file run in this process by llama.cpp's own server, through the ready wheels of xllamacpp, and asked as any server that speaks
OpenAI's protocol. It listens on a loopback port and asks for a random key that nobody else is given.

An interpreter that ends while the server works crashes: the server is freed before, when the model is no longer used or at exit.
"""

import secrets
import weakref
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import xllamacpp
from langchain_openai import ChatOpenAI
from pydantic import PrivateAttr, SecretStr

from trusted_cloud_chat.errors import ChatModelError

_BATCH_TOKENS = 64
"""Tokens of a prompt read at a time. Between two batches llama.cpp can be stopped: the larger, the longer an exit may wait."""
_TYPICAL_PROMPT = 4000
_SAMPLE = "Bleu et S3NS visent la qualification SecNumCloud. " * 2
_ERRORS_ONLY = 1


@dataclass(frozen=True, slots=True)
class Speed:
    """Tokens a second, as llama.cpp counts them."""

    reads: float
    writes: float

    def __str__(self) -> str:
        wait = _TYPICAL_PROMPT / self.reads if self.reads else 0
        reads, writes = (f"{rate:.{int(rate < 10)}f}" for rate in (self.reads, self.writes))  # slow is not « 0 »
        return (
            f"reads {reads} tokens a second and writes {writes}: about {wait:.0f} s before the first word of an answer"
        )


class GgufChatModel(ChatOpenAI):
    """The model in a GGUF file. It streams empty pieces while it reads or thinks; closing the stream stops it at its next token or batch."""

    _speed: Speed | None = PrivateAttr(default=None)

    def __init__(self, file: Path, *, threads: int, context: int, max_tokens: int, timeout_s: float) -> None:
        """Raises ChatModelError for a file that llama.cpp does not load."""
        key = secrets.token_hex(32)
        try:
            server = xllamacpp.Server(_parameters(file, threads, context, key))
        except Exception as error:
            raise ChatModelError(f"llama.cpp cannot load {str(file)!r}: {error}") from error
        client = httpx.Client(timeout=timeout_s, trust_env=False)
        super().__init__(
            model=file.name,
            base_url=f"{server.listening_address}/v1",
            api_key=SecretStr(key),
            http_client=client,
            temperature=0,
            max_retries=0,
            max_completion_tokens=max_tokens,
            extra_body={"return_progress": True},  # a piece after each batch of the prompt: the model is not silent
        )
        weakref.finalize(self, _free, [server], client)  # also at exit, while its threads can still end

    def speed(self) -> Speed:
        """How fast this machine reads and writes with the model: measured once, by a short request. Raises ChatModelError."""
        if self._speed is None:
            asked = {"messages": [{"role": "user", "content": _SAMPLE}], "max_tokens": 4}
            try:
                found = self.root_client.post("/chat/completions", cast_to=httpx.Response, body=asked)
                timings = found.json()["timings"]
            except Exception as error:
                raise ChatModelError(f"the language model {self.model_name!r} failed: {error}") from error
            self._speed = Speed(timings["prompt_per_second"], timings["predicted_per_second"])
        return self._speed


def _free(servers: list[Any], client: httpx.Client) -> None:
    """Stop at the next token or batch, and free the model with the last reference to its server."""
    client.close()
    servers.clear()


def _parameters(file: Path, threads: int, context: int, key: str) -> Any:
    params = xllamacpp.CommonParams()
    params.model.path = str(file)
    params.n_ctx = context
    params.n_batch = params.n_ubatch = _BATCH_TOKENS
    params.n_parallel = 1
    params.cpuparams.n_threads = threads
    params.cpuparams_batch.n_threads = threads
    params.offline = True  # never fetches a model by itself
    params.ui = False
    params.endpoint_slots = False
    params.api_keys = [key]
    params.verbosity = _ERRORS_ONLY
    return params
