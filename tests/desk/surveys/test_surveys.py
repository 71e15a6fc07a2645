"""Asking how it was: once, by buttons, with room for his own words; a bad rating brings a person."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from desk.alerts.service import alerts_for
from desk.cases.service import confirm_solved, not_solved
from desk.cases.tables import Case
from desk.conversations.service import lock_conversation, receive_message
from desk.conversations.tables import Conversation, Message
from desk.errors import WrongInput
from desk.followups.tables import Followup
from desk.handoffs.service import open_handoff
from desk.surveys.answering import answer_words
from desk.surveys.rounds import begin_round, result_since, rounds
from desk.surveys.rules import Say
from desk.surveys.tables import Survey
from desk.words import Said, load_words
from desk.worker.bot import Reply, Turn
from tests.conftest import NOW
from tests.desk.cast import Cast, gather, heard_last, smelling_tv, talk, verify
from tests.desk.worker.conftest import Bench


def solved(bench: Bench, language: str = "en") -> tuple[Case, Cast]:
    with bench.database.writing() as session:
        cast = gather(session)
        case = smelling_tv(session, cast, arranged=True)
        conversation = session.get_one(Conversation, case.conversation_id)
        conversation.language = language
        confirm_solved(session, case, heard_last(session, conversation), NOW)
        return case, cast


def asked(bench: Bench, language: str = "en") -> tuple[Case, Cast]:
    case, cast = solved(bench, language)
    bench.watch().step(bench.clock.pass_(hours=3))
    return case, cast


def last(bench: Bench, case: Case) -> Message:
    with bench.database.reading() as session:
        query = select(Message).where(Message.conversation_id == case.conversation_id).order_by(Message.seq.desc())
        return session.scalars(query).first()  # type: ignore[return-value]


async def press(bench: Bench, case: Case, title: str) -> None:
    """He presses a button of the last message that has it."""
    with bench.database.writing() as session:
        query = select(Message).where(Message.conversation_id == case.conversation_id).order_by(Message.seq.desc())
        payload = next(b["payload"] for m in session.scalars(query) for b in m.buttons if b["title"] == title)
        count = session.scalars(query).first().seq  # type: ignore[union-attr]
        receive_message(session, case.conversation_id, f"press{count}", bench.clock.now(), payload=payload)
    await bench.worker().answer_one()


async def write(bench: Bench, case: Case, text: str, topic: str = "praise", sure: float = 0.9, hazard: bool = False) -> None:
    """He writes, and the bot's action does what it does with every message first."""

    def answer(turn: Turn) -> Reply:
        with bench.database.writing() as session:
            conversation = lock_conversation(session, turn.conversation_id)
            read = (topic, sure, hazard)
            say, thanks = answer_words(session, conversation, turn.text, read, bench.clock.now(), load_words())
        return Reply([*thanks, *([] if say is Say.THANKS else [Said(f"re: {turn.text}", [])])])

    bench.write(case.conversation_id, text)
    bench.bot._answer = answer
    await bench.worker().answer_one()


def since_asked(bench: Bench, case: Case) -> list[str]:
    """What he heard since he was asked why."""
    with bench.database.reading() as session:
        query = select(Message).where(Message.conversation_id == case.conversation_id).order_by(Message.seq)
        said = [m.text for m in session.scalars(query) if m.author != "customer"]
    return said[1 + max(n for n, text in enumerate(said) if "in your own words" in text) :]


def the_survey(bench: Bench) -> Survey:
    with bench.database.reading() as session:
        return session.scalars(select(Survey).order_by(Survey.created_at.desc())).first()  # type: ignore[return-value]


def fresh(bench: Bench, case: Case) -> Case:
    with bench.database.reading() as session:
        return session.get_one(Case, case.id)


@pytest.mark.parametrize(
    ("language", "words"), [("en", "One press"), ("sv", "Ett tryck"), ("nb", "Ett trykk"), ("fi", "Yksi painallus")]
)
def test_a_solved_case_is_asked_about_once_in_his_language(bench: Bench, language: str, words: str) -> None:
    case, _ = asked(bench, language)
    message = last(bench, case)
    assert words in message.text
    assert [b["title"] for b in message.buttons] == ["1", "2", "3", "4", "5"]
    bench.watch().step(bench.clock.pass_(days=20))
    with bench.database.reading() as session:
        assert len(session.scalars(select(Survey)).all()) == 1


