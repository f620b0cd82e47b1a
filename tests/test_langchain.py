"""Our parts in a LangChain or LangGraph program, and our Chroma collection opened without us."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from langchain_chroma import Chroma
from langchain_core._api import LangChainBetaWarning
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage, HumanMessage
from langchain_core.runnables import RunnableLambda
from langchain_core.tools import create_retriever_tool

from builders import TODAY, found_texts, is_fresh, open_index, run, write_article
from fakes import HashedEmbedder
from processes import ingest_elsewhere
from trusted_cloud_chat import isolation
from trusted_cloud_chat.answering.assistant import Assistant
from trusted_cloud_chat.errors import IndexEmptyError, QuestionError
from trusted_cloud_chat.langchain_adapters import DOCUMENT_PROMPT, AnswerRunnable, PassageRetriever, chroma_options
from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.models.listening import listen
from trusted_cloud_chat.output.reporting import tracing_notice
from trusted_cloud_chat.settings import load_settings

PAGE = Path(__file__).parents[1] / "docs/langchain.md"
QUESTION = "Quand S3NS a-t-il été qualifié ?"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    write_article(
        folder, "un", "Le nuage un avance.", title="Titre un", publisher="Gazette", url="https://a.example/un"
    )
    write_article(folder, "deux", "Le nuage deux recule.", title="Titre deux", date="2024-03")
    return folder


@pytest.fixture
def home(tmp_path: Path, corpus: Path, hashed: HashedEmbedder) -> Path:
    run(tmp_path / "home", corpus, hashed)
    return tmp_path / "home"


def opened(home: Path, embedder: Embedder) -> Chroma:
    return Chroma(**chroma_options(load_settings(home=home), embedder))


class TestCollection:
    def test_chroma_finds_passages_by_itself(self, home: Path, corpus: Path, hashed: HashedEmbedder) -> None:
        """Texts are quotable, labels say whose they are, and a day can be compared."""
        store = opened(home, hashed)

        (first,) = store.similarity_search("le nuage un avance", k=1)
        text = open_index(home, hashed).article("un")
        assert text is not None
        assert first.page_content == text.text[first.metadata["start"] : first.metadata["end"]] == "Le nuage un avance."
        assert {key: first.metadata[key] for key in ("article_id", "version", "title", "publisher", "date", "last_day")} == {
            "article_id": "un", "version": text.version, "title": "Titre un", "publisher": "Gazette",
            "date": "2025-01-15", "last_day": 20250115,
        }  # fmt: skip
        (early,) = store.similarity_search("nuage", k=5, filter={"last_day": {"$lte": 20241231}})
        assert (early.metadata["date"], early.metadata["article_id"]) == ("2024-03", "deux")
        assert "publisher" not in early.metadata
        store._client.close()

    def test_labels_follow(self, home: Path, corpus: Path, hashed: HashedEmbedder) -> None:
        """A label that an article gets or loses changes in the collection, and nothing is embedded."""
        write_article(corpus, "un", "Le nuage un avance.", title="Titre un", source_type="presse")
        hashed.passages.clear()
        run(home, corpus, hashed)
        store = opened(home, hashed)

        found = store.get(where={"article_id": "un"})["metadatas"][0]
        assert (found.get("publisher"), found.get("url"), found["source_type"]) == (None, None, "presse")
        assert hashed.passages == []
        store._client.close()

    def test_labels_that_a_killed_run_owed(self, home: Path, corpus: Path, hashed: HashedEmbedder) -> None:
        """A run killed between the collection and the catalog leaves them to the next one."""
        write_article(corpus, "un", "Le nuage un avance.", title="Titre un", publisher="Revue")
        ingest_elsewhere(home, corpus, die="words-written")
        assert not is_fresh(home, corpus)
        run(home, corpus, hashed)
        store = opened(home, hashed)

        assert store.get(where={"article_id": "un"})["metadatas"][0]["publisher"] == "Revue"
        store._client.close()

    def test_an_open_chroma_does_not_make_us_stale(self, home: Path, corpus: Path, hashed: HashedEmbedder) -> None:
        """Another program's client on the same folder, in this process, shares no state with ours."""
        store, index = opened(home, hashed), open_index(home, hashed)
        assert len(found_texts(index, hashed, "nuage")) == 2
        assert len(store.similarity_search("nuage", k=9)) == 2
        write_article(corpus, "trois", "Le nuage trois arrive.", title="Titre trois")
        ingest_elsewhere(home, corpus)

        near = index.read(lambda s: s.nearest(hashed.encode_queries(["nuage trois"])[0], 9))
        index.close()
        assert len(near) == 3
        store._client.close()

    def test_no_index(self, tmp_path: Path, hashed: HashedEmbedder) -> None:
        with pytest.raises(IndexEmptyError, match="trusted-cloud-chat ingest"):
            chroma_options(load_settings(home=tmp_path / "none"), hashed)


