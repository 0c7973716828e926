"""The whole view is in the address, and comes back from it."""

from __future__ import annotations

from types import ModuleType

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from theograph.app.address import (
    JourneyAddress,
    choose_view,
    find_event,
    find_ref,
    name_event,
    parse_address,
    write_address,
)
from theograph.record.sectors import SECTOR_KEYS

calendar_windows = st.tuples(
    st.datetimes(pd.Timestamp("1950-01-01"), pd.Timestamp("2000-01-01")),
    st.datetimes(pd.Timestamp("2000-01-02"), pd.Timestamp("2050-01-01")),
).map(lambda ends: tuple(end.isoformat(timespec="minutes") for end in ends))
day_windows = st.tuples(st.integers(-900, 0), st.integers(1, 900)).map(
    lambda days: (str(days[0]), str(days[1]))
)
rows = st.none() | st.integers(0, 10**9 - 1)


def some_sectors(keys: set[str]) -> tuple[str, ...] | None:
    """Sectors in their order; all of them are None."""
    chosen = tuple(key for key in SECTOR_KEYS if key in keys)
    return None if chosen == SECTOR_KEYS else chosen


@st.composite
def addresses(draw: st.DrawFn) -> JourneyAddress:
    """Any address that the controls can make."""
    axis = draw(st.sampled_from(["calendar", "relative"]))
    return JourneyAddress(
        ref=draw(st.text("abcdef0123456789", min_size=1, max_size=20)),
        range=draw(st.sampled_from(["6m", "1y", "3y", "all"])),
        by=draw(st.sampled_from(["sector", "provider"])),
        axis=axis,
        day_zero=draw(rows),
        sectors=draw(st.sets(st.sampled_from(SECTOR_KEYS)).map(some_sectors)),
        text=draw(st.text(max_size=100)),
        costs=draw(st.booleans()),
        conditions=draw(st.booleans()),
        window=draw(st.none() | (calendar_windows if axis == "calendar" else day_windows)),
        event=draw(rows),
        opportunities=draw(st.booleans()),
        opportunity=draw(rows),
        status=draw(st.sampled_from(["due", "all", "met", "not_assessable"])),
        theme=draw(st.sampled_from(["", "going home", "long-term conditions"])),
        severity=draw(st.sampled_from(["any", "high", "medium", "low"])),
        panel=draw(st.sampled_from([None, "opportunities", "event"])),
    )


@given(addresses())
def test_an_address_survives_the_round_trip(address: JourneyAddress) -> None:
    assert parse_address(write_address(address)) == address


def test_what_is_usual_leaves_no_trace() -> None:
    assert write_address(JourneyAddress("ab12")) == "/journey/ab12"


@pytest.mark.parametrize(
    "query",
    [
        "range=9y&by=colour&axis=sideways&day0=-1&e=x",
        "e=٣&day0=1e3",
        "from=2024-01-02&to=2024-01-01",
        "from=nan&to=inf&axis=relative",
        "from=1&to=2",
        "axis=calendar&from=2024-01-01T00:00Z&to=2024-02-01T00:00Z",
        "from=2024-99-01&to=2025-01-01",
        "from=2024-01-01",
        "o=-1&status=late&theme=%3Cb%3E&severity=dire&panel=both",
        "unknown=1&&&=",
    ],
)
def test_what_cannot_be_read_falls_back_to_what_is_usual(query: str) -> None:
    read = parse_address(f"/journey/ab12?{query}")
    assert (read.window, read.event, read.day_zero) == (None, None, None)
    assert (read.range, read.by) == ("all", "sector")
    assert (read.opportunity, read.status, read.theme) == (None, "due", "")
    assert (read.severity, read.panel) == ("any", None)


@given(st.text(max_size=200))
def test_no_address_breaks_the_parser(text: str) -> None:
    parse_address(f"/journey/ab12?{text}")
    parse_address(text)


@pytest.mark.parametrize(
    ("path", "ref"),
    [
        ("/journey/ab12", "ab12"),
        ("/journey/ab12/", "ab12"),
        ("/journey/", None),
        ("/journey/a/b", None),
        ("/", None),
        (None, None),
    ],
)
def test_the_reference_in_a_path(path: str | None, ref: str | None) -> None:
    assert find_ref(path) == ref


def test_no_sector_at_all_is_not_the_same_as_every_sector() -> None:
    assert parse_address("/journey/a?sectors=none").sectors == ()
    assert parse_address("/journey/a").sectors is None


def test_a_range_ends_with_the_last_day_of_the_data(invented: ModuleType) -> None:
    view = choose_view(parse_address("/journey/a?range=1y"), invented.make_winifred())
    assert (view.start, view.end) == (pd.Timestamp("2024-04-01"), pd.Timestamp("2025-04-01"))


def test_a_relative_window_counts_from_the_day_of_its_event(invented: ModuleType) -> None:
    journey = invented.make_winifred()
    row = find_event(journey, "ev-00100")
    address = parse_address(f"/journey/a?axis=relative&day0={row}&from=-1&to=2.5")
    view = choose_view(address, journey)
    assert view.anchor == "ev-00100"
    assert (view.start, view.end) == (pd.Timestamp("2024-06-02"), pd.Timestamp("2024-06-05 12:00"))


def test_an_event_is_named_by_its_row_and_only_when_there_is_one(invented: ModuleType) -> None:
    journey = invented.make_winifred()
    assert name_event(journey, 0) == journey.events["event_id"].iat[0]
    assert [name_event(journey, row) for row in (None, -1, 45, 10**8)] == [None] * 4
    assert find_event(journey, "no such event") is None


@pytest.mark.parametrize(
    ("query", "panel"),
    [
        ("", "opportunities"),
        ("e=1", "event"),
        ("o=1", "opportunities"),
        ("e=1&o=1", "opportunities"),
        ("e=1&o=1&panel=event", "event"),
        ("e=1&panel=opportunities", "opportunities"),
    ],
)
def test_the_panel_is_that_of_what_is_selected_unless_it_is_named(query: str, panel: str) -> None:
    assert parse_address(f"/journey/a?{query}").shown_panel == panel


def test_an_address_names_an_opportunity_by_its_row_only(invented: ModuleType) -> None:
    view = choose_view(parse_address("/journey/a?o=2&opportunities=0"), invented.make_winifred())
    assert (view.opportunity, view.show_opportunities) == (2, False)
