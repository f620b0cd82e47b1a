"""`"provider:name"` → langchain-core `BaseChatModel`. Each provider is an extra, imported on demand.

Keys come from the provider's environment variable and are never logged or shown. The address is always passed explicitly, so that
`leaves_for` names the host that receives the questions.
"""

import importlib
import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from trusted_cloud_chat.errors import ChatModelError
from trusted_cloud_chat.settings import ANSWER_TOKENS, CONTEXT_TOKENS

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage

_MAX_TOKENS = ANSWER_TOKENS + 3300
"""Maximum tokens of a response, including the thoughts of a reasoning model; old models accept no more than 4,000."""

_END_REASONS = ("finish_reason", "done_reason", "stop_reason")
"""Metadata keys of the stop reason: OpenAI, Mistral and Google; Ollama; Anthropic."""
_CUT = ("length", "max_tokens", "model_length")
_FILTERED = ("content_filter", "safety", "refusal", "prohibited_content", "blocklist", "recitation", "spii")


@dataclass(frozen=True, slots=True)
class Provider:
    """How to reach a provider; `name` is LangChain's name; the key in `PROVIDERS` names our extra."""

    name: str
    url: str
    key: str = ""
    url_variables: tuple[str, ...] = ()
    """Environment variables from which the provider's library reads its address."""

    @property
    def module(self) -> str:
        return f"langchain_{self.name}"


PROVIDERS = {
    "ollama": Provider("ollama", "http://127.0.0.1:11434", "", ("OLLAMA_HOST",)),
    "mistral": Provider("mistralai", "https://api.mistral.ai/v1", "MISTRAL_API_KEY", ("MISTRAL_BASE_URL",)),
    "openai": Provider("openai", "https://api.openai.com/v1", "OPENAI_API_KEY", ("OPENAI_API_BASE", "OPENAI_BASE_URL")),
    "anthropic": Provider(
        "anthropic", "https://api.anthropic.com", "ANTHROPIC_API_KEY", ("ANTHROPIC_API_URL", "ANTHROPIC_BASE_URL")
    ),
    "google": Provider(
        "google_genai", "https://generativelanguage.googleapis.com", "GOOGLE_API_KEY", ("GOOGLE_GEMINI_BASE_URL",)
    ),
}


def load_chat_model(
    spec: str,
    url: str = "",
    timeout_s: float = 60.0,
    *,
    context: int = CONTEXT_TOKENS,
    threads: int = 2,
    environ: Mapping[str, str] | None = None,
) -> "BaseChatModel":
    """The chat model `provider:name`; sends no request. `context`: context size of a local model, in tokens. Raises ChatModelError."""
    provider_name, _, name = spec.partition(":")
    if provider_name == "gguf" and name:
        from trusted_cloud_chat.models.gguf import load_gguf

        return load_gguf(name, threads=threads, context=context)
    provider = PROVIDERS.get(provider_name)
    if provider is None or not name:
        known = ", ".join([*PROVIDERS, "gguf"])
        raise ChatModelError(f"the language model {spec!r} is unknown: expected PROVIDER:NAME with one of {known}")
    environ = os.environ if environ is None else environ
    address, package = chat_address(spec, url, environ), provider.module.replace("_", "-")
    key = environ.get(provider.key, "").strip()
    try:  # LangChain's own error names only the package, and it accepts an old Ollama class
        importlib.import_module(provider.module)
    except ImportError as error:
        raise ChatModelError(
            f"the language model {spec!r} needs the package {package} ({error.name or error} is missing): "
            f"install it with `{install_command(spec)}`"
        ) from error
    if provider.key and not key and address == provider.url:
        raise ChatModelError(
            f"the language model {spec!r} needs a key, and {provider.key} is not set: set it with `export {provider.key}=…`"
        )
    # An OpenAI-compatible server of the user asks for no key.
    options = _options(provider_name, address, key or "none", timeout_s, context)
    from langchain.chat_models import init_chat_model

    try:
        model = init_chat_model(name, model_provider=provider.name, **options)
    except Exception as error:  # each library has its own errors, whose texts may contain a key
        raise ChatModelError(
            f"the language model {spec!r} is refused by {package} ({type(error).__name__}): check the name and "
            "TCC_CHAT_URL"
        ) from None
    return cast("BaseChatModel", model)


def chat_address(spec: str, url: str = "", environ: Mapping[str, str] | None = None) -> str:
    """The address that receives the questions: `url`, the provider's variables or its default; empty in process."""
    provider = PROVIDERS.get(spec.partition(":")[0])
    if provider is None:
        return ""
    environ = os.environ if environ is None else environ
    given = url or next((environ[name] for name in provider.url_variables if environ.get(name)), "")
    if given and "://" not in given:
        given = f"http://{given}"
    if given.startswith("http://0.0.0.0"):  # an address to listen on, not to connect to
        given = given.replace("0.0.0.0", "127.0.0.1", 1)  # noqa: S104
    return given or provider.url


def is_loopback(address: str) -> bool:
    """Whether `address` is on this machine, without a name look-up."""
    try:
        host = urlsplit(address).hostname or ""
        parsed = ipaddress.ip_address("127.0.0.1" if f".{host}".endswith(".localhost") else host)
    except ValueError:
        return False
    return (getattr(parsed, "ipv4_mapped", None) or parsed).is_loopback


def leaves_for(spec: str, url: str = "", environ: Mapping[str, str] | None = None) -> str | None:
    """The remote host that receives the prompts; None if they stay on this machine."""
    address = chat_address(spec, url, environ)
    if not spec or not address or is_loopback(address):
        return None
    try:
        return urlsplit(address).hostname or address
    except ValueError:
        return address


def shown_name(spec: str) -> str:
    """A chat model's displayed name: a file without its folders."""
    return spec.removeprefix("gguf:").rpartition("/")[2] if spec.startswith("gguf:") else spec


def speed_line(spec: str, chat_model: "BaseChatModel") -> str | None:
    """The measured speed of a model in this process; None for a server's model."""
    speed = getattr(chat_model, "speed", None)
    return f"{shown_name(spec)} {speed()}" if callable(speed) else None


def ends(piece: "BaseMessage") -> set[str]:
    """Why the model stopped after this piece: `cut` (token limit), `filtered` (content filter) or `ended`; empty if it goes on."""
    reasons = (str(reason).lower() for key in _END_REASONS if (reason := piece.response_metadata.get(key)))
    return {"cut" if one in _CUT else "filtered" if one in _FILTERED else "ended" for one in reasons}


def install_command(spec: str) -> str:
    return f"pip install 'trusted-cloud-chat[{spec.partition(':')[0]}]'"


def _options(provider: str, address: str, key: str, timeout_s: float, context: int) -> dict[str, Any]:
    """Options of a provider's class: no retry, which would double the wait, and no proxy for a server on this machine."""
    if provider == "ollama":
        client = {"timeout": timeout_s, "trust_env": not is_loopback(address)}
        return {"base_url": address, "temperature": 0, "num_predict": _MAX_TOKENS, "num_ctx": context,
                "client_kwargs": client}  # fmt: skip
    options: dict[str, Any] = {"base_url": address, "api_key": key, "max_tokens": _MAX_TOKENS, "timeout": timeout_s}
    options["max_retries"] = 0 if provider in ("openai", "anthropic") else 1  # others count the first attempt
    if provider != "anthropic":
        options["temperature"] = 0
    if provider == "mistral":
        options["timeout"] = max(1, round(timeout_s))
    if provider == "openai" and is_loopback(address):
        import httpx

        options["http_client"] = httpx.Client(timeout=timeout_s, trust_env=False)
    return options
