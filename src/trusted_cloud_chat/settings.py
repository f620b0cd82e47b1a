"""All settings with bounds and defaults. Entry points load them; lower modules get plain arguments."""

import difflib
import os
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

import platformdirs
from pydantic import Field, FilePath, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from trusted_cloud_chat.errors import SettingsError

PREFIX = "TCC_"
BUNDLED_EMBEDDER = "multilingual-e5-small"
RETIRED = {
    "ALLOW_UNDATED": "articles without a date are read unless TCC_REQUIRE_DATES=1",
    "UNSUPPORTED": "no part of a language model's answer is struck out or dropped any longer",
    "JUDGE_MODEL": "give `evaluate judge` its --model; for answers see TCC_SECOND_OPINION",
}
"""Settings of the previous release, and what replaces them: they cause a notice, not yet an error."""
CHAT_PROVIDERS = ("ollama", "mistral", "openai", "anthropic", "google", "gguf")

ANSWER_TOKENS = 700
"""Tokens for an answer, which is a few sentences."""
CONTEXT_TOKENS = 12288
"""Tokens for the prompt (eight passages are some 5,000 tokens), thoughts and answer; Ollama's default would truncate the prompt."""


def _default_corpus() -> Path:
    """`corpus/` of the checkout when the package runs from one, else `./corpus`."""
    checkout = Path(__file__).resolve().parents[2]
    if (checkout / "pyproject.toml").is_file() and (checkout / "corpus").is_dir():
        return checkout / "corpus"
    return Path("corpus")


