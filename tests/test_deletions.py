"""A run that would delete much of the corpus asks first; a rebuild keeps what is an article."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from builders import foreseen, found_texts, held, open_index, run, write, write_article
from fakes import HashedEmbedder
from trusted_cloud_chat.errors import DeletionsError
from trusted_cloud_chat.index.store import StoreFolder
from trusted_cloud_chat.output.reporting import ingest_lines

NAMES = ("un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf")


def text(name: str) -> str:
    return f"L’article {name} parle du nuage {name}."


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Nine articles."""
    for name in NAMES:
        write_article(tmp_path / "corpus", name, text(name), title=f"Titre {name}")
    return tmp_path / "corpus"


@pytest.fixture
def home(tmp_path: Path, corpus: Path, hashed: HashedEmbedder) -> Path:
    """An index of them."""
    run(tmp_path / "home", corpus, hashed)
    hashed.passages.clear()
    return tmp_path / "home"


def remove(corpus: Path, count: int) -> None:
    for name in NAMES[:count]:
        (corpus / f"{name}.md").unlink()


class TestDeletions:
    @pytest.mark.parametrize("rebuild", [False, True])
    def test_a_run_that_would_delete_much_stops_before_it_embeds(
        self, home: Path, corpus: Path, hashed: HashedEmbedder, rebuild: bool
    ) -> None:
        """It says what would go, why that may be right and how to go on; nothing is embedded, nothing has changed."""
        remove(corpus, 4)
        write_article(corpus, "dix", text("dix"))

        with pytest.raises(DeletionsError) as caught:
            run(home, corpus, hashed, rebuild=rebuild)

        message = str(caught.value)
        assert "would delete 4 of the 9 articles" in message
        assert "cinq" not in message
        assert all(
            said in message for said in ("trois, un. ", "replaced the corpus", "--allow-deletions", "TCC_CORPUS")
        )
        assert caught.value.exit_status == 2
        assert hashed.passages == []
        assert StoreFolder(home).leftovers() == []
        with closing(open_index(home, hashed)) as index:
            assert len(found_texts(index, hashed, "nuage")) == 9

    def test_it_goes_on_when_told(self, home: Path, corpus: Path, hashed: HashedEmbedder) -> None:
        remove(corpus, 8)
        with pytest.raises(DeletionsError):
            run(home, corpus, hashed)

        assert len(run(home, corpus, hashed, allow_deletions=True).deleted) == 8
        assert held(home) == {"live": 1, "catalog": 1, "vectors": 1, "lexical": 1, "pending": 0}

    def test_a_dry_run_says_so(self, home: Path, corpus: Path) -> None:
        remove(corpus, 4)

        report = foreseen(home, corpus)
        allowed = foreseen(home, corpus, allow_deletions=True)

        assert report.stopped is not None
        assert f"would stop: {report.stopped}" in list(ingest_lines(report))
        assert (len(report.deleted), allowed.stopped) == (4, None)

    def test_a_dry_run_lists_every_article_that_would_go(self, tmp_path: Path, hashed: HashedEmbedder) -> None:
        """As the message that stops a run promises; a run that has deleted them names the first ones."""
        names = [f"n{number:02}" for number in range(14)]
        for name in names:
            write_article(tmp_path / "many", name, text(name))
        run(tmp_path / "home-of-many", tmp_path / "many", hashed)
        for name in names[:13]:
            (tmp_path / "many" / f"{name}.md").unlink()

        lines = list(ingest_lines(foreseen(tmp_path / "home-of-many", tmp_path / "many")))
        done = list(ingest_lines(run(tmp_path / "home-of-many", tmp_path / "many", hashed, allow_deletions=True)))

        assert [line for line in lines if line.startswith("deleted: ")] == [f"deleted: {name}" for name in names[:13]]
        assert "deleted: and 3 more" in done

    def test_a_third_is_deleted_unasked(self, home: Path, corpus: Path, hashed: HashedEmbedder) -> None:
        remove(corpus, 3)

        assert len(run(home, corpus, hashed).deleted) == 3

    def test_two_of_few_are_deleted_unasked(self, tmp_path: Path, hashed: HashedEmbedder) -> None:
        for name in ("un", "deux", "trois"):
            write_article(tmp_path / "few", name, text(name))
        run(tmp_path / "home-of-few", tmp_path / "few", hashed)
        for name in ("un", "deux"):
            (tmp_path / "few" / f"{name}.md").unlink()

        assert len(run(tmp_path / "home-of-few", tmp_path / "few", hashed).deleted) == 2

    def test_other_ids_for_the_same_texts_are_no_loss(self, home: Path, corpus: Path, hashed: HashedEmbedder) -> None:
        for name in NAMES:
            write_article(corpus, name, text(name), title=f"Titre {name}", id=f"numero-{name}")

        report = run(home, corpus, hashed)

        assert (len(report.added), len(report.deleted), report.chunks) == (9, 9, 9)

    def test_another_corpus(self, home: Path, tmp_path: Path, hashed: HashedEmbedder) -> None:
        """TCC_CORPUS that points elsewhere does not empty the index without a word."""
        other = write_article(tmp_path / "other", "x", "Tout autre chose.").parent

        with pytest.raises(DeletionsError, match="9 of the 9"):
            run(home, other, hashed)


