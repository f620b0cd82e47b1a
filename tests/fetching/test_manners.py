"""A server with bad manners costs its own page, within bounds, and no other."""

from __future__ import annotations

import gzip
import socket
import time
from email.utils import formatdate

import pytest

from manners import (
    Fetch,
    Manner,
    Request,
    Web,
    bomb,
    conditional,
    dripping,
    endless,
    lying,
    mute,
    page,
    redirect,
    status,
    web,
)  # fmt: skip
from trusted_cloud_chat.fetching import AddressGuard, FetchState, networks_of
from trusted_cloud_chat.fetching.client import LONGEST_WAIT

TEXT = "Bleu a franchi le jalon J0 de la qualification SecNumCloud le 17 avril 2025. " * 3
PAGE = page("Bleu avance", TEXT)


def only_reason(server: Web, fetching: Fetch, manner: Manner, **rules: object) -> str:
    """Why `manner` gives nothing; a good page beside it is there all the same."""
    bad, good = server.does("/mauvaise", manner), server.gives("/bonne", PAGE)
    fetched = fetching(bad, good, **rules)
    assert [file.name for file in fetched.files] == [good]
    assert [failure["path"] for failure in fetched.failed] == [bad]
    assert len(fetched.failed[0]["reason"]) <= 300
    return fetched.failed[0]["reason"]


@pytest.mark.parametrize("head", [True, False])
def test_a_slow_drip(server: Web, fetching: Fetch, head: bool) -> None:
    """A byte now and then keeps no one waiting beyond the time that there is."""
    started = time.monotonic()
    assert "too slow" in only_reason(server, fetching, dripping(head), seconds=0.5)
    assert time.monotonic() - started < 3


def test_silence(server: Web, fetching: Fetch) -> None:
    reason = only_reason(server, fetching, lambda _request: time.sleep(1.5), silence=0.3)

    assert "too slow" in reason


def test_an_endless_body(server: Web, fetching: Fetch) -> None:
    assert "larger than 0.2 MB" in only_reason(server, fetching, endless)


def test_a_length_that_is_too_large_is_not_waited_for(server: Web, fetching: Fetch) -> None:
    assert "larger than 0.2 MB" in only_reason(server, fetching, lying(10**12, b"<html>"))


def test_a_length_that_is_not_kept(server: Web, fetching: Fetch) -> None:
    assert "breaks off" in only_reason(server, fetching, lying(5000, PAGE.encode()))


def test_a_length_that_is_no_number(server: Web, fetching: Fetch) -> None:
    manner = lambda request: request.answer(200, b"x", content_length="beaucoup")  # noqa: E731
    assert "does not speak HTTP" in only_reason(server, fetching, manner)


def test_it_hangs_up(server: Web, fetching: Fetch) -> None:
    assert "breaks off" in only_reason(server, fetching, mute)


def test_no_http(server: Web, fetching: Fetch) -> None:
    def ssh(request: Request) -> None:
        request.close_connection = True
        request.write(b"SSH-2.0-OpenSSH_9.6\r\n")

    assert "does not speak HTTP" in only_reason(server, fetching, ssh)


@pytest.mark.parametrize("packing", ["gzip", "deflate"])
def test_a_bomb(server: Web, fetching: Fetch, packing: str) -> None:
    """20 MB in 20 KB are unpacked up to the bound."""
    packed = bomb(20)
    manner = lambda request: request.answer(200, packed, content_type="text/html", content_encoding=packing)  # noqa: E731
    assert "larger than 0.2 MB" in only_reason(server, fetching, manner)


def test_packed_otherwise(server: Web, fetching: Fetch) -> None:
    def brotli(request: Request) -> None:
        request.answer(200, b"\x8b\x02\x80", content_type="text/html", content_encoding="br")

    assert "'br', which was not requested" in only_reason(server, fetching, brotli)
    assert server.headers("/mauvaise")["accept-encoding"] == "gzip"


