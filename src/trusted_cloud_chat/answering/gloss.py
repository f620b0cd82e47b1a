"""Under a French quote, for English readers: the date, the figure or the names that were asked for. Nothing else is translated."""

from __future__ import annotations

from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.language import patterns
from trusted_cloud_chat.language.senses import in_english
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
    found = []
    for match in patterns.SPOKEN_DATE.finditer(quote):
        try:
            found.append(PartialDate.parse(" ".join(match[0].split())).spoken("en"))
        except ValueError:
            continue
    return found


def _figures(quote: str) -> list[str]:
    """Figures with their units; a day of a month is none."""
    found = []
    for match in patterns.MEASURE.finditer(patterns.SPOKEN_DATE.sub(" ", quote)):
        number = "".join(match[1].split()).replace(",", ".")
        grouped = f"{int(number):,}" if number.isdigit() and len(number) > 4 else number
        units = [in_english().get(unit, "") for unit in match[2].replace("’", "'").replace("d'", " ").split()]
        sign = match[2].strip() if match[2].strip() in ("%", "€", "$") else ""
        told = " ".join(unit for unit in units if unit)
        if sign or told:
            found.append(f"{grouped}{sign}" if sign else f"{grouped} {told}")
    return found


def _names(quote: str) -> list[str]:
    """Runs of words with a capital, but for the first word of the quote."""
    found: list[str] = []
    end = -1
    for word in words(quote)[1:]:
        if not word.has_capital:
            continue
        if end >= 0 and quote[end : word.start] in (" ", "-"):
            found[-1] += quote[end : word.end]
        else:
            found.append(word.text)
        end = word.end
    return found
