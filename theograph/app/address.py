"""A page's address: which person, and the whole state of the view, with no identifiers.

An event is named by its row number within the journey, because its own identifier may
hold a number that a provider gave the person.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from typing import Literal, cast, get_args
from urllib.parse import parse_qsl, quote, unquote, urlencode

import pandas as pd

from theograph.figures import events_in_view
from theograph.figures.timescale import find_day_zero
from theograph.figures.view import View
from theograph.journey import Journey
from theograph.record.sectors import SECTOR_KEYS

Range = Literal["6m", "1y", "3y", "all"]
Grouping = Literal["sector", "provider"]
Axis = Literal["calendar", "relative"]
Status = Literal["due", "all", "met", "not_assessable"]
Severity = Literal["any", "high", "medium", "low"]
Panel = Literal["opportunities", "event"]

RANGE_MONTHS: dict[Range, int] = {"6m": 6, "1y": 12, "3y": 36}
MAX_TEXT_LENGTH = 100
MAX_DAYS = 50_000
_JOURNEY_PATH = re.compile(r"^/journey/([^/]+)/?$")
_INSTANT = re.compile(r"^\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?)?$")
_THEME = re.compile(r"[A-Za-z][A-Za-z -]{0,39}")
_ONE_DAY = pd.Timedelta(days=1)


@dataclass(frozen=True, slots=True)
class JourneyAddress:
    """What a journey page shows.

    `sectors` of None means all. `event` and `day_zero` are row numbers in `Journey.events`,
    `opportunity` one in `Journey.opportunities`. `status` of due means missed and open.
    `panel` is the one beside the picture; of None, the event's when only an event is selected.
    `window` is what the reader zoomed to: two ISO instants, or two day numbers when `axis` is
    relative.
    """

    ref: str
    range: Range = "all"
    by: Grouping = "sector"
    axis: Axis = "calendar"
    day_zero: int | None = None
    sectors: tuple[str, ...] | None = None
    text: str = ""
    costs: bool = True
    conditions: bool = True
    window: tuple[str, str] | None = None
    event: int | None = None
    opportunities: bool = True
    opportunity: int | None = None
    status: Status = "due"
    theme: str = ""
    severity: Severity = "any"
    panel: Panel | None = None

    @property
    def shown_panel(self) -> Panel:
        """The panel beside the picture."""
        if self.panel is not None:
            return self.panel
        return "event" if self.event is not None and self.opportunity is None else "opportunities"


def find_ref(path: str | None) -> str | None:
    """The person's reference in a journey page's path; None for any other path."""
    match = _JOURNEY_PATH.match(path or "")
    return unquote(match.group(1)) if match else None


def parse_address(address: str) -> JourneyAddress:
    """Read `/journey/<ref>?…`; a part that cannot be read falls back to what is usual."""
    path, _, query = address.partition("?")
    given = dict(parse_qsl(query, keep_blank_values=True))
    return JourneyAddress(
        ref=find_ref(path) or "",
        range=cast("Range", _one_of(given.get("range"), get_args(Range), "all")),
        by=cast("Grouping", _one_of(given.get("by"), get_args(Grouping), "sector")),
        axis=cast("Axis", _one_of(given.get("axis"), get_args(Axis), "calendar")),
        day_zero=_row_number(given.get("day0")),
        sectors=_sectors(given.get("sectors")),
        text=given.get("q", "")[:MAX_TEXT_LENGTH],
        costs=given.get("costs") != "0",
        conditions=given.get("conditions") != "0",
        window=_window(given.get("from"), given.get("to"), given.get("axis", "")),
        event=_row_number(given.get("e")),
        opportunities=given.get("opportunities") != "0",
        opportunity=_row_number(given.get("o")),
        status=cast("Status", _one_of(given.get("status"), get_args(Status), "due")),
        theme=_theme(given.get("theme", "")),
        severity=cast("Severity", _one_of(given.get("severity"), get_args(Severity), "any")),
        panel=_panel(given.get("panel")),
    )


def write_address(address: JourneyAddress) -> str:
    """The address as `/journey/<ref>?…`, leaving out what is usual."""
    start, end = address.window or (None, None)
    parts = {
        "range": None if address.range == "all" else address.range,
        "by": None if address.by == "sector" else address.by,
        "axis": None if address.axis == "calendar" else address.axis,
        "day0": address.day_zero,
        "sectors": None if address.sectors is None else ",".join(address.sectors),
        "q": address.text or None,
        "costs": None if address.costs else "0",
        "conditions": None if address.conditions else "0",
        "from": start,
        "to": end,
        "e": address.event,
        "opportunities": None if address.opportunities else "0",
        "o": address.opportunity,
        "status": None if address.status == "due" else address.status,
        "theme": address.theme or None,
        "severity": None if address.severity == "any" else address.severity,
        "panel": address.panel,
    }
    query = urlencode({name: value for name, value in parts.items() if value is not None})
    return f"{write_path(address.ref)}{'?' if query else ''}{query}"


def write_path(ref: str) -> str:
    """The path of a person's journey page."""
    return f"/journey/{quote(ref, safe='')}"


