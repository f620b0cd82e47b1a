"""The texts of the chat (`data/chat.fr.toml`, `data/chat.en.toml`); untrusted text escaped for HTML, Markdown and templates."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import pairwise
from typing import Any
from urllib.parse import quote, urlsplit

import jinja2
from markupsafe import Markup

from trusted_cloud_chat.data import table
from trusted_cloud_chat.language import patterns
from trusted_cloud_chat.language.normalise import printable
from trusted_cloud_chat.output.terminal import as_started
from trusted_cloud_chat.schema import Language, Span

NBSP = "\u00a0"
# Chat messages pass through Gradio's Markdown, and HTML components through its templates. Character references protect
# from both. Newlines are escaped too: a blank line would end an HTML block.
_SPECIAL = "&<>\"'`*_[](){}#!|~$\\^\n"
_TABLE = {ord(char): f"&#{ord(char)};" for char in (*_SPECIAL, "\t")}
_FRAGMENT_WORDS = 6


@lru_cache
def read_texts(name: str, language: Language) -> dict[str, Any]:
    """A file of texts; adds the no-break spaces of French typography, which cannot be seen in a file."""
    texts = table(f"{name}.{language}.toml")
    return _spaced(texts) if language == "fr" else texts


def _spaced(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _spaced(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_spaced(one) for one in value]
    return patterns.BEFORE_DOUBLE_SIGN.sub(NBSP, value)


class Strings:
    """The texts of a language as attributes; the caller fills in `{name}`."""

    examples: list[str]
    doing: dict[str, str]
    refusals: dict[str, str]
    """Titles by refusal reason."""
    source_types: dict[str, str]
    pages: dict[str, str]
    """The pages beside the chat, by address."""
    choices: dict[str, str]
    """Labels of feedback for administrators; the page offers the first one, or « À corriger »."""
    scripts: dict[str, Any]

    def __init__(self, language: Language) -> None:
        told = read_texts("chat", language)
        self.language = language
        self.__dict__ |= told["scripts"] | told

    def __getattr__(self, name: str) -> str:
        raise AttributeError(f"data/chat.{self.language}.toml has no text {name!r}")


FRENCH, ENGLISH = Strings("fr"), Strings("en")
STRINGS: dict[Language, Strings] = {"fr": FRENCH, "en": ENGLISH}


def spoken(language: str) -> Strings:
    return ENGLISH if language == "en" else FRENCH


def escape(text: str) -> str:
    """`text` as HTML that shows exactly its visible characters, within an element or a quoted attribute."""
    return printable(text).translate(_TABLE)


def typeset(text: str) -> str:
    """As `escape`, without line breaks before French punctuation or inside « a-t-il »."""
    parts = patterns.KEPT_ON_A_LINE.split(text)
    return "".join(
        f'<span class="tcc-tight">{escape(part)}</span>' if index % 2 else escape(part)
        for index, part in enumerate(parts)
    )


def safe_url(url: str | None) -> str | None:
    """`url` if it is an ordinary web address; else None: no `javascript:`, no `data:`, no relative path."""
    if url is None or any(char.isspace() or not char.isprintable() for char in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname else None


def link(url: str | None, html: str, new_tab: str) -> str:
    """`html` as a link that opens a new tab; unchanged without a web address."""
    href = safe_url(url)
    if href is None:
        return html
    return (
        f'<a class="tcc-link" href="{escape(href)}" target="_blank" rel="noopener noreferrer">'
        f'{html}<span class="tcc-sr"> ({escape(new_tab)})</span></a>'
    )


def marker(number: int, n: int) -> str:
    """A link from answer `number` to the card of citation `n`; Gradio's sanitizer keeps class and href, and drops aria-label and data-*."""
    return f'<a class="tcc-marker" href="#source-{number}-{n}"><span class="tcc-sr">source </span>&#91;{n}&#93;</a>'


def status_html(text: str, kind: str = "calm", *, name: str = "tcc-says") -> str:
    """A line that screen readers announce when it changes; `kind` is calm, warning or active."""
    return f'<p class="tcc-status tcc-{kind}" role="status" id="{name}">{escape(text)}</p>'


def text_fragment(url: str, words: str) -> str:
    """`url` that opens at `words` (`#:~:text=`), accents kept; unchanged if it has a fragment."""
    if "#" in url:
        return url
    parts = words.split()
    ends = [parts] if len(parts) <= 2 * _FRAGMENT_WORDS else [parts[:_FRAGMENT_WORDS], parts[-_FRAGMENT_WORDS:]]
    # A hyphen separates the parts of a fragment, so it must be written %2D, which `quote` never does.
    coded = ",".join(quote(" ".join(end), safe="").replace("-", "%2D") for end in ends)
    return f"{url}#:~:text={coded}"


def marked(text: str, offset: int, spans: Iterable[tuple[int, Span]], shown: Callable[[str], str] = typeset) -> str:
    """`text` as HTML with each numbered span in `<mark>`, preceded by its number.

    Spans are offsets in the article, where `text` starts at `offset`; they may overlap. `shown` converts each part to HTML.
    """
    local = [(n, max(span.start - offset, 0), min(span.end - offset, len(text))) for n, span in spans]
    local = [(n, start, end) for n, start, end in local if start < end]
    borders = sorted({0, len(text), *(border for _, *pair in local for border in pair)})
    pieces: list[str] = []
    for start, end in pairwise(borders):
        covering = [n for n, first, last in local if first <= start and end <= last]
        pieces += [f'<span class="tcc-n" aria-hidden="true">{n}</span>' for n, first, _ in local if first == start]
        words = shown(text[start:end])
        numbers = " ".join(map(str, covering))
        pieces.append(f'<mark data-n="{numbers}">{words}</mark>' if covering else words)
    return "".join(pieces)


def _html(text: str) -> Markup:
    return Markup(text)  # noqa: S704


class _Templates(jinja2.Environment):
    def getattr(self, obj: Any, attribute: str) -> Any:
        """« t.admin.update » is a text, never a method of the dictionary."""
        return obj[attribute] if isinstance(obj, dict) and attribute in obj else super().getattr(obj, attribute)


TEMPLATES = _Templates(
    loader=jinja2.PackageLoader("trusted_cloud_chat.web"),
    autoescape=True,
    auto_reload=False,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    finalize=lambda value: value if isinstance(value, Markup) else _html(escape(str(value))),
)
TEMPLATES.filters["typeset"] = lambda text: _html(typeset(text))
TEMPLATES.filters["with_commands"] = lambda text: _html(with_commands(text))


def with_commands(text: str) -> str:
    """The text with its commands marked as code."""
    return patterns.OWN_COMMAND.sub(
        lambda match: f"<code>{escape(as_started(match[0], public=True))}</code>", escape(text)
    )


def part(macro: str, /, **given: Any) -> str:
    """The `macro` of `templates/chat.html` on one line, so that Markdown does not parse it."""
    made = getattr(TEMPLATES.get_template("chat.html").module, macro)(**given)
    return "".join(line.strip(" ") for line in str(made).split("\n"))
