"""FHIR that others wrote: Synthea bundles counted by hand, the oddities of UK Core examples."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from theograph.importing import ImportOptions, import_extracts
from theograph.sources.quality import ImportReport
from theograph.store import Store

pytestmark = pytest.mark.peer_data
NOW = datetime(2026, 6, 1, tzinfo=UTC)
Peer = tuple[ImportReport, Store]


def read_folder(folder: Path, store: Path) -> Peer:
    report = import_extracts([folder], Store(store), options=ImportOptions(), now=NOW)
    return report, Store(store)


@pytest.fixture(scope="module")
def synthea(peer_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Peer:
    return read_folder(peer_data / "fhir-r4-smart-synthea2019", tmp_path_factory.mktemp("synthea"))


@pytest.fixture(scope="module")
def ukcore(peer_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Peer:
    return read_folder(
        peer_data / "fhir-ukcore-examples" / "json", tmp_path_factory.mktemp("ukcore")
    )


@pytest.fixture(scope="module")
def entries(peer_data: Path) -> list[dict[str, Any]]:
    files = sorted((peer_data / "fhir-r4-smart-synthea2019").glob("*.json"))
    return [entry["resource"] for file in files for entry in json.loads(file.read_text())["entry"]]


def rows(store: Store, table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(store.current().table(table)).to_pylist()
    return found


def of_type(store: Store) -> Counter[str]:
    return Counter(row["event_id"].partition("/")[0] for row in rows(store, "events"))


def test_every_row_of_every_file_is_accounted_for(synthea: Peer, ukcore: Peer) -> None:
    for report, _ in (synthea, ukcore):
        for file in report.files:
            assert file.error is None
            assert file.mapping == "fhir"
            assert file.rows_read == file.kept + file.duplicates + file.set_aside


def test_the_synthea_bundles_hold_what_they_say(synthea: Peer) -> None:
    report, store = synthea
    kept = of_type(store)
    assert report.people == 11
    assert (kept["Encounter"], kept["Procedure"], kept["Immunization"]) == (147, 57, 83)
    assert (kept["MedicationRequest"], kept["DiagnosticReport"], kept["CarePlan"]) == (30, 51, 13)
    assert len(rows(store, "conditions")) == 49
    pressures = 64
    assert len(rows(store, "measures")) == 758 + pressures


def test_nothing_of_a_synthea_bundle_is_lost(synthea: Peer, entries: list[dict[str, Any]]) -> None:
    report, _ = synthea
    found = Counter(entry["resourceType"] for entry in entries)
    looked_up = found["Organization"] + found["Practitioner"]
    assert sum(file.rows_read for file in report.files) == found.total() - looked_up + 64
    reasons: Counter[str] = Counter()
    for file in report.files:
        reasons.update(file.reasons)
    assert reasons == {
        "gives its cost to what it is for": found["Claim"],
        "answers a claim that is read itself": found["ExplanationOfBenefit"],
        "is of type Goal, which a journey does not use": found["Goal"],
    }


def test_claims_are_counted_once_and_in_dollars(
    synthea: Peer, entries: list[dict[str, Any]]
) -> None:
    _, store = synthea
    claimed = sum(
        round(entry["total"]["value"] * 100)
        for entry in entries
        if entry["resourceType"] == "Claim"
    )
    events = rows(store, "events")
    assert sum(event["recorded_cost_pence"] or 0 for event in events) == claimed
    assert {event["currency"] for event in events if event["recorded_cost_pence"]} == {"USD"}


def test_two_people_of_one_name_stay_two(synthea: Peer) -> None:
    _, store = synthea
    people = rows(store, "people")
    born = {str(row["date_of_birth"]) for row in people if row["name"] == "Bryan Breitenberg"}
    assert born == {"1964-06-29", "1964-08-30"}
    assert {"María Luisa Razo", "Bernardo Ordóñez", "Gustavo Mejía"} <= {
        row["name"] for row in people
    }
    assert sum(row["date_of_death"] is not None for row in people) == 3


def test_every_encounter_and_what_was_done_at_it_has_its_provider(synthea: Peer) -> None:
    _, store = synthea
    events = rows(store, "events")
    assert all(event["provider"] for event in events if event["spell_id"])


def test_instants_are_those_of_the_file_in_england(
    synthea: Peer, entries: list[dict[str, Any]]
) -> None:
    from zoneinfo import ZoneInfo

    _, store = synthea
    london = ZoneInfo("Europe/London")
    expected = Counter(
        datetime.fromisoformat(entry["period"]["start"]).astimezone(london).replace(tzinfo=None)
        for entry in entries
        if entry["resourceType"] == "Encounter"
    )
    events = rows(store, "events")
    assert expected == Counter(
        event["start"] for event in events if event["event_id"].startswith("Encounter/")
    )


def test_the_one_patient_of_the_ukcore_examples_has_his_journey(ukcore: Peer) -> None:
    _, store = ukcore
    (richard,) = (row for row in rows(store, "people") if row["name"] == "Richard SMITH")
    assert (richard["person_id"], str(richard["date_of_birth"])) == ("9912003888", "1970-09-11")
    assert richard["ethnicity"] == "Mixed - Any other mixed background"
    events = [row for row in rows(store, "events") if row["person_ref"] == richard["person_ref"]]
    (stay,) = (row for row in events if row["sector"] == "hospital")
    assert (stay["kind"], stay["outcome"]) == (
        "Elective admission",
        "Discharged to usual residence",
    )
    (booked,) = (row for row in events if row["sector"] == "outpatients")
    assert (booked["status"], booked["mode"]) == (None, "face_to_face")
    kinds = Counter(row["kind"] for row in events)
    assert (kinds["Vaccination"], kinds["Medicine dispensed"]) == (10, 5)
    assert kinds["Medicine proposed"] + kinds["Medicine prescribed"] == 8


def test_ukcore_bundles_without_entries_or_resources_say_so(ukcore: Peer) -> None:
    report, _ = ukcore
    files = {file.path: file for file in report.files}
    assert files["UKCore-Bundle-Sn-NoAllergyData-Example.json"].rows_read == 0
    batch = files["UKCore-Bundle-Batch-Example.json"]
    assert batch.reasons == {"has no resource": 3}


def test_ukcore_resources_without_a_date_or_in_error_are_set_aside(ukcore: Peer) -> None:
    report, _ = ukcore
    (every,) = (file for file in report.files if "collection" in file.path)
    assert every.reasons["was entered in error"] == 1
    assert every.reasons["says that there is no allergy"] == 1
    assert every.reasons["has no start"] == 1
    assert every.reasons["has no measured at"] == 2
    assert every.reasons["has no value"] + every.reasons["only groups other observations"] == 6
