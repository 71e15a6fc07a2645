"""What always holds of sending, whatever becomes of each try: order per address, nothing lost, every possible repeat on record."""

import tempfile
from collections import defaultdict
from datetime import timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from desk.conversations.service import append_message, lock_conversation, open_conversation
from desk.customers.identities import identity_at, meet
from desk.db.engine import Database
from desk.deliveries.channel import AddressGone, AddressMoved, NotSent, Outgoing, Refused, SendError, Sent, Uncertain
from desk.deliveries.sender import LEASE, Sender
from desk.deliveries.service import ClaimedSend
from desk.deliveries.tables import Delivery
from tests.desk.worker.conftest import HandClock

PARTS = 2
"""Every message goes out in so many parts."""
OUTCOMES = (
    "sent",
    "sent",
    "sent",
    "wait",
    "uncertain, arrived",
    "uncertain, lost",
    "killed, arrived",
    "killed, lost",
    "refused",
    "late",
)


class Unused:
    name = "telegram"

    async def send(self, outgoing: Outgoing) -> Sent:
        raise AssertionError("the test sends by itself")


class Post:
    """Some addresses, a sender that is killed and started anew, and what arrived."""

    def __init__(self, path: Path, empty: Path, addresses: int) -> None:
        path.write_bytes(empty.read_bytes())
        self.database = Database(f"sqlite:///{path}")
        self.clock = HandClock()
        self.arrived: dict[str, list[tuple[str, int]]] = defaultdict(list)
        self.tries: list[tuple[str, int]] = []
        self.gone: list[str] = []
        with self.database.writing() as session:
            for n in range(addresses):
                identity = meet(session, "telegram", str(n), "", self.clock.now())
                open_conversation(session, "telegram", "en", self.clock.now(), identity.id)
        self.sender = self.start()

    def start(self) -> Sender:
        sender = Sender(self.database, Unused(), self.clock, lambda session, conversation, why, now: self.gone.append(conversation))
        sender._release()
        return sender

    def say(self, address: int, text: str) -> None:
        from desk.conversations.tables import Conversation

        with self.database.writing() as session:
            found = session.scalars(select(Conversation).order_by(Conversation.identity_id)).all()[address]
            append_message(session, lock_conversation(session, found.id), "bot", text, self.clock.now())

    def claim(self) -> list[ClaimedSend]:
        return self.sender._settle_and_claim_due([], 10)

    def settle(self, send: ClaimedSend, outcome: Sent | SendError) -> None:
        self.sender._settle_and_claim_due([(send, outcome)], 0)

    def arrive(self, send: ClaimedSend) -> None:
        self.arrived[send.outgoing.address].append((send.outgoing.text, send.outgoing.part))

    def become(self, send: ClaimedSend, outcome: str) -> None:
        """One send comes to this."""
        self.tries.append((send.outgoing.text, send.outgoing.part))
        is_last = send.outgoing.part == PARTS - 1
        if outcome in ("sent", "late") or outcome.endswith("arrived"):
            self.arrive(send)
        match outcome:
            case "sent":
                self.settle(send, Sent("1", is_last))
            case "wait":
                self.settle(send, NotSent("told to wait", after=3))
            case "uncertain, arrived" | "uncertain, lost":
                self.settle(send, Uncertain("cut off"))
            case "killed, arrived" | "killed, lost":
                self.sender = self.start()
            case "refused":
                self.settle(send, Refused("no"))
            case "late":  # its claim has run out and is another's
                self.clock.pass_(seconds=LEASE.total_seconds() + 1)
                for other in self.claim():
                    if other.outgoing.address == send.outgoing.address:
                        assert other.fence > send.fence
                        self.settle(send, Sent("1", is_last))
                        self.become(other, "sent")
                    else:
                        self.become(other, "sent")

    def deliveries(self) -> list[Delivery]:
        with self.database.reading() as session:
            return list(session.scalars(select(Delivery).order_by(Delivery.id)))


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_order_is_kept_nothing_is_lost_and_repeats_are_on_record(data: st.DataObject, empty_sqlite: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        post = Post(Path(folder) / "fubb.sqlite", empty_sqlite, addresses=3)
        said: dict[str, list[str]] = defaultdict(list)
        for n in range(data.draw(st.integers(1, 8))):
            address = data.draw(st.integers(0, 2))
            post.say(address, f"{address}/{n}")
            said[str(address)].append(f"{address}/{n}")
        for _ in range(400):
            claimed = post.claim()
            assert len({send.outgoing.address for send in claimed}) == len(claimed), "one under way of each address"
            for send in claimed:
                if any(d.id == send.outgoing.delivery_id and d.fence == send.fence for d in post.deliveries()):
                    post.become(send, data.draw(st.sampled_from(OUTCOMES)))
            if all(d.settled_at for d in post.deliveries()):
                break
            post.clock.pass_(minutes=11)
        unsettled = [d for d in post.deliveries() if not d.settled_at]
        assert unsettled == []
        refused = {d.message_id for d in post.deliveries() if d.state == "failed"}
        for address, texts in said.items():
            once = list(dict.fromkeys(post.arrived[address]))
            assert once == sorted(once, key=lambda part: (texts.index(part[0]), part[1])), "nothing overtakes"
        uncertain = sum(d.uncertain for d in post.deliveries())
        repeats = sum(len(parts) - len(set(parts)) for parts in post.arrived.values())
        assert repeats <= uncertain
        if not refused:
            assert all(set(post.arrived[a]) == {(t, p) for t in texts for p in range(PARTS)} for a, texts in said.items())
        post.database.dispose()


def test_an_address_that_is_gone_ends_and_what_was_to_go_there_fails(tmp_path: Path, empty_sqlite: Path) -> None:
    post = Post(tmp_path / "fubb.sqlite", empty_sqlite, addresses=1)
    post.say(0, "one")
    post.say(0, "two")
    (send,) = post.claim()
    post.settle(send, AddressGone("blocked"))
    assert post.claim() == []
    assert [d.state for d in post.deliveries()] == ["failed", "failed"]
    assert len(post.gone) == 1
    post.database.dispose()


def test_an_address_that_moved_gets_the_rest_there(tmp_path: Path, empty_sqlite: Path) -> None:
    post = Post(tmp_path / "fubb.sqlite", empty_sqlite, addresses=1)
    post.say(0, "one")
    (send,) = post.claim()
    post.settle(send, AddressMoved("77"))
    (again,) = post.claim()
    assert (again.outgoing.address, again.outgoing.text) == ("77", "one")
    with post.database.reading() as session:
        assert identity_at(session, "telegram", "0") is None
    post.database.dispose()


def test_what_is_told_to_wait_waits_as_long_as_told(tmp_path: Path, empty_sqlite: Path) -> None:
    post = Post(tmp_path / "fubb.sqlite", empty_sqlite, addresses=1)
    post.say(0, "one")
    (send,) = post.claim()
    post.settle(send, NotSent("429", after=300))
    post.clock.pass_(seconds=299)
    assert post.claim() == []
    post.clock.moment += timedelta(seconds=2)
    assert len(post.claim()) == 1
    assert post.deliveries()[0].uncertain == 0
    post.database.dispose()
