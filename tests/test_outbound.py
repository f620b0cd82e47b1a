"""What our commands ask of the network, seen where native code asks it too: at the system calls."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from pathlib import Path

import httpx
import pytest

from builders import write_tiny_corpus

_LINGERS_S = 15
"""ONNX Runtime 1.32 looks up its vendor's event host 9.5 seconds after the first session is made."""
_STARTS_WITHIN_S = 120
_QUESTION = "Quand Bleu sera-t-il qualifié ?"
_RESOLVERS = re.compile(r"nscd|/resolve|avahi|mdns")
"""Sockets of this machine's programs that look names up for others."""
_ASKED_FOR = {
    "ANONYMIZED_TELEMETRY": "True",
    "FASTAPI_OTEL_AUTO_CONFIGURE": "true",
    "GRADIO_ANALYTICS_ENABLED": "True",
    "HF_HUB_DISABLE_TELEMETRY": "0",
    "HF_HUB_OFFLINE": "0",
    "LANGSMITH_API_KEY": "lsv2-test",
    "LANGSMITH_TRACING": "true",
    "ORT_DISABLE_TELEMETRY": "0",
    "OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector.example:4318",
    "TRANSFORMERS_OFFLINE": "0",
}
"""A user's environment that wants everything reported, traced and looked up."""


def outbound(trace: str) -> list[str]:
    """The lines of a trace in which something else than this machine is spoken to, or asked to look a name up."""
    calls = [line for line in trace.splitlines() if re.search(r"\b(connect|sendto|sendmsg|sendmmsg)\(", line)]
    return [line for line in calls if not _stays(line)]


def _stays(call: str) -> bool:
    families = re.findall(r"sa_family=(\w+)", call)
    if not families:  # a socket that is connected already, or an address that the trace could not read
        return "connect(" not in call
    if any(family not in ("AF_UNIX", "AF_NETLINK", "AF_UNSPEC", "AF_INET", "AF_INET6") for family in families):
        return False
    if any(_RESOLVERS.search(path) for path in re.findall(r'sun_path=@?"([^"]*)', call)):
        return False
    addresses = re.findall(r'inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)"', call)
    expected = sum(family in ("AF_INET", "AF_INET6") for family in families)
    return len(addresses) == expected and "htons(53)" not in call and all(_is_local(a or b) for a, b in addresses)


def _is_local(address: str) -> bool:
    found = ip_address(address)
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return (mapped or found).is_loopback


@dataclass(frozen=True)
class Traced:
    """Starts our commands under strace, in a home of their own."""

    folder: Path
    environ: Mapping[str, str]

    @contextmanager
    def run(self, *arguments: str) -> Iterator[subprocess.Popen[str]]:
        """The command itself is the process; its trace is `trace(arguments[0])` once it has ended."""
        watched = ["-e", "trace=connect,sendto,sendmsg,sendmmsg", "-e", "signal=none"]
        strace = ["strace", "-D", "-f", "-qq", "--seccomp-bpf", *watched, "-o", str(self._file(arguments[0]))]
        with subprocess.Popen(
            [*strace, sys.executable, "-m", "trusted_cloud_chat", *arguments],
            env=self.environ, cwd=self.folder, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        ) as process:  # fmt: skip
            try:
                yield process
            finally:
                process.kill()

    def trace(self, command: str) -> str:
        return self._file(command).read_text(errors="replace")

    def _file(self, command: str) -> Path:
        return self.folder / f"{command}.strace"


@pytest.fixture(scope="module")
def traced(tmp_path_factory: pytest.TempPathFactory, embedder_home: Path) -> Traced:
    """A user's home where nothing is yet but the unpacked models, and an environment that asks for everything."""
    _needs_strace()
    folder = tmp_path_factory.mktemp("outbound")
    write_tiny_corpus(folder / "corpus")
    (folder / "user").mkdir()
    (folder / "tcc").mkdir()
    (folder / "tcc/models").symlink_to(embedder_home / "models")
    ours = {"HOME": str(folder / "user"), "TCC_HOME": str(folder / "tcc"), "TCC_CORPUS": str(folder / "corpus")}
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "LANG", "TMPDIR") if name in os.environ}
    traced = Traced(folder, {**kept, "USER": "someone", "LOGNAME": "someone", **ours, **_ASKED_FOR})
    with traced.run("ingest", "--json") as ingest:
        out, err = ingest.communicate(timeout=_STARTS_WITHIN_S)
    assert json.loads(out)["added"], err
    return traced


def _needs_strace() -> None:
    """Without strace, or where it may trace nothing, the tests are skipped, and fail where CI would have hidden that."""
    reason = "strace is not on the PATH" if shutil.which("strace") is None else ""
    if not reason:
        tried = subprocess.run(
            ["strace", "-D", "-f", "--seccomp-bpf", "true"], capture_output=True, text=True, check=False
        )
        reason = f"strace cannot trace here: {tried.stderr.strip()[:200]}" if "+++ exited" not in tried.stderr else ""
    if reason:
        reason += "; what the commands ask of the network is not checked (install strace)"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)


