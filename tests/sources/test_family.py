"""Families: which sheets belong together, and what is made of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from theograph.errors import MappingError
from theograph.sources.csv_file import read_csv
from theograph.sources.family import (
    Family,
    FamilyGroup,
    PlacedSheet,
    find_passing_over,
    find_table,
    group_sheets,
    parse_family,
    shipped_families,
)
from theograph.sources.gather import gather_sheets
from theograph.sources.mapping import find_mapping
from theograph.sources.rows import StagedSheet, stage_sheet

CLINIC = """
title = "A clinic's two tables"
source = "invented"
together = "{together}"
needs = ["patient"]
ids_end = "_no"

[tables.patient]
recognise = ["patient_no", "born"]
columns = ["town"]

[tables.contact]
recognise = ["patient_no", "seen on"]
columns = ["place_no"]

[tables.call]
recognise = ["patient_no", "seen on"]
named = ["calls"]

[tables.long_contact]
recognise = ["patient_no", "seen on", "until"]

[tables.place]
recognise = ["place_no", "called"]

[tables.till]
recognise = ["till", "takings"]
passed_over = true

[macros]
"loud(words)" = "upper(words)"

[lookups]
site = "select place_no, any_value(loud(called)) as called from place group by place_no"

[sheets.clinic_patient]
from = "patient"
query = "select patient_no, born, town, source_row, problem, file_no, source_file from patient"

