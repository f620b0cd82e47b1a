"""Switches off the libraries' telemetry, tracing and hub look-ups, and their busy threads.

Each variable is set before the library that reads it is loaded. The package itself switches off telemetry, even for a program
that imports us; only our commands set the other variables, since such a program may use its own hub or tracer.
"""

import os

_NO_TELEMETRY = {
    "ANONYMIZED_TELEMETRY": "False",  # Chroma
    "GRADIO_ANALYTICS_ENABLED": "False",  # also checks for a newer version
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "ORT_DISABLE_TELEMETRY": "1",  # also keeps a device id and a database of events in the user's cache
}
_OFF = {
    "DO_NOT_TRACK": "1",
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    # FastAPI would also send the content of invalid requests.
    "FASTAPI_OTEL_AUTO_CONFIGURE": "false",
}
# FastAPI, Chroma and LangSmith all send traces to an OTLP collector that the environment names.
_NO_SPANS = {"OTEL_SDK_DISABLED": "true"}
_TRACERS = ("LANGSMITH_TRACING", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING", "LANGCHAIN_TRACING_V2")
_TRACES_TO = ("LANGSMITH_ENDPOINT", "LANGCHAIN_ENDPOINT")
_VENDOR = "https://api.smith.langchain.com"


def silence() -> None:
    """Overwrite every variable that would let a library that we load report on its use."""
    os.environ.update(_NO_TELEMETRY)


def isolate() -> None:
    """Overwrite every variable that would let a library report, trace or look something up."""
    silence()
    os.environ.update(_OFF)
    if not _on("TCC_TRACING"):  # it allows a tracer that the environment turns on
        os.environ.update(dict.fromkeys(_TRACERS, "false"))
    if not _on("TCC_OPENTELEMETRY"):
        os.environ.update(_NO_SPANS)
    # Tokenizers warns on each fork otherwise; we parallelise over texts ourselves.
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    # After each matrix product NumPy's threads busy-wait for the next one, and take a core from ours.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def traced_to() -> str | None:
    """The address to which a tracer sends questions, passages and answers; None if no tracer is on."""
    if not any(os.environ.get(name, "").lower() == "true" for name in _TRACERS):
        return None
    return next(filter(None, map(os.environ.get, _TRACES_TO)), _VENDOR)


def _on(setting: str) -> bool:
    return os.environ.get(setting, "").strip().lower() in ("1", "true", "yes", "on")
