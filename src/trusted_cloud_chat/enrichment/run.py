"""`trusted-cloud-chat enrich`: a chat model writes the sidecars of articles, portion by portion; finished portions are stored, so that a
stopped run continues.
"""

import json
import os
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from trusted_cloud_chat.corpus.front_matter import ENRICHMENT
from trusted_cloud_chat.enrichment.answers import LeftOut, checked, number_of
from trusted_cloud_chat.enrichment.asking import Asker, tokens_of
from trusted_cloud_chat.enrichment.checks import RowChecker
from trusted_cloud_chat.enrichment.home import EnrichmentHome, digest_of
from trusted_cloud_chat.enrichment.portions import Enrichable, Portion, mending_message, portion_prompt, template
from trusted_cloud_chat.enrichment.rows import FORMAT, SidecarRow
from trusted_cloud_chat.enrichment.sidecar import header_of
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.models.listening import ModelFailedError
from trusted_cloud_chat.progress import Progress, tell_nobody

_ENDS = frozenset({"key", "unknown", "unreachable", "refused", "busy"})
"""Failures that end the run: the next article would fail likewise."""
_FOR_GOOD = frozenset({"unreadable", "failed"})
"""Failures that another run would meet again: a context too small is one of `failed`."""
_A_ROW = 380
"""Approximate tokens of a row."""
_LEFT_OUT = "left_out.json"


@dataclass(slots=True)
class EnrichReport:
    """The result of a run; `left_out` are rows that were invalid twice, `failed` articles without a sidecar."""

    model: str
    written: list[str] = field(default_factory=list)
    unchanged: int = 0
    rows: int = 0
    left_out: list[dict[str, str]] = field(default_factory=list)
    failed: list[dict[str, str]] = field(default_factory=list)
    tokens: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    ended: str = ""
    """Why the run ended early; a key of `reasons` in `data/writing.toml`."""


def wanting(sources: Iterable[Enrichable], home: EnrichmentHome) -> tuple[list[Enrichable], int]:
    """Sources without a sidecar, or whose text has changed since a model wrote it, and the number of others. Hand-written sidecars are left
    alone.
    """
    wanted, others = [], 0
    for source in sources:
        place = home.found(source.path)
        header = header_of(place) if place else None
        alone = (
            len(source.articles) == 1
            and header is not None
            and header.text_sha256 == digest_of(source.articles[0].text)
        )
        if place is None or (header is not None and header.written_by != "hand" and not alone):
            wanted.append(source)
        else:
            others += 1
    return wanted, others


def foreseen(sources: Sequence[Enrichable], model: str, home: EnrichmentHome) -> dict[str, int]:
    """The cost of a run: portions, and approximate tokens sent and received."""
    todo = [p for s in sources for p in s.portions() if not home.draft(_key(p, model)).exists()]
    read = sum(tokens_of("".join(str(message.text) for message in portion_prompt(portion))) for portion in todo)
    written = sum(_A_ROW * len(portion.numbers) for portion in todo)
    return {"articles": sum(len(s.articles) for s in sources), "portions": len(todo), "read": read, "written": written}


