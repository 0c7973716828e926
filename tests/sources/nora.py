"""Nora, an invented person, as Synthea's FHIR exporter and its CSV exporter would write her."""

from __future__ import annotations

from typing import Any

from tests.sources.fhir.resources import LOINC, Resource, bundle, coded, resource, to

NORA = "6a1f0c1e-8a42-4a44-9d0b-5b7f4a1d9c01"
CENTRE = "6a1f0c1e-8a42-4a44-9d0b-5b7f4a1d9c02"
DOCTOR = "6a1f0c1e-8a42-4a44-9d0b-5b7f4a1d9c03"

# number, class in CSV, class in FHIR, start, stop, code, words, cost, reason code, reason
VISITS = [
    ("e1", "wellness", "AMB", "2020-02-29T09:00:00Z", "2020-02-29T09:15:00Z", "185349003",
     "Encounter for check up (procedure)", "568.83", "", ""),
    ("e2", "ambulatory", "AMB", "2020-06-30T23:30:00Z", "2020-06-30T23:45:00Z", "185345009",
     "Encounter for symptom", "125.00", "195662009", "Acute viral pharyngitis (disorder)"),
    ("e3", "emergency", "EMER", "2021-03-28T00:30:00Z", "2021-03-28T02:30:00Z", "50849002",
     "Emergency room admission (procedure)", "1204.10", "", ""),
    ("e4", "inpatient", "IMP", "2021-03-28T03:00:00Z", "2021-03-30T09:00:00Z", "183452005",
     "Encounter Inpatient", "9001.99", "", ""),
    ("e5", "outpatient", "AMB", "2021-10-31T00:40:00Z", "2021-10-31T00:55:00Z", "371883000",
     "Outpatient procedure (procedure)", "300.50", "", ""),
]  # fmt: skip
PROCEDURES = [
    ("e1", "2020-02-29T09:00:00Z", "428191000124101", "Documentation of current medications"),
    ("e1", "2020-02-29T09:05:00Z", "171207006", "Depression screening (procedure)"),
    ("e4", "2021-03-28T06:00:00Z", "399208008", "Plain X-ray of chest (procedure)"),
]
VACCINES = [("e1", "2020-02-29T09:00:00Z", "140", "Influenza  seasonal  injectable")]
MEDICINES = [("e2", "2020-06-30T23:30:00Z", "308182", "Amoxicillin 250 MG Oral Capsule", "255.00")]
CONDITIONS = [
    ("e2", "2020-07-01", "2020-07-14", "195662009", "Acute viral pharyngitis (disorder)"),
    ("e4", "2021-03-28", "", "233604007", "Pneumonia (disorder)"),
    ("e1", "2020-02-29", "", "160903007", "Full-time employment (finding)"),
]
PLANS = [("p1", "e4", "2021-03-30", "", "53950000", "Respiratory therapy")]
READINGS = [
    ("e1", "2020-02-29T09:00:00Z", "29463-7", "Body Weight", "71.5", "kg"),
    (
        "e1",
        "2020-02-29T09:00:00Z",
        "4548-4",
        "Hemoglobin A1c/Hemoglobin.total in Blood",
        "6.1",
        "%",
    ),
    ("e1", "2020-02-29T09:00:00Z", "72514-3", "Pain severity", "2", "{score}"),
]
PRESSURES = [
    ("8480-6", "Systolic Blood Pressure", "128"),
    ("8462-4", "Diastolic Blood Pressure", "81"),
]
AT_CHECK_UP = "2020-02-29T09:00:00Z"


def uuid(number: str) -> str:
    """A UUID for the encounter or plan called `number`."""
    return f"6a1f0c1e-8a42-4a44-9d0b-{sum(map(ord, number)):012x}"


def rows(header: str, *lines: tuple[str, ...]) -> str:
    """A CSV file."""
    return "\n".join([header, *(",".join(line) for line in lines)]) + "\n"


