"""Providers in new articles that are missing from the aliases: questions that list or compare providers would miss them."""

from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.language.normalise import fold
from trusted_cloud_chat.language.stems import STOPWORDS_EN, STOPWORDS_FR
from trusted_cloud_chat.language.words import Word, words
from trusted_cloud_chat.schema import Article

_LEAST = 2
"""Minimum occurrences of the name in the text."""
_MOST_WORDS = 3


def unknown_providers(article: Article, entities: EntityBook) -> list[str]:
    """« HexaCloud » for the title « HexaCloud obtient la qualification SecNumCloud ». Only if sure: the name leads a title that also
    names a qualification, and occurs twice in the text, in any letter case.
    """
    name = _first_name(article.title)
    of_scheme = any(mention.entity.kind == "scheme" for mention in entities.written(article.title))
    known = fold(name) in STOPWORDS_FR | STOPWORDS_EN | entities.related or entities.written(name)
    if not name or not of_scheme or known:
        return []
    wanted, said = ([word.folded for word in words(text)] for text in (name, article.text))
    count = sum(said[n : n + len(wanted)] == wanted for n in range(len(said)))
    return [name] if count >= _LEAST else []


def _first_name(title: str) -> str:
    """The capitalised words at the head of the title or after its first colon; may be empty."""
    head = title.partition(":")[2] or title
    run: list[Word] = []
    for word in words(head)[:_MOST_WORDS]:
        if not word.has_capital or (run and word.start - run[-1].end > 1):
            break
        run.append(word)
    return head[run[0].start : run[-1].end] if run else ""
