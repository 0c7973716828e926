"""Reading Excel workbooks, defensively: a small file can unpack to a very large one.

Rows are read one after the other; of each, openpyxl keeps some 240 bytes, which for the longest
sheet that there can be is a quarter of a gigabyte.
"""

from __future__ import annotations

import datetime as dt
import warnings
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from operator import attrgetter
from pathlib import Path
from typing import IO, Any

import openpyxl
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from theograph.errors import UnreadableSourceError
from theograph.sources.rows import Batch, Sheet, require_headers

_MOST_UNPACKED_BYTES = 200 * 1024 * 1024
_MOST_EXPANSION = 100  # times; honest workbooks stay well below

_LAST_ROW = 1_048_576

# Excel counts a 29 February 1900 that never was; openpyxl gives its day 60 as the 28th.
_DAY_59_OR_60 = dt.date(1900, 2, 28)


def read_excel(path: Path) -> list[Sheet]:
    """Every sheet of a workbook that holds something, cells as text, dates in ISO form.

    Raises `UnreadableSourceError` for a damaged workbook and, before parsing anything, for one
    that would unpack to an unreasonable size.
    """
    _refuse_zip_bomb(path)
    with _opened(path) as (book, _):
        epoch = 1904 if book.epoch == CALENDAR_MAC_1904 else 1900
        headers = {sheet.title: _find_headers(sheet, path.name) for sheet in book.worksheets}
    filled = {title: found for title, found in headers.items() if found}
    if not filled:
        raise UnreadableSourceError(f"{path.name}: is empty; give a sheet with a header and rows")
    return [
        Sheet(
            name=path.name if len(filled) == 1 else f"{path.name}#{title}",
            headers=require_headers(found, path.name),
            batches=_read_batches(path, title, len(found)),
            encoding="Excel",
            notes=("dates counted from 1904",) if epoch == 1904 else (),
            excel_epoch=epoch,
        )
        for title, found in filled.items()
    ]


@contextmanager
def _opened(path: Path) -> Iterator[tuple[Any, IO[bytes]]]:
    """The workbook and its bytes, closed afterwards; what openpyxl remarks upon is passed over."""
    # openpyxl would leave a file that it opens itself open when it is damaged
    with warnings.catch_warnings(), path.open("rb") as stream:
        warnings.filterwarnings("ignore", module="openpyxl")
        try:
            book = openpyxl.load_workbook(stream, read_only=True, data_only=True)
        except Exception as error:  # openpyxl raises many unrelated types for damaged files
            raise UnreadableSourceError(_damaged(path.name, error)) from error
        try:
            yield book, stream
        finally:
            book.close()


def _damaged(name: str, error: Exception, *, after: str = "") -> str:
    return (
        f"{name}: is not a workbook that can be read{after} ({type(error).__name__}); "
        "open it in Excel and save it again as .xlsx"
    )


def _refuse_zip_bomb(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except Exception as error:  # zipfile too raises many unrelated types for damaged files
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
    """The rows that hold something, with their numbers.

    The size a sheet states for itself is passed over: too small it would hide rows, too large
    it would make millions.
    """
    sheet.reset_dimensions()
    for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
        if number > _LAST_ROW:
            raise ValueError(f"row {number} is beyond the last a sheet can have")
        if any(cell is not None and cell != "" for cell in cells):
            yield number, cells


def _find_headers(sheet: Any, name: str) -> list[str]:
    """The texts of the first row that holds something; empty for an empty sheet."""
    if not hasattr(sheet, "reset_dimensions"):  # a chart
        return []
    try:
        _, cells = next(_rows(sheet), (0, ()))
    except Exception as error:  # the sheet's XML is parsed only here
        raise UnreadableSourceError(_damaged(name, error)) from error
    filled = [position for position, cell in enumerate(cells) if cell not in (None, "")]
    return [_to_text(cell) for cell in cells[: filled[-1] + 1]] if filled else []


def _read_batches(path: Path, title: str, width: int) -> Iterator[Batch]:
    with _opened(path) as (book, stream):
        rows = _rows(book[title])
        next(rows)
        batch = Batch()
        share = _measure_member(path, stream)
        try:
            for number, cells in rows:
                beyond = [cell for cell in cells[width:] if cell not in (None, "")]
                texts = [_to_text(cell) for cell in (*cells[:width], *beyond)]
                batch.add(texts + [""] * (width - len(texts)), number)
                if batch.full:
                    batch.share = share()
                    yield batch
                    batch = Batch()
        except Exception as error:  # the sheet's XML is parsed only here
            after = f" after row {batch.lines[-1]}" if batch.lines else ""
            raise UnreadableSourceError(_damaged(path.name, error, after=after)) from error
        if batch.lines:
            yield batch


def _measure_member(path: Path, stream: IO[bytes]) -> Callable[[], float]:
    """How much is behind of the part of a workbook that `stream` stands in."""
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
    began = stream.tell()
    before = (part for part in parts if part.header_offset < began)
    part = max(before, key=attrgetter("header_offset"))
    return lambda: (stream.tell() - part.header_offset) / max(part.compress_size, 1)


def _to_text(cell: Any) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case dt.datetime() if cell.date() == _DAY_59_OR_60:
            return f"{_DAY_59_OR_60} or the day after, which Excel alone knows"
        case dt.datetime():
            plain = cell.replace(microsecond=0)
            return plain.isoformat(sep=" ") if plain.time() != dt.time() else str(plain.date())
        case dt.date() | dt.time():
            return cell.isoformat()
        case float() if cell.is_integer() and abs(cell) < 1e15:
            return str(int(cell))
    return str(cell)
