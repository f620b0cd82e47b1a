"""The forms of an answer: quotes, list, table."""

from __future__ import annotations

from dataclasses import replace

import pytest

from made import NBSP, answer_of, article_of, asked, evidence_of, maker_of, passage_of
from trusted_cloud_chat.answering.forms.form import Form, Maker
from trusted_cloud_chat.answering.forms.listing import list_form
from trusted_cloud_chat.answering.forms.quotes import quotes_form
from trusted_cloud_chat.answering.forms.table import table_form
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.question.question import Question
from trusted_cloud_chat.schema import Fact, Passage, Vote
from trusted_cloud_chat.trace import Trace


def texts(form: Form | None) -> list[str]:
    assert form is not None
    return [quote.text for quote in form.quotes]


class TestQuotes:
    CLIENTS = passage_of("Bleu compte 42 clients publics.", "2025-06-02")

    def scored(self, question: Question, *passages: tuple[Passage, float], trace: Trace | None = None) -> list[str]:
        evidence = evidence_of(question, *(passage for passage, _ in passages))
        ranked = [replace(one, score=score) for one, (_, score) in zip(evidence.ranked, passages, strict=True)]
        maker = maker_of(question, trace=trace)
        return texts(quotes_form(Maker(replace(evidence, ranked=ranked), maker.entities, maker.market, maker.trace)))

    def test_the_best_sentence_stands_however_poor(self) -> None:
        assert self.scored(asked("Combien de clients ?"), (passage_of("Bleu a des clients.", read=-9.0), -5.0)) == [
            "Bleu a des clients."
        ]

    @pytest.mark.parametrize(
        ("score", "read", "quoted", "off"),
        [(-1.0, 3.0, 2, ""), (-3.0, 3.0, 1, ""), (-1.0, -3.0, 1, ""), (-5.0, -3.0, 2, "margin")],
    )
    def test_a_further_quote_answers_nearly_as_well(self, score: float, read: float, quoted: int, off: str) -> None:
        """Unless that rule is off."""
        other, trace = passage_of("Rennes accueille les centres opérationnels.", read=read), Trace({off} - {""})

        assert len(self.scored(asked("Où est Bleu ?"), (self.CLIENTS, 0.0), (other, score), trace=trace)) == quoted

    def test_what_says_the_same_is_quoted_once(self) -> None:
        same = passage_of("Bleu compte 42 clients publics, dit-elle.")

        assert len(self.scored(asked("Qui ?"), (self.CLIENTS, 0.0), (same, 0.0))) == 1
        assert len(self.scored(asked("Qui ?"), (self.CLIENTS, 0.0), (same, 0.0), trace=Trace({"repeats"}))) == 2

    @pytest.mark.parametrize(
        ("typed", "kind", "score", "first"),
        [
            ("Qui dirige Bleu ?", "who", -0.5, "Anne Dupont préside l’entreprise."),
            ("Qui dirige Bleu ?", "who", -1.5, "Jean Coumaros dirige Bleu."),
            ("Qui dirigeait Bleu en 2024 ?", "who", -0.5, "Jean Coumaros dirige Bleu."),
        ],
    )
    def test_for_the_present_the_newer_of_two_close_ones_leads(
        self, typed: str, kind: str, score: float, first: str
    ) -> None:
        old = passage_of("Jean Coumaros dirige Bleu.", "2024-01")
        new = passage_of("Anne Dupont préside l’entreprise.", "2026-03")

        assert self.scored(asked(typed, kind), (old, 0.0), (new, score))[0] == first

    @pytest.mark.parametrize(("kind", "like", "opened"), [("list", 0.8, 2), ("list", 0.6, 1), ("number", 0.8, 2)])
    def test_what_answers_a_like_stored_question_is_all_open(self, kind: str, like: float, opened: int) -> None:
        passage = passage_of("Azure tombe en panne le 29 octobre. Il pleut fort ici. Cloudflare tombe en panne après.")
        first, _, last = (span.start for span in passage.chunk.sentences)
        vote = Vote(0.5, like, "Quelles pannes ?", (first, last))
        asked_alike = replace(passage, votes=(vote, None, vote))
        maker = maker_of(asked("Quelles pannes à l’automne ?", kind), asked_alike)
        form = quotes_form(maker)

        assert form.opened == opened
        assert ("whole_answer" in [line.rule for line in maker.trace.lines]) is (opened > 1)
        assert [one.text[:5] for one in form.quotes[:opened]] == ["Azure", "Cloud"][:opened]

    @pytest.mark.parametrize(
        ("like", "off", "opened"),
        [(0.65, "", ["La hal", "Les tr"]), (0.5, "", ["La hal"]), (0.65, "pieces", ["La hal"]), (0.75, "", ["Les tr"])],
    )
    def test_each_piece_of_a_question_has_its_sentence(self, like: float, off: str, opened: list[str]) -> None:
        """A lead that no stored question is like gives way to one that is clearly asked for."""
        passage = passage_of("La halle a rouvert en mars. Il pleut fort ici. Les travaux ont coûté douze millions.")
        vote = Vote(0.0, like, "coût des travaux", (passage.chunk.sentences[2].start,))
        maker = maker_of(asked("Quand rouvre la halle, avec quel budget ?"), passage, trace=Trace({off} - {""}))
        form = quotes_form(replace(maker, evidence=replace(maker.evidence, pieces=lambda _: [vote])))

        assert [one.text[:6] for one in form.quotes[: form.opened]] == opened

    def test_also_what_stands_in_a_passage_that_was_not_read(self) -> None:
        day = Fact("Azure", "incident", date=PartialDate(2025, 10, 29))
        passage = passage_of(
            "Azure tombe en panne le 29 octobre. Il pleut fort ici. Trois câbles ont brûlé.", facts=[day]
        )
        first, _, last = (span.start for span in passage.chunk.sentences)
        vote = Vote(0.5, 0.8, "Quelles pannes ?", (first, last))
        maker = maker_of(asked("Quelles pannes à l’automne ?", "list"), replace(passage, votes=(vote, None, vote)))
        read = replace(maker.evidence, ranked=maker.evidence.ranked[:1])

        assert quotes_form(replace(maker, evidence=read)).opened == 2

    @pytest.mark.parametrize(("kind", "most"), [("fact", 4), ("how_changed", 5), ("list", 6)])
    def test_there_are_no_more_than_can_be_read(self, kind: str, most: int) -> None:
        said = ["Un arbre tombe là-bas.", "Deux chats dorment ici.", "Trois vagues se brisent.", "Quatre murs se dressent.",
                "Cinq trains partent demain.", "Six lampes brûlent toujours.", "Sept portes restent closes."]  # fmt: skip

        assert len(self.scored(asked("Quoi ?", kind), *((passage_of(text), 0.0) for text in said))) == most


