"""How often an answer to a yes-or-no question opens with « Oui » or « Non », and how often that is right.

    PYTHONPATH=scripts python scripts/measure_openings.py [--first N] [--misses] [--json]

Asked are those of `training/validation.jsonl` that have a `verdict`, and those that nothing in the corpus answers and that ask
for a yes or a no: there each opening is wrong. An answer without an opening is neither: it leaves the quote to the reader.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from datetime import date

from known_questions import VALIDATION

from trusted_cloud_chat.answering.assistant import Assistant
from trusted_cloud_chat.schema import Answer
from trusted_cloud_chat.settings import load_settings
from trusted_cloud_chat.text import fold
from trusted_cloud_chat.understanding.asked import kind_of
from trusted_cloud_chat.wiring import build_assistant

_YES = re.compile(r"(?:oui|yes)\b")
_NO = re.compile(r"(?:non|no|pas|not)\b(?! definition)|(?:en|in) [\w ]{4,20}, (?:non|no)\b")


def opening(answer: Answer) -> str:
    """`yes`, `no`, `none` or `refused`."""
    if answer.refused:
        return "refused"
    first = fold(answer.answer.split("\n", 1)[0])
    return "yes" if _YES.match(first) else "no" if _NO.match(first) else "none"


def asked_for(line: dict[str, object]) -> str | None:
    """The verdict of a line, `unsaid` where nothing answers a question for one; None for other questions."""
    verdict = line.get("verdict")
    if verdict is not None:
        return str(verdict)
    polar = line["unanswerable"] is not None and kind_of(fold(str(line["question"]))) == "yes_no"
    return "unsaid" if polar else None


def measure(assistant: Assistant, questions: list[tuple[str, str]], today: date, misses: list[str]) -> Counter[str]:
    """`questions` with the verdict of each."""
    counts: Counter[str] = Counter()
    for question, wanted in questions:
        said = opening(assistant.ask(question, today=today))
        counts["unsaid" if wanted == "unsaid" else "asked"] += 1
        if said in ("yes", "no"):
            right = said == wanted
            counts["right" if right else "wrong_unsaid" if wanted == "unsaid" else "wrong"] += 1
            if not right:
                misses.append(f"{said}, should be {wanted}: {question}")
    return counts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--first", type=int, help="only the first N of them")
    parser.add_argument("--misses", action="store_true", help="print each wrong opening")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    options = parser.parse_args()
    head, *rest = VALIDATION.read_text("utf-8").splitlines()
    today = date.fromisoformat(json.loads(head)["today"])
    questions = [(line["question"], verdict) for line in map(json.loads, rest) if (verdict := asked_for(line))]
    misses: list[str] = []
    counts = measure(build_assistant(load_settings()), questions[: options.first], today, misses)
    if options.json:
        print(json.dumps(dict(counts)))
        return
    print(
        f"{counts['asked']} with an answer: {counts['right']} opened rightly, {counts['wrong']} wrongly; "
        f"{counts['unsaid']} that nothing answers: {counts['wrong_unsaid']} opened"
    )
    if options.misses:
        print("\n".join(misses))


if __name__ == "__main__":
    main()
