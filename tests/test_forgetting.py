"""What `remove --forget` finds of an article outside its own versions: answers that were kept, other articles, other files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from builders import run, run_of, write, write_article
from fakes import HashedEmbedder
from trusted_cloud_chat.cli import app
from trusted_cloud_chat.index import IndexWriter
from trusted_cloud_chat.index.store import StoreFolder
from trusted_cloud_chat.ingestion import kept, remove
from trusted_cloud_chat.people import conversations as talks
from trusted_cloud_chat.people import feedback
from trusted_cloud_chat.people.conversations import Archive, KeptTalk
from trusted_cloud_chat.people.feedback import Feedback, FeedbackStore

SECRET = "L’ornithorynque a déménagé à Nantes en mars."
OTHER = "Le nuage souverain est ouvert depuis le printemps."


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    write_article(tmp_path / "corpus", "secret", f"{SECRET} Il va bien.", title="Une affaire")
    write_article(tmp_path / "corpus", "autre", OTHER, title="Un nuage")
    return tmp_path / "corpus"


@pytest.fixture
def home(tmp_path: Path, corpus: Path, hashed: HashedEmbedder) -> Path:
    run(tmp_path / "home", corpus, hashed)
    return tmp_path / "home"


def named(article_id: str) -> dict[str, Any]:
    return {"article_id": article_id, "version": "v"}


def said(question: str, quote: str, *cited: str, **more: Any) -> Feedback:
    citations = [{"n": 1, **named(one), "start": 0, "end": 9, "quote": quote} for one in cited]
    return Feedback("right", question, f"« {quote} » [1]", "fr", "answered", 1, citations=citations, **more)


def exchange(question: str, quote: str, *cited: str, found: tuple[str, ...] = ()) -> dict[str, Any]:
    citations = [{"n": n, "article": named(one)} for n, one in enumerate(cited, start=1)]
    passages = [{"article": named(one), "reprints": [named("secret")]} for one in (*cited, *found)]
    answer = {"question": question, "answer": f"« {quote} » [1]", "citations": citations, "passages": passages}
    return {"number": 1, "question": question, "status": "done", "answer": answer}


def talk(name: str, *exchanges: dict[str, Any], title: str = "") -> KeptTalk:
    text = json.dumps({"form": 1, "name": name, "exchanges": exchanges}, ensure_ascii=False)
    return KeptTalk(name, title or exchanges[0]["question"], "2026-11-24", text)


def traces(home: Path, word: str) -> list[str]:
    return [path.name for path in home.rglob("*") if path.is_file() and word.encode() in path.read_bytes()]


class TestKeptAnswers:
    def test_what_readers_said(self, home: Path, corpus: Path) -> None:
        """What is said of an answer that cites it goes, also where it was quoted before in that conversation; the rest stays."""
        store = FeedbackStore(home)
        turns = [{"question": "Et lui ?", "answer": "« L’**ornithorynque** a déménagé à\nNantes en mars. » [1]"}]
        store.keep(said("Où vit-il ?", SECRET, "autre", "secret"), "cites")
        store.keep(said("Et le nuage ?", OTHER, "autre", turns=turns), "quoted-before")
        store.keep(said("Le nuage est-il ouvert ?", OTHER, "autre"), "other")

        done = remove(run_of(home, corpus), ["secret"], forget=True)

        assert done.feedback == 2
        assert [key for key, _ in store.rows()] == ["other"]
        assert traces(home, "ornithorynque") == []
        assert traces(home, "secret") == []

    def test_conversations(self, home: Path, corpus: Path) -> None:
        """Of everybody: the exchange goes, its question too, and the name that a conversation had from it."""
        archive = Archive(home)
        first, other = exchange("Où vit l’ornithorynque ?", SECRET, "secret"), exchange("Et le nuage ?", OTHER, "autre")
        archive.put("alice", talk("a1", first, {**other, "number": 2}))
        archive.put("alice", talk("a2", other, first, title="Mes questions"))
        archive.put("bob", talk("b1", first))
        archive.put("bob", talk("b2", exchange("Et le nuage ?", OTHER, "autre", found=("secret",))))
        archive.put("bob", KeptTalk("b3", "Autre chose", "2026-11-24", "{"))

        done = remove(run_of(home, corpus), ["secret"], forget=True)

        assert done.answers == 3
        assert {one.name: one.title for one in archive.talks("alice")} == {"a1": "Et le nuage ?", "a2": "Mes questions"}
        left = json.loads(archive.get("alice", "a1") or "")
        assert [one["question"] for one in left["exchanges"]] == ["Et le nuage ?"]
        assert [one.name for one in archive.talks("bob")] == ["b2", "b3"]
        found = json.loads(archive.get("bob", "b2") or "")["exchanges"][0]["answer"]["passages"]
        assert [one["article"]["article_id"] for one in found] == ["autre"]
        assert traces(home, "ornithorynque") == []
        assert traces(home, "secret") == []

    @pytest.mark.parametrize("name", ["home", "first"])
    def test_what_a_stopped_run_had_begun(
        self, home: Path, corpus: Path, hashed: HashedEmbedder, monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        """It is not in the index yet, if there is one, but its words and its name are in the home. Its file would bring it back."""
        place = home.with_name(name)
        path = write_article(corpus, "enigme", "La zibeline a déménagé à Brest en avril.", title="Une énigme")
        with monkeypatch.context() as stopped:
            stopped.setattr(IndexWriter, "commit", lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                run(place, corpus, hashed)
        assert traces(place, "enigme") != []

        done = remove(run_of(place, corpus), ["enigme"], forget=True)

        assert (done.removed, done.forgotten) == ([], 1)
        assert done.comes_back == [{"article_id": "enigme", "path": str(path)}]
        assert traces(place, "enigme") == []
        assert traces(place, "zibelin") == []
        assert StoreFolder(place).leftovers() == []
        assert len(run(place, corpus, hashed).added) == (1 if name == "home" else 3)

    def test_a_text_of_a_word_is_no_sentence(self, home: Path, corpus: Path, hashed: HashedEmbedder) -> None:
        write_article(corpus, "court", "nuage", title="Bref")
        run(home, corpus, hashed)
        FeedbackStore(home).keep(said("Et le nuage ?", OTHER, "autre"), "k")
        Archive(home).put("alice", talk("a1", exchange("Et le nuage ?", OTHER, "autre")))

        done = remove(run_of(home, corpus), ["court"], forget=True)

        assert (done.feedback, done.answers) == (0, 0)

    def test_without_forget_they_stay(self, home: Path, corpus: Path) -> None:
        FeedbackStore(home).keep(said("Où vit-il ?", SECRET, "secret"), "k")
        Archive(home).put("alice", talk("a1", exchange("Où vit-il ?", SECRET, "secret")))

        done = remove(run_of(home, corpus), ["secret"], forget=False)

        assert (done.feedback, done.answers, len(FeedbackStore(home).rows()), len(Archive(home).talks("alice"))) == (
            0,
            0,
            1,
            1,
        )

    def test_files_that_are_not_there_are_not_made(self, home: Path, corpus: Path) -> None:
        remove(run_of(home, corpus), ["secret"], forget=True)

        assert not (home / feedback.FILE).exists()
        assert not (home / talks.FILE).exists()

    def test_the_command_says_how_many(self, home: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TCC_HOME", str(home))
        monkeypatch.setenv("TCC_CORPUS", str(corpus))
        FeedbackStore(home).keep(said("Où vit-il ?", SECRET, "secret"), "k")

        told = CliRunner().invoke(app, ["remove", "secret", "--forget"]).output

        assert (
            "deleted: feedback on answers that cite them (1), and such answers in conversations on the server (0)"
            in told
        )
        assert f"comes back: {corpus / 'secret.md'} at the next" in told


class TestOtherArticles:
    def test_the_same_file_under_an_earlier_id(
        self, home: Path, corpus: Path, hashed: HashedEmbedder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Moved and edited between two runs, it is another article: what is kept of the first is listed, and named with the command."""
        monkeypatch.setenv("TCC_HOME", str(home))
        monkeypatch.setenv("TCC_CORPUS", str(corpus))
        (corpus / "secret.md").rename(corpus / "nouveau.md")
        with (corpus / "nouveau.md").open("a") as file:
            file.write("Une phrase.\n")
        run(home, corpus, hashed)
        call = CliRunner().invoke
        listed = call(app, ["list", "--kept"]).output
        as_json = json.loads(call(app, ["list", "--kept", "--json"]).output)

        told = call(app, ["remove", "nouveau", "--forget"]).output

        assert listed.startswith("secret  2025-01-15  Une affaire  (")
        assert listed.endswith("versions: 1\n")
        assert [(one["article_id"], one["versions"]) for one in as_json["articles"]] == [("secret", 1)]
        assert "`trusted-cloud-chat remove secret --forget`" in told
        assert traces(home, "ornithorynque")
        remove(run_of(home, corpus), ["secret"], forget=True)
        assert traces(home, "ornithorynque") == []
        assert kept(home)[1] == []
        assert "no versions of removed articles" in call(app, ["list", "--kept"]).output

    def test_an_edit_in_every_sentence(self, home: Path, corpus: Path, hashed: HashedEmbedder) -> None:
        """Of what is out of the index the title is enough to have a look at it."""
        (corpus / "secret.md").unlink()
        write_article(corpus, "nouveau", "Il habite ailleurs, et il se porte bien.", title="Une affaire")
        run(home, corpus, hashed)

        assert remove(run_of(home, corpus), ["nouveau"], forget=True).alike == ["secret"]

    def test_other_articles_are_not_named(self, home: Path, corpus: Path, hashed: HashedEmbedder) -> None:
        """Not what shares a sentence among many; what is all in it is, and what another one said in an older version."""
        more = " ".join(f"Le nuage numéro {n} est ouvert depuis le printemps." for n in range(9))
        write_article(corpus, "long", f"{SECRET} {more}")
        write_article(corpus, "neuf", f"{SECRET} {more.replace('ouvert', 'fermé')}")
        write_article(corpus, "autre", f"{OTHER} {SECRET}", title="Un nuage")
        run(home, corpus, hashed)
        write_article(corpus, "autre", OTHER, title="Un nuage")
        run(home, corpus, hashed)

        assert remove(run_of(home, corpus), ["neuf"], forget=True).alike == ["autre", "secret"]


