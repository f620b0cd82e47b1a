"""The four measures over tiny sets, with the product's own embedder."""

from __future__ import annotations

import json
from datetime import date

import pytest
from sets import DOCUMENTS, write_beir, write_refusal_rows, write_squad

from builders import write_article
from trusted_cloud_chat.evidence.ranking import Selected
from trusted_cloud_chat.schema import Chunk, Passage, Span
from trusted_cloud_chat.settings import load_settings
from trusted_cloud_chat_evaluation.answers_run import measure_answers, rewording_shares
from trusted_cloud_chat_evaluation.cases import Document, SetQuestion, read_beir, read_questions, read_squad
from trusted_cloud_chat_evaluation.matching import is_gold
from trusted_cloud_chat_evaluation.reading_run import measure_reading, measure_retrieval, names_gold
from trusted_cloud_chat_evaluation.refusal_run import make_rows, measure_refusal, read_rows
from trusted_cloud_chat_evaluation.workbench import corpus_bench, make_article


def quiet(_step, _done, _total):
    pass


@pytest.fixture
def settings(evaluation_home, tiny_corpus):
    return load_settings(home=evaluation_home, corpus=tiny_corpus)


def test_retrieval_finds_what_the_judgements_name(tmp_path, settings, embedder):
    folder = write_beir(tmp_path / "tiny", ["q1\td1\t1", "q2\td3\t1"])
    measured = measure_retrieval(settings, embedder, quiet, read_beir(folder))
    figures = measured.figures

    assert (figures["hit@1"], figures["ndcg@10"], figures["recall@100"]) == (1.0, 1.0, 1.0)
    assert (figures["questions"], figures["articles"], figures["passages"]) == (2, 4, 4)
    assert figures["passages_per_second"] > 0
    assert figures["query_ms_p95"] >= figures["query_ms_p50"] > 0
    assert [outcome.id for outcome in measured.outcomes] == ["q1", "q2"]


def test_a_second_run_takes_its_vectors_from_the_cache(tmp_path, settings, embedder):
    folder = write_beir(tmp_path / "tiny", ["q1\td1\t1"])
    measure_retrieval(settings, embedder, quiet, read_beir(folder))
    again = measure_retrieval(settings, embedder, quiet, read_beir(folder)).figures

    assert again["cached_share"] == 1.0
    assert again["hit@1"] == 1.0
    assert not (settings.home / "index").exists()


def test_equal_documents_are_not_merged(tmp_path, settings, embedder):
    folder = write_beir(tmp_path / "tiny", ["q1\td5\t1"])
    twin = {"_id": "d5", "title": DOCUMENTS["d1"][0], "text": DOCUMENTS["d1"][1]}
    with (folder / "corpus.jsonl").open("a") as file:
        file.write(json.dumps(twin) + "\n")
    figures = measure_retrieval(settings, embedder, quiet, read_beir(folder)).figures

    assert figures["articles"] == 5
    assert figures["hit@3"] == 1.0


def test_reading_names_the_sentence_that_holds_the_answer(tmp_path, settings, embedder):
    measured = measure_reading(settings, embedder, quiet, read_squad(write_squad(tmp_path / "squad.json")))
    figures = measured.figures

    assert (figures["within_passage"], figures["first_two_sentences"]) == (1.0, 1.0)
    assert figures["passage_hit@1"] == 1.0
    assert (figures["misplaced_answers"], figures["articles"]) == (1, 3)
    assert 0 < figures["f1"] < 1
    assert figures["exact_match"] == 0.0


def test_a_sentence_is_gold_only_in_the_right_passage():
    text = DOCUMENTS["d1"][1]
    question = SetQuestion("q", "?", Document(_id="c0", text=text), (Span(74, 84),))
    span = Span(text.index("Le contrat"), len(text))

    def named(article_id):
        article = make_article(article_id, "", text)
        chunk = Chunk("x", article_id, article.version, 0, 0, len(text), (span,))
        return [Selected(Passage(chunk, article, 1, 0.5, (0.5,)), span, 1.0)]

    assert names_gold(named("c0"), question) == 1
    assert names_gold(named("c1"), question) == 0
    assert names_gold([], question) == 0


def test_a_quote_of_more_than_sixty_words_is_gold_only_where_the_sentence_is_as_long():
    text = "mot " * 61 + "fin. Court."

    assert is_gold(Span(0, 249), Span(0, 249), text)
    assert not is_gold(Span(0, len(text)), Span(250, 256), text)


def test_refusal_tells_the_row_that_answers_from_the_one_that_does_not(tmp_path, settings, embedder):
    rows = read_rows(write_refusal_rows(tmp_path / "rows.jsonl"))
    measured = measure_refusal(settings, embedder, quiet, rows, name="rows")
    figures = measured.figures

    assert [row.id for row in rows] == ["row1", "row2"]
    assert (figures["hallucination"], figures["error"], figures["sum"]) == (0.0, 0.0, 0.0)
    assert (figures["auc"], figures["answerable"], figures["questions"]) == (1.0, 1, 2)
    assert figures["curve"][0] == {"threshold": 0.0, "hallucination": 1.0, "error": 0.0, "sum": 1.0}


