"""What `NAME.meta.yaml` says of a file beside it, and tables whose rows are articles."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from builders import is_fresh, run, write
from corpus import format_files as made
from fakes import HashedEmbedder
from trusted_cloud_chat.corpus import corpus_files, kinds_of, read_article, read_articles
from trusted_cloud_chat.errors import ArticleError
from trusted_cloud_chat.schema import Article

DAY = date(2026, 12, 31)
ROWS = f"Titre;Texte;Date;Lien\nUn;{made.FIRST};2024-01-02;https://a.fr/1\nDeux;{made.SECOND};03/02/2024;\n"


def read(path: Path, **options: Any) -> Article:
    return read_article(path, path.parent, today=DAY, **{"allow_undated": False, **options})


def rows(path: Path, **options: Any) -> tuple[list[Article], list[str]]:
    left_out: list[str] = []
    told = {"allow_undated": False, "left_out": left_out, **options}
    return read_articles(path, path.parent, today=DAY, **told), left_out


def reason(path: Path) -> str:
    with pytest.raises(ArticleError) as error:
        rows(path)
    return str(error.value)


class TestCompanion:
    @pytest.mark.parametrize("beside", ["bleu{}.meta.yaml", "bleu.meta.yaml"])
    @pytest.mark.parametrize(
        ("suffix", "content"),
        [(".html", made.PAGE), (".txt", made.FIRST), (".md", f"---\ntitle: x\ndate: 2020\n---\n{made.FIRST}")],
    )
    def test_sets_and_overrides(self, tmp_path: Path, beside: str, suffix: str, content: str) -> None:
        """Whatever the format, under the file's whole name or without its suffix."""
        path = write(tmp_path / f"bleu{suffix}", content)
        write(
            tmp_path / beside.format(suffix),
            "Title: Un titre\ndate: 2025-06-01\npublisher: L’éditeur\nurl: https://b.fr\nid: bleu-1\nlanguage: en\n"
            "source_type: press\nsources:\n  - publisher: LeMagIT\n    url: https://c.fr\n",
        )

        article = read(path)

        assert (article.title, str(article.date), article.publisher) == ("Un titre", "2025-06-01", "L’éditeur")
        assert (article.url, article.article_id, article.language) == ("https://b.fr", "bleu-1", "en")
        assert (article.source_type, article.sources[0].publisher) == ("press", "LeMagIT")
        assert made.FIRST in article.text

    def test_leaves_what_it_does_not_say(self, tmp_path: Path) -> None:
        write(tmp_path / "a.html.meta.yaml", "---\ndate: 2024\n")

        article = read(write(tmp_path / "a.html", made.PAGE))

        assert (str(article.date), article.publisher) == ("2024", "Le Nuage")

    @pytest.mark.parametrize(
        ("said", "why"),
        [
            ("titel: x", "titel"), ("date: demain", "date"), ("- x", "key: value"), ("a: [", "line 2"), ("a: &x 1", "line 1"),
            ("title: é".encode("latin-1"), "UTF-8"), ("a: 1\n" * 20_000, "64 KB"), ("date: 2024-02-31", "date"),
        ],
    )  # fmt: skip
    def test_that_is_unfit_is_named_with_the_reason(self, tmp_path: Path, said: str | bytes, why: str) -> None:
        write(tmp_path / "a.txt.meta.yaml", said)
        path = write(tmp_path / "a.txt", made.FIRST)

        with pytest.raises(ArticleError, match=r"^a\.txt\.meta\.yaml: ") as error:
            read(path)

        assert why in str(error.value)
        assert "front matter" not in str(error.value)

    def test_is_no_file_of_another_kind(self, tmp_path: Path) -> None:
        write(tmp_path / "a.txt", made.FIRST)
        write(tmp_path / "a.meta.yaml", "date: 2024")
        write(tmp_path / "b.yaml", "date: 2024")

        others: set[Path] = set()
        assert [file.name for file in corpus_files(tmp_path, others)] == ["a.txt"]
        assert kinds_of(others) == {".yaml": 1}

    def test_that_changes_makes_the_index_old(self, tmp_path: Path, hashed: HashedEmbedder) -> None:
        corpus = tmp_path / "corpus"
        write(corpus / "a.txt", made.FIRST)
        beside = write(corpus / "a.meta.yaml", "date: 2024")
        run(tmp_path / "home", corpus, hashed)
        assert is_fresh(tmp_path / "home", corpus)

        write(beside, "date: 2023")

        assert not is_fresh(tmp_path / "home", corpus)


