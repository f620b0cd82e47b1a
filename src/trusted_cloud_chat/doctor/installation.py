"""The installation: this release, and the libraries that it needs."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version

from packaging.requirements import Requirement

from trusted_cloud_chat import __version__
from trusted_cloud_chat.doctor.checks import Check
from trusted_cloud_chat.models import FULL_COMMAND

_NAMED = ("chromadb", "gradio", "langchain-core", "onnxruntime", "tantivy")
"""Whose versions are told also where nothing is wrong."""
_FULL = "sentence-transformers"
"""What only the extra `full` brings."""
_INSTALL = "pip install --upgrade trusted-cloud-chat"


def release() -> str:
    """Ours, and Python's."""
    return f"{__version__}, Python {platform.python_version()}"


def packages() -> Check:
    """Those that are missing, or that another program has put in another version than we need."""
    wrong = list(_wrong())
    if wrong:
        return Check("packages", "fault", "; ".join(wrong), _INSTALL)
    return Check("packages", "ok", ", ".join([*(f"{name} {version(name)}" for name in _NAMED), _full()]))


def _full() -> str:
    try:
        return f"{_FULL} {version(_FULL)}"
    except PackageNotFoundError:
        return f"a light installation, without {_FULL} (`{FULL_COMMAND}` adds it)"


def _wrong() -> Iterator[str]:
    for needed in _needed():
        try:
            there = version(needed.name)
        except PackageNotFoundError:
            yield f"{needed.name} is missing"
            continue
        if not needed.specifier.contains(there, prereleases=True):
            yield f"{needed.name} is {there}, needed is {needed.specifier}"


def _needed() -> list[Requirement]:
    """What the installation names; in a checkout that is not installed, what we name ourselves."""
    try:
        found = [Requirement(line) for line in requires("trusted-cloud-chat") or ()]
    except PackageNotFoundError:
        found = []
    always = [needed for needed in found if needed.marker is None or needed.marker.evaluate({"extra": ""})]
    return always or [Requirement(name) for name in _NAMED]
