"""Stored questions live and die with the version of their article, and vote for the sentences that answer them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from builders import open_index, run_of, write_article
from fakes import HashedEmbedder
from trusted_cloud_chat.enrichment import Enricher
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.index.snapshots import Snapshot
from trusted_cloud_chat.index.store import StoreFolder
from trusted_cloud_chat.ingestion import (
    IngestReport,
    export_index,
    fingerprint_of,
    import_index,
    ingest,
    remove,
    rollback,
)
from trusted_cloud_chat.models import question_map
from trusted_cloud_chat.models.question_map import QuestionMap
from trusted_cloud_chat.retrieval.stored_questions import Likeness, likeness_to_stored

TODAY = date(2026, 12, 1)
PRICE = "Le forfait coûte douze euros par mois."
PLACE = "Les serveurs se trouvent à Lille."


@pytest.fixture(autouse=True)
def plain_map(monkeypatch: pytest.MonkeyPatch) -> QuestionMap:
    """The map of the embedder of these tests: it leaves vectors as they are."""
    size = HashedEmbedder.dimensions
    plain = QuestionMap("hashed-words", np.zeros(size, np.float32), np.eye(size, dtype=np.float32), "plain")
    monkeypatch.setattr(question_map, "_shipped", lambda: plain)
    return plain


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    write_article(folder, "offre", f"{PRICE} {PLACE}", date="2026-03-01")
    write_sidecar(folder, "offre", {PRICE: ["prix abonnement"], PLACE: ["ville datacenter"]}, ["remise fidélité"])
    write_article(folder, "nu", "La remise fidélité est une autre histoire.", date="2026-04-01")
    return folder


@pytest.fixture
def home(tmp_path: Path, corpus: Path, hashed: HashedEmbedder) -> Path:
    update(tmp_path / "home", corpus, hashed)
    return tmp_path / "home"


def write_sidecar(folder: Path, name: str, questions: dict[str, list[str]], absent: list[str] = []) -> None:  # noqa: B006
    rows = [{"quote": quote, "alone": quote, "questions": asked} for quote, asked in questions.items()]
    premises = [{"premise": "pourquoi cette hausse du prix abonnement", "quote": PRICE}] if PRICE in questions else []
    lines = [{"format": 1}, *rows, {"absent": absent, "premises": premises}]
    (folder / f"{name}.enrichment.jsonl").write_text("\n".join(json.dumps(line) for line in lines), "utf-8")


def update(
    home: Path, corpus: Path, embedder: HashedEmbedder, *paths: Path, digest: str = "plain", **options: object
) -> IngestReport:
    enricher = Enricher(EntityBook(()), digest)
    return ingest(run_of(home, corpus, *paths, enricher=enricher, **options), embedder, 60)


def asked(home: Path, embedder: HashedEmbedder, question: str, **scope: object) -> Likeness:
    vector = embedder.encode_queries([question])[0]
    with closing(open_index(home, embedder)) as index:
        return index.read(lambda snapshot: likeness_to_stored(snapshot, vector, **{"as_of": None, **scope}))


def sentences(home: Path, embedder: HashedEmbedder, likeness: Likeness) -> list[str]:
    """The sentences that were voted for, most votes first."""
    texts = {}
    with closing(open_index(home, embedder)) as index:
        for article_id, version, start in likeness.votes:
            article = index.article(article_id, version)
            assert article is not None
            texts[article_id, version, start] = article.text[start:].split(". ")[0].rstrip(".\n") + "."
    order = sorted(likeness.votes, key=lambda place: -likeness.votes[place].share)
    return [texts[place] for place in order]


def test_the_nearest_question_votes_for_its_sentence(home: Path, hashed: HashedEmbedder) -> None:
    found = asked(home, hashed, "quel prix abonnement")

    assert sentences(home, hashed, found)[0] == PRICE
    assert "« prix abonnement »" in found.matched
    assert sum(vote.share for vote in found.votes.values()) == pytest.approx(1)
    assert max(found.chunks.values()) > 0.5
    assert not any(asked(home, hashed, "recette tarte citron").chunks.values())


def test_what_nothing_answers_is_told_apart(home: Path, hashed: HashedEmbedder) -> None:
    found = asked(home, hashed, "remise fidélité")

    assert found.nearest_absent == "remise fidélité"
    assert found.absent > found.answered


def test_a_false_premise_counts_where_it_is_nearer_than_what_is_answered(home: Path, hashed: HashedEmbedder) -> None:
    granted = asked(home, hashed, "pourquoi cette hausse du prix abonnement")

    assert granted.premise is not None
    assert granted.premise.text == "pourquoi cette hausse du prix abonnement"
    assert asked(home, hashed, "prix abonnement").premise is None


def test_an_absent_question_that_a_live_article_answers_counts_no_more(
    home: Path, corpus: Path, hashed: HashedEmbedder
) -> None:
    write_sidecar(corpus, "nu", {"La remise fidélité est une autre histoire.": ["remise fidélité"]})
    update(home, corpus, hashed)
    found = asked(home, hashed, "remise fidélité")

    assert (found.nearest_absent, found.absent) == ("", 0)
    assert asked(home, hashed, "remise fidélité", as_of=date(2026, 3, 15)).nearest_absent == "remise fidélité"
    assert "« remise fidélité »" in found.matched


def test_the_question_of_several_articles_votes_for_all(home: Path, corpus: Path, hashed: HashedEmbedder) -> None:
    write_article(corpus, "autre", "Douze euros, voilà le tarif.", date="2026-05-01")
    write_sidecar(corpus, "autre", {"Douze euros, voilà le tarif.": ["prix abonnement"]})
    update(home, corpus, hashed)

    found = sentences(home, hashed, asked(home, hashed, "prix abonnement"))

    assert set(found[:2]) == {PRICE, "Douze euros, voilà le tarif."}


def test_articles_of_later_or_outside_do_not_vote(home: Path, hashed: HashedEmbedder) -> None:
    assert asked(home, hashed, "prix abonnement", as_of=date(2026, 2, 1)).votes == {}
    assert asked(home, hashed, "prix abonnement", within=frozenset()).votes == {}
    assert asked(home, hashed, "prix abonnement", as_of=date(2026, 3, 1)).votes != {}


def test_a_rebuild_keeps_an_article_whose_enrichment_alone_is_damaged(
    home: Path, corpus: Path, hashed: HashedEmbedder, tmp_path: Path
) -> None:
    """Given by its path: no file of the corpus brings it again."""
    path = write_article(tmp_path / "ailleurs", "dehors", PRICE)
    write_sidecar(path.parent, "dehors", {PRICE: ["prix abonnement"]})
    update(home, corpus, hashed, path)
    with closing(StoreFolder(home).catalog(1, read_only=False)) as catalog:
        catalog._db.execute("UPDATE enrichments SET sum = sum + 1 WHERE article_id = 'dehors'")

    report = update(home, corpus, hashed, rebuild=True)

    assert report.failed == []
    with closing(open_index(home, hashed)) as index:
        assert index.article("dehors") is not None


def test_a_sidecar_that_alone_was_edited_makes_its_article_changed(
    home: Path, corpus: Path, hashed: HashedEmbedder
) -> None:
    write_sidecar(corpus, "offre", {PRICE: ["tarif mensuel"], PLACE: ["ville datacenter"]})
    hashed.passages.clear()
    hashed.queries.clear()

    report = update(home, corpus, hashed)

    assert (report.changed, report.unchanged, report.embedded) == (["offre"], 1, 0)
    assert hashed.passages == []
    assert hashed.queries == ["tarif mensuel"]
    assert "« tarif mensuel »" in asked(home, hashed, "tarif mensuel").matched
    assert "prix abonnement" not in {vote.question for vote in asked(home, hashed, "prix abonnement").votes.values()}


def test_a_run_over_the_same_files_changes_nothing(home: Path, corpus: Path, hashed: HashedEmbedder) -> None:
    report = update(home, corpus, hashed)

    assert (report.changed, report.added, report.unchanged) == ([], [], 2)


def test_another_map_embeds_the_questions_again(
    home: Path, corpus: Path, hashed: HashedEmbedder, plain_map: QuestionMap, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also those of an article whose file the first run with the map could not read."""
    monkeypatch.setattr(question_map, "_shipped", lambda: replace(plain_map, matrix=-plain_map.matrix, digest="other"))
    written = (corpus / "offre.md").read_bytes()
    (corpus / "offre.md").write_bytes(b"---\nnot closed")
    update(home, corpus, hashed, digest="other")
    (corpus / "offre.md").write_bytes(written)

    report = update(home, corpus, hashed, digest="other")

    assert report.changed == ["offre"]
    with closing(open_index(home, hashed)) as index:
        vectors = index.read(lambda snapshot: snapshot.catalog.question_vectors("answered"))[1]
    assert vectors.max() <= 0