def as_csv() -> dict[str, str]:
    """Nora's files, as the CSV exporter names and fills them."""
    readings = [
        *READINGS,
        *(("e1", AT_CHECK_UP, code, words, value, "mm[Hg]") for code, words, value in PRESSURES),
    ]
    return {
        "patients.csv": rows(
            "Id,BIRTHDATE,DEATHDATE,SSN,PREFIX,FIRST,LAST,SUFFIX,RACE,ETHNICITY,GENDER",
            (NORA, "1950-05-06", "", "999-11-1111", "Mrs.", "Nora", "Quill", "", "white", "", "F"),
        ),
        "organizations.csv": rows(
            "Id,NAME,ADDRESS,CITY,STATE,ZIP,UTILIZATION",
            (CENTRE, "MILL HOSPITAL", "", "", "", "", "1"),
        ),
        "providers.csv": rows(
            "Id,ORGANIZATION,NAME,GENDER,SPECIALITY",
            (DOCTOR, CENTRE, "Ines Vane", "F", "GENERAL PRACTICE"),
        ),
        "encounters.csv": rows(
            "Id,START,STOP,PATIENT,ORGANIZATION,PROVIDER,PAYER,ENCOUNTERCLASS,CODE,DESCRIPTION,"
            "BASE_ENCOUNTER_COST,TOTAL_CLAIM_COST,PAYER_COVERAGE,REASONCODE,REASONDESCRIPTION",
            *(
                (
                    uuid(number),
                    start,
                    stop,
                    NORA,
                    CENTRE,
                    DOCTOR,
                    "",
                    kind,
                    code,
                    words,
                    *paid,
                    why,
                    reason,
                )
                for number, kind, _, start, stop, code, words, cost, why, reason in VISITS
                for paid in [("9.99", cost, "0")]
            ),
        ),
        "procedures.csv": rows(
            "START,STOP,PATIENT,ENCOUNTER,CODE,DESCRIPTION,BASE_COST,REASONCODE,REASONDESCRIPTION",
            *((p[1], "", NORA, uuid(p[0]), p[2], p[3], "99.00", "", "") for p in PROCEDURES),
        ),
        "immunizations.csv": rows(
            "DATE,PATIENT,ENCOUNTER,CODE,DESCRIPTION,BASE_COST",
            *((v[1], NORA, uuid(v[0]), v[2], v[3], "140.52") for v in VACCINES),
        ),
        "medications.csv": rows(
            "START,STOP,PATIENT,PAYER,ENCOUNTER,CODE,DESCRIPTION,BASE_COST,PAYER_COVERAGE,"
            "DISPENSES,TOTALCOST,REASONCODE,REASONDESCRIPTION",
            *(
                (start, start, NORA, "", uuid(visit), code, words, cost, "0", "1", cost, "", "")
                for visit, start, code, words, cost in MEDICINES
            ),
        ),
        "conditions.csv": rows(
            "START,STOP,PATIENT,ENCOUNTER,CODE,DESCRIPTION",
            *((c[1], c[2], NORA, uuid(c[0]), c[3], c[4]) for c in CONDITIONS),
        ),
        "careplans.csv": rows(
            "Id,START,STOP,PATIENT,ENCOUNTER,CODE,DESCRIPTION,REASONCODE,REASONDESCRIPTION",
            *((uuid(p[0]), p[2], p[3], NORA, uuid(p[1]), p[4], p[5], "", "") for p in PLANS),
        ),
        "observations.csv": rows(
            "DATE,PATIENT,ENCOUNTER,CATEGORY,CODE,DESCRIPTION,VALUE,UNITS,TYPE",
            *((r[1], NORA, uuid(r[0]), "vital-signs", *r[2:6], "numeric") for r in readings),
        ),
    }


def zoned(instant: str) -> str:
    """An instant as the FHIR exporter writes it: with an offset instead of a Z."""
    return instant.replace("Z", "+00:00")


def of_nora(kind: str, visit: str, number: str, **members: Any) -> Resource:
    """A resource of Nora's, from an encounter."""
    whose = {"patient": to(f"urn:uuid:{NORA}"), "encounter": to(f"urn:uuid:{uuid(visit)}")}
    if kind != "Immunization":
        whose["subject"] = whose.pop("patient")
    return resource(kind, id=uuid(number), **whose, **members)


def claim(number: str, visit: str, total: str, **more: Any) -> list[Resource]:
    """A claim for a visit and, as insurers do, the statement that says it all again."""
    item = [{"encounter": [to(f"urn:uuid:{uuid(visit)}")]}]
    money = {"value": float(total), "currency": "USD"}
    answer = [{"category": coded("submitted"), "amount": money}]
    about = {"status": "active", "use": "claim", "patient": to(f"urn:uuid:{NORA}"), "item": item}
    return [
        resource("Claim", id=uuid(f"claim {number}"), total=money, **about, **more),
        resource(
            "ExplanationOfBenefit",
            id=uuid(f"statement {number}"),
            claim=to(f"urn:uuid:{uuid(f'claim {number}')}"),
            total=answer,
            **about,
        ),
    ]


