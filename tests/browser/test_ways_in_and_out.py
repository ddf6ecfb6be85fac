"""How a story comes in and goes out: files, examples, revisions, terms, keys."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from service.jobs.scopes import Scope
from tests.browser.desk import Desk
from tests.integration.conftest import front, run
from tests.integration.rig import Rig
from tests.unit.service.pages.test_fetch import site

__all__ = ["site"]

pytestmark = [pytest.mark.integration, pytest.mark.browser]


def test_a_page_comes_in_and_goes_out_corrected(desk: Desk) -> None:
    page = desk.page
    desk.open()
    html = b"<h1>Ferry returns</h1><p>It rained for <b>31</b> days. The vote is in March.</p>"
    page.locator("input[type=file]").set_input_files(
        {"name": "ferry.html", "mimeType": "text/html", "buffer": html}
    )
    expect(page.get_by_text("ferry.html")).to_be_visible()
    page.get_by_label("From").select_option("en")
    desk.button("Translate").click()
    expect(page.get_by_role("heading", name="Ferry returns", level=3).first).to_be_visible()
    expect(page.locator(".page[aria-busy=false]")).to_be_visible()
    desk.write(3, "Se vota en marzo.")
    desk.is_saved()

    desk.button("Download").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="As it came (HTML)").click()
    written = Path(download.value.path()).read_text(encoding="utf-8")
    assert "<b>31</b>" in written
    assert "Se vota en marzo.</p>" in written
    page.get_by_label("Say that a machine translated it").check()
    with page.expect_download() as download:
        page.get_by_role("link", name="Word").click()
    document = zipfile.ZipFile(io.BytesIO(Path(download.value.path()).read_bytes()))
    assert "por una máquina" in document.read("word/document.xml").decode()


def test_an_empty_desk_offers_examples(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk()
    # As the server answers where there is no story yet.
    desk.page.route(
        "**/v1/stories?*", lambda route: route.fulfill(json={"stories": [], "page": 0, "total": 0})
    )
    desk.open()
    desk.page.get_by_role("button", name="El puerto de Almara").click()
    expect(desk.page.get_by_label("Into")).to_have_value("en")  # into the other language
    desk.button("Translate").click()
    expect(desk.sentence(1)).to_contain_text("Almara")


def test_a_new_revision_keeps_what_was_corrected(desk: Desk) -> None:
    desk.translate("It rained for 32 days. The council meets in August.")
    desk.write(2, "El consejo tiene sesión en agosto.")
    desk.is_saved()
    desk.button("Record").click()
    expect(desk.page.get_by_text("Sentence 2 edited")).to_be_visible()
    desk.button("New revision…").click()
    desk.page.get_by_label("New source").fill("It rained for 33 days. The council meets in August.")
    desk.page.get_by_role("dialog").get_by_role("button", name="Translate").click()
    expect(desk.sentence(1)).to_contain_text("33")
    expect(desk.sentence(2)).to_have_text("El consejo tiene sesión en agosto.")
    desk.sentence(1).focus()
    desk.button("Check").click()
    expect(desk.page.get_by_text("1 sentence changed in this revision")).to_be_visible()
    expect(desk.page.locator("ins")).to_have_text("32")


def test_a_new_revision_comes_as_a_file(desk: Desk) -> None:
    page = desk.page
    desk.translate("It rained for 41 days. The council meets in August.")
    desk.write(2, "El consejo tiene sesión en agosto.")
    desk.is_saved()
    desk.button("Record").click()
    desk.button("New revision…").click()
    html = b"<p>It rained for <b>42</b> days. The council meets in August.</p>"
    dialog = page.get_by_role("dialog", name="New revision")
    dialog.locator("input[type=file]").set_input_files(
        {"name": "rain.html", "mimeType": "text/html", "buffer": html}
    )
    expect(dialog.get_by_text("rain.html")).to_be_visible()
    dialog.get_by_role("button", name="Translate").click()
    expect(desk.sentence(1)).to_contain_text("42")
    expect(desk.sentence(2)).to_have_text("El consejo tiene sesión en agosto.")


def test_a_story_is_deleted(desk: Desk) -> None:
    page = desk.page
    desk.translate("It rained for 43 days in the valley.")
    desk.button("Record").click()
    desk.button("Delete story…").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    expect(desk.sentence(1)).to_be_visible()
    desk.button("Delete story…").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("was deleted")).to_be_visible()
    expect(page.get_by_label("Text of the story")).to_be_visible()
    expect(page.get_by_role("link", name="It rained for 43 days")).to_have_count(0)


def test_the_address_of_a_page_is_enough(desk: Desk, site: str) -> None:
    desk.open()
    desk.page.get_by_label("Text of the story").fill(f"{site}/page")
    desk.button("Translate").click()
    heading = desk.page.get_by_role("heading", name="Mayor frees 107", level=3)
    expect(heading.first).to_be_visible()


def test_older_stories_are_on_the_next_page(desk: Desk, rig: Rig) -> None:
    for number in range(21):
        body = {"text": f"Old story {number}.", "source": "en", "targets": ["es"]}
        rig.client.put(f"/v1/stories/page-{number}", json=body).raise_for_status()
    desk.open()
    pages = desk.page.get_by_role("navigation", name="Pages")
    expect(desk.page.get_by_role("link", name="Old story 20.")).to_be_visible()
    expect(desk.page.get_by_role("link", name="Old story 0.")).to_have_count(0)
    pages.get_by_role("button", name="Older").click()
    expect(desk.page.get_by_role("link", name="Old story 0.")).to_be_visible()
    pages.get_by_role("button", name="Newer").click()
    expect(desk.page.get_by_role("link", name="Old story 20.")).to_be_visible()
    desk.page.get_by_label("Search stories").fill("story 19")
    expect(desk.page.get_by_role("link", name="Old story")).to_have_count(1)


def test_the_desk_waits_for_a_front_that_does_not_answer(desk: Desk) -> None:
    page = desk.page
    page.route("**/desk/session", lambda route: route.abort())
    page.goto(f"{desk.address}/desk/")
    expect(page.get_by_role("alert")).to_contain_text("does not answer")
    page.unroute("**/desk/session")
    expect(page.get_by_label("Text of the story")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_term_is_learnt_and_used_by_the_next_story(desk: Desk) -> None:
    desk.translate("The bullion was hidden for 34 days.")
    desk.sentence(1).focus()
    desk.page.keyboard.press("Alt+Shift+T")
    dialog = desk.page.get_by_role("dialog", name="Learn a term")
    dialog.get_by_label("In the source").fill("carbon tax")
    dialog.get_by_label("In the translation").fill("impuesto al carbono")
    dialog.get_by_role("button", name="Learn").click()
    expect(desk.page.get_by_text("is in the glossary")).to_be_visible()
    desk.translate("They paid the carbon tax for 35 days.")
    expect(desk.sentence(1)).to_contain_text("impuesto al carbono")


def test_where_keys_are_required_an_editor_signs_in(
    browser: Browser, rig: Rig, new_desk: Callable[..., Desk]
) -> None:
    redis = {"DRAGOMAN_REDIS_URL": rig.redis_url}
    made = run("keys", "create", "sports", "--scope", Scope.EDIT, environment=redis)
    key = made.stdout.split()[-1] if made.returncode == 0 else pytest.fail(made.stderr)
    with front(rig.redis_url, DRAGOMAN_REQUIRE_KEYS="true") as client:
        desk = new_desk(address=str(client.base_url))
        desk.page.goto(f"{desk.address}/desk/")
        desk.page.get_by_label("Key", exact=True).fill("dragoman_wrong")
        desk.button("Sign in").click()
        expect(desk.page.get_by_text("This key is not valid")).to_be_visible()
        desk.page.get_by_label("Key", exact=True).fill(key)
        desk.button("Sign in").click()
        expect(desk.button("Sign out")).to_be_visible()
        desk.translate("It rained for 36 days.")
        desk.sentence(1).focus()
        expect(desk.button("Approve")).to_be_disabled()  # the key has no such scope
        desk.button("Sign out").click()
        expect(desk.page.get_by_label("Key", exact=True)).to_be_visible()
