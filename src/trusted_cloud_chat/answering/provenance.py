"""Answers « D’où tiens-tu cela ? » with the sources of the previous answer, quote by quote."""

from dataclasses import replace

from trusted_cloud_chat.answering.citing import needed
from trusted_cloud_chat.answering.templates import worded
from trusted_cloud_chat.answering.wording import NBSP, colon, date_of, origin, quoted, typographic, words_of
from trusted_cloud_chat.question.question import Question
from trusted_cloud_chat.schema import Answer, Article, Citation, Language, Sentence


def show_provenance(question: str, read: Question, before: Answer | None) -> Answer:
    """The quotes of `before` with article, date, URL and offsets, in the language of `question`."""
    query = replace(read.query, text=" ".join(question.split()))
    language = query.language
    if before is None:
        return Answer(question, query, worded("nothing_asked", language))
    if not before.citations:
        return Answer(
            question, query, worded("nothing_quoted", language, asked=before.query.text), passages=before.passages
        )
    lines = [_introduction(before, language)]
    first: dict[tuple[str, str], int] = {}
    for citation in before.citations:
        article = citation.article
        quote = quoted(words_of(citation, needed(citation)), article.language, language)
        lines.append(f"{quote} [{citation.n}] — {origin(citation, language)}")
        known = first.setdefault((article.article_id, article.version), citation.n)
        read_at = _addresses(article, language) if known == citation.n else [_as_above(known, language)]
        lines.append("\n".join(f"- {line}" for line in (_place(citation, language), *read_at)))
    return Answer(
        question=question,
        query=query,
        answer="\n\n".join(lines),
        sentences=tuple(Sentence(words_of(citation), (citation.n,)) for citation in before.citations),
        citations=before.citations,
        passages=before.passages,
        generation=before.generation,
        confidence=before.confidence,
    )


def _place(citation: Citation, language: Language) -> str:
    """Title, offsets in the stored text, article id and version."""
    article = citation.article
    if language == "en":
        place = f"“{article.title}”, characters {citation.start} to {citation.end}"
    else:
        place = f"«{NBSP}{article.title}{NBSP}», caractères {citation.start} à {citation.end}"
    return f"{place} (article {article.article_id}, version {article.version})"


def _as_above(n: int, language: Language) -> str:
    return f"same article as quote {n}" if language == "en" else f"même article que la citation {n}"


def _addresses(article: Article, language: Language) -> list[str]:
    own = [article.url] if article.url else []
    return own + [
        f"{typographic(source.publisher)}, {date_of(source.date, language)}"
        + (f"{colon(language)} {source.url}" if source.url else "")
        for source in article.sources
    ]


def _introduction(before: Answer, language: Language) -> str:
    quotes = len(before.citations)
    articles = len({citation.article.article_id for citation in before.citations})
    asked = before.query.text
    if language == "en":
        return (
            f"The answer to “{asked}” rests on {quotes} quote{'s' if quotes > 1 else ''} from {articles} "
            f"article{'s' if articles > 1 else ''}:"
        )
    return (
        f"La réponse à «{NBSP}{asked}{NBSP}» repose sur {quotes} citation{'s' if quotes > 1 else ''}, "
        f"tirée{'s' if quotes > 1 else ''} de {articles} article{'s' if articles > 1 else ''}{NBSP}:"
    )
