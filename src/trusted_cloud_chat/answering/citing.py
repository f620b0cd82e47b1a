"""Makes the citation of a sentence: its context, source, date and translation."""

from collections.abc import Callable
from itertools import islice, takewhile

from trusted_cloud_chat.answering.sentences import leans_back
from trusted_cloud_chat.language import patterns
from trusted_cloud_chat.language.blocks import block_at, blocks_after
from trusted_cloud_chat.language.senses import says
from trusted_cloud_chat.language.sentences import sentences_in
from trusted_cloud_chat.schema import Article, Citation, Span, Statement

_BESIDE, _MOST_WORDS = 2, 80
"""Maximum sentences of context on each side of a quote, and maximum words including the quote."""
_MANY_WORDS = 60
"""Maximum words of a leading quote with the sentences after it."""
_FEW_WORDS = 45
"""Maximum words of a quote with the next sentence, if a line above already answers."""
_LISTED, _MOST_LISTED = 8, 120
"""Maximum items and words of a list that a quote introduces."""
_SCRAP = 4
"""Maximum words of a quote that needs the next sentence: « Oui, sans frais. »"""


def citation_of(
    n: int,
    article: Article,
    span: Span,
    statement: Statement | None = None,
    beside: Callable[[Article, Span], Statement | None] = lambda _article, _span: None,
    is_near: Callable[[int], bool] = lambda _start: True,
) -> Citation:
    """Citation number `n`. `statement`: the enrichment of the sentence; `beside` looks up that of a neighbour; the
    context ends before the first neighbour that `is_near` rejects by its offset.
    """
    around = _around(article.text, span, _BESIDE, _BESIDE, is_near=is_near)
    least = needed(Citation(n, article, span.start, span.end))
    around = Span(min(around.start, least.start), max(around.end, least.end))
    context = None if around == span else around
    if statement is None:
        return Citation(n, article, span.start, span.end, context)
    told = {one.start: beside(article, one) for one in sentences_in(article.text, around)} | {span.start: statement}
    translations = {start: one.translation for start, one in told.items() if one and one.translation}
    source = statement.source.publisher if statement.source else ""
    said_by = "" if source == article.publisher else source
    said_on = None if statement.said_by == "article" else statement.said_on
    return Citation(n, article, span.start, span.end, context, said_by, said_on, translations)


def needed(citation: Citation) -> Span:
    """The quote with the context that it needs: the list or code that it introduces; the next sentence if the quote is very
    short, or states a plan that the next sentence withdraws; the previous sentence if the quote refers back.
    """
    article, quote = citation.article, citation.quote
    alone = Span(citation.start, citation.end)
    if (end := _announced(article.text, alone)) > alone.end:
        return Span(alone.start, end)
    after = _around(article.text, alone, 0, 1)
    if after != alone and (len(quote.split()) <= _SCRAP or _taken_back(citation, after)):
        return after
    around = _around(article.text, alone, 1, 0)
    return around if leans_back(quote, article.text[around.start : alone.start], article) else alone


def forms(citation: Citation) -> tuple[Span, ...]:
    """All spans in which a quote may be shown, the longest first."""
    alone, around = Span(citation.start, citation.end), citation.around
    after, before = Span(alone.start, around.end), Span(around.start, alone.end)
    return around, onward(citation), after, before, brief(citation), needed(citation), alone


def onward(citation: Citation) -> Span:
    """The quote with the sentences after it, and with the context that it needs; all its context in an enriched article."""
    if citation.article.is_enriched:
        return citation.around
    after = _around(citation.article.text, Span(citation.start, citation.end), 0, _BESIDE, _MANY_WORDS)
    least = needed(citation)
    return Span(least.start, max(after.end, least.end))


def brief(citation: Citation) -> Span:
    """The quote with the next sentence if both are short, and with the context that it needs."""
    few = _around(citation.article.text, Span(citation.start, citation.end), 0, 1, _FEW_WORDS)
    least = needed(citation)
    return Span(least.start, max(min(few.end, citation.around.end), least.end))


def _announced(text: str, span: Span) -> int:
    """The end of the list or code that a sentence introduces with a colon; else its own end."""
    end, words = span.end, 0
    if not text[span.start : end].rstrip("*_ ").endswith(":"):
        return end
    for block in islice(blocks_after(text, end), _LISTED):
        words += len(text[block.start : block.end].split())
        listed = block.kind in ("item", "code") or patterns.LISTED.match(text, block.start)
        if not listed or words > _MOST_LISTED:
            break
        end = block.end
        if block.kind == "code":
            break
    return end


def _taken_back(citation: Citation, after: Span) -> bool:
    language = citation.article.language
    following = citation.article.text[citation.end : after.end]
    return says("plan", citation.quote, language) and says("withdrawn", following, language)


def _around(
    text: str,
    span: Span,
    before: int,
    after: int,
    most: int = _MOST_WORDS,
    is_near: Callable[[int], bool] = lambda _start: True,
) -> Span:
    """`span` with up to `before` and `after` sentences of its paragraph, each of which `is_near`, and `most` words in all;
    headings, rows and code stay alone.
    """
    block = block_at(text, span.start)
    if block is None or block.whole or span.end > block.end:
        return span
    sentences = sentences_in(text, Span(block.start, block.end))
    preceding = [one for one in reversed(sentences) if one.end <= span.start]
    following = [one for one in sentences if one.start >= span.end]
    earlier = [one.start for one in takewhile(lambda one: is_near(one.start), preceding)][:before]
    later = [one.end for one in takewhile(lambda one: is_near(one.start), following)][:after]
    start, end = span.start, span.end
    for n in range(max(before, after)):
        if n < len(later) and _fits(text, start, later[n], most):
            end = later[n]
        if n < len(earlier) and _fits(text, earlier[n], end, most):
            start = earlier[n]
    return Span(start, end)


def _fits(text: str, start: int, end: int, most: int) -> bool:
    return len(text[start:end].split()) <= most
