"""The picture holds every event once, where and when it was, and no peer's defect."""

from __future__ import annotations

import html
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest

from theograph.figures import View, draw_theograph, theme
from theograph.figures.wording import literal
from theograph.journey import Journey
from theograph.record.sectors import SECTOR_KEYS, SECTOR_LABELS

MakeJourney = Callable[..., Journey]
ReadMarks = Callable[[go.Figure], list[dict[str, Any]]]

PAYLOADS = (
    '<a href="https://example.org/leak">click</a>',
    "<img src=x onerror=alert(1)>",
    "<b>bold</b>",
    "%{x} %{customdata}",
    "&lt;already&gt; & more",
    "line\nbreak\x00\u202eright to left",
)


def layout_of(figure: go.Figure) -> dict[str, Any]:
    layout: dict[str, Any] = json.loads(figure.to_json())["layout"]
    return layout


def lane_labels(figure: go.Figure) -> list[str]:
    notes = [note for note in layout_of(figure)["annotations"] if note.get("xref") == "paper"]
    texts = [html.unescape(note["text"]).replace("<br>", " ") for note in notes if note["x"] == 0]
    return [text for text in texts if text in set(SECTOR_LABELS.values())]


def expected_mark(event: dict[str, Any], data_end: pd.Timestamp) -> tuple[str, str, float]:
    """What the design says an event looks like, worked out one row at a time."""
    day = pd.Timedelta(days=1)
    start, end = event["start"], event["end"]
    if event["ongoing"]:
        end = data_end
    elif pd.notna(end) and not event["has_time"]:
        end = end.normalize() + day if end.normalize() > start.normalize() else pd.NaT
    if pd.isna(end) or end <= start:
        return ("point", start.isoformat(), 0)
    overnight = event["sector"] == "hospital" and end.normalize() > start.normalize()
    if end - start >= day or overnight:
        return ("bar", start.isoformat(), round((end - start) / day, 4))
    return ("point", start.isoformat(), 0)


@pytest.mark.parametrize(
    "view",
    [
        View(),
        View(by="provider"),
        View(show_costs=False, show_conditions=False, show_opportunities=False),
        View(start=pd.Timestamp("2023-01-01"), end=pd.Timestamp("2023-02-01")),
    ],
)
def test_every_event_is_one_mark(joan: Journey, marks_of: ReadMarks, view: View) -> None:
    data_end = joan.as_of + pd.Timedelta(days=1)
    expected = {
        event["event_id"]: expected_mark(event, data_end)
        for event in joan.events.to_dict("records")
    }
    drawn = marks_of(draw_theograph(joan, view))
    assert Counter(mark["event_id"] for mark in drawn) == Counter(expected.keys())
    found = {
        mark["event_id"]: (mark["kind"], mark["start"].isoformat(), round(mark["length_days"], 4))
        for mark in drawn
    }
    assert found == expected


def test_marks_stand_in_their_lane(joan: Journey, marks_of: ReadMarks) -> None:
    figure = draw_theograph(joan)
    squares = [shape for shape in layout_of(figure)["shapes"] if "xsizemode" in shape]
    middles = [(shape["y0"] + shape["y1"]) / 2 for shape in squares]
    sectors = dict(zip(joan.events["event_id"], joan.events["sector"], strict=True))
    for mark in marks_of(figure):
        nearest = min(range(len(middles)), key=lambda lane: abs(middles[lane] - mark["y"]))
        assert SECTOR_KEYS[nearest] == sectors[mark["event_id"]]


def test_a_search_shows_its_events_only(joan: Journey, marks_of: ReadMarks) -> None:
    drawn = marks_of(draw_theograph(joan, View(text="NEUROLOGY")))
    expected = joan.events[joan.events["team"] == "Neurology"]
    assert {mark["event_id"] for mark in drawn} == set(expected["event_id"])


def test_hiding_a_sector_moves_no_time(joan: Journey) -> None:
    whole = layout_of(draw_theograph(joan))["xaxis"]["range"]
    assert layout_of(draw_theograph(joan, View(sectors=("gp",))))["xaxis"]["range"] == whole


def test_the_axis_heeds_ends(make_journey: MakeJourney) -> None:
    """gavinhickford's x domain ignored end dates, so long spells ran out of the picture."""
    journey = make_journey([{"start": "2024-01-01", "end": "2025-02-01", "sector": "social_care"}])
    assert layout_of(draw_theograph(journey))["xaxis"]["range"][1] > "2025-02-02"


