"""People with very many events: fewer marks, no event lost."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from theograph.figures import View, draw_theograph
from theograph.figures.aggregate import MOST_GROUPS, MOST_SINGLE_EVENTS
from theograph.journey import Journey, assemble_journey
from theograph.record.sectors import SECTOR_KEYS

ReadMarks = Callable[[go.Figure], list[dict[str, Any]]]


def count_events(marks: list[dict[str, Any]]) -> int:
    """The events the marks say they stand for."""
    counts = [re.match(r"<b>([\d,]+) (contact|spell)s?</b><br>", mark["hover"]) for mark in marks]
    return sum(int(found[1].replace(",", "")) if found else 1 for found in counts)


def crowd(make_journey: Callable[..., Journey], *, events: int, years: int) -> Journey:
    """`events` contacts and spells over `years`, drawn with a fixed seed."""
    empty = make_journey([])
    random = np.random.default_rng(7)
    minutes = np.sort(random.integers(0, years * 525_600, events))
    start = pd.Timestamp("2024-03-01") - pd.to_timedelta(minutes, unit="min")
    spell = random.random(events) < 0.05
    frame = pd.DataFrame({"start": start, "sector": random.choice(SECTOR_KEYS, events)})
    frame["end"] = frame["start"].where(spell) + pd.Timedelta(days=3)
    frame["event_id"] = [f"e{number}" for number in range(events)]
    frame = frame.assign(kind="Contact", has_time=True, ongoing=False, cost_basis="tariff")
    frame["cost_pence"] = pd.array([4_300] * events, dtype="Int64")
    frame = frame.reindex(columns=empty.events.columns).astype(empty.events.dtypes)
    return assemble_journey(
        {"person_ref": "p-crowd", "person_id": "C"},
        events=frame,
        conditions=empty.conditions,
        measures=empty.measures,
        feeds=empty.feeds,
        as_of=empty.as_of,
        snapshot="test",
    )


@pytest.fixture(scope="module")
def busy(request: pytest.FixtureRequest) -> Journey:
    """Ten thousand events over ten years."""
    from importlib.util import module_from_spec, spec_from_file_location

    spec = spec_from_file_location("journeys", request.path.with_name("conftest.py"))
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return crowd(module.build_journey, events=10_000, years=10)


def test_few_events_are_all_single(
    make_journey: Callable[..., Journey], marks_of: ReadMarks
) -> None:
    journey = crowd(make_journey, events=MOST_SINGLE_EVENTS, years=5)
    marks = marks_of(draw_theograph(journey))
    assert len(marks) == MOST_SINGLE_EVENTS
    assert {mark["kind"] for mark in marks} == {"point", "bar"}


def test_every_event_is_counted_once(busy: Journey, marks_of: ReadMarks) -> None:
    marks = marks_of(draw_theograph(busy))
    assert len(marks) <= MOST_GROUPS
    assert count_events(marks) == len(busy.events)
    assert len({mark["event_id"] for mark in marks}) == len(marks)


def test_counts_agree_with_the_rows_lane_by_lane(busy: Journey, marks_of: ReadMarks) -> None:
    for sector in ("gp", "voluntary"):
        marks = marks_of(draw_theograph(busy, View(sectors=(sector, "ed"))))
        expected = busy.events["sector"].isin([sector, "ed"]).sum()
        assert count_events(marks) == expected


def test_zooming_in_brings_single_events_back(busy: Journey, marks_of: ReadMarks) -> None:
    view = View(start=pd.Timestamp("2020-01-01"), end=pd.Timestamp("2020-07-01"))
    marks = marks_of(draw_theograph(busy, view))
    inside = busy.events["start"].between(view.start, view.end, inclusive="left")
    single = {mark["event_id"] for mark in marks if "Zoom in" not in mark["hover"]}
    assert set(busy.events.loc[inside, "event_id"]) <= single
    assert count_events(marks) == len(busy.events)


def test_columns_rise_with_their_counts(busy: Journey) -> None:
    traces = json.loads(draw_theograph(busy).to_json())["data"]
    (columns,) = [trace for trace in traces if trace["name"] == "counted contacts"]
    counts = [int(text.split(">")[1].split()[0]) for text in columns["hovertext"]]
    order = np.argsort(counts)
    assert (np.diff(np.array(columns["width"])[order]) >= 0).all()


def test_a_counted_event_can_be_selected(busy: Journey) -> None:
    event = busy.events.iloc[5_000]
    figure = draw_theograph(busy, View(selected=event["event_id"]))
    ring = json.loads(figure.to_json())["data"][-1]
    assert [pd.Timestamp(at) for at in ring["x"]] == [event["start"]]


def test_100000_events_weigh_at_most_2_mb(make_journey: Callable[..., Journey]) -> None:
    journey = crowd(make_journey, events=100_000, years=40)
    assert len(draw_theograph(journey).to_json()) <= 2_000_000