class TestTables:
    def test_each_row_is_an_article(self, tmp_path: Path) -> None:
        notices: list[str] = []
        articles, left_out = rows(write(tmp_path / "faq.csv", ROWS), notices=notices)

        assert [(a.title, a.text, str(a.date), a.url) for a in articles] == [
            ("Un", made.FIRST, "2024-01-02", "https://a.fr/1"), ("Deux", made.SECOND, "2024-02-03", None)
        ]  # fmt: skip
        assert {a.path for a in articles} == {"faq.csv"}
        assert all(a.article_id.startswith("faq/") for a in articles)
        assert left_out == []
        assert "title: Titre, text: Texte, date: Date, url: Lien" in notices[0]

    def test_its_description_says_which_column_is_what(self, tmp_path: Path) -> None:
        write(
            tmp_path / "faq.csv.meta.yaml",
            'columns: {id: N, title: Q, text: [Q, R]}\ndelimiter: "|"\ndate: 2024-05\npublisher: Mairie\n',
        )
        path = write(tmp_path / "faq.csv", 'N|Q|R\n7|Quand ?|"Le lundi,\nle mardi."\n8|Où ?|À la mairie.\n')

        articles, _ = rows(path)

        assert [(a.article_id, a.title, a.text) for a in articles] == [
            ("faq/7", "Quand ?", "Quand ?\n\nLe lundi,\nle mardi."), ("faq/8", "Où ?", "Où ?\n\nÀ la mairie.")
        ]  # fmt: skip
        assert {(str(a.date), a.publisher) for a in articles} == {("2024-05", "Mairie")}

    def test_objects_a_line(self, tmp_path: Path) -> None:
        write(tmp_path / "a.meta.yaml", "columns: {id: _id, text: corps, date: meta.jour}\n")
        lines = [
            {"_id": n, "corps": [made.FIRST, f"Fin {n}."], "meta": {"jour": "2024-01-02T10:00:00Z"}} for n in (1, 2)
        ]

        articles, _ = rows(write(tmp_path / "a.jsonl", "\n".join(map(json.dumps, lines))))

        assert [(a.article_id, str(a.date)) for a in articles] == [("a/1", "2024-01-02"), ("a/2", "2024-01-02")]
        assert articles[1].text == f"{made.FIRST}\n\nFin 2."

    def test_the_rows_that_are_no_article_are_told_and_the_others_kept(self, tmp_path: Path) -> None:
        lines = [
            '{"text": "Un texte.", "date": "2024"}', "{", "[1]", '{"text": "Autre texte.", "date": "bientôt"}',
            '{"text": "Un texte.", "date": "2024"}', '{"text": "", "date": "2024"}', '{"text": "Sans date."}',
        ]  # fmt: skip

        articles, left_out = rows(write(tmp_path / "a.jsonl", "\n".join(lines)))

        assert [a.text for a in articles] == ["Un texte."]
        assert left_out[0].startswith("6 of 7 rows are not articles: line 2: does not parse as JSON")
        assert "and 3 more" in left_out[0]

    @pytest.mark.parametrize(
        ("content", "why"),
        [
            ("a;b\n", "no row"), ("", "empty"), ("text\n", "no row"),
            ('text,date\n"abc,2024\n', "does not parse as CSV"),
        ],
    )  # fmt: skip
    def test_what_is_missing_is_asked_for(self, tmp_path: Path, content: str, why: str) -> None:
        assert why in reason(write(tmp_path / "a.csv", content))

    def test_a_table_of_figures_is_one_article(self, tmp_path: Path) -> None:
        """No column is a text: its rows stand below the names of the columns."""
        told: list[str] = []
        path = write(tmp_path / "zones-2024.csv", "CODE;Commune;Zone\n01001;Bourg;C\n\n01002;Viriat;B1\n")

        article = read(path, allow_undated=True, notices=told)

        assert article.title == "zones 2024"
        assert (
            article.text == "| CODE | Commune | Zone |\n|---|---|---|\n| 01001 | Bourg | C |\n| 01002 | Viriat | B1 |"
        )
        assert "read as one table: zones-2024.csv.meta.yaml beside it can say which column is the text" in told[0]

    def test_objects_without_a_text(self, tmp_path: Path) -> None:
        assert "which column is the text? there are a, b" in reason(write(tmp_path / "a.jsonl", '{"a": 1, "b": 2}'))

    def test_a_column_that_is_not_there(self, tmp_path: Path) -> None:
        write(tmp_path / "a.csv.meta.yaml", "columns: {text: Corps}")

        assert "no column 'Corps'" in reason(write(tmp_path / "a.csv", ROWS))

    def test_a_row_whose_date_cannot_be_read_is_undated(self, tmp_path: Path) -> None:
        told: list[str] = []
        path = write(tmp_path / "faq.csv", "id;texte;date\n1;Un texte.;2024\n2;Un autre.;jamais\n")
        rows = read_articles(path, tmp_path, allow_undated=True, today=DAY, notices=told)

        assert [row.date and str(row.date) for row in rows] == ["2024", None]
        assert "the dates of 1 of 2 rows are not understood: expected 2024-01-15" in told

    def test_one_edited_row_is_embedded_alone(self, tmp_path: Path, hashed: HashedEmbedder) -> None:
        corpus, home = tmp_path / "corpus", tmp_path / "home"
        path = write(corpus / "faq.csv", "id;texte;date\n1;Un texte.;2024\n2;Un autre.;2024\n3;Le dernier.;2024\n")
        first = run(home, corpus, hashed)
        write(path, "id;texte;date\n1;Un texte.;2024\n2;Un autre, revu.;2024\n3;Le dernier.;jamais\n")
        second = run(home, corpus, hashed, allow_undated=False)
        write(path, "id;texte;date\n1;Un texte.;2024\n2;Un autre, revu.;2024\n")
        third = run(home, corpus, hashed, allow_undated=False)

        assert (first.added, first.embedded) == (["faq/1", "faq/2", "faq/3"], 3)
        assert (second.changed, second.unchanged, second.embedded, second.deleted) == (["faq/2"], 1, 1, [])
        assert [f["path"] for f in second.failed] == ["faq.csv"]
        assert (third.unchanged, third.deleted, third.failed) == (2, ["faq/3"], [])
