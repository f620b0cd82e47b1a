"""Finds a free port, and waits for the page on it."""

from __future__ import annotations

import socket
import subprocess
import time
from pathlib import Path

import pytest

_STARTS_WITHIN_S = 240


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_page(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + _STARTS_WITHIN_S
    while "Page:" not in log.read_text():
        if server.poll() is not None or time.monotonic() > deadline:
            pytest.fail(f"the page did not start on port {port}:\n{log.read_text()}")
        time.sleep(0.1)
