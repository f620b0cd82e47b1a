"""Parses a chat model's output, during the stream, into sentences and their citations."""

import html
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from trusted_cloud_chat.language import model_patterns as patterns
from trusted_cloud_chat.language.normalise import fold, printable
from trusted_cloud_chat.language.sentences import split_sentences
from trusted_cloud_chat.language.words import words_and_signs
from trusted_cloud_chat.schema import Article, Passage, Span, Statement


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of a passage."""

    article: Article
    span: Span
    before: str = ""
    """The sentence before it, to which « il » or « l’entreprise » may refer."""

    @property
    def text(self) -> str:
        return self.article.text[self.span.start : self.span.end]

    @property
    def statement(self) -> Statement | None:
        """Its enrichment."""
        return self.article.enrichment.of(self.span) if self.article.enrichment else None


def numbered(passage: Passage) -> tuple[Quote, ...]:
    """The sentences of a passage, numbered from 1."""
    article = passage.article
    spans = [span for span in passage.chunk.sentences if article.text[span.start : span.end].strip()]
    before = ["", *(article.text[span.start : span.end] for span in spans)]
    return tuple(map(Quote, [article] * len(spans), spans, before))


_BRACKETS = str.maketrans(dict.fromkeys("【［〔〖⟦", "[") | dict.fromkeys("】］〕〗⟧", "]"))
_ROUND = str.maketrans("[]", "()")
_HARMLESS = str.maketrans("[]<>＜＞`", "()‹›‹›'")
_IN_A_MARKER = frozenset(
    "passage passages source sources phrase phrases sentence sentences doc docs document documents n no et and a to".split()
)
_LABELS = ("sources", "source", "references", "reference", "citations", "citation", "passages", "passage")
"""Alone on a line they begin a list of sources; before a marker they mean nothing."""
_YES_NO = ("oui", "non", "yes", "no")
_MOST_IN_ONE_MARKER = 12
_FRAGMENT = 4
"""Maximum words of a list item that needs the line before its list as context."""


Pointer = tuple[int, int]
"""The numbers of a passage and of its sentence, from 1; sentence 0 is the whole passage."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence or a table row of the model, without markers."""

    text: str
    """With bold; a table's header row includes the rule below it."""
    citations: tuple[Pointer, ...]
    """The valid pointers."""
    opens: str = ""
    """Markdown before it: a space, a new paragraph, a list sign on a new line."""
    under: str = ""
    """Its context: the line before its list, or the header of its table."""

    @property
    def is_heading(self) -> bool:
        """Whether it heads a section or a table."""
        bold = self.text.startswith("**") and self.text.endswith("**") and self.text.count("**") == 2
        return bold or "\n" in self.text

    @property
    def claim(self) -> str:
        """Its content as a single sentence."""
        text = self.text.partition("\n")[0].replace("**", "")
        if text.startswith("|"):
            cells = _cells(text)
            heads = _cells(self.under) if self.under.startswith("|") else []
            named = zip(heads, cells, strict=False)
            return "; ".join(f"{head}: {cell}" if head else cell for head, cell in named) or "; ".join(cells)
        return f"{self.under} {text}" if self.under and len(text.split()) <= _FRAGMENT else text


class DraftReader:
    """Takes pieces of text, and returns each sentence when the next begins, since its marker may follow its full stop."""

    def __init__(self, counts: Sequence[int]) -> None:
        """`counts` are the numbers of sentences in the passages."""
        self._counts = counts
        self._text = ""
        self._given = 0
        self.withdrawn = 0
        """How often all returned sentences turned out to be thoughts."""

    @property
    def length(self) -> int:
        """Characters so far, without thoughts."""
        return len(_without_thoughts(self._text))

    def feed(self, piece: str) -> list[Draft]:
        self._text += piece
        if ">" in piece or "]" in piece:
            rest = _without_thoughts(self._text)
            thought = patterns.UP_TO_THE_ANSWER.match(rest)
            if thought:
                self._text, self._given = rest[thought.end() :], 0
                self.withdrawn += 1
        return self._new(parse_drafts(_settled(self._text), self._counts)[:-1])

    def finish(self, *, cut: bool = False) -> list[Draft]:
        """The remaining sentences; of a text that was cut, the last only if it ends with a full stop and a marker."""
        drafts = parse_drafts(self._text, self._counts)
        if not drafts:  # some models put the whole answer between fences
            fenced = patterns.FENCED_PROSE.findall(_without_thoughts(self._text))
            drafts = parse_drafts("\n".join(fenced), self._counts)
        return self._new(drafts[:-1] if cut and not patterns.ENDED_AND_MARKED.search(_plain(self._text)) else drafts)

    def _new(self, drafts: list[Draft]) -> list[Draft]:
        new = drafts[self._given :]
        self._given = max(self._given, len(drafts))
        return new


