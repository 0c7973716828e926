"""Nora as the tables of an OMOP database would hold her."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

from tests.sources.nora import (
    AT_CHECK_UP,
    CONDITIONS,
    MEDICINES,
    NORA,
    PRESSURES,
    PROCEDURES,
    READINGS,
    VACCINES,
    VISITS,
    rows,
)

# What OMOP calls a visit of each class, and the numbers that stand for what has a code.
VISIT_CONCEPTS = {
    "wellness": "581477",
    "ambulatory": "581477",
    "emergency": "9203",
    "inpatient": "9201",
    "outpatient": "9202",
}
CONCEPTS = [
    ("581477", "Office Visit", "CMS Place of Service", "11"),
    ("9203", "Emergency Room Visit", "Visit", "ER"),
    ("9201", "Inpatient Visit", "Visit", "IP"),
    ("9202", "Outpatient Visit", "Visit", "OP"),
    ("32838", "EHR prescription", "Type Concept", "OMOP4976"),
    ("32827", "EHR encounter record", "Type Concept", "OMOP4965"),
    ("44818668", "US Dollar", "Currency", "USD"),
    *((row[2], row[3].partition(" (")[0], "SNOMED", row[2]) for row in PROCEDURES),
    *((row[3], row[4].partition(" (")[0], "SNOMED", row[3]) for row in CONDITIONS),
    *((f"9{code}", f"{words} vaccine", "CVX", code) for _, _, code, words in VACCINES),
    *((code, words, "RxNorm", code) for _, _, code, words, _ in MEDICINES),
    *((f"8{number}", row[3], "LOINC", row[2]) for number, row in enumerate(READINGS)),
    *((f"7{number}", row[1], "LOINC", row[0]) for number, row in enumerate(PRESSURES)),
]
AS_FINDINGS = "(finding)"  # a condition that OMOP keeps as an observation without a value


def as_omop() -> dict[str, str]:
    """Nora in the tables of CDM 5.4, as CSV: times local, ids numbers, what is done by concept."""
    visits = {visit[0]: str(number) for number, visit in enumerate(VISITS, start=1)}
    tables = {
        "person": (
            (
                "person_id,gender_concept_id,year_of_birth,month_of_birth,day_of_birth,"
                "person_source_value,race_source_value"
            ),
            [("1", "8532", "1950", "5", "6", NORA, "white")],
        ),
        "care_site": (
            "care_site_id,care_site_name,place_of_service_concept_id",
            [("1", "MILL HOSPITAL", "0")],
        ),
        "provider": (
            "provider_id,provider_name,specialty_concept_id",
            [("1", "Ines Vane", "0")],
        ),
        "concept": ("concept_id,concept_name,vocabulary_id,concept_code", CONCEPTS),
        **_omop_visits(visits),
        **_omop_treatments(visits),
        **_omop_findings(visits),
    }
    return {f"cdm/{name}.csv": rows(header, *lines) for name, (header, lines) in tables.items()}


def write_omop(path: Path) -> None:
    """Nora in the tables of CDM 5.3, typed, in a DuckDB file."""
    with duckdb.connect(path) as database:
        for name, text in as_omop().items():
            file = path.with_name("table.txt")
            file.write_text(text.replace("discharged_to", "discharge_to"))
            table = Path(name).stem
            database.execute(f"create table {table} as from read_csv('{file}', header = true)")


def local(instant: str) -> str:
    """An instant in the time of the place, without a zone, as OMOP keeps it."""
    there = datetime.fromisoformat(instant).astimezone(ZoneInfo("Europe/London"))
    return there.strftime("%Y-%m-%d %H:%M:%S")


def both(instant: str) -> tuple[str, str]:
    """The day of an instant, and the instant."""
    return local(instant)[:10], local(instant)


Lines = list[tuple[str, ...]]


def _omop_visits(visits: dict[str, str]) -> dict[str, tuple[str, Lines]]:
    made: Lines = [
        (visits[number], "1", VISIT_CONCEPTS[kind], *both(start), *both(stop))
        for number, kind, _, start, stop, *_ in VISITS
    ]
    costs: Lines = [("Visit", visits[visit[0]], visit[7]) for visit in VISITS]
    costs += [("Drug", str(50 + number), row[4]) for number, row in enumerate(MEDICINES)]
    return {
        "visit_occurrence": (
            (
                "visit_occurrence_id,person_id,visit_concept_id,visit_start_date,visit_start_datetime,"
                "visit_end_date,visit_end_datetime,provider_id,care_site_id,discharged_to_concept_id"
            ),
            [(*visit, "1", "1", "0") for visit in made],
        ),
        "cost": (
            "cost_id,cost_domain_id,cost_event_id,total_cost,currency_concept_id",
            [(str(number), *cost, "44818668") for number, cost in enumerate(costs)],
        ),
    }


def _omop_treatments(visits: dict[str, str]) -> dict[str, tuple[str, Lines]]:
    given: Lines = [
        (str(40 + number), f"9{code}", *both(start), "32827", visits[visit])
        for number, (visit, start, code, _) in enumerate(VACCINES)
    ]
    given += [
        (str(50 + number), code, *both(start), "32838", visits[visit])
        for number, (visit, start, code, _, _) in enumerate(MEDICINES)
    ]
    return {
        "procedure_occurrence": (
            (
                "procedure_occurrence_id,person_id,procedure_concept_id,procedure_date,"
                "procedure_datetime,provider_id,visit_occurrence_id"
            ),
            [
                (str(number), "1", code, *both(start), "1", visits[visit])
                for number, (visit, start, code, _) in enumerate(PROCEDURES)
            ],
        ),
        "drug_exposure": (
            (
                "drug_exposure_id,person_id,drug_concept_id,drug_exposure_start_date,"
                "drug_exposure_start_datetime,drug_type_concept_id,visit_occurrence_id,provider_id"
            ),
            [(number, "1", *more, "1") for number, *more in given],
        ),
    }


def _omop_findings(visits: dict[str, str]) -> dict[str, tuple[str, Lines]]:
    conditions: Lines = []
    observations: Lines = []
    for number, (visit, onset, end, code, words) in enumerate(CONDITIONS):
        if words.endswith(AS_FINDINGS):
            observations.append((str(number), "1", code, onset, visits[visit]))
        else:
            conditions.append((str(number), "1", code, onset, end, visits[visit]))
    measured: Lines = [(f"8{n}", *row[4:], row[1]) for n, row in enumerate(READINGS)]
    measured += [(f"7{n}", row[2], "mm[Hg]", AT_CHECK_UP) for n, row in enumerate(PRESSURES)]
    return {
        "condition_occurrence": (
            (
                "condition_occurrence_id,person_id,condition_concept_id,condition_start_date,"
                "condition_end_date,visit_occurrence_id"
            ),
            conditions,
        ),
        "observation": (
            "observation_id,person_id,observation_concept_id,observation_date,visit_occurrence_id",
            observations,
        ),
        "measurement": (
            (
                "measurement_id,person_id,measurement_concept_id,value_as_number,unit_source_value,"
                "measurement_date,measurement_datetime,visit_occurrence_id"
            ),
            [
                (str(number), "1", concept, value, unit, *both(when), visits["e1"])
                for number, (concept, value, unit, when) in enumerate(measured)
            ],
        ),
    }
