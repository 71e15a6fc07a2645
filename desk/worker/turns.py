"""A customer's message through the bot.

1. Claim the conversation (lease, fence) and its oldest waiting message; commit.
2. If the bot holds it, post the message to Rasa, outside any transaction, renewing the lease meanwhile.
3. Settle: replies, the processed mark and a change of holder in one transaction, and only under the fence and the
   version of the claim: a reply never appears after a person has taken over.
4. What failed is tried again later; nothing was said.
"""

import asyncio
import logging
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from desk.cases.service import current_case
from desk.clock import Clock
from desk.conversations.outcomes import forget_outcomes
from desk.conversations.rules import next_try
from desk.conversations.service import append_message, lock_conversation
from desk.conversations.tables import Conversation, Message
from desk.customers.service import what_the_bot_knows
from desk.db.engine import Database
from desk.db.events import announce
from desk.handoffs.service import queue_requested_handoff
from desk.handoffs.waiting import answer_while_waiting
from desk.settings import Settings
from desk.surveys.answering import answer_survey, keep_words_for_people
from desk.words import Words
from desk.worker.bot import Bot, BotUnavailable, Reply, Turn
from desk.worker.claims import Claim, claim_conversation, renew_claim, work_is_due

logger = logging.getLogger(__name__)
BOT_NAME = "Fubb"


@dataclass(frozen=True)
class Claimed:
    """A claimed message, and its turn when the bot is to answer it; or the desk's own reply, where there are no words to read."""

    claim: Claim
    turn: Turn | None
    reply: Reply | None = None


class TurnWorker:
    """Takes waiting messages through the bot, one at a time."""

    def __init__(self, database: Database, bot: Bot, settings: Settings, clock: Clock, words: Words) -> None:
        self._database = database
        self._words = words
        self._bot = bot
        self._settings = settings
        self._now = clock.now

    async def claim(self, expected: bool = False) -> Claimed | None:
        """Claim the next waiting message; None when none is waiting. `expected`: there is news of one."""
        return await asyncio.to_thread(self._claim, expected)

    async def answer(self, claimed: Claimed) -> bool:
        """Take a claimed message as far as it goes; False when the bot could not be reached."""
        claim, turn = claimed.claim, claimed.turn
        if claimed.reply is not None:
            await asyncio.to_thread(self._settle, claim, claimed.reply)
            return True
        if turn is None:
            await asyncio.to_thread(self._leave_to_people, claim)
            return True
        keeper = asyncio.create_task(self._keep(claim))
        self._database.hub.publish("typing", turn.conversation_id)
        try:
            reply = await self._bot.answer(turn)
        except BotUnavailable as error:
            logger.info("turn %s waits: %s", turn.message_id, error)
            await asyncio.to_thread(self._try_later, claim)
            return not error.unreachable
        finally:
            keeper.cancel()
        await asyncio.to_thread(self._settle, claim, reply)
        return True

    async def answer_one(self) -> bool:
        """Claim and answer one message; False when none is waiting."""
        claimed = await self.claim()
        if claimed is not None:
            await self.answer(claimed)
        return claimed is not None

    def _claim(self, expected: bool) -> Claimed | None:
        if not expected:  # an idle worker takes no write lock
            with self._database.reading() as session:
                if not work_is_due(session, self._now()):
                    return None
        with self._database.writing() as session:
            claim = claim_conversation(session, self._now(), self._settings.lease_time)
            if claim is None:
                return None
            conversation = session.get_one(Conversation, claim.conversation_id)
            if conversation.holder != "bot":
                keep_words_for_people(session, conversation, claim.message_id, self._now())
                return Claimed(claim, None)
            message = session.get_one(Message, claim.message_id)
            said = answer_survey(session, conversation, message, self._now(), self._words, self._settings)
            if said is not None:
                return Claimed(claim, None, Reply(said))
            if not message.text:
                return Claimed(claim, None, self._about_pictures(session, conversation))
            turn = Turn(
                conversation_id=conversation.id,
                message_id=message.id,
                text=message.text,
                payload=message.payload,
                language=conversation.language,
                fresh=conversation.fresh,
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

    def _settle(self, claim: Claim, reply: Reply) -> None:
        now = self._now()
        with self._database.writing() as session:
            conversation = lock_conversation(session, claim.conversation_id)
            if conversation.fence != claim.fence:
                return  # another worker has it: its answer counts
            message = session.get_one(Message, claim.message_id)
            message.understood = reply.understood
            forget_outcomes(session, message.id)
            self._free(conversation)
            if conversation.version != claim.version or conversation.holder != "bot":
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
            handed_off = queue_requested_handoff(session, conversation, message.id, now)
            # Nobody gets silence, whatever the dialogue came to.
            said_now = reply.messages or ([] if handed_off else [self._words.say("utter_default", conversation.language)])
            for part, said in enumerate(said_now):
                append_message(
                    session, conversation, "bot", said.text, now,
                    name=BOT_NAME, buttons=said.buttons, reply_to=message.id, part=part,
                )  # fmt: skip
            announce(session, "conversation", conversation.id)

    def _leave_to_people(self, claim: Claim) -> None:
        with self._database.writing() as session:
            conversation = lock_conversation(session, claim.conversation_id)
            if conversation.fence != claim.fence:
                return
            if conversation.holder == "bot":  # handed back between claim and now: the bot answers it next time
                conversation.lease_until = None
                return
            message = session.get_one(Message, claim.message_id)
            message.state = "for_human"
            self._free(conversation)
            answer_while_waiting(session, conversation, message, self._settings.shop_timezone, self._now())
            announce(session, "conversation", conversation.id)

    def _try_later(self, claim: Claim) -> None:
        now = self._now()
        with self._database.writing() as session:
            conversation = lock_conversation(session, claim.conversation_id)
            if conversation.fence == claim.fence:
                conversation.tries += 1
                conversation.next_try_at = next_try(conversation.tries, now)
                conversation.lease_until = None

    def _free(self, conversation: Conversation) -> None:
        conversation.waiting -= 1
        conversation.tries = 0
        conversation.lease_until = None
        conversation.next_try_at = self._now() if conversation.waiting else self._now() + timedelta(days=3650)
        if conversation.waiting == 0:
            conversation.notice_sent = False
