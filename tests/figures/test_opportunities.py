"""The row of opportunities: numbered pins that never hide one another, and the selected one."""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from theograph.figures import SELECTION_TRACES, View, describe_journey, draw_theograph, theme
from theograph.figures.opportunities import GAP_PX, MOST_ROWS, PIN_PX, pack_pins
from theograph.figures.opportunity_list import list_opportunities
from theograph.figures.opportunity_words import describe_window, drop_article, write_caption
from theograph.journey import Journey

PAYLOAD = '<img src=x onerror=alert(1)><a href="https://example.org">x</a>'
MakeJourney = Callable[..., Journey]

EVENTS = [
    {"start": "2023-01-10T09:00", "sector": "ambulance", "kind": "See and treat"},
    {"start": "2023-02-02T07:00", "sector": "ambulance", "kind": "See and treat"},
    {"start": "2023-04-22", "end": "2023-05-01", "sector": "hospital", "cost_pence": 90_000},
    {"start": "2023-06-01T10:00", "sector": "gp", "mode": "telephone"},
    {"start": "2024-03-14", "sector": "social_care"},
]


@dataclass(frozen=True)
class Signal:
    """A signal in words."""

    say: str = "Two falls"


@dataclass(frozen=True)
class Rule:
    """A rule in words."""

    title: str = "Falls, no falls assessment recorded"
    expected: str = "A falls assessment"
    signals: tuple[Signal, ...] = (Signal(),)


def find_rule(_: str) -> Rule:
    """Every rule."""
    return Rule()


def found(status: str, at: str, **more: Any) -> dict[str, Any]:
    """One opportunity, as a row."""
    return {"rule": "R14", "status": status, "signal_at": at, **more}


FOUND = [
    found("missed", "2023-02-02T07:00", anchor="e2", evidence=["e1", "e2"], consequence="e3")
    | {"consequence_at": "2023-04-22", "window_start": "2023-02-02", "due": "2023-05-03"},
    found("met", "2023-05-01", anchor="e3", response="e4", response_at="2023-06-01T10:00")
    | {"window_start": "2023-05-01", "due": "2023-06-28"},
    found("not_assessable", "2023-09-01", anchor="measure:efi:2023-09-01"),
    found("open", "2024-03-14", anchor="e5", window_start="2024-03-14", due="2024-04-11"),
]


@pytest.fixture
def falls(make_journey: MakeJourney) -> Journey:
    """One opportunity of each status."""
    return make_journey(EVENTS, opportunities=FOUND)


def traces_of(figure: go.Figure, name: str) -> list[dict[str, Any]]:
    return [trace for trace in json.loads(figure.to_json())["data"] if trace["name"] == name]


def notes_of(figure: go.Figure) -> list[str]:
    return [note["text"] for note in json.loads(figure.to_json())["layout"]["annotations"]]


def pins_of(figure: go.Figure) -> dict[str, dict[str, Any]]:
    """Each pin by its id."""
    (trace,) = traces_of(figure, "opportunities")
    names = {"ids": "id", "x": "x", "y": "y", "text": "text", "hovertext": "hover"}
    pins = [
        {short: trace[name][place] for name, short in names.items()}
        for place in range(len(trace["ids"]))
    ]
    return {pin["id"]: pin for pin in pins}


def test_missed_and_open_are_numbered_by_time_and_others_are_left_out(falls: Journey) -> None:
    pins = pins_of(draw_theograph(falls))
    assert {name: pin["text"] for name, pin in pins.items()} == {
        "opportunity-0": "1",
        "opportunity-3": "2",
    }
    assert pins["opportunity-0"]["x"] == "2023-02-02T07:00"


def test_what_is_shown_keeps_its_number(falls: Journey) -> None:
    pins = pins_of(draw_theograph(falls, View(opportunities=(1, 2, 3))))
    assert [pin["text"] for pin in pins.values()] == ["", "?", "2"]
    shapes = json.loads(draw_theograph(falls, View(opportunities=(1,))).to_json())["layout"]
    assert [shape["type"] for shape in shapes["shapes"]].count("path") == 1, "met has a tick"


