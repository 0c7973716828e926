"""Feed coverage: where no extract reaches, "no data" must not look like "no contact"."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from theograph.figures import theme
from theograph.figures.lanes import Lane
from theograph.figures.timescale import TimeScale
from theograph.figures.wording import literal, short_date

ONE_DAY = pd.Timedelta(days=1)
LEAST_NOTE_PX = 90
Span = tuple[pd.Timestamp, pd.Timestamp]


def find_gaps(spans: list[Span], *, first: pd.Timestamp, last: pd.Timestamp) -> list[Span]:
    """The parts of `[first, last)` that none of the half-open `spans` covers, in order."""
    gaps: list[Span] = []
    reach = first
    for start, end in sorted(spans):
        if start > reach:
            gaps.append((reach, min(start, last)))
        reach = max(reach, end)
        if reach >= last:
            return gaps
    return [*gaps, (reach, last)]


def find_uncovered(lane: Lane, feeds: pd.DataFrame, scale: TimeScale) -> list[Span]:
    """Where no feed of `lane` reaches, up to the end of the data.

    A lane with events and no feed on record has unknown coverage: nothing is uncovered.
    A feed without a provider covers every provider of its sector.
    """
    if not lane.loaded:
        return [(scale.first, scale.last)]
    mine = feeds[feeds["sector"] == lane.sector]
    if mine.empty:
        return []
    if lane.provider is not None:
        mine = mine[mine["provider"].isna() | (mine["provider"] == lane.provider)]
    starts = pd.to_datetime(mine["start"], errors="coerce")
    ends = pd.to_datetime(mine["end"], errors="coerce") + ONE_DAY
    spans = [
        (start, end)
        for start, end in zip(starts, ends, strict=True)
        if pd.notna(start) and pd.notna(end)
    ]
    return find_gaps(spans, first=scale.data_start, last=scale.data_end) if spans else []


def draw_coverage(
    lanes: list[Lane], feeds: pd.DataFrame, scale: TimeScale
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The hatching of every lane in one trace, and a note in lanes with no extract at all."""
    gaps = [(lane, span) for lane in lanes for span in find_uncovered(lane, feeds, scale)]
    gaps = [(lane, span) for lane, span in gaps if span[1] > span[0]]
    notes = [note for lane, span in gaps if (note := _write_note(lane, span, scale))]
    if not gaps:
        return [], notes
    starts = np.array([span[0] for _, span in gaps], dtype="datetime64[us]")
    ends = np.array([span[1] for _, span in gaps], dtype="datetime64[us]")
    trace = {
        "type": "bar",
        "name": "no data",
        "orientation": "h",
        "base": scale.positions(starts),
        "x": scale.lengths(starts, ends),
        "y": [lane.middle for lane, _ in gaps],
        "width": [lane.height - 2 for lane, _ in gaps],
        "hovertext": [_describe(lane, span) for lane, span in gaps],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "marker": {
            "color": "rgba(0,0,0,0)",
            "line": {"width": 0},
            "pattern": {
                "shape": "/",
                "size": 7,
                "solidity": 0.13,
                "fgcolor": theme.HATCH,
                "bgcolor": theme.BAND,
            },
        },
        "showlegend": False,
    }
    return [trace], notes


def _describe(lane: Lane, span: Span) -> str:
    name = literal(lane.label)
    if not lane.loaded:
        return f"<b>{name}: no data</b><br>No extract loaded"
    days = f"{short_date(span[0])} – {short_date(span[1] - ONE_DAY)}"
    return f"<b>{name}: no data</b><br>{days}<br>The extract does not reach here"


def _write_note(lane: Lane, span: Span, scale: TimeScale) -> dict[str, Any] | None:
    """Words in the middle of what is seen of a gap, where there is room for them."""
    begin, end = max(span[0], scale.start), min(span[1], scale.end)
    if scale.pixel(end) - scale.pixel(begin) < LEAST_NOTE_PX:
        return None
    return {
        "text": "no data" if lane.loaded else "no extract loaded",
        "xref": "x",
        "x": scale.position(begin + (end - begin) / 2),
        "yref": "y",
        "y": lane.middle,
        "showarrow": False,
        "bgcolor": theme.BAND,
        "borderpad": 1,
        "font": {"size": theme.SMALL_PX, "color": theme.INK_MUTED},
    }
