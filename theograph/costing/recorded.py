"""The cost that the source itself recorded."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd

# Units in a week, as the DHSC adult social care client-level data scripts count them.
STERLING = ("GBP", "£", "")  # as a currency is written; nothing is pounds too
UNITS_PER_WEEK = {
    "week": 1.0,
    "fortnight": 1 / 2,
    "four_weekly": 1 / 4,
    "month": 12 / 52,
    "quarter": 4 / 52,
    "year": 1 / 52,
}
PLANNED_UNITS = ("hour", "day", "session")


def add_recorded(events: ir.Table) -> ir.Table:
    """`events` with its recorded cost in pence, unrounded (`x_recorded_pence`).

    The recorded cost itself, or else the recorded rate, without its sign, times the
    units a week times the weeks. `x_recorded` says that there is one. A cost or rate in
    other money than pounds is there (`x_other_currency`) but never counted, hence empty.
    """
    cost = ibis.coalesce(
        events.recorded_cost_pence.cast("float64"),
        events.recorded_rate_pence.abs().cast("float64") * _rate_units(events),
    )
    other = ~events.currency.replace(" ", "").upper().isin(STERLING).fill_null(True)
    stated = events.recorded_cost_pence.notnull() | events.recorded_rate_pence.notnull()
    return events.mutate(
        x_recorded=cost.notnull() | (other & stated),
        x_other_currency=other & stated,
        x_recorded_pence=ibis.ifelse(other, None, cost).cast("float64"),
    )


def is_sterling(currency: pd.Series[Any]) -> pd.Series[bool]:
    """Whether each currency, as recorded, is pounds; so is one that is not stated."""
    words: pd.Series[Any] = currency.str.replace(" ", "").str.upper()
    return currency.isna() | words.isin(STERLING)


def _rate_units(events: ir.Table) -> ir.FloatingValue:
    unit = events.recorded_rate_unit.replace(" ", "").lower()
    weeks = events.x_days / 7.0
    planned = ibis.ifelse(events.units_per_week >= 0, events.units_per_week, None) * weeks
    quantity = ibis.ifelse(events.quantity >= 0, events.quantity, None)
    one_contact = events.x_last.isnull() | (events.x_days <= 1)
    counted = ibis.ifelse(one_contact, ibis.coalesce(quantity, 1.0), None)
    timed = ibis.ifelse(one_contact, events.x_minutes / 60.0, None)
    return ibis.cases(
        (unit == "once", ibis.literal(1.0)),
        *((unit == name, weeks * units) for name, units in UNITS_PER_WEEK.items()),
        (unit == "hour", ibis.coalesce(planned, timed)),
        (unit.isin(["day", "session"]), ibis.coalesce(planned, counted)),
    )
