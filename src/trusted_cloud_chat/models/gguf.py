"""Runs a GGUF file in this process with llama.cpp (xllamacpp).

llama.cpp calls back into Python from another thread, and an exit during such a call crashes: the engine is stopped and freed before exit.
"""

import queue
import secrets
import threading
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.language_models.chat_models import generate_from_stream
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from pydantic import PrivateAttr

from trusted_cloud_chat.errors import ChatModelError
from trusted_cloud_chat.settings import ANSWER_TOKENS, CONTEXT_TOKENS

_Manager = CallbackManagerForLLMRun | None
_MAX_THOUGHT_TOKENS = 3300
_BATCH_TOKENS = 64
"""Tokens of a prompt per batch. llama.cpp stops only between batches, so a larger one delays the exit."""
_TYPICAL_PROMPT = 4000
_SAMPLE = "Bleu et S3NS visent la qualification SecNumCloud. " * 2
_ROLES = {"system": "system", "human": "user", "ai": "assistant"}


class Speed(NamedTuple):
    """Tokens per second, as measured by llama.cpp."""

    reads: float
    writes: float

    def __str__(self) -> str:
        wait = _TYPICAL_PROMPT / self.reads if self.reads else 0
        reads, writes = (f"{rate:.{int(rate < 10)}f}" for rate in (self.reads, self.writes))  # never 0
        told = f"reads {reads} tokens a second and writes {writes}"
        return f"{told}: about {wait:.0f} s before the first word of an answer"