def test_what_stands_alone_is_what_is_embedded_of_a_sentence(tmp_path: Path, hashed: HashedEmbedder) -> None:
    folder = tmp_path / "corpus"
    folder.mkdir()
    write_article(folder, "offre", f"{PRICE} Elle ferme à Lille.", date="2026-03-01")
    row = {"quote": "Elle ferme à Lille.", "alone": "L’offre ferme à Lille.", "questions": ["x y"]}
    (folder / "offre.enrichment.jsonl").write_text("\n".join(map(json.dumps, [{"format": 1}, row])), "utf-8")

    update(tmp_path / "home", folder, hashed)

    assert any("L’offre ferme à Lille." in text for text in hashed.passages)


def test_a_rollback_brings_the_questions_back(home: Path, corpus: Path, hashed: HashedEmbedder) -> None:
    write_sidecar(corpus, "offre", {PRICE: ["tarif mensuel"]})
    update(home, corpus, hashed)

    rollback(run_of(home, corpus), hashed, 60)

    assert "« prix abonnement »" in asked(home, hashed, "prix abonnement").matched
    assert enrichments(home, hashed)["offre"] == ("prix abonnement", "ville datacenter")


def test_an_export_takes_them_along(tmp_path: Path, home: Path, hashed: HashedEmbedder) -> None:
    export_index(home, tmp_path / "x.zip")

    import_index(tmp_path / "there", tmp_path / "x.zip", fingerprint_of(hashed, 60), replace=False)

    assert "« prix abonnement »" in asked(tmp_path / "there", hashed, "prix abonnement").matched
    assert enrichments(tmp_path / "there", hashed) == enrichments(home, hashed)


