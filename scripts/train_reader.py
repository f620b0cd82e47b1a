"""Train the reader: does a passage answer a question, and with which sentence?

    python scripts/train_reader.py PIAF.json CHECKPOINT.pt

Starts from the bundled embedder's weights; its word vectors stay as they are, so that only the layers are shipped. Each
step sees questions with one passage that answers and one that nearly does. Six outputs a token: where the
answer starts and ends, how much its sentence answers, whether it says yes or no, and at the first token whether the passage
answers at all. Starts, ends and sentences are normalised over both passages (Clark and Gardner, 2018, "shared-normalization"), so that scores
of different passages compare. `FIRST` and `SECOND` say how often PIAF and the questions of `training/` are seen; a fifth of the
articles of both is held out, for calibrating on what was not learnt.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from float32_reference import build_bert
from known_questions import across, corpus_articles, general, held_out, piaf, unlearnt, written
from reader_data import Example, Passed, examples
from tokenizers import Tokenizer
from torch import Tensor, nn
from tqdm import tqdm

from trusted_cloud_chat.language.normalise import fold
from trusted_cloud_chat.models.reader import ANSWERS, END, OUTPUTS, SENTENCE, START
from trusted_cloud_chat.models.reader_input import TokenRow, token_row
from trusted_cloud_chat.models.tokenizer import build_tokenizer
from trusted_cloud_chat.models.weights import read_bundled
from trusted_cloud_chat.settings import Settings, load_settings
from trusted_cloud_chat.wiring import build_embedder


@dataclass(frozen=True, slots=True)
class Pass:
    """How often each set is seen, shuffled together, and the highest rate."""

    peak: float
    piaf: int = 0
    general: int = 0
    written: int = 0
    across: int = 0


FIRST = Pass(8e-5, piaf=1)
"""What any French text teaches."""
SECOND = (Pass(6e-5, piaf=1, general=1, written=2, across=1), Pass(6e-5, general=1, written=1, across=2))
"""Then the market's articles among it: each goes on from the first pass, and the mean of their weights is what is kept
(Wortsman et al., 2022, "Model soups")."""
WARMUP = 60
BATCH = 8
"""Questions a step; two passages each."""
HARDEST = 6
"""A near miss is drawn among this many of the best ranked."""
CARELESS = 0.15
"""Share of the questions that are read without capitals, accents and question mark."""
UNTITLED = 0.1
"""Share of the passages that are read without their title."""


YES, NO = OUTPUTS, OUTPUTS + 1
"""Columns that are trained and not shipped: they came to tell that a sentence decides, and not which way."""


class Reader(nn.Module):
    """`(batch, tokens)` ids → `(batch, tokens, 6)` logits."""

    def __init__(self) -> None:
        super().__init__()
        self.bert = build_bert(read_bundled(), dropout=0.0)  # a text is seen a few times at most; four times as fast
        self.bert.embeddings.requires_grad_(False)
        self.head = nn.Linear(self.bert.config.hidden_size, OUTPUTS + 2)

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        hidden = self.bert(input_ids=ids, attention_mask=mask).last_hidden_state
        logits: Tensor = self.head(hidden.float())
        return logits


@dataclass(frozen=True, slots=True)
class Item:
    """One passage of a step, as tokens."""

    row: TokenRow
    passed: Passed
    example: Example


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("squad", type=Path)
    parser.add_argument("checkpoint", type=Path)
    arguments = parser.parse_args()
    settings = load_settings()
    torch.set_num_threads(settings.threads)
    torch.manual_seed(0)
    sets = learnt_sets(arguments.squad, settings)
    reader = Reader().train()
    train(reader, seen_in(FIRST, sets), FIRST.peak, random.Random(0))
    start, ends = _copied(reader), []
    for part in SECOND:
        reader.load_state_dict(start)
        train(reader, seen_in(part, sets), part.peak, random.Random(1))
        ends.append(_copied(reader))
    torch.save({name: torch.stack([end[name] for end in ends]).mean(dim=0) for name in start}, arguments.checkpoint)


def _copied(reader: Reader) -> dict[str, Tensor]:
    return {name: tensor.detach().clone() for name, tensor in reader.state_dict().items()}


def learnt_sets(squad: Path, settings: Settings) -> dict[str, list[Example]]:
    """The examples of each set that are not held out."""
    embedder = build_embedder(settings)
    articles, asked = piaf(squad)
    corpus = corpus_articles(settings)
    kept_out = unlearnt(corpus)
    sets = {
        "piaf": examples(articles, asked, embedder, settings),
        "general": examples(articles, general(squad), embedder, settings),
        "written": examples(corpus, written(corpus), embedder, settings, kept_out),
        "across": examples(corpus, across(corpus), embedder, settings, kept_out),
    }
    return {name: [e for e in found if not held_out(e.group) and e.teaches] for name, found in sets.items()}


def seen_in(part: Pass, sets: Mapping[str, list[Example]]) -> list[Example]:
    return [example for name, found in sets.items() for example in found * getattr(part, name)]


def train(reader: Reader, learnt: Sequence[Example], peak: float, draw: random.Random) -> None:
    """One pass over `learnt`; the rate warms up to `peak` and falls to nothing."""
    tokenizer = build_tokenizer(read_bundled().vocabulary)
    optimiser = torch.optim.AdamW([p for p in reader.parameters() if p.requires_grad], lr=peak, weight_decay=0.01)
    order = batches(learnt, draw)
    progress = tqdm(order, unit="step", mininterval=30)
    for done, batch in enumerate(progress):
        for group in optimiser.param_groups:
            group["lr"] = peak * min((done + 1) / WARMUP, 1 - done / len(order))
        loss = loss_of(reader, [items_of(tokenizer, example, draw) for example in batch])
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
        optimiser.step()
        progress.set_postfix(loss=f"{loss.item():.2f}", refresh=False)


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
    question = fold(example.question).rstrip(" ?") if draw.random() < CARELESS else example.question
    items = []
    for passed in shown:
        title = "" if draw.random() < UNTITLED else passed.title
        items.append(Item(token_row(tokenizer, question, title, passed.text, passed.sentences), passed, example))
    return items


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
        total = total + (group_loss(rows, group) + verdict_loss(rows, group)) / len(groups)
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


def verdict_loss(logits: Tensor, group: Sequence[Item]) -> Tensor:
    """What each sentence says to a yes/no question: those that answer the verdict, the others nothing; both count alike."""
    example = group[0].example
    if not example.polar:
        return torch.zeros(())
    found: dict[bool, list[Tensor]] = {True: [], False: []}
    for row, item in enumerate(group):
        for number, (a, b) in enumerate(item.row.sentences):
            if a < b:
                polar = logits[row, a:b][:, [YES, NO]].mean(dim=0)
                found[number in item.passed.right].append(torch.cat([polar.new_zeros(1), polar]))
    loss = torch.zeros(())
    for right, rows in found.items():
        if rows:
            said = (1 if example.verdict == "yes" else 2) if right else 0
            loss = loss + nn.functional.cross_entropy(torch.stack(rows), torch.full((len(rows),), said))
    return 0.5 * loss


if __name__ == "__main__":
    main()
