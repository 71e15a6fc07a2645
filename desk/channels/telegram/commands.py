"""Commands: in the app's menu, in four languages. What the bot can do it does; the rest the desk says itself."""

from collections.abc import Sequence

from telegram import Bot, BotCommand

from desk.channels.telegram.talk import Talk
from desk.conversations.rules import LANGUAGES
from desk.conversations.service import note_message, receive_message
from desk.customers.linking import code_in
from desk.customers.service import stop_messages
from desk.words import Words

MENU = ("human", "link", "language", "stop", "help")
GENERAL = ("start", "language", "help")
"""What may be asked for where others read along."""
_TELEGRAM_CODES = {"en": ("",), "sv": ("sv",), "nb": ("nb", "no", "nn"), "fi": ("fi",)}
"""The codes that Telegram's apps use; the empty one is for everybody else."""


def obey(talk: Talk, name: str, argument: str) -> None:
    """Do what a command asks for. An unknown one is answered with what there is."""
    match name:
        case "start" | "link" if code_in(argument):
            _for_the_desk(talk, f"/{name} {argument}")
        case "link" | "unlink":
            _for_the_desk(talk, f"/{name}")
        case "start":
            _ask_bot(talk, "/start", "/greet")
        case "human":
            _ask_bot(talk, "/human", "/ask_human")
        case "language":
            _language(talk, argument)
        case "stop":
            if note_message(talk.session, talk.conversation, talk.client_id, "/stop", talk.now) is not None:
                stop_messages(talk.session, talk.conversation, talk.now)
                talk.say("utter_stopped")
        case _:
            talk.note_and_say(f"/{name}", "utter_telegram_help")


async def show_menu(bot: Bot, words: Words) -> None:
    """Put the commands into the app's menu. Raises TelegramError."""
    for language, codes in _TELEGRAM_CODES.items():
        for code in codes:
            await bot.set_my_commands(menu_in(words, language), language_code=code or None)


def menu_in(words: Words, language: str) -> Sequence[BotCommand]:
    return [BotCommand(name, words.say(f"utter_command_{name}", language).text) for name in MENU]


def _for_the_desk(talk: Talk, typed: str) -> None:
    talk.answer_own(receive_message(talk.session, talk.conversation.id, talk.client_id, talk.now, text=typed))


def _ask_bot(talk: Talk, typed: str, payload: str) -> None:
    """The command is a message like any other: whoever holds the conversation answers it."""
    receive_message(talk.session, talk.conversation.id, talk.client_id, talk.now, payload=payload, title=typed)


def _language(talk: Talk, argument: str) -> None:
    if argument in LANGUAGES:
        if note_message(talk.session, talk.conversation, talk.client_id, f"/language {argument}", talk.now) is not None:
            talk.conversation.language = argument
            talk.say("utter_language_changed")
        return
    talk.note_and_say("/language", "utter_change_language")
