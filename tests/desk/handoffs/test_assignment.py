"""Who gets a hand-off: pure rules, tried on made-up teams."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from desk.handoffs.assignment import (
    FULL,
    PAUSE,
    SILENT_AFTER,
    Candidate,
    Need,
    can_take,
    choose,
    holder_is_lost,
    presence_now,
)
from tests.conftest import NOW

MOODS = st.sampled_from(["calm", "annoyed", "furious"])
LANGUAGES = st.sets(st.sampled_from(["en", "sv", "nb", "fi"]), min_size=1).map(lambda s: tuple(sorted(s)))
TIMES = st.none() | st.integers(-600, 600).map(lambda s: NOW + timedelta(seconds=s))
CANDIDATES = st.builds(
    Candidate, agent_id=st.integers(1, 10_000), languages=LANGUAGES, presence=st.sampled_from(["online", "busy", "away", "silent"]),
    at_work=st.booleans(), moods=st.lists(MOODS, max_size=5).map(tuple), skills=st.sets(st.sampled_from(["tv", "fault"])).map(frozenset),
    given_hard=st.booleans(), given_at=TIMES, breathes_until=TIMES,
)  # fmt: skip
TEAMS = st.lists(CANDIDATES, max_size=6, unique_by=lambda c: c.agent_id)
NEEDS = st.builds(Need, language=st.sampled_from(["en", "sv", "nb", "fi"]), mood=MOODS, skills=st.just(frozenset({"tv"})))

ANNA, MIKKO, SIV = Candidate(1, ("en", "sv")), Candidate(2, ("en", "fi")), Candidate(3, ("en", "nb"))


def chosen(need: Need, *team: Candidate) -> int | None:
    found = choose(need, team, NOW)
    return found.agent_id if found else None


@settings(max_examples=400)
@given(NEEDS, TEAMS)
def test_nobody_gets_two_furious_customers_in_a_row_while_another_can_take_one(need: Need, team: list[Candidate]) -> None:
    found = choose(need, team, NOW)
    if need.is_hard and found is not None and found.given_hard:
        assert not any(can_take(c, need, NOW) and not c.given_hard for c in team)


@settings(max_examples=400)
@given(NEEDS, TEAMS)
def test_who_is_there_rested_and_speaks_the_language_comes_first(need: Need, team: list[Candidate]) -> None:
    found = choose(need, team, NOW)
    if any(can_take(c, need, NOW) for c in team):
        assert found is not None
        assert can_take(found, need, NOW)


@settings(max_examples=400)
@given(NEEDS, TEAMS)
def test_nobody_gets_one_who_is_away_or_not_at_work(need: Need, team: list[Candidate]) -> None:
    found = choose(need, team, NOW)
    if found is None:
        return
    assert found.at_work
    assert found.presence != "away"
    if any(need.language in c.languages for c in team):
        assert need.language in found.languages


@settings(max_examples=400)
@given(NEEDS, TEAMS, st.data())
def test_it_does_not_matter_in_which_order_the_team_stands(need: Need, team: list[Candidate], data: st.DataObject) -> None:
    assert choose(need, team, NOW) == choose(need, data.draw(st.permutations(team)), NOW)


@settings(max_examples=400)
@given(NEEDS, TEAMS)
def test_who_let_it_pass_does_not_get_it_again(need: Need, team: list[Candidate]) -> None:
    found = choose(need, team, NOW)
    while found is not None:
        need = replace(need, passed=need.passed | {found.agent_id})
        again = choose(need, team, NOW)
        assert again is None or again.agent_id not in need.passed
        found = again


@settings(max_examples=200)
@given(st.lists(st.tuples(MOODS, st.integers(0, 600)), max_size=30), st.integers(1, 4))
def test_furious_customers_go_round(arrivals: list[tuple[str, int]], size: int) -> None:
    """A day of arrivals: while a rested colleague can take it, nobody is given a second furious one in a row."""
    team = {n: Candidate(n, ("en",)) for n in range(1, size + 1)}
    now = NOW
    for mood, seconds in arrivals:
        now += timedelta(seconds=seconds)
        need = Need("en", mood)
        found = choose(need, list(team.values()), now)
        assert found is not None
        if need.is_hard and found.given_hard:
            assert all(c.given_hard or not can_take(c, need, now) for c in team.values())
        pause = now + PAUSE if need.is_hard else found.breathes_until
        moods = (*found.moods, mood) if found.load < FULL else ()
        team[found.agent_id] = replace(found, given_hard=need.is_hard, given_at=now, moods=moods, breathes_until=pause)


def test_language_is_asked_before_load() -> None:
    assert chosen(Need("fi"), ANNA, replace(MIKKO, moods=("calm", "calm"))) == 2


def test_language_that_nobody_speaks_goes_to_whoever_is_there() -> None:
    assert chosen(Need("nb"), ANNA, MIKKO) == 1


def test_returning_customer_goes_to_the_agent_he_knows_if_she_is_there() -> None:
    assert chosen(Need("en", knows=2), ANNA, MIKKO) == 2
    assert chosen(Need("en", knows=2), ANNA, replace(MIKKO, presence="busy")) == 1


def test_subject_and_then_load_decide() -> None:
    assert chosen(Need("en", skills=frozenset({"tv"})), ANNA, replace(SIV, skills=frozenset({"tv"}))) == 3
    assert chosen(Need("en"), replace(ANNA, moods=("furious",)), replace(MIKKO, moods=("calm", "calm"))) == 2


def test_who_has_waited_longest_gets_the_next() -> None:
    earlier = NOW - timedelta(hours=1)
    assert chosen(Need("en"), replace(ANNA, given_at=NOW), replace(MIKKO, given_at=earlier)) == 2


def test_pause_is_kept_while_another_can_take_it() -> None:
    breathing = replace(ANNA, breathes_until=NOW + PAUSE)
    assert chosen(Need("en"), breathing, replace(MIKKO, moods=("calm",) * 3)) == 2
    assert chosen(Need("en"), breathing) == 1
    assert chosen(Need("en"), replace(ANNA, breathes_until=NOW), MIKKO) == 1


def test_who_is_silent_is_named_only_when_nobody_is_there() -> None:
    assert chosen(Need("en"), replace(ANNA, presence="silent"), MIKKO) == 2
    assert chosen(Need("en"), replace(ANNA, presence="silent")) == 1
    assert chosen(Need("en"), replace(ANNA, presence="away")) is None
    assert chosen(Need("en"), replace(ANNA, at_work=False)) is None


def test_going_silent_counts_as_being_away() -> None:
    assert presence_now("online", NOW - SILENT_AFTER, NOW) == "online"
    assert presence_now("online", NOW - SILENT_AFTER - timedelta(seconds=1), NOW) == "silent"
    assert presence_now("busy", None, NOW) == "silent"
    assert presence_now("away", NOW, NOW) == "away"


def test_silent_holder_is_lost_sooner_than_one_who_is_there() -> None:
    within = timedelta(minutes=10)
    assert holder_is_lost(NOW - within, "silent", NOW, within)
    assert not holder_is_lost(NOW - within, "online", NOW, within)
    assert holder_is_lost(NOW - 2 * within, "online", NOW, within)
