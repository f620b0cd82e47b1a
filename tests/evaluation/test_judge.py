"""The optional judge, with scripted replies."""

from __future__ import annotations

import pytest
from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage

from trusted_cloud_chat.errors import UsageError
from trusted_cloud_chat_evaluation.model_runs import judge_result, read_verdict
from trusted_cloud_chat_evaluation.report import summary_lines

CASE = {
    "id": "a", "question": "Où ?", "answerable": True, "refused": False, "expected": ["Rennes", "à Rennes"],
    "answer": "À Rennes. [1]", "quotes": [{"quote": "Ses centres se trouvent à Rennes."}],
}  # fmt: skip
RESULT = {
    "command": "answers", "split": "dev", "run": {"commit": "abc"},
    "cases": [CASE, {**CASE, "id": "b"}, {**CASE, "id": "c", "refused": True}, {**CASE, "id": "d", "answerable": False}],
}  # fmt: skip


def chat(*replies):
    return GenericFakeChatModel(messages=iter([AIMessage(reply) for reply in replies]))


def quiet(_step, _done, _total):
    pass


def test_answers_to_answerable_questions_are_graded():
    replies = ('```json\n{"faithful": true, "responsive": true, "clear": false}\n```', "Je ne sais pas.")
    judged = judge_result(RESULT, chat(*replies), "ollama:x", quiet)

    # two were answered; one reply cannot be read and counts in `unreadable` alone
    assert judged["questions"] == 2
    assert (judged["faithful"], judged["clear"], judged["unreadable"]) == (1.0, 0.0, 0.5)
    assert "answer_correct" not in judged
    assert "evaluate judge, dev: 2 questions" in "\n".join(summary_lines(judged, {}))


@pytest.mark.parametrize("reply", ["", "{}", '{"faithful": "perhaps", "responsive": true, "clear": true}', "{"])
def test_a_reply_that_does_not_fit_is_no_verdict(reply):
    assert read_verdict(reply) is None


def test_only_a_result_with_cases_can_be_judged():
    with pytest.raises(UsageError, match="nothing to judge"):
        judge_result({"command": "answers"}, chat(), "x", quiet)
