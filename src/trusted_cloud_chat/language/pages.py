"""Pages of an article that has some, as a PDF: each ends with a form feed in its text, as pdftotext writes it."""

from trusted_cloud_chat.language.normalise import printable

PAGE_END = "\f"


def page_of(text: str, start: int) -> int | None:
    """The page, from 1, that `text[start]` stands on; None for a text without pages."""
    return text.count(PAGE_END, 0, start) + 1 if PAGE_END in text else None


def printable_pages(text: str) -> str:
    """As `printable`, but for the ends of pages."""
    return PAGE_END.join(map(printable, text.split(PAGE_END)))
