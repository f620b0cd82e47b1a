"""Pages and letters as people have them: encodings that nobody states, days of other pages, how words look, what others wrote."""

from __future__ import annotations

import base64
from datetime import date, datetime
from email.message import EmailMessage
from pathlib import Path

import docx
import pptx
import pytest
import xlsxwriter

from builders import write
from trusted_cloud_chat.corpus import read_article
from trusted_cloud_chat.corpus.formats import confined
from trusted_cloud_chat.errors import ArticleError
from trusted_cloud_chat.language.blocks import blocks_of
from trusted_cloud_chat.schema import Article

SAID = (
    "<p>La société Orabis a signé avec l’hôpital de Brest pour 5 M€, en février.</p><p>Elle emploie 80 personnes.</p>"
)
CARDS = "<section><article><h3>Autre</h3><time datetime='2024-01-11'>11/01/2024</time></article></section>"


def page(body: str, head: str = "") -> str:
    return f"<html lang='fr'><head><title>Orabis signe à Brest</title>{head}</head><body>{body}</body></html>"


def read(path: Path, notices: list[str] | None = None) -> Article:
    return read_article(path, path.parent, allow_undated=True, today=date(2026, 11, 30), notices=notices)


def read_page(folder: Path, body: str, head: str = "", notices: list[str] | None = None) -> Article:
    return read(write(folder / "a.html", page(body, f"<meta charset=utf-8>{head}")), notices)


class TestEncodings:
    def test_a_page_that_states_none_is_read_as_texts_are(self, tmp_path: Path) -> None:
        """A free guess takes short French pages for Baltic or Polish ones."""
        notices: list[str] = []
        article = read(
            write(tmp_path / "a.html", page(f"<p>Publié le 3 mars 2025</p>{SAID}").encode("cp1252")), notices
        )

        assert "l’hôpital de Brest pour 5 M€, en février." in article.text
        assert notices == ["read as cp1252: the page does not state its encoding"]

    def test_windows_writes_its_own_signs_under_the_name_of_latin_1(self, tmp_path: Path) -> None:
        written = page(f"<p>Publié le 3 mars 2025</p>{SAID}", "<meta charset=iso-8859-1>").encode("cp1252")

        assert "l’hôpital de Brest pour 5 M€" in read(write(tmp_path / "a.html", written)).text

    @pytest.mark.parametrize("charset", ["; charset=iso-8859-1", "; charset=unknown", ""])
    def test_letters(self, tmp_path: Path, charset: str) -> None:
        """Their heads too, which old programs wrote in the encoding of the machine."""
        head = f"From: Élise <e@x.fr>\nSubject: Réunion\nDate: Mon, 10 Feb 2025 10:00:00 +0100\nContent-Type: text/plain{charset}\n"
        letter = f"{head}\nElle a payé 12 € à l’hôtel d’Évry.\n".encode("cp1252")

        article = read(write(tmp_path / "a.eml", letter))

        assert (article.title, article.publisher) == ("Réunion", "Élise")
        assert article.text.strip() == "Elle a payé 12 € à l’hôtel d’Évry."

    @pytest.mark.parametrize("damage", [b"\xe9", b"\x00"])
    def test_one_damaged_byte_costs_no_page(self, tmp_path: Path, damage: bytes) -> None:
        """It makes no other encoding of all the others."""
        raw = page(f"<p>Publié le 3 mars 2025</p>{SAID * 2}", "<meta charset=utf-8>").encode()
        notices: list[str] = []
        article = read(write(tmp_path / "a.html", raw.replace(b"</p>", damage + b"</p>", 1)), notices)

        assert "l’hôpital de Brest pour 5 M€" in article.text
        assert any("damaged bytes" in notice for notice in notices) is (damage != b"\x00")

    @pytest.mark.parametrize(
        ("charset", "sent", "said"),
        [("utf-7", b"Caf+AOk-", "Café"), ("utf-8", "Café de l’Anssi à Évry".encode() + b"\xe9", "Café de l’Anssi à Évry")],
    )  # fmt: skip
    def test_a_letter_is_in_what_it_states(self, tmp_path: Path, charset: str, sent: bytes, said: str) -> None:
        head = f"From: e@x.fr\nSubject: A\nDate: Mon, 10 Feb 2025 10:00:00 +0100\nContent-Type: text/plain; charset={charset}\n\n"

        assert said in read(write(tmp_path / "a.eml", head.encode() + sent)).text

    def test_a_letter_in_utf_16(self, tmp_path: Path) -> None:
        sent = base64.b64encode("Bora coûte 71 000 euros à Évry.".encode("utf-16")).decode()
        head = "From: e@x.fr\nSubject: A\nDate: Mon, 10 Feb 2025 10:00:00 +0100\nMIME-Version: 1.0\n"
        letter = f"{head}Content-Type: text/plain; charset=utf-16\nContent-Transfer-Encoding: base64\n\n{sent}\n"

        assert read(write(tmp_path / "a.eml", letter)).text == "Bora coûte 71 000 euros à Évry."
        assert read(write(tmp_path / "b.eml", letter.encode("utf-16"))).text == "Bora coûte 71 000 euros à Évry."

    def test_a_damaged_byte_far_down(self, tmp_path: Path) -> None:
        raw = ("date 2025-03-03 Élise a signé à Évry.\n" * 9000).encode()

        assert "Élise a signé à Évry." in read(write(tmp_path / "a.txt", raw[:300_000] + b"\xe9" + raw[300_000:])).text


