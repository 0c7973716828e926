"""How far the extracts reach: each feed a row of months, its gaps to be seen."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from theograph.figures import theme
from theograph.figures.wording import literal
from theograph.record.sectors import SECTOR_KEYS, SECTOR_LABELS

NO_PROVIDER = "Provider not recorded"
ROW_PX = 38
BAR_PX = 27
BAR_SHARE = 0.86
NARROW_MONTHS = 12  # bars of fewer months would be beams
AXIS_PX = 34
LABELS_PX = 236
NOTE_MONTHS = 12
_ONE_MONTH = pd.DateOffset(months=1)


def draw_feed_coverage(months: pd.DataFrame) -> go.Figure:
    """A row for each provider and sector, a bar for each month in which events began.

    `months` has a row for each month of each feed: `provider` (may be missing), `sector`, `month`
    (its first day), `events`, `covered`. A bar is as tall as its share of the row's fullest month;
    months of the whole span that no extract covers are hatched.
    """
    rows = _place_feeds(months)
    gaps = find_uncovered_months(months).merge(rows, on=["sector", "provider"])
    height = ROW_PX * len(rows) + AXIS_PX
    first, last = months["month"].min(), months["month"].max() + _ONE_MONTH
    figure = go.Figure(
        [*_draw_hatching(gaps), *_draw_bars(months.fillna({"provider": NO_PROVIDER}), rows)]
    )
    figure.update_layout(
        template=theme.plotly_template(),
        height=height,
        barmode="overlay",
        bargap=0,
        showlegend=False,
        dragmode=False,
        margin={"l": LABELS_PX, "r": 8, "t": AXIS_PX, "b": 0},
        shapes=[_rule_under(row) for row in range(len(rows))],
        annotations=[note for feed in rows.itertuples() for note in _name_feed(feed)],
    )
    figure.update_xaxes(range=[first, last], **_time_ticks(months["month"].nunique()))
    return figure.update_yaxes(range=[ROW_PX * len(rows), 0], fixedrange=True, visible=False)


def find_uncovered_months(months: pd.DataFrame) -> pd.DataFrame:
    """Each run of months of a feed that no extract covers: `sector`, `provider`, `first`, `last`.

    Looked for over the whole span of all feeds; `last` is the first day of the last month.
    """
    named = months.fillna({"provider": NO_PROVIDER})
    every = pd.date_range(named["month"].min(), named["month"].max(), freq="MS")
    feeds = named[["sector", "provider"]].drop_duplicates()
    grid = feeds.merge(pd.DataFrame({"month": every.astype("datetime64[us]")}), how="cross")
    known = named[["sector", "provider", "month", "covered"]]
    known = known.astype({"month": "datetime64[us]"})
    grid = grid.merge(known, on=["sector", "provider", "month"], how="left")
    grid["covered"] = grid["covered"].eq(True)
    feed = grid.groupby(["sector", "provider"], sort=False)["covered"]
    grid["run"] = (grid["covered"] != feed.shift()).cumsum()
    runs = grid[~grid["covered"]].groupby(["sector", "provider", "run"], as_index=False, sort=False)
    found: pd.DataFrame = runs.agg(first=("month", "min"), last=("month", "max"))
    return found.drop(columns="run")


def describe_feeds(months: pd.DataFrame) -> pd.DataFrame:
    """The same in words: a row a feed, the heads as its columns."""
    rows = _place_feeds(months)
    named = months.fillna({"provider": NO_PROVIDER})
    told = []
    feed: Any
    for feed in rows.itertuples():
        mine = named[(named["sector"] == feed.sector) & (named["provider"] == feed.provider)]
        covered = mine[mine["covered"]]
        inner = mine[~mine["covered"] & (mine["events"] == 0)]
        quiet = covered[covered["events"] == 0]
        told.append(
            {
                "Sector": SECTOR_LABELS.get(feed.sector, feed.sector),
                "Provider": feed.provider,
                "Extracts reach": _say_span(covered["month"]),
                "Events": f"{int(mine['events'].sum()):,}",
                "Months between without an extract": _say_months(inner["month"]),
                "Covered months without an event": _say_months(quiet["month"]),
            }
        )
    return pd.DataFrame(told)


def _place_feeds(months: pd.DataFrame) -> pd.DataFrame:
    """The feeds in the order of the lanes, each with its `row` from the top and its totals."""
    named = months.fillna({"provider": NO_PROVIDER})
    feeds = named.groupby(["sector", "provider"], as_index=False).agg(
        events=("events", "sum"), fullest=("events", "max")
    )
    order = {key: place for place, key in enumerate(SECTOR_KEYS)}
    feeds["place"] = feeds["sector"].map(order).fillna(len(order))
    feeds = feeds.sort_values(["place", "provider"], ignore_index=True)
    return feeds.drop(columns="place").assign(row=range(len(feeds)))


def _draw_bars(months: pd.DataFrame, rows: pd.DataFrame) -> list[dict[str, Any]]:
    """One trace a sector: a bar for each month that has events."""
    filled = months[months["events"] > 0].merge(
        rows[["sector", "provider", "row", "fullest"]], on=["sector", "provider"]
    )
    return [
        _draw_sector(filled[filled["sector"] == sector], sector, months["month"].nunique())
        for sector in rows["sector"].drop_duplicates()
        if (filled["sector"] == sector).any()
    ]


def _time_ticks(months_shown: int) -> dict[str, Any]:
    """Ticks at months or years, never at days."""
    few = {"dtick": "M1"} if months_shown <= NOTE_MONTHS else {"nticks": 14}
    stops = [
        {"dtickrange": [None, "M11"], "value": "%b\n%Y"},
        {"dtickrange": ["M12", None], "value": "%Y"},
    ]
    axis = {"side": "top", "fixedrange": True, "showgrid": True}  # in sight above many rows
    return few | axis | {"tickformatstops": stops}


def _draw_sector(months: pd.DataFrame, sector: str, months_shown: int) -> dict[str, Any]:
    starts = pd.to_datetime(months["month"])
    lengths = _lengths_ms(starts, starts)
    tall = np.maximum(months["events"] / months["fullest"] * BAR_PX, 2.0)
    names = [literal(name) for name in months["provider"]]
    return {
        "type": "bar",
        "name": SECTOR_LABELS.get(sector, sector),
        "x": starts + pd.to_timedelta(lengths / 2, unit="ms"),
        "width": lengths * BAR_SHARE * min(1.0, months_shown / NARROW_MONTHS),
        "base": (months["row"] + 1) * ROW_PX - 3,
        "y": -tall,
        "marker": {"color": theme.sector_colour(sector), "line": {"width": 0}},
        "customdata": np.column_stack(
            [names, starts.dt.strftime("%B %Y"), months["events"].map(_say_events)]
        ),
        "hovertemplate": "<b>%{customdata[0]}</b><br>%{customdata[1]}: %{customdata[2]}"
        "<extra></extra>",
    }


def _draw_hatching(gaps: pd.DataFrame) -> list[dict[str, Any]]:
    if gaps.empty:
        return []
    lengths = _lengths_ms(gaps["first"], gaps["last"])
    spans = [_say_span(pd.Series([gap.first, gap.last])) for gap in gaps.itertuples()]
    return [
        {
            "type": "bar",
            "name": "no extract",
            "x": gaps["first"] + pd.to_timedelta(lengths / 2, unit="ms"),
            "width": lengths,
            "base": gaps["row"] * ROW_PX + 2,
            "y": [ROW_PX - 4] * len(gaps),
            "marker": {
                "color": "rgba(0,0,0,0)",
                "line": {"width": 0},
                "pattern": {
                    "shape": "/",
                    "size": 7,
                    "solidity": 0.16,
                    "fgcolor": theme.HATCH,
                    "bgcolor": theme.BAND,
                },
            },
            "customdata": np.column_stack([[literal(name) for name in gaps["provider"]], spans]),
            "hovertemplate": "<b>%{customdata[0]}</b><br>%{customdata[1]}: no extract"
            "<extra></extra>",
        }
    ]


def _lengths_ms(first: pd.Series, last: pd.Series) -> pd.Series:
    """Milliseconds from the first day of `first` to the end of the month `last`."""
    begin = pd.to_datetime(first)
    end = pd.to_datetime(last) + _ONE_MONTH
    return (end - begin).dt.total_seconds() * 1000


def _rule_under(row: int) -> dict[str, Any]:
    height = (row + 1) * ROW_PX
    line = {"color": theme.RULE, "width": 1}
    place = {"xref": "paper", "x0": 0, "x1": 1, "yref": "y", "y0": height, "y1": height}
    return {"type": "line", "line": line, "layer": "below", **place}


def _name_feed(feed: Any) -> list[dict[str, Any]]:
    """The provider and, smaller below it, the sector, to the left of the row."""
    sector = SECTOR_LABELS.get(feed.sector, feed.sector)
    lines = (
        (literal(feed.provider, 34), 13, theme.LABEL_PX, theme.INK),
        (f"{sector} · {_say_events(feed.events)}", 27, theme.SMALL_PX, theme.INK_MUTED),
    )
    return [
        {
            "text": text,
            "xref": "paper",
            "x": 0,
            "xshift": -LABELS_PX + 2,
            "xanchor": "left",
            "yref": "y",
            "y": feed.row * ROW_PX + below,
            "yanchor": "middle",
            "showarrow": False,
            "font": {"size": size, "color": colour},
        }
        for text, below, size, colour in lines
    ]


def _say_events(count: int) -> str:
    return "1 event" if count == 1 else f"{count:,} events"


def _say_span(months: pd.Series) -> str:
    if months.empty:
        return "No extract"
    first, last = pd.to_datetime(months.min()), pd.to_datetime(months.max())
    return f"{first:%b %Y}" if first == last else f"{first:%b %Y} to {last:%b %Y}"


def _say_months(months: pd.Series) -> str:
    """`None`, the months by name, or how many there are when they are many."""
    if months.empty:
        return "None"
    if len(months) > NOTE_MONTHS:
        return f"{len(months):,}"
    return ", ".join(f"{month:%b %Y}" for month in pd.to_datetime(months))
