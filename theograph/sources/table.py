"""Reading one table of a layout: from rows as read to rows of the record standard.

Three steps, each a plain expression over the table that the step before gave:

- `compile_texts`: for each of our columns the text that the mapping gives;
- `parse_values`: those texts as instants, numbers, words of the vocabulary and link keys;
- `judge_rows`: for each row the first reason, if any, why it cannot be kept.

Every row comes out once. Nothing is corrected and nothing is invented.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir

from theograph.record.tables import CONDITIONS, EVENTS, FEEDS, MEASURES, PEOPLE, Column
from theograph.record.vocabulary import VOCABULARIES, YES_NO
from theograph.sources.dates import (
    DateColumn,
    is_null_day,
    is_plausible,
    parse_clock,
    parse_date,
    tells_time,
)
from theograph.sources.expression import SourceRows, compile_refusal, compile_text
from theograph.sources.identifiers import link_key, valid_nhs_number
from theograph.sources.mapping import IDENTIFIERS, Blank, DateAndTime, Mapping, Section

STORED = {
    "events": EVENTS,
    "people": PEOPLE,
    "conditions": CONDITIONS,
    "measures": MEASURES,
    "feeds": FEEDS,
}
KEYS = ("nhs_key", "pseudonym_key", "local_key")

_NOTHING = ibis.literal(None, type="string")

_FILLED_LATER = {
    "person_ref",
    "link_key",
    "person_id",
    "conflicts",
    "data_to",
    "declared",
    "recorded_cost_pence",
    "recorded_rate_pence",
    "source_file",
    "source_row",
    "source_mapping",
    "cost_pence",
    "cost_basis",
    "cost_line",
    "cost_price_year",
    "cost_unit",
    "cost_units",
}
_POUNDS = {
    "recorded_cost_pence": ("recorded_cost_gbp", "cost_gbp"),
    "recorded_rate_pence": ("recorded_rate_gbp",),
}
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


@dataclass(frozen=True, slots=True)
class Check:
    """A reason to set a row aside: when it applies, what it says, the value that shows it."""

    applies: ir.BooleanValue
    reason: str
    value: ir.Value


def mapped_columns(mapping: Mapping, section: Section, *, provider: str | None) -> list[Column]:
    """The columns of a section that the mapping fills; all others stay empty.

    A `provider` given for the whole import is one of them, where the section has that column.
    """
    filled = {*mapping.sections[section], *({"provider"} if provider is not None else ())}
    if section == "crosswalk":
        columns: tuple[Column, ...] = (Column("provider", "text", "whose numbers are local"),)
    else:
        columns = STORED[section].columns
    return [
        column for column in columns if column.name in filled and column.name not in _FILLED_LATER
    ]


def compile_texts(
    rows: SourceRows,
    mapping: Mapping,
    section: Section,
    *,
    columns: list[Column],
    provider: str | None,
) -> ir.Table:
    """For each of `columns`, the text that the mapping gives, under its own name.

    `<column>_clock` is the time of day of a date that has one apart, `<column>_refused` a value
    that the mapping refuses, `_row` the whole row as read.
    """
    expressions = mapping.sections[section]
    inputs = [*IDENTIFIERS, *(name for names in _POUNDS.values() for name in names)]
    names = [column.name for column in columns]
    names += [name for name in inputs if name in expressions]
    texts: dict[str, ir.Value] = {}
    for name in names:
        expression = expressions.get(name)
        if expression is None:  # only the provider of the whole import
            continue
        texts[name] = compile_text(expression, rows)
        if isinstance(expression, DateAndTime) and expression.time and rows.has(expression.time):
            texts[f"{name}_clock"] = parse_clock(rows.column(expression.time))
        refused = compile_refusal(expression, rows)
        if refused is not None:
            texts[f"{name}_refused"] = refused
    if "provider" in names and provider is not None:
        given = [texts["provider"]] if "provider" in texts else []
        texts["provider"] = ibis.coalesce(*given, ibis.literal(provider))
    cells = [rows.table[f"c{position}"].fill_null("") for position in range(len(rows.headers))]
    return rows.table.select(
        **texts,
        _row=ibis.literal(" | ").join(cells).substr(0, 2000),
        problem=rows.table["problem"],
        source_row=rows.table["source_row"],
    )


def parse_values(
    texts: ir.Table,
    mapping: Mapping,
    section: Section,
    *,
    columns: list[Column],
    dates: dict[str, DateColumn],
    ids_are_local: bool,
) -> ir.Table:
    """The texts as values; what a value was read from stays beside it as `<column>_text`."""
    values: dict[str, ir.Value] = {}
    for column in columns:
        text = texts[column.name]
        values[f"{column.name}_text"] = text
        values[column.name] = _parse_value(texts, column, dates)
        if column.name in dates:
            values[f"{column.name}_timed"] = _is_timed(texts, column.name, dates[column.name])
    for pence, names in _POUNDS.items():
        given = [texts[name] for name in names if name in texts.columns]
        if given:
            pounds = ibis.coalesce(*given)
            values |= {f"{pence}_text": pounds, pence: _read_pence(pounds)}
    if section != "feeds":
        values |= _read_keys(texts, mapping, ids_are_local=ids_are_local)
        values["nhs_number"] = _optional(texts, "nhs_number")
    kept = [name for name in texts.columns if name.endswith("_refused")]
    return texts.select(*kept, "_row", "problem", "source_row", **values)


def judge_rows(
    values: ir.Table,
    mapping: Mapping,
    section: Section,
    *,
    columns: list[Column],
) -> ir.Table:
    """Rows of the record standard with `reason`, `reason_value` and `row`, the row as read."""
    checks = [Check(values["problem"].notnull(), "cannot be read", values["problem"])]
    for column in columns:
        checks += _check_column(values, column)
    if section != "feeds":
        checks += _check_keys(values)
    checks += [
        Check(_optional(values, name).isnull(), f"has no {_words(name)}", _NOTHING)
        for name in _REQUIRED[section]
    ]
    checks += _check_order(values, section)
    result: dict[str, Any] = {column.name: _settle_value(values, column) for column in columns}
    if section in _CLOCK:
        stated = _flag(values, "has_time", otherwise=True)
        result["has_time"] = stated & _flag(values, f"{_CLOCK[section]}_timed")
    if section == "events":
        result |= {name: values[name] for name in _POUNDS if name in values.columns}
        result["ongoing"] = _goes_on(values, mapping)
        if {"start", "end"} <= result.keys():
            result["end"] = _whole_last_day(values)
    if section == "feeds":
        result["declared"] = ibis.literal(True)
    else:
        result |= {key: values[key] for key in KEYS}
    return values.select(
        **result,
        source_row=values["source_row"],
        source_mapping=ibis.literal(mapping.name),
        reason=ibis.cases(*((_true(check), check.reason) for check in checks), else_=None),
        reason_value=ibis.cases(
            *((_true(check), check.value.cast("string")) for check in checks), else_=None
        ),
        row=values["_row"],
    )


def _parse_value(texts: ir.Table, column: Column, dates: dict[str, DateColumn]) -> ir.Value:
    text = texts[column.name]
    if column.name in dates:
        parsed = parse_date(text, dates[column.name])
        clock = f"{column.name}_clock"
        if clock in texts.columns:
            timed = parsed.truncate("D") + texts[clock].as_interval("s")
            parsed = ibis.coalesce(timed, parsed)
        return parsed
    if column.name in VOCABULARIES:
        return _look_up(text, VOCABULARIES[column.name])
    if column.type == "yes_no":
        lowered = text.lower()
        return ibis.cases(
            (lowered.isin([word for word, yes in YES_NO.items() if yes]), True),
            (lowered.isin([word for word, yes in YES_NO.items() if not yes]), False),
            else_=None,
        )
    if column.type in ("number", "whole"):
        number = text.re_replace(",", "").try_cast("float64")
        finite = (number.isnan() | number.isinf()).ifelse(None, number)
        return finite.round().try_cast("int64") if column.type == "whole" else finite
    return text


def _is_timed(texts: ir.Table, name: str, study: DateColumn) -> ir.BooleanValue:
    timed = tells_time(texts[name], study)
    clock = f"{name}_clock"
    return timed | texts[clock].notnull() if clock in texts.columns else timed


def _look_up(text: ir.StringValue, accepted: dict[str, str]) -> ir.StringValue:
    lowered = text.lower()
    return ibis.cases(
        *(
            (lowered.isin([spelling for spelling, key in accepted.items() if key == word]), word)
            for word in dict.fromkeys(accepted.values())
        ),
        else_=None,
    )


def _read_pence(text: ir.StringValue) -> ir.IntegerValue:
    pounds = text.re_replace("[£, ]", "").try_cast("decimal(18, 4)").cast("decimal(38, 4)")
    return (pounds * 100).round().try_cast("int64")


def _read_keys(texts: ir.Table, mapping: Mapping, *, ids_are_local: bool) -> dict[str, ir.Value]:
    """The keys by which a row is linked.

    A `person_id` that is a valid NHS number is one. Any other means the same person in every
    file of our own layout, unless the import says whose numbers they are.
    """
    nhs, pseudonym, local = (_optional(texts, n) for n in ("nhs_number", "pseudonym", "local_id"))
    nhs = valid_nhs_number(nhs) if "nhs_number" in texts.columns else nhs
    if "person_id" in texts.columns:
        own = texts["person_id"]
        own_nhs = valid_nhs_number(own)
        nhs = ibis.coalesce(nhs, own_nhs)
        other = own_nhs.isnull().ifelse(own, None)
        local = ibis.coalesce(local, other) if ids_are_local else local
        pseudonym = pseudonym if ids_are_local else ibis.coalesce(pseudonym, other)
    scope: ir.StringValue = ibis.literal(mapping.scope or mapping.name)
    if mapping.scope is None:
        scope = ibis.coalesce(_optional(texts, "provider"), scope)
    return {
        "nhs_key": link_key("nhs_number", nhs),
        "pseudonym_key": link_key("pseudonym", pseudonym),
        "local_key": link_key("local", local, scope),
    }


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
    for pence in _POUNDS:
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
    ends_early = (end.date() < begin.date()) | (timed & (end < begin))
    shown = end.cast("string").concat(" before ", begin.cast("string"))
    return [Check(ends_early & ~is_null_day(end), f"has its {last} before its {first}", shown)]


def _settle_value(values: ir.Table, column: Column) -> ir.Value:
    value = values[column.name]
    if column.type not in ("instant", "date"):
        return value
    settled = is_null_day(value).ifelse(None, value)
    return settled.date() if column.type == "date" else settled


def _goes_on(values: ir.Table, mapping: Mapping) -> ir.BooleanValue:
    goes_on = _flag(values, "ongoing")
    expression = mapping.sections["events"].get("ongoing")
    if (
        isinstance(expression, Blank) and "end" in values.columns
    ):  # an end such as 9999-12-31 is a blank too
        goes_on = goes_on | is_null_day(values["end"])
    return goes_on


def _whole_last_day(values: ir.Table) -> ir.TimestampValue:
    """The end; where only its day is known and that is the day of the start, not before it."""
    begin, end = values["start"], values["end"]
    same_day = (end.date() == begin.date()) & ~_flag(values, "end_timed")
    return is_null_day(end).ifelse(None, (same_day & (end < begin)).ifelse(begin, end))


def _optional(table: ir.Table, name: str) -> ir.Value:
    return table[name] if name in table.columns else _NOTHING


def _flag(table: ir.Table, name: str, *, otherwise: bool = False) -> ir.BooleanValue:
    unknown = ibis.literal(otherwise)
    return table[name].fill_null(otherwise) if name in table.columns else unknown


def _true(check: Check) -> ir.BooleanValue:
    return check.applies.fill_null(False)


def _words(column: str) -> str:
    return column.replace("_", " ")
