"""`ingest URL…`: what is fetched becomes articles as any file does, lives like what is given by PATH, and never by itself."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from builders import TODAY, run_of, write, write_article, write_tiny_corpus
from corpus.format_files import drawn_pdf
from fakes import HashedEmbedder
from manners import Web, conditional, page, status, web
from trusted_cloud_chat.cli import app
from trusted_cloud_chat.corpus import Origin
from trusted_cloud_chat.errors import NetworkError, UsageError
from trusted_cloud_chat.fetching.state import FILE, FetchState, load
from trusted_cloud_chat.fetching.wanted import listed, originals, parted
from trusted_cloud_chat.ingestion import IngestReport, held, remove
from trusted_cloud_chat.output.reporting import ingest_lines
from trusted_cloud_chat.schema import Article
from trusted_cloud_chat.settings import load_settings
from trusted_cloud_chat.wiring import run_ingest

TEXT = "Bleu a franchi le jalon J0 de la qualification SecNumCloud le 17 avril 2025. La plateforme ouvre à Paris et à Rennes."
Run = Callable[..., IngestReport]


@pytest.fixture
def server() -> Iterator[Web]:
    with web() as running:
        yield running


@pytest.fixture(autouse=True)
def _readers_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process that reads pages is started once for all of these tests."""
    monkeypatch.setattr("trusted_cloud_chat.ingestion.candidates.close_readers", lambda: None)


@pytest.fixture
def run(tmp_path: Path, hashed: HashedEmbedder) -> Run:
    """A run over a corpus of two articles, with the network allowed."""
    write_article(tmp_path / "corpus", "un", "Scaleway prépare sa qualification. Son dossier est déposé.")
    write_article(tmp_path / "corpus", "deux", "Outscale est qualifié depuis 2019. Sa maison mère est Dassault.")

    def one(*paths: Path, allow_network: bool = True, require_dates: bool = False, **options: object) -> IngestReport:
        settings = load_settings(
            home=tmp_path / "home", corpus=tmp_path / "corpus", allow_network=allow_network, fetch_delay_s=0,
            private_networks="127.0.0.1", chunk_tokens=60, require_dates=require_dates,
        )  # fmt: skip
        return run_ingest(settings, paths, embedder=hashed, today=TODAY, **options)

    return one


def articles(tmp_path: Path) -> dict[str, Article]:
    return {version.article_id: version for version in held(tmp_path / "home")[1]}


def host(server: Web) -> str:
    return server.url("").removeprefix("http://")


def test_a_page_is_an_article(server: Web, run: Run, tmp_path: Path) -> None:
    """Title, day and publisher from the page; the address is the canonical one of the same site."""
    canonical = f'<link rel="canonical" href="{server.url("/bleu")}">'
    url = server.gives("/bleu?utm_source=flux", page("Bleu avance", TEXT, head=canonical))
    report = run(urls=[url])

    (article,) = articles(tmp_path).values()
    assert report.added == [article.article_id] == [f"{host(server)}/bleu?utm_source=flux"]
    assert (article.title, str(article.date), article.publisher) == ("Bleu avance", "2025-04-17", "Gazette du Nuage")
    assert (article.url, article.path) == (server.url("/bleu"), url)
    assert TEXT in article.text
    assert report.to_dict()["fetched"] == 1
    assert list(ingest_lines(report))[1] == "fetched: 1 documents"


def test_a_page_that_says_it_is_another_sites_is_not_believed(server: Web, run: Run, tmp_path: Path) -> None:
    url = server.gives(
        "/", page("Bleu", TEXT, site="", head='<link rel="canonical" href="https://www.lemonde.fr/bleu">')
    )
    run(urls=[url])

    (article,) = articles(tmp_path).values()
    assert (article.url, article.publisher) == (url, "127.0.0.1")


