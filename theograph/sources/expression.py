"""From a mapping's expressions to Ibis expressions over the rows as read."""

from __future__ import annotations

import functools
import operator
from dataclasses import dataclass, field

import ibis
import ibis.expr.types as ir

from theograph.sources.mapping import (
    Blank,
    Cases,
    Condition,
    Constant,
    DateAndTime,
    Expression,
    First,
    FromColumn,
    Join,
    Use,
    normalise_header,
)


@dataclass(frozen=True, slots=True)
class SourceRows:
    """The rows of one file: text columns `c0`, `c1`, … under `headers`, and `source_row`."""

    table: ir.Table
    headers: list[str]
    _positions: dict[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        positions: dict[str, int] = {}
        for position, header in enumerate(self.headers):
            positions.setdefault(normalise_header(header), position)
        object.__setattr__(self, "_positions", positions)

    def has(self, column: str) -> bool:
        """Whether the file has `column`, whatever its case and punctuation."""
        return normalise_header(column) in self._positions

    def column(self, column: str) -> ir.StringValue:
        """The text of `column`, empty throughout where the file lacks it."""
        if not self.has(column):
            return ibis.literal(None, type="string")
        return self.table[f"c{self._positions[normalise_header(column)]}"]


def compile_text(expression: Expression, rows: SourceRows) -> ir.StringValue:
    """The text that `expression` gives for each row, empty (null) where it gives none."""
    match expression:
        case str():
            return rows.column(expression)
        case Constant():
            return ibis.literal(expression.text, type="string").nullif("")
        case FromColumn():
            return _translate(expression, rows)
        case Join():
            return _join([compile_text(part, rows) for part in expression.join], expression.with_)
        case First():
            return ibis.coalesce(*(_compile_part(part, rows) for part in expression.first))
        case Cases():
            return _choose(expression, rows)
        case Blank():
            return rows.column(expression.blank).isnull().ifelse("true", "false")
        case DateAndTime():
            return rows.column(expression.date)


def _compile_part(expression: Expression, rows: SourceRows) -> ir.StringValue:
    """As `compile_text`; a date with its time of day apart as one text."""
    text = compile_text(expression, rows)
    if not (isinstance(expression, DateAndTime) and expression.time):
        return text
    clock = rows.column(expression.time)
    joined = text.concat(" ", clock)
    whole = clock.re_search(r"^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$") & ~text.contains(":")
    return whole.fill_null(False).ifelse(joined, text)


def compile_refusal(expression: Expression, rows: SourceRows) -> ir.StringValue | None:
    """The value that a column with `other = "refuse"` does not know; None if it refuses none."""
    if not (isinstance(expression, FromColumn) and expression.other == "refuse"):
        return None
    text = rows.column(expression.column)
    known = text.lower().isin([value.casefold() for value in expression.values])
    return (text.notnull() & ~known).ifelse(text, None)


def source_columns(expression: Expression) -> list[str]:
    """The source columns that a date expression reads."""
    match expression:
        case str():
            return [expression]
        case FromColumn():
            return [expression.column]
        case First():
            return [name for part in expression.first for name in source_columns(part)]
        case DateAndTime():
            return [expression.date]
    return []


def _translate(expression: FromColumn, rows: SourceRows) -> ir.StringValue:
    text = rows.column(expression.column)
    if expression.strip is not None:
        text = text.re_replace(expression.strip, "").strip().nullif("")
    if not expression.values:
        return text
    other: ir.StringValue = ibis.literal(None, type="string")
    if expression.other == "keep":
        other = text
    elif isinstance(expression.other, Use):
        other = ibis.literal(expression.other.use)
    cases = [
        (text.lower() == value.casefold(), ibis.literal(ours, type="string").nullif(""))
        for value, ours in expression.values.items()
    ]
    return ibis.cases(*cases, else_=other)


def _join(parts: list[ir.StringValue], separator: str) -> ir.StringValue:
    joined: ir.StringValue = ibis.literal(separator).join(parts)  # passes over nulls in DuckDB
    return joined.nullif("")


def _choose(expression: Cases, rows: SourceRows) -> ir.StringValue:
    chosen: ir.StringValue = ibis.literal(None, type="string")
    for case in reversed(expression.cases):
        value = compile_text(case.then, rows)
        chosen = value if case.if_ is None else _holds(case.if_, rows).ifelse(value, chosen)
    return chosen


def _holds(condition: Condition, rows: SourceRows) -> ir.BooleanValue:
    tests: list[ir.BooleanValue] = []
    if condition.column is not None:
        tests += _column_tests(condition, rows.column(condition.column))
    if condition.all is not None:
        tests += [_holds(part, rows) for part in condition.all]
    if condition.any is not None:
        tests.append(functools.reduce(operator.or_, [_holds(part, rows) for part in condition.any]))
    if condition.not_ is not None:
        tests.append(~_holds(condition.not_, rows))
    return functools.reduce(operator.and_, tests, ibis.literal(True))


def _column_tests(condition: Condition, text: ir.StringValue) -> list[ir.BooleanValue]:
    lowered = text.lower().fill_null("")
    tests: list[ir.BooleanValue] = []
    if condition.is_ == "present":
        tests.append(text.notnull())
    elif condition.is_ == "absent":
        tests.append(text.isnull())
    elif condition.is_ is not None:
        tests.append(lowered.isin([value.casefold() for value in condition.is_]))
    for values, matches in (
        (condition.starts, lowered.startswith),
        (condition.contains, lowered.contains),
    ):
        if values is not None:
            tests.append(
                functools.reduce(operator.or_, [matches(value.casefold()) for value in values])
            )
    return tests
