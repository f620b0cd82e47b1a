"""`make bench`: speed and memory beside what a user would otherwise build, in one run.

    python scripts/bench.py [--quick] [--squad FILE]

The other pipeline is the tutorial's: RecursiveCharacterTextSplitter 1000/200, the same weights in
sentence-transformers float32, Chroma through langchain-chroma. Figures are for this machine and this moment: read the
ratios. Output: a Markdown table on standard output.
"""

from __future__ import annotations

import argparse
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path

from trusted_cloud_chat.isolation import isolate

isolate()

import numpy as np  # noqa: E402
from float32_reference import build_sentence_transformer  # noqa: E402

from trusted_cloud_chat.corpus import corpus_files, read_article  # noqa: E402
from trusted_cloud_chat.indexing import ingest  # noqa: E402
from trusted_cloud_chat.settings import Settings, load_settings  # noqa: E402
from trusted_cloud_chat.text import split_sentences  # noqa: E402
from trusted_cloud_chat.wiring import build_assistant, build_embedder  # noqa: E402

PASSAGE = 800
QUESTIONS = (
    "Quand Bleu sera-t-il qualifié SecNumCloud ?",
    "Qui détient S3NS ?",
    "Combien d'exigences compte SecNumCloud ?",
    "Où en est la migration du Health Data Hub ?",
    "Quels fournisseurs sont qualifiés SecNumCloud ?",
    "Pourquoi OVHcloud a-t-il été condamné après l'incendie de Strasbourg ?",
    "Que dit la loi SREN des frais de transfert ?",
    "Who owns NumSpot?",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=96, help="passages embedded by each engine")
    arguments = parser.parse_args()
    settings = load_settings()
    print(f"{platform.processor() or platform.machine()}, {settings.threads} threads, Python {platform.python_version()}, "
          f"{', '.join(f'{p} {version(p)}' for p in ('onnxruntime', 'torch', 'chromadb', 'tantivy'))}, {date.today()}\n")  # fmt: skip
    embedding(settings, arguments.passages)
    whole_path(settings)


def embedding(settings: Settings, count: int) -> None:
    """Passages of 800 characters a second, both engines in turn, best of three."""
    import torch

    torch.set_num_threads(settings.threads)
    ours, reference = build_embedder(settings), build_sentence_transformer()
    passages = _passages(settings, count)
    texts = [f"passage: {text}" for text in passages]
    question = ["query: " + QUESTIONS[0]]
    runs: dict[str, Callable[[], object]] = {
        "float32": lambda: reference.encode(texts, batch_size=16, show_progress_bar=False),
        "ours": lambda: ours.encode_passages(passages),
    }
    seconds = {name: [] for name in runs}  # type: dict[str, list[float]]
    for _ in range(3):
        for name, run in runs.items():
            seconds[name].append(_timed(run))
    speed = {name: count / min(times) for name, times in seconds.items()}
    cosines = (np.asarray(reference.encode(texts, normalize_embeddings=True)) * ours.encode_passages(passages)).sum(1)
    one = {
        "float32": statistics.median(_timed(lambda: reference.encode(question)) for _ in range(20)),
        "ours": statistics.median(_timed(lambda: ours.encode_queries([QUESTIONS[0]])) for _ in range(20)),
    }
    print("| embedding | torch float32 | ours, int8 | ratio |\n|---|---|---|---|")
    print(
        f"| passages a second | {speed['float32']:.1f} | {speed['ours']:.1f} | {speed['ours'] / speed['float32']:.2f} |"
    )
    print(
        f"| one question, ms | {one['float32'] * 1e3:.1f} | {one['ours'] * 1e3:.1f} | {one['float32'] / one['ours']:.2f} |"
    )
    print(f"| cosine to float32, mean and least | 1 | {cosines.mean():.4f}, {cosines.min():.4f} | |\n")


