"""Who writes the answers: quotes, the model of the settings, or one that runs on this machine; and the switch that shows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from types import SimpleNamespace

import pytest
from netports import free_port

from builders import TODAY
from model_servers import model_server, openai_list
from trusted_cloud_chat import library
from trusted_cloud_chat.answering.assistant import Assistant
from trusted_cloud_chat.errors import ChatModelError
from trusted_cloud_chat.models import nearby
from trusted_cloud_chat.models.nearby import Nearby, Server, look
from trusted_cloud_chat.schema import Answer, Coverage
from trusted_cloud_chat.settings import load_settings
from trusted_cloud_chat.web import application, server
from trusted_cloud_chat.web.escaping import ENGLISH, FRENCH
from trusted_cloud_chat.web.handlers import Handlers, Voices, key_of
from trusted_cloud_chat.web.page import switch_shown
from trusted_cloud_chat.web.server import serve_page
from trusted_cloud_chat.wiring import build_written

BLEU = "Quand Bleu sera-t-il qualifié SecNumCloud ?"
BLEU_SAYS = (
    "Bleu sera qualifié SecNumCloud au premier semestre 2026, selon le calendrier que l’entreprise annonce [1][2][3]."
)
MISTRAL = Nearby("Ollama", "mistral:latest", "ollama:mistral:latest", "http://127.0.0.1:11434")
GEMMA = Nearby("LM Studio", "<b>gemma</b>", "openai:<b>gemma</b>", "http://127.0.0.1:1234/v1")


@dataclass(frozen=True)
class Fake:
    """An assistant by the name of its writer."""

    chat_model: str | None = None

    def written_by(self, writer: str | None) -> Fake:
        return Fake(writer)

    def in_mode(self, mode: str | None) -> Fake:
        return {"quotes": Fake(), "chosen": Fake(f"{self.chat_model}, {mode}")}.get(mode or "", self)

    def coverage(self, as_of: object = None) -> Coverage:
        return Coverage(1, 7, 9, None, None)

    def watch(self, watcher: object) -> None:
        pass

    def close(self) -> None:
        pass


def voices(*found: Nearby, configured: str | None = None, built: list[Nearby] | None = None) -> Voices:
    """As after a page was loaded."""

    def write(one: Nearby) -> Fake:
        if built is not None:
            built.append(one)
        return Fake(one.spec)

    ready = Voices(Fake(configured), look=lambda: found, write=write)
    ready.look()
    return ready


@pytest.fixture(autouse=True)
def _installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is installed where the tests run."""
    monkeypatch.setattr(nearby.importlib.util, "find_spec", lambda name: object())


class TestVoices:
    def test_without_a_model_answers_are_quotes(self):
        alone = voices()

        assert (alone.usual, alone.ready) == ("quotes", ())
        assert alone.assistant("quotes", None).chat_model is None
        assert alone.assistant(None, None).chat_model is None

    def test_a_model_found_is_not_used_by_itself_and_built_once_when_it_is_chosen(self):
        built: list[Nearby] = []
        here = voices(MISTRAL, GEMMA, built=built)
        assert (here.usual, here.ready) == ("quotes", (MISTRAL, GEMMA))
        assert here.assistant("quotes", key_of(GEMMA)).chat_model is None
        assert built == []

        written = [here.assistant("written", key_of(GEMMA)) for _ in range(2)]
        assert [one.chat_model for one in written] == [GEMMA.spec] * 2
        assert here.assistant("written", None).chat_model == MISTRAL.spec
        assert built == [GEMMA, MISTRAL]

    @pytest.mark.parametrize("key", ["openai:m http://203.0.113.7/v1", key_of(GEMMA)])
    def test_only_what_was_found_can_be_named(self, key):
        with pytest.raises(ChatModelError, match="no longer found"):
            voices(MISTRAL).assistant("written", key)

    def test_a_model_that_was_stopped_meanwhile_can_still_be_named(self):
        """Its page is open; the writer says what it is told when nobody answers."""
        lists = [[MISTRAL], []]
        here = Voices(Fake(), look=lambda: lists.pop(0), write=lambda one: Fake(one.spec))
        here.look()
        here.look()

        assert here.ready == ()
        assert here.assistant("written", key_of(MISTRAL)).chat_model == MISTRAL.spec

    def test_the_model_of_the_settings_writes_unless_quotes_are_chosen(self):
        named = voices(configured="ollama:m")

        assert named.usual == "written"
        assert named.assistant(None, None).chat_model == named.assistant("written", None).chat_model == "ollama:m"
        assert named.assistant("quotes", None).chat_model is None
        assert named.assistant("chosen", None).chat_model == "ollama:m, chosen"

    def test_what_lacks_its_package_cannot_be_chosen(self, monkeypatch):
        monkeypatch.setattr(nearby.importlib.util, "find_spec", lambda name: None if "ollama" in name else object())

        assert voices(MISTRAL, GEMMA).ready == (GEMMA,)


