"""Fewer marks than events, for people with very many of either.

Every event is one SVG mark up to `MOST_SINGLE_EVENTS`. Above that, only the events in the
window of the view are single, when they are few enough; the others are counted, in each
lane, into columns a few pixels wide: a day, a week, a month, a quarter or a year. Zooming
and drawing again brings the single events back.

WebGL points (`Scattergl`) were tried and left out: plotly.js 4.1 builds their shaders with
`eval`, which our Content-Security-Policy forbids; headless and locked-down desktops often
have no WebGL; thousands of points in a lane a thousand pixels wide hide one another just
the same; and their hover texts alone are megabytes.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from theograph.figures.filter import drawn_spans, overlapping
from theograph.figures.mark_table import Marks, Texts, Wholes
from theograph.figures.timescale import TimeScale
from theograph.figures.view import View
from theograph.figures.wording import short_date

MOST_SINGLE_EVENTS = 2_000
MOST_GROUPS = 4_000
LEAST_COLUMN_PX = 4.0
BUCKET_DAYS = {"D": 1, "W-SUN": 7, "M": 30, "Q": 91, "Y": 365}


def single_out(events: pd.DataFrame, view: View, *, as_of: pd.Timestamp) -> pd.Series:
    """True for each event that gets a mark of its own."""
    if len(events) <= MOST_SINGLE_EVENTS:
        return pd.Series(True, index=events.index)
    inside = overlapping(events, view.start, view.end, as_of=as_of).index
    few = len(inside) <= MOST_SINGLE_EVENTS
    return pd.Series(events.index.isin(inside) & few, index=events.index)


def group_events(events: pd.DataFrame, scale: TimeScale, *, as_of: pd.Timestamp) -> Marks:
    """Count `events` (with `lane`) into marks, one a lane, shape and stretch of time.

    Contacts become tiles that fill their stretch, spells bars from the first start to the
    last end. The counts add up to the events. No row has an empty start.
    """
    spans = drawn_spans(events, as_of=as_of)
    table = events[["event_id", "sector", "lane", "start", "cost_pence"]].assign(
        finish=spans["finish"], bar=spans["bar"]
    )
    groups = table.groupby(["lane", "bar", _choose_buckets(table, scale)], sort=True)
    marks = groups.agg(
        event_id=("event_id", "first"),
        sector=("sector", "first"),
        start=("start", "min"),
        last=("start", "max"),
        finish=("finish", "max"),
        count=("event_id", "size"),
        cost_pence=("cost_pence", "sum"),
    ).reset_index(names=["lane", "bar", "bucket"])
    bar = marks["bar"].to_numpy(dtype=bool)
    bucket = pd.PeriodIndex(marks["bucket"])
    size = len(marks)
    return Marks(
        event_id=marks["event_id"].to_numpy(dtype=object),
        sector=marks["sector"].to_numpy(dtype=object),
        lane=marks["lane"].to_numpy(dtype="int64"),
        start=np.where(bar, marks["start"], bucket.start_time).astype("datetime64[us]"),
        finish=np.where(bar, marks["finish"], (bucket + 1).start_time).astype("datetime64[us]"),
        bar=bar,
        tile=~bar,
        cost_pence=marks["cost_pence"].to_numpy(dtype="int64"),
        look=np.full(size, "several", dtype=object),
        size=np.zeros(size),
        count=marks["count"].to_numpy(dtype="int64"),
        title=_name_groups(marks),
        hover=_describe_groups(marks),
        row=np.zeros(size, dtype="int64"),
    )


def _choose_buckets(table: pd.DataFrame, scale: TimeScale) -> pd.Series:
    """The stretch of time of each row: the shortest that is wide enough to see."""
    day_px = scale.pixel(scale.start + pd.Timedelta(days=1))
    wide = [name for name, days in BUCKET_DAYS.items() if days * day_px >= LEAST_COLUMN_PX]
    buckets: pd.Series = table["start"].dt.to_period("Y")
    for name in wide:
        buckets = table["start"].dt.to_period(name)
        if table.groupby(["lane", "bar", buckets]).ngroups <= MOST_GROUPS:
            break
    return buckets


def _name_groups(marks: pd.DataFrame) -> Texts:
    names = [
        f"{count:,} {'spell' if bar else 'contact'}{'s' if count > 1 else ''}"
        for count, bar in zip(marks["count"], marks["bar"], strict=True)
    ]
    return np.array(names, dtype=object)


def _describe_groups(marks: pd.DataFrame) -> Texts:
    first, last = marks["start"].dt.normalize(), marks["last"].dt.normalize()
    days = {day: short_date(day) for day in pd.concat([first, last]).unique()}
    lines = [
        (days[begun] if begun == ended else f"{days[begun]} – {days[ended]}")
        + "<br>Zoom in to see each"
        for begun, ended in zip(first, last, strict=True)
    ]
    return np.array(lines, dtype=object)


def tile_heights(count: Wholes, tallest_px: float) -> list[float]:
    """The height of each column in pixels: it grows with the root of its count."""
    most = count.max(initial=1)
    return list((3 + (tallest_px - 3) * np.sqrt(count / most)).round(1).tolist())
