"""Commands in messages work as they are shown."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from trusted_cloud_chat.output.terminal import as_started, print_json, say, started


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A virtual environment below the folder that the user is in."""
    binaries = tmp_path / ".venv" / "bin"
    binaries.mkdir(parents=True)
    program = binaries / "trusted-cloud-chat"
    program.touch(mode=0o755)
    monkeypatch.setattr(sys, "executable", str(binaries / "python"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", "/nowhere")
    started.cache_clear()
    yield binaries
    started.cache_clear()


@pytest.mark.usefixtures("installed")
def test_a_program_that_no_shell_finds_is_named_by_its_path():
    assert (
        as_started("run `trusted-cloud-chat ingest --rebuild`") == "run `.venv/bin/trusted-cloud-chat ingest --rebuild`"
    )
    assert as_started("trusted-cloud-chat: no such file") == "trusted-cloud-chat: no such file"


def test_from_another_folder_the_path_is_whole(installed, tmp_path_factory, monkeypatch):
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))

    assert as_started("trusted-cloud-chat ingest") == f"{installed}/trusted-cloud-chat ingest"
    assert as_started("trusted-cloud-chat ingest", public=True) == "trusted-cloud-chat ingest"


def test_on_the_path_its_name_will_do(installed, monkeypatch):
    monkeypatch.setenv("PATH", str(installed))

    assert as_started("trusted-cloud-chat ingest") == "trusted-cloud-chat ingest"


@pytest.mark.usefixtures("installed")
def test_what_is_printed_names_it_so_but_what_others_wrote_stays(capsys):
    said = "mend it with `trusted-cloud-chat doctor --fix`"
    own = said.replace("trusted", ".venv/bin/trusted")
    say(said)
    say(said, verbatim=True)
    print_json({"checks": ({"mend": said, "name": said},), "fixed": [said], "quote": said, "generation": 1})

    plain, verbatim, told = capsys.readouterr().out.splitlines()
    assert (plain, verbatim) == (own, said)
    checks = [{"mend": own, "name": said}]
    assert json.loads(told) == {"checks": checks, "fixed": [own], "quote": said, "generation": 1}
