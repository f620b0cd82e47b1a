"""Builds the chat model's prompts from the templates in `data/prompts` and neutralised texts, and notices for the reader."""

from collections.abc import Sequence
from typing import Any

from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

from trusted_cloud_chat.answering.wording import attribution, words_of
from trusted_cloud_chat.dates import PartialDate, spoken_day
from trusted_cloud_chat.enrichment.portions import template
from trusted_cloud_chat.language.blocks import context_of
from trusted_cloud_chat.language.normalise import printable
from trusted_cloud_chat.language.words import words as words_of_text
from trusted_cloud_chat.schema import Answer, Citation, Fact, Language, Passage, Query, Turn
from trusted_cloud_chat.writing import texts
from trusted_cloud_chat.writing.drafts import Quote, neutralise, numbered

_LONGEST_PASSAGE = 1600
_LONGEST_ALL = 14_000
"""Characters of all passages: with the rules they fit the 8,192 tokens of a small model."""
_LONGEST_ANSWER = 700
"""Characters of an earlier answer."""
_TURNS = 2


def sent(passages: Sequence[Passage], quoted_from: Answer) -> tuple[Passage, ...]:
    """The passages that fit the prompt, in order; those quoted in `quoted_from` take precedence."""
    cited = {(c.article.article_id, c.start) for c in quoted_from.citations}

    def is_cited(passage: Passage) -> bool:
        chunk = passage.chunk
        return any(i == passage.article.article_id and chunk.start <= start < chunk.end for i, start in cited)

    kept, room = set(), _LONGEST_ALL
    for number in sorted(range(len(passages)), key=lambda n: not is_cited(passages[n])):
        room -= min(len(passages[number].text), _LONGEST_PASSAGE)
        if room < 0:
            break
        kept.add(number)
    return tuple(passage for number, passage in enumerate(passages) if number in kept)


def build_prompt(
    question: str,
    query: Query,
    passages: Sequence[Passage],
    quotes: Answer,
    turns: Sequence[Turn] = (),
    *,
    may_search: bool = False,
    rules: str = "answer",
) -> list[BaseMessage]:
    """The messages that request an answer by the template `rules`, in which sentence m of passage n is cited as [n.m]."""
    language = query.language
    as_of = f" {texts('as_of')[language]['line'].format(day=_day(query.as_of, language))}" if query.as_of else ""
    asked = template("asked", language).format(
        conversation=_conversation(turns, language),
        passages=_blocks(passages, language),
        quotes=_quotes(quotes, passages, language),
        day=_day(query.today, language),
        as_of=as_of,
        kind=texts("kinds")[language].get(query.kind, texts("kinds")[language]["fact"]),
        question=neutralise(query.text or question),
    )
    if may_search:
        asked += "\n" + template("search", language).format(word=texts("search")[language])
    return [_rules(language, rules), HumanMessage(asked)]


def rework_prompt(
    question: str, query: Query, passages: Sequence[Passage], before: Answer, turns: Sequence[Turn] = ()
) -> list[BaseMessage]:
    """The messages that request the last answer in other words: shorter, simpler, in another language."""
    language = query.language
    asked = template("rework", language).format(
        conversation=_conversation(turns[:-1], language),
        passages=_blocks(passages, language),
        before=_plain(before.answer),
        day=_day(query.today, language),
        question=neutralise(question),
    )
    return [_rules(language), HumanMessage(asked)]


def follow_up_prompt(question: str, language: Language, turns: Sequence[Turn]) -> list[BaseMessage]:
    """The message that requests a follow-up question in a self-contained form."""
    asked = template("follow_up", language).format(
        conversation=_conversation(turns, language), question=neutralise(question)
    )
    return [HumanMessage(asked)]


def _rules(language: Language, name: str = "answer") -> SystemMessage:
    return SystemMessage(template(name, language).format(not_found=texts("not_found")[language]))


def _conversation(turns: Sequence[Turn], language: Language) -> str:
    labels = texts("conversation")[language]
    lines = []
    for turn in turns[-_TURNS:]:
        lines.append(labels["asked"].format(text=neutralise(turn.question)))
        lines.append(labels["given"].format(text=_plain(_answer_of(turn))))
    return "\n".join([labels["title"], *lines, "", ""]) if lines else ""


def _answer_of(turn: Turn) -> str:
    return turn.given.answer if turn.given is not None else turn.answer


def _plain(answer: str) -> str:
    """The beginning of an earlier answer, without markers, which refer to other passages."""
    text = neutralise(answer)
    return text if len(text) <= _LONGEST_ANSWER else text[:_LONGEST_ANSWER].rsplit(" ", 1)[0] + " (…)"


def _blocks(passages: Sequence[Passage], language: Language) -> str:
    return "\n".join(_block(n, passage, language) for n, passage in enumerate(passages, start=1))


