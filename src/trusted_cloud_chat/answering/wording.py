"""The text around quotes, in French and English. Nothing here states a fact about the market."""

from collections.abc import Sequence

from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.language import patterns
from trusted_cloud_chat.language.blocks import blocks_after, context_of, plain, shown
from trusted_cloud_chat.language.headings import place_in
from trusted_cloud_chat.language.normalise import fold, one_line
from trusted_cloud_chat.language.pages import page_of
from trusted_cloud_chat.language.rows import row_of
from trusted_cloud_chat.schema import Article, Citation, Coverage, Language, Span

NBSP = "\u00a0"
MARK = "**"
"""Marks a quote within its paragraph, as Markdown does."""
UNKNOWN_PUBLISHER = ("non identifie", "unidentified", "inconnu")
"""Parts of the name of an unknown publisher."""


def colon(language: Language) -> str:
    """A colon, in French after a no-break space."""
    return ":" if language == "en" else f"{NBSP}:"


def attribution(article: Article, language: Language) -> str:
    """Source and date of an article: « Orange, 15 janvier 2024 », « synthèse du 12 mars 2026 d’après LeMagIT (+8) »."""
    names = _sources_of(article)
    if not names:
        return f"{publisher_of(article, language)}, {date_of(article.date, language)}"
    more = more_sources(article)
    if language == "en":
        return f"summary{_of(article, language)} based on {typographic(names[0])}{more}"
    return f"synthèse{_of(article, language)} d’après {typographic(names[0])}{more}"


def more_sources(article: Article) -> str:
    """« (+8) »: the number of sources besides the first; empty without any."""
    others = len(_sources_of(article)) - 1
    return f" (+{others})" if others > 0 else ""


def origin(citation: Citation, language: Language) -> str:
    """Source, date and place of a quote: « Orange, 15 janvier 2024, p. 3 ». The title comes first if an original has a place, or if the source is unknown."""
    article = citation.article
    who, place = said_by(citation, language), on_page(article, citation.start)
    known = citation.said_by or article.publisher or _sources_of(article)
    titled = not known or (place and not is_synthesis(article))
    return f"{one_line(typographic(article.title))}, {who}{place}" if titled else f"{who}{place}"


def said_by(citation: Citation, language: Language) -> str:
    """Source and date of a quote: those of its statement if known, else of the article; never the statement's source with the article's date."""
    article, day = citation.article, citation.said_on
    if not citation.said_by:
        return attribution(article, language)
    if not is_synthesis(article):
        reported = publisher_of(article, language) if day else attribution(article, language)
    else:
        reported = ("our summary" if language == "en" else "notre synthèse") + ("" if day else _of(article, language))
    told = ", ".join(filter(None, (typographic(citation.said_by), day.spoken(language) if day else "")))
    return f"{told}, {'cited by' if language == 'en' else 'cité par'} {reported}"


def _of(article: Article, language: Language) -> str:
    """« du 12 mars 2026 »."""
    if article.date is None:
        return ""
    return f" of {article.date.spoken(language)}" if language == "en" else f" {of_day(article.date)}"


def on_page(article: Article, start: int) -> str:
    """« , p. 3, Livre Ier, article R2191-3 »: page and headings at `start`; empty without either."""
    page, place = page_of(article.text, start), place_in(article.text, start, article.title)
    return ("" if page is None else f", p.{NBSP}{page}") + (f", {place}" if place else "")


def publisher_of(article: Article, language: Language) -> str:
    """The publisher as shown; a synthesis is never shown as the words of its source."""
    names = _sources_of(article)
    if names:
        shown = typographic(names[0])
        return f"summary based on {shown}" if language == "en" else f"synthèse d’après {shown}"
    if article.publisher:
        return typographic(article.publisher)
    return "publisher not stated" if language == "en" else "éditeur non précisé"


def is_synthesis(article: Article) -> bool:
    """Whether the article summarises other publications in our words."""
    return article.source_type == "synthese"


def _sources_of(article: Article) -> list[str]:
    """The publishers of a synthesis's sources, each once, unknown ones last; empty for other articles."""
    if not is_synthesis(article):
        return []
    names = list(dict.fromkeys(source.publisher for source in article.sources))
    return sorted(names, key=lambda name: any(word in fold(name) for word in UNKNOWN_PUBLISHER))


def typographic(name: str) -> str:
    """A name or title as shown, with typographic apostrophes: « L’Usine Digitale ». JSON keeps the stored form."""
    return patterns.STRAIGHT_APOSTROPHE_IN_WORD.sub("’", name)


def date_of(published: PartialDate | None, language: Language) -> str:
    if published is None:
        return "undated" if language == "en" else "sans date"
    return published.spoken(language)