def choose_view(address: JourneyAddress, journey: Journey) -> View:
    """What to draw of `journey` for `address`."""
    start, end = _visible_time(address, journey)
    return View(
        start=start,
        end=end,
        by=address.by,
        sectors=address.sectors,
        text=address.text,
        axis=address.axis,
        anchor=name_event(journey, address.day_zero),
        show_costs=address.costs,
        show_conditions=address.conditions,
        show_opportunities=address.opportunities,
        selected=name_event(journey, address.event),
        opportunity=address.opportunity,
    )


def name_event(journey: Journey, row: int | None) -> str | None:
    """The `event_id` in row number `row`; None when there is no such row."""
    if row is None or not 0 <= row < len(journey.events):
        return None
    return str(journey.events["event_id"].iat[row])


def find_event(journey: Journey, event_id: str) -> int | None:
    """The row number of the event called `event_id`; None when there is none."""
    rows = journey.events.index[journey.events["event_id"] == event_id]
    return int(rows[0]) if len(rows) else None


def _visible_time(
    address: JourneyAddress, journey: Journey
) -> tuple[pd.Timestamp | None, pd.Timestamp | None]:
    if address.window is not None:
        return _window_time(address, journey)
    months = RANGE_MONTHS.get(address.range)
    if months is None:
        return None, None
    end = journey.as_of.normalize() + _ONE_DAY
    return end - pd.DateOffset(months=months), end


def _window_time(
    address: JourneyAddress, journey: Journey
) -> tuple[pd.Timestamp | None, pd.Timestamp | None]:
    start, end = address.window or ("", "")
    if address.axis == "calendar":
        return pd.Timestamp(start), pd.Timestamp(end)
    origin = _day_zero(address, journey)
    return origin + pd.Timedelta(days=float(start)), origin + pd.Timedelta(days=float(end))


def _day_zero(address: JourneyAddress, journey: Journey) -> pd.Timestamp:
    """The day that the picture counts from."""
    view = choose_view(replace(address, window=None), journey)
    return find_day_zero(journey, view, events_in_view(journey, view))


def _theme(value: str) -> str:
    return value if _THEME.fullmatch(value) else ""


def _panel(value: str | None) -> Panel | None:
    return cast("Panel", value) if value in get_args(Panel) else None


def _one_of(value: str | None, allowed: tuple[str, ...], usual: str) -> str:
    return value if value in allowed else usual


def _row_number(value: str | None) -> int | None:
    if value is None or not value.isascii() or not value.isdigit() or len(value) > 9:
        return None
    return int(value)


def _sectors(value: str | None) -> tuple[str, ...] | None:
    if value is None:
        return None
    wanted = set(value.split(","))
    chosen = tuple(key for key in SECTOR_KEYS if key in wanted)
    return None if chosen == SECTOR_KEYS else chosen


def _window(start: str | None, end: str | None, axis: str) -> tuple[str, str] | None:
    """The two ends as given, when they can be read on `axis` and are in order."""
    if start is None or end is None:
        return None
    in_order = _days_in_order if axis == "relative" else _instants_in_order
    return (start, end) if in_order(start, end) else None


def _days_in_order(start: str, end: str) -> bool:
    try:
        low, high = float(start), float(end)
    except ValueError:
        return False
    return math.isfinite(low) and math.isfinite(high) and -MAX_DAYS < low < high < MAX_DAYS


def _instants_in_order(start: str, end: str) -> bool:
    if not (_INSTANT.match(start) and _INSTANT.match(end)):
        return False
    try:
        first, last = pd.Timestamp(start), pd.Timestamp(end)
    except ValueError:
        return False
    return first.year > 1800 and last.year < 2200 and first < last
