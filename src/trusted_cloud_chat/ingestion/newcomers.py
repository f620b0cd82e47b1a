"""Providers of new articles that no list of names has: a question that lists or compares them would not see them."""

from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.language.normalise import fold
from trusted_cloud_chat.language.stems import STOPWORDS_EN, STOPWORDS_FR
from trusted_cloud_chat.language.words import Word, words
from trusted_cloud_chat.schema import Article

_LEAST = 2
"""Times that the text has the name."""
_MOST_WORDS = 3


def unknown_providers(article: Article, entities: EntityBook) -> list[str]:
    """« HexaCloud », of an article titled « HexaCloud obtient la qualification SecNumCloud ». Only where sure: a name at the head
    of a title that names a qualification too, and twice in the text.
    """
    mentions = entities.written(article.title)
    if not any(mention.entity.kind == "scheme" for mention in mentions):
        return []
    name = _first_name(article.title)
    known = (
        not name
        or fold(name) in STOPWORDS_FR | STOPWORDS_EN
        or entities.written(name)
        or fold(name) in entities.related
    )
    return [] if known or _count(name, article.text) < _LEAST else [name]


def _first_name(title: str) -> str:
    """The words with a capital that the title begins with, or that follow the first colon; empty without any."""
    head = title.partition(":")[2] or title
    run: list[Word] = []
    for word in words(head)[:_MOST_WORDS]:
        if not word.has_capital or (run and word.start - run[-1].end > 1):
            break
        run.append(word)
    return head[run[0].start : run[-1].end] if run else ""


def _count(name: str, text: str) -> int:
    """How often the words of `name` stand in `text`, capitals apart."""
    wanted = [word.folded for word in words(name)]
    said = [word.folded for word in words(text)]
    return sum(said[n : n + len(wanted)] == wanted for n in range(len(said)))
