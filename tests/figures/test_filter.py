"""What a view shows, and how long each event is drawn."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from theograph.figures import View, events_in_view, overlapping
from theograph.figures.filter import drawn_spans
from theograph.journey import Journey

AS_OF = pd.Timestamp("2024-03-31")
MakeJourney = Callable[..., Journey]


@pytest.mark.parametrize(
    ("event", "finish", "bar"),
    [
        ({"start": "2024-01-01T10:00"}, None, False),
        ({"start": "2024-01-01"}, None, False),
        ({"start": "2024-01-01", "end": "2024-01-01"}, None, False),
        ({"start": "2024-01-01", "end": "2024-01-02"}, "2024-01-03", True),
        ({"start": "2024-01-01T10:00", "end": "2024-01-01T10:00"}, None, False),
        ({"start": "2024-01-01T10:00", "end": "2024-01-01T14:00"}, "2024-01-01T14:00", False),
        ({"start": "2024-01-01T10:00", "end": "2024-01-02T10:00"}, "2024-01-02T10:00", True),
        ({"start": "2024-02-01", "ongoing": True}, "2024-04-01", True),
        ({"start": "2024-03-31T22:00", "ongoing": True}, "2024-04-01", False),
        ({"start": "2024-06-01", "ongoing": True}, None, False),
        (
            {"start": "2024-01-01T22:00", "end": "2024-01-02T06:00", "sector": "hospital"},
            "2024-01-02T06:00",
            True,
        ),
        (
            {"start": "2024-01-01T22:00", "end": "2024-01-02T06:00", "sector": "ed"},
            "2024-01-02T06:00",
            False,
        ),
    ],
)
def test_drawn_spans(
    make_journey: MakeJourney, event: dict[str, object], finish: str | None, bar: bool
) -> None:
    journey = make_journey([{"sector": "gp", **event}])
    span = drawn_spans(journey.events, as_of=AS_OF).iloc[0]
    assert span["bar"] == bar
    assert (span["finish"] is pd.NaT) if finish is None else span["finish"] == pd.Timestamp(finish)


def test_a_spell_that_spans_the_window_counts(make_journey: MakeJourney) -> None:
    """ATLAS drops an event that began before the window and ended after it."""
    journey = make_journey([{"start": "2023-01-01", "end": "2023-12-31", "sector": "social_care"}])
    window = pd.Timestamp("2023-06-01"), pd.Timestamp("2023-06-02")
    assert len(overlapping(journey.events, *window, as_of=AS_OF)) == 1


def test_an_ongoing_spell_counts_to_the_end(make_journey: MakeJourney) -> None:
    journey = make_journey([{"start": "2023-01-01", "ongoing": True, "sector": "social_care"}])
    last_day = pd.Timestamp("2024-03-31"), pd.Timestamp("2024-04-01")
    assert len(overlapping(journey.events, *last_day, as_of=AS_OF)) == 1
    assert overlapping(journey.events, last_day[1], None, as_of=AS_OF).empty


@pytest.mark.parametrize(
    ("event", "counts"),
    [
        ({"start": "2024-01-02T00:00"}, True),
        ({"start": "2024-01-02"}, True),
        ({"start": "2024-01-01"}, False),
        ({"start": "2024-01-03T00:00"}, False),
        ({"start": "2024-01-01T10:00", "end": "2024-01-02T00:00"}, False),
        ({"start": "2024-01-01T10:00", "end": "2024-01-02T00:01"}, True),
        ({"start": "2024-01-01", "end": "2024-01-02"}, True),
    ],
)
def test_the_window_is_half_open(
    make_journey: MakeJourney, event: dict[str, object], counts: bool
) -> None:
    journey = make_journey([{"sector": "gp", **event}])
    window = pd.Timestamp("2024-01-02"), pd.Timestamp("2024-01-03")
    assert (len(overlapping(journey.events, *window, as_of=AS_OF)) == 1) is counts


def test_a_date_fills_its_day(make_journey: MakeJourney) -> None:
    journey = make_journey([{"start": "2024-01-02", "sector": "gp"}])
    noon = pd.Timestamp("2024-01-02T12:00"), pd.Timestamp("2024-01-02T13:00")
    assert len(overlapping(journey.events, *noon, as_of=AS_OF)) == 1


def test_no_window_keeps_all(joan: Journey) -> None:
    assert len(overlapping(joan.events, None, None, as_of=joan.as_of)) == len(joan.events)


def test_the_window_of_the_view_filters_nothing(joan: Journey) -> None:
    view = View(start=pd.Timestamp("2023-01-01"), end=pd.Timestamp("2023-01-02"))
    assert len(events_in_view(joan, view)) == len(joan.events)


def test_sectors(joan: Journey) -> None:
    shown = events_in_view(joan, View(sectors=("ed", "gp")))
    assert set(shown["sector"]) == {"ed", "gp"}
    assert events_in_view(joan, View(sectors=())).empty


@pytest.mark.parametrize("column", ["kind", "description", "provider", "team", "outcome", "code"])
def test_the_text_is_found_in(make_journey: MakeJourney, column: str) -> None:
    rows = [
        {"start": "2024-01-01", "sector": "gp", column: "Chest (PAIN) 50%"},
        {"start": "2024-01-02", "sector": "gp"},
    ]
    journey = make_journey(rows)
    assert list(events_in_view(journey, View(text=" (pain) 50% "))["event_id"]) == ["e1"]
    assert events_in_view(journey, View(text=".*")).empty


def test_the_frame_is_left_alone(joan: Journey) -> None:
    before = joan.events.copy()
    events_in_view(joan, View(text="nurse"))
    drawn_spans(joan.events, as_of=joan.as_of)
    pd.testing.assert_frame_equal(joan.events, before)