def test_the_axis_reaches_the_as_of_date(make_journey: MakeJourney) -> None:
    figure = draw_theograph(make_journey([{"start": "2022-01-05", "sector": "gp"}]))
    low, high = layout_of(figure)["xaxis"]["range"]
    assert low < "2022-01-01" < "2024-04-01" < high


def test_ongoing_spells_run_to_the_end_of_the_data(
    make_journey: MakeJourney, marks_of: ReadMarks
) -> None:
    """teal drops rows without an end date."""
    journey = make_journey([{"start": "2024-03-01", "ongoing": True, "sector": "social_care"}])
    (mark,) = marks_of(draw_theograph(journey))
    assert (mark["kind"], mark["length_days"]) == ("bar", 31)
    assert "ongoing" in mark["hover"]


def test_spells_without_length_are_drawn(make_journey: MakeJourney, marks_of: ReadMarks) -> None:
    """Zero and short durations vanished in plotly.py#2735 and openmct#4188."""
    instants = [
        {"start": "2024-01-01T10:00", "end": "2024-01-01T10:00", "sector": "ed"},
        {"start": "2024-01-01", "end": "2024-01-01", "sector": "hospital"},
        {"start": "2024-01-01T10:00", "end": "2024-01-01T10:01", "sector": "ambulance"},
    ]
    drawn = marks_of(draw_theograph(make_journey(instants)))
    assert [mark["kind"] for mark in drawn] == ["point"] * 3


def test_missing_values_break_nothing(make_journey: MakeJourney, marks_of: ReadMarks) -> None:
    """One unparseable date crashed that person's chart in NECS."""
    rows = [
        {"start": None, "sector": "gp"},
        {"start": "2024-01-01", "sector": "gp", "kind": None, "provider": None, "mode": None},
        {"start": "2024-01-02", "sector": "unheard of", "status": "odd", "mode": "pigeon"},
    ]
    conditions = [{"condition": "Asthma"}, {"condition": None, "onset": "2020-01-01"}]
    measures = [{"measured_at": None, "measure": "efi", "category": "mild"}]
    journey = make_journey(rows, conditions=conditions, measures=measures)
    for view in (View(), View(by="provider"), View(axis="relative", anchor="e1", selected="e1")):
        drawn = marks_of(draw_theograph(journey, view))
        assert [mark["event_id"] for mark in drawn] == ["e2", "e3"]


def test_a_person_without_events_has_a_picture(make_journey: MakeJourney) -> None:
    for view in (View(), View(by="provider"), View(axis="relative"), View(sectors=())):
        figure = draw_theograph(make_journey([]), view)
        assert figure.layout.height > 0


def test_lane_order_is_the_same_for_everyone(joan: Journey, make_journey: MakeJourney) -> None:
    """NECS orders types by first appearance, so two people's bands differ."""
    other = make_journey(
        [{"start": f"2024-01-0{day}", "sector": SECTOR_KEYS[-day]} for day in range(1, 5)]
    )
    expected = list(SECTOR_LABELS.values())
    assert lane_labels(draw_theograph(joan)) == expected
    assert lane_labels(draw_theograph(other)) == expected


def test_the_same_journey_gives_the_same_picture(joan: Journey) -> None:
    """ATLAS jitters at random and pm4py colours at random."""
    shuffled = joan.events.sample(frac=1, random_state=3)
    again = replace(joan, events=shuffled.sort_values(["start", "event_id"], ignore_index=True))
    assert draw_theograph(joan).to_json() == draw_theograph(again).to_json()


def test_nothing_is_changed_in_the_journey(joan: Journey) -> None:
    frames = ("events", "conditions", "measures", "feeds", "cost_by_month")
    before = {name: getattr(joan, name).copy() for name in frames}
    draw_theograph(joan, View(by="provider", axis="relative", text="e"))
    for name in frames:
        pd.testing.assert_frame_equal(getattr(joan, name), before[name])


def test_plotly_accepts_every_property(joan: Journey) -> None:
    for view in (View(), View(by="provider", axis="relative"), View(show_costs=False)):
        go.Figure(json.loads(draw_theograph(joan, view).to_json()))


def test_day_zero_is_zero(make_journey: MakeJourney) -> None:
    """cBioPortal ignored a zoom that began on day 0, since zero counts as false."""
    rows = [
        {"start": "2024-01-10T15:00", "sector": "ed"},
        {"start": "2024-01-12", "end": "2024-01-13", "sector": "hospital", "kind": "<b>In"},
    ]
    journey = make_journey(rows)
    view = View(axis="relative", anchor="e2", start=pd.Timestamp("2024-01-12"))
    figure = draw_theograph(journey, view)
    axis = layout_of(figure)["xaxis"]
    assert axis["range"][0] == 0
    notes = [note["text"] for note in layout_of(figure)["annotations"]]
    assert "Days from day 0: &lt;b&gt;In, 12 Jan 2024" in notes
    traces = {trace["name"]: trace for trace in json.loads(figure.to_json())["data"]}
    assert traces["hospital spells"]["base"] == [0]
    assert traces["hospital spells"]["x"] == [2]
    assert traces["ed contacts"]["x"] == [-1.375]


