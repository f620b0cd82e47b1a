"""Titles of documents: rejects programs' default titles, template placeholders and technical names."""

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
    said = fold(title).strip()
    if not any(map(str.isalpha, said)) or said in _HOLLOW or said.endswith(_FILES) or said.startswith(_PROGRAMS):
        return ""
    if any(sign in said for sign in _OF_A_TEMPLATE) or said.rstrip("0123456789 ") in _COUNTED:
        return ""
    return title


def of_a_property(title: str) -> str:
    """As `sensible`, also without technical names (« export_2024_v3 ») and template names, which programs write into a document's properties."""
    technical = " " not in title.strip() and ("_" in title or any(map(str.isdigit, title)))
    return "" if technical or fold(title).startswith(_TEMPLATES) else sensible(title)


def first_heading(blocks: Iterable[str]) -> str:
    """The heading with which blocks of Markdown begin; empty if they begin with something else."""
    first = next(filter(None, blocks), "")
    return sensible(first.lstrip("#").strip()) if first.startswith("#") else ""


def of_name(name: str) -> str:
    """« note-de-service_2024.md » → « note de service 2024 »."""
    stem = PurePosixPath(name).stem
    return " ".join(stem.replace("_", " ").replace("-", " ").split()) or stem
