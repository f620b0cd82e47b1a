"""Reads EPUB."""

import posixpath
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from trusted_cloud_chat.corpus.formats import PAGES, Found, web_page, zipped
from trusted_cloud_chat.errors import ArticleError

_MENUS = "//nav | //*[@role='navigation']"
_LOCKED = "META-INF/encryption.xml"
_KEYS = ("title", "publisher", "date", "language", "source", "identifier", "creator")
_NAMES = {
    "c": "urn:oasis:names:tc:opendocument:xmlns:container",
    "opf": "http://www.idpf.org/2007/opf",
    "dc": "http://purl.org/dc/elements/1.1/",
    "enc": "http://www.w3.org/2001/04/xmlenc#",
}


def read(path: Path) -> Found:
    """The chapters in order, with title, publisher, date, language and address."""
    with zipped.opened(path) as opened:
        root = zipped.xml(opened, "META-INF/container.xml").find(".//c:rootfile", _NAMES)
        package_path = root.get("full-path", "") if root is not None else ""
        package = zipped.xml(opened, package_path)
        found = Found("\n\n".join(filter(None, _chapters(opened, package, posixpath.dirname(package_path)))))
    about = {key: (package.findtext(f".//dc:{key}", "", _NAMES) or "").strip() for key in _KEYS}
    found.fields = {
        "title": about["title"],
        "publisher": about["publisher"],
        "date": about["date"][:10],
        "language": about["language"][:2],
        "url": next((about[key] for key in ("source", "identifier") if about[key].startswith("http")), ""),
    }
    if not about["publisher"]:
        found.guess("publisher", about["creator"], "the author of the book")
    return found


def _chapters(opened: zipfile.ZipFile, package: Any, folder: str) -> list[str]:
    items = {item.get("id"): item for item in package.iterfind(".//opf:manifest/opf:item", _NAMES)}
    spine = [items.get(ref.get("idref")) for ref in package.iterfind(".//opf:spine/opf:itemref", _NAMES)]
    if len(spine) > PAGES:
        raise ArticleError(f"{len(spine)} chapters: at most {PAGES} are read")
    locked = set()  # often fonts, and chapters if the publisher protects them
    if _LOCKED in opened.namelist():
        references = zipped.xml(opened, _LOCKED).iterfind(".//enc:CipherReference", _NAMES)
        locked = {unquote(reference.get("URI", "")) for reference in references}
    texts = []
    for item in spine:
        if item is None or "nav" in (item.get("properties") or "").split():
            continue
        name = posixpath.normpath(posixpath.join(folder, unquote(item.get("href", ""))))
        if name in locked:
            raise ArticleError("protected against copying (DRM): its text cannot be read")
        try:
            texts.append(web_page.whole(web_page.decoded(opened.read(name)), without=_MENUS))
        except (KeyError, zipfile.BadZipFile, EOFError, OSError) as error:
            raise ArticleError(f"damaged: its chapter {name} cannot be read") from error
    return texts
