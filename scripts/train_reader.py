"""Train the reader: does a passage answer a question, and with which sentence?

    python scripts/train_reader.py PIAF.json CHECKPOINT.pt

Starts from the bundled embedder's weights; its word vectors stay as they are, so that only the layers are shipped. Each
step sees questions with one passage that answers and one that nearly does. Four outputs a token: where the
answer starts and ends, how much its sentence answers, and at the first token whether the passage answers at all. Starts,
ends and sentences are normalised over both passages (Clark and Gardner, 2018, "shared-normalization"), so that scores
of different passages compare. Twice over PIAF and four times over the questions of `training/questions.jsonl`, shuffled
together; a fifth of the articles of both is held out, for calibrating on what was not learnt. An hour and a half on two
cores with bfloat16.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from float32_reference import build_bert
from known_questions import corpus_articles, held_out, piaf, written
from reader_data import Example, Passed, examples
from tokenizers import Tokenizer
from torch import Tensor, nn
from tqdm import tqdm

from trusted_cloud_chat.models.reader import ANSWERS, END, OUTPUTS, SENTENCE, START
from trusted_cloud_chat.models.reader_input import TokenRow, token_row
from trusted_cloud_chat.models.tokenizer import build_tokenizer
from trusted_cloud_chat.models.weights import read_bundled
from trusted_cloud_chat.settings import load_settings
from trusted_cloud_chat.wiring import build_embedder

PASSES = ((3, 8e-5), (1, 5e-5))
"""How often the written questions are seen beside PIAF's, and the highest rate."""
WARMUP = 60
BATCH = 8
"""Questions a step; two passages each."""
HARDEST = 6
"""A near miss is drawn among this many of the best ranked."""


class Reader(nn.Module):
    """`(batch, tokens)` ids → `(batch, tokens, 4)` logits."""

    def __init__(self) -> None:
        super().__init__()
        self.bert = build_bert(read_bundled())
        self.bert.embeddings.requires_grad_(False)
        self.head = nn.Linear(self.bert.config.hidden_size, OUTPUTS)

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        hidden = self.bert(input_ids=ids, attention_mask=mask).last_hidden_state
        logits: Tensor = self.head(hidden.float())
        return logits


@dataclass(frozen=True, slots=True)
class Item:
    """One passage of a step, as tokens."""

    row: TokenRow
    passed: Passed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("squad", type=Path)
    parser.add_argument("checkpoint", type=Path)
    arguments = parser.parse_args()
    settings = load_settings()
    embedder = build_embedder(settings)
    torch.set_num_threads(settings.threads)
    corpus = corpus_articles(settings)
    learnt = [e for e in examples(*piaf(arguments.squad), embedder, settings) if not held_out(e.group)]
    ours = [e for e in examples(corpus, written(corpus), embedder, settings) if not held_out(e.group)]
    torch.manual_seed(0)
    reader = Reader().train()
    for number, (times, peak) in enumerate(PASSES):
        train(reader, learnt + ours * times, peak, random.Random(number))
    torch.save(reader.state_dict(), arguments.checkpoint)


def train(reader: Reader, learnt: Sequence[Example], peak: float, draw: random.Random) -> None:
    """One pass over `learnt`; the rate warms up to `peak` and falls to nothing."""
    tokenizer = build_tokenizer(read_bundled().vocabulary)
    optimiser = torch.optim.AdamW([p for p in reader.parameters() if p.requires_grad], lr=peak, weight_decay=0.01)
    order = batches(learnt, draw)
    for done, batch in enumerate(tqdm(order, unit="step", mininterval=30)):
        for group in optimiser.param_groups:
            group["lr"] = peak * min((done + 1) / WARMUP, 1 - done / len(order))
        loss = loss_of(reader, [items_of(tokenizer, example, draw) for example in batch])
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
        optimiser.step()


def batches(stage: Sequence[Example], draw: random.Random) -> list[Sequence[Example]]:
    """Examples in random order, those of a batch of about one length, so that little is padded."""
    found: list[Sequence[Example]] = []
    order = draw.sample(list(stage), len(stage))
    for start in range(0, len(order), BATCH * 16):
        pool = sorted(order[start : start + BATCH * 16], key=lambda e: max(len(p.text) for p in (*e.right, *e.near)))
        grouped = [pool[i : i + BATCH] for i in range(0, len(pool), BATCH)]
        found += draw.sample(grouped, len(grouped))
    return found


def items_of(tokenizer: Tokenizer, example: Example, draw: random.Random) -> list[Item]:
    """A passage that answers and a near miss; two near misses where nothing answers."""
    near = list(example.near[:HARDEST])
    shown = draw.sample(near, min(len(near), 1 if example.right else 2))
    if example.right:
        shown.append(draw.choice(example.right))
    return [
        Item(token_row(tokenizer, example.question, passed.title, passed.text, passed.sentences), passed)
        for passed in shown
    ]


def loss_of(reader: Reader, groups: Sequence[Sequence[Item]]) -> Tensor:
    """Mean over the questions of a step; `groups` holds the passages of each."""
    items = [item for group in groups for item in group]
    width = max(len(item.row.ids) for item in items)
    ids = torch.ones(len(items), width, dtype=torch.long)  # 1 is the padding
    mask = torch.zeros(len(items), width, dtype=torch.long)
    for row, item in enumerate(items):
        ids[row, : len(item.row.ids)] = torch.tensor(item.row.ids)
        mask[row, : len(item.row.ids)] = 1
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits = reader(ids, mask)
    truth = torch.tensor([float(bool(item.passed.right)) for item in items])
    total = 0.5 * nn.functional.binary_cross_entropy_with_logits(logits[:, 0, ANSWERS], truth)
    first = 0
    for group in groups:
        rows = logits[first : first + len(group)]
        first += len(group)
        total = total + group_loss(rows, group) / len(groups)
    return total


def group_loss(logits: Tensor, group: Sequence[Item]) -> Tensor:
    """Sentence, start and end of the answer among all passages of one question."""
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