class TestDays:
    def test_of_other_pages_are_not_its_own(self, tmp_path: Path) -> None:
        own = "<main><article><h1>Orabis signe</h1><time datetime='2025-03-12T09:00'>Mercredi</time>"
        notices: list[str] = []

        assert str(read_page(tmp_path, f"{own}{SAID}</article></main>{CARDS}", "", notices).date) == "2025-03-12~"
        assert "guessed: date 2025-03-12 (the day beside its title)" in notices[0]

    def test_of_the_article_among_the_data_for_search_engines(self, tmp_path: Path) -> None:
        data = (
            '{"@graph": [{"@type": "WebPage", "datePublished": "2018-01-01"}, {"@type": ["NewsArticle"], '
            '"datePublished": "2025-03-12", "publisher": [{"name": "Ouest Nuage"}]}]}'
        )
        article = read_page(tmp_path, SAID, f'<script type="application/ld+json">{data}</script>')

        assert (str(article.date), article.publisher) == ("2025-03-12", "Ouest Nuage")

    def test_of_its_last_change_is_a_guess(self, tmp_path: Path) -> None:
        notices: list[str] = []
        changed = "<meta property='article:modified_time' content='2025-07-08T00:00:00Z'>"

        assert str(read_page(tmp_path, SAID, changed, notices).date) == "2025-07-08~"
        assert "last changed" in notices[0]

    def test_in_its_address_is_a_guess(self, tmp_path: Path) -> None:
        notices: list[str] = []
        head = "<!-- saved from url=(0043)https://www.exemple.fr/2025/06/11/orabis.html -->"

        assert str(read_page(tmp_path, SAID, head, notices).date) == "2025-06-11~"
        assert "(its address)" in notices[0]

    @pytest.mark.parametrize(
        ("line", "day", "guessed"),
        [
            ("Mis à jour le 5 avril 2025, publié le 12 mars 2025", "2025-03-12", False),
            ("Par Jeanne, le lundi 10 mars 2025 à 08h00, modifié le 11/03/2025", "2025-03-10", False),
            ("Publié le 03/03/2025 à 14:05, mis à jour le 05/04/2025 à 10:00", "2025-03-03", False),
            ("Mis à jour le 7 avril 2025 à 9h12", "2025-04-07~", True),
        ],
    )
    def test_of_an_edition_is_taken_for_want_of_another(
        self, tmp_path: Path, line: str, day: str, guessed: bool
    ) -> None:
        notices: list[str] = []
        article = read_page(tmp_path, f"<h1>Orabis signe</h1><p>{line}</p>{SAID}", "", notices)

        assert str(article.date) == day
        assert [("edition" in notice) for notice in notices] == ([True] if guessed else [])

    def test_in_the_cells_of_a_table_are_what_it_tells_of(self, tmp_path: Path) -> None:
        book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
        book.set_properties({"created": datetime(2026, 11, 1)})
        sheet = book.add_worksheet("Histoire")
        for row, cells in enumerate([["Projet", "Jour"], ["Andromède", "6 septembre 2011"], ["Bleu", "27 mai 2021"]]):
            sheet.write_row(row, 0, cells)
        book.close()

        assert read(tmp_path / "a.xlsx").date is None

    @pytest.mark.parametrize("more", ["", "Mis à jour le 5 avril 2025\n\n"])
    def test_is_no_title(self, tmp_path: Path, more: str) -> None:
        text = f"Publié le 8 janvier 2025 à 9 h 30\n\n{more}Orabis signe à Brest\n\nLa société emploie 80 personnes."

        assert read(write(tmp_path / "a.txt", text)).title == "Orabis signe à Brest"

    @pytest.mark.parametrize(
        "data",
        [
            '{"@type": "NewsArticle", "datePublished": "March 12, 2024"}',
            '{"@type": "NewsArticle", "datePublished": "1970-01-01T00:00:00Z"}',
            '{"@type": "NewsArticle", "datePublished": "2099-01-01"}',
            '{"@type": "NewsArticle", "headline": "Autre chose", "datePublished": "2019-01-01", "publisher": {"name": "Autre"}}',
            '{"@type": "ItemList", "itemListElement": [{"@type": "NewsArticle", "datePublished": "2019-01-01"}]}',
            "[" * 5000,
            "null",
            "12",
        ],
    )
    def test_that_no_page_has_or_another_one_has_hides_none(self, tmp_path: Path, data: str) -> None:
        """What the head states beside it counts."""
        head = (
            "<meta property='article:published_time' content='2024-03-12'>"
            f'<script type="application/ld+json">{data}</script>'
        )
        article = read_page(tmp_path, f"<article><h1>Orabis signe à Brest</h1>{SAID}</article>", head)

        assert (str(article.date), article.publisher) == ("2024-03-12", None)

    def test_are_looked_for_a_few_times_in_a_line(self, tmp_path: Path) -> None:
        line = "Mis à jour le 5 avril 2024 " * 1500

        assert (
            str(read(write(tmp_path / "a.txt", f"Orabis signe\n{line}\n\nElle emploie 80 personnes.")).date)
            == "2024-04-05~"
        )

    @pytest.mark.parametrize(
        "body",
        [
            "<p>Article mis en ligne le 2 octobre 2025</p>",
            "<p>Mis à jour le 28.10.2025 | Publié le 02.10.2025</p>",
            "<dl><dt>Ouverture</dt><dd>25 novembre 2025</dd><dt>Date de publication</dt><dd>2 octobre 2025</dd></dl>",
            "<div class='meta'>Le Courrier | A. LE BIHAN<br>Publié le 2 oct. 2025 à 06h00</div>",
        ],
    )  # fmt: skip
    def test_of_an_event_is_not_that_of_the_page(self, tmp_path: Path, body: str) -> None:
        """Nor is the one in its title."""
        written = (
            f"<meta charset=utf-8><title>Conférence du 25 novembre 2025</title><h1>Conférence</h1>{body}{SAID * 3}"
        )

        assert str(read(write(tmp_path / "a.html", written)).date) == "2025-10-02"

    @pytest.mark.parametrize(
        "lines",
        [["Chambre des métiers", *["Adresse"] * 8, "Lyon, le 4 février 2025", "Monsieur,"],
         ["Contrat", *["Article."] * 30, "Fait à Lyon, le 4 février 2025, en deux exemplaires.", "Signé"],
         ["Facture", "Date d’émission : 04/02/2025"]],
    )  # fmt: skip
    def test_in_a_letter_or_below_a_contract(self, tmp_path: Path, lines: list[str]) -> None:
        assert str(read(write(tmp_path / "a.txt", "\n".join(lines))).date) == "2025-02-04"

    @pytest.mark.parametrize(
        "data",
        [
            '{"@type": "ItemList", "itemListElement": [{"@type": "NewsArticle", "datePublished": "2019-01-01"}]}',
            '{"@type": "NewsArticle", "headline": "Autre chose", "datePublished": "2019-01-01"}',
        ],
    )
    def test_of_others_are_not_its_own_for_want_of_one(self, tmp_path: Path, data: str) -> None:
        head = f'<script type="application/ld+json">{data}</script>'
        body = f"<article><h1>Orabis signe à Brest</h1><p>Publié le 3 mars 2025</p>{SAID * 3}</article>"

        assert str(read_page(tmp_path, body, head).date) == "2025-03-03"

    @pytest.mark.parametrize(
        ("lines", "day"),
        [
            (["Orabis", "Version 1.2/2024", "", "Publié le 3 mars 2025."], "2025-03-03"),
            (["Orabis", "Publié le 3 mars 2025.", *["Une phrase."] * 9, "La loi, adoptée le 3 mars 2012, impose."], "2025-03-03"),
            (["Orabis", "Mis à jour le 5 avril 2025", *["Une phrase."] * 9, "La loi, adoptée le 3 mars 2012, impose."], "2025-04-05~"),
        ],
    )  # fmt: skip
    def test_that_prose_tells_of_are_not_its_own(self, tmp_path: Path, lines: list[str], day: str) -> None:
        assert str(read(write(tmp_path / "a.txt", "\n".join(lines))).date) == day

    def test_that_a_last_sentence_tells_of_is_not_its_own(self, tmp_path: Path) -> None:
        text = "\n".join(["Orabis", *["Une phrase."] * 30, "Fait à noter, Orabis a ouvert le 3 mars 2012 son site."])

        assert read(write(tmp_path / "a.txt", text)).date is None


