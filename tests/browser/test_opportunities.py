"""Missed opportunities in a real browser: cards, pins, evidence and the address agree."""

from __future__ import annotations

import re
from types import ModuleType
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser
HOME = "/journey/winifred01"
FALLS, MET = 1, 2  # rows of Winifred's opportunities


def card(page: Page, row: int) -> Locator:
    """The heading of the card of opportunity number `row`."""
    return page.locator(f"[data-opportunity='{row}']")


def click_pin(page: Page, row: int) -> None:
    """Click where the opportunity's pin is drawn, as a mouse would."""
    spot = page.evaluate(
        """(wanted) => {
          const gd = document.querySelector('#theograph .js-plotly-plot');
          const box = gd.getBoundingClientRect();
          const trace = gd._fullData.find((one) => one.name === 'opportunities');
          const at = [...trace.ids].indexOf(`opportunity-${wanted}`);
          const { xaxis, yaxis } = gd._fullLayout;
          return {
            x: box.left + xaxis._offset + xaxis.d2p(trace.x[at]),
            y: box.top + yaxis._offset + yaxis.d2p(trace.y[at]),
          };
        }""",
        row,
    )
    page.mouse.move(spot["x"], spot["y"])
    page.mouse.click(spot["x"], spot["y"])


def expect_rings(page: Page, count: int) -> None:
    """Wait until so many marks are ringed or outlined for the opportunity, its pin included."""
    page.wait_for_function(
        "(count) => document.querySelector('#theograph .js-plotly-plot')._fullData"
        ".filter((one) => one.name === 'selected opportunity' && one.mode !== 'lines')"
        ".reduce((sum, one) => sum + one.x.length, 0) === count",
        arg=count,
    )


def test_the_open_ones_stand_first_with_the_day_by_which_and_a_card_draws_its_window(
    visit: Any,
) -> None:
    page = visit.open(HOME)
    first = page.locator(".tg-opportunity").first
    expect(first).to_contain_text("Act by 11 Apr 2025")
    expect(first).to_contain_text("11 days after the data ends")
    expect(page.locator("#theograph")).to_contain_text("act by 11 Apr")
    for words in ("3missed", "2still open", "£5,123followed (association, not proof)"):
        expect(page.locator(".tg-tiles")).to_contain_text(words)
    card(page, FALLS).click()
    expect(card(page, FALLS)).to_have_attribute("aria-expanded", "true")
    expect(card(page, FALLS)).to_be_focused()
    expect(page.locator("#theograph")).to_contain_text("falls assessment expected by 2 Aug 2024")
    expect(page).to_have_url(re.compile(r"\?o=1$"))
    expect_rings(page, 4)  # signal, evidence, what followed, and the pin
    card(page, FALLS).click()
    expect(card(page, FALLS)).to_have_attribute("aria-expanded", "false")
    expect(page).to_have_url(visit.address + HOME)
    expect_rings(page, 0)


def test_a_pin_opens_its_card_and_brings_it_into_sight(visit: Any) -> None:
    page = visit.open(f"{HOME}?e=3")
    expect(page.get_by_role("tab", name="Event")).to_have_attribute("aria-selected", "true")
    click_pin(page, 3)
    expect(page.get_by_role("tab", name="Opportunities")).to_have_attribute("aria-selected", "true")
    expect(card(page, 3)).to_have_attribute("aria-expanded", "true")
    expect(card(page, 3)).to_be_in_viewport()
    expect(page).to_have_url(re.compile(r"[?&]o=3"))


def test_the_evidence_is_marked_in_the_table_which_scrolls_to_it(visit: Any) -> None:
    page = visit.open(f"{HOME}?o=4")
    card(page, FALLS).click()
    expect(card(page, FALLS)).to_have_attribute("aria-expanded", "true")
    row = page.locator("#event-table .ag-pinned-left-cols-container .ag-row:has-text('15 Mar')")
    expect(row).to_be_visible()
    for text, part in (("11 Feb", "signal"), ("15 Mar", "evidence")):
        cell = page.locator(f"#event-table .ag-cell[col-id=date]:has-text('{text}')").first
        said = cell.evaluate("(one) => getComputedStyle(one, '::after').content")
        assert said == f'"{part}"'
    page.keyboard.press("Escape")
    expect(card(page, FALLS)).to_have_attribute("aria-expanded", "false")
    assert row.evaluate("(one) => getComputedStyle(one.firstChild, '::after').content") == "none"


def test_evidence_is_a_button_that_shows_its_event(visit: Any) -> None:
    page = visit.open(f"{HOME}?o={FALLS}")
    page.get_by_role("button", name="Contact 13").click()
    expect(page.get_by_role("tab", name="Event")).to_have_attribute("aria-selected", "true")
    expect(page.locator("#event-detail")).to_contain_text("Contact 13")
    expect(page).to_have_url(re.compile(r"[?&]e=\d+&o=1&panel=event"))
    page.get_by_role("tab", name="Opportunities").click()
    expect(card(page, FALLS)).to_have_attribute("aria-expanded", "true")


def test_an_address_with_an_opportunity_restores_everything(visit: Any) -> None:
    page = visit.open(f"{HOME}?status=all&severity=high&o={MET}")
    expect(page.get_by_label("Status")).to_have_value("all")
    expect(page.get_by_label("Severity")).to_have_value("high")
    expect(card(page, MET)).to_have_attribute("aria-expanded", "true")
    expect(page.locator(".tg-opened")).to_contain_text("A response is recorded in time")
    expect_rings(page, 3)  # the stay, the response, and the pin
    expect(page).to_have_url(re.compile(r"\?status=all&severity=high&o=2$"))
    again = visit.open(page.url.removeprefix(visit.address))
    expect(card(again, MET)).to_have_attribute("aria-expanded", "true")


