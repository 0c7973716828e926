"""The extracts of the ambulance service and of NHS 111."""

from __future__ import annotations

from datetime import datetime

from theograph.synth.csv_text import Extract
from theograph.synth.joan import cast
from theograph.synth.joan.entries import CallOut, UrgentCall

AMBULANCE_COLUMNS = (
    "ambulance_incident_number",
    "Der_Pseudo_NHS_Number",
    "ambulance_trust_name",
    "call_date",
    "time_call_connected",
    "time_call_answered",
    "time_resource_arrived_on_scene",
    "receiving_location_type_cad",
    "chief_complaint_call_triage_code",
    "chief_complaint_call_triage_description",
    "crew_summary",
)
NHS_111_COLUMNS = (
    "Call ID",
    "Pseudo NHS NUMBER",
    "Provider Name",
    "Case Type",
    "Start Date",
    "In_Out_Hours",
    "Symptom_Group",
    "Final Disposition Code",
    "Final Disposition Text",
    "GP National ID",
    "Patient Sex Text",
)
_SURGERY_OPENS, _SURGERY_CLOSES = 8, 18


def incident_number(called: str) -> str:
    """The ambulance service's number for the 999 call made at `called`; blank for none."""
    return f"EAS{called[2:].translate(str.maketrans('', '', '-: '))}" if called else ""


def build_ambulance_extract(calls: tuple[CallOut, ...]) -> Extract:
    """Ambulance incidents; an ISO date and clock times, all that the control room keeps."""
    rows = tuple(
        {
            "ambulance_incident_number": incident_number(entry.at),
            "Der_Pseudo_NHS_Number": cast.PSEUDONYM,
            "ambulance_trust_name": cast.AMBULANCE,
            "call_date": entry.at[:10],
            "time_call_connected": f"{entry.at[11:]}:00",
            "time_call_answered": f"{entry.at[11:]}:04",
            "time_resource_arrived_on_scene": f"{entry.scene}:00" if entry.scene else "",
            "receiving_location_type_cad": "ED" if entry.conveyed else "",
            "chief_complaint_call_triage_code": entry.triage_code,
            "chief_complaint_call_triage_description": entry.reason,
            "crew_summary": entry.note,
        }
        for entry in calls
    )
    return Extract("ambulance.csv", AMBULANCE_COLUMNS, rows)


def build_111_extract(calls: tuple[UrgentCall, ...]) -> Extract:
    """NHS 111 and out-of-hours calls; dates dd/mm/yyyy hh:mm."""
    rows = []
    for number, entry in enumerate(calls, start=1):
        at = datetime.fromisoformat(entry.at)
        open_now = at.weekday() < 5 and _SURGERY_OPENS <= at.hour < _SURGERY_CLOSES
        rows.append(
            {
                "Call ID": f"IUC{at:%y%m}{number:03d}",
                "Pseudo NHS NUMBER": cast.PSEUDONYM,
                "Provider Name": cast.NHS_111,
                "Case Type": entry.service,
                "Start Date": f"{at:%d/%m/%Y %H:%M}",
                "In_Out_Hours": "In hours" if open_now else "Out of hours",
                "Symptom_Group": entry.symptom,
                "Final Disposition Code": entry.disposition[0],
                "Final Disposition Text": entry.disposition[1],
                "GP National ID": cast.PROVIDER_CODES[cast.SURGERY],
                "Patient Sex Text": "Female",
            }
        )
    return Extract("nhs111.csv", NHS_111_COLUMNS, tuple(rows))
