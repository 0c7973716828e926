"""The general practice extract: OLIDS-like appointments, letters and repeat dispensing."""

from __future__ import annotations

from datetime import datetime, timedelta

from theograph.synth.csv_text import Extract
from theograph.synth.joan import cast
from theograph.synth.joan.entries import (
    CLINIC,
    MEDICATION_REVIEW,
    PROCEDURE,
    ROUTINE,
    SOCIAL_PRESCRIBING,
    Appointment,
    Dispensing,
)

COLUMNS = (
    "ID",
    "PERSON_ID",
    "NHS_NUMBER",
    "SERVICE_PROVIDER_ORGANISATION_NAME",
    "START_DATE",
    "DATE_TIME_BOOKED",
    "PLANNED_DURATION",
    "ACTUAL_DURATION",
    "APPOINTMENT_STATUS_CODE",
    "APPOINTMENT_STATUS_DISPLAY",
    "CONTACT_MODE_DISPLAY",
    "NATIONAL_SLOT_CATEGORY_NAME",
    "CONTEXT_TYPE",
    "SERVICE_SETTING",
    "PRACTITIONER_ROLE",
    "MAPPED_CONCEPT_CODE",
    "MAPPED_CONCEPT_DISPLAY",
    "CONSULTATION_TEXT",
    "MEDICATION_NAME",
    "QUANTITY_VALUE",
    "QUANTITY_UNIT",
)
_PLANNED = {ROUTINE, CLINIC, PROCEDURE, MEDICATION_REVIEW, SOCIAL_PRESCRIBING}
_BOOKED_A_WEEK_AHEAD = timedelta(days=7, hours=-2)  # later in the day, one week before
_BOOKED_THE_SAME_DAY = timedelta(minutes=65)


def build_gp_extract(entries: tuple[Appointment | Dispensing, ...]) -> Extract:
    """The practice's extract; dates in ISO form with a `T`, as its system exports them."""
    rows = []
    for number, entry in enumerate(entries, start=1):
        row = _appointment(entry) if isinstance(entry, Appointment) else _dispensing(entry)
        rows.append({"ID": f"GP{number:05d}", "PERSON_ID": "P000147", **row})
    return Extract("gp.csv", COLUMNS, tuple(rows))


def _appointment(entry: Appointment) -> dict[str, str]:
    start = datetime.fromisoformat(entry.at)
    booked = start - (_BOOKED_A_WEEK_AHEAD if entry.slot in _PLANNED else _BOOKED_THE_SAME_DAY)
    scheduled = entry.context == "Appointment"
    code, term = entry.concept
    return {
        "NHS_NUMBER": cast.NHS_NUMBER,
        "SERVICE_PROVIDER_ORGANISATION_NAME": cast.SURGERY,
        "START_DATE": start.isoformat(),
        "DATE_TIME_BOOKED": booked.isoformat() if scheduled else "",
        "PLANNED_DURATION": str(entry.minutes),
        "ACTUAL_DURATION": str(entry.minutes),
        "APPOINTMENT_STATUS_CODE": "5" if scheduled else "",
        "APPOINTMENT_STATUS_DISPLAY": "Attended" if scheduled else "",
        "CONTACT_MODE_DISPLAY": entry.mode,
        "NATIONAL_SLOT_CATEGORY_NAME": entry.slot,
        "CONTEXT_TYPE": entry.context,
        "SERVICE_SETTING": "General practice",
        "PRACTITIONER_ROLE": entry.role,
        "MAPPED_CONCEPT_CODE": code,
        "MAPPED_CONCEPT_DISPLAY": term,
        "CONSULTATION_TEXT": entry.note,
    }


def _dispensing(entry: Dispensing) -> dict[str, str]:
    return {
        "NHS_NUMBER": cast.NHS_NUMBER,
        "SERVICE_PROVIDER_ORGANISATION_NAME": cast.PHARMACY,
        "START_DATE": entry.on,
        "CONTEXT_TYPE": "Repeat dispensing",
        "SERVICE_SETTING": "Community pharmacy",
        "MEDICATION_NAME": "; ".join(entry.medicines),
        "QUANTITY_VALUE": str(len(entry.medicines)),
        "QUANTITY_UNIT": "items",
    }