async def test_a_five_with_own_words_and_the_question_whether_he_would_recommend_us(bench: Bench) -> None:
    case, _ = asked(bench)
    await press(bench, case, "5")
    assert "in your own words" in last(bench, case).text
    await write(bench, case, "You called when you said you would.")
    assert "0 is not at all" in last(bench, case).text
    await press(bench, case, "10")
    survey = the_survey(bench)
    assert (survey.state, survey.rating, survey.recommend) == ("rated", 5, 10)
    assert survey.words == "You called when you said you would."
    assert [t.text for t in bench.bot.turns] == ["You called when you said you would."]  # buttons need no Rasa
    assert not fresh(bench, case).is_open
    with bench.database.reading() as session:
        result = result_since(session, NOW, NOW + timedelta(days=1))
    assert (result.response_rate, result.mean, result.satisfied, result.promoters_less_detractors) == (1.0, 5.0, 1.0, 1.0)


async def test_the_first_rating_counts(bench: Bench) -> None:
    case, _ = asked(bench)
    await press(bench, case, "4")
    await press(bench, case, "1")
    assert the_survey(bench).rating == 4
    assert not fresh(bench, case).is_open


@pytest.mark.parametrize("rating", ["1", "2"])
async def test_a_bad_rating_opens_the_case_to_a_person_within_the_hour(bench: Bench, rating: str) -> None:
    case, cast = asked(bench)
    await press(bench, case, rating)
    again = fresh(bench, case)
    assert again.is_open
    with bench.database.reading() as session:
        handoff = open_handoff(session, case.conversation_id)
        assert handoff is not None
        assert (handoff.state, handoff.reason) == ("queued", "low_rating")
        assert handoff.answer_by <= bench.clock.now() + timedelta(hours=1)
        step = session.get_one(Followup, again.next_followup_id)
        assert (step.kind, step.due_at) == ("task", bench.clock.now() + timedelta(hours=1))
        assert "low_rating" in [a.kind for a in alerts_for(session, cast.siv)]
        assert session.get_one(Conversation, case.conversation_id).holder == "queue"
    assert "at the latest" in last(bench, case).text
    await write(bench, case, "Nobody called me.")
    assert the_survey(bench).words == "Nobody called me."
    assert bench.bot.turns == []


async def test_after_a_bad_rating_he_is_not_asked_again_about_the_case(bench: Bench) -> None:
    case, _ = asked(bench)
    await press(bench, case, "1")
    with bench.database.writing() as session:
        conversation = session.get_one(Conversation, case.conversation_id)
        assert confirm_solved(session, session.get_one(Case, case.id), heard_last(session, conversation), bench.clock.now())
        pending = session.scalars(select(Followup).where(Followup.case_id == case.id, Followup.state == "pending")).one()
        assert pending.purpose == "last_word"
        assert len(session.scalars(select(Survey)).all()) == 1


async def test_a_rating_is_void_when_the_case_is_opened_again(bench: Bench) -> None:
    case, _ = asked(bench)
    await press(bench, case, "5")
    bench.write(case.conversation_id, "it smells again")
    with bench.database.writing() as session:
        conversation = session.get_one(Conversation, case.conversation_id)
        not_solved(session, session.get_one(Case, case.id), heard_last(session, conversation), bench.clock.now())
        assert result_since(session, NOW, NOW + timedelta(days=1)).asked == 0
    assert the_survey(bench).state == "void"


@pytest.mark.parametrize(
    "topic", ["praise", "complain", "ask_delivery_time", "confirm_solved", "report_late_delivery", "nlu_fallback"]
)
async def test_why_is_thanked_whatever_its_topic(bench: Bench, topic: str) -> None:
    case, _ = asked(bench)
    await press(bench, case, "4")
    await write(bench, case, "You saw to it at once", topic)
    heard = since_asked(bench, case)
    assert heard[0].startswith("Thank you")
    assert not any(text.startswith("re: ") for text in heard)
    assert the_survey(bench).words == "You saw to it at once"


