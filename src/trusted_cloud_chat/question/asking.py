"""Extracts the questions of a text: those beside sentences of context, and several in one sentence."""

from collections.abc import Callable, Sequence
from itertools import pairwise

from trusted_cloud_chat.language import patterns
from trusted_cloud_chat.language.senses import spans_of
from trusted_cloud_chat.language.sentences import split_sentences
from trusted_cloud_chat.language.stems import content_words
from trusted_cloud_chat.language.words import words
from trusted_cloud_chat.schema import Language

MOST_QUESTIONS = 5
"""Maximum number of questions answered separately per text."""
_SHORT = 5
"""Maximum number of words in a shared subject before a comma, and in a part without a question word after a shared subject."""
_LONGEST_HEAD = 10
"""Maximum number of words in a shared subject before a colon."""
_QUOTES = "«»"


def asking(text: str, language: Language, is_talk: Callable[[str], bool]) -> list[str]:
    """The sentences that ask something, without small talk, at most `MOST_QUESTIONS`; empty if the text has one sentence.

    After the first question, a sentence needs no « ? » if it starts or ends with a question word: « … ? et c’est fini quand ».
    """
    sentences = [part for span in split_sentences(text) for part in _cut(text[span.start : span.end])]
    if len(sentences) < 2:
        return []
    first = next((n for n, one in enumerate(sentences) if one.endswith("?")), len(sentences))
    asked = [one for n, one in enumerate(sentences) if one.endswith("?") or (n > first and _asks(one, language))]
    return [one for one in asked if not is_talk(one)][:MOST_QUESTIONS]


def _cut(sentence: str) -> list[str]:
    """Cuts after each question mark outside « », even before a lower-case letter, where `split_sentences` does not cut."""
    parts, open_part = [], ""
    for piece in sentence.split("?")[:-1]:
        open_part += f"{piece}?"
        if open_part.count(_QUOTES[0]) == open_part.count(_QUOTES[1]):
            parts.append(open_part.strip())
            open_part = ""
    rest = (open_part + sentence.rpartition("?")[2]).strip()
    return [one for one in (*parts, rest) if patterns.LETTER_OR_DIGIT.search(one)]  # drops the second mark of « ?? »


def coordinated(text: str, language: Language) -> list[str]:
    """Splits a text at « et », « , », « ; » and « + » into questions: « Qui a racheté X », « pour combien ? »; empty if it is one question."""
    head = _head(text, language)
    signs = [(head, head), *(sign for sign in _signs(text, language) if sign[0] >= head), (len(text), len(text))]
    begins: list[int] = []
    sure = by_words = asked = False
    for (start, begin), (end, after) in pairwise(signs):
        piece, sign = text[begin:end], text[start:begin].strip()
        if begins and sign == "," and not asked and not content_words(piece, language):
            continue  # « la qualification, on en est où ? »
        asked = _asks(piece, language, first=not begins)
        named = bool(head) and 0 < len(words(piece)) <= _SHORT and not by_words and not _names_only(piece, language)
        by_words = by_words or (asked and not begins)
        added = "+" in (sign, text[end:after].strip()) or named
        asks = added or asked
        if not begins and not asks:
            return []
        if (
            len(begins) == 1
            and sign == ","
            and _asks_whether(piece, language)
            and _opens_clause(text[begins[0] :], language)
        ):
            return []  # « Quand on part, est-ce que c’est payant ? »
        if asks:
            sure = sure or (bool(begins) and (added or sign != "," or not _opens_clause(piece, language)))
            begins.append(begin)
    cut = [text[a:b] for a, b in pairwise([*begins, len(text)])]
    cut = [one.strip() if n == len(cut) - 1 else _without_sign(one, language) for n, one in enumerate(cut)]
    parts = [f"{text[:head]} {one.strip()}".strip() for one in cut]
    several = len(parts) > 1 and (sure or len(parts) > 2)
    # « Où et quand » is one question; « Qui dirige Bleu et depuis quand » is two.
    return parts[:MOST_QUESTIONS] if several and content_words(parts[0], language) else []


