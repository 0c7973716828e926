"""Spark finds what DuckDB and the slow reference find."""

from __future__ import annotations

import json
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.conftest import Imported
from tests.opportunities.agreement import refer, run, tell_row
from tests.opportunities.drawn import draw_people
from tests.opportunities.journeys import CONCEPTS, TABLES, Example, Rows, assemble
from tests.opportunities.reference_signals import FAMILIES
from tests.opportunities.stores import to_arrow
from theograph import cli, screening
from theograph.opportunities.case import load_cases
from theograph.opportunities.engine import FOUND, READ, detect_opportunities
from theograph.opportunities.rulebook import Rulebook, load_rulebook
from theograph.opportunities.screen import screen_people, screen_with_spark
from theograph.opportunities.tag import tag_rows
from theograph.opportunities.workbench import SparkWorkbench
from theograph.record.tables import OPPORTUNITIES, TAGGED_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyspark.sql import SparkSession

LAST_DAY = date(2025, 12, 31)


def test_spark_finds_what_the_reference_finds(session: SparkSession) -> None:
    """Random journeys, with every family of signals.

    A difference is told as it stands: to cut it down, give the numbers to `assemble` and the
    engine on DuckDB to `compare` of the agreement tests.
    """
    example = assemble(range(60), range(60), 0)
    families = {signal.family for rule in example.rules.values() for signal in rule.signals}
    assert families == set(FAMILIES)
    assert_same(run(example, lambda given: run_on_spark(session, given)), refer(example))


def test_the_drawn_cases_of_every_rule_are_the_same_on_spark_and_duckdb(
    session: SparkSession, tmp_path: Path
) -> None:
    rulebook = load_rulebook(None)
    write_drawn_cases(tmp_path, rulebook)
    on_spark = screen_with_spark(tmp_path, rulebook, session, as_of=LAST_DAY)
    count = screen_people(tmp_path, rulebook, as_of=LAST_DAY)
    on_duckdb = pq.read_table(tmp_path / f"{OPPORTUNITIES.name}.parquet")
    assert count > len(rulebook.rules)
    assert_same(on_spark.to_pylist(), on_duckdb.to_pylist())


def test_the_command_gives_with_spark_what_stands_in_the_store(
    session: SparkSession,
    joan: Imported,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    @contextmanager
    def keep_open() -> Iterator[SparkSession]:
        yield session

    def list_with(engine: str) -> Any:
        words = f"theograph opportunities --engine {engine} --format json --status"
        monkeypatch.setattr(
            "sys.argv",
            [*words.split(), ",".join(screening.STATUSES), "--store", str(joan.store.path)],
        )
        cli.main()
        return json.loads(capsys.readouterr().out)

    monkeypatch.setattr(screening, "open_spark", keep_open)
    stored = list_with("duckdb")
    assert stored
    assert list_with("spark") == stored


def run_on_spark(session: SparkSession, example: Example) -> Rows:
    """What the shipped engine finds on a Spark session."""
    bench = SparkWorkbench(session)
    for name, rows in example.tables.items():
        bench.give(name, pa.Table.from_pylist(rows, schema=TABLES[name].schema))
    detect_opportunities(bench, example.rules, CONCEPTS, as_of=example.as_of)
    found: Rows = session.table(FOUND).toArrow().cast(OPPORTUNITIES.schema).to_pylist()
    return found


def write_drawn_cases(folder: Path, rulebook: Rulebook) -> None:
    """The tables of a snapshot in which every case is a person, in `folder`."""
    rows = draw_people(
        (f"{rule}: {case.name}", case) for rule in rulebook.rules for case in load_cases(rule)
    )
    with duckdb.connect() as con:
        for table in READ:
            given = to_arrow(table, rows[table.name])
            if "concepts" in table.names:
                con.register("given", given.drop_columns(list(TAGGED_NAMES)))
                tag_rows(con, table, rulebook.concepts, source="given", into="tagged")
                given = con.table("tagged").to_arrow_table().select(table.names)
            pq.write_table(given.cast(table.schema), folder / f"{table.name}.parquet")


def assert_same(found: Rows, expected: Rows) -> None:
    """Both in full and in one order; of what differs, the first few rows are told."""
    odd = [f"only Spark: {tell_row(row)}" for row in found if row not in expected]
    odd += [f"not Spark: {tell_row(row)}" for row in expected if row not in found]
    assert not odd, "\n".join([f"{len(odd)} rows differ", *odd[:6]])
    assert found == expected
