"""The process in which a DuckDB file is opened: what it can reach."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from theograph.sources.duckdb_process import open_confined


@pytest.fixture
def confined(tmp_path: Path) -> duckdb.DuckDBPyConnection:
    path = tmp_path / "it's a file.duckdb"
    with duckdb.connect(path) as database:
        database.execute("create table t as select 1 as a")
    return open_confined(str(path))


@pytest.mark.parametrize(
    "statement",
    [
        "from read_csv('{other}')",
        "from read_text('/etc/hostname')",
        "from '{other}'",
        "from read_csv('https://example.org/a.csv')",
        "from glob('/*')",
        "copy file.t to '{other}'",
        "attach '{other}.duckdb'",
        "load httpfs",
        "install httpfs",
        "set enable_external_access = true",
        "set autoload_known_extensions = true",
        "set memory_limit = '10GB'",
        "insert into file.t values (2)",
        "drop table file.t",
    ],
)
def test_nothing_but_the_file_can_be_reached_and_that_only_to_read(
    confined: duckdb.DuckDBPyConnection, statement: str, tmp_path: Path
) -> None:
    other = tmp_path / "other.csv"
    other.write_text("a\n1\n")
    with confined, pytest.raises(duckdb.Error):
        confined.execute(statement.format(other=other)).fetchall()
    assert other.read_text() == "a\n1\n"


def test_the_file_itself_is_read(confined: duckdb.DuckDBPyConnection) -> None:
    with confined:
        assert confined.execute("from file.t").fetchall() == [(1,)]
