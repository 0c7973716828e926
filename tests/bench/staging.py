"""Staging and importing a file: what ten times the rows take of memory and of time.

Each measurement is a process of its own, so that its peak memory is its own. Seconds are those
of the processor, so that other programs on the machine count little.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from datetime import datetime
from itertools import islice
from pathlib import Path

import duckdb
import openpyxl

from tests.bench.people import write_events
from tests.bench.processes import Done, Row, run_part, time_once
from theograph.importing import ImportOptions, import_extracts
from theograph.sources.files import read_sheets
from theograph.sources.rows import stage_sheet
from theograph.store import Store

EVENTS_EACH = 50
_PART = 10  # of a workbook and of a bundle: larger ones are refused, or seldom
_IMPORTED = ("CSV, every row plain", "CSV, row by row", "Parquet", "FHIR NDJSON")
_ODD_ROW = b'one,"row, with\na line of its own",and too few cells\n'
_OBSERVATION = """
'{"resourceType":"Observation","id":"' || event_id || '","status":"final","subject":{"reference":'
|| '"Patient/' || person_id || '"},"effectiveDateTime":"' || replace("start", ' ', 'T')
|| 'Z","code":{"text":"Pulse"},"valueQuantity":{"value":72,"unit":"/min"}}'
"""


def bench_staging(folder: Path, sizes: tuple[int, int]) -> list[Row]:
    """Two sizes of extract, in rows: staged by every reader, and imported to the end."""
    few, many = (_write_sources(folder / str(size), size) for size in sizes)
    staged = [_compare(f"staging {name}", "stage", few[name], many[name]) for name in few]
    imported = [
        _compare(f"import of {name}", "import", few[name], many[name]) for name in _IMPORTED
    ]
    return [*staged, *imported]


def _compare(what: str, part: str, few: Path, many: Path) -> Row:
    small, large = (run_part("tests.bench.staging", part, str(each)) for each in (few, many))
    return (
        f"{what}, {large['rows']:,.0f} rows",
        f"{small['rows']:,.0f} rows",
        *(f"{each['seconds']:.1f} s, peak {each['peak_mb']:,.0f} MB" for each in (large, small)),
        f"{large['seconds'] / small['seconds']:.1f}",
    )


def _write_sources(folder: Path, size: int) -> dict[str, Path]:
    """The same events in every format, by what they are called in the table."""
    folder.mkdir()
    plain = write_events(folder / "plain.csv", people=size // EVENTS_EACH, each=EVENTS_EACH)
    rows = f"read_csv('{plain}', all_varchar = true)"
    odd = folder / "odd.csv"
    odd.write_bytes(plain.read_bytes() + _ODD_ROW)
    columns = folder / "columns.parquet"
    duckdb.sql(f"copy (from {rows}) to '{columns}'")
    lines = folder / "lines.ndjson"
    as_it_is = "format csv, header false, quote '', escape '', delimiter '\x01'"
    duckdb.sql(f"copy (select {_OBSERVATION} from {rows}) to '{lines}' ({as_it_is})")
    with duckdb.connect(folder / "database.duckdb") as database:
        database.execute(f"create table events as from {rows}")
    return {
        "CSV, every row plain": plain,
        "CSV, row by row": odd,
        "Excel": _write_book(folder / "book.xlsx", f"from {rows} limit {size // _PART}"),
        "Parquet": columns,
        "FHIR NDJSON": lines,
        "FHIR bundle": _write_bundle(folder / "bundle.json", lines, most=size // _PART),
        "DuckDB": folder / "database.duckdb",
    }


def _write_book(file: Path, query: str) -> Path:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    with duckdb.connect() as sql:
        found = sql.execute(query)
        sheet.append([column[0] for column in found.description])
        while rows := found.fetchmany(10_000):
            for row in rows:
                sheet.append(row)
    book.save(file)
    return file


def _write_bundle(file: Path, lines: Path, *, most: int) -> Path:
    with lines.open() as resources, file.open("w") as target:
        target.write('{"resourceType":"Bundle","type":"collection","entry":[')
        for number, line in enumerate(islice(resources, most)):
            target.write(f'{"," * (number > 0)}{{"resource":{line}}}')
        target.write("]}")
    return file


def _stage(source: Path) -> int:
    target = source.with_suffix(".staged")
    return sum(stage_sheet(sheet, source, target).rows_read for sheet in read_sheets(source))


def _import(source: Path) -> int:
    store = Store(source.with_suffix(".store"))
    now = datetime(2026, 1, 1)
    done = import_extracts([source], store, options=ImportOptions(), now=now)
    return sum(file.rows_read for file in done.files)


def _processor_seconds() -> float:
    """Of this process and of those that it began and has seen end."""
    return sum(os.times()[:4])


def _measure(action: Callable[[Path], int], source: Path) -> Done:
    rows = 0

    def act() -> None:
        nonlocal rows
        rows = action(source)

    began = _processor_seconds()
    done = time_once(act)
    seconds = _processor_seconds() - began
    return {"rows": rows, "seconds": seconds, "peak_mb": done["peak_mb"]}


PARTS: dict[str, Callable[[Path], int]] = {"stage": _stage, "import": _import}

if __name__ == "__main__":
    _part, _source = sys.argv[1:]
    print(json.dumps(_measure(PARTS[_part], Path(_source))))
