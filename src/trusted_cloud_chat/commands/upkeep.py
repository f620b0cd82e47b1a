"""Commands about a home: init, doctor, export, import."""

import sys
from dataclasses import asdict
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trusted_cloud_chat.commands import load_settings
from trusted_cloud_chat.corpus.front_matter import is_companion
from trusted_cloud_chat.errors import UsageError, counted
from trusted_cloud_chat.output.terminal import AsJson, say, show

if TYPE_CHECKING:
    from trusted_cloud_chat.index.archive import Manifest

upkeep_app, beginning_app = typer.Typer(), typer.Typer()
_SIGNS = {"ok": "ok  ", "advice": "note", "fault": "NOT "}


@upkeep_app.command()
def doctor(
    fix: Annotated[
        bool, typer.Option("--fix", help="First repair what is safe to repair; no article is deleted.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check the installation, the settings, the embedder, the index, the articles and the disk.

    Exit status 1 for a fault, 0 for advice such as an article without an address.
    """
    from trusted_cloud_chat.doctor import NOT_MENDED, examine, mend

    fixed = mend(load_settings()) if fix else []
    checks = examine()
    ok = all(check.ok for check in checks) and not any(line.startswith(NOT_MENDED) for line in fixed)
    lines = [f"fix  {line}" for line in fixed or (["nothing to fix"] if fix else [])]
    for check in checks:
        mend_by = f" (fix it with `{check.mend}`)" if check.mend and f"`{check.mend}`" not in check.found else ""
        lines.append(f"{_SIGNS[check.level]} {check.name}: {check.found}{mend_by}")
    show({"ok": ok, "checks": [asdict(check) for check in checks], "fixed": fixed}, lines, as_json=as_json)
    if not ok:
        raise typer.Exit(1)


@upkeep_app.command("export")
def export_home(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The zip file to create; it must not exist.")],
    as_json: AsJson = False,
) -> None:
    """Write the whole index (articles, versions, vectors) into one file; an ingest may run meanwhile.

    Users, feedback and conversations are not exported, only listed.
    """
    from trusted_cloud_chat.ingestion import export_index, left_behind

    home = load_settings().home
    manifest = export_index(home, file.absolute())
    stays = left_behind(home, file.absolute())
    line = f"{file}: {_held(manifest)}, {file.stat().st_size / 1e6:.1f} MB; embedder {manifest.embedder}"
    show({"file": str(file), **manifest.model_dump(), "left_behind": stays}, [line], as_json=as_json)
    if stays:
        how = f"to move them too, copy them from {home} into the other TCC_HOME while no page is served"
        say(f"not in it: {', '.join(stays)}; {how}", sys.stderr)


@upkeep_app.command("import")
def import_home(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file written by `export`.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace the existing index once the new one opens.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Read a file written by `export`, here or on another machine, without embedding again."""
    from trusted_cloud_chat.wiring import run_import

    manifest, replaced = run_import(load_settings(), file.absolute(), replace=replace)
    place = ", replacing the old index" if replaced else ""
    line = f"{_held(manifest)}, written by {manifest.release} on {manifest.made}{place}"
    show({"file": str(file), "replaced": replaced, **manifest.model_dump()}, [line], as_json=as_json)
    if not as_json:
        apart = "the corpus folder is not part of the file: the next `ingest` compares the articles with TCC_CORPUS"
        say(apart, sys.stderr)


def _held(manifest: "Manifest") -> str:
    return f"{counted(manifest.articles, 'article')}, {counted(manifest.chunks, 'chunk')}, generation {manifest.generation}"


@beginning_app.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="[FOLDER]", help="Created if missing.")] = Path("corpus"),
) -> None:
    """Create a corpus folder with three sample articles, and say what to do next."""
    made = lay_out(folder.expanduser().absolute())
    articles = [path for path in made if not is_companion(path)]
    say(f"{made[0].parent}: {len(articles)} sample articles with their enrichments, to be replaced by your own")
    say("next:")
    if load_settings().corpus != made[0].parent:
        say(f"  export TCC_CORPUS={made[0].parent}")
    say("  trusted-cloud-chat ingest          # reads them into the index")
    say("  trusted-cloud-chat ask 'Quand S3NS a-t-il été qualifié ?'")
    say("  trusted-cloud-chat serve --open    # the page, on this machine only")


def lay_out(folder: Path) -> list[Path]:
    """Write the sample articles and their sidecars into `folder`. Raises UsageError if it is not empty or cannot be created."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise UsageError(f"{folder} is not empty: name an empty or a new folder")
        made, samples = [], resources.files("trusted_cloud_chat.data").joinpath("samples").iterdir()
        for sample in sorted(samples, key=lambda sample: sample.name):
            made.append(folder / sample.name)
            made[-1].write_bytes(sample.read_bytes())
    except OSError as error:
        raise UsageError(f"{folder} cannot be written ({error.strerror}): name another folder") from error
    return made