class Settings(BaseSettings):
    """Read from `TCC_…` variables. The description of each field is its line in `docs/settings.md`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, extra="forbid", frozen=True)

    home: Path = Field(
        default_factory=lambda: platformdirs.user_data_path("trusted-cloud-chat", appauthor=False),
        description="state: index and unpacked models",
    )
    corpus: Path = Field(default_factory=_default_corpus, description="folder of source articles")
    require_dates: bool = Field(False, description="refuse articles without a date")
    max_file_mb: int = Field(20, ge=1, le=10_000, description="largest file read, in megabytes")
    allow_network: bool = Field(False, description="let ingest fetch the addresses given to it")
    private_networks: str = Field(
        "",
        description="private addresses from which ingest may fetch, such as 192.168.1.0/24, 127.0.0.1; empty: none",
    )
    fetch_delay_s: float = Field(
        1.0, ge=0, le=60, description="seconds between two requests to one host; its robots.txt may require more"
    )
    max_pages: int = Field(
        500, ge=1, le=50_000, description="maximum pages from feeds and sitemaps per run, newest first"
    )
    embedder: str = Field(
        BUNDLED_EMBEDDER,
        min_length=1,
        description="the bundled embedder, or any of sentence-transformers by name or path",
    )
    threads: int = Field(
        default_factory=lambda: min(os.cpu_count() or 1, 8), ge=1, le=64, description="CPU threads used to embed"
    )
    chunk_tokens: int = Field(200, ge=32, le=480, description="maximum tokens per chunk")
    candidates: int = Field(100, ge=10, le=1000, description="passages taken from each index before fusion")
    reranker: str = Field(
        "",
        description="CrossEncoder of sentence-transformers, by name or path, that reorders the first 20; empty: none",
    )
    passages: int = Field(
        8,
        ge=1,
        le=50,
        description="passages per answer; the reader network scores the first four, for a yes/no question six",
    )
    refusal_threshold: float = Field(0.44, ge=0.0, le=1.0, description="minimum confidence of an answer")
    nearest_threshold: float = Field(
        0.22, ge=0.0, le=1.0, description="minimum confidence for showing the nearest quotes instead of a refusal"
    )
    aliases: Path | None = Field(None, description="TOML file of further names and aliases")
    market: Path | None = Field(
        None, description="TOML file of stages, lists and criteria that replaces the shipped market's"
    )
    kept_versions: int = Field(
        100, ge=1, le=100_000, description="old versions kept per article, for old citations and rollback"
    )
    stale_days: int = Field(
        90, ge=1, le=100_000, description="age in days at which doctor calls the newest article old"
    )
    chroma_url: str = Field(
        "",
        description="Chroma server, such as http://127.0.0.1:8000 or https://USER:PASSWORD@HOST/PATH; empty: embedded",
    )
    chroma_token: SecretStr = Field(SecretStr(""), description="token for the Chroma server")
    chroma_ca: FilePath | None = Field(
        None, description="file with the certificate of the authority that signed the Chroma server's"
    )
    chat_model: str = Field("", description="language model as provider:name; empty: none, answers are quotes")
    chat_url: str = Field("", description="address of the language model's server")
    chat_timeout_s: float = Field(60.0, gt=0, le=3600, description="seconds to wait for the language model")
    chat_context: int = Field(
        CONTEXT_TOKENS,
        ge=2048,
        le=1_048_576,
        description="tokens of prompt, thoughts and answer of a local language model (Ollama, GGUF)",
    )
    chat_requests: int = Field(
        4, ge=1, le=64, description="concurrent requests of enrich to the language model; a model in process gets one"
    )
    chat_prices: str = Field(
        "",
        description="prices of a million tokens read and written, such as 0.4/2: enrich --dry-run computes the cost",
    )
    second_opinion: str = Field(
        "",
        description=(
            "what judges each sentence of a language model: model (that of TCC_CHAT_MODEL), "
            "provider:name, or a CrossEncoder by name or path; empty: none"
        ),
    )
    tracing: bool = Field(False, description="allow a LangSmith tracer that the environment turns on")
    look_nearby: bool = Field(
        True,
        description="without TCC_CHAT_MODEL, let doctor and the page offer a language model that runs on this machine",
    )
    host: str = Field("127.0.0.1", min_length=1, description="address the page listens on")
    port: int = Field(7860, ge=1, le=65535, description="port of the page")
    api_tokens: FilePath | None = Field(
        None,
        description="file of API tokens, one reader TOKEN or admin TOKEN per line; empty: local programs may ask, none may ingest",
    )
    log_format: Literal["text", "json"] = Field(
        "text",
        description="log format of serve and mcp; json: one object per line, and a line per question",
    )
    log_questions: bool = Field(
        False, description="write questions, and the messages of unexpected errors, into the log of TCC_LOG_FORMAT=json"
    )
    stop_timeout_s: float = Field(
        8.0, ge=0, le=3600, description="seconds that running answers may take to finish when serve or mcp stops"
    )
    opentelemetry: bool = Field(
        False,
        description="send spans, without any text, to the destination in the OTEL_… variables",
    )
    users: Path | None = Field(
        None, description="file of accounts, written by trusted-cloud-chat users add; empty: users in TCC_HOME"
    )
    anybody_may_read: bool = Field(False, description="let everybody who reaches the page ask without signing in")
    session_hours: float = Field(12, gt=0, le=720, description="hours of inactivity before sign-out")
    questions_a_minute: int = Field(
        30,
        ge=0,
        le=100_000,
        description="maximum questions per client and minute, if other machines can reach the page; 0: no limit",
    )
    proxies: str = Field(
        "", description="addresses of reverse proxies whose X-Forwarded-… headers are trusted, such as 127.0.0.1"
    )

    @property
    def users_file(self) -> Path:
        return self.users or self.home / "users"

    @property
    def opinion_url(self) -> str:
        """The address of the second model: that of the chat model if both have the same provider."""
        same = self.second_opinion.partition(":")[0] == self.chat_model.partition(":")[0]
        return self.chat_url if same else ""

    @field_validator("home", "corpus")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @field_validator("chat_prices")
    @classmethod
    def _two_prices(cls, value: str) -> str:
        try:
            read, written = map(float, value.split("/")) if value else (0.0, 0.0)
        except ValueError:
            raise ValueError("expected two numbers with a slash between them, such as 0.4/2") from None
        if min(read, written) < 0:
            raise ValueError("expected prices of 0 or more")
        return value

    @field_validator("chroma_url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("expected an address that begins with http:// or https://")
        return value

    @field_validator("chat_model")
    @classmethod
    def _known_provider(cls, value: str) -> str:
        provider, _, name = value.partition(":")
        if value and (provider not in CHAT_PROVIDERS or not name):
            raise ValueError(f"expected PROVIDER:NAME with one of {', '.join(CHAT_PROVIDERS)} as provider")
        return value


def load_settings(environ: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
    """Settings from the environment and explicit overrides (None means not given).

    Raises SettingsError for an unknown `TCC_…` variable or a value out of bounds.
    """
    _refuse_unknown(os.environ if environ is None else environ)
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings(**given)
    except ValidationError as error:
        raise SettingsError("\n".join(_explain(detail) for detail in error.errors())) from None


def _refuse_unknown(environ: Mapping[str, str]) -> None:
    known = sorted(name.upper() for name in Settings.model_fields)
    for variable in environ:
        prefix, name = variable.upper()[: len(PREFIX)], variable.upper()[len(PREFIX) :]
        if prefix == PREFIX and name in RETIRED:
            _tell_once(f"{variable} has no effect any more: {RETIRED[name]}. `unset {variable}`")
        elif prefix == PREFIX and name not in known:
            # Compare without the common prefix, with which TCC_FOO would be close to TCC_PORT.
            close = difflib.get_close_matches(name, known, n=1)
            others = ", ".join(PREFIX + other for other in known)
            hint = f"did you mean {PREFIX}{close[0]}?" if close else f"known ones are {others}."
            raise SettingsError(f"unknown setting {variable}: {hint} Fix it with `unset {variable}`.")


@cache
def _tell_once(notice: str) -> None:
    print(f"trusted-cloud-chat: {notice}", file=sys.stderr)


def _explain(detail: Any) -> str:
    name = PREFIX + str(detail["loc"][0]).upper() if detail["loc"] else "settings"
    hint = f"`unset {name}` restores the default; docs/settings.md lists all settings."
    return f"{name}={detail.get('input')!r} is refused: {detail['msg']}. {hint}"
