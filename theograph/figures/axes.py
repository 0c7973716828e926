"""The shared time axis and the two cost axes, as plotly layout."""

from __future__ import annotations

from math import floor, log10
from typing import Any

from theograph.figures import theme
from theograph.figures.timescale import TimeScale
from theograph.figures.view import View
from theograph.record.money import short_pounds

DAY_MS = 86_400_000
TICK_FORMATS: tuple[tuple[list[Any], str], ...] = (
    ([None, 1_000], "%H:%M:%S\n%-d %b %Y"),
    ([1_000, DAY_MS - 1], "%H:%M\n%-d %b %Y"),
    ([DAY_MS, 27 * DAY_MS], "%-d %b\n%Y"),
    ([27 * DAY_MS, "M11"], "%b\n%Y"),
    (["M11", None], "%Y"),
)


def time_axis(scale: TimeScale, view: View) -> dict[str, Any]:
    """The layout of the x axis: ticks from years to hours, or days from day 0."""
    axis: dict[str, Any] = {
        "range": [scale.position(scale.start), scale.position(scale.end)],
        "minallowed": scale.position(scale.first),
        "maxallowed": scale.position(scale.last),
        "anchor": "y2" if view.show_costs else "y",
        "showgrid": True,
        "ticks": "outside",
        "ticklen": 4,
        "tickcolor": theme.RULE_STRONG,
        "nticks": 15,
        "showline": True,
        "linecolor": theme.RULE_STRONG,
        "zeroline": False,
    }
    if scale.zero is None:
        stops = [{"dtickrange": reach, "value": form} for reach, form in TICK_FORMATS]
        return axis | {"type": "date", "tickformatstops": stops, "tickangle": 0}
    return axis | {"type": "linear", "tickformat": ",~f", "tickangle": 0}


def lanes_axis(height: float, domain: list[float]) -> dict[str, Any]:
    """The y axis of conditions and lanes: pixels from the top, never zoomed."""
    return {
        "range": [height, 0],
        "domain": domain,
        "fixedrange": True,
        "visible": False,
        "zeroline": False,
    }


def cost_axes(highest: float, total: float, domain: list[float]) -> dict[str, Any]:
    """The axes of the cost strip: pounds a month on the left, the running total on the right.

    `highest` is the dearest month and `total` the total of all, both in pounds.
    """
    left = _money_axis(highest) | {"domain": domain, "anchor": "x", "gridcolor": theme.RULE}
    right = _money_axis(total) | {"overlaying": "y2", "anchor": "x", "side": "right"}
    return {"yaxis2": left, "yaxis3": right | {"showgrid": False}}


def _money_axis(most: float) -> dict[str, Any]:
    ticks = money_ticks(most)
    return {
        "fixedrange": True,
        "zeroline": False,
        "ticks": "",
        "range": [0, max(most * 1.08, ticks[-1] * 1.02)],
        "tickmode": "array",
        "tickvals": ticks,
        "ticktext": [short_pounds(tick * 100).replace(".0k", "k") for tick in ticks],
    }


def money_ticks(most: float) -> list[float]:
    """Three to five round amounts in pounds, from 0 to at most `most`: steps of 1, 2 or 5."""
    if most <= 0:
        return [0.0, 1_000.0]
    power = 10.0 ** floor(log10(most / 4))
    step = next(step * power for step in (1, 2, 5, 10) if most / (step * power) <= 4)
    return [step * count for count in range(int(most // step) + 1)]
