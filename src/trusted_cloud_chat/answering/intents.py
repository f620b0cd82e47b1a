"""What is answered to a text that is no question to the articles: two honest lines, and what the articles say where that helps."""

from __future__ import annotations

from dataclasses import replace

from trusted_cloud_chat.answering.compose import Quotes, shown_passages
from trusted_cloud_chat.answering.facts import Facts
from trusted_cloud_chat.answering.quoted_from import corpus_named
from trusted_cloud_chat.answering.wording import NBSP, colon, date_of, extent_of, words_of
from trusted_cloud_chat.evidence.ranking import Selected
from trusted_cloud_chat.language.normalise import one_line
from trusted_cloud_chat.question.question import Question
from trusted_cloud_chat.schema import Answer, Article, Coverage, Language, Sentence

_EXAMPLES = 3
_REPLIES: dict[str, tuple[str, str]] = {
    "greeting": (
        "Bonjour.\nPosez une question\u00a0: j’y réponds par des citations datées, tirées de {corpus}.",
        "Hello.\nAsk a question: I answer it with dated quotes from {corpus}.",
    ),
    "thanks": (
        "Avec plaisir.\nPour une autre question, je cherche toujours dans {corpus}.",
        "You are welcome.\nFor another question, I still search {corpus}.",
    ),
    "farewell": (
        "Au revoir.\nLes articles cités restent consultables à tout moment.",
        "Goodbye.\nThe articles that were quoted can be opened at any time.",
    ),
    "reaction": (
        "C’est noté.\nSi la réponse ne convient pas, précisez un nom, une date ou un fait, et je cherche de nouveau.",
        "Noted.\nIf the answer is not what you need, give a name, a date or a fact, and I search again.",
    ),
    "help": (
        "Je réponds aux questions à partir de {corpus}. {how} que vous pouvez ouvrir.\n"
        "Quand les articles ne disent rien, je le dis.",
        "I answer questions from {corpus}. {how} that you can open.\nWhere the articles do not say, I say so.",
    ),
    "about": (
        "Je suis un programme qui cherche dans {corpus}, et rien d’autre\u00a0: ni une personne, ni un moteur du web.\n"
        "{how} que vous pouvez ouvrir.",
        "I am a program that searches {corpus} and nothing else: neither a person nor a web search.\n"
        "{how} that you can open.",
    ),
    "drafting": (
        "Je ne rédige pas de texte\u00a0: je cite {quoted} mot pour mot, avec leur date.\n"
        "Demandez-moi les faits dont vous avez besoin\u00a0; vous pourrez les reprendre avec leur source.",
        "I do not write texts: I quote {quoted} word for word, with their dates.\n"
        "Ask me for the facts you need; you can use them with their source.",
    ),
    "advice": (
        "Je ne conseille pas\u00a0: le choix dépend de votre situation, que je ne connais pas.",
        "I give no advice: the choice depends on your situation, which I do not know.",
    ),
    "prediction": (
        "Je ne fais pas de pronostic\u00a0: je ne dis que ce qui a été publié.",
        "I do not predict: I tell only what has been published.",
    ),
    "opinion": (
        "Je n’ai pas d’avis\u00a0: je cite ce qui a été publié.",
        "I have no opinion: I quote what has been published.",
    ),
    "rework": (
        "Je cite {quoted} mot pour mot et ne reformule pas mes réponses.",
        "I quote {quoted} word for word and do not rework my answers.",
    ),
}
_WITHOUT: dict[str, tuple[str, str]] = {
    "advice": (
        "Demandez-moi ce que les articles disent d’un nom, d’une condition ou d’une date.",
        "Ask me what the articles say of a name, a condition or a date.",
    ),
    "prediction": (
        "Demandez-moi ce qui a été annoncé, par qui et pour quand.",
        "Ask me what has been announced, by whom and for when.",
    ),
    "opinion": ("Demandez-moi qui a dit quoi, et quand.", "Ask me who said what, and when."),
    "rework": (
        "Posez une question\u00a0: la réponse renverra aux articles.",
        "Ask a question: the answer will lead to the articles.",
    ),
    "browse": (
        "Aucun article du corpus ne correspond à cette demande.\nJe cherche dans {corpus}.",
        "No article of the corpus fits this request.\nI search {corpus}.",
    ),
}
_BEFORE_FACTS: dict[str, tuple[str, str]] = {
    "advice": ("Voici ce que disent les articles", "Here is what the articles say"),
    "prediction": ("Voici ce que rapportent les articles", "Here is what the articles report"),
    "opinion": ("Voici ce que rapportent les articles", "Here is what the articles report"),
    "rework": ("La dernière réponse est tirée de", "The last answer comes from"),
    "browse": ("Articles du corpus", "Articles of the corpus"),
}
_ELSE = (
    "Aucun article trouvé sur ce sujet précis\u00a0; voici les plus récents du corpus",
    "No article found on that very subject; here are the newest of the corpus",
)
_HOW: dict[bool, tuple[str, str]] = {
    False: ("Chaque phrase est une citation datée", "Every sentence is a dated quote"),
    True: ("Chaque phrase renvoie à des citations datées", "Every sentence points to dated quotes"),
}


