"""Commands about readers: accounts and feedback."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from trusted_cloud_chat.commands import load_settings
from trusted_cloud_chat.errors import UsageError
from trusted_cloud_chat.output.terminal import AsJson, say, show
from trusted_cloud_chat.people.feedback import Choice, FeedbackStore, feedback_to_dict

users_app = typer.Typer(help="Who may sign in on the page.", no_args_is_help=True)
feedback_app = typer.Typer(help="Readers' feedback on answers.", no_args_is_help=True)
readers_app = typer.Typer()
readers_app.add_typer(users_app, name="users")
readers_app.add_typer(feedback_app, name="feedback")

Name = Annotated[str, typer.Argument(metavar="NAME")]
Which = Annotated[
    Choice | None, typer.Option("--choice", metavar="C", help="Only right, wrong_answer, wrong_evidence or missing.")
]


@users_app.command("add")
def add_user(
    name: Name,
    admin: Annotated[bool, typer.Option("--admin", help="May administer the corpus too.")] = False,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from the first line of standard input.")
    ] = False,
) -> None:
    """Add a person who may sign in, or change their password or role. The command asks for the password and stores only its hash."""
    from trusted_cloud_chat.people.accounts import add_person

    file = load_settings().users_file
    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    new = add_person(file, name, password, role="admin" if admin else "reader")
    role = "administrator" if admin else "reader"
    say(f"{name} is a new {role}, in {file}" if new else f"{name} is now a {role} with this password, in {file}")


@users_app.command("list")
def list_users(as_json: AsJson = False) -> None:
    """List who may sign in, with their roles."""
    from trusted_cloud_chat.people.accounts import read_people

    file = load_settings().users_file
    people = [person for person, _ in read_people(file).entries.values()]
    nobody = f"no accounts in {file}: add one with `trusted-cloud-chat users add NAME --admin`"
    lines = [f"{one.role:6}  {one.name}" for one in people] or [nobody]
    show({"file": str(file), "users": [asdict(one) for one in people]}, lines, as_json=as_json)


@users_app.command("remove")
def remove_user(name: Name) -> None:
    """Remove a person: sign them out, and delete the conversations that the server keeps for them."""
    from trusted_cloud_chat.people.accounts import remove_person
    from trusted_cloud_chat.people.conversations import Archive

    settings = load_settings()
    remove_person(settings.users_file, name)
    Archive(settings.home).forget(name)
    say(f"{name} may no longer sign in")


@feedback_app.command("list")
def list_feedback(choice: Which = None, as_json: AsJson = False) -> None:
    """List the feedback, newest first."""
    rows = FeedbackStore(load_settings().home).rows(choice)
    lines: list[str] = []
    for key, one in rows:
        who = f"  {one.person}" if one.person else ""
        lines += [f"{key}  {one.at[:16]}  {one.choice}{who}", f"  {one.question}"]
        lines += [f"  “{one.comment}”"] if one.comment else []
    listed = {"feedback": [feedback_to_dict(*row) for row in rows]}
    show(listed, lines or ["there is no feedback yet"], as_json=as_json, verbatim=True)


@feedback_app.command("export")
def export_feedback(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A new file, in JSON Lines.")], choice: Which = None
) -> None:
    """Write the feedback as rows for `evaluate answers --questions FILE`; each row's `note` says what a person must fill in."""
    from trusted_cloud_chat.people.feedback import gold_rows

    rows = list(gold_rows(FeedbackStore(load_settings().home).rows(choice)))
    if not rows:
        raise UsageError("there is no such feedback yet, so nothing to export")
    try:
        with file.open("x", encoding="utf-8") as out:
            out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    except OSError as error:
        raise UsageError(f"{file} cannot be written ({error.strerror}): name a new file") from None
    unknown = sum(not row["answers"] and not row["refusal"] for row in rows[1:])
    say(
        f"{len(rows) - 1} questions in {file}; a person must fill in the subject of all, and the right answer of {unknown}"
    )


@feedback_app.command("remove")
def remove_feedback(ids: Annotated[list[str], typer.Argument(metavar="ID...", help="As `list` prints them.")]) -> None:
    """Delete feedback."""
    say(f"{FeedbackStore(load_settings().home).remove(ids)} removed")