def _block(n: int, passage: Passage, language: Language) -> str:
    """A passage, with a numbered sentence in each line."""
    article, lines, room = passage.article, [], _LONGEST_PASSAGE
    votes = dict(zip(passage.chunk.sentences, passage.votes, strict=False))
    for m, quote in enumerate(numbered(passage), start=1):
        context = context_of(article.text, quote.span.start)
        text = neutralise(f"{context} : {quote.text}" if context else quote.text)[:_LONGEST_PASSAGE]
        room -= len(text)
        if room < 0:
            break
        vote = votes.get(quote.span)
        later = passage.superseded.get(quote.span.start)
        beside = _beside(quote, vote.question if vote else "", later, language)
        lines.append(f"[{n}.{m}] {text}" + (f" ({' ; '.join(beside)})" if beside else ""))
    title, source = (neutralise(text).replace('"', "'") for text in (article.title, attribution(article, language)))
    day = f' date="{article.date}"' if article.date else ""
    return "\n".join([f'<passage n="{n}" title="{title}" source="{source}"{day}>', *lines, "</passage>"])


def _beside(quote: Quote, question: str, later: Fact | None, language: Language) -> list[str]:
    """A sentence's enrichment: its self-contained form, source, date and facts, the nearest stored question, the fact that supersedes it."""
    labels, statement = texts("beside")[language], quote.statement
    parts = [("answers", question), ("superseded", _listed(later, language) if later else "")]
    if statement is not None:
        source = (statement.source.publisher if statement.source else "", spoken(statement.said_on, language))
        facts = [("fact", _listed(fact, language)) for fact in statement.facts]
        own = statement.said_by != "article"
        parts = [("alone", statement.alone), ("said", ", ".join(filter(None, source)) if own else ""), *facts, *parts]
    return [labels[key].format(text=neutralise(text)) for key, text in parts if text]


def _listed(fact: Fact, language: Language) -> str:
    value = " ".join(filter(None, (fact.value, fact.unit)))
    days = (spoken(day, language) for day in (fact.date, fact.start, fact.end, fact.due))
    fields = (fact.subject, fact.attribute, fact.object, value, fact.service, *days, fact.status)
    return " – ".join(filter(None, fields))


def _quotes(answer: Answer, passages: Sequence[Passage], language: Language) -> str:
    """The extractive quotes, with their sentence numbers; a comparison as a table."""
    places = {c.n: pointers for c in answer.citations if (pointers := _places(c, passages))}
    rows = answer.table.rows if answer.table else ()
    in_table = {n for row in rows for cell in row for n in cell.citations}
    lines = [f"- {neutralise(words_of(c))} {places[c.n]}" for c in answer.citations if c.n in places.keys() - in_table]
    if answer.table is not None:
        lines.append(" | ".join(map(neutralise, answer.table.columns)))
    for row in rows:
        cells = ([neutralise(cell.text), *(places[n] for n in cell.citations if n in places)] for cell in row)
        lines.append(" | ".join(map(" ".join, cells)))
    key = "unsure" if answer.refused else "found"
    return "\n".join([texts("quotes")[language][key], *lines, "", ""]) if lines else ""


def _places(citation: Citation, passages: Sequence[Passage]) -> str:
    """« [2.3][2.4] »: the sentences of a citation, in the first passage that contains any."""
    for n, passage in enumerate(passages, start=1):
        if passage.article.article_id == citation.article.article_id:
            spans = [(m, quote.span) for m, quote in enumerate(numbered(passage), start=1)]
            if cited := [m for m, span in spans if citation.start < span.end and span.start < citation.end]:
                return "".join(f"[{n}.{m}]" for m in cited)
    return ""


def spoken(day: PartialDate | None, language: Language) -> str:
    """A day in words; empty if it is unknown."""
    return day.spoken(language) if day else ""


def _day(day: Any, language: Language) -> str:
    return f"{spoken_day(day, language)} ({day.isoformat()})".replace("\u00a0", " ")


def made_whole(reply: str, question: str, turns: Sequence[Turn], most: int) -> str | None:
    """The question in a model's reply; None unless it is a single line whose names, figures and dates are all in `question` or the conversation."""
    lines = [line.strip(" *\"'«»“”\u00a0") for line in printable(reply).splitlines() if line.strip()]
    if len(lines) != 1 or not 0 < len(lines[0]) <= most:
        return None
    whole = " ".join(lines[0].split())
    conversation = [question, *(text for turn in turns for text in (turn.question, _answer_of(turn)))]
    known = {word.folded for text in conversation for word in words_of_text(text)}
    added = [(n, word) for n, word in enumerate(words_of_text(whole)) if word.folded not in known]
    facts = (any(map(str.isdigit, word.text)) or (n > 0 and word.has_capital) for n, word in added)
    return None if any(facts) else whole
