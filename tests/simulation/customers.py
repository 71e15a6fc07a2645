"""A simulated customer: he buys, asks, complains, answers or is silent, and comes back or stays away."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from desk.cases.tables import Case
from desk.conversations.service import open_conversation, receive_message
from desk.conversations.tables import Conversation, Message
from desk.followups.tables import Contact
from tests.simulation import words
from tests.simulation.bot import Meaning
from tests.simulation.orders import Bought

if TYPE_CHECKING:
    from tests.simulation.shop import SimulatedShop

DAYS_BETWEEN_ORDERS = 125
FAULTY = {"AUR-P50": 0.34, "VIR-R1": 0.28, "KAF-C1": 0.22}
USUAL_FAULTS = 0.13
LATE = 0.08


@dataclass
class Customer:
    """One person. His dice are his own, so that what others do changes nothing about his character."""

    shop: SimulatedShop
    dice: random.Random
    email: str
    name: str
    language: str
    timezone: str
    patience: float = 1.0
    loyalty: float = 1.0
    """How often he buys, against what is usual: less after bad service, a little more after good."""
    conversations: list[str] = field(default_factory=list)
    case_is_well: bool = True
    annoyed: int = 0

    # He buys

    def buys_next(self) -> None:
        days = self.dice.expovariate(max(self.loyalty, 0.01) * self.shop.bustle / DAYS_BETWEEN_ORDERS)
        self.shop.agenda.in_(self.buy, days=min(days, 4000))

    def buy(self) -> None:
        if self.dice.random() < self.loyalty:  # lower since he planned it: he thinks better of it
            self.place_order(self.shop.now, trouble=True)
        self.buys_next()

    def place_order(self, at: datetime, *, trouble: bool) -> Bought:
        product = self.dice.choice(self.shop.catalogue)
        late = trouble and self.dice.random() < LATE
        comes = at + timedelta(days=self.dice.uniform(6, 9) if late else self.dice.uniform(1.5, 3.5))
        order = Bought(
            self.shop.next_order_number(), self.email, product["sku"], product["price"], at, at + timedelta(days=4), comes
        )
        self.shop.book.orders.append(order)
        if trouble:
            self._trouble_with(order, late)
        return order

    def _trouble_with(self, order: Bought, late: bool) -> None:
        die = self.dice.random()
        if late and die < 0.7:
            self._plan(order.promised + timedelta(days=self.dice.uniform(1, 2)), lambda: self.tells("late_delivery", order))
        elif die < FAULTY.get(order.sku, USUAL_FAULTS) * self.shop.bustle:
            self._plan(order.delivered_at + timedelta(days=self.dice.lognormvariate(1.1, 0.9)), lambda: self.tells("fault", order))
        elif die > 0.965:
            self._plan(order.delivered_at + timedelta(days=self.dice.uniform(0.2, 2)), lambda: self.tells("wrong_item", order))
        elif die > 0.92:
            self._plan(order.delivered_at + timedelta(days=self.dice.uniform(1, 6)), lambda: self.tells("complaint", order))

    def asks_now_and_then(self, days: int) -> None:
        """Questions that need no case, and now and then an idea."""
        for _ in range(2):
            if self.dice.random() < 0.22:
                self._plan(self.shop.start + timedelta(days=self.dice.uniform(0, days)), self.asks)
        if self.dice.random() < 0.025:
            self._plan(self.shop.start + timedelta(days=self.dice.uniform(0, days)), lambda: self.tells("suggestion", None))

    def _plan(self, moment: datetime, event: Callable[[], None]) -> None:
        """At an hour at which people write."""
        local = moment.astimezone(ZoneInfo(self.timezone))
        hour = min(23, max(7, round(self.dice.gauss(15, 4))))
        self.shop.agenda.at(local.replace(hour=hour, minute=self.dice.randrange(60)), event)

    # He writes

    def opens_chat(self) -> None:
        with self.shop.database.writing() as session:
            conversation, _ = open_conversation(session, "website", self.language, self.shop.now)
            self.conversations.append(conversation.id)
            self.shop.whose[conversation.id] = self

    def writes(self, text: str, meaning: Meaning, payload: str | None = None, where: str = "") -> None:
        """In the chat `where`, or the one he used last."""
        self.shop.written += 1
        with self.shop.database.writing() as session:
            message = receive_message(
                session, where or self.conversations[-1], f"m{self.shop.written}", self.shop.now, text=text, payload=payload
            )
            self.shop.bot.meanings[message.id] = meaning
        self.shop.someone_wrote()

    def asks(self) -> None:
        self.opens_chat()
        text = self.dice.choice(words.QUESTIONS[self.language]).format(product=self.dice.choice(self.shop.catalogue)["name"])
        self.writes(text, Meaning("question"))
        if self.dice.random() < 0.12:
            self.shop.agenda.in_(lambda: self.says(words.PERSON, Meaning("person")), seconds=self.dice.uniform(15, 90))

    def tells(self, kind: str, order: Bought | None) -> None:
        """Something went wrong: a new chat, his words, and what follows one after another."""
        self.opens_chat()
        danger = kind == "fault" and self.dice.random() < 0.14
        mood = self.dice.choices(("calm", "annoyed", "furious"), (5, 4, 3 if danger else 1))[0]
        said = words.TROUBLE["danger" if danger else kind][self.language]
        product = next((p["name"] for p in self.shop.catalogue if order and p["sku"] == order.sku), "")
        self.case_is_well = False
        self.writes(said.format(product=product), Meaning(kind, mood, danger, order.sku if order else None))
        if order is None:
            return
        number = Meaning("order", mood, order=order.number, email=self.email)
        script: list[tuple[dict[str, str], Meaning]] = [
            ({k: v.format(order=order.number) for k, v in words.ANSWER.items()}, number)
        ]
        if kind in ("fault", "wrong_item"):
            topic = self.dice.choices(("replacement", "refund", "decline"), (6, 3, 1))[0]
            script.append((words.THANKS, Meaning(topic, mood)))
        if kind != "late_delivery" and self.dice.random() < 0.45:
            script.append((words.THANKS, Meaning("call", mood, choice=self.dice.randrange(3))))
        if mood == "furious" or self.dice.random() < 0.15:
            script.append((words.PERSON, Meaning("person", mood, danger)))
        elif self.dice.random() < 0.2:
            script.append((words.THANKS, Meaning("status", mood)))
        if self.dice.random() < 0.93:  # some leave in the middle
            self._goes_on(script)

    def _goes_on(self, script: list[tuple[dict[str, str], Meaning]]) -> None:
        if script:
            (text, meaning), *rest = script
            self.shop.agenda.in_(lambda: (self.says(text, meaning), self._goes_on(rest))[0], seconds=self.dice.uniform(15, 120))

    def says(self, text: dict[str, str], meaning: Meaning) -> None:
        """In the chat he is in; while a person answers him there, what he says is for that person."""
        with self.shop.database.reading() as session:
            conversation = session.get_one(Conversation, self.conversations[-1])
            if conversation.holder != "bot" and meaning.topic not in ("confirm_solved", "not_solved"):
                return
        self.writes(text[self.language], meaning)

    # He is written to

    def hears(self, contact: Contact, message: Message, case: Case | None) -> None:
        """The desk spoke first. He answers after a while, or not at all."""
        if message.conversation_id in self.conversations:  # he answers where he was written to
            self.conversations.remove(message.conversation_id)
            self.conversations.append(message.conversation_id)
        later = self.dice.lognormvariate(0.6, 1.1)
        if contact.what == "promise_broken":
            self.annoyed += 1
            self.loyalty *= 0.6
        elif message.buttons and message.buttons[0]["payload"].startswith("/rate"):
            if self.dice.random() < 0.62 * self.patience:
                self.shop.agenda.in_(lambda: self.rates(message), hours=later)
        elif contact.what == "last_word":
            if self.dice.random() < 0.25:
                self.shop.agenda.in_(lambda: self.says(words.WELL, Meaning("chat")), hours=later)
        elif case is not None and case.is_open and self.dice.random() < 0.72 * self.patience:
            self.shop.agenda.in_(lambda: self.tells_how_it_is(case.id), hours=later)
        if self.dice.random() < 0.006:
            self.shop.agenda.in_(lambda: self.says(words.STOP, Meaning("stop")), hours=later)

    def tells_how_it_is(self, case_id: int) -> None:
        with self.shop.database.reading() as session:
            case = session.get_one(Case, case_id)
            waits_for_goods = case.state in ("arranged", "collected") or self.shop.goods_under_way(case_id)
            if not case.is_open:
                return
        if case.kind in ("suggestion", "late_delivery", "complaint", "request"):
            self.case_is_well = self.case_is_well or self.dice.random() < 0.8
        if waits_for_goods:
            self.says(words.THANKS, Meaning("chat"))
        elif self.case_is_well:
            self.loyalty *= 1.0 if self.annoyed else 1.15
            self.says(words.WELL, Meaning("confirm_solved"))
        else:
            self.annoyed += 1
            self.loyalty *= 0.75
            self.says(words.NOT_WELL, Meaning("not_solved", "furious" if self.annoyed > 1 else "annoyed"))

    def gets_goods(self) -> None:
        """The new ones, or his money: mostly that is that."""
        self.case_is_well = self.dice.random() < 0.88

    def is_helped_by_a_person(self) -> None:
        self.case_is_well = self.case_is_well or self.dice.random() < 0.75

    def rates(self, survey: Message) -> None:
        weights = {0: (1, 1, 4, 24, 50), 1: (6, 8, 16, 20, 8)}.get(self.annoyed, (14, 12, 8, 4, 1))
        rating = self.dice.choices((1, 2, 3, 4, 5), weights)[0]
        button = next((b for b in survey.buttons if f'"rating": {rating}' in b["payload"]), None)
        if button is None:
            return
        where = survey.conversation_id
        self.writes("", Meaning("rate"), button["payload"], where)
        if self.dice.random() < 0.6:
            why = self.dice.choice(words.WHY["high" if rating >= 4 else "low"][self.language])
            self.shop.agenda.in_(lambda: self.writes(why, Meaning("chat"), where=where), seconds=self.dice.uniform(20, 200))
            self.shop.agenda.in_(lambda: self.recommends(rating, where), seconds=self.dice.uniform(230, 500))

    def recommends(self, rating: int, where: str) -> None:
        """If he was asked, and likes to say."""
        with self.shop.database.reading() as session:
            query = Message.__table__.select().where(Message.conversation_id == where)
            asked = [m for m in session.execute(query.order_by(Message.seq.desc()).limit(3)) if m.author == "bot" and m.buttons]
        value = min(10, max(0, round(self.dice.gauss(rating * 2 - 0.6, 1.4))))
        buttons = [b["payload"] for m in asked for b in m.buttons if f'"recommend": {value}' + "}" in b["payload"]]
        if buttons and self.dice.random() < 0.75:
            self.writes("", Meaning("rate"), buttons[0], where)
