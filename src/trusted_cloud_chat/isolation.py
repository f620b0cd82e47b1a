"""Nothing leaves the machine by itself, and libraries leave the processor to our own threads.

Imported first by every entry point, before any library that reads these variables at import.
"""

from __future__ import annotations

import os

_OFF = {
    "ANONYMIZED_TELEMETRY": "False",
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "LANGSMITH_TRACING": "false",
    "LANGSMITH_TRACING_V2": "false",
    "LANGCHAIN_TRACING": "false",
    "LANGCHAIN_TRACING_V2": "false",
    "DO_NOT_TRACK": "1",
}


def isolate() -> None:
    """Overwrite every variable that would let a library report, trace or look something up."""
    os.environ.update(_OFF)
    # Tokenizers warns on each fork otherwise; we parallelise over texts ourselves.
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    # After each product of matrices NumPy's threads wait for the next one at full speed, and take a core from ours.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
