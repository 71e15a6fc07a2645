"""Only the desk faces people: Rasa and actions answer on loopback, with the secret, and nothing but what we use."""

import httpx
import pytest

from desk.secrets import load_or_make_secret
from desk.worker.bot import RasaBot
from tests.system.stack import Stack

pytestmark = pytest.mark.system
TURN = {"conversation": "x", "message_id": "m1", "text": "hello", "language": "en"}


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer guess"}, {"Authorization": ""}])
@pytest.mark.parametrize("what", ["turn", "read"])
def test_rasa_takes_and_reads_a_message_only_with_the_secret(stack: Stack, what: str, headers: dict[str, str]) -> None:
    answer = httpx.post(f"{stack.settings.rasa_url}/webhooks/desk/{what}", json=TURN, headers=headers)
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("text", "language", "hazard"),
    [
        ("smoke is coming out of the tv", "en", True),
        ("det luktar bränt från kontakten", "sv", True),
        ("thanks, see you", "en", False),
    ],
)
async def test_rasa_reads_what_people_answer(stack: Stack, text: str, language: str, hazard: bool) -> None:
    bot = RasaBot(stack.settings.rasa_url, load_or_make_secret(stack.settings), 5.0)
    try:
        assert (await bot.read(text, language)).hazard is hazard
    finally:
        await bot.close()


@pytest.mark.parametrize(
    "path", ["/webhooks/rest/webhook", "/conversations/x/tracker", "/model/parse", "/domain", "/webhooks/callback/webhook"]
)
def test_rasa_has_no_other_door(stack: Stack, path: str) -> None:
    assert httpx.post(f"{stack.settings.rasa_url}{path}", json={}).status_code == 404
    assert httpx.get(f"{stack.settings.rasa_url}{path}").status_code == 404


def test_actions_run_only_with_the_secret(stack: Stack) -> None:
    call = {"next_action": "action_answer", "tracker": {}}
    assert httpx.post(f"{stack.settings.actions_url}/webhook", json=call).status_code == 401
    assert httpx.get(f"{stack.settings.actions_url}/actions").status_code == 401


def test_the_desk_is_ready_when_every_part_answers(stack: Stack) -> None:
    answer = httpx.get(f"http://127.0.0.1:{stack.port}/readyz")
    assert answer.json() == {"ready": True, "database": True, "rasa": True, "actions": True}
