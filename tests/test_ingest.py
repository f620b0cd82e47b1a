from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from unittest.mock import patch

import pytest

from builders import by_the_clock, held, is_fresh, open_index, run, write, write_article, write_tiny_corpus
from fakes import HashedEmbedder
from trusted_cloud_chat.errors import CorpusNotFoundError
from trusted_cloud_chat.index import catalog
from trusted_cloud_chat.ingestion import IngestReport
from trusted_cloud_chat.output.reporting import ingest_lines

TEXT = "Le fournisseur est qualifié depuis janvier. Il ouvre un centre à Lille."


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Three articles of one chunk each."""
    folder = tmp_path / "corpus"
    for name in ("un", "deux", "trois"):
        write_article(folder, name, f"L’article {name} parle du nuage {name}. {TEXT}", title=f"Titre {name}")
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def what(report: IngestReport) -> dict[str, object]:
    """The parts of a report that are not empty, timings and totals left out."""
    kept = {k: v for k, v in asdict(report).items() if k not in ("seconds", "generation", "chunks", "notices", "new")}
    return {key: value for key, value in kept.items() if value}


class TestWhatARunDoes:
    def test_a_first_run_adds_all(self, home: Path, corpus: Path, hashed: HashedEmbedder) -> None:
        """Every article is added and embedded; the report counts what the index holds."""
        report = run(home, corpus, hashed)

        assert what(report) == {"added": ["deux", "trois", "un"], "embedded": 3}
        assert (report.generation, report.chunks) == (1, 3)

    def test_nothing_changed_embeds_nothing(self, home: Path, corpus: Path, hashed: HashedEmbedder) -> None:
        """A second run over the same files embeds no text, keeps the generation and says so."""
        run(home, corpus, hashed)
        hashed.passages.clear()

        report = run(home, corpus, hashed)

        assert what(report) == {"unchanged": 3}
        assert (hashed.passages, report.generation, report.chunks) == ([], 1, 3)

    def test_the_catalog_is_opened_once_to_read_and_once_to_write(
        self, home: Path, corpus: Path, hashed: HashedEmbedder
    ) -> None:
        run(home, corpus, hashed)
        with patch.object(catalog, "connect", wraps=catalog.connect) as opened:
            run(home, corpus, hashed)

        assert [call.kwargs["read_only"] for call in opened.call_args_list] == [True, False]

    @pytest.mark.parametrize(
        "change",
        [{"text": "Un autre texte."}, {"title": "Un autre titre"}, {"date": "2025-01"}],
        ids=["text", "title", "date"],
    )
    def test_text_title_or_date_is_embedded_again(
        self, home: Path, corpus: Path, hashed: HashedEmbedder, change: dict[str, str]
    ) -> None:
        """A change of what is embedded embeds that article again, and no other."""
        fields = {"text": f"L’article un parle du nuage un. {TEXT}", "title": "Titre un", **change}
        run(home, corpus, hashed)
        write_article(corpus, "un", **fields)

        assert what(run(home, corpus, hashed)) == {"changed": ["un"], "unchanged": 2, "embedded": 1}
        assert held(home)["vectors"] == 3

    @pytest.mark.parametrize(
        "label",
        [{"publisher": "Gazette"}, {"url": "https://x.example"}, {"source_type": "presse"},
         {"sources": [{"publisher": "LeMagIT"}]}],
        ids=lambda label: next(iter(label)),
    )  # fmt: skip
    def test_labels_are_changed_without_embedding(
        self, home: Path, corpus: Path, hashed: HashedEmbedder, label: dict[str, object]
    ) -> None:
        """A change of publisher, URL, type or sources embeds nothing and is seen at the next question."""
        run(home, corpus, hashed)
        write_article(corpus, "un", f"L’article un parle du nuage un. {TEXT}", title="Titre un", **label)

        report = run(home, corpus, hashed)

        assert what(report) == {"changed": ["un"], "unchanged": 2}
        assert report.generation == 2
        index = open_index(home, hashed)
        article = index.article("un")
        index.close()
        assert article is not None
        assert getattr(article, next(iter(label)))

    def test_another_language_is_analysed_anew(self, home: Path, corpus: Path, hashed: HashedEmbedder) -> None:
        """An article relabelled as English is found by the stems of English."""
        write_article(corpus, "four", "Providers were qualified.", title="Four", language="fr")
        run(home, corpus, hashed)
        write_article(corpus, "four", "Providers were qualified.", title="Four", language="en")
        run(home, corpus, hashed)

        index = open_index(home, hashed)
        hits = index.read(lambda snapshot: snapshot.matching({"qualifi": 1.0, "provid": 1.0}, 10))
        index.close()

        assert "four" in {hit.split("@")[0] for hit, _ in hits[:1]}

    def test_a_file_that_is_gone_is_deleted(self, home: Path, corpus: Path, hashed: HashedEmbedder) -> None:
        """A whole run deletes the articles of the corpus whose file is gone, from all three stores."""
        run(home, corpus, hashed)
        (corpus / "deux.md").unlink()

        assert what(run(home, corpus, hashed)) == {"deleted": ["deux"], "unchanged": 2}
        assert held(home) == {"live": 2, "catalog": 2, "vectors": 2, "lexical": 2, "pending": 0}

    def test_a_run_with_paths_deletes_nothing(self, home: Path, corpus: Path, hashed: HashedEmbedder) -> None:
        """PATHs add or update; what they do not name stays, though its file is gone."""
        run(home, corpus, hashed)
        (corpus / "deux.md").unlink()
        write_article(corpus, "un", "Un autre texte.")

        assert what(run(home, corpus, hashed, corpus / "un.md")) == {"changed": ["un"], "embedded": 1}
        assert held(home)["live"] == 3

    def test_what_came_from_elsewhere_is_not_deleted(
        self, home: Path, corpus: Path, hashed: HashedEmbedder, tmp_path: Path
    ) -> None:
        """A whole run leaves alone what was added by PATH from outside of the corpus."""
        run(home, corpus, hashed)
        run(home, corpus, hashed, write_article(tmp_path / "ailleurs", "note", "Une note à part."))

        report = run(home, corpus, hashed)

        assert what(report) == {"unchanged": 3}
        assert report.chunks == 4

    def test_a_copy_is_not_a_renamed_file(self, home: Path, corpus: Path, hashed: HashedEmbedder) -> None:
        """A PATH with the text of an article whose file is still there is a duplicate of it."""
        run(home, corpus, hashed)
        copy = write(corpus / "copie.md", (corpus / "un.md").read_bytes())

        report = run(home, corpus, hashed, copy)

        assert what(report) == {"duplicates": [{"path": "copie.md", "duplicate_of": "un"}]}

    def test_another_id_replaces_the_article(self, home: Path, corpus: Path, hashed: HashedEmbedder) -> None:
        """A file that is given an `id` of its own is that article from then on, and not two."""
        run(home, corpus, hashed)
        write_article(corpus, "un", f"L’article un parle du nuage un. {TEXT}", title="Titre un", id="premier")

        report = run(home, corpus, hashed)

        assert (report.added, report.deleted, report.chunks) == (["premier"], ["un"], 3)

    def test_two_files_with_the_same_text(self, home: Path, corpus: Path, hashed: HashedEmbedder) -> None:
        """One becomes an article, the other is listed with the id that it repeats; line ends do not count."""
        body = (corpus / "un.md").read_text()
        write(corpus / "zero.md", body.replace("Titre un", "Titre zéro").replace("\n", "\r\n"))

        assert what(run(home, corpus, hashed))["duplicates"] == [{"path": "zero.md", "duplicate_of": "un"}]
        assert what(run(home, corpus, hashed)) == {
            "unchanged": 3, "duplicates": [{"path": "zero.md", "duplicate_of": "un"}],
        }  # fmt: skip


class TestBadFiles:
    def test_one_bad_file_never_stops_the_others(self, home: Path, corpus: Path, hashed: HashedEmbedder) -> None:
        """Each file that cannot be read is listed with its reason; all the others are in."""
        bad = {
            "vide.md": b"", "nul.txt": b"date 2024 a\x00b", "sans-date.md": TEXT.encode(), "yaml.md": b"---\na: b: c\n---\nx",
            "futur.md": b"---\ndate: 2031\n---\nx", "pas-date.md": b"---\ndate: hier\n---\nx",
            "fevrier.md": b"---\ndate: 2024-02-31\n---\nx", "ouvert.md": b"---\ndate: 2024\nx",
            "profond.md": b"---\na: " + b"[" * 4000 + b"\n---\nx",
        }  # fmt: skip
        for name, content in bad.items():
            write(corpus / name, content)

        report = run(home, corpus, hashed, allow_undated=False)

        assert sorted(report.added) == ["deux", "trois", "un"]
        assert {failure["path"] for failure in report.failed} == set(bad)
        assert all(failure["reason"] and "\n" not in failure["reason"] for failure in report.failed)

    def test_what_is_of_no_known_kind_is_counted(self, home: Path, corpus: Path, hashed: HashedEmbedder) -> None:
        """Files of other kinds are no failures, and are not passed over without a word; hidden ones are."""
        for name in ("a.key", "sous/b.KEY", "c.png", "LISEZMOI", ".cache/d.key", ".e.key", "README.png", "README"):
            write(corpus / name, b"PK\x03\x04")

        report = run(home, corpus, hashed)
        some = run(home, corpus, hashed, corpus / "sous", corpus / "un.md")

        assert (report.failed, report.skipped) == ([], {".key": 2, ".png": 1, "": 1})
        assert some.skipped == {".key": 1}
        assert "skipped: 1 .key (formats read: .csv, .docx, .eml," in "\n".join(ingest_lines(some))
        assert any("2 .key, 1 .png, 1 without a suffix" in line for line in ingest_lines(report))

    def test_two_files_with_one_id(self, home: Path, corpus: Path, hashed: HashedEmbedder) -> None:
        write_article(corpus, "x", "Premier texte.", id="un")

        (failure,) = run(home, corpus, hashed).failed

        assert failure["path"] == "x.md"
        assert "'un' is taken by un.md" in failure["reason"]

    def test_two_kinds_of_file_of_one_name(self, home: Path, corpus: Path, hashed: HashedEmbedder) -> None:
        """The second is called by its whole name, run after run, also when the one that was first has come later."""
        write(corpus / "un.txt", "Un tout autre texte sur le nuage.")

        first, again = run(home, corpus, hashed), run(home, corpus, hashed)
        write(corpus / "un.csv", "texte;date\nUn tableau.;2024\n")
        write(corpus / "un.html", "<html><body><p>Une page du même nom sur le nuage.</p></body></html>")
        later = run(home, corpus, hashed)

        assert (first.failed, "un.txt" in first.added, "un" in first.added) == ([], True, True)
        assert any("'un' is that of un.md" in line for line in ingest_lines(first))
        assert (again.unchanged, again.added, again.changed, again.deleted) == (len(first.added), [], [], [])
        assert (later.failed, later.changed, later.deleted) == ([], [], [])
        assert "un.html" in later.added

    def test_a_file_that_fails_keeps_what_is_stored(self, home: Path, corpus: Path, hashed: HashedEmbedder) -> None:
        """An article whose file breaks stays as it was until the file is mended."""
        run(home, corpus, hashed)
        before = (corpus / "un.md").read_bytes()
        write(corpus / "un.md", "---\ndate: 2031\n---\nx")

        report = run(home, corpus, hashed)
        write(corpus / "un.md", before)

        assert [f["path"] for f in report.failed] == ["un.md"]
        assert (report.deleted, report.chunks) == ([], 3)
        assert what(run(home, corpus, hashed)) == {"unchanged": 3}

    def test_a_file_whose_own_id_is_lost_keeps_what_is_stored(
        self, home: Path, corpus: Path, hashed: HashedEmbedder
    ) -> None:
        """A broken file of an article that is named otherwise than its path does not delete it."""
        write_article(corpus, "quatre", "Quatrième texte.", id="numero-4")
        run(home, corpus, hashed)
        write(corpus / "quatre.md", b"")

        assert run(home, corpus, hashed).deleted == []

    def test_a_name_that_is_not_utf_8(self, home: Path, corpus: Path, hashed: HashedEmbedder) -> None:
        """A file name in an old encoding fails by itself, and its report can be printed."""
        raw = bytes(corpus) + "/résumé.md".encode("cp1252")
        with open(raw, "wb") as file:  # noqa: PTH123  (pathlib does not take bytes)
            file.write((corpus / "un.md").read_bytes().replace(b"nuage un", b"nuage quatre"))

        report = run(home, corpus, hashed)

        (failure,) = report.failed
        assert "UTF-8" in failure["reason"]
        assert "\n".join(ingest_lines(report)).encode()
        assert len(report.added) == 3

    def test_an_odd_encoding_is_a_notice(self, home: Path, corpus: Path, hashed: HashedEmbedder) -> None:
        """A file that is not UTF-8 is in, and the report says how it was read."""
        text = "date 2024 Le fournisseur a été qualifié à Nîmes, après un été agité."
        write(corpus / "ancien.txt", text.encode("cp1252"))

        report = run(home, corpus, hashed)

        assert {"path": "ancien.txt", "message": "read as cp1252, not UTF-8"} in report.notices
        assert "ancien" in report.added

    def test_undated_articles_are_in_and_told_in_one_line(
        self, home: Path, corpus: Path, hashed: HashedEmbedder
    ) -> None:
        write_article(corpus, "sans", "Un texte sans date.", date=None)
        write_article(corpus, "sans-non-plus", "Un autre texte sans date.", date=None)

        assert len(run(home, corpus, hashed, allow_undated=False).failed) == 2
        report = run(home, corpus, hashed)
        assert sorted(report.added) == ["sans", "sans-non-plus"]
        told = [n["message"] for n in report.notices if n.get("kind") == "lacks_date"]
        assert len(told) == 1
        assert told[0].startswith("2 articles have no date: sans")

    @pytest.mark.parametrize("make", [True, False])
    def test_no_corpus(self, home: Path, tmp_path: Path, hashed: HashedEmbedder, make: bool) -> None:
        """A corpus that is missing or empty stops the run, and deletes nothing."""
        folder = write_tiny_corpus(tmp_path / "tiny")
        run(home, folder, hashed)
        for path in sorted(folder.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        if not make:
            folder.rmdir()

        with pytest.raises(CorpusNotFoundError, match="TCC_CORPUS"):
            run(home, folder, hashed)
        assert held(home)["live"] == 6


class TestFreshness:
    def test_after_a_whole_run(self, home: Path, corpus: Path, hashed: HashedEmbedder, tiny_corpus: Path) -> None:
        """Of this corpus, and not before; adding one file is none. A doubt is answered with no: the run that follows says what is wrong."""
        assert not is_fresh(home, corpus)
        run(home, corpus, hashed, corpus / "un.md")
        assert not is_fresh(home, corpus)
        run(home, corpus, hashed)
        assert (is_fresh(home, corpus), is_fresh(home, tiny_corpus)) == (True, False)
        (home / "index/1/catalog.db").unlink()
        assert not is_fresh(home, corpus)

    @pytest.mark.parametrize("change", ["edit", "add", "delete", "add in a folder"])
    def test_after_a_change(self, home: Path, corpus: Path, hashed: HashedEmbedder, change: str) -> None:
        (corpus / "sous").mkdir()
        write_article(corpus, "sous/quatre", "Quatrième texte.")
        run(home, corpus, hashed)
        changes = {
            "edit": lambda: write_article(corpus, "un", "Autre."),
            "add": lambda: write_article(corpus, "cinq", "Cinquième."),
            "delete": (corpus / "un.md").unlink,
            "add in a folder": lambda: write_article(corpus, "sous/cinq", "Cinquième."),
        }
        by_the_clock(corpus, changes[change])

        assert not is_fresh(home, corpus)

    def test_a_run_with_failures_is_not_fresh(self, home: Path, corpus: Path, hashed: HashedEmbedder) -> None:
        """A run in which a file failed is done again, so that its message comes again."""
        write(corpus / "vide.md", b"")
        run(home, corpus, hashed)

        assert not is_fresh(home, corpus)


def test_the_same_of_many_files_is_told_in_one_line() -> None:
    report = IngestReport()
    for name in ("a", "b", "c", "d"):
        told = f"guessed: publisher x.fr (the address of the page); {name}.html.meta.yaml beside it overrides this"
        report.notices.append({"path": f"pages/{name}.html", "message": told})

    assert [line for line in ingest_lines(report) if line.startswith("note")] == [
        "note: pages/a.html, pages/b.html, pages/c.html and 1 more: guessed: publisher x.fr (the address of the page); "
        "NAME.meta.yaml beside it overrides this"
    ]


def test_the_report_for_people(home: Path, corpus: Path, hashed: HashedEmbedder) -> None:
    """The printed report has the counts on its first line, then what needs attention, long lists cut."""
    write(corpus / "vide.md", b"")
    write(corpus / "zero.md", (corpus / "un.md").read_bytes())
    for n in range(12):
        write_article(corpus, f"long-{n:02}", f"Texte numéro {n} du nuage.")

    lines = list(ingest_lines(run(home, corpus, hashed)))

    assert lines[0].startswith(
        "generation 1: 15 added, 0 changed, 0 unchanged, 0 deleted, 1 duplicate, 1 failed; 15 chunks"
    )
    assert "added: and 5 more" in lines
    assert "note: articles: 15 articles have no url: deux, long-00, long-01 (+12); " in "\n".join(lines)
    assert any(line.endswith("or to NAME.meta.yaml beside the file") for line in lines)
    assert "duplicate: zero.md has the text of un" in lines
    assert "failed: vide.md: the file is empty: expected the text of an article" in lines