@pytest.mark.parametrize("body", [b"pas du gzip", gzip.compress(PAGE.encode())[:-40]])
def test_badly_packed(server: Web, fetching: Fetch, body: bytes) -> None:
    manner = lambda request: request.answer(200, body, content_type="text/html", content_encoding="gzip")  # noqa: E731
    assert "gzip" in only_reason(server, fetching, manner)


def test_packed_in_two_parts(server: Web, fetching: Fetch) -> None:
    whole = PAGE.encode()
    server.gives("/", gzip.compress(whole[:200]) + gzip.compress(whole[200:]), content_encoding="gzip")

    assert fetching(server.url("/")).files[0].path.read_bytes() == whole


def test_a_circle(server: Web, fetching: Fetch) -> None:
    server.does("/b", redirect("/mauvaise"))

    assert "redirected in a circle" in only_reason(server, fetching, redirect("/b"))


def test_too_many_redirects(server: Web, fetching: Fetch) -> None:
    for n in range(20):
        server.does(f"/{n}", redirect(f"/{n + 1}"))

    assert "redirected more than 5 times" in only_reason(server, fetching, redirect("/0"))
    assert len(server.asked) < 10


def test_a_redirect_is_followed(server: Web, fetching: Fetch) -> None:
    moved = server.does("/ancienne", redirect("nouvelle#titre"))
    server.gives("/nouvelle", PAGE)

    (file,) = fetching(moved).files
    assert (file.name, file.origin.final) == (moved, server.url("/nouvelle"))


@pytest.mark.parametrize("to", ["http://[::1", "http://exemple.fr:port/", "https://", "javascript:alert(1)"])
def test_a_redirect_to_nowhere(server: Web, fetching: Fetch, to: str) -> None:
    assert "address" in only_reason(server, fetching, redirect(to))


@pytest.mark.parametrize(
    "kind", ["image/png", "video/mp4", "application/json", "application/x-executable", "", "font/woff2"]
)
def test_a_wrong_type(server: Web, fetching: Fetch, kind: str) -> None:
    manner = lambda request: request.answer(200, b"\x89PNG\r\n\x1a\n" * 20, content_type=kind)  # noqa: E731
    assert f"{kind or 'without a content type'}: expected a page (HTML), a PDF" in only_reason(server, fetching, manner)


def test_an_empty_answer(server: Web, fetching: Fetch) -> None:
    assert "an empty answer" in only_reason(server, fetching, lambda request: request.answer(200, b" \n"))


@pytest.mark.parametrize(
    ("code", "said"),
    [(401, "401 Unauthorized: it asks for a password"), (403, "403 Forbidden"), (404, "404 Not Found: there is no such page"),
     (410, "410 Gone: the page was removed for good"), (451, "451 "), (500, "500 Internal Server Error: try again later"), (299, "299 unknown"),
     (304, "304 Not Modified"), (206, "206 Partial Content"), (302, "302 Found")],
)  # fmt: skip
def test_no_page(server: Web, fetching: Fetch, code: int, said: str) -> None:
    assert said in only_reason(server, fetching, status(code))


def test_what_is_gone_stays_in_the_index_and_that_is_said(server: Web, fetching: Fetch) -> None:
    assert "what is indexed of it stays until `trusted-cloud-chat remove`" in only_reason(server, fetching, status(410))


