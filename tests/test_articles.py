from __future__ import annotations

import sys
import unicodedata
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from builders import TODAY, write, write_article
from trusted_cloud_chat.corpus import corpus_files, files_at, read_article
from trusted_cloud_chat.corpus.front_matter import split_front_matter
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.errors import ArticleError, CorpusNotFoundError
from trusted_cloud_chat.language.normalise import printable
from trusted_cloud_chat.schema import Article, Source

TEXT = "L’hébergeur qualifié a été créé à Nîmes en février : « 24 % du marché », dit-il. La société grandit."


def read(path: Path, root: Path, **options: bool) -> Article:
    return read_article(path, root, today=TODAY, **{"allow_undated": False, **options})


def read_noticed(path: Path) -> tuple[Article, list[str]]:
    notices: list[str] = []
    article = read_article(path, path.parent, allow_undated=False, today=TODAY, notices=notices)
    return article, notices


def reason(path: Path) -> str:
    with pytest.raises(ArticleError) as caught:
        read(path, path.parent)
    return str(caught.value)


class TestMarkdown:
    def test_every_field_is_read(self, tmp_path: Path) -> None:
        """The front matter gives the article its id, labels and sources; the body is the text."""
        path = write_article(
            tmp_path, "a", TEXT, date="2025-03-12", id="mon-id", title="Un titre", publisher="Gazette", language="fr",
            url="https://gazette.example/a", source_type="presse", sources=[{"publisher": "LeMagIT", "date": "2025-03"}],
        )  # fmt: skip

        article = read(path, tmp_path)

        assert article == Article(
            article_id="mon-id", version=article.version, title="Un titre", text=TEXT + "\n",
            date=PartialDate(2025, 3, 12), publisher="Gazette", url="https://gazette.example/a", language="fr",
            source_type="presse", sources=(Source("LeMagIT", date=PartialDate(2025, 3)),), path="a.md",
        )  # fmt: skip

    def test_what_is_not_stated_is_null(self, tmp_path: Path) -> None:
        """An unknown publisher, URL or kind of source is null, never guessed."""
        article = read(write_article(tmp_path, "a", TEXT), tmp_path)

        assert (article.publisher, article.url, article.source_type, article.sources) == (None, None, None, ())

    @pytest.mark.parametrize(
        ("written", "kept"),
        [("2024", "2024"), ("2024-01", "2024-01"), ("2024-1-5", "2024-01-05"), ("2024-01-15", "2024-01-15"),
         ("'2024-01-15'", "2024-01-15"), ("2024-01-15 10:30:00", "2024-01-15"), ("1er octobre 2024", "2024-10-01"),
         ("15/01/2024", "2024-01-15"), ("January 2024", "2024-01"), ("2024-01-15T08:00:00Z", "2024-01-15"), ("20240115", "2024-01-15"),
         ("2024-01-15~", "2024-01-15~")],
    )  # fmt: skip
    def test_a_date_keeps_its_precision(self, tmp_path: Path, written: str, kept: str) -> None:
        """A year stays a year and a month a month, in every way that YAML reads them: at the head, of a source, beside a file."""
        path = write(
            tmp_path / "a.md", f"---\ndate: {written}\nsources: [{{publisher: A, date: {written}}}]\n---\n{TEXT}\n"
        )
        write(tmp_path / "b.md.meta.yaml", f"date: {written}\n")

        article, other = read(path, tmp_path), read(write(tmp_path / "b.md", TEXT), tmp_path)

        assert [str(one.date) for one in (article, other, *article.sources)] == [kept] * 3

    def test_the_body_is_kept_as_it_is(self, tmp_path: Path) -> None:
        """Typography, blank lines and Markdown stay; offsets count in them."""
        body = "\n# Titre\n\n«\u00a0Été\u00a0», 1,2\u202fMd€…  \n\n- un\n"
        path = write(tmp_path / "a.md", f"---\ndate: 2024\n---\n{body}")

        assert read(path, tmp_path).text == body

    def test_windows_newlines_become_lf(self, tmp_path: Path) -> None:
        """CRLF and CR are LF in the stored text, in the front matter too."""
        path = write(tmp_path / "a.md", b"---\r\ndate: 2024-01\r\ntitle: Un\r\n---\r\nUn.\r\nDeux.\rTrois.")

        article = read(path, tmp_path)

        assert (article.title, article.text) == ("Un", "Un.\nDeux.\nTrois.")

    def test_unknown_keys_are_left_alone(self, tmp_path: Path) -> None:
        """A user's own keys do not keep an article out."""
        assert read(write_article(tmp_path, "a", TEXT, tags=["x"], auteur="Y"), tmp_path).text == TEXT + "\n"

    def test_markdown_without_front_matter_needs_a_date_line(self, tmp_path: Path) -> None:
        """A Markdown file may carry its date in the first line, as plain text does."""
        article = read(write(tmp_path / "a.md", f"date 2024-01 {TEXT}"), tmp_path)

        assert (article.date, article.text) == (PartialDate(2024, 1), TEXT)

    def test_language_is_detected_when_not_stated(self, tmp_path: Path) -> None:
        """An English article without `language` is English."""
        path = write_article(tmp_path, "a", "The provider opened its region in January. It is the first of its kind.")

        assert read(path, tmp_path).language == "en"

    @given(
        st.fixed_dictionaries(
            {"title": st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=30)},
            optional={
                "publisher": st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=30),
                "language": st.sampled_from(("fr", "en")),
                "date": st.dates().map(str) | st.integers(1000, 9999),
            },
        ),
        st.text(st.characters(exclude_characters="\r", exclude_categories=("Cs",)), max_size=60),
    )
    def test_front_matter_round_trip(self, fields: dict[str, object], body: str) -> None:
        """Whatever is written between the dashes is read back, and the body is what follows, untouched."""
        block = yaml.safe_dump(fields, allow_unicode=True)

        front, rest = split_front_matter(f"---\n{block}---\n{body}")

        assert rest == body
        assert front.title == fields["title"]
        assert front.publisher == fields.get("publisher")
        assert str(front.date or "") == str(fields.get("date", ""))

    @pytest.mark.parametrize("quote", ['"', "'"])
    def test_a_quote_left_open_is_told_where_it_opens(self, tmp_path: Path, quote: str) -> None:
        """The parser stumbles at the end of the block; the reason names the line to mend, counted in the file."""
        message = reason(write(tmp_path / "a.md", f"---\ndate: 2024\ntitle: {quote}Bleu\nurl: x\n---\n{TEXT}"))

        assert message.endswith("(line 5, column 1): the quote that opens at line 3, column 8 is not closed")


