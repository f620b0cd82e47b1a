"""A sentence becomes a citation: its paragraph, who said it when, our translation, what it cannot be read without."""

from __future__ import annotations

import pytest

from made import NBSP, answer_of, article_of, asked, passage_of, selected, words_of
from trusted_cloud_chat.answering.citing import brief, citation_of, needed, onward
from trusted_cloud_chat.answering.compose import Quotes
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.language.sentences import sentences_in
from trusted_cloud_chat.output.serialise import citation_to_dict
from trusted_cloud_chat.schema import Citation, Enrichment, Language, Passage, Source, Span, Statement

FIVE = "Un. Deux deux. Trois trois trois. Quatre quatre. Cinq."


def cited(text: str, quote: str, **fields: object) -> Citation:
    article = article_of(text, **fields)
    start = text.index(quote)
    return citation_of(1, article, Span(start, start + len(quote)))


def around(text: str, quote: str) -> str:
    citation = cited(text, quote)
    return text[citation.around.start : citation.around.end]


class TestContext:
    @pytest.mark.parametrize(
        ("text", "quote", "shown"),
        [
            (f"{FIVE} Six.", "Trois trois trois.", FIVE),
            (f"Avant.\n\n{FIVE}", "Un.", "Un. Deux deux. Trois trois trois."),
            ("- Un point. Sa suite.\n- Un autre.", "Un point.", "Un point. Sa suite."),
            ("# Un titre\n\nUn texte.", "Un titre", "Un titre"),
        ],
    )
    def test_two_sentences_on_each_side_in_the_paragraph(self, text: str, quote: str, shown: str) -> None:
        assert around(text, quote) == shown

    def test_eighty_words_at_most(self) -> None:
        long = f"Mot {'mot ' * 70}fin."
        assert around(f"Avant lui. {long} {long} Après.", "Avant lui.") == f"Avant lui. {long}"
        assert around(f"{long} Ici. {long}", "Ici.") == f"Ici. {long}"

    def test_json_has_the_text_around_and_where_the_quote_stands_in_it(self) -> None:
        told = citation_to_dict(cited(FIVE, "Trois trois trois."))
        context = told["context"]

        assert context["text"] == FIVE
        assert context["text"][context["quote_start"] : context["quote_end"]] == told["quote"]
        assert told["best"] == {"start": told["start"], "end": told["end"]}

    def test_a_quote_alone_is_its_own_context(self) -> None:
        told = citation_to_dict(cited("Seul.", "Seul."))

        assert (told["context"]["text"], told["best"]) == ("Seul.", None)

    def test_an_item_says_what_it_stands_under(self) -> None:
        text = "Les offres sont :\n\n- Bare Metal Pod\n- Hosted Private Cloud"

        assert citation_to_dict(cited(text, "Bare Metal Pod"))["context"]["under"] == "Les offres sont"


class TestNeeded:
    @pytest.mark.parametrize(
        ("text", "quote", "shown"),
        [
            ("Bleu grandit à Rennes. Elle ouvre trois centres.", "Elle ouvre trois centres.", "Bleu grandit à Rennes. Elle ouvre trois centres."),
            ("Bleu grandit à Rennes.\n\nElle ouvre trois centres.", "Elle ouvre trois centres.", "Elle ouvre trois centres."),
            ("Oui, sans frais. Il suffit d’écrire.", "Oui, sans frais.", "Oui, sans frais. Il suffit d’écrire."),
            ("Bleu ouvrira un centre en mai. Le projet est abandonné.", "Bleu ouvrira un centre en mai.",
             "Bleu ouvrira un centre en mai. Le projet est abandonné."),
            ("Bleu grandit encore à Rennes. S3NS aussi.", "Bleu grandit encore à Rennes.", "Bleu grandit encore à Rennes."),
        ],
    )  # fmt: skip
    def test_what_a_sentence_cannot_be_read_without(self, text: str, quote: str, shown: str) -> None:
        span = needed(cited(text, quote))

        assert text[span.start : span.end] == shown


def test_what_answers_is_read_first() -> None:
    """What follows it is shown with it, in brief where that is short; what stands before only where it cannot be read without."""
    text = f"Un. Deux deux. Trois mots ou bien cinq. Quatre. Cinq {'cinq ' * 45}."
    shown = [of(cited(text, "Trois mots ou bien cinq.")) for of in (onward, brief)]
    leant = cited("Bleu est qualifié. Cette offre a trois zones.", "Cette offre a trois zones.")

    assert [text[span.start : span.end] for span in shown] == [
        text[text.index("Trois") :],
        "Trois mots ou bien cinq. Quatre.",
    ]
    assert onward(leant).start == 0
    for said in (
        "OVHcloud publie ses comptes. La croissance ressort à 6 %.",
        "Un texte dit oui. Celui de Lille dit au contraire non.",
    ):
        assert onward(cited(said, said[said.index(". ") + 2 :])).start == 0


