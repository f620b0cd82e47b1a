"""The first command of who has no checkout: `init` lays out a folder of articles."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Annotated

import typer

from trusted_cloud_chat.commands import load_settings
from trusted_cloud_chat.corpus.front_matter import is_companion
from trusted_cloud_chat.errors import UsageError
from trusted_cloud_chat.output.terminal import say

beginning_app = typer.Typer()


@beginning_app.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="[FOLDER]", help="Made where it is not there.")] = Path("corpus"),
) -> None:
    """Lay out a corpus folder with three sample articles, and say what to do next."""
    made = lay_out(folder.expanduser().absolute())
    articles = [path for path in made if not is_companion(path)]
    say(
        f"{made[0].parent}: {len(articles)} sample articles, each with its enrichment beside it, to be replaced by your own"
    )
    say("next:")
    if load_settings().corpus != made[0].parent:
        say(f"  export TCC_CORPUS={made[0].parent}")
    say("  trusted-cloud-chat ingest          # reads them into the index")
    say("  trusted-cloud-chat ask 'Quand S3NS a-t-il été qualifié ?'")
    say("  trusted-cloud-chat serve --open    # the page, on this machine alone")


def lay_out(folder: Path) -> list[Path]:
    """The sample articles and their sidecars, written into `folder`. Raises UsageError for a folder that holds something, or cannot be made."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise UsageError(f"{folder} is not empty: name a folder that is, or one to be made")
        made = []
        for sample in sorted(
            resources.files("trusted_cloud_chat.data").joinpath("samples").iterdir(), key=lambda s: s.name
        ):
            made.append(folder / sample.name)
            made[-1].write_bytes(sample.read_bytes())
    except OSError as error:
        raise UsageError(f"{folder} cannot be written ({error.strerror}): name another folder") from error
    return made
