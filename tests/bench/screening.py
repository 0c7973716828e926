"""Screening a synthetic population: how it grows, and Spark beside DuckDB.

Each measurement is a process of its own, so that its peak memory is its own.
"""

from __future__ import annotations

import json
import math
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from tests.bench.population import EVENTS_EACH, write_population
from theograph.opportunities.rulebook import load_rulebook
from theograph.opportunities.screen import screen_people, screen_with_spark
from theograph.opportunities.workbench import open_spark
from theograph.record.tables import OPPORTUNITIES

ROOT = Path(__file__).resolve().parents[2]
LAST_DAY = date(2025, 3, 31)
SPARK = "spark.parquet"
Done = dict[str, float]
Row = tuple[str, str, str, str, str]


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
        rows.append(_row(f"{what}, {memory}", "tagging the events", done, made))
    few, many = sizes
    growth = math.log(seconds[1] / seconds[0]) / math.log(many / few)
    rows.append(
        _row(
            f"rules over {many:,} people, growth exponent {growth:.2f}",
            f"over {few:,} people",
            {"seconds": seconds[1]},
            {"seconds": seconds[0]},
        )
    )
    on_spark = _run("spark", folder / str(few), few)
    same = _same_opportunities(folder / str(few))
    rows.append(
        _row(
            f"Spark local[2] over {few:,} people, {same:,} opportunities, the same",
            "DuckDB",
            on_spark,
            {"seconds": seconds[0]},
        )
    )
    return rows


def _row(what: str, against: str, ours: Done, theirs: Done) -> Row:
    one, other = ours["seconds"], theirs["seconds"]
    return what, against, f"{one:.3f} s", f"{other:.3f} s", f"{one / other:.1f}"


def _same_opportunities(folder: Path) -> int:
    """How many there are; an error when Spark and DuckDB do not give the same table."""
    one, other = (pq.read_table(folder / name) for name in (f"{OPPORTUNITIES.name}.parquet", SPARK))
    if not one.cast(OPPORTUNITIES.schema).equals(other.cast(OPPORTUNITIES.schema)):
        raise AssertionError(f"DuckDB found {len(one):,}, Spark {len(other):,}: not the same rows")
    return len(one)


def _run(part: str, folder: Path, people: int) -> Done:
    command = [sys.executable, "-m", "tests.bench.screening", part, str(folder), str(people)]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    found: Done = json.loads(done.stdout.splitlines()[-1])
    print(part, f"{people:,}", found, flush=True)
    return found


def _write(folder: Path, people: int) -> Done:
    _, seconds = write_population(folder, people=people)
    return {"seconds": seconds}


def _screen(folder: Path, people: int) -> Done:
    rulebook = load_rulebook()
    return _time(lambda: screen_people(folder, rulebook, as_of=LAST_DAY))


def _screen_with_spark(folder: Path, people: int) -> Done:
    """Without the time that Spark takes to start, which is the same for any size."""
    rulebook, found = load_rulebook(), []
    with open_spark() as session:
        done = _time(
            lambda: found.append(screen_with_spark(folder, rulebook, session, as_of=LAST_DAY))
        )
    pq.write_table(found[0], folder / SPARK)
    return done


def _time(action: Callable[[], Any]) -> Done:
    began = time.perf_counter()
    action()
    return {"seconds": time.perf_counter() - began, "peak_mb": _peak()}


def _peak() -> float:
    """This process's peak memory in MB. Linux counts in `ru_maxrss` what the process that
    started this one had, so its own is read where it stands."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


PARTS = {"write": _write, "duckdb": _screen, "spark": _screen_with_spark}

if __name__ == "__main__":
    _part, _folder, _people = sys.argv[1:]
    print(json.dumps(PARTS[_part](Path(_folder), int(_people))))
