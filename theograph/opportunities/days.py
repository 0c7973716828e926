"""Days and seconds, both counted from 1 January 1970 in local time."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

DAY_SECONDS = 86_400
HOUR_SECONDS = 3_600


def day_of(moment: ir.Value) -> ir.IntegerValue:
    """The day of a date or an instant."""
    return moment.cast("date").epoch_days().cast("int64")


def second_of(moment: ir.TimestampValue) -> ir.IntegerValue:
    """The second of an instant."""
    return moment.epoch_seconds().cast("int64")


def day_of_second(second: ir.IntegerValue) -> ir.IntegerValue:
    """The day that a second belongs to."""
    return (second // DAY_SECONDS).cast("int64")


def date_of(day: ir.IntegerValue) -> ir.DateValue:
    """The date that a day is."""
    return (ibis.timestamp("1970-01-01") + day.cast("int64").as_interval("D")).cast("date")
