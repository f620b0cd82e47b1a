"""Shared fixtures: they isolate tests from the user's environment, and unpack the embedder once."""

from __future__ import annotations

import gc
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings as hypothesis_settings

from trusted_cloud_chat.isolation import isolate

isolate()

from builders import TODAY, reader_of, use_server, write_tiny_corpus, write_told  # noqa: E402  (isolation comes before every library)
from fakes import HashedEmbedder  # noqa: E402
from trusted_cloud_chat.models import Embedder, load_embedder  # noqa: E402
from trusted_cloud_chat.settings import BUNDLED_EMBEDDER, load_settings  # noqa: E402

if TYPE_CHECKING:
    from trusted_cloud_chat.answering.assistant import Assistant
    from trusted_cloud_chat.models.reader import Reader

# Derandomised, so that failures are reproducible; --hypothesis-profile=thorough tests more examples.
hypothesis_settings.register_profile("house", deadline=None, derandomize=True, database=None, max_examples=80)
hypothesis_settings.register_profile("thorough", deadline=None, database=None, max_examples=3000)
hypothesis_settings.load_profile("house")

ON_SERVER = os.environ.get("TCC_TEST_CHROMA", "") not in ("", "0")
"""Whether all test indexes keep their vectors on a Chroma server: `make test-server`."""
for _name in [name for name in os.environ if name.upper().startswith("TCC_")]:
    del os.environ[_name]
# With the program on PATH, messages refer to it by name, as in a normal installation.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])


_LONGEST = (
    "test_bench.py", "test_browser.py", "test_browser_market.py", "test_page_server.py", "test_cli.py", "test_tabs_browser.py",
    "test_talks.py", "test_browser_people.py", "test_browser_evidence.py", "test_outbound.py", "test_damage.py",
)  # fmt: skip
"""Slow files that start first, so that no process runs one alone at the end (`--no-loadscope-reorder`)."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.name not in _LONGEST)
    for item in items:
        if ON_SERVER and item.get_closest_marker("embedded"):
            item.add_marker(pytest.mark.skip(reason="needs the vectors in the home's own folder"))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Keeps the tests of a file in one process, and the files that share the page's server too."""
    if config.getoption("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class ByServer(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file: str = super()._split_scope(nodeid)
            return (
                "the page's server"
                if file.endswith(
                    ("test_browser.py", "test_browser_market.py", "test_page_server.py", "test_api_server.py")
                )
                else file
            )

    return ByServer(config, log)


@pytest.fixture(scope="session")
def _elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("user-data")


@pytest.fixture(scope="session", autouse=True)
def _on_server(request: pytest.FixtureRequest) -> None:
    """With TCC_TEST_CHROMA, starts one server per test process; processes started by tests use it too, and each home has its collection."""
    if ON_SERVER:
        os.environ["TCC_CHROMA_URL"] = request.getfixturevalue("chroma_server")
        use_server()


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, _elsewhere: Path) -> None:
    """Removes all `TCC_` variables before a test, and hides the user's data folder."""
    for name in [name for name in os.environ if name.upper().startswith("TCC_")]:
        if not (ON_SERVER and name == "TCC_CHROMA_URL"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_DATA_HOME", str(_elsewhere))


@pytest.fixture(scope="session")
def embedder_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A `TCC_HOME` with the unpacked embedder and reader, without an index; read-only.

    Parallel test processes share it: the first one unpacks, the others wait.
    """
    from filelock import FileLock

    from trusted_cloud_chat.models.bundled import load_reader

    base = tmp_path_factory.getbasetemp()
    home = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "embedder-home"
    with FileLock(home.with_suffix(".lock")):
        load_reader(home, threads=1)
    return home


@pytest.fixture(scope="session")
def embedder(embedder_home: Path) -> Embedder:
    """The bundled embedder."""
    return load_embedder(BUNDLED_EMBEDDER, embedder_home, threads=2)


@pytest.fixture(scope="session")
def reader(embedder_home: Path) -> Reader:
    """The bundled reader."""
    return reader_of(embedder_home)


@pytest.fixture
def hashed() -> HashedEmbedder:
    return HashedEmbedder()


@pytest.fixture(scope="session")
def tiny_corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six short articles; read-only, `write_tiny_corpus(folder)` makes a copy to change."""
    return write_tiny_corpus(tmp_path_factory.mktemp("tiny") / "corpus")


@pytest.fixture(scope="session")
def tiny_home(
    tmp_path_factory: pytest.TempPathFactory, embedder_home: Path, embedder: Embedder, tiny_corpus: Path
) -> Path:
    """A `TCC_HOME` with the bundled embedder and the index of `tiny_corpus`; read-only."""
    from trusted_cloud_chat.wiring import run_ingest

    home = tmp_path_factory.mktemp("tiny-home")
    (home / "models").symlink_to(embedder_home / "models")
    run_ingest(load_settings(home=home, corpus=tiny_corpus), embedder=embedder, today=TODAY)
    return home


@pytest.fixture(scope="session")
def told_home(tmp_path_factory: pytest.TempPathFactory, embedder_home: Path, embedder: Embedder) -> Path:
    """A `TCC_HOME` with the index of the tiny corpus and its sidecars; read-only."""
    from trusted_cloud_chat.wiring import run_ingest

    folder = tmp_path_factory.mktemp("told")
    (folder / "home").mkdir()
    (folder / "home" / "models").symlink_to(embedder_home / "models")
    corpus = write_told(write_tiny_corpus(folder / "corpus"))
    run_ingest(load_settings(home=folder / "home", corpus=corpus), embedder=embedder, today=TODAY)
    return folder / "home"


@pytest.fixture
def empty_home(tmp_path: Path, embedder_home: Path) -> Path:
    """A `TCC_HOME` with unpacked models and no index."""
    home = tmp_path / "empty-home"
    home.mkdir()
    (home / "models").symlink_to(embedder_home / "models")
    return home


@pytest.fixture(scope="session")
def assistant(tiny_home: Path, tiny_corpus: Path, embedder: Embedder, reader: Reader) -> Iterator[Assistant]:
    """The assistant over `tiny_corpus`, with the bundled embedder."""
    from trusted_cloud_chat.wiring import build_assistant

    ready = build_assistant(load_settings(home=tiny_home, corpus=tiny_corpus), embedder, reader=reader)
    yield ready
    ready.close()


@pytest.fixture
def silent_server() -> Iterator[str]:
    """The URL of a loopback server that accepts connections and never answers."""
    server = socket.create_server(("127.0.0.1", 0))
    held: list[socket.socket] = []

    def accept() -> None:
        while True:
            try:
                held.append(server.accept()[0])
            except OSError:
                return

    threading.Thread(target=accept, daemon=True).start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}"
    server.close()
    for connection in held:
        connection.close()


@pytest.fixture(scope="session")
def chroma_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a real Chroma server on loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    chroma = Path(sys.executable).with_name("chroma")
    folder = tmp_path_factory.mktemp("chroma-server")
    command = [str(chroma), "run", "--path", str(folder), "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=dict(os.environ))
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    yield f"http://127.0.0.1:{port}"
    _close_http_clients()
    process.terminate()
    process.wait(timeout=10)


def _close_http_clients() -> None:
    """Closes Chroma's HTTP connections: Chroma 1.5 never does, and tests treat an open socket as a warning."""
    from chromadb.api.fastapi import FastAPI

    from trusted_cloud_chat.index.vectors import _client

    for api in [found for found in gc.get_objects() if type(found) is FastAPI]:
        api._session.close()
    _client.cache_clear()
