"""Checks of the articles. They give advice only, since the product answers from any articles."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import partial
from pathlib import Path

from trusted_cloud_chat.corpus import PAGES, read_format
from trusted_cloud_chat.doctor.checks import INGEST, Check, Name, look
from trusted_cloud_chat.doctor.reprints import reprints
from trusted_cloud_chat.enrichment.home import EnrichmentHome, digest_of
from trusted_cloud_chat.enrichment.run import left_out_of
from trusted_cloud_chat.enrichment.sidecar import header_of
from trusted_cloud_chat.errors import ArticleError, TrustedCloudChatError, counted
from trusted_cloud_chat.ingestion import held, lacking
from trusted_cloud_chat.language.senses import Phrases, table
from trusted_cloud_chat.language.words import words
from trusted_cloud_chat.schema import Article
from trusted_cloud_chat.settings import Settings

_MOST_NAMED = 3
_LEAST_TAKEN = 0.8
_SYNTHESIS = "synthese"
_FIELDS: dict[Name, tuple[str, str, str]] = {
    "dates": ("date", "a date, so that answers as of a day omit them", "every article has one"),
    "publishers": ("publisher", "a publisher, by which a reader judges a quote", "every article has one"),
    "addresses": (
        "url", "an address that a reader could open", "every article, or one of its sources, can be opened",
    ),
}  # fmt: skip
"""Check → the required field, its purpose, and the finding if every article has it."""
_UNCORROBORATED = {language: Phrases(table(language)["uncorroborated"]) for language in ("fr", "en")}


def article_checks(settings: Settings, today: date) -> Iterator[Check]:
    """Nothing if the index cannot be read: the checks of the index report that."""
    articles: list[Article] = []
    with suppress(TrustedCloudChatError):
        articles = held(settings.home)[1]
    if not articles:
        return
    files = {a.article_id: settings.corpus / a.path for a in articles if a.in_corpus}
    lacks = lacking(articles)
    for name, (key, *_) in _FIELDS.items():
        yield look(name, partial(_lacks, name, lacks[key]))
    yield look("sources", lambda: _sources(articles))
    yield look("pages", lambda: _pages(files))
    yield look("near-duplicates", lambda: _reprints(articles, files))
    yield look("enrichment", lambda: _enrichment(articles, files, EnrichmentHome.of(settings.home)))
    yield look("freshness", lambda: _freshness(articles, settings.stale_days, today))


def _enrichment(articles: Sequence[Article], files: Mapping[str, Path], home: EnrichmentHome) -> Check:
    """Articles of the corpus without enrichment or with an outdated one, and rows that a language model's runs left out."""
    without = [a.article_id for a in articles if a.article_id in files and not a.is_enriched]
    stale = [a.article_id for a in articles if a.article_id in files and _is_stale(a, files, home)]
    left_out = left_out_of(home)
    told = [f"{_counted(without)} without enrichment"] if without else []
    told += [f"{_counted(stale)} edited since their enrichment was written"] if stale else []
    if left_out:
        why = "; ".join(f"{one['article_id']}: {one['reason']}" for one in left_out[:_MOST_NAMED])
        told.append(f"{counted(len(left_out), 'row')} left out by enrich ({why})")
    if not stale:  # missing enrichment is no problem: questions are answered without it
        return Check("enrichment", "ok", "; ".join(told) or "every article of the corpus has one")
    return Check("enrichment", "advice", "; ".join(told), "trusted-cloud-chat enrich", _counted(stale))


def _is_stale(article: Article, files: Mapping[str, Path], home: EnrichmentHome) -> bool:
    place = home.found(files[article.article_id])
    header = header_of(place) if place else None
    known = header.text_sha256 if header else None
    return known is not None and known != digest_of(article.text)


def _lacks(name: Name, ids: Sequence[str]) -> Check:
    key, what, none = _FIELDS[name]
    if not ids:
        return Check(name, "ok", none)
    told = f"{_counted(ids)} without {what}: add `{key}` to the front matter or NAME.meta.yaml"
    return Check(name, "advice", told, INGEST, _counted(ids))


