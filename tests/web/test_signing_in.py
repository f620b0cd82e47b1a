"""In front of the page: who may come in, what they are then, and how long."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from trusted_cloud_chat.errors import SettingsError
from trusted_cloud_chat.people import accounts as passwords
from trusted_cloud_chat.people.accounts import add_person, remove_person
from trusted_cloud_chat.settings import load_settings
from trusted_cloud_chat.web.guard import HEADERS, Guard
from trusted_cloud_chat.web.limits import behind_proxies
from trusted_cloud_chat.web.server import check_people
from trusted_cloud_chat.web.signing_in import COOKIE, SignIn, name_of, role_of

PASSWORD = "des nuages au matin"
PAGE = {"accept": "text/html"}


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords cost less than in earnest."""
    monkeypatch.setattr(passwords, "_COST", (2**4, 8, 1))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Alice looks after the corpus, Bob reads."""
    add_person(tmp_path / "users", "alice", PASSWORD, role="admin")
    add_person(tmp_path / "users", "bob", PASSWORD, role="reader")
    return tmp_path / "users"


@pytest.fixture
def clock() -> Clock:
    return Clock()


def site(file: Path, *, client: str = "127.0.0.1", clock: Any = time.time, **settings: Any) -> TestClient:
    """A page that says who asks, behind what stands in front of ours."""
    app = FastAPI()

    @app.get("/{path:path}")
    def who(path: str, request: Request) -> dict[str, Any]:
        return {"role": role_of(request), "name": name_of(request)}

    people = SignIn(load_settings(**{"home": file.parent, "users": file, **settings}), clock)
    behind = behind_proxies(people.known(Guard(people.required(app), host="127.0.0.1")))
    return TestClient(behind, base_url="http://127.0.0.1", follow_redirects=False, client=(client, 50000))


def sign_in(to: TestClient, name: str = "alice", password: str = PASSWORD, **more: Any) -> Any:
    return to.post("/login", data={"name": name, "password": password}, **more)


class TestWhoComesIn:
    @pytest.mark.parametrize(
        ("language", "told"), [("fr", "Votre session a expiré."), ("en", "Your session has ended.")]
    )
    def test_whose_session_has_ended_is_told_so_at_the_form(self, file: Path, language: str, told: str) -> None:
        form = site(file).get("/login?next=%2F&ended=1", headers={"accept-language": language})
        assert f'role="alert" id="trouble">{told}' in form.text

    def test_a_browser_is_led_to_the_form_and_back(self, file: Path) -> None:
        page = site(file)
        led = page.get("/?q=Bleu%20%3F", headers=PAGE)
        form = page.get(led.headers["location"], headers={"accept-language": "en-GB,fr;q=0.5"})
        entered = page.post(led.headers["location"], data={"name": "alice", "password": PASSWORD})

        assert (led.status_code, led.headers["location"]) == (303, "/login?next=%2F%3Fq%3DBleu%2520%253F")
        assert '<html lang="en">' in form.text
        assert {name: form.headers[name] for name in HEADERS} == HEADERS
        assert (entered.status_code, entered.headers["location"]) == (303, "/?q=Bleu%20%3F")
        assert page.get("/").json() == {"role": "admin", "name": "alice"}

    @pytest.mark.parametrize(
        "path",
        ["/", "/config", "/theme.css", "/gradio_api/queue/data", "/gradio_api/heartbeat/x", "/v1/models", "/v1/config",
         "/api/v1", "/api/v1/articles", "/loginx", "/login/", "//login", "/%6cogin/../config"],
    )  # fmt: skip
    def test_nothing_is_told_to_who_has_not_signed_in(self, file: Path, path: str) -> None:
        assert site(file).get(path).status_code == 401

    def test_a_reader_is_no_administrator(self, file: Path) -> None:
        page = site(file)
        sign_in(page, "bob")

        assert page.get("/").json() == {"role": "reader", "name": "bob"}

    @pytest.mark.parametrize(("name", "password"), [("alice", "faux"), ("eve", PASSWORD), ("", ""), ("alice", "")])
    def test_a_wrong_password_is_told_and_opens_nothing(self, file: Path, name: str, password: str) -> None:
        page = site(file)
        told = sign_in(page, name, password)

        assert told.status_code == 401
        assert 'role="alert"' in told.text
        assert COOKIE not in told.cookies
        assert page.get("/").status_code == 401

    def test_what_is_given_as_a_name_is_text(self, file: Path) -> None:
        assert "<b>" not in sign_in(site(file), '"><b>gras').text

    @pytest.mark.parametrize("wanted", ["//evil.example", "/\\evil.example", "https://evil.example", "/login", "/a\nb"])
    def test_nobody_is_led_elsewhere(self, file: Path, wanted: str) -> None:
        entered = site(file).post("/login", params={"next": wanted}, data={"name": "alice", "password": PASSWORD})

        assert entered.headers["location"] == "/"

    def test_a_form_of_another_site_signs_nobody_in(self, file: Path) -> None:
        assert sign_in(site(file), headers={"sec-fetch-site": "cross-site"}).status_code == 403

    def test_the_api_has_its_own_tokens(self, file: Path) -> None:
        page = site(file, api_tokens=file)

        assert page.get("/v1/models").json() == {"role": "reader", "name": None}
        assert page.get("/gradio_api/info").status_code == 401

    def test_a_form_is_small(self, file: Path) -> None:
        assert sign_in(site(file), password="x" * 10_000).status_code == 413
        assert site(file).post("/login", content=b"x" * 3_000_000).status_code == 413
        assert site(file).post("/login", content=b"&".join([b"a=1"] * 50)).status_code == 413


class TestGuesses:
    def test_an_address_has_ten(self, file: Path) -> None:
        page = site(file)
        told = [sign_in(page, password="faux").status_code for _ in range(11)]
        right = sign_in(page)

        assert told == [401] * 10 + [429]
        assert right.status_code == 429
        assert int(right.headers["retry-after"]) > 0

    def test_a_right_one_does_not_count_and_forgives_none(self, file: Path) -> None:
        page = site(file)
        for _ in range(9):
            sign_in(page, password="faux")
        entered = [sign_in(page, "bob").status_code for _ in range(3)]

        assert entered == [303] * 3
        assert [sign_in(page, password="faux").status_code for _ in range(2)] == [401, 429]


class TestASession:
    def test_its_cookie_is_out_of_reach_of_scripts_and_other_sites(self, file: Path) -> None:
        told = sign_in(site(file)).headers["set-cookie"]

        assert {"HttpOnly", "SameSite=lax", "Path=/", "Max-Age=43200"} <= set(told.split("; "))
        assert PASSWORD not in told

    @pytest.mark.parametrize("change", ["name", "until", "session", "signature", "none"])
    def test_a_forged_one_is_none(self, file: Path, change: str) -> None:
        page = site(file)
        sign_in(page, "bob")
        name, until, session, signature = page.cookies[COOKIE].split(".")
        forged = {
            "name": f"{b'alice'.hex()}.{until}.{session}.{signature}",
            "until": f"{name}.{int(until) + 1}.{session}.{signature}",
            "session": f"{name}.{until}.{session[::-1]}.{signature}",
            "signature": f"{name}.{until}.{session}.",
            "none": "é.x.y",
        }[change]
        page.cookies.clear()

        assert page.get("/", headers={"cookie": f"{COOKIE}={forged}".encode()}).status_code == 401

    def test_it_ends_unless_it_is_used(self, file: Path, clock: Clock) -> None:
        page = site(file, clock=clock)
        sign_in(page)
        clock.now += 5 * 3600
        kept = page.get("/")
        clock.now += 2 * 3600
        renewed = page.get("/")
        clock.now += 11 * 3600
        still = page.get("/")
        clock.now += 13 * 3600

        assert ("set-cookie" in kept.headers, "set-cookie" in renewed.headers) == (False, True)
        assert still.status_code == 200
        assert page.get("/").status_code == 401

    def test_it_ends_with_the_user_the_password_and_the_way_out(self, file: Path) -> None:
        page, other = site(file), site(file)
        sign_in(page)
        sign_in(other, "bob")
        add_person(file, "alice", PASSWORD, role="admin")
        remove_person(file, "bob")

        assert (page.get("/").status_code, other.get("/").status_code) == (401, 401)
        sign_in(page)
        assert page.get("/").status_code == 200
        assert page.post("/logout").headers["location"] == "/login"
        assert page.get("/").status_code == 401

    def test_whoever_has_kept_its_cookie_is_signed_out_too(self, file: Path, clock: Clock, tmp_path: Path) -> None:
        """Of this server, of another one of the home and after a restart, be it renewed or not; who else has signed in stays."""
        page, beside = (site(file, clock=clock) for _ in range(2))
        sign_in(page)
        cookies = [page.cookies[COOKIE]]
        clock.now += 7 * 3600
        page.get("/")
        cookies.append(page.cookies[COOKIE])
        sign_in(beside)
        page.post("/logout")
        restarted = site(file, clock=clock)

        assert len(set(cookies)) == 2
        for server in (page, site(file, clock=clock), restarted):
            for cookie in cookies:
                server.cookies.clear()
                assert server.get("/", headers={"cookie": f"{COOKIE}={cookie}"}).status_code == 401
        assert beside.get("/").status_code == 200
        assert (tmp_path / "sessions-ended").stat().st_mode & 0o777 == 0o600

    def test_what_has_ended_is_not_kept_for_good(self, file: Path, clock: Clock, tmp_path: Path) -> None:
        ended = tmp_path / "sessions-ended"
        page = site(file, clock=clock)
        for _ in range(3):
            sign_in(page)
            page.post("/logout")
        assert len(ended.read_text().splitlines()) == 3
        clock.now += 13 * 3600
        site(file, clock=clock)
        assert ended.read_text() == ""

    def test_a_home_that_cannot_be_written_is_told(
        self, file: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        page = site(file, home=tmp_path / "nowhere")
        sign_in(page)
        cookie = page.cookies[COOKIE]
        page.post("/logout")
        assert page.get("/", headers={"cookie": f"{COOKIE}={cookie}"}).status_code == 401
        assert "cannot be written" in caplog.text

    def test_no_other_site_signs_anybody_out(self, file: Path) -> None:
        page = site(file)
        sign_in(page)

        assert page.post("/logout", headers={"sec-fetch-site": "cross-site"}).status_code == 403
        assert page.get("/").status_code == 200

    def test_nobody_comes_in_while_the_file_cannot_be_read(self, file: Path) -> None:
        page = site(file)
        sign_in(page)
        file.write_text("nonsense")

        assert page.get("/").status_code == 401


class TestWithoutUsers:
    def test_the_user_of_this_machine_looks_after_it(self, tmp_path: Path) -> None:
        assert site(tmp_path / "users").get("/").json() == {"role": "admin", "name": None}

    @pytest.mark.parametrize("header", ["x-forwarded-for", "forwarded", "x-real-ip"])
    def test_whoever_a_proxy_lets_in_does_not(self, tmp_path: Path, header: str) -> None:
        assert site(tmp_path / "users").get("/", headers={header: "192.168.1.9"}).json()["role"] == "reader"

    def test_anybody_reads_where_that_is_said_and_may_sign_in(self, file: Path, tmp_path: Path) -> None:
        page = site(file, host="0.0.0.0", anybody_may_read=True)
        assert site(tmp_path / "none", host="0.0.0.0", anybody_may_read=True).get("/").json()["role"] == "reader"
        assert page.get("/").json() == {"role": "reader", "name": None}
        sign_in(page)
        assert page.get("/").json() == {"role": "admin", "name": "alice"}

    def test_nobody_comes_in_from_elsewhere(self, tmp_path: Path) -> None:
        assert site(tmp_path / "users", host="0.0.0.0").get("/").status_code == 401

    def test_who_is_added_later_has_to_sign_in_at_once(self, tmp_path: Path) -> None:
        page = site(tmp_path / "users")
        assert page.get("/").status_code == 200
        add_person(tmp_path / "users", "alice", PASSWORD, role="admin")

        assert page.get("/").status_code == 401


class TestBeforeItStarts:
    @pytest.mark.parametrize("options", [{"host": "0.0.0.0"}, {"host": "192.168.1.20"}, {"proxies": "127.0.0.1"}])
    def test_a_page_for_others_wants_users(self, tmp_path: Path, options: dict[str, str]) -> None:
        settings = load_settings(home=tmp_path, **options)
        with pytest.raises(SettingsError, match="users add NAME --admin.*TCC_ANYBODY_MAY_READ=1"):
            check_people(settings)

        check_people(load_settings(home=tmp_path, anybody_may_read=True, **options))
        add_person(tmp_path / "users", "alice", PASSWORD, role="admin")
        check_people(settings)

    def test_this_machine_alone_wants_none(self, tmp_path: Path) -> None:
        check_people(load_settings(home=tmp_path))

    def test_a_file_that_is_named_must_be_there(self, tmp_path: Path) -> None:
        with pytest.raises(SettingsError, match="users add NAME --admin"):
            check_people(load_settings(home=tmp_path, users=tmp_path / "lost"))
