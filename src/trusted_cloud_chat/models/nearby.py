"""Finds language models of servers on this machine, and the settings that select them. Only 127.0.0.1 and ::1 are contacted, without name
look-ups, proxies or redirects. Responses are untrusted: their size is limited, and names with unprintable characters are dropped.
"""

import asyncio
import importlib.util
import json
import shlex
import ssl
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from trusted_cloud_chat.models.chat import PROVIDERS, install_command

WITHIN_S = 0.3
"""Time limit for all servers together."""
_HOSTS = ("127.0.0.1", "[::1]")
_MOST_BYTES = 1 << 20
_MOST_MODELS = 50
_MOST_OF_A_NAME = 200
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Server:
    name: str
    port: int
    path: str = "/v1/models"
    owner: str = ""
    """`owned_by` of its models; empty if the port identifies the program."""


OLLAMA = Server("Ollama", 11434, "/api/tags")
SERVERS = (
    OLLAMA,
    Server("LM Studio", 1234),
    Server("llama.cpp", 8080, owner="llamacpp"),
    Server("vLLM", 8000, owner="vllm"),
)


@dataclass(frozen=True, slots=True)
class Nearby:
    """A model, its server, and the values of the settings that select it."""

    server: str
    name: str
    spec: str
    url: str

    @property
    def missing(self) -> str:
        """The command that installs its client library; empty if it is installed."""
        provider = PROVIDERS[self.spec.partition(":")[0]]
        return "" if importlib.util.find_spec(provider.module) else install_command(self.spec)


def look(servers: Sequence[Server] = SERVERS, within_s: float = WITHIN_S) -> tuple[Nearby, ...]:
    """The models of `servers`, without embedding models and those that Ollama runs on another machine. Never raises."""
    try:
        answered = asyncio.run(_ask_all(servers, within_s))
    except Exception:  # these models are an offer: no failure may stop the caller
        return ()
    found: dict[tuple[str, str], Nearby] = {}
    for one in answered:  # a server that listens on both addresses counts once
        found.setdefault((one.spec, one.url.rpartition(":")[2]), one)
    return tuple(found.values())


def told(found: Sequence[Nearby]) -> Iterator[str]:
    """A line per server: its models, and how to use the first."""
    for server, group in groupby(found, lambda one: one.server):
        models = list(group)
        names = ", ".join(one.name for one in models[:_NAMED])
        more = f" and {len(models) - _NAMED} more" if len(models) > _NAMED else ""
        first = f"first {models[0].missing}, then " if models[0].missing else ""
        spec, url = shlex.quote(models[0].spec), shlex.quote(models[0].url)
        yield (
            f"{server} runs on this machine with {names}{more}. It is not used automatically: {first}choose « Rédigé » on the "
            f"page, or export TCC_CHAT_MODEL={spec} TCC_CHAT_URL={url}"
        )


async def _ask_all(servers: Sequence[Server], within_s: float) -> list[Nearby]:
    import httpx

    # Loading the system's certificates would take much of the time limit, and plain HTTP needs none.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    async with httpx.AsyncClient(trust_env=False, verify=context, headers={"accept-encoding": "identity"}) as client:
        lists = await asyncio.gather(
            *(_ask(client, server, host, within_s) for server in servers for host in _HOSTS), return_exceptions=True
        )
    return [one for models in lists if not isinstance(models, BaseException) for one in models]


async def _ask(client: Any, server: Server, host: str, within_s: float) -> list[Nearby]:
    body = b""
    address = f"http://{host}:{server.port}"
    async with asyncio.timeout(within_s), client.stream("GET", address + server.path) as response:
        if response.status_code != 200:
            return []
        async for piece in response.aiter_raw():
            body += piece
            if len(body) > _MOST_BYTES:
                return []
    said = json.loads(body)
    models = _of_ollama(address, said) if server.path == OLLAMA.path else _of_openai(server, address, said)
    shown = (one for one in models if isinstance(one.name, str) and 0 < len(one.name) <= _MOST_OF_A_NAME)
    named = [one for one in shown if one.name.isprintable() and one.name == one.name.strip()]
    return [one for one in named if "embed" not in one.name.lower()][:_MOST_MODELS]


def _of_ollama(address: str, said: Any) -> Iterator[Nearby]:
    for model in said["models"]:
        details = model.get("details") or {}
        families = f"{details.get('family')} {details.get('families')}".lower()
        elsewhere = model.get("remote_host") or model.get("remote_model")
        if "bert" not in families and not elsewhere:
            yield Nearby(OLLAMA.name, model["name"], f"ollama:{model['name']}", address)


def _of_openai(server: Server, address: str, said: Any) -> Iterator[Nearby]:
    """Many programs use ports 8080 and 8000: a program that does not identify itself is named by its address."""
    owners = {one.owner: one.name for one in SERVERS if one.owner}
    for model in said["data"]:
        otherwise = address.removeprefix("http://") if server.owner else server.name
        called = owners.get(model.get("owned_by"), otherwise)
        yield Nearby(called, model["id"], f"openai:{model['id']}", f"{address}/v1")
