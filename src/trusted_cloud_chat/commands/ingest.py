"""The command `ingest`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from trusted_cloud_chat.commands import load_settings
from trusted_cloud_chat.errors import UsageError
from trusted_cloud_chat.output.terminal import AsJson, print_json, progress_bars, say

if TYPE_CHECKING:
    from trusted_cloud_chat.ingestion import IngestReport

ingest_app = typer.Typer()
_STOPPED = "stopped: nothing is seen of a run that has not committed"
_GOES_ON = ", and the next one goes on with what was embedded"


@ingest_app.command()
def ingest(
    given: Annotated[
        list[str] | None,
        typer.Argument(metavar="[PATH|URL]...", help="Files, folders or addresses to add; default: the corpus."),
    ] = None,
    urls: Annotated[
        Path | None, typer.Option("--urls", metavar="FILE", help="Fetch the addresses in FILE too, one a line.")
    ] = None,
    originals: Annotated[
        bool, typer.Option("--originals", help="Fetch the pages that the indexed articles name as their sources.")
    ] = False,
    as_json: AsJson = False,
    rebuild: Annotated[bool, typer.Option(help="Make the index anew, with the embedder of today's settings.")] = False,
    if_needed: Annotated[
        bool, typer.Option("--if-needed", help="Do nothing when the index is as new as the corpus.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Read and compare, and say what a run would do; nothing is written.")
    ] = False,
    allow_deletions: Annotated[
        bool, typer.Option("--allow-deletions", help="Go on where much of the corpus is gone.")
    ] = False,
    enriched: Annotated[
        bool, typer.Option("--enrich", help="First have TCC_CHAT_MODEL enrich what is new or has changed.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="With --enrich: articles may leave for the model's host.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Stay, and run again when files change.")] = False,
    every: Annotated[
        str | None, typer.Option(metavar="D", help="Stay, and run again at this interval: 30m, 6h, 1d.")
    ] = None,
) -> None:
    """Bring the index up to date with the corpus; only what changed is embedded.

    A URL is a page, an RSS or Atom feed or a sitemap, fetched only with TCC_ALLOW_NETWORK=1.
    Exit status 1 when some files failed: they are listed, the others are in.
    """
    from trusted_cloud_chat.fetching.wanted import listed, parted

    paths, addresses = parted(given or ())
    addresses += listed(urls) if urls else []
    options: dict[str, Any] = {"originals": originals, "rebuild": rebuild, "allow_deletions": allow_deletions}
    if enriched:
        from trusted_cloud_chat.commands.enrich import ask_whether_articles_may_leave

        ask_whether_articles_may_leave(load_settings(), yes=yes)
    options["enriched"] = enriched and not dry_run
    if not watch and every is None:
        return _run(paths, addresses, if_needed=if_needed, dry_run=dry_run, as_json=as_json, **options)
    if dry_run or if_needed:
        raise UsageError("--watch and --every run again and again: neither goes with --dry-run or --if-needed")
    from trusted_cloud_chat.commands.rerunning import keep_ingesting

    return keep_ingesting(paths, addresses, watch=watch, every=every, as_json=as_json, **options)


def _run(
    paths: Sequence[Path],
    urls: Sequence[str],
    *,
    if_needed: bool,
    dry_run: bool,
    as_json: bool,
    enriched: bool,
    **options: Any,
) -> None:
    from trusted_cloud_chat.commands.enrich import enrich_what_is_new
    from trusted_cloud_chat.ingestion.freshness import is_fresh
    from trusted_cloud_chat.wiring import build_embedder, check_network, chroma_of, run_ingest

    settings = load_settings()
    if urls or options["originals"]:
        check_network(settings)  # before the embedder is unpacked
    elif if_needed and is_fresh(settings.home, settings.corpus, chroma_of(settings)):
        print("the index is as new as the corpus", file=sys.stderr)
        return
    try:
        with progress_bars(lines=True) as tell:
            unpacked = lambda _step, share: tell("unpack the embedder", round(share * 100), 100)  # noqa: E731
            if enriched:
                enrich_what_is_new(settings, paths, tell)
            embedder = None if dry_run else build_embedder(settings, unpacked)
            report = run_ingest(
                settings, paths, urls=urls, embedder=embedder, dry_run=dry_run, progress=tell, **options
            )
    except KeyboardInterrupt:  # Typer exits with status 130 silently
        say(_STOPPED if dry_run or options["rebuild"] else f"{_STOPPED}{_GOES_ON}", sys.stderr)
        raise
    _show(report, as_json=as_json)


def _show(report: IngestReport, *, as_json: bool) -> None:
    """Raises typer.Exit if the run would stop, or some files failed."""
    if as_json:
        print_json(report.to_dict())
    else:
        from trusted_cloud_chat.output.reporting import ingest_lines

        say("\n".join(ingest_lines(report)))
    if report.stopped:
        raise typer.Exit(UsageError.exit_status)
    if report.failed:
        raise typer.Exit(1)
