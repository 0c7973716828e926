"""A draft proposes what each column is, says how sure it is, and reads the file."""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from theograph.errors import TheographError
from theograph.sources.csv_file import read_csv
from theograph.sources.draft import Draft, draft_mapping, write_draft
from theograph.sources.extract import open_extract
from theograph.sources.mapping import Blank, Constant, DateAndTime, FromColumn, Use, parse_mapping
from theograph.sources.rows import StagedSheet, stage_sheet

Drafted = Callable[..., Draft]

CLINIC = (
    "Patient,Date seen,Clinic,Type,Cost\n"
    "P001,25/04/2024,Podiatry,Foot check,45.00\n"
    "P002,03/05/2024,Podiatry,Foot check,£45.00\n"
)
HUB = (
    "Client name;When;What happened;DNA?;Where\n"
    "Joan Whitfield;3 April 2024;Lunch club;N;Hub\n"
    "Anna Bell;25 April 2024;Befriending visit;Y;Home\n"
)
TEAM = (
    "NHS Number,DOB,Referral received,Seen on,Time,Team,Attended,Mins,Method\n"
    "943 476 5919,01/02/1940,01/03/24,25/03/24,10:30,Podiatry,Yes,30,Telephone\n"
    "943 476 5919,01/02/1940,01/03/24,26/03/24,11:30,Podiatry,No,0,Face to face\n"
)
MIXED = (
    "ref,hospital number,admitted,discharged,event type,sub type,dept\n"
    "r1,H1,2024-01-02,2024-01-05,Hospital,Day case,Ward 3\n"
    "r2,H1,2024-02-02,2024-02-02,Outpatient,Fracture clinic,Clinic B\n"
    "r3,H2,2024-03-02,2024-03-02,A&E,Minor injury,Majors\n"
)
NINE_VALUES = {f"value {number}": "ed" for number in range(9)}
PEOPLE = "Patient ID,DOB,Sex\n1,31/01/1940,F\n2,01/02/1950,M\n"


FILES = {"clinic": CLINIC, "hub": HUB, "team": TEAM, "mixed": MIXED, "people": PEOPLE}


@pytest.fixture(scope="module")
def sql() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("set timezone = 'UTC'")
    return connection


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("drafts")


def stage(text: str, folder: Path, name: str = "list.csv") -> StagedSheet:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return stage_sheet(read_csv(file)[0], file, folder / "rows.parquet")


@pytest.fixture(scope="module")
def drafted(sql: duckdb.DuckDBPyConnection, folder: Path) -> Drafted:
    return lambda text, name="list.csv": draft_mapping(sql, stage(text, folder, name))


def headers(draft: Draft) -> dict[str, str]:
    return {column: guess.header for column, guess in draft.guesses.items()}


def test_a_plain_list_is_drafted_in_fifteen_lines(drafted: Drafted) -> None:
    draft = drafted(CLINIC)
    assert headers(draft) == {
        "local_id": "Patient",
        "start": "Date seen",
        "kind": "Type",
        "team": "Clinic",
        "cost_gbp": "Cost",
        "sector": "Clinic",
    }
    assert draft.columns["sector"] == Constant(text="community")
    assert len(draft.text.splitlines()) <= 15
    assert 'start = "Date seen"  ' in draft.text
    assert "# sure: by its name; day first, as 25/04/2024 shows" in draft.text


def test_dates_that_need_a_form_are_given_one(drafted: Drafted) -> None:
    draft = drafted(HUB)
    assert tomllib.loads(draft.text)["dates"] == {"When": "%d %B %Y"}
    assert draft.guesses["local_id"].confidence == "perhaps"
    assert "names" in draft.guesses["local_id"].why
    assert draft.columns["sector"] == Constant(text="voluntary")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (HUB, {"N": "attended", "Y": "did_not_attend"}),
        (TEAM, {"Yes": "attended", "No": "did_not_attend"}),
    ],
    ids=["dna", "attended"],
)
def test_yes_means_what_the_header_asks(
    drafted: Drafted, text: str, expected: dict[str, str]
) -> None:
    status = drafted(text).columns["status"]
    assert isinstance(status, FromColumn)
    assert status.values == expected


def test_a_time_apart_goes_with_its_date_and_a_birthday_with_the_person(drafted: Drafted) -> None:
    draft = drafted(TEAM)
    assert draft.columns["start"] == DateAndTime(date="Seen on", time="Time")
    assert draft.columns["requested_at"] == "Referral received"
    assert draft.people == {"nhs_number": "NHS Number", "date_of_birth": "DOB"}
    assert draft.guesses["nhs_number"].why == "valid NHS numbers"
    assert "date_of_birth" not in draft.columns


def test_where_one_column_names_the_sectors_another_says_what_happened(drafted: Drafted) -> None:
    draft = drafted(MIXED)
    assert draft.columns["sector"] == FromColumn(
        column="event type",
        values={"A&E": "ed", "Hospital": "hospital", "Outpatient": "outpatients"},
        other=Use(use="ed"),
    )
    assert draft.columns["kind"] == "sub type"
    assert (draft.columns["start"], draft.columns["end"]) == ("admitted", "discharged")


def test_what_no_column_tells_is_a_constant_to_change(drafted: Drafted) -> None:
    draft = drafted("Client ID,Start Date\n1,2024-01-02\n")
    assert draft.columns["sector"] == Constant(text="community")
    assert draft.columns["kind"] == Constant(text="Contact")
    assert draft.text.count("# change this: ") == 2
    assert draft.usable