def test_without_an_anchor_day_zero_is_the_first_event_shown(joan: Journey) -> None:
    figure = draw_theograph(joan, View(axis="relative", sectors=("ed",)))
    traces = {trace["name"]: trace for trace in json.loads(figure.to_json())["data"]}
    assert 0 <= traces["ed contacts"]["x"][0] < 1


def test_a_midnight_on_the_calendar_is_a_plain_date(make_journey: MakeJourney) -> None:
    """ISO text, not milliseconds: plotly.js reads numbers in the time zone of the browser."""
    rows = [
        {"start": "2024-03-31T01:30", "sector": "gp"},
        {"start": "2024-03-31", "sector": "gp"},
        {"start": "2024-02-29", "sector": "gp"},
    ]
    traces = json.loads(draw_theograph(make_journey(rows)).to_json())["data"]
    (points,) = [trace for trace in traces if trace["name"] == "gp contacts"]
    assert points["x"] == ["2024-02-29", "2024-03-31", "2024-03-31T01:30"]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_markup_in_events_is_literal(
    make_journey: MakeJourney, marks_of: ReadMarks, payload: str
) -> None:
    names = ("kind", "provider", "team", "mode", "status", "cost_basis", "cost_price_year")
    event = dict.fromkeys(names, payload)
    journey = make_journey(
        [
            {"start": "2024-01-01", "sector": "gp", "cost_pence": 4300, **event},
            {"start": "2024-01-02", "sector": payload, "end": "2024-02-01", **event},
        ],
        conditions=[
            {"condition": payload, "onset": "2024-01-02", "provider": payload},
            *({"condition": f"{payload}{n}", "onset": "2024-01-05"} for n in range(12)),
        ],
        measures=[{"measured_at": "2024-01-03", "measure": "efi", "category": payload}],
        feeds=[{"provider": payload, "sector": "ed", "start": "2024-01-05", "end": "2024-02-01"}],
    )
    for view in (View(), View(by="provider", axis="relative", anchor="e1")):
        data = json.loads(draw_theograph(journey, view).to_json())
        text = json.dumps(data, ensure_ascii=False).lower()
        for danger in ("<a", "<img", "<b>bold", "\\u0000", "\u202e"):
            assert danger not in text
    assert all(literal(payload) in mark["hover"] for mark in marks_of(draw_theograph(journey)))


def test_literal_keeps_what_was_written() -> None:
    assert html.unescape(literal(PAYLOADS[0])) == PAYLOADS[0]
    assert literal("x" * 100) == "x" * 59 + "…"
    assert literal(None) == literal(float("nan")) == literal(pd.NA) == ""


@pytest.mark.parametrize("event_id", ["e1", None, "unknown"])
def test_selection_is_always_the_last_two_traces(joan: Journey, event_id: str | None) -> None:
    traces = json.loads(draw_theograph(joan, View(selected=event_id)).to_json())["data"]
    assert [trace["name"] for trace in traces[-2:]] == ["selected", "selected"]
    assert len(traces[-1]["x"]) + len(traces[-2]["x"]) == (1 if event_id == "e1" else 0)


def test_a_selected_point_is_ringed_and_a_bar_outlined(joan: Journey, marks_of: ReadMarks) -> None:
    for kind, place in (("point", -1), ("bar", -2)):
        mark = next(one for one in marks_of(draw_theograph(joan)) if one["kind"] == kind)
        figure = draw_theograph(joan, View(selected=mark["event_id"]))
        ring = json.loads(figure.to_json())["data"][place]
        assert pd.Timestamp(ring["base" if kind == "bar" else "x"][0]) == mark["start"]
        assert ring["y"] == [mark["y"]]


