"""Workbooks: dates as Excel means them, sheets as they are filled, bombs refused unopened."""

from __future__ import annotations

import gc
import re
import subprocess
import sys
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from theograph.errors import UnreadableSourceError
from theograph.sources.excel_file import read_excel

Row = tuple[list[str], int]


def write_book(file: Path, sheets: dict[str, list[list[Any]]], *, from_1904: bool = False) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    if from_1904:
        book.epoch = CALENDAR_MAC_1904
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(file)
    return file


def read_rows(file: Path) -> dict[str, tuple[list[str], list[Row]]]:
    return {
        sheet.name: (
            sheet.headers,
            [row for batch in sheet.batches for row in zip(batch.cells, batch.lines, strict=True)],
        )
        for sheet in read_excel(file)
    }


def rewrite_sheet(file: Path, pattern: str, replacement: str) -> Path:
    """Change the XML of the first sheet."""
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = next(name for name in parts if "worksheets/sheet" in name)
    text = re.sub(pattern, replacement, parts[name].decode())
    assert text != parts[name].decode()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in (parts | {name: text.encode()}).items():
            archive.writestr(part, content)
    return file


def test_cells_as_text_and_dates_in_iso_form(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["when", "who", "flag", "cost", None],
        [date(2024, 4, 3), 9990417288, True, 12.5, None],
        [datetime(2024, 4, 3, 1, 30), "007", False, 3.0, None],
        [None, None, None, None, None],
        [45385, "NA", None, -9223372036854, None],
    ]
    file = write_book(tmp_path / "a.xlsx", {"Sheet": rows})
    assert read_rows(file) == {
        "a.xlsx": (
            ["when", "who", "flag", "cost"],
            [
                (["2024-04-03", "9990417288", "true", "12.5"], 2),
                (["2024-04-03 01:30:00", "007", "false", "3"], 3),
                (["45385", "NA", "", "-9223372036854"], 5),
            ],
        )
    }


def test_a_workbook_that_counts_from_1904_says_so(tmp_path: Path) -> None:
    rows = [["when"], [date(2024, 4, 3)], [43923]]
    file = write_book(tmp_path / "a.xlsx", {"Sheet": rows}, from_1904=True)
    assert read_rows(file)["a.xlsx"][1] == [(["2024-04-03"], 2), (["43923"], 3)]
    (sheet,) = read_excel(file)
    assert sheet.excel_epoch == 1904
    assert sheet.notes == ("dates counted from 1904",)


def test_the_day_that_never_was_is_not_made_into_another(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["born"])
    for number, serial in enumerate((61, 60, 1), start=2):
        cell = book.active.cell(number, 1, serial)
        cell.number_format = "dd/mm/yyyy"
    book.save(tmp_path / "a.xlsx")
    texts = [cells[0] for cells, _ in read_rows(tmp_path / "a.xlsx")["a.xlsx"][1]]
    assert texts[0] == "1900-03-01"
    assert not re.fullmatch(r"\d{4}-\d{2}-\d{2}", texts[1])
    assert texts[2] == "1900-01-01"


def test_every_filled_sheet_is_read_under_its_own_name(tmp_path: Path) -> None:
    sheets: dict[str, list[list[Any]]] = {
        "Events": [[], ["a", "b"], [1, 2, 3], [4]],
        "Empty": [],
        "Notes": [["c"], ["x"]],
    }
    file = write_book(tmp_path / "a.xlsx", sheets)
    assert read_rows(file) == {
        "a.xlsx#Events": (["a", "b"], [(["1", "2", "3"], 3), (["4", ""], 4)]),
        "a.xlsx#Notes": (["c"], [(["x"], 2)]),
    }


