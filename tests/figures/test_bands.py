"""Conditions, frailty, feed coverage and the key lines around the lanes."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from theograph.figures import View, draw_theograph
from theograph.figures.conditions import MOST_ROWS, list_conditions, list_frailty_steps
from theograph.figures.coverage import find_gaps
from theograph.figures.opportunities import PITCH_PX
from theograph.journey import Journey

MakeJourney = Callable[..., Journey]
EVENT = {"start": "2022-04-05", "sector": "gp"}
T = pd.Timestamp


def read(journey: Journey, view: View | None = None) -> dict[str, Any]:
    figure: dict[str, Any] = json.loads(draw_theograph(journey, view).to_json())
    return figure


def trace_of(figure: dict[str, Any], name: str) -> dict[str, Any]:
    (trace,) = [trace for trace in figure["data"] if trace["name"] == name]
    return dict(trace)


def note_of(figure: dict[str, Any], text: str) -> dict[str, Any]:
    (note,) = [note for note in figure["layout"]["annotations"] if note["text"].startswith(text)]
    return dict(note)


def test_an_old_onset_is_pinned_to_the_left_edge(joan: Journey) -> None:
    figure = read(joan)
    note = note_of(figure, "Epilepsy")
    assert (note["xref"], note["x"], note["text"]) == ("paper", 0, "Epilepsy (since 1998)")
    bars = trace_of(figure, "conditions")
    assert bars["base"][0] == "1998-03-01"
    assert T(bars["base"][0]) + pd.Timedelta(milliseconds=bars["x"][0]) == T("2024-04-01")


def test_a_later_onset_is_named_where_it_begins(joan: Journey) -> None:
    assert note_of(read(joan), "Chronic kidney disease")["x"] == "2022-02-14"
    zoomed = read(joan, View(start=T("2023-01-01"), end=T("2023-06-01")))
    assert note_of(zoomed, "Chronic kidney disease")["xref"] == "paper"


def test_a_name_without_room_stands_before_its_bar(joan: Journey) -> None:
    assert note_of(read(joan), "Depression")["xanchor"] == "right"


def test_records_of_one_condition_are_one_bar(make_journey: MakeJourney) -> None:
    rows = [
        {"condition": "Asthma", "onset": "2015-05-01", "end": "2016-01-01"},
        {"condition": "ASTHMA", "onset": "2012-05-01"},
        {"condition": "Gout", "onset": "2010-01-01", "end": "2011-01-01"},
    ]
    first, second = list_conditions(make_journey([EVENT], conditions=rows))
    assert (first.name, first.end) == ("Gout", T("2011-01-01"))
    assert (second.onset, second.end) == (T("2012-05-01"), None)


def test_many_conditions_leave_room_for_the_lanes(make_journey: MakeJourney) -> None:
    rows = [{"condition": f"Condition {number:02}", "onset": "2015-05-01"} for number in range(30)]
    figure = read(make_journey([EVENT], conditions=rows))
    assert len(trace_of(figure, "conditions")["y"]) == MOST_ROWS
    assert "Condition 29" in note_of(figure, "and 22 more conditions")["hovertext"]


def test_frailty_rises_in_steps(joan: Journey) -> None:
    steps = trace_of(read(joan), "frailty")
    assert steps["base"] == ["2022-06-10", "2023-07-11", "2024-01-05"]
    assert steps["width"] == sorted(steps["width"])
    ends = [
        T(begin) + pd.Timedelta(milliseconds=length)
        for begin, length in zip(steps["base"], steps["x"], strict=True)
    ]
    assert ends == [T("2023-07-11"), T("2024-01-05"), T("2024-04-01")]


def test_equal_frailty_is_one_step(make_journey: MakeJourney) -> None:
    rows = [
        {"measured_at": f"202{year}-01-01", "measure": measure, "category": category}
        for year, measure, category in (
            (0, "eFI", "Mild"),
            (1, "cfs", "mild "),
            (2, "efi2", "severe"),
            (3, "hba1c", "high"),
        )
    ]
    steps = list_frailty_steps(make_journey([EVENT], measures=rows))
    assert [step.category for step in steps] == ["mild", "severe"]


def test_conditions_can_be_hidden(joan: Journey) -> None:
    names = {trace["name"] for trace in read(joan, View(show_conditions=False))["data"]}
    assert not names & {"conditions", "frailty"}


@pytest.mark.parametrize(
    ("spans", "gaps"),
    [
        ([], [(0, 10)]),
        ([(0, 10)], []),
        ([(-5, 20)], []),
        ([(2, 4)], [(0, 2), (4, 10)]),
        ([(6, 12), (0, 3), (2, 5)], [(5, 6)]),
        ([(12, 20)], [(0, 10)]),
    ],
)
def test_gaps(spans: list[tuple[int, int]], gaps: list[tuple[int, int]]) -> None:
    def days(pairs: list[tuple[int, int]]) -> list[tuple[pd.Timestamp, pd.Timestamp]]:
        day = pd.Timedelta(days=1)
        return [(T("2024-01-01") + a * day, T("2024-01-01") + b * day) for a, b in pairs]

    found = find_gaps(days(spans), first=T("2024-01-01"), last=T("2024-01-11"))
    assert [gap for gap in found if gap[1] > gap[0]] == days(gaps)


def test_no_data_is_hatched(make_journey: MakeJourney) -> None:
    feeds = [{"provider": "Surgery", "sector": "gp", "start": "2022-06-01", "end": "2024-03-31"}]
    hatch = trace_of(read(make_journey([EVENT], feeds=feeds)), "no data")
    gp = [place for place, text in enumerate(hatch["hovertext"]) if "General practice" in text]
    assert [hatch["base"][place] for place in gp] == ["2022-04-01"]
    assert hatch["x"][gp[0]] == 61 * 86_400_000
    assert "1 Apr 2022 – 31 May 2022" in hatch["hovertext"][gp[0]]
    assert hatch["marker"]["pattern"]["shape"] == "/"


def test_a_sector_without_an_extract_is_hatched_throughout(make_journey: MakeJourney) -> None:
    figure = read(make_journey([EVENT]))
    hatch = trace_of(figure, "no data")
    assert len(hatch["y"]) == 10
    texts = [note["text"] for note in figure["layout"]["annotations"]]
    assert texts.count("no extract loaded") == 10


def test_events_without_a_feed_on_record_are_not_hatched(make_journey: MakeJourney) -> None:
    hatch = trace_of(read(make_journey([EVENT])), "no data")
    assert not any("General practice" in text for text in hatch["hovertext"])


def test_each_provider_has_its_own_coverage(make_journey: MakeJourney) -> None:
    rows = [EVENT | {"provider": "A"}, EVENT | {"provider": "B"}]
    feeds = [
        {"provider": "A", "sector": "gp", "start": "2022-04-01", "end": "2024-03-31"},
        {"provider": "B", "sector": "gp", "start": "2023-04-01", "end": "2024-03-31"},
    ]
    hatch = trace_of(read(make_journey(rows, feeds=feeds), View(by="provider")), "no data")
    named = [text for text in hatch["hovertext"] if "No extract" not in text]
    assert len(named) == 1
    assert named[0].startswith("<b>B: no data")


def test_the_opportunities_row_grows_with_its_pins(joan: Journey) -> None:
    def height(journey: Journey, **shown: Any) -> float:
        figure = read(journey, View(show_costs=False, **shown))
        return float(figure["layout"]["height"])

    assert note_of(read(joan), "Missed opportunities")["y"] > 0
    without = height(joan, show_opportunities=False)
    assert height(joan, opportunities=()) - without == 24, "it keeps its place when empty"
    assert height(joan) - without > 24 + PITCH_PX, "two on one day stand in two rows"


def test_the_cost_strip_gives_way_so_that_the_picture_fits_the_screen(joan: Journey) -> None:
    def strip(view: View) -> float:
        layout = read(joan, view)["layout"]
        share = layout["yaxis2"]["domain"][1]
        return share * (layout["height"] - layout["margin"]["t"] - layout["margin"]["b"])

    assert strip(View(sectors=("gp",))) == pytest.approx(120, abs=1)
    assert 72 <= strip(View(by="provider")) < 120


def test_the_end_of_the_data_is_marked(joan: Journey) -> None:
    figure = read(joan)
    assert note_of(figure, "Data to")["text"] == "Data to 31 Mar 2024"
    uprights = [shape["x0"] for shape in figure["layout"]["shapes"] if shape["type"] == "line"]
    assert "2024-04-01" in uprights
    assert {"2022-04-01", "2023-04-01"} <= set(uprights)
