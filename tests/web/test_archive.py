"""Conversations that the server keeps: each person's own, bounded, and gone with who may no longer sign in."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from samples import answer, article, citation, done, passage
from typer.testing import CliRunner

from trusted_cloud_chat.commands.readers import users_app
from trusted_cloud_chat.people import accounts as passwords
from trusted_cloud_chat.people.accounts import add_person
from trusted_cloud_chat.people.conversations import FILE, Archive, KeptTalk
from trusted_cloud_chat.settings import load_settings
from trusted_cloud_chat.web.escaping import FRENCH
from trusted_cloud_chat.web.guard import Guard
from trusted_cloud_chat.web.kept import MOST_CHARACTERS, archive_router, packed, unpacked
from trusted_cloud_chat.web.signing_in import SignIn

PASSWORD = "des nuages au matin"


def talk(name: str, *, at: str = "2026-11-29T12:00:00.000Z", packed: str = "{}", title: str = "Bleu") -> KeptTalk:
    return KeptTalk(name, title, at, packed)


class TestTheFile:
    def test_a_person_sees_their_own_alone(self, tmp_path: Path) -> None:
        archive = Archive(tmp_path)
        archive.put("alice", talk("a1", packed="d’Alice"))
        archive.put("bob", talk("a1", packed="de Bob"))
        archive.rename("bob", "a1", "à Bob")
        archive.remove("bob", "a2")

        assert archive.talks("alice") == [talk("a1", packed="")]
        assert (archive.get("alice", "a1"), archive.get("bob", "a1")) == ("d’Alice", "de Bob")
        assert archive.talks("bob", texts=True) == [talk("a1", packed="de Bob", title="à Bob")]
        assert archive.talks("carol") == []
        assert archive.get("carol", "a1") is None

    def test_what_is_removed_comes_back_as_it_was(self, tmp_path: Path) -> None:
        archive = Archive(tmp_path)
        for name, day in {"a1": 27, "a2": 28}.items():
            archive.put("alice", talk(name, at=f"2026-11-{day}T12:00:00.000Z"))
        archive.remove("alice", "a1")
        left = [one.name for one in archive.talks("alice")]
        archive.put("alice", talk("a1", at="2026-11-27T12:00:00.000Z"))

        assert left == ["a2"]
        assert [one.name for one in archive.talks("alice")] == ["a2", "a1"]

    def test_the_oldest_gives_way_by_number_and_by_size_never_what_is_written(self, tmp_path: Path) -> None:
        archive = Archive(tmp_path, most=2, most_of_all=20)
        archive.put("bob", talk("b1", at="2020"))
        gone = [archive.put("alice", talk(f"a{n}", at=f"202{n}")) for n in (1, 2, 3)]
        old = archive.put("alice", talk("a0", at="2019", packed="x" * 19))

        assert gone == [(), (), ("a1",)]
        assert old == ("a3", "a2")
        assert [one.name for one in archive.talks("alice")] == ["a0"]
        assert len(archive.talks("bob")) == 1

    def test_the_file_is_the_servers_alone_and_made_when_something_is_kept(self, tmp_path: Path) -> None:
        archive = Archive(tmp_path)
        archive.remove("alice", "a1")
        archive.rename("alice", "a1", "x")
        archive.forget("alice")
        before = (tmp_path / FILE).exists()
        archive.put("alice", talk("a1", packed="un nuage discret"))
        mode = stat.S_IMODE((tmp_path / FILE).stat().st_mode)
        archive.forget("alice")

        assert (before, mode) == (False, 0o600)
        assert b"nuage discret" not in (tmp_path / FILE).read_bytes()


def test_a_forgotten_article_leaves_a_conversation_that_opens(tmp_path: Path) -> None:
    """What the page has written, without the answer that cites it, opens as before."""
    bleu, s3ns = article("Bleu vise 2026."), article("S3NS est qualifié.", article_id="s3ns", title="S3NS")
    first = done(answer(citation(1, bleu, "Bleu vise 2026."), question="Où en est Bleu ?"))
    second = done(
        answer(citation(1, s3ns, "S3NS est qualifié."), question="Et S3NS ?", passages=(passage(s3ns), passage(bleu))),
        2,
    )
    archive = Archive(tmp_path)
    archive.put("alice", talk("a1", packed=packed("a1", [first, second]), title="Où en est Bleu ?"))

    count = archive.forget_articles({"bleu"}, lambda _: False)

    opened = unpacked(archive.get("alice", "a1") or "", lambda *_: s3ns, FRENCH)
    assert count == 1
    assert opened is not None
    assert [(one.number, one.question, one.status) for one in opened.exchanges] == [(1, "Et S3NS ?", "done")]
    assert archive.talks("alice")[0].title == "Et S3NS ?"
    assert b"Bleu" not in (tmp_path / FILE).read_bytes()
    assert b"bleu" not in (tmp_path / FILE).read_bytes()


@pytest.fixture
def _two_people(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords cost less than in earnest."""
    monkeypatch.setattr(passwords, "_COST", (2**4, 8, 1))
    monkeypatch.setenv("TCC_HOME", str(tmp_path))
    add_person(tmp_path / "users", "alice", PASSWORD, role="admin")
    add_person(tmp_path / "users", "bob", PASSWORD, role="reader")


