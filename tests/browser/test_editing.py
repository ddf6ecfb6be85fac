"""What an editor does to sentences, alone and beside another editor, online and offline."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.desk import Desk

pytestmark = [pytest.mark.integration, pytest.mark.browser]

STORY = "The mayor said on Monday that {} people were there. The vote is in July. Two ferries came."


def test_a_sentence_is_restored_joined_split_and_undone(desk: Desk) -> None:
    desk.translate(STORY.format(11))
    machine = desk.sentence(2).inner_text()
    desk.write(2, "La votación será en julio.")
    desk.is_saved()
    desk.page.get_by_role("button", name="Restore machine text").click()
    expect(desk.sentence(2)).to_have_text(machine)

    desk.button("Join with next").click()
    expect(desk.sentence(3)).to_have_count(0)
    expect(desk.source(2)).to_have_text("The vote is in July. Two ferries came.")
    desk.button("Undo").click()
    expect(desk.sentence(3)).to_be_visible()
    desk.page.reload()
    desk.button("Undo").click()  # the one before, also after a reload
    expect(desk.sentence(2)).to_have_text("La votación será en julio.")

    desk.sentence(1).focus()
    desk.page.keyboard.press("Alt+Shift+K")
    dialog = desk.page.get_by_role("dialog", name="Split the sentence")
    dialog.get_by_role("slider").first.fill("3")
    dialog.get_by_role("button", name="Split").click()
    expect(desk.source(1)).to_have_text("The mayor said on")
    expect(desk.source(2)).to_have_text("Monday that 11 people were there.")


def test_alternatives_are_offered_for_a_sentence(desk: Desk) -> None:
    desk.translate(STORY.format(12))
    desk.sentence(3).focus()
    machine = desk.sentence(3).inner_text()
    desk.page.keyboard.press("Alt+Shift+A")
    first = desk.page.locator(".alternatives li button").first
    chosen = first.locator("span").first.inner_text()
    assert chosen != machine
    first.click()
    expect(desk.sentence(3)).to_have_text(chosen)
    desk.is_saved()


def test_a_text_is_replaced_everywhere_and_back(desk: Desk) -> None:
    desk.translate("The mayor came. The mayor spoke. The mayor left after 13 minutes.")
    desk.page.keyboard.press("Control+h")
    desk.page.get_by_label("Find in both languages").fill("alcalde")
    desk.page.get_by_label("Replace in the translation with").fill("regidor")
    desk.button("Replace 3").click()
    expect(desk.sentence(3)).to_contain_text("regidor")
    desk.button("Undo").click()
    expect(desk.sentence(1)).to_contain_text("alcalde")


def test_dismissed_flags_stay_dismissed(desk: Desk) -> None:
    desk.translate("It rained for 14 days. The smugglers hid the bullion in a hearse.")
    desk.page.keyboard.press("F8")
    flag = desk.page.locator(".flag").first
    count = desk.page.locator(".issue").count()
    flag.get_by_role("button", name="Dismiss").click()
    expect(desk.page.locator(".issue")).to_have_count(count - 1)
    desk.page.reload()
    expect(desk.page.locator(".issue")).to_have_count(count - 1)
    desk.sentence(2).focus()
    desk.page.get_by_role("button", name="Flag again").click()
    expect(desk.page.locator(".issue")).to_have_count(count)


def test_two_editors_see_each_other_and_choose_between_their_texts(
    desk: Desk, new_desk: Callable[..., Desk]
) -> None:
    desk.translate(STORY.format(15))
    other = new_desk()
    other.page.goto(desk.page.url)
    other.write(1, "El alcalde contó 15 personas.")
    other.is_saved()
    expect(desk.sentence(1)).to_have_text("El alcalde contó 15 personas.")

    desk.page.context.set_offline(True)
    desk.write(1, "Mío.")
    desk.write(2, "Se vota en julio.")
    expect(desk.page.locator(".saving")).to_contain_text("2 corrections are kept")
    other.write(1, "Suyo.")
    other.is_saved()
    desk.page.context.set_offline(False)
    expect(other.sentence(2)).to_have_text("Se vota en julio.")  # sent as soon as it could be
    conflict = desk.page.get_by_role("alert").filter(has_text="Two editors")
    expect(conflict).to_contain_text("Mío.")
    expect(conflict).to_contain_text("Suyo.")
    conflict.get_by_role("button", name="Keep mine").click()
    expect(other.sentence(1)).to_have_text("Mío.")
    expect(conflict).to_have_count(0)


def test_what_is_typed_offline_outlives_a_reload(desk: Desk) -> None:
    desk.translate(STORY.format(16))
    desk.page.route("**/segments/**", lambda route: route.abort())
    desk.write(2, "Se vota en julio, sin red.")
    expect(desk.page.locator(".saving")).to_contain_text("1 correction is kept")
    desk.page.unroute("**/segments/**")
    desk.page.reload()
    expect(desk.sentence(2)).to_have_text("Se vota en julio, sin red.")
    desk.is_saved()
