"""Panel and table: what they say of an event."""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType

import pandas as pd
import pytest

from theograph.app.address import JourneyAddress
from theograph.app.components.event_panel import (
    describe_length,
    describe_when,
    list_bases,
    list_cost,
)
from theograph.app.components.event_table import COLUMNS, find_place, list_rows, sort_events
from theograph.app.components.person_header import describe_frailty, describe_medicines
from theograph.app.components.tiles import describe_cost_split
from theograph.app.pages.journey import draw_change, draw_picture, find_clicked_event
from theograph.figures import SELECTION_TRACES
from theograph.figures.aggregate import MOST_SINGLE_EVENTS


@pytest.fixture(scope="module")
def events(invented: ModuleType) -> pd.DataFrame:
    """Winifred's events."""
    return invented.make_winifred().events


def event_called(events: pd.DataFrame, event_id: str) -> pd.Series:
    """One event."""
    return events[events["event_id"] == event_id].iloc[0]


@pytest.mark.parametrize(
    ("event_id", "expected"),
    [
        ("ev-00100", "Mon 3 Jun 2024, 02:10 to Thu 20 Jun 2024, 11:00 (17 days)"),
        ("ev-00101", "Since Mon 2 Sep 2024, ongoing"),
        ("ev-00102", "Tue 5 Nov 2024, 09:00"),
        ("ev-00104", "Mon 20 Jan 2025"),
    ],
)
def test_when_an_event_was(events: pd.DataFrame, event_id: str, expected: str) -> None:
    assert describe_when(event_called(events, event_id)) == expected


@pytest.mark.parametrize(
    ("length", "expected"),
    [("30min", "30 minutes"), ("119min", "119 minutes"), ("3h", "3 hours"), ("49h", "2 days")],
)
def test_how_long_it_lasted(length: str, expected: str) -> None:
    assert describe_length(pd.Timedelta(length)) == expected


@pytest.mark.parametrize(
    ("event_id", "cost", "basis"),
    [
        ("ev-00100", "£5,123.00", "Recorded by the source"),
        ("ev-00102", "£0.00", "No activity, so no cost"),
        ("ev-00104", "Not costed", "Not costed: no unit-cost line fits"),
    ],
)
def test_the_cost_names_its_basis(
    events: pd.DataFrame, event_id: str, cost: str, basis: str
) -> None:
    assert list_cost(event_called(events, event_id), None) == [("Cost", cost), ("Basis", basis)]


def test_a_cost_in_other_money_is_shown_as_recorded_and_not_counted(events: pd.DataFrame) -> None:
    event = event_called(events, "ev-00104").copy()
    event["cost_basis"], event["recorded_cost_pence"], event["currency"] = (
        "other_currency",
        123_450,
        "USD",
    )
    assert list_cost(event, None) == [
        ("Cost", "Not costed"),
        ("Basis", "Recorded in other money than pounds: left out of totals"),
        ("Recorded", "USD 1,234.50"),
    ]


def test_what_costs_other_money_is_counted_apart(invented: ModuleType) -> None:
    summary = invented.make_winifred().summary
    split = summary.cost_by_basis | {"other_currency": {"events": 2, "pence": 0}}
    said = describe_cost_split(replace(summary, cost_by_basis=split))
    assert said.endswith("1 event not costed, 2 in other money left out")


def test_a_tariff_line_that_is_gone_is_still_named(events: pd.DataFrame) -> None:
    facts = dict(list_cost(event_called(events, "ev-00000"), None))
    assert facts["Line"] == "PSSRU-GP"
    assert facts["Price year"] == "2024/25"


def test_the_bases_add_up_to_every_event(invented: ModuleType) -> None:
    journey = invented.make_winifred()
    counted = sum(int(text.split(" ")[0]) for _, text in list_bases(journey.summary))
    assert counted == len(journey.events)


def test_rows_hold_text_as_text_and_every_event_once(
    events: pd.DataFrame, invented: ModuleType
) -> None:
    rows = list_rows(events, first=0, last=1000, sort=[])
    assert [row["e"] for row in rows] == [str(row) for row in range(len(events))]
    assert set(rows[0]) == {"e", *(field for field, *_ in COLUMNS)}
    marked = next(row for row in rows if row["kind"] == invented.MARKUP)
    assert marked["source"] == f"{invented.MARKUP}.csv:105"


def test_rows_come_in_blocks_in_the_order_asked_for(events: pd.DataFrame) -> None:
    sort = [{"colId": "cost", "sort": "desc"}]
    costs = sort_events(events, sort)["cost_pence"]
    assert costs.iloc[0] == 512_300
    assert pd.isna(costs.iloc[-1])
    assert list_rows(events, first=0, last=1, sort=sort)[0]["kind"] == "Emergency admission"
    assert sort_events(events, [{"colId": "sector", "sort": "asc"}])["sector"].iloc[0] == "hospital"
    assert sort_events(events, [{"colId": "not a column", "sort": "asc"}]) is events


def test_where_the_table_scrolls_to(events: pd.DataFrame) -> None:
    shown = events.iloc[10:20]
    assert find_place(shown, 12) == {"rowIndex": 2, "rowPosition": "middle"}
    assert find_place(shown, 3) is None
    assert find_place(shown, None) is None


def test_frailty_and_medicines_say_the_latest(invented: ModuleType) -> None:
    measures = invented.make_winifred().measures
    assert describe_frailty(measures) == "Frailty: moderate → severe"
    assert describe_frailty(measures.iloc[:0]) == ""
    assert describe_medicines(measures) == "12 medicines"
    assert describe_medicines(measures.iloc[:0]) == ""


@pytest.mark.parametrize(
    "click",
    [None, {}, {"points": [{}]}, {"points": [{"customdata": None}]}, {"points": []}],
)
def test_a_click_on_no_event_selects_none(invented: ModuleType, click: object) -> None:
    assert find_clicked_event(invented.make_winifred(), click) is None


def test_a_click_on_a_mark_finds_its_row(invented: ModuleType) -> None:
    journey = invented.make_winifred()
    for data in ("ev-00100", ["ev-00100", 1]):
        row = find_clicked_event(journey, {"points": [{"customdata": data}]})
        assert journey.events["kind"].iat[row] == "Emergency admission"


@pytest.mark.parametrize(("count", "grouped"), [(600, False), (MOST_SINGLE_EVENTS + 1, True)])
def test_a_picture_of_groups_asks_to_be_drawn_again_when_zoomed(
    invented: ModuleType, count: int, grouped: bool
) -> None:
    figure = draw_picture(invented.make_many(count), JourneyAddress(invented.MANY))
    assert figure.layout.meta == {"grouped": grouped}


@pytest.mark.parametrize("selected", [{"event": 3}, {"opportunity": 1}, {}])
def test_selecting_changes_the_last_traces_and_what_is_laid_over_them(
    invented: ModuleType, selected: dict[str, int]
) -> None:
    journey = invented.make_winifred()
    address = JourneyAddress(invented.WINIFRED, **selected)
    count = len(draw_picture(journey, address).data)
    changed = [
        step["location"] for step in draw_change(journey, address).to_plotly_json()["operations"]
    ]
    last = [["data", place] for place in range(count - SELECTION_TRACES, count)]
    assert changed == [*last, ["layout", "shapes"], ["layout", "annotations"]]