class _Engine:
    """llama.cpp with its model. The context is shared, so a second question waits for the first."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self._lock = threading.Lock()
        self._closing = threading.Event()

    def answer(self, request: dict[str, Any], received: Callable[[dict[str, Any]], bool]) -> None:
        """Passes each reply to `received`, which returns True to stop the model. Raises RuntimeError if the engine is closed."""
        with self._lock:
            if not self._closing.is_set():
                self._server.handle_chat_completions(request, lambda reply: received(reply) or self._closing.is_set())
            if self._closing.is_set():
                raise RuntimeError("it is closed")

    def close(self) -> None:
        """Stops at the next token or batch and frees the model."""
        self._closing.set()
        with self._lock:
            self._server = None


class GgufChatModel(BaseChatModel):
    """llama.cpp in process. Streams empty pieces while it reads or thinks; closing the stream stops the model."""

    path: str
    max_tokens: int = ANSWER_TOKENS
    _engine: _Engine = PrivateAttr()
    _speed: Speed | None = PrivateAttr(default=None)

    def __init__(self, server: Any, **fields: Any) -> None:
        super().__init__(**fields)
        self._engine = _Engine(server)
        weakref.finalize(self, self._engine.close)  # also runs at exit, while threads can still end

    def speed(self) -> Speed:
        """The speed on this machine, measured once by a short request. Raises ChatModelError."""
        if self._speed is None:
            found: dict[str, Any] = {}

            def received(reply: dict[str, Any]) -> bool:
                found.update(reply.get("timings", {}))
                return False

            asked = [{"role": "user", "content": _SAMPLE}]
            try:
                self._engine.answer(self._request(asked, most=4), received)
            except Exception as error:
                raise ChatModelError(f"the language model in {self.path!r} failed: {error}") from error
            self._speed = Speed(found.get("prompt_per_second", 0.0), found.get("predicted_per_second", 0.0))
        return self._speed

    @property
    def _llm_type(self) -> str:
        return "gguf"

    def _generate(
        self, messages: list[BaseMessage], stop: list[str] | None = None, run_manager: _Manager = None, **kwargs: Any
    ) -> ChatResult:
        return generate_from_stream(self._stream(messages, stop, run_manager, **kwargs))

    def _stream(
        self, messages: list[BaseMessage], stop: list[str] | None = None, run_manager: _Manager = None, **kwargs: Any
    ) -> Iterator[ChatGenerationChunk]:
        asked = [{"role": _ROLES.get(m.type, "user"), "content": str(m.text)} for m in messages]
        request = self._request(asked, self.max_tokens + _MAX_THOUGHT_TOKENS, stop)
        if "response_format" in kwargs:  # llama.cpp turns a JSON schema into a grammar, which excludes thoughts
            request["response_format"] = kwargs["response_format"]
        for piece in self._pieces(request):
            chunk = ChatGenerationChunk(message=piece)
            if run_manager is not None:
                run_manager.on_llm_new_token(str(piece.text), chunk=chunk)
            yield chunk

    def _request(self, messages: list[dict[str, str]], most: int, stop: list[str] | None = None) -> dict[str, Any]:
        # `return_progress`: a reply after each batch of the prompt, which can stop the model.
        fixed = {"stream": True, "temperature": 0.0, "return_progress": True}
        return {**fixed, "messages": messages, "max_tokens": most, "stop": stop or []}

    def _pieces(self, request: dict[str, Any]) -> Iterator[AIMessageChunk]:
        """Pieces of text; the last has the stop reason. Raises ChatModelError if llama.cpp fails."""
        pieces: queue.SimpleQueue[AIMessageChunk | Exception | None] = queue.SimpleQueue()
        stopped = threading.Event()
        left = request["max_tokens"] if "response_format" in request else self.max_tokens

        def received(reply: dict[str, Any]) -> bool:
            nonlocal left
            if "choices" not in reply:
                problem = reply.get("error", reply)
                message = problem.get("message", problem) if isinstance(problem, dict) else problem
                pieces.put(RuntimeError(str(message)[:200]))
                return True
            for choice in reply["choices"]:
                text, reason = choice.get("delta", {}).get("content") or "", choice.get("finish_reason")
                left -= bool(text)
                if left < 0:  # thoughts come first and do not count
                    text, reason = "", "length"
                pieces.put(AIMessageChunk(content=text, response_metadata={"finish_reason": reason} if reason else {}))
            return left < 0 or stopped.is_set()

        def work() -> None:
            try:
                if not stopped.is_set():
                    self._engine.answer(request, received)
            except Exception as error:  # raised in the reader's thread
                pieces.put(error)
            pieces.put(None)

        threading.Thread(target=work, daemon=True).start()
        try:
            while (piece := pieces.get()) is not None:
                if isinstance(piece, Exception):
                    raise ChatModelError(f"the language model in {self.path!r} failed: {piece}") from piece
                yield piece
        finally:
            stopped.set()


def load_gguf(path: str, *, threads: int = 2, context: int = CONTEXT_TOKENS) -> GgufChatModel:
    file = Path(path).expanduser()
    try:
        with file.open("rb") as opened:
            magic = opened.read(4)
    except OSError as error:
        raise ChatModelError(
            f"the language model's file {str(file)!r} cannot be read ({error.strerror}): TCC_CHAT_MODEL=gguf:PATH expects a GGUF file"
        ) from error
    if magic != b"GGUF":
        raise ChatModelError(f"{str(file)!r} is not a GGUF file, as TCC_CHAT_MODEL=gguf:PATH expects")
    try:
        import xllamacpp
    except ImportError as error:
        raise ChatModelError(
            "a GGUF file needs the package xllamacpp: install it with `pip install 'trusted-cloud-chat[gguf]'`"
        ) from error
    params = xllamacpp.CommonParams()
    params.model.path = str(file)
    params.n_ctx = context
    params.n_batch = params.n_ubatch = _BATCH_TOKENS
    params.n_parallel = 1
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    params.offline = True  # never downloads a model
    # xllamacpp also listens on a loopback port: a random key keeps others out.
    params.ui = params.endpoint_slots = False
    params.api_keys = [secrets.token_hex(32)]
    params.verbosity = 1  # errors only
    try:
        server = xllamacpp.Server(params)
    except Exception as error:
        raise ChatModelError(f"llama.cpp cannot load {str(file)!r}: {error}") from error
    return GgufChatModel(server, path=str(file))
