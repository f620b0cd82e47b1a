"""What docs/scale-out.md says: a Chroma server behind a proxy that asks who is there, and one writer for many readers."""

from __future__ import annotations

import base64
import http.client
import os
import re
import shutil
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from builders import found_texts, run, write_article
from fakes import HashedEmbedder
from processes import ReaderElsewhere, ingest_elsewhere
from trusted_cloud_chat.errors import ServerError
from trusted_cloud_chat.index.chroma import ChromaServer
from trusted_cloud_chat.index.snapshots import Index
from trusted_cloud_chat.index.vectors import open_server
from trusted_cloud_chat.ingestion import fingerprint_of
from trusted_cloud_chat.settings import load_settings
from trusted_cloud_chat.wiring import chroma_of

NAMES = ("un", "deux", "trois", "quatre")
BASIC = "Basic " + base64.b64encode("élise:s@cret".encode()).decode()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that nobody has signed but itself, and its key."""
    folder, key = tmp_path_factory.mktemp("tls"), ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")]), datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    form = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, *form))
    return folder / "cert.pem", folder / "key.pem"


@pytest.fixture
def proxied(chroma_server: str, certificate: tuple[Path, Path]) -> Iterator[Callable[..., str]]:
    """Starts a proxy before the Chroma server; its `host:port`. It lets in under a path, and with a header, where they are given."""
    started: list[ThreadingHTTPServer] = []

    def start(*, path: str = "", header: tuple[str, str] = ("", ""), tls: bool = False) -> str:
        server = ThreadingHTTPServer(("127.0.0.1", 0), _proxy(urlsplit(chroma_server).netloc, path, header))
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        started.append(server)
        return f"127.0.0.1:{server.server_address[1]}"

    yield start
    for server in started:
        server.shutdown()
        server.server_close()


def _proxy(behind: str, path: str, header: tuple[str, str]) -> type[BaseHTTPRequestHandler]:
    class Proxy(BaseHTTPRequestHandler):
        def _pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if header[0] and self.headers.get(header[0]) != header[1]:
                return self._answer(401, b"who is there?")
            if not self.path.startswith(path + "/api/"):
                return self._answer(404, b"nothing here")
            connection = http.client.HTTPConnection(behind, timeout=20)
            kind = {"Content-Type": "application/json"}
            connection.request(self.command, self.path.removeprefix(path), body or None, kind)
            answer = connection.getresponse()
            self._answer(answer.status, answer.read())
            connection.close()
            return None

        def _answer(self, status: int, content: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_DELETE = _pass_on  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    return Proxy


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return write_all(tmp_path / "corpus", "premier")


def write_all(corpus: Path, marker: str) -> Path:
    for name in NAMES:
        write_article(corpus, name, f"L’article {name} du nuage dit {marker}.", title=f"Titre {name}")
    return corpus


def asked(home: Path, server: ChromaServer) -> int:
    """How many articles are found."""
    embedder = HashedEmbedder()
    index = Index(home, fingerprint_of(embedder, 60), server)
    try:
        return len(found_texts(index, embedder, "nuage"))
    finally:
        index.close()


class TestAccess:
    @pytest.mark.parametrize(
        ("header", "user", "token"),
        [
            (("Authorization", BASIC), "%C3%A9lise:s%40cret@", ""),
            (("Authorization", "Bearer jeton-1"), "", "jeton-1"),
            (("X-Chroma-Token", "jeton-2"), "", "jeton-2"),
        ],
        ids=["user and password", "bearer", "chroma's own header"],
    )
    @pytest.mark.slow
    def test_who_is_there(
        self, tmp_path: Path, corpus: Path, proxied: Callable[..., str], header: tuple[str, str], user: str, token: str
    ) -> None:
        """With what the server asks for all goes through, under a path too; without it the message says what to set, and no secret."""
        place = proxied(header=header, path="/nuage/chroma")
        server = ChromaServer(f"http://{user}{place}/nuage/chroma/", token)

        run(tmp_path / "home", corpus, HashedEmbedder(), chroma_url=server)

        assert asked(tmp_path / "home", server) == len(NAMES)
        with pytest.raises(ServerError, match=r"refuses access .*TCC_CHROMA_TOKEN") as refused:
            asked(tmp_path / "home", ChromaServer(f"http://qui:passe-partout@{place}/nuage/chroma"))
        assert f"http://{place}/nuage/chroma" in str(refused.value)
        assert "passe-partout" not in str(refused.value)

    def test_a_certificate_of_ones_own(
        self, tmp_path: Path, corpus: Path, proxied: Callable[..., str], certificate: tuple[Path, Path]
    ) -> None:
        """It is trusted where TCC_CHROMA_CA names it, and refused with that advice where not."""
        address = f"https://{proxied(tls=True)}"
        trusted = chroma_of(load_settings(chroma_url=address, chroma_ca=certificate[0], chroma_token="x"))

        run(tmp_path / "home", corpus, HashedEmbedder(), chroma_url=trusted)

        assert asked(tmp_path / "home", trusted) == len(NAMES)
        with pytest.raises(ServerError, match=r"not trusted .*TCC_CHROMA_CA"):
            asked(tmp_path / "home", ChromaServer(address))

    @pytest.mark.parametrize(
        ("url", "host", "port", "ssl_"),
        [
            ("http://127.0.0.1:8000", "http://127.0.0.1:8000", 8000, False),
            ("http://chroma", "http://chroma:8000", 8000, False),
            ("https://moi:mot@chroma/a/b/", "https://chroma:443/a/b", 443, True),
            ("https://[::1]:9/x", "https://[::1]:9/x", 9, True),
        ],
    )
    def test_addresses(self, url: str, host: str, port: int, ssl_: bool) -> None:
        """Port 8000, or 443 with TLS, where none is named; no secret in the address."""
        options = ChromaServer(url).options()

        assert (options["host"], options["port"], options["ssl"]) == (host, port, ssl_)
        assert "mot@" not in f"{ChromaServer(url)} {ChromaServer(url)!r}"


def publish(writer: Path, reader: Path) -> None:
    """Copy the index aside, then one rename, as docs/scale-out.md has it."""
    reader.mkdir(exist_ok=True)
    link, used = reader / "index", os.path.realpath(reader / "index")
    aside = reader / ("index-2" if used.endswith("-1") else "index-1")
    shutil.rmtree(aside, ignore_errors=True)
    shutil.copytree(writer / "index", aside, ignore=shutil.ignore_patterns("chroma"))
    link.with_name("index.new").symlink_to(aside.name)
    link.with_name("index.new").replace(link)


def markers(answer: dict[str, object]) -> set[str]:
    texts = answer["texts"]
    assert isinstance(texts, list)
    assert len(texts) == len(NAMES)
    return {text.rstrip(".").split()[-1] for text in texts}


@pytest.mark.slow  # each run is a process of its own
def test_one_writer_and_a_reader_elsewhere(
    tmp_path: Path, corpus: Path, chroma_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two processes, two homes, one server: before the copy the reader answers from all of the old generation, after it from all of
    the new one, without being started again, and never from a mixture.
    """
    monkeypatch.setenv("TCC_CHROMA_URL", chroma_server)
    writer, reader = tmp_path / "writer", tmp_path / "reader"
    ingest_elsewhere(writer, corpus)
    publish(writer, reader)
    with ReaderElsewhere(reader) as elsewhere:
        assert markers(elsewhere.ask("nuage")) == {"premier"}
        for before, marker in (("premier", "deuxième"), ("deuxième", "premier")):
            ingest_elsewhere(writer, write_all(corpus, marker))
            assert markers(elsewhere.ask("nuage")) == {before}
            publish(writer, reader)
            assert markers(elsewhere.ask("nuage")) == {marker}
    assert not (reader / "index/1/made-1/chroma").exists()


