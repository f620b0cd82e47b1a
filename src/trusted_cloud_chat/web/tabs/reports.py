"""A run and its report, doctor's findings, what a rollback would do: as HTML. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from trusted_cloud_chat.corpus import SUFFIXES
from trusted_cloud_chat.doctor import Check
from trusted_cloud_chat.index.history import Before
from trusted_cloud_chat.ingestion import IngestReport
from trusted_cloud_chat.progress import spoken_time
from trusted_cloud_chat.schema import Language
from trusted_cloud_chat.web.escaping import escape
from trusted_cloud_chat.web.string_table import NBSP
from trusted_cloud_chat.web.tabs.admin_strings import ADMIN_STRINGS, AdminStrings
from trusted_cloud_chat.web.tabs.finding_strings import FINDINGS
from trusted_cloud_chat.web.tabs.receiving import Received
from trusted_cloud_chat.web.tabs.runs import Run

_MOST = 20
"""Of a list that is shown."""


def said(text: str, language: Language, *, warning: bool = False, tongue: str = "") -> str:
    """A line that screen readers announce."""
    kind = "warning" if warning else "active"
    return f'<p class="tcc-status tcc-{kind}" role="status" lang="{tongue or language}">{escape(text)}</p>'


def run_html(run: Run | None, language: Language, log: str = "") -> str:
    """How far a run is, or what it did; without one the log of the last run of any program."""
    own = ADMIN_STRINGS[language]
    if run is None:
        return _log(log, own, language)
    if not run.ended:
        return _progress(run, own, language)
    if run.report is not None:
        return report_html(run.report, language)
    detail = f'<p lang="en">{escape(run.error)}</p>' if run.error else f"<p>{escape(own.unforeseen)}</p>"
    return f'<div class="tcc-problem" role="status" lang="{language}"><p>{escape(own.failed_run)}</p>{detail}</div>'


def report_html(report: IngestReport, language: Language) -> str:
    own = ADMIN_STRINGS[language]
    seconds = f"{report.seconds:.1f}"
    counts = own.counts.format(
        generation=report.generation,
        added=len(report.added),
        changed=len(report.changed),
        unchanged=report.unchanged,
        deleted=len(report.deleted),
        duplicates=len(report.duplicates),
        failed=len(report.failed),
        seconds=seconds.replace(".", ",") if language == "fr" else seconds,
    )
    titles = [str(new["title"]) for new in report.new]
    lists = ((own.new, titles), (own.changed, report.changed), (own.deleted, report.deleted))
    body = "".join(_named(title, items) for title, items in lists)
    kinds = ", ".join(f"{kind or '?'} ({n})" for kind, n in report.skipped.items())
    names = ", ".join(one["name"] for one in report.unknown_names)
    told = [(own.skipped, "kinds", kinds), (own.unknown_names, "names", names)]
    lines = "".join(f"<p>{escape(text.format(**{key: value}))}</p>" for text, key, value in told if value)
    notices = [_notice(one, report.generation, own) for one in report.notices]
    return (
        f'<section class="tcc-report" lang="{language}"><h4>{escape(own.report)}</h4><p role="status">{escape(counts)}</p>'
        f"{_table(own.failed, report.failed, own)}{_table(own.notices, notices, own)}{body}{lines}</section>"
    )


def _notice(one: Mapping[str, str], generation: int, own: AdminStrings) -> dict[str, str]:
    """A row of the table: what a run says of itself in the page's language, anything else in the words of the command."""
    kind = one.get("kind")
    if kind is None:
        return {"path": one["path"], "reason": one["message"]}
    told = str(getattr(own, kind)).format(generation=generation, before=one.get("before"), named=one.get("named"))
    if (forgotten := one.get("forgotten", "0")) != "0":
        told += f" {own.forgotten.format(n=forgotten)}"
    return {"path": one["path"], "reason": told, "tongue": own.language}


def received_html(done: Sequence[Received], most_mb: int, language: Language) -> str:
    """What became of each file that was sent."""
    own, kinds = ADMIN_STRINGS[language], " ".join(sorted(SUFFIXES))
    items = "".join(
        f"<li>{escape(str(getattr(own, one.outcome)).format(name=one.name, most=most_mb, kinds=kinds))}</li>"
        for one in done
    )
    return f'<div role="status" lang="{language}"><ul class="tcc-received">{items}</ul></div>'


def before_html(now: int, before: Before, titles: Mapping[str, str], language: Language) -> str:
    """What a rollback would do. `titles` of the articles that are held, by id."""
    own = ADMIN_STRINGS[language]
    asks = own.roll_back_asks.format(now=now, before=before.generation)
    gone = [titles.get(one, one) for one in before.added]
    back = [version.article.title for version in before.versions.values()]
    lines = [(own.roll_back_gone, gone), (own.roll_back_back, back)]
    told = "".join(f"<p>{escape(text.format(titles=_some(items)))}</p>" for text, items in lines if items)
    return (
        f'<div class="tcc-notice" role="status" lang="{language}"><p><strong>{escape(asks)}</strong></p>{told}'
        f"<p>{escape(own.roll_back_note)}</p></div>"
    )


