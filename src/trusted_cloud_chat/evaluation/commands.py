"""`trusted-cloud-chat evaluate …`. Light to import: the work is imported by the command that runs."""

from __future__ import annotations

import typer

evaluate_app = typer.Typer(help="Measure retrieval, answers, reading and refusal.", no_args_is_help=True)
