"""`doctor --fix`: what can be mended without a doubt, and without an embedder. No article goes."""

from __future__ import annotations

import shutil

from trusted_cloud_chat.doctor.checks import look
from trusted_cloud_chat.errors import IndexBusyError
from trusted_cloud_chat.ingestion import tidy
from trusted_cloud_chat.models.unpacking import abandoned
from trusted_cloud_chat.settings import Settings
from trusted_cloud_chat.wiring import chroma_of

NOT_MENDED = "not mended"
"""How a line begins that tells of a failure."""


def mend(settings: Settings) -> list[str]:
    """What was done, and what could not be, a line each. Raises IndexBusyError while another run writes: then nothing is done."""
    done: list[str] = []

    def index() -> str:
        try:
            done.extend(tidy(settings.home, chroma_of(settings)))
        except IndexBusyError as error:
            busy.append(error)
        return ""

    def models() -> str:
        for folder in abandoned(settings.home / "models"):
            shutil.rmtree(folder)
            done.append(f"{folder.relative_to(settings.home)} deleted, which a killed start left")
        return ""

    busy: list[IndexBusyError] = []
    looked = [look("index", index)]
    if busy:
        raise busy[0]
    looked.append(look("leftovers", models))
    return [*done, *(f"{NOT_MENDED}: {check.found}" for check in looked if not check.ok)]