def test_filters_change_cards_and_pins_together(visit: Any) -> None:
    page = visit.open(HOME)
    visit.wait_for_redraw(lambda: page.get_by_label("Status").select_option("met"))
    expect(page.locator(".tg-opportunity")).to_have_count(1)
    pins = "document.querySelector('#theograph .js-plotly-plot')._fullData"
    pins += ".find((one) => one.name === 'opportunities').ids.length"
    page.wait_for_function(f"() => {pins} === 1")
    page.get_by_label("Severity").select_option("low")
    expect(page.locator(".tg-no-cards")).to_contain_text("None as filtered")
    expect(page).to_have_url(re.compile("status=met&severity=low"))
    expect(page.locator("#events-in-view")).to_have_text("All 45 in view")


def test_the_layer_switches_off_and_is_in_the_address(visit: Any) -> None:
    page = visit.open(HOME)
    box = page.get_by_role("checkbox", name="Missed opportunities")
    visit.wait_for_redraw(lambda: box.uncheck())
    expect(page).to_have_url(re.compile("opportunities=0"))
    expect(page.locator("#theograph")).not_to_contain_text("act by")
    again = visit.open(page.url.removeprefix(visit.address))
    expect(again.get_by_role("checkbox", name="Missed opportunities")).not_to_be_checked()


def test_tabs_and_cards_need_no_mouse(visit: Any) -> None:
    page = visit.open(HOME)
    tabs = page.get_by_role("tab")
    tabs.first.focus()
    page.keyboard.press("ArrowRight")
    expect(tabs.last).to_be_focused()
    expect(tabs.last).to_have_attribute("aria-selected", "true")
    expect(page.locator("#event-detail")).to_be_visible()
    expect(page.locator("#opportunities")).to_be_hidden()
    page.keyboard.press("ArrowRight")
    expect(tabs.first).to_be_focused()
    card(page, FALLS).focus()
    page.keyboard.press("Enter")
    expect(card(page, FALLS)).to_have_attribute("aria-expanded", "true")
    expect(card(page, FALLS)).to_be_focused()
    page.get_by_role("button", name="Clear the selected opportunity").click()
    expect(page.locator(".tg-opened")).to_have_count(0)
    expect(page).to_have_url(visit.address + HOME)


def test_esc_lets_go_of_the_opportunity_first_and_then_of_the_event(visit: Any) -> None:
    page = visit.open(f"{HOME}?e=3&o={FALLS}")
    expect(page.locator(".tg-opened")).to_have_count(1)
    page.locator("#page-title").focus()
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile(r"\?e=3&panel=opportunities$"))
    page.keyboard.press("Escape")
    expect(page).to_have_url(visit.address + HOME)


def test_no_axe_violations_with_a_card_open_or_nothing_found(visit: Any) -> None:
    page = visit.open(f"{HOME}?status=all&o={FALLS}")
    expect(page.locator(".tg-opened")).to_be_visible()
    assert visit.find_axe_violations() == []
    page.get_by_label("Status").select_option("not_assessable")
    page.get_by_label("Severity").select_option("low")
    expect(page.locator(".tg-no-cards")).to_be_visible()
    assert visit.find_axe_violations() == []
    bare = visit.open("/journey/many000003")
    expect(bare.locator(".tg-no-cards")).to_contain_text("No rules have been applied")
    assert visit.find_axe_violations() == []


def test_an_event_says_what_it_was_read_as_and_markup_stays_text(
    visit: Any, invented: ModuleType
) -> None:
    page = visit.open(f"{HOME}?q=onerror&o=3")
    expect(page.locator(".tg-opened .tg-card-title")).to_contain_text(invented.MARKUP)
    expect(page.locator(".tg-opened").locator("img, b")).to_have_count(0)
    page.locator(".tg-opened .tg-seen-event").first.click()
    detail = page.locator("#event-detail")
    expect(detail).to_contain_text("What this was read as")
    expect(detail.get_by_role("link", name="Fall")).to_be_visible()
    expect(detail).to_contain_text("because of the name “See, treat” and the mode “Telephone”")
    expect(detail.locator("img, b")).to_have_count(0)
    assert page.title() != "1"


def test_another_person_starts_with_nothing_selected(visit: Any) -> None:
    page = visit.open(f"{HOME}?o={FALLS}&status=all")
    expect(page.locator(".tg-opened")).to_be_visible()
    visit.change_person("many", named="MANY000003")
    expect(page).to_have_url(visit.address + "/journey/many000003")
    marked = page.evaluate(
        "() => document.adoptedStyleSheets.reduce((sum, one) => sum + one.cssRules.length, 0)"
    )
    assert marked == 0


def test_the_headline_figures_stand_in_one_row(visit: Any) -> None:
    visit.page.set_viewport_size({"width": 1280, "height": 800})
    page = visit.open(HOME)
    for width in (1280, 1600):
        page.set_viewport_size({"width": width, "height": 800})
        visit.expect_no_sideways_scroll()
        tops = page.locator(".tg-tile").evaluate_all(
            "(tiles) => tiles.map((one) => Math.round(one.getBoundingClientRect().top))"
        )
        assert len(tops) == 8
        assert len(set(tops)) == 1
        controls = page.locator(".tg-controls").bounding_box()
        assert controls["height"] < 50, "the controls are one row too"
