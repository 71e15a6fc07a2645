"""Thirty kills among thirty conversations: nothing is lost, nothing happens twice (I1, I3).

Before, each script is gone through once with nobody dying: that is what must become of it under kills too.
"""

import asyncio
import os
import random
import time
from pathlib import Path

import pytest

from desk.db.engine import Database
from desk.supervisor.programs import tracker_url
from tests.system.cast import add_agents, add_customers, email_of, number_of
from tests.system.chaos import Gate, carry_out, plan
from tests.system.customer import Customer, customers
from tests.system.scripts import SCRIPTS, messages_of
from tests.system.stack import NAMES, Stack
from tests.system.truth import (
    Truth,
    differences,
    messages_heard_twice,
    problems_of_acknowledged,
    problems_of_i1,
    problems_of_order,
    truth_of,
    waiting_messages,
)

CONVERSATIONS = int(os.environ.get("KILL_CONVERSATIONS", "30"))
KILLS = int(os.environ.get("KILLS", "30"))
OF_EACH = KILLS * 8 // 30
SEED = int(os.environ.get("KILL_SEED", "0")) or random.SystemRandom().randrange(1, 1_000_000)
NAMES_OF_SCRIPTS = tuple(SCRIPTS)


@pytest.mark.chaos
@pytest.mark.timeout(2400)
async def test_thirty_kills_lose_and_double_nothing(stack: Stack, tmp_path: Path) -> None:
    print(f"\nKILL_SEED={SEED} repeats these kills")
    with stack.database.writing() as session:
        add_customers(session, tmp_path, len(SCRIPTS) + CONVERSATIONS)
        add_agents(session, len(SCRIPTS) + CONVERSATIONS)
    undisturbed = await _without_kills(stack)
    with customers(stack.port, "hit", CONVERSATIONS) as crowd:
        steps = sum(len(SCRIPTS[_script_of(i)]) for i in range(CONVERSATIONS))
        gate, strikes = Gate(), plan(random.Random(SEED), KILLS, OF_EACH)
        async with asyncio.TaskGroup() as group:
            killing = group.create_task(carry_out(strikes, stack, gate, steps))
            for i, customer in enumerate(crowd):
                group.create_task(_converse(customer, _script_of(i), len(SCRIPTS) + i, gate))
        await asyncio.to_thread(_wait_until_all_is_processed, stack)
        await asyncio.gather(*(customer.read() for customer in crowd))
    report = killing.result()
    print(f"{report.kills}, {sum(c.retries for c in crowd)} requests sent again")

    assert sum(report.kills.values()) == KILLS
    assert all(report.kills[name] >= OF_EACH for name in NAMES)
    assert all(report.under_way), "turns are under way at each kill"
    problems = _problems(stack, crowd, undisturbed)
    assert not problems, "\n".join(problems)


def _script_of(customer: int) -> str:
    return NAMES_OF_SCRIPTS[customer % len(SCRIPTS)]


async def _without_kills(stack: Stack) -> dict[str, Truth]:
    """What becomes of each script when nobody dies."""
    gate = Gate()
    gate.let(sum(len(script) for script in SCRIPTS.values()))
    with customers(stack.port, "calm", len(SCRIPTS)) as calm:
        for i, customer in enumerate(calm):
            await _converse(customer, _script_of(i), i, gate)
        await asyncio.to_thread(_wait_until_all_is_processed, stack)
    with stack.database.reading() as session:
        return {_script_of(i): truth_of(session, customer.id) for i, customer in enumerate(calm)}


async def _converse(customer: Customer, script: str, number: int, gate: Gate) -> None:
    """Go through a script; the next step is taken once this one is answered."""
    await customer.open()
    answers = 0
    for step in SCRIPTS[script]:
        await gate.pass_one()
        for said in messages_of(step):
            await customer.say(said.removeprefix("!").format(order=number_of(number), email=email_of(number)))
            answers += not said.startswith("!")
        await customer.hear_answers(answers)


def _wait_until_all_is_processed(stack: Stack) -> None:
    end = time.monotonic() + 300
    while time.monotonic() < end:
        with stack.database.reading() as session:
            if not waiting_messages(session):
                return
        time.sleep(0.2)
    raise AssertionError("messages still wait after five minutes")


def _problems(stack: Stack, crowd: list[Customer], undisturbed: dict[str, Truth]) -> list[str]:
    """Everything that is not as it would be without the kills."""
    problems: list[str] = []
    with stack.database.reading() as session:
        problems += problems_of_i1(session)
        for i, customer in enumerate(crowd):
            found = problems_of_acknowledged(session, customer) + problems_of_order(session, customer.id)
            found += differences(undisturbed[_script_of(i)], truth_of(session, customer.id))
            problems += [f"{customer.name} ({_script_of(i)}, {customer.id}): {problem}" for problem in found]
    rasas = Database(stack.settings.database_url or tracker_url(stack.settings))
    with rasas.reading() as session:
        problems += [f"Rasa heard message {each} more than once" for each in messages_heard_twice(session)]
    rasas.dispose()
    return problems
