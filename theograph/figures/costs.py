"""The cost strip: pounds a month, their running total, and a total for each financial year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from theograph.figures import theme
from theograph.figures.timescale import TimeScale
from theograph.figures.view import View
from theograph.figures.wording import literal, short_date
from theograph.journey import Journey
from theograph.record.calendar import financial_year, financial_year_start
from theograph.record.money import pounds, short_pounds
from theograph.record.sectors import SECTOR_KEYS, SECTOR_LABELS

NO_PROVIDER = "Provider not recorded"
BAR_SHARE = 0.86
MOST_YEARS = 60
PATTERNS = ("", "/", ".", "x", "-", "|", "+", "\\")


@dataclass(frozen=True, slots=True)
class Month:
    """Where one month's bar stands: its middle and width on the axis, and its name."""

    middle: Any
    width: float
    name: str


def costs_in_view(journey: Journey, events: pd.DataFrame) -> pd.DataFrame:
    """The rows of `journey.cost_by_month` that belong to `events`, those a view shows."""
    costs = journey.cost_by_month
    if len(events) == len(journey.events):
        return costs
    return costs[costs["event_id"].isin(events["event_id"])]


def draw_costs(costs: pd.DataFrame, scale: TimeScale, view: View) -> list[dict[str, Any]]:
    """The stacked monthly bars, in the order of the lanes, and the running total."""
    if costs.empty:
        return [_hold_axis(scale, axis) for axis in ("y2", "y3")]
    split = _split_by_provider if view.costs_by == "provider" else _split_by_sector
    total = _draw_running_total(costs, scale)
    halo = total | {"line": {"color": theme.CARD, "width": 4}, "hoverinfo": "skip"}
    halo = {key: value for key, value in halo.items() if not key.startswith("hovert")}
    bars = split(costs, _place_months(costs, scale)) or [_hold_axis(scale, "y2")]
    return [*bars, halo, total]


