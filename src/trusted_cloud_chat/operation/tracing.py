"""OpenTelemetry: TCC_OPENTELEMETRY turns it on, the usual OTEL_… variables configure it. Spans contain no text."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any

from trusted_cloud_chat.errors import SettingsError
from trusted_cloud_chat.settings import Settings

if TYPE_CHECKING:
    from opentelemetry.trace import Tracer

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
_PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
_EXPORTERS = {"grpc": "otlp_proto_grpc", "http/protobuf": "otlp_proto_http"}
_SERVICE = "OTEL_SERVICE_NAME"


def traces_to(settings: Settings) -> str | None:
    """The destination of spans, without a password in its address; None if there are none."""
    named = next(filter(None, map(os.environ.get, _ENDPOINTS)), "").rpartition("@")[2]
    if os.environ.get("OTEL_TRACES_EXPORTER") == "console":
        named = "standard error"
    off = os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true" or os.environ.get("OTEL_TRACES_EXPORTER") == "none"
    return None if off or not settings.opentelemetry else named or None


@contextmanager
def tracer_of(settings: Settings) -> "Iterator[Tracer | None]":
    """The tracer; all spans are sent at the end. None if tracing is off, and then nothing is imported.

    Raises SettingsError if the protocol's exporter is not installed.
    """
    if traces_to(settings) is None:
        yield None
        return
    exporter = _exporter()
    from opentelemetry import trace
    from opentelemetry.sdk.trace import Span, SpanProcessor, TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    class WithoutQueries(SpanProcessor):
        def on_start(self, span: Span, parent_context: Any = None) -> None:
            """The query part of an address may contain a question."""
            if span.attributes and "url.query" in span.attributes:
                span.set_attribute("url.query", "REDACTED")

    os.environ.setdefault(_SERVICE, "trusted-cloud-chat")
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(WithoutQueries())
    provider.add_span_processor(BatchSpanProcessor(exporter()))
    trace.set_tracer_provider(provider)  # from now on FastAPI and the MCP library trace requests
    try:
        yield provider.get_tracer("trusted_cloud_chat")
    finally:
        provider.shutdown()


def _exporter() -> Any:
    """The exporter that the variables name: gRPC, which comes with Chroma, unless they say HTTP."""
    if os.environ.get("OTEL_TRACES_EXPORTER") == "console":
        from opentelemetry.sdk.trace.export import ConsoleSpanExporter

        return partial(ConsoleSpanExporter, out=sys.stderr)  # standard output may carry a protocol
    protocol = next(filter(None, map(os.environ.get, _PROTOCOLS)), "grpc")
    named = _EXPORTERS.get(protocol)
    if named is None:
        raise SettingsError(f"OTEL_EXPORTER_OTLP_PROTOCOL={protocol} is not known: expected grpc or http/protobuf")
    try:
        (found,) = entry_points(group="opentelemetry_traces_exporter", name=named)
        return found.load()
    except (ValueError, ImportError):
        package = f"opentelemetry-exporter-{named.replace('_', '-')}"
        raise SettingsError(f"spans by {protocol} need a package: `pip install {package}`") from None
