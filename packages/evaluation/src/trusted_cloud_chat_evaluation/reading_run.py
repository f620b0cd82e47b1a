"""`evaluate retrieval`: search over a set in the BEIR layout. `evaluate reading`: sentence ranking for SQuAD questions, including those that the product refuses."""

from collections.abc import Sequence

from trusted_cloud_chat.evidence.ranking import Selected
from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.settings import Settings
from trusted_cloud_chat_evaluation.aggregate import Measurement, Outcome, Tell, means, some, spread, tracked
from trusted_cloud_chat_evaluation.cases import BeirSet, SetQuestion, SquadSet
from trusted_cloud_chat_evaluation.matching import count_words, exact_match, is_gold, split, token_f1
from trusted_cloud_chat_evaluation.metrics import hit, ranking_scores, recall_curve
from trusted_cloud_chat_evaluation.workbench import Workbench, make_article, set_bench


def measure_reading(
    settings: Settings, embedder: Embedder, tell: Tell, squad: SquadSet, limit: int | None = None
) -> Measurement:
    """Ranks sentences over all contexts, and within the right context alone."""
    articles = [make_article(c.id, c.title, c.text) for c in squad.contexts]
    asked = some(squad.questions, limit)
    with set_bench(settings, embedder, articles, tell) as bench:
        outcomes = [_outcome(bench, question) for question in tracked(asked, "read", tell)]
        latency = bench.query_latency([question.text for question in asked])
    words = spread("quote_words", [o.detail["words"] for o in outcomes if o.detail["words"]], median="median")
    figures = {"set": squad.name, "misplaced_answers": squad.misplaced, **words, **bench.indexing, **latency}
    return Measurement(outcomes, figures, "first_sentence", {q.id: q.text for q in asked})


def _outcome(bench: Workbench, question: SetQuestion) -> Outcome:
    ranked, articles = _named(bench, question.text, bench.settings.passages)
    with bench.index.limited_to([question.context.id]):
        within, _ = _named(bench, question.text, bench.settings.candidates)
    shown = ranked[0].text if ranked else ""
    scores = {
        "first_sentence": names_gold(ranked[:1], question),
        "first_two_sentences": names_gold(ranked[:2], question),
        "within_passage": names_gold(within[:1], question),
        "within_passage_first_two": names_gold(within[:2], question),
        "f1": max(token_f1(shown, answer) for answer in question.answers),
        "exact_match": max(exact_match(shown, answer) for answer in question.answers),
        "passage_hit@1": hit(articles, {question.context.id}, 1),
        "passage_hit@5": hit(articles, {question.context.id}, 5),
    }
    return Outcome(question.id, means(scores), detail={"words": count_words(shown)})


def _named(bench: Workbench, question: str, depth: int) -> tuple[list[Selected], list[str]]:
    """The product's ranking of sentences and of articles."""
    found = bench.search(question, depth)
    passages = found.passages if found else ()
    ranked = bench.assistant.rank_sentences(question, passages, today=bench.today) if passages else []
    return ranked, list(dict.fromkeys(passage.article.article_id for passage in passages))


def names_gold(named: Sequence[Selected], question: SetQuestion) -> float:
    """1 if one of `named` is a sentence of the right passage with a gold answer, else 0."""
    text = question.context.text
    inside = [s.span for s in named if s.passage.article.article_id == question.context.id]
    gold = [s for s in split(text) if any(s.start < span.end and span.start < s.end for span in question.spans)]
    return float(any(is_gold(span, sentence, text) for span in inside for sentence in gold))


def measure_retrieval(
    settings: Settings, embedder: Embedder, tell: Tell, beir: BeirSet, limit: int | None = None
) -> Measurement:
    """A document ranks by its best passage."""
    articles = [make_article(d.id, d.title, d.text) for d in beir.documents]
    asked = {name: beir.queries[name] for name in some(list(beir.queries), limit)}
    with set_bench(settings, embedder, articles, tell) as bench:
        rankings = {
            name: list(dict.fromkeys(passage.article.article_id for passage in bench.search_deep(asked[name])))
            for name in tracked(list(asked), "search", tell)
        }
        latency = bench.query_latency(list(asked.values()))
    outcomes = [Outcome(name, means(ranking_scores(found, beir.gains[name]))) for name, found in rankings.items()]
    curve = recall_curve([(found, beir.gains[name]) for name, found in rankings.items()])
    figures = {"set": beir.name, "recall_curve": curve, **bench.indexing, **latency}
    return Measurement(outcomes, figures, "hit@1", asked)
