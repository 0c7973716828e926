"""What each event cost: as recorded, else by tariff, else not costed."""

from __future__ import annotations

from functools import lru_cache

import duckdb
import ibis
import ibis.expr.types as ir
import pyarrow as pa

from theograph.costing.extent import NO_ACTIVITY, add_extent, add_stay, group_spells
from theograph.costing.indices import LATEST_PRICE_YEAR, load_price_index
from theograph.costing.recorded import add_recorded
from theograph.costing.tariff import add_tariff, tabulate_tariff
from theograph.costing.unit_costs import UnitCosts
from theograph.kept_sql import Columns, keep_sql
from theograph.record.tables import EVENTS

COST_TYPES = {
    "cost_pence": "int64",
    "cost_basis": "string",
    "cost_line": "string",
    "cost_price_year": "string",
    "cost_unit": "string",
    "cost_units": "float64",
}
_TYPES = {pa.string(): "string", pa.bool_(): "boolean", pa.int64(): "int64"}

Factors = tuple[tuple[str, float], ...]  # by which costs of a year are restated


def price_events(
    sql: duckdb.DuckDBPyConnection,
    unit_costs: UnitCosts,
    *,
    source: str,
    into: str,
    price_year: str | None = None,
) -> None:
    """Make the view `into`: the rows of `source` as the standard has events, with their costs.

    `source` holds the columns of events, but for those of the cost, and `data_to`, the day up to
    which what an ongoing event costs is counted. Recorded cost wins, and in other money than
    pounds it is neither counted nor priced again; then what did not take place costs nothing;
    then the most specific unit-cost line. A spell is costed once. Tariff costs are at the prices
    of `price_year` (2024/25 when not given); recorded costs stay as recorded, of the financial
    year they began in, unless `price_year` is given. Raises `UsageError` for an unknown one.
    """
    index = load_price_index()
    target = price_year or LATEST_PRICE_YEAR
    index.level(target)
    factors = tuple((year, index.factor(year, target)) for year in index.years)
    tariff = tabulate_tariff(tuple(unit_costs.lines.values()), target)
    for name, table in tariff.items():
        sql.register(name, table)
    named = tuple((name, _name_types(table.schema)) for name, table in tariff.items())
    query = _write_prices(source, named, target, factors if price_year else None)
    sql.execute(f"create or replace temp view {into} as {query}")


def _name_types(schema: pa.Schema) -> Columns:
    return tuple((field.name, _TYPES[field.type]) for field in schema)


@lru_cache(maxsize=16)
@keep_sql
def _write_prices(
    source: str,
    tariff: tuple[tuple[str, Columns], ...],
    target: str,
    factors: Factors | None,
) -> str:
    schema = ibis.Schema.from_pyarrow(EVENTS.schema)
    columns = {name: kind for name, kind in schema.items() if name not in COST_TYPES}
    events = ibis.table({**columns, "data_to": "date"}, name=source)
    tables = {name: ibis.table(dict(held), name=name) for name, held in tariff}
    priced = _price(events, tables, target, factors)
    return str(ibis.to_sql(priced, dialect="duckdb"))


def _price(
    events: ir.Table, tariff: dict[str, ir.Table], target: str, factors: Factors | None
) -> ir.Table:
    measured = add_recorded(add_extent(events, as_of=events.data_to))
    spells = add_stay(group_spells(measured))
    matched = add_tariff(spells, tariff)
    based = matched.mutate(x_basis=_basis(matched), x_year=_financial_year(events=matched))
    recorded_pence, recorded_year = _recorded_at(based, target, factors)
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
        *(typed[name].name(name) if name in typed else based[name] for name in EVENTS.names)
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
    events: ir.Table, target: str, factors: Factors | None
) -> tuple[ir.FloatingValue, ir.StringValue]:
    if factors is None:
        return events.x_recorded_pence, events.x_year
    factor = ibis.cases(*((events.x_year == year, times) for year, times in factors))
    # A year the index does not reach stays at its own prices, and its price year says so.
    return (
        events.x_recorded_pence * ibis.coalesce(factor, 1.0),
        ibis.ifelse(factor.notnull(), target, events.x_year),
    )


def _financial_year(*, events: ir.Table) -> ir.StringValue:
    first = events.start.year() - ibis.ifelse(events.start.month() < 4, 1, 0)
    second = ((first + 1) % 100).cast("string").lpad(2, "0")
    return first.cast("string") + "/" + second


def _round_half_up(pence: ir.FloatingValue) -> ir.IntegerValue:
    return (pence.cast("float64").round(6) + 0.5).floor().cast("int64")
