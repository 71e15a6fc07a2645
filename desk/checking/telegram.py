"""Does the Telegram bot work? Says what was found, and what to do when it does not."""

import asyncio
import logging
import re

import httpx
from telegram import Bot
from telegram.error import InvalidToken, NetworkError, TelegramError, TimedOut

from desk.channels.telegram.deep_link import OFFICIAL
from desk.channels.telegram.service import WEBHOOK_PATH, make_bot
from desk.settings import Settings

_LOOKS_RIGHT = re.compile(r"[0-9]{1,20}:\S{1,200}")


def examine_telegram(settings: Settings) -> tuple[bool, str]:
    """Whether all is well with Telegram, and what was found."""
    token = settings.telegram_token.get_secret_value()
    if not token:
        return True, "not used: FUBB_TELEGRAM_TOKEN is empty (docs/telegram.md: how to get one, and how to try it without)"
    if not _LOOKS_RIGHT.fullmatch(token):
        return False, "FUBB_TELEGRAM_TOKEN is no token: it looks like 123456:ABC… and comes from @BotFather."
    where = settings.telegram_base_url
    if not where.startswith(("http://", "https://")):
        return False, f"FUBB_TELEGRAM_BASE_URL is {where}: it begins with https:// (a simulator's with http://)."
    if token.endswith(":simulated") and where.rstrip("/") == OFFICIAL:
        return False, "FUBB_TELEGRAM_TOKEN is the simulator's: set FUBB_TELEGRAM_BASE_URL too, as `fubb telegram-sim` says."
    logging.getLogger("telegram").setLevel(logging.CRITICAL)  # what goes wrong is told here, in a sentence
    return asyncio.run(_ask(settings))


async def _ask(settings: Settings) -> tuple[bool, str]:
    bot = make_bot(settings)
    where = settings.telegram_base_url
    try:
        async with bot:
            return await _judge(bot, settings)
    except InvalidToken:
        return False, f"{where} does not know this bot: copy FUBB_TELEGRAM_TOKEN from @BotFather once more."
    except TimedOut:
        return False, f"{where} does not answer in time. {_what_to_do(where)}"
    except NetworkError as error:
        if isinstance(error.__cause__, httpx.TransportError):
            return False, f"{where} cannot be reached ({error.__cause__}). {_what_to_do(where)}"
        return False, f"{where} answers, but not as Telegram does ({error.message}). {_what_to_do(where)}"
    except TelegramError as error:
        return False, f"{where} answers, but not as Telegram does ({error.message}). {_what_to_do(where)}"


def _what_to_do(where: str) -> str:
    if where.rstrip("/") == OFFICIAL:
        return "Is this machine online, and may it call that address?"
    return "Is the simulator running there (`fubb telegram-sim`)? For the real Telegram leave FUBB_TELEGRAM_BASE_URL out."


async def _judge(bot: Bot, settings: Settings) -> tuple[bool, str]:
    webhook = await bot.get_webhook_info()
    ours = settings.public_url.rstrip("/") + WEBHOOK_PATH
    if webhook.url and not settings.telegram_webhook:
        return True, f"@{bot.username}; its webhook {webhook.url} is removed at the start, then we ask for news ourselves"
    if settings.telegram_webhook and webhook.url not in ("", ours):
        return True, f"@{bot.username}; its webhook {webhook.url} becomes {ours} at the start"
    if webhook.last_error_message:
        return False, f"@{bot.username}: Telegram could not call {webhook.url}: {webhook.last_error_message}"
    waiting = f", {webhook.pending_update_count} messages wait" if webhook.pending_update_count else ""
    return True, f"@{bot.username} answers{waiting}"