class TestLooks:
    def test_a_quote_is_what_the_page_says(self, tmp_path: Path) -> None:
        """« 1<sup>er</sup> » is a day, and bold words are words; the number of a note is none of the sentence, a square metre is."""
        looks = (
            "<p>Publié le 1<sup>er</sup> mars 2025</p><p>Le site de <b>Brest</b> est le 2<sup>e</sup> du groupe"
            "<sup><a href='#n1'>1</a></sup> et compte <strong>750</strong> m<sup>2</sup> pour le CO<sub>2</sub>.</p>"
        )
        article = read_page(tmp_path, f"<article><h1>Orabis</h1>{looks}{SAID}</article>")

        assert str(article.date) == "2025-03-01"
        assert "Le site de Brest est le 2e du groupe et compte 750 m² pour le CO2." in article.text

    def test_a_short_page_keeps_its_paragraphs(self, tmp_path: Path) -> None:
        time = "<time datetime='2025-03-12'>12 mars 2025</time>"
        article = read_page(tmp_path, f"<nav>Accueil</nav><article><h1>Orabis signe</h1>{time}{SAID}</article>")

        assert article.text.split("\n\n")[-1] == "Elle emploie 80 personnes."
        assert "Accueil" not in article.text

    def test_what_is_typed_in_a_terminal_is_code(self, tmp_path: Path) -> None:
        """As text « # apt install quai » would be a heading, and the place of all that follows."""
        typed = "<p>Installez-le :</p><p class='code'># apt install quai</p><p class='code'>$ cd quai<br>$ make</p>"
        text = read_page(tmp_path, f"<article><h1>Orabis</h1>{SAID}{typed}</article>").text

        assert text.endswith("Installez-le :\n\n```\n# apt install quai\n```\n\n```\n$ cd quai\n$ make\n```")

    def test_a_caption_is_no_row_and_an_advertisement_no_text(self, tmp_path: Path) -> None:
        table = (
            "<table><caption>Tarifs d’Orabis</caption><tr><th>Offre</th><th>Prix</th></tr><tr><td>S</td><td>12 €</td></tr></table>"
            "<div class='box ad'>Publicité : moins 50 % sur tout, dès maintenant.</div>"
        )
        text = read_page(tmp_path, f"<article><h1>Orabis</h1><p>Publié le 3 mars 2025</p>{SAID}{table}</article>").text

        assert "Tarifs d’Orabis\n\n| Offre | Prix |" in text
        assert text.count("|---|") == 1
        assert "Publicité" not in text

    @pytest.mark.parametrize("named", ["pub", "content sponsored", "ad"])
    def test_a_class_takes_no_article_away(self, tmp_path: Path, named: str) -> None:
        text = read_page(
            tmp_path,
            f"<article><h1>Orabis</h1><p>Publié le 3 mars 2025</p><div class='{named}'>{SAID * 4}</div></article>",
        ).text

        assert "Elle emploie 80 personnes." in text

    def test_of_a_short_page_the_article_is_read_and_no_teaser(self, tmp_path: Path) -> None:
        teaser = "<aside><article class=card><h3>5G</h3><p>Orange ouvre la 5G à Nice.</p></article></aside>"
        body = "<main><article><p>Publié le 3 mars 2025. Orabis a signé avec Brest.</p></article></main>"

        assert "Orabis a signé avec Brest." in read_page(tmp_path, f"{teaser}{body}").text


