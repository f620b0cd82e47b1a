"""Conversations as they are kept, and what comes back from a browser, which may be anything."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from samples import HOSTILE, answer, article, citation, done, passage

from trusted_cloud_chat.schema import Article, Cell, Table, TraceLine
from trusted_cloud_chat.web.escaping import ENGLISH, FRENCH
from trusted_cloud_chat.web.export import copied
from trusted_cloud_chat.web.handlers import Exchange, Problem
from trusted_cloud_chat.web.kept import MOST_CHARACTERS, packed, unpacked
from trusted_cloud_chat.web.rendering import messages

BLEU = article("Bleu vise 2026. Le reste attend.")
S3NS = article("S3NS est qualifié depuis 2025.", article_id="s3ns", title="S3NS qualifié")
TALKED = (
    done(answer(citation(1, BLEU, "Bleu vise 2026."), passages=(passage(BLEU), passage(S3NS, rank=2)))),
    Exchange(2, "Et S3NS ?", "stopped"),
    Exchange(3, "???", "failed", problem=Problem("Écrivez d’abord une question.")),
)


def held(article_id: str, version: str) -> Article | None:
    known = {(a.article_id, a.version): a for a in (BLEU, S3NS)}
    return known.get((article_id, version))


def change(value: str, **changes: object) -> str:
    """The kept conversation with other fields in its first answer."""
    read = json.loads(value)
    read["exchanges"][0]["answer"].update(changes)
    return json.dumps(read)


def first(value: str) -> Exchange:
    talk = unpacked(value, held, FRENCH)
    assert talk is not None
    return talk.exchanges[0]


def test_a_conversation_comes_back_as_it_was():
    talk = unpacked(packed("a1", TALKED), held, FRENCH)

    assert talk is not None
    assert (talk.name, talk.exchanges) == ("a1", TALKED)


def test_no_text_of_an_article_is_kept():
    assert "Le reste attend" not in packed("a1", TALKED)
    assert packed("a1", ()) == ""


def test_a_question_that_was_being_answered_comes_back_stopped():
    assert first(packed("a1", [Exchange(1, "Où ?", "searching")])).status == "stopped"


@pytest.mark.parametrize(
    "text",
    ["", "null", "[]", "{}", "{", '{"name": "a1"}', '{"name": "../x", "exchanges": [1]}', '{"name": "a1", "exchanges": []}',
     '{"name": 1, "exchanges": [1]}', "[" * 100_000, "x" * (MOST_CHARACTERS + 1)],
)  # fmt: skip
def test_what_is_no_conversation_is_none(text):
    assert unpacked(text, held, FRENCH) is None


@pytest.mark.parametrize("one", [None, 1, [], {}, {"question": 3}, {"question": "x", "status": "<b>"}, "x"])
def test_what_is_no_exchange_is_a_message(one):
    exchange = first(json.dumps({"name": "a1", "exchanges": [one]}))

    assert (exchange.status, exchange.problem) == ("failed", Problem(FRENCH.not_reopened))


def test_an_answer_whose_article_is_gone_says_so_and_keeps_the_question():
    talk = unpacked(packed("a1", TALKED), lambda *_: None, ENGLISH)

    assert talk is not None
    assert talk.exchanges[0].question == "Où en est Bleu ?"
    assert talk.exchanges[0].problem == Problem(ENGLISH.not_reopened)
    assert talk.exchanges[1:] == TALKED[1:]


def test_a_passage_whose_article_is_gone_is_left_out():
    talk = unpacked(packed("a1", TALKED), lambda name, version: held(name, version) if name == "bleu" else None, FRENCH)

    assert talk is not None
    assert [p.article for p in talk.exchanges[0].answer.passages] == [BLEU]


@pytest.mark.parametrize(
    "changes",
    [
        {"citations": [{"n": 1, "article": {"article_id": "bleu", "version": BLEU.version}, "start": 0, "end": 999}]},
        {"citations": [{"n": 1, "article": {"article_id": "bleu", "version": BLEU.version}, "start": -3, "end": 9}]},
        {"citations": []},
        {"table": {"columns": ["a"], "rows": [[{"text": "x", "citations": [7]}]]}},
        {"citations": [{"n": 1, "article": {"title": "x"}, "start": 0, "end": 9}]},
        {"query": {"text": "x", "language": "<b>", "today": "2026-01-01"}},
        {"query": {"text": "x", "language": "fr", "today": "2026-01-01", "dates": ["<b>"]}},
        {"outcome": "sure"},
    ],
)
def test_an_answer_that_does_not_hold_together_is_a_message(changes):
    assert first(change(packed("a1", TALKED), **changes)).problem == Problem(FRENCH.not_reopened)


def test_rules_of_another_version_are_left_out():
    spoken = replace(TALKED[0].answer, trace=(TraceLine("x", "a.rule.that.was", ""),))

    assert first(packed("a1", [done(spoken)])).answer.trace == ()


def test_html_comes_back_as_text():
    forged = first(change(packed("a1", TALKED), answer=HOSTILE, notices=[HOSTILE]))
    shown = messages([forged], FRENCH)[1]["content"]

    assert "<script" not in shown
    assert "<img" not in shown
    assert 'href="javascript' not in shown


def test_an_answer_is_copied_with_its_sources():
    text = copied(TALKED[0], "text", FRENCH)
    markdown = copied(TALKED[0], "markdown", FRENCH)

    assert text.startswith("Où en est Bleu ?\n\n«\u00a0Bleu vise 2026.\u00a0»")
    assert "Sources\n[1] Bleu avance — Gazette du Nuage, 12\u00a0mars 2026\n    https://gazette.example/bleu" in text
    assert "### Sources" in markdown
    assert "> Bleu vise 2026" in markdown
    assert copied(TALKED[1], "text", FRENCH) == "Et S3NS ?"


def test_a_table_is_copied_as_one():
    table = Table(("Critère", "Bleu"), ((Cell("But"), Cell("Bleu vise 2026.", (1,))),))
    given = replace(
        TALKED[0].answer, table=table, answer="| Critère | Bleu |\n| --- | --- |\n| But | « Bleu vise 2026. » [1] |"
    )

    assert "Bleu vise 2026" in copied(done(given), "text", FRENCH)
    assert "| Critère | Bleu |" in copied(done(given), "markdown", FRENCH)
