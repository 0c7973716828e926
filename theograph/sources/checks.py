"""Checking the values of a row: kept as they are, or set aside with the reason.

Every row comes out once. Nothing is corrected and nothing is invented.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir

from theograph.record.tables import Column
from theograph.record.vocabulary import VOCABULARIES
from theograph.sources.dates import is_null_day, is_open_end, is_plausible
from theograph.sources.mapping import Blank, Mapping, Section
from theograph.sources.table import KEYS, POUNDS, optional_column, place_columns

_REQUIRED: dict[Section, tuple[str, ...]] = {
    "events": ("start", "sector", "kind"),
    "people": (),
    "conditions": ("condition",),
    "measures": ("measured_at", "measure"),
    "feeds": ("sector", "start", "end"),
    "crosswalk": ("local_key",),
}
_ORDERED = {"events": ("start", "end"), "conditions": ("onset", "end"), "feeds": ("start", "end")}
_CLOCK = {"events": "start", "measures": "measured_at"}  # the column of which has_time speaks
_NOTHING = ibis.literal(None, type="string")


@dataclass(frozen=True, slots=True)
class Check:
    """A reason to set a row aside: when it applies, what it says, the value that shows it."""

    applies: ir.BooleanValue
    reason: str | ir.StringValue
    value: ir.Value


def judge_rows(
    values: ir.Table,
    mapping: Mapping,
    section: Section,
    *,
    columns: list[Column],
) -> ir.Table:
    """Rows of the record standard with `reason`, `reason_value` and `row`, the row as read."""
    checks = [
        Check(values["problem"].notnull(), values["problem"], optional_column(values, "_row"))
    ]
    for column in columns:
        checks += _check_column(values, column)
    if section != "feeds":
        checks += _check_keys(values)
    checks += [
        Check(optional_column(values, name).isnull(), f"has no {_words(name)}", _NOTHING)
        for name in _REQUIRED[section]
    ]
    checks += _check_order(values, section)
    result: dict[str, Any] = {column.name: _settle_value(values, column) for column in columns}
    if section in _CLOCK:
        stated = _flag(values, "has_time", otherwise=True)
        result["has_time"] = stated & _flag(values, f"{_CLOCK[section]}_timed")
    if section == "events":
        result |= {name: values[name] for name in POUNDS if name in values.columns}
        result["ongoing"] = _goes_on(values, mapping)
        if {"start", "end"} <= result.keys():
            result["end"] = _whole_last_day(values)
    if section == "feeds":
        result["declared"] = ibis.literal(True)
    else:
        result |= {key: values[key] for key in KEYS}
    return values.select(
        *place_columns(values),
        **result,
        source_mapping=ibis.literal(mapping.name),
        reason=ibis.cases(*((_true(check), check.reason) for check in checks), else_=None),
        reason_value=ibis.cases(
            *((_true(check), check.value.cast("string")) for check in checks), else_=None
        ),
        row=values["_row"],
    )


def _check_column(values: ir.Table, column: Column) -> list[Check]:
    text = values[f"{column.name}_text"]
    words = _words(column.name)
    checks: list[Check] = []
    refused = f"{column.name}_refused"
    if refused in values.columns:
        checks.append(Check(values[refused].notnull(), f"has an unknown {words}", values[refused]))
    value = values[column.name]
    unread = text.notnull() & value.isnull()
    if column.type in ("instant", "date"):
        null_day = is_null_day(value)
        odd = ~is_plausible(value) & ~null_day
        checks.append(Check(odd, f"has an implausible {words}", text))
        checks.append(Check(unread, f"has a {words} that is not a date", text))
        if column.name in ("start", "measured_at"):  # elsewhere it says that there is none
            checks.append(Check(null_day, f"has a null date as its {words}", text))
    elif column.name in VOCABULARIES or column.type == "yes_no":
        checks.append(Check(unread, f"has an unknown {words}", text))
    elif column.type in ("number", "whole"):
        checks.append(Check(unread, f"has a {words} that is not a number", text))
    return checks


def _check_keys(values: ir.Table) -> list[Check]:
    nobody = ibis.and_(*(values[key].isnull() for key in KEYS))
    failed = nobody & values["nhs_number"].notnull()
    checks = [
        Check(failed, "has an NHS number that fails its check", values["nhs_number"]),
        Check(nobody, "says not whose it is", values["nhs_number"]),
    ]
    for pence in POUNDS:
        if pence in values.columns:
            text = values[f"{pence}_text"]
            unread = text.notnull() & values[pence].isnull()
            checks.append(Check(unread, "has a cost that is not an amount", text))
    return checks


def _check_order(values: ir.Table, section: Section) -> list[Check]:
    first, last = _ORDERED.get(section, ("", ""))
    if not {first, last} <= set(values.columns):
        return []
    begin, end = values[first], values[last]
    # A date without a time stands for its whole day, so it is not before a time on that day.
    timed = _flag(values, f"{first}_timed") & _flag(values, f"{last}_timed")
    # Asked only of rows that end early: a condition of `and` would be worked out for every row.
    backwards = (end < begin).ifelse(~_within_repeated_hour(begin, end), False)
    ends_early = (end.date() < begin.date()) | (timed & backwards)
    shown = end.cast("string").concat(" before ", begin.cast("string"))
    return [Check(ends_early & ~is_null_day(end), f"has its {last} before its {first}", shown)]


def _within_repeated_hour(begin: ir.TimestampValue, end: ir.TimestampValue) -> ir.BooleanValue:
    """Whether two instants of a day are in the hour that comes twice, when the clocks go back.

    That is from one to two on the last Sunday of October (since 1996: Summer Time Order 2002).
    Without a zone the times do not say which of the two is meant.
    """
    sunday = (begin.month() == 10) & (begin.day() >= 25) & (begin.day_of_week.index() == 6)
    return (begin.hour() == 1) & (end.hour() == 1) & sunday


def _settle_value(values: ir.Table, column: Column) -> ir.Value:
    value = values[column.name]
    if column.type not in ("instant", "date"):
        return value
    settled = is_null_day(value).ifelse(None, value)
    return settled.date() if column.type == "date" else settled


def _goes_on(values: ir.Table, mapping: Mapping) -> ir.BooleanValue:
    """Whether a row says that it goes on: in so many words, or by an end such as 9999-12-31."""
    goes_on = _flag(values, "ongoing")
    if "end" not in values.columns:
        return goes_on
    expression = mapping.sections["events"].get("ongoing")
    blank = is_null_day(values["end"]) if isinstance(expression, Blank) else ibis.literal(False)
    return goes_on | blank | is_open_end(values["end"])


def _whole_last_day(values: ir.Table) -> ir.TimestampValue:
    """The end, not before a start of the same day: only its day is known, or which of two hours
    it is in is not; a row that is wrong is set aside in any case."""
    begin, end = values["start"], values["end"]
    same_day = end.date() == begin.date()
    return is_null_day(end).ifelse(None, (same_day & (end < begin)).ifelse(begin, end))


def _flag(table: ir.Table, name: str, *, otherwise: bool = False) -> ir.BooleanValue:
    unknown = ibis.literal(otherwise)
    return table[name].fill_null(otherwise) if name in table.columns else unknown


def _true(check: Check) -> ir.BooleanValue:
    return check.applies.fill_null(False)


def _words(column: str) -> str:
    return column.replace("_", " ")