class TestPlainText:
    @pytest.mark.parametrize(
        "head",
        ["date 2024-01 ", " date 2024-01 ", "Date: 2024-01\n", "date\t2024-01\t", "DATE 2024-01, ", "\ndate 2024-01\n",
         "\ufeffdate 2024-01 ", "date janvier 2024 ", "Date : Janvier\u00a02024\n", "date 01/2024, "],
    )  # fmt: skip
    def test_the_date_prefix_is_not_text(self, tmp_path: Path, head: str) -> None:
        """A first line that starts with `date 2024-01` gives the date; the text begins after it."""
        article = read(write(tmp_path / "bleu-2024-01.txt", f" {head}{TEXT}".removeprefix(" ")), tmp_path)

        assert (str(article.date), article.text) == ("2024-01", TEXT)

    def test_a_first_sentence_is_the_title(self, tmp_path: Path) -> None:
        """A short first sentence is the whole title."""
        article = read(write(tmp_path / "a.txt", "date 2024 Bleu est lancée. La suite."), tmp_path)

        assert article.title == "Bleu est lancée."

    def test_a_long_first_sentence_is_cut_at_a_word(self, tmp_path: Path) -> None:
        """The title of an untitled article has at most 80 characters and ends at a word."""
        sentence = (
            "Les promoteurs de la plateforme souveraine annoncent le lancement de son activité commerciale ce matin."
        )
        article = read(write(tmp_path / "a.txt", f"date 2024-01 {sentence} La suite."), tmp_path)

        assert article.title == "Les promoteurs de la plateforme souveraine annoncent le lancement de son…"
        assert len(article.title) <= 80

    def test_a_heading_is_a_title_without_its_marks(self, tmp_path: Path) -> None:
        """An untitled Markdown article is named by its heading."""
        assert (
            read(write(tmp_path / "a.md", "date 2024\n# Bleu démarre\n\nLa suite."), tmp_path).title == "Bleu démarre"
        )

    def test_dashes_in_plain_text_are_text(self, tmp_path: Path) -> None:
        """Plain text has no front matter."""
        text = "---\ntitle: Un\n---\nLa suite."

        assert read(write(tmp_path / "a.txt", text), tmp_path, allow_undated=True).text == text


