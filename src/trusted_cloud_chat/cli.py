"""The command line. Standard output carries results only; progress, messages and errors go to standard error."""

import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import date
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Annotated, Any

import typer

from trusted_cloud_chat import __version__
from trusted_cloud_chat.commands import load_settings
from trusted_cloud_chat.commands.articles import holdings_app
from trusted_cloud_chat.commands.enrich import enrich_app
from trusted_cloud_chat.commands.ingest import ingest_app
from trusted_cloud_chat.commands.machine import check_machine
from trusted_cloud_chat.commands.mcp import mcp_app
from trusted_cloud_chat.commands.news import news_app
from trusted_cloud_chat.commands.readers import readers_app
from trusted_cloud_chat.commands.upkeep import beginning_app, upkeep_app
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.errors import SettingsError, TrustedCloudChatError, UsageError
from trusted_cloud_chat.isolation import isolate
from trusted_cloud_chat.output.terminal import AsJson, print_json, progress_bars, say, show, unpacking
from trusted_cloud_chat.schema import Mode, scope_of

if TYPE_CHECKING:
    from trusted_cloud_chat.answering.assistant import Assistant

app = typer.Typer(
    help="Answers about the trusted-cloud market, backed by dated verbatim quotes.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(beginning_app)
if find_spec("trusted_cloud_chat_evaluation"):
    app.add_typer(import_module("trusted_cloud_chat_evaluation.commands").evaluate_app, name="evaluate")
else:
    anything = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}

    @app.command(context_settings=anything)
    def evaluate() -> None:
        """Measure retrieval, answers, reading and refusal (not installed)."""
        raise SettingsError(
            "`evaluate` needs the package trusted-cloud-chat-evaluation: `pip install trusted-cloud-chat-evaluation`, "
            "in a checkout `pip install -e packages/evaluation`"
        )


for group in (ingest_app, enrich_app, holdings_app, mcp_app, news_app, upkeep_app, readers_app):
    app.add_typer(group)

Today = Annotated[str | None, typer.Option(metavar="D", help="The question's day (2026-03-12); default: the clock.")]
AsOf = Annotated[str | None, typer.Option(metavar="D", help="Answer as of this day: nothing published later is seen.")]

From = Annotated[str | None, typer.Option("--from", metavar="D", help="Only articles published that day or later.")]
To = Annotated[str | None, typer.Option("--to", metavar="D", help="Only articles published by that day.")]
Types = Annotated[
    list[str] | None, typer.Option("--type", metavar="T", help="Only this kind of source; repeat for more.")
]
About = Annotated[
    list[str] | None, typer.Option("--about", metavar="NAME", help="Only articles that name it; repeat for more.")
]


def main() -> None:
    """Run a command; an error that the user can fix is a message and an exit status, never a traceback."""
    isolate()
    try:
        check_machine()
        app()
    except TrustedCloudChatError as error:
        say(f"trusted-cloud-chat: {error}", sys.stderr)
        sys.exit(error.exit_status)
    except KeyboardInterrupt:
        print("trusted-cloud-chat: stopped", file=sys.stderr)
        sys.exit(130)


def _print_version(wanted: bool) -> None:
    if wanted:
        print(__version__)
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(metavar="H", help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(metavar="P", help="Port to listen on.")] = None,
    browser: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
) -> None:
    """Serve the chat page on 127.0.0.1."""
    from trusted_cloud_chat.output.reporting import leaving_notice
    from trusted_cloud_chat.web.server import serve_page
    from trusted_cloud_chat.wiring import build_embedder

    settings = load_settings(host=host, port=port)
    with progress_bars() as tell:
        embedder = build_embedder(settings, unpacking(tell))
    serve_page(settings, embedder=embedder, open_browser=browser, notice=partial(leaving_notice, settings))


