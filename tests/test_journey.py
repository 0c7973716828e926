"""One person's figures and document, checked by hand on a few events."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from theograph.journey import Journey, assemble_journey, count_nights, journey_document
from theograph.record.tables import (
    CONDITIONS,
    EVENTS,
    FEEDS,
    MEASURES,
    OPPORTUNITIES,
    Table,
)

AS_OF = pd.Timestamp("2024-06-30")


def make_frame(table: Table, rows: list[dict[str, Any]]) -> pd.DataFrame:
    frame = pa.Table.from_pylist(rows, schema=table.schema).to_pandas()
    for column in table.columns:
        kinds = {"text": "str", "whole": "Int64", "instant": "datetime64[us]"}
        if column.type in kinds:
            frame[column.name] = frame[column.name].astype(kinds[column.type])
        elif column.type == "date":
            frame[column.name] = frame[column.name].astype("datetime64[us]")
        elif column.type == "yes_no":
            frame[column.name] = frame[column.name].astype("bool" if column.required else "boolean")
    return frame


def event(start: str, end: str | None = None, **given: Any) -> dict[str, Any]:
    stamp = pd.Timestamp
    return {
        "event_id": f"e{start}{end}",
        "person_ref": "p1",
        "start": stamp(start),
        "end": stamp(end) if end else None,
        "has_time": "T" in start,
        "ongoing": False,
        "sector": "hospital",
        "kind": "Emergency admission",
        "provider": "North",
        "planned": False,
        "cost_pence": 0,
        "cost_basis": "recorded",
        "source_file": "f.csv",
        "source_row": 2,
        "source_mapping": "theograph",
        **given,
    }


def assemble(events: list[dict[str, Any]], **person: Any) -> Journey:
    return assemble_journey(
        {"person_ref": "p1", "person_id": "NA", **person},
        events=make_frame(EVENTS, events),
        conditions=make_frame(CONDITIONS, []),
        measures=make_frame(MEASURES, []),
        feeds=make_frame(FEEDS, []),
        as_of=AS_OF,
        snapshot="000001",
    )


NIGHTS = {
    "three-nights": ([("2024-01-01", "2024-01-04")], 3),
    "a-day-case-has-none": ([("2024-01-01T08:00", "2024-01-01T18:00")], 0),
    "in-before-and-out-after-midnight": ([("2024-01-01T23:59", "2024-01-02T00:01")], 1),
    "overlapping-episodes-count-once": (
        [("2024-01-01", "2024-01-04"), ("2024-01-02", "2024-01-03"), ("2024-01-03", "2024-01-06")],
        5,
    ),
    "a-transfer-on-the-day-joins": (
        [("2024-01-01", "2024-01-04"), ("2024-01-04", "2024-01-05")],
        4,
    ),
    "apart": ([("2024-01-01", "2024-01-02"), ("2024-03-01", "2024-03-03")], 3),
    "ongoing-runs-to-the-as-of-day": ([("2024-06-28", None)], 2),
    "over-the-clock-change": ([("2024-03-30T22:00", "2024-04-01T02:00")], 2),
    "over-a-leap-day": ([("2024-02-28", "2024-03-01")], 2),
    "none": ([], 0),
}


@pytest.mark.parametrize("case", NIGHTS)
def test_nights_in_hospital(case: str) -> None:
    spells, nights = NIGHTS[case]
    events = [event(start, end, ongoing=end is None) for start, end in spells]
    assert assemble(events).summary.hospital_nights == nights


DAY = st.integers(0, 60).map(lambda day: pd.Timestamp("2024-01-01") + pd.Timedelta(days=day))


@given(st.lists(st.tuples(DAY, st.integers(0, 20)), max_size=8))
def test_nights_are_those_a_calendar_would_count(spells: list[tuple[pd.Timestamp, int]]) -> None:
    rows = [event(str(day), str(day + pd.Timedelta(days=length))) for day, length in spells]
    nights = {day + pd.Timedelta(days=n) for day, length in spells for n in range(length)}
    assert count_nights(make_frame(EVENTS, rows), as_of=AS_OF) == len(nights)


def test_emergency_admissions_are_spells_not_episodes() -> None:
    summary = assemble(
        [
            event("2024-01-01", "2024-01-02", spell_id="S1"),
            event("2024-01-02", "2024-01-04", spell_id="S1"),
            event("2024-02-01", "2024-02-02", spell_id="S1", provider="South"),
            event("2024-03-01", "2024-03-02"),
            event("2024-04-01", "2024-04-02", planned=True),
            event("2024-05-01", "2024-05-02", planned=None, kind="Stay"),
            event("2024-05-11", "2024-05-12", planned=None, kind="Emergency admission"),
            event("2024-06-01", "2024-06-02", status="cancelled"),
            event("2024-06-03", sector="ed"),
        ]
    ).summary
    assert summary.emergency_admissions == 4, "what is called one is one"


def test_contact_days_teams_and_missed_contacts() -> None:
    summary = assemble(
        [
            event("2024-01-01T09:00", sector="gp", team="GP"),
            event("2024-01-01T11:00", sector="community", team="Nurses"),
            event("2024-01-02", sector="gp", team="GP"),
            event("2024-01-03", sector="gp", team="Reception", mode="written"),
            event("2024-01-04", sector="voluntary", team="Hub"),
            event("2024-01-05", sector="community", team="Podiatry", status="did_not_attend"),
            event("2024-01-06", sector="gp", team="GP", provider="South"),
        ]
    ).summary
    assert summary.contact_days == 3
    assert summary.teams == 3
    assert summary.providers == 2
    assert summary.did_not_attend == 1


def test_costs_by_sector_provider_basis_and_financial_year() -> None:
    summary = assemble(
        [
            event("2024-03-31", sector="gp", cost_pence=4000),
            event("2024-04-01", sector="gp", cost_pence=5000, cost_basis="tariff",
                  cost_price_year="2024/25"),
            event("2024-03-31", "2024-04-02", cost_pence=100_000, provider=None),
            event("2024-05-01", sector="ed", cost_pence=None, cost_basis="not_costed"),
        ]
    ).summary  # fmt: skip
    assert summary.cost_pence == 109_000
    assert summary.cost_by_sector == {"gp": 9000, "hospital": 100_000, "ed": 0}
    assert summary.cost_by_provider == {"North": 9000, "not recorded": 100_000}
    assert sum(summary.cost_by_financial_year.values()) == 109_000
    assert set(summary.cost_by_financial_year) == {"2023/24", "2024/25"}
    assert summary.cost_by_basis == {
        "recorded": {"events": 2, "pence": 104_000},
        "tariff": {"events": 1, "pence": 5000},
        "not_costed": {"events": 1, "pence": 0},
    }
    assert summary.price_years == ["2024/25"]


@pytest.mark.parametrize(
    ("born", "died", "age"),
    [
        (date(1950, 6, 30), None, 74),
        (date(1950, 7, 1), None, 73),
        (date(1952, 2, 29), None, 72),
        (date(1950, 1, 1), date(2020, 1, 1), 70),
        (date(1950, 1, 1), date(2019, 12, 31), 69),
        (None, None, None),
    ],
)
def test_age_is_that_of_the_as_of_day_or_of_death(
    born: date | None, died: date | None, age: int | None
) -> None:
    person = assemble([], date_of_birth=born, date_of_death=died).person
    assert person.age_years == age
    assert person.ref == "p1"


def test_the_document_holds_iso_dates_pence_and_provenance() -> None:
    journey = assemble(
        [
            event("2024-01-02T01:30", "2024-01-02T03:00", cost_pence=4000, mode=None),
            event("2024-01-01", None, ongoing=True, planned=None, cost_pence=None),
        ]
    )
    document = json.loads(json.dumps(journey_document(journey), allow_nan=False))
    assert list(document) == [
        "person", "as_of", "snapshot", "summary", "conditions", "measures", "feeds", "events",
        "opportunities",
    ]  # fmt: skip
    first, second = document["events"]
    assert set(first) == set(EVENTS.names)
    assert (first["start"], first["end"], first["ongoing"]) == ("2024-01-01", None, True)
    assert (second["start"], second["end"]) == ("2024-01-02T01:30:00", "2024-01-02T03:00:00")
    assert (first["cost_pence"], second["cost_pence"]) == (None, 4000)
    assert (first["planned"], second["planned"]) == (None, False)
    for one in document["events"]:
        assert (one["source_file"], one["source_row"]) == ("f.csv", 2)
    assert document["as_of"] == "2024-06-30"
    assert document["person"]["person_id"] == "NA"


def test_assembling_leaves_the_frames_it_is_given_alone() -> None:
    events = make_frame(EVENTS, [event("2024-02-01"), event("2024-01-01")])
    before = events.copy()
    empty = {name: make_frame(table, []) for name, table in
             (("conditions", CONDITIONS), ("measures", MEASURES), ("feeds", FEEDS))}  # fmt: skip
    journey = assemble_journey(
        {"person_ref": "p", "person_id": "1"}, events=events, as_of=AS_OF, snapshot="1", **empty
    )
    pd.testing.assert_frame_equal(events, before)
    assert journey.events["start"].is_monotonic_increasing


def opportunity(status: str = "missed", **given: Any) -> dict[str, Any]:
    return {
        "person_ref": "p1",
        "rule": "R05",
        "signal_no": 1,
        "status": status,
        "signal_at": pd.Timestamp("2024-02-01T10:30"),
        "has_time": True,
        "anchor": "e1",
        "evidence": ["e1"],
        "consequences": [],
        "uncovered": [],
        **given,
    }


def assemble_with(events: list[dict[str, Any]], found: list[dict[str, Any]]) -> Journey:
    empty = {name: make_frame(table, []) for name, table in
             (("conditions", CONDITIONS), ("measures", MEASURES), ("feeds", FEEDS))}  # fmt: skip
    return assemble_journey(
        {"person_ref": "p1", "person_id": "1"},
        events=make_frame(EVENTS, events),
        opportunities=make_frame(OPPORTUNITIES, found),
        as_of=AS_OF,
        snapshot="1",
        **empty,
    )


def test_what_followed_counts_each_event_once_and_whole_spells() -> None:
    spell = {"spell_id": "S1", "event_id": "first"}
    events = [
        event("2024-03-01", "2024-03-02", cost_pence=0, cost_basis="part_of_spell", **spell),
        event("2024-03-02", "2024-03-09", cost_pence=90_000, spell_id="S1"),
        event("2024-03-01", "2024-03-02", cost_pence=7, spell_id="S1", provider="South"),
        event("2024-04-01", sector="ed", cost_pence=500, event_id="ed"),
        event("2024-04-02", sector="ed", cost_pence=None, event_id="unpriced"),
        event("2024-05-01", sector="ed", cost_pence=31, event_id="after met"),
    ]
    found = [
        opportunity(consequences=["first", "ed"]),
        opportunity(consequences=["ed", "unpriced", "gone"]),
        opportunity("met", consequences=["after met"]),
        opportunity("open"),
    ]
    summary = assemble_with(events, found).summary
    assert summary.cost_followed_pence == 90_500
    counts = (summary.missed, summary.open, summary.met, summary.not_assessable)
    assert counts == (2, 1, 1, 0)


def test_without_rules_nothing_is_counted_and_the_frame_has_no_columns() -> None:
    journey = assemble([event("2024-03-01")])
    assert list(journey.opportunities.columns) == []
    assert journey.summary.missed == journey.summary.cost_followed_pence == 0
    assert journey_document(journey)["opportunities"] == []


def test_opportunities_stand_by_time_and_are_written_with_plain_dates() -> None:
    found = [
        opportunity(rule="R14", signal_at=pd.Timestamp("2024-03-01"), has_time=False),
        opportunity(due=date(2024, 2, 8), window_start=date(2024, 2, 1), evidence=["e1", "e2"]),
    ]
    journey = assemble_with([event("2024-03-01")], found)
    document = json.loads(json.dumps(journey_document(journey), allow_nan=False))
    first, second = document["opportunities"]
    assert (first["rule"], first["signal_at"]) == ("R05", "2024-02-01T10:30:00")
    assert (first["window_start"], first["due"]) == ("2024-02-01", "2024-02-08")
    assert first["evidence"] == ["e1", "e2"]
    assert (second["signal_at"], second["due"]) == ("2024-03-01", None)
    assert (second["uncovered"], second["cost_followed_pence"]) == ([], None)
