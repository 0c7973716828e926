"""Tiny journeys written by hand: events of one person in 2024, one rule, what is found."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from tests.opportunities.journeys import CONCEPTS, TABLES, Rows, make_row
from tests.opportunities.random_rules import make_rule
from tests.opportunities.reference import find_opportunities


def at(day: str) -> dict[str, Any]:
    """'03-01' is a date only, '03-01 10:00' has a time; all in 2024."""
    return {"has_time": " " in day, "instant": datetime.fromisoformat(f"2024-{day}")}


def event(ident: str, day: str, concepts: str | None, **more: Any) -> dict[str, Any]:
    """A contact at the surgery; other columns as given."""
    when = at(day)
    for column in {"end", "ready_at", "requested_at"} & set(more):
        more[column] = at(more[column])["instant"]
    usual = {"person_ref": "p", "sector": "gp", "provider": "P1", "kind": "Contact"}
    stands = {"event_id": ident, "start": when["instant"], "has_time": when["has_time"]}
    values = {"concepts": concepts, "cost_pence": 100, **stands, **usual, **more}
    return make_row("events", **values)


def reading(day: str, value: float, concepts: str | None) -> dict[str, Any]:
    when = {"measured_at": at(day)["instant"], "has_time": False}
    return make_row(
        "measures", person_ref="p", measure="efi", value=value, concepts=concepts, **when
    )


def find(*events: dict[str, Any], person: Any = None, tables: Any = None, **rule: Any) -> Rows:
    """The opportunities of one rule for one person, by 31 March 2024 unless it says otherwise."""
    whole = {name: [] for name in TABLES} | {
        "people": [make_row("people", person_ref="p", **(person or {}))],
        "events": list(events),
        "feeds": [feed(date(2023, 1, 1), date(2024, 12, 31))],
        **(tables or {}),
    }
    return find_opportunities(whole, [make_rule("X1", **rule)], CONCEPTS, as_of=date(2024, 3, 31))


def feed(start: date, end: date, provider: str | None = "P1") -> dict[str, Any]:
    return make_row("feeds", sector="gp", provider=provider, start=start, end=end)


def short(found: Rows, *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for row in found]


def statuses(found: Rows) -> list[str]:
    return [row["status"] for row in found]
