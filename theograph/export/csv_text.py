"""A journey as CSV: in our own layout, and in the seven columns of the NECS TheoGraph."""

from __future__ import annotations

import io
from typing import Any

import pandas as pd

from theograph.costing import is_sterling
from theograph.journey import Journey
from theograph.record.tables import EVENTS

NECS_COLUMNS = (
    "Client_ID",
    "Event_ID",
    "Start_Date",
    "End_Date",
    "Event_Type",
    "Event_Subtype",
    "Event_Desc",
)
_NECS_TYPES = {
    "hospital": "Acute Inpatient",
    "ed": "A&E",
    "ambulance": "Ambulance",
    "nhs111": "NHS 111",
    "outpatients": "Acute Outpatient",
    "mental_health": "Mental Health",
    "gp": "GP",
    "pharmacy": "Pharmacy",
    "community": "Community",
    "social_care": "ASC Long Term",
    "voluntary": "Voluntary",
}
_INTERNAL = ("person_ref", "link_key")


def write_own_csv(journey: Journey) -> str:
    """Every event with every column of the record standard, readable by our own mapping.

    Dates without a time are written as dates; amounts in other money than pounds stand in
    `recorded_cost` and `recorded_rate`, with their currency. Text that a spreadsheet
    would run as a formula is defused with a leading apostrophe.
    """
    events = journey.events.drop(columns=list(_INTERNAL))
    events.insert(0, "person_id", journey.person.person_id)
    pounds = is_sterling(events["currency"])
    for name in ("cost", "rate"):
        amounts = _write_amounts(events[f"recorded_{name}_pence"])
        events["cost_gbp" if name == "cost" else "recorded_rate_gbp"] = amounts.where(pounds)
        events[f"recorded_{name}"] = amounts.mask(pounds)
    for column in EVENTS.columns:
        if column.type == "instant":
            events[column.name] = _write_instants(events[column.name], timed=events["has_time"])
    return write_csv(events)


def write_necs_csv(journey: Journey) -> str:
    """The seven columns of the NECS TheoGraph: dd/mm/yyyy, a blank end for what goes on."""
    events = journey.events
    missed = events["status"] == "did_not_attend"
    last = events["end"].fillna(events["start"])
    table = pd.DataFrame(
        {
            "Client_ID": journey.person.person_id,
            "Event_ID": events["event_id"],
            "Start_Date": events["start"].dt.strftime("%d/%m/%Y"),
            "End_Date": last.dt.strftime("%d/%m/%Y").where(~events["ongoing"], ""),
            "Event_Type": events["sector"].map(_NECS_TYPES),
            "Event_Subtype": events["kind"].where(~missed, "DNA - " + events["kind"]),
            "Event_Desc": events["description"].fillna(""),
        },
        columns=list(NECS_COLUMNS),
    )
    return write_csv(table)


def defuse_formulas(text: pd.Series) -> pd.Series:
    """`text` with an apostrophe before what a spreadsheet would take for a formula.

    Numbers, negative ones too, stay as they are.
    """
    risky = text.str.match(r"^[=+\-@\t\r]", na=False)
    number = text.str.fullmatch(r"[+\-]?\d+(\.\d+)?", na=False)
    return text.where(~risky | number, "'" + text)


def _write_amounts(hundredths: pd.Series) -> pd.Series:
    amounts = hundredths.astype("Float64") / 100
    return amounts.map("{:.2f}".format, na_action="ignore").astype("str")


def _write_instants(instants: pd.Series[Any], *, timed: pd.Series[Any]) -> pd.Series[Any]:
    written: pd.Series[Any] = instants.dt.strftime("%Y-%m-%dT%H:%M:%S")
    midnight = instants == instants.dt.normalize()
    return written.where(timed | ~midnight, instants.dt.strftime("%Y-%m-%d"))


def write_csv(table: pd.DataFrame) -> str:
    """`table` as CSV in which no text is a formula to a spreadsheet."""
    texts = [name for name in table.columns if table[name].dtype == "str"]
    # A lone carriage return would not be quoted, and would end the row for most readers.
    plain = {name: table[name].str.replace("\r\n?", "\n", regex=True) for name in texts}
    safe = table.assign(**{name: defuse_formulas(text) for name, text in plain.items()})
    buffer = io.StringIO()
    safe.to_csv(buffer, index=False, lineterminator="\n")
    return buffer.getvalue()