@pytest.mark.parametrize(
    ("announced", "shown"),
    [
        ("- le mariage ;\n- le décès.\n\nLe reste.", "« **Un congé est dû :** le mariage ; · le décès. » [1]"),
        ("1° Pour son mariage ;\n\n2° Pour un décès.\n\nFin.",
         "« **Un congé est dû :** 1° Pour son mariage ; · 2° Pour un décès. » [1]"),
        ("```\napt install quai\n```\n\n- puis.", "« **Un congé est dû :** apt install quai » [1]"),
        ("Le reste du texte.", "« Un congé est dû : » [1]"),
    ],
)  # fmt: skip
def test_a_lead_in_is_quoted_with_what_it_announces(announced: str, shown: str) -> None:
    text = f"Avant.\n\nUn congé est dû :\n\n{announced}"
    quotes = Quotes("fr")
    quotes.citations.append(cited(text, "Un congé est dû :"))

    assert quotes.line(1).replace(NBSP, " ").startswith(shown)


class TestStatement:
    TEXT = "Bleu vise la fin de 2026."
    SPAN = Span(0, len(TEXT))

    def of(self, said_by: str, source: str | None = "LeMagIT", publisher: str = "Nuages") -> Citation:
        told = Statement(
            (self.SPAN,),
            translation="Bleu aims at the end of 2026.",
            source=Source(source) if source else None,
            said_on=PartialDate(2026, 3, 25),
            said_by=said_by,  # type: ignore[arg-type]
        )
        return citation_of(1, article_of(self.TEXT, publisher=publisher), self.SPAN, told)

    def test_its_own_source_and_day(self) -> None:
        citation = self.of("source")

        assert (citation.said_by, str(citation.said_on)) == ("LeMagIT", "2026-03-25")
        assert {"said_by": "LeMagIT", "said_on": "2026-03-25"}.items() <= citation_to_dict(citation).items()

    def test_the_article_s_day_is_not_the_source_s(self) -> None:
        assert self.of("article").said_on is None

    def test_an_article_does_not_report_itself(self) -> None:
        assert self.of("source", publisher="LeMagIT").said_by == ""

    def test_our_translation_stands_under_a_quote_in_another_language(self) -> None:
        said = words_of(answer_of(asked("When will Bleu be ready?"), self.passage()))

        assert "“Bleu vise la fin de 2026.” (in French) [1] — " in said
        assert "\nOur translation: “Bleu aims at the end of 2026.”" in said
        assert "In English:" not in said

    def test_none_under_one_in_the_reader_s_own(self) -> None:
        assert "traduction" not in words_of(answer_of(asked("Quand Bleu sera-t-il prêt ?"), self.passage()))

    def passage(self) -> Passage:
        told = Statement((self.SPAN,), translation="Bleu aims at the end of 2026.")
        return passage_of(self.TEXT, enrichment=Enrichment((told,)))


def test_what_the_text_points_to_is_shown() -> None:
    """« dernier état connu : [2] », where nothing else shows the second quote."""
    quotes = Quotes("fr")
    first = quotes.line(quotes.add(selected("Bleu vise 2026.")))
    quotes.add(selected("Bleu a obtenu J1."))

    assert quotes.further(first).replace(NBSP, " ").startswith("1 autre extrait :\n- « Bleu a obtenu J1. » [2] — ")
    assert quotes.further(first) == ""


class TestSeveral:
    """What asks for several things gets the paragraph, and our translation of all of it."""

    TEXT = "Google a deux partenaires en France. Schwarz l’est en Allemagne. PSN l’est en Italie."

    def quotes(self, language: Language, *, whole: bool) -> Quotes:
        spans = sentences_in(self.TEXT, Span(0, len(self.TEXT)))
        rows = [Statement((span,), translation=f"Said {n}.") for n, span in enumerate(spans, start=1)]
        article = article_of(self.TEXT, enrichment=Enrichment(tuple(rows)))
        quotes = Quotes(language, whole=whole)
        beside = Enrichment(tuple(rows)).of
        quotes.citations.append(citation_of(1, article, spans[1], rows[1], lambda _article, span: beside(span)))
        return quotes

    def test_what_stands_before_is_shown_too(self) -> None:
        whole, onward = (self.quotes("fr", whole=whole).line(1, leads=True) for whole in (True, False))

        assert "« Google a deux partenaires en France. **Schwarz" in whole.replace(NBSP, " ")
        assert "« **Schwarz l’est en Allemagne.** PSN l’est en Italie. »" in onward.replace(NBSP, " ")

    def test_all_that_is_shown_is_translated(self) -> None:
        assert self.quotes("en", whole=True).line(1, leads=True).endswith("Our translation: “Said 1. Said 2. Said 3.”")
        assert self.quotes("en", whole=False).line(1, leads=True).endswith("Our translation: “Said 2. Said 3.”")
        assert citation_to_dict(self.quotes("en", whole=True).citations[0])["translation"] == "Said 2."
