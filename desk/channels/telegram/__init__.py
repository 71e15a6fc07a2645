"""Telegram as a channel of the desk."""

import os

# python-telegram-bot gives spans of time as timedelta, and does not warn that it will.
os.environ.setdefault("PTB_TIMEDELTA", "true")
