"""`trusted-cloud-chat evaluate …`. Each command imports its own heavy modules, so that this module is fast to import."""

import json
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import partial, wraps
from inspect import signature
from pathlib import Path
from typing import Annotated, Any

import typer

from trusted_cloud_chat.errors import UsageError
from trusted_cloud_chat.output.terminal import AsJson, progress_bars, show

evaluate_app = typer.Typer(help="Measure retrieval, answers, reading and refusal.", no_args_is_help=True)

Limit = Annotated[int | None, typer.Option(metavar="N", min=1, help="Ask at most N questions, evenly spread.")]
Questions = Annotated[Path | None, typer.Option(metavar="FILE", help="Default: evaluation/questions.jsonl.")]
Thresholds = Annotated[Path | None, typer.Option(metavar="FILE", help="Default: evaluation/thresholds.toml.")]
ToFile = Annotated[Path | None, typer.Option("--output", metavar="FILE", help="Write the JSON to a file as well.")]


@dataclass(frozen=True, slots=True)
class Output:
    """The flags shared by all measuring commands."""

    as_json: AsJson = False
    output: ToFile = None
    compare: Annotated[Path | None, typer.Option(metavar="OLD.json", help="Compare with an earlier result.")] = None
    report: Annotated[Path | None, typer.Option(metavar="FILE.html", help="Write a self-contained page.")] = None
    no_cases: Annotated[bool, typer.Option("--no-cases", help="Leave the cases out of the JSON.")] = False


def with_output(command: Callable[..., None]) -> Callable[..., None]:
    """Replaces the last parameter of `command`, `output`, with the flags of `Output`."""

    @wraps(command)
    def run(**given: Any) -> None:
        flags = {field.name: given.pop(field.name) for field in fields(Output)}
        command(**given, output=Output(**flags))

    own, flags = (signature(part, eval_str=True) for part in (command, Output))
    parameters = [parameter for name, parameter in own.parameters.items() if name != "output"]
    vars(run)["__signature__"] = own.replace(parameters=[*parameters, *flags.parameters.values()])
    return run


def evaluation_folder() -> Path:
    """`evaluation/` of the checkout if the package runs from one, else `./evaluation`."""
    checkout = Path(__file__).resolve().parents[4]
    return checkout / "evaluation" if (checkout / "pyproject.toml").is_file() else Path("evaluation")


def _show(command: str, measure: Any, data: Path, output: Output, **given: Any) -> dict[str, Any]:
    """`measure_and_show`, imported late: the import takes seconds."""
    from trusted_cloud_chat_evaluation.console import measure_and_show

    return measure_and_show(command, measure, data, output, **given)


def _hold(result: dict[str, Any], thresholds: Path | None) -> None:
    from trusted_cloud_chat_evaluation.results import check

    if not check(result, thresholds or evaluation_folder() / "thresholds.toml"):
        raise typer.Exit(1)


def _print(measured: dict[str, Any], *, as_json: bool) -> None:
    show(measured, (f"{name}: {value}" for name, value in measured.items()), as_json=as_json)


_WHOLE = {"half": "dev"}
"""Split of every other question → the whole split."""


@evaluate_app.command()
@with_output
def answers(
    questions: Questions = None,
    split: Annotated[
        str | None,
        typer.Option(metavar="dev|test|half", help="One split, or every other question of dev; default: both."),
    ] = None,
    checked: Annotated[
        bool | None,
        typer.Option("--check/--no-check", help="Check the thresholds; default: for the shipped gold set."),
    ] = None,
    thresholds: Thresholds = None,
    chat_model: Annotated[
        str | None,
        typer.Option(
            metavar="PROVIDER:NAME", help="Let this model write, and compare with the quotes; checks nothing."
        ),
    ] = None,
    limit: Limit = None,
    *,
    output: Output,
) -> None:
    """Ask the gold set: retrieval, answers, citations, refusals, latency.

    The corpus is indexed in a temporary home; the index of TCC_HOME is neither read nor changed. Exit
    status 1 if a figure of the shipped gold set violates its threshold.
    """
    from trusted_cloud_chat_evaluation.aggregate import some
    from trusted_cloud_chat_evaluation.answers_run import measure_answers
    from trusted_cloud_chat_evaluation.cases import read_questions

    file = questions or evaluation_folder() / "questions.jsonl"
    asked = read_questions(file)
    of_split = [case for case in asked.cases if split is None or case.split == _WHOLE.get(split, split)]
    cases = some(of_split[::2] if split in _WHOLE else of_split, limit)
    if not cases:
        raise UsageError(f"--split {split!r}: {file} has no question of this split, expected dev, test or half")
    beside = file.with_name("examples.jsonl")
    examples = read_questions(beside).cases if beside.is_file() and limit is None else ()
    asked = asked.model_copy(update={"cases": cases})
    measure = partial(measure_answers, questions=asked, split=split, examples=examples)
    result = _show("answers", measure, file, output, chat_model=chat_model)
    if checked or (checked is None and (questions, chat_model, limit) == (None, None, None)):
        _hold(result, thresholds)