@pytest.mark.usefixtures("_two_people")
class TestTheRoutes:
    def _site(self, home: Path, *, person: str | None = None, **settings: Any) -> TestClient:
        app = FastAPI()
        app.include_router(archive_router(Archive(home)))
        signs = SignIn(load_settings(home=home, **settings))
        site = TestClient(signs.known(Guard(signs.required(app), host="127.0.0.1")), base_url="http://127.0.0.1")
        if person:
            site.post("/login", data={"name": person, "password": PASSWORD}, follow_redirects=False)
        return site

    @pytest.fixture
    def alice(self, tmp_path: Path) -> TestClient:
        return self._site(tmp_path, person="alice")

    def _put(self, site: TestClient, name: str = "a1", **changes: Any) -> Any:
        given = {"title": "Bleu", "at": "2026-11-29T12:00:00.000Z", "packed": "{}", **changes}
        return site.put(f"/conversations/{name}", json=given)

    def test_two_people_keep_theirs_apart_even_an_administrator(self, alice: TestClient, tmp_path: Path) -> None:
        bob = self._site(tmp_path, person="bob")
        assert self._put(bob, title="de Bob").json() == []
        hers = alice.get("/conversations", params={"texts": 1}).json(), alice.get("/conversations/a1").json()
        alice.delete("/conversations/a1")
        alice.patch("/conversations/a1", json={"title": "d’Alice"})

        assert hers == ([], None)
        assert [one["title"] for one in bob.get("/conversations").json()] == ["de Bob"]
        assert bob.get("/conversations/a1").json() == "{}"

    def test_who_has_not_signed_in_has_none(self, tmp_path: Path) -> None:
        closed, guest = self._site(tmp_path), self._site(tmp_path, anybody_may_read=True, host="0.0.0.0")

        assert closed.get("/conversations").status_code == 401
        assert guest.get("/conversations").json() is None
        refused = [self._put(guest), guest.get("/conversations/a1"), guest.delete("/conversations/a1")]
        assert [answer.status_code for answer in refused] == [401, 401, 401]
        assert not (tmp_path / FILE).exists()

    def test_what_is_no_conversation_is_refused(self, alice: TestClient, tmp_path: Path) -> None:
        refused = [
            self._put(alice, "a.1"), self._put(alice, "a" * 65), self._put(alice, title="x" * 201),
            self._put(alice, at="x" * 41), self._put(alice, packed="x" * (MOST_CHARACTERS + 1)), self._put(alice, packed=1),
        ]  # fmt: skip

        assert [answer.status_code for answer in refused] == [422] * 6
        assert not (tmp_path / FILE).exists()

    def test_who_is_removed_leaves_nothing_to_the_next_of_the_name(self, tmp_path: Path) -> None:
        self._put(self._site(tmp_path, person="bob"))
        removed = CliRunner().invoke(users_app, ["remove", "bob"])
        add_person(tmp_path / "users", "bob", PASSWORD, role="reader")

        assert removed.exit_code == 0
        assert self._site(tmp_path, person="bob").get("/conversations").json() == []
