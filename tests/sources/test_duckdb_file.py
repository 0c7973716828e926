"""Reading DuckDB files: tables as sheets, read-only, confined to the file."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from theograph.errors import UnreadableSourceError
from theograph.sources.duckdb_file import is_duckdb, read_duckdb
from theograph.sources.files import find_files, read_sheets


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "d.duckdb"
    with duckdb.connect(path) as database:
        database.execute("set timezone = 'Europe/London'")
        database.execute(
            "create table visits as select 9007199254740993 as id, date '2020-01-02' as day, "
            "timestamp '2020-01-02 10:30:00' as at, "
            "timestamptz '2020-07-01 10:30:00+00' as zoned, null::varchar as note, "
            'true as "is it"'
        )
        database.execute("create table empty (a integer, b varchar)")
        database.execute("create schema cdm")
        database.execute("create table cdm.person as select 1 as person_id")
        database.execute("create view shown as select * from visits")
    return path


def test_each_table_is_a_sheet_and_views_are_not(database: Path) -> None:
    sheets = {sheet.name: sheet.headers for sheet in read_duckdb(database)}
    assert sheets == {
        "d.duckdb: cdm.person": ["person_id"],
        "d.duckdb: empty": ["a", "b"],
        "d.duckdb: visits": ["id", "day", "at", "zoned", "note", "is it"],
    }


def test_values_are_text_to_the_last_digit_and_instants_are_in_utc(database: Path) -> None:
    sheet = next(sheet for sheet in read_duckdb(database) if sheet.name.endswith("visits"))
    (batch,) = sheet.batches
    assert batch.lines == [2]
    assert batch.cells == [
        [
            "9007199254740993",
            "2020-01-02",
            "2020-01-02 10:30:00",
            "2020-07-01 10:30:00+00",
            "",
            "true",
        ]
    ]


def test_rows_come_in_batches_numbered_in_order(tmp_path: Path) -> None:
    path = tmp_path / "d.duckdb"
    with duckdb.connect(path) as database:
        database.execute("create table t as select range as n from range(45000)")
    (sheet,) = read_duckdb(path)
    batches = list(sheet.batches)
    assert len(batches) > 1
    assert [line for batch in batches for line in batch.lines] == list(range(2, 45_002))
    assert batches[-1].cells[-1] == ["44999"]


def test_the_file_is_not_changed(database: Path) -> None:
    before = database.read_bytes()
    for sheet in read_duckdb(database):
        list(sheet.batches)
    assert database.read_bytes() == before


def test_a_database_is_known_by_what_it_is_whatever_its_ending(database: Path) -> None:
    other = database.rename(database.with_name("cdm.db"))
    assert is_duckdb(other)
    assert len(read_sheets(other)) == 3
    assert find_files([database.parent]) == []


def test_a_database_in_a_folder_is_found(database: Path) -> None:
    assert find_files([database.parent]) == [database]


def test_names_with_quotes_are_read(tmp_path: Path) -> None:
    path = tmp_path / "d.duckdb"
    with duckdb.connect(path) as database:
        database.execute('create table "a""b" as select 1 as "c""d"')
    (sheet,) = read_duckdb(path)
    assert [batch.cells for batch in sheet.batches] == [[["1"]]]


@pytest.mark.parametrize("content", [b"", b"not a database at all", b"01234567DUCK and no more"])
def test_a_damaged_file_is_refused_with_a_remedy(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "d.duckdb"
    path.write_bytes(content)
    with pytest.raises(UnreadableSourceError, match=r"d.duckdb: .*; "):
        read_duckdb(path)


def test_a_database_without_tables_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "d.duckdb"
    duckdb.connect(path).close()
    with pytest.raises(UnreadableSourceError, match="has no tables"):
        read_duckdb(path)


def test_a_database_that_is_being_written_is_refused(database: Path) -> None:
    with duckdb.connect(database), pytest.raises(UnreadableSourceError, match="close other"):
        read_duckdb(database)
