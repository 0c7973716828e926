"""Small valid files for the fuzzer to begin from."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

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


@cache
def make_seeds(form: str) -> list[bytes]:
    """Valid files of one of `FORMS`; a `sheet` is the XML of one, for `wrap_sheet`."""
    return _SEEDS[form]()


def write_seeds(form: str, folder: Path) -> None:
    """Write the seeds of a form of file into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, content in enumerate(make_seeds(form)):
        (folder / f"seed{number}").write_bytes(content)


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


_SEEDS = {
    "csv": _csv_seeds,
    "xlsx": lambda: [_write_workbook()],
    "sheet": _sheet_seeds,
    "parquet": _parquet_seeds,
    "json": _json_seeds,
    "ndjson": _ndjson_seeds,
}
FORMS = tuple(_SEEDS)
