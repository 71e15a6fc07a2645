"""An agent's choice of the language of his own pages."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from desk.agents.tables import Agent
from desk.console.catalogues import languages_offered
from desk.errors import WrongInput

OWN_NAMES = {"en": "English", "sv": "Svenska", "nb": "Norsk bokmål", "fi": "Suomi"}
"""Each language as those call it who speak it."""


def set_console_language(session: Session, agent: Agent, language: str) -> None:
    """Empty: the browser's. Raises WrongInput for a language without a catalogue."""
    if language and language not in languages_offered():
        raise WrongInput("These pages do not speak that language.")
    session.execute(update(Agent).where(Agent.id == agent.id).values(console_language=language))
