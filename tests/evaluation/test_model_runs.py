"""What is measured of a second opinion and of a model's enrichment, with scripted ones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fakes import HashedEmbedder
from trusted_cloud_chat.entities import load_entities
from trusted_cloud_chat.errors import UsageError
from trusted_cloud_chat.models.sentence_transformer import Opinion, Pair
from trusted_cloud_chat.schema import Language
from trusted_cloud_chat_evaluation.model_runs import measure_enrichment, measure_opinion, read_pairs

PAIRS = """premise\thypothesis\tlabel_text
Bleu a 120 salariés.\tBleu compte 120 personnes.\tentailment
Bleu a 120 salariés.\tBleu n’a pas de salariés.\tcontradiction
Bleu a 120 salariés.\tBleu est à Paris.\tneutral
Bleu est là.\tBleu est ici.\tentailment
"""


def quiet(_step: str, _done: int, _total: int) -> None:
    pass


class Literal:
    """Says « follows » where both have 120, and has no opinion of Paris."""

    name = "scripted"

    def read(self, pairs: list[Pair], language: Language) -> list[Opinion | None]:
        assert language == "fr"
        return [
            None if "Paris" in said else Opinion("follows" if "120" in source and "120" in said else "unsaid")
            for source, said in pairs
        ]


def test_a_second_opinion_is_held_against_pairs_nothing_and_edited_sources(tmp_path: Path) -> None:
    (tmp_path / "pairs.tsv").write_text(PAIRS, "utf-8")
    found = measure_opinion(Literal(), read_pairs(tmp_path / "pairs.tsv"), quiet)  # type: ignore[arg-type]

    assert (found["pairs"], found["right"], found["always_follows"], found["silent"]) == (4, 0.25, 0.5, 0.25)
    assert found["recall"] == {"follows": 0.5, "contradicts": 0.0, "unsaid": 0.0}
    assert found["empty"] == {"follows": 0.0, "contradicts": 0.0, "unsaid": 0.75}
    assert found["edited"] == {"pairs": 1, "follows": 0.0, "contradicts": 0.0, "unsaid": 1.0}


@pytest.mark.parametrize("text", ["a\tb\nc\td\n", "premise\thypothesis\tlabel_text\na\tb\tmaybe\n"])
def test_another_table_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "pairs.tsv").write_text(text, "utf-8")
    with pytest.raises(UsageError, match="not a table"):
        read_pairs(tmp_path / "pairs.tsv")


def test_rows_of_a_model_are_compared_with_ours(tmp_path: Path) -> None:
    text = "---\ntitle: Bleu\ndate: 2026-01-05\n---\nBleu emploie 120 personnes. Bleu est à Rennes."
    rows = [
        {"quote": "Bleu emploie 120 personnes.", "questions": ["combien de salariés chez Bleu", "Bleu combien"]},
        {"quote": "Bleu est à Rennes.", "questions": ["Bleu à Rennes"]},
    ]
    other = [{"quote": "Bleu emploie 120 personnes.", "alone": "Bleu emploie 900 personnes.", "questions": ["x"]},
             {"quote": "Bleu est à Rennes.", "questions": ["où est Bleu à Rennes"]}]  # fmt: skip
    for folder, told in (("ours", rows), ("theirs", other)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "bleu.md").write_text(text, "utf-8")
        lines = [json.dumps(line, ensure_ascii=False) for line in ({"format": 1}, *told)]
        (tmp_path / folder / "bleu.enrichment.jsonl").write_text("\n".join(lines), "utf-8")
    found = measure_enrichment(tmp_path / "ours", tmp_path / "theirs", load_entities(), HashedEmbedder(), quiet)

    assert (found["articles"], found["rows"], found["covered"]) == (1, {"ours": 2, "theirs": 1}, 0.5)
    assert (found["questions"], found["found"]) == (3, 0.3333)
    assert "900" in found["left_out"][0]
    (tmp_path / "theirs" / "bleu.enrichment.jsonl").unlink()
    with pytest.raises(UsageError, match="no article has a sidecar"):
        measure_enrichment(tmp_path / "ours", tmp_path / "theirs", load_entities(), HashedEmbedder(), quiet)
