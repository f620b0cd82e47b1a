from __future__ import annotations

from pathlib import Path

import pytest

from trusted_cloud_chat.index.lexical import LexicalDocument, LexicalIndex


def document(chunk_id: str, body: str, title: str = "") -> LexicalDocument:
    return chunk_id, title.split(), body.split(), None


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

    def test_the_best_come_first(self, index: LexicalIndex) -> None:
        """A rare word weighs more, one of the title less than one of the text, and each as much as is asked; at most `k` come."""
        texts = {"titled": ("cloud un", "bleu"), "said": ("cloud bleu", ""), "other": ("cloud vert", "")}
        index.update(document(name, *text) for name, text in texts.items())

        assert found(index, "cloud", "bleu") == ["said", "titled", "other"]
        assert found(index, "cloud", "bleu", k=1) == ["said"]
        assert index.query({"bleu": 0.2, "vert": 1.0}, 5)[0][0] == "other"

    def test_ids_and_words_are_terms_as_they_come(self, index: LexicalIndex) -> None:
        """Slashes, spaces and capitals of ids, points of numbers and accents: analysis has taken place before."""
        ids = ["presse/Bleu@0a1b#0", "presse/Bleu@0a1b#1", "Été 2024@x#0"]
        index.update([document(chunk_id, "1.2 été") for chunk_id in ids] + [document("12", "12 ete")])
        index.update([], [ids[1]])

        assert sorted(found(index, "1.2")) == sorted(found(index, "été")) == sorted([ids[0], ids[2]])
