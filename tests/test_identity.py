"""Which id an article has: it goes with the content, and what is written down goes before all."""

from __future__ import annotations

from pathlib import Path

import pytest

from builders import run, write, write_article
from fakes import HashedEmbedder
from trusted_cloud_chat.ingestion import IngestReport, held

OTHER = "Un tout autre texte, sur un autre nuage."


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    for name in ("a", "b", "c"):
        write_article(tmp_path / "corpus", name, f"L’article {name} parle du nuage {name}.")
    return tmp_path / "corpus"


@pytest.fixture
def home(tmp_path: Path, corpus: Path, hashed: HashedEmbedder) -> Path:
    run(tmp_path / "home", corpus, hashed)
    return tmp_path / "home"


def ids(home: Path) -> dict[str, str]:
    """Path → id."""
    return {version.path: version.article_id for version in held(home)[1]}


def told(report: IngestReport, name: str) -> list[str]:
    return [notice["message"] for notice in report.notices if notice["path"] == name]


class TestRenames:
    def test_a_newcomer_under_an_old_name(self, home: Path, corpus: Path, hashed: HashedEmbedder) -> None:
        """The article that moved keeps its id, whatever comes where it lay; the newcomer's is its own from then on."""
        (corpus / "a.md").rename(corpus / "renommé.md")
        run(home, corpus, hashed)
        write_article(corpus, "a", OTHER)

        report = run(home, corpus, hashed)

        found = ids(home)
        newcomer = found["a.md"]
        assert (found["renommé.md"], report.added, report.changed) == ("a", [newcomer], [])
        assert newcomer.startswith("a-")
        assert told(report, "a.md") == [f"its id is {newcomer!r}: 'a' stays with the file that had this name before"]
        again = run(home, corpus, hashed)
        assert (again.unchanged, told(again, "a.md"), ids(home)) == (4, [], found)
        run(home, corpus, hashed, rebuild=True)
        assert ids(home) == found

    def test_a_newcomer_that_moves_too(self, home: Path, corpus: Path, hashed: HashedEmbedder) -> None:
        """The next one gets an id of its own again, also where it has the very text that the first had once."""
        (corpus / "a.md").rename(corpus / "premier.md")
        run(home, corpus, hashed)
        write_article(corpus, "a", OTHER)
        run(home, corpus, hashed)
        first = ids(home)["a.md"]
        write_article(corpus, "a", "Le texte a été repris.")
        run(home, corpus, hashed)
        (corpus / "a.md").rename(corpus / "second.md")
        run(home, corpus, hashed)
        write_article(corpus, "a", OTHER)
        report = run(home, corpus, hashed)

        found = ids(home)
        assert (found["premier.md"], found["second.md"], report.added) == ("a", first, [found["a.md"]])
        assert found["a.md"] not in ("a", first)

    def test_beside_a_moved_file_that_fails(self, home: Path, corpus: Path, hashed: HashedEmbedder) -> None:
        """What is stored of it stays under its id."""
        (corpus / "a.md").rename(corpus / "renommé.md")
        run(home, corpus, hashed)
        write(corpus / "renommé.md", b"")
        write_article(corpus, "a", OTHER)

        report = run(home, corpus, hashed)

        assert (report.changed, ids(home)["renommé.md"]) == ([], "a")

    @pytest.mark.parametrize("names", ["ab", "abc"])
    def test_names_that_are_exchanged(self, home: Path, corpus: Path, hashed: HashedEmbedder, names: str) -> None:
        """Ids go with the contents, in a ring too."""
        for name in names:
            (corpus / f"{name}.md").rename(corpus / f"{name}.moved")
        for name, other in zip(names, names[1:] + names[0], strict=True):
            (corpus / f"{name}.moved").rename(corpus / f"{other}.md")

        report = run(home, corpus, hashed)

        moved = {f"{other}.md": name for name, other in zip(names, names[1:] + names[0], strict=True)}
        assert moved.items() <= ids(home).items()
        assert {one["path"]: one["article_id"] for one in report.renamed} == moved
        assert (report.added, report.deleted, report.embedded) == ([], [], 0)
        assert run(home, corpus, hashed).unchanged == 3

    def test_a_copy_and_an_edit_are_no_move(self, home: Path, corpus: Path, hashed: HashedEmbedder) -> None:
        """Between two runs nobody can tell them from a move and a newcomer: the path keeps the id."""
        (corpus / "copie.md").write_bytes((corpus / "a.md").read_bytes())
        write_article(corpus, "a", OTHER)

        report = run(home, corpus, hashed)

        assert (report.changed, report.added, report.renamed) == (["a"], ["copie"], [])

    def test_what_is_written_down_is_never_touched(self, home: Path, corpus: Path, hashed: HashedEmbedder) -> None:
        """Also where it is the id that the path would give, and that another file has kept."""
        (corpus / "a.md").rename(corpus / "renommé.md")
        run(home, corpus, hashed)
        write_article(corpus, "a", OTHER, id="a")

        report = run(home, corpus, hashed)

        assert (report.changed, report.added, told(report, "a.md")) == (["a"], ["renommé"], [])
        assert ids(home)["a.md"] == "a"
        assert run(home, corpus, hashed).unchanged == 4


class TestCopiesWithAnId:
    def test_a_copy_and_a_link(self, home: Path, corpus: Path, hashed: HashedEmbedder) -> None:
        """Of files with the same id and text one is the article, the one that was it before; the others are its duplicates."""
        write_article(corpus, "m", "L’original a un nom.", id="nom")
        run(home, corpus, hashed)
        write_article(corpus, "d", "L’original  a un\n\nnom.", id="nom", publisher="Une autre")
        (corpus / "z.md").symlink_to(corpus / "m.md")

        report = run(home, corpus, hashed)
        again = run(home, corpus, hashed)

        copies = [{"path": "d.md", "duplicate_of": "nom"}, {"path": "z.md", "duplicate_of": "nom"}]
        assert (report.failed, report.duplicates, report.changed, report.unchanged) == ([], copies, [], 4)
        assert (again.failed, again.duplicates, again.unchanged) == ([], copies, 4)
        assert ids(home)["m.md"] == "nom"

    def test_another_text_is_a_failure(self, home: Path, corpus: Path, hashed: HashedEmbedder) -> None:
        write_article(corpus, "m", "L’original a un nom.", id="nom")
        write_article(corpus, "n", "Un autre prend ce nom.", id="nom")

        report = run(home, corpus, hashed)

        assert (report.duplicates, [failure["path"] for failure in report.failed]) == ([], ["n.md"])