@evaluate_app.command()
@with_output
def styles(
    folder: Annotated[Path | None, typer.Option("--texts", metavar="DIR", help="Default: evaluation/styles.")] = None,
    split: Annotated[
        str, typer.Option(metavar="dev|test|half", help="Texts of one split; half: every other question of dev.")
    ] = "dev",
    checked: Annotated[bool, typer.Option("--check", help="Check the result against the thresholds.")] = False,
    thresholds: Thresholds = None,
    *,
    output: Output,
) -> None:
    """Ask about pasted texts, in domains and styles outside the training data."""
    from trusted_cloud_chat_evaluation.styles_run import measure_styles

    texts = (folder or evaluation_folder() / "styles") / _WHOLE.get(split, split)
    result = _show("styles", partial(measure_styles, folder=texts, split=split), texts, output)
    if checked:
        _hold(result, thresholds)


@evaluate_app.command()
@with_output
def retrieval(
    beir: Annotated[Path, typer.Option(metavar="DIR", help="Folder with corpus.jsonl, queries.jsonl and qrels.")],
    split: Annotated[str | None, typer.Option(metavar="NAME", help="Judgements in qrels/NAME.tsv.")] = None,
    limit: Limit = None,
    *,
    output: Output,
) -> None:
    """Search a set in the BEIR layout; documents rank by their best passage."""
    from trusted_cloud_chat_evaluation.cases import read_beir
    from trusted_cloud_chat_evaluation.reading_run import measure_retrieval

    measure = partial(measure_retrieval, beir=read_beir(beir, split), limit=limit)
    _show("retrieval", measure, beir, output)


@evaluate_app.command()
@with_output
def reading(
    squad: Annotated[Path, typer.Option(metavar="FILE", help="SQuAD JSON.")], limit: Limit = None, *, output: Output
) -> None:
    """Measure whether the sentence with the gold answer is ranked first, over all passages and within the right one."""
    from trusted_cloud_chat_evaluation.cases import read_squad
    from trusted_cloud_chat_evaluation.reading_run import measure_reading

    _show("reading", partial(measure_reading, squad=read_squad(squad), limit=limit), squad, output)


@evaluate_app.command()
@with_output
def refusal(
    jsonl: Annotated[Path, typer.Option(metavar="FILE", help="Rows of question, passages and answerable.")],
    limit: Limit = None,
    *,
    output: Output,
) -> None:
    """Measure refusal: each row's passages are the whole corpus for its question."""
    from trusted_cloud_chat_evaluation.refusal_run import measure_refusal, read_rows

    measure = partial(measure_refusal, rows=read_rows(jsonl), name=jsonl.stem, limit=limit)
    _show("refusal", measure, jsonl, output)


@evaluate_app.command("make-refusal")
def make_refusal(
    squad: Annotated[Path, typer.Option(metavar="FILE", help="SQuAD JSON to draw from.")],
    output: Annotated[Path, typer.Option(metavar="FILE", help="JSON Lines to write.")],
    passages: Annotated[int, typer.Option(metavar="N", min=1, max=50, help="Passages per row.")] = 10,
    limit: Annotated[int | None, typer.Option(metavar="N", min=1, help="Rows; default: every question.")] = None,
    seed: Annotated[int, typer.Option(metavar="N", help="Seed of the random draw.")] = 3,
) -> None:
    """Write rows for `evaluate refusal`: half contain the answering passage, half do not."""
    from trusted_cloud_chat_evaluation.cases import read_squad
    from trusted_cloud_chat_evaluation.console import loaded
    from trusted_cloud_chat_evaluation.refusal_run import make_rows

    drawn_from = read_squad(squad)
    with loaded() as (settings, embedder, tell):
        rows = make_rows(settings, embedder, tell, drawn_from, passages=passages, limit=limit, seed=seed)
    output.write_text("".join(row.model_dump_json() + "\n" for row in rows), "utf-8")
    print(f"{len(rows)} rows written to {output}, {sum(row.answerable for row in rows)} answerable")


