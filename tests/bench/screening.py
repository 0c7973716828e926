"""Screening a synthetic population: how it grows, and Spark beside DuckDB.

Each measurement is a process of its own, so that its peak memory is its own.
"""

from __future__ import annotations

import json
import math
import sys
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq

from tests.bench.population import EVENTS_EACH, write_population
from tests.bench.processes import Done, Row, compare, run_part, time_once
from theograph.opportunities.rulebook import load_rulebook
from theograph.opportunities.screen import screen_people, screen_with_spark
from theograph.opportunities.workbench import open_spark
from theograph.record.tables import OPPORTUNITIES

LAST_DAY = date(2025, 3, 31)
SPARK = "spark.parquet"


def bench_screening(folder: Path, sizes: tuple[int, int]) -> list[Row]:
    """All rules over two sizes of population, and over the smaller one with Spark."""
    rules = len(load_rulebook().rules)
    rows, seconds = [], []
    for people in sizes:
        made = _run("write", folder / str(people), people)
        done = _run("duckdb", folder / str(people), people)
        seconds.append(done["seconds"])
        what = f"{rules} rules over {people:,} people, {people * EVENTS_EACH:,} events"
        memory = f"peak {done['peak_mb']:,.0f} MB"
        tagging = made["seconds"]
        rows.append(compare(f"{what}, {memory}", "tagging the events", done["seconds"], tagging))
    few, many = sizes
    growth = math.log(seconds[1] / seconds[0]) / math.log(many / few)
    what = f"rules over {many:,} people, growth exponent {growth:.2f}"
    rows.append(compare(what, f"over {few:,} people", seconds[1], seconds[0]))
    on_spark = _run("spark", folder / str(few), few)
    same = _same_opportunities(folder / str(few))
    what = f"Spark local[2] over {few:,} people, {same:,} opportunities, the same"
    rows.append(compare(what, "DuckDB", on_spark["seconds"], seconds[0]))
    return rows


def _same_opportunities(folder: Path) -> int:
    """How many there are; an error when Spark and DuckDB do not give the same table."""
    one, other = (pq.read_table(folder / name) for name in (f"{OPPORTUNITIES.name}.parquet", SPARK))
    if not one.cast(OPPORTUNITIES.schema).equals(other.cast(OPPORTUNITIES.schema)):
        raise AssertionError(f"DuckDB found {len(one):,}, Spark {len(other):,}: not the same rows")
    return len(one)


def _run(part: str, folder: Path, people: int) -> Done:
    return run_part("tests.bench.screening", part, str(folder), str(people))


def _write(folder: Path, people: int) -> Done:
    _, seconds = write_population(folder, people=people)
    return {"seconds": seconds}


def _screen(folder: Path, people: int) -> Done:
    rulebook = load_rulebook()
    return time_once(lambda: screen_people(folder, rulebook, as_of=LAST_DAY))


def _screen_with_spark(folder: Path, people: int) -> Done:
    """Without the time that Spark takes to start, which is the same for any size."""
    rulebook, found = load_rulebook(), []
    with open_spark() as session:
        done = time_once(
            lambda: found.append(screen_with_spark(folder, rulebook, session, as_of=LAST_DAY))
        )
    pq.write_table(found[0], folder / SPARK)
    return done


PARTS = {"write": _write, "duckdb": _screen, "spark": _screen_with_spark}

if __name__ == "__main__":
    _part, _folder, _people = sys.argv[1:]
    print(json.dumps(PARTS[_part](Path(_folder), int(_people))))
