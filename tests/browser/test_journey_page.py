"""The Journey page in a real browser."""

from __future__ import annotations

import re
from types import ModuleType
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
HOME = "/journey/winifred01"


def row_of(page: Page, text: str) -> Any:
    """The table's row that holds `text`."""
    return page.locator(f".ag-center-cols-container .ag-row:has-text('{text}')").first


def click_mark(page: Page, event_id: str) -> None:
    """Click where the event's mark is drawn, as a mouse would."""
    spot = page.evaluate(
        """(wanted) => {
          const gd = document.querySelector('#theograph .js-plotly-plot');
          const box = gd.getBoundingClientRect();
          for (const trace of gd._fullData) {
            const ids = trace.customdata || [];
            const at = [...ids].findIndex((id) => (Array.isArray(id) ? id[0] : id) === wanted);
            if (at < 0) continue;
            const xa = gd._fullLayout[trace.xaxis.replace('x', 'xaxis')];
            const ya = gd._fullLayout[trace.yaxis.replace('y', 'yaxis')];
            const x = trace.type === 'bar' ? (xa.d2p(trace.base[at]) + 6) : xa.d2p(trace.x[at]);
            return {x: box.left + xa._offset + x, y: box.top + ya._offset + ya.d2p(trace.y[at])};
          }
          return null;
        }""",
        event_id,
    )
    assert spot is not None, f"{event_id} has no mark"
    page.mouse.move(spot["x"], spot["y"])
    page.mouse.click(spot["x"], spot["y"])


def visible_range(page: Page) -> list[str]:
    """The time in sight."""
    return page.evaluate(
        "() => document.querySelector('#theograph .js-plotly-plot')"
        "._fullLayout.xaxis.range.map(String)"
    )


def drag_across(page: Page, start: float, end: float) -> None:
    """Drag from one share of the picture's width to another."""
    box = page.locator("#theograph .nsewdrag").first.bounding_box()
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * start, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * end, y, steps=4)
    page.mouse.up()


def test_clicking_a_mark_fills_the_panel_and_selects_the_row(visit: Any) -> None:
    page = visit.open(HOME)
    click_mark(page, "ev-00100")
    detail = page.locator("#event-detail")
    expect(detail).to_contain_text("Emergency admission")
    expect(detail).to_contain_text("Mon 3 Jun 2024, 02:10 to Thu 20 Jun 2024, 11:00 (17 days)")
    expect(detail).to_contain_text("£5,123.00")
    expect(detail).to_contain_text("Recorded by the source")
    expect(detail).to_contain_text("extract.csv")
    expect(page.locator(".ag-center-cols-container .ag-row-selected")).to_contain_text(
        "Emergency admission"
    )
    expect(page).to_have_url(re.compile(r"[?&]e=\d+$"))


def test_selecting_a_row_rings_the_mark_and_shows_the_whole_arithmetic_of_its_tariff(
    visit: Any,
) -> None:
    page = visit.open(HOME)
    row_of(page, "Contact 0").click()
    expect(page.locator("#event-detail")).to_contain_text("Contact 0")
    page.wait_for_function(
        "() => document.querySelector('#theograph .js-plotly-plot')._fullData"
        ".filter((trace) => trace.name === 'selected').flatMap((trace) => [...trace.x])"
        ".length === 1"
    )
    for text in (
        "£40.00",
        "GP surgery consultation (PSSRU-GP)",
        "1 × contact",
        "2024/25",
        "PSSRU 2025",
    ):
        expect(page.locator("#event-detail")).to_contain_text(text)
    page.get_by_role("button", name="Clear", exact=True).click()
    expect(page.locator("#event-detail")).to_contain_text("Select an event")


