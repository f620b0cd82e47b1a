"""Train the reader, which predicts whether a passage answers a question and with which sentence.

    python scripts/train_reader.py PIAF.json CHECKPOINT.pt [--pass NAME] [--start shipped|embedder|OTHER.pt…] [--selqa FOLDER]

One pass over several sets of questions; each question comes with an answering passage and a near miss. The reader has four outputs
per token: start and end of the answer, whether its sentence answers, and, at the first token, whether the passage answers. Starts,
ends and sentences are normalised over both passages (Clark and Gardner, 2018, "shared-normalization"), so that scores of different
passages are comparable. The token embeddings stay those of the embedder, so that only the layers are shipped.

`PASSES` sets how often each set is seen. A fifth of the articles and texts of each set is held out for calibration. The state is
saved every few minutes beside CHECKPOINT; the same command resumes from it. The shipped reader: `first` from the embedder,
`market_a` and `market_b` from `first`, their mean (Wortsman et al., 2022, "Model soups"), then `styles` from that mean;
`scripts/export_reader.py` computes means and writes `data/reader.npz`.
"""

from __future__ import annotations

import argparse
import pickle
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

import torch
from export_reader import mean_of
from float32_reference import NORMS, PARTS, build_bert
from known_questions import Known, across, corpus_articles, general, held_out, piaf, selqa, texts, unlearnt, written
from reader_data import Example, Passed, examples
from tokenizers import Tokenizer
from torch import Tensor, nn
from tqdm import tqdm

from trusted_cloud_chat.language.normalise import fold
from trusted_cloud_chat.models.quick_tokenizer import build_tokenizer
from trusted_cloud_chat.models.reader import ANSWERS, END, OUTPUTS, SENTENCE, START, TokenRow, token_row
from trusted_cloud_chat.models.weights import NetworkWeights, read_bundled, read_reader
from trusted_cloud_chat.settings import Settings, load_settings
from trusted_cloud_chat.wiring import build_embedder


@dataclass(frozen=True, slots=True)
class Pass:
    """The peak learning rate, and how often each set is seen (below 1: that share of the set, always the same); all sets are shuffled together."""

    peak: float
    frozen: int = 0
    """Number of lowest layers that are not trained."""
    piaf: float = 0
    general: float = 0
    written: float = 0
    across: float = 0
    texts: float = 0
    selqa: float = 0


PASSES = {
    "first": Pass(8e-5, piaf=1),
    "market_a": Pass(6e-5, piaf=1, general=1, written=2, across=1),
    "market_b": Pass(6e-5, general=1, written=1, across=2),
    "styles": Pass(5e-5, frozen=6, piaf=0.15, general=0.12, written=0.1, across=0.1, texts=2, selqa=0.35),
}
"""First general French text; then the corpus too; then prose of all styles, with a part of the earlier sets against forgetting."""
WARMUP = 60
BATCH = 8
"""Questions per step, with two passages each."""
HARDEST = 6
"""Number of best-ranked near misses from which one is drawn."""
CARELESS = 0.15
"""Share of questions trained without capitals, accents and question mark."""
UNTITLED = 0.1
"""Share of passages trained without their title."""
KEPT_EVERY = 300
"""Seconds between two saves of the state."""

T = TypeVar("T")


class Reader(nn.Module):
    """`(batch, tokens)` ids → `(batch, tokens, 4)` logits."""

    def __init__(self) -> None:
        super().__init__()
        self.bert = build_bert(read_bundled(), dropout=0.0)  # few passes need no dropout; four times as fast
        self.bert.embeddings.requires_grad_(False)
        self.head = nn.Linear(self.bert.config.hidden_size, OUTPUTS)

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        hidden = self.bert(input_ids=ids, attention_mask=mask).last_hidden_state
        logits: Tensor = self.head(hidden.float())
        return logits


@dataclass(frozen=True, slots=True)
class Item:
    """One passage of a step, tokenised."""

    row: TokenRow
    passed: Passed
    example: Example


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("squad", type=Path)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--pass", dest="named", choices=PASSES, default="styles")
    parser.add_argument("--start", nargs="+", default=["shipped"], help="shipped, embedder, or checkpoints: their mean")
    parser.add_argument("--selqa", type=Path, help="a folder with the JSON lines of SelQA")
    arguments = parser.parse_args()
    settings = load_settings()
    torch.set_num_threads(settings.threads)
    torch.manual_seed(0)
    kept = arguments.checkpoint.with_suffix(".sets")
    if not kept.exists():
        found = learnt_sets(PASSES[arguments.named], arguments.squad, arguments.selqa, settings)
        kept.write_bytes(pickle.dumps(found))
    reader = started(arguments.start).train()
    learnt = seen_in(PASSES[arguments.named], pickle.loads(kept.read_bytes()))  # noqa: S301 (our own)
    for layer in reader.bert.encoder.layer[: PASSES[arguments.named].frozen]:
        layer.requires_grad_(False)
    train(reader, learnt, PASSES[arguments.named].peak, arguments.checkpoint.with_suffix(".state"))
    torch.save(reader.state_dict(), arguments.checkpoint)


