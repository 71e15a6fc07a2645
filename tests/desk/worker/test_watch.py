"""What the passing of time asks for: nobody gets silence, nothing due is forgotten, no promise breaks unsaid."""

from datetime import datetime, timedelta

from sqlalchemy import select

from desk.cases.service import confirm_solved
from desk.cases.tables import Case
from desk.conversations.service import lock_conversation
from desk.conversations.tables import Conversation, Message
from desk.followups.service import mark_done, set_next_step
from desk.followups.tables import Followup
from desk.handoffs.service import hand_back, open_handoff, take_over
from tests.desk.cast import Cast, gather, hand_off, heard_last, promise_call, smelling_tv, talk
from tests.desk.worker.conftest import Bench


def told(bench: Bench, conversation_id: str, author: str = "system") -> list[str]:
    return [text for who, text in bench.transcript(conversation_id) if who == author]


def next_step(bench: Bench, case: Case) -> Followup:
    with bench.database.reading() as session:
        fresh = session.get_one(Case, case.id)
        return session.get_one(Followup, fresh.next_followup_id)


def arranged(bench: Bench) -> tuple[Case, Cast]:
    with bench.database.writing() as session:
        cast = gather(session)
        return smelling_tv(session, cast, arranged=True), cast


def test_a_customer_who_waits_is_told_once_that_it_has_arrived(bench: Bench) -> None:
    conversation = bench.open("fi")
    bench.write(conversation, "hei")
    bench.watch().step(bench.clock.now())
    assert told(bench, conversation) == []
    bench.watch().step(bench.clock.pass_(seconds=5))
    bench.write(conversation, "onko siellä ketään?")
    bench.watch().step(bench.clock.pass_(seconds=6))
    assert len(told(bench, conversation)) == 1


async def test_an_answered_customer_is_told_nothing(bench: Bench) -> None:
    conversation = bench.open()
    bench.write(conversation, "hello")
    await bench.worker().answer_one()
    bench.watch().step(bench.clock.pass_(seconds=90))
    assert told(bench, conversation) == []


def test_after_a_minute_people_are_asked_and_the_customer_hears_who_and_by_when(bench: Bench) -> None:
    with bench.database.writing() as session:
        gather(session)
    conversation = bench.open()
    bench.write(conversation, "my order?")
    bench.watch().step(bench.clock.pass_(seconds=61))
    with bench.database.reading() as session:
        handoff = open_handoff(session, conversation)
        assert handoff is not None
        assert (handoff.state, handoff.reason) == ("queued", "bot_failed")
        number = session.get_one(Case, handoff.case_id).number
        assert session.get_one(Conversation, conversation).holder == "queue"
    assert number in told(bench, conversation)[-1]
    assert handoff.answered_by in told(bench, conversation)[-1]
    assert bench.watch().step(bench.clock.pass_(seconds=1)) == 0


def test_a_late_hand_off_is_owned_up_to_with_a_new_time(bench: Bench) -> None:
    with bench.database.writing() as session:
        gather(session)
        handoff = hand_off(session, talk(session, "a person please"))
    first = handoff.answer_by
    bench.watch().step(bench.clock.pass_(minutes=9))
    assert told(bench, handoff.conversation_id) == []
    bench.watch().step(bench.clock.pass_(minutes=2))
    assert len(told(bench, handoff.conversation_id)) == 1
    with bench.database.reading() as session:
        now_open = open_handoff(session, handoff.conversation_id)
        assert now_open is not None
        assert now_open.answer_by > first
        assert now_open.times_late == 1
        assert session.get_one(Case, handoff.case_id).priority == "high"


def test_a_check_in_comes_at_its_time_and_the_next_step_is_set(bench: Bench) -> None:
    case, _ = arranged(bench)
    bench.watch().step(bench.clock.pass_(hours=23))
    assert told(bench, case.conversation_id, "bot")[-1].startswith("I have read")
    bench.watch().step(bench.clock.pass_(hours=1, seconds=1))
    assert "Aurora P50" in told(bench, case.conversation_id, "bot")[-1]
    with bench.database.reading() as session:
        conversation = session.get_one(Conversation, case.conversation_id)
        assert (conversation.asked, conversation.asked_case_id) == ("check_in", case.id)
        buttons = session.scalars(select(Message.buttons).order_by(Message.seq.desc())).first()
        assert [b["payload"] for b in buttons or []] == ["/confirm_solved", "/not_solved"]
    assert next_step(bench, case).kind == "check_in"
    assert bench.watch().step(bench.clock.now()) == 0  # said once


def test_a_silent_customer_is_asked_twice_then_called_by_a_person_and_never_closed(bench: Bench) -> None:
    case, _ = arranged(bench)
    for _ in range(60):
        bench.watch().step(bench.clock.pass_(hours=12))
    with bench.database.reading() as session:
        fresh = session.get_one(Case, case.id)
        assert fresh.is_open
        asked = session.scalars(select(Followup).where(Followup.kind == "check_in", Followup.state == "done")).all()
        assert len(asked) == 2
    assert next_step(bench, case).kind == "call"


