"""What the lead looks after: the plans of follow-ups, and rounds of surveys."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import ValidationError
from sqlalchemy import select

from desk.agents.tables import Agent
from desk.cases.tables import KINDS
from desk.console.doors import LeadSession, SignedIn, TheParts
from desk.console.names import named
from desk.console.nav import counts_for
from desk.console.rendering import PageRoute, page
from desk.console.translating import spoken_to, translate
from desk.customers.tables import Customer
from desk.errors import Conflict, DeskError, NotFound, WrongInput
from desk.followups.plan_store import change_plan, plan_in_force, versions_of
from desk.followups.plans import Plan
from desk.parts import Parts
from desk.shop.tables import Product
from desk.surveys.rounds import begin_round, latest_words, result_since, rounds
from desk.week.rules import week_begins

router = APIRouter(route_class=PageRoute)


@router.get("/plans", response_class=HTMLResponse)
def plans_page(me: LeadSession, parts: TheParts, kind: str = "fault") -> HTMLResponse:
    return _plans_page(me, parts, kind)


@router.post("/plans/{kind}")
async def change(kind: str, request: Request, me: LeadSession, parts: TheParts) -> Response:
    """A new version of a plan, for cases that begin from now on."""
    form = {name: str(value) for name, value in (await request.form()).items()}
    try:
        plan = _read_plan(form)
        with parts.database.writing() as session:
            change_plan(session, me.agent, kind, plan, int(form.get("version", "0")), parts.clock.now())
    except ValidationError as error:
        return _plans_page(me, parts, kind, 422, _say_wrong_plan(me.agent, error), form)
    except (ValueError, WrongInput):
        return _plans_page(me, parts, kind, 422, WrongInput("Whole numbers only, days with commas between."), form)
    except Conflict as error:
        return _plans_page(me, parts, kind, error.status, error, form)
    return RedirectResponse(f"/desk/plans?kind={kind}", 303)


def _read_plan(form: dict[str, str]) -> Plan:
    """The plan in a form. Raises ValueError, ValidationError."""

    def days(name: str) -> list[int]:
        return [int(part) for part in form.get(name, "").replace(" ", "").split(",") if part]

    def maybe(name: str) -> int | None:
        return int(form[name]) if form.get(name, "").strip() else None

    return Plan(
        first_hours={priority: int(form.get(priority, "")) for priority in ("urgent", "high", "normal")},
        ask_on_days=days("ask_on_days"),
        ask_again_after_days=days("ask_again_after_days"),
        call_after_days=int(form.get("call_after_days", "")),
        decide_after_days=int(form.get("decide_after_days", "")),
        survey_after_hours=maybe("survey_after_hours"),
        last_word_after_days=maybe("last_word_after_days"),
    )


def _say_wrong_plan(agent: Agent, error: ValidationError) -> str:
    """The first thing that is wrong with a plan; what pydantic says by itself is in English."""
    first = error.errors()[0]
    with spoken_to(agent):
        said = translate(first["msg"].removeprefix("Value error, "))
        return f"{named(str(first['loc'][0]), 'plan')}: {said}" if first["loc"] else said


def _plans_page(
    me: SignedIn, parts: Parts, kind: str, status: int = 200, problem: DeskError | str = "", form: dict[str, str] | None = None
) -> HTMLResponse:
    if kind not in KINDS:
        raise NotFound("There is no such kind of case.")
    now = parts.clock.now()
    with parts.database.writing() as session:  # the first look at a plan may make its first version
        current = plan_in_force(session, kind, now)
    with parts.database.reading() as session:
        versions = versions_of(session, kind)
        names = {a.id: a.name for a in session.scalars(select(Agent))}
        counts = counts_for(session, me.agent, now)
    return page(
        "plans.html", me.agent, now, status, csrf=me.csrf, counts=counts, place="week", watched="", lead=True,
        kinds=KINDS, kind=kind,
        current=current, fields=_fields(Plan.model_validate(current.plan)) | (form or {}), versions=versions, names=names,
        problem=problem,
    )  # fmt: skip


def _fields(plan: Plan) -> dict[str, str]:
    """A plan as the form shows it."""
    fields = {name: str(plan.first_hours[name]) for name in ("urgent", "high", "normal")}
    for name in ("ask_on_days", "ask_again_after_days"):
        fields[name] = ", ".join(str(day) for day in getattr(plan, name))
    for name in ("call_after_days", "decide_after_days", "survey_after_hours", "last_word_after_days"):
        value = getattr(plan, name)
        fields[name] = "" if value is None else str(value)
    return fields


@router.get("/surveys", response_class=HTMLResponse)
def surveys_page(me: LeadSession, parts: TheParts) -> HTMLResponse:
    return _surveys_page(me, parts)


@router.post("/surveys")
def ask_a_round(
    me: LeadSession,
    parts: TheParts,
    about: Annotated[str, Form()],
    days: Annotated[int, Form()],
    product: Annotated[str, Form()] = "",
) -> Response:
    """Ask the customers of a product, or those who left."""
    try:
        with parts.database.writing() as session:
            begin_round(session, me.agent, about, product or None, days, parts.clock.now())
    except WrongInput as error:
        return _surveys_page(me, parts, error.status, error)
    return RedirectResponse("/desk/surveys", 303)


def _surveys_page(me: SignedIn, parts: Parts, status: int = 200, problem: DeskError | str = "") -> HTMLResponse:
    now = parts.clock.now()
    with parts.database.reading() as session:
        begins = week_begins(now, parts.settings.shop_timezone)
        words = latest_words(session)
        ids = {w.customer_id for w in words if w.customer_id}
        names = {c.id: c.name for c in session.scalars(select(Customer).where(Customer.id.in_(ids)))} if ids else {}
        products = session.scalars(select(Product).order_by(Product.name)).all()
        counts = counts_for(session, me.agent, now)
        return page(
            "surveys.html", me.agent, now, status, csrf=me.csrf, counts=counts, place="week", watched="", lead=True,
            rounds=rounds(session), week=result_since(session, begins, now), words=words, names=names, products=products,
            problem=problem,
        )  # fmt: skip