class TestIdentity:
    def test_id_is_the_path_without_suffix(self, tmp_path: Path) -> None:
        """An article without `id` is named by its path under the root."""
        path = write_article(tmp_path, "presse/2024/bleu.v2", TEXT)

        assert read(path, tmp_path).article_id == "presse/2024/bleu.v2"


class TestUnseenCharacters:
    """What a terminal obeys and what hides or turns words is in no text of an article."""

    def test_they_are_left_out_and_said_to_be(self, tmp_path: Path) -> None:
        """In the body and the front matter, written as they are or as YAML's escapes; words stay apart."""
        head = 'date: 2024\ntitle: "Un \x1b[31mtitre \\e[0m\\u202e"\npublisher: Gaz\u2066ette\nid: "a\\x9bb"'
        sources = 'sources:\n  - publisher: "Le\\u200bMagIT"\n    title: "T\x9d"\n    url: "https://a.fr/\\u202e"'
        body = "Bleu \x1b]0;titre\x07avance\u202e.\x0cPage\u00ad deux\x9b."
        article, notices = read_noticed(write(tmp_path / "a.md", f"---\n{head}\n{sources}\n---\n{body}"))

        assert (article.title, article.publisher, article.article_id) == ("Un [31mtitre [0m", "Gazette", "ab")
        assert article.sources == (Source("LeMagIT", "T", "https://a.fr/"),)
        assert article.text == "Bleu ]0;titreavance. Page deux."
        assert notices == ["control and invisible characters are left out"]

    def test_plain_text_has_none_either(self, tmp_path: Path) -> None:
        article = read(write(tmp_path / "a.txt", "date 2024 Bleu\x1b avance.\n\tPuis\u2069 S3NS."), tmp_path)

        assert article.text == "Bleu avance.\n\tPuis S3NS."
        assert article.title == "Bleu avance."

    def test_they_are_those_of_unicode(self) -> None:
        """Every control character but newline and tab, every format character, halves of a character, and no other that exists."""
        characters = [chr(code) for code in range(sys.maxunicode + 1)]
        told = {c for c in characters if unicodedata.category(c) in ("Cc", "Cf", "Cs")} - {"\n", "\t"}
        dropped = {c for c in characters if printable(c) != c and unicodedata.category(c) != "Cn"}

        assert dropped == told


