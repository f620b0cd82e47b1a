"""The API without its server: who may do what, what is given back, and what clients of OpenAI's are told."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from asking import told
from builders import write_article, write_tiny_corpus
from trusted_cloud_chat.answering.assistant import Assistant
from trusted_cloud_chat.api.application import build_api
from trusted_cloud_chat.api.openai import CHOSEN, MODEL, QUOTES, _continued, cited_in
from trusted_cloud_chat.api.tokens import FORWARDED, Rate, read_tokens
from trusted_cloud_chat.errors import SettingsError
from trusted_cloud_chat.library import OpenAssistant
from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.output.serialise import answer_to_dict
from trusted_cloud_chat.schema import Answer, Query, Turn
from trusted_cloud_chat.settings import load_settings

QUESTION = "Quand S3NS a-t-il été qualifié ?"
MODES = ("quotes", "chosen", "written")
READER, ADMIN = "lecteur-0123456789", "administrateur-0123456789"
HERE, ELSEWHERE = ("127.0.0.1", 50000), ("192.168.1.20", 50000)


@pytest.fixture
def tokens(tmp_path: Path) -> Path:
    file = tmp_path / "tokens"
    file.write_text(f"# who may\n\nreader {READER}\nadmin {ADMIN}\n", "utf-8")
    return file


@pytest.fixture
def opened(tiny_home: Path, tiny_corpus: Path, embedder: Embedder, assistant: Assistant) -> OpenAssistant:
    return OpenAssistant(load_settings(home=tiny_home, corpus=tiny_corpus), embedder, assistant)


@pytest.fixture
def client(opened: OpenAssistant) -> TestClient:
    """A program of this machine, where no tokens are set."""
    return TestClient(build_api(opened), client=HERE)


def as_(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def events(text: str) -> list[tuple[str, Any]]:
    """(name, data) of server-sent events."""
    found = []
    for block in text.strip().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines())
        found.append(
            (fields.get("event", ""), fields["data"] if fields["data"] == "[DONE]" else json.loads(fields["data"]))
        )
    return found


class TestOwn:
    def test_ask(self, client: TestClient, assistant: Assistant) -> None:
        """The object of `ask --json`, whole or as it grows."""
        asked = {"question": "Qui détient S3NS ?", "today": "2026-11-24"}
        given = client.post("/api/v1/ask", json=asked).json()
        sent = client.post("/api/v1/ask", json={**asked, "stream": True})
        *grown, (name, last) = events(sent.text)

        assert given.keys() == answer_to_dict(told(assistant, asked["question"])).keys()
        assert given["outcome"] == "answered"
        assert sent.headers["content-type"].startswith("text/event-stream")
        assert name == "done"
        assert last["answer"] == given["answer"]
        assert all(kind == "answer" and given["answer"].startswith(one["answer"]) for kind, one in grown)

    def test_a_conversation(self, client: TestClient) -> None:
        """A whole object of an earlier answer will do as a turn; a year counts as its last day."""
        before = client.post("/api/v1/ask", json={"question": QUESTION}).json()
        told = client.post("/api/v1/ask", json={"question": "et Outscale ?", "turns": [before], "as_of": "2026"}).json()

        assert "3DS Outscale" in told["answer"]
        assert told["query"]["as_of"] == "2026-12-31"

    @pytest.mark.parametrize(
        "body",
        [{"question": "Qui est \ud800 ?"}, {"question": "et lui ?", "turns": [{"question": "Qui est \ud800 ?"}]},
         {"question": QUESTION, "about": ["\ud800"]}, {"question": QUESTION, "source_types": ["\ud800"]}],
    )  # fmt: skip
    def test_half_a_character_is_told(self, client: TestClient, body: dict[str, Any]) -> None:
        asked = {"content": json.dumps(body).encode(), "headers": {"content-type": "application/json"}}

        assert client.post("/api/v1/ask", **asked).status_code == 400
        assert client.post("/api/v1/search", **asked).status_code == 400

    def test_a_conversation_without_end(self, client: TestClient) -> None:
        turns = [{"question": "Et lui, depuis quand ?", "answer": "x"} for _ in range(20_000)]
        messages = [{"role": "user", "content": "Et lui, depuis quand ?"}] * 20_000
        began = time.process_time()
        asked = client.post("/api/v1/ask", json={"question": "et S3NS ?", "turns": turns})
        completed = client.post("/v1/chat/completions", json={"model": MODEL, "messages": messages})

        assert (asked.status_code, completed.status_code) == (200, 200)
        assert len(asked.json()["query"]["text"]) < 1000
        assert time.process_time() - began < 30

    def test_a_mode(self, opened: OpenAssistant, client: TestClient) -> None:
        asked = {"question": QUESTION, "mode": "chosen"}
        assert "TCC_CHAT_MODEL" in client.post("/api/v1/ask", json=asked).json()["error"]["message"]
        opened.assistant = opened.assistant.written_by(Written())  # type: ignore[arg-type]
        models = [client.post("/api/v1/ask", json={**asked, "mode": mode}).json()["chat_model"] for mode in MODES]
        assert models == [None, "fake:chosen", "fake:written"]

    def test_search(self, client: TestClient) -> None:
        told = client.post("/api/v1/search", json={"question": QUESTION, "k": 2}).json()

        assert [passage["rank"] for passage in told["passages"]] == [1, 2]
        assert told["passages"][0]["article_id"] == "s3ns-qualification"

    def test_articles(self, client: TestClient) -> None:
        """Listed without their texts, in parts; read by an id that holds a slash, in the version that a citation names."""
        listed = client.get("/api/v1/articles", params={"limit": 2, "offset": 1}).json()
        whole = client.get("/api/v1/articles").json()
        assert listed["articles"] == whole["articles"][1:3]
        assert whole["total"] == len(whole["articles"])
        one = next(each for each in whole["articles"] if "/" in each["article_id"])
        read = client.get(f"/api/v1/articles/{one['article_id']}", params={"version": one["version"]}).json()

        assert "jalon J0" in read["text"]
        assert client.get("/api/v1/articles/none").status_code == 404

    @pytest.mark.parametrize(
        ("body", "status"),
        [({"question": ""}, 400), ({"question": "x", "as_of": "hier"}, 400), ({"question": "x", "stream": True, "today": "?"}, 400),
         ({}, 422), ({"question": "x", "asof": "2025"}, 422)],
    )  # fmt: skip
    def test_a_bad_question(self, client: TestClient, body: dict[str, Any], status: int) -> None:
        answer = client.post("/api/v1/ask", json=body)

        assert answer.status_code == status
        assert answer.json()["error"]["message"]

    def test_no_index(self, empty_home: Path, tiny_corpus: Path, embedder: Embedder) -> None:
        with OpenAssistant(load_settings(home=empty_home, corpus=tiny_corpus), embedder) as opened:
            answer = TestClient(build_api(opened), client=HERE).post("/api/v1/ask", json={"question": QUESTION})
        assert (answer.status_code, "trusted-cloud-chat ingest" in answer.text) == (503, True)

    def test_a_fault_in_the_middle(self, opened: OpenAssistant, monkeypatch: pytest.MonkeyPatch) -> None:

        def broken(*_: Any, **__: Any) -> Iterator[Answer]:
            yield Answer(QUESTION, opened.assistant.read(QUESTION).query, "Un début")
            raise RuntimeError("secret")

        monkeypatch.setattr(opened.assistant, "stream", broken)
        sent = TestClient(build_api(opened), client=HERE).post("/api/v1/ask", json={"question": "x", "stream": True})
        (_, first), (name, last) = events(sent.text)

        assert (first["answer"], name) == ("Un début", "error")
        assert "secret" not in str(last)


class TestWhoMay:
    def test_without_tokens(self, opened: OpenAssistant) -> None:
        """This machine asks, whatever token it sends; nobody else does, and nobody ingests."""
        here, elsewhere = (TestClient(build_api(opened), client=one) for one in (HERE, ELSEWHERE))

        assert here.get("/v1/models", headers=as_("any")).status_code == 200
        assert elsewhere.get("/v1/models").status_code == 401
        assert here.post("/api/v1/ingest", json={}, headers=as_(ADMIN)).status_code == 403

    def test_a_form_of_another_page(self, client: TestClient) -> None:
        sent = {"content": json.dumps({"question": QUESTION}), "headers": {"content-type": "text/plain"}}
        assert client.post("/api/v1/ask", **sent).status_code == 422

    def test_with_tokens(self, opened: OpenAssistant, tokens: Path) -> None:
        opened.settings = load_settings(home=opened.settings.home, api_tokens=tokens)
        odd = {"Authorization": "Bearer é".encode("latin-1")}
        here, elsewhere = (TestClient(build_api(opened), client=one) for one in (HERE, ELSEWHERE))

        assert here.get("/v1/models").status_code == here.get("/v1/models", headers=odd).status_code == 401
        assert elsewhere.get("/v1/models", headers=as_(READER)).status_code == 200
        assert elsewhere.post("/api/v1/ingest", json={}, headers=as_(READER)).status_code == 403
        tokens.write_text("", "utf-8")
        assert elsewhere.get("/v1/models", headers=as_(READER)).status_code == 401

    @pytest.mark.parametrize(
        "line", ["root 0123456789abcdef", "reader short", "0123456789abcdef", "reader two words-0123456789"]
    )
    def test_a_file_that_does_not_fit(self, tmp_path: Path, line: str) -> None:
        file = tmp_path / "tokens"
        file.write_text(f"# tokens\n{line}\n", "utf-8")
        with pytest.raises(SettingsError, match="line 2") as told:
            read_tokens(file)
        assert line.split()[-1] not in str(told.value)

    def test_ingest(self, tmp_path: Path, empty_home: Path, embedder: Embedder, tokens: Path) -> None:
        """Of an administrator; the next question sees it. What lies outside the corpus is not read."""
        corpus = write_tiny_corpus(tmp_path / "corpus")
        with OpenAssistant(load_settings(home=empty_home, corpus=corpus, api_tokens=tokens), embedder) as opened:
            client = TestClient(build_api(opened), client=ELSEWHERE, headers=as_(ADMIN))
            added = client.post("/api/v1/ingest", json={}).json()["added"]
            write_article(corpus, "brest", "Le fournisseur Cumulonimbus ouvre un centre à Brest.")
            dry = client.post("/api/v1/ingest", json={"paths": ["brest.md"], "dry_run": True}).json()
            told = client.post("/api/v1/ingest", json={"paths": ["brest.md"]}).json()
            asked = client.post("/api/v1/ask", json={"question": "Où Cumulonimbus ouvre-t-il un centre ?"}).json()
            refused = client.post("/api/v1/ingest", json={"paths": ["../tokens"]})
            fetched = client.post("/api/v1/ingest", json={"urls": ["https://a.example/"]})

        assert len(added) > 4
        assert dry["added"] == told["added"] == ["brest"]
        assert "Brest" in asked["answer"]
        assert (refused.status_code, fetched.status_code) == (400, 400)
        assert "TCC_ALLOW_NETWORK" in fetched.text


class TestDescription:
    def test_it_loads_nothing(self, client: TestClient) -> None:
        page, described = client.get("/api/v1"), client.get("/api/v1/openapi.json").json()

        assert "POST /api/v1/ask" in page.text
        assert "<script" not in page.text
        assert "src=" not in page.text
        assert {"/api/v1/ask", "/v1/chat/completions"} <= set(described["paths"])
        assert described["components"]["securitySchemes"]
        assert client.get("/docs").status_code == client.get("/redoc").status_code == 404


class Written:
    """In place of a language model: says two sentences over the quotes."""

    name = "fake:written"

    def choosing(self) -> Written:
        other = Written()
        other.name = "fake:chosen"
        return other

    def may_try(self, extractive: Answer) -> bool:
        return True

    def stream(
        self, question: str, query: Query, extractive: Answer, turns: Sequence[Turn] = (), search: Any = None
    ) -> Iterator[Answer]:
        written = replace(extractive, chat_model=self.name, evidence=extractive.answer)
        yield replace(written, evidence="")
        for said in ("Un [1].", "Un [1]. Deux [1]."):
            yield replace(written, answer=f"{said}\n\n{extractive.answer}")


class TestAsOpenAI:
    def complete(self, client: TestClient, **fields: Any) -> Any:
        body = {"model": MODEL, "messages": [{"role": "user", "content": QUESTION}], "temperature": 0.2, **fields}
        return client.post("/v1/chat/completions", json=body)

    def test_markers_are_annotated(self, client: TestClient) -> None:
        """The place of each marker, an address that opens, and the citation."""
        message = self.complete(client).json()["choices"][0]["message"]
        for each in message["annotations"]:
            told = each["url_citation"]
            assert message["content"][told["start_index"] : told["end_index"]] == f"[{told['citation']['n']}]"
        assert message["annotations"][0]["url_citation"]["url"] == "https://gazette.example/s3ns"

    def test_what_has_no_address(self, client: TestClient, assistant: Assistant) -> None:
        found = cited_in(told(assistant, "Où se trouvent les centres opérationnels de Bleu ?"), "http://testserver/")
        (url,) = {each["url_citation"]["url"] for each in found}
        assert "Rennes" in client.get(url).json()["text"]

    def test_what_an_article_writes_is_no_marker(self, assistant: Assistant) -> None:
        """« [1] » within a quote is its words."""
        answer = told(assistant, QUESTION)
        (citation,) = answer.citations[:1]
        article = replace(citation.article, text="Un nuage [1] avance.")
        forged = replace(
            answer,
            citations=(replace(citation, article=article, start=0, end=20),),
            answer="« Un nuage [1] avance. » [1]",
        )
        assert [each["url_citation"]["start_index"] for each in cited_in(forged, "")] == [25]

    def test_parts_and_turns(self, client: TestClient) -> None:
        messages = [
            {"role": "system", "content": "Réponds en vers."},
            {"role": "user", "content": [{"type": "text", "text": QUESTION}, {"type": "image_url", "image_url": {}}]},
            {"role": "assistant", "content": "Le 17 décembre 2025."},
            {"role": "user", "content": "et Outscale ?"},
        ]
        assert "3DS Outscale" in self.complete(client, messages=messages).json()["choices"][0]["message"]["content"]

    @pytest.mark.parametrize(
        ("fields", "status"),
        [({"messages": []}, 400), ({"messages": [{"role": "assistant", "content": "x"}]}, 400), ({"model": "gpt-5"}, 404),
         ({"messages": "x"}, 422), ({"stream": True, "messages": []}, 400)],
    )  # fmt: skip
    def test_refused(self, client: TestClient, fields: dict[str, Any], status: int) -> None:
        answer = self.complete(client, **fields)
        assert (answer.status_code, set(answer.json())) == (status, {"error"})

    def test_a_language_model(self, opened: OpenAssistant) -> None:
        """What it writes comes before the quotes, which can be asked for alone."""
        opened.assistant = opened.assistant.written_by(Written())  # type: ignore[arg-type]
        client = TestClient(build_api(opened), client=HERE)
        *chunks, _ = events(self.complete(client, stream=True).text)
        deltas = [chunk["choices"][0]["delta"] for _, chunk in chunks]
        content = "".join(delta.get("content") or "" for delta in deltas)
        quotes = self.complete(client, model=QUOTES).json()["choices"][0]["message"]["content"]

        assert content == f"Un [1]. Deux [1].\n\n{quotes}"
        (cited,) = [delta["annotations"] for delta in deltas if "annotations" in delta]
        assert [one["url_citation"]["start_index"] for one in cited][:2] == [3, 13]
        assert [model["id"] for model in client.get("/v1/models").json()["data"]] == [MODEL, QUOTES, CHOSEN]

    def test_what_is_taken_back(self, assistant: Assistant) -> None:
        """The quotes that stand alone until a model writes come after it; where it begins again, the whole follows at the end."""
        quotes = told(assistant, QUESTION)
        growing = replace(quotes, chat_model="fake:written", timings_ms={})
        assert _continued("", growing) == ""
        written = replace(growing, answer=f"Un.\n\n{quotes.answer}", evidence=quotes.answer)
        assert _continued("", written) == "Un."
        assert _continued("Deux.", written) == ""
        assert _continued("Deux.", quotes) == f"\n\n{quotes.answer}"


class TestFeedback:
    """What readers say of answers: theirs to give, an administrator's to read."""

    @pytest.fixture
    def gated(self, opened: OpenAssistant, tokens: Path, tmp_path: Path) -> TestClient:
        settings = opened.settings.model_copy(update={"api_tokens": tokens, "home": tmp_path})
        return TestClient(build_api(OpenAssistant(settings, opened.embedder, opened.assistant)), client=HERE)

    def test_it_is_given_by_readers_and_listed_for_administrators(self, gated: TestClient, client: TestClient) -> None:
        """About the object of an answer as it was given; the last word on it counts."""
        answer = client.post("/api/v1/ask", json={"question": QUESTION}).json()
        for choice in ("wrong_answer", "right"):
            body = {"answer": answer, "choice": choice, "comment": "Lu deux fois."}
            given = gated.post("/api/v1/feedback", json=body, headers=as_(READER))
        refused = gated.get("/api/v1/feedback", headers=as_(READER))
        listed = gated.get("/api/v1/feedback", headers=as_(ADMIN)).json()

        assert (given.status_code, refused.status_code) == (201, 403)
        assert gated.post("/api/v1/feedback", json=body).status_code == 401
        assert listed["total"] == 1
        (row,) = listed["feedback"]
        assert (row["id"], row["choice"], row["comment"]) == (given.json()["id"], "right", "Lu deux fois.")
        assert row["citations"][0]["quote"] == answer["citations"][0]["quote"]

    @pytest.mark.parametrize(
        "body", [{}, {"choice": "good"}, {"comment": "x" * 2001}, {"answer": {"question": ""}}, {"more": 1}]
    )
    def test_what_does_not_fit_is_refused(self, gated: TestClient, body: dict[str, Any]) -> None:
        whole = {"answer": {"question": "q"}, "choice": "right", **body}
        sent = whole if body else {}

        assert gated.post("/api/v1/feedback", json=sent, headers=as_(READER)).status_code == 422


def test_who_asks_too_often_waits(opened: OpenAssistant) -> None:
    limited = TestClient(build_api(opened, rate=Rate(1)), client=HERE)
    first = limited.post("/api/v1/search", json={"question": QUESTION})
    second = limited.post("/v1/chat/completions", json={"model": MODEL, "messages": []})

    assert (first.status_code, second.status_code) == (200, 429)
    assert 0 < int(second.headers["retry-after"]) <= 60
    assert "ask again in" in second.json()["error"]["message"]
    assert limited.get("/v1/models").status_code == 200


def test_a_request_that_somebody_passed_on_is_not_from_here(opened: OpenAssistant) -> None:
    app = build_api(opened)

    async def passed_on(scope: Any, receive: Any, send: Any) -> None:
        await app({**scope, FORWARDED: True}, receive, send)

    assert TestClient(passed_on, client=HERE).get("/v1/models").status_code == 401
