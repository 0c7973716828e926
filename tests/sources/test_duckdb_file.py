"""Reading DuckDB files: tables as sheets, read-only, confined to the file."""

from __future__ import annotations

import itertools
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.seeds import make_seeds, seal_database
from theograph.errors import TheographError, UnreadableSourceError
from theograph.sources.duckdb_file import is_duckdb, read_duckdb
from theograph.sources.files import find_files, read_sheets
from theograph.sources.rows import LONGEST_CELL, MOST_COLUMNS, stage_sheet


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


def test_a_database_that_another_program_writes_is_refused(database: Path) -> None:
    writing = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print(flush=True); input()"
    with (
        subprocess.Popen(
            [sys.executable, "-c", writing, str(database)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        ) as other,
        pytest.raises(UnreadableSourceError, match="close other"),
    ):
        assert other.stdout is not None
        other.stdout.readline()
        try:
            read_duckdb(database)
        finally:
            other.kill()


def write(path: Path, *statements: str) -> Path:
    with duckdb.connect(path) as database:
        for statement in statements:
            database.execute(statement)
    return path


def read_cells(path: Path) -> dict[str, list[list[str]]]:
    return {
        sheet.name.removeprefix(f"{path.name}: "): [
            cells for batch in sheet.batches for cells in batch.cells
        ]
        for sheet in read_duckdb(path)
    }


ODD = {
    r"'\x00\xFFa'::blob": r"\x00\xFFa",
    "[1, null, 2]": "[1, NULL, 2]",
    "[[1], []]": "[[1], []]",
    "{'a': 1, 'b': 'x'}": "{'a': 1, 'b': x}",
    "map {'k': [1]}": "{k=[1]}",
    "'glad'::mood": "glad",
    "170141183460469231731687303715884105727::hugeint": "170141183460469231731687303715884105727",
    "340282366920938463463374607431768211455::uhugeint": "340282366920938463463374607431768211455",
    "123456789012345678901234567890123456789012::bignum": (
        "123456789012345678901234567890123456789012"
    ),
    "interval '1 year 2 days'": "1 year 2 days",
    "timestamptz '2020-07-01 10:00:00+05'": "2020-07-01 05:00:00+00",
    "timetz '10:00:00+05'": "10:00:00+05",
    "timestamp_ns '2020-01-01 01:02:03.123456789'": "2020-01-01 01:02:03.123456789",
    "'infinity'::timestamp": "infinity",
    "date '290309-12-22 (BC)'": "290309-12-22 (BC)",
    "'nan'::double": "nan",
    "'0101'::bit": "0101",
    "'6a1f0c1e-8a42-4a44-9d0b-5b7f4a1d9c01'::uuid": "6a1f0c1e-8a42-4a44-9d0b-5b7f4a1d9c01",
    "union_value(a := 1)": "1",
    "array_value(1, 2)": "[1, 2]",
    "1.10::decimal(5, 2)": "1.10",
    "42::variant": "42",
    "null": "",
    "'naïve 🙂'": "naïve 🙂",
}


def test_every_type_of_value_is_read_as_duckdb_writes_it(tmp_path: Path) -> None:
    values = ", ".join(f"{value} as c{place}" for place, value in enumerate(ODD))
    mood = "create type mood as enum ('sad', 'glad')"
    path = write(tmp_path / "d.duckdb", mood, f"create table t as select {values}")
    assert read_cells(path) == {"t": [list(ODD.values())]}


def test_no_view_is_run_and_no_name_of_the_file_stands_before_duckdbs_own(tmp_path: Path) -> None:
    """Opening a file given by somebody reads that file and nothing else."""
    secret = tmp_path / "secret.csv"
    secret.write_text("a\nstolen\n")
    path = write(
        tmp_path / "d.duckdb",
        f"create view stolen as from read_csv('{secret}')",
        f"create view all_of_it as select * from read_text('{secret}')",
        f"create macro duckdb_columns() as table select * from read_csv('{secret}')",
        f"create macro duckdb_tables() as table select * from read_csv('{secret}')",
        f"create macro list(a) as (select any_value(content) from read_text('{secret}'))",
        "create table gone as select 1 as z",
        "create view broken as select z from gone",
        "drop table gone",
        "create table t as select 'ours' as a",
    )
    assert read_cells(path) == {"t": [["ours"]]}


def test_columns_that_the_file_computes_are_left_out_and_that_is_said(tmp_path: Path) -> None:
    """An expression of somebody's is not run: it may make a gigabyte of one letter."""
    path = write(
        tmp_path / "d.duckdb",
        "create table t (a varchar, b varchar generated always as (repeat(a, 100000)))",
        "insert into t values ('x')",
    )
    (sheet,) = read_duckdb(path)
    assert sheet.notes == ("left out 1 column that the file computes from others",)
    assert read_cells(path) == {"t": [["x"]]}


NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12).filter(
    lambda name: name.strip() and "\0" not in name
)