@app.command()
def search(
    question: Annotated[str, typer.Argument(metavar="QUESTION")],
    k: Annotated[int, typer.Option("-k", metavar="N", min=1, max=100, help="How many passages.")] = 8,
    today: Today = None,
    as_of: AsOf = None,
    first: From = None,
    last: To = None,
    types: Types = None,
    about: About = None,
    as_json: AsJson = False,
) -> None:
    """The passages nearest to a question, without an answer."""
    from trusted_cloud_chat.output.reporting import passage_lines
    from trusted_cloud_chat.output.serialise import found_to_dict

    (day, seen_by), within = _days(today, as_of), scope_of(first, last, types or (), about or ())
    with _assistant(once=True) as assistant:
        retrieved = assistant.search(question, k, today=day, as_of=seen_by, within=within)
    show(found_to_dict(question, retrieved), passage_lines(retrieved.passages), as_json=as_json, verbatim=True)


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(metavar="QUESTION")] = None,
    today: Today = None,
    as_of: AsOf = None,
    first: From = None,
    last: To = None,
    types: Types = None,
    about: About = None,
    mode: Annotated[
        Mode | None,
        typer.Option(
            metavar="M",
            help="With a language model: `quotes` found without it, quotes `chosen` by it, sentences `written` by it (default).",
        ),
    ] = None,
    as_json: AsJson = False,
    batch: Annotated[
        bool, typer.Option("--batch", help="Read questions from standard input, one per line; print a JSON line each.")
    ] = False,
    explain: Annotated[bool, typer.Option("--explain", help="List the rules that changed the answer.")] = False,
) -> None:
    """Answer a question with dated quotes, or say why the corpus has no answer."""
    if batch == (question is not None):
        raise UsageError("expected a QUESTION, or --batch and questions on standard input")
    (day, seen_by), within = _days(today, as_of), scope_of(first, last, types or (), about or ())
    with _assistant(question or "", writes=mode != "quotes", once=not batch) as opened:
        assistant = opened.in_mode(mode)
        if batch:
            from trusted_cloud_chat.commands.batch import answer_lines

            if not answer_lines(assistant, sys.stdin.buffer, sys.stdout, today=day, as_of=seen_by):
                raise typer.Exit(1)
            return
        asked: dict[str, Any] = {"today": day, "as_of": seen_by, "within": within}
        if assistant.chat_model and not as_json and sys.stdout.isatty():  # shown while the model writes it
            from trusted_cloud_chat.output.reporting import shown_live

            answer = shown_live(assistant.stream(question or "", **asked))
        else:
            answer = assistant.ask(question or "", **asked)
    if as_json:
        from trusted_cloud_chat.output.serialise import answer_to_dict

        print_json(answer_to_dict(answer))
    else:
        for notice in answer.notices:
            say(notice, sys.stderr)
        from trusted_cloud_chat.output.reporting import marked, printed_answer, trace_lines

        said = [*printed_answer(answer, get_terminal_size().columns), *(["", *trace_lines(answer)] if explain else ())]
        print(marked("\n".join(said), bold=sys.stdout.isatty()))


@app.command()
def rules(as_json: AsJson = False) -> None:
    """Every rule that can change an answer, and its purpose."""
    from trusted_cloud_chat.trace import rules as every

    found = every().values()
    lines = (f"{rule.stage:9}  {rule.id:22}  {rule.en}" for rule in found)
    show({"rules": [asdict(rule) for rule in found]}, lines, as_json=as_json)


@app.command()
def article(
    article_id: Annotated[str, typer.Argument(metavar="ID")],
    version: Annotated[str | None, typer.Option(metavar="V", help="A version that a citation names.")] = None,
    as_json: AsJson = False,
) -> None:
    """The stored text of an article, to which the offsets of citations refer."""
    from trusted_cloud_chat.index.store import StoreFolder

    with closing(StoreFolder(load_settings().home).open()) as catalog:
        found = catalog.article(article_id, version)
    if found is None:
        which = f"{article_id!r} in version {version!r}" if version else repr(article_id)
        hint = "`trusted-cloud-chat list` prints the ids that exist, and citations name older versions"
        raise UsageError(f"no article {which} in the index: {hint}")
    if as_json:
        from trusted_cloud_chat.output.serialise import article_to_dict

        print_json(article_to_dict(found))
    else:
        from trusted_cloud_chat.language.normalise import printable

        sys.stdout.write(printable(found.text))


@contextmanager
def _assistant(question: str = "", *, writes: bool = False, once: bool = False) -> "Iterator[Assistant]":
    """The assistant, with a language model only if `writes`; `once`: for a single question.

    Settings and index are checked before any model is loaded. A notice in the question's language says what leaves this machine.
    """
    from trusted_cloud_chat.language.detection import detect_language
    from trusted_cloud_chat.output.reporting import leaving_notice
    from trusted_cloud_chat.wiring import build_assistant, build_index

    settings = load_settings()
    if not writes:
        settings = settings.model_copy(update={"chat_model": ""})
    notice = leaving_notice(settings, detect_language(question))
    if notice:
        say(notice, sys.stderr)
    build_index(settings).read(lambda _: None)  # raises before the embedder is loaded
    with progress_bars() as tell:
        assistant = build_assistant(settings, once=once, progress=unpacking(tell))
    try:
        yield assistant
    finally:
        assistant.close()


def _days(today: str | None, as_of: str | None) -> tuple[date | None, date | None]:
    """`--today` and `--as-of` as days; a partial date counts as its last day. A future `--as-of` is ignored with a message."""
    day, seen = (PartialDate.parse(value) if value is not None else None for value in (today, as_of))
    if seen and seen.first_day > max(day.last_day if day else date.min, date.today()):
        say(f"--as-of {as_of} is in the future: the whole corpus is read", sys.stderr)
        seen = None
    return day.last_day if day else None, seen.last_day if seen else None
