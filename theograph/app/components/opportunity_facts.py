"""The events, readings and conditions behind an opportunity, each by its date and name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from theograph.app.components.controls import sector_token
from theograph.figures.wording import short_date
from theograph.journey import Journey
from theograph.record.money import pounds

MEASURE_NAMES = {
    "efi": "Electronic frailty index",
    "efi2": "Electronic frailty index 2",
    "cfs": "Clinical frailty scale",
    "hfrs": "Hospital frailty risk score",
    "repeat_medicines": "Repeat medicines",
    "phq9": "PHQ-9",
    "hba1c": "HbA1c",
}
MOST_FACTS = 10
_MEASURE = re.compile(r"measure:(.+):(\d{4}-\d\d-\d\d)")
_CONDITION = re.compile(r"condition:(\d{4}-\d\d-\d\d)\S*:(.+)", re.DOTALL)
_NO_ONSET = "1900-01-01"


@dataclass(frozen=True, slots=True)
class Fact:
    """What one id stands for; `row` is that of its event in `Journey.events`, if it is one."""

    when: str
    what: str
    row: int | None = None
    sector: str = ""
    cost_pence: int = 0


def list_facts(journey: Journey, ids: tuple[str, ...]) -> list[Fact]:
    """What each of `ids` stands for, in their order; an id that is gone is left out."""
    events = journey.events
    rows = {str(events["event_id"].iat[row]): row for row in _rows_of(events, ids)}
    found = [
        _read_event(events, rows[key]) if key in rows else _read_other(journey, key) for key in ids
    ]
    return [fact for fact in found if fact is not None]


def build_facts(facts: list[Fact], *, costs: bool = False) -> list[Component]:
    """A list of facts: of those that are events, each is a button that selects it."""
    shown, rest = facts[:MOST_FACTS], facts[MOST_FACTS:]
    parts: list[Component] = [_build_list(shown, costs=costs)]
    if rest:
        more = html.Summary(f"{len(rest)} more", className="tg-more")
        parts.append(html.Details([more, _build_list(rest, costs=costs)]))
    return parts


def _build_list(facts: list[Fact], *, costs: bool) -> Component:
    return html.Ul([html.Li(_build_fact(fact, costs=costs)) for fact in facts], className="tg-seen")


def _build_fact(fact: Fact, *, costs: bool) -> Component:
    said: list[Component] = [
        html.Span(fact.when, className="tg-seen-when"),
        html.Span(fact.what, className="tg-seen-what"),
    ]
    if costs and fact.cost_pence:
        said.append(html.Span(pounds(fact.cost_pence), className="tg-seen-cost"))
    if fact.row is None:
        return html.Span(said, className="tg-seen-fact")
    edge = {"borderLeftColor": f"var({sector_token(fact.sector)})"}
    event: dict[str, Any] = {"data-event": str(fact.row)}
    return html.Button(said, className="tg-seen-fact tg-seen-event", style=edge, **event)


def _rows_of(events: pd.DataFrame, ids: tuple[str, ...]) -> list[int]:
    return [int(row) for row in events.index[events["event_id"].isin(ids)]]


def _read_event(events: pd.DataFrame, row: int) -> Fact:
    event = events.iloc[row]
    cost = event["cost_pence"]
    return Fact(
        when=short_date(event["start"]),
        what=str(event["kind"]),
        row=row,
        sector=str(event["sector"]),
        cost_pence=0 if pd.isna(cost) else int(cost),
    )


def _read_other(journey: Journey, key: str) -> Fact | None:
    reading = _MEASURE.match(key)
    if reading:
        return _read_measure(journey.measures, reading[1], reading[2])
    condition = _CONDITION.match(key)
    if condition is None:
        return None
    day = "Since before" if condition[1] == _NO_ONSET else _day(condition[1])
    return Fact(day, f"{condition[2]} recorded")


def _read_measure(measures: pd.DataFrame, name: str, day: str) -> Fact:
    """The reading as recorded; of two on one day, the one that sorts last stands."""
    same = measures["measured_at"].dt.normalize() == pd.Timestamp(day)
    rows = measures[(measures["measure"] == name) & same].sort_values("value", kind="stable")
    shown = MEASURE_NAMES.get(name, name.replace("_", " "))
    if len(rows) and pd.notna(rows["value"].iat[-1]):
        shown += f" {rows['value'].iat[-1]:g}"
    if len(rows) and pd.notna(rows["category"].iat[-1]):
        shown += f" ({rows['category'].iat[-1]})"
    return Fact(_day(day), shown)


def _day(text: str) -> str:
    return short_date(pd.Timestamp(text))
