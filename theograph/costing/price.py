"""What each event cost: as recorded, else by tariff, else not costed."""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir

from theograph.costing.extent import NO_ACTIVITY, add_extent, add_stay, group_spells
from theograph.costing.indices import LATEST_PRICE_YEAR, load_price_index
from theograph.costing.recorded import add_recorded
from theograph.costing.tariff import add_tariff
from theograph.costing.unit_costs import UnitCosts

COST_TYPES = {
    "cost_pence": "int64",
    "cost_basis": "string",
    "cost_line": "string",
    "cost_price_year": "string",
    "cost_unit": "string",
    "cost_units": "float64",
}


def price_events(
    events: ir.Table,
    unit_costs: UnitCosts,
    *,
    as_of: date | ir.DateValue,
    price_year: str | None = None,
) -> ir.Table:
    """`events` with its cost columns filled, as an expression for any Ibis backend.

    Recorded cost wins, and in other money than pounds it is neither counted nor priced
    again; then what did not take place costs nothing; then the most specific unit-cost
    line. A spell is costed once. Tariff costs are at the prices of `price_year` (2024/25
    when not given); recorded costs stay as recorded, of the financial year they began in,
    unless `price_year` is given. What ongoing events cost is counted up to `as_of`, one
    day for all or a column of `events`. Raises `UsageError` for an unknown price year.
    """
    target = price_year or LATEST_PRICE_YEAR
    load_price_index().level(target)
    measured = add_recorded(add_extent(events, as_of=as_of))
    spells = add_stay(group_spells(measured))
    matched = add_tariff(spells, unit_costs, price_year=target)
    based = matched.mutate(x_basis=_basis(matched), x_year=_financial_year(events=matched))
    recorded_pence, recorded_year = _recorded_at(based, price_year)
    is_recorded, is_tariff = based.x_basis == "recorded", based.x_basis == "tariff"
    nothing = based.x_basis.isin(["no_activity", "part_of_spell"])
    tariff_pence = based.x_unit_pence * based.x_units
    costs = {
        "cost_pence": ibis.cases(
            (is_recorded, _round_half_up(recorded_pence)),
            (is_tariff, _round_half_up(tariff_pence)),
            (nothing, 0),
        ),
        "cost_basis": based.x_basis,
        "cost_line": ibis.ifelse(is_tariff, based.x_line, None),
        "cost_price_year": ibis.cases((is_recorded, recorded_year), (is_tariff, target)),
        "cost_unit": ibis.ifelse(is_tariff, based.x_unit, None),
        "cost_units": ibis.ifelse(is_tariff, based.x_units, None),
    }
    typed = {name: costs[name].cast(COST_TYPES[name]) for name in COST_TYPES}
    return based.select(
        *(typed[name].name(name) if name in typed else based[name] for name in events.columns),
        *(typed[name].name(name) for name in typed if name not in events.columns),
    )


def _basis(events: ir.Table) -> ir.StringValue:
    no_activity = events.status.isin(NO_ACTIVITY) | (
        (events["mode"] == "written") & ~events.x_own_written.fill_null(False)
    )
    return ibis.cases(
        (events.x_part, "part_of_spell"),
        (events.x_recorded & events.x_recorded_pence.notnull(), "recorded"),
        (events.x_other_currency, "other_currency"),
        (events.x_recorded, "not_costed"),
        (no_activity, "no_activity"),
        (events.x_units.notnull(), "tariff"),
        else_="not_costed",
    )


def _recorded_at(
    events: ir.Table, price_year: str | None
) -> tuple[ir.FloatingValue, ir.StringValue]:
    if price_year is None:
        return events.x_recorded_pence, events.x_year
    index = load_price_index()
    factor = ibis.cases(
        *((events.x_year == year, index.factor(year, price_year)) for year in index.years)
    )
    # A year the index does not reach stays at its own prices, and its price year says so.
    return (
        events.x_recorded_pence * ibis.coalesce(factor, 1.0),
        ibis.ifelse(factor.notnull(), price_year, events.x_year),
    )


def _financial_year(*, events: ir.Table) -> ir.StringValue:
    first = events.start.year() - ibis.ifelse(events.start.month() < 4, 1, 0)
    second = ((first + 1) % 100).cast("string").lpad(2, "0")
    return first.cast("string") + "/" + second


def _round_half_up(pence: ir.FloatingValue) -> ir.IntegerValue:
    return (pence.cast("float64").round(6) + 0.5).floor().cast("int64")