def test_each_status_has_its_own_shape_and_not_only_its_colour(falls: Journey) -> None:
    (trace,) = traces_of(draw_theograph(falls, View(opportunities=(0, 1, 2, 3))), "opportunities")
    marker = trace["marker"]
    looks = list(zip(trace["text"], marker["size"], marker["line"]["width"], strict=True))
    assert len(set(looks)) == 4
    assert marker["color"][0] == theme.RED
    assert marker["color"][3] == theme.CARD
    assert theme.contrast(theme.PINS["missed"].text, theme.PINS["missed"].fill) >= 4.5
    assert theme.contrast(theme.PINS["open"].text, theme.PINS["open"].fill) >= 4.5


def test_an_open_one_says_the_day_by_which_and_a_missed_one_its_window(falls: Journey) -> None:
    figure = draw_theograph(falls, rule=find_rule)
    assert "<b>act by 11 Apr</b>" in notes_of(figure)
    (windows,) = traces_of(figure, "windows of opportunities")
    assert windows["base"] == ["2023-02-02T07:00", "2024-03-14"]
    days = [round(length / 86_400_000, 2) for length in windows["x"]]
    assert days == [90.71, 29], "to the midnight after the last day"
    hover = pins_of(figure)["opportunity-0"]["hover"]
    assert hover.split("<br>") == [
        "<b>1. Falls, no falls assessment recorded</b>",
        "2 Feb 2023",
        "falls assessment expected by 3 May 2023",
        "Missed: nothing recorded by 3 May 2023",
    ]


def test_what_was_met_is_never_called_not_recorded(falls: Journey) -> None:
    pins = pins_of(draw_theograph(falls, View(opportunities=(1, 2)), rule=find_rule))
    for pin in pins.values():
        assert pin["hover"].startswith("<b>Two falls</b>")


def test_selecting_draws_the_window_rings_and_drop_lines(falls: Journey) -> None:
    figure = draw_theograph(falls, View(opportunity=0), rule=find_rule)
    lines, bars, rings = traces_of(figure, "selected opportunity")
    assert bars["base"] == ["2023-04-22"], "what followed"
    assert sorted(rings["x"]) == ["2023-01-10T09:00", "2023-02-02T07:00", "2023-02-02T07:00"]
    widths = dict(zip(zip(rings["x"], rings["y"], strict=True), rings["marker"]["line"]["width"],
                      strict=True))  # fmt: skip
    assert min(widths.values()) < theme.RINGS["signal"].line_px, "evidence is thinner"
    assert [x for x in lines["x"] if x is not None][::2] == ["2023-02-02T07:00", "2023-04-22"]
    shapes = json.loads(figure.to_json())["layout"]["shapes"]
    assert (shapes[-1]["x0"], shapes[-1]["x1"]) == ("2023-02-02", "2023-05-04")
    assert notes_of(figure)[-1] == "falls assessment expected by 3 May 2023"


@pytest.mark.parametrize("row", [None, 1, 2, 99, -1])
def test_what_has_no_pin_is_not_drawn_and_the_traces_stay(falls: Journey, row: int | None) -> None:
    figure = draw_theograph(falls, View(opportunity=row))
    names = [trace["name"] for trace in json.loads(figure.to_json())["data"]]
    assert names[-SELECTION_TRACES:] == ["selected opportunity"] * 3 + ["selected"] * 2
    assert all(not trace["x"] for trace in traces_of(figure, "selected opportunity"))


def test_a_signal_or_consequence_out_of_view_breaks_nothing(falls: Journey) -> None:
    figure = draw_theograph(falls, View(opportunity=0, sectors=("gp",)))
    _, bars, rings = traces_of(figure, "selected opportunity")
    assert bars["x"] == []
    assert len(rings["x"]) == 1, "the pin's own"


def test_very_many_events_still_show_what_is_selected(make_journey: MakeJourney) -> None:
    days = pd.date_range("2021-04-01T09:10", periods=2_400, freq="10h")
    rows = [{"start": day.strftime("%Y-%m-%dT%H:%M"), "sector": "gp"} for day in days]
    opportunities = [found("missed", str(days[7]), anchor="e8", evidence=["e8"], due="2021-05-01")]
    journey = make_journey(rows, opportunities=opportunities)
    figure = draw_theograph(journey, View(opportunity=0))
    _, _, rings = traces_of(figure, "selected opportunity")
    assert len(rings["x"]) == 2


def test_the_layer_can_be_switched_off(falls: Journey) -> None:
    figure = draw_theograph(falls, View(show_opportunities=False, opportunity=0))
    assert traces_of(figure, "opportunities") == []
    assert "Missed opportunities" not in notes_of(figure)


