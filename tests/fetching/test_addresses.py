"""No request reaches an address that was not meant: the guard, and the connection to what it has checked."""

from __future__ import annotations

import asyncio
import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import httpx
import pytest

from builders import write
from manners import Fetch, Web, page, redirect, web
from trusted_cloud_chat.errors import ArticleError, SettingsError
from trusted_cloud_chat.fetching.addresses import AddressGuard, is_public, networks_of

TEXT = "Bleu a franchi le jalon J0 de la qualification SecNumCloud le 17 avril 2025. " * 3


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "127.8.9.1", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
     "192.0.2.1", "198.18.0.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:127.0.0.1",
     "::ffff:169.254.169.254", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::",
     "2002:a00:1::", "2001:0:7f00::1", "fe80::1", "fe80::1%eth0", "fec0::1", "fc00::1", "fd12::1", "ff02::1", "2001:db8::1",
     "100::1", "5f00::1"],
)  # fmt: skip
def test_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "185.60.12.3", "2606:4700::1", "2a00:1450::5", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_public(address: str) -> None:
    assert is_public(ip_address(address))


def checked(url: str, answers: list[str], private: str = "") -> list[str]:
    async def answer(_host: str, _port: int) -> list[str]:
        return answers

    guard = AddressGuard(networks_of(private), answer)
    guard.check(httpx.URL(url))
    return asyncio.run(guard.addresses(httpx.URL(url)))


def test_one_private_answer_among_several_is_enough() -> None:
    with pytest.raises(ArticleError, match=r"10\.0\.0\.7, a private.*TCC_PRIVATE_NETWORKS"):
        checked("https://exemple.fr/", ["185.60.12.3", "10.0.0.7"])


def test_a_setting_allows_what_it_names_and_no_more() -> None:
    assert checked("http://wiki/", ["192.168.1.9"], "192.168.1.0/24, ::1") == ["192.168.1.9"]
    (found,) = checked("http://wiki/", ["::ffff:192.168.1.9"], "192.168.1.0/24")
    assert ip_address(found) == ip_address("::ffff:192.168.1.9")  # Python 3.13 writes it otherwise than those before
    with pytest.raises(ArticleError, match="127.0.0.1"):
        checked("http://wiki/", ["127.0.0.1"], "192.168.1.0/24")
    with pytest.raises(ArticleError, match="2002:a00:1::"):
        checked("http://wiki/", ["2002:a00:1::"], "10.0.0.0/8")
    with pytest.raises(SettingsError, match="TCC_PRIVATE_NETWORKS='chez moi'"):
        networks_of("chez moi")


@pytest.mark.parametrize(
    ("url", "said"),
    [("ftp://exemple.fr/a", "only http and https"), ("file:///etc/passwd", "only http and https"), ("gopher://exemple.fr", "only http"),
     ("https:///page", "without a host"), ("https://moi:secret@exemple.fr/", "password"), ("https://moi@exemple.fr/", "password"),
     ("http://exemple.fr:25/", "port 25"), ("http://exemple.fr:22/", "port 22"), ("https://exemple.fr:6379/", "port 6379")],
)  # fmt: skip
def test_what_is_no_address_of_the_web(url: str, said: str) -> None:
    with pytest.raises(ArticleError, match=said):
        checked(url, ["185.60.12.3"])


@pytest.mark.parametrize("port", ["", ":443", ":8080", ":8443", ":80"])
def test_ports_of_the_web(port: str) -> None:
    assert checked(f"https://exemple.fr{port}/", ["185.60.12.3"]) == ["185.60.12.3"]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1", "[::ffff:127.0.0.1]"])
def test_loopback_is_refused_by_whatever_name(server: Web, fetching: Fetch, host: str) -> None:
    server.gives("/", page("Bleu", TEXT))
    fetched = fetching(server.url("/", host), private="")

    assert "a private, local or reserved address" in fetched.failed[0]["reason"]
    assert server.server.asked == []


@pytest.mark.allow_hosts(["127.0.0.1", "127.0.0.2"])
def test_the_name_is_looked_up_once(fetching: Fetch) -> None:
    """A name server that gives an allowed address first and another one then is asked once: the connection goes to the first."""
    looked_up: list[str] = []

    async def rebinding(host: str, _port: int) -> list[str]:
        looked_up.append(host)
        return ["127.0.0.1"] if looked_up.count(host) % 2 else ["127.0.0.2"]

    with web("127.0.0.1") as meant:
        meant.gives("/robots.txt", "", "text/plain")
        meant.gives("/", page("Bleu", TEXT))
        guard = AddressGuard(networks_of("127.0.0.1"), rebinding)
        fetched = fetching(meant.url("/", "rebond.example"), guard=guard)

        # robots.txt first, the page second: each request has one look-up, whose answer is checked.
        assert looked_up == ["rebond.example", "rebond.example"]
        assert "127.0.0.2, a private" in fetched.failed[0]["reason"]
        assert [path for path, _ in meant.server.asked] == ["/robots.txt"]
        assert meant.server.asked[0][1]["host"] == f"rebond.example:{meant.server.server_port}"


def test_a_redirect_inward_is_refused(server: Web, fetching: Fetch) -> None:
    """Also to a name that is allowed to be asked first; nothing is sent there."""

    async def names(host: str, _port: int) -> list[str]:
        return {"dehors.example": ["127.0.0.1"], "dedans.example": ["10.1.2.3"]}[host]

    url = server.url("/", "dehors.example")
    for target in (
        "http://dedans.example/",
        "http://169.254.169.254/latest/meta-data/",
        "//[::1]/",
        "file:///etc/passwd",
    ):
        server.does("/", redirect(target))
        fetched = fetching(url, guard=AddressGuard(networks_of("127.0.0.1"), _literal(names)))
        assert "address" in fetched.failed[0]["reason"]
        assert fetched.files == []
    assert server.asked == ["/"] * 4


def _literal(names):
    async def resolve(host: str, port: int) -> list[str]:
        try:
            return [str(ip_address(host))]
        except ValueError:
            return await names(host, port)

    return resolve


class TestCertificates:
    @pytest.fixture
    def secure(self, server: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Web:
        """The server with a certificate for gazette.example, which the system trusts."""
        certificate = certified("gazette.example", tmp_path)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.server.socket = context.wrap_socket(server.server.socket, server_side=True)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        return server

    def test_it_is_checked_for_the_name_though_the_connection_goes_to_the_address(
        self, secure: Web, fetching: Fetch
    ) -> None:
        async def here(_host: str, _port: int) -> list[str]:
            return ["127.0.0.1"]

        secure.gives("/", page("Bleu", TEXT))
        guard = AddressGuard(networks_of("127.0.0.1"), here)
        good, bad = (secure.url("/", host).replace("http:", "https:") for host in ("gazette.example", "autre.example"))
        fetched = fetching(good, bad, guard=guard)

        assert [file.name for file in fetched.files] == [good]
        assert "its certificate is not valid" in fetched.failed[0]["reason"]


def certified(name: str, folder: Path) -> Path:
    """A file with a key and a certificate for `name`, signed by itself."""
    x509 = pytest.importorskip("cryptography.x509")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1)).add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    pem, raw = serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL
    secret = key.private_bytes(pem, raw, serialization.NoEncryption())
    return write(folder / "certificat.pem", secret + made.public_bytes(pem))
