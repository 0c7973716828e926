"""The ring around the selected event."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from theograph.figures import theme
from theograph.figures.lanes import Lane, mark_middles
from theograph.figures.mark_table import Marks
from theograph.figures.timescale import TimeScale

RING_NAME = "selected"


def draw_selection(
    event_id: str | None, marks: Marks, events: pd.DataFrame, lanes: list[Lane], scale: TimeScale
) -> list[dict[str, Any]]:
    """Two traces that are always there, always last: an outline for a bar, a ring for a point.

    An event that is only counted in a group is ringed at its own time, in the middle of its
    lane; `events` has `lane`.
    """
    chosen = marks.only((marks.event_id == event_id) & (marks.count == 1) & ~marks.tile)
    bars, points = chosen.only(chosen.bar), chosen.only(chosen.point)
    x, y = scale.positions(points.start), mark_middles(points, lanes).tolist()
    if event_id is not None and not len(chosen):
        hidden = events[(events["event_id"] == event_id) & events["start"].notna()]
        x = scale.positions(hidden["start"].to_numpy(dtype="datetime64[us]"))
        y = [lanes[lane].middle for lane in hidden["lane"]]
    return [_draw_outline(bars, np.asarray(mark_middles(bars, lanes)).tolist(), scale), _ring(x, y)]


def _ring(x: list[Any], y: list[float]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "name": RING_NAME,
        "mode": "markers",
        "x": x,
        "y": y,
        "hoverinfo": "skip",
        "marker": {
            "symbol": "circle-open",
            "size": theme.RING_PX,
            "color": theme.BLUE,
            "line": {"width": 2.5, "color": theme.BLUE},
        },
        "showlegend": False,
    }


def _draw_outline(bars: Marks, y: list[float], scale: TimeScale) -> dict[str, Any]:
    return {
        "type": "bar",
        "name": RING_NAME,
        "orientation": "h",
        "base": scale.positions(bars.start),
        "x": scale.lengths(bars.start, bars.finish),
        "y": y,
        "width": theme.BAR_PX + 5,
        "hoverinfo": "skip",
        "marker": {
            "color": "rgba(0,0,0,0)",
            "line": {"color": theme.BLUE, "width": 2.5},
            "cornerradius": 4,
        },
        "showlegend": False,
    }
