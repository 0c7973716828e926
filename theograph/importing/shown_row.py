"""A row as it would be kept, in words for a person to look at."""

from __future__ import annotations

from datetime import datetime, time

from theograph.sources.identifiers import SEPARATOR

_TIMED = ("start", "end", "measured_at")  # of which has_time speaks
_UNSEEN = {
    "source_mapping",
    "file_no",
    "rows",
    "row",
    "reason_value",
    "has_time",
    "nhs_key",
    "pseudonym_key",
    "local_key",
}


def show_row(row: dict[str, object], section: str) -> dict[str, str | None]:
    """What was read of a row; who it is of in one text, an instant without a time as a day."""
    keys = ("nhs_key", "pseudonym_key", "local_key")
    person = next((str(row[key]) for key in keys if row.get(key)), None)
    timed = row.get("has_time", True)
    shown: dict[str, str | None] = {
        name: _show_value(value, timed=bool(timed) and name in _TIMED)
        for name, value in row.items()
        if name not in _UNSEEN and value is not None
    }
    if row["reason"] is not None and row["reason_value"] is not None:
        shown["value"] = str(row["reason_value"])
    whose = person.split(":", 1)[1].split(SEPARATOR)[-1] if person else None
    return {"section": section, "person": whose, **shown}


def _show_value(value: object, *, timed: bool) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        midnight = value.time() == time() and not timed
        return str(value.date()) if midnight else value.isoformat(" ", "minutes")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
