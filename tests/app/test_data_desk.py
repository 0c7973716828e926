"""The desk from a file that comes to the records it makes, and everything that may stop it."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from theograph.app.data_facts import TRIED, Job
from theograph.data_desk import Desk, open_desk
from theograph.data_desk.job import RunningJob
from theograph.errors import BusyError, StoreError, UsageError
from theograph.sources.mapping import Constant
from theograph.store import Store

NECS = """Client_ID,Event_ID,Start_Date,End_Date,Event_Type,Event_Subtype,Event_Desc
7,A1,13/01/2023,17/01/2023,Acute Inpatient,General medicine,emergency
7,A2,15/02/2023,15/02/2023,GP,Consultation,"=HYPERLINK(""x"")"
7,A3,31/02/2023,15/02/2023,GP,Consultation,no such day
"""
OWN = """patient no,seen on,clinic
77,2024-03-01,Leg ulcer clinic
78,2024-03-08,Leg ulcer clinic
"""


def send(desk: Desk, name: str, text: str) -> str:
    content = text.encode()
    return desk.receive(name, io.BytesIO(content), len(content)).key


def do(desk: Desk, kind: str) -> Job:
    """Do a job to its end."""
    desk.start(kind)  # type: ignore[arg-type]
    desk.wait()
    job = desk.job()
    assert job is not None
    return job


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk over a store without records."""
    with open_desk(Store(tmp_path / "store")) as found:
        yield found


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, Store, list[Job]]]:
    """A desk at which a file was tried, imported, and another read by chosen columns."""
    store = Store(tmp_path_factory.mktemp("desk") / "store")
    with open_desk(store) as found:
        send(found, "necs.csv", NECS)
        own = send(found, "own.csv", OWN)
        jobs = [do(found, "try")]
        assert found.read_report(TRIED) == jobs[0].report
        jobs.append(do(found, "import"))
        found.choose_columns(own, "own.csv", COLUMNS)
        jobs.append(do(found, "import"))
        yield found, store, jobs


COLUMNS = {
    "local_id": "patient no",
    "start": "seen on",
    "kind": "clinic",
    "sector": Constant(text="community"),
    "provider": Constant(text="Elm Tree Clinic"),
}
Used = tuple[Desk, Store, list[Job]]


def test_a_dry_run_counts_and_keeps_nothing(used: Used) -> None:
    desk, _, (tried, *_rest) = used
    assert (tried.kind, tried.state, tried.files) == ("try", "done", ("necs.csv",))
    assert tried.report is not None
    assert tried.report["totals"]["kept"] == 2
    assert tried.report["snapshot"] is None
    assert desk.read_report(TRIED) is None  # of files that are in by now


def test_an_import_makes_a_snapshot_and_keeps_its_account(used: Used) -> None:
    desk, store, (_, done, _last) = used
    assert (done.state, done.error) == ("done", None)
    assert done.report is not None
    name = store.snapshots()[0]
    assert done.report["snapshot"] == name
    kept = desk.read_report(name)
    assert kept is not None
    assert kept["files"] == json.loads(json.dumps(done.report["files"]))
    assert desk.read_report("000009-20200101T000000") is None


def test_a_file_that_is_not_ready_waits_for_its_columns(used: Used) -> None:
    desk, _, (tried, _done, last) = used
    assert "own.csv" not in tried.files
    assert last.files == ("own.csv",)
    assert last.report is not None
    assert last.report["totals"]["kept"] == 2
    assert last.report["people"] == 3
    assert desk.list_files() == ()


def test_snapshots_are_compared_and_gone_back_to(used: Used) -> None:
    desk, store, _ = used
    newest, oldest = desk.list_snapshots()
    assert newest.current
    assert newest.rows is not None
    assert oldest.rows is not None
    assert (newest.rows["events"], oldest.rows["events"]) == (4, 2)
    assert (newest.made_by, newest.reported) == ("import", True)
    desk.go_back(oldest.name)
    assert store.current().name == oldest.name
    desk.go_back(newest.name)
    with pytest.raises(StoreError, match="has no snapshot"):
        desk.go_back("000009-20200101T000000")


