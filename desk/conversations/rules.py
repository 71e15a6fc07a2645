"""What may be said, and when it is tried again. Pure."""

import hashlib
import json
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta

from desk.conversations.languages import LANGUAGES as LANGUAGES
from desk.errors import TooLarge, WrongInput

BOT_NAME = "Fubb"
"""Under which the bot speaks."""
LONGEST_TEXT = 2000
"""Characters of one message."""
_ALLOWED_CONTROLS = "\n\t"


def clean_text(text: str, *, may_be_empty: bool = False) -> str:
    """The text as it is kept: no control characters, no blanks at the ends. Raises TooLarge, WrongInput."""
    if len(text) > LONGEST_TEXT:
        raise TooLarge("A message has at most %(most)s characters.", most=LONGEST_TEXT)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if any(unicodedata.category(c) == "Cs" for c in text):
        raise WrongInput("The text is not valid Unicode.")
    kept = "".join(c for c in text if c in _ALLOWED_CONTROLS or unicodedata.category(c) != "Cc").strip()
    if not kept and not may_be_empty:
        raise WrongInput("The message is empty.")
    return kept


def body_hash(text: str, payload: str | None, attachments: Sequence[str] = ()) -> str:
    """Tells a repeated message from another one under the same id. Of a button the payload counts, not its title."""
    body = [None if payload else text, payload, *([list(attachments)] if attachments else [])]
    return hashlib.sha256(json.dumps(body).encode()).hexdigest()


def next_try(tries: int, now: datetime) -> datetime:
    """When a failed turn is tried again: 0.25 s, doubling, at most 4 s."""
    return now + timedelta(seconds=min(4.0, 0.25 * 2 ** min(tries, 10)))
