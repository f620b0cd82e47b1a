"""Page numbers of an article with pages (PDF): each page ends with a form feed, as written by pdftotext."""

from trusted_cloud_chat.language.normalise import printable

PAGE_END = "\f"


def page_of(text: str, start: int) -> int | None:
    """The page of `text[start]`, from 1; None for a text without pages."""
    return text.count(PAGE_END, 0, start) + 1 if PAGE_END in text else None


def printable_pages(text: str) -> str:
    """Like `printable`, but keeps page ends."""
    return PAGE_END.join(map(printable, text.split(PAGE_END)))
