"""Providers of new articles that no list of names has."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from builders import TODAY, write_article, write_tiny_corpus
from fakes import HashedEmbedder
from trusted_cloud_chat.corpus import corpus_files, read_article
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.entities import load_entities
from trusted_cloud_chat.ingestion.ingesting import unknown_providers
from trusted_cloud_chat.output.reporting import ingest_lines
from trusted_cloud_chat.schema import Article
from trusted_cloud_chat.settings import load_settings
from trusted_cloud_chat.wiring import run_ingest

ENTITIES = load_entities()
ROOT = Path(__file__).parents[1]
TITLE = "SecNumCloud : HexaCloud qualifié"
TEXT = "HexaCloud, hébergeur lyonnais, a obtenu la qualification SecNumCloud 3.2. HexaCloud emploie 80 personnes."


def unknown(title: str, text: str) -> list[str]:
    return unknown_providers(Article("a", "0", title, text, PartialDate(2026, 10), None, None, "fr", None), ENTITIES)


@pytest.mark.parametrize(
    ("title", "text", "names"),
    [
        (TITLE, TEXT, ["HexaCloud"]),
        ("HexaCloud est qualifiée SecNumCloud", "La société HexaCloud, fondée à Lyon, grandit. HexaCloud recrute.", ["HexaCloud"]),
        ("Hexa Cloud, enfin SecNumCloud", "Hexa Cloud, fournisseur de Lyon, recrute. Ce que veut Hexa Cloud : grandir.", ["Hexa Cloud"]),
        ("HexaCloud is SecNumCloud qualified", "HexaCloud, a cloud provider, is qualified. HexaCloud hires.", ["HexaCloud"]),
        ("HexaCloud s’agrandit", "HexaCloud, fournisseur de Lyon, recrute. HexaCloud grandit.", []),
        ("Un hébergeur qualifié", TEXT, []),
        (TITLE, "HexaCloud, hébergeur lyonnais, a obtenu la qualification SecNumCloud 3.2.", []),
        (TITLE.replace("HexaCloud", "Scaleway"), TEXT.replace("HexaCloud", "Scaleway"), []),
        ("Thales est qualifié", "Thales, fournisseur de S3NS, recrute. Thales grandit.", []),
        ("HexaBox est qualifié", "L’offre HexaBox de Scaleway est là. HexaBox grandit.", []),
        ("HexaBox est qualifié", "HexaBox, la plateforme de Scaleway, est là. HexaBox grandit.", []),
        ("HexaCloud n’est pas qualifié", "HexaCloud recrute. HexaCloud grandit.", []),
        ("De nouveaux fournisseurs SecNumCloud", "De nouveaux fournisseurs arrivent. De Lyon ou de Brest.", []),
        ("Les hébergeurs et SecNumCloud", "Les hébergeurs recrutent. Les hébergeurs grandissent.", []),
        ("HexaCloud décroche SecNumCloud", "HexaCloud recrute. HexaCloud grandit.", ["HexaCloud"]),
        ("Lyon attire les nuages", "Lyon est une ville. Lyon attire un hébergeur qualifié.", []),
    ],
)  # fmt: skip
def test_only_where_sure(title: str, text: str, names: list[str]) -> None:
    assert unknown(title, text) == names


def test_the_corpus_has_none() -> None:
    articles = [
        read_article(file.path, file.root, allow_undated=True, today=date(2026, 11, 24))
        for file in corpus_files(ROOT / "corpus")
    ]

    assert {name for article in articles for name in unknown_providers(article, ENTITIES)} == set()


def test_the_report_gives_the_lines_to_write(tmp_path: Path, hashed: HashedEmbedder) -> None:
    """Of added and changed articles, also in a dry run; what was written is a file that fits, and then nothing is said."""
    corpus = write_tiny_corpus(tmp_path / "corpus")
    write_article(corpus, "hexa", TEXT, title=TITLE)
    settings = load_settings(home=tmp_path / "home", corpus=corpus)

    foreseen = run_ingest(settings, dry_run=True, today=TODAY)
    done = run_ingest(settings, embedder=hashed, today=TODAY)
    again = run_ingest(settings, embedder=hashed, today=TODAY)
    lines = list(ingest_lines(done))
    said = next(place for place, line in enumerate(lines) if line.startswith("unknown name: HexaCloud (hexa)"))
    aliases = tmp_path / "noms.toml"
    aliases.write_text("\n".join(lines[said + 1 : said + 3]), "utf-8")
    known = load_settings(home=tmp_path / "other", corpus=corpus, aliases=aliases)

    assert foreseen.unknown_names == done.unknown_names == [{"name": "HexaCloud", "article_id": "hexa"}]
    assert again.unknown_names == []
    assert run_ingest(known, dry_run=True, today=TODAY).unknown_names == []
