"""Letters (EML), and pages that a browser saved as one (MHTML)."""

from __future__ import annotations

from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import cast

from trusted_cloud_chat.corpus.formats import web_page
from trusted_cloud_chat.corpus.formats.found import Found
from trusted_cloud_chat.errors import ArticleError

_MOST_NAMED = 5
_HEAD = ("from", "subject", "date")
_LOCKED = ("multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime")


def read(path: Path) -> Found:
    """The letter: subject, sender, day and text; what is attached is named, not read."""
    message = _parsed(path)
    if not any(message.get(name) for name in _HEAD):
        raise ArticleError("damaged, or not what its name says (no sender, subject or date at its head)")
    if message.get_content_type() in _LOCKED:
        raise ArticleError("encrypted: open it in the mail program that has the key, and save its text")
    body = message.get_body(preferencelist=("plain", "html"))
    text = _text(cast(EmailMessage, body)) if body is not None else ""
    if not text.strip():
        raise ArticleError("a letter without text: expected one in plain text or HTML")
    found = Found(text)
    found.fields = {"title": str(message.get("subject") or ""), "date": _day(message)}
    sender = message.get("from")
    if sender is not None and sender.addresses:
        first = sender.addresses[0]
        found.fields["publisher"] = first.display_name or first.domain
    names = [str(part.get_filename() or part.get_content_type()) for part in message.iter_attachments()]
    if names:
        more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
        found.notices.append(f"attached and not read: {', '.join(names[:_MOST_NAMED])}{more}")
    return found


def read_page(path: Path) -> Found:
    """The page of an MHTML file."""
    message = _parsed(path)
    address = str(message.get("snapshot-content-location") or "") or None
    for part in message.walk():
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            raw = part.get_payload(decode=True)
            address = address or part.get("content-location")
            charset = part.get_content_charset("utf-8")
            text = cast(bytes, raw or b"").decode(_known(charset), errors="replace")
            return web_page.page(text.encode(), address)
    raise ArticleError("no page in it: expected one saved by a browser as a single file")


def _parsed(path: Path) -> EmailMessage:
    with path.open("rb") as file:
        return BytesParser(policy=policy.default).parse(file)


def _text(part: EmailMessage) -> str:
    raw = cast(bytes, part.get_payload(decode=True) or b"")
    text = raw.decode(_known(part.get_content_charset("utf-8")), errors="replace").replace("\r\n", "\n")
    return web_page.whole(text) if part.get_content_subtype() == "html" else text


def _known(charset: str | None) -> str:
    try:
        "".encode(charset or "utf-8")
    except LookupError:
        return "utf-8"
    return charset or "utf-8"


def _day(message: EmailMessage) -> str:
    sent = message.get("date")
    moment = getattr(sent, "datetime", None)
    return moment.date().isoformat() if moment else ""
