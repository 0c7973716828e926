"""Reading dates without guessing: ISO is never swapped, and one column has one order.

Evidence is gathered over the whole column first. `03/04/2024` says nothing by itself, but one
`25/04/2024` in the same column settles the order; a column that holds proof of both orders is
refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

LONDON = "Europe/London"

_OPEN_ENDS = ("2999-12-31", "9999-12-31")
# Days that systems write for "no date": HES 1800-01-01 to 1802-01-01, SQL Server and Excel
# beginnings of time, and open ends.
NULL_DAYS = (
    "0001-01-01",
    "1800-01-01",
    "1801-01-01",
    "1802-01-01",
    "1899-12-30",
    "1900-01-01",
    *_OPEN_ENDS,
)
_PLAUSIBLE_YEARS = (1880, 2199)

_DAY = r"\d{4}(?:-\d{2}-|/\d{2}/)\d{2}"
_CLOCK = r"[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?"
_SHAPES = {
    "iso": rf"^{_DAY}({_CLOCK})?$",
    "zoned": rf"^{_DAY}{_CLOCK} ?(Z|[+-]\d{{2}}(:?\d{{2}})?)$",
    "slashed": r"^\d{1,2}[/.-]\d{1,2}[/.-]\d{4}( \d{1,2}:\d{2}(:\d{2})?)?$",
    "named": r"^\d{1,2}[ -][A-Za-z]{3}[ -]\d{4}( \d{1,2}:\d{2}(:\d{2})?)?$",
    "compact": r"^(1[89]|20)\d{6}$",
    "serial": r"^\d{5}(\.\d+)?$",
}
_SERIAL_WITH_TIME = r"^\d{5}\.\d*[1-9]"


@ibis.udf.scalar.builtin  # type: ignore[untyped-decorator]
def try_strptime(text: str, form: str) -> dt.timestamp:
    """DuckDB's own: the instant, or null where the text does not fit the form."""


@ibis.udf.scalar.builtin  # type: ignore[untyped-decorator]
def timezone(zone: str, instant: dt.Timestamp("UTC")) -> dt.timestamp:  # type: ignore[valid-type]
    """DuckDB's own: the wall-clock time of an instant in a zone."""


@dataclass(frozen=True, slots=True)
class DateColumn:
    """What a date column turned out to hold: its shapes, its order, whether times mean anything."""

    shapes: tuple[str, ...]
    order: str  # "day first" or "month first", for dates with slashes
    why: str
    timed: bool
    form: str | None = None
    excel_epoch: int | None = None
    refused: str | None = None


def gather_evidence(texts: ir.Table, columns: Sequence[str]) -> ir.Table:
    """One row of evidence on the date columns of `texts`, which are text, in one pass."""
    aggregates: dict[str, Any] = {}
    for column in columns:
        aggregates |= date_evidence(texts[column], f"{column}|")
    return texts.aggregate(**aggregates)


def judge_dates(
    evidence: dict[str, Any],
    columns: dict[str, str],
    *,
    forms: dict[str, str],
    excel_epoch: int | None,
) -> dict[str, DateColumn]:
    """What the evidence says of each of `columns`, given with the names people know them by.

    `forms` are explicit strptime forms, which need no evidence.
    """
    return {
        column: _judge_column(
            shown,
            {
                name.removeprefix(f"{column}|"): value
                for name, value in evidence.items()
                if name.startswith(f"{column}|")
            },
            form=forms.get(column),
            excel_epoch=excel_epoch,
        )
        for column, shown in columns.items()
    }


def parse_date(text: ir.StringValue, column: DateColumn) -> ir.TimestampValue:
    """The instants of a date column, local England time, null where they cannot be read."""
    if column.form is not None:
        return try_strptime(text, column.form)
    parsers = {
        "iso": lambda: text.try_cast("timestamp"),
        "zoned": lambda: timezone(LONDON, text.try_cast("timestamp('UTC')")),
        "slashed": lambda: _parse_slashed(text, column.order),
        "named": lambda: _parse_named(text),
        "compact": lambda: try_strptime(text, "%Y%m%d"),
        "serial": lambda: _parse_serial(text, column.excel_epoch or 1900),
    }
    return ibis.cases(
        *((text.re_search(_SHAPES[shape]), parsers[shape]()) for shape in column.shapes),
        else_=None,
    )


def tells_time(text: ir.StringValue, column: DateColumn) -> ir.BooleanValue:
    """Whether each date comes with a time of day; never in a column of nothing but midnights."""
    if not column.timed:
        return ibis.literal(False)
    if column.form is not None:
        return ibis.literal("%H" in column.form)
    return (text.contains(":") | text.re_search(_SERIAL_WITH_TIME)).fill_null(False)


def is_null_day(value: ir.TimestampValue) -> ir.BooleanValue:
    """Whether an instant stands for "no date"."""
    return _is_day_among(value, NULL_DAYS)


def is_open_end(value: ir.TimestampValue) -> ir.BooleanValue:
    """Whether an end is one of those that systems write for "no end yet"."""
    return _is_day_among(value, _OPEN_ENDS)


def _is_day_among(value: ir.TimestampValue, days: Sequence[str]) -> ir.BooleanValue:
    # one by one: DuckDB makes a join of a longer list, and carries the whole row through it
    day = value.date()
    return ibis.or_(*(day == ibis.date(text) for text in days)).fill_null(False)


def is_plausible(value: ir.TimestampValue) -> ir.BooleanValue:
    """Whether an instant can belong to anyone's record."""
    return value.year().between(*_PLAUSIBLE_YEARS).fill_null(True)


