"""What a sentence says that its source does not: figures, dates and names, as the sentence writes them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from trusted_cloud_chat.corpus import read_article
from trusted_cloud_chat.entities import load_entities
from trusted_cloud_chat.language.blocks import article_sentences
from trusted_cloud_chat.language.detection import detect_language
from trusted_cloud_chat.language.normalise import fold
from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.particulars.ground import GroundReader
from trusted_cloud_chat.schema import Article, Language
from trusted_cloud_chat.writing.drafts import Quote
from trusted_cloud_chat.writing.evidence import EvidenceBook

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 30)
ENTITIES = load_entities()
TOLD = (
    "S3NS, filiale de Thales, a obtenu SecNumCloud le 17 décembre 2025. Le marché pèse 27,6 millions d’euros, "
    "contre 20 millions un an plus tôt, et 1 800 euros par poste."
)


def strange(said: str, language: Language = "fr") -> list[str]:
    ground = GroundReader(TODAY, ENTITIES).ground([TOLD], "fr")
    return [lack.words for lack in ground.strange(said, language, TODAY, ENTITIES)]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Le marché pèse 31,4 millions d’euros.", ["31,4 millions d'euros"]),
        ("Le poste coûte 1 900 € par an.", ["1 900 €"]),
        ("S3NS est qualifié depuis le 17 novembre 2025.", ["17 novembre 2025"]),
        ("S3NS est qualifié depuis mars 2024.", ["mars 2024"]),
        ("Selon eux, Scaleway est qualifié.", ["Scaleway"]),
        ("Quelque 45 % des postes coûtent 1 800 euros.", ["45 %"]),
    ],
)
def test_what_the_source_does_not_say_is_told_in_the_words_of_the_sentence(said: str, told: list[str]) -> None:
    assert strange(said) == told


@pytest.mark.parametrize(
    "said",
    [
        "Le marché pèse 28 millions d’euros, environ.",
        "Le marché a crû de 7,6 millions d’euros.",
        "Trois prestataires, dont S3NS, en dépendent.",
        "Les 3 prestataires en dépendent.",
        "(En bref) Elle est qualifiée depuis 2025.",
        "Le poste coûte mille huit cents euros.",
        "S3NS est qualifié depuis décembre 2025, et depuis 2025.",
        "Thalès détient la société.",
        "Capital de cette société : il est à Thales.",
    ],
)
def test_counts_roundings_and_what_was_worked_out_are_no_matter(said: str) -> None:
    assert strange(said) == []


@pytest.mark.parametrize(
    ("told", "said", "lacks"),
    [
        ("Je facture 48 euros l’heure, comptez 15 heures.", "Il faut compter 720 euros.", []),
        ("Nous payions 1 962 € contre 1 105 l’an dernier.", "La hausse est d’environ 860 €.", []),
        ("Un fonds prend la moitié des 640 000 euros.", "Le fonds verse 320 000 euros.", []),
        ("Le contrat de mars 2025 dure quatre ans.", "Le contrat court jusqu’en 2029.", []),
        ("Le contrat de mars 2025 dure quatre ans.", "Le contrat court jusqu’en 2030.", ["2030"]),
        ("Courriel envoyé le 9, fin au 28 février.", "Le courriel du 9 janvier a suffi.", []),
        ("Courriel envoyé le 9, fin au 28 février.", "Le courriel du 8 janvier a suffi.", ["8 janvier"]),
        ("Vingt-sept virgule deux, en août quarante.", "Le litre valait 27,2 centimes en août 1940.", []),
    ],
)
def test_what_follows_from_figures_of_the_source_is_no_matter(told: str, said: str, lacks: list[str]) -> None:
    """Sums, products, shares and ends of periods, days whose month stands elsewhere, and speech written down, whose numbers have no digits."""
    ground = GroundReader(TODAY, ENTITIES).ground([told], "fr")
    assert [lack.words for lack in ground.strange(said, "fr", TODAY, ENTITIES)] == lacks


def test_in_another_language_only_known_names_count() -> None:
    assert strange("The Ministry says that S3NS was qualified on 17 December 2025.", "en") == []
    assert strange("The Ministry says that OVHcloud was qualified in 2025.", "en") == ["OVHcloud"]


@pytest.mark.slow
@pytest.mark.parametrize(("rows", "least"), [("verification", 250), ("verification_blind", 150)])
def test_few_faithful_sentences_get_a_hint(rows: str, least: int, embedder: Embedder) -> None:
    """Of the free style of a strong model, beside the sentences that decide. Both sets have been looked at."""
    hints = []
    for row in _faithful(rows):
        article = _article(row["article"])
        quotes = [
            quote
            for quote in _sentences(article)
            if any(told in quote.text or quote.text in told for told in row["quotes"])
        ]
        if quotes:
            book = EvidenceBook([], embedder, ENTITIES, TODAY)
            spoken = detect_language(fold(row["claim"]), row["language"])
            hints.append(bool(book.lacks(row["claim"], spoken, quotes)))
    assert len(hints) > least
    assert sum(hints) / len(hints) <= 0.03


def _faithful(name: str) -> Iterator[dict]:
    rows = map(json.loads, (ROOT / f"evaluation/{name}.jsonl").read_text("utf-8").splitlines())
    return (row for row in rows if row["label"] == "entailed")


def _article(name: str) -> Article:
    root = ROOT / ("corpus" if name.startswith("corpus") else "evaluation/styles")
    return read_article(ROOT / f"{name}.md", root, allow_undated=True, today=date.max)


def _sentences(article: Article) -> list[Quote]:
    spans = article_sentences(article.text)
    before = ["", *(article.text[span.start : span.end] for span in spans)]
    return [Quote(article, span, told) for span, told in zip(spans, before, strict=False)]
