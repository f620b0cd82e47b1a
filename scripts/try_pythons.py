"""Test the wheel with every other installed Python: `python scripts/try_pythons.py [--within SECONDS]`.

Each Python installs the wheel into a fresh virtual environment outside the checkout and runs `init`, `ingest` and `ask` over the three
sample articles. Pythons are found on PATH, in pyenv and in PYTHONS (paths, separated as in PATH). Exit status 1 if one fails; a
timeout is reported but is no failure, since it depends on how fast packages download.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
ASKED, TOLD = "Quand S3NS a-t-il été qualifié ?", "PREMI3NS"
# uv installs in a tenth of pip's time.
UV = [sys.executable, "-m", "uv", "--quiet", "pip", "install", "--python"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--within", type=float, default=3600, metavar="SECONDS", help="time limit per Python, by default an hour"
    )
    within = parser.parse_args().within
    pythons = further_pythons()
    if not pythons:
        print(f"No other Python is installed: only {sys.version.split()[0]} is tested.")
        return
    with TemporaryDirectory(prefix="pythons-") as folder:
        build = [sys.executable, "-m", "pip", "--quiet", "wheel", "--no-deps", "--wheel-dir", folder, str(ROOT)]
        run(build, Path(folder), time.monotonic() + within)
        (wheel,) = Path(folder).glob("*.whl")
        results = [passes(version, python, wheel, within) for version, python in pythons.items()]
    sys.exit(not all(results))


def passes(version: tuple[int, ...], python: Path, wheel: Path, within: float) -> bool:
    """Tests one Python and prints the result; False if it fails, True also on a timeout."""
    started, name = time.monotonic(), f"Python {'.'.join(map(str, version))}"
    try:
        answer = first_steps(python, wheel, started + within)
    except subprocess.TimeoutExpired:
        print(f"{name}: not done within {within:.0f} s", flush=True)
        return True
    except subprocess.CalledProcessError as error:
        answer = f"{error}\n{error.stderr}"
    passed = TOLD in answer
    print(f"{name}: {'passed' if passed else 'FAILED'}, {time.monotonic() - started:.0f} s", flush=True)
    if not passed:
        print(answer, flush=True)
    return passed


def first_steps(python: Path, wheel: Path, until: float) -> str:
    """Installs the wheel, ingests the samples and returns the answer to `ASKED`. Raises CalledProcessError, TimeoutExpired."""
    with TemporaryDirectory(prefix="python-") as folder:
        place, ours = Path(folder), "env/bin/trusted-cloud-chat"
        run([str(python), "-m", "venv", "env"], place, until)
        pinned = ["-c", str(ROOT / "constraints.txt"), str(wheel)]
        try:
            run([*UV, "env/bin/python", *pinned], place, until)
        except subprocess.CalledProcessError:  # uv ignores pip's index settings
            run(["env/bin/python", "-m", "pip", "--quiet", "install", *pinned], place, until)
        run([ours, "init"], place, until)
        run([ours, "ingest"], place, until)
        return run([ours, "ask", ASKED], place, until)


def run(command: list[str], place: Path, until: float) -> str:
    """The command's output. It runs in `place` with its home there, without our environment settings. Raises CalledProcessError, TimeoutExpired."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TCC_", "PYTHON", "VIRTUAL_ENV"))}
    kept["TCC_HOME"] = str(place / "home")
    left = max(until - time.monotonic(), 0.1)
    done = subprocess.run(  # noqa: S603
        command, cwd=place, env=kept, timeout=left, check=True, capture_output=True, text=True, encoding="utf-8"
    )
    return done.stdout


def further_pythons() -> dict[tuple[int, ...], Path]:
    """The newest Python of each supported minor version, except the version that runs this script."""
    versions = {version: python for python in candidates() if (version := version_of(python))}
    newest = {version[:2]: version for version in sorted(versions)}
    return {v: versions[v] for minor, v in newest.items() if oldest() <= minor != sys.version_info[:2]}


def candidates() -> Iterator[Path]:
    folders = [Path(folder) for folder in os.environ.get("PATH", "").split(os.pathsep) if folder]
    folders += Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv").glob("versions/*/bin")
    for folder in folders:
        yield from (path for path in folder.glob("python3.*") if path.name.removeprefix("python3.").isdigit())
    yield from (Path(path) for path in os.environ.get("PYTHONS", "").split(os.pathsep) if path)


def version_of(python: Path) -> tuple[int, ...]:
    """The version of `python`; empty if it does not run, like a pyenv shim for a version that is not selected."""
    asked = [str(python), "-c", "import sys; print(*sys.version_info[:3])"]
    try:
        done = subprocess.run(asked, capture_output=True, text=True, timeout=20)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return tuple(map(int, done.stdout.split())) if done.returncode == 0 else ()


def oldest() -> tuple[int, ...]:
    """The minimum version in `requires-python`."""
    stated = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["requires-python"]
    return tuple(map(int, stated.removeprefix(">=").split(".")))


if __name__ == "__main__":
    main()
