"""A GGUF file run in this process by llama.cpp, through the ready wheels of xllamacpp."""

from __future__ import annotations

import queue
import secrets
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.language_models.chat_models import generate_from_stream
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from pydantic import PrivateAttr

from trusted_cloud_chat.errors import ChatModelError

_CONTEXT_TOKENS = 8192
_MAX_TOKENS = 400
_ERRORS_ONLY = 1
_ROLES = {"system": "system", "human": "user", "ai": "assistant"}


class GgufChatModel(BaseChatModel):
    """llama.cpp in process. Streams; leaving the stream stops the model at its next token.

    One answer at a time: the context is shared, so a second question waits for the first.
    """

    path: str
    threads: int = 2
    max_tokens: int = _MAX_TOKENS
    temperature: float = 0.0
    _server: Any = PrivateAttr(default=None)
    _lock: threading.Lock = PrivateAttr(default_factory=threading.Lock)

    def __init__(self, server: Any, **fields: Any) -> None:
        super().__init__(**fields)
        self._server = server

    @property
    def _llm_type(self) -> str:
        return "gguf"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return generate_from_stream(self._stream(messages, stop, run_manager, **kwargs))

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        request = {
            "messages": [{"role": _ROLES.get(m.type, "user"), "content": str(m.text)} for m in messages],
            "stream": True,
            "max_tokens": self.max_tokens,
            "temperature": self.temperature,
            "stop": stop or [],
        }
        for piece in self._pieces(request):
            chunk = ChatGenerationChunk(message=piece)
            if run_manager is not None:
                run_manager.on_llm_new_token(str(piece.text), chunk=chunk)
            yield chunk

    def _pieces(self, request: dict[str, Any]) -> Iterator[AIMessageChunk]:
        """Pieces of text as they come, the last with why the model stopped. Raises ChatModelError where llama.cpp refuses."""
        pieces: queue.SimpleQueue[AIMessageChunk | Exception | None] = queue.SimpleQueue()
        stopped = threading.Event()
        worker = threading.Thread(target=self._work, args=(request, pieces.put, stopped), daemon=True)
        worker.start()
        try:
            while (piece := pieces.get()) is not None:
                if isinstance(piece, Exception):
                    raise ChatModelError(f"the language model in {self.path!r} failed: {piece}") from piece
                yield piece
        finally:
            stopped.set()

    def _work(
        self,
        request: dict[str, Any],
        put: Callable[[AIMessageChunk | Exception | None], None],
        stopped: threading.Event,
    ) -> None:
        """Runs in its own thread: llama.cpp calls back for each token, and stops when it is answered True."""

        def received(reply: dict[str, Any]) -> bool:
            if "choices" not in reply:
                problem = reply.get("error", reply)
                put(RuntimeError(str(problem.get("message", problem) if isinstance(problem, dict) else problem)[:200]))
                return True
            for choice in reply["choices"]:
                text = choice.get("delta", {}).get("content") or ""
                reason = choice.get("finish_reason")
                if text or reason:
                    put(AIMessageChunk(content=text, response_metadata={"finish_reason": reason} if reason else {}))
            return stopped.is_set()

        try:
            with self._lock:
                if not stopped.is_set():
                    self._server.handle_chat_completions(request, received)
        except Exception as error:  # carried to the reader's thread, which raises it
            put(error)
        put(None)


def load_gguf(path: str, *, threads: int = 2) -> GgufChatModel:
    """The model in the GGUF file `path`, loaded. Raises ChatModelError."""
    file = Path(path).expanduser()
    try:
        with file.open("rb") as opened:
            magic = opened.read(4)
    except OSError as error:
        raise ChatModelError(
            f"the language model's file {str(file)!r} cannot be read ({error.strerror}): TCC_CHAT_MODEL=gguf:PATH expects a GGUF file"
        ) from error
    if magic != b"GGUF":
        raise ChatModelError(f"{str(file)!r} is no GGUF file: TCC_CHAT_MODEL=gguf:PATH expects one")
    try:
        import xllamacpp
    except ImportError as error:
        raise ChatModelError(
            "a GGUF file needs the package xllamacpp: install it with `pip install 'trusted-cloud-chat[gguf]'`"
        ) from error
    params = _parameters(xllamacpp.CommonParams(), file, threads)
    try:
        server = xllamacpp.Server(params)
    except Exception as error:
        raise ChatModelError(f"llama.cpp cannot load {str(file)!r}: {error}") from error
    return GgufChatModel(server, path=str(file), threads=threads)


def _parameters(params: Any, file: Path, threads: int) -> Any:
    params.model.path = str(file)
    params.n_ctx = _CONTEXT_TOKENS
    params.n_parallel = 1
    params.cpuparams.n_threads = threads
    params.cpuparams_batch.n_threads = threads
    params.offline = True  # never fetches a model by itself
    # xllamacpp is llama.cpp's server: it also listens on a loopback port, which is given to nobody.
    params.ui = False
    params.endpoint_slots = False
    params.api_keys = [secrets.token_hex(32)]
    params.verbosity = _ERRORS_ONLY
    return params
