"""A synthesis steps behind the page that it was written from, where that says the same fact."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from builders import TODAY, assistant_over, write_article
from made import asked, maker_of, passage_of
from trusted_cloud_chat.answering.assistant import Assistant
from trusted_cloud_chat.answering.forms.originals import in_own_language, original_of
from trusted_cloud_chat.answering.forms.quotes import quotes_form
from trusted_cloud_chat.evidence.ranking import Selected
from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.schema import Article, Chunk, Enrichment, Passage, Source, Span, Statement

URL = "https://gazette.example/numspot"
SAID = "Numspot a levé 50 millions d’euros en mars 2025 auprès de quatre actionnaires."


def sentence(text: str, *, synthesis: bool, language: str = "fr", url: str = URL) -> Selected:
    sources = (Source("La Gazette", None, URL, None),) if synthesis else ()
    kind = "synthese" if synthesis else None
    article = Article(
        f"{kind}-{text[:9]}", "v", "Titre", text, None, "P", None if synthesis else url, language, kind, sources
    )
    span = Span(0, len(text))
    return Selected(Passage(Chunk("c", "a", "v", 0, 0, len(text), (span,)), article, 1, 0.5, (0.5,)), span, 1.0)


@pytest.mark.parametrize(
    "said",
    [SAID, "En mars 2025, Numspot lève 50 millions d’euros auprès de ses quatre actionnaires historiques.",
     "Les quatre actionnaires de Numspot apportent 50 millions d’euros en mars 2025."],
)  # fmt: skip
def test_the_same_fact(said: str) -> None:
    found = original_of(sentence(SAID, synthesis=True), [sentence(said, synthesis=False).passage])

    assert found is not None
    assert (found.text, found.score) == (said, 1.0)


@pytest.mark.parametrize(
    "said",
    ["Numspot a levé 60 millions d’euros en mars 2025 auprès de quatre actionnaires.",
     "Numspot n’a pas levé 50 millions d’euros en mars 2025 auprès de quatre actionnaires.",
     "Numspot prévoit de lever 50 millions d’euros en mars 2025 auprès de quatre actionnaires.",
     "Numspot recrute 50 personnes à Paris."],
)  # fmt: skip
def test_another_figure_mood_or_fact(said: str) -> None:
    assert original_of(sentence(SAID, synthesis=True), [sentence(said, synthesis=False).passage]) is None


def test_only_its_own_sources_and_only_for_a_synthesis() -> None:
    elsewhere = sentence(SAID, synthesis=False, url="https://autre.example/")

    assert original_of(sentence(SAID, synthesis=True), [elsewhere.passage]) is None
    assert original_of(elsewhere, [sentence(SAID, synthesis=False).passage]) is None


def test_an_original_in_the_other_language() -> None:
    english = "Numspot raised 50 million euros in March 2025 from Docaposte, Dassault and Bouygues."
    french = "Numspot a levé 50 millions d’euros en mars 2025 auprès de Docaposte, de Dassault et de Bouygues."

    assert original_of(sentence(french, synthesis=True), [sentence(english, synthesis=False, language="en").passage])


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory, embedder_home: Path, embedder: Embedder) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("originals")
    source = {"publisher": "La Gazette", "url": URL, "date": "2025-03-14"}
    bleu = {"publisher": "Le Nuage", "url": "https://nuage.example/bleu", "date": "2025-04-17"}
    corpus = folder / "corpus"
    write_article(
        corpus, "synthese", f"{SAID} L’argent sert à ouvrir un centre à Lille.", date="2025-03-20", title="Numspot lève 50 millions",
        publisher="Trusted Cloud Chat", source_type="synthese", sources=[source],
    )  # fmt: skip
    write_article(
        corpus, "original", "Numspot lève 50 millions d’euros auprès de ses quatre actionnaires, en mars 2025. La société recrute.",
        date="2025-03-14", title="Numspot : une levée de fonds", publisher="La Gazette", url=URL,
    )  # fmt: skip
    write_article(
        corpus, "synthese-bleu", "Bleu a franchi le jalon J0 de la qualification SecNumCloud 3.2 le 17 avril 2025.", date="2025-04-20",
        title="Bleu et SecNumCloud", publisher="Trusted Cloud Chat", source_type="synthese", sources=[bleu],
    )  # fmt: skip
    write_article(
        corpus, "original-bleu", "Bleu annonce avoir franchi le jalon J0 de SecNumCloud 3.2 le 17 avril 2025.", date="2025-04-17",
        title="Bleu passe J0", publisher="Le Nuage", url="https://nuage.example/bleu",
    )  # fmt: skip
    with assistant_over(folder, embedder_home, embedder) as opened:
        yield opened


def test_its_words_are_quoted(ready: Assistant) -> None:
    answer = ready.ask("Combien Numspot a-t-il levé en mars 2025 ?", today=TODAY)

    assert answer.citations[0].article.article_id == "original"
    assert "La Gazette, 14\u00a0mars 2025" in answer.answer
    assert all(
        citation.article.article_id != "synthese" or "levé" not in citation.quote for citation in answer.citations
    )


def test_also_where_a_state_is_told(ready: Assistant) -> None:
    """The newest statement is the synthesis's, of a few days later; the page that it was written from says the same."""
    answer = ready.ask("Bleu est-il qualifié SecNumCloud ?", today=TODAY)

    assert answer.citations[0].article.article_id == "original-bleu"
    assert "originals" in {line.rule for line in answer.trace}


FRENCH = "Bleu vise la qualification SecNumCloud avant la fin de 2026."
TRANSLATED = "Bleu aims for the SecNumCloud qualification before the end of 2026."


@pytest.mark.parametrize(
    ("english", "leads"),
    [
        ("Bleu still aims for its SecNumCloud qualification before the end of 2026.", True),
        ("Bleu aims for the SecNumCloud qualification before the end of 2027.", False),
        ("S3NS opens an office in Lyon with twelve people.", False),
    ],
)
def test_a_sentence_in_the_reader_s_language_leads_over_one_that_says_the_same(english: str, leads: bool) -> None:
    told = Statement((Span(0, len(FRENCH)),), translation=TRANSLATED)
    french = passage_of(FRENCH, enrichment=Enrichment((told,)))
    other = passage_of(english, read=1.0, language="en")
    maker = maker_of(asked("When will Bleu be qualified?"), french, other)

    assert (in_own_language(quotes_form(maker), maker).quotes[0].text == english) is leads