def as_fhir() -> dict[str, str]:
    """Nora as the FHIR exporter writes her: one transaction, every reference a urn:uuid."""
    made = [*_people(), *_visits(), *_treatments(), *_medicines(), *_conditions(), *_readings()]
    return {"nora.json": bundle(*made, kind="transaction")}


def _people() -> list[Resource]:
    name = {"use": "official", "family": "Quill", "given": ["Nora"], "prefix": ["Mrs."]}
    return [
        resource("Patient", id=NORA, name=[name], gender="female", birthDate="1950-05-06"),
        resource("Organization", id=CENTRE, name="MILL HOSPITAL"),
        resource("Practitioner", id=DOCTOR, name=[{"family": "Vane", "given": ["Ines"]}]),
    ]


def _visits() -> list[Resource]:
    made: list[Resource] = []
    for number, _, kind, start, stop, code, words, cost, why, reason in VISITS:
        made.append(
            resource(
                "Encounter",
                id=uuid(number),
                status="finished",
                class_={"code": kind},
                type=[coded(code, words)],
                subject=to(f"urn:uuid:{NORA}"),
                period={"start": zoned(start), "end": zoned(stop)},
                participant=[{"individual": to(f"urn:uuid:{DOCTOR}")}],
                serviceProvider=to(f"urn:uuid:{CENTRE}"),
                **({"reasonCode": [coded(why, reason)]} if why else {}),
            )
        )
        made += claim(number, number, cost)
    return made


def _treatments() -> list[Resource]:
    done = {"status": "completed"}
    procedures = [
        of_nora("Procedure", visit, words, code=coded(code, words), performedDateTime=when, **done)
        for visit, start, code, words in PROCEDURES
        for when in [zoned(start)]
    ]
    vaccines = [
        of_nora("Immunization", visit, words, vaccineCode=vaccine, occurrenceDateTime=when, **done)
        for visit, start, code, words in VACCINES
        for when, vaccine in [(zoned(start), coded(code, words, "http://hl7.org/fhir/sid/cvx"))]
    ]
    plans = [
        of_nora("CarePlan", visit, number, status="active", category=[plan], period=period)
        for number, visit, start, _, code, words in PLANS
        for plan, period in [(coded(code, words), {"start": start})]
    ]
    return [*procedures, *vaccines, *plans]


def _medicines() -> list[Resource]:
    made: list[Resource] = []
    for visit, start, code, words, cost in MEDICINES:
        rxnorm = coded(code, words, "http://www.nlm.nih.gov/research/umls/rxnorm")
        made.append(
            of_nora(
                "MedicationRequest",
                visit,
                words,
                status="stopped",
                intent="order",
                medicationCodeableConcept=rxnorm,
                authoredOn=zoned(start),
            )
        )
        made += claim(words, visit, cost, prescription=to(f"urn:uuid:{uuid(words)}"))
    return made


def _conditions() -> list[Resource]:
    made: list[Resource] = []
    for visit, onset, end, code, words in CONDITIONS:
        until = {"abatementDateTime": end} if end else {}
        given = {"clinicalStatus": coded("resolved" if end else "active"), "onsetDateTime": onset}
        made.append(of_nora("Condition", visit, words, code=coded(code, words), **given, **until))
    return made


def _readings() -> list[Resource]:
    single = [
        of_nora("Observation", visit, words, code=coded(code, words, LOINC), **given)
        for visit, start, code, words, value, unit in READINGS
        for given in [_reading(start) | {"valueQuantity": {"value": float(value), "unit": unit}}]
    ]
    parts = [
        {
            "code": coded(code, words, LOINC),
            "valueQuantity": {"value": int(value), "unit": "mm[Hg]"},
        }
        for code, words, value in PRESSURES
    ]
    panel = coded("85354-9", "Blood Pressure", LOINC)
    given = _reading(AT_CHECK_UP) | {"component": parts}
    return [*single, of_nora("Observation", "e1", "pressure", code=panel, **given)]


def _reading(start: str) -> Resource:
    return {"status": "final", "effectiveDateTime": zoned(start)}
