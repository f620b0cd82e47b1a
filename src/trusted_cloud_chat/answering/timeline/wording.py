"""What code says about time around quotes, in French and English."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from trusted_cloud_chat.answering.market import Market
from trusted_cloud_chat.answering.timeline.promises import Due
from trusted_cloud_chat.answering.wording import NBSP, colon
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.schema import Language, Promise, QualificationStage

_FR_NUMBERS = ("zéro", "une", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix")
_EN_NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def stage_line(told: Sequence[QualificationStage], today: date, market: Market, language: Language) -> str:
    """« Étape de la qualification, pour PREMI3NS (S3NS) : qualifié depuis le 17 décembre 2025… »; `told` of several holders the same."""
    stage, holders = told[0], ", ".join(_holder(one, language) for one in told)
    opening = "Stage of the qualification, for " if language == "en" else "Étape de la qualification, pour "
    line = f"{opening}{holders}{colon(language)} {market.stage(stage.stage).label(language)}"
    if stage.since:
        line += _since(stage, stage.since, language)
    if stage.expires:
        line += _expiry(stage.expires, today, language)
    return f"{line}."


def promise_line(promise: Promise, due: Due, language: Language) -> str:
    """Whether the date that a quote announces has passed, and where it is told what became of it."""
    words = f"“{due.words}”" if language == "en" else f"«{NBSP}{due.words}{NBSP}»"
    if language == "en":
        if not promise.passed:
            return f"Date announced: {words}, not passed on the day of the question."
        after = f"; latest evidence of what became of it: [{promise.outcome}]" if promise.outcome else ""
        return f"Date announced: {words}, passed on the day of the question{after}."
    if not promise.passed:
        return f"Échéance annoncée{NBSP}: {words}, pas encore passée à la date de la question."
    after = f"{NBSP}; dernier état connu de la suite{NBSP}: [{promise.outcome}]" if promise.outcome else ""
    return f"Échéance annoncée{NBSP}: {words}, passée à la date de la question{after}."


def history_title(language: Language) -> str:
    if language == "en":
        return "What was said before, oldest first:"
    return f"Ce qui se disait auparavant, du plus ancien au plus récent{NBSP}:"


def disagreement_title(language: Language) -> str:
    return "Sources disagree:" if language == "en" else f"Les sources ne concordent pas{NBSP}:"


def sources_line(count: int, language: Language) -> str:
    """How many independent sources report the leading quote, at least."""
    numbers = _EN_NUMBERS if language == "en" else _FR_NUMBERS
    number = numbers[count] if count < len(numbers) else str(count)
    if language == "en":
        return f"Reported by at least {number} independent sources."
    return f"Rapporté par au moins {number} sources indépendantes."


def _since(stage: QualificationStage, day: PartialDate, language: Language) -> str:
    """« depuis le 17 décembre 2025 » of a qualification, « le 17 avril 2025 » of a milestone."""
    if language == "en":
        before = "since" if stage.stage == "qualified" else "on" if day.day else "in"
        return f" {before} {day.spoken('en')}"
    when = f"{'le ' if day.day else ''}{day.spoken('fr')}"
    if stage.stage == "qualified":
        return f" depuis {when}"
    return f" {when}" if day.day else f" en {when}"


def _holder(stage: QualificationStage, language: Language) -> str:
    if stage.service and stage.holder:
        return f"{stage.service} ({stage.holder})"
    unnamed = "service not stated" if language == "en" else "service non précisé"
    return stage.service or f"{stage.holder} ({unnamed})"


def _expiry(expires: PartialDate, today: date, language: Language) -> str:
    passed = expires.last_day < today
    if language == "en":
        on = f"{'on' if expires.day else 'in'} {expires.spoken('en')} (calculated)"
        return f"; the three years ended {on}, renewal not stated here" if passed else f"; runs out {on}"
    day = f"{'le' if expires.day else 'en'} {expires.spoken('fr')} (calculé)"
    if passed:
        return f"{NBSP}; trois ans écoulés {day}, renouvellement non précisé ici"
    return f"{NBSP}; expiration {day}"
