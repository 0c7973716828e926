"""The row of opportunities: a pin at each signal, and the time in which a response was expected.

Missed ones are filled and numbered, open ones hollow with a heavy outline and the date by
which, met ones a small ring with a tick: the shape tells them apart, not the colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from theograph.figures import theme
from theograph.figures.labels import label_right, label_row
from theograph.figures.opportunity_list import Opportunity, choose_shown, list_opportunities
from theograph.figures.opportunity_words import (
    FindRule,
    describe_expected,
    describe_outcome,
    name_opportunity,
    short_day,
)
from theograph.figures.timescale import TimeScale
from theograph.figures.view import View
from theograph.figures.wording import KIND_LIMIT, literal, short_date
from theograph.journey import Journey

PIN_PREFIX = "opportunity-"
PIN_PX = 16.5
SMALL_PIN_PX = 11.0
PITCH_PX = 17.5
LEAST_PX = 24
CAPTION_PX = 14
WINDOW_PX = 6.5
GAP_PX = 1.0
CLEAR_ROWS = 2
MOST_ROWS = 4
TICK = "M-3.2,-0.2L-1,-2.6L3.4,2.8"  # pixels count upwards
ONE_DAY = pd.Timedelta(days=1)


@dataclass(frozen=True, slots=True)
class OpportunitiesBand:
    """The row as traces, shapes and annotations, its height in pixels, and where each pin stands.

    `middles` gives the middle of the pin of each opportunity drawn, by its row number.
    """

    traces: list[dict[str, Any]]
    shapes: list[dict[str, Any]]
    annotations: list[dict[str, Any]]
    height: float
    middles: dict[int, float]
    caption: float


def draw_opportunities(
    journey: Journey, view: View, scale: TimeScale, *, top: float, rule: FindRule
) -> OpportunitiesBand:
    """Draw the row from pixel `top` down, with room under it for words on the one selected."""
    shown = choose_shown(list_opportunities(journey), view.opportunities)
    if not shown:
        notes = [_name_band(journey, top + LEAST_PX / 2), _say_none(journey, view, top)]
        return OpportunitiesBand([], [], notes, LEAST_PX, {}, top + LEAST_PX)
    rows = pack_pins(*_measure(shown, scale))
    height = max(LEAST_PX, (max(rows) + 1) * PITCH_PX + 4)
    foot = top + height - (height - (max(rows) + 1) * PITCH_PX) / 2
    middles = {one.row: foot - (row + 0.5) * PITCH_PX for one, row in zip(shown, rows, strict=True)}
    traces = [_draw_windows(shown, middles, scale), _draw_pins(shown, middles, scale, rule)]
    shapes = [_tick(one, middles[one.row], scale) for one in shown if one.status == "met"]
    notes = [
        _name_band(journey, top + height / 2),
        *_say_act_by(shown, middles, scale, as_of=journey.as_of),
    ]
    caption = top + height + CAPTION_PX / 2
    return OpportunitiesBand(traces, shapes, notes, height + CAPTION_PX, middles, caption)


def window_end(one: Opportunity) -> pd.Timestamp | None:
    """The midnight after the last day on which a response was in time."""
    return None if one.due is None else one.due.normalize() + ONE_DAY


def pack_pins(left: Sequence[float], right: Sequence[float], reach: Sequence[float]) -> list[int]:
    """The row, 0 lowest, of each pin from `left` to `right` with a window up to `reach`.

    Pins come by time. One goes where neither a pin nor a window is in its way, if one of the
    lowest rows is so, else where no pin is; when every row is taken, where most is seen of it.
    """
    pins = [float("-inf")] * MOST_ROWS
    windows = [float("-inf")] * MOST_ROWS
    rows = []
    for begin, end, until in zip(left, right, reach, strict=True):
        free = [row for row in range(MOST_ROWS) if pins[row] + GAP_PX <= begin]
        clear = [row for row in free if row < CLEAR_ROWS and windows[row] <= begin]
        if clear:
            row = clear[0]
        elif free:
            low = [at for at in free if at < CLEAR_ROWS] or free[:1]
            row = min(low, key=lambda at: (windows[at], at))
        else:
            row = min(range(MOST_ROWS), key=lambda at: (pins[at], at))
        rows.append(row)
        pins[row] = max(pins[row], end)
        windows[row] = max(windows[row], until)
    return rows


def _measure(
    shown: list[Opportunity], scale: TimeScale
) -> tuple[list[float], list[float], list[float]]:
    """Pixels of each pin's edges and of the end of its window; an open one keeps its row."""
    moments = np.array([one.signal_at for one in shown], dtype="datetime64[us]")
    centre = scale.pixels(moments).tolist()
    half = [_size(one) / 2 for one in shown]
    right = [at + own for at, own in zip(centre, half, strict=True)]
    reach = [
        float("inf") if one.status == "open" else max(edge, _window_pixel(one, scale))
        for one, edge in zip(shown, right, strict=True)
    ]
    return [at - own for at, own in zip(centre, half, strict=True)], right, reach


def _window_pixel(one: Opportunity, scale: TimeScale) -> float:
    end = window_end(one) if one.number is not None else None
    return float("-inf") if end is None else scale.pixel(end)