class TestPasted:
    """Texts as they are copied from a page, without a front matter of ours."""

    @pytest.mark.parametrize(
        "head",
        [
            "# La gare rouvre\n\nPublié le 12 mars 2024 à 14 h 05\n\n",
            "La gare rouvre\n\nPar la rédaction, publié le 12 mars 2024, mis à jour le 3 avril 2024\n\n",
            "La gare rouvre\n\nMis à jour le 3 avril 2024\nPublié le 12 mars 2024\n\n",
            "La gare rouvre\n\nMarch 12, 2024\n\n",
            "La gare rouvre\n\n12 Mar. 2024\n\n",
            "La gare rouvre\n\nDate de naissance : 12/03/1975\nPublié le 12 mars 2024 – mis à jour le 3 avril 2024\n\n",
            "La gare rouvre\n\nPosted by admin on March 12th, 2024 | 4 comments\n\n",
            "La gare rouvre\n\n2024-03-12T14:05:00+01:00\n\n",
            "La gare rouvre\n\n12/03/2024 - Actualités\n\n",
            "La gare rouvre\n\nPort-Lanvec, le 12 mars 2024\n\n",
            "La gare rouvre\n\nPORT-LANVEC, 12 mars 2024 (APR) – ",
        ],
    )
    @pytest.mark.parametrize("suffix", [".md", ".txt"])
    def test_title_and_date_are_read(self, tmp_path: Path, head: str, suffix: str) -> None:
        """The heading is the title, the day of publication the date; the text keeps both lines."""
        article = read(write(tmp_path / f"a{suffix}", head + TEXT), tmp_path)

        assert (article.title, article.date) == ("La gare rouvre", PartialDate(2024, 3, 12))
        assert article.text == head + TEXT

    @pytest.mark.parametrize(
        "head",
        [
            "Le 12 mars 2024, le maire a parlé.",
            "Rapport sur la crue du 12 mars 1910",
            "La loi publiée le 3 mars 2020 dit ceci.",
            "Publié le 31 février 2024",
            "Poste à pourvoir le 1er septembre 2025",
            "Date limite de dépôt : 30 juin 2025",
            "Inscriptions jusqu’au 30 juin 2025",
            "Publié le 3 mai 2031",
            "Du 12 mars 2024 au 3 avril 2024",
        ],
    )
    def test_a_day_that_the_text_tells_of_is_not_its_date(self, tmp_path: Path, head: str) -> None:
        """What happened on a day was not published on it; the message says what was expected."""
        assert "Publié le 15 janvier 2024" in reason(write(tmp_path / "a.md", f"{head}\n\n{TEXT}"))

    def test_a_title_with_a_colon(self, tmp_path: Path) -> None:
        """« titre : sous-titre » without quotes is what most people write."""
        path = write(tmp_path / "a.md", f"---\ntitle: Bleu : un jalon « J0 »\ndate: 2024-03-12\n---\n{TEXT}\n")

        assert read(path, tmp_path).title == "Bleu : un jalon « J0 »"

    def test_keys_with_capitals(self, tmp_path: Path) -> None:
        path = write(tmp_path / "a.md", f"---\nTitle: Bleu\nDate: 2024-03-12\n---\n{TEXT}\n")

        assert (read(path, tmp_path).title, str(read(path, tmp_path).date)) == ("Bleu", "2024-03-12")


