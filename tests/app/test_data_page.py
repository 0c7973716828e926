"""The Data page in every state, over a desk that is told what to say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from types import ModuleType
from typing import Any

import pandas as pd
import pytest
from dash.development.base_component import Component

from theograph.app import ids
from theograph.app.application import build_page
from theograph.app.components.data_job import build_job
from theograph.app.components.data_snapshots import build_snapshots
from theograph.app.components.data_tray import say_size
from theograph.app.data_address import DataAddress, parse_data_path, write_data_path
from theograph.app.data_facts import TRIED, FeedCoverage, Job, SnapshotLine
from theograph.importing.preview import SheetPreview

MARKUP = '<img src=x onerror="alert(1)">'
REPORT: dict[str, Any] = {
    "files": [
        {
            "path": MARKUP,
            "mapping": "necs",
            "rows_read": 1204,
            "kept": 1200,
            "duplicates": 1,
            "set_aside": 3,
            "reasons": {"has a start that is not a date": 3, "is the same row again": 1},
            "lines": {"has a start that is not a date": [4, 9, 11], "is the same row again": [2]},
            "dates": {"Start_Date": "day first, as 28/06/2024 shows"},
            "notes": ["read as Windows-1252"],
            "error": None,
            "warnings": [],
        },
        {
            "path": "odd.csv",
            "mapping": None,
            "rows_read": 0,
            "kept": 0,
            "duplicates": 0,
            "set_aside": 0,
            "reasons": {},
            "lines": {},
            "dates": {},
            "notes": [],
            "error": "odd.csv: is empty",
            "warnings": [],
        },
    ],
    "totals": {"rows_read": 1204, "kept": 1200, "duplicates": 1, "set_aside": 3},
    "people": 1,
    "events": 1200,
    "snapshot": "000002-a",
    "conflicts": ["pseudonym A1 has two NHS numbers"],
    "warnings": [
        {
            "key": "future",
            "what": "begin after the extract ends",
            "rows": 2,
            "places": [{"file": "gp.csv", "line": 7}],
            "values": {},
        }
    ],
    "links": {
        "people": 1,
        "identifiers": 2,
        "people_by_files": {"1": 1},
        "people_by_providers": {"2": 1},
        "people_by_identifiers": {"2": 1},
        "identifiers_by_type": {"nhs_number": 2},
    },
    "coverage": [],
}
READ = SheetPreview(
    "gp.csv",
    mapping="necs",
    title="NECS TheoGraph, seven columns",
    headers=["Client_ID", MARKUP],
    rows_seen=1000,
    more_rows=True,
    source_rows=[{"Client_ID": "7", MARKUP: "=1+1"}],
    events=[{"section": "events", "person": "7", "sector": "gp", "reason": "has no start"}],
    kept=990,
    reasons={"has no start": 10},
    dates={"Start_Date": "day first"},
)
UNKNOWN = SheetPreview(
    "gp.csv", headers=["a", "b"], rows_seen=1, source_rows=[{"a": "1", "b": None}], error="unknown"
)


@dataclass
class File:
    """A file that waits."""

    key: str
    label: str
    size_bytes: int = 2048


@dataclass
class StubDesk:
    """A desk that answers what it was given."""

    files: list[File] = field(default_factory=list)
    sheets: tuple[SheetPreview, ...] = (READ,)
    done: Job | None = None
    lines: tuple[SnapshotLine, ...] = ()
    reports: Mapping[str, Any] = field(default_factory=dict)
    coverage: FeedCoverage | None = None
    family: str | None = None
    demo: bool = False
    command: str = "theograph import PATH --store /records"

    def list_files(self) -> list[File]:
        return self.files

    def glance(self, key: str) -> tuple[SheetPreview, ...]:
        return self.preview(key)

    def preview(self, key: str) -> tuple[SheetPreview, ...]:
        return self.sheets

    def is_ready(self, key: str) -> bool:
        return any(sheet.mapping for sheet in self.sheets) or self.family is not None

    def name_family(self, key: str, sheet: str) -> str | None:
        return self.family

    def write_mapping(self, key: str, sheet: str) -> str | None:
        return None

    def keep_columns(self, key: str, sheet: str) -> None:
        raise AssertionError

    def keeps_columns(self, key: str, sheet: str) -> bool:
        return False

    def chosen_columns(self, key: str, sheet: str) -> None:
        return None

    def job(self) -> Job | None:
        return self.done

    def read_report(self, name: str) -> Any:
        return self.reports.get(name)

    def list_snapshots(self) -> tuple[SnapshotLine, ...]:
        return self.lines

    def read_coverage(self) -> FeedCoverage | None:
        return self.coverage


def words_of(part: Any) -> str:
    """Everything a component says."""
    if isinstance(part, Component):
        return words_of(getattr(part, "children", None))
    if isinstance(part, list | tuple):
        return " ".join(words_of(one) for one in part)
    return "" if part is None else str(part)


def show(invented: ModuleType, path: str = "/data", **given: Any) -> Component:
    desk: Any = StubDesk(**given)
    return build_page(replace(invented.make_services(), desk=desk), path, "")


def find(page: Component, part: str) -> list[Any]:
    """The components whose id is, or is of, `part`."""
    found = [one for one in page._traverse() if hasattr(one, "id")]
    return [
        one
        for one in found
        if one.id == part or (isinstance(one.id, dict) and one.id["part"] == part)
    ]


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("/data", DataAddress()),
        ("/data/", DataAddress()),
        ("/data/coverage", DataAddress("coverage")),
        ("/data/report/000001-a", DataAddress("report", "000001-a")),
        ("/data/elsewhere", None),
        ("/data/coverage/x", None),
        ("/database", None),
        ("/data/report/a/b", None),
    ],
)
def test_an_address_is_a_tab_or_none(path: str, address: DataAddress | None) -> None:
    assert parse_data_path(path) == address
    if address is not None:
        assert parse_data_path(write_data_path(address.tab, address.name)) == address


def test_an_empty_store_asks_for_files(invented: ModuleType) -> None:
    page = words_of(show(invented))
    assert "No records yet: drop files here" in page
    assert "up to 100 MB in all" in page
    assert "theograph import PATH --store /records" in page
    assert "Waiting to be read" not in page
    assert "demo" not in page


def test_the_demo_says_whose_store_it_is(invented: ModuleType) -> None:
    assert "the demo's own store of invented people" in words_of(show(invented, demo=True))


def test_a_known_file_says_how_it_reads(invented: ModuleType) -> None:
    page = show(invented, files=[File("k", MARKUP)])
    words = words_of(page)
    for said in (
        "1 file, 2 KB",
        "NECS TheoGraph, seven columns",
        "the first 1,000: 990 would be kept",
        "10: has no start",
        "day first",
        "=1+1",
        "General practice",
        "Import 1 file",
        MARKUP,
    ):
        assert said in words, said
    for button in find(page, ids.DATA_START):
        assert not button.disabled


def test_an_unknown_file_asks_for_its_columns_and_cannot_be_imported(invented: ModuleType) -> None:
    page = show(invented, files=[File("k", "gp.csv")], sheets=(UNKNOWN,))
    assert "Not a layout that is known" in words_of(page)
    assert "1 file is left out: open it to see what it wants." in words_of(page)
    assert all(button.disabled for button in find(page, ids.DATA_START))
    assert len(find(page, ids.DATA_COLUMN)) > 10
    assert [one.id["column"] for one in find(page, ids.DATA_WRITTEN)] == ["kind", "provider"]


def test_a_table_of_a_family_is_said_to_be_one(invented: ModuleType) -> None:
    page = show(invented, files=[File("k", "gp.csv")], sheets=(UNKNOWN,), family="OMOP CDM")
    assert "OMOP CDM : read together with the others of its kind" in words_of(page)
    assert not any(button.disabled for button in find(page, ids.DATA_START))
    assert not find(page, ids.DATA_COLUMN)


def test_a_file_that_cannot_be_read_says_why(invented: ModuleType) -> None:
    sheets = (SheetPreview("gp.csv", error="gp.csv: is not text"),)
    page = show(invented, files=[File("k", "gp.csv")], sheets=sheets)
    assert "Cannot be read" in words_of(page)
    assert "gp.csv: is not text" in words_of(page)
    assert not find(page, ids.DATA_COLUMN)


def test_a_running_job_shows_how_far_it_is_and_survives_a_reload(invented: ModuleType) -> None:
    job = Job("import", ("gp.csv", "b.csv"), "running", "Pricing events", 0.62)
    page = show(invented, files=[File("k", "gp.csv")], done=job)
    words = words_of(page)
    assert "Importing 2 files" in words
    assert "62%" in words
    assert "Pricing events…" in words
    (tick,) = find(page, ids.DATA_TICK)
    assert tick.disabled is False
    assert all(button.disabled for button in find(page, ids.DATA_START))
    assert all(button.disabled for button in find(page, ids.DATA_REMOVE))


@pytest.mark.parametrize(
    ("job", "said"),
    [
        (Job("import", ("a",), "cancelled"), "The records are as they were"),
        (Job("import", ("a",), "failed", error="the disk is full"), "the disk is full"),
        (Job("try", ("a",), "done", report=REPORT), "would hold 1 person and 1,200 events"),
        (Job("import", ("a",), "done", report=REPORT), "now hold 1 person and 1,200 events"),
    ],
)
def test_a_job_that_ended_says_how(job: Job, said: str) -> None:
    words = words_of(build_job(job))
    assert said in words
    assert ("See the journeys" in words) is (job.kind == "import" and job.state == "done")


def test_a_report_accounts_for_every_row_of_every_file(invented: ModuleType) -> None:
    line = SnapshotLine(
        "000002-a", True, datetime(2026, 6, 1, 9, 30, tzinfo=UTC), {}, "import", reported=True
    )
    page = show(
        invented, "/data/report", lines=(line,), reports={"000002-a": REPORT, TRIED: REPORT}
    )
    words = words_of(page)
    assert "Nothing was kept: it was a try." in words  # the newest
    words = words_of(
        show(invented, "/data/report/000002-a", lines=(line,), reports={"000002-a": REPORT})
    )
    for said in (
        "Import of 1 Jun 2026, 09:30",
        "1,204",
        "NECS TheoGraph, seven columns",
        "Not recognised",
        MARKUP,
        "3 set aside has a start that is not a date (lines 4, 9, 11)",
        "1 duplicate is the same row again (line 2)",
        "odd.csv: is empty",
        "2 rows begin after the extract ends: gp.csv line 7",
        "Matters of who is who: 1",
        "pseudonym A1 has two NHS numbers",
        "1 person with 2 providers",
        "Download as CSV",
    ):
        assert said in words, said


def test_a_report_that_is_gone_and_none_at_all_are_told_apart(invented: ModuleType) -> None:
    assert "Nothing has been imported here yet" in words_of(show(invented, "/data/report"))
    assert "is not kept any more" in words_of(show(invented, "/data/report/000001-a"))


def test_snapshots_show_what_each_added_and_ask_before_going_back() -> None:
    when = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)
    lines = (
        SnapshotLine("000003-c", True, when, {"people": 5, "events": 1300}, "import"),
        SnapshotLine("000002-b", False, error="events.parquet: is missing or damaged"),
        SnapshotLine("000001-a", False, when, {"people": 7, "events": 1000}, "import"),
    )
    words = words_of(build_snapshots((lines[0], lines[2]), busy=False))
    assert "1,300 +300" in words
    assert "5 -2" in words
    assert "Go back to it… New pages then show these records" in words
    assert "is missing or damaged" in words_of(build_snapshots(lines, busy=False))
    assert "no snapshot yet" in words_of(build_snapshots((), busy=False))


def test_coverage_says_in_words_what_it_draws(invented: ModuleType) -> None:
    months = pd.DataFrame(
        {
            "provider": [MARKUP, MARKUP, MARKUP],
            "sector": "gp",
            "month": pd.to_datetime(["2024-01-01", "2024-02-01", "2024-03-01"]),
            "events": [3, 0, 4],
            "covered": [True, False, True],
        }
    )
    page = show(invented, "/data/coverage", coverage=FeedCoverage(months, date(2024, 3, 31)))
    assert "Feb 2024" in words_of(page)
    assert MARKUP in words_of(page)
    assert find(page, ids.DATA_COVERAGE)
    assert "There are no records to draw yet" in words_of(show(invented, "/data/coverage"))


def test_an_app_without_a_desk_has_no_data_page(invented: ModuleType) -> None:
    assert "There is no such page" in words_of(build_page(invented.make_services(), "/data", ""))


def test_sizes_are_said_in_short() -> None:
    assert [say_size(n) for n in (12, 2048, 3 * 1024 * 1024 + 1)] == ["12 bytes", "2 KB", "3.0 MB"]
