"""What is known of Joan apart from events, in Theograph's own layouts."""

from __future__ import annotations

from theograph.synth.csv_text import Extract
from theograph.synth.joan import cast

_FIRST_DAY, _LAST_DAY = "2022-04-01", "2025-03-31"

_CONDITIONS = (
    ("Epilepsy", "1998-03-11", "84757009", cast.SURGERY),
    ("Hypertension", "2009-06-02", "38341003", cast.SURGERY),
    ("Type 2 diabetes", "2011-10-20", "44054006", cast.SURGERY),
    ("COPD", "2019-02-14", "13645005", cast.SURGERY),
    ("Chronic kidney disease stage 3b", "2021-11-02", "709044004", cast.SURGERY),
    ("Depression", "2024-02-26", "35489007", cast.MENTAL_HEALTH),
)

_MEASURES = (
    ("2022-06-22", "efi", "0.22", "", "mild", cast.SURGERY),
    ("2022-06-22", "hba1c", "58", "mmol/mol", "", cast.SURGERY),
    ("2022-06-22", "systolic_blood_pressure", "138", "mmHg", "", cast.SURGERY),
    ("2022-06-22", "repeat_medicines", "9", "medicines", "", cast.SURGERY),
    ("2022-06-14", "egfr", "41", "ml/min/1.73m2", "", cast.INFIRMARY),
    ("2022-12-20", "egfr", "38", "ml/min/1.73m2", "", cast.INFIRMARY),
    ("2023-06-13", "egfr", "36", "ml/min/1.73m2", "", cast.INFIRMARY),
    ("2023-07-11", "efi", "0.31", "", "moderate", cast.SURGERY),
    ("2023-07-11", "repeat_medicines", "12", "medicines", "", cast.SURGERY),
    ("2023-08-21", "egfr", "34", "ml/min/1.73m2", "", cast.SURGERY),
    ("2024-02-26", "phq9", "17", "points", "moderately severe", cast.MENTAL_HEALTH),
    ("2024-05-14", "hba1c", "64", "mmol/mol", "", cast.SURGERY),
    ("2024-05-14", "systolic_blood_pressure", "132", "mmHg", "", cast.SURGERY),
    ("2024-06-10", "phq9", "9", "points", "mild", cast.MENTAL_HEALTH),
    ("2024-07-18", "repeat_medicines", "12", "medicines", "", cast.SURGERY),
    ("2024-08-05", "phq9", "5", "points", "mild", cast.MENTAL_HEALTH),
    ("2024-10-15", "egfr", "34", "ml/min/1.73m2", "", cast.INFIRMARY),
    ("2024-12-10", "efi", "0.39", "", "severe", cast.SURGERY),
)

# NHS 111 changed supplier in October 2022; the earlier supplier sent no extract.
_FEEDS = (
    (cast.HOSPITAL, "hospital", _FIRST_DAY),
    (cast.HOSPITAL, "ed", _FIRST_DAY),
    (cast.AMBULANCE, "ambulance", _FIRST_DAY),
    (cast.NHS_111, "nhs111", "2022-10-01"),
    (cast.HOSPITAL, "outpatients", _FIRST_DAY),
    (cast.INFIRMARY, "outpatients", _FIRST_DAY),
    (cast.MENTAL_HEALTH, "mental_health", _FIRST_DAY),
    (cast.SURGERY, "gp", _FIRST_DAY),
    (cast.PHARMACY, "pharmacy", _FIRST_DAY),
    (cast.COMMUNITY, "community", _FIRST_DAY),
    (cast.COUNCIL, "social_care", _FIRST_DAY),
    (cast.COMMUNITY_HUB, "voluntary", _FIRST_DAY),
)


def build_record_extracts() -> tuple[Extract, ...]:
    """People, conditions, measures, feed coverage and the crosswalk of identifiers."""
    return (_people(), _conditions(), _measures(), _feeds(), _crosswalk())


def _people() -> Extract:
    person = {
        "person_id": cast.NHS_NUMBER,
        "name": "Joan Whitfield",
        "date_of_birth": cast.DATE_OF_BIRTH,
        "sex": "female",
        "ethnicity": "White British",
        "deprivation_decile": "4",
        "household": "Lives alone with her cat; daughter in Manchester",
        "gp_practice": cast.SURGERY,
    }
    return Extract("people.csv", tuple(person), (person,))


def _conditions() -> Extract:
    columns = ("person_id", "condition", "onset", "end", "code_system", "code", "provider")
    rows = tuple(
        {
            "person_id": cast.NHS_NUMBER,
            "condition": condition,
            "onset": onset,
            "code_system": "SNOMED CT",
            "code": code,
            "provider": provider,
        }
        for condition, onset, code, provider in _CONDITIONS
    )
    return Extract("conditions.csv", columns, rows)


def _measures() -> Extract:
    columns = ("person_id", "measured_at", "measure", "value", "unit", "category", "provider")
    rows = tuple(
        dict(zip(columns, (cast.NHS_NUMBER, *measure), strict=True)) for measure in _MEASURES
    )
    return Extract("measures.csv", columns, rows)


def _feeds() -> Extract:
    columns = ("provider", "sector", "start", "end")
    rows = tuple(dict(zip(columns, (*feed, _LAST_DAY), strict=True)) for feed in _FEEDS)
    return Extract("feeds.csv", columns, rows)


def _crosswalk() -> Extract:
    columns = ("person_id", "provider", "local_id", "pseudonym")
    row = {
        "person_id": cast.NHS_NUMBER,
        "provider": cast.COMMUNITY_HUB,
        "local_id": cast.MEMBERSHIP_NUMBER,
        "pseudonym": cast.PSEUDONYM,
    }
    return Extract("crosswalk.csv", columns, (row,))