def held(subject: str, year: int, month: int | None = None) -> Fact:
    return Fact(subject, "qualification", value="SecNumCloud", date=PartialDate(year, month))


class TestList:
    S3NS = passage_of(
        "S3NS a obtenu la qualification SecNumCloud en décembre 2025.", "2025-12-19", facts=[held("S3NS", 2025, 12)]
    )
    OLD = passage_of(
        "Outscale a obtenu la qualification SecNumCloud en 2019.", "2019", facts=[held("3DS Outscale", 2019)]
    )
    NEW = passage_of(
        "Outscale a obtenu de nouveau la qualification SecNumCloud en 2024.",
        "2024-05",
        facts=[held("3DS Outscale", 2024)],
    )
    PLAN = passage_of(
        "NumSpot sera qualifié SecNumCloud en 2027.",
        "2026-01",
        facts=[Fact("NumSpot", "qualification", value="SecNumCloud", due=PartialDate(2027), status="planned")],
    )
    DENIED = passage_of(
        "Bleu n’est pas encore qualifié SecNumCloud.",
        "2026-01",
        facts=[Fact("Bleu", "qualification", value="SecNumCloud", status="denied")],
    )

    @pytest.mark.parametrize(
        ("typed", "kind"),
        [("Qui est qualifié SecNumCloud ?", "who"), ("Quels fournisseurs sont qualifiés SecNumCloud ?", "list"),
         ("Which providers are SecNumCloud qualified?", "list")],
    )  # fmt: skip
    def test_holders_the_newest_of_each_newest_first(self, typed: str, kind: str) -> None:
        form = list_form(maker_of(asked(typed, kind), self.OLD, self.PLAN, self.S3NS, self.DENIED, self.NEW))

        assert texts(form) == [self.S3NS.text, self.NEW.text]
        assert form is not None
        assert (form.listed, form.proves) == (True, True)

    @pytest.mark.parametrize(
        ("typed", "passages"),
        [
            ("Qui est qualifié SecNumCloud ?", [PLAN, DENIED]),
            ("Qui est qualifié SecNumCloud ?", []),
            ("Qui dirige les hôpitaux ?", [S3NS, OLD]),
            ("Quels fournisseurs qualifiés SecNumCloud ont perdu un procès aux États-Unis ?", [S3NS, OLD]),
            ("Quand S3NS a-t-il été qualifié SecNumCloud ?", [S3NS, OLD]),
        ],
    )
    def test_no_list(self, typed: str, passages: list[Passage]) -> None:
        """Of nobody, of nothing known, of something more than the list, about one who is named."""
        assert list_form(maker_of(asked(typed, "list"), *passages)) is None

    def test_a_list_of_a_time_has_those_of_that_time(self) -> None:
        """Who was qualified in 2025 is not told by who was in 2019."""
        form = list_form(
            maker_of(asked("Qui a été qualifié SecNumCloud en 2025 ?", "list"), self.S3NS, self.OLD, self.NEW)
        )

        assert form is None or texts(form) == [self.S3NS.text]

    @pytest.mark.parametrize(
        ("typed", "quoted"),
        [("Quels sont les clients de Bleu ?", [0]), ("Quelles échéances n’ont pas été tenues ?", [1]),
         ("Quelles qualifications expirent en 2028 ?", [2]), ("Quand expire la qualification de S3NS ?", [2]),
         ("Quand expire la qualification de NumSpot ?", [])],
    )  # fmt: skip
    def test_where_articles_have_facts_those_are_listed(self, typed: str, quoted: list[int]) -> None:
        """Without a word that a sentence is known by; of promises not those that were kept."""
        kept = Fact("S3NS", "qualification", value="SecNumCloud", due=PartialDate(2025), status="planned")
        late = Fact("NumSpot", "qualification", value="SecNumCloud", due=PartialDate(2025), status="planned")
        passages = [
            passage_of("EDF y va aussi.", "2026-01", facts=[Fact("Bleu", "customer", object="EDF")]),
            passage_of("Le président y croit.", "2024-02", facts=[late]),
            self.S3NS,
            passage_of("L’autre président aussi.", "2024-03", facts=[kept]),
        ]

        form = list_form(maker_of(asked(typed, "list"), *passages))
        assert (texts(form) if form else []) == [passages[n].text for n in quoted]

    def test_customers_of_one_who_is_named(self) -> None:
        bleu = [passage_of("EDF a choisi Bleu pour son cloud."), passage_of("La Poste a migré chez Bleu.")]
        other = passage_of("Docaposte a choisi S3NS pour son cloud.")
        form = list_form(maker_of(asked("Quels sont les clients de Bleu ?", "list"), *bleu, other))

        assert form is None or other.text not in texts(form)