def shared_head(questions: Sequence[str]) -> int:
    """The length of the subject, up to its colon, with which all questions start; 0 without one."""
    head = questions[0][: questions[0].find(":") + 1]
    return len(head) if all(one.startswith(head) for one in questions) else 0


def pieces(text: str, language: Language) -> list[str]:
    """Splits a question at punctuation and « et » into pieces of at least two words, from the first that asks something; empty for one piece."""
    signs = [(0, 0), *sorted([*_signs(text, language), *(one.span() for one in patterns.CLAUSE_SIGN.finditer(text))])]
    cut = [text[a:b] for (_, a), (b, _) in pairwise([*signs, (len(text), len(text))])]
    cut = [one.strip() for one in cut if len(words(one)) > 1 and content_words(one, language)]
    asks = next((n for n, one in enumerate(cut) if _asks(one, language, first=True)), 0)
    return cut[asks:] if len(cut) > 1 else []


def _head(text: str, language: Language) -> int:
    """The end offset of a subject shared by all parts (« Le port : », « Le port, »); 0 without one."""
    colon = text.find(":") + 1
    if 0 < len(words(text[:colon])) <= _LONGEST_HEAD and not spans_of("question_word", text[:colon], language):
        return colon
    comma = text.find(",") + 1
    subject = text[:comma]
    is_subject = 0 < len(words(subject)) <= _SHORT and not spans_of("question_word", subject, language)
    return comma if is_subject and _asks(text[comma:], language) else 0


def _signs(text: str, language: Language) -> list[tuple[int, int]]:
    """Character spans of « et », « , », « ; » and « + », in order."""
    return sorted(
        [*spans_of("conjunction", text, language), *(one.span() for one in patterns.LIST_SIGN.finditer(text))]
    )


def _without_sign(piece: str, language: Language) -> str:
    """Strips trailing separators: « Qui dirige le port, et » → « Qui dirige le port »."""
    signs = [start for start, end in _signs(f"{piece} ", language) if not piece[end:].strip(" ,")]
    return piece[: min(signs, default=len(piece))].strip(" ,;")


def _asks(piece: str, language: Language, *, first: bool = False) -> bool:
    """Whether a piece asks something: a question word at its start or end (« pour combien ? »); in the `first` piece, anywhere."""
    said = [word.start for word in words(piece)]
    asked = {start for start, _ in spans_of("question_word", piece, language)}
    before = {start for start, _ in spans_of("before_question_word", piece, language)}
    if first:
        if spans_of("whether_anywhere", piece, language) or spans_of("whether", piece, language):
            return True
        clear = asked - {start for start, _ in spans_of("clause_word", piece, language)}
        if clear or any(a in before and b in asked for a, b in pairwise(said)):
            return True
    asks = bool(said) and bool(asked & {said[0], said[-1]} or (said[0] in before and asked & set(said[1:2])))
    return asks or _asks_whether(piece, language)


def _asks_whether(piece: str, language: Language) -> bool:
    """Whether a piece starts like a yes/no question: « est-ce que la ville paie », « puis-je y entrer »."""
    first = next((word.start for word in words(piece)), -1)
    return any(start == first for start, _ in spans_of("whether_anywhere", piece, language))


def _names_only(piece: str, language: Language) -> bool:
    """Whether all content words of a piece have a capital, as in names to compare: « OVHcloud », « le Louvre »."""
    return all(word.has_capital for word in words(piece) if content_words(word.text, language))


def _opens_clause(piece: str, language: Language) -> bool:
    """Whether a piece starts with a conjunction of a subordinate clause: « , quand on part d’ailleurs »."""
    said = [word.start for word in words(piece)]
    return said[0] in {start for start, _ in spans_of("clause_word", piece, language)}
