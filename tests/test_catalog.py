from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.errors import IndexDamagedError, IndexTooNewError, StorageError
from trusted_cloud_chat.index import Catalog, Fingerprint, LiveVersion, StoredChunk
from trusted_cloud_chat.index.taking_over import copied
from trusted_cloud_chat.schema import Article, Chunk, Source, Span, version_of

ARTICLE = Article(
    article_id="presse/bleu", version="v1", title="Bleu « démarre »", text="Bleu démarre. Été 2024\u00a0: 1,2\u202fMd€. 😀",
    date=PartialDate(2024, 1), publisher="Gazette", url="https://gazette.example", language="fr", source_type="presse",
    sources=(Source("LeMagIT", "Un titre", "https://lemagit.example", PartialDate(2023)), Source("Orange")),
    path="presse/bleu.md",
)  # fmt: skip


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    opened = Catalog(tmp_path / "catalog.db", read_only=False)
    yield opened
    opened.close()


def stored(article: Article, *spans: tuple[int, int]) -> list[StoredChunk]:
    """A chunk for each span, of one sentence each."""
    return [
        StoredChunk(
            Chunk(f"{article.article_id}@{article.version}#{n}", article.article_id, article.version, n, a, b, (Span(a, b),)),
            np.full(4, n, dtype=np.float16),
            np.full((1, 4), n + 0.5, dtype=np.float16),
        )
        for n, (a, b) in enumerate(spans)
    ]  # fmt: skip


def put(catalog: Catalog, article: Article, *, state: str = "live") -> list[StoredChunk]:
    chunks = stored(article, (0, 13), (14, 30))
    with catalog.transaction():
        catalog.put_chunks(chunks)
        catalog.put_version(article, in_corpus=True, state=state)
        if state == "live":
            catalog.make_live(LiveVersion(article, True))
        catalog.note_counts()
    return chunks


class TestArticles:
    def test_an_article_comes_back_whole(self, catalog: Catalog) -> None:
        """Every field is kept, null ones and partial dates too."""
        bare = Article("b", "v", "B", "Texte.", None)
        put(catalog, ARTICLE)
        put(catalog, bare)

        assert catalog.article("presse/bleu") == ARTICLE
        assert catalog.article("b") == bare
        assert catalog.articles(["presse/bleu", "b", "nowhere"]) == {"presse/bleu": ARTICLE, "b": bare}

    def test_an_unknown_article_is_none(self, catalog: Catalog) -> None:
        """An id or a version that was never stored is none."""
        put(catalog, ARTICLE)

        assert catalog.article("nowhere") is None
        assert catalog.article("presse/bleu", "v9") is None

    def test_a_pending_version_is_not_seen(self, catalog: Catalog) -> None:
        """What a run has staged is neither an article nor counted until it is live."""
        put(catalog, ARTICLE, state="pending")

        assert catalog.article("presse/bleu") is None
        assert catalog.articles(["presse/bleu"]) == {}
        assert (catalog.coverage().articles, catalog.count_chunks()) == (0, 0)
        assert catalog.pending() == [("presse/bleu", "v1")]

    def test_every_pending_version_is_told(self, catalog: Catalog) -> None:
        """Two killed runs may have left two versions of one article; both are known."""
        newer = replace(ARTICLE, version="v2")
        catalog.put_pending(ARTICLE, in_corpus=True)
        catalog.put_pending(newer, in_corpus=True)

        assert catalog.pending() == [("presse/bleu", "v1"), ("presse/bleu", "v2")]

    def test_an_old_version_that_is_pending_again_stays_readable(self, catalog: Catalog) -> None:
        """Staging an old text anew does not hide it, and forgetting that leaves it old."""
        put(catalog, ARTICLE, state="old")
        catalog.put_pending(ARTICLE, in_corpus=True)
        catalog.put_pending(ARTICLE, in_corpus=True)

        assert catalog.article("presse/bleu", "v1") == ARTICLE
        assert catalog.pending() == [("presse/bleu", "v1")]
        catalog.forget_pending("presse/bleu", "v1")
        assert len(catalog.leaving()) == 2
        assert catalog.article("presse/bleu", "v1") == ARTICLE
        assert catalog.pending() == []

    def test_a_pending_version_that_was_never_live_is_forgotten(self, catalog: Catalog) -> None:
        """What no question ever saw leaves no article behind."""
        catalog.put_pending(ARTICLE, in_corpus=True)
        catalog.forget_pending("presse/bleu", "v1")

        assert catalog.article("presse/bleu") is None
        assert catalog.keys("old") == []

    def test_an_old_version_is_read_by_name(self, catalog: Catalog) -> None:
        """The live version comes without asking, an old one by its version."""
        newer = replace(ARTICLE, version="v2", text="Bleu est qualifiée.")
        put(catalog, ARTICLE, state="old")
        put(catalog, newer)

        assert catalog.article("presse/bleu") == newer
        assert catalog.article("presse/bleu", "v1") == ARTICLE

    def test_the_last_version_of_a_deleted_article(self, catalog: Catalog) -> None:
        """Without a live version, the one that was live last is given."""
        newer = replace(ARTICLE, version="v2", text="Bleu est qualifiée.")
        put(catalog, ARTICLE, state="old")
        put(catalog, newer, state="old")

        assert catalog.article("presse/bleu") == newer

    def test_coverage(self, catalog: Catalog) -> None:
        """Coverage counts live articles and chunks, from the first date to the last; undated ones have none; syntheses apart."""
        put(catalog, ARTICLE)
        put(catalog, replace(ARTICLE, article_id="b", date=PartialDate(2026, 2, 3)))
        put(catalog, replace(ARTICLE, article_id="c", date=None, source_type="synthese"))
        put(catalog, replace(ARTICLE, article_id="d", date=PartialDate(2030)), state="old")

        coverage = catalog.coverage()

        assert (coverage.articles, coverage.chunks) == (3, 6)
        assert (str(coverage.first), str(coverage.last)) == ("2024-01", "2026-02-03")
        assert coverage.syntheses == 1

    def test_coverage_of_nothing(self, catalog: Catalog) -> None:
        """An empty catalog covers nothing, from no day to no day."""
        coverage = catalog.coverage()

        assert (coverage.generation, coverage.articles, coverage.first, coverage.last) == (0, 0, None, None)