def test_nor_one_that_says_it_is_a_synthesis_of_ours(server: Web, run: Run, tmp_path: Path) -> None:
    """Its words would be shown as drawn from the newspapers that it names."""
    head = "id: un\ntitle: Bleu\ndate: 2025-04-17\npublisher: Blog\nsource_type: synthese\nsources: [{publisher: Le Monde}]\n"
    run(urls=[server.gives("/a.md", f"---\n{head}---\n{TEXT}\n", "text/markdown")])

    (article,) = articles(tmp_path).values()
    assert (article.article_id, article.publisher) == (f"{host(server)}/a.md", "Blog")
    assert (article.source_type, article.sources) == (None, ())


def test_a_day_from_the_feed_and_a_publisher_from_the_address(server: Web, run: Run, tmp_path: Path) -> None:
    server.gives("/a", page("Bleu avance", TEXT, day="", site=""))
    feed = "<rss><channel><item><link>/a</link><pubDate>Fri, 18 Apr 2025 06:00:00 GMT</pubDate></item></channel></rss>"
    report = run(urls=[server.gives("/flux", feed, "application/rss+xml")])

    (article,) = articles(tmp_path).values()
    assert (str(article.date), article.publisher) == ("2025-04-18", "127.0.0.1")
    assert "guessed: publisher 127.0.0.1 (the address)" in report.notices[0]["message"]
    assert "meta.yaml" not in report.notices[0]["message"]


@pytest.mark.parametrize(
    ("changed", "day"),
    [("2025-03-08", "2025-03-08"), ("2025-03-08T09:00:00", "2025-03-08"), ("2025-03-08T23:30:00+01:00", "2025-03-08"),
     ("2025-03-08 09:00", "2025-03-08"), ("2025-03", "2025-03"), ("samedi", ""), ("2025-02-30T09:00:00Z", "")],
)  # fmt: skip
def test_the_day_of_a_last_change_is_a_guess(server: Web, run: Run, tmp_path: Path, changed: str, day: str) -> None:
    """With its time or without; what is no day is no guess, and no fault of ours."""
    server.gives("/a", page("Bleu avance", TEXT.replace("le 17 avril 2025", ""), day=""))
    plan = f"<urlset><url><loc>/a</loc><lastmod>{changed}</lastmod></url></urlset>"
    report = run(urls=[server.gives("/plan", plan, "text/xml")], require_dates=True)

    if day:
        assert [str(article.date) for article in articles(tmp_path).values()] == [f"{day}~"]
        assert f"date {day} (the day of its last change, as the feed states it)" in report.notices[0]["message"]
    else:
        assert report.failed[0]["reason"].startswith("no date: expected one in the head of the page")


def test_a_page_without_a_day_says_what_mends_it(server: Web, run: Run) -> None:
    url = server.gives("/a", page("Bleu", TEXT.replace("le 17 avril 2025", ""), day=""))
    report = run(urls=[url], require_dates=True)

    assert report.failed[0]["path"] == url
    assert "NAME.meta.yaml beside it, or unset TCC_REQUIRE_DATES" in report.failed[0]["reason"]


def test_files_and_addresses_in_one_run(server: Web, run: Run, tmp_path: Path) -> None:
    """Neither costs the other its place."""
    good, bad = server.gives("/a", page("Bleu", TEXT)), server.does("/b", status(404))
    file = write_article(tmp_path / "ailleurs", "trois", "S3NS est qualifié. Sa filiale recrute à Lyon.")
    report = run(file, urls=[good, bad])

    assert sorted(report.added) == sorted(["trois", f"{host(server)}/a"])
    assert [failure["path"] for failure in report.failed] == [bad]


def test_a_table_at_an_address_is_an_article_a_row(server: Web, run: Run, tmp_path: Path) -> None:
    rows = (
        "id,title,text,date\n1,Un,Le premier texte dit ceci.,2024-01-02\n2,Deux,Le second texte dit cela.,2024-01-03\n"
    )
    url = server.gives("/table.csv", rows, "text/csv")
    run(urls=[url])
    server.gives("/table.csv", rows, "text/csv", etag='"t"')

    assert set(articles(tmp_path)) == {f"{host(server)}/table.csv/1", f"{host(server)}/table.csv/2"}


