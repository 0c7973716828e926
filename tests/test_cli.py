"""The commands other tools call: their options, their output, their exit codes."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pytest

from tests.conftest import Done, Run
from theograph import cli

COLUMNS = ["ref", "person_id", "name", "events", "first", "last", "cost_pence"]
EVENTS = """person_id,start,end,sector,kind,provider,cost_gbp
NA,2024-04-03T01:30,,gp,GP consultation,North,40.00
007,2024-04-04,,gp,GP consultation,North,
-9223372036854775808,2024-04-05,2024-04-08,hospital,Emergency admission,South,1000
007,2024-04-05,2024-04-01,hospital,Emergency admission,South,1000
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Extracts, and a store of them made through the command itself."""
    folder = tmp_path_factory.mktemp("cli")
    (folder / "in").mkdir()
    (folder / "in" / "events.csv").write_text(EVENTS)
    (folder / "in" / "odd.csv").write_text("some,other\n1,2\n")
    (folder / "nothing").mkdir()
    (folder / "nothing" / "odd.csv").write_text("some,other\n1,2\n")
    return folder


@pytest.fixture(scope="module")
def store(folder: Path) -> Path:
    with pytest.MonkeyPatch.context() as patched:
        command = ["import", folder / "in", "--store", folder / "store"]
        command += ["--report", folder / "report.json"]
        patched.setattr("sys.argv", ["theograph", *map(str, command)])
        cli.main()
    return folder / "store"


def assert_one_line(done: Done, *words: str) -> None:
    (line,) = done.err.strip().splitlines()
    assert line.startswith("theograph: ")
    assert "Traceback" not in done.err
    for word in words:
        assert word in line


def test_the_report_has_the_keys_that_were_promised(store: Path, folder: Path) -> None:
    report = json.loads((folder / "report.json").read_text())
    assert {"files", "totals", "people", "events", "snapshot"} <= set(report)
    by_path = {file["path"]: file for file in report["files"]}
    file = by_path["events.csv"]
    assert {"path", "mapping", "encoding", "rows_read", "kept", "duplicates", "set_aside",
            "reasons"} <= set(file)  # fmt: skip
    assert (file["mapping"], file["encoding"]) == ("theograph", "UTF-8")
    assert (file["rows_read"], file["kept"], file["duplicates"], file["set_aside"]) == (4, 3, 0, 1)
    assert file["reasons"] == {"has its end before its start": 1}
    assert report["totals"] == {"rows_read": 5, "kept": 3, "duplicates": 0, "set_aside": 2}
    assert (report["people"], report["events"]) == (3, 3)
    assert report["snapshot"].startswith("000001-")


def test_importing_again_keeps_the_snapshot_and_names_what_was_set_aside(
    run: Run, store: Path, folder: Path
) -> None:
    before = (store / "current").read_text()
    done = run("import", folder / "in", "--store", store)
    assert done.code == 0
    assert (store / "current").read_text() == before
    assert "has its end before its start (line 5)" in done.err
    assert "odd.csv" in done.err
    assert "3 people, 3 events" in done.out


def test_a_dry_run_keeps_nothing(run: Run, folder: Path, tmp_path: Path) -> None:
    done = run("import", folder / "in", "--store", tmp_path / "s", "--dry-run")
    assert done.code == 0
    assert "nothing was kept" in done.out
    assert run("people", "--store", tmp_path / "s").code == 5


def test_nothing_that_could_be_read_is_exit_code_3(run: Run, folder: Path, tmp_path: Path) -> None:
    done = run("import", folder / "nothing", "--store", tmp_path / "s")
    assert done.code == 3
    assert "nearest" in done.err
    assert "--mapping" in done.err


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["import", "nowhere.csv"], "nowhere.csv"),
        (["import", ".", "--mapping", "nocs"], "'nocs'"),
        (["import"], "paths"),
        (["import", ".", "--odd"], "--odd"),
        (["people", "--format", "xml"], "xml"),
        (["journey", "1", "--format", "pdf"], "pdf"),
        (["journey"], "person"),
        (["flourish"], "flourish"),
        (["serve", "--host", "0.0.0.0"], "0.0.0.0"),  # noqa: S104
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_usage_is_exit_code_2_and_says_which(
    run: Run, store: Path, arguments: list[str], word: str
) -> None:
    options = [] if arguments[0] == "flourish" else ["--store", str(store)]
    done = run(*arguments, *options)
    assert done.code == 2
    assert_one_line(done, word)


def test_people_as_csv_and_json_have_the_promised_columns(run: Run, store: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(run("people", "--store", store, "--format", "csv").out)))
    assert list(rows[0]) == COLUMNS
    listed = json.loads(run("people", "--store", store, "--format", "json").out)
    assert [list(one) for one in listed] == [COLUMNS] * 3
    by_id = {one["person_id"]: one for one in listed}
    assert set(by_id) == {"NA", "007", "-9223372036854775808"}
    assert by_id["NA"]["cost_pence"] == 4000
    assert by_id["NA"]["events"] == 1
    assert by_id["NA"]["first"].startswith("2024-04-03")
    assert by_id["NA"]["name"] is None


def test_people_as_a_table_show_everyone(run: Run, store: Path) -> None:
    done = run("people", "--store", store)
    assert done.code == 0
    for word in ("NA", "007", "£40"):
        assert word in done.out


def test_people_of_an_empty_store_is_an_error_with_the_remedy(run: Run, tmp_path: Path) -> None:
    done = run("people", "--store", tmp_path / "none")
    assert done.code == 5
    assert_one_line(done, "holds no records", "theograph import")


@pytest.mark.parametrize("person", [["NA"], ["007"], ["--", "-9223372036854775808"]])
def test_a_journey_is_found_by_any_identifier(run: Run, store: Path, person: list[str]) -> None:
    done = run("journey", "--store", store, "--format", "json", *person)
    assert done.code == 0
    document = json.loads(done.out)
    assert document["person"]["person_id"] == person[-1]
    assert {
        "events", "cost_pence", "cost_by_sector", "cost_by_provider", "cost_by_financial_year",
        "emergency_admissions", "hospital_nights", "contact_days", "teams",
    } <= set(document["summary"])  # fmt: skip
    assert {"person", "summary", "conditions", "events"} <= set(document)
    assert run("journey", "--store", store, document["person"]["ref"]).out == done.out


def test_a_journey_as_csv_and_in_the_necs_layout(run: Run, store: Path) -> None:
    own = run("journey", "NA", "--store", store, "--format", "csv").out
    assert own.startswith("person_id,event_id,")
    necs = run("journey", "NA", "--store", store, "--format", "necs").out
    assert necs.splitlines()[0].startswith("Client_ID,Event_ID,Start_Date,End_Date")


def test_an_unknown_person_is_exit_code_4(run: Run, store: Path) -> None:
    done = run("journey", "nobody", "--store", store)
    assert done.code == 4
    assert_one_line(done, "'nobody'", "theograph people")
    assert done.out == ""


def test_a_damaged_store_is_one_line_and_exit_code_5(run: Run, store: Path, tmp_path: Path) -> None:
    shutil.copytree(store, tmp_path / "s")
    file = next((tmp_path / "s").glob("snapshots/*/events.parquet"))
    file.write_bytes(file.read_bytes()[:-1])
    for command in (["people"], ["journey", "NA"], ["import", str(tmp_path)]):
        done = run(*command, "--store", tmp_path / "s")
        assert done.code == 5, command
        assert "events.parquet: is missing or damaged" in done.err


def test_a_store_may_be_a_relative_path(
    run: Run, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(store.parent)
    assert run("people", "--store", "store").code == 0
