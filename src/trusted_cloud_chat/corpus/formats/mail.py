"""Reads e-mails (EML) and saved pages (MHTML)."""

from email import policy
from email.message import EmailMessage
from email.parser import Parser
from pathlib import Path
from typing import cast

from trusted_cloud_chat.corpus.decoding import MARKED, WESTERN, decode
from trusted_cloud_chat.corpus.formats import Found, web_page
from trusted_cloud_chat.errors import ArticleError
from trusted_cloud_chat.language import patterns
from trusted_cloud_chat.language.normalise import fold

_MOST_NAMED = 5
_FIRST_LINE = 2000
"""Bytes within which the first line ends."""
_ENDS = (".", "!", "?", ":")
_FORWARDED = ("forwarded message", "message transfere", "message reexpedie", "transferred message")
_REPLIED_TO = ("message d origine", "message d'origine", "original message")
_FROM, _SENT, _TO_OR_SUBJECT = (
    ("de :", "de:", "from:"),
    ("envoye :", "envoye:", "sent:"),
    ("a :", "a:", "to:", "objet :", "objet:", "subject:"),
)
_HEADER_LINES = 5
_FORWARDS = ("tr:", "tr :", "fw:", "fwd:", "i:")
_QUOTED = "//blockquote[@type='cite'] | //*[contains(@class, 'gmail_quote') or contains(@class, 'moz-cite-prefix')]"
_ENCRYPTED = ("multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime")


def read(path: Path) -> Found:
    """Subject, sender, date and text of a message; attachments are named, not read."""
    message = _parsed(path)
    if not any(message.get(name) for name in ("from", "subject", "date")):
        raise ArticleError("damaged, or not of the format that its name says (no sender, subject or date header)")
    if message.get_content_type() in _ENCRYPTED:
        raise ArticleError("encrypted: open it in the mail program that has the key, and save its text")
    body = message.get_body(preferencelist=("plain", "html"))
    text, own = _texts(cast(EmailMessage, body)) if body is not None else ("", "")
    if fold(str(message.get("subject") or "")).startswith(_FORWARDS):
        own = text
    if not text:
        raise ArticleError("a message without text: expected plain text or HTML")
    found = Found(own)
    if own != text:
        found.notices.append("text that it quotes from earlier messages is left out")
    sent = getattr(message.get("date"), "datetime", None)
    found.fields = {"title": str(message.get("subject") or ""), "date": sent.date().isoformat() if sent else ""}
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
            raw = cast(bytes, part.get_payload(decode=True) or b"")
            return web_page.page(raw, address or part.get("content-location"), part.get_content_charset(""))
    raise ArticleError("no page in it: expected a page that a browser saved as a single file")


def _parsed(path: Path) -> EmailMessage:
    """The parsed message. Old programs write headers that are neither ASCII nor UTF-8, which the library would read as question marks."""
    raw = path.read_bytes()
    if raw.startswith(MARKED):
        raw = decode(raw)[0].encode()
    head, blank, body = raw.partition(b"\r\n\r\n" if b"\r\n" in raw[:_FIRST_LINE] else b"\n\n")
    headers = decode(head.replace(b"\0", b""), WESTERN)[0] if head.strip(b"\0 \t\r\n") else ""
    # The body's bytes are kept until its encoding is known.
    return Parser(policy=policy.default).parsestr(headers + (blank + body).decode("ascii", "surrogateescape"))


def _texts(part: EmailMessage) -> tuple[str, str]:
    """The whole text, and the sender's own; both are the same for a forwarded message or if all of it is quoted."""
    raw = cast(bytes, part.get_payload(decode=True) or b"")
    raw = raw if raw.startswith(MARKED) else raw.replace(b"\0", b"")
    text = decode(raw, part.get_content_charset("") or WESTERN)[0] if raw.strip() else ""
    if part.get_content_subtype() == "html":
        text, own = web_page.whole(text), _before_answered(web_page.whole(text, without=_QUOTED)).strip()
    else:
        text, own = text.strip(), _before_answered(_own(text)).strip()
    unquoted = fold("\n".join(line for line in text.split("\n") if not line.startswith(">")))
    forwards = any(mark in unquoted for mark in _FORWARDED)
    return text, text if forwards or not own or own.endswith(":") else own


def _before_answered(text: str) -> str:
    """The text above the message replied to, which begins with its headers or with « Le… a écrit : »."""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        first = fold(line).strip(" *_-")
        below = [fold(other).strip(" *_") for other in lines[number + 1 : number + _HEADER_LINES]]
        headers = all(any(other.startswith(key) for other in below) for key in (_SENT, _TO_OR_SUBJECT))
        wrote = first.startswith(("le ", "on ")) and first.endswith(("a ecrit :", "a ecrit:", "wrote:"))
        dated = wrote and patterns.DAY_IN_LINE.search(line)
        if (first.startswith(_FROM) and headers) or dated or first in _REPLIED_TO:
            return "\n".join(lines[:number])
    return text


def _own(text: str) -> str:
    """The message without quoted lines (« > ») and their introduction, « Le 3 mars 2025, Paul a écrit : »."""
    kept: list[str] = []
    for line in text.split("\n"):
        if not line.startswith(">"):
            kept.append(line)
            continue
        while kept and not kept[-1].strip():
            kept.pop()
        # The introduction may take two lines; a line that ends a sentence is the sender's.
        for most in (1, 2):
            announced = kept[-most:]
            if announced and announced[-1].rstrip().endswith(":") and any(map(str.isdigit, announced[0])):
                if most == 1 or announced[0].rstrip()[-1:] not in _ENDS:
                    del kept[-most:]
                break
        kept.append("")
    return "\n".join(kept).strip()
