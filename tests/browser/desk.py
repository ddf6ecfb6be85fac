"""The desk as an editor uses it: what can be done on the page, by the words on it."""

from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect


@dataclass(frozen=True, slots=True)
class Desk:
    """A page of the desk."""

    page: Page
    address: str

    def open(self) -> None:
        """Open the list of stories."""
        self.page.goto(f"{self.address}/desk/")
        expect(self.page.get_by_label("Text of the story")).to_be_visible()

    def start(self, text: str) -> None:
        """Paste a story and have it translated; returns when its first sentence is there."""
        self.open()
        self.page.get_by_label("Text of the story").fill(text)
        self.page.get_by_role("button", name="Translate").click()
        expect(self.sentence(1)).to_be_visible()

    def translate(self, text: str) -> None:
        """Paste a story; returns when it is translated."""
        self.start(text)
        expect(self.page.locator(".page[aria-busy=false]")).to_be_visible()

    def sentence(self, number: int) -> Locator:
        """The translation of a sentence, counted from 1."""
        return self.page.locator(f".target [data-n='{number - 1}'][role=textbox]")

    def source(self, number: int) -> Locator:
        """The source of a sentence, counted from 1."""
        return self.page.locator(f".source [data-n='{number - 1}']")

    def write(self, number: int, text: str) -> None:
        """Replace the text of a sentence by typing."""
        self.sentence(number).focus()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def button(self, name: str) -> Locator:
        """A button by its words."""
        return self.page.get_by_role("button", name=name, exact=True)

    def is_saved(self) -> None:
        """Wait until the server has every change."""
        expect(self.page.locator(".saving")).to_have_text("All changes saved")
