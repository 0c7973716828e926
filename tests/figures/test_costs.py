"""The cost strip adds up to the journey's own money."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from theograph.figures import View, draw_theograph
from theograph.figures.axes import money_ticks
from theograph.journey import Journey

MakeJourney = Callable[..., Journey]


def read(journey: Journey, view: View) -> dict[str, Any]:
    figure: dict[str, Any] = json.loads(draw_theograph(journey, view).to_json())
    return figure


def stacks(figure: dict[str, Any]) -> dict[str, float]:
    return {
        trace["name"]: sum(trace["y"])
        for trace in figure["data"]
        if trace.get("yaxis") == "y2" and trace["type"] == "bar"
    }


def year_labels(figure: dict[str, Any]) -> list[str]:
    texts = [note["text"] for note in figure["layout"]["annotations"]]
    return [text for text in texts if text.startswith("<b>20")]


def test_stacks_add_up_by_sector(joan: Journey) -> None:
    drawn = stacks(read(joan, View()))
    assert sum(drawn.values()) == pytest.approx(joan.summary.cost_pence / 100)
    assert drawn["Hospital stay"] == pytest.approx(joan.summary.cost_by_sector["hospital"] / 100)


@pytest.mark.parametrize("view", [View(by="provider"), View(cost_by="provider")])
def test_stacks_add_up_by_provider(joan: Journey, view: View) -> None:
    drawn = stacks(read(joan, view))
    expected = joan.summary.cost_by_provider
    for provider in ("Fellbeck Hospital", "Dalesborough Council"):
        assert drawn[provider] == pytest.approx(expected[provider] / 100)
    assert sum(drawn.values()) == pytest.approx(joan.summary.cost_pence / 100)


def test_stacks_mirror_the_lanes(joan: Journey) -> None:
    names = list(stacks(read(joan, View())))
    assert (
        names.index("Social care") < names.index("General practice") < names.index("Hospital stay")
    )


def test_the_running_total_ends_at_the_total(joan: Journey) -> None:
    traces = {trace["name"]: trace for trace in read(joan, View())["data"]}
    total = traces["running total"]
    assert total["y"][0] == 0
    assert total["y"][-1] == pytest.approx(joan.summary.cost_pence / 100)
    assert total["y"] == sorted(total["y"])
    assert total["x"][-1] == "2024-04-01"


def test_each_financial_year_has_its_total(joan: Journey) -> None:
    expected = [
        f"<b>{year}</b> £{round(pence / 100):,}"
        for year, pence in sorted(joan.summary.cost_by_financial_year.items())
    ]
    assert year_labels(read(joan, View())) == expected


def test_totals_follow_the_filter(joan: Journey) -> None:
    figure = read(joan, View(sectors=("hospital",)))
    assert set(stacks(figure)) == {"Hospital stay"}
    assert sum(stacks(figure).values()) == pytest.approx(
        joan.summary.cost_by_sector["hospital"] / 100
    )


def test_the_share_not_costed_is_said(joan: Journey) -> None:
    count = int((joan.events["cost_basis"] == "not_costed").sum())
    texts = [note["text"] for note in read(joan, View())["layout"]["annotations"]]
    assert any(f"{count} not costed" in text for text in texts)


def test_costs_can_be_hidden(joan: Journey) -> None:
    figure = read(joan, View(show_costs=False))
    assert not stacks(figure)
    assert "yaxis2" not in figure["layout"]
    assert "£" not in " ".join(note["text"] for note in figure["layout"]["annotations"])


def test_large_spells_say_their_cost(joan: Journey) -> None:
    data = read(joan, View())["data"]
    written = [text for trace in data for text in trace.get("text", []) if text.startswith("£")]
    assert {"£3.1k", "£4.5k", "£12.8k", "£6.0k"} <= set(written)


def test_a_bar_across_the_edge_has_its_cost_in_sight(make_journey: MakeJourney) -> None:
    row = {"start": "2023-01-01", "end": "2023-12-31", "sector": "gp", "cost_pence": 9_900_000}
    view = View(start=pd.Timestamp("2023-06-01"), end=pd.Timestamp("2023-06-11"))
    traces = {trace["name"]: trace for trace in read(make_journey([row]), view)["data"]}
    assert traces["costs of spells"]["text"] == ["£99.0k"]
    assert traces["costs of spells"]["x"] == ["2023-06-06"]
    assert traces["gp spells"]["text"] == [""]


@pytest.mark.parametrize(
    ("most", "expected"),
    [
        (0, [0, 1_000]),
        (9_000, [0, 5_000]),
        (59_625, [0, 20_000, 40_000]),
        (100, [0, 50, 100]),
        (7, [0, 2, 4, 6]),
    ],
)
def test_money_ticks_are_round(most: float, expected: list[float]) -> None:
    assert money_ticks(most) == expected


def test_a_filter_that_hides_every_cost_leaves_the_strip_in_its_place(joan: Journey) -> None:
    figure = read(joan, View(text="nothing says this"))
    held = {trace.get("yaxis") for trace in figure["data"]}
    assert {"y2", "y3"} <= held, "plotly drops an axis that no trace uses"
    assert stacks(figure) == {}


def test_a_journey_that_cost_nothing_keeps_the_strip_in_its_place(
    make_journey: MakeJourney,
) -> None:
    row = {"start": "2023-01-01", "sector": "gp", "cost_pence": 0}
    figure = read(make_journey([row]), View())
    held = {trace.get("yaxis") for trace in figure["data"]}
    assert {"y2", "y3"} <= held, "plotly drops an axis that no trace uses, and the lanes with it"
