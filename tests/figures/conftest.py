"""Invented journeys to draw; every person, provider and event here is made up."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest

from theograph.journey import Journey, assemble_journey
from theograph.record.tables import (
    CONDITIONS,
    EVENTS,
    FEEDS,
    MEASURES,
    OPPORTUNITIES,
    ColumnType,
    Table,
)

DTYPES: dict[ColumnType, str] = {
    "text": "str",
    "whole": "Int64",
    "number": "float64",
    "yes_no": "boolean",
    "instant": "datetime64[us]",
    "date": "datetime64[us]",
    "texts": "object",
}
AS_OF = pd.Timestamp("2024-03-31")


def table_frame(table: Table, rows: list[dict[str, Any]]) -> pd.DataFrame:
    """`rows` as a frame with every column of `table`, typed as a store hands it over."""
    frame = pd.DataFrame(rows, columns=list(table.names))
    for column in table.columns:
        values = frame[column.name]
        if column.type in ("instant", "date"):
            frame[column.name] = pd.to_datetime(values, format="ISO8601").astype("datetime64[us]")
        else:
            frame[column.name] = values.astype(DTYPES[column.type])
    return frame


def build_events(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Events with what the rows leave out filled in: ids `e1…`, times known, not ongoing."""
    filled = [
        {
            "event_id": f"e{number}",
            "has_time": "T" in str(row.get("start", "")),
            "ongoing": False,
            "kind": "Contact",
            "cost_basis": "not_costed" if row.get("cost_pence") is None else "tariff",
            "cost_price_year": None if row.get("cost_pence") is None else "2024/25",
            **row,
        }
        for number, row in enumerate(rows, start=1)
    ]
    frame = table_frame(EVENTS, filled)
    return frame.astype({"has_time": "bool", "ongoing": "bool"})