def test_no_check_in_in_the_customers_night(bench: Bench) -> None:
    case, _ = arranged(bench)
    bench.clock.pass_(hours=12)  # 22:00 in Stockholm
    with bench.database.writing() as session:
        step = session.get_one(Followup, session.get_one(Case, case.id).next_followup_id)
        step.due_at = bench.clock.now()
    bench.watch().step(bench.clock.now())
    assert len(told(bench, case.conversation_id, "bot")) == 1
    assert next_step(bench, case).due_at == datetime.fromisoformat("2026-11-19T08:00:00+01:00")


def test_the_bot_does_not_check_in_while_a_person_holds_the_conversation(bench: Bench) -> None:
    case, cast = arranged(bench)
    with bench.database.writing() as session:
        take_over(session, lock_conversation(session, case.conversation_id), cast.anna, bench.clock.now())
    bench.watch().step(bench.clock.pass_(hours=25))
    assert len(told(bench, case.conversation_id, "bot")) == 1
    step = next_step(bench, case)
    assert (step.kind, step.owner_agent_id) == ("task", cast.anna.id)


def test_a_due_call_is_put_before_its_agent_and_kept_when_made_in_time(bench: Bench) -> None:
    case, cast = arranged(bench)
    with bench.database.writing() as session:
        call = promise_call(session, session.get_one(Case, case.id), cast.anna, bench.clock.now() + timedelta(hours=2))
    bench.watch().step(bench.clock.pass_(hours=2))
    with bench.database.writing() as session:
        assert session.get_one(Followup, call.id).delivered_at == bench.clock.now()
        done = mark_done(session, cast.anna, call.id, "talked, all is well", bench.clock.pass_(minutes=10))
        assert (done.promise, done.outcome) == ("kept", "talked, all is well")
    assert next_step(bench, case).kind == "check_in"


def test_a_missed_call_is_owned_up_to_with_a_new_promised_time(bench: Bench) -> None:
    case, cast = arranged(bench)
    with bench.database.writing() as session:
        call = promise_call(session, session.get_one(Case, case.id), cast.anna, bench.clock.now() + timedelta(hours=2))
    bench.watch().step(bench.clock.pass_(hours=2, minutes=39))
    assert told(bench, case.conversation_id) == []
    bench.watch().step(bench.clock.pass_(minutes=2))
    assert "that is our mistake" in told(bench, case.conversation_id)[-1]
    with bench.database.reading() as session:
        assert session.get_one(Followup, call.id).promise == "broken"
    step = next_step(bench, case)
    assert step.promise == "open"
    assert step.due_at > bench.clock.now()
    assert bench.watch().step(bench.clock.now()) == 0


def test_a_missed_answer_is_owned_up_to_as_well(bench: Bench) -> None:
    case, _ = arranged(bench)
    from desk.cases.rules import NextStep

    with bench.database.writing() as session:
        step = NextStep("task", bench.clock.now() + timedelta(hours=1), "team", "answer")
        set_next_step(session, session.get_one(Case, case.id), step, bench.clock.now(), who="bot", promised=True)
    bench.watch().step(bench.clock.pass_(hours=1, minutes=11))
    assert case.number in told(bench, case.conversation_id)[-1]
    assert next_step(bench, case).promise == "open"


def test_he_who_wants_no_messages_gets_none_and_a_person_decides(bench: Bench) -> None:
    case, cast = arranged(bench)
    with bench.database.writing() as session:
        session.merge(cast.erik).no_messages_since = bench.clock.now()
    bench.watch().step(bench.clock.pass_(days=1, seconds=1))
    assert len(told(bench, case.conversation_id, "bot")) == 1
    assert next_step(bench, case).owner == "team"


def test_a_closed_case_is_followed_by_a_survey_and_one_last_word_and_no_more(bench: Bench) -> None:
    case, _cast = arranged(bench)
    with bench.database.writing() as session:
        conversation = session.get_one(Conversation, case.conversation_id)
        heard = heard_last(session, conversation)
        assert confirm_solved(session, session.get_one(Case, case.id), heard, bench.clock.now())
        hand_back(session, conversation, bench.clock.now())
    before = len(told(bench, case.conversation_id, "bot"))
    assert bench.watch().step(bench.clock.pass_(days=29)) == 1  # the survey, late: the last word keeps its distance
    assert bench.watch().step(bench.clock.pass_(days=1)) == 0
    assert bench.watch().step(bench.clock.pass_(days=29)) == 1
    assert "you'll hear no more from me" in told(bench, case.conversation_id, "bot")[-1]
    assert bench.watch().step(bench.clock.pass_(days=300)) == 0
    assert len(told(bench, case.conversation_id, "bot")) == before + 2
