"""Customers' messages through the bot.

1. Claim conversations (lease, fence), each with its oldest waiting message; commit.
2. If the bot holds one, post its message to Rasa, outside any transaction, renewing the lease meanwhile.
3. Settle: replies, the processed mark and a change of holder in one transaction, and only under the fence and the
   version of the claim: a reply never appears after a person has taken over.
4. What failed is tried again later; nothing was said.

What has been answered meanwhile is settled, and what is due claimed, in one transaction: a busy desk commits seldom.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from desk.cases.service import current_case
from desk.clock import Clock
from desk.conversations.outcomes import forget_outcomes
from desk.conversations.rules import BOT_NAME, next_try
from desk.conversations.service import append_message
from desk.conversations.tables import Conversation, Message
from desk.customers.service import what_the_bot_knows
from desk.db.engine import Database
from desk.db.events import announce
from desk.handoffs.danger import heed_danger
from desk.handoffs.service import queue_requested_handoff
from desk.handoffs.waiting import answer_while_waiting
from desk.settings import Settings
from desk.surveys.answering import answer_survey, keep_words_for_people
from desk.surveys.service import ASKS_WHY
from desk.words import Words
from desk.worker.bot import Bot, BotUnavailable, Read, Reply, Turn
from desk.worker.claims import Claim, claim_conversations, hold_claimed, renew_claim, work_is_due

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class ForPeople:
    """A message that people answer. What he typed is read for danger first; a button and pictures have no words."""

    typed: str
    language: str


@dataclass(frozen=True)
class Claimed:
    """A claimed message: a turn for the bot, the desk's own reply where there are no words to read, or one for people."""

    claim: Claim
    work: Turn | Reply | ForPeople


@dataclass(frozen=True)
class Answered:
    """What became of a claimed message: the reply, the bot's failure, or what was read in it when people answer it."""

    claim: Claim
    outcome: Reply | BotUnavailable | Read


