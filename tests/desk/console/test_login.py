"""Logging in and out: what opens the pages, and what does not."""

from datetime import timedelta

import httpx
import pytest

from desk.console.doors import COOKIE
from tests.conftest import NOW
from tests.desk.cast import PASSWORD, Cast
from tests.desk.console.conftest import StandingClock
from tests.desk.console.test_pages import Browser, words


async def test_login_opens_the_page_that_was_asked_for(cast: Cast, nobody: httpx.AsyncClient) -> None:
    away = await nobody.get("/desk/cases")
    assert away.headers["location"] == "/desk/login?next=/desk/cases"
    form = await nobody.get(away.headers["location"])
    assert 'value="/desk/cases"' in form.text
    answer = await nobody.post("/desk/login", data={"login": " Anna ", "password": PASSWORD, "next": "/desk/cases"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/cases")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "secure" not in cookie
    assert (await nobody.get("/desk/cases")).status_code == 200
    assert (await nobody.get("/desk/login")).status_code == 303


async def test_cookie_is_secure_over_https(cast: Cast, nobody: httpx.AsyncClient) -> None:
    answer = await nobody.post("https://desk.test/desk/login", data={"login": "anna", "password": PASSWORD})
    assert "secure" in answer.headers["set-cookie"].lower()


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example/desk/", "/\\evil.example", "javascript:alert(1)", "/desk/../x\n", "/api/"],
)
async def test_login_sends_nobody_elsewhere(cast: Cast, nobody: httpx.AsyncClient, elsewhere: str) -> None:
    answer = await nobody.post("/desk/login", data={"login": "anna", "password": PASSWORD, "next": elsewhere})
    assert answer.headers["location"] == "/desk/"


@pytest.mark.parametrize("login", ["anna", "nobody", "a\x00b", "ä" * 150, ""])
async def test_wrong_login_says_what_to_do_and_not_which_was_wrong(cast: Cast, nobody: httpx.AsyncClient, login: str) -> None:
    answer = await nobody.post("/desk/login", data={"login": login, "password": "wrong"})
    assert answer.status_code == 401
    assert "Login and password do not fit. Check both" in words(answer)
    assert COOKIE not in answer.cookies


async def test_login_is_throttled_and_says_for_how_long(cast: Cast, nobody: httpx.AsyncClient) -> None:
    for _ in range(3):
        await nobody.post("/desk/login", data={"login": "anna", "password": "wrong"})
    answer = await nobody.post("/desk/login", data={"login": "anna", "password": PASSWORD})
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "60"
    assert "Wait 1 minute, then try again" in words(answer)


async def test_another_site_cannot_log_anybody_in(cast: Cast, nobody: httpx.AsyncClient) -> None:
    answer = await nobody.post(
        "/desk/login", data={"login": "anna", "password": PASSWORD}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 403


async def test_logging_out_ends_the_session_on_the_server(browser: Browser) -> None:
    client, csrf = browser
    kept = client.cookies[COOKIE]
    assert (await client.post("/desk/logout", data={"csrf": csrf})).status_code == 303
    client.cookies.set(COOKIE, kept)
    assert (await client.get("/desk/")).status_code == 303


async def test_session_ends_after_its_hours(browser: Browser, clock: StandingClock) -> None:
    client, _ = browser
    clock.time = NOW + timedelta(hours=12)
    assert (await client.get("/desk/")).status_code == 303
