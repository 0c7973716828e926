"""Importing an extract: beside DuckDB's own copy of the same file, and how it grows.

Each measurement is a process of its own, so that its peak memory is its own.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path

import duckdb

from tests.bench.people import write_events
from tests.bench.processes import Done, Row, compare, run_part, time_once
from theograph.importing import ImportOptions, import_extracts
from theograph.store import Store

EVENTS_EACH = 50


def bench_importing(folder: Path, sizes: tuple[int, int]) -> list[Row]:
    """Importing two sizes of extract, in rows."""
    rows, seconds = [], []
    for size in sizes:
        source = write_events(folder / f"{size}.csv", people=size // EVENTS_EACH, each=EVENTS_EACH)
        bare = _run("copy", source)
        done = _run("import", source)
        seconds.append(done["seconds"])
        what = f"import of {size:,} rows, peak {done['peak_mb']:,.0f} MB"
        rows.append(compare(what, "DuckDB, CSV to Parquet", done["seconds"], bare["seconds"]))
    few, many = sizes
    what = f"import of {many:,} rows, screened and all"
    rows.append(compare(what, f"of {few:,} rows", seconds[1], seconds[0]))
    return rows


def _run(part: str, source: Path) -> Done:
    return run_part("tests.bench.importing", part, str(source))


def _copy(source: Path) -> Done:
    target = source.with_suffix(".parquet")
    return time_once(lambda: duckdb.sql(f"copy (from read_csv('{source}')) to '{target}'"))


def _import(source: Path) -> Done:
    store = Store(source.with_suffix(""))
    now = datetime(2026, 1, 1)
    return time_once(lambda: import_extracts([source], store, options=ImportOptions(), now=now))


PARTS = {"copy": _copy, "import": _import}

if __name__ == "__main__":
    _part, _source = sys.argv[1:]
    print(json.dumps(PARTS[_part](Path(_source))))
