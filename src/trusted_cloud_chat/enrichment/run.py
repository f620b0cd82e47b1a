"""`trusted-cloud-chat enrich`: writes sidecars with a chat model, in portions that are stored, so that a stopped run can continue."""

import json
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from trusted_cloud_chat.corpus.front_matter import ENRICHMENT
from trusted_cloud_chat.enrichment.answers import checked, number_of
from trusted_cloud_chat.enrichment.asking import Asker, tokens_of
from trusted_cloud_chat.enrichment.checks import RowChecker
from trusted_cloud_chat.enrichment.home import EnrichmentHome, digest_of
from trusted_cloud_chat.enrichment.portions import Enrichable, Portion, mending_message, portion_prompt, template
from trusted_cloud_chat.enrichment.sidecar import FORMAT, SidecarRow, header_of
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.index.home_files import write_through
from trusted_cloud_chat.models.listening import ModelFailedError
from trusted_cloud_chat.progress import Progress, tell_nobody

_ENDS = frozenset({"key", "unknown", "unreachable", "refused", "busy"})
"""Failures that end the run, since they concern all articles."""
_FOR_GOOD = frozenset({"unreadable", "failed"})
"""Failures that a retry would repeat, such as too small a context."""
_A_ROW = 380
"""Approximate tokens of a row."""
_LEFT_OUT = "left_out.json"


@dataclass(slots=True)
class EnrichReport:
    model: str
    written: list[str] = field(default_factory=list)
    unchanged: int = 0
    rows: int = 0
    left_out: list[dict[str, str]] = field(default_factory=list)
    """Rows that were invalid twice."""
    failed: list[dict[str, str]] = field(default_factory=list)
    """Articles for which no sidecar was written, and why."""
    tokens: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    ended: str = ""
    """Why the run ended early; a key of `reasons` in `data/writing.toml`."""


def wanting(sources: Iterable[Enrichable], home: EnrichmentHome) -> tuple[list[Enrichable], int]:
    """Sources without a sidecar, or whose text has changed since a model wrote their sidecar, and the number of the other sources."""
    sources, wanted = list(sources), list[Enrichable]()
    for source in sources:
        place = home.found(source.path)
        header = header_of(place) if place else None
        digest = digest_of(source.articles[0].text) if len(source.articles) == 1 else ""
        stale = header is not None and header.written_by != "hand" and header.text_sha256 != digest
        wanted += [source] if place is None or stale else []
    return wanted, len(sources) - len(wanted)


def foreseen(sources: Sequence[Enrichable], model: str, home: EnrichmentHome) -> dict[str, int]:
    """The cost of a run: portions, and approximate tokens sent and received."""
    todo = [p for s in sources for p in s.portions() if not home.draft(_key(p, model)).exists()]
    return {
        "articles": sum(len(s.articles) for s in sources),
        "portions": len(todo),
        "read": sum(tokens_of(portion_prompt(portion)) for portion in todo),
        "written": sum(_A_ROW * len(portion.sentences) for portion in todo),
    }


