"""A customer at the chat on the shop's page."""

import re

from playwright.sync_api import Locator, Page, expect


class Chat:
    """Types, presses, and reads what is said to him."""

    def __init__(self, page: Page, base: str) -> None:
        self.page = page
        page.goto(base)
        page.get_by_role("button", name="Chat with us").click()
        self.box = page.get_by_role("textbox")

    def say(self, text: str) -> None:
        self.box.fill(text)
        self.box.press("Enter")

    def press(self, title: str | re.Pattern[str]) -> None:
        self.page.locator(".choice:enabled").filter(has_text=title).first.click()

    def told(self, text: str | re.Pattern[str], author: str = "bot") -> Locator:
        """Wait until this is said."""
        message = self.page.locator(f".msg.{author}").filter(has_text=text).last
        expect(message).to_be_visible()
        return message

    def all_told(self) -> list[str]:
        return self.page.locator(".msg.bot, .msg.agent, .msg.system").all_inner_texts()