class TestWordsOfOthers:
    def letter(self, path: Path, text: str, kind: str = "plain") -> Path:
        message = EmailMessage()
        message["From"], message["Subject"] = "Marie <m@x.fr>", "Devis"
        message["Date"] = "Thu, 20 Mar 2025 10:00:00 +0100"
        message.set_content(text, subtype=kind)
        return write(path, message.as_bytes())

    def test_what_a_letter_answers_is_not_its_own(self, tmp_path: Path) -> None:
        answered = "Le lun. 3 mars 2025 à 10:12, Paul <paul@x.fr>\na écrit :\n> Le précédent était de 71 000 euros.\n"
        notices: list[str] = []

        article = read(self.letter(tmp_path / "a.eml", f"Bora propose 58 000 euros.\n\n{answered}\nMarie\n"), notices)

        assert " ".join(article.text.split()) == "Bora propose 58 000 euros. Marie"
        assert "left out" in notices[0]

    def test_a_letter_of_html(self, tmp_path: Path) -> None:
        """A table that only says what stands where is none; what is answered is left out here too."""
        source = (
            "<table><tr><td><h1>La lettre</h1><p>Libeccio a perdu 3 clients.</p></td></tr></table>"
            "<blockquote type='cite'>Combien ?</blockquote>"
        )

        assert (
            read(self.letter(tmp_path / "a.eml", source, "html")).text == "# La lettre\n\nLibeccio a perdu 3 clients."
        )

    def test_notes_that_are_not_read_are_told(self, tmp_path: Path) -> None:
        slides = pptx.Presentation()
        slide = slides.slides.add_slide(slides.slide_layouts[0])
        slide.shapes.title.text = "Bise ouvre quatre régions le 3 mars 2025"
        slide.notes_slide.notes_text_frame.text = "Ne pas dire 33 millions."
        slides.save(str(tmp_path / "a.pptx"))
        document = docx.Document()
        document.add_paragraph("Publié le 4 mars 2025")
        document.add_paragraph("Le fonds a levé 3 millions.")
        document.save(str(tmp_path / "a.docx"))
        told: dict[str, list[str]] = {".pptx": [], ".docx": []}

        for suffix, notices in told.items():
            read(tmp_path / f"a{suffix}", notices)

        assert "the speaker’s notes are not read" in told[".pptx"]
        assert not any("footnotes" in notice for notice in told[".docx"])

    def test_who_quotes_keeps_his_own_words(self, tmp_path: Path) -> None:
        text = (
            "OVH a été qualifié le 3 mars 2025.\nLe contrat vaut 12 M€.\nVoici ce qu’en dit l’Anssi :\n> Rien.\n\nFin"
        )

        assert read(self.letter(tmp_path / "a.eml", text)).text.split("\n")[:2] == text.split("\n")[:2]

    @pytest.mark.parametrize(
        ("text", "kind"),
        [
            ("Début du message réexpédié :\n\n> Bora coûte 71 000 euros.\n", "plain"),
            ("> Bora coûte 71 000 euros.\n", "plain"),
            (
                "<div class='gmail_quote'>---------- Forwarded message ---------<br>Bora coûte 71 000 euros.</div>",
                "html",
            ),
            (
                "<p>Pour info.</p><div class='gmail_quote'>Forwarded message<p>Bora coûte 71 000 euros.</p></div>",
                "html",
            ),
        ],
    )
    def test_a_letter_that_is_sent_on_is_read(self, tmp_path: Path, text: str, kind: str) -> None:
        notices: list[str] = []

        assert "Bora coûte 71 000 euros." in read(self.letter(tmp_path / "a.eml", text, kind), notices).text
        assert notices == []

    def test_a_table_within_a_table_keeps_its_rows(self, tmp_path: Path) -> None:
        inner = "<table><tr><th>Offre</th><th>Prix</th></tr><tr><td>A</td><td>12 €</td></tr></table>"

        text = read(self.letter(tmp_path / "a.eml", f"<table><tr><td>{inner}</td></tr></table>", "html")).text

        assert text == "| Offre | Prix |\n|---|---|\n| A | 12 € |"

    @pytest.mark.parametrize(
        ("between", "kind"),
        [
            ("De : Paul <p@x.fr>\nEnvoyé : lundi 3 mars 2025 10:12\nÀ : Marie\nObjet : Devis\n\n", "plain"),
            ("-----Message d'origine-----\n", "plain"),
            ("Le 3 mars 2025 à 10:12, Paul a écrit :\n", "plain"),
            ("From: Paul\nSent: Monday, March 3, 2025\nTo: Marie\n", "plain"),
            ("<div><b>De :</b> Paul<br><b>Envoyé :</b> lundi 3 mars 2025<br><b>Objet :</b> Devis</div>", "html"),
        ],
    )
    def test_what_stands_below_an_answer_is_not_its_own(self, tmp_path: Path, between: str, kind: str) -> None:
        own, others = "Bora propose 58 000 euros.", "Le précédent était de 71 000 euros."
        text = f"<p>{own}</p>{between}<p>{others}</p>" if kind == "html" else f"{own}\n\n{between}{others}\n"
        notices: list[str] = []

        assert read(self.letter(tmp_path / "a.eml", text, kind), notices).text.strip() == own
        assert "left out" in notices[0]

    @pytest.mark.parametrize(
        "text",
        [
            "Bilan.\n\nDans son rapport de 2024, l’Anssi a écrit :\n- Orabis est qualifié.",
            "L’attaque.\n\nLe message d’origine promettait 300 euros.\n\nOrabis a porté plainte.",
            "Trajet.\n\nDe : Brest\nÀ : Lyon\nDate : 3 mars\n\nLe train était plein.",
        ],
    )
    def test_prose_is_no_head_of_a_letter(self, tmp_path: Path, text: str) -> None:
        notices: list[str] = []

        assert read(self.letter(tmp_path / "a.eml", text), notices).text.strip() == text
        assert notices == []

    @pytest.mark.parametrize("subject", ["TR: Devis", "Fwd: Devis"])
    def test_what_is_sent_on_by_its_subject_is_read(self, tmp_path: Path, subject: str) -> None:
        path = self.letter(
            tmp_path / "a.eml", "Pour info.\n\nDe : Paul\nEnvoyé : lundi\nÀ : Marie\n\nBora coûte 71 000 euros.\n"
        )
        path.write_bytes(path.read_bytes().replace(b"Subject: Devis", f"Subject: {subject}".encode()))

        assert "Bora coûte 71 000 euros." in read(path).text

    def test_what_is_quoted_of_a_letter_that_was_sent_on_is_not_its_own(self, tmp_path: Path) -> None:
        text = "Bora propose 58 000.\n\nLe 3 mars 2025, Paul a écrit :\n> ---- Forwarded message ----\n> Ancien prix 71 000\n"

        assert read(self.letter(tmp_path / "a.eml", text)).text.strip() == "Bora propose 58 000."