class TestOtherFiles:
    @pytest.mark.parametrize("forget", [False, True])
    def test_every_file_with_the_text_is_named(
        self, home: Path, corpus: Path, hashed: HashedEmbedder, forget: bool
    ) -> None:
        """Copies too, those with its id among them; without them the article does not come back."""
        write(corpus / "copie.md", (corpus / "secret.md").read_text().replace(" ", "  ").replace(":  ", ": "))
        write_article(corpus, "nommé", SECRET, id="s")
        write_article(corpus, "z", SECRET.replace(" ", "\n"), id="s")
        run(home, corpus, hashed)

        done = remove(run_of(home, corpus), ["secret", "s"], forget=forget)

        files = sorted(corpus / name for name in ("copie.md", "nommé.md", "secret.md", "z.md"))
        assert [one["path"] for one in done.comes_back] == list(map(str, files))
        for file in files:
            file.unlink()
        assert run(home, corpus, hashed).added == []

    def test_the_file_of_an_article_that_was_renamed(self, home: Path, corpus: Path, hashed: HashedEmbedder) -> None:
        """It is the file that is named: under which id it comes back is the next run's affair."""
        (corpus / "secret.md").rename(corpus / "renommé.md")
        run(home, corpus, hashed)

        done = remove(run_of(home, corpus), ["secret"], forget=True)

        assert done.comes_back == [{"article_id": "secret", "path": str(corpus / "renommé.md")}]
        assert run(home, corpus, hashed).added == ["renommé"]

    def test_what_is_out_already(self, home: Path, corpus: Path, hashed: HashedEmbedder) -> None:
        (corpus / "secret.md").rename(corpus / "nouveau.md")
        write_article(corpus, "nouveau", f"{SECRET} Il va bien.", title="Une affaire", id="nouveau", date="2025-02")
        run(home, corpus, hashed)

        done = remove(run_of(home, corpus), ["secret"], forget=True)

        assert done.comes_back == [{"article_id": "secret", "path": str(corpus / "nouveau.md")}]

    def test_without_a_corpus_nothing_comes_back(self, home: Path, tmp_path: Path) -> None:
        assert remove(run_of(home, tmp_path / "nowhere"), ["secret"], forget=True).comes_back == []