def test_a_report_is_downloaded_as_csv_that_no_spreadsheet_runs(used: Used) -> None:
    desk, store, _ = used
    text = desk.download_report(store.snapshots()[0], "csv")
    assert text is not None
    rows = list(csv.DictReader(io.StringIO(text)))
    (reason,) = [row for row in rows if row["finding"] == "reason"]
    assert (reason["file"], reason["rows"], reason["lines"]) == ("necs.csv", "1", "4")
    assert "not a date" in reason["what"]
    counts = {row["finding"]: row["rows"] for row in rows if row["file"] == "necs.csv"}
    assert (counts["read"], counts["kept"], counts["set aside"]) == ("3", "2", "1")
    form = desk.download_report(store.snapshots()[0], "json")
    assert form is not None
    assert json.loads(form)["totals"]["rows_read"] == 3


def test_coverage_is_of_the_records_in_force(used: Used, desk: Desk) -> None:
    coverage = used[0].read_coverage()
    assert coverage is not None
    assert coverage.months["events"].sum() == 4
    assert desk.read_coverage() is None


def test_a_preview_says_how_the_rows_read(desk: Desk) -> None:
    (sheet,) = desk.preview(send(desk, "necs.csv", NECS))
    assert (sheet.mapping, sheet.kept, len(sheet.source_rows)) == ("necs", 2, 3)
    assert "31/02/2023" in str(sheet.events[2])


def test_columns_chosen_are_read_by_until_they_are_forgotten(desk: Desk) -> None:
    key = send(desk, "own.csv", OWN)
    (sheet,) = desk.preview(key)
    assert not desk.is_ready(key)
    desk.choose_columns(key, sheet.name, COLUMNS)
    (sheet,) = desk.preview(key)
    assert desk.is_ready(key)
    assert [row["kind"] for row in sheet.events] == ["Leg ulcer clinic"] * 2
    desk.choose_columns(key, sheet.name, None)
    assert not desk.is_ready(key)


def test_columns_that_are_kept_read_the_next_file_with_the_same_headers(
    desk: Desk, tmp_path: Path
) -> None:
    first = send(desk, "march.csv", OWN)
    desk.preview(first)
    desk.choose_columns(first, "march.csv", COLUMNS)
    assert not desk.keeps_columns(first, "march.csv")
    desk.keep_columns(first, "march.csv")
    assert desk.keeps_columns(first, "march.csv")
    assert "Leg ulcer" not in str(desk.write_mapping(first, "march.csv"))
    with open_desk(Store(tmp_path / "store")) as later:
        second = send(later, "april.csv", OWN.replace("03-", "04-"))
        assert later.is_ready(second)
        (sheet,) = later.preview(second)
        assert [row["start"] for row in sheet.events] == ["2024-04-01", "2024-04-08"]
        assert later.keeps_columns(second, "april.csv")
        later.choose_columns(second, "april.csv", None)
        assert not later.is_ready(second)
    assert Store(tmp_path / "store").mapping_files() == ()


def test_a_kept_mapping_that_was_damaged_counts_as_none(desk: Desk, tmp_path: Path) -> None:
    Store(tmp_path / "store").keep_mapping("chosen_by_hand", "title = ")
    assert not desk.is_ready(send(desk, "own.csv", OWN))


def test_nothing_ready_is_said_and_not_begun(desk: Desk) -> None:
    send(desk, "own.csv", OWN)
    with pytest.raises(UsageError, match="No file is ready"):
        desk.start("import")
    assert desk.job() is None


