"""Which words a follow-up of the bot says."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.cases.tables import Case
from desk.followups.tables import Followup
from desk.shop.tables import Product
from desk.times import say_date
from desk.words import Said, Words


def what_to_say(session: Session, followup: Followup, case: Case, language: str, words: Words) -> Said:
    """The words of a check-in: by what it is for, and by how often he was asked before."""
    product = session.get(Product, case.product_sku) if case.product_sku else None
    name = product.name if product else ""
    if followup.purpose == "decision":
        return words.say("utter_suggestion_decided", language, case=case.number, decision=_decision(session, case))
    if followup.purpose == "last_word":
        response = "utter_last_word_product" if product else "utter_last_word"
        return words.say(response, language, case=case.number, product=name)
    if followup.purpose == "delivered" and product and case.delivered_at:
        response = ("utter_delivered_first", "utter_delivered_again")[min(followup.tries, 1)]
        return words.say(response, language, case=case.number, product=name, date=say_date(case.delivered_at.date(), language))
    if followup.tries:
        return words.say("utter_check_in_again", language, case=case.number)
    return words.say("utter_check_in_product" if product else "utter_check_in", language, case=case.number, product=name)


def _decision(session: Session, case: Case) -> str:
    """What the agent has written for the customer to read."""
    decided = select(Followup.outcome).where(
        Followup.case_id == case.id, Followup.purpose == "decide_suggestion", Followup.state == "done"
    )
    return session.scalars(decided.order_by(Followup.done_at.desc()).limit(1)).first() or ""
