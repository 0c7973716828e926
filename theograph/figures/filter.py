"""Which events a view shows, and the span over which each is drawn."""

from __future__ import annotations

import numpy as np
import pandas as pd

from theograph.figures.view import View
from theograph.journey import Journey

SEARCHED_COLUMNS = ("kind", "description", "provider", "team", "outcome", "code")
ONE_DAY = pd.Timedelta(days=1)
INSTANT = "datetime64[us]"
DAY = "datetime64[D]"


def events_in_view(journey: Journey, view: View) -> pd.DataFrame:
    """The rows of `journey.events` that `view` shows: its sectors, and its text if any.

    The text is looked for as it stands, ignoring case, in kind, description, provider,
    team, outcome and code. The window of the view is a zoom and filters nothing.
    """
    events = journey.events
    keep = np.ones(len(events), dtype=bool)
    if view.sectors is not None:
        keep &= events["sector"].isin(view.sectors).to_numpy()
    if view.text.strip():
        keep &= _mentions(events, view.text.strip())
    return events if keep.all() else events[keep]


def _mentions(events: pd.DataFrame, text: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    sought = text.casefold()
    found = np.zeros(len(events), dtype=bool)
    for column in SEARCHED_COLUMNS:
        values = events[column]
        matching = [value for value in values.dropna().unique() if sought in str(value).casefold()]
        found |= values.isin(matching).to_numpy()
    return found


def overlapping(
    events: pd.DataFrame,
    start: pd.Timestamp | None,
    end: pd.Timestamp | None,
    *,
    as_of: pd.Timestamp,
) -> pd.DataFrame:
    """The rows of `events` that touch the half-open window `[start, end)`; None is unbounded.

    A spell that began before the window and ended after it counts, an ongoing one runs to
    the end of `as_of`, and a date without a time fills its day.
    """
    begun = events["start"]
    finish = drawn_spans(events, as_of=as_of)["finish"].fillna(begun)
    day_end = begun.dt.normalize() + ONE_DAY
    finish = finish.where(events["has_time"] | (finish >= day_end), day_end)
    keep = begun.notna()
    if start is not None:
        keep &= (finish > start) | (begun >= start)
    if end is not None:
        keep &= begun < end
    return events[keep]


def end_of_data(as_of: pd.Timestamp) -> pd.Timestamp:
    """The instant at which the data stops: midnight after `as_of` when it is a plain day."""
    return as_of + ONE_DAY if as_of == as_of.normalize() else as_of


def drawn_spans(events: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """How long each event is drawn: `finish` (empty for an instant) and `bar` (true or false).

    An ongoing spell runs to the end of the data, a date-only spell to the midnight after
    its last day, and a date-only event that ends on its first day is an instant. A bar
    needs a full day, or a hospital night: anything shorter would be thinner than a pixel
    in a picture of years, so it is a point, with its length drawn faintly behind it.
    """
    start = events["start"].to_numpy(dtype=INSTANT)
    finish = events["end"].to_numpy(dtype=INSTANT).copy()
    first_day, last_day = start.astype(DAY), finish.astype(DAY)
    date_only = ~events["has_time"].to_numpy(dtype=bool)
    lasting = date_only & (last_day > first_day)
    finish[date_only & ~lasting] = np.datetime64("NaT")
    finish[lasting] = (last_day[lasting] + np.timedelta64(1, "D")).astype(INSTANT)
    finish[events["ongoing"].to_numpy(dtype=bool)] = np.datetime64(end_of_data(as_of), "us")
    finish[~(finish > start)] = np.datetime64("NaT")
    night = (events["sector"] == "hospital").to_numpy(dtype=bool) & (finish.astype(DAY) > first_day)
    bar = (finish - start >= np.timedelta64(1, "D")) | night
    return pd.DataFrame({"finish": finish, "bar": bar}, index=events.index)
