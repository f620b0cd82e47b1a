"""Writes tiny invented data sets as files."""

from __future__ import annotations

import json
from pathlib import Path

DOCUMENTS = {
    "d1": (
        "Hôpital de Morlaix",
        "L’hôpital de Morlaix a choisi l’hébergeur Armorique Cloud. Le contrat dure quatre ans.",
    ),
    "d2": ("", "La bibliothèque de Vannes prête des partitions. Elle ouvre le dimanche matin."),
    "d3": (
        "Data centre de Lorient",
        "Le centre de données de Lorient consomme 12 mégawatts. Il est refroidi par l’eau de mer.",
    ),
    "d4": ("Recette", "La pâte à crêpes repose une heure. On la cuit sur une plaque très chaude."),
}
QUESTIONS = {
    "q1": "Quel hébergeur l’hôpital de Morlaix a-t-il choisi ?",
    "q2": "Combien de mégawatts consomme le centre de Lorient ?",
}


def write_beir(folder: Path, qrels: list[str], split: str | None = None) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    documents = [{"_id": name, "title": title, "text": text} for name, (title, text) in DOCUMENTS.items()]
    write_lines(folder / "corpus.jsonl", documents)
    write_lines(folder / "queries.jsonl", [{"_id": name, "text": text} for name, text in QUESTIONS.items()])
    file = folder / "qrels" / f"{split}.tsv" if split else folder / "qrels.tsv"
    file.parent.mkdir(exist_ok=True)
    file.write_text("\n".join(["query-id\tcorpus-id\tscore", *qrels]) + "\n", "utf-8")
    return folder


def write_squad(file: Path) -> Path:
    """Three contexts, one of them twice; three questions, and one with a misplaced answer."""
    hospital, _, centre, recipe = (text for _, text in DOCUMENTS.values())
    data = [
        {"title": "Morlaix", "paragraphs": [
            paragraph(hospital, ("s1", QUESTIONS["q1"], "Armorique Cloud"), ("bad", "Qui ?", "Brest")),
            paragraph(hospital, ("s2", "Combien de temps dure le contrat ?", "quatre ans")),
        ]},
        {"title": "Lorient", "paragraphs": [paragraph(centre, ("s3", "Par quoi est-il refroidi ?", "l’eau de mer"))]},
        {"title": "Recette", "paragraphs": [paragraph(recipe)]},
    ]  # fmt: skip
    file.write_text(json.dumps({"data": data}, ensure_ascii=False), "utf-8")
    return file


def paragraph(context: str, *asked: tuple[str, str, str]) -> dict[str, object]:
    questions = [
        {"id": name, "question": text, "answers": [{"text": answer, "answer_start": max(0, context.find(answer))}]}
        for name, text, answer in asked
    ]
    return {"context": context, "qas": questions}


def write_refusal_rows(file: Path) -> Path:
    """Writes q1 with and without the answering passage."""
    passages = {name: {"title": title, "text": text} for name, (title, text) in DOCUMENTS.items()}
    rows = [
        {"question": QUESTIONS["q1"], "passages": [passages["d1"], passages["d4"]], "answerable": True},
        {"question": QUESTIONS["q1"], "passages": [passages["d2"], passages["d4"]], "answerable": False},
    ]
    write_lines(file, rows)
    return file


def write_lines(file: Path, rows: list[dict[str, object]]) -> None:
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
