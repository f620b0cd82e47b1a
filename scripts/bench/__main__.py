"""python -m bench [--quick] [--only side|growth|crowd|writing|unchanged|edited|opening|pages|files|stored] [--sizes N …] [--squad FILE] [--out FOLDER]"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench import cases, crowd, report, writing
from bench.serving import serve
from bench.worker import environ, run_job
from trusted_cloud_chat.errors import IndexEmptyError
from trusted_cloud_chat.ingestion import held
from trusted_cloud_chat.models.bundled import ensure_unpacked, load_reader
from trusted_cloud_chat.settings import Settings, load_settings

SIZES = (1_000, 10_000, 100_000)
QUICK_SIZES = (100, 200)
TUTORIAL_STOPS_AT = 10_000
PARTS, MEASURES = ("side", "growth", "writing", "crowd"), ("unchanged", "edited", "opening", "pages", "files", "stored")
QUESTIONS = Path(__file__).parents[2] / "evaluation" / "questions.jsonl"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure speed, memory and growth.")
    parser.add_argument("--quick", action="store_true", help="a small run to test that everything works")
    parser.add_argument("--squad", type=Path, help="SQuAD JSON, whose passages and questions are measured too")
    parser.add_argument(
        "--out", type=Path, default=Path("build/bench"), help="folder for bench.json, bench.md, bench.svg"
    )
    parser.add_argument(
        "--sizes", type=int, nargs="+", help=f"numbers of chunks for the growth measure, by default {SIZES}"
    )
    parser.add_argument(
        "--only", choices=(*PARTS, *MEASURES), help="one part of the run, or one measure of its part `writing`"
    )
    given = parser.parse_args()
    settings = load_settings()
    if given.only == "crowd":
        _crowd(settings, given)
        return
    result: dict[str, Any] = {"machine": report.machine(settings.threads), "side": {}, "growth": [], "writing": []}
    started = time.perf_counter()
    load_reader(settings.home, threads=1)  # unpacks the reader before the timing starts

    def save() -> str:
        """Called after every measure, so that a stopped run keeps its results."""
        result["seconds"] = round(time.perf_counter() - started)
        return report.write(result, given.out)

    if given.only in (None, "writing", *MEASURES):
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            measure = given.only if given.only in MEASURES else None
            result["writing"] = writing.measure(Path(folder), measure, quick=given.quick)
    if given.only in ("writing", *MEASURES):
        print(save())
        return
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        bench = Bench(Path(folder), ensure_unpacked(settings.home).parent, settings.corpus, quick=given.quick)
        if given.only != "growth":
            result["side"]["gold"] = bench.side("gold", settings.corpus, bench.questions)
            save()
        if given.squad:
            asked = cases.squad(given.squad, Path(folder) / "squad", 300)
            result["side"][given.squad.parent.name] = bench.side("squad", Path(folder) / "squad", asked)
            save()
        for size in given.sizes or (QUICK_SIZES if given.quick else SIZES):
            if given.only != "side":
                result["growth"].append(bench.grow(size))
                save()
    print(save())


def _crowd(settings: Settings, given: argparse.Namespace) -> None:
    """Measures over the index of `TCC_HOME`, without changing it. Exit status 3 if the index is empty."""
    try:
        there = bool(held(settings.home)[1])
    except IndexEmptyError:
        there = False
    if not there:
        print(
            f"crowd: no index in {settings.home}: run `trusted-cloud-chat ingest` first, with this TCC_HOME",
            file=sys.stderr,
        )
        sys.exit(IndexEmptyError.exit_status)
    asked = [question["text"] for question in cases.gold(QUESTIONS, 100)]
    result = crowd.measure(settings.home, settings.corpus, asked, quick=given.quick)
    given.out.mkdir(parents=True, exist_ok=True)
    (given.out / "crowd.json").write_text(json.dumps(result, indent=1, ensure_ascii=False), "utf-8")
    print("\n".join(crowd.lines(result)))


class Bench:
    """Runs the jobs one after another; later jobs use files of earlier ones."""

    def __init__(self, folder: Path, models: Path, corpus: Path, *, quick: bool) -> None:
        self._folder, self._models, self._corpus, self._quick = folder, models, corpus, quick
        self.questions = cases.gold(QUESTIONS, 6 if quick else 100)
        self._model = folder / "float32"
        self._lines = folder / "lines.npz"
        run_job("tutorial.prepare", {"model": str(self._model)})
        run_job("compose.prepare", {"home": str(models.parent), "corpus": str(corpus), "lines": str(self._lines),
                                    "sentences": 80 if quick else 100_000})  # fmt: skip

    def side(self, name: str, corpus: Path, questions: list[dict[str, Any]]) -> dict[str, Any]:
        """Both pipelines on the same articles and questions."""
        home, folder = self._folder / f"{name}-home", self._folder / f"{name}-tutorial"
        if self._quick:
            corpus = _some(corpus, {i for q in questions for i in q["relevant"]}, self._folder / f"{name}-some")
        common = {"corpus": str(corpus), "questions": questions}
        ours = run_job("product.side", {**common, "home": str(home), "models": str(self._models)})
        tutorial = run_job("tutorial.side", {**common, "folder": str(folder), "model": str(self._model)})
        question = questions[0]["text"]
        times = 1 if self._quick else 3
        ask = [sys.executable, "-m", "trusted_cloud_chat", "ask", question, "--json"]
        ours["cold_s"] = _first_line(times, ask, environ(TCC_HOME=str(home), TCC_CORPUS=str(corpus)))
        job = {"folder": str(folder), "model": str(self._model), "question": question}
        worker = [sys.executable, "-m", "bench.worker", "tutorial.cold"]
        tutorial["cold_s"] = _first_line(times, worker, environ(), json.dumps(job))
        return {"questions": len(questions), "ours": ours, "tutorial": tutorial}

    def grow(self, size: int) -> dict[str, Any]:
        """Measures one size: our index filled, asked and served, then the tutorial's, up to `TUTORIAL_STOPS_AT`."""
        home, corpus = self._folder / f"home-{size}", self._folder / f"corpus-{size}"
        texts = [question["text"] for question in self.questions]
        job = {"size": size, "home": str(home), "corpus": str(corpus), "lines": str(self._lines)}
        ours = run_job("growth.fill", {**job, "models": str(self._models)})
        ours["fill_peak_mb"] = ours.pop("peak_mb")
        ours |= run_job("growth.ask", {**job, "questions": self.questions})
        ours |= serve(home, corpus, texts[: 3 if self._quick else 20])
        row = {"size": size, "ours": ours, "tutorial": None}
        if size <= TUTORIAL_STOPS_AT:
            folder = self._folder / f"tutorial-{size}"
            row["tutorial"] = run_job("tutorial.grow", {"size": size, "folder": str(folder), "lines": str(self._lines),
                                                        "model": str(self._model), "questions": texts})  # fmt: skip
        return row


def _some(corpus: Path, wanted: set[str], folder: Path) -> Path:
    """Writes the articles `wanted` and a dozen more to `folder`."""
    read = cases.articles(corpus)
    for article in [*read[:12], *(a for a in read[12:] if a.article_id in wanted)]:
        day = str(article.date) if article.date else None
        cases.write_article(folder, article.article_id, article.title, article.text, day)
    return folder


def _first_line(times: int, command: list[str], env: dict[str, str], given: str = "") -> float:
    """Median seconds, over `times` runs, from the start of a new process to its first line of output."""
    seconds = []
    for _ in range(times):
        started = time.perf_counter()
        with subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(given)
            process.stdin.close()
            if not process.stdout.readline():
                raise RuntimeError(f"{command} gave no output")
            seconds.append(time.perf_counter() - started)
            process.stdout.read()
    return statistics.median(seconds)


if __name__ == "__main__":
    main()