class TestBadInput:
    @pytest.mark.parametrize("content", [b"", b" \n\t", b"\xef\xbb\xbf"])
    def test_an_empty_file(self, tmp_path: Path, content: bytes) -> None:
        """A file without a visible character says that it is empty."""
        assert "empty" in reason(write(tmp_path / "a.txt", content)) or "no text" in reason(tmp_path / "a.txt")

    @pytest.mark.parametrize("content", ["---\ndate: 2024\n---\n\n", "date 2024-01\n", "date 2024-01"])
    def test_a_head_without_text(self, tmp_path: Path, content: str) -> None:
        """A date alone is not an article."""
        assert "no text" in reason(write(tmp_path / "a.md", content))

    def test_cp1252_is_read_and_said(self, tmp_path: Path) -> None:
        """A file saved by an old Windows editor is read right, and the report names the encoding."""
        article, notices = read_noticed(write(tmp_path / "a.txt", f"date 2024-01 {TEXT}".encode("cp1252")))

        assert article.text == TEXT
        assert notices == ["read as cp1252, not UTF-8"]

    @pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
    def test_utf_16_is_read_and_said(self, tmp_path: Path, encoding: str) -> None:
        """A file that begins with a byte order mark is read in the encoding that it tells."""
        article, notices = read_noticed(write(tmp_path / "a.txt", f"date 2024-01 {TEXT}".encode(encoding)))

        assert article.text == TEXT
        assert encoding.replace("-", "_") in notices[0]

    def test_utf_8_is_not_worth_a_notice(self, tmp_path: Path) -> None:
        """UTF-8, with or without a byte order mark, is what is expected."""
        for bom in ("", "\ufeff"):
            article, notices = read_noticed(write(tmp_path / "a.txt", f"{bom}date 2024-01 {TEXT}"))
            assert (article.text, notices) == (TEXT, [])

    def test_no_date(self, tmp_path: Path) -> None:
        """A file without a date is refused, and the message says how to date it or do without."""
        message = reason(write_article(tmp_path, "a", TEXT, date=None))

        assert "no date" in message
        assert "TCC_REQUIRE_DATES=1" in message

    def test_no_date_is_accepted_on_demand(self, tmp_path: Path) -> None:
        """Undated articles are let in by the setting, with a null date."""
        assert read(write_article(tmp_path, "a", TEXT, date=None), tmp_path, allow_undated=True).date is None

    @pytest.mark.parametrize("date", ["2026-11-25", "2026-12", "2027"])
    def test_a_date_in_the_future(self, tmp_path: Path, date: str) -> None:
        """An article cannot be published after today; the message names both days."""
        message = reason(write_article(tmp_path, "a", TEXT, date=date))

        assert "future" in message
        assert date in message
        assert "2026-11-24" in message

    @pytest.mark.parametrize("date", ["2026", "2026-11", "2026-11-24"])
    def test_a_period_that_has_begun_is_not_the_future(self, tmp_path: Path, date: str) -> None:
        """A partial date is in the future only if its first day is."""
        assert str(read(write_article(tmp_path, "a", TEXT, date=date), tmp_path).date) == date

    @pytest.mark.parametrize(
        "date",
        ["hier", "15 brumaire 2024", "2024-02-31", "2024-13", "2024-00", "20241301", "2024.5", "true",
         "[2024]", "{a: 1}", "2024-02-30 10:00:00", "99999-01-01"],
    )  # fmt: skip
    def test_not_a_date(self, tmp_path: Path, date: str) -> None:
        """A date that is none is refused by name, whatever YAML makes of it."""
        assert "date" in reason(write(tmp_path / "a.md", f"---\ndate: {date}\n---\n{TEXT}\n"))

    def test_one_that_cannot_be_read_costs_no_place(self, tmp_path: Path) -> None:
        """Where dates are not required, as they are not by default."""
        path = write(tmp_path / "a.md", f"---\ndate: bientôt\n---\n{TEXT}\n")
        notices: list[str] = []
        article = read_article(path, tmp_path, allow_undated=True, today=TODAY, notices=notices)

        assert (article.date, notices) == (None, ["date « bientôt » is not understood"])

    @pytest.mark.parametrize("date", ["2024-13", "15/13/2024", "31/02/2024", "2024-02-31"])
    def test_not_a_date_in_plain_text(self, tmp_path: Path, date: str) -> None:
        """A date prefix that is no date is not taken for text."""
        message = reason(write(tmp_path / "a.txt", f"date {date} {TEXT}"))

        assert date in message
        assert "is not a date" in message

    @pytest.mark.parametrize(
        ("field", "value"),
        [("language", "de"), ("id", "deux mots"), ("title", [1]), ("sources", "LeMagIT"), ("title", ""),
         ("sources", [{"title": "sans éditeur"}]), ("sources", [{"publisher": "A", "date": "hier"}]), ("url", "")],
    )  # fmt: skip
    def test_a_field_that_does_not_fit(self, tmp_path: Path, field: str, value: object) -> None:
        """A field of the wrong kind is named."""
        assert f"front matter, {field}" in reason(write_article(tmp_path, "a", TEXT, **{field: value}))

    def test_values_are_the_text_that_was_written(self, tmp_path: Path) -> None:
        """No number loses a digit, and no word becomes a truth value."""
        path = write(tmp_path / "a.md", f"---\nid: 0012\ntitle: Yes\npublisher: 1.10\ndate: 2024\nurl:\n---\n{TEXT}\n")

        article = read(path, tmp_path)

        assert (article.article_id, article.title, article.publisher, article.url) == ("0012", "Yes", "1.10", None)

    def test_a_folder_with_a_suffix_of_ours(self, tmp_path: Path) -> None:
        """What cannot be read says so."""
        (tmp_path / "a.md").mkdir()

        assert "cannot be read" in reason(tmp_path / "a.md")


