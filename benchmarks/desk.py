"""The desk in Chromium: from pasting to the first and last sentence, a long story, typing while it streams.

`python -m benchmarks.desk ARTICLE` prints milliseconds. Needs Chromium, as the tests of the desk do.
"""

import statistics
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, expect, sync_playwright

from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.browser.desk import Desk
from tests.integration.rig import up

SENTENCES = 300
KEYS = 60

# How long the page takes from a key to the next frame that shows it.
LATENCY = """() => {
  window.latencies = [];
  addEventListener("keydown", () => {
    const pressed = performance.now();
    requestAnimationFrame(() => setTimeout(() => latencies.push(performance.now() - pressed)));
  }, true);
}"""


def long_story(first: int) -> str:
    """A story of `SENTENCES` sentences that no memory has."""
    lines = [f"The mayor said on Monday that {first + n} people came." for n in range(SENTENCES)]
    return "\n\n".join(" ".join(lines[n : n + 5]) for n in range(0, SENTENCES, 5))


def pasted(desk: Desk, text: str) -> tuple[float, float]:
    """Seconds from the click on Translate to the first sentence, and to the last."""
    desk.open()
    desk.page.get_by_label("Text of the story").fill(text)
    begun = time.perf_counter()
    desk.button("Translate").click()
    desk.sentence(1).wait_for()
    first = time.perf_counter() - begun
    desk.page.locator(".page[aria-busy=false]").wait_for(timeout=300_000)
    return first, time.perf_counter() - begun


def typing(desk: Desk) -> list[float]:
    """Milliseconds from each key to the frame that shows it."""
    desk.page.evaluate(LATENCY)
    desk.sentence(1).focus()
    desk.page.keyboard.type("a" * KEYS, delay=30)
    desk.page.wait_for_timeout(200)
    found: list[float] = desk.page.evaluate("latencies")
    return found


def opening(page: Page) -> float:
    """Seconds from a reload to the last sentence of the story."""
    begun = time.perf_counter()
    page.reload()
    expect(page.locator("[role=textbox]")).to_have_count(SENTENCES)
    return time.perf_counter() - begun


def report(name: str, seconds: float) -> None:
    """Print one figure."""
    print(f"{name:50}{seconds * 1000:8.0f} ms")


def main(article: str) -> None:
    """Measure on a stack and a browser of its own."""
    with TemporaryDirectory() as folder, up(Path(folder)) as rig, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        desk = Desk(browser.new_page(locale="en-GB"), rig.address)
        pasted(desk, "The model is loaded by this sentence.")
        first, last = pasted(desk, article)
        report("paste to the first sentence", first)
        report("paste to the last sentence", last)
        desk.start(long_story(1000))
        latencies = typing(desk)
        is_streaming = desk.page.locator(".waiting").count() > 0
        report(f"key to frame, median of {len(latencies)}", statistics.median(latencies) / 1000)
        report("key to frame, longest", max(latencies) / 1000)
        print(f"the translation was streaming until the end: {is_streaming}")
        desk.page.locator(".page[aria-busy=false]").wait_for(timeout=300_000)
        report(
            f"opening {SENTENCES} sentences, median of 5",
            statistics.median(opening(desk.page) for _ in range(5)),
        )
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]).read_text(encoding="utf-8"))