class Listener(BaseCallbackHandler):
    """Remembers each run's kind, its parent's, and what a retriever gave."""

    def __init__(self) -> None:
        self.kinds: dict[Any, str] = {}
        self.runs: list[tuple[str, str | None]] = []
        self.documents: list[Any] = []
        self.ended: list[Any] = []

    def _start(self, kind: str, run_id: Any, parent_run_id: Any) -> None:
        self.kinds[run_id] = kind
        self.runs.append((kind, self.kinds.get(parent_run_id)))

    def on_chain_start(self, *_: Any, run_id: Any, parent_run_id: Any = None, **__: Any) -> None:
        self._start("chain", run_id, parent_run_id)

    def on_chain_end(self, outputs: Any, **_: Any) -> None:
        self.ended.append(outputs)

    def on_retriever_start(self, *_: Any, run_id: Any, parent_run_id: Any = None, **__: Any) -> None:
        self._start("retriever", run_id, parent_run_id)

    def on_retriever_end(self, documents: Any, **_: Any) -> None:
        self.documents += documents

    def on_chat_model_start(self, *_: Any, run_id: Any, parent_run_id: Any = None, **__: Any) -> None:
        self._start("model", run_id, parent_run_id)


class TestRetriever:
    def test_passages_as_documents(self, assistant: Assistant) -> None:
        """The same passages, in the same order, as the assistant's own search; told to a listener once."""
        heard = Listener()
        found = PassageRetriever(assistant=assistant, k=3, today=TODAY).invoke(QUESTION, {"callbacks": [heard]})

        own = assistant.search(QUESTION, 3, today=TODAY)
        assert [d.page_content for d in found] == [passage.text for passage in own.passages]
        assert found[0].metadata["article_id"] == "s3ns-qualification"
        assert found[0].metadata["generation"] == own.generation
        assert heard.runs == [("retriever", None)]

    def test_an_agent_can_cite_and_prefer_the_newest(self, assistant: Assistant) -> None:
        """As a tool with our prompt for documents each passage comes with title, day, address and name."""
        retriever = PassageRetriever(assistant=assistant, k=2, today=TODAY)
        tool = create_retriever_tool(retriever, "articles", "Articles.", document_prompt=DOCUMENT_PROMPT)
        first = retriever.invoke(QUESTION)[0]
        told = tool.invoke({"query": QUESTION})

        assert told.startswith(f"{first.metadata['title']} (")
        assert "[s3ns-qualification]\n" in told
        assert first.page_content in told

    def test_inside_a_chain(self, assistant: Assistant) -> None:
        heard = Listener()
        chain = RunnableLambda(lambda text: text.strip()) | PassageRetriever(assistant=assistant, today=TODAY)
        chain.invoke(f" {QUESTION} ", {"callbacks": [heard]})

        assert [run for run in heard.runs if run[0] == "retriever"] == [("retriever", "chain")]


