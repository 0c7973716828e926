"""The band of conditions: a bar from each onset, and frailty as rising steps."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from theograph.figures import theme
from theograph.figures.timescale import TimeScale
from theograph.figures.wording import literal, short_date
from theograph.journey import Journey

ROW_PX = 14
THICKNESS_PX = 12
FRAILTY_PX = 21
MOST_ROWS = 8
FRAILTY_MEASURES = ("efi", "efi2", "cfs", "frailty")
STEP_PX = {"mild": 12, "moderate": 16, "severe": 20}
CHARACTER_PX = 5.6


@dataclass(frozen=True, slots=True)
class ConditionsBand:
    """The traces and annotations of the band, and its height in pixels."""

    traces: list[dict[str, Any]]
    annotations: list[dict[str, Any]]
    height: float


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition; `onset` None when not recorded, `end` None while it lasts."""

    name: str
    onset: pd.Timestamp | None
    end: pd.Timestamp | None
    provider: str


@dataclass(frozen=True, slots=True)
class FrailtyStep:
    """A stretch of time in one frailty category; `end` None for the latest."""

    category: str
    start: pd.Timestamp
    end: pd.Timestamp | None


def list_conditions(journey: Journey) -> list[Condition]:
    """The person's conditions, one a name, by onset; those without an onset come first.

    The earliest onset of a name counts; one record without an end keeps it open.
    """
    rows = journey.conditions
    onsets = pd.to_datetime(rows["onset"], errors="coerce").tolist()
    ends = pd.to_datetime(rows["end"], errors="coerce").tolist()
    merged: dict[str, Condition] = {}
    for name, onset, end, provider in zip(
        rows["condition"].tolist(), onsets, ends, rows["provider"].tolist(), strict=True
    ):
        if pd.isna(name):
            continue
        known = None if pd.isna(onset) else onset
        until = None if pd.isna(end) else end
        own = Condition(str(name), known, until, literal(provider))
        before = merged.get(own.name.casefold())
        merged[own.name.casefold()] = own if before is None else _merge(before, own)
    return sorted(merged.values(), key=lambda one: (one.onset or pd.Timestamp.min, one.name))


def _merge(first: Condition, second: Condition) -> Condition:
    onsets = [one.onset for one in (first, second) if one.onset is not None]
    ends = [one.end for one in (first, second) if one.end is not None]
    return Condition(
        first.name,
        min(onsets) if onsets else None,
        max(ends) if len(ends) == 2 else None,
        first.provider or second.provider,
    )


def list_frailty_steps(journey: Journey) -> list[FrailtyStep]:
    """The person's frailty over time, equal neighbours merged."""
    rows = journey.measures
    known = rows["measure"].str.casefold().isin(FRAILTY_MEASURES) & rows["category"].notna()
    rows = rows[known & rows["measured_at"].notna()].sort_values("measured_at", kind="stable")
    steps: list[FrailtyStep] = []
    for moment, words in zip(rows["measured_at"], rows["category"], strict=True):
        category, day = words.strip().casefold(), moment.normalize()
        if steps and steps[-1].category == category:
            continue
        if steps:
            steps[-1] = replace(steps[-1], end=day)
        steps.append(FrailtyStep(category, day, None))
    return steps


def draw_conditions(journey: Journey, scale: TimeScale, *, top: float) -> ConditionsBand:
    """Draw the band from pixel `top` down; it is empty for a person without conditions."""
    conditions = [
        one for one in list_conditions(journey) if one.end is None or one.end > scale.first
    ]
    hidden = conditions[MOST_ROWS:] if len(conditions) > MOST_ROWS + 1 else []
    shown = conditions[: len(conditions) - len(hidden)]
    steps = list_frailty_steps(journey)
    traces: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    if shown:
        traces.append(_draw_bars(shown, scale, top))
        notes += [
            _label_bar(one, scale, top + (row + 0.5) * ROW_PX) for row, one in enumerate(shown)
        ]
    rows = len(shown)
    if hidden:
        notes.append(_name_hidden(hidden, top + (rows + 0.5) * ROW_PX))
        rows += 1
    if steps:
        foot = top + rows * ROW_PX + FRAILTY_PX
        traces.append(_draw_steps(steps, scale, foot))
        notes += _label_steps(steps, scale, foot)
    return ConditionsBand(traces, notes, rows * ROW_PX + (FRAILTY_PX if steps else 0))