class TestChunks:
    def test_chunks_come_back_in_order_with_their_vectors(self, catalog: Catalog) -> None:
        """Offsets, sentences and both kinds of vectors are what was put, in text order."""
        chunks = put(catalog, ARTICLE)

        back = catalog.chunks_of("presse/bleu", "v1")

        assert [s.chunk for s in back] == [s.chunk for s in chunks]
        for one, other in zip(back, chunks, strict=True):
            assert np.array_equal(one.vector, other.vector)
            assert np.array_equal(one.sentence_vectors, other.sentence_vectors)

    def test_words_of_a_chunk_come_back(self, catalog: Catalog) -> None:
        """The stems of a chunk and their packed vectors are kept."""
        (first, _) = put(catalog, ARTICLE)
        catalog.put_chunks([replace(first, words=("bleu", "1.2"), word_sentences=b"\x00\x01", word_vectors=b"\x07")])

        (back, _) = catalog.chunks_of("presse/bleu", "v1")

        assert (back.words, back.word_sentences, back.word_vectors) == (("bleu", "1.2"), b"\x00\x01", b"\x07")

    def test_vectors_come_alone_in_the_order_asked(self, catalog: Catalog) -> None:
        """Vectors as `stored_chunks` gives them, chunks of several sentences kept apart; one that is gone is told."""
        first, second = put(catalog, ARTICLE)
        three = np.arange(12, dtype=np.float16).reshape(3, 4)
        catalog.put_chunks([replace(second, sentence_vectors=three)])

        found = catalog.chunk_vectors([second.chunk.chunk_id, first.chunk.chunk_id])

        assert found.ids == (second.chunk.chunk_id, first.chunk.chunk_id)
        assert np.array_equal(found.vectors, np.stack([second.vector, first.vector]))
        assert np.array_equal(found.sentence_vectors, np.concatenate([three, first.sentence_vectors]))
        assert found.n_sentences.tolist() == [3, 1]
        with pytest.raises(IndexDamagedError, match="does not find chunks.*--fix"):
            catalog.chunk_vectors(["unknown"])

    def test_only_live_chunks_count(self, catalog: Catalog) -> None:
        """Ids of pending, old and unknown chunks are dropped."""
        live = put(catalog, ARTICLE)
        pending = put(catalog, replace(ARTICLE, article_id="p"), state="pending")
        old = put(catalog, replace(ARTICLE, article_id="o"), state="old")
        asked = [s.chunk.chunk_id for s in [*live, *pending, *old]] + ["unknown"]

        assert catalog.live_versions().among(asked) == {s.chunk.chunk_id for s in live}

    @pytest.mark.parametrize(
        ("published", "as_of", "seen"),
        [
            (PartialDate(2024, 1, 15), date(2024, 1, 15), True),
            (PartialDate(2024, 1, 16), date(2024, 1, 15), False),
            (PartialDate(2024, 1), date(2024, 1, 30), False),
            (PartialDate(2024, 1), date(2024, 1, 31), True),
            (PartialDate(2024), date(2024, 12, 30), False),
            (PartialDate(2024), date(2024, 12, 31), True),
            (None, date(2024, 12, 31), False),
        ],
    )
    def test_as_of_hides_what_came_later(
        self, catalog: Catalog, published: PartialDate | None, as_of: date, seen: bool
    ) -> None:
        """A partial date counts as its last day; what has no date is hidden from a question about the past."""
        put(catalog, replace(ARTICLE, date=published))

        assert bool(catalog.live_versions().among(["presse/bleu@v1#0"], as_of)) is seen

    def test_more_ids_than_sqlite_binds_at_once(self, catalog: Catalog) -> None:
        """Thousands of ids are looked up."""
        put(catalog, ARTICLE)
        asked = [f"x{n}" for n in range(40_000)] + ["presse/bleu@v1#1"]

        assert set(catalog.stored_chunks(asked)) == {"presse/bleu@v1#1"}

    def test_what_is_retired_is_leaving(self, catalog: Catalog) -> None:
        """The ids of chunks that went are remembered, for what was made of them elsewhere; of one that came back no more."""
        put(catalog, ARTICLE)
        put(catalog, replace(ARTICLE, version="v2"))

        catalog.retire("presse/bleu", "v1")

        assert catalog.leaving() == ["presse/bleu@v1#0", "presse/bleu@v1#1"]
        assert catalog.chunk_ids() == {"presse/bleu@v2#0", "presse/bleu@v2#1"}
        catalog.put_chunks(stored(ARTICLE, (0, 13)))
        assert catalog.leaving() == ["presse/bleu@v1#1"]


