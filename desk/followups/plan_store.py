"""The plans in force: each kind's newest version, and the one a running case keeps."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

import yaml
from pydantic import ValidationError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desk.agents.tables import Agent
from desk.cases.tables import KINDS, Case
from desk.db.inserting import insert_unless_there
from desk.errors import Conflict, WrongInput
from desk.followups.plans import Plan, read_plans
from desk.followups.tables import FollowupPlan
from desk.settings import ROOT

FILE = ROOT / "data" / "plans.yml"


def plan_in_force(session: Session, kind: str, now: datetime) -> FollowupPlan:
    """The newest version; the first one is what data/plans.yml says."""
    newest = select(FollowupPlan).where(FollowupPlan.kind == kind).order_by(FollowupPlan.version.desc()).limit(1)
    found = session.scalar(newest)
    if found is None:
        # Two processes may come first at once: the second takes what the first has made.
        values = {"kind": kind, "version": 1, "plan": _first_plans()[kind].model_dump(), "made_at": now}
        insert_unless_there(session, FollowupPlan, values)
        found = session.scalars(newest).one()
    return found


def plan_of(session: Session, case: Case, now: datetime) -> Plan:
    """The plan that the case began with."""
    row = session.get(FollowupPlan, case.plan_id) if case.plan_id else None
    return Plan.model_validate((row or plan_in_force(session, case.kind, now)).plan)


def change_plan(session: Session, lead: Agent, kind: str, plan: Plan, from_version: int, now: datetime) -> FollowupPlan:
    """A new version, for cases that begin from now on. Raises WrongInput, Conflict when another was made meanwhile."""
    if kind not in KINDS:
        raise WrongInput("There is no such kind of case.")
    before = plan_in_force(session, kind, now)
    if before.version != from_version:
        raise Conflict("Somebody has changed this plan meanwhile. Look at it again.")
    if before.plan == plan.model_dump():
        return before
    after = FollowupPlan(kind=kind, version=from_version + 1, plan=plan.model_dump(), made_at=now, made_by_id=lead.id)
    session.add(after)
    session.flush()
    return after


def versions_of(session: Session, kind: str) -> Sequence[tuple[FollowupPlan, int]]:
    """All versions, the newest first, each with the number of cases that began with it."""
    counted = select(Case.plan_id, func.count().label("cases")).group_by(Case.plan_id).subquery()
    rows = session.execute(
        select(FollowupPlan, func.coalesce(counted.c.cases, 0))
        .outerjoin(counted, counted.c.plan_id == FollowupPlan.id)
        .where(FollowupPlan.kind == kind)
        .order_by(FollowupPlan.version.desc())
    )
    return [(row[0], int(row[1])) for row in rows]


@lru_cache
def _first_plans() -> dict[str, Plan]:
    return plans_from_file(FILE.read_text(encoding="utf-8"))


def plans_from_file(text: str) -> dict[str, Plan]:
    """The plans of a file like data/plans.yml; raises ValueError with what is wrong in it."""
    try:
        return read_plans(yaml.safe_load(text) or {}, KINDS)
    except ValidationError as error:
        first = error.errors()[0]
        raise ValueError(f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}") from error
