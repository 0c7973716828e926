"""Drawn cases as people of one store, each with providers and extracts of their own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from theograph.opportunities.case import Case, DrawnEvent, Expected
from theograph.record.sectors import SECTOR_KEYS

_FIRST_DAY = "2020-01-01"


def draw_people(cases: Iterable[tuple[str, Case]]) -> dict[str, list[dict[str, Any]]]:
    """The rows of every table for `cases`, by person reference."""
    rows: dict[str, list[dict[str, Any]]] = {
        name: [] for name in ("people", "events", "measures", "conditions", "feeds")
    }
    for ref, case in cases:
        rows["people"].append(
            {
                "person_ref": ref,
                "person_id": ref,
                "date_of_birth": case.born,
                "date_of_death": case.died,
                "sex": case.sex,
                "data_to": case.as_of,
            }
        )
        events = [_draw_event(ref, event) for event in case.events]
        rows["events"] += [*events, *_registrations(ref)]
        rows["measures"] += [_measure(ref, m.at, m.measure, m.value) for m in case.measures]
        rows["conditions"] += [
            {
                "person_ref": ref,
                "condition": condition.name,
                "onset": condition.since,
                "end": condition.until,
                "code": condition.code,
                "code_system": condition.system,
            }
            for condition in case.conditions
        ]
        rows["feeds"] += _draw_feeds(case, [*events, *_registrations(ref)])
    return rows


def plain(found: dict[str, Any], wanted: Expected) -> dict[str, Any]:
    """What was found, in the form and no more than the detail of what is expected."""
    at = found["signal_at"]
    cost = found["cost_followed_pence"]
    said = {
        "status": found["status"],
        "signal": f"{at:%Y-%m-%d %H:%M}" if found["has_time"] else f"{at:%Y-%m-%d}",
        "due": found["due"],
        "evidence": tuple(found["evidence"]),
        "response": found["response"],
        "consequence": found["consequence"],
        "consequences": tuple(found["consequences"]),
        "cost": None if cost is None else cost / 100,
    }
    return {name: said[name] for name in said if name in wanted.model_fields_set}


def _draw_event(ref: str, event: DrawnEvent) -> dict[str, Any]:
    start, timed = _moment(event.at)
    return {
        "event_id": event.id,
        "person_ref": ref,
        "start": start,
        "end": _moment(event.end)[0] if event.end else None,
        "has_time": timed,
        "ongoing": event.ongoing,
        "sector": event.sector,
        "kind": event.kind,
        "provider": f"{event.provider or event.sector} of {ref}",
        "team": event.team,
        "clinician": event.clinician,
        "mode": event.mode,
        "status": event.status,
        "planned": event.planned,
        "description": event.text,
        "outcome": event.outcome,
        "code": event.code,
        "code_system": event.system,
        "other_codes": event.codes,
        "hrg": event.hrg,
        "spell_id": event.spell,
        "units_per_week": event.units,
        "requested_at": _moment(event.asked)[0] if event.asked else None,
        "ready_at": _moment(event.ready)[0] if event.ready else None,
        "cost_pence": None if event.cost is None else round(event.cost * 100),
        "source_mapping": "drawn",
    }


def _registrations(ref: str) -> list[dict[str, Any]]:
    """One row a sector that means nothing, so that each person's extracts are their own."""
    return [
        {
            "event_id": f"registered {sector}",
            "person_ref": ref,
            "start": datetime(2019, 1, 1),
            "has_time": False,
            "ongoing": False,
            "sector": sector,
            "kind": "Registration",
            "status": "cancelled",
            "provider": f"{sector} of {ref}",
            "source_mapping": "drawn",
        }
        for sector in SECTOR_KEYS
    ]


def _draw_feeds(case: Case, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    used = {(event["sector"], event["provider"]) for event in events}
    reach = dict.fromkeys(SECTOR_KEYS, f"{_FIRST_DAY}/{case.as_of}") | case.feeds
    feeds = []
    for sector, provider in sorted(used):
        if sector not in case.without:
            start, end = reach[sector].split("/")
            feeds.append(
                {
                    "sector": sector,
                    "provider": provider,
                    "start": date.fromisoformat(start),
                    "end": date.fromisoformat(end),
                }
            )
    return feeds


def _measure(ref: str, at: datetime | date, name: str, value: float | None) -> dict[str, Any]:
    timed = isinstance(at, datetime)
    moment = at if isinstance(at, datetime) else datetime(at.year, at.month, at.day)
    return {
        "person_ref": ref,
        "measured_at": moment,
        "has_time": timed,
        "measure": name,
        "value": value,
    }


def _moment(text: str) -> tuple[datetime, bool]:
    return datetime.fromisoformat(text), len(text) > len("2024-01-01")
