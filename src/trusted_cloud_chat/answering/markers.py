"""What a language model wrote → sentences and the passages that each points to, while it is still writing."""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass

from trusted_cloud_chat.text import fold, split_sentences

_OPENING, _CLOSING = "[【［〔〖⟦", "]】］〕〗⟧"
_BRACKETS = str.maketrans(dict.fromkeys(_OPENING, "[") | dict.fromkeys(_CLOSING, "]"))
_ROUND = str.maketrans("[]", "()")
_HARMLESS = str.maketrans("[]<>＜＞`", "()‹›‹›'")
_INVISIBLE = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_NUMBERS = r"\^?(?:(?:passages?|sources?|doc(?:ument)?s?)\s*:?\s*)?(?:n°|#)?\s*\d{1,3}(?:†[^\[\]]{0,40})?"
_MARKER = re.compile(rf"\[\s*({_NUMBERS}(?:\s*(?:[,;&]|et|and|à|to|-|–)\s*{_NUMBERS})*)\s*\]", re.IGNORECASE)
_RANGE = re.compile(r"(\d{1,3})\s*(?:[-–]|à|to)\s*(\d{1,3})")
_RUN = re.compile(r"\(\s*((?:\[\d{1,3}\]\s*)+)\)|(\[\d{1,3}\](?:\s*(?:[,;&]|et\b|and\b)?\s*\[\d{1,3}\])+)")
"""Markers in parentheses or one after the other: « ([1]) », « [1], [2] et [3] »."""
_ACCORDING = re.compile(
    r"\b(?:d['’]après|selon|according to|voir|see|cf\.?)\s*(?:(?:l[ae] |the )?(?:passage|source|document)\s*)?"
    r"(?:(?:\[\d{1,3}\]\s*)+|(?<=passage )\d{1,3}\s*(?=,)),?\s*",
    re.IGNORECASE,
)
"""« D’après [1], Bleu… », « Selon le passage 6, »: a marker with words of its own."""
_LABELS = ("sources", "references", "citations", "passages")
_LABEL = re.compile(r"\W*(?:sources?|r[ée]f[ée]rences?|citations?|passages?)\W*", re.IGNORECASE)
_BIBLIOGRAPHY = re.compile(
    r"\n\s*[#*_\s]*(?:sources?|r[ée]f[ée]rences?)[*_\s]*:?[*_\s]*\n(?:\s*(?:[-*•]\s*)?\[\d{1,3}\][^\n]*(?:\n|$))+\s*$",
    re.IGNORECASE,
)
"""A list of sources after the answer: no sentence of it."""
_NOTE = re.compile(r"†[^,;\]]*")
_AFTER_THE_STOP = re.compile(r"([.!?…]+[»”\"')\s\u00a0\u202f]*?)[ \t]*((?:\[\d{1,3}\][ \t]*)+)(?=\s|$)")
_ENDED = re.compile(r"(?:[.!?…][»”\"')\s\u00a0\u202f]*(?:\[\d{1,3}\]\s*)+|\[\d{1,3}\]\s*[.!?…])[»”\"')\s]*\Z")
_THINKING = re.compile(
    r"<(think|thinking|reasoning)>.*?(?:</\1>|$)|\[THINK\].*?(?:\[/THINK\]|$)|"
    r"<\|channel\|>(?!\s*final\b).*?(?:<\|end\|>|(?=<\|channel\|>)|$)",
    re.DOTALL | re.IGNORECASE,
)
_THOUGHT = re.compile(
    r"^.*(?:</(?:think|thinking|reasoning)>|\[/THINK\]|<\|channel\|>\s*final\b[^<]*<\|message\|>)",
    re.DOTALL | re.IGNORECASE,
)
"""All before the end of a thought whose beginning the model's own template wrote, as that of several reasoning models does."""
_CONTROL_TOKEN = re.compile(r"<\|start\|>\w*|<\|\w*\|>")
"""« <|start|>assistant », « <|end|> »: what a chat template puts around a message."""
_FENCE = re.compile(r"(?:```|~~~).*?(?:```|~~~|$)", re.DOTALL)
_BLANK_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")
"""What a looping model writes without end, and the patterns below would read over and over."""
_INLINE_CODE = re.compile(r"`([^`\n]*)`?")
_IMAGE = re.compile(r"!\[[^\]]*\](?:\([^)]*\)?|\[[^\]]*\]?)?")
_LINK = re.compile(r"\[(\[?[^\[\]]*\]?)\]\([^)]*\)")
_LINKED_MARKER = re.compile(rf"\[?\s*{_NUMBERS}\s*\]?", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z!][^<>]*>")
_LINE_PREFIX = re.compile(r"^[ \t]*(?:#{1,6}|[-*•+]|>|\d{1,2}[.)])[ \t]+", re.MULTILINE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z]\w{1,30});", re.IGNORECASE)
_STRUCK = re.compile(r"(?<!~)~~(?!~)[^~\n]+~~(?!~)(?:[ \t]*\[[^\]\n]*\])*[.!?]?")
"""What the model crossed out itself, with its markers."""
_LEAD = re.compile(r"\A\s*(?:la )?(?:réponse|(?:the )?(?:final )?answer)(?: finale)?\s*:\s*", re.IGNORECASE)
_HEADING = re.compile(
    r"^[ \t]*(?:#{1,6}[ \t][^\n\[]*|\*\*[^\n\[*]*[^\n\[*.!?…]\*\*[ \t]*:?)[ \t]*$(?!\s*\[)", re.MULTILINE
)
_TABLE_HEAD = re.compile(r"(?:(?<=\A)|(?<=\n\n)|(?<=[^|\n]\n))[ \t]*\|[^\n\[]*$", re.MULTILINE)
"""A heading or a line in bold without a full stop, the first row of a table: without a marker they state nothing."""
_INSIDE_A_SENTENCE = re.compile(
    r"(?<=[^\s|])[ \t]*\n[ \t]*(?=[a-zà-öø-ÿ](?!\)))(?!(?:source|r[ée]f[ée]rence|citation|passage)s?\b)"
)
_EMPHASIS = re.compile(r"\*+|__+|~~+")
_UNFINISHED = re.compile(
    r"\[[^\]]*(?:\](?:\([^)]*)?)?\Z|<[^<>]*\Z|`[^`]*\Z|(?<!~)~~(?!~)[^~\n]*~?\Z|[!~]+\Z|«[^»]*\Z|&#?\w{0,31}\Z"
)
_MOST_IN_ONE_MARKER = 12


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence of the model without its markers; `citations` are passages that exist, `unknown` are not."""

    text: str
    citations: tuple[int, ...]
    unknown: tuple[int, ...] = ()


class DraftReader:
    """Feed it pieces of text, cut anywhere; it gives back each sentence once, when the next one has begun.

    A sentence is held until then, because its marker may follow its full stop: « …en 2025. [1] Bleu… ».
    """

    def __init__(self, passages: int) -> None:
        self._passages = passages
        self._text = ""
        self._given = 0
        self.withdrawn = 0
        """How often all that was given turned out to be a thought."""

    @property
    def length(self) -> int:
        """Characters so far that are no thought."""
        return len(_THINKING.sub("", self._text))

    def feed(self, piece: str) -> list[Draft]:
        self._text += piece
        if (">" in piece or "]" in piece) and (thought := _THOUGHT.match(rest := _THINKING.sub("", self._text))):
            self._text, self._given = rest[thought.end() :], 0
            self.withdrawn += 1
        return self._new(parse_drafts(_settled(self._text), self._passages)[:-1])

    def finish(self, *, cut: bool = False) -> list[Draft]:
        """The sentences not given yet. An unclosed code block or thought is none.

        `cut`: the model was stopped. Its last sentence is whole only if a full stop and a marker end it.
        """
        drafts = parse_drafts(self._text, self._passages)
        return self._new(drafts[:-1] if cut and not _ENDED.search(_plain(self._text)) else drafts)

    def _new(self, drafts: list[Draft]) -> list[Draft]:
        new = drafts[self._given :]
        self._given = max(self._given, len(drafts))
        return new


def parse_drafts(text: str, passages: int) -> list[Draft]:
    """The sentences of `text`, in order; `passages` is how many there are to cite, from 1."""
    # A line of a model is at least a sentence, whether it ends with a full stop or not, unless the next one goes on small.
    cleaned = _LINE_PREFIX.sub("", _INSIDE_A_SENTENCE.sub(" ", _plain(text))).replace("\n", "\n\n")
    cleaned = _AFTER_THE_STOP.sub(lambda m: f"{m.group(2).rstrip()}{m.group(1)} ", cleaned)
    drafts: list[Draft] = []
    for span in split_sentences(cleaned):
        raw = cleaned[span.start : span.end]
        numbers = list(dict.fromkeys(int(n) for n in re.findall(r"\[(\d{1,3})\]", raw)))
        known = tuple(n for n in numbers if 1 <= n <= passages)
        unknown = tuple(n for n in numbers if n not in known)
        words = _words(raw)
        if words.endswith(":") and not numbers:  # « Voici la réponse : »
            continue
        if any(character.isalnum() for character in words) and not (numbers and _LABEL.fullmatch(words)):
            drafts.append(Draft(words, known, unknown))
        elif drafts and numbers:  # a marker alone on its line belongs to what stands before it
            last = drafts[-1]
            drafts[-1] = Draft(last.text, _joined(last.citations, known), _joined(last.unknown, unknown))
    return drafts


def _words(raw: str) -> str:
    """A sentence without its markers. No bracket is left that could be read as one: « [[2]1] » leaves « (1) »."""
    said = re.sub(r"\s*\[\d{1,3}\]", "", _ACCORDING.sub("", raw))
    if said != raw and raw[:1].isupper():
        said = said.lstrip()
        said = said[:1].upper() + said[1:]
    return _tidy(said.translate(_ROUND))


def neutralise(text: str) -> str:
    """Text of an article as data for a prompt: no marker, tag, code fence, image or invisible character is left.

    Brackets become parentheses and angle brackets become ‹ ›, so that the delimiters of the prompt cannot be forged.
    """
    text = _CONTROL.sub(" ", _INVISIBLE.sub("", text)).translate(_BRACKETS)
    text = _IMAGE.sub("", text)
    text = text.translate(_HARMLESS)
    return " ".join(text.split())


def same_sentence(first: str, second: str) -> bool:
    return fold(first).strip(" .") == fold(second).strip(" .")


def _plain(text: str) -> str:
    """Markers in one form; thoughts, code, headings, images, links and tags gone; characters that hide gone."""
    text = _ENTITY.sub(lambda m: html.unescape(m.group()), text)
    text = _CONTROL.sub(" ", _INVISIBLE.sub("", text)).translate(_BRACKETS)
    text = _CONTROL_TOKEN.sub("", _THOUGHT.sub("", _THINKING.sub(" ", text)))
    text = _FENCE.sub("\n\n", text)
    text = _INLINE_CODE.sub(lambda m: m.group(1).replace("[", "(").replace("]", ")"), text)
    text = _IMAGE.sub("", text)
    text = _LINK.sub(_without_address, text.replace("\\[", "[").replace("\\]", "]"))
    text = _TABLE_HEAD.sub("", _HEADING.sub("", _STRUCK.sub("", _TAG.sub("", text))))
    text = _LEAD.sub("", _EMPHASIS.sub("", text))
    text = _RUN.sub(_joined_run, _MARKER.sub(_one_form, text))
    return _BIBLIOGRAPHY.sub("\n", _BLANK_LINES.sub("\n\n", text))


def _without_address(match: re.Match[str]) -> str:
    """« [1](#passage-1) » stays a marker, any other link leaves its words."""
    return f"[{match[1].strip('[] ')}]" if _LINKED_MARKER.fullmatch(match[1]) else match[1]


def _joined_run(match: re.Match[str]) -> str:
    return "".join(f"[{n}]" for n in re.findall(r"\d+", match.group()))


def _one_form(match: re.Match[str]) -> str:
    """« [1, 3] », « [1-3] », « [Passage ２] » → « [1][3] »…"""
    inner = _NOTE.sub("", unicodedata.normalize("NFKC", match.group(1)))
    spread = _RANGE.sub(_spread, inner)
    numbers = [int(n) for n in re.findall(r"\d+", spread)][:_MOST_IN_ONE_MARKER]
    return "".join(f"[{n}]" for n in numbers)


def _spread(match: re.Match[str]) -> str:
    first, last = int(match.group(1)), int(match.group(2))
    if not first <= last < first + _MOST_IN_ONE_MARKER:
        return match.group()
    return ", ".join(map(str, range(first, last + 1)))


def _settled(text: str) -> str:
    """`text` without an end that the next piece may turn into something else."""
    settled = _UNFINISHED.sub("", text.translate(_BRACKETS))
    before, line_break, last = settled.rpartition("\n")
    letters = re.sub(r"\W", "", fold(last))
    return before if line_break and any(label.startswith(letters) for label in _LABELS) else settled


def _tidy(text: str) -> str:
    text = re.sub(r"[ \t\n]+", " ", text).strip()
    return re.sub(r" +([.,…])", r"\1", text)


def _joined(first: tuple[int, ...], second: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(dict.fromkeys((*first, *second)))
