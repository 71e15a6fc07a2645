"""The simulated shop as a whole: its people, its clock, the desk's real services, and nothing written past them."""

import asyncio
import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import event, select

from desk.cases.tables import Case, Remedy
from desk.conversations.tables import Message
from desk.db.engine import Database
from desk.followups.tables import Contact
from desk.settings import Settings
from desk.surveys.rounds import begin_round
from desk.week.monday import write_the_week_if_it_has_begun
from desk.words import load_words
from desk.worker.turns import TurnWorker
from desk.worker.watch import Watch
from tests.desk.worker.conftest import HandClock
from tests.simulation.agenda import Agenda
from tests.simulation.bot import ActingBot
from tests.simulation.customers import DAYS_BETWEEN_ORDERS, Customer
from tests.simulation.orders import OrderBook
from tests.simulation.staff import Staff
from tests.simulation.words import FIRST_NAMES, LAST_NAMES

HISTORY = 160
"""Days before the first one from which orders are known."""
OUTAGE = 0.004
"""Share of messages that come while the bot is away."""


class SimulatedShop:
    """`run` plays it from `start` to `end`."""

    def __init__(
        self, database: Database, settings: Settings, seed: int, customers: int, end: datetime, days: int, bustle: float = 1.0
    ) -> None:
        self.database, self.settings, self.end = database, settings, end
        self.bustle = bustle
        self.start = end - timedelta(days=days)
        self.days = days
        self.clock = HandClock(self.start)
        self.agenda = Agenda(self.clock)
        words = load_words()
        self.bot = ActingBot(database, settings, words, self.clock)
        self.worker = TurnWorker(database, self.bot, settings, self.clock, words)
        self.watch = Watch(database, settings, words)
        self.dice = random.Random(f"{seed}:shop")
        self.staff = Staff(self, random.Random(f"{seed}:staff"))
        self.book = OrderBook(database, settings.data_dir / "imports")
        self.whose: dict[str, Customer] = {}
        self.written = 0
        self._waits = False
        self._heard = 0
        self._orders = 20_000_000
        self._goods: dict[int, datetime] = {}
        self.catalogue = self.book.stock_shop(self.start - timedelta(days=HISTORY))
        self.customers = [self._customer(n, random.Random(f"{seed}:customer:{n}")) for n in range(customers)]

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def next_order_number(self) -> str:
        self._orders += 1
        return str(self._orders)

    def someone_wrote(self) -> None:
        self._waits = True

    def run(self, say: Callable[[str], None] = lambda _: None) -> None:
        if self.database.is_sqlite:  # nothing here must outlive a power cut
            event.listen(self.database.engine, "connect", _without_waiting_for_the_disk)
            self.database.engine.dispose()
        self._open_shop()
        asyncio.run(self._play(say))
        self.clock.moment = self.end

    def goods_are_on_their_way(self, case_id: int) -> None:
        """Collected in two or three days, and two more until the new ones (or the money) are there."""
        if case_id not in self._goods:
            collected = self.now + timedelta(days=self.dice.uniform(1.5, 3))
            delivered = collected + timedelta(days=self.dice.uniform(1, 3))
            self._goods[case_id] = delivered
            self.agenda.at(collected, lambda: self.staff.move_goods(case_id, "collected"))
            self.agenda.at(delivered, lambda: self._goods.pop(case_id, None) and self.staff.move_goods(case_id, "delivered"))

    def goods_under_way(self, case_id: int) -> bool:
        return case_id in self._goods

    def _customer(self, number: int, dice: random.Random) -> Customer:
        name = f"{dice.choice(FIRST_NAMES)} {dice.choice(LAST_NAMES)}"
        language = dice.choices(("sv", "nb", "fi", "en"), (50, 15, 20, 15))[0]
        zone = {"fi": "Europe/Helsinki", "nb": "Europe/Oslo"}.get(language, "Europe/Stockholm")
        if language == "en" and dice.random() < 0.2:
            zone = "America/New_York"
        return Customer(self, dice, f"customer{number}@example.com", name, language, zone, patience=dice.uniform(0.5, 1.2))

    def _open_shop(self) -> None:
        began = self.start - timedelta(days=HISTORY)
        rows = [{"email": c.email, "name": c.name, "language": c.language, "timezone": c.timezone} for c in self.customers]
        self.book.import_customers(rows, began)
        for customer in self.customers:
            usual = DAYS_BETWEEN_ORDERS / self.bustle
            at = began + timedelta(days=customer.dice.uniform(0, usual))
            while at < self.start - timedelta(days=4):
                customer.place_order(at, trouble=False)
                at += timedelta(days=customer.dice.expovariate(1 / usual))
            customer.buys_next()
            customer.asks_now_and_then(self.days)
        self.book.import_changes(self.start)
        zone = ZoneInfo(self.settings.shop_timezone)
        first = self.start.astimezone(zone).date()
        with self.database.writing() as session:
            self.staff.hire(session, {"omar": _days(first, 30, 8), "anna": _days(first, 61, 6)})
        for day in range(self.days + 1):
            midnight = datetime.combine(first + timedelta(days=day), datetime.min.time(), zone)
            self.agenda.at(midnight + timedelta(hours=2), lambda: self.book.import_changes(self.now))
            for minutes in (*range(0, 420, 120), *range(420, 1260, 30), *range(1260, 1440, 60)):
                self.agenda.at(midnight + timedelta(minutes=minutes), self.look)
        self.agenda.at(self.start + timedelta(days=self.days * 0.6, hours=3), self._ask_a_round)

    async def _play(self, say: Callable[[str], None]) -> None:
        shown = self.start
        while (happens := self.agenda.next_before(self.end)) is not None:
            happens()
            if self._waits:
                await self._answer()
            if self.now - shown > timedelta(days=7):
                shown = self.now
                say(f"{self.now:%a %-d %b}: {self.written} messages written")

    async def _answer(self) -> None:
        """The worker takes what waits, unless the bot is away: then the desk's watch sees to it."""
        self._waits = False
        self.staff.show_that_they_are_there()
        if self.dice.random() < OUTAGE:
            self.clock.pass_(seconds=self.settings.handoff_after + 5)
            self.watch.step(self.now)
        while await self.worker.answer_one():
            pass
        self._see_what_was_arranged()
        self.staff.look_around()

    def look(self) -> None:
        """Time has passed: the watch does what is due, agents and customers look."""
        for _ in range(20):
            if not self.watch.step(self.now):
                break
            self._tell_customers()
        if self.now.minute == 0:
            write_the_week_if_it_has_begun(self.database, self.settings, self.now)
        self.staff.look_around()

    def _tell_customers(self) -> None:
        """Whom the desk wrote to since."""
        with self.database.reading() as session:
            new = session.execute(
                select(Contact, Message, Case)
                .join(Message, Message.id == Contact.message_id)
                .outerjoin(Case, Case.id == Contact.case_id)
                .where(Contact.id > self._heard, Contact.held_because.is_(None))
                .order_by(Contact.id)
            ).all()
        for contact, message, case in new:
            self._heard = max(self._heard, contact.id)
            if (customer := self.whose.get(message.conversation_id)) is not None:
                customer.hears(contact, message, case)

    def _see_what_was_arranged(self) -> None:
        """What the bot arranged, the shop sends on its way."""
        with self.database.reading() as session:
            arranged = session.scalars(
                select(Remedy.case_id)
                .join(Case, Case.id == Remedy.case_id)
                .where(Case.state == "arranged", Remedy.state == "arranged")
            ).all()
        for case_id in sorted(set(arranged)):
            self.goods_are_on_their_way(case_id)

    def _ask_a_round(self) -> None:
        """The lead asks those who have an Aurora P50 how they like it."""
        from desk.agents.tables import Agent
        from desk.errors import WrongInput

        with self.database.writing() as session:
            lead = session.scalars(select(Agent).where(Agent.login == "siv")).one()
            try:
                begin_round(session, lead, "new_product", "AUR-P50", 60, self.now)
            except WrongInput:  # a small shop may have nobody to ask
                return


def _days(first: date, after: int, count: int) -> list[date]:
    return [first + timedelta(days=after + n) for n in range(count)]


def _without_waiting_for_the_disk(connection: object, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")  # type: ignore[attr-defined]


def simulate(
    database: Database,
    data_dir: Path,
    seed: int,
    customers: int,
    end: datetime,
    days: int,
    say: Callable[[str], None] = lambda _: None,
    bustle: float = 1.0,
) -> SimulatedShop:
    """Play a whole shop into this empty database. `bustle`: how much more than usual is bought and breaks."""
    settings = Settings(secret="simulated", data_dir=data_dir)  # type: ignore[arg-type]
    shop = SimulatedShop(database, settings, seed, customers, end, days, bustle)
    shop.run(say)
    return shop
