"""The engine and the slow reference agree on random journeys, however these are arranged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from random import Random

import duckdb
import pyarrow as pa
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.opportunities.agreement import Engine, compare, only_people, refer, run
from tests.opportunities.by_hand import event, feed
from tests.opportunities.journeys import (
    CONCEPTS,
    TABLES,
    Example,
    Rows,
    assemble,
    examples,
    make_row,
)
from tests.opportunities.reference_signals import FAMILIES
from theograph.opportunities.engine import FOUND, detect_opportunities
from theograph.opportunities.workbench import DuckDBWorkbench
from theograph.record.tables import OPPORTUNITIES

# The engine takes almost as long over one person as over hundreds: few stores, many people.
# A difference is cut down by `compare`, which knows what a journey is.
generate_only = settings(phases=[Phase.generate], database=None, derandomize=True, deadline=None)


def run_on_duckdb(con: duckdb.DuckDBPyConnection, example: Example) -> Rows:
    """What the shipped engine finds on an embedded DuckDB."""
    bench = DuckDBWorkbench(con)
    for name, rows in example.tables.items():
        bench.give(name, pa.Table.from_pylist(rows, schema=TABLES[name].schema))
    detect_opportunities(bench, example.rules, CONCEPTS, as_of=example.as_of)
    found = con.sql(f"from {FOUND}").to_arrow_table().cast(OPPORTUNITIES.schema)
    rows: Rows = found.to_pylist()
    return rows


@pytest.fixture(scope="module")
def on_duckdb() -> Iterator[Engine]:
    """The engine on one DuckDB, which every run of it uses again."""
    with duckdb.connect() as con:
        yield partial(run_on_duckdb, con)


@settings(parent=generate_only, max_examples=6)
@given(examples(people=150, rules=60))
def test_the_engine_finds_what_the_reference_finds(on_duckdb: Engine, example: Example) -> None:
    compare(example, on_duckdb)


@settings(parent=generate_only, max_examples=1)
@given(examples(people=60, rules=30), st.integers(0, 99))
def test_order_and_other_people_change_nothing(
    on_duckdb: Engine, example: Example, order: int
) -> None:
    """A store whose rows and rules are shuffled, and which is split in two, is the same store."""
    chance = Random(order)  # noqa: S311 - no secret is made from it
    mixed = {name: chance.sample(rows, len(rows)) for name, rows in example.tables.items()}
    parts = dict(chance.sample(list(example.parts.items()), len(example.parts)))
    shuffled = replace(example, tables=mixed, parts=parts)
    refs = sorted(person["person_ref"] for person in mixed["people"])
    one, other = (run(only_people(shuffled, half), on_duckdb) for half in (refs[:20], refs[20:]))
    assert one + other == run(example, on_duckdb)


def make_partings() -> Example:
    """One condition recorded twice; one event with two facts; hours that reach another day."""
    asthma = {"person_ref": "p1", "condition": "Asthma", "onset": date(2024, 3, 1)}
    stay = {"end": "03-02", "person_ref": "p2", "units_per_week": 4.0}
    rows = {
        "people": [{"person_ref": ref, "person_id": ref} for ref in ("p1", "p2", "p3")],
        "events": [
            event("a", "03-01 11:00", "c1;e1", **stay),
            event("b", "03-04 11:00", "c1", person_ref="p2", units_per_week=8.0),
            event("a", "03-01", "c2", person_ref="p3"),
        ],
        "conditions": [{**asthma, "concepts": "l1"}, {**asthma, "concepts": "l1"}],
        "feeds": [feed(date(2024, 3, 1), date(2024, 3, 9))],
    }
    step = {"any": ["c1"], "column": "units_per_week", "times": 2.0, "within": "3 days"}
    long = {"from": "start", "to": "end", "at_least": "1 days"}
    day_before = {"any": ["c6"], "within": {"before": "24 hours"}}
    parts = {
        "X1": {"signal": [{"any": ["l1"], "count": 2, "in": "0 days"}]},
        "X2": {"signal": [{"any": ["c1", "e1"], "stepped_up": step}]},
        "X3": {"signal": [{"any": ["c2"]}], "needs": ["gp"], "response": day_before},
        "X4": {"signal": [{"any": ["c1", "e1"], "lasting": long}], "consequence": {"itself": True}},
    }
    tables = {name: [make_row(name, **row) for row in rows.get(name, [])] for name in TABLES}
    return Example(tables, parts, date(2024, 3, 9))


def test_the_engines_agree_where_they_once_parted(on_duckdb: Engine) -> None:
    found = compare(make_partings(), on_duckdb)
    assert [(row["rule"], row["status"]) for row in found] == [
        ("X4", "missed"),
        ("X2", "missed"),
        ("X3", "not_assessable"),
    ]


def test_a_store_without_people_has_no_opportunities(on_duckdb: Engine) -> None:
    assert compare(assemble([], [1, 2, 3], 1), on_duckdb) == []


def test_the_journeys_hold_every_family_of_signals_and_every_status() -> None:
    example = assemble(range(100), range(60), 1)
    found, rules = refer(example), example.rules
    families = {rules[row["rule"]].signals[row["signal_no"] - 1].family for row in found}
    assert families == set(FAMILIES)
    assert {row["status"] for row in found} == {"met", "missed", "open", "not_assessable"}


def test_a_difference_is_told_by_its_least_journey() -> None:
    """An engine that forgets evidence is caught, and what is told of it is short."""

    def forgetful(example: Example) -> Rows:
        return [{**row, "evidence": row["evidence"][:1]} for row in refer(example)]

    with pytest.raises(AssertionError, match="The engines differ") as told:
        compare(assemble(range(30), range(10), 1), forgetful)
    assert len(str(told.value).splitlines()) <= 14
