"""Invented people for the app's tests: small, awkward, and nobody real."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pyarrow as pa

from theograph.app.services import Services
from theograph.errors import UnknownPersonError
from theograph.journey import Journey, assemble_journey
from theograph.record.sectors import SECTOR_KEYS
from theograph.record.tables import CONDITIONS, EVENTS, FEEDS, MEASURES, OPPORTUNITIES, Table

CANARY_NAME = "Winifred Canary-Testperson"
CANARY_NUMBER = "9990000018"
MARKUP = '<img src=x onerror="document.title=1"><a href="https://example.org">link</a><b>bold</b>'
AS_OF = pd.Timestamp("2025-03-31")
WINIFRED, BLANK, MANY = "winifred01", "blank00002", "many000003"


@dataclass(frozen=True, slots=True)
class Hit:
    """A person found."""

    ref: str
    person_id: str
    name: str | None
    events: int
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Line:
    """A unit-cost line."""

    activity: str
    cost_pence: int | None
    source: str
    verified: str


@dataclass(frozen=True, slots=True)
class Signal:
    """What a rule looks for."""

    say: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule comes from."""

    title: str
    section: str = "1.2"
    year: int | None = 2015
    basis: str = "guideline"
    windows: str = "partly published"
    verified: str = "partly"
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule in words."""

    title: str
    plain: str
    expected: str
    action: str
    theme: str
    severity: str
    signals: tuple[Signal, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class Concept:
    """A concept in words."""

    title: str
    meaning: str


RULES = {
    "R05": Rule(
        "Home from hospital, no contact recorded",
        "The person went home after an emergency stay, and no contact is recorded after it.",
        "A call or visit from general practice or community health",
        "Ring or visit now.",
        "going home",
        "high",
        (Signal("Home after an emergency stay"),),
        Source("NICE NG27"),
    ),
    "R06": Rule(
        "Low mood raised, no depression assessment recorded",
        "Someone noted low mood, and no depression assessment is recorded.",
        "A depression assessment",
        "Offer a depression assessment (PHQ-9) at the next contact.",
        "mental health",
        "high",
        (Signal("Low mood noted"),),
        Source("NICE NG222", windows="design choice", verified="no", year=None),
    ),
    "R14": Rule(
        "Falls, no falls assessment recorded",
        "The person fell twice, and no falls assessment is recorded.",
        "A comprehensive (multifactorial) falls assessment",
        "Refer for a falls assessment.",
        "falls and frailty",
        "medium",
        (Signal("A fall with harm"), Signal("Two falls in a year")),
        Source("NICE NG249", year=2025),
    ),
    "R98": Rule(
        *[f"{MARKUP} {part}" for part in ("title", "plain", "expected", "action", "theme")],
        "low",
        (Signal(MARKUP),),
        Source(MARKUP, section=MARKUP, notes=MARKUP),
    ),
}
CONCEPTS = {"fall": Concept("Fall", "The person fell."), "gp_contact": Concept("GP contact", "")}


def make_opportunity(rule: str, status: str, at: str, **more: Any) -> dict[str, Any]:
    """One opportunity; what is not given is absent."""
    given = {
        "person_ref": "x",
        "rule": rule,
        "signal_no": 1,
        "status": status,
        "signal_at": pd.Timestamp(at),
        "has_time": "T" in at,
        "anchor": "ev-00000",
        "evidence": [],
        "consequences": [],
        "uncovered": [],
    } | more
    anchored = [given["anchor"]] if not given["evidence"] else given["evidence"]
    return given | {"evidence": anchored}


def make_opportunities() -> list[dict[str, Any]]:
    """One of each kind of opportunity, and two that nothing is known of any more."""
    stay = {"consequence": "ev-00100", "consequence_at": pd.Timestamp("2024-06-03T02:10")}
    stay |= {"consequences": ["ev-00100"], "cost_followed_pence": 512_300}
    start = {"window_start": date(2024, 3, 1)}
    return [
        make_opportunity("R06", "missed", "2024-03-01", due=date(2024, 3, 29), **start, **stay)
        | {"anchor": "ev-00001", "evidence": ["ev-00001", "measure:phq9:2024-02-28"]},
        make_opportunity("R14", "missed", "2024-05-04T10:00", signal_no=2, **stay)
        | {"anchor": "ev-00013", "evidence": ["ev-00002", "ev-00013"]}
        | {"window_start": date(2024, 5, 4), "due": date(2024, 8, 2)},
        make_opportunity("R05", "met", "2024-06-20T11:00", anchor="ev-00100")
        | {"window_start": date(2024, 6, 20), "due": date(2024, 6, 27)}
        | {"response": "ev-00017", "response_at": pd.Timestamp("2024-06-12T16:30")},
        make_opportunity("R98", "missed", "2024-12-12T10:00", anchor="ev-00103"),
        make_opportunity("R99", "not_assessable", "2025-01-20", anchor="gone", uncovered=["gp"])
        | {"window_start": date(2025, 1, 20), "due": date(2025, 2, 3)},
        make_opportunity("R14", "open", "2025-01-20", anchor="ev-00104")
        | {"window_start": date(2024, 10, 22), "due": date(2025, 4, 20)},
        make_opportunity("R06", "open", "2025-01-20", anchor="ev-00104")
        | {"window_start": date(2025, 1, 20), "due": date(2025, 4, 11)},
    ]


def make_frame(table: Table, rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Rows as the store gives them: every column, with its type."""
    empty = dict.fromkeys(table.names)
    frame = pa.Table.from_pylist([empty | row for row in rows], schema=table.schema).to_pandas()
    for column in table.columns:
        if column.type == "text":
            frame[column.name] = frame[column.name].astype("str")
        elif column.type == "whole":
            frame[column.name] = frame[column.name].astype("Int64")
        elif column.type == "yes_no":
            nullable = not column.required
            frame[column.name] = frame[column.name].astype("boolean" if nullable else bool)
        elif column.type in ("instant", "date"):
            frame[column.name] = frame[column.name].astype("datetime64[us]")
    return frame