def reply(
    question: str,
    read: Question,
    before: Answer | None,
    facts: Facts,
    coverage: Coverage,
    *,
    written: bool = False,
) -> Answer:
    """`before`: the last answer about a subject, for what is asked of it. `written`: whether a language model writes the answers."""
    intent, query = read.query.intent, read.query
    language, quotes = query.language, Quotes(query.language, facts.known(query))
    lead, lines = "", []
    if intent == "rework" and before is not None and before.citations:
        return _last_articles(question, read, before, corpus_named(coverage, language))
    if intent == "browse":
        fits, found = facts.newest(read)
        lead = "" if fits or not found else _in(_ELSE, language)
        lines = [_article_line(one.passage.article, quotes.add(one), language) for one in found]
    elif intent in ("advice", "prediction", "opinion"):
        lead, found = _found(read, facts)
        lines = [quotes.line(quotes.add(one)) for one in found]
    text = _opening(intent, lead, bool(lines), language).format(
        corpus=_corpus(coverage, language),
        how=_in(_HOW[written], language),
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
    """What the articles answer to a text that asks for more than they can say, under a line that says what is not done."""
    intent, language = answer.query.intent, answer.query.language
    if intent not in _REPLIES:
        return answer
    note = (
        _in(_REPLIES[intent], language).split("\n")[0].format(quoted="les articles" if language == "fr" else "articles")
    )
    return answer if answer.answer.startswith(note) else replace(answer, answer=f"{note}\n\n{answer.answer}")


def _found(read: Question, facts: Facts) -> tuple[str, list[Selected]]:
    """(what stands above, the sentences that help); of what nobody named, only for advice, and only what the market lists."""
    if read.query.entities:
        return "", facts.of_names(read, 2 if read.query.intent == "prediction" else 1)
    return facts.holders(read) if read.query.intent == "advice" else ("", [])


def _opening(intent: str, lead: str, has_facts: bool, language: Language) -> str:
    """The two lines of a reply: what is not done, and what is instead."""
    first = _in(_REPLIES[intent], language) if intent in _REPLIES else ""
    if has_facts:
        order = "newest first" if language == "en" else "du plus récent au plus ancien"
        second = lead.rstrip(f": {NBSP}") or f"{_in(_BEFORE_FACTS[intent], language)}, {order}"
        second += colon(language)
    else:
        second = _in(_WITHOUT[intent], language) if intent in _WITHOUT else ""
    return "\n".join(line for line in (first, second) if line)


def _last_articles(question: str, read: Question, before: Answer, quoted: str) -> Answer:
    """The articles that the last answer quotes, a line each."""
    language, seen = read.query.language, set()
    lines = []
    for citation in before.citations:
        if citation.article.article_id not in seen:
            lines.append(_article_line(citation.article, citation.n, language))
            seen.add(citation.article.article_id)
    opening = _opening("rework", _in(_BEFORE_FACTS["rework"], language), True, language).format(quoted=quoted)
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
    """Questions that the newest articles answer."""
    language = read.query.language
    titles = [one.passage.article.title for one in facts.recent(replace(read, periods=()))][:_EXAMPLES]
    if language == "en":
        return [f"- What does the article “{one_line(title)}” say?" for title in titles]
    return [f"- Que dit l’article «{NBSP}{one_line(title)}{NBSP}»{NBSP}?" for title in titles]


def _corpus(coverage: Coverage, language: Language) -> str:
    """« 179 articles, parus de décembre 2014 au 19 septembre 2026 »."""
    said = extent_of(coverage, language)
    return said if language == "en" or coverage.undated else said.replace(" paru", ", paru", 1)


def _in(texts: tuple[str, str], language: Language) -> str:
    return texts[language == "en"]