class TestRetryAfter:
    def test_a_short_wait_is_waited_for(self, server: Web, fetching: Fetch) -> None:
        times: list[float] = []

        def busy(request: Request) -> None:
            times.append(time.monotonic())
            if len(times) == 1:
                request.answer(429, b"", retry_after="1")
            else:
                request.answer(200, PAGE.encode(), content_type="text/html")

        fetched = fetching(server.does("/", busy))

        assert len(fetched.files) == 1
        assert times[1] - times[0] >= 0.99

    @pytest.mark.parametrize("after", ["3600", "a date", "", "bientôt", "9" * 40])
    @pytest.mark.parametrize("code", [429, 503])
    def test_a_long_one_ends_what_is_asked_of_that_host(
        self, server: Web, fetching: Fetch, after: str, code: int
    ) -> None:
        if after == "a date":
            after = formatdate(time.time() + 3600, usegmt=True)
        urls = [server.does(path, status(code, retry_after=after)) for path in ("/a", "/b", "/c")]
        fetched = fetching(*urls)

        assert [failure["path"] for failure in fetched.failed] == urls
        assert all(f"({code}): try again after " in failure["reason"] for failure in fetched.failed)
        assert len(server.asked) == 1
        assert fetched.waits["127.0.0.1"] > time.time() + LONGEST_WAIT - 1

        again = fetching(*urls, state=FetchState(waits=fetched.waits))
        assert len(again.failed) == 3
        assert len(server.asked) == 1


class TestRobots:
    def test_what_it_forbids_is_not_asked_for(self, server: Web, fetching: Fetch) -> None:
        server.gives(
            "/robots.txt",
            "User-agent: *\nDisallow: /prive\n\nUser-agent: trusted-cloud-chat\nDisallow: /rien",
            "text/plain",
        )
        allowed, refused = server.gives("/prive", PAGE), server.gives("/rien/a", PAGE)
        fetched = fetching(allowed, refused)

        assert [file.name for file in fetched.files] == [allowed]
        assert "robots.txt does not let programs read this page: save it as a file" in fetched.failed[0]["reason"]
        assert server.asked == ["/prive"]

    def test_it_is_asked_for_once(self, server: Web, fetching: Fetch) -> None:
        fetching(*(server.gives(f"/{n}", PAGE) for n in range(4)))

        assert [path for path, _ in server.server.asked].count("/robots.txt") == 1

    def test_nothing_is_read_where_it_has_trouble(self, server: Web, fetching: Fetch) -> None:
        server.does("/robots.txt", status(500))
        fetched = fetching(server.gives("/a", PAGE), server.gives("/b", PAGE))

        assert [failure["reason"] for failure in fetched.failed] == [
            "its server answers 500 to robots.txt, which says what may be read: try again later"
        ] * 2
        assert server.asked == []

    def test_its_trouble_closes_no_other_port_of_its_host(self, server: Web, fetching: Fetch) -> None:
        server.does("/robots.txt", status(500))
        with web() as other:
            other.gives("/robots.txt", "User-agent: *\nAllow: /", "text/plain")
            good = other.gives("/a", PAGE)
            fetched = fetching(server.gives("/a", PAGE), server.gives("/b", PAGE), good)

        assert [file.name for file in fetched.files] == [good]
        assert [failure["path"] for failure in fetched.failed] == [server.url("/a"), server.url("/b")]
        assert [path for path, _ in server.server.asked] == ["/robots.txt"]

    @pytest.mark.parametrize("manner", [status(429), status(503, retry_after="3600")])
    def test_where_it_asks_not_to_be_asked_the_host_is_left_alone(
        self, server: Web, fetching: Fetch, manner: Manner
    ) -> None:
        server.does("/robots.txt", manner)
        with web() as other:
            fetched = fetching(server.gives("/a", PAGE), other.gives("/a", PAGE))
            asked = other.server.asked

        assert (len(fetched.failed), asked) == (2, [])

    def test_one_that_never_ends(self, server: Web, fetching: Fetch) -> None:
        server.does("/robots.txt", endless)

        assert len(fetching(server.gives("/a", PAGE)).failed) == 1

    def test_it_is_found_behind_a_redirect(self, server: Web, fetching: Fetch) -> None:
        server.does("/robots.txt", redirect("/ailleurs.txt"))
        server.gives("/ailleurs.txt", "User-agent: *\nDisallow: /", "text/plain")

        assert "does not let programs" in fetching(server.gives("/a", PAGE)).failed[0]["reason"]

    def test_its_delay_is_kept(self, server: Web, fetching: Fetch) -> None:
        server.gives("/robots.txt", "User-agent: *\nCrawl-delay: 0.4", "text/plain")
        started = time.monotonic()
        fetching(server.gives("/a", PAGE), server.gives("/b", PAGE))

        assert time.monotonic() - started >= 0.8

    def test_a_delay_of_days_is_not(self, server: Web, fetching: Fetch) -> None:
        server.gives("/robots.txt", "User-agent: *\nCrawl-delay: 86400", "text/plain")

        assert "asks for 86400 s between two pages" in fetching(server.gives("/a", PAGE)).failed[0]["reason"]


