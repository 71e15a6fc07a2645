"""Rounds by the lead: customers of a product, customers who left. Each is asked under the same rules as everybody else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from desk.agents.tables import Agent
from desk.cases.tables import OPEN_STATES, Case
from desk.conversations.rules import BOT_NAME
from desk.conversations.service import append_message, lock_conversation
from desk.conversations.tables import Conversation
from desk.customers.tables import Customer, Identity
from desk.errors import WrongInput
from desk.followups.contacts import may_we_speak, new_contact
from desk.settings import Settings
from desk.shop.tables import Order, OrderLine, Product
from desk.surveys.rules import LOW, OPEN_FOR, REST_AFTER_LOW, Result, result_of
from desk.surveys.tables import Survey, SurveyRound
from desk.words import Words

ABOUT = ("new_product", "left")


@dataclass(frozen=True)
class RoundView:
    """A round with what came of it so far."""

    round: SurveyRound
    product: str
    planned: int
    dropped: int
    result: Result


def begin_round(session: Session, lead: Agent, about: str, product_sku: str | None, days: int, now: datetime) -> SurveyRound:
    """Plan a survey for each customer it is about whom we can write to. Raises WrongInput when there is none."""
    if about not in ABOUT or not 1 <= days <= 3650:
        raise WrongInput("A round is about a new product or about those who left, and counts 1 to 3650 days.")
    if about == "new_product" and (not product_sku or session.get(Product, product_sku) is None):
        raise WrongInput("Say which product.")
    since = now - timedelta(days=days)
    wanted = _bought(product_sku, since) if about == "new_product" and product_sku else _left(since)
    reached = _reachable(session, wanted, now)
    if not reached:
        raise WrongInput("There is nobody like that whom we may write to.")
    begun = SurveyRound(
        about=about, product_sku=product_sku if about == "new_product" else None, days=days, made_at=now, made_by_id=lead.id
    )
    session.add(begun)
    session.flush()
    for conversation_id, customer_id in reached.items():
        session.add(Survey(round_id=begun.id, customer_id=customer_id, conversation_id=conversation_id, due_at=now, created_at=now))
    session.flush()
    return begun


def is_planned(now: datetime) -> ColumnElement[bool]:
    return and_(Survey.state == "planned", Survey.due_at <= now)


def ask_one_planned_survey(session: Session, now: datetime, words: Words, settings: Settings) -> bool:
    """Ask the next one of a round, when it may be; he who cannot be asked within two weeks is dropped."""
    found = session.execute(
        select(Survey.id, Survey.conversation_id).where(is_planned(now)).order_by(Survey.due_at).limit(1)
    ).first()
    if found is None:
        return False
    conversation = lock_conversation(session, found[1])
    survey = session.scalar(select(Survey).where(Survey.id == found[0], is_planned(now)).with_for_update())
    if survey is None:
        return True
    customer = session.scalar(select(Customer).where(Customer.id == survey.customer_id).with_for_update())
    verdict = may_we_speak(session, conversation, customer, now, settings)
    later = verdict.until if conversation.holder == "bot" else now + timedelta(hours=4)
    if not verdict.allowed or conversation.holder != "bot":
        if later is None or later > survey.created_at + OPEN_FOR:
            survey.state = "dropped"
        else:
            survey.due_at = later
        return True
    begun = session.get_one(SurveyRound, survey.round_id)
    product = session.get(Product, begun.product_sku) if begun.product_sku else None
    response = "utter_survey_product" if product else "utter_survey_left"
    said = words.say(response, conversation.language, product=product.name if product else "", survey=survey.id)
    message = append_message(session, conversation, "bot", said.text, now, name=BOT_NAME, buttons=said.buttons)
    session.add(new_contact(conversation, None, now, "bot", "round", None, message))
    survey.state, survey.asked_at, survey.expires_at = "asked", now, now + OPEN_FOR
    return True


def rounds(session: Session, limit: int = 20) -> list[RoundView]:
    """The latest rounds and what came of them."""
    found = []
    for begun in session.scalars(select(SurveyRound).order_by(SurveyRound.id.desc()).limit(limit)):
        rows = session.execute(select(Survey.state, Survey.rating, Survey.recommend).where(Survey.round_id == begun.id)).all()
        asked = [r for r in rows if r.state in ("asked", "rated")]
        states = [r.state for r in rows]
        product = session.get(Product, begun.product_sku) if begun.product_sku else None
        result = result_of((r.rating for r in asked), (r.recommend for r in asked))
        found.append(RoundView(begun, product.name if product else "", states.count("planned"), states.count("dropped"), result))
    return found


def result_since(session: Session, since: datetime, until: datetime) -> Result:
    """What the surveys of solved cases came to that were asked in this time."""
    rows = session.execute(
        select(Survey.rating, Survey.recommend).where(
            Survey.case_id.is_not(None), Survey.state.in_(("asked", "rated")), Survey.asked_at >= since, Survey.asked_at < until
        )
    ).all()
    return result_of((r.rating for r in rows), (r.recommend for r in rows))


def latest_words(session: Session, limit: int = 50) -> Sequence[Survey]:
    """What customers wrote in their own words, the newest first."""
    query = select(Survey).where(Survey.words != "", Survey.state == "rated").order_by(Survey.words_at.desc()).limit(limit)
    return session.scalars(query).all()


def words_between(session: Session, since: datetime, until: datetime, limit: int = 30) -> Sequence[Survey]:
    """What customers wrote in their own words in this time, the newest first."""
    written = select(Survey).where(Survey.words != "", Survey.state == "rated", Survey.words_at >= since, Survey.words_at < until)
    return session.scalars(written.order_by(Survey.words_at.desc(), Survey.id).limit(limit)).all()


def _bought(sku: str, since: datetime) -> ColumnElement[bool]:
    has = select(Order.customer_id).join(OrderLine, OrderLine.order_number == Order.number)
    return Customer.id.in_(has.where(OrderLine.sku == sku, Order.delivered_at >= since))


def _left(since: datetime) -> ColumnElement[bool]:
    """Those who have bought something, the last time before then."""
    last = select(Order.customer_id).group_by(Order.customer_id).having(func.max(Order.ordered_at) < since)
    return Customer.id.in_(last)


def _reachable(session: Session, wanted: ColumnElement[bool], now: datetime) -> dict[str, int]:
    """The newest verified conversation of each such customer who has nothing open with us and wants to hear from us."""
    busy = select(Case.customer_id).where(Case.state.in_(OPEN_STATES), Case.customer_id.is_not(None))
    unhappy = select(Survey.customer_id).where(Survey.rating <= LOW, Survey.rated_at > now - REST_AFTER_LOW)
    rows = session.execute(
        select(Conversation.id, Customer.id)
        .join(Customer, Customer.id == Conversation.customer_id)
        .outerjoin(Identity, Identity.id == Conversation.identity_id)
        .where(wanted, Conversation.verified_at.is_not(None), Conversation.quiet_since.is_(None))
        .where(Customer.no_messages_since.is_(None), or_(Identity.id.is_(None), Identity.ended_at.is_(None)))
        .where(Customer.id.not_in(busy), Customer.id.not_in(unhappy.where(Survey.customer_id.is_not(None))))
        .order_by(Conversation.changed_at)
    ).all()
    newest = {customer_id: conversation_id for conversation_id, customer_id in rows}
    return {conversation_id: customer_id for customer_id, conversation_id in newest.items()}