def _size(one: Opportunity) -> float:
    return PIN_PX if one.number is not None else SMALL_PIN_PX


def _draw_windows(
    shown: list[Opportunity], middles: dict[int, float], scale: TimeScale
) -> dict[str, Any]:
    """The time from each signal to the last day for a response; hollow while that is open."""
    spans = [
        (one, end)
        for one in shown
        if one.number is not None and (end := window_end(one)) is not None and end > one.signal_at
    ]
    starts = np.array([one.signal_at for one, _ in spans], dtype="datetime64[us]")
    ends = np.array([end for _, end in spans], dtype="datetime64[us]")
    hollow = [one.status == "open" for one, _ in spans]
    return {
        "type": "bar",
        "name": "windows of opportunities",
        "orientation": "h",
        "base": scale.positions(starts),
        "x": scale.lengths(starts, ends),
        "y": [middles[one.row] for one, _ in spans],
        "width": WINDOW_PX,
        "hoverinfo": "skip",
        "marker": {
            "color": [theme.CARD if own else theme.RED_WINDOW for own in hollow],
            "line": {"color": theme.RED, "width": [1.2 if own else 0 for own in hollow]},
        },
        "showlegend": False,
    }


def _draw_pins(
    shown: list[Opportunity], middles: dict[int, float], scale: TimeScale, rule: FindRule
) -> dict[str, Any]:
    looks = [theme.PINS.get(one.status, theme.PINS["not_assessable"]) for one in shown]
    moments = np.array([one.signal_at for one in shown], dtype="datetime64[us]")
    return {
        "type": "scatter",
        "name": "opportunities",
        "mode": "markers+text",
        "x": scale.positions(moments),
        "y": [middles[one.row] for one in shown],
        "ids": [f"{PIN_PREFIX}{one.row}" for one in shown],
        "text": [_mark(one) for one in shown],
        "textposition": "middle center",
        "textfont": {"size": theme.TINY_PX, "color": [look.text for look in looks], "weight": 700},
        "hovertext": [_describe(one, rule) for one in shown],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "marker": {
            "symbol": "circle",
            "size": [_size(one) for one in shown],
            "color": [look.fill for look in looks],
            "line": {
                "color": [look.line for look in looks],
                "width": [look.line_px for look in looks],
            },
            "opacity": 1,
        },
        "showlegend": False,
    }


def _mark(one: Opportunity) -> str:
    return str(one.number) if one.number is not None else "" if one.status == "met" else "?"


def _describe(one: Opportunity, rule: FindRule) -> str:
    found = rule(one.rule)
    number = f"{one.number}. " if one.number is not None else ""
    lines = [
        f"<b>{number}{literal(name_opportunity(one, found), KIND_LIMIT)}</b>",
        short_date(one.signal_at),
        literal(describe_expected(one, found), KIND_LIMIT + 40) if one.due is not None else "",
        describe_outcome(one),
    ]
    return "<br>".join(line for line in lines if line)


def _tick(one: Opportunity, middle: float, scale: TimeScale) -> dict[str, Any]:
    return {
        "type": "path",
        "path": TICK,
        "xref": "x",
        "xsizemode": "pixel",
        "xanchor": scale.position(one.signal_at),
        "yref": "y",
        "ysizemode": "pixel",
        "yanchor": middle,
        "line": {"color": theme.INK_MUTED, "width": 1.6},
        "layer": "above",
    }


def _name_band(journey: Journey, middle: float) -> dict[str, Any]:
    colour = theme.INK_MUTED if journey.opportunities.empty else theme.RED_DARK
    return label_row("Missed opportunities", middle, colour=colour)


def _say_none(journey: Journey, view: View, top: float) -> dict[str, Any]:
    if not len(journey.opportunities.columns):
        text = "no rules have been applied"
    elif journey.opportunities.empty:
        text = "none of the patterns was found"
    elif view.opportunities is None:
        text = "none missed or open"
    else:
        text = "none as filtered"
    note = label_right(text, top + LEAST_PX / 2)
    return note | {"x": 0, "xshift": 6}


def _say_act_by(
    shown: list[Opportunity],
    middles: dict[int, float],
    scale: TimeScale,
    *,
    as_of: pd.Timestamp,
) -> list[dict[str, Any]]:
    """To the right of each row with open ones in sight: the first date by which to act."""
    by_row: dict[float, list[pd.Timestamp]] = {}
    for one in shown:
        if one.status == "open" and one.due is not None and one.signal_at < scale.end:
            by_row.setdefault(middles[one.row], []).append(one.due)
    notes = []
    for middle, dates in by_row.items():
        first, more = min(dates), len(dates) - 1
        day = short_day(first, near=as_of)
        text = f"<b>by {day}</b> +{more}" if more else f"<b>act by {day}</b>"
        note = label_right(text, middle)
        note["font"] = {"size": theme.SMALL_PX, "color": theme.RED_DARK}
        notes.append(note | {"hovertext": "<br>".join(map(_full_act_by, sorted(dates)))})
    return notes


def _full_act_by(day: pd.Timestamp) -> str:
    return f"act by {short_date(day)}"
