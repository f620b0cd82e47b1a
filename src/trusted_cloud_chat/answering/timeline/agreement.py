"""How many independent sources say what a quote says, and which say otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from trusted_cloud_chat.answering.timeline.statements import opens_with_pronoun, sentence_before, sentences_of
from trusted_cloud_chat.answering.wording import UNKNOWN_PUBLISHER, is_synthesis
from trusted_cloud_chat.evidence.names import names_in
from trusted_cloud_chat.evidence.ranking import Selected
from trusted_cloud_chat.language import patterns
from trusted_cloud_chat.language.calendar_words import classes
from trusted_cloud_chat.language.normalise import fold
from trusted_cloud_chat.language.stems import content_words, lexical_tokens
from trusted_cloud_chat.retrieval.near_duplicates import Shingles, shingles
from trusted_cloud_chat.schema import Article, Language, Passage

_REPORTS = 0.6
"""Share of the shorter sentence's content words from which another reports the same."""
_LEAST = 4
"""Content words that the two share at least: short sentences have half their words in common by chance."""
_COPIED, _SAME_WORDS, _FEW_RUNS = 0.5, 0.9, 16
"""Share of a passage's runs of three words from which it is a copy of what another article has, that of one of few runs, and how few."""
_ABOUT_THE_SAME = 0.5
_SAME_TIME_DAYS = 120


def sources_of(article: Article) -> frozenset[str]:
    """Folded names of the publications behind an article: those that a synthesis names, else its own; empty where none is known."""
    publishers = [source.publisher for source in article.sources] if is_synthesis(article) else []
    return frozenset(filter(None, map(publication, publishers or [article.publisher or ""])))


def is_source(article: Article, synthesis: Article) -> bool:
    """Whether `article` is one of the pages that a synthesis was written from."""
    if not is_synthesis(synthesis) or is_synthesis(article):
        return False
    return any(source.url and source.url in (article.path, article.url) for source in synthesis.sources)


def publication(publisher: str) -> str:
    """« kennycaldieraro.fr (reprise ZDNet) » is `kennycaldieraro.fr`; empty where it is not known."""
    folded = fold(publisher)
    return "" if any(word in folded for word in UNKNOWN_PUBLISHER) else folded.partition("(")[0].strip()


def independent(reports: Iterable[frozenset[str]]) -> int:
    """How many publications stand behind `reports` at least: those of them that share none, the clearest first.

    A synthesis of ten publications may have any of them for one sentence; that is one source, and not ten.
    """
    seen: frozenset[str] = frozenset()
    count = 0
    for report in sorted(reports, key=len):
        if report and not report & seen:
            count += 1
            seen |= report
    return count


def count_sources(leading: Selected, passages: Sequence[Passage]) -> int:
    """Independent publications that report what `leading` says, itself included."""
    found: list[Article] = [leading.passage.article]
    for passage in passages:
        alike = (
            _share(leading, other, _LEAST) >= _REPORTS
            and figures(leading.text) == figures(other.text)
            and _named_alike(leading, other)
            for other in sentences_of(passage)
        )
        if any(alike) and not any(_is_copy(passage, article) for article in found):
            found.append(passage.article)
    return independent(map(sources_of, found))


def _is_copy(passage: Passage, article: Article) -> bool:
    """Whether most of what the passage says stands in another article, in a row, be it with another figure: one text, in two files."""
    if passage.article.article_id == article.article_id:
        return False
    runs = _runs_of(passage.text, passage.article.language)
    share = len(runs & _runs_of(article.text, article.language)) / max(1, len(runs))
    return share > (_COPIED if len(runs) >= _FEW_RUNS else _SAME_WORDS)


@lru_cache(maxsize=64)
def _runs_of(text: str, language: Language) -> Shingles:
    """Whatever figures stand in them."""
    return shingles([patterns.DIGITS.sub("0", token) for token in lexical_tokens(text, language)])


def _named_alike(leading: Selected, other: Selected) -> bool:
    """Whether `other` names whatever `leading` does: « hébergée à Orléans » and « hébergée à Toulouse » share all but what they say.

    Where `leading` opens with a pronoun, whom it means stands in the sentence before.
    """
    said = {fold(word) for word in patterns.LETTERS.findall(f"{other.passage.article.title} {_with_before(other)}")}
    text, before = leading.text, ""
    if opens_with_pronoun(text, leading.passage.article):
        before = _with_before(leading).removesuffix(text)
    meant = names_in(before)
    return names_in(text) <= said and (not meant or bool(meant & said))


def _with_before(selected: Selected) -> str:
    before = sentence_before(selected)
    return selected.passage.article.text[before.start if before else selected.span.start : selected.span.end]


def disagreeing(quotes: Sequence[Selected]) -> list[Selected]:
    """Of the quotes after the first those that give other figures about the same at about the same time, from other sources."""
    if not quotes or not figures(quotes[0].text):
        return []
    first = quotes[0]
    return [
        other
        for other in quotes[1:]
        if figures(other.text)
        and not figures(first.text) & figures(other.text)
        and _share(first, other) >= _ABOUT_THE_SAME
        and abs(first.published - other.published) <= _SAME_TIME_DAYS
        and first.passage.article.article_id != other.passage.article.article_id
        and not sources_of(first.passage.article) & sources_of(other.passage.article)
    ]


def figures(text: str) -> frozenset[str]:
    """Numbers as they stand, years left out."""
    return frozenset(number for number in patterns.FIGURE.findall(text) if "Y" not in classes(number))


def _share(one: Selected, other: Selected, least: int = 1) -> float:
    """Of the shorter one's content words that the other has; none where they have fewer than `least` in common."""
    a, b = (content_words(choice.text, choice.passage.article.language) for choice in (one, other))
    return len(a & b) / max(1, min(len(a), len(b))) if len(a & b) >= least else 0.0
