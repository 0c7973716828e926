"""The Method page in a real browser, over everything that is shipped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from types import ModuleType
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from theograph.app import create_app
from theograph.app.method_facts import MethodFacts
from theograph.costing import load_unit_costs
from theograph.opportunities.case import load_cases
from theograph.opportunities.rulebook import load_rules
from theograph.record.concepts import load_concepts

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def method_address(invented: ModuleType, serving: Any) -> Iterator[str]:
    """The app with every shipped rule, concept and unit cost."""
    lines = tuple(load_unit_costs().lines.values())
    facts = MethodFacts(load_rules(), load_concepts(), load_cases, lines)
    services = replace(invented.make_services(), method=lambda: facts)
    with serving(create_app(services, synthetic=True)) as found:
        yield found


@pytest.fixture
def reading(window: BrowserContext, method_address: str, visiting: Any) -> Iterator[Any]:
    """A visit to that app."""
    yield from visiting(window, method_address)


def test_the_bar_marks_the_page_that_is_shown(reading: Any) -> None:
    page = reading.open("/")
    bar = page.get_by_role("navigation", name="Pages")
    expect(bar.get_by_role("link", name="Journeys")).to_have_attribute("aria-current", "page")
    bar.get_by_role("link", name="Method").click()
    expect(page.locator("#page-title")).to_have_text("Method")
    expect(bar.get_by_role("link", name="Method")).to_have_attribute("aria-current", "page")
    assert bar.get_by_role("link", name="Journeys").get_attribute("aria-current") is None
    reading.open("/journey/winifred01")
    expect(bar.get_by_role("link", name="Journeys")).to_have_attribute("aria-current", "true")


def test_an_address_comes_back_and_skipping_to_the_page_does_not_lose_the_rule(
    reading: Any,
) -> None:
    page = reading.open("/method?q=falls#R14")
    expect(page.get_by_label("Search the method")).to_have_value("falls")
    expect(page.get_by_role("heading", level=2)).to_contain_text("R14")
    chosen = page.get_by_role("navigation", name="Rules found").locator("[aria-current]")
    expect(chosen).to_contain_text("R14")
    expect(page).to_have_title(re.compile(r"^R14 .* · Method · Theograph$"))
    expect(page).to_have_url(reading.address + "/method?q=falls#R14")
    page.get_by_role("link", name="Skip to the page").press("Enter")
    expect(page).to_have_url(reading.address + "/method?q=falls#R14")
    expect(page.get_by_role("heading", level=2)).to_contain_text("R14")


def test_a_colleague_looks_up_why_a_rule_fired(reading: Any) -> None:
    page = reading.open("/method")
    page.get_by_label("Search the method").fill("carer")
    expect(page).to_have_url(reading.address + "/method?q=carer")
    found = page.get_by_role("navigation", name="Rules found")
    found.get_by_role("link", name=re.compile("R15")).click()
    heading = page.get_by_role("heading", level=2)
    expect(heading).to_contain_text("R15")
    expect(heading).to_be_focused()
    expect(page).to_have_url(reading.address + "/method?q=carer#R15")
    expect(page.locator(".tg-method-detail")).to_contain_text("Care Act 2014")
    expect(page.locator(".tg-method-detail")).to_contain_text("Design choice")

    # What is meant by that, and what else uses it?
    page.locator(".tg-method-story").get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="How it is recognised")).to_be_visible()
    expect(heading).to_be_focused()
    expect(page).to_have_url(re.compile(r"/method\?tab=concepts#[a-z_]+$"))
    expect(page.get_by_label("Search the method")).to_have_value("")
    expect(page.locator(".tg-method-detail")).to_contain_text("R15")

    # And back, to the very same place; what was typed left one step only.
    page.go_back()
    expect(heading).to_contain_text("R15")
    expect(page.get_by_label("Search the method")).to_have_value("carer")


def test_a_search_counts_on_every_tab_and_is_kept_between_them(reading: Any) -> None:
    page = reading.open("/method")
    page.get_by_label("Search the method").fill("physio")
    tabs = page.get_by_role("navigation", name="Method", exact=True)
    costs = tabs.get_by_role("link", name=re.compile(r"Unit costs\s*[1-9]\d*$"))
    expect(costs).to_be_visible()
    costs.click()
    expect(page).to_have_url(reading.address + "/method?tab=costs&q=physio")
    expect(tabs.locator("[aria-current]")).to_contain_text("Unit costs")
    expect(page.locator("tbody tr").first).to_contain_text(re.compile("physio", re.I))
    page.get_by_label("Search the method").fill("")
    expect(page.locator(".tg-costs .tg-note").first).to_contain_text("1 to 25 of 6,")


def test_unit_costs_are_turned_by_keyboard_and_named_in_the_address(reading: Any) -> None:
    page = reading.open("/method?tab=costs")
    expect(page.locator("tbody tr")).to_have_count(25)
    page.get_by_role("link", name="Next").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(reading.address + "/method?tab=costs&page=2")
    expect(page.locator(".tg-costs")).to_contain_text("26 to 50 of")
    page = reading.open("/method?tab=costs#gp_phone")
    expect(page.locator("#method-chosen")).to_be_in_viewport()
    expect(page.locator("#method-chosen")).to_contain_text("£28.33")


def test_a_drawn_example_and_the_next_rule_open_by_keyboard(reading: Any) -> None:
    page = reading.open("/method#R01")
    example = page.locator(".tg-case").first
    expect(example.get_by_role("table")).to_have_count(0)
    example.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(example.get_by_role("table")).to_be_visible()
    expect(example).to_contain_text("Last day for the response")
    page.keyboard.press("Enter")
    expect(example.get_by_role("table")).to_be_hidden()
    page.get_by_role("link", name="Next: R02").press("Enter")
    expect(page.get_by_role("heading", level=2)).to_be_focused()
    expect(page.get_by_role("heading", level=2)).to_contain_text("R02")
    expect(page.get_by_role("link", name="Previous: R01")).to_be_visible()
    expect(page.locator(".tg-case[open]")).to_have_count(0)


@pytest.mark.parametrize(
    "path",
    [
        "/method#R14",
        "/method?tab=concepts#acsc_admission",
        "/method?tab=costs&page=2",
        "/method?q=zebra",
    ],
)
def test_no_tab_has_axe_violations(reading: Any, path: str) -> None:
    page = reading.open(path)
    for example in page.locator("summary").all()[:6]:
        example.click()
    if page.locator(".tg-case").count():
        expect(page.locator(".tg-case table").nth(5)).to_be_visible()
    assert reading.find_axe_violations() == []


@pytest.mark.parametrize("path", ["/method#R08", "/method?tab=costs"])
def test_no_width_makes_the_page_scroll_sideways(reading: Any, path: str) -> None:
    reading.page.set_viewport_size({"width": 1024, "height": 800})
    page = reading.open(path)
    for example in page.locator("summary").all()[:3]:
        example.click()
    if page.locator(".tg-case").count():
        expect(page.locator(".tg-case table").nth(2)).to_be_visible()
    reading.expect_no_sideways_scroll()
    for width in (1280, 1920):
        page.set_viewport_size({"width": width, "height": 800})
        reading.expect_no_sideways_scroll()
