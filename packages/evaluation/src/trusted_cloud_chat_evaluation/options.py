"""Flags shared by the measuring commands."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import wraps
from inspect import signature
from pathlib import Path
from typing import Annotated, Any

import typer

from trusted_cloud_chat.output.terminal import AsJson

ToFile = Annotated[Path | None, typer.Option("--output", metavar="FILE", help="Write the JSON to a file as well.")]


@dataclass(frozen=True, slots=True)
class Output:
    """The flags that say where a result goes."""

    as_json: AsJson = False
    output: ToFile = None
    compare: Annotated[Path | None, typer.Option(metavar="OLD.json", help="What got better and worse since?")] = None
    report: Annotated[Path | None, typer.Option(metavar="FILE.html", help="Write a self-contained page.")] = None
    no_cases: Annotated[bool, typer.Option("--no-cases", help="Leave single questions out of the JSON.")] = False


def with_output(command: Callable[..., None]) -> Callable[..., None]:
    """Replaces the last parameter `output: Output` of `command` by a flag for each field of `Output`."""

    @wraps(command)
    def run(**given: Any) -> None:
        flags = {field.name: given.pop(field.name) for field in fields(Output)}
        command(**given, output=Output(**flags))

    own = signature(command, eval_str=True)
    flags = signature(Output, eval_str=True).parameters.values()
    parameters = [parameter for name, parameter in own.parameters.items() if name != "output"]
    vars(run)["__signature__"] = own.replace(parameters=[*parameters, *flags])
    return run
