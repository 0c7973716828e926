"""The opportunities of a journey one by one: in order, with the numbers they go by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from theograph.journey import Journey

NUMBERED = ("missed", "open")


@dataclass(frozen=True, slots=True)
class Opportunity:
    """One row of `Journey.opportunities`; what does not apply is None or empty.

    `row` is its position there, `number` its place among the missed and open ones by time.
    """

    row: int
    number: int | None
    rule: str
    signal_no: int
    status: str
    signal_at: pd.Timestamp
    has_time: bool
    anchor: str
    evidence: tuple[str, ...]
    window_start: pd.Timestamp | None
    due: pd.Timestamp | None
    response: str | None
    response_at: pd.Timestamp | None
    consequence: str | None
    consequence_at: pd.Timestamp | None
    consequences: tuple[str, ...]
    cost_followed_pence: int | None
    uncovered: tuple[str, ...]


def list_opportunities(journey: Journey) -> list[Opportunity]:
    """Every opportunity of `journey`, whatever its status, by the time of its signal."""
    listed: list[Opportunity] = []
    number = 0
    for row, values in enumerate(journey.opportunities.to_dict("records")):
        numbered = values["status"] in NUMBERED
        number += numbered
        listed.append(_read(row, number if numbered else None, values))
    return listed


def choose_shown(
    opportunities: list[Opportunity], rows: tuple[int, ...] | None
) -> list[Opportunity]:
    """Those in `rows`; None chooses the missed and the open."""
    if rows is None:
        return [one for one in opportunities if one.number is not None]
    wanted = set(rows)
    return [one for one in opportunities if one.row in wanted]


def find_opportunity(journey: Journey, row: int | None) -> Opportunity | None:
    """The opportunity in row number `row`; None when there is no such row."""
    if row is None or not 0 <= row < len(journey.opportunities):
        return None
    return list_opportunities(journey)[row]


def _read(row: int, number: int | None, values: dict[Any, Any]) -> Opportunity:
    known: dict[str, Any] = {
        name: None if _absent(value) else value for name, value in values.items()
    }
    cost = known["cost_followed_pence"]
    return Opportunity(
        row=row,
        number=number,
        rule=str(known["rule"]),
        signal_no=int(known["signal_no"]),
        status=str(known["status"]),
        signal_at=known["signal_at"],
        has_time=bool(known["has_time"]),
        anchor=str(known["anchor"] or ""),
        evidence=_texts(known["evidence"]),
        window_start=known["window_start"],
        due=known["due"],
        response=known["response"],
        response_at=known["response_at"],
        consequence=known["consequence"],
        consequence_at=known["consequence_at"],
        consequences=_texts(known["consequences"]),
        cost_followed_pence=None if cost is None else int(cost),
        uncovered=_texts(known["uncovered"]),
    )


def _absent(value: Any) -> bool:
    return value is None or (pd.api.types.is_scalar(value) and bool(pd.isna(value)))


def _texts(values: Any) -> tuple[str, ...]:
    return () if values is None else tuple(str(value) for value in values)
