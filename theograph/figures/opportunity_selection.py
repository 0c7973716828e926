"""The selected opportunity across the lanes: its window, its signal, and what followed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from theograph.figures import theme
from theograph.figures.opportunities import ONE_DAY, PIN_PX, OpportunitiesBand, window_end
from theograph.figures.opportunity_list import Opportunity
from theograph.figures.opportunity_words import FindRule, write_caption
from theograph.figures.selection import Lanes, Spot, draw_outlines, draw_rings, locate_events
from theograph.figures.timescale import TimeScale
from theograph.figures.wording import literal

NAME = "selected opportunity"
TRACES = 3
CHARACTER_PX = 7.2  # at the narrowest width of the page
MOST_CHARACTERS = 70


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is drawn for the selected opportunity: always `TRACES` traces, maybe empty."""

    traces: list[dict[str, Any]]
    shapes: list[dict[str, Any]]
    annotations: list[dict[str, Any]]


def list_roles(one: Opportunity) -> dict[str, str]:
    """The part each event plays in `one`: signal, evidence, response or followed."""
    roles = dict.fromkeys(one.evidence, "evidence")
    roles |= {event_id: "response" for event_id in (one.response,) if event_id}
    roles |= {event_id: "followed" for event_id in (one.consequence,) if event_id}
    return roles | ({one.anchor: "signal"} if one.anchor else {})


def draw_selected_opportunity(
    one: Opportunity | None,
    band: OpportunitiesBand,
    drawn: Lanes,
    *,
    bottom: float,
    rule: FindRule,
) -> Drawn:
    """Draw `one` down to pixel `bottom`; an opportunity that has no pin is not drawn."""
    if one is None or one.row not in band.middles:
        blank = draw_rings([], NAME)
        return Drawn([_draw_lines([], theme.RED), draw_outlines([], NAME), blank], [], [])
    pin = band.middles[one.row]
    roles = list_roles(one)
    spots = locate_events(list(roles), drawn)
    colour = _colour(one)
    lines = [(drawn.scale.position(one.signal_at), pin, bottom)]
    lines += [
        (spot.x, pin, spot.y)
        for event_id, spot in spots.items()
        if roles[event_id] in ("response", "followed")
    ]
    traces = [
        _draw_lines(lines, colour),
        _draw_bars([spot for spot in spots.values() if spot.length], roles, colour),
        _draw_points([spot for spot in spots.values() if not spot.length], roles, one, pin, drawn),
    ]
    caption = _caption(one, band, drawn.scale, rule)
    return Drawn(traces, _draw_window(one, drawn.scale, pin, bottom), [caption])


def _draw_lines(lines: list[tuple[Any, float, float]], colour: str) -> dict[str, Any]:
    """A dashed line down from the pin for the signal and for what came of it."""
    return {
        "type": "scatter",
        "name": NAME,
        "mode": "lines",
        "x": [x for at, _, _ in lines for x in (at, at, None)],
        "y": [y for _, begin, end in lines for y in (begin, end, None)],
        "line": {"color": colour, "width": 1.4, "dash": "3px,3px"},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _draw_bars(bars: list[Spot], roles: dict[str, str], colour: str) -> dict[str, Any]:
    rings = [theme.RINGS[roles[spot.event_id]] for spot in bars]
    line = {"color": colour, "width": [ring.line_px for ring in rings]}
    marker = {"color": "rgba(0,0,0,0)", "line": line, "cornerradius": 4}
    return draw_outlines(bars, NAME) | {"marker": marker}


def _draw_points(
    points: list[Spot], roles: dict[str, str], one: Opportunity, pin: float, drawn: Lanes
) -> dict[str, Any]:
    """A ring around each event, its shape by its part, and a halo around the pin."""
    rings = [theme.RINGS[roles[spot.event_id]] for spot in points]
    halo = Spot("", drawn.scale.position(one.signal_at), pin, 0.0)
    marker = {
        "symbol": [*(ring.symbol for ring in rings), "circle-open"],
        "size": [*(ring.size for ring in rings), PIN_PX + 7],
        "color": _colour(one),
        "opacity": 1,
        "line": {"color": _colour(one), "width": [*(ring.line_px for ring in rings), 2.0]},
    }
    return draw_rings([*points, halo], NAME) | {"marker": marker}


def _draw_window(
    one: Opportunity, scale: TimeScale, pin: float, bottom: float
) -> list[dict[str, Any]]:
    """The time in which a response counted, as a pale band through the lanes."""
    begin, end = one.window_start, window_end(one)
    if begin is None or end is None:
        return []
    return [
        {
            "type": "rect",
            "xref": "x",
            "x0": scale.position(min(begin, end - ONE_DAY)),
            "x1": scale.position(end),
            "yref": "y",
            "y0": pin,
            "y1": bottom,
            "fillcolor": _colour(one),
            "opacity": 0.09,
            "line": {"width": 0},
            "layer": "below",
        }
    ]


def _caption(
    one: Opportunity, band: OpportunitiesBand, scale: TimeScale, rule: FindRule
) -> dict[str, Any]:
    """What was expected by when, centred on what is seen of the window."""
    text = write_caption(one, rule(one.rule), MOST_CHARACTERS)
    width, half = scale.pixel(scale.end), len(text) * CHARACTER_PX / 2
    begin = one.window_start if one.window_start is not None else one.signal_at
    seen = [min(max(scale.pixel(at), 0.0), width) for at in (begin, window_end(one) or begin)]
    middle = min(max(sum(seen) / 2, min(half, width / 2)), max(width - half, width / 2))
    moment = scale.start + (scale.end - scale.start) * (middle / width)
    return {
        "text": literal(text, 2 * MOST_CHARACTERS),
        "xref": "x",
        "x": scale.position(pd.Timestamp(moment)),
        "yref": "y",
        "y": band.caption,
        "yanchor": "middle",
        "showarrow": False,
        "borderpad": 0,
        "font": {"size": theme.LABEL_PX, "color": theme.RED_DARK if one.number else theme.INK},
    }


def _colour(one: Opportunity) -> str:
    """Red only for what was missed or is open."""
    return theme.RED if one.number is not None else theme.INK_MUTED