class TurnWorker:
    """Takes waiting messages through the bot."""

    def __init__(self, database: Database, bot: Bot, settings: Settings, clock: Clock, words: Words) -> None:
        self._database = database
        self._words = words
        self._bot = bot
        self._settings = settings
        self._now = clock.now

    async def settle_and_claim(self, answered: Sequence[Answered], places: int, expected: bool = False) -> list[Claimed]:
        """Settle what was answered and claim up to `places` waiting messages. `expected`: there is news of one."""
        try:
            return await asyncio.to_thread(self._settle_and_claim, answered, places, expected)
        except SQLAlchemyError:
            if len(answered) < 2:
                raise
            logger.exception("turns could not be settled together; they are settled one by one")
        for each in answered:
            try:
                await asyncio.to_thread(self._settle_and_claim, [each], 0, True)
            except SQLAlchemyError:
                logger.exception("a turn could not be settled: its claim runs out and the message is taken again")
        return []

    async def ask(self, claimed: Claimed) -> Answered:
        """Ask the bot, if it is to answer this message."""
        claim = claimed.claim
        match claimed.work:
            case Reply() as reply:
                return Answered(claim, reply)
            case ForPeople() as message:
                return Answered(claim, await self._read(message))
            case Turn() as turn:
                return Answered(claim, await self._answer(claim, turn))

    async def _answer(self, claim: Claim, turn: Turn) -> Reply | BotUnavailable:
        keeper = asyncio.create_task(self._keep(claim))
        self._database.hub.publish("typing", turn.conversation_id)
        try:
            return await self._bot.answer(turn)
        except BotUnavailable as error:
            logger.info("turn %s waits: %s", turn.message_id, error)
            return error
        finally:
            keeper.cancel()

    async def _read(self, message: ForPeople) -> Read:
        """Danger is heeded whoever answers (I5); where it cannot be read, people get the message all the same."""
        if not message.typed:
            return Read()
        try:
            return await self._bot.read(message.typed, message.language)
        except BotUnavailable as error:
            logger.info("a message to people is not read: %s", error)
            return Read()

    async def answer_one(self) -> bool:
        """Claim and answer one message; False when none is waiting."""
        claimed = await self.settle_and_claim([], 1)
        for each in claimed:
            await self.settle_and_claim([await self.ask(each)], 0)
        return bool(claimed)

    def _settle_and_claim(self, answered: Sequence[Answered], places: int, expected: bool) -> list[Claimed]:
        if not answered and places <= 0:
            return []
        if not answered and not expected:  # an idle worker takes no write lock
            with self._database.reading() as session:
                if not work_is_due(session, self._now()):
                    return []
        with self._database.writing() as session:
            for each in sorted(answered, key=lambda a: a.claim.conversation_id):  # one order of locks in all processes
                self._settle(session, each)
            if places <= 0:
                return []
            due = claim_conversations(session, self._now(), self._settings.lease_time, places)
            return [self._begin(session, claim, conversation, message) for claim, conversation, message in due]

    def _begin(self, session: Session, claim: Claim, conversation: Conversation, message: Message) -> Claimed:
        """Who is to answer a message just claimed, with what."""
        if conversation.holder != "bot":
            keep_words_for_people(session, conversation, claim.message_id, self._now())
            return Claimed(claim, ForPeople(message.text if message.payload is None else "", conversation.language))
        said = answer_survey(session, conversation, message, self._now(), self._words, self._settings)
        if said is not None:
            return Claimed(claim, Reply(said))
        if not message.text:
            return Claimed(claim, self._about_pictures(session, conversation))
        turn = Turn(
            conversation_id=conversation.id,
            message_id=message.id,
            text=message.text,
            payload=message.payload,
            language=conversation.language,
            fresh=conversation.fresh or conversation.asked == ASKS_WHY,  # his words are for no form that is still open
            slots=what_the_bot_knows(session, conversation),
        )
        return Claimed(claim, turn)

    def _about_pictures(self, session: Session, conversation: Conversation) -> Reply:
        """A message of pictures alone: the desk says where they are, without Rasa."""
        case = current_case(session, conversation)
        response = "utter_picture_kept_with_case" if case else "utter_picture_kept"
        return Reply([self._words.say(response, conversation.language, case=case.number if case else "")])

    async def _keep(self, claim: Claim) -> None:
        while True:
            await asyncio.sleep(self._settings.lease / 3)
            if not await asyncio.to_thread(self._renew, claim):
                return

    def _renew(self, claim: Claim) -> bool:
        with self._database.writing() as session:
            return renew_claim(session, claim, self._now(), self._settings.lease_time)

    def _settle(self, session: Session, answered: Answered) -> None:
        held = hold_claimed(session, answered.claim)
        if held is None:
            return  # another worker has it: its answer counts
        match answered.outcome:
            case Reply():
                self._say(session, answered.claim, *held, answered.outcome)
            case Read():
                self._leave_to_people(session, *held, answered.outcome)
            case BotUnavailable():
                self._try_later(held[0])

    def _say(self, session: Session, claim: Claim, conversation: Conversation, message: Message, reply: Reply) -> None:
        now = self._now()
        forget_outcomes(session, message.id)
        is_bots = conversation.version == claim.version and conversation.holder == "bot"
        handed_off = is_bots and queue_requested_handoff(session, conversation, message.id, now)
        message.understood = reply.understood
        self._free(conversation)
        if not is_bots:
            message.state = "for_human"
            return
        message.state = "answered"
        if reply.understood:
            conversation.fresh = False
            conversation.mood = str(reply.understood.get("mood") or "calm")
            conversation.hazard = bool(reply.understood.get("hazard"))
        conversation.language = reply.language or conversation.language
        if reply.clears_question:
            conversation.asked = conversation.asked_case_id = None
        # Nobody gets silence, whatever the dialogue came to.
        said_now = reply.messages or ([] if handed_off else [self._words.say("utter_default", conversation.language)])
        for part, said in enumerate(said_now):
            append_message(
                session, conversation, "bot", said.text, now,
                name=BOT_NAME, buttons=said.buttons, reply_to=message.id, part=part,
            )  # fmt: skip
        announce(session, "conversation", conversation.id)

    def _leave_to_people(self, session: Session, conversation: Conversation, message: Message, read: Read) -> None:
        if conversation.holder == "bot":  # handed back between claim and now: the bot answers it next time
            conversation.lease_until = None
            return
        message.state = "for_human"
        self._free(conversation)
        if read.hazard:
            heed_danger(session, conversation, message, read.mood, self._words, self._now())
        answer_while_waiting(session, conversation, message, self._settings.shop_timezone, self._now())
        announce(session, "conversation", conversation.id)

    def _try_later(self, conversation: Conversation) -> None:
        conversation.tries += 1
        conversation.next_try_at = next_try(conversation.tries, self._now())
        conversation.lease_until = None

    def _free(self, conversation: Conversation) -> None:
        conversation.waiting -= 1
        conversation.tries = 0
        conversation.lease_until = None
        conversation.next_try_at = self._now() if conversation.waiting else self._now() + timedelta(days=3650)
        if conversation.waiting == 0:
            conversation.notice_sent = False