def _draw_bars(conditions: list[Condition], scale: TimeScale, top: float) -> dict[str, Any]:
    begin = [one.onset or scale.first for one in conditions]
    finish = [
        max(one.end or scale.data_end, start + pd.Timedelta(days=1))
        for one, start in zip(conditions, begin, strict=True)
    ]
    starts = np.array(begin, dtype="datetime64[us]")
    return {
        "type": "bar",
        "name": "conditions",
        "orientation": "h",
        "base": scale.positions(starts),
        "x": scale.lengths(starts, np.array(finish, dtype="datetime64[us]")),
        "y": [top + (row + 0.5) * ROW_PX for row in range(len(conditions))],
        "width": THICKNESS_PX,
        "hovertext": [_describe(one) for one in conditions],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "marker": {
            "color": theme.CONDITION,
            "line": {"color": theme.CONDITION_EDGE, "width": 0.75},
            "cornerradius": 2,
        },
        "showlegend": False,
    }


def _describe(one: Condition) -> str:
    onset = f"Since {short_date(one.onset)}" if one.onset else "Onset not recorded"
    until = f"Ended {short_date(one.end)}" if one.end else ""
    lines = (f"<b>{literal(one.name)}</b>", onset, until, one.provider)
    return "<br>".join(line for line in lines if line)


def _label_bar(one: Condition, scale: TimeScale, y: float) -> dict[str, Any]:
    name = literal(one.name, 44)
    if one.onset is None:
        return _pinned(f"{name} (onset not recorded)", y)
    if one.onset <= scale.start:
        return _pinned(f"{name} (since {one.onset.year})", y)
    return _at_onset(name, one.onset, y, scale)


def _pinned(text: str, y: float) -> dict[str, Any]:
    return _note(text, y) | {"xref": "paper", "x": 0, "xanchor": "left", "xshift": 4}


def _at_onset(text: str, onset: pd.Timestamp, y: float, scale: TimeScale) -> dict[str, Any]:
    room = scale.pixel(scale.end) - scale.pixel(onset)
    fits = room > len(text) * CHARACTER_PX + 12
    side = {"xanchor": "left", "xshift": 4} if fits else {"xanchor": "right", "xshift": -3}
    return _note(text, y) | {"xref": "x", "x": scale.position(onset)} | side


def _note(text: str, y: float) -> dict[str, Any]:
    return {
        "text": text,
        "yref": "y",
        "y": y,
        "yanchor": "middle",
        "showarrow": False,
        "font": {"size": theme.SMALL_PX, "color": theme.INK},
        "borderpad": 0,
    }


def _name_hidden(hidden: list[Condition], y: float) -> dict[str, Any]:
    names = "<br>".join(literal(one.name) for one in hidden[:40])
    note = _pinned(f"and {len(hidden)} more conditions", y)
    return note | {"hovertext": names, "font": {"size": theme.SMALL_PX, "color": theme.INK_MUTED}}


def _draw_steps(steps: list[FrailtyStep], scale: TimeScale, foot: float) -> dict[str, Any]:
    heights = [STEP_PX.get(step.category, STEP_PX["mild"]) for step in steps]
    last = max(scale.data_end, steps[-1].start + pd.Timedelta(days=1))
    starts = np.array([step.start for step in steps], dtype="datetime64[us]")
    ends = np.array([step.end or last for step in steps], dtype="datetime64[us]")
    return {
        "type": "bar",
        "name": "frailty",
        "orientation": "h",
        "base": scale.positions(starts),
        "x": scale.lengths(starts, ends),
        "y": [foot - height / 2 for height in heights],
        "width": heights,
        "hovertext": [
            f"<b>Frailty: {literal(step.category)}</b><br>Since {short_date(step.start)}"
            for step in steps
        ],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "marker": {
            "color": [theme.FRAILTY.get(step.category, theme.CONDITION) for step in steps],
            "line": {"color": theme.FRAILTY_EDGE, "width": 0.75},
        },
        "showlegend": False,
    }


def _label_steps(steps: list[FrailtyStep], scale: TimeScale, foot: float) -> list[dict[str, Any]]:
    """A name in each step with room for it, shortened when only that fits."""
    notes: list[dict[str, Any]] = []
    for step in steps:
        begin, end = max(step.start, scale.start), min(step.end or scale.data_end, scale.end)
        name = literal(step.category).capitalize()
        room = scale.pixel(end) - scale.pixel(begin) - 6
        text = next((t for t in (f"{name} frailty", name) if len(t) * CHARACTER_PX <= room), "")
        if text:
            y = foot - STEP_PX.get(step.category, STEP_PX["mild"]) / 2
            pinned = step.start <= scale.start
            notes.append(_pinned(text, y) if pinned else _at_onset(text, begin, y, scale))
    return notes