class EnrichRun:
    def __init__(
        self, asker: Asker, model: str, home: EnrichmentHome, entities: EntityBook, *, requests: int, today: date
    ) -> None:
        """`requests` is the number of concurrent requests."""
        self._asker, self._model, self._home, self._entities = asker, model, home, entities
        self._requests, self._today = requests, today

    def run(self, sources: Sequence[Enrichable], tell: Progress = tell_nobody) -> EnrichReport:
        """Write each sidecar when its last portion is done."""
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
                    left[source.path] = -1  # no sidecar: its drafts are for the next run
                    self._asker.left.set() if failure in _ENDS else None
                elif left[source.path] == 0:
                    self._write(source, parts[source.path], report)
                remaining = round(sum(self._asker.tokens.values()) * (total - done) / done, -3)
                tell(f"enrich ({report.rows} rows, about {remaining:,.0f} tokens left)", done, total)
        finally:
            self._asker.left.set()
            pool.shutdown(cancel_futures=True)
            report.tokens, report.seconds = dict(self._asker.tokens), time.monotonic() - began
        return report

    def _failure(self, future: Future[dict[str, Any]], portion: Portion, report: EnrichReport) -> str:
        """Adds the failure of a portion to the report; returns its reason, empty if the portion did not fail."""
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
            stored: dict[str, Any] = json.loads(place.read_text("utf-8"))
            return stored
        checker = RowChecker(portion.article, self._entities)
        rows, faults = checked(self._asked(portion), portion, checker)
        faults = [fault for fault in faults if fault.number not in rows]
        if faults:
            # Only the sentences around the faults: the context may be small.
            beside = portion.only({fault.number + step for fault in faults if fault.number for step in (-1, 0, 1)})
            prompt = portion_prompt(beside if beside.sentences else portion)
            listed = [(json.dumps(fault.row, ensure_ascii=False), fault.reason) for fault in faults]
            try:
                again, _ = self._asker.rows([*prompt, mending_message(listed, portion.article.language)])
            except ModelFailedError as error:
                if error.reason not in _FOR_GOOD:
                    raise
                again = []
            mended, _ = checked(again, portion, checker)
            rows = {**mended, **rows}
            faults = [fault for fault in faults if fault.number not in rows]
        text, spans = portion.article.text, portion.sentences
        sentences = [text[s.start : s.end] if (s := spans.get(fault.number or 0)) else "" for fault in faults]
        draft = {
            "rows": [rows[n].model_dump(mode="json", exclude_defaults=True) for n in sorted(rows)],
            "left_out": [{"sentence": s, "reason": f.reason} for s, f in zip(sentences, faults, strict=True)],
        }
        _put(place, json.dumps(draft, ensure_ascii=False))
        return draft

    def _asked(self, portion: Portion) -> list[dict[str, Any]]:
        """The model's rows; if the server cuts the answer, the sentences after its last row are requested again."""
        answers: list[dict[str, Any]] = []
        while portion.sentences:
            rows, cut = self._asker.rows(portion_prompt(portion))
            answers += rows
            done = [n for row in rows if (n := number_of(row)) in portion.sentences]
            if not cut or not done:
                break
            portion = portion.only([n for n in portion.sentences if n > max(done)])
        return answers

    def _write(self, source: Enrichable, parts: Sequence[Portion], report: EnrichReport) -> None:
        single = source.articles[0] if len(source.articles) == 1 else None
        header = {
            "format": FORMAT, "article_id": single and single.article_id, "text_sha256": single and digest_of(single.text),
            "language": source.articles[0].language, "written_by": self._model, "date": self._today.isoformat(),
        }  # fmt: skip
        lines, left_out = [{key: value for key, value in header.items() if value}], []
        for portion in parts:
            draft, named = self._portion(portion), {"article_id": portion.article.article_id}
            lines += [({} if single else named) | _as_written(row) for row in draft["rows"]]
            left_out += [named | row for row in draft["left_out"]]
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        try:
            _put(source.path.with_name(source.path.name.removesuffix(source.path.suffix) + ENRICHMENT), text)
        except OSError:
            _put(self._home.place_of(source.path), text)
        ids = [article.article_id for article in source.articles]
        report.written += ids
        report.rows += len(lines) - 1
        report.left_out += left_out
        others = [row for row in left_out_of(self._home) if row["article_id"] not in ids]
        _put(self._home.folder / _LEFT_OUT, json.dumps([*others, *left_out], ensure_ascii=False))


def left_out_of(home: EnrichmentHome) -> list[dict[str, str]]:
    """Rows that runs have left out: `article_id`, `sentence`, `reason`."""
    try:
        rows: list[dict[str, str]] = json.loads((home.folder / _LEFT_OUT).read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return []
    return rows


def _as_written(row: dict[str, Any]) -> dict[str, Any]:
    """The row as a person writes it: a single quote is a string, several are a list."""
    written = SidecarRow.model_validate(row).model_dump(mode="json", exclude_defaults=True)
    for key in ("quote", "context"):
        quotes = [q["quote"] if q.get("occurrence", 1) == 1 else q for q in written.get(key, ())]
        if quotes:
            written[key] = quotes[0] if len(quotes) == 1 else quotes
    return written


def _key(portion: Portion, model: str) -> str:
    prompt = (str(message.text) for message in portion_prompt(portion))
    rules = template("enrich_rules", portion.article.language)
    return digest_of("\x00".join([model, rules, *prompt, *map(str, portion.sentences)]))[:32]


def _put(place: Path, text: str) -> None:
    """Write the file atomically. Raises OSError."""
    place.parent.mkdir(parents=True, exist_ok=True)
    write_through(place, text)
