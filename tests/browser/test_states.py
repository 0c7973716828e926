"""Every state of the app: designed, accessible, and silent towards the outside."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from theograph.app import Services, create_app
from theograph.errors import StoreError

pytestmark = pytest.mark.browser
HOME = "/journey/winifred01"


def test_the_landing_page_lists_the_first_people_and_narrows(visit: Any) -> None:
    page = visit.open("/")
    expect(page.locator(".tg-person")).to_have_count(25)
    expect(page.locator(".tg-people .tg-note")).to_contain_text("First 25 shown")
    page.get_by_label("Name or identifier").fill("SYN-0042")
    expect(page.locator(".tg-person")).to_have_count(1)
    assert visit.find_axe_violations() == []
    page.get_by_label("Name or identifier").fill("nobody at all")
    expect(page.locator(".tg-people .tg-note")).to_contain_text("Nobody found")
    assert "SYN-0042" not in page.url


def test_a_journey_has_no_axe_violations_at_rest_and_with_an_event_open(visit: Any) -> None:
    page = visit.open(HOME)
    expect(page.locator(".ag-row").first).to_be_visible()
    assert visit.find_axe_violations() == []
    page.locator(".tg-sectors summary").click()
    page.locator(".ag-center-cols-container .ag-row:has-text('£')").nth(2).click()
    expect(page.locator(".tg-event-kind")).to_be_visible()
    assert visit.find_axe_violations() == []


def test_a_person_without_events_is_told_so(visit: Any) -> None:
    page = visit.open("/journey/blank00002")
    expect(page.get_by_role("heading", level=2)).to_have_text(
        "No events are recorded for this person"
    )
    for fact in ("Age not recorded", "Sex not recorded", "Household not recorded"):
        expect(page.locator(".tg-facts")).to_contain_text(fact)
    expect(page.locator(".tg-chips")).to_contain_text("Frailty not recorded")
    assert visit.find_axe_violations() == []


def test_an_unknown_reference_is_a_designed_page(visit: Any) -> None:
    page = visit.open("/journey/nobody")
    expect(page.locator("#page-title")).to_have_text("This person is not in the store")
    assert visit.find_axe_violations() == []


def test_an_unknown_address_is_a_designed_page_and_a_404(visit: Any) -> None:
    answer = visit.page.goto(visit.address + "/no/such/page")
    assert answer.status == 404
    expect(visit.page.locator("#page-title")).to_have_text("There is no such page")
    assert visit.find_axe_violations() == []
    visit.complaints.clear()  # the browser itself reports the 404 as an error


def test_hidden_events_leave_an_accessible_page(visit: Any) -> None:
    page = visit.open(f"{HOME}?q=no+such+words")
    expect(page.locator("#nothing-in-view")).to_be_visible()
    assert visit.find_axe_violations() == []


@pytest.fixture
def broken(
    window: BrowserContext, invented: ModuleType, serving: Any, visiting: Any
) -> Iterator[Any]:
    """A visit to an app whose store cannot be read, and which breaks on one person."""
    working = invented.make_services()

    def open_journey(ref: str) -> Any:
        if ref == "bug":
            raise RuntimeError(invented.CANARY_NAME)
        raise StoreError("store: events.parquet is damaged; import again")

    services = Services(open_journey, working.search_people, working.unit_cost)
    with serving(create_app(services)) as address:
        yield from visiting(window, address)


def test_a_store_that_cannot_be_read_says_what_to_do(broken: Any) -> None:
    page = broken.open("/journey/any")
    expect(page.locator("#page-title")).to_have_text("The data could not be read")
    expect(page.locator(".tg-notice")).to_contain_text("import again")
    assert broken.find_axe_violations() == []


def test_a_failure_gives_a_reference_and_nothing_else(broken: Any, invented: ModuleType) -> None:
    broken.page.goto(broken.address + "/journey/bug")
    alert = broken.page.get_by_role("alert")
    expect(alert).to_contain_text(re.compile("Quote reference [0-9a-f]{8}"))
    assert invented.CANARY_NAME not in broken.page.content()
    assert broken.find_axe_violations() == []
    broken.complaints.clear()  # the browser reports the 500 as an error


@pytest.fixture
def slow(
    window: BrowserContext, invented: ModuleType, serving: Any, visiting: Any
) -> Iterator[tuple[Any, threading.Event]]:
    """A visit to an app that answers only when told to."""
    working, ready = invented.make_services(), threading.Event()

    def open_journey(ref: str) -> Any:
        ready.wait(20)
        return working.open_journey(ref)

    services = Services(open_journey, working.search_people, working.unit_cost)
    with serving(create_app(services)) as address:
        for visit in visiting(window, address):
            yield visit, ready


def test_a_wait_shows_that_something_is_being_done(slow: tuple[Any, threading.Event]) -> None:
    visit, ready = slow
    page = visit.page
    page.goto(visit.address + HOME)
    expect(page.locator(".tg-opening")).to_have_css("opacity", "1")
    expect(page.locator(".tg-opening")).to_have_text(re.compile("Opening…"))
    assert visit.find_axe_violations() == []
    ready.set()
    expect(page.locator("#page-title")).to_be_visible()
    visit.wait_for_picture()
    ready.clear()
    page.get_by_text("1 y", exact=True).click()
    page.wait_for_function(
        "() => getComputedStyle(document.querySelector('.tg-picture'), '::before').opacity === '1'"
    )
    visit.wait_for_redraw(ready.set)
    page.wait_for_function(
        "() => getComputedStyle(document.querySelector('.tg-picture'), '::before').content"
        " === 'none'"
    )


def test_the_search_is_a_combobox_that_needs_no_mouse(visit: Any) -> None:
    page = visit.open("/")
    field = page.get_by_role("combobox", name="Find a person")
    field.focus()
    expect(field).to_have_attribute("aria-expanded", "true")
    field.press_sequentially("winif")
    expect(page.locator("#person-search-options [role=option]")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    expect(page.locator("#person-search-options [role=option]")).to_have_attribute(
        "aria-selected", "true"
    )
    expect(field).to_have_attribute("aria-activedescendant", re.compile("option"))
    assert visit.find_axe_violations() == []
    page.keyboard.press("Enter")
    expect(page.locator("#page-title")).to_have_text("Winifred Canary-Testperson")
    expect(page).to_have_url(visit.address + HOME)
    expect(page.locator("#page-title")).to_be_focused()
    page.go_back()
    expect(page.locator("#page-title")).to_have_text("Whose journey?")


def test_every_event_and_action_is_reached_by_keyboard(visit: Any) -> None:
    page = visit.open(HOME)
    reached = set()
    for _ in range(50):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate(
                "() => { const e = document.activeElement;"
                "return e.id || e.name || e.getAttribute('col-id') || e.className.split(' ')[0]; }"
            )
        )
    assert {"person-search", "text-in-events", "save-png", "save-svg"} <= reached
    assert {"tab-opportunities", "opportunity-status", "tg-card-head"} <= reached
    assert {"ag-header-cell", "ag-cell"} & reached or "date" in reached

    page.locator(".ag-pinned-left-cols-container .ag-cell").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(page.locator(".tg-event-kind")).to_be_visible()
    page.get_by_role("tab", name="Event").focus()
    for place in ("make-day-zero", "clear-selection", "event-detail"):
        page.keyboard.press("Tab")
        expect(page.locator(f"#{place}")).to_be_focused()

    page.get_by_label("All", exact=True).focus()
    page.keyboard.press("ArrowLeft")
    expect(page).to_have_url(re.compile("range=3y"))


def test_changing_person_leaves_nothing_of_the_last_one(visit: Any) -> None:
    page = visit.open(f"{HOME}?by=provider&e=3")
    expect(page.locator(".tg-event-kind")).to_be_visible()
    visit.change_person("many", named="MANY000003")
    expect(page).to_have_url(visit.address + "/journey/many000003")
    expect(page.locator("#events-in-view")).to_have_text("All 600 in view")
    expect(page.locator("#event-detail")).to_contain_text("Select an event")
    expect(page.get_by_role("radio", name="By sector")).to_be_checked()


def test_no_width_makes_the_page_scroll_sideways(visit: Any) -> None:
    visit.page.set_viewport_size({"width": 1024, "height": 800})
    visit.open(HOME)
    visit.expect_no_sideways_scroll()
    for width in (1280, 1920):
        visit.page.set_viewport_size({"width": width, "height": 800})
        visit.expect_no_sideways_scroll()


def test_no_address_or_request_line_names_the_person(visit: Any, invented: ModuleType) -> None:
    page = visit.open(HOME)
    page.locator(".ag-center-cols-container .ag-row:has-text('£')").first.click()
    expect(page.locator(".tg-event-kind")).to_be_visible()
    addresses = " ".join([page.url, page.title(), *(request.url for request in visit.requests)])
    for secret in ("Winifred", "Canary", invented.CANARY_NUMBER, "1946"):
        assert secret not in addresses
    stored = page.evaluate("() => JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert stored == "[{},{}]"
