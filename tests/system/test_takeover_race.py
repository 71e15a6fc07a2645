"""An agent takes over while the bot's answer is under way: no word of the bot comes after that, until he hands back (I4)."""

import asyncio
import os
import random
import statistics
import time
from typing import Any

import pytest

from desk.conversations.tables import Message
from tests.system.cast import add_agents
from tests.system.customer import Customer, customers
from tests.system.stack import Stack
from tests.system.wire import Wire

TAKEOVERS = int(os.environ.get("TAKEOVERS", "200"))
AT_ONCE = 2
HANDED_BACK = 0.2
SAYINGS = (
    "Where is my order?",
    "What are your opening hours?",
    "I am looking for a plasma TV",
    "My TV is broken",
    "How much is the Aurora P50?",
    "I want to talk to a human",
)


@pytest.mark.system
@pytest.mark.timeout(2400)
async def test_the_bot_never_speaks_after_a_takeover(stack: Stack) -> None:
    with stack.database.writing() as session:
        token = add_agents(session, 1, "racer")
    race = Race(stack, token, await _usual_turn(stack.port))
    await asyncio.gather(*(race.run(lane) for lane in range(AT_ONCE)))
    print(
        f"\n{race.tries} takeovers: {race.under_way} with an answer under way, {race.too_late} after it; a turn is {race.turn:.3f} s"
    )
    assert race.under_way >= TAKEOVERS


async def _usual_turn(port: int) -> float:
    """The seconds that a turn takes here and now."""
    took = []
    with customers(port, "warm", 2 * len(SAYINGS)) as warm:
        for number, customer in enumerate(warm):
            await customer.open()
            began = time.monotonic()
            await customer.say(SAYINGS[number % len(SAYINGS)])
            await customer.hear_answers(1)
            took.append(time.monotonic() - began)
    return statistics.median(took)


class Race:
    """Takes over again and again, each time in a new conversation at a random moment of its turn."""

    def __init__(self, stack: Stack, token: str, turn: float) -> None:
        self.tries = self.under_way = self.too_late = 0
        self.turn = turn
        self._stack = stack
        self._token = token

    async def run(self, lane: int) -> None:
        chance, agent = random.Random(lane), Wire(self._stack.port)
        while self.under_way < TAKEOVERS:
            assert self.tries < 20 * TAKEOVERS, "hardly any takeover comes while an answer is under way"
            self.tries += 1
            with customers(self._stack.port, f"race{self.tries}-", 1) as (customer,):
                await self._take_over_once(customer, chance, agent)
        agent.close()

    async def _take_over_once(self, customer: Customer, chance: random.Random, agent: Wire) -> None:
        await customer.open()
        sent = await customer.say(chance.choice(SAYINGS))
        await asyncio.sleep(chance.uniform(0, AT_ONCE * self.turn))
        at_takeover = (await self._post(agent, customer, "take"))["last_message"]["seq"]  # read in the takeover's transaction
        message = await asyncio.to_thread(self._once_processed, customer, sent.id)
        self.under_way += message.state == "for_human" and message.understood is not None  # answered, and not said
        self.too_late += message.state == "answered"
        await self._post(agent, customer, "messages", {"text": "I am here."})
        if chance.random() < HANDED_BACK:
            await self._post(agent, customer, "hand-back")
            thanks = await customer.say("Thanks")
            await customer.read_until(lambda: any(m["author"] == "bot" and m["seq"] > thanks.seq for m in customer.heard))
        await customer.read()
        after = [m["author"] for m in customer.heard if m["seq"] > at_takeover and m["author"] != "system"]
        assert after in (["agent"], ["agent", "customer", "bot"]), f"{customer.id}: after {at_takeover} spoke {after}"

    async def _post(self, agent: Wire, customer: Customer, what: str, body: object = None) -> Any:
        status, answer = await agent.ask("POST", f"/api/desk/conversations/{customer.id}/{what}", self._token, body or {})
        assert status in (200, 201), f"{status} {answer}"
        return answer

    def _once_processed(self, customer: Customer, message_id: str) -> Message:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            with self._stack.database.reading() as session:
                message = session.get_one(Message, message_id)
            if message.state != "waiting":
                return message
            time.sleep(0.02)
        raise AssertionError(f"{customer.id}: the message still waits after a minute")
