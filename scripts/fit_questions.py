"""Fit the question map in `data/question_map.npz` on the stored questions of the corpus, for the embedder of `TCC_EMBEDDER`.

    python scripts/fit_questions.py [--dimensions 192]
    python scripts/fit_questions.py --vectors     after our sidecars were edited: embeds only new questions, in seconds

Then write the projections of all stored questions to `data/question_vectors.npz`, so that the first ingest need not embed them.

Stored questions that share an answering sentence are positive pairs, all others negative (InfoNCE, temperature 0.05, batches of 256;
pairs of one batch that share a sentence are not negatives for each other). The map starts from the principal components of the
centred question embeddings. It is cross-validated over articles in five folds: the share of held-out questions whose nearest other
question shares an answering sentence.
"""

from __future__ import annotations

import argparse
import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import combinations
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from trusted_cloud_chat.corpus import corpus_files
from trusted_cloud_chat.corpus.articles import read_articles
from trusted_cloud_chat.enrichment import Enricher
from trusted_cloud_chat.entities import load_entities
from trusted_cloud_chat.ingestion.staging import asked_of
from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.models.question_map import key_of, load_question_map
from trusted_cloud_chat.schema import Article
from trusted_cloud_chat.settings import load_settings
from trusted_cloud_chat.wiring import build_embedder