class TestReasons:
    def test_of_a_row_say_the_mend_whole(self, tmp_path: Path) -> None:
        path = write(tmp_path / "a.csv", "titre,texte\nUn,La société Orabis emploie 80 personnes.\n")

        with pytest.raises(ArticleError, match=r"expected a column of dates, named in meta\.yaml beside the file$"):
            read_article(path, tmp_path, allow_undated=False, today=date(2026, 11, 30))

    def test_of_a_key_that_is_not_there_name_those_that_are(self, tmp_path: Path) -> None:
        path = write(tmp_path / "a.txt", "La société Orabis emploie 80 personnes.")
        write(tmp_path / "a.txt.meta.yaml", "titel: Orabis\ndate: 2025-03-12\n")

        with pytest.raises(ArticleError, match="unknown field 'titel', expected one of id, title, publisher, date"):
            read(path)

    @pytest.mark.parametrize(
        ("raised", "said"),
        [(RecursionError("maximum recursion depth"), "nested too deeply"), (ValueError("Excessive depth in document"), "nested"),
         (AttributeError("no attribute 'override_lst'"), "not of the format that its name says: save it again"), (ValueError("bad row"), "bad row")],
    )  # fmt: skip
    def test_of_a_library_say_what_a_user_can_do(
        self, monkeypatch: pytest.MonkeyPatch, raised: Exception, said: str
    ) -> None:
        def fail(*_: object) -> None:
            raise raised

        monkeypatch.setattr(confined, "found_in", fail)

        reason = confined.answer({"path": "a.docx", "table": {}})["reason"]

        assert said in reason
        assert "attribute" not in reason

    def test_an_address_that_is_none_is_told(self, tmp_path: Path) -> None:
        notices: list[str] = []
        text = "---\ndate: 2025-03-12\nurl: page trois\n---\nLa société emploie 80 personnes."

        assert read(write(tmp_path / "a.md", text), notices).url == "page trois"
        assert "« page trois » is not an address" in notices[0]

    @pytest.mark.parametrize("column", ["Date de publication", "Publié le", "Mise en ligne"])
    def test_columns_of_days_by_their_usual_names(self, tmp_path: Path, column: str) -> None:
        table = f"Titre;Texte;{column}\nUn;La société Orabis emploie 80 personnes.;12/03/2025\n"

        assert str(read(write(tmp_path / "a.csv", table)).date) == "2025-03-12"