def test_a_copy_that_is_two_runs_behind_answers_by_itself(
    tmp_path: Path, corpus: Path, chroma_server: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A reader that is open, and one that opens it, answers from all of the old generation, and says what is to be done; so does one
    whose collection is gone.
    """
    writer, reader, embedder = tmp_path / "writer", tmp_path / "reader", HashedEmbedder()
    server = ChromaServer(chroma_server)
    run(writer, corpus, embedder, chroma_url=server)
    publish(writer, reader)
    index = Index(reader, fingerprint_of(embedder, 60), server)
    for name in ("un", "deux"):
        assert len(found_texts(index, embedder, "nuage")) == len(NAMES)
        (corpus / f"{name}.md").unlink()
        run(writer, corpus, embedder, chroma_url=server, allow_deletions=True)

    assert (len(found_texts(index, embedder, "nuage")), asked(reader, server)) == (len(NAMES),) * 2
    told = r"from 2 on, and this index is of generation 1: if another machine ingests, copy"
    assert len(re.findall(told, caplog.text)) == 2
    run(writer, corpus, embedder, chroma_url=server, rebuild=True, allow_deletions=True)
    assert asked(reader, server) == len(NAMES)
    assert "has no collection" in caplog.text
    publish(writer, reader)

    assert len(found_texts(index, embedder, "nuage")) == 2
    index.close()
    assert asked(writer, server) == 2


def test_a_copy_that_writes_leaves_the_others_alone(tmp_path: Path, corpus: Path, chroma_server: str) -> None:
    """An ingest at a reader's by mistake makes it a collection of its own: the writer's vectors stay."""
    writer, reader, embedder = tmp_path / "writer", tmp_path / "reader", HashedEmbedder()
    run(writer, corpus, embedder, chroma_url=chroma_server)
    publish(writer, reader)
    shutil.copytree(corpus, tmp_path / "other")
    (tmp_path / "other/un.md").unlink()

    run(reader, tmp_path / "other", embedder, chroma_url=chroma_server)

    assert asked(reader, ChromaServer(chroma_server)) == len(NAMES) - 1
    assert asked(writer, ChromaServer(chroma_server)) == len(NAMES)
    assert run(writer, corpus, embedder, chroma_url=chroma_server).unchanged == len(NAMES)


def test_homes_share_a_server(tmp_path: Path, corpus: Path, chroma_server: str) -> None:
    """Articles come, change and go through it; two indexes see and sweep nothing of each other, no vectors lie in TCC_HOME, and a
    rebuild takes its collection away.
    """
    embedder, server, homes = HashedEmbedder(), ChromaServer(chroma_server), (tmp_path / "one", tmp_path / "two")
    before = len(open_server(server).list_collections())
    run(homes[0], corpus, embedder, chroma_url=server)
    write_article(tmp_path / "other", "ailleurs", "Un autre nuage.")
    run(homes[1], tmp_path / "other", embedder, chroma_url=server)
    write_article(corpus, "cinq", "L’article cinq parle du nuage.")
    (corpus / "un.md").unlink()

    report = run(homes[0], corpus, embedder, chroma_url=server)
    run(homes[0], corpus, embedder, chroma_url=server, rebuild=True)
    run(homes[0], corpus, embedder, chroma_url=server)

    assert (report.added, report.deleted, report.embedded) == (["cinq"], ["un"], 1)
    assert [asked(home, server) for home in homes] == [len(NAMES), 1]
    assert len(open_server(server).list_collections()) == before + 2
    assert [path for home in homes for path in home.rglob("chroma")] == []
