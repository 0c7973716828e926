"""Event logs become events with a start and an end; every row of the log counts once."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from theograph.errors import UnreadableSourceError
from theograph.sources.csv_file import read_csv
from theograph.sources.event_log import HEADERS, reshape_event_log
from theograph.sources.log_columns import find_log_columns
from theograph.sources.mapping import shipped_mappings
from theograph.sources.recognise import recognise_layout
from theograph.sources.rows import StagedSheet, stage_sheet

XES = "case:concept:name,concept:name,time:timestamp,lifecycle:transition"
WAYS_TO_WRITE_A_LOG = {
    "XES": f"{XES},org:resource,concept:instance",
    "pm4py intervals": "case:concept:name,concept:name,start_timestamp,time:timestamp",
    "bupaR": "handling,patient,employee,handling_id,registration_type,time,.order",
    "Disco": "Case ID,Activity,Start Timestamp,Complete Timestamp,Resource",
    "plain": "case_id,activity,timestamp",
    "Celonis": "CASE_KEY,ACTIVITY,EVENTTIME",
}
NO_LOGS = {
    "a list": "Patient,Date seen,Clinic,Type,Cost",
    "no activity": "case_id,timestamp,resource",
    "no time": "case_id,activity,resource",
    "a care plan": "Patient,Activity,Start,End,Cost",
    "nothing": "a,b,c",
}


@dataclass(frozen=True, slots=True)
class Reshaped:
    """A log as it came out: its rows by header, shortened, and what was said of it."""

    rows: list[dict[str, Any]]
    notes: str
    rows_read: int

    def events(self, *names: str) -> list[tuple[Any, ...]]:
        return [tuple(row[name] for name in names) for row in self.rows]


Reshape = Callable[[str], Reshaped | None]


@pytest.fixture(scope="module")
def reshape(tmp_path_factory: pytest.TempPathFactory) -> Reshape:
    sql = duckdb.connect()
    sql.execute("set timezone = 'UTC'")
    folder = tmp_path_factory.mktemp("logs")

    def reshape_text(text: str) -> Reshaped | None:
        file = folder / "log.csv"
        file.write_text(text, encoding="utf-8")
        sheet = stage_sheet(read_csv(file)[0], file, folder / "rows.parquet")
        log = reshape_event_log(sql, sheet, folder / "log.parquet")
        return None if log is None else read_back(sql, log)

    return reshape_text


def read_back(sql: duckdb.DuckDBPyConnection, log: StagedSheet) -> Reshaped:
    names = [header.removeprefix("event log ") for header in log.headers]
    cells = ", ".join(f'c{place} as "{name}"' for place, name in enumerate(names))
    found = sql.execute(
        f"select {cells}, source_row, problem, rows from read_parquet('{log.rows}') "
        "order by source_row"
    )
    columns = [column[0] for column in found.description]
    rows = [dict(zip(columns, row, strict=True)) for row in found.fetchall()]
    return Reshaped(rows, "\n".join(log.notes), log.rows_read)


def known(reshaped: Reshaped | None) -> Reshaped:
    assert reshaped is not None
    return reshaped


@pytest.mark.parametrize("way", WAYS_TO_WRITE_A_LOG)
def test_the_usual_spellings_of_a_log_are_known(way: str) -> None:
    assert find_log_columns(WAYS_TO_WRITE_A_LOG[way].split(",")).is_log


@pytest.mark.parametrize("case", NO_LOGS)
def test_what_is_no_log_is_left_alone(reshape: Reshape, case: str) -> None:
    assert reshape(NO_LOGS[case] + "\n1,2,3\n") is None


def test_the_headers_of_a_reshaped_log_are_those_of_its_mapping() -> None:
    mapping = recognise_layout(list(HEADERS), shipped_mappings(), name="log")
    assert mapping.name == "event_log"


def test_start_and_end_rows_are_joined_by_the_instance_of_the_activity(reshape: Reshape) -> None:
    log = known(
        reshape(
            "patient,handling,handling_id,registration_type,time,employee\n"
            "1,Triage,a,start,2024-01-05T10:00:00Z,r1\n"
            "1,Triage,b,start,2024-01-05T10:05:00Z,r2\n"
            "1,Triage,b,complete,2024-01-05T10:10:00Z,r2\n"
            "1,Triage,a,complete,2024-01-05T10:30:00Z,r1\n"
        )
    )
    assert log.events("start", "end", "resource", "instance", "source_row", "rows") == [
        ("2024-01-05T10:00:00.000000", "2024-01-05T10:30:00.000000", "r1", "a", 2, 2),
        ("2024-01-05T10:05:00.000000", "2024-01-05T10:10:00.000000", "r2", "b", 3, 2),
    ]


def test_without_an_instance_the_first_start_goes_with_the_first_end(reshape: Reshape) -> None:
    log = known(
        reshape(
            f"{XES}\n"
            "1,Scan,2024-01-05 10:00,start\n"
            "1,Bloods,2024-01-05 10:01,start\n"
            "1,Scan,2024-01-05 10:05,start\n"
            "2,Scan,2024-01-05 10:06,complete\n"
            "1,Scan,2024-01-05 10:20,complete\n"
            "1,Scan,2024-01-05 10:40,complete\n"
            "1,Bloods,2024-01-05 10:02,complete\n"
        )
    )
    found = [
        (case, what, start[11:16], end and end[11:16])
        for case, what, start, end in log.events("case", "activity", "start", "end")
    ]
    assert found == [
        ("1", "Scan", "10:00", "10:20"),
        ("1", "Bloods", "10:01", "10:02"),
        ("1", "Scan", "10:05", "10:40"),
        ("2", "Scan", "10:06", None),
    ]


def test_a_start_that_nothing_ends_has_no_end_and_an_end_that_nothing_started_is_a_point(
    reshape: Reshape,
) -> None:
    log = known(
        reshape(
            f"{XES}\n"
            "1,Scan,2024-01-05 09:00,complete\n"
            "1,Scan,2024-01-05 10:00,start\n"
            "1,Scan,2024-01-05 11:00,complete\n"
            "1,Scan,2024-01-05 12:00,start\n"
        )
    )
    assert [(start[11:13], end and end[11:13]) for start, end in log.events("start", "end")] == [
        ("09", None),
        ("10", "11"),
        ("12", None),
    ]
    assert log.events("rows") == [(1,), (2,), (1,)]
    assert "1 start without an end" in log.notes
    assert "1 end without a start" in log.notes


def test_an_instance_that_ends_before_it_starts_stays_together_to_be_set_aside(
    reshape: Reshape,
) -> None:
    log = known(
        reshape(
            f"{XES},concept:instance\n"
            "1,Scan,2024-01-05 11:00,start,i\n"
            "1,Scan,2024-01-05 10:00,complete,i\n"
        )
    )
    assert [(start[11:13], end[11:13]) for start, end in log.events("start", "end")] == [
        ("11", "10")
    ]


def test_one_row_may_hold_both_ends(reshape: Reshape) -> None:
    log = known(
        reshape(
            "Case ID,Activity,Start Timestamp,Complete Timestamp,Resource\n"
            "7,X-ray,2024/01/05 10:00:00.000,2024/01/05 10:20:00.000,Ann\n"
            "7,Discharge,,2024/01/05 12:00:00.000,Ann\n"
        )
    )
    assert log.events("activity", "start", "end") == [
        ("X-ray", "2024-01-05T10:00:00.000000", "2024-01-05T10:20:00.000000"),
        ("Discharge", "2024-01-05T12:00:00.000000", None),
    ]


def test_a_person_may_have_many_cases(reshape: Reshape) -> None:
    log = known(reshape("case_id,patient_id,activity,timestamp\nv1,P1,Visit,2024-01-05 10:00\n"))
    assert log.events("person", "case") == [("P1", "v1")]


def test_steps_between_start_and_end_are_set_aside_with_the_reason(reshape: Reshape) -> None:
    log = known(reshape(f"{XES}\n1,Scan,2024-01-05 10:00,suspend\n"))
    assert log.events("problem") == [("is a step that neither starts nor ends an activity",)]


def test_the_order_of_dates_is_found_over_the_whole_column(reshape: Reshape) -> None:
    log = known(
        reshape(
            f"{XES}\n"
            "1,Scan,03/04/2024 10:00,start\n"
            "1,Scan,03/04/2024 11:00,complete\n"
            "2,Scan,25/04/2024 10:00,complete\n"
        )
    )
    assert log.events("start")[0] == ("2024-04-03T10:00:00.000000",)
    assert "time:timestamp: day first, as 25/04/2024 10:00 shows" in log.notes


def test_a_column_of_both_orders_is_refused_before_it_is_split(reshape: Reshape) -> None:
    with pytest.raises(UnreadableSourceError, match="mixes day-first and month-first"):
        reshape(f"{XES}\n1,Scan,25/04/2024 10:00,start\n1,Scan,04/26/2024 11:00,complete\n")


SECTOR_OF = {
    "ED triage": "ed",
    "A&E arrival": "ed",
    "Ward round": "hospital",
    "GP visit": "gp",
    "Outpatient clinic": "outpatients",
    "Community mental health review": "mental_health",
    "Ambulance conveyance": "ambulance",
    "District nurse visit": "community",
    "NHS 111 call": "nhs111",
    "Home care assessment": "social_care",
    "Lunch club": "voluntary",
    "Dispensing": "pharmacy",
    "Blood test": "hospital",
}


def test_sectors_come_from_words_and_what_none_tells_is_said(reshape: Reshape) -> None:
    rows = "".join(f"1,{what},2024-01-05 10:00\n" for what in SECTOR_OF)
    log = known(reshape(f"case_id,activity,timestamp\n{rows}"))
    assert dict(log.events("activity", "sector")) == SECTOR_OF
    assert "nothing says where 1 event took place: taken as hospital stay" in log.notes
    assert "give a mapping to say otherwise" in log.notes
    assert "A&E 2" in log.notes


def test_a_department_tells_the_sector_before_the_activity(reshape: Reshape) -> None:
    log = known(
        reshape(
            "case_id,activity,timestamp,org:group,org:resource\n"
            "1,Ward round,2024-01-05 10:00,Mental_health,GP Smith\n"
            "1,Bloods,2024-01-05 10:00,,GP surgery\n"
        )
    )
    assert log.events("sector", "department") == [("mental_health", "Mental_health"), ("gp", None)]


def test_columns_that_are_not_read_are_named(reshape: Reshape) -> None:
    log = known(reshape("case_id,activity,timestamp,diagnosis\n1,Scan,2024-01-05 10:00,flu\n"))
    assert "columns not read: diagnosis" in log.notes


def test_an_instance_told_twice_is_no_id_of_an_event(reshape: Reshape) -> None:
    log = known(
        reshape(
            f"{XES},concept:instance\n"
            "1,Scan,2024-01-05 10:00,complete,1\n"
            "1,Bloods,2024-01-05 10:00,complete,1\n"
            "2,Scan,2024-01-05 10:00,complete,1\n"
        )
    )
    assert log.events("person", "activity", "instance") == [
        ("1", "Scan", None),
        ("1", "Bloods", None),
        ("2", "Scan", "1"),
    ]


CELLS = {
    "case": st.sampled_from(["1", "2", ""]),
    "activity": st.sampled_from(["Scan", "ED triage", ""]),
    "time": st.sampled_from(
        ["2024-01-05 10:00", "2024-01-05 11:00", "2024-01-06T09:00:00Z", "1900-01-01", "soon", ""]
    ),
    "lifecycle": st.sampled_from(["start", "COMPLETE", "complete", "schedule", "", "start"]),
    "instance": st.sampled_from(["", "", "i", "j"]),
}


@given(rows=st.lists(st.tuples(*CELLS.values()), max_size=14))
def test_any_log_counts_every_row_once_and_invents_no_event(
    reshape: Reshape, rows: list[tuple[str, ...]]
) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([(*XES.split(","), "concept:instance"), *rows])
    log = known(reshape(text.getvalue()))
    assert sum(row["rows"] for row in log.rows) == log.rows_read
    lines = [row["source_row"] for row in log.rows]
    assert len(set(lines)) == len(lines)
    for row in log.rows:
        own = rows[row["source_row"] - 2]
        assert (row["person"] or "", row["activity"] or "") == own[:2]
        assert (row["rows"] == 2) == (row["end"] is not None)
    told = Counter((case, what) for case, what, _, step, _ in rows if step.lower() == "complete")
    ended = Counter((row["person"] or "", row["activity"] or "") for row in log.rows if row["end"])
    assert ended <= told


def test_a_log_goes_into_the_account_row_by_row(tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    file.write_text(f"{XES}\n1,Scan,2024-01-05 10:00,start\n1,Scan,2024-01-05 11:00,complete\n")
    with duckdb.connect() as sql:
        sheet = stage_sheet(read_csv(file)[0], file, tmp_path / "rows.parquet")
        log = reshape_event_log(sql, sheet, tmp_path / "log.parquet")
        assert log is not None
        (weights,) = sql.execute(f"select list(rows) from read_parquet('{log.rows}')").fetchall()
    assert (log.rows_read, weights[0]) == (2, [2])
