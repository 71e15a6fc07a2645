"""Every Monday at seven: each agent and the lead find the week as a message in the console and as a file."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.agents.tables import LEADS, Agent
from desk.alerts.service import tell
from desk.alerts.tables import Alert
from desk.db.engine import Database
from desk.secrets import write_private
from desk.settings import Settings
from desk.week.report import as_text, closing_line
from desk.week.rules import week_begins, week_name
from desk.week.service import read_week

FOLDER = "reports"


def write_the_week_if_it_has_begun(database: Database, settings: Settings, now: datetime) -> int:
    """Once a week, however often it is looked at, whoever was away on Monday; how many were told."""
    begins = week_begins(now, settings.shop_timezone)
    name = week_name(begins, settings.shop_timezone)
    with database.reading() as session:
        waiting = _untold(session, name, begins)
    for agent_id in waiting:
        with database.writing() as session:
            agent = session.get_one(Agent, agent_id)
            week = read_week(session, None if agent.role in LEADS else agent, now, settings.shop_timezone)
            tell(session, f"week:{name}:{agent.id}", "week", now, {"week": name, "line": closing_line(week)}, agent_id=agent.id)
            text = as_text(week, settings.shop_timezone)
        write_private(settings.data_dir / FOLDER / f"week-{name}-{agent.login}.md", text)
    return len(waiting)


def _untold(session: Session, name: str, begins: datetime) -> list[int]:
    """Who works here since before the week began and has not had it."""
    told = select(Alert.agent_id).where(Alert.key.like(f"week:{name}:%"))
    return list(session.scalars(select(Agent.id).where(Agent.active, Agent.created_at <= begins, Agent.id.not_in(told))))
