"""The commands as a user calls them: what they print where, and the exit status."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from builders import by_the_clock, write, write_article, write_tiny_corpus
from fakes import HashedEmbedder
from model_servers import model_server
from trusted_cloud_chat import cli, wiring
from trusted_cloud_chat.corpus import drafts
from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.models.nearby import Nearby
from trusted_cloud_chat.models.reader import Reader

ROOT = Path(__file__).parents[1]
WHEN = "Quand Bleu sera-t-il qualifié SecNumCloud ?"
ANSWER_KEYS = {
    "question", "query", "language", "answer", "refused", "refusal_reason", "missing", "table", "sentences", "citations",
    "passages", "generation", "chat_model", "timings_ms",
}  # fmt: skip
CITATION_KEYS = {"best", "context", "said_by", "said_on", "translation", "page", "date_estimated", "headings",
    "n", "article_id", "version", "title", "publisher", "date", "url", "source_type", "sources", "quote", "start", "end",
}  # fmt: skip
INGEST_KEYS = {
    "added", "changed", "unchanged", "deleted", "duplicates", "failed", "chunks", "embedded", "generation", "seconds",
}  # fmt: skip
BAD_LINES = {
    b"": "", b"?": "?", b"{": "{", b'{"q": "x"}': '{"q": "x"}', b'{"question": 3}': '{"question": 3}',
    b'{"question": "x", "turns": "y"}': '{"question": "x", "turns": "y"}',
    b'{"question": "Qui ?", "as_of": "hier"}': "Qui ?", b'{"question": ""}': "",
    b'{"question": "\\ud800"}': '{"question": "\\ud800"}',
    "Qui détient S3NS ?".encode("cp1252"): "Qui d\ufffdtient S3NS ?", b"x" * 20_000: "x" * 20_000,
}  # fmt: skip
"""What is no question, and what is told of it as one."""
TIMINGS = {"understand", "embed", "vectors", "lexical", "fuse", "read", "answer", "total"}


class Result:
    def __init__(self, status: int, out: str, err: str) -> None:
        self.status, self.out, self.err = status, out, err

    @property
    def json(self) -> dict[str, Any]:
        """Standard output, which holds one JSON object and nothing else."""
        loaded: dict[str, Any] = json.loads(self.out)
        return loaded


Run = Callable[..., Result]


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in this process, as `trusted-cloud-chat` does: `call("ask", "…", stdin=b"…")`."""

    def run(*arguments: str | Path, stdin: bytes = b"") -> Result:
        monkeypatch.setattr(sys, "argv", ["trusted-cloud-chat", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        capsys.readouterr()
        try:
            cli.main()
        except SystemExit as stop:
            status = 0 if stop.code is None else int(stop.code)
        else:
            status = 0
        out, err = capsys.readouterr()
        return Result(status, out, err)

    return run


@pytest.fixture
def tiny(
    tiny_home: Path, tiny_corpus: Path, embedder: Embedder, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The environment of the tiny corpus, with the embedder and the reader that the session has loaded."""
    monkeypatch.setenv("TCC_HOME", str(tiny_home))
    monkeypatch.setenv("TCC_CORPUS", str(tiny_corpus))
    monkeypatch.setattr(wiring, "build_embedder", lambda *_: embedder)
    monkeypatch.setattr(wiring, "load_reader", lambda *_: reader)


@pytest.fixture
def fresh(tmp_path: Path, reader: Reader, embedder_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A TCC_HOME with nothing but the unpacked models and a corpus of one's own, with the embedder of hashed words; the corpus."""
    corpus = write_tiny_corpus(tmp_path / "corpus")
    (tmp_path / "home").mkdir()
    (tmp_path / "home/models").symlink_to(embedder_home / "models")
    monkeypatch.setenv("TCC_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TCC_CORPUS", str(corpus))
    monkeypatch.setattr(wiring, "build_embedder", lambda *_: HashedEmbedder())
    monkeypatch.setattr(wiring, "identity_of", lambda _: HashedEmbedder().identity)
    monkeypatch.setattr(wiring, "load_reader", lambda *_: reader)
    return corpus


def test_news_is_what_the_facts_say_since_a_day(call: Run, told_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In words and as JSON, without a model; a day that is none is refused."""
    monkeypatch.setenv("TCC_HOME", str(told_home))
    words, told = call("news", "--since", "2025-06"), call("news", "--since", "2025-06", "--json").json

    assert "S3NS (PREMI3NS) : qualifié [Gazette du Nuage, 19 décembre 2025]" in words.out.replace("\u00a0", " ")
    assert [(one["provider"], one["stage"], one["before"]) for one in told["stages"]] == [("S3NS", "qualified", None)]
    assert told["stages"][0]["citation"]["article_id"]
    assert [(one["subject"], one["outcome"]) for one in told["due"]] == [("Bleu", "unknown")]
    assert call("news", "--since", "hier").status == 2


@pytest.mark.usefixtures("tiny")
class TestAsk:
    def test_an_answer_for_people(self, call: Run) -> None:
        """The answer alone goes to standard output, with status 0."""
        result = call("ask", WHEN, "--today", "2026-11-24")

        assert result.status == 0
        assert "au premier semestre 2026" in result.out
        assert "[1] — synthèse du 17\u00a0avril 2025 d’après Clubic" in result.out

    def test_the_json_of_an_answer(self, call: Run) -> None:
        """The keys are the contract's; `query`, sentences, citations and passages too."""
        result = call("ask", WHEN, "--today", "2026-11-24", "--json")
        answer = result.json

        assert result.status == 0
        assert set(answer) >= ANSWER_KEYS
        assert set(answer["query"]) >= {"text", "kind", "entities", "dates", "aliases", "as_of"}
        assert set(answer["timings_ms"]) == TIMINGS
        assert all(set(s) == {"text", "citations", "status", "supported", "reason"} for s in answer["sentences"])
        assert all(set(c) == CITATION_KEYS for c in answer["citations"])
        assert all(set(p) >= {"article_id", "chunk_id", "score", "text", "date", "cited"} for p in answer["passages"])
        assert any(p["cited"] for p in answer["passages"])
        assert (answer["question"], answer["refused"], answer["table"], answer["chat_model"]) == (
            WHEN,
            False,
            None,
            None,
        )
        assert answer["query"]["entities"] == ["Bleu", "SecNumCloud"]

    def test_quotes_are_in_the_article_that_is_printed(self, call: Run) -> None:
        """Offsets of a citation count in what `article` prints, to the character."""
        for citation in call("ask", WHEN, "--json").json["citations"]:
            article = call("article", citation["article_id"], "--version", citation["version"])
            assert article.out[citation["start"] : citation["end"]] == citation["quote"]

    def test_a_refusal_is_an_answer(self, call: Run) -> None:
        """A refusal says why and has status 0."""
        result = call("ask", "Quelle est la capitale du Pérou ?", "--json")

        assert result.status == 0
        assert (result.json["refused"], result.json["refusal_reason"]) == (True, "out_of_domain")
        assert (result.json["citations"], result.json["missing"]) == ([], ["Quelle est la capitale du Pérou ?"])

    @pytest.mark.parametrize("question", ["", "  ", "?", "x" * 20_000])
    def test_no_question(self, call: Run, question: str) -> None:
        """An empty question, or one of 20,000 characters, is status 2 and a message, with nothing on standard output."""
        result = call("ask", question, "--json")

        assert (result.status, result.out) == (2, "")
        assert "question" in result.err
        assert "Traceback" not in result.err

    def test_a_day_is_read_as_the_page_reads_it(self, call: Run) -> None:
        """What people write is accepted; of a day to come it is said that it leaves nothing out."""
        written = call("ask", WHEN, "--as-of", "février 2024", "--json").json["query"]["as_of"]
        to_come = call("ask", WHEN, "--as-of", "2999")

        assert written == "2024-02-29"
        assert to_come.status == 0
        assert to_come.out
        assert "--as-of 2999 is in the future: the whole corpus is read" in to_come.err

    @pytest.mark.parametrize("arguments", [["ask", WHEN, "--today", "hier"], ["search", WHEN, "--as-of", "2024-13"]])
    def test_a_day_that_is_none(self, call: Run, arguments: list[str]) -> None:
        """A wrong day is status 2 and names the value."""
        result = call(*arguments)

        assert (result.status, result.out) == (2, "")
        assert f"{arguments[-1]!r} is not a date" in result.err

    @pytest.mark.parametrize(
        "arguments",
        [["ask"], ["ask", "--batch", WHEN], ["ask", WHEN, "--nope"], ["nope"], ["search"], ["search", WHEN, "-k", "0"]],
    )
    def test_arguments_that_do_not_fit(self, call: Run, arguments: list[str]) -> None:
        """Missing, contradicting and unknown arguments are status 2."""
        result = call(*arguments)

        assert (result.status, result.out) == (2, "")
        assert result.err


@pytest.mark.usefixtures("tiny")
class TestBatch:
    def test_a_line_out_for_each_line_in(self, call: Run) -> None:
        """Plain questions and objects are answered in order, one line each."""
        lines = [
            "Qui détient S3NS ?",
            json.dumps({"question": "Et Outscale ?", "turns": [{"question": "Quand S3NS a-t-il été qualifié ?", "answer": "x"}]}),
            json.dumps({"question": WHEN, "as_of": "2024-02"}),
        ]  # fmt: skip

        result = call("ask", "--batch", stdin="\n".join(lines).encode())
        answers = [json.loads(line) for line in result.out.splitlines()]

        assert result.status == 0
        assert [a["question"] for a in answers] == ["Qui détient S3NS ?", "Et Outscale ?", WHEN]
        assert all(set(answer) >= ANSWER_KEYS for answer in answers)
        assert answers[1]["query"]["entities"] == ["3DS Outscale"]
        assert answers[2]["query"]["as_of"] == "2024-02-29"

    def test_a_byte_order_mark_is_no_part_of_the_first_line(self, call: Run) -> None:
        result = call("ask", "--batch", stdin=b"\xef\xbb\xbf" + json.dumps({"question": WHEN}).encode())

        assert (result.status, json.loads(result.out)["question"]) == (0, WHEN)

    def test_lines_are_independent(self, call: Run) -> None:
        result = call("ask", "--batch", stdin=f"{WHEN}\nEt S3NS ?\n".encode())

        assert json.loads(result.out.splitlines()[1])["query"]["text"] == "Et S3NS ?"

    def test_a_bad_line_does_not_stop_the_others(self, call: Run) -> None:
        """A bad line gives its question and an error; the others are answered, and the status is 1."""
        good = "Qui détient S3NS ?".encode()

        result = call("ask", "--batch", stdin=b"\n".join([good, *BAD_LINES, good]) + b"\n")
        first, *bad, last = (json.loads(text) for text in result.out.splitlines())

        assert result.status == 1
        assert [line["question"] for line in bad] == list(BAD_LINES.values())
        assert all(set(line) == {"question", "error"} and line["error"] for line in bad)
        assert first["citations"] == last["citations"] != []

    def test_keys_that_are_not_read_are_named(self, call: Run) -> None:
        """`history` is no `turns`."""
        line = {"question": "Quand S3NS a-t-il été qualifié ?", "history": [], "id": 3}

        result = call("ask", "--batch", stdin=json.dumps(line).encode())

        assert result.status == 0
        assert json.loads(result.out)["unread"] == ["history", "id"]
        assert "unread" not in json.loads(call("ask", "--batch", stdin=line["question"].encode()).out)

    def test_an_answer_given_may_be_a_turn(self, call: Run) -> None:
        """What `ask --json` prints, with all its keys, is a turn of the next line."""
        before = call("ask", "Quand S3NS a-t-il été qualifié ?", "--json").json

        result = call("ask", "--batch", stdin=json.dumps({"question": "Et Outscale ?", "turns": [before]}).encode())

        assert (result.status, json.loads(result.out)["query"]["entities"]) == (0, ["3DS Outscale"])

    def test_as_of_of_the_command_is_the_default(self, call: Run) -> None:
        """`--as-of` counts for the lines that say nothing of their own."""
        lines = [WHEN, json.dumps({"question": WHEN, "as_of": "2025-12"})]

        result = call("ask", "--batch", "--as-of", "2024-02", stdin="\n".join(lines).encode())

        assert [json.loads(line)["query"]["as_of"] for line in result.out.splitlines()] == ["2024-02-29", "2025-12-31"]

    def test_no_line(self, call: Run) -> None:
        result = call("ask", "--batch")

        assert (result.status, result.out) == (0, "")


@pytest.mark.usefixtures("tiny")
class TestSearchAndArticle:
    def test_search(self, call: Run) -> None:
        """The passages, best first, at most `k`, with how long it took."""
        result = call("search", WHEN, "-k", "2", "--json")

        assert result.status == 0
        assert set(result.json) >= {"passages", "timings_ms"}
        assert len(result.json["passages"]) == 2
        assert set(result.json["passages"][0]) >= {"article_id", "chunk_id", "score", "text", "date", "cited"}
        assert set(result.json["timings_ms"]) == TIMINGS - {"read", "answer"}

    def test_search_for_people(self, call: Run) -> None:
        result = call("search", "Qui détient S3NS ?", "-k", "1")

        assert result.out.startswith("1. [")
        assert "S3NS obtient la qualification SecNumCloud (Gazette du Nuage, 19\u00a0décembre 2025)" in result.out
        assert result.out.rstrip().endswith("s3ns-qualification")

    def test_article(self, call: Run) -> None:
        text = call("article", "bleu-2024-01").out
        article = call("article", "bleu-2024-01", "--json").json

        assert text.startswith("Bleu, la société commune de Capgemini et d’Orange")
        assert article["text"] == text
        assert set(article) >= {
            "article_id", "version", "title", "publisher", "date", "url", "language", "source_type", "sources", "text",
        }  # fmt: skip
        assert (article["date"], article["publisher"]) == ("2024-01", None)

    def test_a_terminal_is_told_nothing(self, call: Run, fresh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Also where an index of before holds what a terminal obeys; JSON holds it escaped."""
        monkeypatch.setattr(drafts, "printable", str)
        write(fresh / "piege.txt", "date 2024 Cumulonimbus est \x1b[31mrouge\x9b0m et \u202etourné.")
        assert call("ingest").status == 0

        for command in (
            ["search", "Cumulonimbus est-il rouge ?"],
            ["ask", "Cumulonimbus est-il rouge ?"],
            ["article", "piege"],
        ):
            result = call(*command)
            assert "rouge0m et tourné" in result.out
            assert not re.search("[\x1b\x9b\u202e]", result.out + result.err)
        result = call("article", "piege", "--json")
        assert not re.search("[\x1b\x9b\u202e]", result.out)
        assert result.json["text"] == "Cumulonimbus est \x1b[31mrouge\x9b0m et \u202etourné."

    @pytest.mark.parametrize(
        ("question", "said"),
        [("Qui détient S3NS ?", "quittent cette machine"), ("Who owns S3NS?", "leave this machine")],
    )
    def test_what_leaves_is_told_in_the_language_of_the_question(
        self, call: Run, monkeypatch: pytest.MonkeyPatch, question: str, said: str
    ) -> None:
        pytest.importorskip("langchain_openai")
        monkeypatch.setenv("TCC_CHAT_MODEL", "openai:x")
        monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
        monkeypatch.setenv("TCC_CHAT_URL", "http://192.0.2.1:9/v1")  # of no machine

        assert said in call("ask", question).err
        assert said not in call("search", question).err, "a search asks no language model"

    def test_a_mode_says_what_a_language_model_does(self, call: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        """It chooses quotes by their numbers and nothing that it writes is shown, or it is not asked at all."""
        pytest.importorskip("langchain_openai")
        with model_server(b"", says=["Voici", " : [1", ".1]."]) as (port, asked):
            monkeypatch.setenv("TCC_CHAT_MODEL", "openai:x")
            monkeypatch.setenv("TCC_CHAT_URL", f"http://127.0.0.1:{port}/v1")
            quotes = call("ask", "Qui détient S3NS ?", "--mode", "quotes", "--json").json
            assert (quotes["chat_model"], asked) == (None, [])
            chosen = call("ask", "Qui détient S3NS ?", "--mode", "chosen", "--json").json

        assert (chosen["chat_model"], len(asked), chosen["notices"]) == ("openai:x", 1, [])
        assert [one["quote"] for one in chosen["citations"]] == [one["text"] for one in chosen["sentences"]]
        assert "Voici" not in chosen["answer"]

    @pytest.mark.parametrize(("mode", "said"), [("chosen", "TCC_CHAT_MODEL"), ("sung", "'sung'")])
    def test_a_mode_that_cannot_be(self, call: Run, mode: str, said: str) -> None:
        told = call("ask", "Qui détient S3NS ?", "--mode", mode)
        assert (told.status, said in told.err) == (2, True)

    @pytest.mark.parametrize("arguments", [["nulle-part"], ["bleu-2024-01", "--version", "0000"]])
    def test_an_article_that_is_not_there(self, call: Run, arguments: list[str]) -> None:
        """An unknown id or version is status 2 and names it."""
        result = call("article", *arguments)

        assert (result.status, result.out) == (2, "")
        assert repr(arguments[-1]) in result.err
        assert "`trusted-cloud-chat list`" in result.err


class TestIngest:
    def test_the_json_of_a_run(self, call: Run, fresh: Path) -> None:
        """The keys are the contract's, and JSON alone goes to standard output."""
        result = call("ingest", "--json")

        assert result.status == 0
        assert set(result.json) >= INGEST_KEYS
        assert (len(result.json["added"]), result.json["generation"]) == (6, 1)

    def test_a_file_that_fails_is_status_1(self, call: Run, fresh: Path) -> None:
        write(fresh / "vide.md", b"")

        result = call("ingest", "--json")

        assert result.status == 1
        assert result.json["failed"] == [
            {"path": "vide.md", "reason": "the file is empty: expected the text of an article"}
        ]
        assert len(result.json["added"]) == 6

    def test_paths(self, call: Run, fresh: Path, tmp_path: Path) -> None:
        call("ingest")
        note = write_article(tmp_path / "notes", "note", "Une note sur le nuage.")

        assert call("ingest", note, "--json").json["added"] == ["note"]
        assert call("ingest", "--json").json["deleted"] == []

    def test_a_dry_run(self, call: Run, fresh: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """What a run would do, without an embedder and without a trace; then the run does it."""

        def told(*arguments: str) -> dict[str, Any]:
            report = call("ingest", "--json", *arguments).json
            return {key: report[key] for key in ("added", "changed", "deleted", "unchanged", "failed", "skipped")}

        with monkeypatch.context() as without:
            without.setattr(wiring, "build_embedder", lambda *_: pytest.fail("an embedder is built"))
            first = call("ingest", "--dry-run")
        assert first.out.startswith("dry run, nothing is written; generation 0: 6 added")
        assert [path.name for path in (tmp_path / "home").iterdir()] == ["models"]

        call("ingest")
        write_article(fresh, "neuf", "Un article neuf.")
        (fresh / "s3ns-qualification.md").unlink()
        foreseen = told("--dry-run")
        assert (foreseen["added"], foreseen["deleted"]) == (["neuf"], ["s3ns-qualification"])
        assert told("--dry-run", "--rebuild") == foreseen
        assert told() == foreseen
        assert call("ingest", "--dry-run", "--json").json["unchanged"] == 6

    def test_much_that_is_gone_is_asked_about(self, call: Run, fresh: Path) -> None:
        """Status 2 and nothing on standard output; a dry run tells it beside its report; `--allow-deletions` goes on."""
        call("ingest")
        for path in list(fresh.rglob("*.md"))[:4]:
            path.unlink()

        stopped, foreseen = call("ingest", "--json"), call("ingest", "--json", "--dry-run")
        done = call("ingest", "--json", "--allow-deletions")

        assert (stopped.status, stopped.out) == (2, "")
        assert "would delete 4 of the 6 articles" in stopped.err
        assert foreseen.status == 2
        assert f"trusted-cloud-chat: {foreseen.json['stopped']}\n" in stopped.err
        assert (done.status, done.json["deleted"], done.json["stopped"]) == (0, foreseen.json["deleted"], None)

    def test_if_needed(self, call: Run, fresh: Path) -> None:
        """With `--if-needed` nothing is read when nothing changed; standard output stays empty."""
        call("ingest")
        again = call("ingest", "--if-needed")
        by_the_clock(fresh, lambda: write_article(fresh, "neuf", "Un article neuf."))
        changed = call("ingest", "--if-needed", "--json")

        assert (again.status, again.out) == (0, "")
        assert "up to date with the corpus" in again.err
        assert changed.json["added"] == ["neuf"]

    def test_another_embedder_is_refused_and_rebuilt(
        self, call: Run, fresh: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Status 3 names the command, and the command works."""
        call("ingest")
        monkeypatch.setattr(wiring, "build_embedder", lambda *_: HashedEmbedder("another"))
        refused = call("ingest")

        assert refused.status == 3
        assert "`trusted-cloud-chat ingest --rebuild`" in refused.err
        assert call("ingest", "--rebuild", "--json").json["embedded"] == 6

    @pytest.mark.parametrize("make", [True, False])
    def test_no_corpus(
        self, call: Run, fresh: Path, monkeypatch: pytest.MonkeyPatch, make: bool, tmp_path: Path
    ) -> None:
        """A corpus that is missing or empty is status 3 and names TCC_CORPUS."""
        folder = tmp_path / "vide"
        if make:
            folder.mkdir()
        monkeypatch.setenv("TCC_CORPUS", str(folder))

        result = call("ingest", "--json")

        assert (result.status, result.out) == (3, "")
        assert "TCC_CORPUS" in result.err
        assert str(folder) in result.err

    def test_a_path_that_is_not_there(self, call: Run, fresh: Path) -> None:
        """A mistyped PATH is status 3 and named."""
        result = call("ingest", fresh / "rien.md")

        assert result.status == 3
        assert "rien.md" in result.err

    def test_a_path_that_is_not_there_beside_one_that_is(self, call: Run, fresh: Path, tmp_path: Path) -> None:
        """The good one is in, the other is a reason; status 1."""
        good = write_article(tmp_path / "ailleurs", "bon", "S3NS est qualifié. Sa filiale recrute à Lyon.")

        result = call("ingest", fresh / "rien.md", good, "--json")

        assert (result.status, result.json["added"]) == (1, ["bon"])
        (failure,) = result.json["failed"]
        assert failure["path"] == "rien.md"
        assert failure["reason"].startswith("no file or folder at ")


class TestTrouble:
    @pytest.mark.parametrize("command", [["ask", WHEN], ["search", WHEN], ["article", "x"], ["ask", "--batch"]])
    def test_nothing_indexed(self, call: Run, fresh: Path, command: list[str]) -> None:
        """Without an index every command is status 3 and names the one that makes it."""
        result = call(*command, stdin=WHEN.encode())

        assert (result.status, result.out) == (3, "")
        assert "`trusted-cloud-chat ingest`" in result.err

    @pytest.mark.parametrize("command", [["ask", WHEN], ["ingest"], ["doctor"]])
    def test_an_unknown_setting(
        self, call: Run, fresh: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
    ) -> None:
        """An unknown TCC_ variable stops every command before it does anything."""
        monkeypatch.setenv("TCC_PASAGES", "3")
        result = call(*command)

        assert result.status == (1 if command == ["doctor"] else 2)
        assert "did you mean TCC_PASSAGES?" in result.err + result.out

    def test_home_under_a_file(self, call: Run, fresh: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A TCC_HOME that cannot be written is status 3 and names the setting."""
        monkeypatch.setenv("TCC_HOME", str(write(tmp_path / "fichier", "x") / "home"))

        result = call("ingest")

        assert result.status == 3
        assert "TCC_HOME" in result.err
        assert "Traceback" not in result.err

    def test_interrupted(self, call: Run, fresh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Control-C is one line that says what becomes of the run, not a traceback, and not status 0."""

        def interrupt(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(wiring, "run_ingest", interrupt)
        result, rebuilt = call("ingest"), call("ingest", "--rebuild")

        stopped = "stopped: a run that has not committed changes nothing"
        assert (result.status, result.err) == (130, f"{stopped}, and the next one continues with what was embedded\n")
        assert (rebuilt.status, rebuilt.err) == (130, f"{stopped}\n")


class TestDoctor:
    @pytest.mark.usefixtures("tiny")
    def test_all_is_well(self, call: Run) -> None:
        """Every check is a line, and the status is 0, also where there is advice; the index tells what it covers."""
        result = call("doctor")

        assert result.status == 0
        assert {line[:4] for line in result.out.splitlines()} == {"ok  ", "note"}
        assert "note addresses: 4 articles (" in result.out
        assert "6 articles" in result.out
        assert "nothing leaves this machine" in result.out

    @pytest.mark.usefixtures("tiny")
    def test_a_model_that_runs_here_is_named(self, call: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        """With the line that would use it; it is not used. Where a model is named, none is looked for."""
        there = [
            Nearby("Ollama", name, f"ollama:{name}", "http://127.0.0.1:11434")
            for name in ("mistral:latest", "qwen3:8b")
        ]
        monkeypatch.setattr(wiring, "look", lambda: there)
        line = call("doctor").out.splitlines()[-1]

        assert line.startswith("ok   on this machine: Ollama runs on this machine with mistral:latest, qwen3:8b.")
        assert line.endswith("export TCC_CHAT_MODEL=ollama:mistral:latest TCC_CHAT_URL=http://127.0.0.1:11434")

        monkeypatch.setenv("TCC_CHAT_MODEL", "ollama:mistral:latest")
        assert "on this machine:" not in call("doctor").out

    @pytest.mark.usefixtures("tiny")
    @pytest.mark.parametrize("command", [["ask", WHEN], ["ingest"]])
    def test_other_commands_do_not_look(self, call: Run, monkeypatch: pytest.MonkeyPatch, command: list[str]) -> None:
        looked: list[int] = []
        monkeypatch.setattr(wiring, "look", lambda: looked.append(1) or ())

        assert call(*command).status == 0
        assert not looked

    @pytest.mark.usefixtures("tiny")
    def test_a_missing_key_is_the_language_models(self, call: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        pytest.importorskip("langchain_openai")
        monkeypatch.setenv("TCC_CHAT_MODEL", "openai:x")
        monkeypatch.delenv("OPENAI_API_KEY", raising=False)
        result = call("doctor")

        assert result.status == 1
        assert "ok   index: " in result.out
        assert "NOT  language model: " in result.out
        assert "OPENAI_API_KEY" in result.out

    def test_what_is_missing_is_told(self, call: Run, fresh: Path) -> None:
        """A check that fails has its message, the others go on, and the status is 1."""
        result = call("doctor")

        assert result.status == 1
        assert "NOT  index: nothing is indexed yet" in result.out
        assert "ok   corpus: 6 files" in result.out

    def test_its_json(self, call: Run, fresh: Path) -> None:
        """Every check with its level, what was found and the command that mends it; what `--fix` did."""
        found = call("doctor", "--json", "--fix").json
        index = next(check for check in found["checks"] if check["name"] == "index")

        assert (found["ok"], found["fixed"]) == (False, [])
        assert (index["level"], index["mend"]) == ("fault", "trusted-cloud-chat ingest")
        assert all(set(check) == {"name", "level", "found", "mend", "detail"} for check in found["checks"])


class TestTransfer:
    def test_out_and_in_again(
        self, call: Run, fresh: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, embedder_home: Path
    ) -> None:
        """Another home answers from the file; into one that has an index it goes with `--replace` alone."""
        file = tmp_path / "tout.zip"
        assert call("ingest").status == 0
        for kept in ("users", "feedback.sqlite3"):
            (tmp_path / "home" / kept).touch()
        told = call("export", file, "--json").json
        assert told["left_behind"] == ["feedback.sqlite3", "users"]
        assert "not in it: feedback.sqlite3, users; to move them" in call("export", tmp_path / "encore.zip").err
        nowhere = call("export", "/proc/x.zip")
        assert (nowhere.status, "cannot be written (No such file or directory): check" in nowhere.err) == (3, True)
        assert (told["articles"], told["generation"], told["embedder"]) == (6, 1, "hashed-words")
        refused = call("export", file)
        assert (refused.status, "already exists" in refused.err) == (2, True)

        monkeypatch.setenv("TCC_HOME", str(tmp_path / "ailleurs"))
        assert call("import", file, "--json").json["replaced"] is False
        assert len(call("list", "--json").json["articles"]) == 6
        again = call("import", file)
        assert (again.status, "--replace" in again.err) == (2, True)
        assert "6 articles" in call("import", file, "--replace").out


def elsewhere(*arguments: str, home: Path, corpus: Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """A command in a process of its own."""
    environment = {**os.environ, "TCC_HOME": str(home), "TCC_CORPUS": str(corpus), "PYTHONUTF8": "1"}
    return subprocess.run(
        [sys.executable, *arguments],
        env=environment,
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )


HEAVY = {"torch", "chromadb", "gradio", "langchain_core", "sentence_transformers", "onnxruntime", "transformers"}
LOADED = f"""
import sys
from trusted_cloud_chat import cli
sys.argv = ["trusted-cloud-chat", *sys.argv[1:]]
status = 0
try:
    cli.main()
except SystemExit as stop:
    status = stop.code
print(sorted({HEAVY} & set(sys.modules)), file=sys.stderr)
sys.exit(status)
"""
"""Runs a command, and says last which heavy libraries it has loaded."""


@pytest.mark.slow
class TestProcesses:
    @pytest.mark.parametrize(
        ("arguments", "status"),
        [
            (["--help"], 0),
            (["ask", "--help"], 0),
            (["--version"], 0),
            (["ask"], 2),
            (["ask", "x", "--today", "y"], 2),
            (["ask", "x"], 3),
            (["ask", "x", "--json"], 3),
            (["search", "x"], 3),
            (["article", "x"], 3),
        ],
    )
    def test_a_fast_path_imports_nothing_heavy(self, arguments: list[str], status: int, tmp_path: Path) -> None:
        """Help, the version, a refused argument and a home without an index are not made to wait for a model, Chroma or the page."""
        done = elsewhere("-c", LOADED, *arguments, home=tmp_path, corpus=tmp_path)

        assert (done.returncode, done.stderr.splitlines()[-1]) == (status, "[]")

    @pytest.mark.parametrize(
        ("arguments", "settings", "status"),
        [
            (["article", "bleu-2024-01"], {}, 0),
            (["article", "nulle-part"], {}, 2),
            (["ask", "x"], {"TCC_EMBEDDER": "another"}, 3),
            (["ask", "x"], {"TCC_CHUNK_TOKENS": "64"}, 3),
            (["ask", "x"], {"TCC_MARKET": "/nulle/part"}, 2),
        ],
    )
    def test_settings_and_index_are_looked_at_before_a_model_loads(
        self,
        arguments: list[str],
        settings: dict[str, str],
        status: int,
        tiny_home: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        done = elsewhere("-c", LOADED, *arguments, home=tiny_home, corpus=tiny_home)

        assert (done.returncode, done.stderr.splitlines()[-1]) == (status, "[]")

    def test_one_question_does_without_what_is_slow_to_load(self, tiny_home: Path) -> None:
        """Chroma and LangChain, whose part the catalog and we can play for one question, and the page."""
        done = elsewhere("-c", LOADED, "ask", WHEN, home=tiny_home, corpus=tiny_home)

        assert (done.returncode, done.stderr.splitlines()[-1]) == (0, "['onnxruntime']")

    def test_the_whole_way(self, embedder_home: Path, tiny_corpus: Path, tmp_path: Path) -> None:
        """`python ingest.py`, then `ask` of the installed command, with the bundled embedder and JSON alone."""
        (tmp_path / "models").symlink_to(embedder_home / "models")
        ingested = elsewhere("ingest.py", "--json", home=tmp_path, corpus=tiny_corpus)
        asked = elsewhere("-m", "trusted_cloud_chat", "ask", WHEN, "--json", home=tmp_path, corpus=tiny_corpus)

        assert (ingested.returncode, asked.returncode) == (0, 0)
        assert json.loads(ingested.stdout)["embedded"] == 6
        assert any("premier semestre 2026" in c["quote"] for c in json.loads(asked.stdout)["citations"])

    @pytest.mark.slow  # that `ingest.py` is the command is told by the whole way
    def test_ingest_py_takes_the_same_arguments(self, embedder_home: Path, tmp_path: Path) -> None:
        """`python ingest.py PATH` is `trusted-cloud-chat ingest PATH`, with its exit status."""
        done = elsewhere("ingest.py", "nulle-part", home=embedder_home, corpus=tmp_path)

        assert done.returncode == 3
        assert "nulle-part" in done.stderr


class TestHoldings:
    def test_list(self, call: Run, fresh: Path, tmp_path: Path) -> None:
        call("ingest")
        note = write_article(tmp_path / "notes", "note", "Une note sur le nuage.", title="Ma note")
        call("ingest", note)

        lines, listed = call("list").out.splitlines(), call("list", "--json").json

        assert f"note  2025-01-15  Ma note  (unknown publisher; by path: {note})" in lines
        assert any(line.startswith("outscale-2019  2019  3DS Outscale, premier qualifié  (Revue") for line in lines)
        assert (listed["generation"], len(listed["articles"])) == (2, 7)
        assert set(listed["articles"][0]) == {
            "article_id", "version", "date", "date_estimated", "title", "publisher", "url", "source_type", "in_corpus", "path",
        }  # fmt: skip

    def test_remove(self, call: Run, fresh: Path, tmp_path: Path) -> None:
        """By id, without an embedder; of what the corpus still has it is said that it comes back."""
        call("ingest")
        call("ingest", write_article(tmp_path / "notes", "note", "Une note sur le nuage."))

        unknown = call("remove", "note", "rien")
        done = call("remove", "note", "health-data-hub")
        again = call("remove", "note", "--forget", "--json")

        assert (unknown.status, "'rien'" in unknown.err) == (2, True)
        assert done.status == 0
        assert f"comes back: {fresh / 'health-data-hub.md'} at the next" in done.out
        assert again.json == {
            "removed": [], "comes_back": [], "forgotten": 1, "alike": [], "feedback": 0, "answers": 0, "generation": 3,
        }  # fmt: skip
        assert call("ingest", "--json").json["added"] == ["health-data-hub"]
        assert len(call("list", "--json").json["articles"]) == 6

    def test_rollback(self, call: Run, fresh: Path) -> None:
        """What the last run did is undone; the next one does it again, and both say so."""
        call("ingest")
        nothing = call("rollback")
        write_article(fresh, "neuf", "Un article neuf.")
        call("ingest")

        done = call("rollback", "--json")

        assert (nothing.status, "no generation before" in nothing.err) == (3, True)
        assert (done.status, done.json["deleted"], done.json["generation"]) == (0, ["neuf"], 3)
        assert "the next `trusted-cloud-chat ingest` brings back" in done.err
        last = call("ingest", "--json").json
        assert last["added"] == ["neuf"]
        assert "restored what the rollback (generation 3) had undone" in last["notices"][-1]["message"]

    @pytest.mark.parametrize("command", [("list",), ("remove", "x"), ("rollback",)])
    def test_nothing_indexed(self, call: Run, fresh: Path, command: tuple[str, ...]) -> None:
        assert call(*command).status == 3