class TestAnswer:
    def test_the_answer_of_the_command_line(self, assistant: Assistant) -> None:
        """The object of `ask --json`, and its search as a run of its own."""
        heard = Listener()
        asked = {"question": "Qui détient S3NS ?", "today": "2026-11-24"}
        told = AnswerRunnable(assistant).invoke(asked, {"callbacks": [heard]})

        assert told["outcome"] == "answered"
        assert "Thales" in told["answer"]
        assert heard.runs[0] == ("chain", None)
        assert ("retriever", "chain") in heard.runs
        assert told["passages"][0]["text"] in [document.page_content for document in heard.documents]

    def test_as_a_tool(self, assistant: Assistant) -> None:
        tool = AnswerRunnable(assistant).as_tool()

        assert (tool.name, set(tool.args)) == ("trusted_cloud_chat", {"question", "today", "as_of"})
        assert "17 décembre 2025" in tool.invoke({"question": QUESTION, "today": "2026-11-24"})["answer"]
        with pytest.warns(LangChainBetaWarning):
            named = AnswerRunnable(assistant).as_tool(arg_types={"question": str}, name="ask")
        assert (named.name, set(named.args)) == ("ask", {"question"})

    def test_it_grows(self, assistant: Assistant) -> None:
        """A stream's last object is the whole answer, and what a listener is told."""
        heard = Listener()
        asked = {"question": QUESTION, "today": TODAY}
        pieces = list(AnswerRunnable(assistant).stream(asked, {"callbacks": [heard]}))
        whole = AnswerRunnable(assistant).invoke(asked)

        assert pieces[-1]["answer"] == whole["answer"]
        assert pieces[-1]["timings_ms"]
        assert heard.ended[-1] == pieces[-1]

    def test_a_conversation(self, assistant: Assistant) -> None:
        messages = [HumanMessage(QUESTION), AIMessage("Le 17 décembre 2025."), HumanMessage("et Outscale ?")]
        told = AnswerRunnable(assistant).invoke({"messages": messages, "as_of": "2026"})

        assert "3DS Outscale" in told["answer"]

    @pytest.mark.parametrize("asked", [[], [AIMessage("Bonjour.")], {}, {"question": QUESTION, "as_of": "hier"}])
    def test_no_question(self, assistant: Assistant, asked: Any) -> None:
        with pytest.raises(QuestionError):
            AnswerRunnable(assistant).invoke(asked)


def test_a_language_model_is_heard() -> None:
    """The thread that listens to the model tells the handlers of the run that asked."""
    heard = Listener()
    model = GenericFakeChatModel(messages=iter([AIMessage("Bonjour à tous")]))
    asking = RunnableLambda(lambda text: "".join(listen(model, [HumanMessage(text)], 20)))

    assert asking.invoke("?", {"callbacks": [heard]}) == "Bonjour à tous"
    assert heard.runs == [("chain", None), ("model", "chain")]


@pytest.fixture
def _traced(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment that switches a tracer on; what `isolate` overwrites is put back at the end."""
    for name in (*isolation._OFF, *isolation._NO_TELEMETRY, *isolation._TRACERS):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("LANGSMITH_TRACING", "true")
    monkeypatch.setenv("LANGSMITH_ENDPOINT", "https://traces.example")


@pytest.mark.usefixtures("_traced")
@pytest.mark.parametrize(("value", "address"), [("", None), ("0", None), ("1", "https://traces.example")])
def test_a_tracer_listens_only_when_asked(monkeypatch: pytest.MonkeyPatch, value: str, address: str | None) -> None:
    """Whatever the environment says our commands trace nothing, but with `TCC_TRACING`."""
    monkeypatch.setenv("TCC_TRACING", value)
    isolation.isolate()

    assert isolation.traced_to() == address
    assert (tracing_notice("fr") or "").count("https://traces.example") == bool(address)


@pytest.mark.slow
def test_the_examples_of_the_page(tiny_home: Path, tiny_corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What `docs/langchain.md` shows runs as it stands."""
    monkeypatch.setenv("TCC_HOME", str(tiny_home))
    monkeypatch.setenv("TCC_CORPUS", str(tiny_corpus))
    names: dict[str, Any] = {}
    for block in re.findall(r"^```python\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL):
        exec(block, names)

    assert names["passages"][0].metadata["article_id"] == "s3ns-qualification"
    assert "17 décembre 2025" in names["result"]["answer"]
    assert "17 décembre 2025" in names["conversation"]["messages"][-1].text
    assert "J0" in names["nearest"][0].page_content
    names["assistant"].close()
    names["store"]._client.close()
