"""Synthea's tables as a journey: where each encounter took place, in local time and in dollars."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.conftest import Imported, Read

# Two people, an encounter of every class, and a row or two of every other table.
TABLES = {
    file.name: file.read_text("utf-8")
    for file in sorted(Path(__file__).with_name("synthea_csv").glob("*.csv"))
}
READ_NOTHING_OF = ("organizations.csv", "payers.csv", "providers.csv")


@pytest.fixture(scope="module")
def synthea(read: Read) -> Imported:
    return read({f"csv/{name}": text for name, text in TABLES.items()})


@pytest.fixture(scope="module")
def events(synthea: Imported) -> list[dict[str, Any]]:
    names = (
        "event_id",
        "start",
        "end",
        "has_time",
        "ongoing",
        "sector",
        "kind",
        "provider",
        "team",
        "clinician",
        "mode",
        "planned",
        "description",
        "code_system",
        "code",
        "spell_id",
        "quantity",
        "recorded_cost_pence",
        "currency",
        "cost_pence",
    )
    columns = ", ".join(f'"{name}"' for name in names)
    return [dict(zip(names, row, strict=True)) for row in synthea.rows("events", columns)]


def find(events: list[dict[str, Any]], **wanted: object) -> dict[str, Any]:
    (found,) = [row for row in events if wanted.items() <= row.items()]
    return found


def test_every_row_is_kept_and_lookups_are_not_counted(synthea: Imported) -> None:
    for file in synthea.report.files:
        rows = len(TABLES[file.path].splitlines()) - 1
        assert file.mapping == "synthea"
        assert (file.rows_read, file.kept) == (
            (0, 0) if file.path in READ_NOTHING_OF else (rows, rows)
        )


@pytest.mark.parametrize(
    ("encounter", "sector", "kind", "mode", "planned"),
    [
        ("e1", "gp", "Health check", "face_to_face", True),
        ("e2", "ed", "Emergency department attendance", "face_to_face", False),
        ("e3", "hospital", "Hospital admission", "face_to_face", None),
        ("e4", "gp", "GP consultation", "face_to_face", None),
        ("e5", "outpatients", "Outpatient procedure", "face_to_face", None),
        ("e6", "outpatients", "Outpatient appointment", "face_to_face", True),
        ("e7", "ed", "Urgent treatment centre attendance", "face_to_face", False),
        ("e8", "community", "Home visit", "home_visit", None),
        ("e9", "gp", "GP consultation", "video", None),
        ("e10", "community", "Intermediate care bed", "face_to_face", None),
        ("e11", "community", "Hospice care", "face_to_face", None),
        ("e12", "outpatients", "Antenatal appointment", "face_to_face", None),
        ("e13", "gp", "Administration", "face_to_face", True),
    ],
)
def test_the_class_of_an_encounter_says_where_it_was(
    events: list[dict[str, Any]],
    encounter: str,
    sector: str,
    kind: str,
    mode: str,
    planned: bool | None,
) -> None:
    found = find(events, event_id=encounter)
    assert (found["sector"], found["kind"], found["mode"]) == (sector, kind, mode)
    assert found["planned"] is planned


def test_times_in_z_are_turned_into_local_england_time(events: list[dict[str, Any]]) -> None:
    assert find(events, event_id="e1")["start"] == datetime(2019, 7, 1, 10)
    assert find(events, event_id="e2")["start"] == datetime(2019, 1, 5, 23, 30)


def test_days_without_a_time_stay_days(events: list[dict[str, Any]]) -> None:
    plan = find(events, kind="Care plan")
    assert (plan["start"], plan["has_time"]) == (datetime(2019, 7, 1), False)


def test_what_has_no_end_goes_on(synthea: Imported, events: list[dict[str, Any]]) -> None:
    assert {
        row["description"]: row["ongoing"] for row in events if row["sector"] == "pharmacy"
    } == {
        "lisinopril 10 MG Oral Tablet: Hypertension": True,
        "Clopidogrel 75 MG Oral Tablet": False,
    }
    assert find(events, kind="Care plan")["ongoing"] is True
    assert sorted(synthea.rows("conditions", 'condition, onset, "end"')) == [
        ("Acute bronchitis", date(2019, 2, 1), date(2019, 2, 10)),
        ("Allergy: Latex", date(2009, 9, 27), None),
        ("Myocardial Infarction", date(2019, 1, 5), None),
    ]


def test_organisations_and_clinicians_have_their_names(events: list[dict[str, Any]]) -> None:
    found = find(events, event_id="e3")
    assert (found["provider"], found["team"], found["clinician"]) == (
        "NORTHGATE HOSPITAL",
        "General practice",
        "Dee9 Who8",
    )
    assert found["description"] == "Encounter Inpatient: Myocardial Infarction"
    assert (found["code_system"], found["code"]) == ("SNOMED CT", "22298006")


def test_costs_are_dollars_and_stay_out_of_totals(events: list[dict[str, Any]]) -> None:
    whole, base = find(events, event_id="e3"), find(events, event_id="e2")
    assert (whole["recorded_cost_pence"], whole["currency"]) == (900_000, "USD")
    assert base["recorded_cost_pence"] == 12_916  # no claim, so what the encounter itself costs
    assert find(events, quantity=12)["recorded_cost_pence"] == 12_000
    assert {row["cost_pence"] for row in events if row["currency"] == "USD"} == {None}


def test_what_was_done_at_an_encounter_is_one_spell_with_it(events: list[dict[str, Any]]) -> None:
    done = [row for row in events if row["spell_id"] == "e3" and row["event_id"] != "e3"]
    assert sorted((row["kind"], row["description"]) for row in done) == [
        ("Device fitted", "Coronary artery stent"),
        ("Imaging", "Chest X-ray"),
        ("Imaging", "Digital Radiography, chest"),
        ("Procedure", "Percutaneous coronary intervention: Myocardial Infarction"),
        ("Supplies used", "Glove"),
    ]
    assert {row["recorded_cost_pence"] for row in done} == {None}  # the claim has them all
    assert {row["sector"] for row in done} == {"hospital"}


def test_commas_that_were_taken_out_leave_single_blanks(events: list[dict[str, Any]]) -> None:
    found = find(events, kind="Vaccination")
    assert found["description"] == "Influenza seasonal injectable preservative free"


def test_work_and_schooling_are_events_of_a_life_not_conditions(
    events: list[dict[str, Any]],
) -> None:
    found = find(events, sector="voluntary")
    assert (found["kind"], found["description"]) == ("Life event", "Full-time employment")


def test_numbers_are_readings_and_answers_categories(synthea: Imported) -> None:
    assert sorted(synthea.rows("measures", "measure, value, unit, category, code_system")) == [
        ("Body Height", 160.5, "cm", None, "LOINC"),
        ("QALY", 60.5, "a", None, "local"),
        ("Tobacco smoking status NHIS", None, None, "Never smoker", "LOINC"),
        ("hba1c", 6.4, "%", None, "LOINC"),
    ]


def test_people_have_names_and_an_event_after_death_stays(
    synthea: Imported, events: list[dict[str, Any]]
) -> None:
    assert sorted(synthea.rows("people", "name, date_of_birth, sex, ethnicity, date_of_death")) == [
        ("Ada1 Byron2", date(1950, 2, 3), "female", "white", None),
        ("Bo3 Diddley4", date(1940, 1, 1), "male", "black", date(2020, 5, 1)),
    ]
    assert find(events, event_id="e13")["start"] == datetime(2020, 5, 2, 10)
