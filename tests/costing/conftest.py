"""Events to price, from as few fields as a case needs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import pytest

from theograph.costing import UnitCosts, load_unit_costs, price_events
from theograph.record.tables import EVENTS

AS_OF = date(2024, 4, 30)
Row = dict[str, Any]


def _make_events(rows: list[Row]) -> pa.Table:
    filled = []
    for number, row in enumerate(rows):
        given = {name: _day(value) for name, value in row.items()}
        filled.append(
            {
                "event_id": f"e{number}",
                "person_ref": "p1",
                "start": datetime(2024, 4, 3),
                "has_time": False,
                "ongoing": False,
                "sector": "gp",
                "kind": "GP consultation",
                "source_file": "f.csv",
                "source_row": number + 2,
                "source_mapping": "theograph",
                **given,
            }
        )
    return pa.Table.from_pylist(filled, schema=EVENTS.schema)


def _day(value: object) -> object:
    return datetime(value.year, value.month, value.day) if type(value) is date else value


@pytest.fixture(scope="session")
def shipped() -> UnitCosts:
    return load_unit_costs()


@pytest.fixture(scope="session")
def price_on() -> Callable[..., pa.Table]:
    """`price_on(connection, events, unit_costs)`: the events with their costs, in order of id."""

    def priced(
        sql: duckdb.DuckDBPyConnection,
        events: pa.Table,
        costs: UnitCosts,
        price_year: str | None = None,
    ) -> pa.Table:
        until = pa.array([AS_OF] * len(events), pa.date32())
        sql.register("unpriced", events.append_column("data_to", until))
        price_events(sql, costs, source="unpriced", into="priced", price_year=price_year)
        return sql.sql("from priced order by event_id").to_arrow_table()

    return priced


@pytest.fixture(scope="session")
def price(shipped: UnitCosts, price_on: Callable[..., pa.Table]) -> Callable[..., pd.DataFrame]:
    def priced(
        rows: list[Row], *, price_year: str | None = None, site: tuple[Path, ...] = ()
    ) -> pd.DataFrame:
        costs = load_unit_costs(site) if site else shipped
        with duckdb.connect() as sql:
            table = price_on(sql, _make_events(rows), costs, price_year)
        return table.to_pandas().set_index("event_id")

    return priced


@pytest.fixture(scope="session")
def make_events() -> Callable[[list[Row]], pa.Table]:
    return _make_events
