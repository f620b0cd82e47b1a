"""`doctor`: what it finds in a home, the command that it names, and what `--fix` mends; whatever is damaged, it ends in findings."""

from __future__ import annotations

import errno
import os
import shutil
import time
from datetime import date, timedelta
from pathlib import Path

import pytest

from builders import (
    TODAY,
    copy_home,
    found_texts,
    held,
    lose_vectors,
    open_index,
    run,
    write,
    write_article,
    write_tiny_corpus,
)
from fakes import HashedEmbedder
from trusted_cloud_chat import doctor, wiring
from trusted_cloud_chat.doctor import Check, examination, stores
from trusted_cloud_chat.doctor.articles import article_checks
from trusted_cloud_chat.doctor.checks import look
from trusted_cloud_chat.doctor.examination import disk
from trusted_cloud_chat.errors import IndexBusyError, TrustedCloudChatError
from trusted_cloud_chat.index.catalog import Catalog
from trusted_cloud_chat.index.home_files import only_writer
from trusted_cloud_chat.settings import Settings, load_settings

SIX = {"live": 6, "catalog": 6, "vectors": 6, "lexical": 6, "pending": 0}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`home` with the six articles of `corpus`, to be copied."""
    folder = tmp_path_factory.mktemp("doctor")
    run(folder / "home", write_tiny_corpus(folder / "corpus"), HashedEmbedder())
    return folder


@pytest.fixture
def home(whole: Path, tmp_path: Path) -> Path:
    return copy_home(whole / "home", tmp_path / "home")


@pytest.fixture
def settings(home: Path, whole: Path) -> Settings:
    return load_settings(home=home, corpus=whole / "corpus", chunk_tokens=60)


def of_index(settings: Settings, embedder: HashedEmbedder) -> dict[str, Check]:
    return {check.name: check for check in doctor.index_checks(settings, lambda: embedder)}


def of_articles(folder: Path, today: date = TODAY) -> dict[str, Check]:
    """Of the articles under `folder/corpus`."""
    run(folder / "home", folder / "corpus", HashedEmbedder(), allow_undated=True, today=today)
    checks = article_checks(load_settings(home=folder / "home", corpus=folder / "corpus"), today)
    return {check.name: check for check in checks}


class TestIndex:
    def test_all_is_well(self, settings: Settings, hashed: HashedEmbedder) -> None:
        checks = of_index(settings, hashed)

        assert {check.level for check in checks.values()} == {"ok"}
        assert set(checks) == {"index", "stores", "orphans", "embedder of the index", "form of the index", "leftovers"}
        assert "hashed-words, 64 dimensions" in checks["embedder of the index"].found

    def test_another_embedder(self, settings: Settings) -> None:
        """The index itself is whole; what is wrong is the embedder, and both are named."""
        checks = of_index(settings, HashedEmbedder("other"))

        assert [name for name, check in checks.items() if not check.ok] == ["embedder of the index"]
        assert "'hashed-words'" in checks["embedder of the index"].found
        assert checks["embedder of the index"].mend == "trusted-cloud-chat ingest --rebuild"

    def test_an_embedder_that_cannot_be_loaded(self, settings: Settings) -> None:
        """The index is looked at without it."""

        def fail() -> HashedEmbedder:
            raise RuntimeError("no weights")

        checks = {check.name: check for check in doctor.index_checks(settings, fail)}
        assert [name for name, check in checks.items() if not check.ok] == ["embedder of the index"]

    def test_folders_that_nothing_owns(self, settings: Settings, home: Path, hashed: HashedEmbedder) -> None:
        """Those of killed runs: found, swept by `--fix`, and told."""
        (home / "index/7").mkdir()
        (home / "index/1/made-7").mkdir()
        write(old := home / "models/.unpacking-x/part", "x")
        os.utime(old.parent, (time.time() - 7200,) * 2)
        checks = of_index(settings, hashed)

        assert "index/7, index/1/made-7, models/.unpacking-x" in checks["leftovers"].found

        done = "; ".join(doctor.mend(settings))
        assert all(f"deleted: {name}," in done for name in ("index/7", "index/1/made-7", "models/.unpacking-x"))
        assert held(home) == SIX
        assert {check.level for check in of_index(settings, hashed).values()} == {"ok"}

    def test_a_first_run_that_was_stopped_is_to_be_continued(self, tmp_path: Path, hashed: HashedEmbedder) -> None:
        (tmp_path / "index/1").mkdir(parents=True)

        assert of_index(load_settings(home=tmp_path), hashed)["leftovers"].mend == "trusted-cloud-chat ingest"

    def test_what_was_lost_is_refilled(self, settings: Settings, home: Path, hashed: HashedEmbedder) -> None:
        """From the catalog's own vectors; nothing is left of the broken store, and a second run has nothing to do."""
        lose_vectors(home)
        assert of_index(settings, hashed)["stores"].mend == "trusted-cloud-chat doctor --fix"

        done = "; ".join(doctor.mend(settings))
        assert "rebuilt from the catalog, nothing embedded" in done
        assert held(home) == SIX
        assert len(found_texts(open_index(home, hashed), hashed, "nuage")) == 6
        assert len(list(home.glob("index/*/made-*"))) == 1
        assert doctor.mend(settings) == []

    def test_an_interrupted_run(
        self, settings: Settings, home: Path, whole: Path, hashed: HashedEmbedder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What it had begun is told, and swept; no article goes."""
        note = write_article(home.parent, "note", "Une note du nuage.")
        with monkeypatch.context() as killed:
            killed.setattr("trusted_cloud_chat.index.index_writer.IndexWriter.commit", lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                run(home, whole / "corpus", hashed, note)
        assert "1 article that an interrupted run had begun" in of_index(settings, hashed)["orphans"].found
        assert "dropped: 1 article that an interrupted run had begun" in "".join(doctor.mend(settings))
        assert held(home) == SIX

    def test_not_while_a_run_writes(self, settings: Settings, home: Path, hashed: HashedEmbedder) -> None:
        """`--fix` refuses, and names who holds the lock; the checks call nothing of that run an orphan."""
        (home / "index/7").mkdir()
        with only_writer(home / "index"):
            with pytest.raises(IndexBusyError, match=f"process {os.getpid()}"):
                doctor.mend(settings)
            checks = of_index(settings, hashed)
        assert (home / "index/7").is_dir()
        assert "another run (process" in checks["orphans"].found
        assert {check.level for check in checks.values()} == {"ok"}

    def test_an_earlier_releases(self, settings: Settings, home: Path, hashed: HashedEmbedder) -> None:
        """Advice: it answers as it is."""
        with_meta(home, "fingerprint", '{"embedder": "hashed-words", "dimensions": 64, "chunking": "old-1:60"}')
        form = of_index(settings, hashed)["form of the index"]
        assert (form.level, form.mend) == ("advice", "trusted-cloud-chat ingest")

    def test_a_damaged_catalog_is_left_alone(self, settings: Settings, home: Path, hashed: HashedEmbedder) -> None:
        """`--fix` says what it could not mend, and by which command it is."""
        (home / "index/1/catalog.db").write_bytes(b"x" * 5000)
        (told,) = doctor.mend(settings)
        assert told.startswith("not fixed: ")
        assert "ingest --rebuild" in told

    @pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS])
    def test_another_s_home_is_told_and_nothing_is_said_to_be_deleted(
        self, settings: Settings, monkeypatch: pytest.MonkeyPatch, number: int
    ) -> None:
        """It was a traceback, or « deleted » of what stayed."""
        left = settings.home / "models/.unpacking-left"
        left.mkdir(parents=True)
        os.utime(left, (0, 0))

        def refused(path: Path, **_: object) -> None:
            raise OSError(number, os.strerror(number), str(path))

        monkeypatch.setattr(stores.shutil, "rmtree", refused)
        (deleting,) = doctor.mend(settings)
        monkeypatch.setattr(stores, "abandoned", refused)
        (looking,) = doctor.mend(settings)

        for line in (deleting, looking):
            assert line.startswith(doctor.NOT_MENDED)
            assert "access is refused" in line

    def test_nothing_indexed(self, tmp_path: Path, hashed: HashedEmbedder) -> None:
        settings = load_settings(home=tmp_path / "leer", corpus=tmp_path)
        assert of_index(settings, hashed)["index"].mend == "trusted-cloud-chat ingest"
        assert (doctor.mend(settings), *article_checks(settings, TODAY)) == ([],)
        assert not (tmp_path / "leer").exists()


class TestArticles:
    def test_what_is_missing_is_advice(self, tmp_path: Path) -> None:
        """Dates, addresses, sources, reprints, age: each with the articles and the command, and none is a fault."""
        said = " ".join(f"Le fournisseur numéro {n} ouvre un centre dans la ville {n}." for n in range(12))
        corpus = tmp_path / "corpus"
        write_article(corpus, "sans-date", "Un texte du nuage.", date=None, url="https://a.example/1")
        write_article(corpus, "premier", said, date="2025-01", url="https://a.example/2")
        write_article(corpus, "reprise", f"{said} Repris ici.", date="2025-02", url="https://a.example/3")
        write_article(corpus, "seul", "Un chiffre du nuage, non recoupé.", sources=[{"publisher": "Untel"}])
        checks = of_articles(tmp_path)
        del checks["enrichment"]  # nobody must have any

        assert {name for name, check in checks.items() if check.level != "advice"} == {"pages"}
        assert all(check.mend.startswith("trusted-cloud-chat ") for check in checks.values() if check.level == "advice")
        assert "1 article (sans-date)" in checks["dates"].found
        assert "4 articles (" in checks["publishers"].found
        assert "1 article (seul)" in checks["addresses"].found
        assert checks["sources"].found.count("1 article (seul)") == 2
        assert "1 pair of articles" in checks["near-duplicates"].found
        assert "premier and reprise" in checks["near-duplicates"].found
        assert f"delete the file {corpus / 'reprise.md'}" in checks["near-duplicates"].found
        assert {checks[name].mend for name in ("sources", "near-duplicates")} == {"trusted-cloud-chat ingest"}
        assert "2025-02-01" in checks["freshness"].found

    def test_a_reprint_that_came_by_its_path_is_removed_by_its_name(self, tmp_path: Path) -> None:
        """No file of the corpus brings it back."""
        said = " ".join(f"Le fournisseur numéro {n} ouvre un centre dans la ville {n}." for n in range(12))
        write_article(tmp_path / "corpus", "premier", said, date="2025-01")
        run(tmp_path / "home", tmp_path / "corpus", HashedEmbedder())
        given = write_article(tmp_path / "ailleurs", "reprise", f"{said} Repris ici.", date="2025-02")
        run(tmp_path / "home", tmp_path / "corpus", HashedEmbedder(), given)

        assert of_articles(tmp_path)["near-duplicates"].mend == "trusted-cloud-chat remove reprise"

    def test_a_part_and_its_whole_may_both_stay(self, tmp_path: Path) -> None:
        said = [f"Le fournisseur numéro {n} ouvre un centre dans la ville {n}." for n in range(24)]
        write_article(tmp_path / "corpus", "guide", " ".join(said), date="2025-01")
        write_article(tmp_path / "corpus", "chapitre", " ".join(said[:9]), date="2024-01")

        check = of_articles(tmp_path)["near-duplicates"]
        assert (check.level, check.found) == ("ok", "none, but chapitre is a part of guide")

    def test_the_source_of_another_is_not_to_be_deleted(self, tmp_path: Path) -> None:
        said = " ".join(f"Le fournisseur numéro {n} ouvre un centre dans la ville {n}." for n in range(12))
        write_article(tmp_path / "corpus", "page", said, date="2025-01", url="https://a.exemple/page")
        sources = [{"publisher": "A", "url": "https://a.exemple/page"}]
        write_article(tmp_path / "corpus", "synthese", f"{said} Repris ici.", date="2025-02", sources=sources)

        assert of_articles(tmp_path)["near-duplicates"].found == "none"

    def test_pages_of_which_little_was_taken(self, tmp_path: Path) -> None:
        said = "".join(f"<p>Le fournisseur numéro {n} ouvre un centre dans la ville de Brest.</p>" for n in range(9))
        write(tmp_path / "corpus/a.html", f"<h1>Centres</h1><div>{said}</div>")
        write(
            tmp_path / "corpus/b.html",
            f"<main><h1>Centres</h1>{said[:400]}</main><div>{said.replace('ville', 'rade')}</div>",
        )

        check = of_articles(tmp_path)["pages"]
        assert check.level == "advice"
        assert "1 article (b (" in check.found

    def test_what_enrichment_lacks_is_told(self, tmp_path: Path) -> None:
        """That there is none is no fault; that it is of an earlier text is advice, with what a model's runs left out."""
        corpus = tmp_path / "corpus"
        write_article(corpus, "un", "Un texte.")
        assert of_articles(tmp_path)["enrichment"].level == "ok"
        assert "1 article (un) without enrichment" in of_articles(tmp_path)["enrichment"].found

        (corpus / "un.enrichment.jsonl").write_text('{"format": 1, "text_sha256": "0"}\n', "utf-8")
        kept = tmp_path / "home" / "enrichment" / "left_out.json"
        kept.parent.mkdir()
        kept.write_text('[{"article_id": "un", "sentence": "…", "reason": "`alone` has the figure 3"}]', "utf-8")
        stale = of_articles(tmp_path)["enrichment"]

        assert (stale.level, stale.mend) == ("advice", "trusted-cloud-chat enrich")
        assert "1 article (un) edited since their enrichment was written" in stale.found
        assert "1 row left out by enrich (un: `alone` has the figure 3)" in stale.found

    def test_nothing_is_missing(self, tmp_path: Path) -> None:
        """A source with an address opens an article without its own; a day within the year of an article is not yet its age."""
        corpus, today = tmp_path / "corpus", date(2026, 11, 24)
        sources = [{"publisher": "Untel", "url": "https://u.example"}]
        write_article(
            corpus, "un", "Un texte.", date=str(today - timedelta(days=90)), sources=sources, publisher="Nous"
        )
        write_article(corpus, "deux", "Un autre.", date="2026", url="https://a.example/1", publisher="Nous")
        assert {check.level for check in of_articles(tmp_path, today).values()} == {"ok"}

        later = load_settings(home=tmp_path / "home", corpus=corpus, stale_days=80)
        *_, stale = article_checks(later, today)
        assert (stale.name, stale.level) == ("freshness", "advice")
        assert "90 days ago (TCC_STALE_DAYS=80)" in stale.found

    def test_figures_that_changed_are_news(self, tmp_path: Path) -> None:
        """As retrieval has it: no near-duplicate."""
        for name, n in (("un", 4), ("deux", 5)):
            said = "Le groupe emploie à Paris, à Lyon et à Lille des ingénieurs, des juristes et des vendeurs qui servent l’État"
            write_article(tmp_path / "corpus", name, f"{said}, et vend pour {n} milliards de services chaque année.")
        assert of_articles(tmp_path)["near-duplicates"].level == "ok"


class TestCommands:
    """What mends is what the finding itself says."""

    @pytest.mark.embedded
    def test_of_the_index(self, home: Path, settings: Settings, hashed: HashedEmbedder) -> None:
        """A server is named where none was."""
        elsewhere = settings.model_copy(update={"chroma_url": "http://127.0.0.1:9"})
        assert of_index(elsewhere, hashed)["stores"].mend == "unset TCC_CHROMA_URL"

    @pytest.mark.parametrize(
        ("name", "value", "check"),
        [
            ("TCC_FOO", "1", "settings"),
            ("TCC_STALE_DAYS", "abc", "settings"),
            ("TCC_ALIASES", "/nonexistent", "answers"),
            ("TCC_MARKET", "/nonexistent", "answers"),
        ],
    )
    def test_of_a_setting(
        self, settings: Settings, monkeypatch: pytest.MonkeyPatch, name: str, value: str, check: str
    ) -> None:
        """It is taken back."""
        monkeypatch.setenv("TCC_HOME", str(settings.home))
        monkeypatch.setenv("TCC_CORPUS", str(settings.corpus))
        monkeypatch.setenv(name, value)
        monkeypatch.setattr(wiring, "build_embedder", lambda *_: HashedEmbedder())

        found = next(one for one in doctor.examine(TODAY) if one.name == check)

        assert (found.level, found.mend) == ("fault", f"unset {name}")


class TestAround:
    def test_disk(self, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """The home by part, what is free, and what that is good for."""
        usage = shutil.disk_usage(home)
        assert "index " in disk(home).found
        levels = {}
        for free in (10, 60_000_000, 10**12):
            monkeypatch.setattr(shutil, "disk_usage", lambda _, free=free: usage._replace(free=free))
            levels[free] = disk(home).level
        assert list(levels.values()) == ["fault", "ok", "ok"]
        assert disk(home / "not/there").level == "ok"

    def test_packages(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """One that is missing, or in another version than is needed, is a fault."""
        needed = ["tantivy>=99", "not-there-at-all>=1", "gguf-only>=1; extra == 'gguf'"]
        monkeypatch.setattr(examination, "requires", lambda _: needed)
        check = examination.packages()
        assert (check.level, check.mend) == ("fault", "pip install --upgrade trusted-cloud-chat")
        assert "but >=99 is required" in check.found
        assert "not-there-at-all is missing" in check.found
        assert "gguf" not in check.found

    def test_an_examination_that_fails_is_a_finding(self) -> None:
        """By an error of ours, of anybody, or a panic of Rust's; a stop by the user stops."""
        panic = type("PanicException", (BaseException,), {"__module__": "pyo3_runtime"})

        def raising(error: BaseException) -> Check:
            def see() -> str:
                raise error

            return look("x", see)

        assert raising(TrustedCloudChatError("said")).found == "said"
        assert "the check itself failed: ZeroDivisionError" in raising(ZeroDivisionError()).found
        assert not raising(panic("boom")).ok
        with pytest.raises(KeyboardInterrupt):
            raising(KeyboardInterrupt())

    def test_one_that_fails_does_not_stop_the_others(self, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
        """Whatever the library beneath it does."""
        monkeypatch.setenv("TCC_HOME", str(settings.home))
        monkeypatch.setenv("TCC_CORPUS", str(settings.corpus))
        monkeypatch.setenv("TCC_CHUNK_TOKENS", "60")

        def fail(*_: object) -> None:
            raise RuntimeError("broken")

        for name in ("build_embedder", "build_assistant", "find_nearby"):
            monkeypatch.setattr(wiring, name, fail)
        checks = {check.name: check for check in doctor.examine(TODAY)}
        broken = {name for name, check in checks.items() if not check.ok}
        assert broken == {"embedder", "embedder of the index", "answers", "on this machine"}
        assert checks["index"].ok
        assert checks["freshness"].level == "ok" or checks["freshness"].mend


def with_meta(home: Path, key: str, value: str) -> None:
    catalog = Catalog(home / "index/1/catalog.db", read_only=False)
    catalog.set_meta(key, value)
    catalog.close()