class TestTransactions:
    def test_all_or_nothing(self, catalog: Catalog) -> None:
        """An error inside a transaction undoes all of it."""

        def fail() -> None:
            with catalog.transaction():
                catalog.put_version(ARTICLE, in_corpus=True, state="live")
                catalog.set_meta("generation", "7")
                raise RuntimeError

        with pytest.raises(RuntimeError):
            fail()

        assert (catalog.article("presse/bleu"), catalog.generation) == (None, 0)

    def test_a_reader_keeps_the_state_it_began_with(self, catalog: Catalog, tmp_path: Path) -> None:
        """Between `begin_read` and its end a reader sees one state, whatever is committed beside it."""
        reader = Catalog(tmp_path / "catalog.db", read_only=True)
        reader.begin_read()
        put(catalog, ARTICLE)
        catalog.set_meta("generation", "1")

        assert (reader.generation, reader.coverage().articles) == (0, 0)
        reader.close()
        again = Catalog(tmp_path / "catalog.db", read_only=True)
        assert (again.generation, again.coverage().articles) == (1, 1)
        again.close()

    def test_a_reader_cannot_write(self, catalog: Catalog, tmp_path: Path) -> None:
        """A catalog opened for reading refuses to be changed."""
        reader = Catalog(tmp_path / "catalog.db", read_only=True)

        with pytest.raises(StorageError, match="readonly"):
            reader.set_meta("generation", "1")
        reader.close()

    def test_reading_does_not_make_a_catalog(self, tmp_path: Path) -> None:
        """A catalog that is not there is not made by looking at it."""
        with pytest.raises(IndexDamagedError, match="is missing"):
            Catalog(tmp_path / "nowhere.db", read_only=True)
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize("read_only", [True, False])
    def test_a_newer_format_is_refused(self, catalog: Catalog, tmp_path: Path, read_only: bool) -> None:
        """A catalog made by a newer version is not touched; the message says to update."""
        catalog.set_meta("schema", "99")

        with pytest.raises(IndexTooNewError, match="pip install --upgrade"):
            Catalog(tmp_path / "catalog.db", read_only=read_only)

    def test_a_copy_is_complete(self, catalog: Catalog, tmp_path: Path) -> None:
        """What is committed, with chunks and meta; nothing of a run that has not."""
        put(catalog, ARTICLE)
        put(catalog, replace(ARTICLE, article_id="p"), state="pending")
        catalog.set_meta("generation", "3")
        catalog.set_meta("fingerprint", Fingerprint("e", 4, "c:60").to_json())
        with pytest.raises(IndexDamagedError, match="has changed"):  # v1 is no hash of its text
            copied(catalog, tmp_path / "no.db", abroad=True)
        own = replace(ARTICLE, version=version_of(ARTICLE.text, ARTICLE.title, ARTICLE.date))
        catalog.retire("presse/bleu", "v1")
        catalog.history.forget(["presse/bleu"])
        put(catalog, own)

        copy = copied(catalog, tmp_path / "copy.db", abroad=True)

        assert (copy.generation, copy.article("presse/bleu"), copy.pending()) == (3, own, [])
        assert copy.chunk_ids() == catalog.live_chunk_ids()
        copy.close()


@pytest.mark.parametrize("as_of", [None, date(2024, 6, 30)])
def test_the_newest_first(catalog: Catalog, as_of: date | None) -> None:
    """By the middle of what is said of the day; what has no date last, and with a day not at all."""
    days = {"b": PartialDate(2024), "c": PartialDate(2024, 6), "d": PartialDate(2024, 8, 1), "e": PartialDate(2023, 12)}
    put(catalog, replace(ARTICLE, article_id="a", date=None))
    for article_id, day in days.items():
        put(catalog, replace(ARTICLE, article_id=article_id, date=day))

    assert [article.article_id for article in catalog.newest(as_of)] == list("ce" if as_of else "dbcea")
