"""Follow-ups at their time: not too much, not too little, nothing promised forgotten."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from desk.agents.tables import Agent
from desk.alerts.service import alerts_for
from desk.cases.life import mark_collected, mark_delivered
from desk.cases.rules import NextStep
from desk.cases.service import confirm_solved, not_solved, record_case
from desk.cases.tables import Case, CaseEvent
from desk.conversations.service import append_message, lock_conversation, open_conversation
from desk.conversations.tables import Conversation
from desk.customers.tables import Customer
from desk.errors import Conflict
from desk.followups.calls import call_off, offered_slots
from desk.followups.calls import promise_call as promise_slot
from desk.followups.contacts import held_back, new_contact
from desk.followups.plan_store import change_plan, plan_in_force, plan_of
from desk.followups.plans import Plan
from desk.followups.promises import promise_as_told
from desk.followups.service import mark_done, set_next_step
from desk.followups.tables import Contact, Followup
from tests.conftest import NOW
from tests.desk.cast import Cast, gather, heard_last, promise_call, smelling_tv, talk
from tests.desk.worker.conftest import Bench

SHOP = "Europe/Stockholm"


def begin(bench: Bench, language: str = "en") -> tuple[Case, Cast]:
    """Erik's smelling TV, its replacement arranged."""
    with bench.database.writing() as session:
        cast = gather(session)
        case = smelling_tv(session, cast, arranged=True)
        session.get_one(Conversation, case.conversation_id).language = language
        return case, cast


def bring_new_one(bench: Bench, case: Case) -> None:
    with bench.database.writing() as session:
        fresh = session.get_one(Case, case.id)
        mark_collected(session, fresh, "anna", bench.clock.now())
        mark_delivered(session, fresh, "anna", bench.clock.now(), SHOP)


def next_step(bench: Bench, case: Case) -> Followup:
    with bench.database.reading() as session:
        return session.scalars(select(Followup).where(Followup.case_id == case.id, Followup.state == "pending")).one()


def said(bench: Bench, conversation_id: str) -> list[str]:
    return [text for who, text in bench.transcript(conversation_id) if who in ("bot", "system")]


def run_until(bench: Bench, **span: float) -> None:
    """Let time pass as the worker sees it: a look every six hours."""
    end = bench.clock.now() + timedelta(**span)
    while bench.clock.now() < end:
        bench.watch().step(bench.clock.pass_(hours=6))


@pytest.mark.parametrize(
    ("language", "smell"), [("en", "does it smell"), ("sv", "luktar den"), ("nb", "lukter den"), ("fi", "haiseeko se")]
)
def test_after_the_delivery_he_is_asked_on_day_one_seven_and_thirty(bench: Bench, language: str, smell: str) -> None:
    case, _ = begin(bench, language)
    bring_new_one(bench, case)
    asked = []
    for day in range(31):
        before = len(said(bench, case.conversation_id))
        bench.watch().step(bench.clock.now())
        asked += [day] if len(said(bench, case.conversation_id)) > before else []
        if asked == [day] == [1]:
            assert smell in said(bench, case.conversation_id)[-1]
        bench.clock.pass_(days=1)
    assert asked == [1, 7, 30]
    assert next_step(bench, case).purpose == "silent"


def test_the_questions_end_as_soon_as_he_says_that_all_is_well(bench: Bench) -> None:
    case, _ = begin(bench)
    bring_new_one(bench, case)
    bench.watch().step(bench.clock.pass_(days=1))
    with bench.database.writing() as session:
        conversation = session.get_one(Conversation, case.conversation_id)
        confirm_solved(session, session.get_one(Case, case.id), heard_last(session, conversation), bench.clock.now())
    before = len(said(bench, case.conversation_id))
    run_until(bench, days=60)
    words = said(bench, case.conversation_id)[before:]
    assert len(words) == 2
    assert "How did we take care of case" in words[0]
    assert "How is your Aurora P50 by now?" in words[1]


