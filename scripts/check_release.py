"""Whether this checkout may be released: `python scripts/check_release.py`. Exit status 1, with what is still to be done.

Only what takes seconds; `make release` runs the tests and the evaluation before it.
"""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from trusted_cloud_chat import __version__

ROOT = Path(__file__).parents[1]
RELEASED = re.compile(r"^## (\d+\.\d+\.\d+) \((.+)\)$", re.MULTILINE)
IN_WHEEL = ("data/rules.toml", "data/market.toml", "web/page.js", "language/fr.toml")


def changelog() -> Iterator[str]:
    """Its first section is this version's, with the day of the release."""
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    found = RELEASED.search(text)
    if found is None or found[1] != __version__:
        yield f"CHANGELOG.md: its first section is to be `## {__version__} (DAY)`"
        return
    try:
        date.fromisoformat(found[2])
    except ValueError:
        yield f"CHANGELOG.md: « {found[2]} » is to be the day of the release, as in `## {__version__} (2026-11-29)`"


def constraints() -> Iterator[str]:
    """Every version exact, and from any index."""
    for number, line in enumerate((ROOT / "constraints.txt").read_text("utf-8").splitlines(), 1):
        if (
            line
            and not line.startswith("#")
            and not re.fullmatch(r"[A-Za-z0-9._\[\]-]+==[A-Za-z0-9.!]+(\s*;.*)?", line)
        ):
            yield f"constraints.txt, line {number}: expected `NAME==VERSION`, without address, path or local version"


def tree() -> Iterator[str]:
    """Everything is committed, and the version has no tag yet."""
    if _git("status", "--porcelain"):
        yield "git status: something is not committed"
    if _git("tag", "--list", f"v{__version__}"):
        yield f"the tag v{__version__} is there already: raise the version in src/trusted_cloud_chat/__init__.py"


def wheel() -> Iterator[str]:
    """It builds, and carries the data that the package reads."""
    with TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "build", "--wheel", "--outdir", folder]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)  # noqa: S603
        if done.returncode:
            yield f"the wheel does not build: {(done.stderr or done.stdout).strip().splitlines()[-1]}"
            return
        (built,) = Path(folder).glob("*.whl")
        names = set(zipfile.ZipFile(built).namelist())
    for name in IN_WHEEL:
        if f"trusted_cloud_chat/{name}" not in names:
            yield f"the wheel lacks {name}"


CHECKS: tuple[Callable[[], Iterator[str]], ...] = (changelog, constraints, tree, wheel)


def main() -> None:
    faults = [fault for check in CHECKS for fault in check()]
    for fault in faults:
        print(f"to do: {fault}", file=sys.stderr)
    if not faults:
        print(f"Ready. Next: git tag v{__version__}, push it, publish the wheel and this section of CHANGELOG.md.")
    sys.exit(bool(faults))


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603, S607
    return done.stdout.strip()


if __name__ == "__main__":
    main()