class EnrichRun:
    """One run over `sources`."""

    def __init__(
        self, asker: Asker, model: str, home: EnrichmentHome, entities: EntityBook, *, requests: int, today: date
    ) -> None:
        """`requests`: the number of concurrent ones."""
        self._asker, self._model, self._home, self._entities = asker, model, home, entities
        self._requests, self._today = requests, today
        self._checkers: dict[str, RowChecker] = {}

    def run(self, sources: Sequence[Enrichable], tell: Progress = tell_nobody) -> EnrichReport:
        """Write each sidecar when its last portion is done; those stay whatever happens later."""
        report, began = EnrichReport(self._model), time.monotonic()
        parts = {source.path: source.portions() for source in sources}
        total, done = sum(map(len, parts.values())), 0
        left = {path: len(found) for path, found in parts.items()}
        pool = ThreadPoolExecutor(self._requests, thread_name_prefix="enrich")
        try:
            asked: dict[Future[dict[str, Any]], tuple[Enrichable, Portion]] = {
                pool.submit(self._portion, portion): (source, portion)
                for source in sources
                for portion in parts[source.path]
            }
            for future in as_completed(asked):
                source, portion = asked[future]
                done += 1
                left[source.path] -= 1
                if failure := self._failure(future, portion, report):
                    left[source.path] = -1  # no sidecar; its drafts are for the next run
                    self._asker.left.set() if failure in _ENDS else None
                elif left[source.path] == 0:
                    self._write(source, parts[source.path], report)
                tell(f"enrich ({report.rows} rows, {self._told(done, total)} tokens left)", done, total)
        finally:
            self._asker.left.set()
            pool.shutdown(cancel_futures=True)
            report.tokens, report.seconds = dict(self._asker.tokens), time.monotonic() - began
        return report

    def _told(self, done: int, total: int) -> str:
        used = sum(self._asker.tokens.values())
        return f"some {round(used * (total - done) / max(done, 1), -3):,.0f}"

    def _failure(self, future: Future[dict[str, Any]], portion: Portion, report: EnrichReport) -> str:
        """Why a portion failed; empty if it did not."""
        error = future.exception()
        if error is None:
            return ""
        if not isinstance(error, ModelFailedError):
            raise error
        if error.reason in _ENDS:
            report.ended = report.ended or error.reason
        if error.reason != "stopped":
            report.failed.append({"path": portion.article.path or portion.article.article_id, "reason": error.reason})
        return error.reason

    def _portion(self, portion: Portion) -> dict[str, Any]:
        """The draft of a portion: its rows; invalid ones are requested once more."""
        place = self._home.draft(_key(portion, self._model))
        if place.exists():
            found: dict[str, Any] = json.loads(place.read_text("utf-8"))
            return found
        checker = self._checkers.setdefault(portion.article.article_id, RowChecker(portion.article, self._entities))
        rows, faults = checked(self._asked(portion), portion, checker)
        faults = [fault for fault in faults if number_of(fault.row) not in rows]
        if faults:
            named = [n for fault in faults if (n := number_of(fault.row))]
            # A small context has no room for all.
            beside = portion.only({n + step for n in named for step in (-1, 0, 1)})
            prompt = portion_prompt(beside if beside.numbers else portion)
            told = [(json.dumps(fault.row, ensure_ascii=False), fault.reason) for fault in faults]
            try:
                again, _ = self._asker.rows([*prompt, mending_message(told, portion.article.language)])
            except ModelFailedError as error:
                if error.reason not in _FOR_GOOD:
                    raise
                again = []  # what holds stands
            mended, _ = checked(again, portion, checker)
            rows = {**mended, **rows}
            faults = [fault for fault in faults if number_of(fault.row) not in rows]
        drafted = {
            "rows": [rows[n].model_dump(mode="json", exclude_defaults=True) for n in sorted(rows)],
            "left_out": [{"sentence": _sentence(fault, portion), "reason": fault.reason} for fault in faults],
        }
        _put(place, json.dumps(drafted, ensure_ascii=False))
        return drafted

    def _asked(self, portion: Portion) -> list[dict[str, Any]]:
        """The model's rows; if its server stops it at its most tokens, it is asked for the sentences after its last row."""
        found: list[dict[str, Any]] = []
        while portion.numbers:
            rows, cut = self._asker.rows(portion_prompt(portion))
            found += rows
            done = [n for row in rows if (n := number_of(row)) in portion.numbers]
            if not cut or not done:
                break
            portion = portion.after(max(done))
        return found

    def _write(self, source: Enrichable, parts: Sequence[Portion], report: EnrichReport) -> None:
        single = source.articles[0] if len(source.articles) == 1 else None
        header = {
            "format": FORMAT, "article_id": single and single.article_id, "text_sha256": single and digest_of(single.text),
            "language": source.articles[0].language, "written_by": self._model, "date": self._today.isoformat(),
        }  # fmt: skip
        lines, left_out = [{key: value for key, value in header.items() if value}], []
        for portion in parts:
            drafted = self._portion(portion)
            named = {} if single else {"article_id": portion.article.article_id}
            lines += [named | _as_written(SidecarRow.model_validate(row)) for row in drafted["rows"]]
            left_out += [{"article_id": portion.article.article_id, **one} for one in drafted["left_out"]]
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        try:
            _put(source.path.with_name(source.path.name.removesuffix(source.path.suffix) + ENRICHMENT), text)
        except OSError:
            _put(self._home.place_of(source.path), text)
        report.written += [article.article_id for article in source.articles]
        report.rows += len(lines) - 1
        report.left_out += left_out
        self._note(source, left_out)

    def _note(self, source: Enrichable, left_out: Sequence[dict[str, str]]) -> None:
        """Store the rows that were left out and why, for doctor."""
        place = self._home.folder / _LEFT_OUT
        told = left_out_of(self._home)
        told = [one for one in told if one["article_id"] not in {article.article_id for article in source.articles}]
        _put(place, json.dumps([*told, *left_out], ensure_ascii=False))


def left_out_of(home: EnrichmentHome) -> list[dict[str, str]]:
    """Rows that runs have left out: `article_id`, `sentence`, `reason`."""
    try:
        found: list[dict[str, str]] = json.loads((home.folder / _LEFT_OUT).read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return []
    return found


def _as_written(row: SidecarRow) -> dict[str, Any]:
    """As people write it: a single quote is a string, several are a list."""
    written = row.model_dump(mode="json", exclude_defaults=True)
    for key in ("quote", "context"):
        quotes = [one["quote"] if one.get("occurrence", 1) == 1 else one for one in written.get(key, ())]
        if quotes:
            written[key] = quotes[0] if len(quotes) == 1 else quotes
    return written


def _sentence(fault: LeftOut, portion: Portion) -> str:
    spans = [span for n, span in zip(portion.numbers, portion.spans, strict=True) if n == number_of(fault.row)]
    return portion.article.text[spans[0].start : spans[0].end] if spans else ""


def _key(portion: Portion, model: str) -> str:
    """Changes with the model, the prompt and what is sent."""
    article = portion.article
    sent = (str(message.text) for message in portion_prompt(portion))
    told = [model, template("enrich_rules", article.language), *sent, *map(str, portion.numbers)]
    return digest_of("\x00".join(told))[:32]


def _put(place: Path, text: str) -> None:
    """All of it or nothing. Raises OSError."""
    place.parent.mkdir(parents=True, exist_ok=True)
    partial = place.with_name(f".{place.name}.{os.getpid()}.partial")
    try:
        partial.write_text(text, "utf-8")
        partial.replace(place)
    finally:
        partial.unlink(missing_ok=True)