@settings(max_examples=2)
@given(st.lists(NAMES, min_size=10, max_size=20, unique_by=str.casefold))
def test_tables_and_columns_may_be_called_anything(
    tmp_path_factory: pytest.TempPathFactory, names: list[str]
) -> None:
    quoted = ['"' + name.replace('"', '""') + '"' for name in names]
    pairs = itertools.pairwise(quoted)
    tables = [f"create table {table} as select 7 as {column}" for table, column in pairs]
    path = write(tmp_path_factory.mktemp("odd") / "d.duckdb", *tables)
    assert list(read_cells(path).values()) == [[["7"]]] * len(tables)


def test_what_is_not_in_the_file_yet_is_read_from_the_log_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "d.duckdb"
    with duckdb.connect(path) as database:
        database.execute("create table t as select 1 as a")
        database.execute("checkpoint")
        database.execute("insert into t values (2)")
        copy = shutil.copy(path, tmp_path / "copy.duckdb")
        shutil.copy(path.with_suffix(".duckdb.wal"), tmp_path / "copy.duckdb.wal")
    assert read_cells(Path(copy)) == {"t": [["1"], ["2"]]}
    assert find_files([tmp_path]) == [copy, path]


def test_a_table_that_cannot_be_read_does_not_hide_the_others(tmp_path: Path) -> None:
    columns = ", ".join(f"1 as c{place}" for place in range(MOST_COLUMNS + 1))
    path = write(
        tmp_path / "d.duckdb", f"create table a as select {columns}", "create table b (c int)"
    )
    wide, plain = read_duckdb(path)
    with pytest.raises(UnreadableSourceError, match=r"d\.duckdb: a: has 5,001 columns; "):
        list(wide.batches)
    assert list(plain.batches) == []


def test_an_encrypted_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "d.duckdb"
    with duckdb.connect() as database:
        database.execute("set force_mbedtls_unsafe = 'true'")
        database.execute(f"attach '{path}' as e (encryption_key 'secret')")
        database.execute("create table e.t as select 1 as a")
        database.execute("detach e")
    with pytest.raises(UnreadableSourceError, match=r"without a key.*unencrypted"):
        read_duckdb(path)


def test_a_file_of_a_later_version_is_refused(tmp_path: Path) -> None:
    (content,) = make_seeds("duckdb")
    path = tmp_path / "d.duckdb"
    path.write_bytes(seal_database(content[:12] + b"\xfa" + content[13:]))
    with pytest.raises(UnreadableSourceError, match="we can only read storage versions between"):
        read_duckdb(path)


def test_a_file_on_which_duckdb_crashes_is_refused(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", shutil.which("true"))
    with pytest.raises(UnreadableSourceError, match="DuckDB fails on what is in it"):
        read_duckdb(database)


@settings(max_examples=3)
@given(st.data())
def test_a_forged_file_gives_rows_or_a_declared_error(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Its checksums are right, so that DuckDB goes by what it says; some crash DuckDB."""
    content = bytearray(make_seeds("duckdb")[0])
    filled = [place for place, byte in enumerate(content) if byte]
    for place in data.draw(st.lists(st.sampled_from(filled), min_size=1, max_size=8)):
        content[place] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.mktemp("odd") / "d.duckdb"
    path.write_bytes(seal_database(content))
    try:
        for sheet in read_duckdb(path):
            stage_sheet(sheet, path, path.with_suffix(".parquet"))
    except TheographError:
        return


def test_the_process_ends_when_nobody_can_ask_it_any_more(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = []

    class Noted(subprocess.Popen[bytes]):
        def __init__(self, *command: Any, **how: Any) -> None:
            super().__init__(*command, **how)
            started.append(self)

    monkeypatch.setattr(subprocess, "Popen", Noted)
    sheets = read_duckdb(database)
    next(sheets[-1].batches)
    (process,) = started
    assert process.poll() is None
    del sheets
    assert process.returncode is not None


def test_wide_tables_come_in_batches_of_fewer_rows(tmp_path: Path) -> None:
    columns = ", ".join(f"1 as c{place}" for place in range(1_000))
    path = write(tmp_path / "d.duckdb", f"create table t as select {columns} from range(1210)")
    (sheet,) = read_duckdb(path)
    assert [len(batch.lines) for batch in sheet.batches] == [1200, 10]


MEASURE = """
import resource, sys
from pathlib import Path
from theograph.sources.duckdb_file import read_duckdb
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
(sheet,) = read_duckdb(Path(sys.argv[1]))
rows, longest = 0, 0
for batch in sheet.batches:
    rows, longest = rows + len(batch.lines), max(longest, *map(len, batch.cells[0]))
more = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
print(rows, longest, more // 1024)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is counted in other units elsewhere")
def test_long_texts_are_read_in_bounded_memory(tmp_path: Path) -> None:
    """200 MB of text, some of it too long: no more is read of that than shows it."""
    path = write(
        tmp_path / "d.duckdb",
        "create table t as select repeat('x', 40000) as a, "
        "case when range % 1000 = 0 then repeat('y', 160000) end as b from range(5000)",
    )
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path)], capture_output=True, text=True, check=True
    )
    rows, longest, mebibytes = map(int, done.stdout.split())
    assert (rows, longest) == (5000, LONGEST_CELL + 1)
    assert mebibytes < 300