def make_event(number: int, start: str, sector: str, kind: str, **more: Any) -> dict[str, Any]:
    """One event; what is not given is absent."""
    begun = pd.Timestamp(start)
    return {
        "event_id": f"ev-{number:05d}",
        "person_ref": "x",
        "link_key": f"local|{CANARY_NUMBER}",
        "start": begun,
        "has_time": "T" in start,
        "ongoing": False,
        "sector": sector,
        "kind": kind,
        "provider": "Fellbeck Hospital",
        "status": "attended",
        "cost_pence": 4000,
        "cost_basis": "tariff",
        "cost_line": "PSSRU-GP",
        "cost_price_year": "2024/25",
        "cost_unit": "contact",
        "cost_units": 1.0,
        "source_file": "extract.csv",
        "source_row": number + 2,
        "source_mapping": "theograph",
    } | more


def make_winifred() -> Journey:
    """A person with one of everything, and markup wherever text can stand."""
    events = [
        make_event(
            n, f"2024-{1 + n % 12:02d}-{1 + (n * 7) % 27:02d}T{8 + n % 9:02d}:30", sector, kind
        )
        for n, (sector, kind) in enumerate(
            [(SECTOR_KEYS[n % 11], f"Contact {n}") for n in range(40)]
        )
    ]
    events += [
        make_event(
            100,
            "2024-06-03T02:10",
            "hospital",
            "Emergency admission",
            end=pd.Timestamp("2024-06-20T11:00"),
            planned=False,
            team="Medicine",
            cost_pence=512_300,
            cost_basis="recorded",
            cost_line=None,
            cost_units=None,
            cost_unit=None,
            cost_price_year=None,
            code_system="ICD-10",
            code="J44.1",
            outcome="Discharged home",
            description="COPD exacerbation",
        ),
        make_event(
            101,
            "2024-09-02",
            "social_care",
            "Home care",
            ongoing=True,
            provider="Fellbeck Council",
            units_per_week=7.0,
            cost_pence=390_000,
        ),
        make_event(
            102,
            "2024-11-05T09:00",
            "outpatients",
            "Outpatient appointment",
            status="did_not_attend",
            cost_pence=0,
            cost_basis="no_activity",
            cost_line=None,
        ),
        make_event(
            103,
            "2024-12-12T10:00",
            "gp",
            MARKUP,
            provider=MARKUP,
            team=MARKUP,
            description=MARKUP,
            outcome=MARKUP,
            mode="telephone",
            concepts="fall;gp_contact;gone_concept",
            concepts_because=f"words {MARKUP};kind See, treat, mode telephone;its setting",
            source_file=f"{MARKUP}.csv",
        ),
        make_event(
            104,
            "2025-01-20",
            "voluntary",
            "Life event",
            cost_pence=None,
            cost_basis="not_costed",
            cost_line=None,
            provider=None,
        ),
    ]
    return assemble_journey(
        {
            "person_ref": WINIFRED,
            "person_id": CANARY_NUMBER,
            "name": CANARY_NAME,
            "date_of_birth": date(1946, 5, 1),
            "sex": "female",
            "deprivation_decile": 4,
            "household": "Lives alone with her cat",
            "conflicts": "sex: female (gp), male (ed)",
        },
        events=make_frame(EVENTS, events),
        conditions=make_frame(
            CONDITIONS,
            [
                {
                    "condition": name,
                    "onset": date(year, 3, 1),
                    "source_file": "c.csv",
                    "source_row": 2,
                }
                for name, year in (("Epilepsy", 1998), ("COPD", 2019), (MARKUP, 2024))
            ],
        ),
        measures=make_frame(
            MEASURES,
            [
                make_measure("2023-07-11", "efi", 0.31, "moderate"),
                make_measure("2024-11-30", "efi", 0.39, "severe"),
                make_measure("2024-07-11", "repeat_medicines", 12, None),
            ],
        ),
        feeds=make_frame(
            FEEDS,
            [
                {
                    "provider": "Fellbeck Hospital",
                    "sector": "hospital",
                    "start": date(2024, 4, 1),
                    "end": date(2025, 3, 31),
                    "declared": True,
                }
            ],
        ),
        as_of=AS_OF,
        snapshot="000001",
        opportunities=make_frame(OPPORTUNITIES, make_opportunities()),
    )


