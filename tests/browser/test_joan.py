"""Joan's page, walked through as in a weekly multidisciplinary meeting."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from theograph.app import create_app
from theograph.bundled import find_bundled
from theograph.importing import ImportOptions, import_extracts
from theograph.progress import say_nothing
from theograph.serving import open_services
from theograph.store import Store

pytestmark = pytest.mark.browser


@pytest.fixture(scope="session")
def joan_address(tmp_path_factory: pytest.TempPathFactory, serving: Any) -> Iterator[str]:
    """The app over Joan's nine extracts, imported once."""
    store = Store(Path(tmp_path_factory.mktemp("joan")) / "store")
    import_extracts(
        [find_bundled("sample_data") / "joan"],
        store,
        options=ImportOptions(),
        now=datetime(2025, 4, 1),
        progress=say_nothing,
    )
    with serving(create_app(open_services(store), synthetic=True)) as address:
        yield address


@pytest.fixture
def meeting(window: BrowserContext, joan_address: str, visiting: Any) -> Iterator[Any]:
    """A page on Joan's store."""
    yield from visiting(window, joan_address)


def test_an_mdt_clinician_reads_joans_story_in_ten_minutes(meeting: Any) -> None:
    page = meeting.open("/")
    page.get_by_label("Name or identifier").fill("joan")
    page.get_by_role("link", name=re.compile("Joan Whitfield")).click()
    expect(page.locator("#page-title")).to_have_text("Joan Whitfield")
    meeting.wait_for_picture()
    assert re.fullmatch(r"/journey/p[0-9a-f]+", page.url.removeprefix(meeting.address))

    # Who is she, and what has happened to her?
    expect(page.locator(".tg-facts")).to_contain_text("78 · Female · Deprivation decile 4")
    for words in ("Epilepsy", "COPD", "Frailty: moderate → severe", "12 medicines"):
        expect(page.locator(".tg-chips")).to_contain_text(words)
    for words in ("5emergency admissions", "88nights in hospital", "2still open"):
        expect(page.locator(".tg-tiles")).to_contain_text(words)
    expect(page.locator(".tg-sources")).to_contain_text("2 appointments not attended")
    expect(page.get_by_text("Synthetic data")).to_be_visible()
    for lane in ("Hospital stay", "A&E", "General practice", "Social care", "Voluntary and home"):
        expect(page.locator("#theograph")).to_contain_text(lane)
    assert page.evaluate(
        "() => document.querySelector('#theograph').getBoundingClientRect().bottom"
        " <= window.innerHeight"
    ), "the whole picture is on the first screen"

    # What can still be done, and by when?
    first = page.locator(".tg-opportunity").first
    expect(first).to_contain_text("Low mood raised")
    expect(first).to_contain_text("Act by 11 Apr 2025, 11 days after the data ends")
    expect(page.locator("#theograph")).to_contain_text("act by 11 Apr")

    # What was the worst of it, who paid what, and can we trust the figure?
    page.get_by_label("Text in events").fill("hip")
    stay = page.locator(".ag-center-cols-container .ag-row:has-text('Emergency admission')")
    stay.first.click()
    detail = page.locator("#event-detail")
    expect(detail).to_contain_text("Emergency admission")
    expect(detail).to_contain_text("(42 days)")
    expect(detail).to_contain_text("sus_apc.csv")
    expect(detail).to_contain_text("£")

    # What came before and after it?
    page.get_by_label("Text in events").fill("")
    expect(page.locator("#events-in-view")).to_have_text("All 225 in view")
    meeting.wait_for_redraw(lambda: page.get_by_role("button", name="Day 0").click())
    expect(page.locator("#theograph")).to_contain_text("Days from day 0: Emergency admission")
    meeting.wait_for_redraw(lambda: page.get_by_text("Calendar", exact=True).click())
    meeting.wait_for_redraw(lambda: page.get_by_text("1 y", exact=True).click())
    expect(page.locator("#events-in-view")).to_have_text(re.compile(r"^\d+ of 225 in view$"))

    # Hand the very same view to a colleague.
    same = meeting.open(page.url.removeprefix(meeting.address))
    expect(same.get_by_role("radio", name="1 y")).to_be_checked()
    expect(same.locator("#event-detail")).to_contain_text("(42 days)")
    assert meeting.find_axe_violations() == []
    with same.expect_download() as saving:
        same.get_by_role("button", name="PNG").click()
    assert "Joan" not in saving.value.suggested_filename


def test_every_mark_of_joans_picture_opens_its_event(meeting: Any) -> None:
    page = meeting.open("/")
    page.get_by_role("link", name=re.compile("Joan Whitfield")).click()
    meeting.wait_for_picture()
    marks = page.evaluate(
        "() => document.querySelector('#theograph .js-plotly-plot')._fullData"
        ".flatMap((trace) => [...(trace.customdata || [])]).filter((id) => id !== null)"
    )
    assert len(marks) == len({str(mark) for mark in marks}) == 225
