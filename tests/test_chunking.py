from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import run, write_article
from fakes import HashedEmbedder
from trusted_cloud_chat.chunking import chunk_article, embedded_text
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.schema import Article

count_words = HashedEmbedder().count_tokens

words = st.sampled_from(
    ["Le", "cloud", "de", "confiance.", "M.", "Dupont", "art.", "19.6", "«\u00a0Oui.\u00a0»", "\n\n", "\n# Titre\n", "…",
     "\u00a0", "  ", "SecNumCloud", "anticonstitutionnellement", "-", "3.2", "Qui\u00a0?", "\n- "]
)  # fmt: skip
texts = st.lists(words, max_size=120).map(" ".join)


def article(text: str, **fields: object) -> Article:
    base = {"article_id": "a", "version": "v", "title": "Titre", "text": text, "date": PartialDate(2025, 3)}
    return Article(**{**base, **fields})  # type: ignore[arg-type]


@given(texts, st.integers(1, 40))
def test_a_chunk_is_its_sentences(text: str, limit: int) -> None:
    """A chunk runs from its first sentence to its last; sentences are ordered, disjoint, trimmed and not blank."""
    for chunk in chunk_article(article(text), count_words, limit):
        assert (chunk.start, chunk.end) == (chunk.sentences[0].start, chunk.sentences[-1].end)
        end = chunk.start
        for span in chunk.sentences:
            assert end <= span.start < span.end
            assert text[span.start : span.end].strip() == text[span.start : span.end]
            end = span.end


@given(texts, st.integers(1, 40))
def test_no_chunk_is_over_the_limit(text: str, limit: int) -> None:
    """However long a sentence is, no chunk holds more tokens than it may."""
    for chunk in chunk_article(article(text), count_words, limit):
        assert count_words(text[chunk.start : chunk.end]) <= limit


@given(st.text(max_size=200), st.integers(1, 20))
def test_any_text_is_chunked(text: str, limit: int) -> None:
    """Whatever the characters, letters and digits are covered and pieces of a cut word stay within the limit."""
    chunks = chunk_article(article(text), lambda part: len(part.strip()), limit)

    covered = {i for chunk in chunks for span in chunk.sentences for i in range(span.start, span.end)}
    assert all(i in covered or not text[i].isalnum() for i in range(len(text)))
    assert all(span.end - span.start <= limit for chunk in chunks for span in chunk.sentences)


@given(texts, st.integers(1, 40))
def test_chunk_ids_name_article_version_and_place(text: str, limit: int) -> None:
    """Ids are told apart by article, version and ordinal, so that no two versions ever share one."""
    chunks = chunk_article(article(text), count_words, limit)

    assert [chunk.chunk_id for chunk in chunks] == [f"a@v#{n}" for n in range(len(chunks))]


def test_chunks_end_with_sentences() -> None:
    text = "Un deux trois quatre. Cinq six sept. Huit neuf dix onze douze. Treize quatorze."

    chunks = chunk_article(article(text), count_words, 7)

    assert [text[c.start : c.end] for c in chunks] == [
        "Un deux trois quatre. Cinq six sept.", "Huit neuf dix onze douze. Treize quatorze.",
    ]  # fmt: skip


def test_chunks_are_filled_evenly() -> None:
    """Nine sentences where eight fit make two chunks of four and five, not eight and one."""
    text = " ".join(f"Phrase {n} du texte." for n in "abcdefghi")

    chunks = chunk_article(article(text), count_words, 32)

    assert sorted(len(c.sentences) for c in chunks) == [4, 5]


def test_a_sentence_over_the_limit_is_cut_at_spaces() -> None:
    """A sentence too long for a chunk is cut between words, and every piece is a sentence to quote."""
    text = "mot " * 50 + "fin"

    chunks = chunk_article(article(text), count_words, 20)

    pieces = [text[s.start : s.end] for c in chunks for s in c.sentences]
    assert " ".join(pieces) == text
    assert all(count_words(piece) <= 20 for piece in pieces)


@pytest.mark.parametrize("text", ["x " * 100_000, "x" * 200_000])
def test_a_sentence_without_end_is_never_counted_whole(text: str) -> None:
    counted: list[int] = []

    def count(part: str) -> int:
        counted.append(len(part))
        return count_words(part)

    chunks = chunk_article(article(text), count, 10)

    assert max(counted) <= 1000
    assert "".join(text[c.start : c.end] for c in chunks).replace(" ", "") == text.replace(" ", "")


def test_an_empty_article_has_no_chunk() -> None:
    assert chunk_article(article(" \n "), count_words, 20) == []


def test_title_and_date_are_embedded_and_not_quoted() -> None:
    """What is embedded begins with title and date in the article's language; the chunk itself does not."""
    one = article("Bleu avance.", title="Bleu")
    (chunk,) = chunk_article(one, count_words, 20)

    assert embedded_text(one, chunk) == "Bleu (mars 2025)\nBleu avance."
    assert (
        embedded_text(article("Bleu avance.", title="Bleu", language="en"), chunk) == "Bleu (March 2025)\nBleu avance."
    )
    assert embedded_text(article("Bleu avance.", title="Bleu", date=None), chunk) == "Bleu\nBleu avance."


def test_a_chunk_and_its_heading_fit_the_embedder(
    tmp_path: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even under an endless title, what is embedded fits the model's 512 tokens: nothing is cut silently."""
    embedded: list[str] = []
    encode = embedder.encode_passage_words
    monkeypatch.setattr(
        embedder, "encode_passage_words", lambda texts: (embedded.extend(texts), encode(texts))[1], raising=True
    )
    text = "La qualification SecNumCloud est attendue en 2026. " * 80
    write_article(tmp_path / "corpus", "long", text, title="Souveraineté numérique " * 85)

    report = run(tmp_path / "home", tmp_path / "corpus", embedder, chunk_tokens=480)

    assert report.chunks == len(embedded) > 1
    said = "La qualification SecNumCloud est attendue en 2026."
    for one in embedded:
        assert one.endswith(said)
        assert embedder.count_tokens("passage: " + one) + 2 <= embedder.max_tokens
    assert sum(one.count(said) for one in embedded) == 80
