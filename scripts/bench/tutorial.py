"""The pipeline of LangChain's own tutorial on retrieval.

RecursiveCharacterTextSplitter 1000/200, the same weights as a float32 sentence-transformers model in a folder,
Chroma through langchain-chroma, similarity search.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from float32_reference import build_bert
from langchain_chroma import Chroma
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter
from sentence_transformers import SentenceTransformer
from transformers.utils import logging

from bench.cases import articles, hits, latencies, timed

PASSAGES = 8
logging.set_verbosity_error()  # hides a warning about an unused pooling layer
logging.disable_progress_bar()


class SentenceTransformerEmbeddings(Embeddings):
    """Like `HuggingFaceEmbeddings`, with the prefixes that the model expects."""

    def __init__(self, model: str) -> None:
        self._model = SentenceTransformer(model, device="cpu")

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        rows: list[list[float]] = self._model.encode([f"passage: {t}" for t in texts], show_progress_bar=False).tolist()
        return rows

    def embed_query(self, text: str) -> list[float]:
        row: list[float] = self._model.encode([f"query: {text}"], show_progress_bar=False)[0].tolist()
        return row


def prepare(job: dict[str, Any]) -> dict[str, Any]:
    """Job: writes the bundled weights as a float32 model to the folder `model`, in the format of model hubs."""
    from transformers import PreTrainedTokenizerFast

    from trusted_cloud_chat.models.quick_tokenizer import build_tokenizer
    from trusted_cloud_chat.models.weights import read_bundled

    weights = read_bundled()
    build_bert(weights).save_pretrained(job["model"])
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=build_tokenizer(weights.vocabulary), model_max_length=512,
        bos_token="<s>", eos_token="</s>", unk_token="<unk>", pad_token="<pad>",
        cls_token="<s>", sep_token="</s>", model_input_names=["input_ids", "attention_mask"],
    )  # fmt: skip
    tokenizer.save_pretrained(job["model"])
    return {}


def side(job: dict[str, Any]) -> dict[str, Any]:
    """Job: `folder` (new), `model`, `corpus`, `questions` → ingest seconds, hits, latencies."""
    embeddings = SentenceTransformerEmbeddings(job["model"])
    embeddings.embed_documents(["Un premier texte, pour que tout soit chargé."] * 4)
    read = articles(Path(job["corpus"]))
    cpu = time.process_time()
    seconds, (store, chunks) = timed(lambda: _index(read, embeddings, job["folder"]))
    cpu = time.process_time() - cpu
    texts = [question["text"] for question in job["questions"]]
    search = latencies(lambda text: store.similarity_search(text, k=PASSAGES), texts)
    found = [[d.metadata["article_id"] for d in store.similarity_search(t, k=PASSAGES)] for t in texts]
    return {"chunks": chunks, "ingest_s": seconds, "ingest_cpu_s": cpu, **hits(found, job["questions"]),
            "search_ms": search}  # fmt: skip


def _index(read: Sequence[Any], embeddings: Embeddings, folder: str) -> tuple[Chroma, int]:
    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
    documents = splitter.split_documents([Document(a.text, metadata={"article_id": a.article_id}) for a in read])
    return Chroma.from_documents(documents, embeddings, persist_directory=folder), len(documents)


def cold(job: dict[str, Any]) -> dict[str, Any]:
    """Job: a new process up to its first passages."""
    store = Chroma(persist_directory=job["folder"], embedding_function=SentenceTransformerEmbeddings(job["model"]))
    return {"passages": len(store.similarity_search(job["question"], k=PASSAGES))}


class _Composed(SentenceTransformerEmbeddings):
    """Embeds questions with the model, and documents as the mean of their sentences' vectors."""

    def __init__(self, model: str, lines: Path) -> None:
        from bench.compose import Lines

        super().__init__(model)
        self._lines = Lines.load(lines)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        rows: list[list[float]] = self._lines.vectors_of(texts).tolist()
        return rows


def grow(job: dict[str, Any]) -> dict[str, Any]:
    """Job: indexes `size` composed documents, then one article more → seconds, latencies, disk space."""
    from bench.compose import Lines, compose_documents
    from bench.growth import megabytes

    lines = Lines.load(Path(job["lines"]))
    embeddings = _Composed(job["model"], Path(job["lines"]))
    documents = [Document(text) for text in compose_documents(lines, job["size"])]
    store = Chroma(persist_directory=job["folder"], embedding_function=embeddings)
    seconds, _ = timed(lambda: [store.add_documents(documents[i : i + 2000]) for i in range(0, len(documents), 2000)])
    # An article as long as ours, embedded by the model.
    store_real = Chroma(persist_directory=job["folder"], embedding_function=SentenceTransformerEmbeddings(job["model"]))
    added, _ = timed(lambda: store_real.add_documents(documents[:7]))
    search = latencies(lambda text: store.similarity_search(text, k=PASSAGES), job["questions"])
    return {"chunks": len(documents), "fill_s": seconds, "add_s": added, "search_ms": search,
            "disk_mb": megabytes(Path(job["folder"]))}  # fmt: skip
