"""What commands share: bars on standard error, results on standard output and in files."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trusted_cloud_chat.bars import progress_bars

if TYPE_CHECKING:
    from trusted_cloud_chat.evaluation.measurement import Measurement, Tell
    from trusted_cloud_chat.models import Embedder
    from trusted_cloud_chat.settings import Settings

    Measure = Callable[[Settings, Embedder, Tell], Measurement]


@dataclass(frozen=True, slots=True)
class Output:
    """Where a result goes."""

    as_json: bool = False
    output: Path | None = None
    compare: Path | None = None
    report: Path | None = None
    no_cases: bool = False


@contextmanager
def loaded() -> Iterator[tuple[Any, Any, Any]]:
    """Settings, embedder and `tell`."""
    from trusted_cloud_chat.settings import load_settings
    from trusted_cloud_chat.wiring import build_embedder

    settings = load_settings()
    with progress_bars() as tell:
        yield settings, build_embedder(settings, lambda step, share: tell(step, round(share * 100), 100)), tell


def measure_and_show(
    command: str, measure: Measure, data: Path, output: Output, extra: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Run, compare, write, print; the result. An old result that cannot be compared is told before the run."""
    from trusted_cloud_chat.evaluation.comparison import compare
    from trusted_cloud_chat.evaluation.report import report_page
    from trusted_cloud_chat.evaluation.results import read_result, to_result, without_cases, write_result

    old = read_result(output.compare) if output.compare else None
    with loaded() as (settings, embedder, tell):
        measured = measure(settings, embedder, tell)
    result = to_result(command, measured, settings, embedder, data, extra or {})
    if old is not None:
        result["comparison"] = compare(old, result)
    if output.report:
        output.report.parent.mkdir(parents=True, exist_ok=True)
        output.report.write_text(report_page(result, measured.texts), "utf-8")
        print(f"report written to {output.report}", file=sys.stderr)
    kept = without_cases(result) if output.no_cases else result
    if output.output:
        write_result(kept, output.output)
        print(f"result written to {output.output}", file=sys.stderr)
    show(kept, as_json=output.as_json)
    return result


def show(result: dict[str, Any], *, as_json: bool) -> None:
    from trusted_cloud_chat.evaluation.summary import summary_lines

    print(json.dumps(result, ensure_ascii=False) if as_json else "\n".join(summary_lines(result)))


def check(result: dict[str, Any], thresholds: Path) -> bool:
    """Whether every figure keeps to its bounds; those that do not are told on standard error."""
    from trusted_cloud_chat.evaluation.results import set_name
    from trusted_cloud_chat.evaluation.thresholds import breaches, read_bounds

    bounds = read_bounds(thresholds, result)
    if bounds is None:
        print(f"no thresholds for {set_name(result)} in {thresholds}", file=sys.stderr)
        return True
    found = breaches(result, bounds)
    for line in found:
        print(f"below expectation: {line}", file=sys.stderr)
    count = sum(map(len, bounds.values()))
    if not found:
        print(f"{count} figures of {set_name(result)} keep to {thresholds}", file=sys.stderr)
    return not found


def judge_and_show(file: Path, model: str | None, *, as_json: bool, output: Path | None) -> None:
    """Grade a result's answers with a language model; nothing else is measured."""
    from trusted_cloud_chat.errors import SettingsError
    from trusted_cloud_chat.evaluation.judge import judge_result
    from trusted_cloud_chat.evaluation.results import read_result, write_result
    from trusted_cloud_chat.models.chat import load_chat_model, privacy_notice
    from trusted_cloud_chat.settings import load_settings

    settings = load_settings()
    name = model or settings.judge_model
    if not name:
        raise SettingsError("no judge: name one with --model PROVIDER:NAME or TCC_JUDGE_MODEL")
    chat = load_chat_model(name, settings.chat_url, settings.chat_timeout_s)
    if notice := privacy_notice(name, settings.chat_url, "en"):
        print(notice, file=sys.stderr)
    with progress_bars() as tell:
        judged = judge_result(read_result(file), chat, name, tell)
    if output:
        write_result(judged, output)
    show(judged, as_json=as_json)
