"""Feeds, sitemaps, and what a document is taken for."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from manners import Fetch, Web, conditional, page, redirect, status
from trusted_cloud_chat.fetching import Fetched, FetchState
from trusted_cloud_chat.fetching.state import forget, load, save

TEXT = "Bleu a franchi le jalon J0 de la qualification SecNumCloud le 17 avril 2025. " * 3
PAGE = page("Bleu avance", TEXT)


def rss(*items: tuple[str, str]) -> str:
    """`(link, day)`s as a feed."""
    told = "".join(
        f"<item><title>Titre</title><link>{link}</link><pubDate>{day}</pubDate></item>" for link, day in items
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Flux</title><link>/</link>{told}</channel></rss>'


def atom(*entries: tuple[str, str, str]) -> str:
    """`(link, published, updated)`s as a feed."""
    told = "".join(
        f'<entry><title>Titre</title><link rel="alternate" href="{link}"/>'
        f"{f'<published>{published}</published>' if published else ''}<updated>{updated}</updated></entry>"
        for link, published, updated in entries
    )
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Flux</title>{told}</feed>'


def sitemap(*pages: tuple[str, str], root: str = "urlset", item: str = "url") -> str:
    told = "".join(f"<{item}><loc>{link}</loc><lastmod>{day}</lastmod></{item}>" for link, day in pages)
    return f'<?xml version="1.0"?><{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{told}</{root}>'


def origins(fetched: Fetched) -> list[tuple[str, str, str]]:
    """Path, day and day of the last change of what came, in the order of the report."""
    found = [file.origin for file in fetched.files if file.origin]
    return [("/" + one.url.split("/", 3)[3], one.date, one.changed[:10]) for one in found]


class TestFeeds:
    def test_rss(self, server: Web, fetching: Fetch) -> None:
        """The newest first; a link may be relative; a day is that of publication."""
        feed = rss(("/a", "Thu, 17 Apr 2025 08:00:00 +0200"), (server.url("/b#fin"), "Sat, 19 Apr 2025 00:00:00 GMT"))
        server.gives("/a", PAGE)
        server.gives("/b", PAGE)
        fetched = fetching(server.gives("/flux", feed, "application/rss+xml"))

        assert origins(fetched) == [("/b", "2025-04-19", "2025-04-19"), ("/a", "2025-04-17", "2025-04-17")]
        assert fetched.failed == []

    def test_atom_without_a_day_of_publication(self, server: Web, fetching: Fetch) -> None:
        """The last change is no day of publication; it may be guessed from, and that is told."""
        server.gives("/a", PAGE)
        fetched = fetching(server.gives("/flux", atom(("/a", "", "2025-05-01T00:00:00Z")), "application/atom+xml"))

        assert origins(fetched) == [("/a", "", "2025-05-01")]

    @pytest.mark.parametrize(
        "kind", ["text/xml", "application/xml; charset=utf-8", "text/plain", "application/octet-stream", ""]
    )
    def test_of_whatever_type_it_is_said_to_be(self, server: Web, fetching: Fetch, kind: str) -> None:
        server.gives("/a", PAGE)

        assert len(fetching(server.gives("/flux", rss(("/a", "")), kind)).files) == 1

    def test_one_that_is_cut_off_gives_what_it_has(self, server: Web, fetching: Fetch) -> None:
        server.gives("/a", PAGE)
        feed = rss(("/a", ""), ("/b", ""))

        assert origins(fetching(server.gives("/flux", feed[: feed.index("/b")], "text/xml"))) == [("/a", "", "")]

    @pytest.mark.parametrize(
        "feed",
        [rss(), rss(("javascript:alert(1)", "")), '<rss version="2.0">', "<rss",
         '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><rss><channel><item><link>&b;</link></item></channel></rss>',
         '<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss><channel><item><link>&a;</link></item></channel></rss>'],
    )  # fmt: skip
    def test_one_without_a_page(self, server: Web, fetching: Fetch, feed: str) -> None:
        fetched = fetching(server.gives("/flux", feed, "application/rss+xml"), server.gives("/bonne", PAGE))

        assert [file.name for file in fetched.files] == [server.url("/bonne")]
        assert all("passwd" not in failure["path"] for failure in fetched.failed)

    def test_a_bad_page_costs_no_other(self, server: Web, fetching: Fetch) -> None:
        server.gives("/a", PAGE)
        server.does("/dedans", redirect("http://10.0.0.1/"))
        fetched = fetching(
            server.gives("/flux", rss(("/a", ""), ("/absente", ""), ("/dedans", ""), ("http://[::1]/", "")), "text/xml")
        )

        assert [one for one, *_ in origins(fetched)] == ["/a"]
        assert [failure["reason"][:12] for failure in fetched.failed] == [
            "404 Not Foun",
            "10.0.0.1 is ",
            "::1 is at ::",
        ]

    def test_a_feed_in_a_feed_is_no_page(self, server: Web, fetching: Fetch) -> None:
        server.gives("/autre", rss(("/flux", "")), "text/xml")
        fetched = fetching(server.gives("/flux", rss(("/autre", "")), "text/xml"))

        assert fetched.failed[0]["reason"] == "a feed or a sitemap where a page was expected: give its own address"

    def test_only_so_many_pages(self, server: Web, fetching: Fetch) -> None:
        days = [(f"/{n}", f"Thu, {n:02} Apr 2025 08:00:00 GMT") for n in range(1, 10)]
        for path, _ in days:
            server.gives(path, PAGE)
        fetched = fetching(server.gives("/flux", rss(*days), "text/xml"), most_pages=3)

        assert [one for one, *_ in origins(fetched)] == ["/9", "/8", "/7"]
        assert "lists 9 pages, of which the newest 3 are fetched: TCC_MAX_PAGES" in fetched.notices[0]["message"]

    @pytest.mark.parametrize(
        ("feed", "without"),
        [('<rss><channel><item><guid isPermaLink="false">1</guid><description>Tout le texte.</description></item>'
          "<item><link>/a</link></item><item><link>http://[</link></item></channel></rss>", "2 of its 3"),
         ('<feed xmlns="http://www.w3.org/2005/Atom"><entry><content>Tout.</content></entry><entry><link href="/a"/></entry></feed>', "1 of its 2"),
         ("<urlset><url><loc>/a</loc></url><url><lastmod>2025-01-01</lastmod></url></urlset>", "1 of its 2")],
    )  # fmt: skip
    def test_entries_without_an_address_are_counted(
        self, server: Web, fetching: Fetch, feed: str, without: str
    ) -> None:
        server.gives("/a", PAGE)
        url = server.gives("/flux", feed, "text/xml")
        fetched = fetching(url)

        assert origins(fetched)[0][0] == "/a"
        assert server.asked == ["/flux", "/a"]
        assert fetched.notices == [{"path": url, "message": f"{without} entries have no page address and are not read"}]

    def test_one_whose_entries_have_no_address_at_all(self, server: Web, fetching: Fetch) -> None:
        feed = "<rss><channel><item><description>Tout.</description></item></channel></rss>"

        reason = fetching(server.gives("/flux", feed, "text/xml")).failed[0]["reason"]
        assert "lists no page (1 entries without an address)" in reason

    def test_a_link_with_a_space(self, server: Web, fetching: Fetch) -> None:
        server.gives("/un%20titre", PAGE)

        assert [one for one, *_ in origins(fetching(server.gives("/flux", rss(("/un titre", "")), "text/xml")))] == [
            "/un%20titre"
        ]


class TestSitemaps:
    def test_of_pages(self, server: Web, fetching: Fetch) -> None:
        server.gives("/a", PAGE)
        server.gives("/b", PAGE)
        fetched = fetching(
            server.gives("/plan", sitemap(("/a", "2025-01-01"), ("/b", "2026-02-03T04:05:06Z")), "text/xml")
        )

        assert origins(fetched) == [("/b", "", "2026-02-03"), ("/a", "", "2025-01-01")]

    def test_of_news(self, server: Web, fetching: Fetch) -> None:
        told = sitemap(("/a", "2025-06-01")).replace(
            "</url>", '<n:news xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"><n:publication_date>2025-04-17T06:00:00Z'
            "</n:publication_date><n:title>Bleu avance</n:title></n:news></url>",
        )  # fmt: skip
        server.gives("/a", PAGE)

        assert origins(fetching(server.gives("/plan", told, "text/xml"))) == [("/a", "2025-04-17", "2025-06-01")]

    def test_of_sitemaps_packed(self, server: Web, fetching: Fetch) -> None:
        server.gives("/a", PAGE)
        server.gives("/2025.xml.gz", gzip.compress(sitemap(("/a", "")).encode()), "application/gzip")
        index = sitemap(("/2025.xml.gz", ""), root="sitemapindex", item="sitemap")
        server.gives("/index", index, "text/xml")

        assert [one for one, *_ in origins(fetching(server.url("/index")))] == ["/a"]

    def test_that_name_each_other(self, server: Web, fetching: Fetch) -> None:
        for n in range(9):
            server.gives(
                f"/{n}", sitemap((f"/{n + 1}", ""), ("/0", ""), root="sitemapindex", item="sitemap"), "text/xml"
            )
        fetched = fetching(server.url("/0"))

        assert server.asked == ["/0", "/1", "/2", "/3"]
        assert "where a page was expected" in fetched.failed[0]["reason"]

    def test_one_that_is_a_bomb(self, server: Web, fetching: Fetch) -> None:
        packed = gzip.compress(b"<urlset>" + b" " * 10_000_000)

        assert "larger than" in fetching(server.gives("/plan.xml.gz", packed, "application/gzip")).failed[0]["reason"]


class TestWhatIsAskedAgain:
    def test_a_feed_that_is_as_it_was(self, server: Web, fetching: Fetch) -> None:
        a, state = server.gives("/a", PAGE), FetchState()
        feed = server.does("/flux", conditional(rss(("/a", "")), '"f1"'))
        fetching(feed).remember(state, {a: ["v"]})
        again = fetching(feed, state=state, held={a: ["v"]})

        assert (again.files, again.unchanged, server.asked) == ([], [feed], ["/flux", "/a", "/flux"])
        assert len(fetching(feed, state=state, held={}).files) == 1  # its page was removed since

    def test_a_page_that_its_feed_says_is_as_it_was(self, server: Web, fetching: Fetch) -> None:
        day, state = "Thu, 17 Apr 2025 08:00:00 GMT", FetchState()
        a, b = server.gives("/a", PAGE), server.gives("/b", PAGE)
        fetching(server.gives("/flux", rss(("/a", day)), "text/xml")).remember(state, {a: ["v"]})
        fetched = fetching(
            server.gives("/flux", rss(("/a", day), ("/b", day)), "text/xml"), state=state, held={a: ["v"]}
        )

        assert [file.name for file in fetched.files] == [b]
        assert fetched.unchanged == [a]
        assert server.asked.count("/a") == 1

    def test_a_page_that_failed_is_tried_again(self, server: Web, fetching: Fetch) -> None:
        state, feed = FetchState(), server.does("/flux", conditional(rss(("/a", "")), '"f1"'))
        server.does("/a", status(500))
        fetching(feed).remember(state, {})
        server.gives("/a", PAGE)

        assert len(fetching(feed, state=state).files) == 1

    def test_a_page_that_fails_later_is_tried_again(self, server: Web, fetching: Fetch) -> None:
        """Though the index still holds what it was, and its feed has not changed since."""
        days, state = ("Thu, 17 Apr 2025 08:00:00 GMT", "Fri, 18 Apr 2025 08:00:00 GMT"), FetchState()
        a = server.does("/a", conditional(PAGE, '"1"'))
        feed = server.does("/flux", conditional(rss(("/a", days[0])), '"f1"'))
        fetching(feed).remember(state, {a: ["v1"]})
        server.does("/flux", conditional(rss(("/a", days[1])), '"f2"'))
        server.does("/a", status(503))
        fetching(feed, state=state, held={a: ["v1"]}).remember(state, {a: ["v1"]})
        state.waits.clear()
        server.does("/a", conditional(page("Bleu avance", f"{TEXT} Et Lille."), '"2"'))
        again = fetching(feed, state=state, held={a: ["v1"]})

        assert [file.name for file in again.files] == [a]
        assert server.headers("/a")["if-none-match"] == '"1"'

    def test_what_came_and_could_not_be_used_is_asked_for_again(self, server: Web, fetching: Fetch) -> None:
        state = FetchState()
        a = server.does("/a", conditional(PAGE, '"1"'))
        fetching(a).remember(state, {a: ["v1"]})
        server.does("/a", conditional(page("Le site", "Abonnez-vous pour lire la suite."), '"2"'))
        fetching(a, state=state, held={a: ["v1"]}).remember(state, {a: ["v1"]}, [a])

        assert state.documents[a].conditions == {"if-none-match": '"1"'}
        assert len(fetching(a, state=state, held={a: ["v1"]}).files) == 1

    @pytest.mark.parametrize("inside", [False, True])
    def test_a_feed_of_which_pages_were_left_out_is_asked_for_again(
        self, server: Web, fetching: Fetch, inside: bool
    ) -> None:
        """Whole, or the pages that TCC_MAX_PAGES then has room for would never come; also where a sitemap of sitemaps lists it."""
        state, links = FetchState(), [(f"/{n}", f"2025-04-0{n}") for n in range(1, 6)]
        for link, _ in links:
            server.gives(link, PAGE)
        given = server.does("/plan", conditional(sitemap(*links), '"p"'))
        if inside:
            given = server.does(
                "/plans", conditional(sitemap(("/plan", "2025-04-05"), root="sitemapindex", item="sitemap"), '"i"')
            )
        limited = fetching(given, most_pages=2 + inside)
        held = {file.name: ["v"] for file in limited.files}
        limited.remember(state, held)
        assert sorted(held) == [server.url("/4"), server.url("/5")]
        again = fetching(given, state=state, held=held)

        assert sorted(file.name for file in again.files) == [server.url(f"/{n}") for n in (1, 2, 3)]
        assert sorted(again.unchanged) == sorted(held)

        again.remember(state, held := held | {file.name: ["v"] for file in again.files})
        assert fetching(given, state=state, held=held).unchanged == [given]

    def test_nor_is_one_known_of_which_a_page_had_no_room(
        self, server: Web, fetching: Fetch, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        state = FetchState()
        server.gives("/a", PAGE)
        server.gives("/b", PAGE)
        listing = rss(("/a", ""), ("/b", ""))
        feed = server.does("/flux", conditional(listing, '"f"'))
        monkeypatch.setattr("trusted_cloud_chat.fetching.run._ALL_BYTES", len(listing) + 1.5 * len(PAGE))
        first = fetching(feed)
        held = {file.name: ["v"] for file in first.files}
        first.remember(state, held)
        monkeypatch.undo()

        assert "in one run: fetch the rest in another" in first.failed[0]["reason"]
        assert len(fetching(feed, state=state, held=held).files) == 2  # neither page has a condition of its own

    def test_what_is_forgotten_leaves_no_trace(self, server: Web, fetching: Fetch, tmp_path: Path) -> None:
        a, state = server.gives("/a", PAGE), FetchState()
        fetching(server.does("/flux", conditional(rss(("/a", "")), '"f1"'))).remember(state, {a: ["v"]})
        save(tmp_path, state)
        forget(tmp_path, [a])
        assert a not in load(tmp_path).model_dump_json()


class TestKinds:
    @pytest.mark.parametrize(
        ("path", "kind", "body", "suffix"),
        [("/a", "text/html", PAGE, ".html"), ("/a", "application/xhtml+xml", PAGE, ".html"), ("/a", "", PAGE, ".html"),
         ("/a.pdf", "application/octet-stream", b"%PDF-1.7 x", ".pdf"), ("/a", "text/html", b"%PDF-1.7 x", ".pdf"),
         ("/a.docx", "application/octet-stream", b"PK\x03\x04 x", ".docx"), ("/a.md", "text/plain", "# Titre", ".md"),
         ("/a", "text/plain; charset=utf-8", "Texte", ".txt"), ("/a", "message/rfc822", "From: a", ".eml"),
         ("/a", "text/html", f"{PAGE}<p>exemple de &lt;rss et de <rss></p>", ".html")],
    )  # fmt: skip
    def test_by_type_name_and_first_bytes(
        self, server: Web, fetching: Fetch, path: str, kind: str, body: str | bytes, suffix: str
    ) -> None:
        assert fetching(server.gives(path, body, kind)).files[0].path.suffix == suffix

    def test_the_encoding_that_the_server_says(self, server: Web, fetching: Fetch) -> None:
        url = server.gives("/a", PAGE.replace("avance", "déçoit").encode("latin-1"), "text/html; charset=ISO-8859-1")

        assert "déçoit" in fetching(url).files[0].path.read_text("utf-8")
