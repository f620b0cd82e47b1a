"""Which file is which article, over any sequence of edits, copies, renames and deletions."""

from __future__ import annotations

import shutil
import tempfile
from datetime import date
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from builders import TODAY, write
from trusted_cloud_chat.corpus import corpus_files
from trusted_cloud_chat.index.records import Live
from trusted_cloud_chat.ingestion.candidates import IngestRun, Reading
from trusted_cloud_chat.ingestion.report import IngestReport
from trusted_cloud_chat.ingestion.to_do import to_do
from trusted_cloud_chat.schema import Article

NAMES = st.sampled_from([f"{name}.txt" for name in ("a", "b", "c", "d", "sous/e")])
TEXTS = st.sampled_from(["le premier texte", "le  premier\n\ntexte ", "le second texte", "un troisième"])
DAYS = st.sampled_from(["2024-01", "2024-01", "2025"])
STEPS = st.one_of(
    st.tuples(st.just("write"), NAMES, TEXTS, DAYS),
    st.tuples(st.just("copy"), NAMES, NAMES),
    st.tuples(st.just("rename"), NAMES, NAMES),
    st.tuples(st.just("exchange"), NAMES, NAMES),
    st.tuples(st.just("delete"), NAMES),
    st.tuples(st.just("break"), NAMES),
)
RUNS = st.lists(st.lists(STEPS, min_size=1, max_size=4), min_size=1, max_size=6)


def take(step: tuple[str, ...], corpus: Path) -> None:
    what, name, *more = step
    path = corpus / name
    path.parent.mkdir(exist_ok=True)
    if what == "write":
        write(path, f"date {more[1]} {more[0]}")
    elif what == "break":
        write(path, "date 2031 trop tôt")
    elif path.exists():
        if what == "delete":
            path.unlink()
        elif what == "exchange":
            if (other := corpus / more[0]).exists():
                content = path.read_bytes()
                write(path, other.read_bytes())
                write(other, content)
        elif more[0] != name:
            other = corpus / more[0]
            other.parent.mkdir(exist_ok=True)
            shutil.copy(path, other) if what == "copy" else path.replace(other)


def run(corpus: Path, live: dict[str, Article], today: date = TODAY) -> tuple[dict[str, Article], IngestReport]:
    """What is live after a run over the whole of `corpus`, and its report."""
    report = IngestReport()
    held = Live.of(live)
    candidates = Reading({}, held, IngestRun(corpus, corpus, today), report).read(corpus_files(corpus), lambda *_: None)
    todo = to_do(candidates, held, report, corpus, whole_corpus=True)
    after = {article_id: version for article_id, version in live.items() if article_id not in todo.deleted}
    after |= {version.article_id: version for version in [*todo.staged, *todo.relabelled]}
    return after, report


def plain(text: str) -> str:
    return " ".join(text.split())


def text_of(path: Path) -> str:
    return plain(path.read_text().split(" ", 2)[2])


@given(RUNS)
def test_each_text_is_one_article_and_stays_one(runs: list[list[tuple[str, ...]]]) -> None:
    """After each run every text that a file has is one article, and no article has another; a run again changes nothing. A text
    that stays where it was, alone, keeps its id.
    """
    with tempfile.TemporaryDirectory() as folder:
        corpus, live = Path(folder), {}
        write(corpus / "toujours.txt", "date 2024 celui qui reste")
        for steps in runs:
            for step in steps:
                take(step, corpus)

            before = live
            live, report = run(corpus, live)

            broken = {failure["path"] for failure in report.failed}
            read = [path for path in corpus.rglob("*.txt") if path.relative_to(corpus).as_posix() not in broken]
            texts = set(map(text_of, read))
            held = [plain(article.text) for article in live.values()]
            assert len(held) == len(set(held))
            assert texts <= set(held)
            assert all(plain(article.text) in texts or article.path in broken for article in live.values())
            for article_id, article in before.items():
                text = plain(article.text)
                if [path for path in read if text_of(path) == text] == [corpus / article.path]:
                    assert plain(live[article_id].text) == text
            again, second = run(corpus, live)
            assert again == live
            assert (second.added, second.changed, second.deleted, second.renamed) == ([], [], [], [])
            assert (second.duplicates, second.failed) == (report.duplicates, report.failed)
