"""What whoever runs a server sees of it: figures, logs, spans, health, and its end. Never a word of a question."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
import threading
import time
from collections.abc import Generator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client.parser import text_string_to_metric_families

from builders import TODAY
from trusted_cloud_chat.answering.assistant import Assistant
from trusted_cloud_chat.api.application import build_api
from trusted_cloud_chat.errors import IndexEmptyError, SettingsError, StoppingError
from trusted_cloud_chat.isolation import isolate
from trusted_cloud_chat.library import OpenAssistant
from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.operation.logs import LOG, JsonLines
from trusted_cloud_chat.operation.tracing import tracer_of, traces_to
from trusted_cloud_chat.operation.watching import Watch, let_finish
from trusted_cloud_chat.retrieval import Retrieved
from trusted_cloud_chat.schema import Answer, Coverage, Query
from trusted_cloud_chat.settings import Settings, load_settings

SECRET = "Qui chante à minuit ?"
HERE, ELSEWHERE = ("127.0.0.1", 50000), ("192.168.1.20", 50000)
ADMIN, READER = "administrateur-0123456789", "lecteur-0123456789"
PART = Answer(SECRET, Query(SECRET, "fr", TODAY), "Un début")
WHOLE = replace(PART, answer="Une réponse", generation=3, timings_ms={"embed": 12.0, "total": 80.0})
REFUSED = replace(WHOLE, outcome="refused", refusal_reason="not_in_corpus")


def answers(*given: Answer | Exception) -> Generator[Answer]:
    for one in given:
        if isinstance(one, Exception):
            raise one
        yield one


def figures(text: bytes) -> dict[str, float]:
    """`name{label=value}` → value, of our own."""
    return {
        sample.name + "".join(f"|{value}" for value in sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
        if sample.name.startswith("tcc_")
    }


@pytest.fixture
def watch() -> Watch:
    return Watch(lambda: Coverage(3, 2, 5, None, None))


@pytest.fixture
def lines() -> Iterator[list[str]]:
    """What is logged as JSON, without the messages of errors."""
    written: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(JsonLines(messages=False).format(record))

    handler = Kept()
    LOG.setLevel(logging.INFO)
    LOG.addHandler(handler)
    yield written
    LOG.removeHandler(handler)
    LOG.setLevel(logging.NOTSET)


class TestFigures:
    def test_outcomes_stages_and_errors(self, watch: Watch) -> None:
        list(watch.answered(SECRET, answers(PART, WHOLE)))
        list(watch.answered(SECRET, answers(REFUSED)))
        with pytest.raises(IndexEmptyError):
            list(watch.answered(SECRET, answers(PART, IndexEmptyError(SECRET))))
        leaving = watch.answered(SECRET, answers(PART, WHOLE))
        next(leaving)
        assert watch.running == 1
        leaving.close()  # type: ignore[attr-defined]
        told = figures(watch.metrics())

        assert {name: value for name, value in told.items() if name.startswith("tcc_questions_total")} == {
            "tcc_questions_total|answered|": 1,
            "tcc_questions_total|refused|not_in_corpus": 1,
            "tcc_questions_total|failed|": 1,
            "tcc_questions_total|left|": 1,
        }
        assert told["tcc_errors_total|IndexEmptyError"] == 1
        assert told["tcc_stage_seconds_count|embed"] == 2
        assert told["tcc_stage_seconds_sum|total"] == pytest.approx(0.16)
        assert told["tcc_running"] == watch.running == 0
        assert (told["tcc_index_generation"], told["tcc_index_articles"], told["tcc_index_ready"]) == (3, 2, 1)

    def test_no_word_of_a_question(self, watch: Watch, lines: list[str]) -> None:
        list(watch.answered(SECRET, answers(WHOLE)))

        def broken() -> Retrieved:
            raise ValueError(SECRET)

        with pytest.raises(ValueError, match="minuit"):
            watch.found(SECRET, broken)

        assert "minuit" not in watch.metrics().decode()
        assert "minuit" not in "".join(lines)

    def test_an_index_that_does_not_open(self) -> None:
        def lost() -> Coverage:
            raise IndexEmptyError("nothing")

        told = figures(Watch(lost).metrics())
        assert told["tcc_index_ready"] == 0
        assert "tcc_index_generation" not in told

    def test_a_real_question(self, assistant: Assistant, watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
        """Whoever asks: also who asks an assistant that another writes for."""
        monkeypatch.setattr(assistant, "watcher", watch)
        assistant.written_by(None).ask("Qui détient S3NS ?", today=TODAY)
        assistant.search("S3NS", 2, today=TODAY)
        told = figures(watch.metrics())

        assert told["tcc_questions_total|answered|"] == told["tcc_searches_total|done"] == 1
        assert {"understand", "embed", "vectors", "lexical", "fuse", "read", "answer", "total"} == {
            name.partition("|")[2] for name in told if name.startswith("tcc_stage_seconds_count")
        }


class TestLogs:
    def test_a_line_a_question(self, watch: Watch, lines: list[str]) -> None:
        list(watch.answered(SECRET, answers(PART, REFUSED)))
        (line,) = map(json.loads, lines)

        assert line["message"] == "question"
        assert (line["outcome"], line["reason"], line["generation"]) == ("refused", "not_in_corpus", 3)
        assert line["timings_ms"]["total"] == 80
        assert "question" not in line

    def test_with_its_words_where_they_are_asked_for(self, lines: list[str]) -> None:
        watch = Watch(lambda: Coverage(0, 0, 0, None, None), log_questions=True)
        list(watch.answered(SECRET, answers(WHOLE)))
        assert json.loads(lines[0])["question"] == SECRET

    @pytest.mark.parametrize("messages", [False, True])
    def test_an_unforeseen_error(self, messages: bool) -> None:
        """Its type and where it was raised; its message may hold a question."""
        try:
            raise KeyError(SECRET)
        except KeyError:
            record = LOG.makeRecord(LOG.name, logging.ERROR, __file__, 1, "a question failed", (), sys.exc_info())
        line = json.loads(JsonLines(messages=messages).format(record))

        assert (line["level"], line["error"]) == ("error", "KeyError")
        assert line["at"][0].endswith("test_an_unforeseen_error")
        assert ("minuit" in str(line)) is messages


class TestHealth:
    @pytest.fixture
    def opened(self, tiny_home: Path, tiny_corpus: Path, embedder: Embedder, assistant: Assistant) -> OpenAssistant:
        return OpenAssistant(load_settings(home=tiny_home, corpus=tiny_corpus), embedder, assistant)

    def test_it_lives_and_is_ready(self, opened: OpenAssistant, watch: Watch) -> None:
        client = TestClient(build_api(opened, watch), client=ELSEWHERE)
        ready = client.get("/readyz").json()

        assert client.get("/healthz").status_code == 200
        assert (ready["ready"], ready["articles"]) == (True, 6)
        watch.stop()
        assert client.get("/healthz").status_code == 200
        assert (client.get("/readyz").status_code, client.get("/readyz").json()["reason"]) == (503, "Stopping")

    def test_why_it_is_not(self, empty_home: Path, tiny_corpus: Path, embedder: Embedder) -> None:
        """The words, which may name files of this machine, are for this machine."""
        with OpenAssistant(load_settings(home=empty_home, corpus=tiny_corpus), embedder) as opened:
            api = build_api(opened)
            here, elsewhere = (TestClient(api, client=one).get("/readyz") for one in (HERE, ELSEWHERE))

        assert here.status_code == elsewhere.status_code == 503
        assert elsewhere.json() == {"ready": False, "reason": "IndexEmpty"}
        assert "trusted-cloud-chat ingest" in here.json()["message"]

    def test_who_may_see_figures(self, opened: OpenAssistant, watch: Watch, tmp_path: Path) -> None:
        file = tmp_path / "tokens"
        file.write_text(f"reader {READER}\nadmin {ADMIN}\n")
        none, tokens = build_api(opened, watch), load_settings(home=opened.settings.home, api_tokens=file)
        some = build_api(OpenAssistant(tokens, opened.embedder, opened.assistant), watch)

        def seen(api: Any, client: tuple[str, int], token: str = "") -> int:
            return (
                TestClient(api, client=client).get("/metrics", headers={"Authorization": f"Bearer {token}"}).status_code
            )

        assert (seen(none, HERE), seen(none, ELSEWHERE), seen(none, ELSEWHERE, ADMIN)) == (200, 401, 401)
        assert (seen(some, HERE), seen(some, ELSEWHERE), seen(some, ELSEWHERE, READER)) == (200, 401, 401)
        assert seen(some, ELSEWHERE, ADMIN) == 200


class TestEnd:
    def test_what_runs_may_finish(self, watch: Watch) -> None:
        gone_on = threading.Event()

        def slow() -> Generator[Answer]:
            yield PART
            gone_on.wait(5)
            yield WHOLE

        made: list[Answer] = []
        asking = threading.Thread(target=lambda: made.extend(watch.answered(SECRET, slow())))
        asking.start()

        async def end() -> None:
            ending = asyncio.create_task(let_finish(watch, 5))
            await asyncio.sleep(0.1)
            with pytest.raises(StoppingError):
                list(watch.answered(SECRET, answers(WHOLE)))
            assert not ending.done()
            gone_on.set()
            await ending

        asyncio.run(end())
        asking.join()
        assert made[-1] is WHOLE
        assert figures(watch.metrics())["tcc_questions_total|answered|"] == 1

    @pytest.mark.parametrize(("within_s", "hurried"), [(0.2, False), (60, True)])
    def test_but_not_for_ever(self, watch: Watch, within_s: float, hurried: bool) -> None:
        asked = watch.answered(SECRET, answers(PART, WHOLE))
        next(asked)
        began = time.monotonic()
        asyncio.run(let_finish(watch, within_s, lambda: hurried))

        assert time.monotonic() - began < 5
        assert watch.running == 1


class TestSpans:
    def test_of_a_question(self, watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("OTEL_SDK_DISABLED", "false")
        kept, provider = InMemorySpanExporter(), TracerProvider()
        provider.add_span_processor(SimpleSpanProcessor(kept))
        watch._tracer = provider.get_tracer("test")
        list(watch.answered(SECRET, answers(PART, REFUSED)))
        with pytest.raises(KeyError):
            list(watch.answered(SECRET, answers(KeyError(SECRET))))
        one, failed = kept.get_finished_spans()

        assert one.name == "question"
        assert one.attributes is not None
        assert (one.attributes["tcc.reason"], one.attributes["tcc.embed_ms"]) == ("not_in_corpus", 12)
        assert not failed.status.is_ok
        assert not [span for span in (one, failed) if "minuit" in span.to_json()]

    @pytest.mark.parametrize(
        ("on", "environ", "where"),
        [(True, {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://a.example"}, "http://a.example"),
         (True, {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "https://me:secret@b.example/v1"}, "b.example/v1"),
         (True, {"OTEL_TRACES_EXPORTER": "console"}, "standard error"),
         (True, {}, None),
         (True, {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://a.example", "OTEL_SDK_DISABLED": "TRUE"}, None),
         (True, {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://a.example", "OTEL_TRACES_EXPORTER": "none"}, None),
         (False, {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://a.example"}, None)],
    )  # fmt: skip
    def test_where_they_go(
        self, monkeypatch: pytest.MonkeyPatch, on: bool, environ: dict[str, str], where: str | None
    ) -> None:
        monkeypatch.delenv("OTEL_SDK_DISABLED", raising=False)
        for name, value in environ.items():
            monkeypatch.setenv(name, value)
        assert traces_to(load_settings(opentelemetry=on)) == where

    def test_off_nothing_of_it_is_made(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)  # an import would fail
        with tracer_of(load_settings()) as tracer:
            assert tracer is None

    @pytest.mark.parametrize(("protocol", "said"), [("http/protobuf", "pip install"), ("smoke", "expected grpc")])
    def test_what_cannot_be_used_is_said(self, monkeypatch: pytest.MonkeyPatch, protocol: str, said: str) -> None:
        monkeypatch.delenv("OTEL_SDK_DISABLED", raising=False)
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_PROTOCOL", protocol)
        monkeypatch.setattr("trusted_cloud_chat.operation.tracing.entry_points", lambda **_: ())
        with pytest.raises(SettingsError, match=said), tracer_of(Settings(opentelemetry=True)):
            pass

    @pytest.mark.parametrize(("value", "disabled"), [("", "true"), ("0", "true"), ("1", "false")])
    def test_our_commands_leave_it_off(self, monkeypatch: pytest.MonkeyPatch, value: str, disabled: str) -> None:
        monkeypatch.setenv("OTEL_SDK_DISABLED", "false")
        monkeypatch.setenv("TCC_OPENTELEMETRY", value)
        isolate()
        assert os.environ["OTEL_SDK_DISABLED"] == disabled
