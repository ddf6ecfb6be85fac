"""The desk by keyboard alone, on a phone, with a long story, and while a worker dies."""

import os
import signal
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import Desk
from tests.integration.rig import Rig

pytestmark = [pytest.mark.integration, pytest.mark.browser]

LONG = "\n\n".join(
    " ".join(f"The mayor said on Monday that {n * 5 + i + 100} people came." for i in range(5))
    for n in range(60)
)


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the element of this name has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if (
            page.locator(":focus")
            .and_(page.get_by_label(name).or_(page.get_by_text(name, exact=True)))
            .count()
        ):
            return
    raise AssertionError(f"Tab never reaches {name}")


def test_a_story_is_made_by_keyboard_alone(desk: Desk, page: Page) -> None:
    desk.open()
    tab_to(page, "Text of the story")
    page.keyboard.insert_text("It rained for 21 days. The smugglers hid the bullion in a hearse.")
    page.keyboard.press("Control+Enter")
    expect(desk.sentence(2)).to_be_visible()
    page.keyboard.press("F8")
    expect(desk.sentence(2)).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("Los contrabandistas escondieron el oro.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("1 of 2 approved")).to_be_visible()
    page.keyboard.press("Alt+ArrowUp")
    expect(desk.sentence(1)).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Approved", exact=True)).to_be_visible()
    page.keyboard.press("Alt+Shift+C")
    expect(page.get_by_text("on the clipboard")).to_be_visible()
    page.keyboard.press("F1")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Alt+Shift+L")
    expect(page.get_by_label("Text of the story")).to_be_visible()


def test_a_phone_has_all_of_it(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk(viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    desk.translate("It rained for 22 days. The smugglers hid the bullion in a hearse.")
    desk.page.get_by_role("button", name="1 to check").tap()
    expect(desk.page.locator(".flag")).to_be_in_viewport()
    expect(desk.sentence(2)).to_be_in_viewport()
    desk.button("Approve").tap()
    expect(desk.page.get_by_role("button", name="Nothing to check")).to_be_visible()
    assert desk.page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.slow
def test_a_story_of_300_sentences_survives_its_worker(desk: Desk, page: Page, rig: Rig) -> None:
    desk.start(LONG)
    os.kill(rig.child(), signal.SIGKILL)
    desk.write(1, "Esto se escribe mientras tanto.")
    expect(page.locator("[role=textbox]")).to_have_count(300, timeout=100_000)
    expect(desk.sentence(300)).to_contain_text("399")
    expect(desk.sentence(1)).to_have_text("Esto se escribe mientras tanto.")
    desk.is_saved()
    page.reload()
    expect(desk.sentence(1)).to_have_text("Esto se escribe mientras tanto.")
    expect(desk.sentence(300)).to_be_attached()
