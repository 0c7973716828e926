"""One person as FHIR and as Synthea's CSV: the same journey, whichever way it came."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from tests.conftest import Imported, Read
from tests.sources import nora


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
    fhir, csv = (told(imported, "events", "kind, start") for imported in both)
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
