"""What the command line prints of an answer."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

from trusted_cloud_chat import progress
from trusted_cloud_chat.commands.articles import _removal_lines
from trusted_cloud_chat.errors import counted
from trusted_cloud_chat.ingestion import Removal
from trusted_cloud_chat.output import terminal
from trusted_cloud_chat.output.reporting import marked, printed_answer
from trusted_cloud_chat.schema import Answer, Cell, Query, Table

TABLE = Table(("Critère", "Bleu", "S3NS"), ((Cell("Dates"), Cell("Bleu vise 2026.", (1,)), Cell("non trouvé")),))
TEXT = (
    "Comparaison :\n\n| Critère | Bleu | S3NS |\n| --- | --- | --- |\n"
    "| Dates | « Bleu vise \\| 2026, au plus tôt au premier semestre. » [1] | non trouvé |\n\n- [1] — Gazette, 2026"
)
ANSWER = Answer("Compare", Query("Compare", "fr", date(2026, 11, 24)), TEXT, table=TABLE)


def test_a_table_is_drawn_in_columns() -> None:
    lines = list(printed_answer(ANSWER, 80))

    assert all(len(line) <= 80 for line in lines)
    assert lines[2].split() == ["Critère", "Bleu", "S3NS"]
    assert any(line.startswith("Dates") and "non trouvé" in line for line in lines)
    assert "« Bleu vise | 2026, au plus" in "\n".join(lines)
    assert "---" not in "\n".join(lines)
    assert lines[-1] == "- [1] — Gazette, 2026"


def test_a_narrow_terminal_gets_its_cells_one_below_the_other() -> None:
    lines = list(printed_answer(ANSWER, 40))

    assert lines[2:5] == [
        "Dates",
        "  Bleu: « Bleu vise | 2026, au plus tôt au premier semestre. » [1]",
        "  S3NS: non trouvé",
    ]


def test_one_of_a_thing_is_not_many() -> None:
    assert [counted(count, "version") for count in (0, 1, 2)] == ["0 versions", "1 version", "2 versions"]
    assert "forgotten: 1 version; " in "\n".join(_removal_lines(Removal(forgotten=1), server=""))


def test_an_answer_without_a_table_is_its_text() -> None:
    plain = Answer("q", ANSWER.query, "Un.\n\n| Deux |")

    assert "\n".join(printed_answer(plain, 80)) == plain.answer


@pytest.mark.parametrize(("bold", "shown"), [(False, "Oui. [1]"), (True, "\x1b[1mOui.\x1b[22m [1]")])
def test_a_marked_line_is_bold_on_a_terminal_and_plain_elsewhere(bold: bool, shown: str) -> None:
    assert marked("**Oui.** [1]\n\n2 ** 8", bold=bold) == f"{shown}\n\n2 ** 8"


def test_where_no_bar_can_be_drawn_a_line_says_now_and_then_how_far_it_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(terminal, "_A_LINE_EVERY_S", 0.0)
    told = {}
    for lines in (True, False):
        with terminal.progress_bars(lines=lines) as tell:
            tell("embed", 3, 12)
        told[lines] = capsys.readouterr().err.strip()

    assert told == {True: "embed: 3 of 12", False: ""}


def test_how_long_a_step_takes_is_told_as_soon_as_it_is_known(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = [0.0]
    monkeypatch.setattr(progress, "time", SimpleNamespace(monotonic=lambda: now[0]))
    with terminal.progress_bars(lines=True) as tell:
        for seconds, done in ((0.0, 1000), (2.0, 1200), (3.0, 1300)):
            now[0] = seconds
            tell("embed", done, 100_034)

    assert capsys.readouterr().err.splitlines() == ["embed: 1300 of 100034, about 16\u00a0min left"]


def test_a_bar_says_it_too_however_far_apart_the_news_are(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = [0.0]
    monkeypatch.setattr(progress, "time", SimpleNamespace(monotonic=lambda: now[0]))
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "80")
    with terminal.progress_bars() as tell:
        tell("rebuild vectors and words from the catalog, 1,304 chunks, about 4 s", 1, 1)
        for seconds, done in ((0.0, 0), (60.0, 100), (120.0, 200)):
            now[0] = seconds
            tell("embed", done, 600)

    assert "about 4\u00a0min left" in capsys.readouterr().err
