"""A real browser on the app, which is served on this computer by a thread."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from dash import Dash
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect, sync_playwright

from theograph.app import create_app
from theograph.app.server import bind_server

BROWSER_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
]
HOW_TO_GET = "no Chromium: install it (Debian: apt install chromium) or name it in CHROMIUM"
SCREEN = {"width": 1600, "height": 930}

expect.set_options(timeout=15_000)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The browser on this computer; skips with one line when there is none."""
    found = (
        os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    )
    if found:
        return found
    if os.environ.get("THEOGRAPH_REQUIRE_BROWSER") == "1":
        pytest.fail(HOW_TO_GET)
    pytest.skip(HOW_TO_GET)


@pytest.fixture(scope="session")
def browser(chromium_path: str) -> Iterator[Browser]:
    """One browser for the whole run."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium_path, args=BROWSER_ARGS)
        yield running
        running.close()


@pytest.fixture(scope="session")
def invented() -> ModuleType:
    """The invented people of the app's own tests."""
    name = "theograph_tests_invented"
    if name not in sys.modules:
        path = Path(__file__).parent.parent / "app" / "invented.py"
        spec = importlib.util.spec_from_file_location(name, path)
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]


@contextmanager
def serving(app: Dash) -> Iterator[str]:
    """The address of `app` while it is served."""
    server = bind_server(app, port=0)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(name="serving", scope="session")
def give_serving() -> Callable[[Dash], object]:
    """`serving(app)`: the address of an app while it is served."""
    return serving


@pytest.fixture(name="visiting", scope="session")
def give_visiting() -> Callable[[BrowserContext, str], Iterator[Visit]]:
    """`visiting(window, address)`: a fresh page, checked at the end."""
    return make_visit


@pytest.fixture(scope="session")
def address(invented: ModuleType) -> Iterator[str]:
    """The app over invented people."""
    with serving(create_app(invented.make_services(), synthetic=True)) as found:
        yield found


@dataclass
class Visit:
    """A page with everything it asked for and complained about."""

    page: Page
    address: str
    requests: list[Request] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """Go to `path` and wait until the page has settled."""
        self.page.goto(self.address + path)
        expect(self.page.locator("#page-title")).to_be_visible()
        if self.page.locator("#theograph").count():
            self.wait_for_picture()
        return self.page

    def change_person(self, sought: str, *, named: str) -> None:
        """Search for the one person that `sought` finds, and go there; the heading is `named`."""
        field = self.page.get_by_role("combobox", name="Find a person")
        field.fill(sought)
        expect(self.page.locator("#person-search-options [role=option]")).to_have_count(1)
        field.press("Enter")
        expect(self.page.locator("#page-title")).to_have_text(named)
        self.wait_for_picture()

    def wait_for_picture(self) -> None:
        """Wait until the picture is drawn and the table has rows, or says it has none."""
        expect(self.page.locator("#theograph .main-svg").first).to_be_visible()
        expect(self.page.locator("#events-in-view")).not_to_be_empty()
        self.page.wait_for_function("() => document.querySelector('#theograph [data-watched]')")

    def wait_for_redraw(self, change: Callable[[], None]) -> None:
        """Do `change`, then wait until the picture has been drawn again."""
        self.page.evaluate(
            "() => { window.redrawn = false;"
            "document.querySelector('#theograph .js-plotly-plot')"
            ".once('plotly_afterplot', () => { window.redrawn = true; }); }"
        )
        change()
        self.page.wait_for_function("() => window.redrawn === true")

    def expect_no_sideways_scroll(self) -> None:
        """Wait until the page, picture and all, is no wider than the window."""
        self.page.wait_for_function(
            "width => window.innerWidth === width"
            " && document.documentElement.scrollWidth <= window.innerWidth"
            " && [...document.querySelectorAll('#theograph .main-svg')]"
            ".every((one) => one.getBoundingClientRect().right <= window.innerWidth)",
            arg=self.page.viewport_size["width"],
        )

    def foreign_requests(self) -> list[str]:
        """Every request that was not for the app's own address, or held in the page itself."""
        own = urlsplit(self.address).netloc
        parts = [(request.url, urlsplit(request.url)) for request in self.requests]
        return [
            url for url, part in parts if part.scheme not in {"data", "blob"} and part.netloc != own
        ]

    def find_axe_violations(self) -> list[str]:
        """What axe finds wrong with the page as it stands, WCAG 2.2 AA and good practice."""
        found = Axe().run(self.page)
        return [
            f"{item['id']}: {[node['target'] for node in item['nodes']][:5]}"
            for item in found.response["violations"]
        ]


@pytest.fixture(scope="session")
def window(browser: Browser) -> Iterator[BrowserContext]:
    """One profile for the whole run: scripts are fetched and compiled once, as for a real user."""
    context = browser.new_context(viewport=SCREEN, reduced_motion="reduce", accept_downloads=True)
    yield context
    context.close()


@pytest.fixture
def visit(window: BrowserContext, address: str) -> Iterator[Visit]:
    """A fresh page on the app; fails when it complained or asked anything of another machine."""
    yield from make_visit(window, address)


def make_visit(window: BrowserContext, address: str) -> Iterator[Visit]:
    """A fresh page at `address`, checked at the end."""
    page = window.new_page()
    page.set_default_timeout(15_000)
    made = Visit(page, address)
    page.on("request", lambda request: made.requests.append(request))
    page.on("pageerror", lambda error: made.complaints.append(str(error)))
    page.on(
        "console",
        lambda message: made.complaints.append(message.text) if message.type == "error" else None,
    )
    yield made
    page.close()
    assert made.foreign_requests() == []
    assert made.complaints == []
