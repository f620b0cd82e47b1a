"""Promises: what a sentence announces for a date to come, and whether that date has passed."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from trusted_cloud_chat.answering.spelt import spell_out
from trusted_cloud_chat.answering.timeline.moments import retells, said_on
from trusted_cloud_chat.dates import PartialDate, spoken_day
from trusted_cloud_chat.periods import Period, find_periods
from trusted_cloud_chat.schema import Language
from trusted_cloud_chat.text import fold, fold_in_place
from trusted_cloud_chat.text.tense import FUTURE

PROMISES = re.compile(
    r"\b(?:vis(?:e|ent|ait|aient|er)|esper\w+|compt(?:e|ent|ait|aient) (?:sur|\w+(?:er|ir|re)\b)|prevo(?:it|ient|yait|yaient)|prevue?s?|"
    r"prom(?:et|ettent|ettait|ettaient|is|ise|ises)|(?<!pas )attendue?s?|annonc(?:ee?s?|ent|ait|aient)\b.{0,60}\b(?:pour|d'ici|avant)\b|prepar(?:e|ent|ait|aient)\b.{0,60}\bpour\b|doi(?:t|vent)|dev(?:ait|aient|rait|raient)|"
    r"objectifs?|echeances?|horizon|tabl(?:e|ent|ait|aient) sur|(?:fix|plac|situ)(?:e|ait) (?!l[ae] (?:fermeture|depart|creation|naissance|debut|origine)\b|l'(?:arret|incendie|origine)\b)|sera|seront|projet(?:te|ait)|programmee?s?|envisag\w+|"
    r"aim(?:s|ed|ing)?|expect(?:s|ed)?|due|plan(?:s|ned)? (?:to|for)|will|would|promise[sd]?|target(?:s|ed)?|hope[sd]?|scheduled)\b|"
    + FUTURE
)
_NO_DEADLINE = re.compile(
    r"\b(?:depuis|since|apres|after|date[es]*|non date\w*|(?:sign|conclu|annonc|publi|adopt|paru|vot|lanc|cre|revis|ouver|remis|deman)\w*)\s*"
    r"(?:\w+\s+)?(?:en|le|a la|au|de|du|d'|l'|la|on|in|of|the)?\s*$"
)
"""What stands before a date that belongs to something else than the promise."""
_NOT_BEFORE = re.compile(
    r"\b(?:pas|not|jamais)\b[^.;:]{0,40}\b(?:avant|before)\s*(?:l[ae']s?\s*|the\s+)?(?:fin |end of )?$"
)
_WITHIN = re.compile(
    r"\b(?:dans les|d'ici|sous|dans un delai de|within|in the next|within the next) (\d{1,2}) (?:prochains? |coming )?"
    r"(jours?|semaines?|mois|ans?|annees?|days?|weeks?|months?|years?)\b"
)
_TOWARDS = re.compile(r"\b(?:pour|d'ici|avant|des|courant|by|for|before|during)\s*$")
_DATED = re.compile(r"\d{4}")
_UNIT_DAYS = {"j": 1, "d": 1, "s": 7, "w": 7}
_FROM = re.compile(r"\b(?:a partir d[eu']|a compter d[eu']|from)\s*(?:l[ae']s?\s*|the\s+)?$")
_NOT_PROMISED = re.compile(
    r"\b(?:n(?:e |')(?:[\w'-]+ ){1,3}?(?:pas|plus|jamais)|not|never)\b(?:(?!\b(?:et|mais|and|but)\b|\b(?:vis|esper|attend|prevo|aim|expect))[^.;:,])*$|"
    r"\b(?:au plus tot|no earlier than|at the earliest)\b[^.;:,]*$"
)
"""What stands before a date that nothing is promised for: « n’ouvrira pas en 2025 », « au plus tôt à la mi-2024 »."""
_FR_PARTS = ("premier", "deuxième", "troisième", "quatrième")
_EN_PARTS = ("first", "second", "third", "fourth")
_SEASONS = {
    "hiver": ("l’hiver", "winter"), "winter": ("l’hiver", "winter"), "printemps": ("le printemps", "spring"),
    "spring": ("le printemps", "spring"), "ete": ("l’été", "summer"), "summer": ("l’été", "summer"),
    "automne": ("l’automne", "autumn"), "autumn": ("l’automne", "autumn"), "rentree": ("la rentrée", "September"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Due:
    """What a promise is for: first and last day, and the folded words that name it at `start` of the sentence.

    « avant 2026 » is for the last day before it; `before` is then what is named, its first and last day.
    """

    first: date
    last: date
    words: str
    start: int
    before: tuple[date, date] | None = None

    def passed(self, today: date) -> bool:
        return self.last < today

    def spoken(self, language: Language) -> str:
        """« la fin de 2025 », « le premier semestre 2026 », "summer 2025"; « avant mars 2026 »."""
        french = language != "en"
        if self.before is not None:
            named = replace(self, first=self.before[0], last=self.before[1], before=None)
            return f"{'avant' if french else 'before'} {named.spoken(language)}"
        year = self.last.year
        if self.first == self.last:
            return ("le " if french else "") + spoken_day(self.first, language)
        if self.first.month == self.last.month and self.first.year == self.last.year:
            return PartialDate(year, self.first.month).spoken(language)
        for word, (fr, en) in _SEASONS.items():
            if re.search(rf"\b{word}\b", self.words):
                return f"{fr if french else en} {year}"
        part = self._part(french)
        return f"{part}{year}" if part else str(year)

    def _part(self, french: bool) -> str:
        months = self.last.month - self.first.month + 1
        if months == 6:
            half = (self.first.month - 1) // 6
            return f"le {('premier', 'second')[half]} semestre " if french else f"the {_EN_PARTS[half]} half of "
        if months == 3 and re.search(r"trimestre|quarter|^[tq]\d", self.words):
            quarter = (self.first.month - 1) // 3
            return f"le {_FR_PARTS[quarter]} trimestre " if french else f"the {_EN_PARTS[quarter]} quarter of "
        if months < 12:
            edge = 0 if self.first.month == 1 else 2 if self.last.month == 12 else 1
            fr, en = (("le début de ", "early "), ("le milieu de ", "mid-"), ("la fin de ", "the end of "))[edge]
            return fr if french else en
        return ""


def promises(text: str) -> bool:
    """Whether `text` announces something to come."""
    return bool(PROMISES.search(fold(text)))


def read_due(text: str, published: PartialDate | None, topic: re.Pattern[str] | None = None) -> Due | None:
    """The date that `text` promises something for; None without a promise or a date to come.

    Relative dates (« d’ici l’été », « dans les six mois ») count from the day that the text speaks from. Of several
    the one nearest to `topic` (a pattern for folded text) is taken, else the last, which is the safer one to call passed.
    """
    folded = fold_in_place(text)
    if published is None or not PROMISES.search(folded):
        return None
    said = said_on(text, published, plans=True)
    if said == published and retells(text):
        said = None
    periods = find_periods(text, (said or published).last_day)
    if said is None:  # told of an earlier day that is not named: only a full date can be resolved
        periods = [p for p in periods if _DATED.search(folded[p.start : p.end])]
    to_come = [due for p in periods if (due := _due(p, folded, said or published, published)) is not None]
    to_come += _within(folded, said) if said else []
    if not to_come:
        return None
    about = topic.search(folded) if topic else None
    if about is None:
        return max(to_come, key=lambda due: due.last)
    return min(to_come, key=lambda due: (due.start < about.start(), abs(due.start - about.start())))


def _due(period: Period, folded: str, said: PartialDate, published: PartialDate) -> Due | None:
    words, before = folded[period.start : period.end], folded[max(0, period.start - 60) : period.start]
    first, last = period.first, period.last
    before_it = (first, last) if period.closes and period.closes < first else None
    if before_it and period.closes:
        first = last = period.closes
    if not _DATED.search(words) and last < said.first_day:  # « à l’été », said in November
        first, last = _next_year(first), _next_year(last)
        before_it = before_it and (_next_year(before_it[0]), _next_year(before_it[1]))
    # A publication date known to the year leaves open which of that year's dates were still to come.
    if last <= (said.first_day if said == published and said.month is None else said.last_day):
        return None
    if said.month is None and last.year == said.year and (last - first).days < 31:
        return None  # a day of the year that is all that is known of the publication date
    # « En mars 2023, OVHcloud envisage… », said that month: when it is told, and not what for.
    told = (
        first <= published.last_day
        and (last - first).days < 31
        and not (_TOWARDS.search(before) or _FROM.search(before))
    )
    if told and PROMISES.search(folded, period.end) and not PROMISES.search(folded, 0, period.start):
        return None
    # « le projet de 2021 », said in 2021, is no date to come; « d’ici 2021 » would be.
    if words == str(said.year) and not _TOWARDS.search(before):
        return None
    if (
        _NOT_BEFORE.search(before)
        or _NOT_PROMISED.search(before)
        or (_NO_DEADLINE.search(before) and not _FROM.search(before))
    ):
        return None
    return Due(first, last, words, period.start, before_it)


def _next_year(day: date) -> date:
    return day.replace(year=day.year + 1, day=min(day.day, 28) if day.month == 2 else day.day)


def _within(folded: str, said: PartialDate) -> list[Due]:
    """« dans les six mois » as a month, « sous dix jours » as a day."""
    found = []
    for match in _WITHIN.finditer(spell_out(folded)):
        count, unit = int(match[1]), match[2][0]
        if unit in _UNIT_DAYS:
            day = said.last_day + timedelta(days=count * _UNIT_DAYS[unit])
            due = PartialDate(day.year, day.month, day.day)
        elif said.month is None:  # « en 2020, sous deux ans »
            if unit not in "ay":
                continue
            due = PartialDate(said.year + count)
        else:
            months = said.last_day.month - 1 + count * (12 if unit in "ay" else 1)
            due = PartialDate(said.last_day.year + months // 12, months % 12 + 1)
        found.append(Due(due.first_day, due.last_day, match[0], match.start()))
    return found