def _silent(traced: Traced, command: str) -> None:
    assert outbound(traced.trace(command)) == []
    assert [path for path in (traced.folder / "user").rglob("*") if path.is_file()] == []


@pytest.mark.slow
def test_ingest_asks_nothing_of_the_network(traced: Traced) -> None:
    """Nor does it leave anything in the user's home, such as the id that a vendor knows the machine by."""
    _silent(traced, "ingest")


@pytest.mark.slow
@pytest.mark.slow
def test_ask_asks_nothing_of_the_network(traced: Traced) -> None:
    """Also not after a while, when a library would send what it has gathered."""
    with traced.run("ask", "--batch") as ask:
        assert ask.stdin is not None
        assert ask.stdout is not None
        ask.stdin.write(f"{_QUESTION}\n")
        ask.stdin.flush()
        first = json.loads(ask.stdout.readline())
        time.sleep(_LINGERS_S)
        rest, err = ask.communicate(f"{_QUESTION}\n", timeout=_STARTS_WITHIN_S)

    assert first["citations"], err
    assert json.loads(rest)["answer"] == first["answer"]
    _silent(traced, "ask")


@pytest.mark.slow
@pytest.mark.slow
def test_serve_asks_nothing_of_the_network(traced: Traced) -> None:
    """While the page is loaded, a question is answered, and for a while after."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with traced.run("serve", "--port", str(port)) as serve:
        assert serve.stderr is not None
        said = ""
        while "Page:" not in said and (line := serve.stderr.readline()):
            said += line
        address = re.search(r"http://\S+", said)
        assert address, said
        with httpx.Client(base_url=address[0], trust_env=False, timeout=60) as client:
            answered = _ask_the_page(client)
            time.sleep(_LINGERS_S)
            assert client.get("/").status_code == 200
        serve.terminate()
        serve.communicate(timeout=_STARTS_WITHIN_S)

    assert "Bleu" in answered
    _silent(traced, "serve")


def _ask_the_page(client: httpx.Client) -> str:
    """What the page's own script does with a question; all that the server sends back."""
    config = client.get("/config").json()
    ask = next(event for event in config["dependencies"] if event["api_name"] == "_ask")
    shown = {part["id"]: part["props"].get("value") for part in config["components"]}
    given = [_QUESTION, *(shown.get(part) for part in ask["inputs"][1:])]
    data = {"data": given, "fn_index": ask["id"], "session_hash": "outbound"}
    client.post("/gradio_api/queue/join", json=data).raise_for_status()
    sent = ""
    with client.stream("GET", "/gradio_api/queue/data", params={"session_hash": "outbound"}) as events:
        for line in events.iter_lines():
            sent += line
            if '"msg":"process_completed"' in line:
                break
    return sent


@pytest.mark.parametrize(
    "line",
    ['1 connect(8, {sa_family=AF_UNIX, sun_path="/tmp/x"}, 110) = 0',
     '1 connect(8, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("127.0.0.1")}, 16) = 0',
     '1 connect(8, {sa_family=AF_INET6, sin6_port=htons(80), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "::1", &sin6_addr), sin6_scope_id=0}, 28) = 0',
     "1 sendto(8, [{nlmsg_len=20}], 20, 0, {sa_family=AF_NETLINK, nl_pid=0, nl_groups=00000000}, 12) = 20",
     '1 sendto(8, "GET /", 5, MSG_NOSIGNAL, NULL, 0) = 5', "1 <... connect resumed>) = 0"],
)  # fmt: skip
def test_what_stays_on_this_machine(line: str) -> None:
    assert outbound(line) == []


@pytest.mark.parametrize(
    "line",
    ['1 connect(8, {sa_family=AF_INET, sin_port=htons(443), sin_addr=inet_addr("192.0.2.1")}, 16 <unfinished ...>',
     '1 connect(8, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("127.0.0.53")}, 16) = 0',
     '1 connect(8, {sa_family=AF_INET6, sin6_port=htons(443), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "2001:db8::1", &sin6_addr), sin6_scope_id=0}, 28) = -1 ENETUNREACH',
     '1 sendmsg(8, {msg_name={sa_family=AF_INET, sin_port=htons(5353), sin_addr=inet_addr("224.0.0.251")}, msg_namelen=16}, 0) = 9',
     '1 connect(8, {sa_family=AF_UNIX, sun_path="/var/run/nscd/socket"}, 110) = -1 ENOENT (No such file or directory)',
     '1 connect(8, {sa_family=AF_UNIX, sun_path="/run/systemd/resolve/io.systemd.Resolve"}, 45) = 0',
     "1 connect(8, 0x7ffe32823f10, 16) = -1 EFAULT", "1 connect(8, {sa_family=AF_VSOCK, svm_cid=0x2}, 16) = 0"],
)  # fmt: skip
def test_what_leaves_this_machine(line: str) -> None:
    assert outbound(f'1 sendto(3, "x", 1, 0, NULL, 0) = 1\n{line}') == [line]
