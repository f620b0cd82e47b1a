"""The assistant over a small market: lists, tables, verdicts, stages, promises, sources, and rules switched off."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from asking import WHEN, check, fired, quotes, told
from builders import TODAY, assistant_over, write_article, write_tiny_corpus
from trusted_cloud_chat.answering.assistant import Assistant
from trusted_cloud_chat.errors import SettingsError
from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.models.reader import Reader
from trusted_cloud_chat.schema import Scope
from trusted_cloud_chat.settings import load_settings
from trusted_cloud_chat.wiring import build_assistant


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory, embedder_home: Path, embedder: Embedder) -> Iterator[Assistant]:
    """The tiny corpus and a few articles more: a second qualification, promises kept and not, figures that differ."""
    folder = tmp_path_factory.mktemp("market")
    corpus = write_tiny_corpus(folder / "corpus")
    for name, day, publisher, text in (
        ("outscale-2024", "2024-05-14", "Gazette du Nuage", "3DS Outscale a obtenu de nouveau la qualification SecNumCloud 3.2 "
         "en mai 2024 pour toutes ses régions."),
        ("numspot", "2025-03-10", "Revue des Infrastructures", "NumSpot sera qualifié SecNumCloud fin 2025, promet son président. "
         "L’entreprise emploie 120 personnes à Paris."),
        ("scaleway", "2026-06-02", "Gazette du Nuage", "Scaleway n’est pas encore qualifié SecNumCloud. Scaleway appartient au "
         "groupe Iliad."),
        ("docaposte-a", "2026-03-02", "Gazette du Nuage", "Docaposte emploie 6 500 personnes en France."),
        ("docaposte-b", "2026-03-20", "Revue des Infrastructures", "Docaposte emploie 7 200 personnes en France, filiales comprises."),
        ("s3ns-bis", "2025-12-20", "Journal du Nuage", "S3NS a obtenu le 17 décembre 2025 la qualification SecNumCloud 3.2 pour "
         "PREMI3NS."),
    ):  # fmt: skip
        write_article(
            corpus, name, text, date=day, publisher=publisher, source_type="presse", title=text.split(",")[0][:60]
        )
    with assistant_over(folder, embedder_home, embedder) as ready:
        yield ready


@pytest.fixture(scope="module")
def facts(told_home: Path, embedder: Embedder, reader: Reader) -> Iterator[Assistant]:
    """The tiny corpus with its sidecars."""
    ready = build_assistant(load_settings(home=told_home), embedder, reader=reader)
    yield ready
    ready.close()


class TestForms:
    def test_a_comparison_is_a_table(self, facts: Assistant) -> None:
        """Each cell is a quote that one citation proves, or says that nothing was found."""
        answer = told(facts, "Compare la qualification SecNumCloud et le capital de Bleu et de S3NS")

        check(answer, facts)
        assert answer.table is not None
        assert answer.table.columns == ("Critère", "Bleu", "S3NS")
        said = {citation.n: citation.quote for citation in answer.citations}
        cells = [cell for row in answer.table.rows for cell in row[1:]]
        assert all(
            cell.text == (said[cell.citations[0]] if cell.citations else "non trouvé dans le corpus") for cell in cells
        )
        assert any(not cell.citations for cell in cells)

    @pytest.mark.parametrize(
        "typed", ["Qui est qualifié SecNumCloud ?", "Quels fournisseurs sont qualifiés SecNumCloud ?"]
    )
    def test_a_list_of_holders_is_what_the_facts_tell(self, facts: Assistant, typed: str) -> None:
        """Of the articles that the question is asked of; who is to be qualified is not among them."""
        answer = told(facts, typed)
        narrow = facts.ask(typed, today=TODAY, within=Scope(last=date(2024, 12, 31)))

        check(answer, facts)
        assert [(one.holder, one.service) for one in answer.stages] == [("S3NS", "PREMI3NS"), ("3DS Outscale", None)]
        assert answer.answer.count("\n- ") == 2
        assert "Bleu" not in quotes(answer)
        assert [one.holder for one in narrow.stages] == ["3DS Outscale"]

    def test_without_facts_quotes_answer(self, market: Assistant) -> None:
        answer = told(market, "Qui est qualifié SecNumCloud ?")

        check(answer, market)
        assert "form.list" not in fired(answer)


class TestRules:
    def test_an_unknown_one_is_refused(self, tiny_home: Path, embedder: Embedder, reader: Reader) -> None:
        with pytest.raises(SettingsError, match="trusted-cloud-chat rules"):
            build_assistant(load_settings(home=tiny_home), embedder, reader=reader, disabled=["nothing"])


class TestWhole:
    @pytest.mark.parametrize(
        ("day", "typed"), [(date(2024, 2, 1), WHEN), (date(2025, 12, 31), "Qui est qualifié SecNumCloud ?")]
    )
    def test_nothing_that_was_published_later_is_seen(self, market: Assistant, day: date, typed: str) -> None:
        answer = told(market, typed, as_of=day)
        seen = [*(p.article for p in answer.passages), *(c.article for c in answer.citations)]

        assert seen
        assert all(article.date and article.date.last_day <= day for article in seen)