def test_the_whole_view_is_in_the_address_and_comes_back_from_it(visit: Any) -> None:
    page = visit.open(HOME)
    visit.wait_for_redraw(lambda: page.get_by_text("By provider", exact=True).click())
    visit.wait_for_redraw(lambda: page.get_by_text("1 y", exact=True).click())
    visit.wait_for_redraw(lambda: page.get_by_label("Costs").uncheck())
    visit.wait_for_redraw(lambda: page.get_by_label("Text in events").fill("home care"))
    expect(page).to_have_url(re.compile("q=home"))
    expect(page.locator("#events-in-view")).to_have_text("1 of 45 in view")
    row_of(page, "Home care").click()
    expect(page).to_have_url(re.compile(r"[?&]e=\d+"))
    query = page.url.partition("?")[2]
    assert set(query.split("&")) >= {"range=1y", "by=provider", "costs=0", "q=home+care"}

    again = visit.open(page.url.removeprefix(visit.address))
    expect(again.get_by_label("By provider")).to_be_checked()
    expect(again.get_by_label("1 y")).to_be_checked()
    expect(again.get_by_label("Costs")).not_to_be_checked()
    expect(again.get_by_label("Text in events")).to_have_value("home care")
    expect(again.locator("#event-detail")).to_contain_text("Home care")
    expect(again.locator("#events-in-view")).to_have_text("1 of 45 in view")
    expect(again.locator(".ag-center-cols-container .ag-row-selected")).to_have_count(1)


def await_range(page: Any, days: list[str]) -> None:
    """Wait until the picture shows the time from and to the given days."""
    page.wait_for_function(
        "(days) => document.querySelector('#theograph .js-plotly-plot')"
        "._fullLayout.xaxis.range.every((end, at) => String(end).startsWith(days[at]))",
        arg=[day[:10] for day in days],
    )


def test_zoom_survives_every_change_filters_the_table_and_resets(visit: Any) -> None:
    page = visit.open(HOME)
    whole = visible_range(page)
    drag_across(page, 0.3, 0.5)
    expect(page).to_have_url(re.compile("from=2024-.*to=2024-"))
    expect(page.locator("#events-in-view")).not_to_have_text("All 45 in view")
    zoomed = visible_range(page)
    visit.wait_for_redraw(lambda: page.get_by_role("checkbox", name="Conditions").uncheck())
    await_range(page, zoomed)

    restored = visit.open(page.url.removeprefix(visit.address))
    await_range(restored, zoomed)
    visit.wait_for_redraw(lambda: restored.get_by_role("button", name="Reset zoom").click())
    await_range(restored, whole)
    expect(restored).not_to_have_url(re.compile("from="))


def test_the_wheel_leaves_the_zoom_alone_and_a_double_click_zooms_back_out(visit: Any) -> None:
    page = visit.open(HOME)
    whole = visible_range(page)
    box = page.locator("#theograph .nsewdrag").first.bounding_box()
    page.mouse.move(box["x"] + 200, box["y"] + 100)
    page.mouse.wheel(0, 400)
    page.wait_for_function("() => window.scrollY > 100")
    assert visible_range(page) == whole
    page.mouse.wheel(0, -4000)
    page.wait_for_function("() => window.scrollY === 0")
    drag_across(page, 0.3, 0.5)
    expect(page).to_have_url(re.compile("from="))
    box = page.locator("#theograph .nsewdrag").first.bounding_box()
    spot = (box["x"] + box["width"] * 0.9, box["y"] + 8)
    visit.wait_for_redraw(lambda: page.mouse.dblclick(*spot))
    expect(page).not_to_have_url(re.compile("from="))
    await_range(page, whole)


def test_days_from_an_event_count_from_the_selected_event(visit: Any) -> None:
    page = visit.open(f"{HOME}?q=emergency")
    row_of(page, "Emergency admission").click()
    expect(page.locator("#event-detail")).to_contain_text("Emergency admission")
    visit.wait_for_redraw(lambda: page.get_by_role("button", name="Day 0").click())
    expect(page).to_have_url(re.compile("axis=relative.*day0="))
    expect(page.get_by_label("Days from event")).to_be_checked()
    expect(page.locator("#theograph")).to_contain_text("Days from day 0: Emergency admission")
    drag_across(page, 0.4, 0.6)
    expect(page).to_have_url(re.compile(r"from=-?[\d.]+&to=-?[\d.]+"))
    days = [round(float(day)) for day in visible_range(page)]
    again = visit.open(page.url.removeprefix(visit.address))
    assert [round(float(day)) for day in visible_range(again)] == days


