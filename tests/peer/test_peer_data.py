"""The peers' own samples read as their files say, checked against a second copy or by hand."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from theograph.importing import ImportOptions, import_extracts
from theograph.sources.quality import ImportReport
from theograph.store import Store

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


# Missed opportunities, each count made again with loops over the raw files.

AS_OF = date(2024, 1, 1)
Row = dict[str, str]
Found = set[tuple[str, str]]


def read_csv(peer_data: Path, name: str) -> list[Row]:
    with (peer_data / "nhs-cross-sector-300" / name).open(newline="") as stream:
        return list(csv.DictReader(stream))


def read_found(store: Store, rule: str) -> list[dict[str, object]]:
    import pyarrow.parquet as pq

    rows = pq.read_table(store.current().table("opportunities")).to_pylist()
    return [row for row in rows if row["rule"] == rule]


def name_found(rows: list[dict[str, object]]) -> Found:
    return {(str(row["anchor"]), str(row["signal_at"])[:10]) for row in rows}


def read_stays(peer_data: Path) -> dict[str, list[dict[str, Any]]]:
    """Spells by person: the episodes of one trust that begin on one day."""
    episodes: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in read_csv(peer_data, "sus_episodes.csv"):
        if row["discharge_date"] >= row["admission_date"]:
            episodes[row["patient_id"], row["trust_code"], row["admission_date"]].append(row)
    stays = defaultdict(list)
    for (person, _, admitted), rows in episodes.items():
        stays[person].append(
            {
                "id": min(row["episode_id"] for row in rows),
                "admitted": date.fromisoformat(admitted),
                "left": max(date.fromisoformat(row["discharge_date"]) for row in rows),
                "emergency": any(row["admission_method"].startswith("2") for row in rows),
                "alive": any(row["discharge_destination"] != "79" for row in rows),
                "home": any(
                    row["admission_method"].startswith("2") and row["discharge_destination"] == "19"
                    for row in rows
                ),
                "treatment": any(row["primary_diagnosis"] == "Z51" for row in rows),
            }
        )
    return stays


def test_300_people_are_screened_and_say_where_no_extract_reaches(
    linked: tuple[ImportReport, Store],
) -> None:
    import pyarrow.parquet as pq

    rows = pq.read_table(linked[1].current().table("opportunities")).to_pylist()
    assert linked[1].current().as_of == AS_OF
    assert {row["status"] for row in rows} == {"missed", "met", "not_assessable"}
    # Nobody sent a surgery's extract, so that no rule may say that the surgery did nothing.
    assert {row["rule"] for row in rows if row["status"] == "missed"} == {"R04"}
    assert all("gp" in row["uncovered"] for row in rows if row["status"] == "not_assessable")


def test_r04_readmissions_are_those_of_a_loop_over_the_file(
    linked: tuple[ImportReport, Store], peer_data: Path
) -> None:
    expected = set()
    for stays in read_stays(peer_data).values():
        for stay in stays:
            first = stay["admitted"] - timedelta(29)
            others = [other for other in stays if other is not stay]
            before = [o for o in others if o["alive"] and first <= o["left"] <= stay["admitted"]]
            excused = any(
                o["treatment"] and o["admitted"] <= stay["admitted"] and o["left"] >= first
                for o in others
            )
            if stay["emergency"] and before and not excused:
                expected.add((stay["id"], str(stay["admitted"])))
    assert len(expected) == 880
    assert name_found(read_found(linked[1], "R04")) == expected


def test_r05_contacts_after_going_home_are_those_of_a_loop_over_the_files(
    linked: tuple[ImportReport, Store], peer_data: Path
) -> None:
    contacts = defaultdict(list)
    for row in read_csv(peer_data, "csds_contacts.csv"):
        if row["service_name"] != "Community mental health":
            on = date.fromisoformat(row["contact_date"])
            contacts[row["patient_id"]].append((on, row["contact_id"]))
    expected: dict[tuple[str, str], str | None] = {}
    for person, stays in read_stays(peer_data).items():
        for stay in (s for s in stays if s["home"] and s["left"] <= AS_OF):
            home = stay["left"]
            others = [o for o in stays if o is not stay and o["admitted"] <= AS_OF]
            if any(o["admitted"] <= home + timedelta(3) and o["left"] >= home for o in others):
                continue
            year = [o for o in others if home - timedelta(365) <= o["admitted"] <= home]
            within = 3 if any(o["emergency"] for o in year) else 7
            seen = sorted(c for c in contacts[person] if 0 <= (c[0] - home).days <= within)
            expected[stay["id"], str(home)] = seen[0][1] if seen else None
    found = read_found(linked[1], "R05")
    assert len(expected) == len(found) == 969
    assert sum(answer is not None for answer in expected.values()) == 15
    assert {
        (str(row["anchor"]), str(row["signal_at"])[:10]): row["response"] for row in found
    } == expected


def read_attendances(peer_data: Path) -> dict[str, list[tuple[datetime, str, str]]]:
    attendances = defaultdict(list)
    for row in read_csv(peer_data, "ecds_attendances.csv"):
        at = datetime.fromisoformat(row["arrival_datetime"])
        attendances[row["patient_id"]].append(
            (at, row["attendance_id"], row["presenting_complaint"])
        )
    return {person: sorted(rows) for person, rows in attendances.items()}


def test_r02_frequent_attendances_are_those_of_a_loop_over_the_file(
    linked: tuple[ImportReport, Store], peer_data: Path
) -> None:
    expected = set()
    for attendances in read_attendances(peer_data).values():
        kept: date | None = None
        days = [at.date() for at, _, _ in attendances]
        for number, (_, key, _) in enumerate(attendances):
            day = days[number]
            recent = sum((day - one).days < 180 for one in days[: number + 1])
            earlier = sum(180 <= (day - one).days < 360 for one in days[: number + 1])
            often = (number >= 4 and (day - days[number - 4]).days <= 365) or (
                number >= 2 and (day - days[number - 2]).days <= 90
            )
            rising = recent >= 3 and recent >= 2 * earlier
            if (often or rising) and (kept is None or (day - kept).days >= 90):
                kept = day
                expected.add((key, str(day)))
    assert len(expected) == 648
    assert name_found(read_found(linked[1], "R02")) == expected


def test_r28_attendances_for_mental_health_are_those_of_a_loop_over_the_file(
    linked: tuple[ImportReport, Store], peer_data: Path
) -> None:
    expected = set()
    for attendances in read_attendances(peer_data).values():
        kept: date | None = None
        for at, key, complaint in attendances:
            late = kept is None or (at.date() - kept).days >= 7
            if complaint == "Mental health" and late:
                kept = at.date()
                expected.add((key, str(kept)))
    assert len(expected) == 104
    assert name_found(read_found(linked[1], "R28")) == expected
