"""OMOP and Synthea folders that nobody here wrote: every row accounted for, nothing doubled."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from theograph.importing import ImportOptions, import_extracts
from theograph.sources.quality import ImportReport
from theograph.store import Store

pytestmark = pytest.mark.peer_data
NOW = datetime(2026, 6, 1, tzinfo=UTC)

OMOP = {
    "PERSON.csv": 28,
    "VISIT_OCCURRENCE.csv": 1_791,
    "VISIT_DETAIL.csv": 1_791,
    "CONDITION_OCCURRENCE.csv": 470,
    "DRUG_EXPOSURE.csv": 883,
    "PROCEDURE_OCCURRENCE.csv": 1_649,
    "MEASUREMENT.csv": 10_040,
    "OBSERVATION.csv": 8_099,
    "DEATH.csv": 3,
    "DEVICE_EXPOSURE.csv": 1,
}
SYNTHEA = {
    "patients.csv": 27,
    "encounters.csv": 604,
    "conditions.csv": 438,
    "medications.csv": 663,
    "procedures.csv": 249,
    "careplans.csv": 49,
    "immunizations.csv": 29,
    "observations.csv": 990,
    "allergies.csv": 40,
    "devices.csv": 3,
    "supplies.csv": 72,
    "imaging_studies.csv": 1,
}

Done = tuple[ImportReport, Store, Path]


def import_folder(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Done:
    store = Store(tmp_path_factory.mktemp(folder.name))
    return import_extracts([folder], store, options=ImportOptions(), now=NOW), store, folder


@pytest.fixture(scope="module")
def omop(peer_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Done:
    return import_folder(peer_data / "omop54-synthea27nj", tmp_path_factory)


@pytest.fixture(scope="module")
def synthea(peer_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Done:
    return import_folder(peer_data / "synthea-csv-dbt27", tmp_path_factory)


def read_rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def assert_accounted_for(done: Done, expected: dict[str, int]) -> None:
    files = {file.path: file for file in done[0].files}
    assert {path: file.rows_read for path, file in files.items() if file.rows_read} == expected
    for file in files.values():
        assert file.rows_read == file.kept + file.duplicates + file.set_aside
        assert file.error is None


def test_every_row_of_the_omop_tables_is_accounted_for(omop: Done) -> None:
    assert_accounted_for(omop, OMOP)
    assert omop[0].people == 28
    files = {file.path: file for file in omop[0].files}
    set_aside = {path: file.reasons for path, file in files.items() if file.set_aside}
    unanswered = {"is a question without an answer": files["OBSERVATION.csv"].set_aside}
    assert set_aside == {
        "OBSERVATION.csv": unanswered,
        "VISIT_DETAIL.csv": {"is part of a visit that is read already": 1_791},
    }
    for name in ("VISIT_OCCURRENCE.csv", "PROCEDURE_OCCURRENCE.csv", "DRUG_EXPOSURE.csv"):
        assert files[name].kept == OMOP[name]


def test_each_visit_is_one_event_of_its_person_and_day(omop: Done) -> None:
    _, store, folder = omop
    events = pq.read_table(store.current().table("events"))
    visits = events.filter(pc.equal(events["source_file"], "VISIT_OCCURRENCE.csv")).to_pylist()
    expected = Counter(
        (row["person_id"], row["visit_occurrence_id"], row["visit_start_date"])
        for row in read_rows(folder, "VISIT_OCCURRENCE.csv")
    )
    found = Counter(
        (str(row["link_key"]).split("\x1f")[-1], row["event_id"], row["start"].date().isoformat())
        for row in visits
    )
    assert found == expected
    stays = [row for row in visits if row["sector"] == "hospital"]
    longest = max((row["end"] - row["start"]).days for row in visits if row["end"])
    assert (len(stays), longest) == (13, 96)
    assert not any(row["has_time"] for row in visits)  # every time is midnight


def test_omop_deaths_conditions_and_readings_are_those_of_the_tables(omop: Done) -> None:
    _, store, folder = omop
    people = pq.read_table(store.current().table("people")).to_pylist()
    died = {row["person_id"]: row["date_of_death"] for row in people if row["date_of_death"]}
    assert {person: str(day) for person, day in died.items()} == {
        row["person_id"]: row["death_date"] for row in read_rows(folder, "DEATH.csv")
    }
    conditions = pq.read_table(store.current().table("conditions"))
    assert conditions.num_rows == 470
    assert conditions["end"].null_count == 96
    measures = pq.read_table(store.current().table("measures")).to_pylist()
    readings = [row for row in read_rows(folder, "MEASUREMENT.csv") if row["value_as_number"]]
    hba1c = [row for row in readings if row["measurement_source_value"] == "4548-4"]
    kept = [row["value"] for row in measures if row["measure"] == "hba1c"]
    assert set(kept) == {float(row["value_as_number"]) for row in hba1c}


def test_nothing_done_at_a_visit_is_costed_beside_it(omop: Done) -> None:
    events = pq.read_table(omop[1].current().table("events")).to_pylist()
    visits = {row["spell_id"] for row in events if row["event_id"] == row["spell_id"]}
    for row in events:
        if row["spell_id"] in visits and row["event_id"] != row["spell_id"]:
            assert (row["cost_basis"], row["cost_pence"]) == ("part_of_spell", 0)


def test_every_row_of_the_synthea_tables_is_kept(synthea: Done) -> None:
    assert_accounted_for(synthea, SYNTHEA)
    assert synthea[0].people == 27
    assert synthea[0].kept == sum(SYNTHEA.values())


def test_synthea_dollars_are_kept_and_never_counted(synthea: Done) -> None:
    _, store, folder = synthea
    events = pq.read_table(store.current().table("events")).to_pylist()
    dollars = sum(row["recorded_cost_pence"] for row in events if row["currency"] == "USD")
    claims = [row["TOTAL_CLAIM_COST"] for row in read_rows(folder, "encounters.csv")]
    medicines = [row["TOTALCOST"] for row in read_rows(folder, "medications.csv")]
    assert dollars == sum(round(float(amount) * 100) for amount in (*claims, *medicines))
    assert {row["cost_pence"] for row in events if row["currency"] == "USD"} == {None}


def test_synthea_open_ends_go_on(synthea: Done) -> None:
    _, store, folder = synthea
    events = pq.read_table(store.current().table("events")).to_pylist()
    for name, kept in (("medications.csv", 46), ("careplans.csv", 34)):
        open_ends = sum(not row["STOP"] for row in read_rows(folder, name))
        ongoing = sum(row["ongoing"] for row in events if row["source_file"] == name)
        assert ongoing == open_ends == kept