def test_hiding_everything_says_so_and_offers_the_way_back(visit: Any) -> None:
    page = visit.open(HOME)
    page.get_by_label("Text in events").fill("no such words")
    expect(page.locator("#nothing-in-view")).to_be_visible()
    page.get_by_role("button", name="Clear filters").click()
    expect(page.locator("#nothing-in-view")).to_be_hidden()
    expect(page.locator("#events-in-view")).to_have_text("All 45 in view")
    expect(page).to_have_url(visit.address + HOME)


def test_sectors_switch_lanes_off_and_on(visit: Any) -> None:
    page = visit.open(HOME)
    page.locator(".tg-sectors summary").click()
    visit.wait_for_redraw(lambda: page.get_by_label("General practice").uncheck())
    expect(page.locator("#sectors-count")).to_have_text("10 of 11")
    expect(page.locator("#events-in-view")).to_have_text("40 of 45 in view")
    assert "gp" not in page.url.partition("sectors=")[2].split("%2C")
    page.get_by_role("button", name="Show all").click()
    expect(page.locator("#sectors-count")).to_have_text("all")
    page.keyboard.press("Escape")
    expect(page.locator(".tg-popover")).to_be_hidden()


def test_markup_in_a_record_is_shown_as_text(visit: Any, invented: ModuleType) -> None:
    page = visit.open(f"{HOME}?q=onerror")
    row_of(page, "onerror").click()
    detail = page.locator("#event-detail")
    expect(detail.locator(".tg-event-kind")).to_have_text(invented.MARKUP)
    expect(detail.locator("img, b, a:not([href^='/method'])")).to_have_count(0)
    click_mark(page, "ev-00103")
    expect(page.locator("#theograph .hoverlayer")).to_contain_text("onerror")
    expect(page.locator("#theograph a, #theograph image[href*=example]")).to_have_count(0)
    assert page.title() != "1"


def test_the_browser_saves_the_picture_itself(visit: Any) -> None:
    page = visit.open(HOME)
    for form, begins in (("PNG", b"\x89PNG"), ("SVG", b"<svg")):
        asked = len(visit.requests)
        with page.expect_download() as saving:
            page.get_by_role("button", name=form).click()
        saved = saving.value
        assert saved.suggested_filename == f"theograph-winifred01.{form.lower()}"
        content = saved.path().read_bytes()
        assert content.startswith(begins)
        assert len(content) > 10_000
        asked_for = [request.url for request in visit.requests[asked:]]
        others = [url for url in asked_for if not url.startswith(("blob:", "data:"))]
        assert all(url.endswith(".woff2") for url in others), "the server does not draw"
    assert b"@font-face" in content, "without its font the labels run over their bars"


def test_the_table_asks_only_for_the_rows_it_shows_and_sorts(visit: Any) -> None:
    page = visit.open("/journey/many000003")
    expect(page.locator("#events-in-view")).to_have_text("All 600 in view")
    expect(row_of(page, "Visit 0")).to_be_visible()
    page.locator(".ag-header-cell[col-id=date]").click()
    page.locator(".ag-header-cell[col-id=date]").click()
    expect(page.locator(".ag-pinned-left-cols-container .ag-row[row-index='0']")).to_contain_text(
        "21 Nov 2023"
    )


def test_an_address_with_an_event_shows_it_in_the_table_with_the_rows_around_it(visit: Any) -> None:
    page = visit.open("/journey/many000003?e=100")
    rows = page.locator(".ag-center-cols-container")
    expect(rows.locator(".ag-row-selected")).to_contain_text("Visit 100")
    for number in (97, 98, 99, 101, 102, 103):
        expect(rows.locator(f".ag-row[row-index='{number}']")).to_contain_text(f"Visit {number}")


def test_printing_gives_one_landscape_page_and_leaves_the_picture_as_it_was(visit: Any) -> None:
    page = visit.open(HOME)
    before = page.locator("#theograph .main-svg").first.bounding_box()
    pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    box = re.search(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", pdf)
    assert float(box[1]) > float(box[2])
    page.wait_for_function(
        "width => document.querySelector('#theograph .main-svg').clientWidth === width",
        arg=round(before["width"]),
    )
    assert "from=" not in page.url
