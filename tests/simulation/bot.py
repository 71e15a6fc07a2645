"""In Rasa's place: each message brings its meaning with it, and the same services are called that actions call."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from desk.cases.remedies import accept_remedy, choices_among, decline_remedies, offer_remedies
from desk.cases.service import Heard, attach_order, confirm_solved, current_case, latest_case, not_solved, record_case
from desk.cases.tables import Case
from desk.conversations.service import lock_conversation
from desk.conversations.tables import Conversation
from desk.customers.service import stop_messages, verify_by_order
from desk.db.engine import Database
from desk.followups.calls import offered_slots, promise_call
from desk.followups.promises import promise_as_told
from desk.followups.tables import Followup
from desk.handoffs.service import request_handoff
from desk.settings import Settings
from desk.surveys.answering import answer_words
from desk.surveys.rules import Say
from desk.times import say_day_time
from desk.words import Said, Words
from desk.worker.bot import Read, Reply, Turn
from tests.desk.worker.conftest import HandClock


@dataclass(frozen=True)
class Meaning:
    """What a message is about, as the bot would read it; what goes with it."""

    topic: str
    mood: str = "calm"
    hazard: bool = False
    sku: str | None = None
    order: str = ""
    email: str = ""
    choice: int = 0


class ActingBot:
    """Does what the dialogue's actions do, in a transaction of its own, and takes a second or two for it."""

    def __init__(self, database: Database, settings: Settings, words: Words, clock: HandClock) -> None:
        self.meanings: dict[str, Meaning] = {}
        self._database, self._settings, self._words, self._clock = database, settings, words, clock

    async def read(self, text: str, language: str) -> Read:
        return Read()

    async def answer(self, turn: Turn) -> Reply:
        meaning = self.meanings.get(turn.message_id, Meaning("chat"))
        self._clock.pass_(seconds=0.6 + (len(turn.text) * 37 % 17) / 10)
        with self._database.writing() as session:
            conversation = lock_conversation(session, turn.conversation_id)
            heard = Heard(turn.message_id, turn.text, meaning.mood, meaning.hazard)
            read = (meaning.topic, 0.9, meaning.hazard)
            say, said = answer_words(session, conversation, turn.text, read, self._clock.now(), self._words)
            if say is not Say.THANKS:
                said = [*said, *self._act(session, conversation, heard, meaning)]
        understood = {"topic": meaning.topic, "mood": meaning.mood, "hazard": meaning.hazard}
        return Reply(said, understood)

    def _act(self, session: Session, conversation: Conversation, heard: Heard, meaning: Meaning) -> list[Said]:
        now, language = self._clock.now(), conversation.language
        asked_about = session.get(Case, conversation.asked_case_id) if conversation.asked_case_id else None
        case = asked_about or current_case(session, conversation)
        match meaning.topic:
            case "fault" | "wrong_item" | "late_delivery" | "complaint" | "suggestion":
                recorded = record_case(session, conversation, meaning.topic, heard, now, meaning.sku).case
                response = "utter_suggestion_recorded" if meaning.topic == "suggestion" else f"utter_apologise_{meaning.topic}"
                said = [self._say(response, language, case=recorded.number)]
                return [self._say("utter_safety_advice", language), *said] if meaning.hazard else said
            case "person":
                return self._to_a_person(session, conversation, heard, "asked_for_human")
            case "order" if case is not None:
                order = verify_by_order(session, conversation.id, meaning.order, meaning.email, now, 5).order
                if order is None:
                    return [self._say("utter_not_verified", language)]
                attach_order(session, case, order, now, heard.message_id)
                choices = choices_among(offer_remedies(session, case, now, heard.message_id))
                return [self._say("utter_offer_needs_human" if not choices else "utter_thank", language)]
            case "verify":
                verify_by_order(session, conversation.id, meaning.order, meaning.email, now, 5)
                return [self._say("utter_thank", language)]
            case "replacement" | "refund" | "repair" if case is not None:
                arranged = accept_remedy(session, case, meaning.topic, now, heard.message_id, self._settings.check_in_days)
                return [self._say("utter_remedy_needs_human" if arranged.needs_human else "utter_thank", language)]
            case "decline" if case is not None:
                decline_remedies(session, case, now, heard.message_id)
                return [self._say("utter_remedies_declined", language)]
            case "call" if case is not None:
                slots = offered_slots(session, now, language)
                if not slots:
                    return [self._say("utter_ask_call_time_closed", language)]
                call = promise_call(session, case, slots[meaning.choice % len(slots)], now, heard.message_id)
                time = say_day_time(call.due_at, language, self._settings.shop_timezone, now)
                return [self._say("utter_call_promised", language, agent="", time=time)]
            case "status" if case is not None and case.is_open:
                where = session.get_one(Conversation, case.conversation_id)
                promise_as_told(session, session.get_one(Followup, case.next_followup_id), where, self._settings)
                return [self._say("utter_thank", language)]
            case "confirm_solved" if case is not None:
                confirm_solved(session, case, heard, now, self._settings.shop_timezone)
                return [self._say("utter_closed_satisfied", language, case=case.number)]
            case "not_solved":
                about = case or latest_case(session, conversation)
                if about is None:
                    return [self._say("utter_default", language)]
                not_solved(session, about, heard, now)
                said = [self._say("utter_not_solved", language, case=about.number)]
                return said + self._to_a_person(session, conversation, heard, "not_solved")
            case "stop":
                stop_messages(session, conversation, now)
                return [self._say("utter_stopped", language)]
        return [self._say("utter_thank", language)]

    def _to_a_person(self, session: Session, conversation: Conversation, heard: Heard, reason: str) -> list[Said]:
        within, now = timedelta(minutes=self._settings.answer_within_minutes), self._clock.now()
        handoff = request_handoff(session, conversation, reason, heard, now, within)
        time = say_day_time(handoff.answer_by, conversation.language, self._settings.shop_timezone, now)
        who = handoff.answered_by or self._words.say("utter_our_team", conversation.language).text
        response = "utter_handoff" if handoff.answered_by else "utter_handoff_closed"
        case = session.get_one(Case, handoff.case_id)
        return [self._say(response, conversation.language, who=who, time=time, case=case.number)]

    def _say(self, response: str, language: str, **values: object) -> Said:
        return self._words.say(response, language, **values)