@pytest.mark.parametrize(
    ("name", "sector"), [("Podiatry list.csv", "community"), ("ecds_2024.csv", "ed")]
)
def test_the_name_of_the_file_may_tell_the_sector(drafted: Drafted, name: str, sector: str) -> None:
    draft = drafted("Client ID,Start Date,Note\n1,2024-01-02,x\n", name)
    assert draft.columns["sector"] == Constant(text=sector)
    assert "# perhaps: the names of the file and its columns say so" in draft.text


def test_a_weekly_cost_is_a_rate(drafted: Drafted) -> None:
    draft = drafted("Client ID,Start Date,Type,Weekly cost\n1,2024-01-02,Home care,230.50\n")
    assert draft.columns["recorded_rate_gbp"] == "Weekly cost"
    assert draft.columns["recorded_rate_unit"] == Constant(text="week")
    assert "cost_gbp" not in draft.columns


def test_a_discharge_destination_is_no_charge(drafted: Drafted) -> None:
    draft = drafted("Client ID,Start Date,Type,discharge_destination\n1,2024-01-02,Stay,19\n")
    assert "cost_gbp" not in draft.columns


def test_a_list_of_people_is_drafted_as_people(drafted: Drafted) -> None:
    draft = drafted(PEOPLE)
    assert draft.lacks == ("date",)
    assert draft.usable
    assert tomllib.loads(draft.text)["people"] == {
        "local_id": "Patient ID",
        "date_of_birth": "DOB",
        "sex": "Sex",
    }


@pytest.mark.parametrize(
    ("text", "lacks"),
    [
        ("practice_code,town\nA1,Ely\n", ("person", "date")),
        ("Patient,Type\n1,Visit\n", ("date",)),
        ("Date seen,Type\n2024-01-02,Visit\n", ("person",)),
        ("Patient,Date seen,Type\n", ("person", "date")),
    ],
    ids=["lookup", "no-date", "nobody", "no-rows"],
)
def test_what_an_event_needs_and_no_column_gives_is_said(
    drafted: Drafted, text: str, lacks: tuple[str, ...]
) -> None:
    draft = drafted(text)
    assert draft.lacks == lacks
    assert not draft.usable


@pytest.mark.parametrize("text", FILES.values(), ids=FILES)
def test_a_draft_reads_every_row_of_its_file(
    sql: duckdb.DuckDBPyConnection, folder: Path, text: str
) -> None:
    sheet = stage(text, folder)
    mapping = draft_mapping(sql, sheet).mapping("own")
    extract = open_extract(sql, sheet, mapping)
    rows = sql.execute(f"select reason from ({extract.queries[extract.primary]})").fetchall()
    assert [reason for (reason,) in rows] == [None] * sheet.rows_read


def test_what_is_written_is_what_was_meant() -> None:
    columns = {
        "local_id": 'a "quoted" \\ header',
        "start": DateAndTime(date="Day", time="Clock"),
        "ongoing": Blank(blank="Naïve £ 😀\x7f"),
        "sector": FromColumn(column="S", values=NINE_VALUES, other=Use(use="gp")),
        "kind": Constant(text="two\nlines"),
    }
    text = write_draft("T", ["S"], columns, comments={"kind": "one\ntwo", "sector": "why"})
    assert parse_mapping("own", text, file="own.toml").events == columns
    assert max(map(len, text.splitlines())) <= 100


HEADERS = st.sampled_from(
    ["Patient", "Patient ID", "NHS number", "Name", "Date", "Date seen", "Time", "Type", "Clinic",
     "Cost", "Weekly cost", "Status", "Attended", "DNA", "Sector", "Mode", "End date", "DOB", "Sex",
     "Id", "Notes", "patient", "#", "", "Type ", "a=b", 'q"q', "line\nbreak", "[x]", "é", "\\"]
)  # fmt: skip
TEXTS = st.sampled_from(
    ["1", "P1", "9434765919", "2024-01-02", "25/04/2024", "04/25/2024", "3 May 2024", "01/02/24",
     "10:30", "0.5", "45.00", "£3", "yes", "N", "DNA", "gp", "Ward 3", "A&E", "Joan Bell", "", "-",
     'a "b"', "\x7f", "null", "1900-01-01", "x" * 90]
)  # fmt: skip


@given(
    names=st.lists(HEADERS | st.text(max_size=8), min_size=1, max_size=7),
    rows=st.lists(st.lists(TEXTS, min_size=7, max_size=7), max_size=6),
)
def test_any_file_gets_a_draft_that_reads_it_or_says_what_it_lacks(
    sql: duckdb.DuckDBPyConnection, folder: Path, names: list[str], rows: list[list[str]]
) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([names, *(row[: len(names)] for row in rows)])
    try:
        sheet = stage(text.getvalue().encode("utf-8", "replace").decode(), folder)
    except TheographError:
        return
    draft = draft_mapping(sql, sheet)
    tomllib.loads(draft.text)
    assert {guess.confidence for guess in draft.guesses.values()} <= {"sure", "likely", "perhaps"}
    if not draft.usable:
        assert draft.lacks
        return
    try:
        extract = open_extract(sql, sheet, draft.mapping("own"))
    except TheographError as error:
        assert "mixes day-first and month-first" in str(error)
        return
    (found,) = sql.execute(f"select count(*) from ({extract.queries[extract.primary]})").fetchall()
    assert found[0] == sheet.rows_read
