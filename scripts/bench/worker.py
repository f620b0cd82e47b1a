"""Runs one job in its own process: JSON on standard input, JSON in the last line of standard output.

    python -m bench.worker product.side < job.json

The peak memory of a pipeline can only be measured in a process that does nothing else.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

JOBS = (
    "product.side", "tutorial.prepare", "tutorial.side", "tutorial.cold", "compose.prepare",
    "growth.fill", "growth.ask", "tutorial.grow", "writing.prepare", "writing.ingest", "writing.opening", "writing.pages", "writing.files",
    "stored.search",
)  # fmt: skip


def run_job(name: str, job: dict[str, Any]) -> dict[str, Any]:
    """The job's result, with `peak_mb`. Raises CalledProcessError."""
    started = time.perf_counter()
    print(f"{name} …", end=" ", file=sys.stderr, flush=True)
    done = subprocess.run(
        [sys.executable, "-m", "bench.worker", name],
        input=json.dumps(job), stdout=subprocess.PIPE, text=True, check=True, env=environ(),
    )  # fmt: skip
    print(f"{time.perf_counter() - started:.0f} s", file=sys.stderr, flush=True)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def environ(**more: str) -> dict[str, str]:
    """Our environment without the variable that `isolate` sets, so that each pipeline has its own defaults; plus `more`."""
    kept = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    return {**kept, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[1]), kept.get("PYTHONPATH", "")]), **more}


def peak_mb(process: int | str = "self") -> float:
    """Peak memory of a running process in MB; without /proc, of this process."""
    try:
        for line in Path(f"/proc/{process}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def main() -> None:
    name = sys.argv[1]
    if name not in JOBS:
        raise SystemExit(f"unknown job {name!r}: expected one of {', '.join(JOBS)}")
    from trusted_cloud_chat.isolation import isolate

    isolate()
    if name.startswith("tutorial."):
        del os.environ["OPENBLAS_NUM_THREADS"]  # the tutorial does not set it
    module, _, function = name.partition(".")
    result = getattr(importlib.import_module(f"bench.{module}"), function)(json.load(sys.stdin))
    print(json.dumps({**result, "peak_mb": round(peak_mb(), 1)}))


if __name__ == "__main__":
    main()
