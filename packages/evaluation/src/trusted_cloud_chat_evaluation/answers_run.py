"""`evaluate answers`: asks the questions of the gold set over the corpus and scores each answer."""

import sys
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from trusted_cloud_chat.answering.assistant import Assistant
from trusted_cloud_chat.errors import QuestionError
from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.output.serialise import citation_to_dict
from trusted_cloud_chat.schema import Answer, Citation, Sentence, Turn
from trusted_cloud_chat.settings import Settings
from trusted_cloud_chat_evaluation.aggregate import Measurement, Outcome, Share, Tell, by_group, means, spread, tracked
from trusted_cloud_chat_evaluation.cases import Case, QuestionFile
from trusted_cloud_chat_evaluation.matching import LONGEST_QUOTE, OVERLAP, count_words, holds, token_f1
from trusted_cloud_chat_evaluation.metrics import hit, ranking_scores, recall, recall_curve, share
from trusted_cloud_chat_evaluation.refusal_run import refusal_detail, refusal_figures, refusal_shares
from trusted_cloud_chat_evaluation.workbench import Workbench, corpus_bench


def measure_answers(
    settings: Settings,
    embedder: Embedder,
    tell: Tell,
    questions: QuestionFile,
    split: str | None = None,
    examples: Sequence[Case] = (),
) -> Measurement:
    """Asks `questions` over the corpus, twice if a chat model is set (with and without it), and the `examples` of the chat page and the README."""
    cases, outcomes, rankings = questions.cases, [], []
    with corpus_bench(settings, embedder, questions.header.today, tell) as bench:
        asked = [text for case in cases for text in (case.question, case.standalone, case.translation) if text]
        left_out = bench.leave_out(asked)
        bench.ask(cases[0].question)
        for case in tracked(cases, "ask", tell):
            outcome, articles = _ask(bench, case)
            outcomes.append(outcome)
            if articles is not None:
                rankings.append((articles, case.relevant))
        right = [_right_example(bench, case) for case in examples]
    figures: dict[str, Any] = {
        "split": split,
        "today": questions.header.today.isoformat(),
        **refusal_figures(outcomes, settings),
        **lengths(outcomes),
        **({"examples_right": sum(right) / len(right)} if right else {}),
        "recall_curve": recall_curve(rankings),
        **bench.indexing,
        "stored_left_out": left_out,
        **spread("ms", [o.detail["ms"] for o in outcomes]),
        **{f"by_{group}": by_group(outcomes, group) for group in ("kind", "language")},
    }
    if settings.chat_model:
        without = settings.model_copy(update={"chat_model": ""})
        quotes = writing_figures(measure_answers(without, embedder, tell, questions, split).outcomes)
        both = {name: {"quotes": quotes[name], "written": x} for name, x in writing_figures(outcomes).items()}
        figures |= {"written": both, "quotes_instead": quotes_instead(outcomes)}
    return Measurement(outcomes, figures, "right", {case.id: case.question for case in cases})


def _ask(bench: Workbench, case: Case) -> tuple[Outcome, list[str] | None]:
    """The outcome, and the ranked article ids; None for a case without relevant articles."""
    turns = [Turn(turn.question, turn.answer) for turn in case.turns]
    answer, times = ask_and_time(bench, case, turns)
    shares = answer_shares(case, answer, bench.assistant)
    articles = None
    if case.answerable and case.relevant:
        passages = bench.search_deep(case.question, turns, case.as_of)
        articles = list(dict.fromkeys(p.article.article_id for p in passages))
        shares |= means(ranking_scores(articles, dict.fromkeys(case.relevant, 1.0)))
        if gold := located(case, bench):
            chunks = [p.chunk.chunk_id for p in passages]
            shares |= means(ranking_scores(chunks, dict.fromkeys(gold, 1.0), "quote_"))
        shares |= rewording_shares(case, bench, articles)
    return Outcome(case.id, shares, _detail(case, answer, times)), articles


def _right_example(bench: Workbench, case: Case) -> bool:
    answer = bench.ask(case.question)
    quotes = [citation.quote for citation in answer.citations] if answer and answer.outcome == "answered" else []
    right = any(holds(quote, accepted) for quote in quotes for accepted in case.answers)
    if not right:
        print(f"example answered incorrectly: {case.question}", file=sys.stderr)
    return right