def parse_drafts(text: str, counts: Sequence[int]) -> list[Draft]:
    """The sentences of `text`; `counts` are the numbers of sentences in the passages."""
    drafts: list[Draft] = []
    above = ""
    for line in filter(str.strip, _plain(text).split("\n")):
        if patterns.TABLE_RULE.fullmatch(line.strip()):
            if drafts and drafts[-1].text.startswith("|"):
                drafts[-1] = replace(drafts[-1], text=f"{drafts[-1].text}\n{line.strip()}", under="")
                above = drafts[-1].text.partition("\n")[0]
            continue
        shape = _shape(line)
        fits = shape.kind in ("item", "row") and above.startswith("|") == (shape.kind == "row")
        above = above if fits else ""
        goes_on = shape.kind == "item" or (shape.kind == "row" and bool(above))
        opens = shape.opens if goes_on else "\n\n"
        under = above
        for words, numbers in _sentences(shape):
            known = tuple(n for n in numbers if _exists(n, counts))
            label = fold(words).strip(" :.*") in _LABELS
            if label and not numbers:  # a list of sources, after the answer
                return drafts
            if (label or not any(map(str.isalnum, words))) and numbers:
                if drafts:  # a lone marker belongs to the sentence before it
                    drafts[-1] = replace(drafts[-1], citations=tuple(dict.fromkeys((*drafts[-1].citations, *known))))
            elif any(map(str.isalnum, words)):
                _append(drafts, Draft(words, known, opens, under))
                opens, under = " ", ""
        if shape.kind == "text" and drafts and drafts[-1].text.rstrip("*").endswith(":"):
            above = drafts[-1].claim
    return drafts


class _Shape(NamedTuple):
    """A line: `kind` is `text`, `item`, `row` or `heading`."""

    kind: str
    text: str
    opens: str = "\n\n"


def _shape(line: str) -> _Shape:
    stripped = line.strip()
    if stripped.startswith("|"):
        return _Shape("row", stripped, "\n")
    sign = patterns.LIST_SIGN.match(line)
    if sign is None or sign[0].strip() == ">":
        return _Shape("text", line[sign.end() :] if sign else line)
    rest, mark = line[sign.end() :], sign[0].strip()
    if mark.startswith("#"):
        bare = rest.strip().strip("*")
        return _Shape("heading", f"**{bare}**" if bare else "")
    indent = "  " if len(sign[0]) - len(sign[0].lstrip()) >= 2 else ""
    return _Shape("item", rest, f"\n{indent}{mark if mark[0].isdigit() else '-'} ")


def _sentences(shape: _Shape) -> Iterator[tuple[str, list[Pointer]]]:
    """The text of each sentence of a line, and the pointers in it; a row is a single sentence."""
    # Bold is kept, other emphasis is not.
    parts = shape.text.replace("__", "").replace("~~", "").split("**")
    text = patterns.ANSWER_LABEL.sub("", "**".join(part.replace("*", "") for part in parts))
    if shape.kind == "row":
        yield _words(text), _pointers(text)
        return
    text = patterns.MARKERS_AFTER_STOP.sub(lambda m: f"{m[2].rstrip()}{m[1]} ", text)
    for span in split_sentences(text):
        raw = text[span.start : span.end]
        words = _words(raw)
        # Bold that spans sentences is removed.
        yield (words if words.count("**") % 2 == 0 else words.replace("**", "")), _pointers(raw)


def pointers(text: str, counts: Sequence[int]) -> list[Pointer]:
    """The valid pointers in `text`, in order."""
    return [pointer for pointer in _pointers(_plain(text)) if _exists(pointer, counts)]


def _exists(pointer: Pointer, counts: Sequence[int]) -> bool:
    return 1 <= pointer[0] <= len(counts) and pointer[1] <= counts[pointer[0] - 1]


def _pointers(text: str) -> list[Pointer]:
    found = (marker.partition(".") for marker in dict.fromkeys(patterns.ONE_MARKER.findall(text)))
    return [(int(passage), int(sentence or 0)) for passage, _, sentence in found]


