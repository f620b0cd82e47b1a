"""Whole files of every format, changed by chance: flips, cuts, swaps, also within what an archive packs. Each is texts or a reason."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import write
from corpus.hostile import whole_files
from trusted_cloud_chat.corpus.formats import READERS, TABLES, confined
from trusted_cloud_chat.errors import MOST_REASON, ArticleError
from trusted_cloud_chat.language.normalise import unseen

CHANGES: dict[str, Callable[[bytes, int, int, int], bytes]] = {
    "flip": lambda raw, a, _, byte: raw[:a] + bytes([raw[a] ^ (byte or 1)]) + raw[a + 1 :] if raw else raw,
    "cut": lambda raw, a, _b, _c: raw[:a],
    "drop": lambda raw, a, b, _: raw[:a] + raw[b:],
    "swap": lambda raw, a, b, _: raw[b:] + raw[a:b] + raw[:a],
    "twice": lambda raw, a, b, _: raw[:b] + raw[a:],
    "fill": lambda raw, a, b, byte: raw[:a] + bytes([byte]) * (b - a) + raw[b:],
    "put": lambda raw, a, b, byte: raw[:a] + SIGNS[byte % len(SIGNS)] + raw[a:],
}
SIGNS = [
    b"<", b">", b"&x;", b"]]>", b"<!--", b'"', b"\x00", b"\xff\xfe", b"endobj", b"stream\n", b"99999999999", b"-1", b"\n\n",
    "\u202e".encode(), b"--b", b"=?utf-8?q?", b"{" * 5000, b"<x>" * 5000, b",", b"PK\x05\x06",
]  # fmt: skip
_SHARE = st.floats(0, 1, allow_nan=False)
ORDERS = st.lists(
    st.tuples(st.sampled_from(sorted(CHANGES)), _SHARE, _SHARE, st.integers(0, 255)), min_size=1, max_size=6
)
SUFFIXES = sorted([*READERS, *TABLES])
Orders = list[tuple[str, float, float, int]]
FOUND: list[tuple[str, int | None, Orders]] = []
"""What a long run found, kept: suffix, entry of the archive, changes."""


def changed(raw: bytes, orders: Orders) -> bytes:
    for kind, first, second, byte in orders:
        a, b = sorted(min(int(share * len(raw)), max(len(raw) - 1, 0)) for share in (first, second))
        raw = CHANGES[kind](raw, a, b, byte)
    return raw


def changed_within(raw: bytes, entry: int, orders: Orders) -> bytes:
    """The archive, one of its entries changed and packed anew, so that no checksum hides it."""
    with zipfile.ZipFile(BytesIO(raw)) as before:
        names = before.namelist()
        held = {name: before.read(name) for name in names}
    name = names[entry % len(names)]
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as after:
        for each, content in held.items():
            after.writestr(each, changed(content, orders) if each == name else content)
    return packed.getvalue()


def check(path: Path, content: bytes) -> None:
    """Texts or a short reason on one line, well before the bounds are met."""
    try:
        found = confined.read(write(path, content), seconds=confined.SECONDS)
    except ArticleError as error:
        said = str(error)
        assert 0 < len(said) <= MOST_REASON
        assert not unseen(said)
        assert "could not be read within" not in said
    else:
        assert all(isinstance(one.text, str) for one in found)


def fuzz(path: Path, suffix: str, examples: int) -> None:
    whole = whole_files()[suffix]
    entries = st.none() | st.integers(0, 40) if whole.startswith(b"PK") else st.none()

    # A few are the same each time; of many others each time, the one that fails is shown, to be kept.
    @settings(max_examples=examples, derandomize=examples < 100)
    @given(entries, ORDERS)
    def one(entry: int | None, orders: Orders) -> None:
        check(path, changed(whole, orders) if entry is None else changed_within(whole, entry, orders))

    one()


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_few_changes(tmp_path: Path, suffix: str) -> None:
    fuzz(tmp_path / f"a{suffix}", suffix, 8)


@pytest.mark.soak
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_many_changes(tmp_path: Path, suffix: str) -> None:
    fuzz(tmp_path / f"a{suffix}", suffix, 400)


@pytest.mark.parametrize(("suffix", "entry", "orders"), FOUND)
def test_what_was_found(tmp_path: Path, suffix: str, entry: int | None, orders: Orders) -> None:
    whole = whole_files()[suffix]

    check(tmp_path / f"a{suffix}", changed(whole, orders) if entry is None else changed_within(whole, entry, orders))


def test_every_format_is_changed() -> None:
    assert whole_files().keys() == set(SUFFIXES)