def build_opportunities(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Opportunities with what the rows leave out filled in: the first signal, no evidence."""
    empty = {"signal_no": 1, "evidence": (), "consequences": (), "uncovered": ()}
    filled = [empty | {"has_time": "T" in str(row["signal_at"])} | row for row in rows]
    return table_frame(OPPORTUNITIES, filled).astype({"has_time": "bool"})


def build_journey(
    events: list[dict[str, Any]],
    *,
    conditions: list[dict[str, Any]] | None = None,
    measures: list[dict[str, Any]] | None = None,
    feeds: list[dict[str, Any]] | None = None,
    opportunities: list[dict[str, Any]] | None = None,
    as_of: pd.Timestamp = AS_OF,
    ref: str = "p-test",
) -> Journey:
    """A journey of `events` and the rest, given as rows."""
    return assemble_journey(
        {"person_ref": ref, "person_id": "TEST-1", "name": "Test Person"},
        events=build_events(events),
        conditions=table_frame(CONDITIONS, conditions or []),
        measures=table_frame(MEASURES, measures or []),
        feeds=table_frame(FEEDS, feeds or []),
        as_of=as_of,
        snapshot="test",
        opportunities=None if opportunities is None else build_opportunities(opportunities),
    )


def repeat(first: str, every_days: int, times: int, **row: Any) -> list[dict[str, Any]]:
    """The same contact `times` times, `every_days` apart."""
    days = pd.date_range(first, periods=times, freq=f"{every_days}D")
    shape = "%Y-%m-%dT%H:%M" if "T" in first else "%Y-%m-%d"
    return [{"start": day.strftime(shape), **row} for day in days]


def hospital_stay(start: str, end: str, pence: int) -> list[dict[str, Any]]:
    """An emergency as four providers see it: 111, ambulance, A&E, admission."""
    begun = pd.Timestamp(start)
    at = [(begun - pd.Timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M") for hours in (6, 5, 4, 0)]
    trust = {"provider": "Fellbeck Hospital", "planned": False}
    return [
        {
            "start": at[0],
            "sector": "nhs111",
            "kind": "NHS 111 call",
            "mode": "telephone",
            "provider": "Dale 111",
            "cost_pence": 1_200,
        },
        {
            "start": at[1],
            "sector": "ambulance",
            "kind": "See, treat and convey",
            "provider": "Northern Dales Ambulance",
            "mode": "face_to_face",
            "cost_pence": 36_700,
        },
        {
            "start": at[2],
            "end": at[3],
            "sector": "ed",
            "mode": "face_to_face",
            "kind": "Emergency department attendance",
            "cost_pence": 22_600,
            **trust,
        },
        {
            "start": at[3],
            "end": end,
            "sector": "hospital",
            "kind": "Emergency admission",
            "team": "General medicine",
            "cost_pence": pence,
            **trust,
        },
    ]


def joan_like() -> Journey:
    """Three years of one person across eleven sectors, rising towards the end."""
    gp = {"sector": "gp", "provider": "Millrace Surgery", "team": "Practice team"}
    home = {"sector": "social_care", "provider": "Dalesborough Council", "kind": "Home care"}
    nurse = {"sector": "community", "provider": "Dales Community Trust", "mode": "home_visit"}
    events = [
        *repeat(
            "2021-04-02T10:00",
            28,
            13,
            sector="voluntary",
            kind="Community centre session",
            provider="Millrace Centre",
            mode="face_to_face",
        ),
        *repeat(
            "2021-04-09T09:10",
            41,
            27,
            kind="GP consultation",
            mode="face_to_face",
            cost_pence=4_300,
            **gp,
        ),
        *repeat(
            "2021-06-09T11:30",
            97,
            11,
            kind="GP triage call",
            mode="telephone",
            cost_pence=1_900,
            **gp,
        ),
        *repeat("2022-11-25T11:30", 62, 5, kind="Letter received", mode="written", **gp),
        *repeat(
            "2021-04-20",
            28,
            38,
            sector="pharmacy",
            kind="Repeat dispensing",
            provider="Bridge Pharmacy",
            cost_pence=140,
        ),
        *repeat(
            "2021-05-12T14:00",
            73,
            12,
            sector="outpatients",
            mode="face_to_face",
            kind="Consultant outpatient appointment",
            provider="Fellbeck Hospital",
            team="Neurology",
            cost_pence=19_800,
            status="attended",
        ),
        *repeat(
            "2022-09-01T15:00",
            120,
            4,
            sector="outpatients",
            kind="Virtual clinic",
            provider="Fellbeck Hospital",
            team="Renal",
            mode="video",
            cost_pence=9_100,
        ),
        {
            "start": "2023-08-15T14:00",
            "sector": "outpatients",
            "provider": "Fellbeck Hospital",
            "kind": "Outpatient appointment",
            "status": "did_not_attend",
            "cost_pence": 0,
            "cost_basis": "no_activity",
            "team": "Neurology",
        },
        {
            "start": "2023-10-10T14:00",
            "sector": "outpatients",
            "provider": "Fellbeck Hospital",
            "kind": "Outpatient appointment",
            "status": "cancelled",
            "team": "Neurology",
        },
        *repeat(
            "2021-06-01T09:30",
            47,
            16,
            kind="Respiratory nurse contact",
            team="Respiratory",
            cost_pence=6_100,
            **nurse,
        ),
        *repeat(
            "2023-05-14T09:30",
            12,
            26,
            kind="District nurse visit",
            team="District nursing",
            cost_pence=5_200,
            **nurse,
        ),
        {
            "start": "2023-07-02T10:00",
            "sector": "mental_health",
            "kind": "Memory service contact",
            "provider": "Dales Mental Health",
            "mode": "face_to_face",
            "cost_pence": 21_000,
        },
        {
            "start": "2024-02-26T10:00",
            "sector": "mental_health",
            "mode": "home_visit",
            "kind": "Older adult mental health contact",
            "provider": "Dales Mental Health",
            "cost_pence": 21_000,
        },
        {
            "start": "2022-10-02T02:40",
            "sector": "ambulance",
            "kind": "See and treat",
            "provider": "Northern Dales Ambulance",
            "mode": "home_visit",
            "cost_pence": 30_100,
        },
        {
            "start": "2022-12-12T04:10",
            "sector": "ambulance",
            "kind": "See and treat",
            "provider": "Northern Dales Ambulance",
            "mode": "home_visit",
            "cost_pence": 30_100,
        },
        *hospital_stay("2023-01-06T18:20", "2023-01-15T15:00", 312_000),
        *hospital_stay("2023-04-22T22:05", "2023-05-09T13:00", 448_000),
        *hospital_stay("2023-05-21T16:00", "2023-06-02T11:30", 365_000),
        *hospital_stay("2023-08-31T07:45", "2023-09-06T12:00", 291_000),
        *hospital_stay("2023-11-17T05:30", "2023-12-29T14:00", 1_284_000),
        *hospital_stay("2024-01-29T19:10", "2024-02-16T16:00", 520_200),
        {
            "start": "2023-05-10",
            "end": "2023-06-20",
            "kind": "Reablement",
            **home,
            "cost_pence": 235_000,
        }
        | {"kind": "Reablement"},
        {"start": "2023-06-21", "end": "2023-11-16", "cost_pence": 598_000, **home},
        {"start": "2023-12-30", "end": "2024-01-28", "cost_pence": 410_000, **home}
        | {"kind": "Intermediate care bed", "sector": "community"},
        {"start": "2024-02-17", "ongoing": True, "cost_pence": 385_000, **home},
        {"start": "2024-03-04", "sector": "voluntary", "kind": "Family contact"},
    ]
    conditions = [
        {"condition": "Epilepsy", "onset": "1998-03-01", "provider": "Millrace Surgery"},
        {"condition": "Hypertension", "onset": "2009-06-11", "provider": "Millrace Surgery"},
        {"condition": "Type 2 diabetes", "onset": "2011-02-01", "provider": "Millrace Surgery"},
        {"condition": "COPD", "onset": "2019-10-20", "provider": "Millrace Surgery"},
        {"condition": "Chronic kidney disease stage 3b", "onset": "2022-02-14"},
        {"condition": "Depression", "onset": "2024-02-26", "provider": "Dales Mental Health"},
    ]
    measures = [
        {"measured_at": "2022-06-10", "has_time": False, "measure": "efi2", "category": "mild"},
        {
            "measured_at": "2023-07-11",
            "has_time": False,
            "measure": "efi2",
            "category": "moderate",
            "value": 0.31,
        },
        {"measured_at": "2024-01-05", "has_time": False, "measure": "efi2", "category": "severe"},
    ]
    covered = [
        "hospital",
        "ed",
        "ambulance",
        "outpatients",
        "gp",
        "pharmacy",
        "community",
        "mental_health",
        "voluntary",
    ]
    feeds = [
        *(
            {"provider": None, "sector": sector, "start": "2021-04-01", "end": "2024-03-31"}
            for sector in covered
        ),
        {"provider": "Dale 111", "sector": "nhs111", "start": "2022-04-01", "end": "2024-03-31"},
        {
            "provider": "Dalesborough Council",
            "sector": "social_care",
            "start": "2023-04-01",
            "end": "2024-03-31",
        },
    ]
    return build_journey(
        events,
        conditions=conditions,
        measures=measures,
        feeds=feeds,
        opportunities=joan_like_opportunities(),
        ref="p-joan",
    )


def joan_like_opportunities() -> list[dict[str, Any]]:
    """Some of each status, several on one day, and two still open at the end of the data."""
    stay = {"consequence": "e161", "consequences": ["e161"], "consequence_at": "2023-01-06T14:20"}
    days = [
        ("R25", "missed", "2022-05-28", "2022-07-09"),
        ("R01", "missed", "2022-12-12T04:10", "2022-12-26"),
        ("R14", "missed", "2022-12-12T04:10", "2023-03-12"),
        ("R05", "missed", "2023-01-15T15:00", "2023-01-22"),
        ("R04", "missed", "2023-05-21T16:00", None),
        ("R05", "met", "2023-06-02T11:30", "2023-06-09"),
        ("R11", "missed", "2023-07-11", "2023-10-09"),
        ("R27", "not_assessable", "2023-03-20", "2023-04-17"),
        ("R14", "open", "2024-02-01T10:00", "2024-05-01"),
        ("R06", "open", "2024-03-14", "2024-04-11"),
    ]
    found = [
        {"rule": rule, "status": status, "signal_at": at, "due": due, "anchor": "gone"}
        | {"window_start": at[:10] if due else None}
        for rule, status, at, due in sorted(days, key=lambda row: row[2])
    ]
    found[1] |= {"anchor": "e158", "evidence": ["e157", "e158"]} | stay
    return found


@pytest.fixture
def make_journey() -> Callable[..., Journey]:
    """The function that builds a journey from rows."""
    return build_journey


@pytest.fixture(scope="session")
def joan() -> Journey:
    """A long, varied journey."""
    return joan_like()


def hover(trace: dict[str, Any], place: int) -> str:
    """What the hover label of one mark says, its template filled in as plotly.js does."""
    said: str = trace["hovertemplate"].replace("<extra></extra>", "")
    for name in ("hovertext", "text"):
        said = said.replace(f"%{{{name}}}", trace[name][place] if name in said else "")
    return said


def read_marks(figure: go.Figure) -> list[dict[str, Any]]:
    """Every mark that stands for an event, read back from the figure's JSON alone.

    Each has `event_id`, `kind` (`point`, `bar` or `column`), `start` and `length_days` on the
    calendar axis, `y` and `hover`.
    """
    marks = []
    for trace in json.loads(figure.to_json())["data"]:
        for place, event_id in enumerate(trace.get("customdata", [])):
            bar = trace["type"] == "bar"
            kind = "column" if trace["name"] == "counted contacts" else "bar"
            marks.append(
                {
                    "event_id": event_id,
                    "kind": kind if bar else "point",
                    "start": pd.Timestamp(trace["base" if bar else "x"][place]),
                    "length_days": trace["x"][place] / 86_400_000 if bar else 0,
                    "y": trace["y"][place],
                    "hover": hover(trace, place),
                    "trace": trace["name"],
                }
            )
    return marks


@pytest.fixture
def marks_of() -> Callable[[go.Figure], list[dict[str, Any]]]:
    """The function that reads the marks back from a figure."""
    return read_marks
