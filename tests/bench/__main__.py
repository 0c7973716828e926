"""Measure each thing beside what it is compared with, in one run, and write a table.

Machines differ and are noisy: the ratio is what counts.
"""

from __future__ import annotations

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

from tests.bench.people import write_events
from theograph.figures import draw_theograph
from theograph.importing import ImportOptions, import_extracts
from theograph.reading import open_records
from theograph.store import Store

RESULTS = Path(__file__).parent / "RESULTS.md"
_TRIES = 5
Row = tuple[str, str, str, str, str]


def measure(action: Callable[[], object], *, tries: int = _TRIES) -> float:
    """The median time of `action`, in seconds."""
    times = []
    for _ in range(tries):
        began = time.perf_counter()
        action()
        times.append(time.perf_counter() - began)
    return sorted(times)[len(times) // 2]


def compare(what: str, against: str, ours: float, theirs: float) -> Row:
    """One line of the table: what was measured, against what, both times and their ratio."""
    return what, against, f"{ours:.3f} s", f"{theirs:.3f} s", f"{ours / theirs:.1f}"


def bench_import(folder: Path) -> Row:
    """Importing a million rows, beside DuckDB's own copy of the same file."""
    source = write_events(folder / "million.csv", people=20_000, each=50)
    copy = f"copy (from read_csv('{source}')) to '{folder / 'bare.parquet'}'"
    bare = measure(lambda: duckdb.sql(copy), tries=3)
    store = Store(folder / "million")
    began = time.perf_counter()
    import_extracts([source], store, options=ImportOptions(), now=datetime(2026, 1, 1))
    return compare(
        "import of 1,000,000 rows", "DuckDB, CSV to Parquet", time.perf_counter() - began, bare
    )


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


def main() -> None:
    """Run every measurement and write the table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = [
            bench_start(),
            bench_import(folder),
            bench_reading(folder),
            *bench_drawing(folder),
        ]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    lines = [
        "# Measurements\n",
        f"Python {platform.python_version()}, {platform.system()}; peak {peak:,.0f} MB.\n",
        "| what | against | ours | theirs | ratio |",
        "|---|---|---|---|---|",
        *(f"| {' | '.join(row)} |" for row in rows),
    ]
    RESULTS.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(RESULTS.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