def make_measure(day: str, measure: str, value: float, category: str | None) -> dict[str, Any]:
    """One reading."""
    return {
        "measured_at": pd.Timestamp(day),
        "has_time": False,
        "measure": measure,
        "value": value,
        "category": category,
        "source_file": "m.csv",
        "source_row": 2,
    }


def make_bare(ref: str, events: list[dict[str, Any]]) -> Journey:
    """A person of whom nothing is recorded but the events."""
    return assemble_journey(
        {"person_ref": ref, "person_id": ref.upper()},
        events=make_frame(EVENTS, events),
        conditions=make_frame(CONDITIONS, []),
        measures=make_frame(MEASURES, []),
        feeds=make_frame(FEEDS, []),
        as_of=AS_OF,
        snapshot="000001",
    )


def make_many(count: int = 600) -> Journey:
    """A person with more events than one block of the table."""
    first = pd.Timestamp("2022-04-01")
    events = [
        make_event(
            n, str((first + timedelta(days=n % 1090)).date()), SECTOR_KEYS[n % 11], f"Visit {n}"
        )
        for n in range(count)
    ]
    return make_bare(MANY, events)


def make_services() -> Services:
    """Three people with a journey, and a thousand more to find."""
    journeys = {WINIFRED: make_winifred(), BLANK: make_bare(BLANK, []), MANY: make_many()}
    people = [
        Hit(WINIFRED, CANARY_NUMBER, CANARY_NAME, 45, date(2024, 1, 1), date(2025, 1, 20)),
        Hit(BLANK, BLANK.upper(), None, 0, None, None),
        Hit(MANY, MANY.upper(), None, 600, date(2022, 4, 1), date(2025, 3, 25)),
        *(
            Hit(f"p{n:09d}", f"SYN-{n:04d}", f"Person {n}", n, date(2022, 4, 1), date(2025, 1, 1))
            for n in range(1000)
        ),
    ]

    def open_journey(ref: str) -> Journey:
        if ref not in journeys:
            raise UnknownPersonError(f"{ref}: nobody in this store; see theograph people")
        return journeys[ref]

    def search_people(text: str, limit: int) -> list[Hit]:
        sought = text.casefold()
        found = [p for p in people if sought in f"{p.name or ''} {p.person_id}".casefold()]
        return found[:limit]

    def unit_cost(code: str) -> Line | None:
        return (
            Line("GP surgery consultation", 4000, "PSSRU 2025", "yes")
            if code == "PSSRU-GP"
            else None
        )

    return Services(
        open_journey=open_journey,
        search_people=search_people,
        unit_cost=unit_cost,
        rule=RULES.get,
        concept=CONCEPTS.get,
        rule_ids=lambda: tuple(RULES),
    )