def test_rows_keep_the_answering_passage_or_lose_it(tmp_path, settings, embedder):
    squad = read_squad(write_squad(tmp_path / "squad.json"))
    rows = make_rows(settings, embedder, quiet, squad, passages=2, limit=None, seed=3)
    again = make_rows(settings, embedder, quiet, squad, passages=2, limit=None, seed=3)

    assert rows == again
    assert [row.answerable for row in rows] == [True, False, True]
    contexts = {question.id: question.context.text for question in squad.questions}
    for row in rows:
        texts = [passage.text for passage in row.passages]
        assert len(texts) == 2
        assert (contexts[row.id] in texts) == row.answerable


@pytest.fixture(scope="module")
def answers(evaluation_home, tiny_corpus, embedder, questions):
    settings = load_settings(home=evaluation_home, corpus=tiny_corpus)
    return measure_answers(settings, embedder, quiet, read_questions(questions))


def test_answers_are_measured_over_the_corpus(answers):
    figures = answers.figures

    assert (figures["questions"], figures["answerable"], figures["articles"]) == (4, 3, 6)
    assert (figures["validity"], figures["hallucination"], figures["long_quotes"]) == (1.0, 0.0, 0.0)
    assert (figures["hit@5"], figures["quote_hit@5"], figures["recall@100"]) == (1.0, 1.0, 1.0)
    assert set(figures["by_language"]) == {"fr", "en"}
    assert figures["stored_left_out"] == 0
    assert figures["by_kind"]["out_of_domain"]["right"] == 1.0
    assert "refusal_f1_macro" not in figures["by_kind"]["fact"]
    by_id = {outcome.id: outcome for outcome in answers.outcomes}
    assert by_id["bleu-1"].shares["answer_correct"] == (1.0, 1.0)
    assert by_id["bleu-1"].detail["quotes"][0]["article_id"] == "bleu/jalon-j0"
    assert "Bleu" in by_id["bleu-2"].detail["searched"]


def test_a_question_said_otherwise_is_searched_for_too(answers):
    by_id = {outcome.id: outcome.shares for outcome in answers.outcomes}

    assert by_id["bleu-2"]["follow_up_recall@5"] == by_id["bleu-2"]["standalone_recall@5"] == (1.0, 1.0)
    assert by_id["aws-1"]["french_hit@5"] == by_id["aws-1"]["english_hit@5"] == (1.0, 1.0)
    assert not {"standalone_recall@5", "french_hit@5"} & (by_id["bleu-1"].keys() | by_id["out-1"].keys())
    assert answers.figures["english_hit@5"] == 1.0


def test_the_reworded_question_is_the_one_that_is_searched_for(settings, embedder, questions):
    gold = read_questions(questions)
    (case,) = [c for c in gold.cases if c.id == "aws-1"]
    astray = case.model_copy(update={"translation": "jalon J0 de Bleu"})
    with corpus_bench(settings, embedder, gold.header.today, quiet) as bench:
        shares = rewording_shares(astray, bench, [])
        with bench.index.limited_to(["bleu/jalon-j0"]):
            nothing = rewording_shares(case, bench, ["aws-sovereign-cloud"])

    assert shares["english_hit@5"] == (0.0, 1.0)
    assert (nothing["english_hit@5"], nothing["french_hit@5"]) == ((1.0, 1.0), (0.0, 1.0))


def test_stored_questions_that_are_nearly_asked_are_counted_and_count_for_nothing(tmp_path, evaluation_home, embedder):
    price, other = "Combien coûte le forfait mensuel ?", "Où sont les serveurs ?"
    said = "Le forfait coûte douze euros par mois."
    write_article(tmp_path / "corpus", "offre", said)
    rows = [{"format": 1}, {"quote": said, "questions": [price, other]}, {"absent": ["Qui a fondé la société ?"]}]
    (tmp_path / "corpus/offre.enrichment.jsonl").write_text("\n".join(map(json.dumps, rows)))
    settings = load_settings(home=evaluation_home, corpus=tmp_path / "corpus")
    with corpus_bench(settings, embedder, date(2026, 11, 24), quiet) as bench:
        before = bench.search(price, 1).likeness
        left_out = bench.leave_out(["le forfait mensuel, combien coûte-t-il", "rien de tel"])
        after = bench.search(price, 1).likeness

    assert left_out == 1
    assert {vote.question for vote in before.votes.values()} == {price}
    assert {vote.question for vote in after.votes.values()} == {other}
    assert after.absent == before.absent
