"""A drawn example as a small picture: lanes, contacts, spells, and the time for a response.

The table under it says the same in words, so assistive technology passes over the picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dash import html
from dash.development.base_component import Component

from theograph.app.components.aria import aria
from theograph.app.components.controls import sector_token
from theograph.opportunities.case import Case, DrawnEvent, Expected
from theograph.opportunities.case_wording import find_parts, say_day
from theograph.opportunities.rule import Rule
from theograph.record.sectors import SECTORS

_ONE_DAY = timedelta(days=1)
_MARGIN = 0.03
_SEEN = {"did_not_attend": "tg-tiny-absent", "cancelled": "tg-tiny-absent"}
Times = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Scale:
    """Where an instant stands, in percent of the picture's width."""

    first: datetime
    last: datetime

    @property
    def margin(self) -> timedelta:
        """The time left free on either side."""
        return max((self.last - self.first) * _MARGIN, _ONE_DAY)

    @property
    def end(self) -> datetime:
        """The right edge."""
        return self.last + self.margin

    def place(self, at: datetime) -> float:
        """0 at the start, 100 at the end, never beyond."""
        start = self.first - self.margin
        share = (at - start) / (self.end - start)
        return round(100 * min(max(share, 0.0), 1.0), 2)

    def stretch(self, times: Times) -> dict[str, str]:
        """The style of a bar from one instant to another."""
        left, right = (self.place(at) for at in times)
        return {"left": f"{left}%", "width": f"{round(right - left, 2)}%"}


def build_timeline(case: Case, rule: Rule) -> Component:
    """The picture of `case`; nothing when it has no events."""
    if not case.events:
        return html.Div(hidden=True)
    windows = [(each.status, w) for each in case.expect if (w := find_window(each, rule))]
    scale = _choose_scale(case, [times for _, times in windows])
    lanes = [
        _build_lane(sector.key, sector.label, events, case=case, scale=scale)
        for sector in SECTORS
        if (events := [event for event in case.events if event.sector == sector.key])
    ]
    bands = [
        html.Span(
            className=f"tg-tiny-band tg-tiny-{status}",
            style=scale.stretch((start, due + _ONE_DAY)),
        )
        for status, (start, due) in windows
    ]
    ends = [
        html.Span(say_day(at.date()), style={side: f"{place}%"})
        for at, side, place in (
            (scale.first, "left", scale.place(scale.first)),
            (scale.last, "right", 100 - scale.place(scale.last)),
        )
    ]
    return html.Div(
        [
            html.Div(bands, className="tg-tiny-bands"),
            *lanes,
            html.Div(ends, className="tg-tiny-axis"),
        ],
        className="tg-tiny",
        **aria(hidden="true"),
    )


def find_window(found: Expected, rule: Rule) -> Times | None:
    """First and last day for a response to one opportunity; None when none was expected or said.

    It begins before the signal only where every signal of the rule looks back equally far.
    """
    windows = {rule.window(signal) for signal in rule.signals}
    if found.due is None or None in windows:
        return None
    signal = datetime.fromisoformat(found.signal)
    only = windows.pop() if len(windows) == 1 else None
    begun = signal - timedelta(days=only.before.days) if only is not None else signal
    return begun, datetime.combine(found.due, datetime.min.time())


def _choose_scale(case: Case, windows: Sequence[Times]) -> Scale:
    """From the first thing drawn to the last, with a margin; what goes on runs to the edge."""
    instants = [at for event in case.events for at in _find_times(event) if at is not None]
    instants += [at for times in windows for at in times]
    instants += [datetime.fromisoformat(found.signal) for found in case.expect]
    return Scale(min(instants), max(instants))


def _find_times(event: DrawnEvent) -> tuple[datetime, datetime | None]:
    end = datetime.fromisoformat(event.end) if event.end else None
    return datetime.fromisoformat(event.at), end


def _build_lane(
    key: str, label: str, events: Sequence[DrawnEvent], *, case: Case, scale: Scale
) -> Component:
    marks = [_build_mark(event, find_parts(event, case), scale) for event in events]
    colour = {"--tg-lane": f"var({sector_token(key)})"}
    return html.Div(
        [
            html.Span(label, className="tg-tiny-label"),
            html.Div(marks, className="tg-tiny-lane", style=colour),
        ],
        className="tg-tiny-row",
    )


def _build_mark(event: DrawnEvent, parts: Sequence[str], scale: Scale) -> Component:
    """A bar for what lasts, a point for the rest; ringed as what it is to the rule."""
    start, end = _find_times(event)
    lasts = event.ongoing or (end is not None and end - start >= _ONE_DAY)
    names = ["tg-tiny-bar" if lasts else "tg-tiny-point", _SEEN.get(event.status or "", "")]
    names += [f"tg-tiny-{part}" for part in parts]
    style = (
        scale.stretch((start, scale.end if event.ongoing or end is None else end))
        if lasts
        else {"left": f"{scale.place(start)}%"}
    )
    return html.Span(className=" ".join(name for name in names if name), style=style)
