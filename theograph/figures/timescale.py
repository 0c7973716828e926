"""The time axis: calendar dates or days from an event, and where a moment falls in pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from theograph.figures.filter import end_of_data
from theograph.figures.mark_table import Instants, Numbers
from theograph.figures.view import View
from theograph.journey import Journey

PLOT_WIDTH_PX = 820
ONE_MS = np.timedelta64(1, "ms")
ONE_DAY = np.timedelta64(1, "D")
EDGE_SHARE = 0.008


@dataclass(frozen=True, slots=True)
class TimeScale:
    """One shared time axis.

    `start` and `end` bound what is first in sight, `first` and `last` what can be panned to,
    `data_start` and `data_end` what the data could cover. `zero` is the midnight at which
    day 0 begins, None on the calendar axis. Pixels are nominal: the figure's width belongs
    to the page.
    """

    start: pd.Timestamp
    end: pd.Timestamp
    first: pd.Timestamp
    last: pd.Timestamp
    data_start: pd.Timestamp
    data_end: pd.Timestamp
    zero: pd.Timestamp | None = None

    @property
    def axis_unit_ms(self) -> float:
        """Milliseconds in one unit of length on the axis: 1, or a day on the relative axis."""
        return 1.0 if self.zero is None else 86_400_000.0

    def positions(self, moments: Instants) -> list[Any]:
        """Axis positions: ISO text, which no browser's time zone can shift, or days."""
        if self.zero is None:
            text: list[str] = np.datetime_as_string(moments, unit="m").tolist()
            return [moment.removesuffix("T00:00") for moment in text]
        days = (moments - np.datetime64(self.zero, "us")) / ONE_DAY
        return list(np.round(days, 5).tolist())

    def position(self, moment: pd.Timestamp) -> Any:
        """Axis position of one moment."""
        return self.positions(np.array([moment], dtype="datetime64[us]"))[0]

    def lengths(self, start: Instants, finish: Instants) -> list[float]:
        """Lengths in axis units from `start` to `finish`."""
        unit = ONE_MS if self.zero is None else ONE_DAY
        return list(np.round((finish - start) / unit, 5).tolist())

    def pixels(self, moments: Instants) -> Numbers:
        """Pixels of `moments` right of the window's left edge, at the nominal plot width."""
        span = np.timedelta64(self.end - self.start)
        return (moments - np.datetime64(self.start, "us")) / span * PLOT_WIDTH_PX

    def pixel(self, moment: pd.Timestamp) -> float:
        """Pixels of one moment right of the window's left edge."""
        return float((moment - self.start) / (self.end - self.start)) * PLOT_WIDTH_PX

    def moments(self, pixels: Numbers) -> Instants:
        """The moments that stand at `pixels` right of the window's left edge."""
        past = pixels / PLOT_WIDTH_PX * (self.end - self.start).total_seconds() * 1e6
        return np.datetime64(self.start, "us") + past.astype("timedelta64[us]")


def find_scale(
    journey: Journey, view: View, events: pd.DataFrame, *, last_finish: pd.Timestamp | None
) -> TimeScale:
    """The time scale for `view`; `events` are the rows it shows.

    It reaches from the first start to the last end of all the journey's events (of spells,
    `last_finish`), or the as-of date, so that hiding a sector moves nothing.
    """
    data_end = end_of_data(journey.as_of)
    starts = journey.events["start"]
    moments = [data_end, last_finish, starts.max()]
    latest = max(moment for moment in moments if moment is not None and not pd.isna(moment))
    earliest = starts.min() if starts.notna().any() else data_end - pd.Timedelta(days=365)
    first = earliest.normalize().replace(day=1)
    edge = max((latest - first) * EDGE_SHARE, pd.Timedelta(minutes=1))
    start = view.start if view.start is not None else first - edge
    end = view.end if view.end is not None else latest + edge
    if end <= start:
        end = start + pd.Timedelta(days=1)
    return TimeScale(
        start=start,
        end=end,
        first=min(start, first - edge),
        last=max(end, latest + edge),
        data_start=first,
        data_end=data_end,
        zero=find_day_zero(journey, view, events) if view.axis == "relative" else None,
    )


def find_day_zero(journey: Journey, view: View, events: pd.DataFrame) -> pd.Timestamp:
    """Midnight of the anchor event's day; without an anchor, of the first event shown."""
    anchored = journey.events.loc[journey.events["event_id"] == view.anchor, "start"].dropna()
    starts = events["start"].dropna()
    moments = [*anchored.head(1), *starts.nsmallest(1), journey.as_of]
    return pd.Timestamp(moments[0]).normalize()
