"""The image: what its files say, and their steps run in a clean folder where no container engine is at hand."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]


def steps() -> list[tuple[str, str]]:
    """The instructions of the Dockerfile, in order, each with what follows it."""
    text = re.sub(r"\\\n", " ", (ROOT / "Dockerfile").read_text())
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(line.split()[0], line.split(maxsplit=1)[1]) for line in lines]


def copied() -> list[list[str]]:
    """What comes from the checkout, and where it goes."""
    return [what.split() for kind, what in steps() if kind == "COPY" and not what.startswith("--from")]


class TestFiles:
    def test_two_stages_and_no_root(self) -> None:
        """What builds stays behind; the user is a number, which Kubernetes can tell from root, and is said before the volume."""
        kinds = [kind for kind, _ in steps()]
        last = steps()[len(kinds) - kinds[::-1].index("FROM") :]
        said = dict(last)

        assert kinds.count("FROM") == 2
        assert said["USER"].split(":")[0].isdigit()
        assert not any("pip" in what or "apt-get" in what for kind, what in last if kind == "RUN")
        assert "/healthz" in json.loads(said["HEALTHCHECK"].partition("CMD ")[2])[2]
        assert json.loads(said["ENTRYPOINT"])[:2] == ["/opt/tini", "--"]
        assert all("${DIGEST}" in what for kind, what in steps() if kind == "FROM")
        assert ("ARG", "DIGEST=") in steps() or re.search(r"DIGEST=@sha256:[0-9a-f]{64}$", dict(steps()[:2])["ARG"])
        assert "latest" not in " ".join(what for kind, what in steps() if kind == "FROM")

    def test_what_is_copied_is_there(self) -> None:
        sent = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
        for *sources, _ in copied():
            assert all((ROOT / source).exists() and source.split("/")[0] in sent for source in sources)

    def test_compose(self) -> None:
        """The chat cannot write outside its volume, is on this machine alone, and Chroma is the one that we are tested with."""
        made = yaml.safe_load((ROOT / "compose.yaml").read_text())
        chat, chroma = made["services"]["chat"], made["services"]["chroma"]

        assert chat["read_only"] is True
        assert all(service["mem_limit"] and service["pids_limit"] for service in (chat, chroma))
        assert [mount.partition(":size=")[2] != "" for mount in chat["tmpfs"]] == [True]
        assert chat["ports"] == ["127.0.0.1:7860:7860"]
        assert chat["environment"]["TCC_CHROMA_URL"] == "http://chroma:8000"
        assert {mount.split(":")[0] for mount in chat["volumes"] + chroma["volumes"]} == set(made["volumes"])
        version = chroma["image"].rpartition(":")[2]
        assert f"chromadb=={version}\n" in (ROOT / "constraints.txt").read_text()


@pytest.mark.soak  # installs everything anew
@pytest.mark.skipif(sys.platform != "linux", reason="as in the image")
def test_its_steps(tmp_path: Path) -> None:
    """They make a whole installation of what is sent to the builder, and `start` answers from it."""
    build, opt = tmp_path / "build", tmp_path / "opt"
    for *sources, target in copied():
        for source in sources:
            place = opt / target.removeprefix("/opt/") if target.startswith("/opt") else build / target
            place = place / source if target == "./" else place
            place.parent.mkdir(parents=True, exist_ok=True)
            copy = shutil.copytree if (ROOT / source).is_dir() else shutil.copy2
            copy(ROOT / source, place)
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    kept = {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "HTTP", "SSL"))}
    for kind, what in steps():
        if kind == "RUN" and what.startswith("python -m venv"):
            venv.create(opt / "chat", with_pip=True)
        elif kind == "RUN" and "/opt/chat" in what:
            line = what.replace("/opt/", f"{opt}/")
            subprocess.run(["/bin/sh", "-ec", line], cwd=build, env=environment | kept, check=True)
    start = (opt / "start").read_text().replace("/opt/", f"{opt}/")
    (opt / "start").write_text(start)
    said = {name: value.replace("/opt/", f"{opt}/") for name, value in _environment().items()}
    home = tmp_path / "data"
    home.mkdir()
    environment |= said | {"TCC_HOME": str(home), "PATH": f"{opt}/chat/bin:{environment['PATH']}"}

    def ask(*arguments: str) -> str:
        command = ["/bin/sh", str(opt / "start"), *arguments]
        done = subprocess.run(command, env=environment, cwd=tmp_path, check=True, capture_output=True, text=True)
        return done.stdout

    ask("ingest")
    assert "Bleu" in ask("ask", "Quand Bleu sera-t-il qualifié ?")
    assert (home / "models").is_symlink()
    assert not list((opt / "chat").glob("lib/*/site-packages/torch"))


def _environment() -> dict[str, str]:
    (what,) = [what for kind, what in steps() if kind == "ENV"]
    return dict(pair.split("=", 1) for pair in shlex.split(what))
