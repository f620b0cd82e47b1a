"""Questions that only name somebody: which they are, and what answers them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from quotes import asked, sentence

from builders import TODAY, assistant_over, write_article
from trusted_cloud_chat.answering.assistant import Assistant
from trusted_cloud_chat.answering.selection import Selected
from trusted_cloud_chat.answering.timeline.asked_list import overview_of
from trusted_cloud_chat.answering.timeline.overview import events_of
from trusted_cloud_chat.entities import load_entities
from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.understanding import understand

NBSP = "\u00a0"
ENTITIES = load_entities()
ARTICLES = {
    "2022-lancement": ("2022-10-10", "fr", "NumSpot naît à quatre", "NumSpot est une coentreprise que Docaposte mène."),
    "2024-marches": (
        "2024-03-01", "fr", "NumSpot vise la santé",
        "Le Cigref avait salué NumSpot. En 2022, NumSpot comptait dix salariés. NumSpot ouvre son offre aux hôpitaux.",
    ),
    "2025-plateforme": (
        "2025-12-19", "fr", "NumSpot change de modèle", "NumSpot devient une plateforme déployable sur plusieurs clouds.",
    ),
    "2025-platform": (
        "2025-12-20", "en", "NumSpot turns into a platform", "NumSpot now runs on the infrastructure of others.",
    ),
    "2026-autre": ("2026-02-01", "fr", "Scaleway recrute", "Scaleway et NumSpot embauchent à Paris."),
}  # fmt: skip


def kind_of_overview(question: str) -> str | None:
    return overview_of(understand(question, today=TODAY, entities=ENTITIES), ENTITIES)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Où en est Bleu ?", "news"),
        ("où en est le projet Bleu aujourd’hui ?", "news"),
        ("Quelles sont les dernières nouvelles de S3NS ?", "news"),
        ("Quoi de neuf chez OVHcloud ?", "news"),
        ("cloudwatt existe encore ?", "news"),
        ("Cloudwatt, ça existe toujours ?", "news"),
        ("Does Cloudwatt still exist?", "news"),
        ("What is the latest on the Health Data Hub?", "news"),
        ("Que sait-on de NumSpot ?", "portrait"),
        ("Que sais-tu de NumSpot ?", "portrait"),
        ("Parle-moi d’Outscale", "portrait"),
        ("Tell me about Cloud Temple", "portrait"),
        ("EUCS", "portrait"),
        ("Qu’est-ce que NumSpot ?", "definition"),
        ("Quelle est la mission de l’ANSSI ?", "definition"),
        ("À quoi sert l’UGAP ?", "definition"),
        ("Que fait Docaposte ?", "definition"),
        ("Que fait Docaposte en ce moment ?", None),
        ("Quel est le rôle de la CNIL dans le dossier du Health Data Hub ?", None),
        ("Qu’est devenu Cloudwatt ?", "news"),
        ("What happened to Cloudwatt?", "news"),
        ("What became of the EDF deal with Amazon?", None),
        ("Qu’est-ce que l’EUCS ?", None),
        ("Quelles promesses Bleu a-t-il faites ?", "promises"),
        ("Quel est le calendrier de NumSpot ?", "promises"),
        ("What has Bleu promised?", "promises"),
        ("Quelles sont les prochaines échéances de Bleu ?", "coming"),
        ("Quand S3NS devait-il être qualifié à l’origine ?", "promises"),
        ("Pour quand la qualification de Bleu était-elle promise au départ ?", "promises"),
        ("When was Bleu originally due to be qualified?", "promises"),
        ("Quand S3NS a-t-il été qualifié ?", None),
        ("Pourquoi Bleu devait-il au départ utiliser Azure ?", None),
        ("Combien Bleu devait-il coûter à l’origine ?", None),
        ("Bleu devait-il être qualifié au début de 2025 ?", None),
        ("S3NS a-t-il tenu ses délais ?", "slipped"),
        ("Quels engagements Bleu n’a-t-il pas tenus ?", "slipped"),
        ("Bleu a-t-il tenu ses promesses ?", "slipped"),
        ("Quelles échéances S3NS a-t-il manquées ?", "slipped"),
        ("Which deadlines has Bleu missed?", "slipped"),
        ("Quelles promesses n’ont pas été tenues ?", "slipped"),
        ("Qui a manqué ses échéances ?", "slipped"),
        ("Which promises have been broken?", "slipped"),
        ("Quelles échéances sont encore à venir ?", "coming"),
        ("Que s’est-il passé en avril 2026 ?", "events"),
        ("Quoi de neuf pour Bleu en 2025 ?", "events"),
        ("Que s’est-il passé sur le marché en décembre 2025 ?", "events"),
        ("What happened to Bleu in April 2026?", "events"),
        ("Que s’est-il passé ?", None),
        ("Que s’est-il passé depuis avril 2026 ?", None),
        ("Que s’est-il passé au Sénat en avril 2026 ?", None),
        ("Pourquoi est-ce que cela s’est passé en avril 2026 ?", None),
        ("Quelles promesses ont été faites ?", None),
        ("Quelles promesses de Bleu concernent la santé ?", None),
        ("Quel est le calendrier de l’EUCS ?", None),
        ("Quels services d’OVHcloud sont qualifiés ?", "services"),
        ("Pour quelles offres S3NS est-il qualifié SecNumCloud ?", "services"),
        ("Quelles offres de Cloud Temple ont SecNumCloud ?", "services"),
        ("Which Cloud Temple services are SecNumCloud-qualified?", "services"),
        ("Quel est le prix des services qualifiés d’OVHcloud ?", None),
        ("Quelles entreprises utilisent les services qualifiés d’OVHcloud ?", None),
        ("Quels services juridiques Bleu a-t-il consultés pour sa qualification ?", None),
        ("Quelles solutions Bleu a-t-il trouvées pour obtenir SecNumCloud ?", None),
        ("Quels engagements Bleu a-t-il tenus ?", None),
        ("Comment Bleu respecte-t-il ses engagements ?", None),
        ("Quels services d’OVHcloud ne sont pas qualifiés ?", None),
        ("Quels fournisseurs sont qualifiés ?", None),
        ("Quelle offre bâtie sur Google Cloud est qualifiée SecNumCloud ?", None),
        ("Quels services de Bleu et S3NS sont qualifiés ?", None),
        ("Où en est la qualification de Bleu ?", None),
        ("Où en est Bleu face à S3NS ?", None),
        ("Qui dirige Bleu ?", None),
        ("Où est Bleu ?", None),
        ("Que peux-tu faire ?", None),
    ],
)
def test_what_asks_for_an_overview(question: str, kind: str | None) -> None:
    assert kind_of_overview(question) == kind


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory, embedder_home: Path, embedder: Embedder) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("overview")
    for name, (published, language, title, text) in ARTICLES.items():
        write_article(folder / "corpus", name, text, date=published, language=language, title=title)
    # However unsure the reader: nothing is asked that a passage could fail to say.
    with assistant_over(folder, embedder_home, embedder, refusal_threshold=1.0) as ready:
        yield ready


class TestAnswers:
    def test_news_come_newest_first_a_sentence_an_article(self, assistant: Assistant) -> None:
        """Not what is retold of another day, nor an article about somebody else, nor what a translation says again."""
        answer = assistant.ask("Où en est NumSpot ?", today=TODAY)

        assert [citation.quote for citation in answer.citations] == [
            "NumSpot devient une plateforme déployable sur plusieurs clouds.",
            "NumSpot ouvre son offre aux hôpitaux.",
            "NumSpot est une coentreprise que Docaposte mène.",
        ]
        assert str(answer.known_at) == "2025-12-19"
        assert answer.answer.startswith(
            f"État connu au 19{NBSP}décembre 2025{NBSP}; ce que rapportent les articles, du plus récent au plus ancien{NBSP}:"
        )

    def test_a_portrait_opens_with_what_it_is(self, assistant: Assistant) -> None:
        answer = assistant.ask("Parle-moi de NumSpot", today=TODAY)

        assert answer.citations[0].quote == "NumSpot est une coentreprise que Docaposte mène."
        assert answer.citations[1].quote == "NumSpot devient une plateforme déployable sur plusieurs clouds."
        assert answer.answer.startswith(f"Ce qu’en disent les articles{NBSP}:")
        assert answer.known_at is None

    def test_only_what_was_known_on_that_day(self, assistant: Assistant) -> None:
        answer = assistant.ask("Où en est NumSpot ?", today=TODAY, as_of=date(2023, 1, 1))

        assert {citation.article.article_id for citation in answer.citations} == {"2022-lancement"}

    def test_what_happened_in_a_period_in_the_order_of_its_days(self) -> None:
        """What a sentence names, or an article's own day; no plan, no other time, and of one day and name one report."""

        def told(text: str, day: str, name: str, score: float) -> Selected:
            return sentence(text, day=day, name=name, score=score)

        ranked = [
            told("Bleu a recruté cent personnes.", "2026-04-20", "opens", 5.0),
            told("Outscale a signé un contrat le 8 avril 2026.", "2026-05-02", "later", 4.0),
            told("Le contrat d’Outscale date du 8 avril 2026.", "2026-05-03", "again", 3.0),
            told("S3NS doit ouvrir un site en avril 2026.", "2026-03-01", "plan", 2.0),
            told("NumSpot attend une réponse début avril 2026.", "2026-03-01", "to come", 2.0),
            told("Scaleway a quitté Gaia-X en 2021.", "2026-04-21", "before", 1.0),
        ]
        happened = events_of(asked("Que s’est-il passé en avril 2026 ?"), ranked, ENTITIES)
        assert [choice.text for choice in happened] == [ranked[1].text, ranked[0].text]
        assert events_of(asked("Que s’est-il passé pour Bleu en avril 2026 ?"), ranked, ENTITIES) == [ranked[0]]

    def test_they_are_told_as_a_list(self, assistant: Assistant) -> None:
        answer = assistant.ask("Quoi de neuf en décembre 2025 ?", today=TODAY)

        assert answer.answer.startswith("Ce que rapportent les articles de cette période, dans l’ordre des dates")
        assert [citation.article.article_id for citation in answer.citations] == ["2025-plateforme", "2025-platform"]
        assert assistant.ask("Quoi de neuf en décembre 2019 ?", today=TODAY).refused

    def test_a_name_that_no_title_has_is_refused(self, assistant: Assistant) -> None:
        assert assistant.ask("Où en est Bleu ?", today=TODAY).refused