DATA = Path(__file__).parents[1] / "src" / "trusted_cloud_chat" / "data"
PLACE, VECTORS = DATA / "question_map.npz", DATA / "question_vectors.npz"
TEMPERATURE, BATCH, PASSES, RATE = 0.05, 256, 4, 2e-4
MOST_PAIRS, MOST_OF_A_SENTENCE = 60_000, 40
FOLDS = 5
DIMENSIONS = 192
SCALE = 220
"""Scale factor to int8: no component exceeds 0.57."""
Sentences = frozenset[tuple[str, int]]
"""Article id and start offset of each sentence that answers a question."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dimensions", type=int, default=DIMENSIONS)
    parser.add_argument("--vectors", action="store_true", help="keep the map; only write the vectors")
    arguments, embedder = parser.parse_args(), build_embedder(load_settings())
    if not arguments.vectors:
        fit_map(embedder, arguments.dimensions)
    write_vectors(embedder)


def fit_map(embedder: Embedder, dimensions: int = DIMENSIONS) -> None:
    """Fits and writes the map for the query embeddings of `embedder`."""
    texts, answers = stored_questions()
    vectors = np.stack([embedder.encode_queries([text])[0] for text in texts])
    print(f"{len(texts)} questions")
    groups = np.array([hash_of(min(one)[0]) % FOLDS for one in answers])
    right = {"as they are": [], "mean subtracted": [], "mapped": []}
    for fold in range(FOLDS):
        own = np.flatnonzero(groups == fold)
        others = np.flatnonzero(groups != fold)
        mean, matrix = learn(vectors[others], [answers[n] for n in others], dimensions)
        for name, seen in (
            ("as they are", vectors),
            ("mean subtracted", vectors - mean),
            ("mapped", (vectors - mean) @ matrix),
        ):
            right[name].append(share_near(seen, answers, own))
    for name, shares in right.items():
        print(f"nearest other question shares a sentence, {name}: {np.mean(shares):.3f}")
    mean, matrix = learn(vectors, answers, dimensions)
    mean, matrix = mean.astype(np.float16), matrix.astype(np.float16)
    digest = hashlib.sha256(mean.tobytes() + matrix.tobytes()).hexdigest()[:16]
    np.savez_compressed(PLACE, embedder=embedder.identity, mean=mean, matrix=matrix, digest=digest)
    print(f"{PLACE.name}: {PLACE.stat().st_size:,} bytes, {digest}")


def write_vectors(embedder: Embedder) -> None:
    """Writes the projections of all stored questions of the corpus; embeds only those that are not in the file yet."""
    question_map = load_question_map(embedder.identity)
    assert question_map is not None
    texts = sorted({text for article in enriched_articles() for _, text in asked_of(article)})
    vectors = np.rint(SCALE * question_map.stored(texts, embedder.encode_queries)).clip(-127, 127).astype(np.int8)
    keys = np.array([key_of(text) for text in texts], np.uint64)
    np.savez_compressed(VECTORS, made_by=question_map.identity, keys=keys, vectors=vectors)
    print(f"{VECTORS.name}: {len(texts)} vectors, {VECTORS.stat().st_size:,} bytes")


def stored_questions() -> tuple[list[str], list[Sentences]]:
    """The distinct answered stored questions of the corpus, each with all its answering sentences."""
    found: dict[str, set[tuple[str, int]]] = defaultdict(set)
    for article in enriched_articles():
        for (kind, text), spans in asked_of(article).items():
            if kind == "answered":
                found[text] |= {(article.article_id, span.start) for span in spans}
    return list(found), [frozenset(one) for one in found.values()]


def enriched_articles() -> Iterator[Article]:
    """The articles of the corpus, with their sidecars."""
    settings, book = load_settings(), load_entities()
    for file in corpus_files(settings.corpus):
        articles = read_articles(file.path, file.root, allow_undated=True, today=date.today())
        yield from Enricher(book)(articles, file.path, file.root, [])


def hash_of(text: str) -> int:
    return int(hashlib.sha256(text.encode()).hexdigest()[:8], 16)


def share_near(vectors: np.ndarray, answers: Sequence[Sentences], own: np.ndarray) -> float:
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    asked = [n for n in own if any(answers[n] & answers[m] for m in own if m != n)][::5]
    likeness = unit[asked] @ unit.T
    likeness[np.arange(len(asked)), asked] = -1
    return float(
        np.mean([bool(answers[n] & answers[near]) for n, near in zip(asked, likeness.argmax(axis=1), strict=True)])
    )


def pairs_of(answers: Sequence[Sentences], rng: np.random.Generator) -> np.ndarray:
    """`(n, 2)`: indices of questions that share an answering sentence."""
    under = defaultdict(list)
    for number, sentences in enumerate(answers):
        for sentence in sentences:
            under[sentence].append(number)
    pairs = set()
    for numbers in under.values():
        some = numbers if len(numbers) <= MOST_OF_A_SENTENCE else rng.choice(numbers, MOST_OF_A_SENTENCE, replace=False)
        pairs.update(combinations(sorted(map(int, some)), 2))
    chosen = np.array(sorted(pairs))
    return chosen[rng.choice(len(chosen), MOST_PAIRS, replace=False)] if len(chosen) > MOST_PAIRS else chosen


def learn(vectors: np.ndarray, answers: Sequence[Sentences], dimensions: int) -> tuple[np.ndarray, np.ndarray]:
    torch.manual_seed(0)
    rng = np.random.default_rng(0)
    mean = vectors.mean(axis=0)
    seen = torch.tensor(vectors - mean)
    *_, components = torch.linalg.svd(seen, full_matrices=False)
    matrix = torch.nn.Parameter(components[:dimensions].T.clone())
    optimizer = torch.optim.AdamW([matrix], lr=RATE, weight_decay=0)
    pairs = pairs_of(answers, rng)
    for _ in range(PASSES):
        rng.shuffle(pairs)
        for start in range(0, len(pairs) - BATCH + 1, BATCH):
            batch = pairs[start : start + BATCH]
            first, second = (functional.normalize(seen[batch[:, side]] @ matrix, dim=1) for side in (0, 1))
            likeness = (first @ second.T / TEMPERATURE).masked_fill(_sharing(batch, answers), -1e9)
            target = torch.arange(BATCH)
            loss = functional.cross_entropy(likeness, target) + functional.cross_entropy(likeness.T, target)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return mean, matrix.detach().numpy()


def _sharing(batch: np.ndarray, answers: Sequence[Sentences]) -> torch.Tensor:
    """Mask of the pairs of a batch that are not negatives, because they share an answering sentence."""
    mask = torch.zeros(len(batch), len(batch), dtype=torch.bool)
    under = defaultdict(list)
    for column, number in enumerate(batch[:, 1]):
        for sentence in answers[number]:
            under[sentence].append(column)
    for row, number in enumerate(batch[:, 0]):
        for sentence in answers[number]:
            mask[row, under.get(sentence, [])] = True
    return mask.fill_diagonal_(fill_value=False)


if __name__ == "__main__":
    main()
