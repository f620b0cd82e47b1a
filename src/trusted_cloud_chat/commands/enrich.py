"""The command `enrich`: has a language model write the enrichment of articles."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trusted_cloud_chat.commands import load_settings
from trusted_cloud_chat.errors import SettingsError, UsageError, counted
from trusted_cloud_chat.output.terminal import AsJson, progress_bars, say, show

if TYPE_CHECKING:
    from trusted_cloud_chat.enrichment.portions import Enrichable
    from trusted_cloud_chat.enrichment.run import EnrichReport
    from trusted_cloud_chat.progress import Progress
    from trusted_cloud_chat.settings import Settings

enrich_app = typer.Typer()
_MOST_LISTED = 10


@enrich_app.command()
def enrich(
    named: Annotated[
        list[str] | None,
        typer.Argument(metavar="[PATH|ID]...", help="Files, folders or ids of articles; default: the corpus."),
    ] = None,
    model: Annotated[
        str | None, typer.Option("--model", metavar="PROVIDER:NAME", help="Default: TCC_CHAT_MODEL.")
    ] = None,
    since: Annotated[str | None, typer.Option(metavar="D", help="Only articles published that day or later.")] = None,
    limit: Annotated[int | None, typer.Option(metavar="N", min=1, help="Enrich at most N files, newest first.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Estimate the tokens and their cost, without calling the model.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Articles may leave this machine for the model's host.")] = False,
    as_json: AsJson = False,
) -> None:
    """Have a language model write what each sentence of an article answers and states into NAME.enrichment.jsonl beside it.

    Each row is checked against the article; one that fails twice is left out. Only new and changed articles are enriched, and the next
    run continues a stopped one. Exit status 1 if some articles failed.
    """
    from trusted_cloud_chat.dates import PartialDate
    from trusted_cloud_chat.wiring import enrich_sources, run_enrich

    settings = load_settings(chat_model=model)
    if not settings.chat_model:
        raise SettingsError("no language model: name one with --model PROVIDER:NAME or TCC_CHAT_MODEL")
    day = PartialDate.parse(since).first_day if since else None
    sources, others, failed = enrich_sources(settings, named or [], since=day)
    sources.sort(key=lambda source: max(str(article.date or "") for article in source.articles), reverse=True)
    sources = sources[:limit]
    if dry_run:
        _foresee(settings, sources, others, as_json=as_json)
        return
    if sources:
        ask_whether_articles_may_leave(settings, yes=yes)
    with progress_bars(lines=True) as tell:
        report = run_enrich(settings, sources, progress=tell)
    report.unchanged, report.failed = others, [*failed, *report.failed]
    show(asdict(report), _lines(report), as_json=as_json)
    if report.failed:
        raise typer.Exit(1)


def enrich_what_is_new(settings: "Settings", paths: Sequence[Path], tell: "Progress") -> None:
    """Enrich new and changed articles before an ingest run; failures are reported and left to the next run."""
    from trusted_cloud_chat.wiring import enrich_sources, run_enrich

    sources, *_ = enrich_sources(settings, list(map(str, paths)))
    if sources:
        say("\n".join(_lines(run_enrich(settings, sources, progress=tell), ingested=True)), sys.stderr)


def ask_whether_articles_may_leave(settings: "Settings", *, yes: bool) -> None:
    """Raises UsageError without a terminal to ask on, typer.Exit if the answer is no."""
    from trusted_cloud_chat.models.chat import leaves_for

    if not settings.chat_model:
        raise SettingsError("no language model: name one with TCC_CHAT_MODEL")
    host = leaves_for(settings.chat_model, settings.chat_url)
    if host is None:
        return
    told = f"the language model {settings.chat_model!r} runs on {host}: the articles leave this machine for that host"
    if yes:
        say(told, sys.stderr)
    elif not sys.stdin.isatty():
        raise UsageError(f"{told}. Confirm with --yes, or name a local model")
    elif not typer.confirm(f"{told}. Continue?", err=True):
        raise typer.Exit(UsageError.exit_status)


def _foresee(settings: "Settings", sources: "list[Enrichable]", others: int, *, as_json: bool) -> None:
    from trusted_cloud_chat.enrichment.home import EnrichmentHome
    from trusted_cloud_chat.enrichment.run import foreseen
    from trusted_cloud_chat.models.chat import shown_name

    asked = foreseen(sources, shown_name(settings.chat_model), EnrichmentHome.of(settings.home))
    prices = [float(price) for price in settings.chat_prices.split("/")] if settings.chat_prices else []
    cost = round((prices[0] * asked["read"] + prices[1] * asked["written"]) / 1e6, 2) if prices else None
    told = f"; at {settings.chat_prices} a million (TCC_CHAT_PRICES): about {cost:.2f}" if cost is not None else ""
    line = (
        f"dry run, the model is not asked: {counted(asked['articles'], 'article')} in {counted(asked['portions'], 'portion')}, "
        f"about {asked['read']:,} tokens to read and {asked['written']:,} to write{told}; {others} unchanged"
    )
    show({**asked, "unchanged": others, "cost": cost}, [line], as_json=as_json)


def _lines(report: "EnrichReport", *, ingested: bool = False) -> Iterator[str]:
    from trusted_cloud_chat.writing import texts

    yield (
        f"{counted(len(report.written), 'article')} written with {counted(report.rows, 'row')}, {report.unchanged} unchanged, "
        f"{counted(len(report.left_out), 'row')} left out, {len(report.failed)} failed; "
        f"{report.tokens.get('read', 0):,} tokens read and {report.tokens.get('written', 0):,} written, {report.seconds:.0f} s"
    )
    for one in report.left_out[:_MOST_LISTED]:
        yield f"left out: {one['article_id']}: {one['reason']} ({one['sentence'][:80]})"
    reasons = texts("reasons")["en"]
    yield from (
        f"failed: {one['path']}: {reasons.get(one['reason'], one['reason'])}" for one in report.failed[:_MOST_LISTED]
    )
    if report.ended:
        yield "stopped early: what was written stays, and the same command continues from there"
    if report.written and not ingested:
        yield "`trusted-cloud-chat ingest` adds them to the index"
