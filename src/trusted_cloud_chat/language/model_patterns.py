"""The regular expressions that parse a chat model's output, each named for what it matches."""

import re

# Tokens
TOKEN = re.compile(r"\d*[^\W\d_][^\W_]*|\d{1,3}(?: \d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)*|[%€$£,;:()]")
"""A word, a code, a number with its separators, or a unit or punctuation sign."""
THOUSANDS = re.compile(r"(?<=\d) |(?<=\d),(?=\d{3}(?!\d))|(?<=\d)\.(?=000(?!\d))")
LINK_TO_YEAR = re.compile(r"(?<=[^\W\d_])(?:,? (?:of|de|in) (?:l'année )?|, )(?=(?:19|20)\d\d\b)")
"""Between a month, a season or a quarter and its year: « juin de 2026 », "June, 2026"."""
SENTENCE_OPENING = re.compile(r"(?:^|[.!?…:;]|[«“\"()\n•])\s{0,4}[-•]?\s{0,4}$")
"""Matches the characters before a word that is capitalised because it opens a sentence."""

# Reasoning, code and markup around the sentences
THOUGHT = re.compile(
    r"[<\[](?:think(?:ing)?|reasoning)[>\]].*?(?:[<\[]/(?:think(?:ing)?|reasoning)[>\]]|\Z)", re.DOTALL | re.IGNORECASE
)
THOUGHT_CHANNEL = re.compile(r"<\|channel\|>(?!\s*final\b).*?(?:<\|end\|>|(?=<\|channel\|>)|\Z)", re.DOTALL)
UP_TO_THE_ANSWER = re.compile(
    r"\A.*(?:[<\[]/(?:think(?:ing)?|reasoning)[>\]]|<\|channel\|>\s*final\b[^<]*<\|message\|>)",
    re.DOTALL | re.IGNORECASE,
)
"""Everything up to the end of a thought, whose opening tag may be in the prompt template."""
CONTROL_TOKEN = re.compile(r"<\|start\|>\w*|<\|\w*\|>")
CODE_BLOCK = re.compile(r"(?:```|~~~).*?(?:```|~~~|\Z)", re.DOTALL)
FENCED_PROSE = re.compile(
    r"(?:```|~~~)[ \t]*(?:markdown|md|te?xt)?[ \t]*\n(.*?)(?:```|~~~|\Z)", re.DOTALL | re.IGNORECASE
)
FENCED_MARKDOWN = re.compile(
    r"(?:```|~~~)[ \t]*(?:markdown|md|te?xt)[ \t]*\n(.*?)(?:```|~~~|\Z)", re.DOTALL | re.IGNORECASE
)
"""Prose in a fence that names its language; `FENCED_PROSE` needs no language, for a reply with nothing outside the fence."""
INLINE_CODE = re.compile(r"`([^`\n]*)`?")
IMAGE = re.compile(r"!\[[^\]]{0,400}\](?:\([^)]*\)?|\[[^\]]*\]?)?")
LINK = re.compile(r"\[(\[?[^\[\]]*\]?)\]\([^)]{0,400}\)")
TAG = re.compile(r"</?[a-zA-Z!][^<>]*>")
STRUCK_OUT = re.compile(r"(?<!~)~~(?!~)[^~\n]+~~(?!~)(?:[ \t]*\[[^\]\n]{0,100}\])*[.!?]?")
LIST_SIGN = re.compile(r"[ \t]*(?:#{1,6}|[-*•+]|>|\d{1,2}[.)])[ \t]+")
TABLE_RULE = re.compile(r"\|?(?:[ \t]*:?-{2,}:?[ \t]*\|)+(?:[ \t]*:?-{2,}:?[ \t]*)?\|?")
LINE_INSIDE_A_SENTENCE = re.compile(r"(?<=[^\s|])[ \t]*\n[ \t]*(?=[a-zà-öø-ÿ](?!\)))")
ANSWER_LABEL = re.compile(
    r"\A\s*\**(?:la )?(?:réponse|(?:the )?(?:final )?answer)(?: finale)?\s*:\s*\**\s*", re.IGNORECASE
)

# Citation markers: the number of a passage (2) or of its sentence (2.3)
MARKER = re.compile(r"\[([^\[\]\d]{0,24}\d{1,3}(?!\d)[^\[\]]{0,60})\]")
MARKER_RANGE = re.compile(r"(?<![\d.])(\d{1,3})\s*(?:[-–]|à|to)\s*(\d{1,3})(?![\d.])")
SENTENCE_RANGE = re.compile(r"(?<![\d.])(\d{1,3})\.(\d{1,2})\s*(?:[-–]|à|to)\s*(?:\1\.)?(\d{1,2})(?![\d.])")
POINTER = re.compile(r"(\d{1,3})(?:\.(\d{1,2}))?")
ONE_MARKER = re.compile(r"(?<!\s)\s*+\[(\d{1,3}(?:\.\d{1,2})?)\]")
SINGLE_MARKERS = re.compile(
    r"\(\s*((?:\[\d{1,3}(?:\.\d+)?\]\s*)+)\)|(?<=\])\s*(?:[,;&]|et\b|and\b)\s*(?=\[\d{1,3}(?:\.\d+)?\])"
)
ACCORDING_TO_PASSAGE = re.compile(
    r"\b(?:d['’]après|selon|according to|voir|see|cf\.?) (?:(?:l[ae] |the )?(?:passage|phrase|source) )?"
    r"(?:\[[\d.]+\])+,?\s*",
    re.IGNORECASE,
)
PASSAGE_NUMBER = re.compile(r"\b((?:passage|phrase|sentence|source) )(\d{1,3}(?:\.\d{1,2})?)(?=,)", re.IGNORECASE)
MARKERS_AFTER_STOP = re.compile(
    r"(?<![.!?…])([.!?…]++(?:[ \t]*+(?:[»”\"')*]|(?![ \t])\s))*+)[ \t]*+((?:\[\d{1,3}(?:\.\d+)?\][ \t]*)+)(?=\s|\Z)"
)
ENDED_AND_MARKED = re.compile(
    r"(?:[.!?…][»”\"')\s]*+(?:\[\d{1,3}(?:\.\d+)?\]\s*+)++|\[\d{1,3}(?:\.\d+)?\]\s*+[.!?…])[»”\"')\s]*+\Z"
)
WHOLE_NUMBER = re.compile(r"(?<![\w.,])\d{1,6}(?![\w]|[.,]\d)")
OPINION = re.compile(
    r"^\W{0,4}(\d{1,3})[ \t]*[|:][ \t]*\**(suit|contredit|absent|follows|contradicts)\b\**[ \t]*[|:]?(.*)$", re.M | re.I
)
"""A line of a second opinion: « 2 | contredit | n’est pas qualifié »."""
MAY_GO_ON = re.compile(
    r"(?:\[[^\]]{0,400}(?:\](?:\([^)]{0,400})?)?|<[^<>]*|`[^`]*|~~?[^~\n]*~?|(?<![!~])[!~]++|«[^»]{0,400}|&#?\w{0,31})\Z"
)
"""The end of a streamed text that the next piece may complete to markup or a marker."""
