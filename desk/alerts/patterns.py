"""A danger is told to the lead at the first case; a fault of one product at the third within two weeks."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.alerts.service import tell
from desk.cases.tables import Case
from desk.shop.tables import Product

CASES = 3
WITHIN = timedelta(days=14)


def tell_of_danger_or_pattern(session: Session, case: Case, now: datetime) -> None:
    """Tell the leads once of a danger, and once of each pattern: its first case names it, however many follow."""
    product = session.get(Product, case.product_sku) if case.product_sku else None
    if case.hazard:
        detail = {"case": case.number, "product": product.name if product else "", "text": case.summary[:200]}
        tell(session, f"danger:{case.id}", "danger", now, detail, case_id=case.id)
    if case.kind != "fault" or product is None:
        return
    session.flush()
    same = session.scalars(
        select(Case).where(Case.product_sku == product.sku, Case.kind == "fault", Case.opened_at > now - WITHIN).order_by(Case.id)
    ).all()
    if len(same) < CASES:
        return
    # Told again only when the first case of a told pattern is older than the window.
    numbers = [c.number for c in same]
    detail_of_pattern = {"product": product.name, "what": "fault", "count": len(same), "days": WITHIN.days, "cases": numbers}
    tell(session, f"pattern:{product.sku}:{same[0].id}", "pattern", now, detail_of_pattern, case_id=case.id)
