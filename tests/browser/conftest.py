"""The desk in Chromium, on a real stack. A page may log no error and ask no other host for anything."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect, sync_playwright

from tests.browser.desk import Desk
from tests.conftest import ROOT
from tests.integration.rig import Rig, up

CHROMIUM = shutil.which("chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

expect.set_options(timeout=20_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents and CHROMIUM is None:
            item.add_marker(
                pytest.mark.skip(reason="Chromium is missing: apt-get install chromium")
            )


MODELS = """
["embedded/en-es"]
task = "translate"
family = "marian"
source = ["en"]
target = ["es"]
folder = "{folder}"
licence = "MPL-2.0"
commercial = true
beams = 2
rerank = 0.15
max_source_tokens = 96
alignment_layer = 1

["quick"]
task = "translate"
family = "marian"
source = ["en"]
target = ["es"]
folder = "{folder}"
licence = "MPL-2.0"
commercial = true
beams = 1
max_source_tokens = 96
alignment_layer = 1
"""
"""The embedded model, and after it a second one of the pair: the same with a narrow beam."""


@pytest.fixture(scope="package")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    folder = tmp_path_factory.mktemp("desk")
    catalogue = folder / "models.toml"
    catalogue.write_text(MODELS.format(folder=ROOT / "models" / "embedded" / "en-es"), "utf-8")
    with up(folder / "data", catalogue=str(catalogue), page_allow="127.0.0.0/8") as rig:
        yield rig


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    # For the package only: while it runs, nothing else in the process can run an event loop.
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def new_desk(browser: Browser, rig: Rig) -> Iterator[Callable[..., Desk]]:
    """Open the desk as a new editor: `new_desk(viewport=…)`; the options are those of a context."""
    rig.client.delete("/v1/memory").raise_for_status()  # what other tests have taught it
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def open_desk(address: str = rig.address, **options: object) -> Desk:
        context = browser.new_context(
            **{
                "locale": "en-GB",
                "reduced_motion": "reduce",
                "permissions": ["clipboard-read", "clipboard-write"],
                **options,
            }  # type: ignore[arg-type]
        )
        contexts.append(context)
        context.on("request", lambda request: wrong.extend(_of_other_host(request, address)))
        context.on("weberror", lambda error: wrong.append(str(error.error)))
        page = context.new_page()
        page.on("console", lambda line: wrong.extend([line.text] if line.type == "error" else []))
        return Desk(page, address)

    yield open_desk
    for context in contexts:
        context.close()
    # The browser logs an error for every answer with an error status: those that a test provokes.
    assert not [line for line in wrong if "Failed to load resource" not in line]


@pytest.fixture
def desk(new_desk: Callable[..., Desk]) -> Desk:
    return new_desk()


@pytest.fixture
def page(desk: Desk) -> Page:
    return desk.page


def _of_other_host(request: Request, address: str) -> list[str]:
    parts = urlsplit(request.url)
    own = parts.scheme in {"blob", "data"} or parts.netloc == urlsplit(address).netloc
    return [] if own else [request.url]