def test_an_empty_row_says_why(make_journey: MakeJourney, falls: Journey) -> None:
    said = {
        "no rules have been applied": draw_theograph(make_journey(EVENTS)),
        "none of the patterns was found": draw_theograph(make_journey(EVENTS, opportunities=[])),
        "none as filtered": draw_theograph(falls, View(opportunities=())),
        "none missed or open": draw_theograph(make_journey(EVENTS, opportunities=FOUND[1:2])),
    }
    for words, figure in said.items():
        assert words in notes_of(figure)


def test_markup_in_a_rule_is_literal(falls: Journey) -> None:
    hostile = Rule(PAYLOAD, PAYLOAD, (Signal(PAYLOAD),))
    view = View(opportunities=(0, 1, 2, 3), opportunity=0)
    text = draw_theograph(falls, view, rule=lambda _: hostile).to_json()
    assert "<img" not in text
    assert "<a href" not in text
    assert html.escape("<img src=x onerror=alert(1)>", quote=False) in text


def test_plotly_accepts_every_property(falls: Journey) -> None:
    for view in (View(opportunities=(0, 1, 2, 3), opportunity=0), View(axis="relative")):
        go.Figure(json.loads(draw_theograph(falls, view, rule=find_rule).to_json()))


pins = st.lists(
    st.tuples(st.floats(0, 820), st.sampled_from([0.0, 20.0, 200.0, float("inf")])), max_size=40
).map(sorted)


@given(pins)
def test_pins_only_touch_when_every_row_is_taken(spots: list[tuple[float, float]]) -> None:
    left = [at - PIN_PX / 2 for at, _ in spots]
    right = [at + PIN_PX / 2 for at, _ in spots]
    reach = [edge + own for edge, (_, own) in zip(right, spots, strict=True)]
    rows = pack_pins(left, right, reach)
    assert rows == pack_pins(left, right, reach)
    assert all(0 <= row < MOST_ROWS for row in rows)
    for place, row in enumerate(rows):
        before = [n for n in range(place) if right[n] + GAP_PX > left[place]]
        if row in {rows[n] for n in before}:
            assert {rows[n] for n in before} == set(range(MOST_ROWS))


def test_few_pins_stay_in_one_row_and_same_day_ones_stack() -> None:
    assert pack_pins([0, 40, 80], [17, 57, 97], [30, 70, 110]) == [0, 0, 0]
    assert pack_pins([0, 0, 0], [17, 17, 17], [17, 17, 17]) == [0, 1, 2]
    assert pack_pins([0, 40], [17, 57], [90, 57]) == [0, 1], "not on another's window"


@pytest.mark.parametrize(
    ("expected", "bare"),
    [
        ("A falls assessment", "falls assessment"),
        ("An MDT meeting", "MDT meeting"),
        ("One or more reviews", "one or more reviews"),
        ("Going home", "going home"),
        ("PHQ-9", "PHQ-9"),
    ],
)
def test_what_was_expected_goes_without_its_article(expected: str, bare: str) -> None:
    assert drop_article(expected) == bare


def test_a_window_that_began_earlier_names_both_its_ends(make_journey: MakeJourney) -> None:
    early = {"window_start": "2022-02-02", "due": "2023-05-03"}
    journey = make_journey(EVENTS, opportunities=[FOUND[0] | early])
    (one,) = list_opportunities(journey)
    assert describe_window(one) == "between 2 Feb 2022 and 3 May 2023"
    long = Rule(expected="A contact with someone who could have helped, or a visit by another")
    assert write_caption(one, long, 40) == (
        "contact with someone who could have… expected by 3 May 2023"
    )


def test_the_words_count_what_was_missed_and_what_is_open(
    falls: Journey, make_journey: MakeJourney
) -> None:
    said = (
        "There is 1 missed opportunity and 1 still open, the first to be acted on by 11 Apr 2024."
    )
    assert said in describe_journey(falls)
    assert "opportunity" not in describe_journey(falls, View(show_opportunities=False))
    assert "opportunit" not in describe_journey(make_journey(EVENTS))
    none = make_journey(EVENTS, opportunities=FOUND[1:2])
    assert "No missed or open opportunity was found." in describe_journey(none)
    two = make_journey(EVENTS, opportunities=[FOUND[3]])
    assert "There is 1 opportunity still open, the first" in describe_journey(two)
