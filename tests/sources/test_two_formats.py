"""One person as FHIR, as Synthea's CSV and as OMOP: the same journey, whichever way it came."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Imported, Read
from tests.sources import nora, nora_omop


@pytest.fixture(scope="module")
def both(read: Read) -> tuple[Imported, Imported]:
    return read(nora.as_fhir()), read(nora.as_csv())


def told(imported: Imported, table: str, columns: str) -> Counter[tuple[Any, ...]]:
    return Counter(imported.rows(table, columns))


def test_every_row_of_both_is_read(both: tuple[Imported, Imported]) -> None:
    for imported in both:
        assert [file.error for file in imported.report.files] == [None] * len(imported.report.files)
        assert imported.report.people == 1


def test_encounters_have_the_same_instants(both: tuple[Imported, Imported]) -> None:
    columns = 'kind, sector, start, "end", has_time, provider, clinician'
    fhir, csv = (told(imported, "events", f"spell_id is null, {columns}") for imported in both)
    at_encounters = [Counter(r for r in found.elements() if not r[0]) for found in (fhir, csv)]
    assert at_encounters[0].total() == sum(map(len, (nora.VISITS, nora.PROCEDURES, nora.VACCINES)))
    assert at_encounters[0] == at_encounters[1]


def test_there_are_as_many_events_of_each_kind(both: tuple[Imported, Imported]) -> None:
    fhir, csv = (told(imported, "events", "kind, sector, planned, start") for imported in both)
    assert fhir == csv


def test_costs_and_their_currency_are_the_same(both: tuple[Imported, Imported]) -> None:
    columns = "kind, recorded_cost_pence, currency, cost_pence, cost_basis"
    fhir, csv = (told(imported, "events", columns) for imported in both)
    assert fhir == csv
    recorded = {row[0]: row[1] for row in fhir if row[1] is not None}
    assert recorded["Health check"] == 56883
    assert sum(recorded.values()) == 11_455_42


def test_conditions_and_readings_are_the_same(both: tuple[Imported, Imported]) -> None:
    for table, columns in (
        ("conditions", 'condition, onset, "end", code_system, code, provider'),
        ("measures", "measure, measured_at, value, unit, code_system, code"),
        ("people", "name, date_of_birth, sex"),
    ):
        fhir, csv = (told(imported, table, columns) for imported in both)
        assert fhir == csv


# What the tables of OMOP have no place for, or know by a wider word than Synthea does.
NOT_IN_OMOP = {"Care plan"}


@pytest.fixture(scope="module")
def omop(read: Read) -> Imported:
    return read(nora_omop.as_omop())


def without_care_plans(imported: Imported, columns: str) -> Counter[tuple[Any, ...]]:
    found = imported.rows("events", f"kind, {columns}")
    return Counter(row[1:] for row in found if row[0] not in NOT_IN_OMOP)


def test_omop_has_the_same_instants_where_it_has_the_event(
    both: tuple[Imported, Imported], omop: Imported
) -> None:
    columns = "start, has_time, sector, provider, clinician, mode"
    fhir, found = (without_care_plans(imported, columns) for imported in (both[0], omop))
    assert found == fhir
    assert len(omop.rows("events")) == len(both[0].rows("events")) - len(nora.PLANS)


def test_a_visit_of_omop_ends_when_that_of_fhir_does(
    both: tuple[Imported, Imported], omop: Imported
) -> None:
    columns = 'spell_id is not null and recorded_cost_pence is not null, start, "end"'
    fhir, found = (
        Counter(row for row in imported.rows("events", columns) if row[0])
        for imported in (both[0], omop)
    )
    assert found == fhir
    assert found.total() == len(nora.VISITS)


def test_costs_of_omop_are_the_same(both: tuple[Imported, Imported], omop: Imported) -> None:
    columns = "start, recorded_cost_pence, currency"
    fhir, found = (without_care_plans(imported, columns) for imported in (both[0], omop))
    assert found == fhir


def test_conditions_readings_and_the_person_of_omop_are_the_same(
    both: tuple[Imported, Imported], omop: Imported
) -> None:
    """But for the name: OMOP has none."""
    for table, columns in (
        ("conditions", 'condition, onset, "end", code_system, code, provider'),
        ("measures", "measure, measured_at, has_time, value, unit, code_system, code, provider"),
        ("people", "date_of_birth, sex"),
    ):
        assert told(omop, table, columns) == told(both[0], table, columns)
    assert omop.rows("people", "name") == [(None,)]


def test_a_typed_database_of_version_5_3_says_what_the_text_of_5_4_says(
    read: Read, omop: Imported, tmp_path: Path
) -> None:
    nora_omop.write_omop(tmp_path / "cdm.duckdb")
    database = read({"cdm.duckdb": (tmp_path / "cdm.duckdb").read_bytes()})
    for table, columns in (
        ("events", 'event_id, start, "end", has_time, sector, kind, code, recorded_cost_pence'),
        ("conditions", 'condition, onset, "end", code'),
        ("measures", "measure, measured_at, value, unit"),
        ("people", "person_id, date_of_birth, sex"),
    ):
        assert told(database, table, columns) == told(omop, table, columns)