def test_silence_goes_up_the_ladder_to_a_person_who_decides(bench: Bench) -> None:
    case, cast = begin(bench)
    run_until(bench, days=7)
    call = next_step(bench, case)
    assert (call.kind, call.owner, call.purpose) == ("call", "team", "silent")
    with bench.database.writing() as session:
        mark_done(session, cast.anna, call.id, "nobody answers", bench.clock.now(), reached=False)
    decide = next_step(bench, case)
    assert (decide.kind, decide.owner, decide.purpose) == ("task", "team", "decide")
    run_until(bench, days=30)
    with bench.database.reading() as session:
        assert session.get_one(Case, case.id).is_open


def test_the_second_question_goes_over_the_other_channel_that_he_has(bench: Bench) -> None:
    case, cast = begin(bench)
    with bench.database.writing() as session:
        other, _ = open_conversation(session, "telegram", "sv", bench.clock.now())
        other.customer_id, other.verified_at = cast.erik.id, bench.clock.now()
        append_message(session, other, "customer", "hej", bench.clock.now(), state="answered")
    run_until(bench, days=2)
    assert said(bench, other.id) == []
    run_until(bench, days=3)
    assert "Jag frågade om ditt ärende" in said(bench, other.id)[0]
    with bench.database.writing() as session:
        asked = session.get_one(Conversation, other.id)
        assert (asked.asked, asked.asked_case_id) == ("check_in", case.id)
        assert confirm_solved(session, session.get_one(Case, case.id), heard_last(session, asked), bench.clock.now())


def test_another_customers_channel_is_never_used(bench: Bench) -> None:
    _case, cast = begin(bench)
    with bench.database.writing() as session:
        aino = session.scalars(select(Customer).where(Customer.email == "aino.virtanen@example.com")).one()
        other, _ = open_conversation(session, "telegram", "fi", bench.clock.now())
        other.customer_id, other.verified_at = aino.id, bench.clock.now()
        unverified, _ = open_conversation(session, "telegram", "en", bench.clock.now())
        unverified.customer_id = cast.erik.id
    run_until(bench, days=5)
    assert said(bench, other.id) == said(bench, unverified.id) == []


def test_a_full_week_holds_the_question_back_and_says_why(bench: Bench) -> None:
    case, _ = begin(bench)
    with bench.database.writing() as session:
        fresh = session.get_one(Case, case.id)
        conversation = session.get_one(Conversation, case.conversation_id)
        for days in (0, 2, 3):
            session.add(new_contact(conversation, fresh, NOW - timedelta(days=days), "agent", "call"))
    before = len(said(bench, case.conversation_id))
    bench.watch().step(bench.clock.pass_(days=1))
    assert len(said(bench, case.conversation_id)) == before
    with bench.database.reading() as session:
        held = held_back(session, NOW)[0]
    assert (held.held_because, held.held_until) == ("budget", NOW + timedelta(days=4))
    assert next_step(bench, case).due_at == NOW + timedelta(days=4)
    bench.watch().step(bench.clock.pass_(days=3))
    assert len(said(bench, case.conversation_id)) == before + 1


def test_on_a_public_holiday_nobody_is_asked(bench: Bench) -> None:
    case, _ = begin(bench)
    with bench.database.writing() as session:
        step = NextStep("check_in", datetime.fromisoformat("2026-12-24T10:00+01:00"), "bot", "ask")
        set_next_step(session, session.get_one(Case, case.id), step, NOW, who="desk")
    bench.clock.moment = datetime.fromisoformat("2026-12-24T10:00+01:00")
    bench.watch().step(bench.clock.now())
    assert next_step(bench, case).due_at == datetime.fromisoformat("2026-12-27T08:00+01:00")


def test_his_stop_holds_over_every_channel_and_a_person_decides(bench: Bench) -> None:
    case, _ = begin(bench)
    with bench.database.writing() as session:
        session.get_one(Conversation, case.conversation_id).quiet_since = NOW
    before = len(said(bench, case.conversation_id))
    run_until(bench, days=2)
    assert len(said(bench, case.conversation_id)) == before
    step = next_step(bench, case)
    assert (step.kind, step.owner, step.purpose) == ("call", "team", "opted_out")
    with bench.database.reading() as session:
        assert session.scalars(select(Contact.held_because)).all() == ["opt_out"]


