"""`serve` in a process of its own, under a question, told to stop: its answer, its log, its spans."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent import futures
from pathlib import Path

import grpc
import httpx
import pytest
from netports import free_port
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import (
    TraceServiceServicer,
    add_TraceServiceServicer_to_server,
)

from builders import environment

QUESTION = "Quand S3NS a-t-il été qualifié ?"
TRACE = "0af7651916cd43dd8448eb211c80319c"
SLOWLY = """
import sys, time
from trusted_cloud_chat.retrieval import Retriever
real = Retriever.retrieve
def slow(*given):
    time.sleep(4)
    return real(*given)
Retriever.retrieve = slow
from trusted_cloud_chat.cli import main
main()
"""


@pytest.fixture
def collector() -> Iterator[tuple[int, list[ExportTraceServiceRequest]]]:
    """A real OTLP collector on loopback: its port, and what it was sent."""
    sent: list[ExportTraceServiceRequest] = []

    class Kept(TraceServiceServicer):  # type: ignore[misc]
        def Export(self, request: ExportTraceServiceRequest, context: object) -> ExportTraceServiceResponse:  # noqa: N802
            sent.append(request)
            return ExportTraceServiceResponse()

    server = grpc.server(futures.ThreadPoolExecutor(2))
    add_TraceServiceServicer_to_server(Kept(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield port, sent
    server.stop(None)


@pytest.mark.slow
def test_an_answer_under_way_is_let_finish(
    page_home: Path, page_corpus: Path, collector: tuple[int, list[ExportTraceServiceRequest]]
) -> None:
    """New questions are refused meanwhile; status 0; a log of objects and spans, none with a word of the question."""
    port, (collects, sent) = free_port(), collector
    environ = environment(
        TCC_HOME=page_home, TCC_CORPUS=page_corpus, TCC_LOOK_NEARBY=0, TCC_LOG_FORMAT="json", TCC_OPENTELEMETRY=1, TCC_STOP_TIMEOUT_S=20,
        OTEL_EXPORTER_OTLP_ENDPOINT=f"http://127.0.0.1:{collects}", OTEL_SDK_DISABLED="false",
    )  # fmt: skip
    with (
        subprocess.Popen(
            [sys.executable, "-c", SLOWLY, "serve", "--port", str(port)], env=environ, stderr=subprocess.PIPE, text=True
        ) as server,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=60) as http,
    ):
        assert server.stderr is not None
        log = ""
        while "Page:" not in log:
            log += (line := server.stderr.readline())
            assert line, f"the server ended before its page was there: {log}"
        answers: list[httpx.Response] = []
        caller = {"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"}
        asking = threading.Thread(
            target=lambda: answers.append(http.post("/api/v1/ask", json={"question": QUESTION}, headers=caller))
        )
        asking.start()
        while "tcc_running 1.0" not in http.get("/metrics").text:
            time.sleep(0.05)
        server.send_signal(signal.SIGTERM)
        while http.get("/readyz", params={"q": QUESTION}).status_code == 200:
            time.sleep(0.05)
        refused = http.post("/api/v1/ask", json={"question": QUESTION})
        asking.join(20)
        log += server.communicate(timeout=20)[1]

    assert (refused.status_code, refused.json()["error"]["type"]) == (503, "Stopping")
    assert "17 décembre 2025" in answers[0].json()["answer"]
    assert server.returncode == 0
    lines = [json.loads(line) for line in log.splitlines()]
    assert [line["outcome"] for line in lines if line["message"] == "question"] == ["answered"]
    assert lines[-1]["message"] == "Page closed."
    assert "S3NS" not in log
    assert b"S3NS" not in b"".join(request.SerializeToString() for request in sent)
    spans = [
        span for request in sent for part in request.resource_spans for of in part.scope_spans for span in of.spans
    ]
    (asked,) = [span for span in spans if span.name == "question"]
    assert asked.trace_id.hex() == TRACE
    assert asked.parent_span_id in {span.span_id for span in spans if span.trace_id == asked.trace_id}