def _hold_axis(scale: TimeScale, axis: str) -> dict[str, Any]:
    """Nothing to see: without any trace plotly leaves the axis out and the strip collapses."""
    return {
        "type": "scatter",
        "name": "no costs",
        "x": [scale.position(scale.start)],
        "y": [None],
        "xaxis": "x",
        "yaxis": axis,
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _place_months(costs: pd.DataFrame, scale: TimeScale) -> dict[pd.Timestamp, Month]:
    months = costs["month"].drop_duplicates().tolist()
    halves = [month + pd.Timedelta(hours=12 * month.days_in_month) for month in months]
    middles = scale.positions(np.array(halves, dtype="datetime64[us]"))
    unit_days = 86_400_000.0 if scale.zero is None else 1.0
    return {
        month: Month(middle, month.days_in_month * unit_days * BAR_SHARE, f"{month:%B %Y}")
        for month, middle in zip(months, middles, strict=True)
    }


def _split_by_sector(
    costs: pd.DataFrame, months: dict[pd.Timestamp, Month]
) -> list[dict[str, Any]]:
    sums = _sum_by_month(costs, "sector")
    order = (*SECTOR_KEYS, *sorted(set(sums) - set(SECTOR_KEYS)))
    return [
        _draw_stack(
            sums[sector],
            SECTOR_LABELS.get(sector, sector),
            {"color": theme.sector_colour(sector), "line": {"width": 0}},
            months,
        )
        for sector in reversed(order)
        if sector in sums
    ]


def _split_by_provider(
    costs: pd.DataFrame, months: dict[pd.Timestamp, Month]
) -> list[dict[str, Any]]:
    """Each provider in the colour of its dearest sector; further ones there get a pattern."""
    costs = costs.assign(provider=costs["provider"].astype(object).fillna(NO_PROVIDER))
    main = costs.groupby(["provider", "sector"])["cost_pence"].sum().reset_index()
    main = main.sort_values(["cost_pence", "sector"], ascending=[False, True])
    main = main.drop_duplicates("provider").sort_values(["cost_pence", "provider"], ascending=False)
    main["pattern"] = main.groupby("sector").cumcount() % len(PATTERNS)
    order = {sector: place for place, sector in enumerate(SECTOR_KEYS)}
    main["place"] = main["sector"].map(order).fillna(len(order))
    main = main.sort_values(["place", "pattern"], ascending=False)
    sums = _sum_by_month(costs, "provider")
    return [
        _draw_stack(
            sums[provider],
            provider,
            {
                "color": theme.sector_colour(sector),
                "line": {"width": 0.5, "color": theme.CARD},
                "pattern": {"shape": PATTERNS[pattern], "fgcolor": theme.CARD, "size": 5},
            },
            months,
        )
        for provider, sector, pattern in zip(
            main["provider"], main["sector"], main["pattern"], strict=True
        )
        if provider in sums
    ]


def _sum_by_month(costs: pd.DataFrame, by: str) -> dict[str, dict[pd.Timestamp, int]]:
    sums = costs.groupby([by, "month"])["cost_pence"].sum().reset_index()
    split: dict[str, dict[pd.Timestamp, int]] = {}
    for name, month, pence in zip(sums[by], sums["month"], sums["cost_pence"], strict=True):
        if pence:
            split.setdefault(str(name), {})[month] = int(pence)
    return split


def _draw_stack(
    pence: dict[pd.Timestamp, int],
    name: str,
    marker: dict[str, Any],
    months: dict[pd.Timestamp, Month],
) -> dict[str, Any]:
    shown = literal(name)
    return {
        "type": "bar",
        "name": shown,
        "x": [months[month].middle for month in pence],
        "y": [amount / 100 for amount in pence.values()],
        "width": [months[month].width for month in pence],
        "xaxis": "x",
        "yaxis": "y2",
        "hovertext": [
            f"<b>{shown}</b><br>{months[month].name}<br>{pounds(amount)}"
            for month, amount in pence.items()
        ],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "marker": marker,
        "showlegend": False,
    }


def _draw_running_total(costs: pd.DataFrame, scale: TimeScale) -> dict[str, Any]:
    total = costs.groupby("month")["cost_pence"].sum().sort_index().cumsum()
    first = total.index[0]
    ends = [month + pd.offsets.MonthBegin(1) for month in total.index]
    moments = [first, *(max(min(end, scale.data_end), first) for end in ends)]
    pence = [0, *total.tolist()]
    return {
        "type": "scatter",
        "name": "running total",
        "mode": "lines",
        "x": scale.positions(np.array(moments, dtype="datetime64[us]")),
        "y": [value / 100 for value in pence],
        "xaxis": "x",
        "yaxis": "y3",
        "line": {"color": theme.INK, "width": 1.6},
        "hovertext": [
            f"<b>{pounds(value)}</b> in all<br>by {short_date(moment)}"
            for value, moment in zip(pence, moments, strict=True)
        ],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "showlegend": False,
    }


def highest_month_pounds(costs: pd.DataFrame) -> float:
    """The cost of the dearest month, in pounds; 0 when nothing is costed."""
    return 0.0 if costs.empty else float(costs.groupby("month")["cost_pence"].sum().max()) / 100


def financial_years(scale: TimeScale) -> list[pd.Timestamp]:
    """The first of April on which each financial year within reach of the axis begins."""
    first = pd.Timestamp(financial_year_start(scale.first.date()))
    years = pd.date_range(first, scale.last, freq=pd.DateOffset(years=1))
    return list(years[-MOST_YEARS:])


def label_years(costs: pd.DataFrame, scale: TimeScale, *, y: float) -> list[dict[str, Any]]:
    """The total of each financial year in sight, in the middle of what is seen of it."""
    totals = costs.groupby("financial_year")["cost_pence"].sum()
    notes = []
    for begin in financial_years(scale):
        name = financial_year(begin.date())
        left = max(begin, scale.start)
        right = min(begin + pd.DateOffset(years=1), scale.end)
        if right <= left or begin >= scale.data_end:
            continue
        text = _year_text(name, int(totals.get(name, 0)), scale.pixel(right) - scale.pixel(left))
        if text:
            notes.append(
                {
                    "text": text,
                    "xref": "x",
                    "x": scale.position(left + (right - left) / 2),
                    "yref": "y",
                    "y": y,
                    "showarrow": False,
                    "font": {"size": theme.LABEL_PX, "color": theme.INK},
                }
            )
    return notes


def _year_text(name: str, pence: int, width_px: float) -> str:
    if width_px >= 110:
        return f"<b>{name}</b> {pounds(pence)}"
    if width_px >= 84:
        return f"<b>{name[2:]}</b> {short_pounds(pence)}"
    return short_pounds(pence) if width_px >= 40 else ""
