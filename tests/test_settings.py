from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from trusted_cloud_chat.errors import SettingsError
from trusted_cloud_chat.isolation import isolate
from trusted_cloud_chat.settings import Settings, load_settings

README = Path(__file__).parents[1] / "README.md"


class TestEnvironment:
    def test_defaults(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Without any variable: the platform's data folder, the checkout's corpus, the bundled embedder, no model."""
        monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))

        settings = load_settings()

        assert settings.home == tmp_path / "trusted-cloud-chat"
        assert settings.corpus == README.parent / "corpus"
        assert (settings.embedder, settings.chat_model, settings.host) == ("multilingual-e5-small", "", "127.0.0.1")

    def test_a_variable_is_read(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Each knob is its name in capitals after `TCC_`."""
        monkeypatch.setenv("TCC_PASSAGES", "3")

        assert load_settings().passages == 3

    def test_an_argument_comes_before_a_variable(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """What the command line gives wins; what it leaves out (None) does not."""
        monkeypatch.setenv("TCC_PORT", "9000")

        assert load_settings(port=9001).port == 9001
        assert load_settings(port=None).port == 9000

    @pytest.mark.parametrize("name", sorted(Settings.model_fields))
    def test_an_empty_variable_is_not_set(self, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
        """`TCC_X=` means the default: an empty home is never the current folder."""
        default = getattr(load_settings(), name)
        monkeypatch.setenv(f"TCC_{name.upper()}", "")

        assert getattr(load_settings(), name) == default

    def test_a_setting_of_the_release_before_is_told_and_no_error(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("TCC_UNSUPPORTED", "strike")
        monkeypatch.setenv("TCC_JUDGE_MODEL", "ollama:x")
        load_settings()
        load_settings()

        told = capsys.readouterr().err
        assert told.count("TCC_UNSUPPORTED has no effect any more") == told.count("TCC_JUDGE_MODEL has no effect") == 1

    def test_paths_become_absolute(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        """A relative path counts from the folder of the start, `~` is the user's."""
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("HOME", str(tmp_path / "moi"))
        monkeypatch.setenv("TCC_HOME", "~/etat")
        monkeypatch.setenv("TCC_CORPUS", "textes")

        settings = load_settings()

        assert (settings.home, settings.corpus) == (tmp_path / "moi/etat", tmp_path / "textes")

    def test_settings_do_not_change(self) -> None:
        """Settings are built once."""
        with pytest.raises(ValueError, match="frozen"):
            load_settings().port = 1  # type: ignore[misc]


class TestRefusals:
    @pytest.mark.parametrize(
        ("variable", "hint"),
        [("TCC_CHATMODEL", "did you mean TCC_CHAT_MODEL?"), ("tcc_corps", "did you mean TCC_CORPUS?"),
         ("TCC_MODEL", "did you mean TCC_CHAT_MODEL?"), ("TCC_QWXYZ_123", "known ones are TCC_ALIASES, TCC_ALLOW"),
         ("TCC_FOO", "known ones are "), ("TCC_DEBUG", "known ones are "), ("TCC_", "known ones are ")],
    )  # fmt: skip
    def test_an_unknown_variable(self, monkeypatch: pytest.MonkeyPatch, variable: str, hint: str) -> None:
        """A `TCC_` variable that does not exist is an error with the nearest name, never silently ignored."""
        monkeypatch.setenv(variable, "x")

        with pytest.raises(SettingsError) as caught:
            load_settings()
        assert f"unknown setting {variable}" in str(caught.value)
        assert hint in str(caught.value)

    @pytest.mark.parametrize(
        ("variable", "value"),
        [
            ("TCC_PORT", "0"), ("TCC_PORT", "65536"), ("TCC_PORT", "http"), ("TCC_THREADS", "0"), ("TCC_THREADS", "65"),
            ("TCC_CHUNK_TOKENS", "31"), ("TCC_CHUNK_TOKENS", "481"), ("TCC_CANDIDATES", "9"), ("TCC_PASSAGES", "0"),
            ("TCC_REFUSAL_THRESHOLD", "1.01"), ("TCC_REFUSAL_THRESHOLD", "-0.1"), ("TCC_CHAT_TIMEOUT_S", "0"),
            ("TCC_REQUIRE_DATES", "peut-être"), ("TCC_CHAT_MODEL", "mistral"), ("TCC_CHAT_MODEL", "inconnu:x"),
            ("TCC_CHAT_MODEL", "ollama:"),
        ],
    )  # fmt: skip
    def test_a_value_out_of_bounds(self, monkeypatch: pytest.MonkeyPatch, variable: str, value: str) -> None:
        """A value that does not fit is refused with its variable and the value itself."""
        monkeypatch.setenv(variable, value)

        with pytest.raises(SettingsError) as caught:
            load_settings()
        assert variable in str(caught.value)
        assert value in str(caught.value)

    def test_every_mistake_is_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Two wrong values are two lines."""
        monkeypatch.setenv("TCC_PORT", "0")
        monkeypatch.setenv("TCC_PASSAGES", "0")

        with pytest.raises(SettingsError) as caught:
            load_settings()
        assert len(str(caught.value).splitlines()) == 2

    @pytest.mark.parametrize("provider", ["ollama", "mistral", "openai", "anthropic", "google", "gguf"])
    def test_every_provider_is_accepted(self, monkeypatch: pytest.MonkeyPatch, provider: str) -> None:
        """The providers of the contract, with names that hold a colon too."""
        monkeypatch.setenv("TCC_CHAT_MODEL", f"{provider}:modele:7b")

        assert load_settings().chat_model == f"{provider}:modele:7b"


def test_settings_are_documented(monkeypatch: pytest.MonkeyPatch) -> None:
    """`docs/settings.md` is what `scripts/document.py` makes of the class, and the README names no other setting."""
    monkeypatch.syspath_prepend(README.parent / "scripts")
    import document

    page = (README.parent / "docs" / "settings.md").read_text("utf-8")
    named = set(re.findall(r"TCC_[A-Z_]+[A-Z]", README.read_text("utf-8")))

    assert document.between_markers(page, document.settings_table()) == page
    assert named <= {f"TCC_{name.upper()}" for name in Settings.model_fields}
    assert "| `TCC_PASSAGES` | `8` | from 1 to 50 |" in page


@pytest.mark.parametrize(
    ("variable", "off"),
    [
        ("LANGSMITH_TRACING", "false"), ("LANGCHAIN_TRACING_V2", "false"), ("ANONYMIZED_TELEMETRY", "False"),
        ("GRADIO_ANALYTICS_ENABLED", "False"), ("HF_HUB_OFFLINE", "1"), ("TRANSFORMERS_OFFLINE", "1"),
        ("HF_HUB_DISABLE_TELEMETRY", "1"), ("ORT_DISABLE_TELEMETRY", "1"), ("OTEL_SDK_DISABLED", "true"),
    ],
)  # fmt: skip
def test_nothing_leaves_whatever_the_environment_says(monkeypatch: pytest.MonkeyPatch, variable: str, off: str) -> None:
    """Tracing, telemetry and hub look-ups are switched off over what the user's environment asks for."""
    monkeypatch.setattr(os, "environ", {**os.environ, variable: {"1": "0", "true": "false"}.get(off, "true")})

    isolate()

    assert os.environ[variable] == off


def test_a_program_that_imports_us_keeps_its_hub_and_its_tracer() -> None:
    """On import telemetry is switched off, over what the environment says, and nothing else; no library is loaded."""
    code = (
        "import json, os, sys\n"
        "environ, modules = dict(os.environ), set(sys.modules)\n"
        "import trusted_cloud_chat\n"
        "print(json.dumps([dict(os.environ.items() - environ.items()), sorted(set(sys.modules) - modules)]))"
    )
    asked = {"ORT_DISABLE_TELEMETRY": "0", "ANONYMIZED_TELEMETRY": "True", "HF_HUB_OFFLINE": "0"}
    kept = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], env=kept | asked, stdout=subprocess.PIPE, text=True, check=True)
    changed, loaded = json.loads(done.stdout)

    assert changed == {
        "ANONYMIZED_TELEMETRY": "False",
        "GRADIO_ANALYTICS_ENABLED": "False",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "ORT_DISABLE_TELEMETRY": "1",
    }
    assert set(loaded) <= {"__future__", "trusted_cloud_chat", "trusted_cloud_chat.isolation"}


def test_langsmith_stays_off_with_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """With tracing asked for and a key in the environment, langchain-core still sends nothing."""
    from langsmith.utils import get_env_var, tracing_is_enabled

    monkeypatch.setenv("LANGSMITH_API_KEY", "lsv2-test")
    for name in ("LANGSMITH_TRACING", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING", "LANGCHAIN_TRACING_V2"):
        monkeypatch.setenv(name, "true")
    get_env_var.cache_clear()
    assert tracing_is_enabled()

    isolate()
    get_env_var.cache_clear()

    assert not tracing_is_enabled()
