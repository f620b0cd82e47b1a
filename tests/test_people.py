"""Who may sign in: the file that `users` writes, and what stands in it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from trusted_cloud_chat.cli import app
from trusted_cloud_chat.errors import SettingsError, UsageError
from trusted_cloud_chat.people import accounts as people
from trusted_cloud_chat.people.accounts import Person, add_person, hashed, read_people, remove_person

PASSWORD = "des nuages au matin"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where users are kept; passwords cost less than in earnest."""
    monkeypatch.setattr(people, "_COST", (2**4, 8, 1))
    return tmp_path / "users"


class TestTheFile:
    def test_who_is_added_is_known_by_the_password_alone(self, file: Path) -> None:
        assert add_person(file, "alice", PASSWORD, role="admin")
        known = read_people(file)

        assert known.known("alice", PASSWORD) == Person("alice", "admin")
        assert known.known("alice", PASSWORD + "!") is None
        assert known.known("bob", PASSWORD) is None
        assert known.known("", "") is None

    def test_it_holds_no_password_and_only_its_owner_reads_it(self, file: Path) -> None:
        add_person(file, "alice", PASSWORD, role="reader")
        text = file.read_text("utf-8")

        assert PASSWORD not in text
        assert "reader alice scrypt:" in text
        assert os.name == "nt" or file.stat().st_mode & 0o777 == 0o600

    def test_the_same_password_is_hashed_differently_each_time(self, file: Path) -> None:
        assert hashed(PASSWORD) != hashed(PASSWORD)

    def test_who_is_added_again_has_the_new_password_and_role(self, file: Path) -> None:
        add_person(file, "alice", PASSWORD, role="admin")
        before = read_people(file).signature("alice", 7, "s")

        assert not add_person(file, "alice", "un autre mot de passe", role="reader")
        known = read_people(file)
        assert known.known("alice", PASSWORD) is None
        assert known.known("alice", "un autre mot de passe") == Person("alice", "reader")
        assert known.signature("alice", 7, "s") != before

    def test_who_is_removed_is_gone(self, file: Path) -> None:
        add_person(file, "alice", PASSWORD, role="admin")
        add_person(file, "bob", PASSWORD, role="reader")
        remove_person(file, "alice")

        assert list(read_people(file).entries) == ["bob"]
        assert read_people(file).signature("alice", 7, "s") == ""
        with pytest.raises(UsageError, match="nobody is called 'alice'"):
            remove_person(file, "alice")

    @pytest.mark.parametrize("name", ["", "a b", "a\nadmin b", "#a", "x" * 65, "a:b"])
    def test_a_name_that_is_no_word_is_refused(self, file: Path, name: str) -> None:
        with pytest.raises(UsageError, match="is not a valid name"):
            add_person(file, name, PASSWORD, role="reader")
        assert not file.exists()

    @pytest.mark.parametrize("password", ["", "court", "x" * 1001])
    def test_a_password_of_a_wrong_length_is_refused(self, file: Path, password: str) -> None:
        with pytest.raises(UsageError, match="password of 12 to 1000 characters"):
            add_person(file, "alice", password, role="reader")

    @pytest.mark.parametrize("line", ["alice", "boss alice scrypt:16:8:1:AA==:AA==", "reader alice clear", "secret"])
    def test_a_line_of_somebody_else_is_named(self, file: Path, line: str) -> None:
        file.write_text(f"# users\n{line}\n", "utf-8")

        with pytest.raises(SettingsError, match="line 2"):
            read_people(file)

    def test_without_a_file_there_is_nobody(self, file: Path) -> None:
        assert not read_people(file).entries


class TestTheCommands:
    @pytest.fixture(autouse=True)
    def _home(self, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TCC_HOME", str(file.parent))

    def test_add_list_remove(self, file: Path) -> None:
        run = CliRunner().invoke
        added = run(app, ["users", "add", "alice", "--admin", "--password-stdin"], input=f"{PASSWORD}\n")
        listed = run(app, ["users", "list"])
        as_json = run(app, ["users", "list", "--json"])
        removed = run(app, ["users", "remove", "alice"])

        assert "alice is a new administrator" in added.output
        assert "admin   alice" in listed.output
        assert '"name": "alice", "role": "admin"' in as_json.output
        assert "may no longer sign in" in removed.output
        assert "no accounts in" in run(app, ["users", "list"]).output
