"""Rejects titles that are a program's default, a template's placeholder or a technical name."""

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
"""Default names, with a number: « Feuil1 », « Diapositive 1 »."""
_FILES = tuple(".doc .docx .ppt .pptx .xls .xlsx .pdf .indd .odt .ods .qxd .tex .md .html".split())
_OF_A_TEMPLATE = ("{{", "{%", "<!--", "‹!--", "<%", "lorem ipsum", "[titre", "[title", "<titre", "<title")
_TEMPLATES = ("modele", "gabarit", "template", "trame")
_PROGRAMS = ("microsoft ", "untitled", "sans titre")
_SIGNS = "-_. "


def sensible(title: str) -> str:
    """`title` if it is meaningful; else empty."""
    text = fold(title).strip()
    if not any(map(str.isalpha, text)) or text in _HOLLOW or text.endswith(_FILES) or text.startswith(_PROGRAMS):
        return ""
    if any(sign in text for sign in _OF_A_TEMPLATE) or text.rstrip("0123456789 ") in _COUNTED:
        return ""
    return title


def of_a_property(title: str) -> str:
    """As `sensible`, for a document's properties: also rejects technical names (« export_2024_v3 ») and names of templates."""
    technical = " " not in title.strip() and ("_" in title or any(map(str.isdigit, title)))
    return "" if technical or fold(title).startswith(_TEMPLATES) else sensible(title)


def first_heading(blocks: Iterable[str]) -> str:
    """The first Markdown block if it is a heading; else empty."""
    first = next(filter(None, blocks), "")
    return sensible(first.lstrip("#").strip()) if first.startswith("#") else ""


def of_name(name: str) -> str:
    """« note-de-service_2024.md » → « note de service 2024 »."""
    stem = PurePosixPath(name).stem
    return " ".join(stem.replace("_", " ").replace("-", " ").split()) or stem
