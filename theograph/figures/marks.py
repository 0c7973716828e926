"""The marks in the lanes: points for contacts, bars for spells, and what they say."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from theograph.figures import theme
from theograph.figures.aggregate import group_events, single_out, tile_heights
from theograph.figures.cost_labels import CostLabels
from theograph.figures.crowding import choose_counts, count_hidden, write_counts
from theograph.figures.lanes import TILE_PX, Lane, mark_middles
from theograph.figures.mark_table import Marks, Numbers, Texts, join_marks
from theograph.figures.timescale import TimeScale
from theograph.figures.view import View
from theograph.figures.wording import KIND_LIMIT, describe_events, literal, literals

HOVER = "%{hovertext}<extra></extra>"
TITLED_HOVER = "<b>%{text}</b><br>%{hovertext}<extra></extra>"
SEPARATED_BAR_PX = 6.0


def collect_marks(
    events: pd.DataFrame, *, view: View, scale: TimeScale, as_of: pd.Timestamp
) -> Marks:
    """The marks of `events`, which have `lane`, `finish` and `bar` besides their own columns.

    Events without a start cannot stand on a time axis and are left out.
    """
    if events["start"].hasnans:
        events = events[events["start"].notna()]
    alone = single_out(events, view, as_of=as_of)
    if alone.all():
        return _single_marks(events)
    groups = group_events(events[~alone], scale, as_of=as_of)
    return join_marks(_single_marks(events[alone]), groups)


def _single_marks(events: pd.DataFrame) -> Marks:
    look = choose_looks(events)
    sizes = {name: look.size for name, look in theme.LOOKS.items()}
    size = len(events)
    return Marks(
        event_id=events["event_id"].to_numpy(dtype=object),
        sector=events["sector"].to_numpy(dtype=object),
        lane=events["lane"].to_numpy(dtype="int64"),
        start=events["start"].to_numpy(dtype="datetime64[us]"),
        finish=events["finish"].to_numpy(dtype="datetime64[us]"),
        bar=events["bar"].to_numpy(dtype=bool),
        tile=np.zeros(size, dtype=bool),
        cost_pence=events["cost_pence"].fillna(0).to_numpy(dtype="int64"),
        look=look,
        size=np.array([sizes[name] for name in look], dtype=float),
        count=np.ones(size, dtype="int64"),
        title=np.array(literals(events["kind"], KIND_LIMIT), dtype=object),
        hover=describe_events(events),
        row=np.zeros(size, dtype="int64"),
    )


def choose_looks(events: pd.DataFrame) -> Texts:
    """The look of each event as a point: its status when it did not go ahead, else its mode."""
    looks = [
        theme.LOOK_OF_STATUS.get(status) or theme.LOOK_OF_MODE.get(mode, "unknown")
        for status, mode in zip(events["status"].tolist(), events["mode"].tolist(), strict=True)
    ]
    return np.array(looks, dtype=object)


def draw_marks(
    marks: Marks, labels: CostLabels, lanes: list[Lane], scale: TimeScale
) -> list[dict[str, Any]]:
    """The traces of all lanes: for each sector its bars and its points, then cost labels."""
    middles = mark_middles(marks, lanes)
    traces: list[dict[str, Any]] = []
    short = marks.point & ~np.isnat(marks.finish)
    if short.any():
        traces.append(_draw_lengths(marks.only(short), middles[short], scale))
    sectors = dict.fromkeys(lane.sector for lane in lanes)
    if marks.tile.any():
        traces.append(_draw_tiles(marks.only(marks.tile), middles[marks.tile], scale))
    for sector in sectors:
        keep = marks.bar & (marks.sector == sector)
        if keep.any():
            inside = np.where(labels.place == "inside", labels.text, "")[keep]
            traces.append(_draw_bars(marks.only(keep), middles[keep], inside, scale))
    for sector in sectors:
        keep = marks.point & (marks.sector == sector)
        if keep.any():
            traces.append(_draw_points(marks.only(keep), middles[keep], scale))
    counts = count_hidden(marks, scale)
    traces += write_counts(marks, counts, choose_counts(marks, counts, scale), middles, scale)
    return [*traces, *_write_costs(marks, labels, middles, scale)]


def _draw_points(points: Marks, y: Numbers, scale: TimeScale) -> dict[str, Any]:
    colour = theme.sector_colour(points.sector[0])
    crossed = points.look == "did_not_attend"
    return {
        "type": "scatter",
        "name": f"{literal(points.sector[0])} contacts",
        "mode": "markers",
        "x": scale.positions(points.start),
        "y": y.tolist(),
        "customdata": points.event_id.tolist(),
        "text": points.title.tolist(),
        "hovertext": points.hover.tolist(),
        "hovertemplate": TITLED_HOVER,
        "marker": {
            "color": colour,
            "size": _one_or_all(points.size.tolist()),
            "symbol": _one_or_all([theme.LOOKS[look].symbol for look in points.look]),
            "opacity": 1,
            # a cross is all line; around the filled symbols a white line keeps neighbours apart
            "line": {
                "color": _one_or_all(np.where(crossed, colour, theme.CARD).tolist()),
                "width": _one_or_all(np.where(crossed, 2.0, 0.75).tolist()),
            },
        },
        "showlegend": False,
    }


def _one_or_all(values: list[Any]) -> Any:
    return values[0] if len(set(values)) == 1 else values


def _draw_bars(bars: Marks, y: Numbers, inside: Texts, scale: TimeScale) -> dict[str, Any]:
    colour = theme.sector_colour(bars.sector[0])
    wide = scale.pixels(bars.finish) - scale.pixels(bars.start) > SEPARATED_BAR_PX
    return {
        "type": "bar",
        "name": f"{literal(bars.sector[0])} spells",
        "orientation": "h",
        "base": scale.positions(bars.start),
        "x": scale.lengths(bars.start, bars.finish),
        "y": y.tolist(),
        "width": theme.BAR_PX,
        "customdata": bars.event_id.tolist(),
        "text": inside.tolist(),
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "insidetextfont": {"color": theme.text_on(colour), "size": theme.SMALL_PX},
        "constraintext": "none",
        "hovertext": ("<b>" + bars.title + "</b><br>" + bars.hover).tolist(),
        "hovertemplate": HOVER,
        "marker": {
            "color": colour,
            # short bars get a line of their own colour to stay visible, long ones a gap
            "line": {"color": _one_or_all(np.where(wide, theme.CARD, colour).tolist()), "width": 1},
        },
        "showlegend": False,
    }


def _draw_tiles(tiles: Marks, y: Numbers, scale: TimeScale) -> dict[str, Any]:
    heights = np.array(tile_heights(tiles.count, TILE_PX))
    return {
        "type": "bar",
        "name": "counted contacts",
        "orientation": "h",
        "base": scale.positions(tiles.start),
        "x": scale.lengths(tiles.start, tiles.finish),
        "y": (y + (TILE_PX - heights) / 2).round(2).tolist(),
        "width": heights.tolist(),
        "customdata": tiles.event_id.tolist(),
        "hovertext": ("<b>" + tiles.title + "</b><br>" + tiles.hover).tolist(),
        "hovertemplate": HOVER,
        "marker": {
            "color": [theme.sector_colour(sector) for sector in tiles.sector],
            "line": {"color": theme.CARD, "width": 0.75},
        },
        "showlegend": False,
    }


def _draw_lengths(marks: Marks, y: Numbers, scale: TimeScale) -> dict[str, Any]:
    """Faint bars behind points that last for hours; they show once the axis does."""
    return {
        "type": "bar",
        "name": "lengths",
        "orientation": "h",
        "base": scale.positions(marks.start),
        "x": scale.lengths(marks.start, marks.finish),
        "y": y.tolist(),
        "width": 5,
        "hoverinfo": "skip",
        "marker": {"color": [theme.sector_colour(sector) for sector in marks.sector]},
        "opacity": 0.4,
        "showlegend": False,
    }


def _write_costs(
    marks: Marks, labels: CostLabels, middles: Numbers, scale: TimeScale
) -> list[dict[str, Any]]:
    """Labels over bars in ink, and labels in what is seen of a bar in its text colour."""
    traces = []
    for place, position in (("above", "top center"), ("pinned", "middle center")):
        keep = labels.place == place
        if not keep.any():
            continue
        colours = [theme.text_on(theme.sector_colour(sector)) for sector in marks.sector[keep]]
        raised = theme.BAR_PX / 2 if place == "above" else 0
        traces.append(
            {
                "type": "scatter",
                "name": "costs of spells",
                "mode": "text",
                "x": scale.positions(scale.moments(labels.centre[keep])),
                "y": (middles[keep] - raised).tolist(),
                "text": labels.text[keep].tolist(),
                "textposition": position,
                "textfont": {
                    "size": theme.SMALL_PX,
                    "color": theme.INK if place == "above" else colours,
                },
                "hoverinfo": "skip",
                "showlegend": False,
            }
        )
    return traces
