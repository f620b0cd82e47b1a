"""Train the judge: does a passage entail a claim, contradict it, or say neither?

    python scripts/train_judge.py CHECKPOINT.pt [--start reader] [--epochs 2] [--bf16]

The reader's lower layers stay as they are and are shared; its upper ones are trained on `training/claims.jsonl`, each claim with
the sentences that decide it between their neighbours, a tenth also with another passage of its article, which says neither. A fifth of the articles is held out; what they give is printed after each epoch. The state is kept every few minutes
beside CHECKPOINT: the same command goes on from there. `scripts/export_judge.py` writes `data/judge.npz`.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from claim_data import Claimed, claims
from torch import Tensor, nn
from tqdm import tqdm
from train_reader import BATCH, WARMUP, Reader, batches, started, state_of

from trusted_cloud_chat.models.judge import SHARED, VERDICTS, read_judge
from trusted_cloud_chat.models.reader_input import token_row
from trusted_cloud_chat.models.tokenizer import build_tokenizer
from trusted_cloud_chat.models.weights import read_bundled
from trusted_cloud_chat.settings import load_settings
from trusted_cloud_chat.wiring import build_embedder

PEAK = 6e-5
ELSEWHERE = 0.1
"""Share of the claims that are also shown with another passage of their article."""
SMOOTHING = 0.05
DROPOUT = 0.1
KEPT_EVERY = 300


class Judge(nn.Module):
    """The upper layers: `(batch, tokens, hidden)` of the lower ones → `(batch, 3)` logits, from the first token."""

    def __init__(self, start: str, bf16: bool) -> None:
        super().__init__()
        self.bf16 = bf16
        reader: Reader = started(["shipped"])
        self.bert = reader.bert
        self.head = nn.Linear(self.bert.config.hidden_size, len(VERDICTS))
        if start == "shipped":
            self.load_state_dict(state_of(read_judge()), strict=False)
        self.bert.embeddings = _Given()
        self.bert.encoder.layer = self.bert.encoder.layer[SHARED:]
        # What attention drops at random, and the fused attention, cost more than half of a step.
        self.bert.config._attn_implementation = "eager"
        for layer in self.bert.encoder.layer:
            layer.attention.output.dropout.p = layer.output.dropout.p = DROPOUT
        if start not in ("shipped", "reader"):
            self.load_state_dict(torch.load(start))

    def forward(self, hidden: Tensor, mask: Tensor) -> Tensor:
        with torch.autocast("cpu", torch.bfloat16, enabled=self.bf16):
            last = self.bert(inputs_embeds=hidden, attention_mask=mask).last_hidden_state
        logits: Tensor = self.head(last[:, 0].float())
        return logits


class _Given(nn.Module):
    """Embeddings that are given."""

    def forward(self, inputs_embeds: Tensor, **_: object) -> Tensor:
        return inputs_embeds


@dataclass(frozen=True, slots=True)
class Row:
    """A claim in one of its views, as the lower layers leave it: `hidden` is `(tokens, hidden)`."""

    hidden: Tensor
    verdict: int


@torch.no_grad()
def rows_of(claimed: Sequence[Claimed], *, elsewhere: float = 0.0) -> list[Row]:
    """Each claim with the sentences that decide it, and a share of them with another passage of their article, which says neither."""
    tokenizer, lower = build_tokenizer(read_bundled().vocabulary), started(["shipped"]).bert.eval()
    lower.encoder.layer = lower.encoder.layer[:SHARED]
    draw = random.Random(2)
    shown = [(one.claim, one.near, one.verdict) for one in claimed]
    for one in claimed:
        if one.elsewhere and draw.random() < elsewhere:
            shown.append((one.claim, draw.choice(one.elsewhere), VERDICTS.index("unsaid")))
    rows = []
    for claim, view, verdict in tqdm(shown, "rows", mininterval=30):
        ids = torch.tensor([token_row(tokenizer, claim, *view, ()).ids])
        rows.append(Row(lower(input_ids=ids).last_hidden_state[0].half(), verdict))
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument(
        "--start", default="shipped", help="shipped (the judge), reader, or a checkpoint of another training"
    )
    parser.add_argument("--epochs", type=float, default=2, help="below one: a share of the claims, once")
    parser.add_argument("--bf16", action="store_true", help="half precision: twice as fast where the processor has AMX")
    arguments = parser.parse_args()
    settings = load_settings()
    torch.set_num_threads(settings.threads)
    torch.manual_seed(0)
    count = build_embedder(settings).count_tokens
    taught = list(claims(count, settings.chunk_tokens, taught=True))
    kept_out = list(claims(count, settings.chunk_tokens, taught=False))
    if arguments.epochs < 1:
        taught = random.Random(3).sample(taught, round(arguments.epochs * len(taught)))
    print(f"{len(taught)} claims, {len(kept_out)} held out", flush=True)
    with torch.autocast("cpu", torch.bfloat16, enabled=arguments.bf16):
        seen, unseen = rows_of(taught, elsewhere=ELSEWHERE), rows_of(kept_out)
    judge = Judge(arguments.start, arguments.bf16)
    train(judge, seen, unseen, max(1, round(arguments.epochs)), arguments.checkpoint)
    torch.save(judge.state_dict(), arguments.checkpoint)


def train(judge: Judge, taught: Sequence[Row], kept_out: Sequence[Row], epochs: int, checkpoint: Path) -> None:
    """`epochs` over `taught`; the rate warms up and falls to nothing. The state is kept beside `checkpoint`, and taken up."""
    optimiser = torch.optim.AdamW(judge.parameters(), lr=PEAK, weight_decay=0.01)
    draw = random.Random(1)
    order = [b for _ in range(epochs) for b in batches(taught, 2 * BATCH, lambda row: len(row.hidden), draw)]
    first, kept = 0, checkpoint.with_suffix(".state")
    if kept.exists():
        state = torch.load(kept)
        first = state["done"]
        judge.load_state_dict(state["judge"])
        optimiser.load_state_dict(state["optimiser"])
    at = time.monotonic()
    for done in tqdm(range(first, len(order)), "steps", initial=first, total=len(order), mininterval=30):
        for group in optimiser.param_groups:
            group["lr"] = PEAK * min((done + 1) / WARMUP, 1 - done / len(order))
        truth = torch.tensor([row.verdict for row in order[done]])
        loss = nn.functional.cross_entropy(logits_of(judge.train(), order[done]), truth, label_smoothing=SMOOTHING)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(judge.parameters(), 1.0)
        optimiser.step()
        if time.monotonic() - at > KEPT_EVERY:
            torch.save({"done": done + 1, "judge": judge.state_dict(), "optimiser": optimiser.state_dict()}, kept)
            at = time.monotonic()
        if (done + 1) * epochs % len(order) < epochs:
            print(told(judge.eval(), kept_out), flush=True)


def logits_of(judge: Judge, rows: Sequence[Row]) -> Tensor:
    """`(rows, 3)`, of rows that are padded to the longest."""
    hidden = nn.utils.rnn.pad_sequence([row.hidden.float() for row in rows], batch_first=True)
    mask = nn.utils.rnn.pad_sequence([torch.ones(len(row.hidden), dtype=torch.long) for row in rows], batch_first=True)
    logits: Tensor = judge(hidden, mask)
    return logits


@torch.no_grad()
def told(judge: Judge, kept_out: Sequence[Row]) -> str:
    """Share of the claims held out that are told right, and how often an entailed one is put above another."""
    found = []
    for batch in batches(kept_out, 2 * BATCH, lambda row: len(row.hidden), random.Random(0)):
        shares = torch.softmax(logits_of(judge, batch), dim=1)
        found += [(row.verdict, share.numpy()) for row, share in zip(batch, shares, strict=True)]
    truth = np.array([verdict for verdict, _ in found])
    shares = np.array([share for _, share in found])
    right, wrong = shares[truth == 0, 0], shares[truth != 0, 0]
    area = float((right[:, None] > wrong[None, :]).mean())
    return f"right {(shares.argmax(axis=1) == truth).mean():.3f}, area entailed {area:.3f}"


if __name__ == "__main__":
    main()
