"""A cost spread over months adds up to itself."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from theograph.costing import spread_cost_by_month

AS_OF = pd.Timestamp("2024-04-30")


def frame(rows: list[dict[str, object]]) -> pd.DataFrame:
    events = pd.DataFrame(
        [
            {
                "event_id": f"e{number}",
                "person_ref": "p1",
                "sector": "hospital",
                "provider": "Fellbeck Hospital",
                "spell_id": None,
                "cost_basis": "tariff",
                "end": None,
                "ongoing": False,
                **row,
            }
            for number, row in enumerate(rows)
        ],
    )
    return events.astype(
        {"start": "datetime64[us]", "end": "datetime64[us]", "cost_pence": "Int64"}
    )


CASES = [
    ("a contact falls in its month", {"start": "2024-01-31T23:59"}, [("2024-01-01", 100)]),
    (
        "two days over a month end are halves",
        {"start": "2024-01-31", "end": "2024-02-01"},
        [("2024-01-01", 50), ("2024-02-01", 50)],
    ),
    (
        "a leap February has its 29 days",
        {"start": "2024-02-01", "end": "2024-03-31", "cost_pence": 60},
        [("2024-02-01", 29), ("2024-03-01", 31)],
    ),
    (
        "an ongoing spell runs to the as-of date",
        {"start": "2024-03-31", "ongoing": True, "cost_pence": 31},
        [("2024-03-01", 1), ("2024-04-01", 30)],
    ),
    (
        "one that begins after the as-of date stays in its month",
        {"start": "2024-05-02", "ongoing": True},
        [("2024-05-01", 100)],
    ),
    ("an event without cost has no row", {"start": "2024-01-31", "cost_pence": None}, []),
]


@pytest.mark.parametrize(("name", "row", "parts"), CASES, ids=[case[0] for case in CASES])
def test_spread(name: str, row: dict[str, object], parts: list[tuple[str, int]]) -> None:
    spread = spread_cost_by_month(frame([{"cost_pence": 100, **row}]), as_of=AS_OF)
    found = zip(spread["month"], spread["cost_pence"], strict=True)
    assert [(month.strftime("%Y-%m-%d"), pence) for month, pence in found] == parts


def test_columns_and_financial_years() -> None:
    spread = spread_cost_by_month(
        frame([{"cost_pence": 100, "start": "2024-03-31", "end": "2024-04-01"}]), as_of=AS_OF
    )
    assert list(spread.columns) == [
        "month",
        "financial_year",
        "sector",
        "provider",
        "event_id",
        "cost_pence",
    ]
    assert list(spread["financial_year"]) == ["2023/24", "2024/25"]
    assert spread["month"].dtype.kind == "M"
    assert spread["cost_pence"].dtype == "Int64"


def test_no_events_give_no_rows() -> None:
    events = frame([{"cost_pence": 1, "start": "2024-01-01"}]).iloc[:0]
    assert spread_cost_by_month(events, as_of=AS_OF).empty


def test_the_row_that_carries_a_spell_is_spread_over_all_its_episodes() -> None:
    rows = [
        {"spell_id": "s", "cost_pence": 61, "start": "2024-03-01", "end": "2024-03-02"},
        {
            "spell_id": "s",
            "cost_pence": 0,
            "start": "2024-03-02",
            "end": "2024-04-30",
            "cost_basis": "part_of_spell",
        },
    ]
    spread = spread_cost_by_month(frame(rows), as_of=AS_OF)
    carried = spread.loc[spread["event_id"] == "e0"]
    assert list(carried["cost_pence"]) == [31, 30]


def test_spells_of_two_providers_with_one_number_are_spread_apart() -> None:
    spell = {"spell_id": "s", "cost_pence": 60}
    rows = [
        {**spell, "provider": "North", "start": "2024-01-01", "end": "2024-01-02"},
        {**spell, "provider": "South", "start": "2024-06-01", "end": "2024-06-10"},
        {**spell, "provider": "South", "start": "2024-06-11", "end": "2024-07-20"}
        | {"cost_pence": 0, "cost_basis": "part_of_spell"},
    ]
    spread = spread_cost_by_month(frame(rows), as_of=AS_OF)
    spread = spread.loc[spread["cost_pence"] > 0]
    assert list(spread["month"].dt.month) == [1, 6, 7]
    assert list(spread["cost_pence"]) == [60, 36, 24]


DAYS = st.datetimes(min_value=pd.Timestamp("1990-01-01"), max_value=pd.Timestamp("2030-01-01"))


@settings(max_examples=60, deadline=None)
@given(
    events=st.lists(
        st.tuples(DAYS, st.one_of(st.none(), DAYS), st.integers(-10_000, 10**9), st.booleans()),
        min_size=1,
        max_size=8,
    )
)
def test_parts_add_up_to_the_cost_exactly(
    events: list[tuple[pd.Timestamp, pd.Timestamp | None, int, bool]],
) -> None:
    table = frame(
        [
            {"start": start, "end": end, "cost_pence": pence, "ongoing": ongoing}
            for start, end, pence, ongoing in events
        ]
    )
    untouched = table.copy(deep=True)
    spread = spread_cost_by_month(table, as_of=AS_OF)
    sums = spread.groupby("event_id")["cost_pence"].sum()
    assert {f"e{number}": event[2] for number, event in enumerate(events)} == sums.to_dict()
    pd.testing.assert_frame_equal(table, untouched)