def rewording_shares(case: Case, bench: Workbench, articles: list[str]) -> dict[str, Share]:
    """Scores of a case's rewordings: the self-contained follow-up, the question in the other language."""

    def found(question: str) -> list[str]:
        passages = bench.search_deep(question, as_of=case.as_of)
        return list(dict.fromkeys(passage.article.article_id for passage in passages))

    scores: dict[str, float] = {}
    if case.standalone:
        scores["follow_up_recall@5"] = recall(articles, case.relevant, 5)
        scores["standalone_recall@5"] = recall(found(case.standalone), case.relevant, 5)
    if case.translation:
        other = found(case.translation)
        french, english = (articles, other) if case.language == "fr" else (other, articles)
        scores["french_hit@5"] = hit(french, case.relevant, 5)
        scores["english_hit@5"] = hit(english, case.relevant, 5)
    return means(scores)


def _detail(case: Case, answer: Answer | None, times: dict[str, float]) -> dict[str, Any]:
    cited = map(citation_to_dict, answer.citations if answer else ())
    by_model = answer is not None and bool(answer.evidence)
    return {
        **{name: getattr(case, name) for name in ("kind", "language", "split", "question")},
        **refusal_detail(case.answerable, answer),
        "expected": case.refusal or list(case.answers),
        "ms": round(times["whole"], 3),
        "first_ms": round(times["first"], 3),
        "said": bool(answer and any(holds(answer.answer, accepted) for accepted in case.answers)),
        "by_model": by_model,
        "instead": answer.notices[-1] if answer and answer.notices and not by_model else "",
        "statuses": Counter(map(_kind, answer.sentences)) if answer and by_model else {},
        "searched": answer.query.text if answer else "",
        "answer": answer.answer if answer else "",
        "quotes": [{key: citation[key] for key in ("article_id", "date", "quote")} for citation in cited],
    }


def lengths(outcomes: Sequence[Outcome]) -> dict[str, float | None]:
    """Words per quote and per answer (all its quotes): median and p95."""
    quotes = [[count_words(q["quote"]) for q in o.detail["quotes"]] for o in outcomes if not o.detail["refused"]]
    each = [count for words in quotes for count in words]
    whole = [sum(words) for words in quotes if words]
    return {**spread("quote_words", each, "median"), **spread("answer_words", whole, "median")}


def answer_shares(case: Case, answer: Answer | None, assistant: Assistant) -> dict[str, Share]:
    outcome = answer.outcome if answer else "refused"
    quotes = [c.quote for c in answer.citations] if answer and outcome != "refused" else []
    shown = any(holds(quote, accepted) for quote in quotes for accepted in case.answers)
    told = outcome == "answered" or (outcome == "nearest" and case.answerable and shown)
    shares = {
        **refusal_shares(case.answerable, outcome=outcome, told=told),
        **confusion_shares(case.answerable, refused=not told),
        "long_quotes": (float(sum(count_words(q) > LONGEST_QUOTE for q in quotes)), float(len(quotes))),
        **validity_shares(answer.citations if answer else (), assistant),
        **stale_shares(case, quotes),
    }
    if case.answerable:
        shares |= citation_shares(case, quotes)
        shares["right"] = shares["answer_correct"]
    elif not told and answer:
        shares |= means({"refusal_reason_correct": float(answer.refusal_reason == case.refusal)})
    return shares


def confusion_shares(answerable: bool, *, refused: bool) -> dict[str, Share]:
    """Precision, recall and F1 of refusals and F1 of answers, each as a (numerator, denominator) that can be summed."""
    due, undue = float(refused and not answerable), float(refused and answerable)
    missed, kept = float(not refused and not answerable), float(not refused and answerable)
    return {
        "refusal_precision": (due, due + undue),
        "refusal_recall": (due, due + missed),
        "refusal_f1": (2 * due, 2 * due + undue + missed),
        "answered_f1": (2 * kept, 2 * kept + undue + missed),
    }


