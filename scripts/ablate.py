"""Measure what each rule and each step of evidence contributes.

    python scripts/ablate.py [SET…] [--public FOLDER] [--most N] [--steps] [--without NAME…] [--json FILE]

Sets: `fit` (`training/fit.jsonl` over the corpus with its sidecars and the plain texts of `training/texts`; columns enriched and
plain), `gold` (the gold set's dev split), `styles` (the style set's dev split), or a folder in the BEIR layout, where a quote of a
relevant document is right. `--public` names the folder with the sets of `PUBLIC`. Every question is asked with all rules; then each
rule that fired is switched off and the questions on which it fired are asked again. With `--steps` each of `STEPS` is switched off
instead and all questions are asked again; with `--without` all given names are switched off together. The reader's outputs are
cached in `TCC_HOME`. Prints the change of each figure, the number of changed answers, and how many became right and wrong.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from unittest.mock import patch

import numpy as np
from fit_evidence import enriched_corpus, fit_questions, without_alike
from known_questions import ROOT, TEXTS, Known, corpus_articles, gold_dev
from tqdm import tqdm

from trusted_cloud_chat.answering.assistant import Assistant
from trusted_cloud_chat.errors import QuestionError
from trusted_cloud_chat.models.bundled import load_reader
from trusted_cloud_chat.models.reader import ReadPassage
from trusted_cloud_chat.retrieval.ranking import Weights
from trusted_cloud_chat.schema import Article, Reading
from trusted_cloud_chat.settings import Settings, load_settings
from trusted_cloud_chat.trace import rules
from trusted_cloud_chat.wiring import build_embedder
from trusted_cloud_chat_evaluation.cases import read_beir
from trusted_cloud_chat_evaluation.styles_run import read_texts
from trusted_cloud_chat_evaluation.workbench import Workbench, make_article, set_bench

STYLES = ROOT / "evaluation/styles/dev"
PUBLIC = ("covid19_faq_admin", "afriqa_fr")
"""Folders of the public sets, which are not in the repository."""
FIGURES = ("first", "any", "f1")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and the table columns in which it counts."""

    known: Known
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """The result of one question."""

    answerable: bool
    answered: bool
    first: bool
    any: bool
    rules: frozenset[str]
    shown: str
    """The text of the answer."""

    @property
    def right(self) -> bool:
        return self.first if self.answerable else not self.answered


class Remembering:
    """A reader with a cache that persists between runs."""

    def __init__(self, settings: Settings) -> None:
        self._reader = load_reader(settings.home, settings.threads)
        self._file = settings.home / "cache/readings.json"
        self._known: dict[str, list] = json.loads(self._file.read_text()) if self._file.exists() else {}

    def read(self, question: str, passages: Sequence[ReadPassage]) -> list[Reading]:
        keys = [hashlib.sha256(f"{question}\n{passage}".encode()).hexdigest() for passage in passages]
        unread = [n for n, key in enumerate(keys) if key not in self._known]
        for n, reading in zip(unread, self._reader.read(question, [passages[n] for n in unread]), strict=True):
            self._known[keys[n]] = [reading.answers, reading.sentences, reading.spans]
        return [Reading(told, tuple(sentences), tuple(spans)) for told, sentences, spans in map(self._known.get, keys)]

    def save(self) -> None:
        self._file.write_text(json.dumps(self._known))


@contextmanager
def weighed(assistant: Assistant, weights: Weights) -> Iterator[None]:
    before = assistant._weights
    for part in (assistant, assistant._retriever, assistant._gatherer):
        part._weights = weights
    assistant._talk = replace(assistant._talk, weights=weights)
    yield
    for part in (assistant, assistant._retriever, assistant._gatherer):
        part._weights = before
    assistant._talk = replace(assistant._talk, weights=before)


def without_weights(kind: str, *names: str) -> Callable[[Assistant], AbstractContextManager[None]]:
    def step(assistant: Assistant) -> AbstractContextManager[None]:
        left = {**getattr(assistant._weights, kind), **dict.fromkeys(names, 0.0)}
        return weighed(assistant, replace(assistant._weights, **{kind: left}))

    return step


def patched(target: str, value: object) -> Callable[[Assistant], AbstractContextManager[object]]:
    return lambda _: patch(f"trusted_cloud_chat.{target}", value)