def started(names: Sequence[str]) -> Reader:
    """A reader with the shipped weights, the embedder's weights, or the mean of checkpoints."""
    reader = Reader()
    if names == ["shipped"]:
        reader.load_state_dict(state_of(read_reader()), strict=False)
    elif names != ["embedder"]:
        reader.load_state_dict(mean_of([Path(name) for name in names]))
    return reader


def state_of(weights: NetworkWeights) -> dict[str, Tensor]:
    """Layers and head of the shipped weights, under torch's names."""
    sizes = read_bundled().dimensions
    head = torch.tensor(weights.floats("head.w")).reshape(-1, sizes.hidden)
    state = {"head.weight": head, "head.bias": torch.tensor(weights.floats("head.b"))}
    for layer in range(sizes.layers):
        ours, theirs = f"l{layer}.", f"bert.encoder.layer.{layer}."
        for part, short in PARTS.items():
            rows = sizes.feed_forward if short == "fi" else sizes.hidden
            columns = sizes.feed_forward if short == "fo" else sizes.hidden
            matrix = weights.matrix(f"{ours}{short}.w", rows, columns)
            state[f"{theirs}{part}.weight"] = torch.tensor(matrix)
            state[f"{theirs}{part}.bias"] = torch.tensor(weights.floats(f"{ours}{short}.b"))
        for part, short in NORMS.items():
            state[f"{theirs}{part}.weight"] = torch.tensor(weights.floats(f"{ours}{short}.w"))
            state[f"{theirs}{part}.bias"] = torch.tensor(weights.floats(f"{ours}{short}.b"))
    return state


def learnt_sets(part: Pass, squad: Path, selqa_at: Path | None, settings: Settings) -> dict[str, list[Example]]:
    """The examples of each set that the pass uses, without those held out."""
    embedder = build_embedder(settings)
    paragraphs, on_them = piaf(squad)
    corpus = corpus_articles(settings)
    kept_out = unlearnt(corpus)
    sources = {
        "piaf": (paragraphs, on_them),
        "general": (paragraphs, general(squad)),
        "written": (corpus, written(corpus)),
        "across": (corpus, across(corpus)),
        "texts": texts(),
        "selqa": selqa(selqa_at) if selqa_at else ([], []),
    }
    found = {}
    for name, (articles, asked) in sources.items():
        wanted = _part([known for known in asked if not held_out(known.group)], getattr(part, name))
        if wanted:
            made = examples(articles, tqdm(wanted, name, mininterval=30), embedder, settings, kept_out)
            found[name] = [example for example in made if example.teaches]
    return found


def _part(asked: Sequence[Known], share: float) -> list[Known]:
    """A sample of `asked` if `share` is below 1, else all."""
    return random.Random(2).sample(list(asked), round(min(share, 1) * len(asked)))


def seen_in(part: Pass, sets: Mapping[str, list[Example]]) -> list[Example]:
    return [example for name, found in sets.items() for example in found * max(1, round(getattr(part, name)))]


def train(reader: Reader, learnt: Sequence[Example], peak: float, kept: Path) -> None:
    """One pass over `learnt`; the learning rate warms up to `peak` and decays to 0. Saves the state at `kept` and resumes from it."""
    tokenizer = build_tokenizer(read_bundled().vocabulary)
    optimiser = torch.optim.AdamW([p for p in reader.parameters() if p.requires_grad], lr=peak, weight_decay=0.01)
    draw = random.Random(1)
    order = batches(learnt, BATCH, lambda e: max(len(p.text) for p in (*e.right, *e.near)), draw)
    first = 0
    if kept.exists():
        state = torch.load(kept, weights_only=False)
        first = state["done"]
        reader.load_state_dict(state["reader"])
        optimiser.load_state_dict(state["optimiser"])
        draw.setstate(state["draw"])
    at = time.monotonic()
    progress = tqdm(range(first, len(order)), unit="step", mininterval=30, initial=first, total=len(order))
    for done in progress:
        for group in optimiser.param_groups:
            group["lr"] = peak * min((done + 1) / WARMUP, 1 - done / len(order))
        loss = loss_of(reader, [items_of(tokenizer, example, draw) for example in order[done]])
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
        optimiser.step()
        progress.set_postfix(loss=f"{loss.item():.2f}", refresh=False)
        if time.monotonic() - at > KEPT_EVERY:
            state = {"done": done + 1, "reader": reader.state_dict(), "draw": draw.getstate()}
            torch.save({**state, "optimiser": optimiser.state_dict()}, kept)
            at = time.monotonic()


