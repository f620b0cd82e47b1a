"""The command `ingest`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from trusted_cloud_chat.commands import load_settings
from trusted_cloud_chat.errors import UsageError
from trusted_cloud_chat.output.terminal import AsJson, progress_bars, say, show, unpacking

if TYPE_CHECKING:
    from trusted_cloud_chat.ingestion import IngestReport
    from trusted_cloud_chat.settings import Settings

ingest_app = typer.Typer()


@ingest_app.command()
def ingest(
    given: Annotated[
        list[str] | None,
        typer.Argument(metavar="[PATH|URL]...", help="Files, folders or addresses to add; default: the corpus."),
    ] = None,
    urls: Annotated[
        Path | None, typer.Option("--urls", metavar="FILE", help="Fetch the addresses in FILE too, one per line.")
    ] = None,
    originals: Annotated[
        bool, typer.Option("--originals", help="Fetch the pages that the indexed articles name as their sources.")
    ] = False,
    as_json: AsJson = False,
    rebuild: Annotated[bool, typer.Option(help="Rebuild the index with the embedder of the settings.")] = False,
    if_needed: Annotated[
        bool, typer.Option("--if-needed", help="Do nothing if the index is up to date with the corpus.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Report what a run would do, and write nothing.")] = False,
    allow_deletions: Annotated[
        bool, typer.Option("--allow-deletions", help="Continue even if a large part of the corpus is gone.")
    ] = False,
    enriched: Annotated[
        bool, typer.Option("--enrich", help="First let TCC_CHAT_MODEL enrich new and changed articles.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="With --enrich: articles may leave for the model's host.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Keep running, and ingest again when files change.")] = False,
    every: Annotated[
        str | None, typer.Option(metavar="D", help="Keep running, and ingest again at this interval: 30m, 6h, 1d.")
    ] = None,
) -> None:
    """Bring the index up to date with the corpus; only what changed is embedded.

    A URL is a page, an RSS or Atom feed or a sitemap, fetched only with TCC_ALLOW_NETWORK=1.
    Exit status 1 if some files failed: they are listed, the others are indexed.
    """
    from trusted_cloud_chat.fetching.wanted import listed, parted

    paths, addresses = parted(given or ())
    addresses += listed(urls) if urls else []
    settings, repeated = load_settings(), watch or every is not None
    if enriched:
        from trusted_cloud_chat.commands.enrich import ask_whether_articles_may_leave

        ask_whether_articles_may_leave(settings, yes=yes)
    if repeated and (dry_run or if_needed):
        raise UsageError("--watch and --every repeat the run: they cannot be combined with --dry-run or --if-needed")
    fetched = [*addresses, *(["the articles' sources"] if originals else [])]
    if fetched:
        from trusted_cloud_chat.wiring import check_network

        check_network(settings)  # before the embedder is unpacked
    options: dict[str, Any] = {
        "urls": addresses,
        "originals": originals,
        "rebuild": rebuild,
        "allow_deletions": allow_deletions,
    }
    run = partial(_enrich_and_ingest, settings, paths, enriched=enriched, **options)
    if repeated:
        from trusted_cloud_chat.commands.rerunning import keep_ingesting

        keep_ingesting(settings, paths, fetched, run, watch=watch, every=every, as_json=as_json)
    elif if_needed and not fetched and run(dry_run=True).is_idle:
        print("the index is up to date with the corpus", file=sys.stderr)
    else:
        _once(settings, run, dry_run=dry_run, rebuild=rebuild, as_json=as_json)


def _enrich_and_ingest(
    settings: Settings, paths: Sequence[Path], *, enriched: bool, dry_run: bool = False, **options: Any
) -> IngestReport:
    """One run; `options` as in `run_ingest`."""
    from trusted_cloud_chat.commands.enrich import enrich_what_is_new
    from trusted_cloud_chat.wiring import run_ingest

    if enriched and not dry_run:
        enrich_what_is_new(settings, paths, options["progress"])
    return run_ingest(settings, paths, dry_run=dry_run, **options)


def _once(settings: Settings, run: Callable[..., IngestReport], *, dry_run: bool, rebuild: bool, as_json: bool) -> None:
    from trusted_cloud_chat.output.reporting import ingest_lines
    from trusted_cloud_chat.wiring import build_embedder

    try:
        with progress_bars(lines=True) as tell:
            embedder = None if dry_run else build_embedder(settings, unpacking(tell))
            report = run(embedder=embedder, progress=tell, dry_run=dry_run)
    except KeyboardInterrupt:  # Typer exits with status 130 silently
        goes_on = "" if dry_run or rebuild else ", and the next one continues with what was embedded"
        say(f"stopped: a run that has not committed changes nothing{goes_on}", sys.stderr)
        raise
    show(report.to_dict(), ingest_lines(report), as_json=as_json)
    if report.stopped:
        raise typer.Exit(UsageError.exit_status)
    if report.failed:
        raise typer.Exit(1)
