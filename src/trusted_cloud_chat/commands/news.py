"""`trusted-cloud-chat news`: what has changed in the market since a given day, from the articles' facts. It loads no model."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from trusted_cloud_chat.commands import load_settings
from trusted_cloud_chat.output.terminal import AsJson, show

if TYPE_CHECKING:
    from trusted_cloud_chat.schema import Language

news_app = typer.Typer()


@news_app.command()
def news(
    since: Annotated[
        str | None, typer.Option(metavar="D", help="A year, a month or a day; default: the first of this month.")
    ] = None,
    english: Annotated[bool, typer.Option("--english", help="In English.")] = False,
    as_json: AsJson = False,
) -> None:
    """List what has changed since a day: stages, promises due, expiring qualifications, new facts and articles."""
    from trusted_cloud_chat.answering.market import load_market
    from trusted_cloud_chat.answering.wording import attribution
    from trusted_cloud_chat.dates import PartialDate
    from trusted_cloud_chat.entities import load_entities
    from trusted_cloud_chat.market.tables import Books, changes
    from trusted_cloud_chat.output.market import changes_to_dict, empty_line, sections, source_of
    from trusted_cloud_chat.wiring import build_index

    today = date.today()
    day = PartialDate.parse(since).first_day if since else today.replace(day=1)
    settings = load_settings()
    market, index = load_market(settings.market), build_index(settings, once=True)
    try:
        books = Books(index, load_entities(settings.aliases), market.vocabulary)
        found = changes(books.book(today), books.book(today, day), day)
    finally:
        index.close()
    language: Language = "en" if english else "fr"
    lines = list(filter(None, [empty_line(found, language)]))
    for title, told in sections(found, market, language):
        lines += ["", title] if lines else [title]
        for line in told:
            said = source_of(line.fact, language) if line.fact else ""
            said = attribution(line.article, language) if line.article else said
            lines.append(f"- {line.text} [{said}]")
    show(changes_to_dict(found, market), lines, as_json=as_json, verbatim=True)
