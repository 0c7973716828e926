"""Small valid files for the fuzzer to begin from."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import duckdb
import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

TABLE = (
    ("person_id", "start", "sector", "kind", "cost_gbp"),
    ("1", "2024-04-03T01:30", "gp", "GP consultation", "40.00"),
    ("2", "31/12/2023", "ed", 'A&E "attendance", again', "1,234.50"),
)
PATIENT = {"resourceType": "Patient", "id": "p1", "birthDate": "1950-02-28", "gender": "female"}
ENCOUNTER = {
    "resourceType": "Encounter",
    "id": "e1",
    "status": "finished",
    "class": {"code": "IMP"},
    "subject": {"reference": "Patient/p1"},
    "period": {"start": "2024-04-03T01:30:00Z", "end": "2024-04-05"},
}
SHEET = "xl/worksheets/sheet1.xml"
DATABASE = (
    "create type file.mood as enum ('sad', 'glad')",
    """create table file.visits as select range as id, date '2020-01-02' + range::int as day,
    timestamptz '2020-07-01 10:00:00+00' as zoned, 'word ' || range as words, [range, 2] as list,
    {'a': range, 'b': 'x'} as struct, 'sad'::file.mood as mood, 1.5::decimal(9, 3) as cost,
    map {'k': range} as map, '\\x00\\xff'::blob as raw from range(300)""",
    "create view file.shown as select * from file.visits",
    """create table file.person (person_id int primary key, born int,
    later int generated always as (born + 1))""",
    "insert into file.person values (1, 1950), (2, 1960)",
)
_BLOCK = 16_384  # bytes; the smallest that DuckDB writes
_HEADERS = 3 * 4096  # bytes before the first block, a checksum every 4096


@cache
def make_seeds(form: str) -> list[bytes]:
    """Valid files of one of `FORMS`; a `sheet` is the XML of one, for `wrap_sheet`, and `omop` a
    folder as one text, for `split_folder`."""
    return _SEEDS[form]()


def write_seeds(form: str, folder: Path) -> int:
    """Write the seeds of a form of file into `folder`; how many bytes the longest has."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, content in enumerate(make_seeds(form)):
        (folder / f"seed{number}").write_bytes(content)
    return max(map(len, make_seeds(form)))


def wrap_sheet(content: bytes) -> bytes:
    """A workbook whose one sheet is `content`, so that what is fuzzed is not its packing."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(_write_workbook())) as plain,
        zipfile.ZipFile(packed, "w") as new,
    ):
        for entry in plain.infolist():
            new.writestr(entry, content if entry.filename == SHEET else plain.read(entry))
    return packed.getvalue()


def seal_database(content: bytes) -> bytes:
    """A DuckDB file whose checksums are right, so that what is fuzzed is what they guard."""
    sealed = bytearray(content)
    places = [*range(0, _HEADERS, 4096), *range(_HEADERS, len(sealed), _BLOCK)]
    for first, last in zip(places, [*places[1:], len(sealed)], strict=True):
        guarded = bytes(sealed[first + 8 : last])
        words = np.frombuffer(guarded[: len(guarded) // 8 * 8], "<u8")
        check = np.bitwise_xor.reduce(words * np.uint64(0xBF58476D1CE4E5B9)) ^ np.uint64(5381)
        sealed[first : first + 8] = int(check).to_bytes(8, "little")
    return bytes(sealed)


def split_folder(content: bytes) -> dict[str, bytes]:
    """The files of a folder written as one text: the name of each, a line break, what it holds,
    and a NUL before the next."""
    files: dict[str, bytes] = {}
    for part in content.split(b"\0"):
        name, _, text = part.partition(b"\n")
        stem = "".join(letter for letter in name.decode("ascii", "ignore") if letter.isalnum())
        files[f"{stem[:40] or 'x'}.csv"] = text
    return files


def _csv_seeds() -> list[bytes]:
    lines = "\r\n".join(";".join(f'"{cell}"' for cell in row) for row in TABLE)
    plain = "\n".join(",".join(row) for row in TABLE[:2])
    return [lines.encode("cp1252"), plain.encode("utf-16"), b"\xef\xbb\xbf" + plain.encode()]


def _write_workbook() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in TABLE:
        sheet.append(list(row))
    sheet.append([3, datetime(2024, 4, 3, 1, 30), True, None, 1.5])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _sheet_seeds() -> list[bytes]:
    with zipfile.ZipFile(io.BytesIO(_write_workbook())) as archive:
        return [archive.read(SHEET)]


def _parquet_seeds() -> list[bytes]:
    columns = {name: [row[place] for row in TABLE[1:]] for place, name in enumerate(TABLE[0])}
    typed = {
        "start": [datetime(2024, 4, 3, tzinfo=UTC), None],
        "day": [date(2024, 4, 3), None],
        "cost": [1.5, float("nan")],
        "raw": [b"\xff", b""],
        "yes": [True, None],
    }
    return [_write_parquet(pa.table(columns)), _write_parquet(pa.table(typed))]


def _write_parquet(table: pa.Table) -> bytes:
    content = io.BytesIO()
    pq.write_table(table, content, compression="none")
    return content.getvalue()


def _json_seeds() -> list[bytes]:
    entries = [{"resource": PATIENT}, {"resource": ENCOUNTER}]
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    return [json.dumps(bundle).encode(), json.dumps(ENCOUNTER).encode()]


def _ndjson_seeds() -> list[bytes]:
    return ["\n".join(json.dumps(one) for one in (PATIENT, ENCOUNTER)).encode()]


def write_database(path: Path) -> None:
    """A DuckDB file of small blocks, with columns of many types."""
    with duckdb.connect() as database:
        database.execute(f"attach '{path}' as file (block_size {_BLOCK})")
        for statement in DATABASE:
            database.execute(statement)
        database.execute("detach file")


def _duckdb_seeds() -> list[bytes]:
    with tempfile.TemporaryDirectory() as folder:
        write_database(Path(folder) / "seed.duckdb")
        return [(Path(folder) / "seed.duckdb").read_bytes()]


def _omop_seeds() -> list[bytes]:
    folder = Path(__file__).parents[1] / "sources" / "omop_cdm"
    tables = {file.stem: file.read_bytes() for file in sorted(folder.glob("*.csv"))}
    parts = [name.encode() + b"\n" + text for name, text in tables.items()]
    return [b"\0".join(parts), b"\0".join(part for part in parts if not part.startswith(b"CON"))]


_SEEDS = {
    "csv": _csv_seeds,
    "xlsx": lambda: [_write_workbook()],
    "sheet": _sheet_seeds,
    "parquet": _parquet_seeds,
    "json": _json_seeds,
    "ndjson": _ndjson_seeds,
    "duckdb": _duckdb_seeds,
    "omop": _omop_seeds,
}
FORMS = tuple(_SEEDS)
