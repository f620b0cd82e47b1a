"""`trusted-cloud-chat evaluate …`. Light to import: the work is imported by the command that runs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from trusted_cloud_chat.errors import UsageError
from trusted_cloud_chat.evaluation.console import Output, check, loaded, measure_and_show

evaluate_app = typer.Typer(help="Measure retrieval, answers, reading and refusal.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
ToFile = Annotated[Path | None, typer.Option("--output", metavar="FILE", help="Write the JSON to a file as well.")]
Compare = Annotated[
    Path | None, typer.Option(metavar="OLD.json", help="An earlier result: what got better, what got worse.")
]
Report = Annotated[Path | None, typer.Option(metavar="FILE.html", help="Write a self-contained page.")]
NoCases = Annotated[bool, typer.Option("--no-cases", help="Leave single questions out of the JSON.")]
Limit = Annotated[int | None, typer.Option(metavar="N", min=1, help="Ask at most N questions, evenly spread.")]
Questions = Annotated[
    Path | None, typer.Option(metavar="FILE", help="The gold set; default: evaluation/questions.jsonl.")
]
Thresholds = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Floors and ceilings; default: evaluation/thresholds.toml.")
]


@evaluate_app.command()
def answers(
    questions: Questions = None,
    split: Annotated[str | None, typer.Option(metavar="dev|test", help="One split; default: both.")] = None,
    checked: Annotated[
        bool | None,
        typer.Option("--check/--no-check", help="Hold it against the thresholds; default: for the shipped gold set."),
    ] = None,
    thresholds: Thresholds = None,
    as_json: AsJson = False,
    output: ToFile = None,
    compare: Compare = None,
    report: Report = None,
    no_cases: NoCases = False,
) -> None:
    """Ask the gold set: retrieval, answers, citations, refusals, latency.

    The corpus is indexed anew in a temporary home, so that the index of TCC_HOME is neither used nor touched. Exit
    status 1 when a figure of the shipped gold set falls below its floor.
    """
    from trusted_cloud_chat.evaluation.answers_run import measure_answers
    from trusted_cloud_chat.evaluation.cases import read_questions

    if split not in (None, "dev", "test"):
        raise UsageError(f"--split {split!r}: expected dev or test")
    file = questions or _folder() / "questions.jsonl"
    asked = read_questions(file)
    cases = [case for case in asked.cases if split in (None, case.split)]
    if not cases:
        raise UsageError(f"{file} has no question of the split {split!r}")
    result = measure_and_show(
        "answers",
        lambda settings, embedder, tell: measure_answers(settings, embedder, asked, cases, tell),
        file,
        Output(as_json, output, compare, report, no_cases),
        {"split": split, "today": asked.header.today.isoformat()},
    )
    wanted = questions is None if checked is None else checked
    if wanted and not check(result, thresholds or _folder() / "thresholds.toml"):
        raise typer.Exit(1)


@evaluate_app.command()
def retrieval(
    beir: Annotated[Path, typer.Option(metavar="DIR", help="Folder with corpus.jsonl, queries.jsonl and qrels.")],
    split: Annotated[str | None, typer.Option(metavar="NAME", help="Judgements in qrels/NAME.tsv.")] = None,
    limit: Limit = None,
    as_json: AsJson = False,
    output: ToFile = None,
    compare: Compare = None,
    report: Report = None,
    no_cases: NoCases = False,
) -> None:
    """Search a set in the BEIR layout; documents rank by their best passage."""
    from trusted_cloud_chat.evaluation.beir import read_beir
    from trusted_cloud_chat.evaluation.retrieval_run import measure_retrieval

    loaded_set = read_beir(beir, split)
    measure_and_show(
        "retrieval",
        lambda settings, embedder, tell: measure_retrieval(settings, embedder, loaded_set, tell, limit),
        beir,
        Output(as_json, output, compare, report, no_cases),
    )


@evaluate_app.command()
def reading(
    squad: Annotated[Path, typer.Option(metavar="FILE", help="SQuAD JSON.")],
    limit: Limit = None,
    as_json: AsJson = False,
    output: ToFile = None,
    compare: Compare = None,
    report: Report = None,
    no_cases: NoCases = False,
) -> None:
    """Is the sentence that holds the gold answer named first? Over all passages, and within the right one."""
    from trusted_cloud_chat.evaluation.reading_run import measure_reading
    from trusted_cloud_chat.evaluation.squad import read_squad

    loaded_set = read_squad(squad)
    measure_and_show(
        "reading",
        lambda settings, embedder, tell: measure_reading(settings, embedder, loaded_set, tell, limit),
        squad,
        Output(as_json, output, compare, report, no_cases),
    )


@evaluate_app.command()
def refusal(
    jsonl: Annotated[Path, typer.Option(metavar="FILE", help="Rows of question, passages and answerable.")],
    limit: Limit = None,
    as_json: AsJson = False,
    output: ToFile = None,
    compare: Compare = None,
    report: Report = None,
    no_cases: NoCases = False,
) -> None:
    """Each row's passages are the whole corpus for its question: is it refused exactly when they do not answer?"""
    from trusted_cloud_chat.evaluation.refusal_rows import read_rows
    from trusted_cloud_chat.evaluation.refusal_run import measure_refusal

    rows = read_rows(jsonl)
    measure_and_show(
        "refusal",
        lambda settings, embedder, tell: measure_refusal(settings, embedder, rows, tell, name=jsonl.stem, limit=limit),
        jsonl,
        Output(as_json, output, compare, report, no_cases),
    )


