"""Delimited text: what it is written in is found, and every line ends up somewhere."""

from __future__ import annotations

import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from theograph.errors import UnreadableSourceError
from theograph.sources.csv_file import read_csv
from theograph.sources.rows import LONGEST_CELL, stage_sheet

Row = tuple[list[str], int, str | None]
TEXT = "person,note\r\n1,£5 café\r\n"


def read_rows(file: Path, content: str | bytes) -> tuple[list[str], list[Row], str]:
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    (sheet,) = read_csv(file)
    rows = [
        row
        for batch in sheet.batches
        for row in zip(batch.cells, batch.lines, batch.problems, strict=True)
    ]
    return sheet.headers, rows, sheet.encoding


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (TEXT.encode("utf-8"), "UTF-8"),
        (TEXT.encode("utf-8-sig"), "UTF-8 with byte order mark"),
        (TEXT.encode("cp1252"), "Windows-1252"),
        (TEXT.encode("utf-16"), "UTF-16"),
        (TEXT.encode("utf-16-le"), "UTF-16"),
        (TEXT.encode("utf-16-be"), "UTF-16"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "UTF-16"),
    ],
    ids=["utf-8", "bom", "cp1252", "utf-16", "utf-16-le", "utf-16-be", "utf-16-be-bom"],
)
def test_the_encoding_is_found_and_said(tmp_path: Path, content: bytes, said: str) -> None:
    headers, rows, encoding = read_rows(tmp_path / "a.csv", content)
    assert headers == ["person", "note"]
    assert rows == [(["1", "£5 café"], 2, None)]
    assert encoding == said


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends(tmp_path: Path, delimiter: str, line_end: str) -> None:
    lines = ["a,b,c", '1,"x, y; z",3', "", "4,5,6"]
    content = line_end.join(line.replace(",", delimiter) for line in lines)
    headers, rows, _ = read_rows(tmp_path / "a.csv", content)
    assert headers == ["a", "b", "c"]
    assert [(cells[0], cells[2], line) for cells, line, _ in rows] == [("1", "3", 2), ("4", "6", 4)]


UNCLOSED = "opens a quote that does not close"
# rows after the header -> lines of the rows read, and those with an unclosed quote
QUOTES = {
    "a-cell-may-span-lines": ('1,2,"x\ny"\n4,5,6\n', [2, 4], []),
    "never-closed": ('1,2,"x\n4,5,6\n7,8,9', [2, 3, 4], [2]),
    "closed-by-the-quote-of-a-later-row": ('1,2,"x\n4,5,"ok"\n7,8,9\n', [2, 3, 4], [2]),
    "in-the-last-line": ('1,2,3\n4,5,"x', [2, 3], [3]),
    "in-the-middle": ('1,"x,3\n4,5,6\n', [2, 3], [2]),
    "twice": ('1,"x,3\n4,5,6\n7,"y,9\n10,11,12\n', [2, 3, 4, 5], [2, 4]),
    "text-after-a-quoted-word-is-kept": ('1,"two" words,3\n4,5,6\n', [2, 3], []),
    "a-quote-within-text-is-text": ('1,5" pipe,3\n4,5,6\n', [2, 3], []),
}


@pytest.mark.parametrize("case", QUOTES)
def test_an_unclosed_quote_costs_its_own_line_only(tmp_path: Path, case: str) -> None:
    content, lines, unclosed = QUOTES[case]
    _, rows, _ = read_rows(tmp_path / "a.csv", "a,b,c\n" + content)
    assert [line for _, line, _ in rows] == lines
    assert [line for _, line, problem in rows if problem] == unclosed
    assert {problem for _, _, problem in rows if problem} <= {UNCLOSED}
    assert all(len(cells) == 3 for cells, _, problem in rows if not problem)


def test_an_unclosed_quote_swallows_nothing_of_a_long_file(tmp_path: Path) -> None:
    content = 'a,b,c\n1,"2,3\n' + "4,5,6\n" * 3000 + '7,8,"9"\n'
    _, rows, _ = read_rows(tmp_path / "a.csv", content)
    assert len(rows) == 3002
    assert rows[-1] == (["7", "8", "9"], 3003, None)


def test_a_file_of_nothing_but_open_quotes_is_read_in_bounded_time(tmp_path: Path) -> None:
    started = time.monotonic()
    _, rows, _ = read_rows(tmp_path / "a.csv", "a,b,c\n" + '1,"2,3\n' * 20_000)
    assert len(rows) == 20_000
    assert time.monotonic() - started < 20


@pytest.mark.parametrize("length", [LONGEST_CELL + 1, 10_000_000])
def test_a_cell_beyond_all_measure_is_set_aside_alone(tmp_path: Path, length: int) -> None:
    for cell in ("x" * length, f'"{"x" * length}"'):
        file = tmp_path / "a.csv"
        file.write_text(f"a,b\n1,2\n{cell},2\n5,6\n")
        (sheet,) = read_csv(file)
        staged = stage_sheet(sheet, file, tmp_path / "rows.parquet")
        found = pq.read_table(staged.rows).to_pylist()
        assert [row["source_row"] for row in found] == [2, 3, 4]
        assert [bool(row["problem"]) for row in found] == [False, True, False]
        assert "longer than 100,000" in found[1]["problem"]


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "empty"),
        (b"\n\n  \n", "empty"),
        (b",,,\n1,2,3\n", None),
        (b"PK\x03\x04....", ".xlsx"),
        (b"\xd0\xcf\x11\xe0....", "old Excel"),
        (b"%PDF-1.7", "PDF"),
        (b"\x1f\x8b\x08", "unpack"),
        (b"PAR1....", "Parquet"),
        (b"\x01\x02\x03\x00" * 1000, "binary"),
    ],
)
def test_what_is_no_table_is_refused_with_a_remedy(
    tmp_path: Path, content: bytes, word: str | None
) -> None:
    if word is None:  # a blank row above the headers is passed over
        assert read_rows(tmp_path / "a.csv", content)[0] == ["1", "2", "3"]
        return
    with pytest.raises(UnreadableSourceError, match=word) as caught:
        read_rows(tmp_path / "a.csv", content)
    assert "a.csv" in str(caught.value)


@given(st.lists(st.text("ab,\"\n;'£ ", max_size=12), max_size=12))
def test_every_line_begins_a_row_or_belongs_to_one(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str]
) -> None:
    file = tmp_path_factory.mktemp("csv") / "a.csv"
    content = "x,y\n" + "\n".join(lines) + "\n"
    _, rows, _ = read_rows(file, content)
    starts = [line for _, line, _ in rows]
    assert starts == sorted(set(starts))
    last = content.count("\n")
    assert all(2 <= line <= last for line in starts)
    joined = "".join("".join(cells) for cells, _, _ in rows)
    for letter in "ab£":
        assert joined.count(letter) == content.count(letter)


def test_wide_rows_are_read_few_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("theograph.sources.rows.BATCH_CHARACTERS", 10_000)
    file = tmp_path / "a.csv"
    file.write_text("\n".join(["a,b", *(f"{number},{'x' * 888}" for number in range(35))]))
    (sheet,) = read_csv(file)
    assert [len(batch.lines) for batch in sheet.batches] == [11, 11, 11, 2]


def test_a_header_of_far_too_many_columns_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("x," * 5_000)
    with pytest.raises(UnreadableSourceError, match="5,001 columns"):
        read_csv(file)
