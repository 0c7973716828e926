"""Counts over points that hide one another: beyond the cap on rows, same-day contacts overlap."""

from __future__ import annotations

from typing import Any

import numpy as np

from theograph.figures import theme
from theograph.figures.mark_table import Flags, Marks, Numbers, Wholes
from theograph.figures.timescale import TimeScale

SAME_SPOT_PX = 3.0
LEAST_GAP_PX = 20.0


def count_hidden(marks: Marks, scale: TimeScale) -> Wholes:
    """For each point how many points share its spot, itself included; 0 for all but the last there.

    Only points in the same row within a few pixels of each other share a spot.
    """
    counts = np.zeros(len(marks), dtype="int64")
    points = np.flatnonzero(marks.point)
    x = scale.pixels(marks.start)
    order = points[np.lexsort((x[points], marks.row[points], marks.lane[points]))]
    if not len(order):
        return counts
    apart = np.diff(x[order]) > SAME_SPOT_PX
    apart |= (np.diff(marks.row[order]) != 0) | (np.diff(marks.lane[order]) != 0)
    last = np.append(np.flatnonzero(apart), len(order) - 1)
    sizes = np.diff(np.append(-1, last))
    counts[order[last]] = np.where(sizes > 1, sizes, 0)
    return counts


def choose_counts(marks: Marks, counts: Wholes, scale: TimeScale) -> Flags:
    """The counts that are written: in sight, and each clear of the one before it in its lane."""
    x = scale.pixels(marks.start)
    chosen = (counts > 0) & (x >= 0) & (x <= scale.pixel(scale.end))
    reach: dict[int, float] = {}
    for at in np.flatnonzero(chosen)[np.argsort(x[chosen], kind="stable")]:
        lane = int(marks.lane[at])
        chosen[at] = x[at] - reach.get(lane, -LEAST_GAP_PX) >= LEAST_GAP_PX
        reach[lane] = x[at] if chosen[at] else reach[lane]
    return chosen


def write_counts(
    marks: Marks, counts: Wholes, chosen: Flags, y: Numbers, scale: TimeScale
) -> list[dict[str, Any]]:
    """One trace with the chosen counts over their points; `y` is where the marks stand."""
    if not chosen.any():
        return []
    trace = {
        "type": "scatter",
        "name": "points on one spot",
        "mode": "text",
        "x": scale.positions(marks.start[chosen]),
        "y": (y[chosen] - theme.MARKER_PX / 2 + 2).tolist(),
        "text": [f"×{count}" for count in counts[chosen].tolist()],
        "textposition": "top center",
        "textfont": {"size": theme.TINY_PX, "color": theme.INK_MUTED},
        "hoverinfo": "skip",
        "showlegend": False,
    }
    return [trace]