def _append(drafts: list[Draft], draft: Draft) -> None:
    """Add a sentence; « Oui. » is joined with the next, since it has no content of its own."""
    last = drafts[-1] if drafts else None
    if last is not None and not last.citations and draft.opens == " " and fold(last.text).strip(" .!*") in _YES_NO:
        drafts[-1] = Draft(f"{last.text} {draft.text}", draft.citations, last.opens, last.under)
    else:
        drafts.append(draft)


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.replace("**", "").strip().strip("|").split("|")]


def neutralise(text: str) -> str:
    """Text of an article as data for a prompt: characters that could forge the prompt's delimiters and markers are replaced."""
    text = patterns.IMAGE.sub("", printable(text).translate(_BRACKETS))
    return " ".join(text.translate(_HARMLESS).split())


def same_sentence(first: str, second: str) -> bool:
    return fold(first).strip(" .*") == fold(second).strip(" .*")


def _without_thoughts(text: str) -> str:
    return patterns.THOUGHT_CHANNEL.sub("", patterns.THOUGHT.sub("", text))


def _plain(text: str) -> str:
    """Normalises markers, and removes thoughts, code, images, links, tags and invisible characters."""
    text = printable(html.unescape(text)).translate(_BRACKETS)
    text = patterns.CONTROL_TOKEN.sub("", patterns.UP_TO_THE_ANSWER.sub("", _without_thoughts(text)))
    text = patterns.CODE_BLOCK.sub("\n", patterns.FENCED_MARKDOWN.sub(r"\n\1\n", text))
    text = patterns.INLINE_CODE.sub(lambda m: m[1].translate(_ROUND), text)
    text = patterns.IMAGE.sub("", text.replace("\\[", "[").replace("\\]", "]"))
    text = patterns.LINK.sub(lambda m: f"[{m[1].strip('[] ')}]" if _numbers(m[1]) else m[1], text)
    text = patterns.STRUCK_OUT.sub("", patterns.TAG.sub("", text))
    text = patterns.LINE_INSIDE_A_SENTENCE.sub(" ", patterns.PASSAGE_NUMBER.sub(r"\1[\2]", text))
    text = patterns.MARKER.sub(lambda m: "".join(f"[{n}]" for n in _numbers(m[1])) or m[0], text)
    return patterns.SINGLE_MARKERS.sub(lambda m: m[1] or "", text)


def _words(raw: str) -> str:
    """A sentence without its markers, and without brackets that could pass for one: « [[2]1] » becomes « (1) »."""
    text = patterns.ACCORDING_TO_PASSAGE.sub("", raw).lstrip()
    if text[:1] != raw[:1] and raw[:1].isupper():
        text = text[:1].upper() + text[1:]
    text = patterns.ONE_MARKER.sub("", text).translate(_ROUND).strip()
    text = text.replace(" .", ".").replace(" ,", ",").replace(" …", "…")
    return " ".join(filter(None, text.split(" ")))


def _numbers(inside: str) -> list[str]:
    """The numbers in « 1, 3 », « 1-3 », « 2.1–2.3 », « Passage ２ » or « 2†source »; none if it is not a marker."""
    inner = " ".join(part.split("†")[0] for part in unicodedata.normalize("NFKC", inside).replace("*", "").split(","))
    inner = patterns.SENTENCE_RANGE.sub(lambda m: _spread(m[2], m[3], f"{m[1]}.") or m[0], inner)
    inner = patterns.MARKER_RANGE.sub(lambda m: _spread(m[1], m[2]) or m[0], inner)
    words = [word.folded for word in words_and_signs(inner)]
    numbers = [word for word in words if patterns.POINTER.fullmatch(word)]
    if not all(word in _IN_A_MARKER or word in numbers or not word.isalnum() for word in words):
        return []
    return numbers[:_MOST_IN_ONE_MARKER]


def _spread(first: str, last: str, prefix: str = "") -> str:
    """The numbers of a range; empty if it is implausibly long."""
    span = range(int(first), int(last) + 1)
    return " ".join(f"{prefix}{n}" for n in span) if len(span) <= _MOST_IN_ONE_MARKER else ""


def _settled(text: str) -> str:
    """`text` without an end that the next piece may change."""
    settled = patterns.MAY_GO_ON.sub("", text.translate(_BRACKETS))
    before, line_break, last = settled.rpartition("\n")
    letters = "".join(filter(str.isalpha, fold(last)))
    return before if line_break and any(label.startswith(letters) for label in _LABELS) else settled
