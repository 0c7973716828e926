"""Measure each thing beside what it is compared with, in one run, and write a table.

Machines differ and are noisy: the ratio is what counts. `python -m tests.bench screening` runs
one group of measurements and leaves the rows of the others as they were; `--people 2000 20000`
and `--rows 10000 100000` try other sizes and keep nothing.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import duckdb

from tests.bench.importing import bench_importing
from tests.bench.people import write_events
from tests.bench.processes import Row, compare
from tests.bench.screening import bench_screening
from tests.bench.staging import bench_staging
from theograph.figures import draw_theograph
from theograph.importing import ImportOptions, import_extracts
from theograph.reading import open_records
from theograph.store import Store

RESULTS = Path(__file__).parent / "RESULTS.md"
_TRIES = 5
_SIZES = (100_000, 1_000_000)
_ROWS = (500_000, 5_000_000)
_STAGED = (100_000, 1_000_000)
_NOTES = {
    "staging": f", {os.cpu_count()} cores; seconds of the processor, ten times the rows first"
}
_GROUPS = ("app", "importing", "staging", "screening")


def measure(action: Callable[[], object], *, tries: int = _TRIES) -> float:
    """The median time of `action`, in seconds."""
    times = []
    for _ in range(tries):
        began = time.perf_counter()
        action()
        times.append(time.perf_counter() - began)
    return sorted(times)[len(times) // 2]


def prepare_people(folder: Path) -> None:
    """A store of 20,000 people with 50 events each."""
    source = write_events(folder / "million.csv", people=20_000, each=50)
    store = Store(folder / "million")
    import_extracts([source], store, options=ImportOptions(), now=datetime(2026, 1, 1))


def bench_reading(folder: Path) -> Row:
    """Opening a person of that store, beside reading the same rows with DuckDB alone."""
    records = open_records(Store(folder / "million").current())
    ref = records.search_people("B00010000", 1)[0].ref
    events = records.snapshot.table("events")
    bare = f"select * from '{events}' where person_ref = '{ref}'"
    return compare(
        "one journey of 20,000 people",
        "DuckDB, the person's rows",
        measure(lambda: records.read_journey(ref)),
        measure(lambda: duckdb.sql(bare).fetchall()),
    )


def bench_drawing(folder: Path) -> list[Row]:
    """Drawing a person with many events, beside reading that person."""
    rows = []
    for each in (300, 3_000, 30_000):
        source = write_events(folder / f"one{each}.csv", people=1, each=each)
        store = Store(folder / f"one{each}")
        import_extracts([source], store, options=ImportOptions(), now=datetime(2026, 1, 1))
        records = open_records(store.current())
        ref = records.list_people()[0].ref
        journey = records.read_journey(ref)
        figure = draw_theograph(journey)
        rows.append(
            compare(
                f"figure of {each:,} events, {len(figure.to_json()) // 1024:,} KB",
                "reading the journey",
                measure(lambda journey=journey: draw_theograph(journey)),
                measure(lambda records=records, ref=ref: records.read_journey(ref)),
            )
        )
    return rows


def bench_start() -> Row:
    """The command line's first word, beside importing the libraries the app stands on."""

    def run(code: list[str]) -> None:
        subprocess.run([sys.executable, *code], check=True, capture_output=True)

    serving = "from theograph.serving import prepare_demo, open_services; import theograph.app"
    return compare(
        "loading the app",
        "import dash, pandas, plotly",
        measure(lambda: run(["-c", serving]), tries=3),
        measure(lambda: run(["-c", "import dash, pandas, plotly"]), tries=3),
    )


def bench_app(folder: Path) -> list[Row]:
    """Starting, reading and drawing."""
    prepare_people(folder)
    return [
        bench_start(),
        bench_reading(folder),
        *bench_drawing(folder),
    ]


def write_group(name: str, rows: list[Row]) -> str:
    """One group of measurements as a section of the results."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    memory = f"; peak {peak:,.0f} MB" if name == "app" else _NOTES.get(name, "")
    lines = [
        f"## {name}\n",
        f"Python {platform.python_version()}, {platform.system()}{memory}.\n",
        "| what | against | ours | theirs | ratio |",
        "|---|---|---|---|---|",
        *(f"| {' | '.join(row)} |" for row in rows),
    ]
    return "\n".join(lines) + "\n"


def read_groups() -> dict[str, str]:
    """The sections that the results have, by name."""
    _, *sections = RESULTS.read_text(encoding="utf-8").split("\n## ")
    return {text.splitlines()[0]: f"## {text.strip()}\n" for text in sections}


def main() -> None:
    """Run the measurements asked for and write them into the table."""
    asked = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    asked.add_argument("groups", nargs="*", help=f"of {', '.join(_GROUPS)}; all without")
    asked.add_argument("--people", nargs=2, type=int, default=_SIZES, metavar="N")
    asked.add_argument("--rows", nargs=2, type=int, default=_ROWS, metavar="N")
    asked.add_argument("--staged", nargs=2, type=int, default=_STAGED, metavar="N")
    options = asked.parse_args()
    wanted = tuple(options.groups) or _GROUPS
    if unknown := set(wanted) - set(_GROUPS):
        asked.error(f"no group {', '.join(sorted(unknown))}; there are {', '.join(_GROUPS)}")
    groups = read_groups()
    for name in wanted:
        with tempfile.TemporaryDirectory() as made:
            folder = Path(made)
            if name == "screening":
                rows = bench_screening(folder, tuple(options.people))
            elif name == "importing":
                rows = bench_importing(folder, tuple(options.rows))
            elif name == "staging":
                rows = bench_staging(folder, tuple(options.staged))
            else:
                rows = bench_app(folder)
        groups[name] = write_group(name, rows)
    text = "\n".join(["# Measurements\n", *(groups[name] for name in _GROUPS if name in groups)])
    if (
        tuple(options.people) == _SIZES
        and tuple(options.rows) == _ROWS
        and tuple(options.staged) == _STAGED
    ):
        RESULTS.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
