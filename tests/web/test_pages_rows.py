"""Administrators read what was written down about an article, and strike what is wrong for good."""

from __future__ import annotations

import re
import time
from pathlib import Path

from sites import site_of, text_of

from builders import write, write_sidecar
from fakes import HashedEmbedder
from trusted_cloud_chat.library import OpenAssistant
from trusted_cloud_chat.settings import load_settings
from trusted_cloud_chat.wiring import run_ingest

ARTICLE = """---
title: "Bleu à Paris"
date: "2026-03-25"
---
Bleu emploie 120 personnes. Bleu est une société commune d’Orange et de Capgemini.
"""
HEADCOUNT = {"subject": "Bleu", "attribute": "headcount", "value": "120", "unit": "personnes"}
MISSED = {"subject": "Bleu", "attribute": "promise", "value": "société commune", "status": "missed"}


def opened(tmp_path: Path) -> OpenAssistant:
    corpus = tmp_path / "corpus"
    write(corpus / "bleu.md", ARTICLE)
    write_sidecar(corpus / "bleu", {"Bleu emploie 120 personnes.": [HEADCOUNT], "Bleu est une société": [MISSED]})
    settings = load_settings({}, home=tmp_path / "home", corpus=corpus)
    run_ingest(settings, embedder=HashedEmbedder())
    return OpenAssistant(settings, HashedEmbedder())


def test_a_row_is_struck_for_good(tmp_path: Path) -> None:
    site = site_of(opened(tmp_path))
    assert "/corpus/enrichissement?article=bleu" in site.get("/articles/bleu").text
    page = site.get("/corpus/enrichissement?article=bleu")
    assert "fait : Bleu – Effectif – 120 personnes" in text_of(page.text)
    assert "société commune – non tenu" in text_of(page.text)

    key = re.findall(r'name="row" value="([^"]*)"', page.text)[0]
    sent = site.post("/corpus/enrichissement", data={"article": "bleu", "row": key})
    assert (sent.status_code, sent.headers["location"]) == (303, "/corpus/enrichissement?article=bleu")
    deadline = time.monotonic() + 60
    while "Effectif" in (page := site.get("/corpus/enrichissement?article=bleu")).text:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert page.text.count('name="row"') == 1

    (tmp_path / "corpus/bleu.enrichment.jsonl").unlink()  # written again, as by a model
    write_sidecar(tmp_path / "corpus/bleu", {"Bleu emploie 120 personnes.": [HEADCOUNT]})
    settings = load_settings({}, home=tmp_path / "home", corpus=tmp_path / "corpus")
    run_ingest(settings, embedder=HashedEmbedder())
    assert "Effectif" not in site.get("/corpus/enrichissement?article=bleu").text


def test_only_administrators_see_rows_and_strike_them(tmp_path: Path) -> None:
    site = site_of(opened(tmp_path), role="reader")
    assert "enrichissement" not in site.get("/articles/bleu").text
    assert site.get("/corpus/enrichissement?article=bleu").status_code == 403
    assert site.post("/corpus/enrichissement", data={"article": "bleu", "row": "a" * 24}).status_code == 403
    assert not (tmp_path / "home/enrichment/struck.txt").exists()