def test_a_cancelled_import_leaves_the_records_and_the_files(desk: Desk, tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    send(desk, "necs.csv", NECS)
    with (
        store.writing()
    ):  # the import waits its turn, so that it is at work for as long as it takes
        desk.start("import")
        with pytest.raises(BusyError, match="at work already"):
            desk.start("try")
        with pytest.raises(BusyError):
            desk.remove(desk.list_files()[0].key)
        desk.cancel()
        desk.wait()
    job = desk.job()
    assert job is not None
    assert job.state == "cancelled"
    assert store.current_or_none() is None
    assert [file.label for file in desk.list_files()] == ["necs.csv"]
    assert not list((tmp_path / "store" / "desk").glob("*/job-*"))


def test_a_damaged_store_fails_the_import_in_its_own_words(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "store"
    folder.mkdir()
    (folder / "current").write_text("000001-20260101T000000")
    send(desk, "necs.csv", NECS)
    job = do(desk, "import")
    assert job.state == "failed"
    assert "missing or damaged" in str(job.error)
    assert "theograph:" not in str(job.error)
    assert len(desk.list_files()) == 1


def run_child(tmp_path: Path, code: str) -> Job:
    """How a job ends whose child runs `code`."""
    folder = tmp_path / "job"
    folder.mkdir()
    ended: list[Job] = []
    command = [sys.executable, "-c", code]
    job = RunningJob(command, kind="import", files=("a",), folder=folder, when_ended=ended.append)
    job.wait()
    assert not folder.exists()
    assert ended == [job.look()]
    return job.look()


def test_a_child_that_breaks_says_nothing_of_what_it_held(tmp_path: Path) -> None:
    job = run_child(tmp_path, "raise RuntimeError('Winifred Canary')")
    assert (job.state, job.error) == (
        "failed",
        "The import broke off (exit code 1); the store is as it was.",
    )


def test_a_child_ended_by_the_system_is_said_to_be(tmp_path: Path) -> None:
    job = run_child(tmp_path, "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    assert job.state == "failed"
    assert "ended by the system" in str(job.error)


def test_a_child_that_ends_well_without_an_account_has_failed(tmp_path: Path) -> None:
    assert run_child(tmp_path, "pass").state == "failed"


def test_progress_is_what_the_child_last_said(tmp_path: Path) -> None:
    folder = tmp_path / "job"
    folder.mkdir()
    (folder / "progress.json").write_text('{"stage": "Reading a.csv", "done": 0.25}')
    job = RunningJob(
        [sys.executable, "-c", "import signal; signal.pause()"],
        kind="import",
        files=("a",),
        folder=folder,
        when_ended=lambda _: None,
    )
    assert (job.look().stage, job.look().done) == ("Reading a.csv", 0.25)
    (folder / "progress.json").write_text("{")  # whatever stands there, it is never taken as it is
    assert job.look().done == 0.25
    job.cancel()
    job.wait()
    assert job.look().state == "cancelled"


def test_a_desk_goes_with_everything_it_held(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    with open_desk(store) as desk:
        send(desk, "necs.csv", NECS)
        (folder,) = [path for path in (store.path / "desk").iterdir() if path.is_dir()]
        assert folder.stat().st_mode & 0o077 == 0
    assert not folder.exists()


def test_what_an_ended_server_left_is_cleared_and_a_running_ones_is_not(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    left = store.path / "desk" / "0123456789abcdef"
    left.mkdir(parents=True)
    (left / "gp.csv").write_text("x")
    left.with_suffix(".lock").touch()
    with open_desk(store) as first, open_desk(store) as second:
        send(first, "necs.csv", NECS)
        send(second, "necs.csv", NECS)
        assert not left.exists()
        assert first.list_files()[0].path.exists()


def test_looking_at_an_empty_store_writes_nothing(desk: Desk, tmp_path: Path) -> None:
    assert desk.list_files() == ()
    assert desk.list_snapshots() == []
    assert desk.read_coverage() is None
    assert desk.read_report(TRIED) is None
    assert not (tmp_path / "store").exists()