def test_the_owner_hears_of_a_promise_in_danger_and_then_the_lead(bench: Bench) -> None:
    case, cast = begin(bench)
    with bench.database.writing() as session:
        call = promise_call(session, session.get_one(Case, case.id), cast.anna, NOW + timedelta(hours=1))

    def told(agent: Agent) -> list[str]:
        with bench.database.reading() as session:
            return [a.kind for a in alerts_for(session, agent) if a.kind.startswith("promise")]

    bench.watch().step(bench.clock.pass_(minutes=44))
    assert told(cast.anna) == []
    bench.watch().step(bench.clock.pass_(minutes=2))
    assert (told(cast.anna), told(cast.mikko), told(cast.siv)) == (["promise_soon"], [], [])
    bench.watch().step(bench.clock.pass_(minutes=40))
    assert told(cast.siv) == ["promise_at_risk"]
    bench.watch().step(bench.clock.pass_(minutes=20))
    assert told(cast.siv) == ["promise_broken", "promise_at_risk"]
    assert told(cast.anna) == ["promise_soon"]
    with bench.database.reading() as session:
        assert session.get_one(Followup, call.id).promise == "broken"


def test_he_is_not_woken_for_a_promise_that_broke_at_night(bench: Bench) -> None:
    case, cast = begin(bench)
    with bench.database.writing() as session:
        fresh = session.get_one(Case, case.id)
        fresh.hazard = False
        call = promise_call(session, fresh, cast.anna, NOW + timedelta(hours=12))  # 22:00
    before = len(said(bench, case.conversation_id))
    bench.watch().step(bench.clock.pass_(hours=13))
    assert len(said(bench, case.conversation_id)) == before
    with bench.database.reading() as session:
        assert session.get_one(Followup, call.id).promise == "broken"
    bench.clock.moment = datetime.fromisoformat("2026-11-19T08:00+01:00")
    bench.watch().step(bench.clock.now())
    assert "that is our mistake" in said(bench, case.conversation_id)[-1]
    assert next_step(bench, case).promise == "open"
    with bench.database.reading() as session:
        assert session.scalars(select(CaseEvent).where(CaseEvent.what == "promise_broken")).all()[1:] == []


def test_in_a_danger_he_hears_of_a_broken_promise_at_any_hour(bench: Bench) -> None:
    case, cast = begin(bench)
    with bench.database.writing() as session:
        promise_call(session, session.get_one(Case, case.id), cast.anna, NOW + timedelta(hours=12))
    bench.watch().step(bench.clock.pass_(hours=13))
    assert "that is our mistake" in said(bench, case.conversation_id)[-1]


def test_a_time_that_he_was_told_is_a_promise(bench: Bench) -> None:
    case, _ = begin(bench)
    with bench.database.writing() as session:
        step = session.get_one(Followup, session.get_one(Case, case.id).next_followup_id)
        promise_as_told(session, step, session.get_one(Conversation, case.conversation_id), bench.settings)
    bench.watch().step(bench.clock.pass_(days=1, seconds=2))
    with bench.database.reading() as session:
        asked = session.scalars(select(Followup).where(Followup.outcome == "asked")).one()
        assert asked.promise == "kept"


def test_what_the_bot_says_later_than_it_told_him_is_owned_up_to(bench: Bench) -> None:
    case, _ = begin(bench)
    with bench.database.writing() as session:
        step = session.get_one(Followup, session.get_one(Case, case.id).next_followup_id)
        promise_as_told(session, step, session.get_one(Conversation, case.conversation_id), bench.settings)
    bench.watch().step(bench.clock.pass_(days=1, hours=2))
    assert said(bench, case.conversation_id)[-1].startswith("I'm writing later than I said I would")
    with bench.database.reading() as session:
        assert session.scalars(select(Followup).where(Followup.outcome == "asked")).one().promise == "broken"


