"""Checks whether this machine is supported: `python -m trusted_cloud_chat.commands.machine`, before anything is installed."""

import platform
import sys

from trusted_cloud_chat.errors import UnusableError

_ELSEWHERE = {
    ("win32", ""): (
        "Windows is not supported: install it inside WSL 2 (`wsl --install`, then as on Linux), or run the image (docs/image.md)"
    ),
    ("darwin", "x86_64"): (
        "Macs with Intel processors are not supported, since ONNX Runtime is no longer built for them: run the image (docs/image.md). "
        "On a Mac with an Apple processor this Python is an Intel build: install a native one, for example with `brew install python`"
    ),
}
"""(system, processor) → the message with an alternative."""


def check_machine(system: str = sys.platform, processor: str = platform.machine()) -> None:
    """Raise UnusableError, with an alternative, on an unsupported machine."""
    told = _ELSEWHERE.get((system, "")) or _ELSEWHERE.get((system, processor))
    if told:
        raise UnusableError(told)


if __name__ == "__main__":
    try:
        check_machine()
    except UnusableError as error:
        print(f"trusted-cloud-chat: {error}", file=sys.stderr)
        sys.exit(error.exit_status)
