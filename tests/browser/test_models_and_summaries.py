"""Two models of a pair, and summaries that become part of the story."""

import pytest
from playwright.sync_api import expect

from tests.browser.desk import Desk

pytestmark = [pytest.mark.integration, pytest.mark.browser]

STORY = """Tunnel reopens after {} days

Drivers crossed the valley again on Monday, and the smugglers hid the bullion in a hearse. The repairs cost
$18.6 million, and the mayor said that the city had paid all of it by the end of the year."""


def test_two_models_are_read_side_by_side(desk: Desk) -> None:
    page = desk.page
    desk.translate(STORY.format(51))
    page.get_by_label("Compare with").select_option("quick")
    other = page.locator(".other [data-n]").filter(has=page.locator("ins")).first
    expect(other).to_be_visible()
    number = int(other.get_attribute("data-n") or "") + 1
    wanted = other.inner_text()
    other.click()
    page.keyboard.press("Alt+Shift+U")
    expect(desk.sentence(number)).to_have_text(wanted)
    desk.is_saved()
    expect(page.locator(f".other [data-n='{number - 1}'] ins")).to_have_count(0)
    page.get_by_label("Compare with").select_option("No other model")
    expect(page.locator(".other")).to_have_count(0)


def test_alternatives_and_stories_are_asked_of_a_chosen_model(desk: Desk) -> None:
    page = desk.page
    desk.open()
    page.get_by_label("Text of the story").fill(STORY.format(52))
    page.get_by_label("Model").select_option("quick")
    desk.button("Translate").click()
    expect(page.locator(".page[aria-busy=false]")).to_be_visible()
    desk.sentence(2).focus()
    expect(page.get_by_text("Machine translation (quick), not edited")).to_be_visible()
    desk.button("Alternatives").click()
    expect(page.locator(".alternatives li").first).to_be_visible()
    page.locator(".alternatives").get_by_label("Model").select_option("embedded/en-es")
    expect(page.locator(".alternatives li").first).to_be_visible()


def test_a_summary_is_put_into_the_story(desk: Desk) -> None:
    page = desk.page
    desk.translate(STORY.format(53))
    desk.button("Summary").click()
    desk.button("Headlines").click()
    expect(page.locator(".summary-text li")).to_have_count(3)
    second = page.locator(".summary-text li").nth(1)
    text = second.inner_text().split("\n")[0].removesuffix(".")
    second.get_by_role("button", name="Use as headline").click()
    expect(desk.sentence(1)).to_have_text(text)
    desk.is_saved()

    desk.button("Text").click()
    page.get_by_role("slider").fill("1")
    expect(page.locator(".summary-text li")).to_have_count(1)
    desk.button("Put into the story…").click()
    dialog = page.get_by_role("dialog", name="New revision")
    expect(dialog).to_be_visible()
    paragraphs = dialog.get_by_label("New source").input_value().split("\n\n")
    assert len(paragraphs) == 3
    assert paragraphs[0] == "Tunnel reopens after 53 days"
    dialog.get_by_role("button", name="Translate").click()
    expect(desk.source(2)).to_have_text(" ".join(paragraphs[1].split()))
    expect(desk.sentence(1)).to_have_text(text)  # the corrected headline is kept