def whole_path(settings: Settings) -> None:
    """Ingest the corpus and ask: ours and the tutorial's, each in an empty home."""
    articles = [
        read_article(f.path, f.root, allow_undated=True, today=date.today()) for f in corpus_files(settings.corpus)
    ]
    characters = sum(len(article.text) for article in articles)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "models").symlink_to(settings.home / "models")
        embedder = build_embedder(settings)
        started = time.perf_counter()
        report = ingest(home=home, corpus=settings.corpus, embedder=embedder, chunk_tokens=settings.chunk_tokens,
                        today=date.today())  # fmt: skip
        ours = time.perf_counter() - started
        again = _timed(lambda: ingest(home=home, corpus=settings.corpus, embedder=embedder,
                                      chunk_tokens=settings.chunk_tokens, today=date.today()))  # fmt: skip
        assistant = build_assistant(settings.model_copy(update={"home": home}), embedder)
        ours_ms = _latencies(lambda q: assistant.search(q, 8))
        answer_ms = _latencies(assistant.ask)
        assistant.close()
        tutorial, tutorial_chunks, tutorial_ms = _tutorial([article.text for article in articles], home / "tutorial")
    print(
        f"| corpus of {len(articles)} articles, {characters:,} characters | tutorial | ours | ratio |\n|---|---|---|---|"
    )
    print(f"| chunks | {tutorial_chunks} | {report.chunks} | |")
    print(f"| ingest, s | {tutorial:.1f} | {ours:.1f} | {tutorial / ours:.2f} |")
    print(f"| ingest again, unchanged, s | – | {again:.2f} | |")
    print(
        f"| question to passages, p50 / p95 ms | {_p(tutorial_ms)} | {_p(ours_ms)} | {statistics.median(tutorial_ms) / statistics.median(ours_ms):.2f} |"
    )
    print(f"| question to whole answer, p50 / p95 ms | – | {_p(answer_ms)} | |")


def _tutorial(texts: Sequence[str], folder: Path) -> tuple[float, int, list[float]]:
    from langchain_chroma import Chroma
    from langchain_core.documents import Document
    from langchain_core.embeddings import Embeddings
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    model = build_sentence_transformer()

    class Tutorial(Embeddings):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return model.encode([f"passage: {t}" for t in texts], show_progress_bar=False).tolist()  # type: ignore[no-any-return]

        def embed_query(self, text: str) -> list[float]:
            return model.encode([f"query: {text}"])[0].tolist()  # type: ignore[no-any-return]

    started = time.perf_counter()
    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
    documents = splitter.split_documents([Document(page_content=text) for text in texts])
    store = Chroma.from_documents(documents, Tutorial(), persist_directory=str(folder))
    seconds = time.perf_counter() - started
    return seconds, len(documents), _latencies(lambda q: store.similarity_search(q, k=8))


def _passages(settings: Settings, count: int) -> list[str]:
    """Runs of sentences of the corpus, about 800 characters each."""
    passages: list[str] = []
    for file in corpus_files(settings.corpus):
        text = read_article(file.path, file.root, allow_undated=True, today=date.today()).text
        spans = split_sentences(text)
        for span in spans[:: max(1, len(spans) // 2)]:
            passages.append(text[span.start : span.start + PASSAGE])
    long = [passage for passage in passages if len(passage) > PASSAGE // 2]
    return (long * (count // len(long) + 1))[:count]


def _latencies(ask: Callable[[str], object], rounds: int = 6) -> list[float]:
    """Milliseconds of each question, after one unmeasured round."""
    for question in QUESTIONS:
        ask(question)
    return [_timed(lambda q=question: ask(q)) * 1000 for _ in range(rounds) for question in QUESTIONS]  # type: ignore[misc]


def _timed(run: Callable[[], object]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def _p(values: Sequence[float]) -> str:
    return f"{np.percentile(values, 50):.1f} / {np.percentile(values, 95):.1f}"


if __name__ == "__main__":
    sys.exit(main())
