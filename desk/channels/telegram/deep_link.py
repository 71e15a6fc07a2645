"""The address that opens our bot in Telegram and says /start with what is behind it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.channels.telegram.tables import TelegramBot
from desk.settings import Settings

OFFICIAL = "https://api.telegram.org"


def remember_bot(session: Session, bot_id: int, username: str) -> None:
    """Telegram has told who we are; every process of the desk may want to know."""
    bot = session.get(TelegramBot, bot_id)
    if bot is None:
        session.add(TelegramBot(id=bot_id, username=username))
    else:
        bot.username = username


def deep_link(session: Session, settings: Settings, payload: str) -> str:
    """The link with this payload; empty while no bot is known. A simulator's bot lives at the simulator's own address."""
    token = settings.telegram_token.get_secret_value()
    bot_id = token.partition(":")[0]
    bot = session.scalar(select(TelegramBot).where(TelegramBot.id == int(bot_id))) if bot_id.isdigit() else None
    if bot is None:
        return ""
    base = "https://t.me" if settings.telegram_base_url.rstrip("/") == OFFICIAL else settings.telegram_base_url.rstrip("/")
    return f"{base}/{bot.username}?start={payload}"