class TestCopies:
    def test_of_three_identical_files_the_first_is_edited(
        self, home: Path, corpus: Path, hashed: HashedEmbedder
    ) -> None:
        for name in ("un-bis", "un-ter"):
            write(corpus / f"{name}.md", (corpus / "un.md").read_bytes())
        run(home, corpus, hashed)
        write_article(corpus, "un", "Un tout autre texte.", title="Titre un")

        report = run(home, corpus, hashed)
        again = run(home, corpus, hashed)

        assert (report.changed, report.added, report.chunks) == (["un"], ["un-bis"], 10)
        assert again.unchanged == 10
        assert (again.duplicates, again.deleted, again.generation) == (report.duplicates, [], report.generation)
        assert report.duplicates == [{"path": "un-ter.md", "duplicate_of": "un-bis"}]

    @pytest.mark.parametrize("other", ["\n\nUn ", "Un\u00a0", "Un  "])
    def test_a_copy_with_other_white_space(self, home: Path, corpus: Path, hashed: HashedEmbedder, other: str) -> None:
        """It is a duplicate, also where the original is read by the same run."""
        write_article(corpus, "dix", "Un texte à copier.")
        write_article(corpus, "onze", "Un texte à copier.".replace("Un ", other))

        assert run(home, corpus, hashed).duplicates == [{"path": "onze.md", "duplicate_of": "dix"}]
        assert run(home, corpus, hashed).duplicates == [{"path": "onze.md", "duplicate_of": "dix"}]

    def test_a_copy_of_an_article_whose_file_fails(self, home: Path, corpus: Path, hashed: HashedEmbedder) -> None:
        write(corpus / "copie.md", (corpus / "un.md").read_bytes())
        write(corpus / "un.md", b"")

        assert run(home, corpus, hashed).duplicates == [{"path": "copie.md", "duplicate_of": "un"}]

    def test_an_article_from_elsewhere_that_takes_a_place(
        self, home: Path, tmp_path: Path, corpus: Path, hashed: HashedEmbedder
    ) -> None:
        """A PATH whose name is that of another article says which one it replaces."""
        note = write_article(tmp_path / "ailleurs", "un", "Une note qui s’appelle un.")

        (notice,) = (n for n in run(home, corpus, hashed, note).notices if n["path"] == str(note))

        assert f"replaces 'un', which came from {corpus / 'un.md'}" in notice["message"]


class TestRebuilds:
    def test_what_came_by_path_and_what_was_renamed(
        self, home: Path, tmp_path: Path, corpus: Path, hashed: HashedEmbedder
    ) -> None:
        """A rebuild keeps both with their ids, embeds all of it and says what it did by name."""
        run(home, corpus, hashed, write_article(tmp_path / "ailleurs", "note", "Une note à part du nuage."))
        (corpus / "un.md").rename(corpus / "renommé.md")
        run(home, corpus, hashed)

        report = run(home, corpus, hashed, rebuild=True)

        with closing(open_index(home, hashed)) as index:
            assert {index.article(name) is not None for name in ("note", "un")} == {True}
            assert index.article("renommé") is None
            assert len(found_texts(index, hashed, "nuage")) == report.embedded == 10
        assert (report.unchanged, report.added, report.deleted) == (9, [], [])
        assert run(home, corpus, hashed).unchanged == 9