class TestSwitch:
    def shown(self, here: Voices, strings=FRENCH, model: str | None = None) -> dict[str, object]:
        """What becomes of each part."""
        parts = SimpleNamespace(switch="row", mode="mode", model_says="said", model="model")
        return switch_shown(parts, here, strings, model)

    def test_it_is_hidden_without_a_model(self):
        assert self.shown(voices())["row"]["visible"] is False

    def test_the_model_of_the_settings_is_named(self):
        update = self.shown(voices(configured="ollama:<m>"))

        assert (update["row"]["visible"], update["model"]["visible"]) == (True, False)
        assert update["said"] == '<p lang="fr">Modèle\u00a0: ollama:&#60;m&#62;</p>'

    def test_one_model_found_is_named(self):
        update = self.shown(voices(GEMMA))

        assert (update["row"]["visible"], update["model"]["visible"]) == (True, False)
        assert update["model"]["value"] == key_of(GEMMA)
        assert "&#60;b&#62;gemma&#60;/b&#62; &#40;LM Studio&#41;" in update["said"]

    def test_several_are_a_list_and_what_was_chosen_stays(self):
        update = self.shown(voices(MISTRAL, GEMMA), ENGLISH, key_of(GEMMA))

        assert update["model"]["visible"] is True
        assert [label for label, _ in update["model"]["choices"]] == [
            "mistral:latest (Ollama)",
            "<b>gemma</b> (LM Studio)",
        ]
        assert update["model"]["value"] == key_of(GEMMA)
        assert [label for label, _ in update["mode"]["choices"]] == ["Quotes", "Chosen quotes", "Written"]


class Echo:
    """A writer that stands by its name."""

    name = "ollama:mistral:latest"

    def may_try(self, extractive: Answer) -> bool:
        return True

    def stream(
        self, question: str, query: object, extractive: Answer, turns: Sequence[object] = (), search: object = None
    ) -> Iterator[Answer]:
        yield replace(extractive, chat_model=self.name)


def test_a_page_asks_in_the_mode_that_is_chosen(assistant: Assistant):
    here = Voices(assistant, look=lambda: [MISTRAL], write=lambda _: assistant.written_by(Echo()))
    here.look()
    handlers = Handlers(assistant, voices=here, clock=lambda: TODAY)

    def writer(**chosen: str) -> str | None:
        *_, last = handlers.ask(BLEU, "", (), FRENCH, **chosen)
        return last.exchanges[0].answer.chat_model

    assert writer() is None
    assert writer(mode="quotes") is None
    assert writer(mode="written", model=key_of(MISTRAL)) == Echo.name
    assert assistant.chat_model is None


def test_a_model_that_cannot_be_used_is_a_message(assistant: Assistant):
    handlers = Handlers(assistant, clock=lambda: TODAY)
    *_, last = handlers.ask(BLEU, "", (), FRENCH, mode="written")

    assert last.exchanges[0].status == "failed"
    assert "load the page again" in last.exchanges[0].problem.detail


def test_a_model_found_here_writes_and_gets_no_key_of_the_users(
    assistant: Assistant, embedder, tiny_home, tiny_corpus, monkeypatch
):
    """Whatever listens on the port of a known server: only who was named by the user gets the key of the user."""
    pytest.importorskip("langchain_openai")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-the-user")
    with model_server(openai_list("", "essai"), says=[BLEU_SAYS]) as (port, asked):
        (found,) = look([Server("LM Studio", port)], 5.0)
        written = build_written(load_settings(home=tiny_home, corpus=tiny_corpus), assistant, embedder, found)
        answer = written.ask(BLEU, today=TODAY)

    assert answer.chat_model == "openai:essai"
    assert [request for request in asked if request.startswith("POST")] == ["POST /v1/chat/completions Bearer none"]


def test_a_page_that_others_can_open_offers_nobody_the_models_of_its_machine(monkeypatch):
    """Its user may name one in the settings; a visitor's click is not theirs."""
    monkeypatch.setattr(application, "find_nearby", lambda _: (MISTRAL,))

    assert application.nearby_of(load_settings(host="0.0.0.0")) == ()
    assert application.nearby_of(load_settings()) == (MISTRAL,)


@pytest.mark.parametrize("found", [[], [MISTRAL]])
def test_serve_names_at_its_start_what_runs_here(found, embedder, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))  # `serve` sets it
    monkeypatch.setattr(library, "build_assistant", lambda *_: Fake())
    monkeypatch.setattr(application, "find_nearby", lambda _: tuple(found))
    monkeypatch.setattr(server, "_run", lambda *_: None)
    monkeypatch.setattr(application, "build_application", lambda *_, **__: None)
    serve_page(load_settings(home=tmp_path, corpus=tmp_path, port=free_port()), embedder=embedder)

    said = capsys.readouterr().err
    assert said.count("mistral:latest") == 2 * len(found)
    assert said.strip().endswith(
        "export TCC_CHAT_MODEL=ollama:mistral:latest TCC_CHAT_URL=http://127.0.0.1:11434"
    ) == bool(found)
