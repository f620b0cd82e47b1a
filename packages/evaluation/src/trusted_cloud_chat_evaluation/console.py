"""The steps around a measurement: load, compare, write, show."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.output.reporting import privacy_notice
from trusted_cloud_chat.output.terminal import progress_bars, unpacking
from trusted_cloud_chat.settings import Settings, load_settings
from trusted_cloud_chat.wiring import build_embedder
from trusted_cloud_chat_evaluation.aggregate import Measurement, Tell, rounded
from trusted_cloud_chat_evaluation.commands import Output
from trusted_cloud_chat_evaluation.report import report_page, summary_lines
from trusted_cloud_chat_evaluation.results import compare, read_result, to_result, without_cases, write_result

Measure = Callable[[Settings, Embedder, Tell], Measurement]


def announced(chat_model: str | None) -> Settings:
    """The settings, with `chat_model` if given; prints the privacy notice on standard error."""
    settings = load_settings(chat_model=chat_model)
    if notice := privacy_notice(settings.chat_model, settings.chat_url, "en"):
        print(notice, file=sys.stderr)
    return settings


@contextmanager
def loaded(chat_model: str | None = None) -> Iterator[tuple[Settings, Embedder, Tell]]:
    settings = announced(chat_model)
    with progress_bars() as tell:
        yield settings, build_embedder(settings, unpacking(tell)), tell


def measure_and_show(
    command: str, measure: Measure, data: Path, output: Output, *, chat_model: str | None = None
) -> dict[str, Any]:
    """Measures, compares, writes and prints; returns the result. `chat_model` overrides the settings."""
    old = read_result(output.compare) if output.compare else None  # an invalid file is reported before the run
    with loaded(chat_model) as (settings, embedder, tell):
        measured = measure(settings, embedder, tell)
    result: dict[str, Any] = rounded(to_result(command, measured, settings, embedder, data))
    if old is not None:
        result["comparison"] = rounded(compare(old, result))
    if output.report:
        output.report.parent.mkdir(parents=True, exist_ok=True)
        output.report.write_text(report_page(result, measured.texts), "utf-8")
        print(f"report written to {output.report}", file=sys.stderr)
    kept = without_cases(result) if output.no_cases else result
    show(kept, measured.texts, as_json=output.as_json, file=output.output)
    return result


def show(result: dict[str, Any], texts: Mapping[str, str], *, as_json: bool, file: Path | None) -> None:
    if file:
        write_result(result, file)
        print(f"result written to {file}", file=sys.stderr)
    print(json.dumps(result, ensure_ascii=False) if as_json else "\n".join(summary_lines(result, texts)))