def _sources(articles: Sequence[Article]) -> Check:
    """Syntheses whose sources cannot be opened, and texts that call themselves uncorroborated."""
    syntheses = [a for a in articles if a.sources or a.source_type == _SYNTHESIS]
    unopened = [a.article_id for a in syntheses if not any(source.url for source in a.sources)]
    alone = [a.article_id for a in articles if _UNCORROBORATED[a.language].found_in(words(f"{a.title}\n{a.text}"))]
    told = []
    if unopened:
        told.append(f"{_counted(unopened)} with sources that all lack an address")
    if alone:
        told.append(f"{_counted(alone)} that call a fact unconfirmed by a second source")
    if not told:
        return Check("sources", "ok", "syntheses have sources with an address, and no text calls itself uncorroborated")
    told_how = f"{'; '.join(told)}: add a source under `sources` in the front matter or NAME.meta.yaml"
    return Check("sources", "advice", told_how, INGEST, _counted(unopened or alone))


def _pages(files: Mapping[str, Path]) -> Check:
    """Pages of which only a part was extracted. They are read again, since the index stores only that part."""
    little = [f"{name} ({share:.0%})" for name, path in files.items() if (share := _taken(path)) < _LEAST_TAKEN]
    if not little:
        return Check("pages", "ok", "the text of every page was extracted")
    told = f"{_counted(little)}, pages of which less than {_LEAST_TAKEN:.0%} was extracted: save the missing text in a file beside each"
    return Check("pages", "advice", told, INGEST, _counted(little))


def _taken(path: Path) -> float:
    if path.suffix.lower() not in PAGES or not path.is_file():
        return 1.0
    try:
        return min(found.taken for found in read_format(path))
    except ArticleError:
        return 1.0  # ingest reports it


def _reprints(articles: Sequence[Article], files: Mapping[str, Path]) -> Check:
    """`files` are those of the corpus, by article: an article returns with the next run unless its file is deleted."""
    every = reprints(articles)
    parts = [(one, other) for one, other, kind in every if kind == "part"]
    pairs = [(one, other) for one, other, kind in every if kind == "copy"]
    of_wholes = "; ".join(f"{part} is a part of {whole}" for part, whole in parts[:_MOST_NAMED])
    if not pairs:
        return Check("near-duplicates", "ok", f"none, but {_more(of_wholes, parts)}" if parts else "none")
    named = "; ".join(f"{one} and {other}" for one, other in pairs[:_MOST_NAMED])
    told = f"{counted(len(pairs), 'pair')} of articles that are nearly the same text: {_more(named, pairs)}"
    pointed = _more(" ; ".join(f"{one} = {other}" for one, other in pairs[:_MOST_NAMED]), pairs)
    told += f"; {_more(of_wholes, parts)}, which may stay" if parts else ""
    newer = pairs[0][1]
    if newer in files:
        told, pointed = f"{told}; delete the file {files[newer]}, else it comes back", f"{pointed} ({files[newer]})"
        return Check("near-duplicates", "advice", told, INGEST, pointed)
    return Check("near-duplicates", "advice", told, f"trusted-cloud-chat remove {newer}", pointed)


def _freshness(articles: Sequence[Article], most_days: int, today: date) -> Check:
    # The first day: an article dated « 2026 » must not count as fresh until December.
    days = [article.dated.first_day for article in articles if article.dated]
    if not days:
        return Check("freshness", "advice", "no article has a date", INGEST)
    newest = max(days)
    age = (today - newest).days
    if age <= most_days:
        return Check("freshness", "ok", f"the newest article is dated {newest}")
    told = f"the newest article is dated {newest}, {age} days ago (TCC_STALE_DAYS={most_days}): add newer ones"
    return Check("freshness", "advice", told, f"{INGEST} PATH", f"{newest} (TCC_STALE_DAYS={most_days})")


def _counted(ids: Sequence[str]) -> str:
    """« 5 articles (a, b, c…) »."""
    return f"{counted(len(ids), 'article')} ({_more(', '.join(ids[:_MOST_NAMED]), ids)})"


def _more(named: str, every: Sequence[object]) -> str:
    return f"{named}…" if len(every) > _MOST_NAMED else named
