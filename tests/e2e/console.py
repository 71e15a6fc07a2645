"""An agent at the console, and what must hold of whatever is seen."""

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Shop


def log_in(page: Page, base: str, login: str, password: str) -> Page:
    page.goto(f"{base}/desk/")
    page.get_by_label("Login").fill(login)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name=re.compile("Waiting for a person"))).to_be_visible()
    return page


def open_as(page: Page, base: str, path: str, login: str, password: str) -> None:
    """Go to a page of the desk, and log in again if that was too long ago."""
    page.goto(base + path)
    if page.get_by_label("Password").count():
        log_in(page, base, login, password)
        page.goto(base + path)


def go_by_the_clock_of(shop: Shop, page: Page) -> None:
    """From the next page on the browser's clock is the shop's, which only goes forward: pages say by it how long ago things were."""
    page.add_init_script(
        f"""(() => {{
          window.realDate ??= Date;
          window.ahead = Math.max(window.ahead ?? 0, {shop.shift * 1000:.0f});
          window.Date = class extends realDate {{
            constructor(...given) {{ given.length ? super(...given) : super(realDate.now() + window.ahead); }}
            static now() {{ return realDate.now() + window.ahead; }}
          }};
        }})()"""
    )


def no_violations(page: Page, where: str) -> None:
    """Nothing that axe finds wrong."""
    found = Axe().run(page)
    assert found.violations_count == 0, f"{where}: {found.generate_report()}"
