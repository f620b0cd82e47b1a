"""How sure it is that passages answer, and which sentences say the same."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from made import BOOK, asked, evidence_of, passage_of, selected
from trusted_cloud_chat.evidence.close_up import likeliest
from trusted_cloud_chat.evidence.confidence import CONFIDENCE_FEATURES, confidence, confidence_features
from trusted_cloud_chat.evidence.repeats import says_the_same, without_repeats
from trusted_cloud_chat.models.reader import ReadPassage
from trusted_cloud_chat.retrieval.ranking import load_weights
from trusted_cloud_chat.schema import Reading

WEIGHTS = load_weights()


def features(question: str, text: str, kind: str = "number", read: float | None = 3.0) -> dict[str, float]:
    evidence = evidence_of(asked(question, kind), passage_of(text, read=read))
    found = confidence_features(evidence.question, evidence.passages, evidence.ranked, BOOK)
    assert found is not None
    return dict(zip(CONFIDENCE_FEATURES, found, strict=True))


class TestConfidence:
    def test_nothing_to_look_at_is_no_confidence(self) -> None:
        evidence = evidence_of(asked("Qui ?"))

        assert confidence_features(evidence.question, (), [], BOOK) is None
        assert confidence(None, WEIGHTS.confidence) == 0.0

    @pytest.mark.parametrize(
        ("question", "text", "named"),
        [
            ("Combien de clients a Bleu ?", "Bleu a 42 clients.", 0.0),
            ("Combien de clients a Bleu ?", "S3NS a 42 clients.", 1.0),
            ("Combien de clients ont Bleu et S3NS ?", "S3NS a 42 clients.", 0.5),
        ],
    )
    def test_names_that_are_lacking(self, question: str, text: str, named: float) -> None:
        assert features(question, text)["named"] == named

    @pytest.mark.parametrize("read", [100.0, -100.0, math.inf])
    def test_no_number_counts_without_end(self, read: float) -> None:
        assert abs(features("Combien ?", "Elle a 42 clients ici.", read=read)["answers"]) <= 8

    def test_a_reader_that_is_surer_makes_surer(self) -> None:
        said = [features("Combien de clients ?", "Elle a 42 clients ici.", read=read) for read in (-4.0, 0.0, 4.0)]
        sure = [confidence(tuple(one.values()), WEIGHTS.confidence) for one in said]

        assert sure == sorted(sure)
        assert sure[0] < sure[-1]

    @given(st.lists(st.floats(-1e6, 1e6), min_size=len(CONFIDENCE_FEATURES), max_size=len(CONFIDENCE_FEATURES)))
    def test_it_is_a_probability(self, found: list[float]) -> None:
        assert 0 <= confidence(found, WEIGHTS.confidence) <= 1


class Literal:
    """A reader for which the number of letters « x » of a text is its logit."""

    def read(self, question: str, passages: list[ReadPassage]) -> list[Reading]:
        counted = [float(passage.text.count("x")) for passage in passages]
        return [
            Reading(n, (n,) * len(passage.sentences), (0.0,) * len(passage.sentences))
            for n, passage in zip(counted, passages, strict=True)
        ]


class TestCloseUp:
    def test_the_likeliest_keep_their_order(self) -> None:
        passages = [passage_of(f"Le mot est {'x' * n} ici.") for n in (1, 0, 3, 2)]

        assert likeliest(Literal(), asked("Qui ?"), passages, 2) == [passages[2], passages[3]]


class TestRepeats:
    @pytest.mark.parametrize(
        ("one", "other", "same"),
        [
            ("S3NS a obtenu la qualification en décembre.", "En décembre, S3NS a obtenu sa qualification.", True),
            ("S3NS a obtenu la qualification en décembre.", "Thales détient la majorité du capital.", False),
            ("S3NS a obtenu la qualification.", "S3NS a obtenu la qualification pour PREMI3NS, son offre, en décembre.", True),
            ("Le contrat porte sur 12 millions d’euros.", "Le contrat porte sur 15 millions d’euros.", False),
        ],
    )  # fmt: skip
    def test_what_says_the_same(self, one: str, other: str, same: bool) -> None:
        assert says_the_same(selected(one), selected(other)) is same

    def test_the_words_that_are_asked_about_make_none_alike(self) -> None:
        kept = [selected("Bleu compte parmi ses clients EDF."), selected("Bleu compte parmi ses clients la Poste.")]

        assert len(without_repeats(kept, "fr")) == 1
        assert len(without_repeats(kept, "fr", frozenset({"bleu", "compt", "client"}))) == 2

    def test_of_a_translation_that_in_the_language_of_the_question_is_kept_in_its_place(self) -> None:
        english = selected("AWS opened in Brandenburg with €7.8 billion in January 2026.", language="en")
        french = selected("AWS a ouvert à Brandenburg avec 7.8 milliards d’euros en janvier 2026.")
        other = selected("Thales détient la majorité du capital de l’entreprise.")

        assert without_repeats([english, other, french], "fr") == [french, other]
        assert without_repeats([english, other, french], "en") == [english, other]

    def test_the_first_of_all_is_kept(self) -> None:
        same = [selected("Bleu est qualifié depuis mars.", publisher=name) for name in "abc"]

        assert without_repeats(same, "fr") == same[:1]
        assert without_repeats([], "fr") == []
