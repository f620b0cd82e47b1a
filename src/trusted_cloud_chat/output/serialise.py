"""The JSON of the command line and of exports: the keys of the contract, in one place."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.language.headings import heading_path
from trusted_cloud_chat.language.pages import page_of
from trusted_cloud_chat.schema import Answer, Article, Citation, Passage, Query, Source, Table

if TYPE_CHECKING:
    from trusted_cloud_chat.index.records import LiveVersion
    from trusted_cloud_chat.retrieval import Retrieved


def answer_to_dict(answer: Answer) -> dict[str, Any]:
    """One object a question, as `ask --json` prints it."""
    cited = [(c.article.article_id, c.article.version, c.start, c.end) for c in answer.citations]
    return {
        "question": answer.question,
        "query": query_to_dict(answer.query),
        "language": answer.language,
        "answer": answer.answer,
        "outcome": answer.outcome,
        "refused": answer.refused,
        "refusal_reason": answer.refusal_reason,
        "confidence": None if answer.confidence is None else round(answer.confidence, 4),
        "missing": list(answer.missing),
        "table": _table(answer.table),
        "sentences": [
            {
                "text": s.text,
                "citations": list(s.citations),
                "status": s.status,
                "supported": s.supported,
                "reason": s.reason or None,
            }
            for s in answer.sentences
        ],
        "citations": [citation_to_dict(citation) for citation in answer.citations],
        "passages": [passage_to_dict(passage, cited) for passage in answer.passages],
        "generation": answer.generation,
        "chat_model": answer.chat_model,
        "notices": list(answer.notices),
        **_in_time(answer),
        "next_questions": list(answer.next_questions),
        "trace": list(map(asdict, answer.trace)),
        "timings_ms": answer.timings_ms,
    }


def query_to_dict(query: Query) -> dict[str, Any]:
    return {
        "text": query.text,
        "kind": query.kind,
        "intent": query.intent,
        "entities": list(query.entities),
        "dates": list(query.dates),
        "aliases": list(query.aliases),
        "parts": list(query.parts),
        "as_of": query.as_of.isoformat() if query.as_of else None,
        "within": {
            "from": query.within.first.isoformat() if query.within.first else None,
            "to": query.within.last.isoformat() if query.within.last else None,
            "source_types": list(query.within.source_types),
            "about": list(query.within.about),
        },
        "today": query.today.isoformat(),
    }


def citation_to_dict(citation: Citation) -> dict[str, Any]:
    article = citation.article
    return {
        "n": citation.n,
        "article_id": article.article_id,
        "version": article.version,
        "title": article.title,
        "publisher": article.publisher,
        "date": article.date.iso if article.date else None,
        "date_estimated": bool(article.date and article.date.estimated),
        "url": article.url,
        "source_type": article.source_type,
        "sources": [source_to_dict(source) for source in article.sources],
        "quote": citation.quote,
        "page": page_of(article.text, citation.start),
        "headings": list(heading_path(article.text, citation.start)),
        "start": citation.start,
        "end": citation.end,
        "best": {"start": citation.best.start, "end": citation.best.end} if citation.best else None,
    }


def passage_to_dict(passage: Passage, cited: list[tuple[str, str, int, int]] | None = None) -> dict[str, Any]:
    """`cited` holds (article id, version, start, end) of the answer's quotes."""
    article, chunk = passage.article, passage.chunk
    return {
        "article_id": article.article_id,
        "chunk_id": chunk.chunk_id,
        "title": article.title,
        "rank": passage.rank,
        "score": round(passage.score, 4),
        "text": passage.text,
        "date": article.date.iso if article.date else None,
        "date_estimated": bool(article.date and article.date.estimated),
        "page": page_of(article.text, chunk.start),
        "headings": list(heading_path(article.text, chunk.start)),
        "start": chunk.start,
        "end": chunk.end,
        "cited": any(
            (article.article_id, article.version) == (article_id, version) and start < chunk.end and chunk.start < end
            for article_id, version, start, end in cited or []
        ),
        "found_for": passage.found_for,
        "reprints": [_reprint(reprint) for reprint in passage.reprints],
    }


def found_to_dict(question: str, found: Retrieved) -> dict[str, Any]:
    """One object a search, as `search --json` prints it."""
    return {
        "question": question,
        "passages": [passage_to_dict(passage) for passage in found.passages],
        "generation": found.generation,
        "timings_ms": found.timings_ms,
    }


def _reprint(article: Article) -> dict[str, Any]:
    return {
        "article_id": article.article_id,
        "title": article.title,
        "publisher": article.publisher,
        "date": article.date.iso if article.date else None,
        "date_estimated": bool(article.date and article.date.estimated),
        "url": article.url,
    }


def article_to_dict(article: Article) -> dict[str, Any]:
    return {
        "article_id": article.article_id,
        "version": article.version,
        "title": article.title,
        "publisher": article.publisher,
        "date": article.date.iso if article.date else None,
        "date_estimated": bool(article.date and article.date.estimated),
        "url": article.url,
        "language": article.language,
        "source_type": article.source_type,
        "sources": [source_to_dict(source) for source in article.sources],
        "path": article.path,
        "text": article.text,
    }


def held_to_dict(version: LiveVersion) -> dict[str, Any]:
    """An article as `list --json` names it, without its text."""
    article = version.article
    return {
        "article_id": article.article_id,
        "version": article.version,
        "date": article.date.iso if article.date else None,
        "date_estimated": bool(article.date and article.date.estimated),
        "title": article.title,
        "publisher": article.publisher,
        "url": article.url,
        "source_type": article.source_type,
        "in_corpus": version.in_corpus,
        "path": article.path,
    }


def source_to_dict(source: Source) -> dict[str, Any]:
    return {
        "publisher": source.publisher,
        "title": source.title,
        "url": source.url,
        "date": str(source.date) if source.date else None,
    }


def _table(table: Table | None) -> dict[str, Any] | None:
    if table is None:
        return None
    return {
        "columns": list(table.columns),
        "rows": [[{"text": cell.text, "citations": list(cell.citations)} for cell in row] for row in table.rows],
    }


def _in_time(answer: Answer) -> dict[str, Any]:
    """What the answer says about time, by the numbers of its citations."""
    return {
        "known_at": _date(answer.known_at),
        "history": [{"said": str(entry.said), "citation": entry.citation} for entry in answer.history],
        "promises": [
            {
                "citation": promise.citation,
                "first": promise.first.isoformat(),
                "last": promise.last.isoformat(),
                "passed": promise.passed,
                "outcome": promise.outcome,
            }
            for promise in answer.promises
        ],
        "disagreements": [{"citations": list(found.citations)} for found in answer.disagreements],
        "stages": [
            {
                "citation": stage.citation,
                "stage": stage.stage,
                "holder": stage.holder,
                "service": stage.service,
                "since": _date(stage.since),
                "expires_calculated": _date(stage.expires),
            }
            for stage in answer.stages
        ],
        "sources_count": answer.sources_count,
    }


def _date(value: PartialDate | None) -> str | None:
    return str(value) if value else None
