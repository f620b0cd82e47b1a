"""Searches over small corpora, with the bundled embedder and the real stores."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from reprints import ORIGINAL, REWRITTEN, TYPED_AGAIN

from builders import TODAY, assistant_over, write_article
from trusted_cloud_chat.answering.assistant import Assistant
from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.models.sentence_transformer import RERANKED
from trusted_cloud_chat.output.serialise import passage_to_dict
from trusted_cloud_chat.schema import Passage, Turn

Open = Callable[..., Assistant]


@pytest.fixture
def over(tmp_path: Path, embedder_home: Path, embedder: Embedder) -> Iterator[Open]:
    """`over(name=(text, date), …)` → the assistant over these articles."""
    with ExitStack() as opened:

        def make(articles: dict[str, tuple[str, str | None]], **settings: Any) -> Assistant:
            for name, (text, day) in articles.items():
                write_article(tmp_path / "corpus", name, text, date=day, title=name.replace("-", " "))
            return opened.enter_context(assistant_over(tmp_path, embedder_home, embedder, **settings))

        yield make


def search(assistant: Assistant, question: str, k: int = 8, *before: str) -> tuple[Passage, ...]:
    turns = [Turn(asked) for asked in before]
    return assistant.search(question, k, turns=turns, today=TODAY).passages


def ids(passages: tuple[Passage, ...]) -> list[str]:
    return [passage.article.article_id for passage in passages]


REPRINTED = {
    "PREMI3NS-qualifie": (ORIGINAL, "2025-12-19"),
    "Un-feu-vert-pour-Thales": (TYPED_AGAIN, "2025-12-19"),
    "S3NS-decroche-SecNumCloud": (ORIGINAL + " L’action Thales a peu réagi à cette annonce.", "2025-12-20"),
    "Depeche": ("(Agence) - " + ORIGINAL, "2025-12-19"),
    "Encore-une-fois": (ORIGINAL[: ORIGINAL.index("Plusieurs")], "2025-12-21"),
    "Autre-compte-rendu": (REWRITTEN, "2025-12-23"),
    "Autre-chiffre": (ORIGINAL.replace("1 200", "1 400"), "2025-12-24"),
    "NumSpot": ("NumSpot vise la qualification SecNumCloud 3.2 pour 2026 et recrute à Paris.", "2025-11-02"),
}


class TestReprints:
    QUESTION = "Quand S3NS a-t-il obtenu la qualification SecNumCloud 3.2 ?"

    def test_five_reprints_take_one_place(self, over: Open) -> None:
        """One passage stands for all five; the places that they leave go to accounts that say something else."""
        passages = search(over(REPRINTED), self.QUESTION, 4)
        reprinted = {"PREMI3NS-qualifie", "Un-feu-vert-pour-Thales", "S3NS-decroche-SecNumCloud", "Depeche", "Encore-une-fois"}  # fmt: skip
        (carrier,) = [passage for passage in passages if passage.reprints]

        assert {carrier.article.article_id, *(a.article_id for a in carrier.reprints)} == reprinted
        assert set(ids(passages)) - reprinted == {"Autre-compte-rendu", "Autre-chiffre", "NumSpot"}
        assert [passage.rank for passage in passages] == [1, 2, 3, 4]

    def test_reprints_are_in_the_json(self, over: Open) -> None:
        """Each reprint is named with its title and date, so that the five can be counted as one source."""
        carrier = next(p for p in search(over(REPRINTED), self.QUESTION) if p.reprints)
        shown = passage_to_dict(carrier)["reprints"]

        assert len(shown) == 4
        assert {"article_id", "title", "publisher", "date", "date_estimated", "url"} == set(shown[0])

    def test_what_has_no_date_reprints_nothing(self, over: Open) -> None:
        """Entries of a manual share whole paragraphs and are different entries."""
        entries = {name: (text, None) for name, (text, _) in REPRINTED.items() if text != TYPED_AGAIN}
        passages = search(over(entries), self.QUESTION)

        assert not any(passage.reprints for passage in passages)
        assert {"PREMI3NS-qualifie", "Depeche"} <= set(ids(passages))

    def test_an_article_is_no_reprint_of_itself(self, over: Open) -> None:
        """A refrain within one article takes nothing away from its passages."""
        text = "\n\n".join(f"{ORIGINAL} Édition numéro {n}." for n in ("un", "deux", "trois"))
        passages = search(over({"Refrain": (text, "2025-12-19")}, chunk_tokens=120), self.QUESTION)

        assert len(passages) > 1
        assert not any(passage.reprints for passage in passages)


DATED = {
    "ancien": ("Le directeur général de Bleu est Jean Coumaros, nommé en 2021.", "2021-06-01"),
    "recent": ("Le directeur général de Bleu est Anne Dupré, nommée en mars.", "2026-03-10"),
    "autre": ("Les tarifs de l’électricité baissent en Bretagne.", "2026-10-10"),
}


class TestRecency:
    def test_the_present_prefers_newer_evidence(self, over: Open) -> None:
        """Asked who it is today, the newer article comes first, the older is still there, and newness alone is nothing."""
        found = ids(search(over(DATED), "Qui est aujourd’hui le directeur général de Bleu ?"))

        assert found == ["recent", "ancien", "autre"]

    def test_a_date_asked_about_is_no_filter(self, over: Open) -> None:
        """A question about 2021 gets the article of 2021 first and the others after it."""
        found = ids(search(over(DATED), "Qui était le directeur général de Bleu en 2021 ?"))

        assert found[0] == "ancien"
        assert len(found) == 3

    def test_last_year_is_searched_for_as_a_year(self, over: Open) -> None:
        """« l’an dernier » finds what was published and written for that year."""
        articles = {
            "a": ("L’UGAP a vendu pour 44 millions d’euros de cloud en 2024.", "2025-02"),
            "b": ("L’UGAP a vendu pour 84 millions d’euros de cloud en 2025.", "2026-02"),
        }
        found = search(over(articles), "Combien de cloud l’UGAP a-t-elle vendu l’an dernier ?")

        assert "84 millions" in found[0].text


OWNED = {
    **{f"Bleu-{n}": (f"Le capital de Bleu est détenu par Orange et Capgemini, rappelle la lettre numéro {word}.", "2025-01-01")
       for n, word in enumerate(("un", "deux", "trois", "quatre"))},
    "S3NS": ("Thales possède la majorité des actions de S3NS.", "2025-01-01"),
    "NumSpot": ("Docaposte est le premier actionnaire de NumSpot.", "2025-01-01"),
}  # fmt: skip


class TestParts:
    def test_each_entity_has_a_passage(self, over: Open) -> None:
        """Of three places two do not go to the entity that has more articles."""
        passages = search(over(OWNED), "Qui détient le capital de Bleu et de S3NS ?", 3)

        assert {passage.found_for for passage in passages} == {"Bleu", "S3NS"}
        assert "S3NS" in ids(passages)

    def test_found_for_is_what_the_passage_names(self, over: Open) -> None:
        """A passage is only given for an entity that it names; one for neither is of the whole question."""
        passages = search(over(OWNED), "Qui détient le capital de Bleu et de S3NS ?", 6)

        assert all(p.found_for is None or p.found_for in p.text for p in passages)
        assert {p.article.article_id for p in passages if p.found_for is None} == {"NumSpot"}
        assert len({p.chunk.chunk_id for p in passages}) == len(passages)

    def test_other_questions_have_no_parts(self, over: Open) -> None:
        assert {p.found_for for p in search(over(OWNED), "Qui détient S3NS ?")} == {None}


class TestOrder:
    QUESTION = "Quel hébergeur est qualifié ?"

    @pytest.fixture
    def many(self, over: Open) -> Assistant:
        """More chunks than candidates, of which no two are the same."""
        articles = {
            f"article-{n:03}": (f"L’hébergeur numéro {n} compte {n * 7 + 3} clients, est qualifié à Lille, ville {n}.", "2025-01-01")
            for n in range(40)
        }  # fmt: skip
        return over(articles, candidates=10)

    def test_the_order_does_not_depend_on_k(self, many: Assistant) -> None:
        """Asked for more, a search gives the same passages first, beyond its candidates too."""
        longest = [p.chunk.chunk_id for p in search(many, self.QUESTION, 40)]

        assert len(longest) == 40
        for k in (1, 3, 12, 35):
            assert [p.chunk.chunk_id for p in search(many, self.QUESTION, k)] == longest[:k]

    def test_fused_scores_fall(self, many: Assistant) -> None:
        fused = [p.fused for p in search(many, self.QUESTION, 40)]

        assert fused == sorted(fused, reverse=True)

    def test_a_reranker_has_the_last_word_on_the_first_twenty(
        self, many: Assistant, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The first places follow the reranker's scores, from best to worst; it is given twenty passages at most."""
        before = search(many, self.QUESTION, 40)
        read: list[str] = []

        class ByLength:
            def score(self, question: str, passages: list[str]) -> np.ndarray:
                read.extend(passages)
                return np.array([-len(text) for text in passages], dtype=np.float32)

        monkeypatch.setattr(many._retriever, "_reranker", ByLength())
        after = search(many, self.QUESTION, 40)
        lengths = [len(p.text) for p in after[: len(read)]]

        assert 1 < len(read) <= RERANKED
        assert lengths == sorted(lengths)
        assert {p.chunk.chunk_id for p in after} == {p.chunk.chunk_id for p in before}
        assert [p.fused for p in after] == [p.fused for p in before]


