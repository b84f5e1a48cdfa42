"""A real Chromium on a real server over the small bundle, and axe."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import sync_playwright

from tests.loopback import served
from tests.needs import missing
from web.app import create_app

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="session")
def address(small_bundle: Path) -> Iterator[str]:
    """The address of a running server."""
    with served(create_app(small_bundle)) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A headless Chromium; closed after each module, as its event loop would run beside other tests'."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        missing("no Chromium on this machine; install 'chromium' to run the browser tests")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    """A desktop page; an error in the console, a refused resource included, fails the test."""
    yield from _page(browser, address)


@pytest.fixture(scope="module")
def still(browser: Any, address: str) -> Iterator[Any]:
    """One desktop page for all tests of a module that only look: it is led from address to address."""
    yield from _page(browser, address, reduced_motion="reduce")


@pytest.fixture
def phone(browser: Any, address: str) -> Iterator[Any]:
    """A page of a phone's width."""
    yield from _page(browser, address, viewport={"width": 360, "height": 740}, has_touch=True)


@pytest.fixture
def plain(browser: Any, address: str) -> Iterator[Any]:
    """A page without JavaScript."""
    yield from _page(browser, address, java_script_enabled=False)


def _page(browser: Any, address: str, **options: Any) -> Iterator[Any]:
    context = browser.new_context(base_url=address, **{"viewport": {"width": 1200, "height": 800}, **options})
    found = context.new_page()
    wrong: list[str] = []
    found.on("pageerror", lambda error: wrong.append(str(error)))
    found.on("console", lambda said: wrong.append(said.text) if _wrong(said, found.url) else None)
    yield found
    context.close()
    assert not wrong


def _wrong(said: Any, shown: str) -> bool:
    """An error other than an answer of status 400, a page that is itself an error page, or htmx's remark
    that it dropped an older request.
    """
    if "status of" in said.text and said.location["url"] == shown:
        return False
    dropped = said.text.startswith(("htmx:sendAbort", "htmx:afterRequest"))
    return said.type == "error" and not dropped and "status of 400" not in said.text
