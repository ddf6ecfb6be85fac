"""Take the pictures of the documentation: `python -m tests.browser.pictures`.

They show `docs/article.txt` as an editor works on it. Chromium draws them with the fonts of the
machine; those in the repository are drawn with Noto (`apt install fonts-noto-core`).
"""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.browser.desk import Desk
from tests.conftest import ROOT
from tests.integration.rig import up

IMAGES = ROOT / "docs" / "images"
TITLE = "El ferri vuelve a las islas del norte tras nueve días de aislamiento por el temporal"
WIDE = ViewportSize(width=1280, height=900)
PHONE = ViewportSize(width=390, height=760)


def take(browser: Browser, address: str) -> None:
    """Make the story as an editor would, and take each picture on the way."""
    desk = Desk(_page(browser, WIDE), address)
    page = desk.page
    desk.translate((ROOT / "docs" / "article.txt").read_text(encoding="utf-8"))
    page.get_by_label("Your name").fill("Ana")
    desk.write(1, TITLE)
    for number in range(1, 5):
        desk.sentence(number).focus()
        page.keyboard.press("Control+Enter")
        expect(page.get_by_text(f"{number} of 25 approved")).to_be_visible()
    page.evaluate("scrollTo(0, 0)")
    page.keyboard.press("F8")
    expect(page.locator(".flag").first).to_be_visible()
    page.evaluate("scrollTo(0, 0)")
    _save(page, "desk")
    desk.button("Alternatives").click()
    page.locator(".alternatives li").first.scroll_into_view_if_needed()
    _save(page, "flags")
    desk.button("Summary").click()
    desk.button("Bullets").click()
    page.locator(".summary-text li").nth(1).hover()
    _save(page, "summary")
    _shown(browser, page.url, WIDE, "dark", color_scheme="dark")
    _shown(browser, page.url, PHONE, "phone", is_mobile=True, has_touch=True)


def _shown(browser: Browser, url: str, size: ViewportSize, name: str, **options: Any) -> None:
    page = _page(browser, size, **options)
    page.goto(url)
    page.get_by_role("button", name="to check").click()
    expect(page.locator(".flag").first).to_be_visible()
    _save(page, name)


def _page(browser: Browser, size: ViewportSize, **options: Any) -> Page:
    return browser.new_context(
        viewport=size, locale="en-GB", reduced_motion="reduce", **options
    ).new_page()


def _save(page: Page, name: str) -> None:
    page.wait_for_load_state()
    page.screenshot(path=IMAGES / f"{name}.png", animations="disabled")


if __name__ == "__main__":
    with TemporaryDirectory() as folder, up(Path(folder)) as rig, sync_playwright() as playwright:
        take(playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS), rig.address)
