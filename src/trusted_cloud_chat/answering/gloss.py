"""Under a French quote, for English readers: the date, the figure or the names that were asked for. Nothing else is translated."""

from __future__ import annotations

from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.language import patterns
from trusted_cloud_chat.language.senses import in_english
from trusted_cloud_chat.language.stems import content_words
from trusted_cloud_chat.language.words import words
from trusted_cloud_chat.schema import Query

_MOST = 4
_DATES, _FIGURES, _NAMES = ("date", "status"), ("number", "duration"), ("who",)


def gloss(query: Query, quote: str) -> str | None:
    """“In English: 17 December 2025.”; None where the quote has nothing of the kind that `query` asks for."""
    if query.kind in _DATES:
        found = _dates(quote)
    elif query.kind in _FIGURES:
        found = _figures(quote)
    elif query.kind in _NAMES:
        found = _names(quote)
    else:
        return None
    shown = list(dict.fromkeys(found))[:_MOST]
    label = "Names" if query.kind in _NAMES else "In English"
    return f"{label}: {'; '.join(shown)}." if shown else None


def _dates(quote: str) -> list[str]:
    """Days and months; the end of a range by itself would be another day."""
    found = []
    for match in patterns.SPOKEN_DATE.finditer(quote):
        if patterns.DAY_OF_RANGE.search(quote[: match.start()]):
            continue
        try:
            found.append(PartialDate.parse(" ".join(match[0].split())).spoken("en"))
        except ValueError:
            continue
    return found


def _figures(quote: str) -> list[str]:
    """Figures with a unit that is known; a day of a month is none."""
    found = []
    for match in patterns.FIGURE_AND_UNIT.finditer(patterns.SPOKEN_DATE.sub(" ; ", quote)):
        whole, decimals, unit, of = match.groups()
        number = "".join(whole.split())
        said = f"{int(number):,}" if " " in whole or len(number) > 4 or len(whole) > len(number) else number
        said += f".{decimals}" if decimals else ""
        known = [in_english().get(word) for word in (unit, *of.replace("’", "'").split("d'")[1:])]
        if unit in ("%", "€", "$"):
            found.append(f"{said}%" if unit == "%" else f"{unit}{said}")
        elif all(known):
            found.append(" ".join([said, *filter(None, known)]))
    return found


def _names(quote: str) -> list[str]:
    """Runs of words with a capital; a function word that opens a sentence is none."""
    found: list[str] = []
    end = -1
    for word in words(quote):
        if not word.has_capital or not content_words(word.text, "fr"):
            continue
        if end >= 0 and quote[end : word.start] in (" ", "-", "\u00a0"):
            found[-1] += quote[end : word.end]
        else:
            found.append(word.text)
        end = word.end
    return found
