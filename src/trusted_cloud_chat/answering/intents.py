"""Replies to a text that asks nothing of the articles: with two lines, and with quotes if they help."""

from dataclasses import replace

from trusted_cloud_chat.answering.compose import Quotes, shown_passages
from trusted_cloud_chat.answering.facts import Facts
from trusted_cloud_chat.answering.quoted_from import corpus_named
from trusted_cloud_chat.answering.templates import said_of, worded
from trusted_cloud_chat.answering.wording import NBSP, colon, date_of, extent_of, words_of
from trusted_cloud_chat.evidence.ranking import Selected
from trusted_cloud_chat.language.normalise import one_line
from trusted_cloud_chat.question.question import Question
from trusted_cloud_chat.schema import Answer, Article, Coverage, Language, Sentence

_EXAMPLES = 3


def reply(
    question: str,
    read: Question,
    before: Answer | None,
    facts: Facts,
    coverage: Coverage,
    *,
    written: bool = False,
) -> Answer:
    """The reply by intent. `before`: the last answer about a subject; `written`: whether a language model writes the answers."""
    intent, query = read.query.intent, read.query
    language, quotes = query.language, Quotes(query.language, facts.known(query))
    lead, lines = "", []
    if intent == "rework" and before is not None and before.citations:
        return _last_articles(question, read, before, corpus_named(coverage, language))
    if intent == "browse":
        fits, found = facts.newest(read)
        lead = "" if fits or not found else worded("elsewhere", language)
        lines = [_article_line(one.passage.article, quotes.add(one), language) for one in found]
    elif intent in ("advice", "prediction", "opinion"):
        lead, found = _found(read, facts)
        lines = [quotes.line(quotes.add(one)) for one in found]
    text = _opening(
        intent,
        lead,
        bool(lines),
        language,
        corpus=_corpus(coverage, language),
        how=worded("written" if written else "quotes", language),
        quoted=corpus_named(coverage, language),
    )
    examples = _examples(facts, read) if intent == "help" else ()
    return Answer(
        question=question,
        query=query,
        answer="\n".join([text, *lines, *examples]),
        sentences=quotes.sentences,
        citations=tuple(quotes.citations),
        passages=shown_passages((), quotes.passages),
    )


def noted(answer: Answer) -> Answer:
    """The answer below a line that says what the program does not do, if its intent has such a line."""
    intent, language = answer.query.intent, answer.query.language
    quoted = "les articles" if language == "fr" else "articles"
    note = said_of(f"reply_{intent}", language, quoted=quoted, corpus="", how="").split("\n")[0]
    return answer if answer.answer.startswith(note) else replace(answer, answer=f"{note}\n\n{answer.answer}")


def _found(read: Question, facts: Facts) -> tuple[str, list[Selected]]:
    """(title, sentences): facts about the names in the text; without names, and for advice only, the list of holders."""
    if read.query.entities:
        return "", facts.of_names(read, 2 if read.query.intent == "prediction" else 1)
    return facts.holders(read) if read.query.intent == "advice" else ("", [])


def _opening(intent: str, lead: str, has_facts: bool, language: Language, **fields: str) -> str:
    """The lines of a reply: what the program does not do, then the title of the facts or what to ask instead."""
    first = said_of(f"reply_{intent}", language, **fields)
    if has_facts:
        order = "newest first" if language == "en" else "du plus récent au plus ancien"
        second = lead.rstrip(f": {NBSP}") or f"{worded(f'before_{intent}', language)}, {order}"
        second += colon(language)
    else:
        second = said_of(f"without_{intent}", language, **fields)
    return "\n".join(line for line in (first, second) if line)


def _last_articles(question: str, read: Question, before: Answer, quoted: str) -> Answer:
    """A reply that lists the articles quoted in the last answer."""
    language, first = read.query.language, {one.article.article_id: one for one in reversed(before.citations)}
    lines = [_article_line(one.article, one.n, language) for one in sorted(first.values(), key=lambda one: one.n)]
    opening = _opening("rework", worded("before_rework", language), True, language, quoted=quoted)
    return Answer(
        question=question,
        query=read.query,
        answer="\n".join([opening, *lines]),
        sentences=tuple(Sentence(words_of(citation), (citation.n,)) for citation in before.citations),
        citations=before.citations,
        passages=before.passages,
        generation=before.generation,
    )


def _article_line(article: Article, n: int, language: Language) -> str:
    """« - 12 mars 2026 : Titre [1] »."""
    return f"- {date_of(article.date, language)}{colon(language)} {one_line(article.title)} [{n}]"


def _examples(facts: Facts, read: Question) -> list[str]:
    """Example questions about the newest articles."""
    language = read.query.language
    titles = [one.passage.article.title for one in facts.recent(replace(read, periods=()))][:_EXAMPLES]
    if language == "en":
        return [f"- What does the article “{one_line(title)}” say?" for title in titles]
    return [f"- Que dit l’article «{NBSP}{one_line(title)}{NBSP}»{NBSP}?" for title in titles]


def _corpus(coverage: Coverage, language: Language) -> str:
    """« 179 articles, parus de décembre 2014 au 19 septembre 2026 »."""
    said = extent_of(coverage, language)
    return said if language == "en" or coverage.undated else said.replace(" paru", ", paru", 1)
