"""The council's extract (adult social care client level data) and the community hub's."""

from __future__ import annotations

from datetime import date

from theograph.synth.csv_text import Extract
from theograph.synth.joan import cast
from theograph.synth.joan.entries import CouncilEvent, Moment

CLD_COLUMNS = (
    "LA_Code",
    "LA_Name",
    "Reporting_Period_Start_Date",
    "Reporting_Period_End_Date",
    "NHS_Number",
    "LA_Person_Unique_Identifier",
    "GP_Practice_Code",
    "Gender",
    "Ethnicity",
    "Date_of_Birth",
    "Date_of_Death",
    "Client_Type",
    "Primary_Support_Reason",
    "Accommodation_Status",
    "Has_Unpaid_Carer",
    "Event_Type",
    "Event_Reference",
    "Event_Start_Date",
    "Event_End_Date",
    "Event_Description",
    "Event_Outcome",
    "Request_Route_of_Access",
    "Assessment_Type",
    "Service_Type",
    "Service_Component",
    "Delivery_Mechanism",
    "Provider_Name",
    "Review_Reason",
    "Unit_Cost",
    "Cost_Frequency_Unit_Type",
    "Planned_units_per_week",
)
_DETAIL_COLUMN = {
    "Request": "Request_Route_of_Access",
    "Assessment": "Assessment_Type",
    "Service": "Service_Component",
    "Review": "Review_Reason",
}
HUB_COLUMNS = (
    "Membership No",
    "Member",
    "Organisation",
    "Run by",
    "Session Date",
    "Session Time",
    "Entry Type",
    "Attended",
    "Notes",
)


def _british(day: str) -> str:
    return f"{date.fromisoformat(day):%d/%m/%Y}" if day else ""


def build_cld_extract(events: tuple[CouncilEvent, ...]) -> Extract:
    """Client level data, Release 2 names; dd/mm/yyyy, with a byte order mark as Excel saves it."""
    rows = tuple(
        {
            "LA_Code": "999",
            "LA_Name": cast.COUNCIL,
            "Reporting_Period_Start_Date": "01/04/2022",
            "Reporting_Period_End_Date": "31/03/2025",
            "NHS_Number": cast.NHS_NUMBER,
            "LA_Person_Unique_Identifier": cast.COUNCIL_NUMBER,
            "GP_Practice_Code": cast.PROVIDER_CODES[cast.SURGERY],
            "Gender": "Female",
            "Ethnicity": "White British",
            "Date_of_Birth": _british(cast.DATE_OF_BIRTH),
            "Client_Type": "Service user",
            "Primary_Support_Reason": "Physical support: Personal care support",
            "Accommodation_Status": "Tenant",
            "Has_Unpaid_Carer": "No",
            **_council_event(entry, number),
        }
        for number, entry in enumerate(events, start=1)
    )
    return Extract("asc_cld.csv", CLD_COLUMNS, rows, encoding="utf-8-sig")


def _council_event(entry: CouncilEvent, number: int) -> dict[str, str]:
    short_term = entry.detail == "Reablement"
    row = {
        "Event_Type": entry.type,
        "Event_Reference": f"TC-E{number:04d}",
        "Event_Start_Date": _british(entry.start),
        "Event_End_Date": _british(entry.end),
        "Event_Description": entry.note,
        "Event_Outcome": entry.outcome,
        "Provider_Name": entry.care_provider,
        "Unit_Cost": entry.unit_cost,
        "Cost_Frequency_Unit_Type": entry.unit,
        "Planned_units_per_week": entry.units_per_week,
        _DETAIL_COLUMN[entry.type]: entry.detail,
    }
    if entry.type == "Service":
        row["Service_Type"] = (
            "Short term support: ST-Max" if short_term else "Long term support: Community"
        )
        row["Delivery_Mechanism"] = "" if short_term else "CASSR managed personal budget"
    return row


def build_hub_extract(moments: tuple[Moment, ...]) -> Extract:
    """The community hub's own spreadsheet: dd/mm/yyyy, Windows-1252, its own member numbers."""
    rows = tuple(
        {
            "Membership No": cast.MEMBERSHIP_NUMBER,
            "Member": "Joan W",
            "Organisation": cast.COMMUNITY_HUB,
            "Run by": entry.organisation,
            "Session Date": _british(entry.on),
            "Session Time": entry.at,
            "Entry Type": entry.entry,
            "Attended": "Yes" if entry.entry == "Community centre session" else "",
            "Notes": entry.note.replace(": ", " – "),
        }
        for entry in moments
    )
    return Extract("vcse.csv", HUB_COLUMNS, rows, encoding="cp1252", line_end="\r\n")