def test_search_makes_a_follow_up_whole(assistant: Assistant) -> None:
    """`search` takes the turns before, as `ask` does."""
    alone = assistant.search("Et S3NS ?", 1, today=TODAY)
    found = assistant.search("Et S3NS ?", 1, turns=[Turn("Quand Bleu sera-t-il qualifié ?")], today=TODAY)

    assert found.passages[0].article.article_id == "s3ns-qualification"
    assert found.passages[0].sentence_scores != alone.passages[0].sentence_scores


def test_a_follow_up_also_finds_what_the_question_before_finds(over: Open) -> None:
    """By its own words it asks about OVHcloud at large; the passage about the market stands among the first all the same."""
    places = ("Gravelines", "Roubaix", "Strasbourg", "Beauharnois", "Varsovie", "Limbourg", "Londres", "Milan")
    much = {
        f"ovh-{place}": (f"À {place}, la part d’OVHcloud revient à {n} % des serveurs.", "2025-03-02")
        for n, place in enumerate(places)
    }
    market = {
        "centrale": (
            "La centrale d’achat a commandé pour 12 millions d’euros à Outscale, le reste à ses rivaux.",
            "2025-03-02",
        )
    }
    town = over({**much, **market})

    found = search(
        town, "et OVHcloud, quelle part lui revient ?", 4, "Combien la centrale d’achat a-t-elle commandé à Outscale ?"
    )

    assert "centrale" in ids(found[:2])
    assert ids(found)[0].startswith("ovh")


def test_a_follow_up_hears_each_article_before_one_speaks_twice(over: Open) -> None:
    """Of a long article that fits both questions best, a second passage waits for the other articles found."""
    long = " ".join(f"Bleu vise la qualification SecNumCloud pour son offre numéro {n} en 2026." for n in range(60))
    others = {
        f"avis-{n}": (f"Selon l’avis {n}, la qualification SecNumCloud se prépare.", "2025-04-01") for n in range(3)
    }
    assistant = over({"bleu": (long, "2025-03-02"), **others}, chunk_tokens=96)

    first = ids(search(assistant, "Et en 2026 ?", 4, "Bleu vise-t-il la qualification SecNumCloud ?"))

    assert sorted(first) == ["avis-0", "avis-1", "avis-2", "bleu"]
    assert ids(search(assistant, "Bleu vise-t-il la qualification SecNumCloud en 2026 ?", 4)).count("bleu") > 1
