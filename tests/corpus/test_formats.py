"""Each format that people have becomes an article in blocks, with what the file says of itself."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from builders import write
from corpus import format_files as made
from trusted_cloud_chat.corpus import corpus_files, read_article
from trusted_cloud_chat.errors import ArticleError
from trusted_cloud_chat.language.blocks import blocks_of
from trusted_cloud_chat.language.pages import page_of
from trusted_cloud_chat.schema import Article

UNDATED = {"allow_undated": True}


def read(path: Path, notices: list[str] | None = None, **options: Any) -> Article:
    return read_article(
        path, path.parent, today=date(2026, 12, 31), notices=notices, **{"allow_undated": True, **options}
    )


def kinds(article: Article) -> list[tuple[str, str]]:
    return [(block.kind, article.text[block.start : block.end]) for block in blocks_of(article.text)]


def facts(article: Article) -> tuple[Any, ...]:
    return article.title, article.publisher, str(article.date), article.url


def in_one_line(article: Article) -> str:
    return " ".join(article.text.split())


class TestPages:
    def test_of_a_page_the_main_text_and_what_it_says_of_itself(self, tmp_path: Path) -> None:
        """Menus and footers are left out; headings, lists and tables stay what they are."""
        article = read(write(tmp_path / "bleu.html", made.PAGE))

        assert facts(article) == (
            "Bleu obtient sa qualification", "Le Nuage", "2025-03-12", "https://www.exemple.fr/actualites/bleu"
        )  # fmt: skip
        assert (article.language, article.article_id) == ("fr", "bleu")
        assert made.FIRST in article.text
        assert made.SECOND in article.text
        assert ("heading", "Les tarifs") in kinds(article)
        assert ("item", "le calcul et le stockage ;") in kinds(article)
        assert ("row", "Essentiel | 12 €") in kinds(article)
        assert "Mentions" not in article.text
        assert "Contact" not in article.text

    def test_is_quoted_without_the_escapes_of_markdown(self, tmp_path: Path) -> None:
        said = "L’offre TCC_HOME [1] coûte 3*4 euros ~ environ, dit le texte de la page."

        assert said in read(write(tmp_path / "a.html", made.PAGE.replace(made.SECOND, said))).text

    def test_where_a_browser_saved_it_from_is_its_address(self, tmp_path: Path) -> None:
        bare = made.PAGE.replace('<link rel="canonical" href="https://www.exemple.fr/actualites/bleu">', "")
        bare = bare.replace('<meta property="og:site_name" content="Le Nuage">', "")
        notices: list[str] = []

        article = read(write(tmp_path / "a.html", bare), notices)

        assert article.url == "https://www.exemple.fr/actualites/bleu.html"
        assert article.publisher

    def test_saved_in_one_file(self, tmp_path: Path) -> None:
        article = read(made.saved_page(tmp_path / "a.mhtml"))

        assert facts(article)[:3] == ("Bleu obtient sa qualification", "Le Nuage", "2025-03-12")
        assert made.FIRST in article.text

    def test_latin_1_by_what_the_page_says(self, tmp_path: Path) -> None:
        page = made.PAGE.replace("utf-8", "iso-8859-15").replace("’", "'").replace("–", "-")
        article = read(write(tmp_path / "a.htm", page.encode("iso-8859-15")))

        assert "après dix-huit mois" in article.text
        assert "12 €" in article.text

    def test_without_a_date_it_is_asked_for(self, tmp_path: Path) -> None:
        path = write(
            tmp_path / "a.html", made.PAGE.replace('content="2025-03-12T08:00:00+01:00"', "").replace("© 2026", "")
        )

        with pytest.raises(ArticleError, match=r"no date.*a\.html\.meta\.yaml"):
            read(path, allow_undated=False)

    def test_a_day_beside_its_title_is_a_guess(self, tmp_path: Path) -> None:
        said = made.PAGE.replace('content="2025-03-12T08:00:00+01:00"', "").replace(
            "<h1>", "<time datetime='2024-02-03'>Samedi</time><h1>"
        )
        notices: list[str] = []

        assert str(read(write(tmp_path / "a.html", said), notices).date) == "2024-02-03~"
        assert "guessed: date 2024-02-03" in notices[0]

    def test_a_day_that_only_stands_on_it_is_none(self, tmp_path: Path) -> None:
        """A listing, a notice, the day of a rule: none tells when the page was published."""
        said = made.PAGE.replace('content="2025-03-12T08:00:00+01:00"', "")
        said = said.replace("</article>", "</article><p>Le tarif s’applique depuis le 28 juin 2025, sans frais.</p>")

        assert read(write(tmp_path / "a.html", said)).date is None

    @pytest.mark.parametrize("name", ["publishedDate", "publication_date", "DC.date.issued", "ms.date"])
    def test_a_day_is_stated_under_the_names_that_people_give_it(self, tmp_path: Path, name: str) -> None:
        said = made.PAGE.replace('content="2025-03-12T08:00:00+01:00"', "")
        meta = f'<meta name="{name}" content="{"07/31/2025" if name == "ms.date" else "2025-07-31"}">'

        assert str(read(write(tmp_path / "a.html", said.replace("<link", f"{meta}<link"))).date) == "2025-07-31"

    def test_that_a_script_fills_has_no_text(self, tmp_path: Path) -> None:
        path = write(tmp_path / "a.html", "<html><body><div id=app></div><script>x()</script></body></html>")

        with pytest.raises(ArticleError, match="no text"):
            read(path)

    def test_the_parts_that_a_browser_saved_beside_a_page_are_no_articles(self, tmp_path: Path) -> None:
        write(tmp_path / "Bleu.html", made.PAGE)
        write(tmp_path / "Bleu_fichiers/saved_resource.html", made.PAGE)
        write(tmp_path / "Bleu_fichiers/a.js", "x")
        write(tmp_path / "notes_files/a.md", "Un texte.")

        others: set[Path] = set()
        assert [file.name for file in corpus_files(tmp_path, others)] == ["Bleu.html", "notes_files/a.md"]
        assert not others


class TestPdf:
    def test_in_blocks_with_its_pages(self, tmp_path: Path) -> None:
        """Running heads and page numbers are left out; the place of a sentence tells its page."""
        article = read(made.pdf(tmp_path / "a.pdf", title="Rapport du nuage"))

        assert article.title == "Rapport du nuage"
        assert "Page 2" not in article.text
        assert "Rapport du nuage 2025" not in article.text
        assert ("heading", "Chapitre 2") in kinds(article)
        assert ("item", "le calcul ;") in kinds(article)
        assert ("row", "Essentiel | 12 €") in kinds(article)
        assert ("paragraph", made.FIRST) in kinds(article)
        assert [
            page_of(article.text, article.text.index(said)) for said in ("Chapitre 1", "Chapitre 2", made.SECOND)
        ] == [1, 2, 3]
        assert article.date is None  # the day on which it was made is not its own

    def test_one_page_has_a_number_too(self, tmp_path: Path) -> None:
        article = read(made.pdf(tmp_path / "a.pdf", pages=1))

        assert page_of(article.text, article.text.index(made.SECOND)) == 1

    def test_the_date_that_it_states(self, tmp_path: Path) -> None:
        lines = [
            (72.0, 780.0, "Le nuage français"),
            (72.0, 760.0, "Publié le 12 mars 2024"),
            (72.0, 720.0, made.SECOND),
        ]

        assert str(read(made.drawn_pdf(tmp_path / "a.pdf", lines)).date) == "2024-03-12"

    def test_columns_are_read_one_after_the_other(self, tmp_path: Path) -> None:
        left = [f"gauche {n} avec des mots en plus" for n in range(1, 9)]
        right = [f"droite {n} avec des mots en plus" for n in range(1, 9)]
        page = [
            place
            for n, (one, other) in enumerate(zip(left, right, strict=True))
            for place in ((72.0, 700.0 - 14 * n, one), (320.0, 700.0 - 14 * n, other))
        ]

        text = in_one_line(read(made.drawn_pdf(tmp_path / "a.pdf", page)))

        assert text == " ".join([*left, *right])

    def test_words_that_a_line_cuts_are_whole(self, tmp_path: Path) -> None:
        """A hyphen of the word itself stays where the document has the word in one line too."""
        said = ["La qualifi-", "cation arrive, et peut-", "être une suite.", "", "Oui, peut-être demain, dit le texte."]
        page = [(72.0, 700.0 - 14 * n, line) for n, line in enumerate(said) if line]

        text = in_one_line(read(made.drawn_pdf(tmp_path / "a.pdf", page)))

        assert "La qualification arrive, et peut-être une suite." in text

    def test_a_sentence_goes_on_over_the_page(self, tmp_path: Path) -> None:
        first = [(72.0, 700.0, "La phrase commence sur cette page et elle"), (72.0, 20.0, "1")]
        second = [(72.0, 780.0, "finit sur celle qui suit."), (72.0, 20.0, "2")]

        article = read(made.drawn_pdf(tmp_path / "a.pdf", first, second))

        assert kinds(article) == [("paragraph", "La phrase commence sur cette page et elle\ffinit sur celle qui suit.")]

    def test_a_scanned_one_is_said_to_be_so(self, tmp_path: Path) -> None:
        with pytest.raises(ArticleError, match="scanned"):
            read(made.scanned_pdf(tmp_path / "a.pdf"))


class TestOffice:
    @pytest.mark.parametrize("suffix", [".docx", ".odt"])
    def test_a_text_in_blocks(self, tmp_path: Path, suffix: str) -> None:
        article = read(made.MAKERS[suffix](tmp_path / f"a{suffix}"), **UNDATED)

        assert article.title == "Note sur Bleu"
        assert kinds(article) == [
            ("heading", "Ce qu’elle couvre"), ("paragraph", made.FIRST), ("item", "le calcul ;"), ("item", "le stockage."),
            ("heading", "Offre | Prix par mois"), ("row", "Essentiel | 12 €"), ("row", "Avancé | 29 €"),
            ("paragraph", made.SECOND),
        ]  # fmt: skip

    def test_slides_are_pages(self, tmp_path: Path) -> None:
        article = read(made.slides(tmp_path / "a.pptx"), **UNDATED)

        assert article.title == "Bleu en 2025"
        assert ("heading", "Les tarifs") in kinds(article)
        assert ("item", "le stockage.") in kinds(article)
        assert ("row", "Avancé | 29 €") in kinds(article)
        assert page_of(article.text, article.text.index("Avancé")) == 2

    def test_sheets_are_tables(self, tmp_path: Path) -> None:
        notices: list[str] = []
        article = read(made.workbook(tmp_path / "a.xlsx"), notices, **UNDATED)

        assert (article.title, article.publisher) == ("Tarifs de Bleu", "Bleu SAS")
        assert kinds(article)[:2] == [("heading", "Tarifs"), ("heading", "Offre | Prix par mois")]
        assert ("row", "Total | 41") in kinds(article)
        assert "à ne pas montrer" not in article.text
        assert "publisher Bleu SAS (the company in its properties)" in notices[0]

    @pytest.mark.parametrize("suffix", [".docx", ".xlsx", ".pptx"])
    def test_a_protected_one_says_so(self, tmp_path: Path, suffix: str) -> None:
        path = write(tmp_path / f"a{suffix}", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512))

        with pytest.raises(ArticleError, match="password"):
            read(path)


class TestLettersAndBooks:
    def test_a_letter(self, tmp_path: Path) -> None:
        notices: list[str] = []
        article = read(made.letter(tmp_path / "a.eml"), notices)

        assert facts(article) == ("Qualification de Bleu", "Le Nuage", "2025-03-12", None)
        assert made.SECOND in article.text
        assert notices == ["attached and not read: annexe.pdf"]

    def test_a_book(self, tmp_path: Path) -> None:
        chapter = f"<html><body><div role='navigation'>Suivant</div><h1>Chapitre premier</h1><p>{made.FIRST}</p></body></html>"
        article = read(made.book(tmp_path / "a.epub", **{"OEBPS/un.xhtml": chapter}))

        assert facts(article) == ("Le nuage français", "Éditions du Ciel", "2024-05-02", None)
        assert kinds(article) == [
            ("heading", "Chapitre premier"), ("paragraph", made.FIRST), ("heading", "Chapitre second"),
            ("paragraph", made.SECOND),
        ]  # fmt: skip

    def test_a_protected_book_says_so(self, tmp_path: Path) -> None:
        locked = (
            '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container" xmlns:enc="http://www.w3.org/2001/04/xmlenc#">'
            '<enc:EncryptedData><enc:CipherData><enc:CipherReference URI="OEBPS/un.xhtml"/></enc:CipherData>'
            "</enc:EncryptedData></encryption>"
        )

        with pytest.raises(ArticleError, match="DRM"):
            read(made.book(tmp_path / "a.epub", **{"META-INF/encryption.xml": locked}))


class TestRichText:
    def test_paragraphs_items_and_tables(self, tmp_path: Path) -> None:
        """The date is the one that its text states; a link is its words; a picture is nothing."""
        article = read(made.rtf(tmp_path / "note.rtf"))

        assert facts(article) == ("Note sur Bleu", None, "2025-03-12", None)
        assert made.FIRST in article.text
        assert made.SECOND in article.text
        assert [said for kind, said in kinds(article) if kind == "item"] == ["le calcul ;", "le stockage."]
        assert ("row", "Essentiel | 12 €") in kinds(article)
        assert "Voir la page😀." in article.text
        assert "exemple.fr" not in article.text
        assert "89504e" not in article.text

    def test_that_is_none(self, tmp_path: Path) -> None:
        with pytest.raises(ArticleError, match="an RTF begins with"):
            read(write(tmp_path / "a.rtf", made.FIRST), **UNDATED)

    def test_that_would_take_its_library_for_ever(self, tmp_path: Path) -> None:
        links = '{\\field{\\*\\fldinst{HYPERLINK "a"}}{\\fldrslt{b}}}' * 10_000

        assert read(write(tmp_path / "a.rtf", f"{{\\rtf1 {links}}}"), **UNDATED).text == "b" * 10_000


def test_a_language_that_is_not_read_is_told(tmp_path: Path) -> None:
    notices: list[str] = []
    read(write(tmp_path / "a.html", made.PAGE.replace('lang="fr"', 'lang="de"')), notices)

    assert any("« de »" in notice for notice in notices)


@pytest.mark.parametrize("begin", [b"%PDF-1.7\n", b"PK\x03\x04", b"{\\rtf1 x}"])
def test_what_is_no_text_is_not_indexed_as_text(tmp_path: Path, begin: bytes) -> None:
    with pytest.raises(ArticleError, match="not text"):
        read(write(tmp_path / "a.txt", begin + b"abc"), **UNDATED)


@pytest.mark.parametrize("name", ["a.log", "a.bin", "a"])
def test_a_path_of_another_kind_is_read_if_it_is_text(tmp_path: Path, name: str) -> None:
    assert read(write(tmp_path / name, made.FIRST), **UNDATED).text == made.FIRST
    with pytest.raises(ArticleError, match=r"not a kind that is read.*\.docx"):
        read(write(tmp_path / name, made.FIRST.encode("cp1252")), **UNDATED)