def parse_clock(text: ir.StringValue) -> ir.IntegerValue:
    """Seconds after midnight of `HH:MM`, `HH:MM:SS` or `HHMM`; null where it is no time.

    A time may come with its day again before it, or as the part of a day that Excel writes.
    HES writes 4000 for an unknown time: no such hour, so the day is all that is known.
    """
    part_of_day = text.re_search(r"^0?\.\d+$")
    counted = (text.try_cast("float64") * 86400).round().try_cast("int64")
    text = text.re_replace(rf"^{_DAY}[T ]", "")
    readable = text.re_search(r"^([01]?\d|2[0-3]):?[0-5]\d(:?[0-5]\d(\.\d+)?)?$")
    digits = text.re_replace(r"\..*$", "").re_replace(r"[^0-9]", "")
    digits = (digits.length() % 2).cast("boolean").ifelse(ibis.literal("0").concat(digits), digits)
    digits = digits.rpad(6, "0")
    seconds = (
        digits.substr(0, 2).try_cast("int64") * 3600
        + digits.substr(2, 2).try_cast("int64") * 60
        + digits.substr(4, 2).try_cast("int64")
    )
    return ibis.cases((readable, seconds), (part_of_day, counted), else_=None)


def date_evidence(text: ir.StringValue, prefix: str) -> dict[str, Any]:
    """Aggregates, each named after `prefix`, of what a text column says of dates."""
    iso = text.re_search(_SHAPES["iso"])
    other = iso.ifelse(None, text)  # most are ISO; only the others are looked at further
    first = other.re_extract(r"^(\d{1,2})[/.-](\d{1,2})[/.-]\d{4}", 1).try_cast("int64")
    second = other.re_extract(r"^(\d{1,2})[/.-](\d{1,2})[/.-]\d{4}", 2).try_cast("int64")
    midnight = text.re_search(r"[T ]0{1,2}:00(:00(\.0+)?)?$")
    found: dict[str, Any] = {
        f"{prefix}{shape}": (iso if shape == "iso" else other.re_search(pattern))
        .fill_null(False)
        .sum()
        .fill_null(0)
        for shape, pattern in _SHAPES.items()
    }
    return found | {
        f"{prefix}day_first": ((first > 12) & (second <= 12)).fill_null(False).sum().fill_null(0),
        f"{prefix}month_first": ((second > 12) & (first <= 12)).fill_null(False).sum().fill_null(0),
        f"{prefix}day_example": (first > 12).ifelse(other, None).max(),
        f"{prefix}month_example": (second > 12).ifelse(other, None).max(),
        f"{prefix}timed": ((text.contains(":") & ~midnight) | other.re_search(_SERIAL_WITH_TIME))
        .fill_null(False)
        .sum()
        .fill_null(0),
    }


def _judge_column(
    column: str, found: dict[str, Any], *, form: str | None, excel_epoch: int | None
) -> DateColumn:
    shapes = tuple(shape for shape in _SHAPES if found[shape] > 0 or shape == "iso")
    order, why, refused = "day first", _describe_shapes(shapes, found, excel_epoch), None
    if form is not None:
        why = f"{form}, as the mapping says"
    elif found["day_first"] and found["month_first"]:
        refused = (
            f"column '{column}' mixes day-first and month-first dates "
            f"({found['day_example']} and {found['month_example']}); "
            "make it one order, or use YYYY-MM-DD"
        )
    elif found["month_first"]:
        order, why = "month first", f"month first, as {found['month_example']} shows"
    elif found["day_first"]:
        why = f"day first, as {found['day_example']} shows"
    elif found["slashed"]:
        why = "day first, as is usual in England; no date in the column proves it"
    return DateColumn(
        shapes=shapes,
        order=order,
        why=why,
        timed=bool(found["timed"]) or form is not None,
        form=form,
        excel_epoch=excel_epoch,
        refused=refused,
    )


def _describe_shapes(shapes: tuple[str, ...], found: dict[str, Any], epoch: int | None) -> str:
    said = {
        "iso": "year first, as ISO 8601",
        "zoned": "year first with a zone, turned into local England time",
        "named": "day first, the month by name",
        "compact": "year first, as YYYYMMDD",
        "serial": f"days counted from {epoch or 1900}, as Excel does",
    }
    words = [said[shape] for shape in shapes if shape in said and found[shape]]
    return "; ".join(words) or "no dates in it"


def _parse_slashed(text: ir.StringValue, order: str) -> ir.TimestampValue:
    form = "%d/%m/%Y" if order == "day first" else "%m/%d/%Y"
    slashes = text.re_replace(r"^(\d{1,2})[/.-](\d{1,2})[/.-]", r"\1/\2/")
    return ibis.coalesce(
        try_strptime(slashes, form),
        try_strptime(slashes, f"{form} %H:%M"),
        try_strptime(slashes, f"{form} %H:%M:%S"),
    )


def _parse_named(text: ir.StringValue) -> ir.TimestampValue:
    spaced = text.re_replace(r"^(\d{1,2})-([A-Za-z]{3})-", r"\1 \2 ")
    return ibis.coalesce(
        try_strptime(spaced, "%d %b %Y"),
        try_strptime(spaced, "%d %b %Y %H:%M"),
        try_strptime(spaced, "%d %b %Y %H:%M:%S"),
    )


def _parse_serial(text: ir.StringValue, epoch: int) -> ir.TimestampValue:
    # Five digits only, from May 1927: a bare 60 is no day of Excel's, a bare 1946 is a year.
    # Excel counts a 29 February 1900 that never was, so its day 0 is 30 December 1899.
    seconds = (text.try_cast("float64") * 86400).round().try_cast("int64")
    day_zero = "1904-01-01" if epoch == 1904 else "1899-12-30"
    return ibis.timestamp(day_zero) + seconds.as_interval("s")