def findings_html(checks: Sequence[Check], language: Language) -> str:
    """Faults, then advice, each with the command that mends it; what is sound folded away."""
    own = ADMIN_STRINGS[language]
    troubled = sorted((one for one in checks if one.level != "ok"), key=lambda one: one.level != "fault")
    sound = [one for one in checks if one.level == "ok"]
    items = "".join(_finding(one, own, language) for one in troubled)
    folded = (
        f"<details><summary>{escape(own.sound.format(n=len(sound)))}</summary>"
        f'<ul class="tcc-list">{"".join(_sound(one, own, language) for one in sound)}</ul></details>'
    )
    return (
        f'<section class="tcc-report" lang="{language}" role="status"><h4>{escape(own.findings)}</h4>'
        f'<ul class="tcc-findings">{items}</ul>{folded if sound else ""}</section>'
    )


def _finding(one: Check, own: AdminStrings, language: Language) -> str:
    level = own.fault if one.level == "fault" else own.advice
    mend = f'<p lang="{language}">{escape(own.mend)} <code>{escape(one.mend)}</code></p>' if one.mend else ""
    chip = f'<li class="tcc-{one.level}"><p><span class="tcc-chip">{escape(level)}</span>'
    if language == "en":
        return f"{chip}<strong>{escape(one.name)}</strong>: {escape(one.found)}</p>{mend}</li>"
    known = FINDINGS[one.name]
    # Of a fault what went wrong stands in an error's words; of advice the ids, paths and numbers.
    says, detail = (known.advice, one.detail) if one.level == "advice" else (known.fault, one.found)
    tongue = "" if one.level == "advice" else ' lang="en"'
    told = f"<p{tongue}>{escape(detail)}</p>" if detail else ""
    return f"{chip}<strong>{escape(known.title)}</strong>{NBSP}: {escape(says)}</p>{told}{mend}</li>"


def _sound(one: Check, own: AdminStrings, language: Language) -> str:
    if language == "en":
        return f"<li>{escape(one.name)}: {escape(one.found)}</li>"
    known = FINDINGS[one.name]
    return f"<li>{escape(known.title)}{NBSP}: {escape(one.found if known.values else own.sound_one)}</li>"


def _progress(run: Run, own: AdminStrings, language: Language) -> str:
    title = str(getattr(own, f"running_{run.kind}"))
    step = str(getattr(own, f"step_{run.step}", run.step))
    count = f"{step} : " if language == "fr" else f"{step}: "
    told = f"{count}{own.of.format(done=run.done, total=run.total)}" if run.total else ""
    told += f" ({own.left.format(time=spoken_time(run.left))})" if run.left else ""
    bar = f'max="{run.total}" value="{run.done}"' if run.total else ""
    return (
        f'<div class="tcc-progress" lang="{language}"><p>{escape(title)}…</p><progress aria-label="{escape(title)}" {bar}></progress>'
        f"<p>{escape(told)}</p></div>"
    )


def _table(title: str, rows: Sequence[Mapping[str, str]], own: AdminStrings) -> str:
    if not rows:
        return ""
    body = "".join(
        f'<tr><th scope="row">{escape(row["path"])}</th><td lang="{row.get("tongue", "en")}">{escape(row["reason"])}</td></tr>'
        for row in rows
    )
    return (
        f'<table class="tcc-reasons"><caption>{escape(title)} ({len(rows)})</caption><thead><tr><th scope="col">{escape(own.file)}</th>'
        f'<th scope="col">{escape(own.reason)}</th></tr></thead><tbody>{body}</tbody></table>'
    )


def _named(title: str, items: Sequence[str]) -> str:
    if not items:
        return ""
    listed = "".join(f"<li>{escape(item)}</li>" for item in items[:_MOST])
    more = "<li>…</li>" if len(items) > _MOST else ""
    return (
        f'<details><summary>{escape(title)} ({len(items)})</summary><ul class="tcc-list">{listed}{more}</ul></details>'
    )


def _some(items: Iterable[str]) -> str:
    listed = list(items)
    more = f" … (+{len(listed) - _MOST})" if len(listed) > _MOST else ""
    return " · ".join(listed[:_MOST]) + more


def _log(log: str, own: AdminStrings, language: Language) -> str:
    if not log:
        return ""
    lines = "".join(f"<li>{escape(line)}</li>" for line in log.splitlines() if line.strip())
    return (
        f'<details class="tcc-report" lang="{language}"><summary>{escape(own.last_log)}</summary>'
        f'<ul class="tcc-log" lang="en">{lines}</ul></details>'
    )