def test_thanks_leaves_the_appointment_and_no_call_please_releases_us(bench: Bench) -> None:
    case, _ = begin(bench)
    with bench.database.writing() as session:
        fresh = session.get_one(Case, case.id)
        conversation = session.get_one(Conversation, case.conversation_id)
        heard = heard_last(session, conversation)
        call = promise_slot(session, fresh, offered_slots(session, NOW, "en")[0], NOW, heard.message_id)
        thanks = append_message(session, lock_conversation(session, conversation.id), "customer", "thanks", NOW, state="answered")
    bench.watch().step(bench.clock.pass_(minutes=1))
    assert next_step(bench, case).id == call.id
    with bench.database.writing() as session:
        assert call_off(session, session.get_one(Case, case.id), bench.clock.now(), thanks.id, 1)
    assert next_step(bench, case).kind == "check_in"
    with bench.database.reading() as session:
        assert session.get_one(Followup, call.id).promise == "released"


def test_a_case_that_was_closed_is_opened_again_by_his_word_and_the_last_word_is_dropped(bench: Bench) -> None:
    case, _ = begin(bench)
    with bench.database.writing() as session:
        fresh = session.get_one(Case, case.id)
        conversation = session.get_one(Conversation, case.conversation_id)
        confirm_solved(session, fresh, heard_last(session, conversation), NOW)
    last_word = next_step(bench, case)
    with bench.database.writing() as session:
        message = append_message(
            session, lock_conversation(session, case.conversation_id), "customer", "it smells again", NOW, state="answered"
        )
        fresh = session.get_one(Case, case.id)
        not_solved(session, fresh, heard_last(session, session.get_one(Conversation, case.conversation_id)), NOW)
        assert message.id
    step = next_step(bench, case)
    assert (step.kind, step.owner, step.due_at) == ("task", "team", NOW + timedelta(hours=1))
    with bench.database.reading() as session:
        assert session.get_one(Followup, last_word.id).state == "cancelled"
        assert session.get_one(Case, case.id).is_open


def test_an_idea_is_decided_by_a_person_and_he_is_told_what_became_of_it(bench: Bench) -> None:
    with bench.database.writing() as session:
        cast = gather(session)
        conversation = talk(session, "You should sell batteries too.")
        case = record_case(session, conversation, "suggestion", heard_last(session, conversation), NOW).case
    task = next_step(bench, case)
    assert task.purpose == "decide_suggestion"
    with bench.database.writing() as session:
        mark_done(session, cast.anna, task.id, "We sell batteries from Monday on.", NOW)
    bench.watch().step(bench.clock.pass_(seconds=1))
    assert "We sell batteries from Monday on." in said(bench, case.conversation_id)[-1]


def test_a_running_case_keeps_the_plan_it_began_with(bench: Bench) -> None:
    case, cast = begin(bench)
    with bench.database.writing() as session:
        before = plan_of(session, session.get_one(Case, case.id), NOW)
        wider = Plan.model_validate({**before.model_dump(), "ask_on_days": [2, 10]})
        assert change_plan(session, cast.siv, "fault", wider, 1, NOW).version == 2
        with pytest.raises(Conflict):
            change_plan(session, cast.siv, "fault", before, 1, NOW)
        assert plan_of(session, session.get_one(Case, case.id), NOW) == before
        conversation = talk(session, "My kettle is broken")
        newer = record_case(session, conversation, "fault", heard_last(session, conversation), NOW).case
        assert plan_of(session, newer, NOW) == wider
        assert plan_in_force(session, "complaint", NOW).version == 1


def test_what_was_not_arranged_cannot_be_delivered(bench: Bench) -> None:
    with bench.database.writing() as session:
        case = smelling_tv(session, gather(session))
        with pytest.raises(Conflict):
            mark_delivered(session, case, "anna", NOW, SHOP)
        with pytest.raises(Conflict):
            mark_collected(session, case, "anna", NOW)
