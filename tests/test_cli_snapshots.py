"""`theograph snapshots`: what the store keeps, how it differs, and going back; and its account."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pytest

from tests.conftest import Read, Run
from theograph.store import Store

HEADER = "person_id,start,end,sector,kind,provider,recorded_cost,currency\n"
FIRST = f"""{HEADER}1,2024-04-03T01:30,,gp,GP consultation,North,,
2,2024-04-04T11:10,2024-04-03,gp,GP consultation,North,,
"""
SECOND = f"""{HEADER}2,2024-04-04,,gp,GP consultation,North,,
=2+3,2024-04-05,,gp,GP consultation,North,12.50,USD
"""


@pytest.fixture(scope="module")
def imported(read: Read) -> Store:
    """Two snapshots: of one file, and of two."""
    return read({"second.csv": SECOND}, into=read({"first.csv": FIRST}).store).store


@pytest.fixture
def store(imported: Store, tmp_path: Path) -> Store:
    """A copy of them to change."""
    shutil.copytree(imported.path, tmp_path / "store")
    (tmp_path / "second.csv").write_text(SECOND)
    return Store(tmp_path / "store")


def test_snapshots_are_listed_compared_and_gone_back_to(run: Run, store: Store) -> None:
    older, newer = store.snapshots()
    listed = json.loads(run("snapshots", "--store", store.path, "--format", "json").out)
    assert [line["name"] for line in listed] == [older, newer]
    assert [line["in_force"] for line in listed] == [False, True]
    assert [line["made_by"] for line in listed] == ["import", "import"]
    assert [line["files"] for line in listed] == [["first.csv"], ["second.csv"]]
    assert [line["rows"]["people"] for line in listed] == [1, 3]
    assert listed[0]["more_than_in_force"]["people"] == -2
    assert set(listed[1]["more_than_in_force"].values()) == {0}

    table = run("snapshots", "--store", store.path).out
    assert "1 (-2)" in table
    assert "than the one in force" in table

    back = run("snapshots", "--store", store.path, "--back", older)
    assert back.code == 0
    assert f"{older}  in force" in back.out
    assert store.current().name == older
    assert store.snapshots() == [older, newer]

    again = run("import", store.path.parent / "second.csv", "--store", store.path)
    assert "3 people" in again.out
    assert len(store.snapshots()) == 3


def test_an_unknown_snapshot_is_refused(run: Run, store: Store) -> None:
    done = run("snapshots", "--store", store.path, "--back", "000009-20260101T000000")
    assert done.code == 5
    (line,) = done.err.splitlines()
    assert "has no snapshot '000009-20260101T000000'; it keeps" in line


def test_a_damaged_snapshot_is_listed_as_such_and_refused(run: Run, store: Store) -> None:
    older, newer = store.snapshots()
    (store.path / "snapshots" / newer / "events.parquet").write_bytes(b"PAR1")
    listed = json.loads(run("snapshots", "--store", store.path, "--format", "json").out)
    assert listed[0]["error"] is None
    assert "is missing or damaged" in listed[1]["error"]
    assert listed[1]["rows"] is None
    assert "damaged" in run("snapshots", "--store", store.path).out
    assert run("snapshots", "--store", store.path, "--back", newer).code == 5
    assert run("snapshots", "--store", store.path, "--back", older).code == 0
    assert store.current().name == older


def test_a_store_without_snapshots_says_so(run: Run, tmp_path: Path) -> None:
    assert "holds no snapshot" in run("snapshots", "--store", tmp_path / "none").out
    assert not (tmp_path / "none").exists()


def test_an_import_says_what_is_odd_without_naming_anybody(run: Run, tmp_path: Path) -> None:
    (tmp_path / "both.csv").write_text(FIRST + SECOND.removeprefix(HEADER))
    done = run(
        "import", tmp_path / "both.csv", "--store", tmp_path / "s", "--report", tmp_path / "r.json"
    )
    assert "odd: 1 row: costs other money than pounds: left out of totals (USD 12.50)" in done.err
    assert "set aside: both.csv: 1 row: has its end before its start (line 3)" in done.err
    assert "ends before it starts" not in done.err  # said already
    assert "Nothing was corrected; --report FILE lists everything" in done.err
    assert "=2+3" not in done.out + done.err
    report = json.loads((tmp_path / "r.json").read_text())
    assert [warning["key"] for warning in report["warnings"]] == [
        "ends_before_start",
        "other_currency",
    ]


def test_a_report_that_cannot_be_written_is_said_after_the_account(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "first.csv").write_text(FIRST)
    nowhere = tmp_path / "none" / "r.json"
    done = run("import", tmp_path / "first.csv", "--store", tmp_path / "s", "--report", nowhere)
    assert done.code == 2
    assert "1 people, 1 events" in done.out
    assert f"theograph: {nowhere}: cannot be written" in done.err


def test_many_files_of_one_fault_are_cut_short(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(20):
        (folder / f"{number:02}.csv").write_text(FIRST.replace("T01", f"T{number:02}"))
    err = run("import", folder, "--store", tmp_path / "s").err
    assert err.count("has its end before its start") == 12
    assert "set aside: and 8 more of these" in err


def test_a_list_of_people_runs_as_nothing_in_a_spreadsheet(run: Run, store: Store) -> None:
    out = run("people", "--store", store.path, "--format", "csv").out
    ids = [row["person_id"] for row in csv.DictReader(io.StringIO(out))]
    assert sorted(ids) == ["'=2+3", "1", "2"]
