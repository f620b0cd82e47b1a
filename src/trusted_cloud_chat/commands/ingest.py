"""The command `ingest`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Order:
    """The options of a run, or of each repeated run."""

    paths: Sequence[Path] = ()
    urls: Sequence[str] = ()
    originals: bool = False
    rebuild: bool = False
    allow_deletions: bool = False
    enriched: bool = False
    """Enrich new and changed articles first."""

    @property
    def fetches(self) -> bool:
        return bool(self.urls) or self.originals

    def run(self, settings: Settings, **more: Any) -> IngestReport:
        """One run; `more` as in `run_ingest`."""
        from trusted_cloud_chat import wiring

        options = {key: getattr(self, key) for key in ("urls", "originals", "rebuild", "allow_deletions")}
        return wiring.run_ingest(settings, self.paths, **options, **more)


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
    if enriched:
        from trusted_cloud_chat.commands.enrich import ask_whether_articles_may_leave

        ask_whether_articles_may_leave(load_settings(), yes=yes)
    order = Order(paths, addresses, originals, rebuild, allow_deletions, enriched and not dry_run)
    if not watch and every is None:
        return _run(order, if_needed=if_needed, dry_run=dry_run, as_json=as_json)
    if dry_run or if_needed:
        raise UsageError("--watch and --every repeat the run: they cannot be combined with --dry-run or --if-needed")
    from trusted_cloud_chat.commands.rerunning import keep_ingesting

    return keep_ingesting(order, watch=watch, every=every, as_json=as_json)


def _run(order: Order, *, if_needed: bool, dry_run: bool, as_json: bool) -> None:
    from trusted_cloud_chat.commands.enrich import enrich_what_is_new
    from trusted_cloud_chat.output.reporting import ingest_lines
    from trusted_cloud_chat.wiring import build_embedder, check_network

    settings = load_settings()
    if order.fetches:
        check_network(settings)  # before the embedder is unpacked
    elif if_needed and order.run(settings, dry_run=True).is_idle:
        print("the index is up to date with the corpus", file=sys.stderr)
        return
    try:
        with progress_bars(lines=True) as tell:
            if order.enriched:
                enrich_what_is_new(settings, order.paths, tell)
            embedder = None if dry_run else build_embedder(settings, unpacking(tell))
            report = order.run(settings, embedder=embedder, progress=tell, dry_run=dry_run)
    except KeyboardInterrupt:  # Typer exits with status 130 silently
        goes_on = "" if dry_run or order.rebuild else ", and the next one continues with what was embedded"
        say(f"stopped: a run that has not committed changes nothing{goes_on}", sys.stderr)
        raise
    show(report.to_dict(), ingest_lines(report), as_json=as_json)
    if report.stopped:
        raise typer.Exit(UsageError.exit_status)
    if report.failed:
        raise typer.Exit(1)