@evaluate_app.command("make-refusal")
def make_refusal(
    squad: Annotated[Path, typer.Option(metavar="FILE", help="SQuAD JSON to draw from.")],
    output: Annotated[Path, typer.Option(metavar="FILE", help="JSON Lines to write.")],
    passages: Annotated[int, typer.Option(metavar="N", min=1, max=50, help="Passages a row.")] = 10,
    limit: Annotated[int | None, typer.Option(metavar="N", min=1, help="Rows; default: every question.")] = None,
    seed: Annotated[int, typer.Option(metavar="N", help="Of the draw.")] = 3,
) -> None:
    """Write rows for `evaluate refusal`: half keep the passage that answers, half have it taken away."""
    from trusted_cloud_chat.evaluation.refusal_rows import make_rows, write_rows
    from trusted_cloud_chat.evaluation.squad import read_squad

    loaded_set = read_squad(squad)
    with loaded() as (settings, embedder, tell):
        rows = make_rows(settings, embedder, loaded_set, tell, passages=passages, limit=limit, seed=seed)
    write_rows(rows, output)
    print(f"{len(rows)} rows written to {output}, {sum(row['answerable'] for row in rows)} answerable")


@evaluate_app.command()
def validate(questions: Questions = None, as_json: AsJson = False) -> None:
    """Check the gold set against the corpus; exit status 1 when something is wrong or missing."""
    from trusted_cloud_chat.evaluation.cases import read_questions
    from trusted_cloud_chat.evaluation.validation import corpus_articles, validate, validation_lines
    from trusted_cloud_chat.settings import load_settings

    asked = read_questions(questions or _folder() / "questions.jsonl")
    found = validate(asked, corpus_articles(load_settings().corpus, asked.header.today))
    print(json.dumps(found, ensure_ascii=False) if as_json else "\n".join(validation_lines(found)))
    if found["problems"] or found["missing"]:
        raise typer.Exit(1)


@evaluate_app.command("check")
def check_result(
    result: Annotated[Path, typer.Option(metavar="FILE", help="A result written with --output.")],
    thresholds: Thresholds = None,
) -> None:
    """Hold a result against its floors and ceilings; exit status 1 when one is broken."""
    from trusted_cloud_chat.evaluation.results import read_result

    if not check(read_result(result), thresholds or _folder() / "thresholds.toml"):
        raise typer.Exit(1)


@evaluate_app.command()
def judge(
    result: Annotated[Path, typer.Option(metavar="FILE", help="A result of `evaluate answers --output`, with cases.")],
    model: Annotated[
        str | None, typer.Option(metavar="PROVIDER:NAME", help="The judge; default: TCC_JUDGE_MODEL.")
    ] = None,
    as_json: AsJson = False,
    output: ToFile = None,
) -> None:
    """Have a language model grade the answers of a result. Its verdicts stand apart from every other figure."""
    from trusted_cloud_chat.evaluation.console import judge_and_show

    judge_and_show(result, model, as_json=as_json, output=output)


@evaluate_app.command()
def table(
    results: Annotated[Path | None, typer.Option(metavar="DIR", help="Default: evaluation/results.")] = None,
    write: Annotated[Path | None, typer.Option(metavar="FILE", help="Put it between the markers of FILE.")] = None,
) -> None:
    """Print the README's table of results, in Markdown, from evaluation/results."""
    from trusted_cloud_chat.evaluation.readme_table import replace_between_markers, results_table

    made = results_table(results or _folder() / "results")
    if write is None:
        print(made)
    else:
        write.write_text(replace_between_markers(write.read_text("utf-8"), made), "utf-8")


def _folder() -> Path:
    from trusted_cloud_chat.evaluation.results import evaluation_folder

    return evaluation_folder()