class TestFiles:
    def test_articles_in_subfolders_are_found_in_order(self, tmp_path: Path) -> None:
        """Every .md, .markdown and .txt file counts, whatever the case of its suffix; the order is stable."""
        for name in ("b.txt", "a.md", "sous/c.MD", "sous/d.markdown", "e.key", "f.png", "g"):
            write(tmp_path / name, TEXT)

        assert [file.name for file in corpus_files(tmp_path)] == ["a.md", "b.txt", "sous/c.MD", "sous/d.markdown"]

    @pytest.mark.parametrize("name", ["README", ".cache/a.md", ".a.md"])
    def test_hidden_files_are_not_articles(self, tmp_path: Path, name: str) -> None:
        """What an editor hides is not ingested, nor a notice without a suffix."""
        write(tmp_path / name, TEXT)
        write(tmp_path / "a.md", TEXT)

        assert [file.name for file in corpus_files(tmp_path)] == ["a.md"]

    def test_a_corpus_under_a_hidden_folder_is_read(self, tmp_path: Path) -> None:
        """Only hidden folders inside the corpus are passed over."""
        write(tmp_path / ".local/corpus/a.md", TEXT)

        assert len(corpus_files(tmp_path / ".local/corpus")) == 1

    @pytest.mark.parametrize("make", [False, True])
    def test_a_corpus_missing_or_empty(self, tmp_path: Path, make: bool) -> None:
        """A folder that is not there, or holds no article, is an error that names it and TCC_CORPUS."""
        folder = tmp_path / "corpus"
        if make:
            write(folder / "README", TEXT)

        with pytest.raises(CorpusNotFoundError, match="TCC_CORPUS") as caught:
            corpus_files(folder)
        assert str(folder) in str(caught.value)

    def test_a_path_that_is_not_there(self, tmp_path: Path) -> None:
        """A mistyped PATH is named."""
        with pytest.raises(CorpusNotFoundError, match="nulle-part"):
            files_at([tmp_path / "nulle-part.md"], tmp_path)

    def test_a_path_that_is_not_there_beside_one_that_is(self, tmp_path: Path) -> None:
        """Costs it nothing: it is a file that fails."""
        good = write(tmp_path / "a.md", TEXT)

        missing, found = files_at([tmp_path / "nulle-part.md", good], tmp_path)

        assert (found.name, found.fault) == ("a.md", "")
        assert (missing.name, missing.in_corpus) == ("nulle-part.md", True)
        assert missing.fault.startswith("no file or folder at ")

    @pytest.mark.parametrize(
        ("given", "address"),
        [("www.exemple.fr/page", "https://www.exemple.fr/page"), ("exemple.fr", "https://exemple.fr/"),
         ("exemple.fr/a.html", "https://exemple.fr/a.html"), ("/nulle/part.fr/a", ""), ("absent.md", ""), ("absent", ""),
         (".cache/a", ""), ("../v1.2/a", ""), ("notes.2024/a", "")],
    )  # fmt: skip
    def test_an_address_without_its_scheme(self, tmp_path: Path, given: str, address: str) -> None:
        """Is named as it was perhaps meant."""
        with pytest.raises(CorpusNotFoundError) as caught:
            files_at([Path(given)], tmp_path)
        assert str(caught.value).partition("; if it is an address: ")[2] == address

    def test_paths_inside_the_corpus_belong_to_it(self, tmp_path: Path) -> None:
        """A file of the corpus given as PATH keeps the id that a whole run gives it."""
        corpus = tmp_path / "corpus"
        write(corpus / "sous/a.md", TEXT)

        (file,) = files_at([corpus / "sous"], corpus)

        assert (file.name, file.root, file.in_corpus) == ("sous/a.md", corpus, True)

    def test_paths_elsewhere_are_not_of_the_corpus(self, tmp_path: Path) -> None:
        """A file elsewhere is named by its folder, and no run without PATH will delete it."""
        path = write(tmp_path / "ailleurs/a.md", TEXT)

        (file,) = files_at([path], tmp_path / "corpus")

        assert (file.root, file.in_corpus) == (path.parent, False)

    def test_a_path_that_leaves_the_corpus_is_not_of_it(self, tmp_path: Path) -> None:
        """`corpus/../ailleurs/a.md` lies outside of the corpus, whatever it begins with."""
        write(tmp_path / "ailleurs/a.md", TEXT)
        write(tmp_path / "corpus/b.md", TEXT)

        (file,) = files_at([tmp_path / "corpus/../ailleurs/a.md"], tmp_path / "corpus")

        assert not file.in_corpus

    def test_a_corpus_named_with_dots_is_still_the_corpus(self, tmp_path: Path) -> None:
        """`TCC_CORPUS=../corpus` and a PATH in it written in full meet."""
        path = write(tmp_path / "corpus/a.md", TEXT)

        (file,) = files_at([path], tmp_path / "ailleurs/../corpus")

        assert (file.name, file.in_corpus) == ("a.md", True)

    def test_a_file_given_twice_is_read_once(self, tmp_path: Path) -> None:
        """A folder and a file in it name that file once."""
        path = write(tmp_path / "corpus/a.md", TEXT)

        assert len(files_at([path.parent, path], path.parent)) == 1
