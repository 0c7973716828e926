"""Event text as it may appear in a picture: literal, short, never markup."""

from __future__ import annotations

import html
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from theograph.figures.mark_table import Texts
from theograph.record.money import pounds
from theograph.record.sectors import MODE_LABELS, STATUS_LABELS

KIND_LIMIT = 80
NAME_LIMIT = 60
BASIS_WORDS = {
    "recorded": "recorded by the source",
    "tariff": "unit cost",
    "part_of_spell": "in the cost of its spell",
    "no_activity": "no activity, no cost",
    "other_currency": "in other money, not counted",
    "not_costed": "not costed",
}


def literal(text: Any, limit: int = NAME_LIMIT) -> str:
    """`text` on one line, at most `limit` characters, escaped so that markup shows as text."""
    if text is None or pd.isna(text):
        return ""
    line = " ".join("".join(c if c.isprintable() else " " for c in str(text)).split())
    return html.escape(line if len(line) <= limit else line[: limit - 1] + "…", quote=False)


def literals(
    values: pd.Series, limit: int = NAME_LIMIT, *, labels: dict[str, str] | None = None
) -> list[str]:
    """Each of `values`, or its label if it has one, made literal; empty where missing."""
    labels = labels or {}
    known = {value: literal(labels.get(value, value), limit) for value in values.unique()}
    return [known.get(value, "") for value in values.tolist()]


def describe_events(events: pd.DataFrame) -> Texts:
    """What the hover label of each event says under its kind: when, who, how, at what cost."""
    columns = (
        describe_times(events),
        literals(events["provider"]),
        literals(events["team"]),
        literals(events["mode"], labels=MODE_LABELS),
        literals(events["status"], labels=STATUS_LABELS),
        describe_costs(events),
    )
    lines = [
        _join((when, _join((provider, team)), _join((mode, status)), cost), "<br>")
        for when, provider, team, mode, status, cost in zip(*columns, strict=True)
    ]
    return np.array(lines, dtype=object)


def describe_times(events: pd.DataFrame) -> list[str]:
    """When each event was: `3 Apr 2024, 01:30 – 5 Apr 2024, 12:00`, without a time if unknown."""
    columns = (events[name].tolist() for name in ("start", "end", "has_time", "ongoing"))
    return [_describe_time(*row) for row in zip(*columns, strict=True)]


def _describe_time(start: pd.Timestamp, end: pd.Timestamp, has_time: bool, ongoing: bool) -> str:
    begun = _moment(start, has_time)
    if ongoing:
        return f"{begun} – ongoing"
    if pd.isna(end) or not end > start:
        return begun
    same_day = has_time and end.toordinal() == start.toordinal()
    return f"{begun} – {end:%H:%M}" if same_day else f"{begun} – {_moment(end, has_time)}"


def _moment(moment: pd.Timestamp, has_time: bool) -> str:
    if pd.isna(moment):
        return ""
    return f"{moment.day} {moment:%b %Y, %H:%M}" if has_time else short_date(moment)


def describe_costs(events: pd.DataFrame) -> list[str]:
    """The cost of each event with its basis: `£226 (unit cost)`."""
    pence = events["cost_pence"].fillna(-1).to_numpy(dtype="int64").tolist()
    basis = literals(events["cost_basis"], labels=BASIS_WORDS)
    return [
        f"{pounds(cost)} ({how})" if cost > 0 and how else how
        for cost, how in zip(pence, basis, strict=True)
    ]


def short_date(moment: pd.Timestamp) -> str:
    """`3 Apr 2024`."""
    return f"{moment.day} {moment:%b %Y}"


def _join(parts: Iterable[str], between: str = " · ") -> str:
    """The parts that are not empty, joined."""
    return between.join(part for part in parts if part)
