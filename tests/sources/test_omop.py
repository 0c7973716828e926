"""OMOP tables as a person's journey: visits, what was done at them, readings, costs, names."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

if TYPE_CHECKING:
    from tests.conftest import Imported, Read

# Ten rows or so of each table, with one of every trap: see the tests for which.
TABLES = {
    file.stem.lower(): file.read_text("utf-8")
    for file in sorted(Path(__file__).with_name("omop_cdm").glob("*.csv"))
}


@pytest.fixture(scope="module")
def omop(read: Read) -> Imported:
    return read({f"cdm/{name.upper()}.csv": text for name, text in TABLES.items()})


@pytest.fixture(scope="module")
def events(omop: Imported) -> dict[str, dict[str, Any]]:
    return read_events(omop)


def read_events(omop: Imported) -> dict[str, dict[str, Any]]:
    columns = (
        '"event_id","start","end",has_time,sector,kind,provider,team,clinician,mode,planned,outcome,'
        "description,code_system,code,other_codes,spell_id,quantity,recorded_cost_pence,currency,"
        "cost_basis"
    )
    names = [name.strip('"') for name in columns.split(",")]
    rows = [dict(zip(names, row, strict=True)) for row in omop.rows("events", columns)]
    return {row["event_id"]: row for row in rows}


def test_every_table_is_accounted_for(omop: Imported) -> None:
    found = {
        file.path: (file.mapping, file.rows_read, file.kept, file.set_aside)
        for file in omop.report.files
    }
    assert found == {
        "CARE_SITE.csv": ("omop", 0, 0, 0),
        "CONCEPT.csv": ("omop", 0, 0, 0),
        "CONCEPT_ANCESTOR.csv": ("omop", 0, 0, 0),
        "CONDITION_OCCURRENCE.csv": ("omop", 3, 3, 0),
        "COST.csv": ("omop", 0, 0, 0),
        "DEATH.csv": ("omop", 1, 1, 0),
        "DRUG_EXPOSURE.csv": ("omop", 4, 4, 0),
        "LOCATION.csv": ("omop", 0, 0, 0),
        "MEASUREMENT.csv": ("omop", 5, 5, 0),
        "OBSERVATION.csv": ("omop", 4, 3, 1),
        "PERSON.csv": ("omop", 3, 3, 0),
        "PROCEDURE_OCCURRENCE.csv": ("omop", 3, 3, 0),
        "PROVIDER.csv": ("omop", 0, 0, 0),
        "VISIT_DETAIL.csv": ("omop", 3, 2, 1),
        "VISIT_OCCURRENCE.csv": ("omop", 8, 7, 1),
    }
    assert omop.file("CONCEPT.csv").notes == (
        f"{len(TABLES['concept'].splitlines()) - 1} rows looked up",
    )
    assert "passed over" in omop.file("CONCEPT_ANCESTOR.csv").notes[0]


def test_a_visit_detail_of_a_visit_is_not_counted_twice(
    omop: Imported, events: dict[str, dict[str, Any]]
) -> None:
    file = omop.file("VISIT_DETAIL.csv")
    assert file.lines == {"is part of a visit that is read already": [2]}
    assert {"detail 101", "detail 102"} <= events.keys()
    assert events["detail 101"]["kind"] == "Emergency department attendance"


def test_a_row_that_repeats_the_header_is_set_aside(omop: Imported) -> None:
    assert omop.file("VISIT_OCCURRENCE.csv").lines == {"repeats the header": [9]}


def test_the_visit_concept_and_the_specialty_say_where_and_what(
    events: dict[str, dict[str, Any]],
) -> None:
    assert {
        key: (events[key]["sector"], events[key]["kind"]) for key in map(str, range(10, 17))
    } == {
        "10": ("hospital", "Hospital admission"),
        "11": ("gp", "GP consultation"),
        "12": ("outpatients", "Outpatient appointment"),
        "13": ("ed", "Emergency department attendance"),
        "14": ("hospital", "Emergency admission"),
        "15": ("community", "Home visit"),
        "16": ("ed", "Emergency department attendance"),
    }
    assert events["14"]["planned"] is False
    assert events["15"]["mode"] == "home_visit"
    visit = events["10"]
    assert (visit["provider"], visit["team"], visit["clinician"], visit["outcome"]) == (
        "Northgate Hospital",
        "Cardiology",
        "Dr B",
        "Home",
    )


def test_midnight_stands_for_no_time(events: dict[str, dict[str, Any]]) -> None:
    assert (events["10"]["start"], events["10"]["has_time"]) == (datetime(2019, 1, 2, 10, 30), True)
    assert (events["13"]["start"], events["13"]["has_time"]) == (datetime(2019, 4, 2), False)
    assert events["12"]["start"] == datetime(2019, 3, 2)


def test_a_visit_carries_its_diagnoses(events: dict[str, dict[str, Any]]) -> None:
    visit = events["10"]
    assert visit["description"] == "Type 2 diabetes mellitus; Chronic sorrow"
    assert (visit["code_system"], visit["code"], visit["other_codes"]) == (
        "SNOMED CT",
        "44054006",
        "111",
    )


def test_what_was_done_at_a_visit_is_one_spell_with_it_and_costs_nothing_more(
    events: dict[str, dict[str, Any]],
) -> None:
    xray, suture = events["procedure 30"], events["procedure 31"]
    assert (xray["kind"], xray["description"]) == ("Imaging", "Plain chest X-ray")
    assert (suture["kind"], suture["quantity"]) == ("Procedure", 2)
    assert xray["spell_id"] == suture["spell_id"] == events["10"]["spell_id"] == "10"
    assert xray["start"] == events["10"]["start"]  # a day without a time is not before the visit
    assert xray["provider"] == "Northgate Hospital"
    assert {xray["cost_basis"], suture["cost_basis"]} == {"part_of_spell"}
    assert suture["recorded_cost_pence"] is None  # the visit's cost stands for both


def test_what_was_done_on_another_day_than_its_visit_stands_alone(
    events: dict[str, dict[str, Any]],
) -> None:
    alone = events["procedure 32"]
    assert (alone["spell_id"], alone["sector"], alone["start"]) == (
        None,
        "outpatients",
        datetime(2018, 12, 20),
    )


def test_medicines_say_how_they_came(events: dict[str, dict[str, Any]]) -> None:
    told = {key: (events[key]["sector"], events[key]["kind"]) for key in events if "drug" in key}
    assert told == {
        "drug 40": ("pharmacy", "Medicine prescribed"),
        "drug 41": ("gp", "Vaccination"),
        "drug 42": ("hospital", "Medicine given"),
        "drug 43": ("pharmacy", "Medicine supplied"),
    }
    assert events["drug 40"]["end"] == datetime(2019, 2, 16)
    assert events["drug 40"]["description"] == "paracetamol 500 MG tablet"
    assert (events["drug 43"]["description"], events["drug 43"]["quantity"]) == ("Herbal tea", None)


def test_names_come_from_the_concepts_or_else_from_the_source(omop: Imported) -> None:
    found = omop.rows("conditions", 'condition, code_system, code, onset, "end"')
    assert sorted(found) == [
        ("Chronic sorrow", "SNOMED CT", "111", date(2019, 1, 2), date(2019, 2, 1)),
        ("Sore toe", "local", "Sore toe", date(2019, 2, 2), None),
        ("Type 2 diabetes mellitus", "SNOMED CT", "44054006", date(2019, 1, 2), None),
    ]


def test_readings_that_rules_use_have_our_names(omop: Imported) -> None:
    found = omop.rows("measures", "measure, value, unit, category, has_time")
    assert sorted(found) == [
        ("Oral temperature", 37.1, "°C", None, False),
        ("Tobacco smoking status", None, None, "Former smoker", False),
        ("cfs", 6.0, None, None, False),
        ("hba1c", 6.4, "%", None, False),
        ("systolic_blood_pressure", 140.0, "mmHg", None, True),
    ]


def test_a_test_without_a_result_was_still_done(events: dict[str, dict[str, Any]]) -> None:
    test = events["measurement 54"]
    assert (test["kind"], test["description"], test["spell_id"]) == (
        "Assessment",
        "Depression screening",
        "11",
    )


def test_findings_are_events_and_questions_without_an_answer_are_set_aside(
    omop: Imported, events: dict[str, dict[str, Any]]
) -> None:
    assert omop.file("OBSERVATION.csv").lines == {"is a question without an answer": [3]}
    home, balance = events["observation 62"], events["observation 63"]
    assert (home["sector"], home["kind"], home["description"]) == (
        "voluntary",
        "Life event",
        "Homeless",
    )
    assert (balance["sector"], balance["kind"]) == ("gp", "Finding recorded")


def test_a_cost_keeps_its_currency_and_is_the_providers_first(
    events: dict[str, dict[str, Any]],
) -> None:
    costs = {key: (row["recorded_cost_pence"], row["currency"]) for key, row in events.items()}
    assert costs["10"] == (50_050, "USD")
    assert costs["12"] == (2_500, "GBP")
    assert costs["13"] == (1_000, "not stated")
    assert costs["11"] == (None, None)  # two currencies are no sum
    assert events["12"]["cost_basis"] == "recorded"
    assert events["10"]["cost_basis"] != "recorded"


def test_people_have_a_birth_a_sex_and_a_death(omop: Imported) -> None:
    found = omop.rows("people", "person_id, date_of_birth, sex, ethnicity, date_of_death")
    assert sorted(found) == [
        ("1", date(1950, 2, 3), "male", "white", None),
        ("2", date(1960, 7, 1), "female", None, date(2020, 3, 4)),
        ("3", date(1970, 5, 6), None, None, None),
    ]


def write_database(path: Path, *, schema: str) -> None:
    with duckdb.connect(path) as database:
        database.execute(f"create schema {schema}")
        for name, text in TABLES.items():
            (path.parent / f"{name}.txt").write_text(text)
            source = f"read_csv('{path.parent / name}.txt', header = true, all_varchar = true)"
            database.execute(f"create table {schema}.{name} as from {source}")


def test_a_duckdb_file_says_what_the_folder_says(
    read: Read, events: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    write_database(tmp_path / "omop.duckdb", schema="cdm")
    found = read({"x/omop.duckdb": (tmp_path / "omop.duckdb").read_bytes()})
    assert read_events(found) == events
    assert found.file("omop.duckdb: cdm.visit_occurrence").kept == 7


def test_typed_parquet_of_version_5_3_in_capitals_without_concepts_is_read(
    read: Read, tmp_path: Path
) -> None:
    """Numbers as data frames leave them where some are missing: 10.0 is 10."""
    files: dict[str, bytes] = {}
    for name in ("person", "visit_occurrence", "procedure_occurrence"):
        source, target = tmp_path / f"{name}.csv", tmp_path / f"{name}.parquet"
        header, *rows = dict.fromkeys(TABLES[name].splitlines())
        header = header.replace("discharged_to", "discharge_to").upper()
        source.write_text("\n".join((header, *rows)))
        query = f"select * from read_csv('{source}')"
        if name == "procedure_occurrence":
            visit = "VISIT_OCCURRENCE_ID::double as VISIT_OCCURRENCE_ID"
            query = f"select * replace ({visit}) from ({query})"
        duckdb.sql(query).write_parquet(str(target))
        files[f"p/{name}.parquet"] = target.read_bytes()
    events = read_events(read(files))
    assert events["14"]["kind"] == "Emergency admission"  # a concept that is well known
    assert events["10"]["outcome"] == "Home"
    assert events["procedure 30"]["spell_id"] == "10"
    assert events["procedure 30"]["description"] == "xray"
