"""Opens formats that are ZIP archives: DOCX, PPTX, XLSX, ODT, EPUB."""

import zipfile
from pathlib import Path
from typing import Any

from lxml import etree

from trusted_cloud_chat.corpus.formats import ENTRIES, UNPACKED
from trusted_cloud_chat.errors import ArticleError

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""The first bytes of Office files before 2007, and of later ones with a password."""
_ARCHIVE = b"PK\x03\x04"
_NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "app": "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties",
}


def is_archive(path: Path) -> bool:
    """Whether the file begins as an archive: an old workbook may contain one."""
    with path.open("rb") as file:
        return file.read(len(_ARCHIVE)) == _ARCHIVE


def opened(path: Path) -> zipfile.ZipFile:
    """The archive at `path`. Raises ArticleError if it is damaged, not an archive, or too large."""
    with path.open("rb") as file:
        if file.read(len(_OLD_OFFICE)) == _OLD_OFFICE:
            raise ArticleError("protected by a password, or from Office before 2007: save it again without a password")
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise ArticleError(f"damaged, or not of the format that its name says (no archive: {error})") from error
    entries = archive.infolist()
    if any(entry.flag_bits & 1 for entry in entries):
        raise ArticleError("protected by a password: save it without one")
    unpacked = sum(entry.file_size for entry in entries)  # `zipfile` never unpacks more than this declared size
    if len(entries) > ENTRIES or unpacked > UNPACKED:
        raise ArticleError(
            f"it unpacks to {unpacked // 1024**2} MB in {len(entries)} files: at most {UNPACKED // 1024**2} MB "
            f"in {ENTRIES} are read"
        )
    return archive


def xml(archive: zipfile.ZipFile, name: str) -> Any:
    """The root of an XML entry, parsed without entities and network. Raises ArticleError."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        return etree.fromstring(archive.read(name), parser)
    except KeyError:
        raise ArticleError(f"damaged, or not of the format that its name says (no {name} inside)") from None
    except (etree.XMLSyntaxError, zipfile.BadZipFile, OSError, ValueError, EOFError) as error:
        raise ArticleError(f"damaged: {name}: {error}") from error


def office_properties(archive: zipfile.ZipFile) -> dict[str, str]:
    """`title`, `language` and `company` of an Office file; empty if it does not state them."""
    properties = {"title": "", "language": "", "company": ""}
    tags = {"docProps/core.xml": ("dc:title", "dc:language"), "docProps/app.xml": ("app:Company",)}
    for entry in filter(archive.namelist().__contains__, tags):
        root = xml(archive, entry)
        for tag in tags[entry]:
            text = root.findtext(tag, default="", namespaces=_NAMESPACES) or ""
            properties[tag.partition(":")[2].lower()] = text.strip()
    return properties