def batches(stage: Sequence[T], size: int, length: Callable[[T], int], draw: random.Random) -> list[Sequence[T]]:
    """`stage` in random batches of about equal length, to reduce padding."""
    found: list[Sequence[T]] = []
    order = draw.sample(list(stage), len(stage))
    for start in range(0, len(order), size * 16):
        pool = sorted(order[start : start + size * 16], key=length)
        grouped = [pool[i : i + size] for i in range(0, len(pool), size)]
        found += draw.sample(grouped, len(grouped))
    return found


def items_of(tokenizer: Tokenizer, example: Example, draw: random.Random) -> list[Item]:
    """An answering passage and a near miss; two near misses if nothing answers."""
    near = list(example.near[:HARDEST])
    shown = draw.sample(near, min(len(near), 1 if example.right else 2))
    if example.right:
        shown.append(draw.choice(example.right))
    question = fold(example.question).rstrip(" ?") if draw.random() < CARELESS else example.question
    items = []
    for passed in shown:
        title = "" if draw.random() < UNTITLED else passed.title
        items.append(Item(token_row(tokenizer, question, title, passed.text, passed.sentences), passed, example))
    return items


def loss_of(reader: Reader, groups: Sequence[Sequence[Item]]) -> Tensor:
    """The mean loss over the questions of a step; `groups` has the passages of each question."""
    items = [item for group in groups for item in group]
    width = max(len(item.row.ids) for item in items)
    ids = torch.ones(len(items), width, dtype=torch.long)  # 1 is the padding id
    mask = torch.zeros(len(items), width, dtype=torch.long)
    for row, item in enumerate(items):
        ids[row, : len(item.row.ids)] = torch.tensor(item.row.ids)
        mask[row, : len(item.row.ids)] = 1
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=half_is_faster()):
        logits = reader(ids, mask)
    truth = torch.tensor([float(bool(item.passed.right)) for item in items])
    total = 0.5 * nn.functional.binary_cross_entropy_with_logits(logits[:, 0, ANSWERS], truth)
    first = 0
    for group in groups:
        rows = logits[first : first + len(group)]
        first += len(group)
        total = total + group_loss(rows, group) / len(groups)
    return total


@cache
def half_is_faster() -> bool:
    """Whether this processor multiplies bfloat16 faster than float32; without AMX or AVX-512 it is many times slower."""
    taken = []
    for kind in (torch.float32, torch.bfloat16):
        matrix = torch.ones(512, 512, dtype=kind)
        matrix @ matrix
        at = time.perf_counter()
        matrix @ matrix
        taken.append(time.perf_counter() - at)
    return taken[1] < taken[0]


def group_loss(logits: Tensor, group: Sequence[Item]) -> Tensor:
    """The loss of one question over all its passages: for the answering sentence, and for start and end of the answer."""
    loss = torch.zeros(())
    sentences, right = [], []
    starts: dict[int, list[Tensor]] = {START: [], END: []}
    targets: dict[int, list[int]] = {START: [], END: []}
    offset = 0
    for row, item in enumerate(group):
        begin, end = item.row.first, len(item.row.ids) - 1
        for number, (a, b) in enumerate(item.row.sentences):
            if a < b:
                sentences.append(logits[row, a:b, SENTENCE].mean())
                right.append(number in item.passed.right)
        for column in starts:
            starts[column].append(logits[row, begin:end, column])
        if item.passed.answer is not None:
            inside = [
                i
                for i, (a, b) in enumerate(item.row.offsets)
                if a < item.passed.answer[1] and item.passed.answer[0] < b
            ]
            if inside:
                targets[START].append(offset + inside[0])
                targets[END].append(offset + inside[-1])
        offset += end - begin
    if any(right):
        shares = torch.log_softmax(torch.stack(sentences), dim=0)
        loss = loss - torch.logsumexp(shares[torch.tensor(right)], dim=0)
    for column, target in targets.items():
        if target:
            shares = torch.log_softmax(torch.cat(starts[column]), dim=0)
            loss = loss - 0.5 * torch.logsumexp(shares[torch.tensor(target)], dim=0)
    return loss


if __name__ == "__main__":
    main()
