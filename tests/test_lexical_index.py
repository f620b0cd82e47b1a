from __future__ import annotations

from pathlib import Path

import pytest

from trusted_cloud_chat.index.lexical import LexicalDocument, LexicalIndex


def document(chunk_id: str, body: str, title: str = "") -> LexicalDocument:
    return LexicalDocument(chunk_id, title.split(), body.split())


def found(index: LexicalIndex, *words: str, k: int = 10) -> list[str]:
    return [chunk_id for chunk_id, _ in index.query(dict.fromkeys(words, 1.0), k)]


@pytest.fixture
def index(tmp_path: Path) -> LexicalIndex:
    return LexicalIndex(tmp_path / "lexical")


class TestContract:
    def test_what_is_written_again_and_deleted(self, index: LexicalIndex, tmp_path: Path) -> None:
        """A known id gets the new words, one that never was is ignored; of nothing nothing is found. All is there after reopening."""
        index.update([], ["never"])
        assert (found(index, "bleu"), index.count(), index.query({}, 5)) == ([], 0, [])
        index.update([document("a", "bleu"), document("b", "bleu")])
        index.update([document("a", "vert")], ["b", "never"])

        for opened in (index, LexicalIndex(tmp_path / "lexical")):
            assert (opened.count(), found(opened, "bleu"), found(opened, "vert")) == (1, [], ["a"])

    def test_rare_words_weigh_more(self, index: LexicalIndex) -> None:
        """BM25: a word that few chunks have brings its chunk first."""
        index.update([document("a", "cloud bleu"), document("b", "cloud cloud"), document("c", "cloud vert")])

        assert found(index, "cloud", "bleu")[0] == "a"

    def test_best_first_at_most_k(self, index: LexicalIndex) -> None:
        """Scores fall, and no more hits come than were asked for."""
        index.update([document(str(n), "cloud " * n + "autre " * (9 - n)) for n in range(1, 9)])

        scores = [score for _, score in index.query({"cloud": 1.0}, 5)]

        assert len(scores) == 5
        assert scores == sorted(scores, reverse=True)

    def test_a_word_can_weigh_less(self, index: LexicalIndex) -> None:
        """The boost of a word multiplies what it counts for."""
        index.update([document("a", "bleu un deux"), document("b", "vert un deux")])

        assert [hit for hit, _ in index.query({"bleu": 0.25, "vert": 1.0}, 5)] == ["b", "a"]
        assert [hit for hit, _ in index.query({"bleu": 1.0, "vert": 0.25}, 5)] == ["a", "b"]

    def test_the_title_counts_less_than_the_text(self, index: LexicalIndex) -> None:
        """A word of the title finds the chunk, after those that have it in their text."""
        index.update([document("titled", "un deux", title="bleu"), document("said", "un bleu"), document("none", "un")])

        assert found(index, "bleu") == ["said", "titled"]

    def test_ids_are_not_words(self, index: LexicalIndex) -> None:
        """Ids with slashes, spaces and capitals are kept and deleted as they are."""
        ids = ["presse/Bleu@0a1b#0", "presse/Bleu@0a1b#1", "Été 2024@x#0"]
        index.update([document(chunk_id, "bleu") for chunk_id in ids])
        index.update([], [ids[1]])

        assert sorted(found(index, "bleu")) == sorted([ids[0], ids[2]])

    def test_words_are_terms_as_they_come(self, index: LexicalIndex) -> None:
        """Numbers with a point and accents are single terms: analysis has taken place before."""
        index.update([document("a", "1.2 milliard euro"), document("b", "12 milliard euro")])

        assert found(index, "1.2") == ["a"]
