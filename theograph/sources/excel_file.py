"""Reading Excel workbooks, defensively: a small file can unpack to a very large one."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from theograph.errors import UnreadableSourceError
from theograph.sources.rows import BATCH_ROWS, Batch, Sheet, require_headers

_MOST_UNPACKED_BYTES = 200 * 1024 * 1024
_MOST_EXPANSION = 100  # times; honest workbooks stay well below


def read_excel(path: Path) -> list[Sheet]:
    """Every sheet of a workbook that holds something, cells as text, dates in ISO form.

    Raises `UnreadableSourceError` for a damaged workbook and, before parsing anything, for one
    that would unpack to an unreasonable size.
    """
    _refuse_zip_bomb(path)
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except Exception as error:  # openpyxl raises many unrelated types for damaged files
        raise UnreadableSourceError(
            f"{path.name}: is not a workbook that can be opened ({type(error).__name__}); "
            "open it in Excel and save it again as .xlsx"
        ) from error
    epoch = 1904 if book.epoch == CALENDAR_MAC_1904 else 1900
    filled = [sheet for sheet in book.worksheets if _first_row(sheet) is not None]
    if not filled:
        raise UnreadableSourceError(f"{path.name}: is empty; give a sheet with a header and rows")
    return [
        Sheet(
            name=path.name if len(filled) == 1 else f"{path.name}#{sheet.title}",
            headers=require_headers([_to_text(cell) for cell in _header_cells(sheet)], path.name),
            batches=_read_batches(sheet, path.name),
            encoding="Excel",
            notes=("dates counted from 1904",) if epoch == 1904 else (),
            excel_epoch=epoch,
        )
        for sheet in filled
    ]


def _refuse_zip_bomb(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, OSError) as error:
        raise UnreadableSourceError(
            f"{path.name}: is not a workbook; open it in Excel and save it as .xlsx"
        ) from error
    packed = max(path.stat().st_size, 1)
    if unpacked > _MOST_UNPACKED_BYTES or (
        unpacked > 20 * 1024 * 1024 and unpacked / packed > _MOST_EXPANSION
    ):
        raise UnreadableSourceError(
            f"{path.name}: would unpack from {packed:,} to {unpacked:,} bytes; "
            "export the table as CSV"
        )


def _rows(sheet: Any) -> Iterator[tuple[int, tuple[Any, ...]]]:
    for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
        if any(cell is not None and cell != "" for cell in cells):
            yield number, cells


def _first_row(sheet: Any) -> tuple[int, tuple[Any, ...]] | None:
    return next(_rows(sheet), None) if hasattr(sheet, "iter_rows") else None


def _header_cells(sheet: Any) -> tuple[Any, ...]:
    first = _first_row(sheet)
    cells = first[1] if first else ()
    filled = [position for position, cell in enumerate(cells) if cell not in (None, "")]
    return cells[: filled[-1] + 1]


def _read_batches(sheet: Any, name: str) -> Iterator[Batch]:
    width = len(_header_cells(sheet))
    batch = Batch()
    rows = _rows(sheet)
    next(rows)
    try:
        for number, cells in rows:
            beyond = [cell for cell in cells[width:] if cell not in (None, "")]
            texts = [_to_text(cell) for cell in cells[:width] + tuple(beyond)]
            batch.add(texts + [""] * (width - len(texts)), number)
            if len(batch.lines) == BATCH_ROWS:
                yield batch
                batch = Batch()
    except Exception as error:  # the sheet's XML is parsed only here
        raise UnreadableSourceError(
            f"{name}: is damaged after row {batch.lines[-1] if batch.lines else 1} "
            f"({type(error).__name__}); open it in Excel and save it again"
        ) from error
    if batch.lines:
        yield batch


def _to_text(cell: Any) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case dt.datetime():
            plain = cell.replace(microsecond=0)
            return plain.isoformat(sep=" ") if plain.time() != dt.time() else str(plain.date())
        case dt.date() | dt.time():
            return cell.isoformat()
        case float() if cell.is_integer() and abs(cell) < 1e15:
            return str(int(cell))
    return str(cell)
