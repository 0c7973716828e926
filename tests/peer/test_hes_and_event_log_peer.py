"""HES A&E and a process-mining log that nobody here wrote, counted again by hand."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow.parquet as pq
import pytest

from theograph.importing import ImportOptions, import_extracts
from theograph.importing.preview import preview_file
from theograph.sources.quality import FileReport
from theograph.store import Store

pytestmark = pytest.mark.peer_data
NOW = datetime(2026, 6, 1, tzinfo=UTC)
Rows = list[dict[str, Any]]
Read = tuple[FileReport, Rows, Rows]


def read_file(file: Path, store: Store) -> Read:
    """The account of the file, its events, and the rows as the file has them."""
    report = import_extracts([file], store, options=ImportOptions(), now=NOW)
    with file.open(newline="") as stream:
        raw = list(csv.DictReader(stream))
    return report.files[0], pq.read_table(store.current().table("events")).to_pylist(), raw


@pytest.fixture(scope="module")
def hes(peer_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Read:
    (file,) = (peer_data / "nhs-artificial-hes").glob("*.csv")
    return read_file(file, Store(tmp_path_factory.mktemp("hes")))


@pytest.fixture(scope="module")
def log(peer_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Read:
    file = peer_data / "eventlog-bupar-patients" / "patients.csv"
    return read_file(file, Store(tmp_path_factory.mktemp("log")))


def test_every_attendance_is_kept_once(hes: Read) -> None:
    account, events, raw = hes
    assert (account.mapping, account.rows_read, account.kept) == ("hes_ae", 1000, 1000)
    assert {event["event_id"] for event in events} == {row["AEKEY"] for row in raw}
    people = {event["person_ref"] for event in events}
    assert len(people) == len({row["PSEUDO_HESID"] for row in raw}) == 672


def test_unknown_times_leave_the_day_and_known_ones_are_read(hes: Read) -> None:
    _, events, raw = hes
    expected = {
        row["AEKEY"]: datetime.fromisoformat(f"{row['ARRIVALDATE']}T{row['ARRIVALTIME']}")
        for row in raw
        if row["ARRIVALTIME"] != "4000"
    }
    found = {event["event_id"]: event["start"] for event in events if event["has_time"]}
    assert found == expected


def test_those_who_left_and_those_who_were_admitted_are_as_many_as_the_codes_say(
    hes: Read,
) -> None:
    _, events, raw = hes
    codes = Counter(row["AEATTENDDISP"] for row in raw)
    statuses = Counter(event["status"] for event in events)
    assert statuses["left_before_seen"] == codes["12"] + codes["13"]
    outcomes = Counter(event["outcome"] for event in events)
    assert outcomes["Admitted to a ward"] == codes["01"]
    assert outcomes[None] == codes["14"] + codes["99"]


def test_blank_padded_codes_are_no_codes(hes: Read) -> None:
    _, events, raw = hes
    expected = sum(bool(row["DIAG2_01"].strip(" -&")) for row in raw if row["DIAGSCHEME"] == "01")
    assert sum(event["code"] is not None for event in events) == expected
    assert not any((event["code"] or "").endswith(("-", "&", " ")) for event in events)


def test_every_row_of_the_log_is_accounted_for_in_pairs(log: Read) -> None:
    account, events, raw = log
    assert (account.rows_read, account.kept, account.set_aside) == (5442, 5442, 0)
    assert account.mapping == "event_log"
    assert len(events) == 2721
    assert len({event["person_ref"] for event in events}) == 500
    counted = Counter(row["handling"] for row in raw if row["registration_type"] == "start")
    assert Counter(event["kind"] for event in events) == counted


def test_start_and_end_are_those_of_the_instance(log: Read) -> None:
    _, events, raw = log
    times: dict[str, dict[str, datetime]] = {}
    for row in raw:
        instant = datetime.fromisoformat(row["time"]).astimezone(ZoneInfo("Europe/London"))
        step = times.setdefault(row["handling_id"], {})
        step[row["registration_type"]] = instant.replace(tzinfo=None)
    found = {event["event_id"]: (event["start"], event["end"]) for event in events}
    assert found == {key: (step["start"], step["complete"]) for key, step in times.items()}


def test_the_account_says_what_was_decided(log: Read) -> None:
    notes = " ".join(log[0].notes)
    for words in (
        "each 'patient' is a person",
        "2,721 with start and end joined by handling_id",
        "nothing says where 2,721 events took place: taken as hospital stay",
    ):
        assert words in notes


def test_every_csv_there_is_can_be_tried(peer_data: Path) -> None:
    for file in sorted(peer_data.rglob("*.csv")):
        for seen in preview_file(file):
            known = seen.mapping or seen.family or (seen.draft and seen.draft.text)
            assert known, file.name
            usable = seen.mapping is not None or (seen.draft is not None and seen.draft.usable)
            if usable and seen.family is None and seen.rows_seen:
                assert seen.kept or seen.reasons, file.name