@pytest.mark.parametrize("stated", ["A1", "A1:B2", "A1:XFD1048576"])
def test_the_size_a_sheet_states_hides_and_makes_no_rows(tmp_path: Path, stated: str) -> None:
    rows = [["a", "b"], *([n, n] for n in range(50))]
    file = write_book(tmp_path / "a.xlsx", {"Sheet": rows})
    rewrite_sheet(file, r'<dimension ref="[^"]*"', f'<dimension ref="{stated}"')
    assert len(read_rows(file)["a.xlsx"][1]) == 50


def test_a_row_beyond_the_last_is_refused_not_counted_up_to(tmp_path: Path) -> None:
    file = write_book(tmp_path / "a.xlsx", {"Sheet": [["a"], ["x"]]})
    rewrite_sheet(file, r'<row r="2"', '<row r="999999999999"')
    with pytest.raises(UnreadableSourceError, match=r"a\.xlsx: is not a workbook"):
        read_rows(file)


@pytest.mark.parametrize("cut", [10, 100, 1000, 3000])
def test_a_damaged_workbook_is_named_with_a_remedy(tmp_path: Path, cut: int) -> None:
    file = write_book(tmp_path / "a.xlsx", {"Sheet": [["a"], ["x"]]})
    file.write_bytes(file.read_bytes()[:-cut])
    with pytest.raises(UnreadableSourceError, match=r"a\.xlsx: .*save it"):
        read_rows(file)


def test_a_sheet_damaged_inside_is_named(tmp_path: Path) -> None:
    file = write_book(tmp_path / "a.xlsx", {"Sheet": [["a"], *(["x"] for _ in range(20))]})
    rewrite_sheet(file, r'<row r="9".*', "<row")
    with pytest.raises(UnreadableSourceError, match=r"a\.xlsx: .*after row"):
        read_rows(file)


def test_a_part_whose_name_is_not_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "odd.xlsx"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("£££.xml", "")
    file.write_bytes(file.read_bytes().replace("£££".encode(), b"\xcf" * 6))
    with pytest.raises(UnreadableSourceError, match=r"odd\.xlsx: is not a workbook"):
        read_excel(file)


def test_a_damaged_workbook_does_not_stay_open(tmp_path: Path) -> None:
    file = tmp_path / "odd.xlsx"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.xml", "")
    with pytest.raises(UnreadableSourceError):
        read_excel(file)
    gc.collect()  # what was left open is said now, and a warning is an error
    file.unlink()


def test_an_empty_workbook_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSourceError, match="empty"):
        read_excel(write_book(tmp_path / "a.xlsx", {"Sheet": []}))


def test_no_file_stays_open(tmp_path: Path) -> None:
    file = write_book(tmp_path / "a.xlsx", {"Sheet": [["a"], ["x"]]})
    sheets = read_excel(file)
    next(sheets[0].batches)
    sheets[0].batches.close()  # type: ignore[attr-defined]
    descriptors = Path("/proc/self/fd")
    if descriptors.is_dir():
        assert file not in [link.readlink() for link in descriptors.iterdir() if link.is_symlink()]


MEASURE = """
import sys
from pathlib import Path
from theograph.errors import UnreadableSourceError
from theograph.sources.excel_file import read_excel
def most_used():
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) // 1024
before = most_used()
try:
    read_excel(Path(sys.argv[1]))
except UnreadableSourceError as error:
    print(error)
print(most_used(), most_used() - before)
"""


@pytest.mark.skipif(not Path("/proc/self/status").is_file(), reason="memory is read off /proc")
def test_a_zip_bomb_is_refused_unopened_and_in_little_memory(tmp_path: Path) -> None:
    file = write_book(tmp_path / "bomb.xlsx", {"Sheet": [["a"], ["x"]]})
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet2.xml", b"0" * 300_000_000)
    assert file.stat().st_size < 400_000
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(file)], capture_output=True, text=True, check=True
    )
    refusal, memory = done.stdout.strip().splitlines()
    assert "bomb.xlsx: would unpack" in refusal
    assert "export the table as CSV" in refusal
    total, more = (int(mebibytes) for mebibytes in memory.split())
    assert total < 300
    assert more < 20