def test_nothing_of_a_forgotten_article_is_left(
    tmp_path: Path, home: Path, corpus: Path, hashed: HashedEmbedder
) -> None:
    for file in corpus.glob("offre*"):
        file.unlink()
    update(home, corpus, hashed, allow_deletions=True)

    remove(run_of(home, corpus), ["offre"], forget=True)

    assert asked(home, hashed, "prix abonnement").votes == {}
    left = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    assert b"prix abonnement" not in left


def test_without_a_map_nothing_is_stored_and_nothing_votes(
    tmp_path: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = HashedEmbedder("another")

    update(tmp_path / "other", corpus, other, digest="")

    assert asked(tmp_path / "other", other, "prix abonnement").votes == {}
    assert enrichments(tmp_path / "other", other)["offre"] == ("prix abonnement", "ville datacenter")


def enrichments(home: Path, embedder: HashedEmbedder) -> dict[str, tuple[str, ...]]:
    """Article id → its stored questions, of the live articles that are enriched."""

    def read(snapshot: Snapshot) -> Iterator[tuple[str, tuple[str, ...]]]:
        for article in snapshot.catalog.enriched():
            assert article.enrichment is not None
            yield article.article_id, tuple(q for s in article.enrichment.statements for q in s.questions)

    with closing(open_index(home, embedder)) as index:
        return index.read(lambda snapshot: dict(read(snapshot)))


def test_a_killed_run_leaves_the_questions_of_the_generation_before(
    home: Path, corpus: Path, hashed: HashedEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    from trusted_cloud_chat.index.index_writer import IndexWriter

    write_sidecar(corpus, "offre", {PRICE: ["tarif mensuel"]})
    monkeypatch.setattr(IndexWriter, "commit", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        update(home, corpus, hashed)
    monkeypatch.undo()

    assert "« prix abonnement »" in asked(home, hashed, "prix abonnement").matched


def test_a_question_that_several_articles_answer_is_embedded_once(
    tmp_path: Path, corpus: Path, hashed: HashedEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_article(corpus, "autre", PRICE, date="2026-05-01")
    write_sidecar(corpus, "autre", {PRICE: ["prix abonnement", "combien par mois"]})
    monkeypatch.setattr("trusted_cloud_chat.ingestion.staging._STAGE_TEXTS", 1)  # each article in a batch of its own
    embedded: list[str] = []
    encode = hashed.encode_queries
    monkeypatch.setattr(hashed, "encode_queries", lambda texts: embedded.extend(texts) or encode(texts))
    update(tmp_path / "home", corpus, hashed)
    assert embedded.count("prix abonnement") == 1
    assert embedded.count("combien par mois") == 1
