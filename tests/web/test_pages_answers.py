"""`/reponses/NAME`: an answer as it was given, for whoever has its link."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from samples import HOSTILE, answer, article, citation, done
from sites import text_of
from starlette.types import Receive, Scope, Send

from trusted_cloud_chat.errors import TrustedCloudChatError
from trusted_cloud_chat.people.accounts import Role, add_person
from trusted_cloud_chat.people.conversations import Archive
from trusted_cloud_chat.web.handlers import Exchange
from trusted_cloud_chat.web.kept import _ALL, GivenAnswers, answers_router
from trusted_cloud_chat.web.signing_in import ROLE

BLEU = article(f"Bleu a franchi le jalon J0. Il vise 2026. {HOSTILE}")
ASKED = "Où en est Bleu ? <b>"


@pytest.fixture
def given(tmp_path: Path) -> GivenAnswers:
    return GivenAnswers(tmp_path)


@pytest.fixture
def exchange() -> Exchange:
    return done(answer(citation(1, BLEU, "Il vise 2026."), question=ASKED), number=4)


def site(given: GivenAnswers, role: Role = "reader", held: Any = BLEU) -> TestClient:
    app = FastAPI()
    assistant = SimpleNamespace(article=lambda name, version: held if held and name == held.article_id else None)
    app.include_router(answers_router(given, assistant))  # type: ignore[arg-type]

    async def asked(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, ROLE: role}, receive, send)

    return TestClient(asked, follow_redirects=False)


def test_the_answer_stands_there_as_it_was_given_with_its_sources(given, exchange):
    html = site(given).get(given.keep(exchange)).text
    told = text_of(html)

    assert "Où en est Bleu ? &lt;b&gt;</h1>" in html
    assert "Réponse donnée le 24 novembre 2026 (génération 3 de l’index)" in told
    assert "Il vise 2026." in told
    assert re.findall(r'class="tcc-marker" href="#(source-1-1)"', html) == re.findall(r'id="(source-1-1)"', html)
    assert "/articles/bleu?quote=" in html
    assert not re.search(r"<(script(?! src=\"/pages.js\")|img)|<[^>]* on\w+=", html)
    assert "generation 3 of the index" in site(given).get(f"{given.keep(exchange)}?lang=en").text


def test_the_same_answer_has_one_address_and_another_has_another(given, exchange):
    other = done(answer(citation(1, BLEU, "Bleu a franchi le jalon J0."), question=ASKED))

    assert given.keep(exchange) == given.keep(exchange) != given.keep(other)
    assert len(given.every()) == 2


def test_what_is_not_kept_or_whose_article_is_gone_says_so(given, exchange):
    address = given.keep(exchange)

    for told in (site(given).get("/reponses/abc"), site(given, held=None).get(address)):
        assert told.status_code == 404
        assert "Cette réponse n’est plus gardée" in told.text
    assert site(given).get("/reponses/..%2Fx").status_code == 404


def test_only_an_administrator_deletes_one(given, exchange):
    address = given.keep(exchange)

    assert site(given).post(address).status_code == 403
    assert site(given).get(address).status_code == 200
    assert site(given, "admin").post(address).status_code == 303
    assert site(given).get(address).status_code == 404


def test_what_is_forgotten_takes_the_answers_that_quote_it_along(given, exchange, tmp_path):
    address = given.keep(exchange)

    assert Archive(tmp_path).forget_articles({"bleu"}, lambda _: False) == 1
    assert site(given).get(address).status_code == 404
    assert given.every() == []


def test_nobody_signs_in_by_the_name_under_which_they_are_kept(given, exchange, tmp_path):
    with pytest.raises(TrustedCloudChatError):
        add_person(tmp_path / "users", _ALL, "un mot de passe long", role="reader")
