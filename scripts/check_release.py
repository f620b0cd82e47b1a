"""Check that this checkout can be released: `python scripts/check_release.py`. Exit status 1 with the list of what is missing.

Only quick checks; `make release` runs the tests and the evaluation first.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from trusted_cloud_chat import __version__

ROOT = Path(__file__).parents[1]
RELEASED = re.compile(r"^## (\d+\.\d+\.\d+) \((.+)\)$", re.MULTILINE)
IN_WHEEL = {
    ".": [
        f"trusted_cloud_chat/{name}"
        for name in ("data/rules.toml", "data/market.toml", "web/page.js", "language/fr.toml")
    ],
    "packages/evaluation": ["trusted_cloud_chat_evaluation/commands.py"],
}
"""Folder of a package → files that its wheel must contain."""


def changelog() -> Iterator[str]:
    """A fault unless the first released section of the changelog is this version's, with the date."""
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    found = RELEASED.search(text)
    if found is None or found[1] != __version__:
        yield f"CHANGELOG.md: the first section must be `## {__version__} (DAY)`"
        return
    try:
        date.fromisoformat(found[2])
    except ValueError:
        yield f"CHANGELOG.md: « {found[2]} » must be the release date, as in `## {__version__} (2026-11-29)`"


def constraints() -> Iterator[str]:
    """A fault for each constraint that is not an exact version, or has an address, a path or a local version."""
    for number, line in enumerate((ROOT / "constraints.txt").read_text("utf-8").splitlines(), 1):
        if (
            line
            and not line.startswith("#")
            and not re.fullmatch(r"[A-Za-z0-9._\[\]-]+==[A-Za-z0-9.!]+(\s*;.*)?", line)
        ):
            yield f"constraints.txt, line {number}: expected `NAME==VERSION`, without address, path or local version"


def tree() -> Iterator[str]:
    """Faults unless everything is committed and this version has no tag yet."""
    if _git("status", "--porcelain"):
        yield "git status: there are uncommitted changes"
    if _git("tag", "--list", f"v{__version__}"):
        yield f"the tag v{__version__} exists already: raise the version in src/trusted_cloud_chat/__init__.py"


def versions() -> Iterator[str]:
    """Faults unless the evaluation package has this version and depends on it."""
    stated = tomllib.loads((ROOT / "packages/evaluation/pyproject.toml").read_text("utf-8"))["project"]
    for found, due in (
        (stated["version"], __version__),
        *((d, f"trusted-cloud-chat=={__version__}") for d in stated["dependencies"]),
    ):
        if found != due:
            yield f"packages/evaluation/pyproject.toml: « {found} » must be « {due} »"


def wheels() -> Iterator[str]:
    """Faults unless the wheels build and contain the files of `IN_WHEEL`."""
    for package, needed in IN_WHEEL.items():
        with TemporaryDirectory() as folder:
            command = [sys.executable, "-m", "build", "--wheel", "--outdir", folder, package]
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)  # noqa: S603
            if done.returncode:
                yield f"the wheel of {package} does not build: {(done.stderr or done.stdout).strip().splitlines()[-1]}"
                continue
            (built,) = Path(folder).glob("*.whl")
            names = set(zipfile.ZipFile(built).namelist())
        yield from (f"the wheel of {package} lacks {name}" for name in needed if name not in names)


CHECKS: tuple[Callable[[], Iterator[str]], ...] = (changelog, constraints, versions, tree, wheels)


def main() -> None:
    faults = [fault for check in CHECKS for fault in check()]
    for fault in faults:
        print(f"to do: {fault}", file=sys.stderr)
    if not faults:
        print(f"Ready. Next: git tag v{__version__}, push it, publish both wheels and this section of CHANGELOG.md.")
    sys.exit(bool(faults))


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603, S607
    return done.stdout.strip()


if __name__ == "__main__":
    main()
