"""Builds hostile files."""

from __future__ import annotations

import tempfile
import zipfile
from functools import cache
from html import unescape
from io import BytesIO
from itertools import pairwise
from pathlib import Path

from corpus import format_files as made
from trusted_cloud_chat.corpus.formats import confined

_TWENTY = "".join('<!ENTITY {} "{}">'.format(after, f"&{before};" * 20) for before, after in pairwise("abcdefghij"))
LAUGHS = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha ha ha ha ha ha ha ha ha ha ">' + _TWENTY + "]>"
"""XML entity expansion: ten entities, each twenty times the one before it."""
ZEROS = 300_000_000
"""Unpacked size of a zip bomb in bytes."""


@cache
def whole_files() -> dict[str, bytes]:
    """Suffix → a valid file of that format."""
    with tempfile.TemporaryDirectory() as folder:
        found = {suffix: maker(Path(folder, f"a{suffix}")).read_bytes() for suffix, maker in made.MAKERS.items()}
    page = made.PAGE.encode()
    rows = f'titre,texte,date\nUn,"{made.FIRST}",2024\n'.encode()
    return {
        **found,
        **dict.fromkeys((".html", ".htm", ".xhtml"), page),
        ".mht": found[".mhtml"],
        ".ods": _sheet(),
        ".xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000),  # no library writes this one
        ".csv": rows,
        ".jsonl": f'{{"text": "{made.FIRST}", "date": "2024"}}\n'.encode(),
    }


def _sheet() -> bytes:
    import odfdo

    document = odfdo.Document("spreadsheet")
    document.body.clear()
    table = odfdo.Table("Tarifs")
    table.set_values([*made.TABLE, [made.FIRST, ""]])
    document.body.append(table)
    saved = BytesIO()
    document.save(saved)
    return saved.getvalue()


@cache
def bomb() -> bytes:
    """An archive that unpacks to `ZEROS` bytes."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("rien", bytes(ZEROS))
    return packed.getvalue()


def with_text(suffix: str, text: str) -> bytes:
    """A valid file of the format with its first text replaced by `text`, which must be escaped for the markup."""
    raw = whole_files()[suffix]
    said = (made.FIRST if suffix != ".xlsx" else "Essentiel", text)
    first, other = (one.encode() for one in (map(made.in_rtf, map(unescape, said)) if suffix == ".rtf" else said))
    if not raw.startswith(b"PK"):
        return raw.replace(first, other)
    packed = BytesIO()
    with zipfile.ZipFile(BytesIO(raw)) as before, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            after.writestr(name, before.read(name).replace(first, other))
    return packed.getvalue()


def lying(raw: bytes, size: int, said: int) -> bytes:
    """The archive with the declared size of an entry changed from `size` to `said` bytes."""
    return raw.replace(size.to_bytes(4, "little"), said.to_bytes(4, "little"))


def begin_measuring() -> None:
    """Resets the peak memory of the reading process."""
    child = confined._PROCESS.running
    if child is not None and child.poll() is None:
        Path(f"/proc/{child.pid}/clear_refs").write_text("5")


def peak() -> int:
    """Peak memory of the reading process in bytes since then; if it has ended, the peak of all ended children."""
    import resource

    child = confined._PROCESS.running
    if child is None or child.poll() is not None:
        return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    status = Path(f"/proc/{child.pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024
