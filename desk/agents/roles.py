"""What an agent's role allows."""

from desk.agents.tables import LEADS, Agent
from desk.errors import NotAllowed


def must_lead(agent: Agent) -> None:
    """Raises NotAllowed for anybody but a lead or an admin."""
    if agent.role not in LEADS:
        raise NotAllowed
