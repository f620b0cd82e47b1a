"""The program's name in messages: what the user has to type."""

import os
import shutil
import sys
from functools import cache
from pathlib import Path

from trusted_cloud_chat.language import patterns

NAME = "trusted-cloud-chat"


def as_started(text: str, *, public: bool = False) -> str:
    """`text` with our commands as they work here: after `make chat` the program is in `.venv/bin`, which is not in PATH.
    `public`: do not reveal folders of this machine, since others may read it.
    """
    name = NAME if public and Path(started()).is_absolute() else started()
    return patterns.OWN_COMMAND.sub(lambda found: found[0].replace(NAME, name, 1), text)


@cache
def started() -> str:
    """The program's name if the shell finds this installation by it, else its path, relative if it is below this folder."""
    own = Path(sys.executable).parent / NAME
    found = shutil.which(NAME)
    if not own.exists() or (found and Path(found).resolve() == own.resolve()):
        return NAME
    below = os.path.relpath(own)
    return str(own) if below.startswith(os.pardir) else below
