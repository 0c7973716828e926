"""What is written beside the lanes: names on the left, totals on the right."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from theograph.figures import theme
from theograph.figures.lanes import Lane
from theograph.figures.wording import literal
from theograph.record.money import pounds, short_pounds
from theograph.record.sectors import SECTOR_LABELS

LEFT_PX = 162
RIGHT_PX = 78
WRAPPED = {"nhs111": "NHS 111 and<br>out of hours"}
NAME_CHARACTERS = 27
SQUARE_PX = 9
INDENT_PX = 14


def label_lanes(lanes: list[Lane]) -> list[dict[str, Any]]:
    """The name of each lane, in one column."""
    return [_lane_name(lane) for lane in lanes]


def draw_squares(lanes: list[Lane]) -> list[dict[str, Any]]:
    """A square of each lane's colour before its name."""
    return [
        {
            "type": "rect",
            "xref": "paper",
            "xsizemode": "pixel",
            "xanchor": 0,
            "x0": -LEFT_PX + 1,
            "x1": -LEFT_PX + 1 + SQUARE_PX,
            "yref": "y",
            "y0": lane.label_middle - SQUARE_PX / 2,
            "y1": lane.label_middle + SQUARE_PX / 2,
            "fillcolor": lane.colour,
            "line": {"width": 0},
            "layer": "below",
        }
        for lane in lanes
    ]


def label_row(text: str, y: float, *, colour: str = theme.INK) -> dict[str, Any]:
    """A name in the left column; `y` is its middle in pixels from the top."""
    return {
        "text": text,
        "xref": "paper",
        "x": 0,
        "xanchor": "left",
        "xshift": INDENT_PX - LEFT_PX,
        "yref": "y",
        "y": y,
        "yanchor": "middle",
        "align": "left",
        "showarrow": False,
        "borderpad": 0,
        "font": {"size": theme.LABEL_PX, "color": colour},
    }


def label_right(text: str, y: float) -> dict[str, Any]:
    """A quiet text in the right column; `y` is its middle in pixels from the top."""
    font = {"size": theme.SMALL_PX, "color": theme.INK_MUTED}
    return label_row(text, y) | {"x": 1, "xshift": 8, "font": font}


def _lane_name(lane: Lane) -> dict[str, Any]:
    colour = theme.INK if lane.loaded else theme.INK_MUTED
    if lane.provider is None:
        wrapped = WRAPPED.get(lane.sector) if lane.loaded else None
        return label_row(wrapped or literal(lane.label), lane.middle, colour=colour)
    sector = SECTOR_LABELS.get(lane.sector, literal(lane.sector))
    style = f"color:{theme.INK_MUTED};font-size:{theme.TINY_PX}px"
    text = f'{literal(lane.label, NAME_CHARACTERS)}<br><span style="{style}">{sector}</span>'
    note = label_row(text, lane.middle, colour=colour)
    font = {"size": theme.SMALL_PX, "color": colour}
    return note | {"font": font, "hovertext": f"{literal(lane.label)}<br>{sector}"}


def label_totals(lanes: list[Lane], events: pd.DataFrame, *, costs: bool) -> list[dict[str, Any]]:
    """How many events each lane holds and, with `costs`, what they cost in all.

    `events` has `lane`, the position in `lanes`.
    """
    lane = events["lane"].to_numpy(dtype="int64")
    pence = events["cost_pence"].fillna(0).to_numpy(dtype="int64")
    counts = np.bincount(lane, minlength=len(lanes)).tolist()
    sums = np.bincount(lane, weights=pence, minlength=len(lanes)).tolist()
    notes = []
    for index, own in enumerate(lanes):
        count, cost = counts[index], round(sums[index])
        if count:
            money = f"<b>{_brief_pounds(cost)}</b> · " if costs and cost else ""
            note = label_right(f"{money}{count:,}", own.middle)
            notes.append(note | {"hovertext": f"{count:,} events, {pounds(cost)}"})
    return notes


def _brief_pounds(pence: int) -> str:
    """`short_pounds`, without the tenth of a thousand from £100k on."""
    thousands = round(pence / 100_000)
    return f"£{thousands}k" if 100 <= thousands < 1_000 else short_pounds(pence)
