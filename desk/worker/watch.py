"""What the passing of time asks for: late answers, late hand-offs, due follow-ups, promises about to break.

Each function does at most a batch, each row in a transaction of its own, and says how many it did: one failing row does
not stop the rest, and several workers share the work.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from desk.attachments.service import forget_unsent_pictures, is_forgotten
from desk.attachments.tables import Attachment
from desk.conversations.service import append_message, lock_conversation
from desk.conversations.tables import Conversation, Message
from desk.customers.identities import is_in_group
from desk.db.engine import Database
from desk.followups.delivery import deliver_due_followups, due_ids, is_due, put_aside
from desk.followups.promises import break_one_promise, is_broken, needs_warning, warn_of_one_promise
from desk.followups.tables import Followup
from desk.handoffs.assigning import assign_anew, next_to_assign
from desk.handoffs.service import (
    is_late,
    last_heard,
    late_handoffs,
    open_handoff,
    promise_anew,
    queue_requested_handoff,
    request_handoff,
)
from desk.handoffs.silence import lost_conversation, return_to_queue
from desk.handoffs.tables import Handoff
from desk.handoffs.telling import tell_who_answers
from desk.settings import Settings
from desk.surveys.rounds import ask_one_planned_survey, is_planned
from desk.surveys.tables import Survey
from desk.words import Words

logger = logging.getLogger(__name__)
BATCH = 50


class Watch:
    """Does what is due. Every step takes `now` and is safe to repeat."""

    def __init__(self, database: Database, settings: Settings, words: Words) -> None:
        self._database = database
        self._settings = settings
        self._words = words

    def step(self, now: datetime) -> int:
        """Everything that is due now, once; the number of things done."""
        with self._database.reading() as session:  # an idle watch takes no write lock
            due = self._what_is_due(session, now)
        steps: dict[str, Callable[[Session, datetime], bool]] = {
            "waits": self._tell_one_that_waits,
            "waits_long": self._hand_one_to_people,
            "late_handoff": self._renew_one_late_handoff,
            "to_assign": self._assign_one_handoff,
            "lost": self._return_one_lost_conversation,
            "warning": lambda session, at: warn_of_one_promise(session, at),
            "broken": lambda session, at: break_one_promise(session, at, self._words, self._settings),
            "survey": lambda session, at: ask_one_planned_survey(session, at, self._words, self._settings),
            "pictures": lambda session, at: forget_unsent_pictures(session, at) > 0,
        }
        done = self._deliver_what_is_due(now) if "followup" in due else 0
        return done + sum(self._as_far_as_it_goes(steps[name], now) for name in steps if name in due)

    def _what_is_due(self, session: Session, now: datetime) -> set[str]:
        """Which kinds of work there are, by their names in `step`; most of them asked in one query."""
        notice, handoff = (timedelta(seconds=s) for s in (self._settings.notice_after, self._settings.handoff_after))
        waiting = select(Message.id).join(Conversation)
        queries: dict[str, Select[Any]] = {
            "followup": select(Followup.id).where(is_due(now)),
            "waits": waiting.where(self._waits_since(now - notice), Conversation.notice_sent.is_(False)),
            "waits_long": waiting.where(self._waits_since(now - handoff)),
            "late_handoff": select(Handoff.id).where(is_late(now)),
            "to_assign": select(Handoff.id).where(Handoff.state == "queued"),
            "lost": select(Conversation.id).where(Conversation.holder == "agent"),
            "warning": select(Followup.id).where(needs_warning(now)),
            "broken": select(Followup.id).where(is_broken(now)),
            "survey": select(Survey.id).where(is_planned(now)),
            "pictures": select(Attachment.id).where(is_forgotten(now)),
        }
        row = session.execute(select(*(query.exists().label(name) for name, query in queries.items()))).one()
        due = {name for name, is_so in row._mapping.items() if is_so}
        within = timedelta(minutes=self._settings.answer_within_minutes)
        if "to_assign" in due and next_to_assign(session, now) is None:
            due.remove("to_assign")
        if "lost" in due and lost_conversation(session, now, within) is None:
            due.remove("lost")
        return due

    def _deliver_what_is_due(self, now: datetime) -> int:
        """Due follow-ups, many in one transaction. When one fails they are taken one by one, and that one is put aside."""
        try:
            with self._database.writing() as session:
                return deliver_due_followups(session, now, self._words, self._settings, limit=BATCH)
        except OperationalError:  # the database itself: nothing is wrong with any of them
            raise
        except Exception:  # whatever is wrong with one of them: it is found, and put aside, by taking them one by one
            logger.exception("follow-ups could not be delivered together; they are taken one by one")
        with self._database.reading() as session:
            due = due_ids(session, now, BATCH)
        return sum(self._deliver_alone(followup_id, now) for followup_id in due)

    def _deliver_alone(self, followup_id: str, now: datetime) -> int:
        try:
            with self._database.writing() as session:
                return deliver_due_followups(session, now, self._words, self._settings, only=followup_id)
        except OperationalError:
            raise
        except Exception as error:
            logger.exception("follow-up %s could not be delivered; it is put aside", followup_id)
            with self._database.writing() as session:
                put_aside(session, followup_id, now, f"{type(error).__name__}: {error}")
            return 1

    def _as_far_as_it_goes(self, one: Callable[[Session, datetime], bool], now: datetime) -> int:
        """As `_repeat`; one kind of work that fails does not stop the others."""
        try:
            return self._repeat(one, now)
        except OperationalError:
            raise
        except Exception:  # whatever it is: who waits for another part of the work must not wait for this one
            logger.exception("a part of the watch's work failed; it is tried again at the next look")
            return 0

    def _repeat(self, one: Callable[[Session, datetime], bool], now: datetime) -> int:
        for done in range(BATCH):
            with self._database.writing() as session:
                if not one(session, now):
                    return done
        return BATCH

    def _tell_one_that_waits(self, session: Session, now: datetime) -> bool:
        """A message waits longer than it should: say once that it has arrived."""
        conversation = self._one_waiting(
            session, now - timedelta(seconds=self._settings.notice_after), Conversation.notice_sent.is_(False)
        )
        if conversation is None:
            return False
        said = self._words.say("utter_received", conversation.language)
        append_message(session, conversation, "system", said.text, now)
        conversation.notice_sent = True
        return True

    def _hand_one_to_people(self, session: Session, now: datetime) -> bool:
        """The bot has not answered for too long: people do. Not in a group: nobody is given a case where others read along."""
        conversation = self._one_waiting(session, now - timedelta(seconds=self._settings.handoff_after), ~is_in_group())
        if conversation is None:
            return False
        heard = last_heard(session, conversation)
        within = timedelta(minutes=self._settings.answer_within_minutes)
        handoff = request_handoff(session, conversation, "bot_failed", heard, now, within)
        queue_requested_handoff(session, conversation, heard.message_id, now)
        tell_who_answers(session, conversation, handoff, "utter_handed_over", self._settings.shop_timezone, now)
        return True

    def _renew_one_late_handoff(self, session: Session, now: datetime) -> bool:
        """A hand-off's promised time has passed: the customer hears a new, honest one from us first."""
        for handoff in late_handoffs(session, now, limit=1):
            conversation = lock_conversation(session, handoff.conversation_id)
            within = timedelta(minutes=self._settings.answer_within_minutes)
            promise_anew(session, handoff, conversation.language, now, within)
            tell_who_answers(session, conversation, handoff, "utter_handoff_late", self._settings.shop_timezone, now)
            return True
        return False

    def _assign_one_handoff(self, session: Session, now: datetime) -> bool:
        """Nobody has it, or who has it does not come, and another can take it: he gets it."""
        found = next_to_assign(session, now)
        if found is None:
            return False
        conversation = lock_conversation(session, found)
        handoff = open_handoff(session, found)
        if handoff is None or handoff.state != "queued":
            return False
        assign_anew(session, handoff, conversation, now)
        return True

    def _return_one_lost_conversation(self, session: Session, now: datetime) -> bool:
        """Its holder has fallen silent: another is asked, and the customer hears it from us."""
        within = timedelta(minutes=self._settings.answer_within_minutes)
        found = lost_conversation(session, now, within)
        handoff = return_to_queue(session, found, now, within) if found is not None else None
        if handoff is None:
            return False
        conversation = lock_conversation(session, handoff.conversation_id)
        tell_who_answers(session, conversation, handoff, "utter_handoff_late", self._settings.shop_timezone, now)
        return True

    @staticmethod
    def _waits_since(since: datetime) -> ColumnElement[bool]:
        return and_(Message.state == "waiting", Message.at <= since, Conversation.holder == "bot", Conversation.waiting > 0)

    def _one_waiting(self, session: Session, since: datetime, *more: ColumnElement[bool]) -> Conversation | None:
        oldest = (
            select(Message.conversation_id).join(Conversation).where(self._waits_since(since), *more).order_by(Message.at).limit(1)
        )
        found = session.scalar(oldest)
        if found is None:
            return None
        conversation = lock_conversation(session, found)
        still = conversation.holder == "bot" and conversation.waiting > 0
        return conversation if still else None
