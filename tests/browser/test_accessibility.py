"""Every view meets WCAG 2.2 AA as far as axe can tell, in light and dark, and says so in Spanish."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import Desk
from tests.conftest import ROOT

pytestmark = [pytest.mark.integration, pytest.mark.browser]

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

if not AXE.exists():
    pytest.skip("axe is missing: run `make check`, which installs it", allow_module_level=True)


def violations(page: Page) -> list[str]:
    """What axe finds wrong on the page as it is."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    run = f"axe.run({{runOnly: {json.dumps(TAGS)}}})"
    found: dict[str, Any] = page.evaluate(run)
    return [
        f"{one['id']}: {node['html']} {node['failureSummary']}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_view_has_a_violation(new_desk: Callable[..., Desk], scheme: str) -> None:
    desk = new_desk(color_scheme=scheme)
    page = desk.page
    desk.open()
    assert violations(page) == []
    desk.translate(f"The smugglers hid the bullion in a hearse. It rained in {scheme}.")
    page.keyboard.press("F8")
    expect(page.locator(".flag").first).to_be_visible()
    assert violations(page) == []
    for tab, shown in (
        ("Summary", "Summarize"),
        ("Find", "Replace in the translation with"),
        ("Record", "Who made this version"),
    ):
        desk.button(tab).click()
        expect(page.get_by_text(shown).first).to_be_visible()
        assert violations(page) == []
    page.get_by_label("Compare with").select_option("quick")
    expect(page.locator(".other .sentence:not(.waiting)").first).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("F1")
    assert violations(page) == []


def test_the_page_speaks_spanish(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk(locale="es-VE")
    page = desk.page
    page.goto(f"{desk.address}/desk/")
    expect(page.get_by_label("Texto de la noticia")).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "es"
    page.get_by_role("button", name="English").click()
    expect(page.get_by_label("Text of the story")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Text of the story")).to_be_visible()
