"""Commands about the indexed articles: list, remove, rollback."""

import shlex
import sys
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from trusted_cloud_chat.commands import load_settings
from trusted_cloud_chat.errors import counted
from trusted_cloud_chat.output.terminal import AsJson, progress_bars, say, show

if TYPE_CHECKING:
    from trusted_cloud_chat.ingestion import Removal
    from trusted_cloud_chat.schema import Article

holdings_app = typer.Typer()


@holdings_app.command("list")
def list_articles(
    gone: Annotated[
        bool, typer.Option("--kept", help="List the removed articles of which versions are still stored instead.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Every article of the index: id, date, title, publisher, origin."""
    from trusted_cloud_chat.ingestion import held, kept
    from trusted_cloud_chat.output.serialise import held_to_dict

    home = load_settings().home
    if gone:
        generation, old = kept(home)
        told = [({**held_to_dict(version), "versions": n}, f"{_line(version)}; versions: {n}") for version, n in old]
    else:
        generation, versions = held(home)
        told = [(held_to_dict(version), _line(version)) for version in versions]
    lines = [line for _, line in told] or (["no versions of removed articles are kept"] if gone else [])
    listed = {"generation": generation, "articles": [one for one, _ in told]}
    show(listed, lines, as_json=as_json, verbatim=True)


@holdings_app.command()
def remove(
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="As `list` prints them.")],
    forget: Annotated[
        bool, typer.Option("--forget", help="Delete every version and trace too; old citations then lead nowhere.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Remove articles from the index, including those added by PATH. A file of the corpus comes back at the next ingest."""
    from trusted_cloud_chat.wiring import chroma_of, run_remove

    settings = load_settings()
    done = run_remove(settings, ids, forget=forget)
    lines = _removal_lines(done, server=str(chroma_of(settings)) if forget else "")
    show(asdict(done), lines, as_json=as_json)


@holdings_app.command()
def rollback(as_json: AsJson = False) -> None:
    """Return to the content of the previous generation; a second rollback undoes the first."""
    from trusted_cloud_chat.output.reporting import ingest_lines
    from trusted_cloud_chat.wiring import run_rollback

    settings = load_settings()
    with progress_bars() as tell:
        report = run_rollback(settings, progress=tell)
    show(report.to_dict(), ingest_lines(report), as_json=as_json)
    for notice in report.notices if as_json else ():
        say(notice["message"], sys.stderr)


def _line(article: "Article") -> str:
    from trusted_cloud_chat.fetching.wanted import is_address

    day = str(article.date) if article.date else "no date"
    how = "corpus" if article.in_corpus else "fetched" if is_address(article.path) else "by path"
    return f"{article.article_id}  {day}  {article.title}  ({article.publisher or 'unknown publisher'}; {how}: {article.path})"


def _removal_lines(done: "Removal", server: str) -> Iterator[str]:
    yield f"generation {done.generation}: {len(done.removed)} removed"
    yield from (f"removed: {article_id}" for article_id in done.removed)
    if done.forgotten:
        yield f"forgotten: {counted(done.forgotten, 'version')}; the index keeps no trace of them. Your own files and backups are untouched"
    if done.feedback or done.answers:
        yield (
            f"deleted: feedback on answers that cite them ({done.feedback}), and such answers in conversations on the server "
            f"({done.answers}); browsers keep their own conversations, and an open page may store its conversation again"
        )
    if done.forgotten and server:
        yield f"note: the Chroma server at {server} may keep traces in its own files and logs: stop it and run `chroma vacuum` there"
    for one in done.comes_back:
        yield f"comes back: {one['path']} at the next `trusted-cloud-chat ingest`, unless you delete the file"
    if done.alike:
        yield (
            f"note: {', '.join(done.alike)} has nearly the same text: "
            f"`trusted-cloud-chat remove {shlex.join(done.alike)} --forget` forgets it too"
        )