def test_a_host_is_not_hurried(server: Web, fetching: Fetch) -> None:
    """Three requests, robots.txt among them, are two waits; one after the other."""
    started = time.monotonic()
    fetching(server.gives("/a", PAGE), server.gives("/b", PAGE), delay_s=0.3)

    assert time.monotonic() - started >= 0.6


def test_no_cookie_is_kept_and_we_say_who_we_are(server: Web, fetching: Fetch) -> None:
    fetching(server.gives("/a", PAGE, set_cookie="suivi=1"), server.gives("/b", PAGE))

    assert "cookie" not in server.headers("/b")
    assert server.headers("/b")["user-agent"].startswith("trusted-cloud-chat/")
    assert "referer" not in server.headers("/b")


def test_a_proxy_of_the_environment_is_not_used(server: Web, fetching: Fetch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")

    assert len(fetching(server.gives("/a", PAGE)).files) == 1


def test_offline(fetching: Fetch) -> None:
    fetched = fetching(*(f"http://127.0.0.1:1/{n}" for n in range(50)))

    assert fetched.files == []
    assert [failure["path"] for failure in fetched.failed] == ["the network"]
    assert "no host of the 50 addresses" in fetched.failed[0]["reason"]
    assert "is this machine online?" in fetched.failed[0]["reason"]


def test_hosts_that_are_not_there_do_not_make_the_others_wait(server: Web, fetching: Fetch) -> None:
    """Twenty unknown names are twenty reasons, and the page after them is there."""

    async def names(host: str, _port: int) -> list[str]:
        if host != "ici.example":
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return ["127.0.0.1"]

    server.gives("/a", PAGE)
    unknown = [f"http://absent{n}.example/" for n in range(20)]
    fetched = fetching(*unknown, server.url("/a", "ici.example"), guard=AddressGuard(networks_of("127.0.0.1"), names))

    assert len(fetched.files) == 1
    assert [failure["path"] for failure in fetched.failed] == unknown
    assert "is the address right?" in fetched.failed[0]["reason"]


def test_a_condition_is_sent_only_while_the_index_has_what_came_with_it(server: Web, fetching: Fetch) -> None:
    url = server.does("/", conditional(PAGE, '"v1"'))
    state, first = FetchState(), fetching(url)
    assert len(first.files) == 1
    first.remember(state, {url: ["version-1"]})

    same = fetching(url, state=state, held={url: ["version-1"]})
    assert (same.files, same.unchanged) == ([], [url])
    assert server.headers("/")["if-none-match"] == '"v1"'
    for held in ({}, {url: ["version-0"]}):
        again = fetching(url, state=state, held=held)
        assert (len(again.files), again.unchanged) == (1, [])


def test_last_modified_is_sent_back_as_it_came(server: Web, fetching: Fetch) -> None:
    day = formatdate(1_700_000_000, usegmt=True)
    url, state = server.gives("/", PAGE, last_modified=day), FetchState()
    fetching(url).remember(state, {url: ["v"]})
    fetching(url, state=state, held={url: ["v"]})

    assert server.headers("/")["if-modified-since"] == day