def test_modes_and_statuses_have_their_symbols(make_journey: MakeJourney) -> None:
    rows = [
        {"start": "2024-01-01", "sector": "gp", "mode": "face_to_face", "status": "attended"},
        {"start": "2024-01-02", "sector": "gp", "mode": "video"},
        {"start": "2024-01-03", "sector": "gp", "mode": "home_visit"},
        {"start": "2024-01-04", "sector": "gp", "mode": "face_to_face", "status": "did_not_attend"},
        {"start": "2024-01-05", "sector": "gp", "mode": "telephone", "status": "cancelled"},
        {"start": "2024-01-06", "sector": "gp"},
    ]
    traces = json.loads(draw_theograph(make_journey(rows)).to_json())["data"]
    (points,) = [trace for trace in traces if trace["name"] == "gp contacts"]
    expected = ["circle", "diamond", "square", "x-thin", "circle-open", "circle"]
    assert points["marker"]["symbol"] == expected
    assert points["marker"]["size"][5] < points["marker"]["size"][0]
    key = [trace["name"] for trace in traces if trace["showlegend"]]
    assert key == [
        "Face to face",
        "Phone or video",
        "Home visit",
        "Mode not recorded",
        "Did not attend",
        "Cancelled",
    ]


def test_hover_says_what_happened(make_journey: MakeJourney, marks_of: ReadMarks) -> None:
    row = {
        "start": "2024-01-01T22:10",
        "end": "2024-01-03T09:00",
        "sector": "hospital",
        "kind": "Emergency admission",
        "provider": "Fellbeck Hospital",
        "team": "General medicine",
        "mode": "face_to_face",
        "status": "attended",
        "cost_pence": 312_049,
    }
    (mark,) = marks_of(draw_theograph(make_journey([row])))
    assert mark["hover"].split("<br>") == [
        "<b>Emergency admission</b>",
        "1 Jan 2024, 22:10 – 3 Jan 2024, 09:00",
        "Fellbeck Hospital · General medicine",
        "Face to face · Attended",
        "£3,120 (unit cost)",
    ]


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ({"start": "2024-01-01"}, "1 Jan 2024"),
        ({"start": "2024-01-01", "end": "2024-01-01"}, "1 Jan 2024"),
        ({"start": "2024-01-01", "end": "2024-01-04"}, "1 Jan 2024 – 4 Jan 2024"),
        ({"start": "2024-01-01T09:05", "end": "2024-01-01T10:00"}, "1 Jan 2024, 09:05 – 10:00"),
        ({"start": "2024-01-01", "ongoing": True}, "1 Jan 2024 – ongoing"),
    ],
)
def test_hover_says_when(
    make_journey: MakeJourney, marks_of: ReadMarks, event: dict[str, Any], said: str
) -> None:
    (mark,) = marks_of(draw_theograph(make_journey([{"sector": "gp", **event}])))
    assert mark["hover"].split("<br>")[1] == said


def test_uirevision_holds_until_the_window_changes(joan: Journey) -> None:
    def revision(**changes: Any) -> str:
        return str(draw_theograph(joan, View(**changes)).layout.uirevision)

    assert revision() == revision(selected="e1", text="gp", by="provider", sectors=("gp",))
    assert revision() != revision(start=pd.Timestamp("2023-01-01"))
    assert revision() != revision(axis="relative")


def test_the_picture_fits_beside_its_panel(joan: Journey) -> None:
    layout = layout_of(draw_theograph(joan))
    assert layout["height"] <= 710
    assert "width" not in layout
    assert layout["yaxis"]["fixedrange"]
    assert layout["template"]["layout"]["font"]["family"] == theme.FONT_FAMILY


def test_1000_events_weigh_at_most_300_kb(make_journey: MakeJourney) -> None:
    days = pd.date_range("2021-04-01T09:10", periods=1000, freq="26h")
    rows = [
        {
            "start": day.strftime("%Y-%m-%dT%H:%M"),
            "sector": SECTOR_KEYS[number % 11],
            "kind": "Specialist nurse contact",
            "provider": "Dales Community Trust",
            "team": "Respiratory",
            "mode": "face_to_face",
            "status": "attended",
            "cost_pence": 6_100,
        }
        for number, day in enumerate(days)
    ]
    assert len(draw_theograph(make_journey(rows)).to_json()) <= 300_000


def test_points_that_hide_one_another_say_how_many(make_journey: MakeJourney) -> None:
    """Same-day events hide each other: clinical-timeline#4, the commonest complaint."""
    rows = [{"start": f"2024-01-01T10:0{n}", "sector": "gp"} for n in range(7)]
    rows += [{"start": "2023-06-01", "sector": "gp"}]
    traces = json.loads(draw_theograph(make_journey(rows)).to_json())["data"]
    (counts,) = [trace for trace in traces if trace["name"] == "points on one spot"]
    assert counts["text"] == ["×5"]
    assert counts["x"] == ["2024-01-01T10:06"]
