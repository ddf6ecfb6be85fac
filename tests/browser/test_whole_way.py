"""The whole way of a story: pasted, read, corrected, approved, taken out."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import Desk
from tests.integration.rig import Rig

pytestmark = [pytest.mark.integration, pytest.mark.browser]

STORY = """Bridge reopens after two years

Drivers crossed the Arden again on Monday. The repairs cost $18.6 million.

The smugglers hid the bullion in a hearse."""


def test_from_paste_to_download(desk: Desk, page: Page, rig: Rig) -> None:
    desk.translate(STORY)
    expect(page.get_by_role("heading", name="Bridge reopens after two years").first).to_be_visible()

    desk.sentence(2).hover()
    expect(desk.source(2)).to_have_attribute("data-lit", "")
    page.keyboard.press("F8")
    expect(page.get_by_text("is in no dictionary").first).to_be_visible()
    assert page.title().startswith("(1) ")

    ending = "Los contrabandistas escondieron el oro en un coche fúnebre."
    desk.write(4, ending)
    desk.is_saved()
    expect(page.get_by_role("button", name="Nothing to check")).to_be_visible()
    page.reload()
    expect(desk.sentence(4)).to_have_text(ending)

    for number in range(1, 5):
        desk.sentence(number).focus()
        page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Approved", exact=True)).to_be_visible()
    desk.button("Copy").click()
    expect(page.get_by_text("on the clipboard")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").endswith(ending)
    desk.button("Download").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Text").click()
    assert Path(download.value.path()).read_text(encoding="utf-8").endswith(f"{ending}\n")
    page.get_by_role("link", name="All stories").click()
    row = page.get_by_role("listitem").filter(has_text="Bridge reopens")
    expect(row).to_contain_text("Approved")
