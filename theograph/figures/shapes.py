"""What lies under and over the lanes: bands, squares, year lines, day 0 and the end of the data."""

from __future__ import annotations

from typing import Any

import pandas as pd

from theograph.figures import theme
from theograph.figures.costs import financial_years
from theograph.figures.labels import draw_squares
from theograph.figures.lanes import Lane
from theograph.figures.timescale import TimeScale


def draw_shapes(lanes: list[Lane], scale: TimeScale) -> list[dict[str, Any]]:
    """A band behind every other lane, a square of each lane's colour, and upright lines."""
    shapes = [_band(lane.top, lane.height) for lane in lanes[::2]]
    shapes += draw_squares(lanes)
    shapes += [
        _upright(begin, scale, theme.RULE_STRONG, 1)
        for begin in financial_years(scale)
        if scale.first < begin < scale.last
    ]
    if scale.zero is not None:
        shapes.append(_upright(scale.zero, scale, theme.INK_MUTED, 1.5))
    shapes.append(_upright(scale.data_end, scale, theme.INK_MUTED, 1) | {"layer": "above"})
    return shapes


def _band(top: float, height: float) -> dict[str, Any]:
    return {
        "type": "rect",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "yref": "y",
        "y0": top,
        "y1": top + height,
        "fillcolor": theme.BAND,
        "line": {"width": 0},
        "layer": "below",
    }


def _upright(moment: pd.Timestamp, scale: TimeScale, colour: str, width: float) -> dict[str, Any]:
    return {
        "type": "line",
        "xref": "x",
        "x0": scale.position(moment),
        "x1": scale.position(moment),
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "line": {"color": colour, "width": width},
        "layer": "below",
    }
