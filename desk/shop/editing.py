"""Leads change the shop's rules, one amount at a time; every change is in the audit trail."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from sqlalchemy.orm import Session

from desk.agents.roles import must_lead
from desk.agents.tables import Agent
from desk.audit.service import audit
from desk.errors import WrongInput
from desk.shop.importing import RULES_ROW
from desk.shop.rules import ShopRulesModel
from desk.shop.service import rules
from desk.shop.tables import ShopRules


def editable_rules(session: Session) -> dict[str, bool | int | str]:
    """Every single value of the rules in force by its dotted name (returns.days); lists are changed in rules.yml."""
    return dict(_leaves(rules(session).model_dump(mode="json", by_alias=True)))


def change_rules(session: Session, lead: Agent, given: Mapping[str, str], now: datetime) -> None:
    """Put these values in force, all or none. Raises NotAllowed, WrongInput."""
    must_lead(lead)
    known = editable_rules(session)
    whole = rules(session).model_dump(mode="json", by_alias=True)
    for name, value in known.items():
        _put(whole, name, name in given if isinstance(value, bool) else given.get(name, str(value)).strip())
    try:
        model = ShopRulesModel.model_validate(whole)
    except ValidationError as error:
        first = error.errors()[0]
        field = " ".join(str(p) for p in first["loc"]).replace("_", " ")
        raise WrongInput("%(field)s: %(why)s.", field=field, why=first["msg"]) from error
    row = session.get(ShopRules, RULES_ROW, with_for_update=True)
    fresh = model.model_dump(mode="json", by_alias=True)
    if row is None:
        session.add(ShopRules(id=RULES_ROW, rules=fresh, changed_at=now))
    elif row.rules != fresh:
        row.rules, row.changed_at = fresh, now
    session.flush()
    audit(session, lead, "rules_changed", "shop_rules", now, before=dict(known), after=editable_rules(session))


def change_some_rules(session: Session, lead: Agent, given: Mapping[str, bool | int | str], now: datetime) -> None:
    """Put these values in force, all or none; the others stay. Raises NotAllowed, WrongInput."""
    known = editable_rules(session)
    for name, value in given.items():
        if name not in known:
            raise WrongInput("There is no rule called %(name)s.", name=name[:60])
        if isinstance(known[name], bool) and not isinstance(value, bool):
            raise WrongInput("%(name)s is true or false.", name=name)
        if isinstance(value, bool) and not isinstance(known[name], bool):
            raise WrongInput("%(name)s is not true or false.", name=name)
    wanted = known | dict(given)
    change_rules(session, lead, {k: str(v) for k, v in wanted.items() if v is not False}, now)


def _leaves(part: Any, name: str = "") -> Iterator[tuple[str, bool | int | str]]:
    if isinstance(part, dict):
        for key, value in part.items():
            if not (name == "" and key == "version"):
                yield from _leaves(value, f"{name}.{key}" if name else key)
    elif isinstance(part, (bool, int, str)):
        yield name, part


def _put(whole: dict[str, Any], name: str, value: Any) -> None:
    *path, last = name.split(".")
    for key in path:
        whole = whole[key]
    whole[last] = value
