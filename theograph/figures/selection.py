"""Where an event's mark stands in the picture, and the ring around the selected one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from theograph.figures import theme
from theograph.figures.lanes import Lane, mark_middles
from theograph.figures.mark_table import Marks
from theograph.figures.timescale import TimeScale

RING_NAME = "selected"


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an event stands: its place on the axes and, of a bar, its length and else 0."""

    event_id: str
    x: Any
    y: float
    length: float


@dataclass(frozen=True, slots=True)
class Lanes:
    """The lanes as drawn: their marks, and the events shown, which have `lane`."""

    marks: Marks
    events: pd.DataFrame
    lanes: list[Lane]
    scale: TimeScale


def locate_events(event_ids: Sequence[str], drawn: Lanes) -> dict[str, Spot]:
    """The spot of each of `event_ids` that is shown, by its id.

    An event that is only counted in a group stands at its own time, in the middle of its lane.
    """
    marks, scale = drawn.marks, drawn.scale
    wanted = np.isin(marks.event_id, np.array(event_ids, dtype=object))
    chosen = marks.only(wanted & (marks.count == 1) & ~marks.tile)
    lengths = np.where(chosen.bar, scale.lengths(chosen.start, chosen.finish), 0.0)
    spots = {
        str(event_id): Spot(str(event_id), x, y, length)
        for event_id, x, y, length in zip(
            chosen.event_id,
            scale.positions(chosen.start),
            mark_middles(chosen, drawn.lanes).tolist(),
            lengths.tolist(),
            strict=True,
        )
    }
    missing = [event_id for event_id in event_ids if event_id not in spots]
    events = drawn.events
    hidden = events[events["event_id"].isin(missing) & events["start"].notna()]
    positions = scale.positions(hidden["start"].to_numpy(dtype="datetime64[us]"))
    for event_id, x, lane in zip(hidden["event_id"], positions, hidden["lane"], strict=True):
        spots[str(event_id)] = Spot(str(event_id), x, drawn.lanes[lane].middle, 0.0)
    return spots


def draw_selection(event_id: str | None, drawn: Lanes) -> list[dict[str, Any]]:
    """Two traces that are always there, always last: an outline for a bar, a ring for a point."""
    spots = list(locate_events([] if event_id is None else [event_id], drawn).values())
    bars = [spot for spot in spots if spot.length]
    points = [spot for spot in spots if not spot.length]
    line = {"color": theme.BLUE, "width": 2.5}
    outline = draw_outlines(bars, RING_NAME) | {"marker": _hollow(line)}
    marker = {"symbol": "circle-open", "size": theme.RING_PX, "color": theme.BLUE, "line": line}
    return [outline, draw_rings(points, RING_NAME) | {"marker": marker}]


def draw_rings(spots: list[Spot], name: str) -> dict[str, Any]:
    """A trace with a marker at each spot, which is left to the caller to style."""
    return {
        "type": "scatter",
        "name": name,
        "mode": "markers",
        "x": [spot.x for spot in spots],
        "y": [spot.y for spot in spots],
        "hoverinfo": "skip",
        "showlegend": False,
    }


def draw_outlines(spots: list[Spot], name: str) -> dict[str, Any]:
    """A trace with a hollow bar around each spot that has a length."""
    return {
        "type": "bar",
        "name": name,
        "orientation": "h",
        "base": [spot.x for spot in spots],
        "x": [spot.length for spot in spots],
        "y": [spot.y for spot in spots],
        "width": theme.BAR_PX + 5,
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _hollow(line: dict[str, Any]) -> dict[str, Any]:
    return {"color": "rgba(0,0,0,0)", "line": line, "cornerradius": 4}