@evaluate_app.command()
def validate(questions: Questions = None, as_json: AsJson = False) -> None:
    """Check the gold set against the corpus; exit status 1 if something is wrong or missing."""
    from trusted_cloud_chat.settings import load_settings
    from trusted_cloud_chat_evaluation.cases import read_questions
    from trusted_cloud_chat_evaluation.validation import corpus_articles, validate, validation_lines

    asked = read_questions(questions or evaluation_folder() / "questions.jsonl")
    found = validate(asked, corpus_articles(load_settings().corpus, asked.header.today))
    print(json.dumps(found, ensure_ascii=False) if as_json else "\n".join(validation_lines(found)))
    if found["problems"] or found["missing"]:
        raise typer.Exit(1)


@evaluate_app.command("check")
def check_result(
    result: Annotated[Path, typer.Option(metavar="FILE", help="A result written with --output.")],
    thresholds: Thresholds = None,
) -> None:
    """Check a result against its floors and ceilings; exit status 1 if one is violated."""
    from trusted_cloud_chat_evaluation.results import read_result

    _hold(read_result(result), thresholds)


@evaluate_app.command("second-opinion")
def second_opinion(
    pairs: Annotated[Path, typer.Option(metavar="FILE", help="A table with premise, hypothesis, label_text.")],
    opinion: Annotated[
        str | None, typer.Option(metavar="NAME", help="As in TCC_SECOND_OPINION, which is the default.")
    ] = None,
    limit: Limit = None,
    as_json: AsJson = False,
) -> None:
    """Measure a second opinion on labelled pairs, on empty sources, and on sources with a changed figure."""
    from trusted_cloud_chat.settings import load_settings
    from trusted_cloud_chat.wiring import build_chat_model, build_opinion
    from trusted_cloud_chat_evaluation.aggregate import some
    from trusted_cloud_chat_evaluation.model_runs import measure_opinion, read_pairs

    settings = load_settings(second_opinion=opinion)
    chat_model = build_chat_model(settings) if settings.second_opinion == "model" else None
    other = build_opinion(settings, chat_model)
    if other is None:
        raise UsageError("no second opinion: name one with --opinion or TCC_SECOND_OPINION")
    with progress_bars() as tell:
        _print(measure_opinion(other, some(read_pairs(pairs), limit), tell), as_json=as_json)


@evaluate_app.command()
def enrichment(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Articles with the sidecars of a language model.")],
    ours: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Those by hand; default: the corpus.")] = None,
    as_json: AsJson = False,
) -> None:
    """Compare the sidecar rows of a language model with those written by hand for the same articles."""
    from trusted_cloud_chat.entities import load_entities
    from trusted_cloud_chat_evaluation.console import loaded
    from trusted_cloud_chat_evaluation.model_runs import measure_enrichment

    with loaded() as (settings, embedder, tell):
        entities = load_entities(settings.aliases)
        measured = measure_enrichment(ours or settings.corpus, folder, entities, embedder, tell)
    _print(measured, as_json=as_json)


@evaluate_app.command()
def judge(
    result: Annotated[Path, typer.Option(metavar="FILE", help="A result of `evaluate answers --output`, with cases.")],
    model: Annotated[str, typer.Option(metavar="PROVIDER:NAME", help="The language model that grades.")],
    as_json: AsJson = False,
    output: ToFile = None,
) -> None:
    """Have a language model grade the answers of a result; its grades are a separate result."""
    from trusted_cloud_chat.wiring import build_chat_model
    from trusted_cloud_chat_evaluation.console import announced, show
    from trusted_cloud_chat_evaluation.model_runs import judge_result
    from trusted_cloud_chat_evaluation.results import read_result

    chat = build_chat_model(announced(model))
    with progress_bars() as tell:
        judged = judge_result(read_result(result), chat, model, tell)
    show(judged, {}, as_json=as_json, file=output)


@evaluate_app.command()
def table(
    results: Annotated[Path | None, typer.Option(metavar="DIR", help="Default: evaluation/results.")] = None,
    write: Annotated[Path | None, typer.Option(metavar="FILE", help="Replace the table between its markers.")] = None,
) -> None:
    """Print the README's table of results, in Markdown, from evaluation/results."""
    from trusted_cloud_chat_evaluation.report import replace_between_markers, results_table

    made = results_table(results or evaluation_folder() / "results")
    if write is None:
        print(made)
    else:
        write.write_text(replace_between_markers(write.read_text("utf-8"), made), "utf-8")
