"""A gold set over the tiny corpus, and a home for commands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

CASES = [
    {
        "id": "bleu-1", "split": "dev", "subject": "bleu", "kind": "fact", "language": "fr",
        "question": "Où se trouvent les centres opérationnels de Bleu ?",
        "relevant": ["bleu/jalon-j0"], "answers": ["Rennes"],
        "quotes": [{"article_id": "bleu/jalon-j0",
                    "quote": "Ses centres opérationnels se trouvent à Paris et à\nRennes."}],
    },
    {
        "id": "bleu-2", "split": "dev", "subject": "bleu", "kind": "follow_up", "language": "fr",
        "question": "et qui la dirige ?", "turns": [{"question": "Qu’est-ce que la société Bleu ?", "answer": ""}],
        "standalone": "Qui dirige la société Bleu ?", "relevant": ["bleu-2024-01"], "answers": ["Jean Coumaros"],
        "quotes": [{"article_id": "bleu-2024-01", "quote": "Jean Coumaros dirige l’entreprise."}],
    },
    {
        "id": "aws-1", "split": "test", "subject": "aws", "kind": "number", "language": "en",
        "question": "How much does AWS invest in Germany through 2040?",
        "translation": "Combien AWS investit-il en Allemagne jusqu’en 2040 ?",
        "relevant": ["aws-sovereign-cloud"], "answers": ["7.8 billion"],
        "quotes": [{"article_id": "aws-sovereign-cloud",
                    "quote": "The company invests €7.8 billion in Germany\nthrough 2040."}],
    },
    {
        "id": "out-1", "split": "test", "subject": "other", "kind": "out_of_domain", "language": "fr",
        "question": "Quelle est la recette de la ratatouille niçoise ?", "refusal": "out_of_domain",
    },
]  # fmt: skip


@pytest.fixture(scope="session")
def questions(tmp_path_factory) -> Path:
    file = tmp_path_factory.mktemp("gold") / "questions.jsonl"
    rows = [{"today": "2026-11-24", "version": 1}, *CASES]
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return file


@pytest.fixture(scope="session")
def evaluation_home(tmp_path_factory, embedder_home) -> Path:
    """A home with the unpacked embedder and a growing cache of vectors, without an index."""
    home = tmp_path_factory.mktemp("evaluation-home")
    (home / "models").symlink_to(embedder_home / "models")
    return home
