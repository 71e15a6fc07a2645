"""The signed link to a customer's own page: it names one case, and holds for half a year."""

from datetime import datetime, timedelta

import jwt

from desk.errors import NotFound
from desk.settings import Settings

GOOD_FOR = timedelta(days=183)
_AUDIENCE = "case page"


def link_to_case(case_id: int, settings: Settings, now: datetime) -> str:
    """The address of the page."""
    token = jwt.encode({"case": case_id, "aud": _AUDIENCE, "exp": int((now + GOOD_FOR).timestamp())}, _key(settings), "HS256")
    return f"{settings.address}/case/{token}"


def case_of_link(token: str, settings: Settings, now: datetime) -> int:
    """The case that a token names; raises NotFound for one that is forged or too old."""
    try:
        claims = jwt.decode(
            token, _key(settings), algorithms=["HS256"], audience=_AUDIENCE, options={"require": ["exp"], "verify_exp": False}
        )
        if int(claims["exp"]) > now.timestamp():
            return int(claims["case"])
    except (jwt.InvalidTokenError, KeyError, ValueError, TypeError):
        pass
    raise NotFound("This link does not lead anywhere.")


def _key(settings: Settings) -> str:
    return f"case page {settings.secret.get_secret_value()}"
