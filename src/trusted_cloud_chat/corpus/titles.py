"""What names a document: no program's own words, no template's, no technical name."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath

from trusted_cloud_chat.language.normalise import fold

_HOLLOW = frozenset(
    ("presentation powerpoint", "powerpoint presentation", "presentation", "untitled", "sans titre", "(anonymous)", "titre", "title",
     "titre de la presentation", "titre du document", "document title", "your title here", "votre titre", "index", "home", "readme",
     "page de garde", "modele", "template", "new document", "nouveau document")
)  # fmt: skip
_COUNTED = (
    "sans titre",
    *"document classeur book feuil feuille sheet diapositive slide presentation page untitled".split(),
)
"""What programs call things, with a number: « Feuil1 », « Diapositive 1 »."""
_FILES = tuple(".doc .docx .ppt .pptx .xls .xlsx .pdf .indd .odt .ods .qxd .tex .md .html".split())
_OF_A_TEMPLATE = ("{{", "{%", "<!--", "‹!--", "<%", "lorem ipsum", "[titre", "[title", "<titre", "<title")
_TEMPLATES = ("modele", "gabarit", "template", "trame")
_PROGRAMS = ("microsoft ", "untitled", "sans titre")
_SIGNS = "-_. "


def sensible(title: str) -> str:
    """`title` where it says something; else empty."""
    said = fold(title).strip()
    if not any(map(str.isalpha, said)) or said in _HOLLOW or said.endswith(_FILES) or said.startswith(_PROGRAMS):
        return ""
    if any(sign in said for sign in _OF_A_TEMPLATE) or said.rstrip("0123456789 ") in _COUNTED:
        return ""
    return title


def of_a_property(title: str) -> str:
    """As `sensible`, and no technical name, « export_2024_v3 », nor that of a template: programs put them among a document's properties."""
    technical = " " not in title.strip() and ("_" in title or any(map(str.isdigit, title)))
    return "" if technical or fold(title).startswith(_TEMPLATES) else sensible(title)


def first_heading(blocks: Iterable[str]) -> str:
    """The heading that blocks of Markdown begin with; empty where they begin with another thing."""
    first = next(filter(None, blocks), "")
    return sensible(first.lstrip("#").strip()) if first.startswith("#") else ""


def of_name(name: str) -> str:
    """« note-de-service_2024.md » → « note de service 2024 »."""
    stem = PurePosixPath(name).stem
    return " ".join(stem.replace("_", " ").replace("-", " ").split()) or stem
