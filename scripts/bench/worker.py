"""One job in a process of its own: a JSON object in on standard input, one out as the last line of standard output.

    python -m bench.worker product.side < job.json

Only a process that did nothing else can tell how much memory a pipeline takes.
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
    """The job's result, its `peak_mb` beside it. Raises CalledProcessError."""
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
    """Ours without what `isolate` has set for this process: each pipeline has its own defaults."""
    kept = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    return {**kept, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[1]), kept.get("PYTHONPATH", "")]), **more}


def peak_mb(process: int | str = "self") -> float:
    """Most memory that a living process has had, MB; without /proc only our own."""
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
        del os.environ["OPENBLAS_NUM_THREADS"]  # a tutorial does not know
    module, _, function = name.partition(".")
    result = getattr(importlib.import_module(f"bench.{module}"), function)(json.load(sys.stdin))
    print(json.dumps({**result, "peak_mb": round(peak_mb(), 1)}))


if __name__ == "__main__":
    main()
