"""What is answered, what is refused, and for which reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from made import SURE, asked, case_of, evidence_of, passage_of
from trusted_cloud_chat.answering.checks import CHECKS, DecisionCase
from trusted_cloud_chat.answering.decision import decide
from trusted_cloud_chat.answering.forms.form import Comparison, Form
from trusted_cloud_chat.answering.forms.standing import Denied
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.evidence.ranking import Selected
from trusted_cloud_chat.language.blocks import article_sentences
from trusted_cloud_chat.retrieval.stored_questions import Likeness
from trusted_cloud_chat.schema import Fact, Passage, Reading, Vote
from trusted_cloud_chat.trace import Trace

OBJECTS = {check.id: check.objects for check in CHECKS}
BLEU = passage_of("Bleu compte 42 clients depuis mars 2025.")
PLAIN = passage_of("Le référentiel compte beaucoup d’exigences.")
NOT_YET = passage_of("Bleu n’est pas encore qualifié SecNumCloud.")
EARLY = date(2023, 6, 30)
DENIED = Denied(Selected(NOT_YET, NOT_YET.chunk.sentences[0], 0.0), "not_qualified")
OF_ANOTHER = passage_of("NumSpot compte 60 salariés.", facts=[Fact("NumSpot", "headcount", value="60")])
BLEU_IN_2024 = passage_of("Bleu compte 60 salariés.", "2024-06-15", facts=[Fact("Bleu", "headcount", value="60")])
RECALLED = passage_of(
    "L’offre de NumSpot était promise dès 2023.",
    "2025-09-03",
    facts=[Fact("NumSpot", "offer", due=PartialDate(2023), status="planned")],
)
PROMISED = passage_of(
    "Bleu ouvrira ses premiers services fin 2024.",
    "2024-01-15",
    facts=[Fact("Bleu", "offer", due=PartialDate(2024, 12), status="planned")],
)


TABLE = "La ligne de Bleu a rouvert.\n\n| Ligne | Retards |\n|---|---|\n| TER Arzal | 12 % |\n| TER Montbrun | 8,4 % |"


def of_row(question: str, sure: float = 0.9) -> DecisionCase:
    """The row of Arzal is quoted."""
    table = passage_of(TABLE)
    spans = tuple(article_sentences(TABLE))
    logits = (3.0,) * len(spans)
    table = replace(table, chunk=replace(table.chunk, sentences=spans), reading=Reading(3.0, logits, logits))
    row = next(span for span in spans if "Arzal" in TABLE[span.start : span.end])
    return case_of(asked(question, "number"), table, sure=sure, form=Form((Selected(table, row, 0.0),)))


def voted(passage: Passage, question: str = "?") -> Passage:
    """A stored question that asks the same stands beside it."""
    return replace(passage, votes=(Vote(1.0, 0.9, question),))


FAQ = passage_of("## Qui dirige donc Bleu ?\n\nLe conseil choisit.", read=SURE)
FAQ = replace(
    FAQ, chunk=replace(FAQ.chunk, sentences=FAQ.chunk.sentences[-1:]), reading=Reading(SURE, (SURE,), (SURE,))
)


CASES: dict[str, list[tuple[DecisionCase, bool]]] = {
    "check.unsure": [
        (case_of(asked("Qui dirige Bleu ?"), BLEU, sure=0.49), True),
        (case_of(asked("Qui dirige Bleu ?"), voted(BLEU), sure=0.4), False),
        (case_of(asked("Qui dirige Bleu ?"), FAQ, sure=0.4), False),
        (case_of(asked("Qui finance Bleu ?"), FAQ, sure=0.4), True),
        (case_of(asked("Qui dirige Bleu ?"), BLEU, sure=0.5), False),
        (case_of(asked("Qui dirige Bleu ?"), BLEU, sure=0.1, form=Form(proves=True)), False),
        (case_of(asked("Qui dirige Bleu ?"), sure=0.0), True),
    ],
    "check.later": [
        (case_of(asked("Qui dirige Bleu ?", as_of=EARLY), BLEU, sure=0.1, later=True), True),
        (case_of(asked("Qui dirige Bleu ?", as_of=EARLY), BLEU, sure=0.1, later=False), False),
        (case_of(asked("Qui dirige Bleu ?", as_of=EARLY), BLEU, sure=0.9, later=True), False),
        (case_of(asked("Qui dirige Bleu ?"), BLEU, sure=0.1, later=True), False),
    ],
    "check.foreign": [
        (case_of(asked("Quelle est la capitale du Pérou ?"), replace(PLAIN, score=0.05), sure=0.1), True),
        (case_of(asked("Quelle est la capitale du Pérou ?"), PLAIN, sure=0.1), False),
        (case_of(asked("Qui dirige Bleu ?"), replace(PLAIN, score=0.05), sure=0.1), False),
        (case_of(asked("Quelle est la capitale du Pérou ?"), replace(PLAIN, score=0.05), sure=0.95), False),
        (case_of(asked("Quelle est la capitale du Pérou ?"), sure=0.0), False),
        *(
            (replace(of := case_of(asked("Quelle est la capitale du Pérou ?"), replace(PLAIN, score=0.05), sure=0.1),
                     evidence=replace(of.evidence, likeness=Likeness({}, {}, near))), objects)
            for near, objects in ((0.5, True), (0.7, False))
        ),
    ],
    "check.denied": [
        (case_of(asked("Quand Bleu a-t-il été qualifié ?"), NOT_YET, denying=DENIED), True),
        (case_of(asked("Quand Bleu a-t-il été qualifié ?"), NOT_YET), False),
    ],
    "check.absent": [
        (replace(of := case_of(asked("Qui dirige Bleu ?"), BLEU), evidence=replace(of.evidence, likeness=likeness)), objects)
        for likeness, objects in ((Likeness({}, {}, 0.7, 0.8), True), (Likeness({}, {}, 0.79, 0.8), False))
    ],
    "check.name": [
        (case_of(asked("Que vend Bleu ?"), PLAIN), True),
        (case_of(asked("Que vend Bleu ?"), BLEU), False),
        (case_of(asked("Que vend Bleu ?"), passage_of("L’offre est chère.", title="Les prix de Bleu")), False),
        (case_of(asked("Que dit l’ANSSI ?"), PLAIN), False),
        (case_of(asked("Que vendent Bleu et S3NS ?"), BLEU), False),
    ],
    "check.period": [
        (case_of(asked("Qu’a fait Bleu en 2023 ?"), BLEU), True),
        (case_of(asked("Qu’a fait Bleu en 2025 ?"), BLEU), False),
        (case_of(asked("Qu’a fait Bleu en 2023 ?"), passage_of("Bleu a ouvert en 2023.")), False),
        (case_of(asked("Qu’a fait Bleu en 2023 ?"), passage_of("Bleu a ouvert.", None)), False),
        (case_of(asked("Qu’a fait Bleu depuis 2023 ?"), BLEU), False),
        (case_of(asked("Qu’a fait Bleu en avril 2026 ?"), passage_of("La loi court jusqu’en 2026.")), True),
        (case_of(asked("Qu’a fait Bleu en avril 2023 ?"), passage_of("Bleu a ouvert. C’était en avril 2023.")), False),
        (case_of(asked("Combien de salariés a Bleu en 2026 ?"), BLEU_IN_2024), True),
        (case_of(asked("Combien de salariés a Bleu en 2024 ?"), BLEU_IN_2024), False),
    ],
    "check.other": [
        (case_of(asked("Combien de salariés a Docaposte ?"), OF_ANOTHER), True),
        (case_of(asked("Combien de salariés a NumSpot ?"), OF_ANOTHER), False),
        (case_of(asked("Combien de salariés a Docaposte ?"), passage_of("NumSpot compte 60 salariés.")), False),
        (case_of(asked("Combien de salariés ?"), OF_ANOTHER), False),
        (case_of(asked("Combien de salariés a Docaposte ?"), voted(OF_ANOTHER, "Combien de salariés Docaposte y a-t-il ?")), False),
        (case_of(asked("Quel chiffre d’affaires a NumSpot ?", "number"), OF_ANOTHER), True),
        (case_of(asked("Bleu a-t-il franchi le jalon J2 ?"), passage_of("Bleu a franchi le jalon J1.")), True),
        (case_of(asked("Bleu a-t-il franchi le jalon J1 ?"), passage_of("Bleu a franchi le jalon J1.")), False),
        (case_of(asked("Quand sort la version 4.0 ?"), passage_of("La version 3.1 date de 2018.")), True),
        (case_of(asked("Quand est sortie la version 3.1 ?"), passage_of("La version 3.1 date de 2018.")), False),
    ],
    "check.lacks": [
        (case_of(asked("Qui Bleu a-t-il retenu ?", "who"), passage_of("Bleu a lancé un appel d’offres.")), True),
        (case_of(asked("Qui Bleu a-t-il retenu ?", "who"), passage_of("Bleu a retenu la société Acme.")), False),
        (case_of(asked("Quand Bleu a-t-il choisi ?", "date"), passage_of("Bleu a lancé un appel d’offres.")), False),
        (case_of(asked("Pourquoi Bleu a-t-il 60 salariés ?", "why"), voted(BLEU_IN_2024, "Combien sont-ils ?")), True),
        (case_of(asked("Pourquoi Bleu a-t-il 60 salariés ?", "why"), voted(BLEU_IN_2024, "Pour quelle raison ?")), False),
        (case_of(asked("Combien Bleu a-t-il payé ?", "number"), passage_of("Bleu a signé le contrat.")), True),
        (case_of(asked("Combien Bleu a-t-il payé ?", "number"), passage_of("Bleu a signé. Le prix : 3 millions d’euros.")), False),
        (case_of(asked("Combien Bleu a-t-il payé ?", "number"), voted(passage_of("Bleu ouvre sans frais."))), False),
    ],
    "check.since": [
        (case_of(asked("Bleu a-t-il ouvert ?", "yes_no"), PROMISED), True),
        (case_of(asked("Bleu a-t-il ouvert ?", "yes_no"), PROMISED, passage_of("Bleu a ouvert.", "2025-02-03")), False),
        (case_of(asked("NumSpot a-t-il ouvert ?", "yes_no"), RECALLED), True),
        (case_of(asked("Bleu ouvrira-t-il ?", "yes_no"), PROMISED), False),
        (case_of(asked("Quand Bleu ouvre-t-il ?", "date"), PROMISED), False),
        (case_of(asked("Bleu a-t-il ouvert ?", "yes_no", today=EARLY), PROMISED), False),
        (case_of(asked("Combien de clients Bleu a-t-il réellement ?", "number", today=EARLY), PROMISED), True),
    ],
    "check.row": [
        (of_row("Quels retards pour le TER Montbrun ?"), True),
        (of_row("Quels retards pour le TER Quimper ?"), True),
        (of_row("Combien de TER Arzal avec 15 % de retards ?"), True),
        (of_row("Quels retards pour le TER Arzal ?"), False),
        (of_row("Quels retards pour le TER Arzal de Bleu en 2024 ?"), False),
        (of_row("Quelle ligne a 12 % de retards ?"), False),
        (of_row("Quelle ligne a plus de 10 % de retards ?"), False),
        (of_row("Quelle ligne compte plus de 1 000 retards ?"), False),
        (of_row("What are the delays of the 4521 line of Arzal?"), True),
        (case_of(asked("Quels retards pour le TER Quimper ?"), PLAIN), False),
    ],
}  # fmt: skip


def test_every_check_has_its_cases() -> None:
    assert set(CASES) == set(OBJECTS)


@pytest.mark.parametrize(
    ("check", "case", "objects"),
    [(check, case, objects) for check, cases in CASES.items() for case, objects in cases],
    ids=[f"{check}-{n}" for check, cases in CASES.items() for n, _ in enumerate(cases)],
)
def test_a_check_objects_to_what_it_is_for(check: str, case: DecisionCase, objects: bool) -> None:
    assert (OBJECTS[check](case) is not None) is objects


def test_all_checks_are_run_and_traced_and_the_first_gives_the_reason() -> None:
    trace = Trace()
    question = asked("Combien de clients a S3NS ?", "number", as_of=EARLY)
    decision = decide(case_of(question, passage_of("Le nuage a des clients."), sure=0.1, later=True), trace)

    assert (decision.outcome, decision.reason) == ("refused", "after_as_of")
    assert decision.because == ("check.later", "check.unsure", "check.name", "check.lacks")
    assert tuple(line.rule for line in trace.lines) == decision.because
    assert all(line.did for line in trace.lines)


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        (case_of(asked("Qui dirige Bleu ?", as_of=EARLY), BLEU, sure=0.1, later=True), "after_as_of"),
        (case_of(asked("La capitale du Pérou ?", as_of=EARLY), replace(PLAIN, score=0.05), sure=0.1), "out_of_domain"),
        (case_of(asked("Quand Bleu a-t-il été qualifié ?"), NOT_YET, sure=0.1, denying=DENIED), "false_premise"),
        (case_of(asked("Qui dirige Bleu ?"), BLEU, sure=0.1), "not_in_corpus"),
    ],
)  # fmt: skip
def test_the_reasons(case: DecisionCase, reason: str) -> None:
    """Later articles first, then a foreign subject, a false premise, and that nothing answers."""
    assert decide(case, Trace()).reason == reason


def test_without_a_quote_there_is_no_answer_however_sure() -> None:
    assert decide(case_of(asked("Que dit-on ?"), sure=0.9), Trace()).outcome == "refused"


def test_a_table_answers_without_quotes() -> None:
    question = asked("Compare Bleu et S3NS", "comparison")
    table = Form(table=Comparison(("Bleu", "S3NS"), ()), proves=True)

    assert (
        decide(
            DecisionCase(evidence_of(question), table, case_of(question).entities, 0.5, 0.3, None, lambda: None),
            Trace(),
        ).outcome
        == "answered"
    )


@pytest.mark.parametrize(
    ("sure", "outcome", "reason"),
    [
        (0.5, "answered", None),
        (0.49, "nearest", "uncertain"),
        (0.3, "nearest", "uncertain"),
        (0.29, "refused", "not_in_corpus"),
    ],
)
def test_between_the_two_thresholds_the_nearest_is_shown(sure: float, outcome: str, reason: str | None) -> None:
    decision = decide(case_of(asked("Qui dirige Bleu ?"), BLEU, sure=sure), Trace())

    assert (decision.outcome, decision.reason) == (outcome, reason)


def test_where_another_check_objects_the_nearest_is_not_shown() -> None:
    """Quotes about somebody else come nearest to nothing; and the rule can be switched off."""
    assert decide(case_of(asked("Que vend Bleu ?"), PLAIN, sure=0.4), Trace()).outcome == "refused"
    assert decide(case_of(asked("Qui dirige Bleu ?"), BLEU, sure=0.4), Trace({"nearest"})).outcome == "refused"


def test_what_is_noted_does_not_keep_an_answer_back() -> None:
    decision = decide(case_of(asked("Qu’a fait Bleu en 2023 ?"), BLEU), Trace())

    assert (decision.outcome, decision.because) == ("answered", ("check.period",))
    assert decide(case_of(asked("Qu’a fait Bleu en 2023 ?"), BLEU, sure=0.4), Trace()).outcome == "nearest"


def test_a_promise_whose_day_has_passed_is_what_comes_nearest() -> None:
    assert decide(case_of(asked("Bleu a-t-il ouvert ?", "yes_no"), PROMISED), Trace()).outcome == "nearest"


def test_facts_of_the_same_subject_and_attribute_are_near() -> None:
    passage = replace(BLEU_IN_2024, votes=(Vote(1.0, 0.9, "Combien de salariés compte Bleu ?"),))
    near, other = (
        case_of(asked(f"Combien de salariés a {name} aujourd’hui ?"), passage, sure=0.1) for name in ("Bleu", "S3NS")
    )

    assert decide(near, Trace()).outcome == "nearest"
    assert decide(other, Trace()).outcome == "refused"


def test_a_row_that_may_be_another_is_shown_as_what_comes_nearest() -> None:
    assert decide(of_row("Quels retards pour le TER Quimper ?"), Trace()).outcome == "nearest"
    assert decide(of_row("Quels retards pour le TER Quimper ?", sure=0.4), Trace()).outcome == "nearest"
    assert decide(of_row("Quels retards pour le TER Quimper ?", sure=0.2), Trace()).outcome == "refused"


@pytest.mark.parametrize("check", OBJECTS)
def test_a_check_that_is_switched_off_does_not_refuse(check: str) -> None:
    case = next(case for case, objects in CASES[check] if objects)
    others = set(OBJECTS) - {check}
    trace = Trace({check, *others})

    assert check in decide(case, Trace(others)).because
    assert check not in decide(case, trace).because
    assert trace.lines == ()