def words_of(citation: Citation, among: Span | None = None) -> str:
    """A quote as shown: without Markdown, after its context in brackets; a table row with the names of its columns.

    `among`: the span to show around the quote, which then stands between `MARK`s.
    """
    text, start, end = citation.article.text, citation.start, citation.end
    row = row_of(text, start, citation.article.language)
    if row:
        return row
    said = shown(text, start, end)
    if among is not None and (among.start, among.end) != (start, end):
        before, after = text[among.start : start].rstrip(), text[end : among.end].lstrip()
        further = [shown(text, block.start, block.end) for block in blocks_after(text, end) if block.end <= among.end]
        after = " · ".join(further) if further else plain(after)
        said = " ".join(filter(None, (plain(before), f"{MARK}{said}{MARK}", after)))
    context = context_of(text, start)
    return f"[{context}] {said}" if context else said


def quoted(text: str, quote_language: Language, language: Language) -> str:
    """The quote in the quotation marks of the answer's language, with a note if the quote is in the other language."""
    flat = one_line(text)
    if language == "en":
        return f"“{flat}”" + (" (in French)" if quote_language == "fr" else "")
    return f"«{NBSP}{flat}{NBSP}»" + (" (en anglais)" if quote_language == "en" else "")


def translation_of(citation: Citation, language: Language, among: Span) -> str:
    """Our translation of the span `among` shown of a quote; empty without one, or if the quote is in `language`."""
    if not citation.translation or citation.article.language == language:
        return ""
    told = (text for start, text in sorted(citation.translations.items()) if among.start <= start < among.end)
    said = " ".join(dict.fromkeys(told))  # two sentences may share one translation
    return (
        f"{'Our translation:' if language == 'en' else f'Notre traduction{NBSP}:'} {quoted(said, language, language)}"
    )


def further_title(count: int, language: Language) -> str:
    """The title of the folded quotes: « 2 autres extraits : »."""
    more = "s" if count > 1 else ""
    return f"{count} further extract{more}:" if language == "en" else f"{count} autre{more} extrait{more}{NBSP}:"


def is_further_title(line: str, language: Language) -> bool:
    count = line.partition(" ")[0]
    return count.isdecimal() and line == further_title(int(count), language)


def grouped(number: int, language: Language) -> str:
    """« 1 204 », "1,204"."""
    return f"{number:,}" if language == "en" else f"{number:,}".replace(",", NBSP)


def articles_count(count: int, language: Language) -> str:
    """« 0 article », « 1 article », « 1 204 articles », "0 articles", "1,204 articles"."""
    one = count == 1 or (count == 0 and language == "fr")
    return f"{grouped(count, language)} article{'' if one else 's'}"


def span_of(first: PartialDate, last: PartialDate, language: Language) -> str:
    """« de décembre 2014 au 19 septembre 2026 », « d’août 2020 à mars 2021 », « en mars 2026 »."""
    begin, end = first.spoken(language), last.spoken(language)
    if language == "en":
        one = f"{'on' if first.day else 'in'} {begin}"
        return one if first == last else f"from {begin} to {end}"
    if first == last:
        return f"{'le' if first.day else 'en'} {begin}"
    return f"{of_day(first)} {'au' if last.day else 'à'} {end}"


def extent_of(coverage: Coverage, language: Language, *, published: bool = True) -> str:
    """« 179 articles parus de décembre 2014 à août 2026 », « 230 articles, dont 195 sans date ; les autres parus… »."""
    count, undated = articles_count(coverage.articles, language), coverage.undated
    if coverage.first is None or coverage.last is None:
        return count
    span, english, dated = (
        span_of(coverage.first, coverage.last, language),
        language == "en",
        coverage.articles - undated,
    )
    if published:
        span = f"{'published' if english else 'paru' if dated == 1 else 'parus'} {span}"
    if not undated:
        return f"{count}{' ' if published else ', '}{span}"
    if english:
        return f"{count}, {grouped(undated, language)} of them undated and {grouped(dated, language)} {span}"
    return f"{count}, dont {grouped(undated, language)} sans date et {grouped(dated, language)} {span}"


def of_day(day: PartialDate) -> str:
    """« du 12 mars 2026 », « d’août 2020 », « de 2025 »."""
    said = day.spoken("fr")
    return f"{'du ' if day.day else 'd’' if said[0] in 'ao' else 'de '}{said}"


def next_title(language: Language) -> str:
    """The title of the next questions."""
    return "To go on:" if language == "en" else f"Pour continuer{NBSP}:"


def missing_line(names: Sequence[str], language: Language) -> str:
    """The line with the names that no quote mentions."""
    listed = ", ".join(names)
    if language == "en":
        return f"Not found in the passages read: anything about {listed}."
    return f"Rien trouvé, dans les passages lus, sur{NBSP}: {listed}."
