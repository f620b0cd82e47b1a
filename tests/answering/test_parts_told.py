"""What stands under a part of a question: only what answers it, and nothing that the answer above says already."""

from __future__ import annotations

from made import answer_of, asked, passage_of
from trusted_cloud_chat.answering.several import joined
from trusted_cloud_chat.schema import Answer

TYPED = "Qui dirige Bleu et depuis quand ?"
READ = asked(TYPED, "who")
ASKED = ("Qui dirige Bleu ?", "who"), ("Pour combien de temps ?", "duration")
WHOLE = answer_of(asked(TYPED, "who"), passage_of("Chez Bleu, Jean Coumaros dirige depuis mars 2021."))


def with_second(part: Answer) -> Answer | None:
    """The answer where the second part gets that one by itself."""
    assert len(READ.query.parts) == 2
    return joined(TYPED, READ, [WHOLE, part], WHOLE)


def test_a_bare_part_is_told_by_a_day_in_the_leading_quote() -> None:
    """« depuis quand ? » says nothing of its own: what another article dates answers something else."""
    assert with_second(answer_of(asked("depuis quand ?", "date"), passage_of("NumSpot a ouvert en 2023."))) is None


def test_each_part_that_the_whole_leaves_open_stands_under_its_question() -> None:
    day = answer_of(asked("depuis quel jour ?", "fact"), passage_of("NumSpot a ouvert le 3 mars 2023."))
    answer = with_second(day)

    assert answer is not None
    assert answer.answer.startswith("Qui dirige Bleu")
    assert "NumSpot" in answer.answer.partition("Depuis quand")[2]


def test_the_whole_leads_if_it_was_asked_as_one() -> None:
    """Then no part says again what it tells."""
    first = answer_of(
        asked("Qui dirige Bleu ?", "who"), passage_of("Chez Bleu, Jean Coumaros dirige depuis mars 2021.")
    )
    other = answer_of(asked("depuis quel jour ?", "fact"), passage_of("NumSpot a ouvert le 3 mars 2023."))
    apart, led = (joined(TYPED, READ, [first, other], WHOLE, leads=leads) for leads in (False, True))

    assert apart is not None
    assert apart.answer.startswith("Qui dirige Bleu")
    assert led is not None
    assert led.answer.startswith("«")


def test_what_only_comes_near_is_no_answer_to_a_part_and_a_short_one_points_at_a_quote_that_holds_it() -> None:
    ends = []
    for text, kind in (("combien de clients a NumSpot en tout ?", "number"), ("en quelle année exactement ?", "date")):
        near = answer_of(asked(text, kind), passage_of("NumSpot a 3 offres."), sure=0.4)
        answer = joined(f"Qui dirige Bleu et {text}", asked(f"Qui dirige Bleu et {text}"), [WHOLE, near], WHOLE)
        ends.append(answer.answer.split()[-1] if near.outcome == "nearest" and answer else "")

    assert ends == ["articles.", "[1]"]


def test_a_part_that_asks_for_a_number_is_answered_only_with_one_in_its_quote_or_after_it() -> None:
    asks, text = asked("combien de clients a NumSpot ?", "number"), "NumSpot vise les hôpitaux."
    without, told = (with_second(answer_of(asks, passage_of(text + more))) for more in ("", " Elle a 40 clients."))

    assert "NumSpot" not in (without.answer if without else "")
    assert "NumSpot" in (told.answer if told else "")


def test_the_only_open_part_is_told_by_the_whole_if_no_other_part_shows_its_lead() -> None:
    """« Non trouvé » under it would be false: the whole, which asks for it too, has an answer of its own."""
    other = answer_of(asked("depuis quel jour ?", "fact"), passage_of("NumSpot a ouvert le 3 mars 2023."))
    nothing, duration = (answer_of(asked(typed, kind), passage_of("Rien."), sure=0.1) for typed, kind in ASKED)
    answer, lacking = (joined(TYPED, READ, [one, other], WHOLE) for one in (nothing, duration))

    assert nothing.outcome != "answered"
    assert answer is not None
    assert answer.answer.startswith("«")
    assert "Coumaros" in answer.answer
    assert not answer.missing
    assert lacking is not None
    assert lacking.missing  # a name is no duration