def citation_shares(case: Case, quotes: Sequence[str]) -> dict[str, Share]:
    """Citation metrics of an answerable case. A quote of more than 60 words matches nothing."""
    usable = [quote for quote in quotes if count_words(quote) <= LONGEST_QUOTE]
    gold = [quote.quote for quote in case.quotes]
    matching = [quote for quote in usable if any(token_f1(quote, g) >= OVERLAP for g in gold)]
    found = [g for g in gold if any(token_f1(quote, g) >= OVERLAP for quote in usable)]
    scores = {"answer_correct": float(any(holds(quote, answer) for quote in usable for answer in case.answers))}
    if gold:
        scores["citation_recall"] = len(found) / len(gold)
    if quotes:
        scores["citation_precision"] = len(matching) / len(quotes)
    return means(scores)


def validity_shares(citations: Sequence[Citation], assistant: Assistant) -> dict[str, Share]:
    """`validity`: share of the quotes that equal the stored text at their offsets."""
    valid = 0
    for cited in citations:
        stored = assistant.article(cited.article.article_id, cited.article.version)
        valid += bool(cited.quote and stored and stored.text[cited.start : cited.end] == cited.quote)
    return {"validity": (float(valid), float(len(citations)))}


def stale_shares(case: Case, quotes: Sequence[str]) -> dict[str, Share]:
    """`stale`: the first quote holds an outdated state and no accepted answer; for cases that list outdated states."""
    if not case.stale:
        return {}
    first = quotes[0] if quotes else ""
    outdated = any(holds(first, state) for state in case.stale)
    return means({"stale": float(outdated and not any(holds(first, answer) for answer in case.answers))})


def located(case: Case, bench: Workbench) -> list[str]:
    """Ids of the chunks that contain at least half of a gold quote."""
    found = []
    for gold in case.quotes:
        article = bench.assistant.article(gold.article_id)
        if article is None or (start := article.text.find(gold.quote)) < 0:
            continue
        end = start + len(gold.quote)
        overlaps = ((chunk, min(chunk.end, end) - max(chunk.start, start)) for chunk in bench.chunks_of(article))
        found += [chunk.chunk_id for chunk, shared in overlaps if 2 * shared >= end - start]
    return found


STATUSES = ("proved", "unproved", "contradicted", "unsourced", "hinted")
"""Statuses of sentences other than headings; `unsourced` and `hinted` are kinds of `unproved`."""


def ask_and_time(bench: Workbench, case: Case, turns: Sequence[Turn]) -> tuple[Answer | None, dict[str, float]]:
    """The final answer, and the milliseconds until the `first` text (the chat model's, if it writes) and the `whole` answer."""
    started = time.perf_counter()
    first: dict[bool, float] = {}
    answer = None
    with suppress(QuestionError):
        for answer in bench.assistant.stream(case.question, turns=turns, today=bench.today, as_of=case.as_of):
            if answer.answer:
                first.setdefault(bool(answer.evidence), (time.perf_counter() - started) * 1000)
    whole = (time.perf_counter() - started) * 1000
    return answer, {"first": first.get(True, first.get(False, whole)), "whole": whole}


def writing_figures(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """The figures compared between answers with and without a chat model."""
    details = [outcome.detail for outcome in outcomes]
    answerable = [detail for detail in details if detail["answerable"]]
    others = [detail for detail in details if not detail["answerable"]]
    written = [detail for detail in details if detail["by_model"]]
    statuses: Counter[str] = sum((Counter(detail["statuses"]) for detail in written), Counter())
    claims = sum(statuses[status] for status in STATUSES)
    return {
        "said": share(sum(detail["said"] for detail in answerable), len(answerable)),
        "refused_wrongly": share(sum(detail["refused"] for detail in answerable), len(answerable)),
        "refused_rightly": share(sum(detail["refused"] for detail in others), len(others)),
        "by_model": share(len(written), len(details)),
        "sentences": claims,
        **{status: share(statuses[status], claims) for status in STATUSES},
        **spread("first_ms", [detail["first_ms"] for detail in written or details]),
        **spread("ms", [detail["ms"] for detail in written or details]),
    }


def quotes_instead(outcomes: Sequence[Outcome]) -> dict[str, int]:
    """Notice shown instead of the model's text → number of questions."""
    return Counter(told for outcome in outcomes if (told := outcome.detail["instead"]))


def _kind(sentence: Sentence) -> str:
    if sentence.status != "unproved" or not sentence.reason:
        return sentence.status
    return "hinted" if sentence.citations else "unsourced"
