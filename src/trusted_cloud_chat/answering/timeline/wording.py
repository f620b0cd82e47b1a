"""What code says about time around quotes, in French and English."""

from __future__ import annotations

from datetime import date

from trusted_cloud_chat.answering.wording import NBSP
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.schema import Language, Promise, QualificationStage

_FR_STAGES = {
    "announced": "annoncé", "in_progress": "en cours, jalon non précisé", "not_qualified": "pas encore qualifié",
    "qualified": "qualifié", "expired": "expiré",
}  # fmt: skip
_EN_STAGES = {
    "announced": "announced", "in_progress": "under way, milestone not stated", "not_qualified": "not qualified yet",
    "qualified": "qualified", "expired": "expired",
}  # fmt: skip
_FR_NUMBERS = ("zéro", "une", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix")
_EN_NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def known_at(said: PartialDate, language: Language) -> str:
    """The age of what is known: « état connu au 12 mars 2026 »."""
    return f"as known {_on(said, 'en')}" if language == "en" else f"état connu {_on(said, 'fr')}"


def with_known(said: PartialDate, text: str, *, listed: bool, language: Language) -> str:
    """The same above an answer about the present, `text`; before the words that introduce a list."""
    words = known_at(said, language)
    words = f"{words[0].upper()}{words[1:]}"
    if listed:
        return f"{words}{';' if language == 'en' else f'{NBSP};'} {text[0].lower()}{text[1:]}"
    return f"{words}{':' if language == 'en' else f'{NBSP}:'}\n\n{text}"


def stage_line(stage: QualificationStage, to_come: str | None, today: date, language: Language) -> str:
    """« Étape de la qualification, pour PREMI3NS (S3NS) : qualifié depuis le 17 décembre 2025… »."""
    english = language == "en"
    names = _EN_STAGES if english else _FR_STAGES
    milestone = f"milestone {stage.stage} passed" if english else f"jalon {stage.stage} franchi"
    line = (
        f"Stage of the qualification, {_holder(stage, 'en')}: "
        if english
        else f"Étape de la qualification, {_holder(stage, 'fr')}{NBSP}: "
    )
    line += names.get(stage.stage, milestone)
    if stage.since:
        line += _reached(stage, stage.since, language)
    if to_come:
        line += f", expected {_for(to_come, 'for')}" if english else f", attendu {_for(to_come, 'pour')}"
    if stage.expires:
        line += _expiry(stage.expires, today, language)
    return line + "."


def promise_line(promise: Promise, due: str, *, compared: bool, language: Language) -> str:
    """Whether the date that a quote promises has passed, and what is known of what became of it.

    `compared`: later articles were looked through for an outcome.
    """
    if language == "en":
        if not promise.passed:
            return f"Date announced: {due}, not passed on the day of the question."
        line = f"Date announced: {due}, passed on the day of the question"
        if promise.outcome is not None:
            return f"{line}; latest evidence of what became of it: [{promise.outcome}]."
        return f"{line}; no passage found says what became of it." if compared else f"{line}."
    # « annoncée avant mars » would tell when it was announced.
    announced = f"Échéance annoncée{NBSP}: {due}" if due.startswith("avant ") else f"Échéance annoncée pour {due}"
    if not promise.passed:
        return f"{announced}, pas encore passée à la date de la question."
    line = f"{announced}, passée à la date de la question"
    if promise.outcome is not None:
        return f"{line}{NBSP}; dernier état connu de la suite{NBSP}: [{promise.outcome}]."
    return f"{line}{NBSP}; aucun passage trouvé ne dit ce qu’il en est advenu." if compared else f"{line}."


def _for(due: str, preposition: str) -> str:
    """« pour la fin de 2025 », « avant mars 2026 »."""
    return due if due.startswith(("avant ", "before ")) else f"{preposition} {due}"


def passed_note(language: Language) -> str:
    """After a quote of the history whose announced date has passed."""
    if language == "en":
        return "; this date has passed"
    return f"{NBSP}; échéance passée à la date de la question"


def history_title(language: Language) -> str:
    if language == "en":
        return "What was said before, oldest first:"
    return f"Ce qui se disait auparavant, du plus ancien au plus récent{NBSP}:"


def disagreement_title(language: Language) -> str:
    if language == "en":
        return "Sources disagree:"
    return f"Les sources ne concordent pas{NBSP}:"


def dated(said: PartialDate, language: Language) -> str:
    """What a line of the history begins with: « En avril 2025 : », « Le 15 janvier 2024 : »."""
    day = said.spoken(language)
    if language == "en":
        return f"{'On' if said.day else 'In'} {day}: "
    return f"{'Le' if said.day else 'En'} {day}{NBSP}: "


def sources_line(count: int, *, each_known: bool, language: Language) -> str:
    """How many independent sources report the leading quote. `each_known`: it is clear which, so that there are no more."""
    if language == "en":
        number = _EN_NUMBERS[count] if count < len(_EN_NUMBERS) else str(count)
        return f"Reported by {'' if each_known else 'at least '}{number} independent sources."
    number = _FR_NUMBERS[count] if count < len(_FR_NUMBERS) else str(count)
    return f"Rapporté par {'' if each_known else 'au moins '}{number} sources indépendantes."


def _on(day: PartialDate, language: Language) -> str:
    if language == "en":
        return f"{'on' if day.day else 'in'} {day.spoken('en')}"
    return f"{'au' if day.day else 'en'} {day.spoken('fr')}"


def _reached(stage: QualificationStage, day: PartialDate, language: Language) -> str:
    """« depuis le 17 décembre 2025 » of a qualification, « le 17 avril 2025 » of a milestone."""
    if language == "en":
        return f" since {day.spoken('en')}" if stage.stage == "qualified" else f" {_on(day, 'en')}"
    when = f"{'le ' if day.day else ''}{day.spoken('fr')}"
    if stage.stage == "qualified":
        return f" depuis {when}"
    return f" {when}" if day.day else f" en {when}"


def _holder(stage: QualificationStage, language: Language) -> str:
    english = language == "en"
    unnamed = "service not stated" if english else "service non précisé"
    aside = stage.holder if stage.service else unnamed
    named = f"{'for' if english else 'pour'} {stage.service or stage.holder}"
    return f"{named} ({aside})" if aside else named


def _expiry(expires: PartialDate, today: date, language: Language) -> str:
    passed = expires.last_day < today
    if language == "en":
        ending = "; the three years ended" if passed else "; runs out"
        renewed = ", renewal not stated here" if passed else ""
        return f"{ending} {_on(expires, 'en')} (calculated){renewed}"
    day = f"{'le' if expires.day else 'en'} {expires.spoken('fr')}"
    if passed:
        return f"{NBSP}; trois ans écoulés {day} (calculé), renouvellement non précisé ici"
    return f"{NBSP}; expiration {day} (calculé)"
