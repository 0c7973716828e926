"""Parquet: values as text, nothing invented where there is none."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from theograph.errors import UnreadableSourceError
from theograph.sources.parquet_file import read_parquet
from theograph.sources.rows import BATCH_CHARACTERS


def read_rows(file: Path, table: pa.Table) -> list[list[str]]:
    pq.write_table(table, file)
    (sheet,) = read_parquet(file)
    return [cells for batch in sheet.batches for cells in batch.cells]


@pytest.mark.parametrize(
    ("values", "kind", "texts"),
    [
        ([9990417288, None], pa.int64(), ["9990417288", ""]),
        ([-9223372036854775808], pa.int64(), ["-9223372036854775808"]),
        ([9990417288.0, float("nan"), float("inf")], pa.float64(), ["9990417288", "", ""]),
        (["NA", "", None], pa.string(), ["NA", "", ""]),
        ([date(2024, 4, 3)], pa.date32(), ["2024-04-03"]),
        ([datetime(2024, 4, 3, 1, 30)], pa.timestamp("us"), ["2024-04-03 01:30:00"]),
        (
            [datetime(2024, 7, 3, 1, 30, tzinfo=UTC)],
            pa.timestamp("us", "Europe/London"),
            ["2024-07-03T01:30:00+00:00"],
        ),
        ([True, False], pa.bool_(), ["true", "false"]),
    ],
    ids=["int", "negative", "float", "text", "date", "instant", "zoned", "yes-no"],
)
def test_values_as_text(
    tmp_path: Path, values: list[object], kind: pa.DataType, texts: list[str]
) -> None:
    table = pa.table({"x": pa.array(values, kind)})
    assert [cells[0] for cells in read_rows(tmp_path / "a.parquet", table)] == texts


def test_rows_count_from_two_as_under_a_header(tmp_path: Path) -> None:
    file = tmp_path / "a.parquet"
    pq.write_table(pa.table({"x": ["a", "b", "c"]}), file)
    (sheet,) = read_parquet(file)
    assert [line for batch in sheet.batches for line in batch.lines] == [2, 3, 4]


def test_a_nested_column_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSourceError, match="nested"):
        read_rows(tmp_path / "a.parquet", pa.table({"x": [{"a": 1}]}))


@pytest.mark.parametrize("keep", [0, 4, 50, -5])
def test_a_truncated_file_is_named(tmp_path: Path, keep: int) -> None:
    file = tmp_path / "a.parquet"
    pq.write_table(pa.table({"x": ["a", "b", "c"]}), file)
    file.write_bytes(file.read_bytes()[:keep])
    with pytest.raises(UnreadableSourceError, match=r"a\.parquet"):
        read_parquet(file)


def test_a_column_whose_name_is_not_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.parquet"
    pq.write_table(pa.table({"x": ["a"], "abcdef": ["b"]}), file)
    file.write_bytes(file.read_bytes().replace(b"abcdef", b"ab\xe0def"))
    with pytest.raises(UnreadableSourceError, match=r"a\.parquet"):
        read_parquet(file)


def test_a_cell_that_is_not_text_is_said(tmp_path: Path) -> None:
    file = tmp_path / "a.parquet"
    table = pa.table({"x": ["abcdef", "b"]})
    pq.write_table(table, file, compression="none", use_dictionary=False, write_statistics=False)
    file.write_bytes(file.read_bytes().replace(b"abcdef", b"ab\xe0def"))
    (sheet,) = read_parquet(file)
    with pytest.raises(UnreadableSourceError, match=r"a\.parquet: is damaged after row 1"):
        list(sheet.batches)


def test_wide_rows_and_long_texts_are_read_few_at_a_time(tmp_path: Path) -> None:
    file = tmp_path / "a.parquet"
    texts = [f"{number:05}" * 2_000 for number in range(8_000)]
    pq.write_table(pa.table({"x": texts}), file, use_dictionary=False)
    (sheet,) = read_parquet(file)
    sizes = [len(batch.lines) for batch in sheet.batches]
    assert sum(sizes) == 8_000
    assert max(sizes) * 10_000 <= BATCH_CHARACTERS
