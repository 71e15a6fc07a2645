"""One-time codes (TOTP, RFC 6238) as a second step of the login."""

from base64 import b64encode
from datetime import datetime
from io import BytesIO

import pyotp
import segno
from sqlalchemy.orm import Session

from desk.agents.service import end_all_sessions
from desk.agents.tables import Agent
from desk.audit.service import audit
from desk.errors import Conflict, WrongInput

ISSUER = "Fubb"
STEP = 30
"""Seconds that a code lasts; the one before and the one after work too, for clocks that are a little off."""


def begin_codes(session: Session, agent: Agent) -> str:
    """A new secret for the agent's app, not in force before he has shown a code of it. Raises Conflict."""
    agent = session.get_one(Agent, agent.id)
    if agent.totp_on:
        raise Conflict("One-time codes are on already.")
    if not agent.totp_secret:
        agent.totp_secret = pyotp.random_base32()
        session.flush()
    return agent.totp_secret


def confirm_codes(session: Session, agent: Agent, code: str, now: datetime) -> None:
    """He has shown a code: from now on each login asks for one; his other sessions end. Raises WrongInput."""
    agent = session.get_one(Agent, agent.id)
    if not agent.totp_secret or not use_code(agent, code, now):
        raise WrongInput("That code does not fit. Look at the app again; is the phone's clock right?")
    agent.totp_on = True
    audit(session, agent, "codes_on", f"agent:{agent.login}", now)
    end_all_sessions(session, agent)


def end_codes(session: Session, agent: Agent, code: str, now: datetime) -> None:
    """No more codes, shown by a last one. Raises WrongInput."""
    agent = session.get_one(Agent, agent.id)
    if not use_code(agent, code, now):
        raise WrongInput("That code does not fit. Look at the app again; is the phone's clock right?")
    agent.totp_on, agent.totp_secret = False, ""
    audit(session, agent, "codes_off", f"agent:{agent.login}", now)


def use_code(agent: Agent, code: str, now: datetime) -> bool:
    """Whether the code is right now, or was a moment ago; none works twice."""
    code = code.replace(" ", "")
    if not agent.totp_secret or not (code.isascii() and code.isdigit() and len(code) == 6):
        return False
    totp, step = pyotp.TOTP(agent.totp_secret), int(now.timestamp()) // STEP
    for tried in (step, step - 1, step + 1):
        if tried > agent.totp_last and pyotp.utils.strings_equal(totp.at(tried * STEP), code):
            agent.totp_last = tried
            return True
    return False


def codes_picture(agent: Agent, secret: str) -> str:
    """The secret as a QR code for the app: an SVG as a data address."""
    address = pyotp.TOTP(secret).provisioning_uri(name=agent.login, issuer_name=ISSUER)
    out = BytesIO()
    segno.make(address, error="m").save(out, kind="svg", scale=5, border=3, light="#fff")
    return "data:image/svg+xml;base64," + b64encode(out.getvalue()).decode()
