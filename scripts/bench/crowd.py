"""Measures concurrent clients: one, ten and forty ask the page of a real `serve` over loopback, and 150 ask and leave."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from bench.serving import Page, running

TEN, FORTY, ABANDONED = 10, 40, 150
_WORDS = ("tcc-words", "tcc-refusal", "tcc-meta")
"""CSS classes of an answer, a refusal and the line under both."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The result of one question: milliseconds until its first words, and the queue positions that were shown."""

    ms: float
    places: tuple[int, ...] = ()
    error: str = ""


def measure(home: Path, corpus: Path, questions: Sequence[str], *, quick: bool) -> dict[str, Any]:
    """Measures over an existing index. Each question is asked in a new conversation."""
    with running(home, corpus) as (_, client):
        page = Page(client)
        for question in questions[:3]:
            ask(page, question)
        alone = _without_pause(page, questions, 1, 3 if quick else 15)
        ten = _without_pause(page, questions, TEN, 5 if quick else 60)
        with ThreadPoolExecutor(FORTY) as clients:
            forty = list(clients.map(lambda question: ask(page, question), islice(cycle(questions), FORTY)))
        for question in islice(cycle(questions), ABANDONED):
            page.join(question, uuid4().hex)
        after = ask(page, questions[0])
        idle = [asked for client in alone for asked in client]
        busy = [asked for client in ten for asked in client]
        one, many = _figures(idle), _figures(busy)
        return {
            "one": one,
            "ten": {**many, "least": min(map(len, ten)), "most": max(map(len, ten)), "times": many["p95"] / one["p95"]},
            "forty": {**_figures(forty), "told": sum(bool(asked.places) for asked in forty)},
            "abandoned": {"joins": ABANDONED, "visitor_ms": after.ms, "error": after.error},
        }


def ask(page: Page, question: str) -> Asked:
    """Asks a question and reads its answer to the end."""
    began, first, places = time.perf_counter(), 0.0, []
    try:
        for message in page.messages(question, uuid4().hex):
            if message["msg"] == "estimation" and message.get("rank") is not None:
                places.append(int(message["rank"]))
            text = json.dumps(message.get("output"), ensure_ascii=False)
            if not first and any(sign in text for sign in _WORDS):
                first = (time.perf_counter() - began) * 1000
    except (httpx.HTTPError, RuntimeError) as error:
        return Asked(0.0, tuple(places), f"{type(error).__name__}: {error}")
    return Asked(first, tuple(places), "" if first else "no text arrived")


def _without_pause(page: Page, questions: Sequence[str], clients: int, seconds: float) -> list[list[Asked]]:
    """The results of each client; a client asks its next question as soon as it has the answer."""
    until = time.monotonic() + seconds

    def one(number: int) -> list[Asked]:
        mine: Iterator[str] = islice(cycle(questions), number * 7, None)
        given = []
        while time.monotonic() < until:
            given.append(ask(page, next(mine)))
        return given

    with ThreadPoolExecutor(clients) as pool:
        return list(pool.map(one, range(clients)))


def _figures(asked: Sequence[Asked]) -> dict[str, Any]:
    answered = [one.ms for one in asked if not one.error] or [float("nan")]
    cut = statistics.quantiles(answered, n=20, method="inclusive") if len(answered) > 1 else answered * 19
    errors = [one.error for one in asked if one.error]
    return {"asked": len(asked), "errors": len(errors), "p50": cut[9], "p95": cut[18], "first": errors[:1]}


def lines(result: dict[str, Any]) -> Iterator[str]:
    """The figures as Markdown rows."""
    yield "| clients | questions | errors | first words, p50 ms | p95 ms | |"
    yield "|---|---|---|---|---|---|"
    said = {
        "one": "",
        "ten": f"{result['ten']['times']:.1f} times one client's; {result['ten']['least']} to {result['ten']['most']} answers per client",
        "forty": f"{result['forty']['told']} saw their queue position",
    }
    for name, more in said.items():
        row = result[name]
        yield f"| {name} | {row['asked']} | {row['errors']} | {row['p50']:.0f} | {row['p95']:.0f} | {more} |"
    gone = result["abandoned"]
    yield ""
    yield f"After {gone['joins']} abandoned questions, a visitor gets the first words in {gone['visitor_ms'] / 1000:.1f} s."
