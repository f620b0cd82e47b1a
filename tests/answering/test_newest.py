"""What is newest and what it puts out of date, over sentences of made-up articles."""

from __future__ import annotations

import pytest
from quotes import ENTITIES, asked, sentence

from trusted_cloud_chat.answering.selection import Selected
from trusted_cloud_chat.answering.timeline import Timeline
from trusted_cloud_chat.answering.timeline.agreement import outcomes_of
from trusted_cloud_chat.answering.timeline.parts import part_of_year
from trusted_cloud_chat.answering.timeline.present import asks_state
from trusted_cloud_chat.answering.timeline.since import done_since
from trusted_cloud_chat.answering.timeline.statements import statements_of
from trusted_cloud_chat.answering.timeline.subject import Subject
from trusted_cloud_chat.retrieval.ranking import load_weights
from trusted_cloud_chat.text import cognates

J0 = sentence("Bleu a franchi le jalon J0 le 17 avril 2025.", day="2025-04-17", name="j0")
J1 = sentence("Bleu a validé le jalon J1 en novembre 2025.", day="2026-05-01", name="j1")
HOPE = sentence(
    "Bleu espérait en mars 2026 obtenir la qualification SecNumCloud avant la fin de 2026.",
    day="2026-08-25",
    name="hope",
)
AT_THE_TIME = sentence(
    "The target set by Bleu at the time was full qualification in the first half of 2026.",
    day="2026-03-19", name="time", language="en",
)  # fmt: skip
NOT_YET = sentence("Bleu does not yet hold the SecNumCloud qualification.", day="2026-03-19", name="no", language="en")


def led(question: str, found: list[Selected], chosen: list[Selected] | None = None) -> list[str]:
    """The ids of the articles in the order of the answer to `question`; `chosen` of `found` were good enough to be shown."""
    timeline = Timeline(asked(question), [choice.passage for choice in found], load_weights(), ENTITIES)
    return [choice.passage.article.article_id for choice in timeline.lead(found if chosen is None else chosen)]


def test_the_newest_count_leads_in_either_language() -> None:
    """« Qualification » and “qualified” are one word."""
    five = sentence(
        "Advens counted five SecNumCloud-qualified providers in May 2023.", day="2024-01-15", name="five", language="en"
    )
    nine = sentence("Neuf entreprises ont une qualification SecNumCloud.", day="2025-12-23", name="nine")

    assert led("How many SecNumCloud-qualified providers are there?", [five, nine], [five]) == ["nine"]
    assert cognates({"qualifi", "own"}, {"qualif", "deten"}) == {"qualifi"}


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("Combien coûte Bleu ?", "now"),
        ("Combien Bleu coûterait-il ?", "now"),
        ("Combien coûtait Bleu au départ ?", "then"),
        ("Combien Bleu coûtait-il ?", "then"),
    ],
)
def test_what_was_so_back_then_is_led_by_no_newer_figure(question: str, first: str) -> None:
    then = sentence("Bleu coûtait 40 millions d’euros.", day="2023-05-01", name="then", score=5.0)
    now = sentence("Bleu coûte 60 millions d’euros.", day="2026-05-01", name="now", score=4.0)

    assert led(question, [then, now])[0] == first


@pytest.mark.parametrize(
    "question", ["Finalement, Bleu coûte combien ?", "Bleu coûte combien, aux dernières nouvelles ?"]
)
def test_words_for_now_ask_for_no_more_than_the_newest(question: str) -> None:
    then = sentence("Bleu coûte 40 millions d’euros.", day="2023-05-01", name="then")
    now = sentence("Bleu coûte 60 millions d’euros.", day="2026-05-01", name="now", score=1.0)

    assert led(question, [then, now], [then])[0] == "now"


def test_where_its_day_is_asked_a_day_to_come_leads_what_is_not_yet_so() -> None:
    """And a promise retold of an unnamed day before is not shown beside it."""
    found = [NOT_YET, AT_THE_TIME, HOPE]

    assert led("When does Bleu expect to be qualified?", found) == ["hope", "no"]
    assert led("Is Bleu SecNumCloud qualified?", [NOT_YET, HOPE])[0] == "no"


def test_what_became_of_a_promise_retold_is_a_later_date() -> None:
    subject = Subject(asked("When does Bleu expect to be qualified?"), ENTITIES)
    retold, hope = statements_of(subject, [AT_THE_TIME, HOPE])

    assert retold.said is None
    assert outcomes_of(retold, [retold, hope]) == [hope]
    assert outcomes_of(hope, [retold, hope]) == []


def test_what_is_so_since_the_day_promised_is_what_became_of_the_promise() -> None:
    """Since an earlier day it is another thing."""
    promise = sentence("Le Data Act ne s’appliquera qu’à partir de septembre 2025.", day="2024-04", name="promise")
    done = sentence("Le Data Act s’applique depuis septembre 2025.", day="2025-10-03", name="done")
    other = sentence("Le Data Act s’applique depuis janvier 2024 aux objets.", day="2025-10-03", name="other")
    subject = Subject(asked("Le Data Act s’applique-t-il ?"), ENTITIES)
    (promised,) = statements_of(subject, [promise])

    found = outcomes_of(promised, done_since(subject, [promise, done, other]))
    assert [statement.selected for statement in found] == [done]