[sheets.clinic_contact]
from = "contact"
query = '''{query}'''
"""
CONTACTS = """
select c.patient_no, "seen on", called, source_row, problem, file_no, source_file
from contact c left join site using (place_no)
"""
PATIENTS = "PATIENT_NO,Born\n1,2001-05-04\n2,1950-01-31\n"


def clinic(*, together: str = "folder", query: str = CONTACTS) -> Family:
    return parse_family("clinic", CLINIC.replace("{together}", together).replace("{query}", query))


def place(folder: Path, files: dict[str, str]) -> list[PlacedSheet]:
    """The files written and staged."""
    placed = []
    for number, (name, text) in enumerate(files.items()):
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        (sheet,) = read_csv(path)
        rows = folder / f"{number}.parquet"
        placed.append(PlacedSheet(stage_sheet(sheet, path, rows), number, name))
    return placed


@pytest.fixture
def sql() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def gather(
    sql: duckdb.DuckDBPyConnection, folder: Path, files: dict[str, str], family: Family
) -> dict[str, list[dict[str, object]]]:
    """What the one group of `files` gives, rows as values by header, by mapping."""
    (group,) = group_sheets([family], place(folder, files))
    gathered = gather_sheets(sql, group, folder)
    return {name: _rows(sql, sheet) for name, sheet in gathered.items()}


def _rows(sql: duckdb.DuckDBPyConnection, sheet: StagedSheet) -> list[dict[str, object]]:
    assert sheet.gathered
    table = sql.sql(f"from read_parquet('{sheet.rows}') order by file_no, source_row")
    names = {f"c{position}": header for position, header in enumerate(sheet.headers)}
    columns = [names.get(column, column) for column in table.columns]
    return [dict(zip(columns, row, strict=True)) for row in table.fetchall()]


def test_a_sheet_is_the_most_demanding_table_that_its_headers_fit() -> None:
    headers = ["Seen-On", "PATIENTNO", "Until", "more"]
    assert find_table(clinic(), "x.csv", Path("x.csv"), headers) == "long_contact"
    assert find_table(clinic(), "x.csv", Path("x.csv"), headers[:2]) == "contact"
    assert find_table(clinic(), "x.csv", Path("x.csv"), headers[:1]) is None


@pytest.mark.parametrize("name", ["CALLS.csv", "book.xlsx#Calls", "d.duckdb: main.calls"])
def test_a_table_may_have_to_bear_its_name_in_a_file_or_as_one(name: str) -> None:
    path = Path("f") / name.partition("#")[0].partition(":")[0]
    family = clinic()
    only = family.model_copy(update={"tables": {"call": family.tables["call"]}})
    assert find_table(only, name, path, ["patient_no", "seen_on"]) == "call"
    assert find_table(only, "other.csv", Path("other.csv"), ["patient_no", "seen_on"]) is None


def test_tables_of_two_folders_are_not_joined(tmp_path: Path) -> None:
    files = {
        "a/p.csv": PATIENTS,
        "a/c.csv": "patient_no,seen_on\n1,2020-01-01\n",
        "b/p.csv": PATIENTS,
        "c/c.csv": "patient_no,seen_on\n1,2020-01-01\n",
    }
    groups = group_sheets([clinic()], place(tmp_path, files))
    assert [sorted(group.tables) for group in groups] == [["contact", "patient"], ["patient"]]
    (whole,) = group_sheets([clinic(together="import")], place(tmp_path, files))
    assert {table: len(sheets) for table, sheets in whole.tables.items()} == {
        "patient": 2,
        "contact": 2,
    }


def test_a_family_without_a_table_that_it_needs_is_none(tmp_path: Path) -> None:
    placed = place(tmp_path, {"c.csv": "patient_no,seen_on\n1,2020-01-01\n"})
    assert group_sheets([clinic()], placed) == []


def test_a_sheet_belongs_to_the_first_family_that_it_fits(tmp_path: Path) -> None:
    placed = place(tmp_path, {"p.csv": PATIENTS})
    second = clinic().model_copy(update={"name": "second"})
    assert [group.family.name for group in group_sheets([clinic(), second], placed)] == ["clinic"]


def test_rows_keep_their_place_and_columns_that_a_file_lacks_are_empty(
    sql: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    files = {
        "p.csv": PATIENTS,
        "jan.csv": "patient_no,seen_on\n1,2020-01-01\n2,2020-01-02\n",
        "feb.csv": "Place_No,Seen On,Patient_No\n7.0,2020-02-01,1.0\n",
        "places.csv": "place_no,called\n7,North\n",
    }
    found = gather(sql, tmp_path, files, clinic())
    contacts = found["clinic_contact"]
    assert [(row["file_no"], row["source_row"]) for row in contacts] == [(1, 2), (1, 3), (2, 2)]
    assert [row["called"] for row in contacts] == [None, None, "NORTH"]
    assert [row["patient_no"] for row in contacts] == ["1", "2", "1"]
    assert [row["town"] for row in found["clinic_patient"]] == [None, None]


def test_a_row_that_could_not_be_read_keeps_its_problem(
    sql: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    files = {"p.csv": PATIENTS + "PATIENT_NO,Born\n3\n"}
    found = gather(sql, tmp_path, files, clinic())
    assert [row["problem"] for row in found["clinic_patient"]] == [
        None,
        None,
        "repeats the header",
        "has fewer cells than the header",
    ]


@pytest.mark.parametrize(
    "query",
    [
        CONTACTS.replace("site using", "(select place_no, called from place) using"),
        f"{CONTACTS} where source_row > 2",
    ],
    ids=["doubles", "leaves out"],
)
def test_a_query_that_does_not_give_every_row_once_is_refused(
    sql: duckdb.DuckDBPyConnection, tmp_path: Path, query: str
) -> None:
    files = {
        "p.csv": PATIENTS,
        "c.csv": "patient_no,seen_on,place_no\n1,2020-01-01,7\n2,2020-01-01,7\n",
        "places.csv": "place_no,called\n7,North\n7,The same\n",
    }
    with pytest.raises(MappingError, match=r"clinic.toml: . rows for the 2 of c.csv"):
        gather(sql, tmp_path, files, clinic(query=query))


def test_the_tables_of_a_family_are_gone_once_it_is_read(
    sql: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    for _ in range(2):
        gather(sql, tmp_path, {"p.csv": PATIENTS}, clinic())
    assert sql.sql("from duckdb_schemas() where schema_name = 'family'").fetchall() == []
    assert sql.sql("select current_setting('search_path')").fetchall() in ([("",)], [("main",)])


def test_a_table_that_nothing_is_made_of_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "till.csv"
    path.write_text("Till,Takings\n1,2.50\n")
    (sheet,) = read_csv(path)
    found = find_passing_over([clinic()], sheet, path)
    assert found is not None
    assert found.name == "clinic"
    path.write_text(PATIENTS)
    (sheet,) = read_csv(path)
    assert find_passing_over([clinic()], sheet, path) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title = ", "not valid TOML"),
        ('title = "x"', "source: Field required"),
        (CLINIC.replace('needs = ["patient"]', 'needs = ["nurse"]'), "no table 'nurse'"),
        (CLINIC.replace('from = "contact"', 'from = "visit"'), "no table 'visit'"),
    ],
)
def test_a_family_that_does_not_hang_together_is_refused(text: str, said: str) -> None:
    with pytest.raises(MappingError, match=said):
        parse_family("clinic", text.replace("{together}", "folder").replace("{query}", CONTACTS))


@pytest.mark.parametrize("family", shipped_families(), ids=lambda family: family.name)
def test_each_sheet_of_a_shipped_family_has_a_mapping_that_feeds_one_table(family: Family) -> None:
    for name in family.sheets:
        mapping = find_mapping(family.reader_of(name))
        assert len(mapping.sections) == 1
        assert mapping.scope


@pytest.mark.parametrize("family", shipped_families(), ids=lambda family: family.name)
def test_the_queries_of_a_shipped_family_fit_its_tables_and_mappings(
    sql: duckdb.DuckDBPyConnection, tmp_path: Path, family: Family
) -> None:
    files = {
        f"{(table.named or [name])[0]}.csv": ",".join(table.all_columns) + "\n"
        for name, table in family.tables.items()
        if not table.passed_over
    }
    placed = place(tmp_path, files)
    tables = dict(
        zip((n for n, t in family.tables.items() if not t.passed_over), placed, strict=True)
    )
    group = FamilyGroup(family, {name: [sheet] for name, sheet in tables.items()})
    for name, sheet in gather_sheets(sql, group, tmp_path).items():
        lacking = [
            header
            for header in find_mapping(name).recognise
            if header.casefold() not in (own.casefold() for own in sheet.headers)
        ]
        assert lacking == []
