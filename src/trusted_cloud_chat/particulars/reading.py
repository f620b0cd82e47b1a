"""Extracts the particulars of a text in one pass."""

from dataclasses import dataclass
from datetime import date

from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.language.model_patterns import LINK_TO_YEAR
from trusted_cloud_chat.language.normalise import normalise
from trusted_cloud_chat.language.words import words_and_signs
from trusted_cloud_chat.particulars.figures import Figure, Moment, read_figures, read_moments
from trusted_cloud_chat.particulars.names import Names, as_names, read_known, read_others
from trusted_cloud_chat.schema import Language


@dataclass(frozen=True, slots=True)
class Particulars:
    """Figures, dates and names of a text."""

    figures: tuple[Figure, ...]
    moments: tuple[Moment, ...]
    names: Names


def read_particulars(text: str, language: Language, today: date, entities: EntityBook) -> Particulars:
    """The particulars of `text`; relative dates are resolved against `today`."""
    plain = LINK_TO_YEAR.sub(" ", normalise(text).replace("n't", " not"))
    tokens, used = words_and_signs(plain), set[int]()
    moments = read_moments(plain, tokens, used, today)
    keys = read_known(plain, tokens, used, entities)
    figures = read_figures(plain, tokens, used, language)
    keys |= read_others(plain, tokens, used, language)
    return Particulars(tuple(figures), tuple(moments), as_names(plain, tokens, language, keys))