class TestManuals:
    """As programs make them of DocBook: boxes in the text, cells several rows high, titles with a number."""

    def test_a_box_among_paragraphs_is_text(self, tmp_path: Path) -> None:
        """Short as it is; one that stands beside the text, between other things, is not."""
        box = "<div class='sidebar'><p>POUR ALLER PLUS LOIN</p><div>Le programme <code>setquota</code> va dans un script.</div></div>"
        prose = "<div>La commande edquota permet de changer les limites tout en consultant la consommation.</div>"

        assert "`setquota` va dans un script" in read_page(tmp_path, f"<div>{prose}{box}{prose}</div>").text
        assert "setquota" not in read_page(tmp_path, f"<div>{SAID}</div>{box}<div>{SAID}</div>").text

    def test_cells_stand_under_their_columns(self, tmp_path: Path) -> None:
        """Also those after a cell that is several rows high or columns wide."""
        table = (
            "<table><tr><th>Zone</th><th>Mois</th><th>Prix</th></tr><tr><td rowspan=2>Nord</td><td>mai</td><td>3 €</td></tr>"
            "<tr><td>juin</td><td>4 €</td></tr><tr><td colspan=2>Sud</td><td>5 €</td></tr></table>"
        )

        text = read_page(tmp_path, f"{SAID}{table}").text

        assert text.endswith("| Nord | mai | 3 € |\n|  | juin | 4 € |\n| Sud |  | 5 € |")

    @pytest.mark.parametrize(
        ("first", "header"), [("Formation", "500 €"), ("Contrat", "Montant")], ids=["figures", "names of columns"]
    )
    def test_a_title_in_the_first_row_names_no_column(self, tmp_path: Path, first: str, header: str) -> None:
        """Nor is it said of the cells; the row below it is the header where it has no figures."""
        table = "".join(f"<tr><td>{a}</td><td>{b}</td></tr>" for a, b in ((first, header), ("CDI", "600 €")))

        text = read_page(tmp_path, f"{SAID}<table><tr><td colspan=2>Montant de l’aide</td></tr>{table}</table>").text

        rows = [block for block in blocks_of(text) if block.kind == "row"]
        named = "" if header == "500 €" else "Contrat | Montant"
        assert (text[rows[-1].start : rows[-1].end], rows[-1].beside) == ("CDI | 600 €", named)
        assert "Montant de l’aide\n\n|" in text

    def test_a_note_laid_out_as_a_table_is_a_paragraph(self, tmp_path: Path) -> None:
        note = "<table><tr><td rowspan=2><img src=a.png></td><th>Note</th></tr><tr><td>Le quai est fermé le lundi.</td></tr></table>"

        assert read_page(tmp_path, SAID + note).text.endswith("Note\n\nLe quai est fermé le lundi.")

    def test_what_leads_to_other_pages_is_no_text(self, tmp_path: Path) -> None:
        menu = "<ul class='docnav'><li>Précédent</li><li><a href=b.html>Le manuel</a></li></ul>"

        assert read_page(tmp_path, menu + SAID + menu).text.startswith("La société Orabis")

    def test_a_piece_of_the_title_is_no_publisher(self, tmp_path: Path) -> None:
        source = page(SAID).replace("Orabis signe à Brest", "9.8. Planification asynchrone : anacron")

        assert read(write(tmp_path / "a.html", source)).publisher is None
