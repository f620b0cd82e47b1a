"""Which attribute a question asks for: a qualification, a date announced, or a figure and of which unit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from trusted_cloud_chat.answering.figures import TIME_UNITS, Figure
from trusted_cloud_chat.text.tense import TO_COME
from trusted_cloud_chat.understanding.asked import MONEY_WORDS

Attribute = Literal["qualification", "due", "figure"]

_SUPPOSED = re.compile(
    r"\bqualification (?:\w+ |\d\.\d |qu'(?:il|elle) a |(?:that )?it ){0,2}(?:obtenue|decrochee|recue|accordee|delivree|octroyee|obtained|granted|awarded|received)\b|"
    r"\b(?:depuis|since) (?:la|sa|son|leur|its|their|the)\b(?: \w+){0,2} qualification\b|"
    r"\b(?:depuis|maintenant) qu(?:e |')(?!.{0,40}\b(?:pas|ni|vouloir|annonce)\b).{1,40}\b(?:qualifie\w*(?! d[e'])|(?:obtenu|decroche|recu) (?:sa |la |son )?(?:qualifi|secnumcloud))|\bsince\b(?!.{0,40}\bnot\b).{1,40}\bqualified|"
    r"\b(?:pourquoi|comment)\b(?!.*\b(?:pas|jamais)\b).*\b(?:est|a|ete)(?:-t)?-(?:il|elle)\b (?:deja |enfin )?(?:ete )?(?:qualifie\w*(?! d[e'])|(?:obtenu|decroche)\w* (?:sa |la |son )?(?:qualif|secnumcloud))|"
    r"\b(?:why|how)\b(?!.*\bnot\b).*\b(?:get|got|obtain\w*|been|become) (?:its |the |\w+ )?(?:qualifi)"
)
"""That somebody is qualified, taken for granted;"""
_WISHED = re.compile(
    rf"{TO_COME}|"
    r"\b(?:compte|veut|veulent|vise|souhaite)\b|\b(?:will|can|want|wants|would|could)\b|\bhow (?:long|much)\b"
)
"""but not where what is to come is asked about."""
_MONEY = re.compile(
    rf"{MONEY_WORDS}|\bcommande|pese|\bpa(?:y|id|ye|yer|yee|yes)\b|indemnit|\bverse|\bdamages\b|\bdoi(?:t|vent)\b|\bowe[sd]?\b|\bsommes?\b|\bsums?\b"
)
_COUNTED = re.compile(r"\bnombre\b|\bpart\b|\bmontant|\bprix\b|\bcombien\b|\bnumber\b|\bshare\b|\bamount\b")
_DURATION = re.compile(
    r"\bduree\b|combien de temps|combien d'(?:annees|heures)|combien de (?:mois|jours)|\bdelai|how long|how many (?:years|months|days)"
)
_SHARE = re.compile(r"\bpart\b|pourcentage|proportion|\bshare\b|percent|\btaux\b")


@dataclass(frozen=True, slots=True)
class FigureAsked:
    """The unit of the figure that a question asks for, should it ask for one."""

    share: bool
    duration: bool
    money: bool

    def fits(self, figure: Figure) -> bool:
        """Whether it is of the unit asked for; « 3.2 » of a version counts nothing."""
        if self.share:
            return figure.unit == "%"
        if self.duration:
            return figure.unit in TIME_UNITS
        if self.money:
            return figure.unit in ("euro", "dollar")
        return not figure.unit and figure.value > 1 and figure.value == int(figure.value)


def figure_asked(folded: str) -> FigureAsked:
    return FigureAsked(
        share=bool(_SHARE.search(folded)), duration=bool(_DURATION.search(folded)), money=bool(_MONEY.search(folded))
    )


def asks_for_count(folded: str) -> bool:
    """Whether it is a number of something that changed: « Comment le nombre de… a-t-il évolué ? »."""
    return bool(_COUNTED.search(folded))


def takes_qualification_for_granted(folded: str) -> bool:
    """Whether it tells that somebody is qualified rather than asks: « la qualification obtenue par Bleu »."""
    return bool(_SUPPOSED.search(folded) and not _WISHED.search(folded))