STEPS: dict[str, Callable[[Assistant], AbstractContextManager[object]]] = {
    "step.passage_votes": without_weights("asked", "passage"),
    "step.sentence_votes": without_weights("asked", "share", "likeness"),
    "step.lexicon": patched("retrieval.terms.translated", lambda *_: []),
    "step.word_by_word": patched("retrieval.ranking.second_step", lambda table, close, *_: table.fused[close]),
    "step.reprints": patched("retrieval.retriever.without_reprints", lambda found, k, _: list(found)[:k]),
    "step.passage_pairs": without_weights("ranking", "pairs"),
    "step.sentence_cosine": without_weights("sentences", "cosine"),
    "step.sentence_words": without_weights("sentences", "context", "exact"),
    "step.sentence_passage": without_weights("sentences", "passage"),
    "step.sentence_kind": without_weights("sentences", "kind"),
    "step.sentence_new": without_weights("sentences", "new"),
    "step.sentence_span": without_weights("sentences", "span"),
    "step.names": patched("evidence.confidence.lacking_names", lambda *_: 0.0),
}
"""Steps without a rule of their own → how to switch each off."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", nargs="*", help="default: fit, gold and styles")
    parser.add_argument("--public", type=Path, default=None, help="the folder with the public sets")
    parser.add_argument("--most", type=int, default=10_000, help="questions of each set, evenly spread")
    parser.add_argument("--steps", action="store_true", help="switch off steps without a rule of their own")
    parser.add_argument("--without", nargs="*", default=[], help="switch off only these, together")
    parser.add_argument("--json", type=Path, default=None)
    options = parser.parse_args()
    settings = load_settings()
    embedder, reader = build_embedder(settings), Remembering(settings)
    found: dict[str, dict[str, dict[str, float]]] = {}
    public = [str(options.public / name) for name in PUBLIC] if options.public else []
    for name in [*options.sets, *public] or ["fit", "gold", "styles"]:
        articles, asked = read_set(name, settings)
        asked = [asked[i] for i in np.unique(np.linspace(0, len(asked) - 1, options.most).astype(int))]
        with set_bench(settings, embedder, articles, lambda *_: None, reader) as bench:
            encode = bench.assistant._retriever._encode
            bench.assistant._retriever._encode = lru_cache(maxsize=None)(encode)
            base = [ask(bench.assistant, one.known) for one in tqdm(asked, mininterval=30)]
            reader.save()
            names = [options.without] if options.without else [[name] for name in (STEPS if options.steps else rules())]
            for without, row in measured(bench, asked, base, names):
                found.setdefault(without, {}).update(row)
        print_table(found)
    if options.json:
        options.json.write_text(json.dumps(found, indent=1))


def read_set(name: str, settings: Settings) -> tuple[list[Article], list[Asked]]:
    if name == "fit":
        corpus, (plain, _) = enriched_corpus(settings.corpus), read_texts(TEXTS)
        asked = [known for known, _ in fit_questions([*corpus, *plain])]
        texts = {article.article_id for article in plain}
        columns = [
            ("plain" if k.relevant & texts else "enriched",) if k.answers else ("enriched", "plain") for k in asked
        ]
        return [*without_alike(corpus, [k.text for k in asked]), *plain], [
            Asked(*one) for one in zip(asked, columns, strict=True)
        ]
    if name == "gold":
        corpus = without_alike(enriched_corpus(settings.corpus), [])
        return corpus, [Asked(known, ("gold dev",)) for known in gold_dev(corpus_articles(settings))]
    if name == "styles":
        articles, questions = read_texts(STYLES)
        asked = []
        for one in questions:
            spans = tuple((one.article.article_id, span.start, span.end) for span in one.spans)
            asked.append(Known(one.text, one.id, spans, frozenset({one.article.article_id} if spans else ())))
        return articles, [Asked(known, ("styles dev",)) for known in asked]
    beir = read_beir(Path(name))
    articles = [make_article(document.id, document.title, document.text) for document in beir.documents]
    long = {article.article_id: len(article.text) for article in articles}
    asked = [
        Known(text, i, tuple((d, 0, long[d]) for d in beir.gains[i]), frozenset(beir.gains[i]))
        for i, text in beir.queries.items()
    ]
    return articles, [Asked(known, (beir.name,)) for known in asked]


def measured(
    bench: Workbench, asked: Sequence[Asked], base: Sequence[Row], names: Sequence[Sequence[str]]
) -> Iterator[tuple[str, dict[str, dict[str, float]]]]:
    """Yields (names switched off, column → figures); first the figures with everything on, then the changes."""
    yield "", compared(asked, base, base)
    for off in tqdm(names, mininterval=30):
        with without_steps(bench.assistant, [name for name in off if name in STEPS]):
            disabled = frozenset(off) & frozenset(rules())
            only = frozenset() if frozenset(off) & frozenset(STEPS) else disabled
            if not only or any(only & row.rules for row in base):
                again = asked_again(bench.assistant, asked, base, disabled, only)
                yield ", ".join(off), compared(asked, base, again, only)


@contextmanager
def without_steps(assistant: Assistant, names: Sequence[str]) -> Iterator[None]:
    if not names:
        yield
        return
    with STEPS[names[0]](assistant), without_steps(assistant, names[1:]):
        yield


def asked_again(
    assistant: Assistant, asked: Sequence[Asked], base: Sequence[Row], disabled: frozenset[str], only: frozenset[str]
) -> list[Row]:
    """The results without the rules of `disabled`. With `only`, asks just the questions on which one of these rules fired."""
    assistant._disabled = disabled
    again = [
        row if only and not only & row.rules else ask(assistant, one.known)
        for one, row in zip(asked, base, strict=True)
    ]
    assistant._disabled = frozenset()
    return again


def ask(assistant: Assistant, known: Known) -> Row:
    try:
        answer = assistant.ask(known.text, turns=known.turns, today=known.today, as_of=known.as_of)
    except QuestionError:
        return Row(bool(known.answers), False, False, False, frozenset(), "")
    flags = [known.right(c.article.article_id, c.start, c.end) for c in answer.citations]
    answered = not answer.refused and bool(answer.citations)
    fired = frozenset(line.rule for line in answer.trace if not line.failed)
    return Row(
        bool(known.answers), answered, answered and flags[:1] == [True], answered and any(flags), fired, answer.answer
    )


def compared(
    asked: Sequence[Asked], base: Sequence[Row], again: Sequence[Row], only: frozenset[str] = frozenset()
) -> dict[str, dict[str, float]]:
    found = {}
    for column in dict.fromkeys(column for one in asked for column in one.columns):
        here = [n for n, one in enumerate(asked) if column in one.columns]
        was, now = summary([base[n] for n in here]), summary([again[n] for n in here])
        pairs = [(base[n], again[n]) for n in here if not only or only & base[n].rules]
        found[column] = {
            **({name: now[name] - was[name] for name in was} if base is not again else was),
            "fired": float(len(pairs)),
            "other": float(sum(a.shown != b.shown for a, b in pairs)),
            "gained": float(sum(b.right and not a.right for a, b in pairs)),
            "lost": float(sum(a.right and not b.right for a, b in pairs)),
        }
    return found


def summary(rows: Sequence[Row]) -> dict[str, float]:
    """`first`, `any`: share of answerable questions whose first or any quote is right; `f1`: macro F1 of answering and refusing."""
    good, bad = [row for row in rows if row.answerable], [row for row in rows if not row.answerable]
    kept, said = sum(row.answered for row in good), sum(row.answered for row in rows)
    refused = sum(not row.answered for row in bad)
    answered_f1 = 2 * kept / max(1, said + len(good))
    refused_f1 = 2 * refused / max(1, len(rows) - said + len(bad))
    return {
        "first": sum(row.first for row in good) / max(1, len(good)),
        "any": sum(row.any for row in good) / max(1, len(good)),
        "f1": (answered_f1 + refused_f1) / 2 if bad else answered_f1,
    }


def print_table(found: dict[str, dict[str, dict[str, float]]]) -> None:
    """Prints one row per rule: first, any, F1-macro; questions on which it fired, changed answers, gained and lost without it."""
    columns = list(found[""])
    print("| without | " + " | ".join(columns) + " |")
    print("|---|" + "---|" * len(columns))
    for name, row in found.items():
        cells = []
        for column in columns:
            cell = row.get(column)
            figures = [f"{cell[figure]:{'+' if name else ''}.3f}" for figure in FIGURES] if cell else []
            counts = ("fired", "other", "gained", "lost") if name else ("fired",)
            cells.append(" ".join([*figures, *(f"{int(cell[count])}" for count in counts)]) if cell else "–")
        print(f"| {f'`{name}`' if name else '–'} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
