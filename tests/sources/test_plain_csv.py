"""What DuckDB stages at once is, to the cell, what the careful reader stages row by row."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from theograph.sources.csv_file import read_csv
from theograph.sources.plain_csv import SMALLEST, stage_plain_csv
from theograph.sources.rows import select_staged, stage_sheet

HEADERS = ["id", "when", "note"]
PLAIN = st.text(alphabet="ab 1é\u00a0'\\-", max_size=4)
QUOTED = st.text(alphabet='ab ,;\n"\t', max_size=5).map(
    lambda text: '"' + text.replace('"', '""') + '"'
)
ANYTHING = st.text(alphabet='ab,";\n\r \t|\u202e\x00', max_size=5)


def write(folder: Path, text: str) -> Path:
    path = folder / "extract.csv"
    path.write_bytes(text.encode())
    return path


def stage_at_once(path: Path, rows: Path, *, delimiter: str = ",") -> list[dict[str, Any]] | None:
    found = stage_plain_csv(path, rows, headers=HEADERS, header_line=1, delimiter=delimiter)
    if found is None:
        assert not rows.exists()
        return None
    numbered = "source_row" in pq.read_schema(rows).names
    read = read_staged(select_staged([rows], first_row=None if numbered else 2))
    assert len(read) == found
    rows.unlink()
    return read


def read_staged(source: str) -> list[dict[str, Any]]:
    found = duckdb.sql(f"select columns('^c[0-9]+$'), source_row, problem from {source}")
    rows: list[dict[str, Any]] = found.to_arrow_table().to_pylist()
    return rows


def stage_carefully(path: Path, rows: Path) -> list[dict[str, Any]]:
    (sheet,) = read_csv(path)
    return read_staged(stage_sheet(sheet, path, rows).source)


def join(rows: Iterable[Iterable[str]], *, delimiter: str, line_end: str) -> str:
    return line_end.join([delimiter.join(row) for row in [HEADERS, *rows]])


@given(
    rows=st.lists(st.lists(PLAIN | QUOTED, min_size=3, max_size=3), max_size=5),
    delimiter=st.sampled_from(",;\t|"),
    line_end=st.sampled_from(["\n", "\r\n"]),
    last=st.booleans(),
)
def test_a_text_as_machines_write_it_is_staged_as_the_careful_reader_would(
    rows: list[list[str]],
    delimiter: str,
    line_end: str,
    last: bool,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.getbasetemp()
    text = join(rows, delimiter=delimiter, line_end=line_end) + (line_end if last else "")
    path = write(folder, text)
    at_once = stage_at_once(path, folder / "at_once.parquet", delimiter=delimiter)
    if at_once is not None:
        assert at_once == stage_carefully(path, folder / "carefully.parquet")


@given(rows=st.lists(st.lists(PLAIN | ANYTHING, min_size=1, max_size=4), max_size=5))
def test_a_text_that_the_two_would_read_otherwise_is_left_alone(
    rows: list[list[str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.getbasetemp()
    path = write(folder, join(rows, delimiter=",", line_end="\n"))
    at_once = stage_at_once(path, folder / "at_once.parquet")
    if at_once is not None:
        assert at_once == stage_carefully(path, folder / "carefully.parquet")


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([["1", "2024-01-02", "well"]], id="one row"),
        pytest.param([["1", " 2024-01-02 ", ""]], id="spaces and an empty cell"),
        pytest.param([["1", '"a, b"', '"two\nlines"'], ["2", "", "x"]], id="lines in a cell"),
        pytest.param([["1", "\u00a0x\u00a0", "é"]], id="spaces of other kinds"),
        pytest.param([["1", "a", "b"], HEADERS, ["2", "a", "b"]], id="the header again"),
    ],
)
def test_a_plain_text_is_staged_at_once(rows: list[list[str]], tmp_path: Path) -> None:
    path = write(tmp_path, join(rows, delimiter=",", line_end="\n") + "\n")
    at_once = stage_at_once(path, tmp_path / "at_once.parquet")
    assert at_once is not None
    assert at_once == stage_carefully(path, tmp_path / "carefully.parquet")


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("1,a", id="a cell too few"),
        pytest.param("1,a,b,", id="an empty cell too many"),
        pytest.param("1,a,b\n", id="a blank line"),
        pytest.param('1,a,b"c', id="a quote within a cell"),
        pytest.param('1,a, "b"', id="a quote after a space"),
        pytest.param('1,a,"b', id="a quote that does not close"),
        pytest.param("1,a\rb,c", id="a lone carriage return"),
        pytest.param("1,a,b\x00", id="a character that does not show"),
        pytest.param("1,a,\u202eb", id="a change of direction"),
        pytest.param("1,a," + "b" * 200_000, id="a cell too long"),
    ],
)
def test_a_text_with_a_fault_is_left_to_the_careful_reader(line: str, tmp_path: Path) -> None:
    path = write(tmp_path, f"{','.join(HEADERS)}\n1,a,b\n{line}\n2,a,b\n")
    assert stage_at_once(path, tmp_path / "at_once.parquet") is None


@pytest.mark.parametrize("fault", ["", '5,"never closed,b\n'], ids=["plain", "with a fault"])
def test_a_large_file_is_read_the_same_whatever_way_it_takes(fault: str, tmp_path: Path) -> None:
    lines = "".join(f"{number},2024-01-02,a note of some length\n" for number in range(40_000))
    path = write(tmp_path, f"{','.join(HEADERS)}\n{lines}{fault}6,a,b\n")
    assert path.stat().st_size > SMALLEST
    (sheet,) = read_csv(path)
    staged = stage_sheet(sheet, path, tmp_path / "rows.parquet")
    assert staged.rows_read == 40_001 + bool(fault)
    last = read_staged(staged.source)[-1:]
    row = 40_002 + bool(fault)
    assert last == [{"c0": "6", "c1": "a", "c2": "b", "source_row": row, "problem": None}]
