"""The peers' own samples read as their files say, checked against a second copy or by hand."""

from __future__ import annotations

import csv
import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from theograph.importing import ImportOptions, import_extracts
from theograph.sources.quality import ImportReport
from theograph.store import Store

if TYPE_CHECKING:
    pass

pytestmark = pytest.mark.peer_data
NOW = datetime(2026, 6, 1, tzinfo=UTC)
SQL_ROW = re.compile(r"\((\d+),'([^']*)','([\d-]+)',(?:'([\d-]+)'|NULL),'([^']*)','([^']*)'")


@pytest.fixture(scope="module")
def necs(peer_data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[ImportReport, Store]:
    store = Store(tmp_path_factory.mktemp("necs"))
    files = [peer_data / "necs-theograph" / "Input_dataset.csv"]
    return import_extracts(files, store, options=ImportOptions(), now=NOW), store


def read_events(store: Store) -> list[dict[str, object]]:
    import pyarrow.parquet as pq

    rows: list[dict[str, object]] = pq.read_table(store.current().table("events")).to_pylist()
    return rows


def test_every_row_of_the_necs_sample_is_kept(necs: tuple[ImportReport, Store]) -> None:
    report, store = necs
    (file,) = report.files
    assert (file.mapping, file.rows_read, file.kept) == ("necs", 41, 41)
    assert report.people == 3
    events = read_events(store)
    assert sum(bool(event["ongoing"]) for event in events) == 4
    assert sum(event["status"] == "did_not_attend" for event in events) == 2
    assert sorted(Counter(str(event["link_key"]) for event in events).values()) == [3, 10, 28]
    assert "day first" in file.dates["Start_Date"]


def test_the_csv_says_what_its_sql_twin_says(
    necs: tuple[ImportReport, Store], peer_data: Path
) -> None:
    text = (peer_data / "necs-theograph" / "InsertSampleDataset.sql").read_text("utf-8-sig")
    twin = {
        (client, event): (start, end or None)
        for client, event, start, end, *_ in SQL_ROW.findall(text)
    }
    found = {
        (str(event["link_key"]).split("\x1f")[1], event["event_id"]): (
            str(event["start"])[:10],
            None if event["ongoing"] else str(event["end"])[:10],
        )
        for event in read_events(necs[1])
    }
    assert len(twin) == 41
    assert found == twin


@pytest.fixture(scope="module")
def linked(peer_data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[ImportReport, Store]:
    store = Store(tmp_path_factory.mktemp("linked"))
    folder = peer_data / "nhs-cross-sector-300"
    return import_extracts([folder], store, options=ImportOptions(), now=NOW), store


ROWS = {
    "csds_contacts.csv": (989, 989, 0, 0),
    "ecds_attendances.csv": (2279, 2279, 0, 0),
    "mhsds_referrals.csv": (161, 161, 0, 0),
    "patients.csv": (323, 309, 14, 0),
    "practices.csv": (50, 0, 0, 50),
    "social_care.csv": (45, 45, 0, 0),
    "sus_episodes.csv": (3894, 3840, 0, 54),
    "trusts.csv": (10, 0, 0, 10),
}


@pytest.mark.parametrize("name", ROWS)
def test_each_linked_extract_is_accounted_for(
    linked: tuple[ImportReport, Store], peer_data: Path, name: str
) -> None:
    file = next(file for file in linked[0].files if file.path == name)
    assert (file.rows_read, file.kept, file.duplicates, file.set_aside) == ROWS[name]
    with (peer_data / "nhs-cross-sector-300" / name).open(newline="") as stream:
        assert file.rows_read == sum(1 for _ in csv.reader(stream)) - 1


def test_duplicates_are_exactly_the_repeated_rows(
    linked: tuple[ImportReport, Store], peer_data: Path
) -> None:
    lines = (peer_data / "nhs-cross-sector-300" / "patients.csv").read_text().splitlines()[1:]
    file = next(file for file in linked[0].files if file.path == "patients.csv")
    assert file.duplicates == len(lines) - len(set(lines))


def test_stays_that_end_before_they_start_are_set_aside_with_their_lines(
    linked: tuple[ImportReport, Store], peer_data: Path
) -> None:
    with (peer_data / "nhs-cross-sector-300" / "sus_episodes.csv").open(newline="") as stream:
        expected = [
            line
            for line, row in enumerate(csv.DictReader(stream), start=2)
            if row["discharge_date"] and row["discharge_date"] < row["admission_date"]
        ]
    file = next(file for file in linked[0].files if file.path == "sus_episodes.csv")
    assert file.reasons == {"has its end before its start": len(expected)}
    assert file.lines["has its end before its start"] == expected[:20]


def test_people_are_told_apart_and_doubts_are_said(linked: tuple[ImportReport, Store]) -> None:
    report, _ = linked
    assert report.people == 300
    said = "\n".join(report.conflicts)
    assert "stands for 3 local numbers whose dates of birth or sexes differ" in said
    assert said.count("their records agree, so they are one person") == 6


@pytest.mark.parametrize("name", ["practices.csv", "trusts.csv"])
def test_lookup_tables_are_reported_as_not_recognised(
    linked: tuple[ImportReport, Store], name: str
) -> None:
    file = next(file for file in linked[0].files if file.path == name)
    assert file.mapping is None
    assert "layout not recognised" in str(file.error)
    assert file.reasons == {"layout not recognised": file.rows_read}


def test_importing_the_peers_again_changes_nothing(
    linked: tuple[ImportReport, Store], peer_data: Path
) -> None:
    report, store = linked
    folder = peer_data / "nhs-cross-sector-300"
    again = import_extracts([folder], store, options=ImportOptions(), now=NOW)
    assert again.snapshot == report.snapshot
    assert again.kept == 0