@pytest.mark.parametrize(
    "question",
    ["What milestones has Bleu passed?", "Quels jalons Bleu a-t-il franchis ?", "Bleu a atteint quel jalon ?"],
)
def test_the_newest_milestone_leads(question: str) -> None:
    assert led(question, [J0, J1])[0] == "j1"


def test_the_next_milestone_is_none_that_was_passed() -> None:
    assert Subject(asked("Quel est le prochain jalon de Bleu ?"), ENTITIES).attribute != "qualification"


@pytest.mark.parametrize(
    ("question", "order"),
    [
        ("Depuis quand le Data Act s’applique-t-il ?", ["done"]),
        ("Quand le Data Act s’appliquera-t-il ?", ["promise"]),
    ],
)
def test_since_when_is_told_as_done(question: str, order: list[str]) -> None:
    promise = sentence("Le Data Act ne s’appliquera qu’à partir de septembre 2025.", day="2024-04", name="promise")
    done = sentence("Le Data Act s’applique depuis septembre 2025.", day="2025-10-03", name="done", score=4.0)

    assert led(question, [promise, done], [promise])[:1] == order


def test_a_promise_stays_where_nothing_tells_since_when() -> None:
    promise = sentence("Le Data Act ne s’appliquera qu’à partir de septembre 2025.", day="2024-04", name="promise")
    other = sentence("Le Data Act concerne aussi les objets connectés.", day="2025-10-03", name="other")

    assert led("Depuis quand le Data Act s’applique-t-il ?", [promise, other], [promise]) == ["promise"]


def test_what_was_not_yet_so_is_not_shown_beside_what_is() -> None:
    now = sentence("Neuf entreprises ont une qualification SecNumCloud.", day="2025-12-23", name="now")
    stale = sentence("Aucune des deux offres n’est encore qualifiée SecNumCloud.", day="2025-11-06", name="stale")
    later = sentence("Aucune de ces offres n’est encore qualifiée SecNumCloud.", day="2026-01-06", name="later")

    question = "Combien d’entreprises sont qualifiées SecNumCloud aujourd’hui ?"
    assert led(question, [now, stale, later]) == ["now", "later"]


class TestPartsOfAYear:
    YEAR = sentence("Le chiffre d’affaires d’OVHcloud est de 1,08 milliard d’euros.", day="2025-10-21", name="year")
    QUARTER = sentence(
        "Le chiffre d’affaires d’OVHcloud est de 275 millions d’euros au premier trimestre.",
        day="2026-01-08",
        name="quarter",
    )
    HALF = sentence(
        "Le chiffre d’affaires d’OVHcloud était de 382 millions d’euros au premier semestre 2022.", day="2022-09", name="half"
    )  # fmt: skip

    def test_a_quarter_supersedes_no_year(self) -> None:
        """A half-year of before is not shown beside it."""
        question = "Quel est le chiffre d’affaires d’OVHcloud ?"

        assert led(question, [self.QUARTER, self.HALF, self.YEAR]) == ["year", "quarter"]

    def test_nor_a_year_the_quarter_that_is_asked_for(self) -> None:
        question = "Quel est le chiffre d’affaires trimestriel d’OVHcloud ?"

        assert led(question, [self.YEAR, self.QUARTER])[0] == "quarter"

    @pytest.mark.parametrize(
        ("text", "part"),
        [
            ("pour le premier trimestre de son exercice", "quarter"),
            ("in the first half of 2025", "half"),
            ("au S1 2025", "half"),
            ("sur l’année 2025", None),
            ("half of its customers", None),
        ],
    )
    def test_the_part_that_a_text_names(self, text: str, part: str | None) -> None:
        assert part_of_year(text) == part


@pytest.mark.parametrize(
    ("question", "order"),
    [
        ("Does Google own part of S3NS?", ["share"]),
        ("Google détient-il une part de S3NS ?", ["share"]),
        ("Google fournit-il la technologie de S3NS ?", ["secret"]),
    ],
)
def test_the_newest_share_leads_where_nothing_else_is_asked(question: str, order: list[str]) -> None:
    """And what was not told before is left out."""
    secret = sentence("La part de Google dans S3NS n’a pas été révélée.", day="2022-06-30", name="secret")
    share = sentence(
        "Thales posséderait plus de 92 % de S3NS, et Google moins de 8 %.", day="2026-08-25", name="share", score=3.0
    )

    assert led(question, [secret, share], [secret]) == order


def test_a_present_that_looks_like_an_imperfect_asks_for_now() -> None:
    assert asks_state(asked("Combien S3NS fait-il de chiffre d’affaires ?"))
    assert not asks_state(asked("Combien S3NS faisait-il de chiffre d’affaires ?"))