def test_a_path_that_is_missing_costs_no_address_its_place(server: Web, run: Run, tmp_path: Path) -> None:
    report = run(tmp_path / "absent.md", urls=[server.gives("/a", page("Bleu", TEXT))])

    assert report.added == [f"{host(server)}/a"]
    assert report.failed[0]["path"] == str(tmp_path / "absent.md")


class TestLife:
    def test_what_was_fetched_lives_like_what_came_by_path(self, server: Web, run: Run, tmp_path: Path) -> None:
        """A run over the corpus leaves it, `--rebuild` keeps it, and it is listed and removed by its id."""
        url = server.gives("/a", page("Bleu", TEXT))
        run()
        run(urls=[url])
        assert run().deleted == []
        assert run(rebuild=True).deleted == []
        assert articles(tmp_path).keys() == {"un", "deux", f"{host(server)}/a"}

        remove(run_of(tmp_path / "home", tmp_path / "corpus"), [f"{host(server)}/a"], forget=False)
        assert articles(tmp_path).keys() == {"un", "deux"}

    def test_it_is_listed_as_fetched(
        self, server: Web, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        url = server.gives("/a", page("Bleu", TEXT))
        run(urls=[url])
        monkeypatch.setenv("TCC_HOME", str(tmp_path / "home"))

        assert f"fetched: {url}" in CliRunner().invoke(app, ["list"]).stdout

    def test_what_has_not_changed_is_not_fetched_again(self, server: Web, run: Run) -> None:
        url = server.does("/a", conditional(page("Bleu", TEXT), '"1"'))
        run(urls=[url])
        again = run(urls=[url])

        assert (again.unchanged, again.fetched, again.changed, again.embedded) == (1, 0, [], 0)
        assert server.headers("/a")["if-none-match"] == '"1"'

    def test_what_has_changed_is(self, server: Web, run: Run, tmp_path: Path) -> None:
        url = server.does("/a", conditional(page("Bleu", TEXT), '"1"'))
        run(urls=[url])
        server.does("/a", conditional(page("Bleu", f"{TEXT} Un centre ouvre à Lille."), '"2"'))
        report = run(urls=[url])

        assert report.changed == [f"{host(server)}/a"]
        assert "Lille" in articles(tmp_path)[f"{host(server)}/a"].text

    def test_a_wall_in_its_place_is_told_each_time(self, server: Web, run: Run, tmp_path: Path) -> None:
        """Until there is a page again; what the index has of it stays, and is not taken for what the server has."""
        url = server.does("/a", conditional(page("Bleu", TEXT), '"1"'))
        run(urls=[url])
        server.does("/a", conditional(page("Le site", "Abonnez-vous pour lire la suite de cet article."), '"2"'))
        reports = [run(urls=[url]), run(urls=[url])]

        assert all("a page shown before it" in report.failed[0]["reason"] for report in reports)
        assert TEXT in articles(tmp_path)[f"{host(server)}/a"].text

    def test_what_is_gone_stays_until_it_is_removed(self, server: Web, run: Run, tmp_path: Path) -> None:
        url = server.gives("/a", page("Bleu", TEXT))
        run(urls=[url])
        server.does("/a", status(410))

        assert "what is indexed of it stays" in run(urls=[url]).failed[0]["reason"]
        assert f"{host(server)}/a" in articles(tmp_path)

    def test_what_was_removed_is_fetched_when_it_is_asked_for(self, server: Web, run: Run, tmp_path: Path) -> None:
        url = server.does("/a", conditional(page("Bleu", TEXT), '"1"'))
        run(urls=[url])
        remove(run_of(tmp_path / "home", tmp_path / "corpus"), [f"{host(server)}/a"], forget=False)

        assert run(urls=[url]).added == [f"{host(server)}/a"]

    def test_forgetting_takes_the_address_away_too(self, server: Web, run: Run, tmp_path: Path) -> None:
        url = server.does("/personne", conditional(page("Bleu", TEXT), '"1"'))
        run(urls=[url])
        assert "/personne" in (tmp_path / "home" / FILE).read_text()
        remove(run_of(tmp_path / "home", tmp_path / "corpus"), [f"{host(server)}/personne"], forget=True)

        assert "/personne" not in (tmp_path / "home" / FILE).read_text()

    @pytest.mark.parametrize("state", ["", "{", '{"documents": 3}', "[" * 100_000])
    def test_a_damaged_memory_is_as_good_as_none(self, tmp_path: Path, state: str) -> None:
        write(tmp_path / FILE, state)

        assert load(tmp_path) == FetchState()

    def test_a_dry_run_remembers_nothing(self, server: Web, run: Run, tmp_path: Path) -> None:
        report = run(urls=[server.gives("/a", page("Bleu", TEXT))], dry_run=True)

        assert report.added == [f"{host(server)}/a"]
        assert not (tmp_path / "home" / FILE).exists()


class TestOnlyWhereItIsAllowed:
    @pytest.mark.parametrize("options", [{"urls": ["https://exemple.fr/"]}, {"originals": True}])
    def test_the_message_names_the_setting(self, run: Run, options: dict[str, object], tmp_path: Path) -> None:
        run()
        with pytest.raises(NetworkError, match=r"nothing was fetched.*TCC_ALLOW_NETWORK=1"):
            run(allow_network=False, **options)
        assert articles(tmp_path).keys() == {"un", "deux"}

    def test_on_the_command_line(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Before anything is loaded."""
        monkeypatch.setenv("TCC_HOME", str(tmp_path / "home"))
        result = CliRunner().invoke(app, ["ingest", "https://exemple.fr/"])

        assert isinstance(result.exception, NetworkError)
        assert not (tmp_path / "home").exists()

    def test_a_run_over_the_corpus_asks_for_nothing(self, server: Web, run: Run, tmp_path: Path) -> None:
        """Whatever its articles name."""
        write_article(
            tmp_path / "corpus",
            "trois",
            TEXT,
            url=server.url("/a"),
            sources=[{"publisher": "A", "url": server.url("/b")}],
        )
        run()

        assert server.server.asked == []


class TestWhatIsWanted:
    def test_paths_and_addresses_are_told_apart(self) -> None:
        assert parted(["a.md", "https://exemple.fr/a", "HTTP://exemple.fr"]) == (
            [Path("a.md")], ["https://exemple.fr/a", "HTTP://exemple.fr"]
        )  # fmt: skip
        with pytest.raises(UsageError, match="ftp://exemple.fr/a: only addresses that begin with http"):
            parted(["ftp://exemple.fr/a"])

    def test_a_list_in_a_file(self, tmp_path: Path) -> None:
        file = write(
            tmp_path / "adresses.txt", "\ufeff# presse\r\nhttps://exemple.fr/a\r\n\r\n  https://exemple.fr/b  \r\n"
        )

        assert listed(file) == ["https://exemple.fr/a", "https://exemple.fr/b"]

    def test_remarks_in_a_list(self, tmp_path: Path) -> None:
        """After white space; a # within an address is of the address."""
        lines = (
            "https://exemple.fr/a   # lu lundi\n\t # rien\nhttps://exemple.fr/b#fin\t#autre\nhttps://exemple.fr/c d\n"
        )

        assert listed(write(tmp_path / "adresses.txt", lines)) == [
            "https://exemple.fr/a", "https://exemple.fr/b#fin", "https://exemple.fr/c d"
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            ("# rien\n", "no address in it"),
            ("exemple.fr/a\n", "'exemple.fr/a' is not an address"),
            ("", "no address in it"),
            (" \n", "no address in it"),
        ],
    )
    def test_a_list_that_is_none(self, tmp_path: Path, content: str, said: str) -> None:
        with pytest.raises(UsageError, match=said):
            listed(write(tmp_path / "adresses.txt", content))
        with pytest.raises(UsageError, match="No such file"):
            listed(tmp_path / "absent.txt")

    @pytest.mark.parametrize(
        ("url", "article_id"),
        [("https://exemple.fr/a/", "exemple.fr/a"), ("http://exemple.fr", "exemple.fr"), ("https://exemple.fr/a?n=1", "exemple.fr/a?n=1"),
         ("https://exemple.fr/caf%C3%A9", "exemple.fr/café")],
    )  # fmt: skip
    def test_ids(self, url: str, article_id: str) -> None:
        assert Origin(url).article_id == article_id

    @pytest.mark.parametrize("path", ["a%20b", "a%0Ab", "a%E2%80%AEb", "x" * 3000])
    def test_ids_that_would_be_long_or_hide_something(self, path: str) -> None:
        """Are on one line, short, and one's own."""
        found = Origin(f"https://exemple.fr/{path}").article_id

        assert len(found) <= 200
        assert not any(c.isspace() or not c.isprintable() for c in found)
        assert found != Origin(f"https://exemple.fr/{path}1").article_id


class TestOriginals:
    def test_the_sources_of_syntheses_are_fetched(self, server: Web, run: Run, tmp_path: Path) -> None:
        """Each once; the publisher is the one that the synthesis names, and the day where the page says none."""
        url = server.gives("/a", page("Bleu avance", TEXT, day="", site="www.gazette.example"))
        for name in ("trois", "quatre"):
            source = {"publisher": "La Gazette", "url": url, "date": "2025-04"}
            write_article(
                tmp_path / "corpus", name, f"Ce que dit la presse, {name}.", source_type="synthese", sources=[source]
            )
        run()
        report = run(originals=True)

        assert report.added == [f"{host(server)}/a"]
        assert server.asked == ["/a"]
        article = articles(tmp_path)[f"{host(server)}/a"]
        assert (article.publisher, str(article.date), article.source_type) == ("La Gazette", "2025-04", None)

    def test_sites_as_they_are(self, server: Web, run: Run, tmp_path: Path) -> None:
        """Moved, packed, in another encoding, a PDF behind an address of a page: stored. What is no article gives a reason."""
        made = {
            name: page(f"Bleu {name}", f"{TEXT} L'été {name}.")
            for name in ("moved", "packed", "latin", "declared", "etag")
        }
        server.does("/moved", status(301, location="/here/"))
        server.gives("/here/", made["moved"])
        server.gives("/packed", gzip.compress(made["packed"].encode()), content_encoding="gzip")
        server.gives("/latin", made["latin"].encode("iso-8859-1"), "text/html; charset=ISO-8859-1")
        server.gives(
            "/declared",
            made["declared"].replace("<head>", "<head><meta charset=windows-1252>").encode("cp1252"),
            "text/html",
        )
        server.does("/etag", conditional(made["etag"].replace("<head>", "<head><meta charset=utf-8>"), '"1"'))
        server.gives(
            "/report.html", drawn_pdf(tmp_path / "a.pdf", [(50, 700, f"{TEXT} Un rapport.")]).read_bytes(), "text/html"
        )
        server.does("/closed", status(403))
        walls = {
            "/consent": "Avec votre accord, nous et nos partenaires stockons des données de votre visite sur ce site et d’autres.",
            "/buttons": "Bienvenue. Paramétrer. Fermer.",
            "/script": "Enable JavaScript and cookies to continue",
            "/paid": "Scaleway prépare sa qualification pour 2026. La suite de cet article est réservée à nos abonnés.",
            "/gone": "Désolé, la page que vous cherchez n’existe plus ou a été déplacée vers une autre rubrique de ce site.",
        }
        for path, said in walls.items():
            server.gives(path, page("Le site", said))
        stored = [*(f"/{name}" for name in made), "/report.html"]
        sources = [
            {"publisher": "La Gazette", "url": server.url(path), "date": "2025-04-17"}
            for path in [*stored, "/closed", *walls]
        ]
        write_article(tmp_path / "corpus", "trois", "Ce que dit la presse.", source_type="synthese", sources=sources)
        run()
        report = run(originals=True)

        assert sorted(report.added) == sorted(f"{host(server)}{path}" for path in stored)
        texts = {name: articles(tmp_path)[f"{host(server)}/{name}"].text for name in made}
        assert all(f"L'été {name}." in text for name, text in texts.items())
        reasons = {failure["path"].removeprefix(server.url("")): failure["reason"] for failure in report.failed}
        assert reasons.keys() == {"/closed", *walls}
        assert reasons.pop("/closed").startswith("403 Forbidden: it does not let programs in: save the page")
        assert all("a page shown before it or in its place (« " in reason for reason in reasons.values())

        again = run(originals=True)

        assert (again.added, again.changed, again.generation) == ([], [], report.generation)
        assert server.headers("/etag")["if-none-match"] == '"1"'
        assert {failure["path"] for failure in again.failed} == {failure["path"] for failure in report.failed}

    def test_offline_it_says_so_and_nothing_breaks(self, run: Run, tmp_path: Path) -> None:
        sources = [{"publisher": f"P{n}", "url": f"http://127.0.0.1:1/{n}"} for n in range(5)]
        write_article(tmp_path / "corpus", "trois", TEXT, source_type="synthese", sources=sources)
        run()
        report = run(originals=True)

        assert [failure["path"] for failure in report.failed] == ["the network"]
        assert "is this machine online? Nothing was fetched, the index is unchanged" in report.failed[0]["reason"]
        assert articles(tmp_path).keys() == {"un", "deux", "trois"}

    def test_an_index_that_names_no_page(self, run: Run) -> None:
        with pytest.raises(UsageError, match="run `trusted-cloud-chat ingest` first"):
            run(originals=True)

    @pytest.mark.slow
    def test_the_shipped_corpus_names_hundreds(self) -> None:
        from trusted_cloud_chat_evaluation.validation import corpus_articles

        named = originals(corpus_articles(Path(__file__).parents[1] / "corpus", TODAY).values())

        assert len(named) > 400
        assert all(one.publisher for one in named)


def test_the_command_reports_as_json(
    server: Web, tmp_path: Path, hashed: HashedEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The keys of before are there; a list of addresses comes from a file, and a line that is none is one reason among others."""
    monkeypatch.setattr("trusted_cloud_chat.wiring.build_embedder", lambda *_: hashed)
    corpus = write_tiny_corpus(tmp_path / "corpus")
    for name, value in {
        "HOME": str(tmp_path / "home"), "CORPUS": str(corpus), "ALLOW_NETWORK": "1", "PRIVATE_NETWORKS": "127.0.0.1", "FETCH_DELAY_S": "0"
    }.items():  # fmt: skip
        monkeypatch.setenv(f"TCC_{name}", value)
    good, bad = server.gives("/a", page("Bleu", TEXT)), server.does("/b", status(404))
    twice = f"{good}  {good}?b=1"
    file = write(
        tmp_path / "adresses",
        f"{bad}\n{twice}\nexemple.fr/a\u202e{'x' * 200}\nftp://exemple.fr/a\nhttp://exemple.fr:x/\n",
    )
    result = CliRunner().invoke(app, ["ingest", good, "--urls", str(file), "--json"])

    report = json.loads(result.stdout)
    assert result.exit_code == 1
    assert (report["added"], report["fetched"], report["failed"][0]["path"]) == ([f"{host(server)}/a"], 1, bad)
    two, cut, ftp, unread = report["failed"][1:]
    assert two == {
        "path": f"{good} {good}?b=1",
        "reason": "not the address of a page: it has white space; expected https://example.org/page",
    }
    assert cut["path"].startswith("exemple.fr/a\\u202exxx")
    assert len(cut["path"]) == 80
    assert (
        cut["reason"]
        == "an address of scheme (none): only http and https are fetched, such as https://example.org/page"
    )
    assert (ftp["path"], ftp["reason"].partition(":")[0]) == ("ftp://exemple.fr/a", "an address of scheme ftp")
    assert (unread["path"], unread["reason"].partition(":")[0]) == ("http://exemple.fr:x/", "not the address of a page")
    assert {
        "added",
        "changed",
        "unchanged",
        "deleted",
        "duplicates",
        "failed",
        "chunks",
        "embedded",
        "generation",
        "seconds",
    } <= report.keys()
