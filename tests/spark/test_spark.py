"""Spark finds what DuckDB and the slow reference find."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import duckdb
import pyarrow.parquet as pq
import pytest

from tests.opportunities.agreement import tell_row
from tests.opportunities.drawn import draw_people
from tests.opportunities.journeys import CONCEPTS, Rows, assemble
from tests.opportunities.reference import find_opportunities
from tests.opportunities.reference_signals import FAMILIES
from tests.opportunities.stores import to_arrow
from theograph.opportunities.case import load_cases
from theograph.opportunities.engine import READ
from theograph.opportunities.rulebook import Rulebook, load_rulebook
from theograph.opportunities.screen import screen_people, screen_with_spark
from theograph.opportunities.tag import tag_rows
from theograph.record.tables import OPPORTUNITIES, TAGGED_NAMES

if TYPE_CHECKING:
    from pathlib import Path

    from pyspark.sql import SparkSession

RANDOM = assemble(range(60), range(60), 0)


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    """The shipped rules and the random ones, with the concepts of both."""
    ours = load_rulebook(None)
    return Rulebook(
        MappingProxyType({**ours.rules, **RANDOM.rules}),
        MappingProxyType({**ours.concepts, **CONCEPTS}),
    )


@pytest.fixture(scope="module")
def tables(rulebook: Rulebook) -> dict[str, Rows]:
    """One store of all the drawn cases, each a person, and of random journeys."""
    rules = [rule for rule in rulebook.rules if rule not in RANDOM.rules]
    cases = ((f"{rule}: {case.name}", case) for rule in rules for case in load_cases(rule))
    drawn: dict[str, Rows] = {}
    with duckdb.connect() as con:
        for name, rows in draw_people(cases).items():
            (table,) = (table for table in READ if table.name == name)
            given = to_arrow(table, rows)
            if "concepts" in table.names:
                con.register("given", given.drop_columns(list(TAGGED_NAMES)))
                tag_rows(con, table, rulebook.concepts, source="given", into="tagged")
                given = con.table("tagged").to_arrow_table().select(table.names)
            drawn[name] = given.to_pylist()
    return {name: [*rows, *drawn[name]] for name, rows in RANDOM.tables.items()}


def test_spark_duckdb_and_the_reference_find_the_same(
    session: SparkSession, rulebook: Rulebook, tables: dict[str, Rows], tmp_path: Path
) -> None:
    """Every drawn case of every rule, and random journeys with every family of signals.

    A difference is told as it stands: to cut a random one down, give the numbers to `assemble`
    and the engine on DuckDB to `compare` of the agreement tests.
    """
    families = {signal.family for rule in RANDOM.rules.values() for signal in rule.signals}
    assert families == set(FAMILIES)
    for table in READ:
        pq.write_table(to_arrow(table, tables[table.name]), tmp_path / f"{table.name}.parquet")
    expected = find_opportunities(
        tables, rulebook.rules.values(), rulebook.concepts, as_of=RANDOM.as_of
    )
    assert {row["rule"] for row in expected} > set(load_rulebook(None).rules)
    screen_people(tmp_path, rulebook, as_of=RANDOM.as_of)
    on_duckdb = pq.read_table(tmp_path / f"{OPPORTUNITIES.name}.parquet").to_pylist()
    assert_same(on_duckdb, expected, "DuckDB")
    on_spark = screen_with_spark(tmp_path, rulebook, session, as_of=RANDOM.as_of).to_pylist()
    assert_same(on_spark, expected, "Spark")


def assert_same(found: Rows, expected: Rows, engine: str) -> None:
    """Both in full and in one order; of what differs, the first few rows are told."""
    theirs, ours = ({str(row): row for row in rows} for rows in (found, expected))
    odd = [f"only {engine}: {tell_row(row)}" for key, row in theirs.items() if key not in ours]
    odd += [f"not {engine}: {tell_row(row)}" for key, row in ours.items() if key not in theirs]
    assert not odd, "\n".join([f"{len(odd)} rows differ", *odd[:6]])
    assert found == expected
