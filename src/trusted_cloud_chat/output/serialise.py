"""The JSON of commands, API and exports: all keys of the contract."""

from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.language.blocks import context_of
from trusted_cloud_chat.language.headings import heading_path
from trusted_cloud_chat.language.pages import page_of
from trusted_cloud_chat.schema import Answer, Article, Citation, Passage

if TYPE_CHECKING:
    from trusted_cloud_chat.retrieval import Retrieved


def plain(value: Any) -> Any:
    """Dataclasses as objects, sequences as lists, dates in ISO 8601."""
    if isinstance(value, PartialDate):
        return value.iso
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    return told(value, *(field.name for field in fields(value))) if is_dataclass(value) else value


def told(record: Any, *names: str) -> dict[str, Any]:
    """The named fields of a record."""
    return {name: plain(getattr(record, name)) for name in names}


def answer_to_dict(answer: Answer) -> dict[str, Any]:
    """The object that `ask --json` prints."""
    query, within = answer.query, answer.query.within
    sentences = [told(one, "text", "citations", "status", "supported", "reason") for one in answer.sentences]
    stages = [told(one, "citation", "stage", "holder", "service", "since", "expires") for one in answer.stages]
    return {
        "question": answer.question,
        "query": {
            **told(query, "text", "kind", "intent", "entities", "dates", "aliases", "parts", "as_of", "today"),
            "within": {**told(within, "source_types", "about"), "from": plain(within.first), "to": plain(within.last)},
        },
        **told(answer, "language", "answer", "outcome", "refused", "refusal_reason", "missing", "table"),
        "confidence": None if answer.confidence is None else round(answer.confidence, 4),
        "sentences": [{**one, "reason": one["reason"] or None} for one in sentences],
        "citations": [citation_to_dict(citation) for citation in answer.citations],
        "passages": [passage_to_dict(passage, answer.citations) for passage in answer.passages],
        **told(answer, "generation", "chat_model", "notices", "known_at", "promises", "disagreements"),
        "history": [],  # kept for programs that read it
        "stages": [{**one, "expires_calculated": one.pop("expires")} for one in stages],
        **told(answer, "sources_count", "next_questions", "trace", "timings_ms"),
    }


def citation_to_dict(citation: Citation) -> dict[str, Any]:
    article, around = citation.article, citation.around
    quote = {"start": citation.start, "end": citation.end}
    return {
        "n": citation.n,
        **_about(article, "version", "publisher", "url", "source_type", "sources"),
        "said_by": citation.said_by or None,
        "said_on": plain(citation.said_on),
        "quote": citation.quote,
        "translation": citation.translation or None,
        **_place(article, citation.start),
        **quote,
        "context": {
            "text": article.text[around.start : around.end],
            **plain(around),
            "quote_start": citation.start - around.start,
            "quote_end": citation.end - around.start,
            "under": context_of(article.text, citation.start) or None,
        },
        "best": quote if citation.context else None,
    }


def overlap(citation: Citation, passage: Passage) -> bool:
    """Whether a quote lies in a passage, at least in part."""
    cited, article, chunk = citation.article, passage.article, passage.chunk
    same = (cited.article_id, cited.version) == (article.article_id, article.version)
    return same and citation.start < chunk.end and chunk.start < citation.end


def passage_to_dict(passage: Passage, citations: Iterable[Citation] = ()) -> dict[str, Any]:
    """`citations`: the citations of the answer."""
    article, chunk = passage.article, passage.chunk
    return {
        **_about(article),
        "chunk_id": chunk.chunk_id,
        "score": round(passage.score, 4),
        **_place(article, chunk.start),
        **told(chunk, "start", "end"),
        "cited": any(overlap(citation, passage) for citation in citations),
        **told(passage, "rank", "text", "found_for"),
        "reprints": [_about(one, "publisher", "url") for one in passage.reprints],
    }


def found_to_dict(question: str, found: "Retrieved") -> dict[str, Any]:
    """The object that `search --json` prints."""
    passages = [passage_to_dict(passage) for passage in found.passages]
    return {"question": question, "passages": passages, **told(found, "generation", "timings_ms")}


def article_to_dict(article: Article) -> dict[str, Any]:
    return _about(article, "version", "publisher", "url", "language", "source_type", "sources", "path", "text")


def held_to_dict(article: Article) -> dict[str, Any]:
    """An article as `list --json` prints it, without its text."""
    return _about(article, "version", "publisher", "url", "source_type", "path", "in_corpus")


def _about(article: Article, *names: str) -> dict[str, Any]:
    estimated = bool(article.date and article.date.estimated)
    return {**told(article, "article_id", "title", "date"), "date_estimated": estimated, **told(article, *names)}


def _place(article: Article, start: int) -> dict[str, Any]:
    return {"page": page_of(article.text, start), "headings": list(heading_path(article.text, start))}