class TestTable:
    BLEU = passage_of(
        "Bleu a franchi le jalon J0 de SecNumCloud.", "2025-04-17", facts=[Fact("Bleu", "milestone", value="J0")]
    )
    S3NS = passage_of(
        "S3NS a obtenu SecNumCloud pour PREMI3NS.",
        "2025-12-19",
        facts=[Fact("S3NS", "qualification", value="SecNumCloud", date=PartialDate(2025, 12, 17), service="PREMI3NS")],
    )
    OWNED = passage_of(
        "Thales détient la majorité du capital de S3NS.",
        "2025-12-20",
        facts=[Fact("S3NS", "ownership", object="Thales")],
    )

    def rows(self, typed: str, *passages: Passage, kind: str = "comparison") -> dict[str, list[str | None]] | None:
        form = table_form(maker_of(asked(typed, kind), *passages))
        if form is None:
            return None
        assert form.table is not None
        return {row.label: [cell.text if cell else None for cell in row.cells] for row in form.table.rows}

    def test_a_cell_is_the_newest_fact_about_that_name_and_that_criterion(self) -> None:
        later = passage_of("Le dossier avance.", "2026-02", facts=[Fact("Bleu", "milestone", value="J1")])
        rows = self.rows(
            "Compare la qualification et le capital de Bleu et de S3NS", self.BLEU, later, self.S3NS, self.OWNED
        )

        assert rows == {"Qualification": [later.text, self.S3NS.text], "Capital": [None, self.OWNED.text]}

    def test_a_table_of_too_few_cells_leaves_its_trace(self) -> None:
        maker = maker_of(asked("Compare la qualification et le capital de Bleu et de S3NS", "comparison"), self.BLEU)

        assert table_form(maker) is None
        assert [(line.rule, line.did, line.failed) for line in maker.trace.lines] == [("form.table", "1 / 4", True)]

    def test_plain_articles_fill_no_cell(self) -> None:
        plain = passage_of("Bleu vise SecNumCloud."), passage_of("S3NS a obtenu SecNumCloud.")

        assert self.rows("Compare la qualification de Bleu et de S3NS", *plain) is None

    def test_several_names_and_criteria_are_compared_whatever_is_asked(self) -> None:
        rows = self.rows(
            "Quels sont le capital et la qualification de Bleu et S3NS", self.BLEU, self.S3NS, self.OWNED, kind="list"
        )

        assert rows is not None
        assert {"Qualification", "Capital"} <= set(rows)

    def test_in_the_language_of_the_question(self) -> None:
        rows = self.rows(
            "Compare the qualification and the ownership of Bleu and S3NS", self.BLEU, self.S3NS, self.OWNED
        )

        assert rows is not None
        assert set(rows) == {"Qualification", "Ownership"}

    def test_where_nothing_in_particular_is_asked_what_is_usual_is_compared(self) -> None:
        rows = self.rows("Compare Bleu et S3NS", self.BLEU, self.S3NS, self.OWNED)

        assert rows is not None
        assert {"Qualification", "Capital"} <= set(rows)

    @pytest.mark.parametrize(
        ("typed", "kind", "passages"),
        [
            ("Compare la qualification de Bleu et de S3NS", "fact", [BLEU, S3NS]),
            ("Compare la qualification de Bleu", "comparison", [BLEU, S3NS]),
            ("Compare la qualification de Bleu et de S3NS", "comparison", [BLEU]),
            ("Compare les couleurs des logos de Bleu et de S3NS dans la presse", "comparison", [BLEU, S3NS]),
        ],
    )
    def test_no_table(self, typed: str, kind: str, passages: list[Passage]) -> None:
        """For another kind, one name, one cell, or something that is not told by criteria."""
        assert self.rows(typed, *passages, kind=kind) is None

    def test_an_answer_says_what_was_not_found(self) -> None:
        answer = answer_of(
            asked("Compare la qualification et le capital de Bleu et de S3NS", "comparison"), self.BLEU, self.S3NS,
            self.OWNED, sure=0.1,
        )  # fmt: skip

        assert answer.table is not None
        assert answer.table.columns == ("Critère", "Bleu", "S3NS")
        assert answer.table.rows[1][1].text == "non trouvé dans le corpus"
        assert "| Capital | non trouvé dans le corpus |" in answer.answer
        assert answer.outcome == "answered"

    def test_a_line_of_a_quote_breaks_no_row(self) -> None:
        said = "Bleu | filiale d’Orange\na franchi le jalon J0 de SecNumCloud."
        broken = passage_of(said, "2025-04-17", facts=[Fact("Bleu", "milestone", value="J0")])
        answer = answer_of(asked("Compare la qualification de Bleu et de S3NS", "comparison"), broken, self.S3NS)
        (row,) = [line for line in answer.answer.splitlines() if line.startswith("| Qualification")]

        assert row.replace(r"\|", "").count("|") == 4


def test_who_says_it_and_when_stands_beside_each_quote() -> None:
    answer = answer_of(
        asked("Que compte Bleu ?"), passage_of("Bleu compte 42 clients publics.", "2025-06-02", publisher="L'Usine")
    )

    assert answer.answer == f"«{NBSP}Bleu compte 42 clients publics.{NBSP}» [1] — L’Usine, 2{NBSP}juin 2025"
    assert article_of("x", publisher="L'Usine").publisher == "L'Usine"
