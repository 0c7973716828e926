"""OMOP tables that hold anything, and databases that share their numbers."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from theograph.sources.family import shipped_families

if TYPE_CHECKING:
    from tests.conftest import Read


ID = st.sampled_from(["1", "2", "3", "3.0", "-1", "0", "", "99999999999999999999", "x"])
DAY = st.sampled_from(["2020-02-29", "2021-03-28", "20200101", "0001-01-01", "9999-12-31", "soon"])
CLOCK = st.sampled_from(["", " 00:00:00", " 01:30:00", "T23:59:59Z", " 25:00"])
WORDS = st.one_of(
    st.sampled_from(["Vaccine", "9203", "44818568", "Homeless", "1e400", "-3", "NaN", "8507", "'"]),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters='"\r\n'), max_size=8),
)


@st.composite
def odd_tables(draw: st.DrawFn) -> dict[str, str]:
    """Every table that is read, its rows filled with what may stand there and what may not."""
    family = next(family for family in shipped_families() if family.name == "omop")
    files = {}
    for name, table in family.tables.items():
        if table.passed_over:
            continue
        lines = [",".join(table.all_columns)]
        for _ in range(draw(st.integers(1, 6))):
            cells = [draw(odd_cell(column)) for column in table.all_columns]
            lines.append(",".join(f'"{cell}"' for cell in cells))
        files[f"cdm/{name}.csv"] = "\n".join(lines)
    return files


def odd_cell(column: str) -> st.SearchStrategy[str]:
    if column.endswith("_datetime"):
        return st.builds(str.__add__, DAY, CLOCK)
    return DAY if column.endswith("_date") else ID if column.endswith("_id") else WORDS


@settings(max_examples=2, phases=[Phase.generate])  # to shrink takes many imports
@given(odd_tables())
def test_whatever_the_tables_hold_every_row_is_accounted_for_once(
    read: Read, files: dict[str, str]
) -> None:
    report = read(files).report
    assert [file.error for file in report.files] == [None] * len(files)
    for file in report.files:
        assert file.rows_read == file.kept + file.duplicates + file.set_aside
        if file.rows_read:
            assert file.rows_read == files[f"cdm/{file.path}"].count("\n")


SOMEBODY = {
    "cdm/person.csv": "person_id,gender_concept_id,year_of_birth\n1,8532,1950\n",
    "cdm/visit_occurrence.csv": (
        "visit_occurrence_id,person_id,visit_concept_id,visit_start_date\n1,1,9202,2020-01-02\n"
    ),
}
SOMEBODY_ELSE = SOMEBODY | {
    "cdm/person.csv": "person_id,gender_concept_id,year_of_birth\n1,8507,1961\n"
}


def test_one_number_in_the_databases_of_two_providers_is_two_people(read: Read) -> None:
    north = read(SOMEBODY, provider="North")
    south = read(SOMEBODY_ELSE, into=north.store, provider="South")
    assert sorted(south.rows("people", "date_of_birth, sex")) == [
        (date(1950, 7, 1), "female"),
        (date(1961, 7, 1), "male"),
    ]
    assert len(south.rows("events")) == 2


def test_one_number_for_two_people_is_warned_of_where_no_provider_tells_them_apart(
    read: Read,
) -> None:
    first = read(SOMEBODY)
    second = read(SOMEBODY_ELSE, into=first.store)
    assert second.report.people == 1
    for imported, rows in ((first, []), (second, [2])):
        findings = imported.report.findings
        assert findings is not None
        found = [warning.rows for warning in findings.warnings if warning.key == "shared_number"]
        assert found == rows