async def test_a_problem_that_the_bot_is_not_sure_of_is_only_why(bench: Bench) -> None:
    case, _ = asked(bench)
    await press(bench, case, "5")
    await write(bench, case, "The broken TV was replaced the next day", "report_fault", sure=0.4)
    assert since_asked(bench, case)[0].startswith("Thank you")


@pytest.mark.parametrize(
    ("text", "topic", "hazard"),
    [
        ("Good, but now it smells of smoke!", "praise", True),
        ("The new one is broken too", "report_fault", False),
        ("I want to talk to a person", "ask_human", False),
    ],
)
async def test_danger_a_fresh_problem_and_a_wish_for_a_person_go_first(bench: Bench, text: str, topic: str, hazard: bool) -> None:
    case, _ = asked(bench)
    await press(bench, case, "4")
    await write(bench, case, text, topic, hazard=hazard)
    assert since_asked(bench, case) == [f"re: {text}"]
    assert the_survey(bench).words == text


async def test_a_question_is_thanked_for_and_answered(bench: Bench) -> None:
    case, _ = asked(bench)
    await press(bench, case, "4")
    await write(bench, case, "Quick! When do you open tomorrow?", "ask_opening_hours")
    heard = since_asked(bench, case)
    assert heard[0].startswith("Thank you")
    assert heard[1:] == ["re: Quick! When do you open tomorrow?"]


async def test_what_he_writes_after_his_words_is_for_the_bot_again(bench: Bench) -> None:
    case, _ = asked(bench)
    await press(bench, case, "4")
    await write(bench, case, "fine")
    await write(bench, case, "Where is my order", "track_order")
    assert since_asked(bench, case)[-1] == "re: Where is my order"
    assert [t.fresh for t in bench.bot.turns][:1] == [True], "no form that is still open takes his words"


async def test_a_survey_is_over_after_two_weeks(bench: Bench) -> None:
    case, _ = asked(bench)
    bench.clock.pass_(days=14)
    await press(bench, case, "1")
    assert "This question is over" in last(bench, case).text
    assert the_survey(bench).rating is None


async def test_whether_he_would_recommend_us_is_asked_once_a_quarter(bench: Bench) -> None:
    case, _ = asked(bench)
    await press(bench, case, "5")
    await write(bench, case, "fine")
    with bench.database.writing() as session:
        conversation = session.get_one(Conversation, case.conversation_id)
        other = smelling_tv_again(session, conversation)
    bench.watch().step(bench.clock.pass_(hours=4))
    await press(bench, other, "5")
    await write(bench, other, "fine too")
    assert "0 is not at all" not in last(bench, case).text


def smelling_tv_again(session, conversation):  # type: ignore[no-untyped-def]
    """A second case of his, solved."""
    from desk.cases.service import record_case

    case = record_case(session, conversation, "request", heard_last(session, conversation), NOW).case
    confirm_solved(session, case, heard_last(session, conversation), NOW + timedelta(hours=4))
    return case


def test_a_survey_waits_for_the_morning(bench: Bench) -> None:
    case, _ = solved(bench)
    bench.watch().step(bench.clock.pass_(hours=12))
    assert last(bench, case).buttons == []
    bench.watch().step(bench.clock.pass_(hours=10))
    assert len(last(bench, case).buttons) == 5


def test_a_round_asks_the_customers_of_a_product_and_shows_who_answered(bench: Bench) -> None:
    with bench.database.writing() as session:
        cast = gather(session)
        conversation = verify(session, talk(session, "hello"), cast)
        begin_round(session, cast.siv, "new_product", "AUR-P50", 30, NOW)
    bench.watch().step(bench.clock.now())
    with bench.database.writing() as session:
        message = session.scalars(
            select(Message).where(Message.conversation_id == conversation.id).order_by(Message.seq.desc())
        ).first()
        assert message is not None
        assert "Aurora P50" in message.text
        view = rounds(session)[0]
        assert (view.result.asked, view.result.rated, view.planned) == (1, 0, 0)
        with pytest.raises(WrongInput):
            begin_round(session, cast.siv, "left", None, 30, NOW)


def test_a_round_leaves_out_who_wants_no_messages_or_has_something_open(bench: Bench) -> None:
    with bench.database.writing() as session:
        cast = gather(session)
        smelling_tv(session, cast)
        with pytest.raises(WrongInput):
            begin_round(session, cast.siv, "new_product", "AUR-P50", 30, NOW)
