"""Many files are listed by their headers; rows are looked at only where these do not tell."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import openpyxl
import pytest

from theograph.importing.first_rows import MOST_ROWS
from theograph.importing.glance import glance_at_file
from theograph.importing.preview import preview_file

OWN = "person_id,start,end,sector,kind,status\n7,2024-04-03,,gp,GP consultation,\n"
VISITS = "visit_occurrence_id,person_id,visit_concept_id,visit_start_date\n1,7,9202,2024-01-05\n"
PATIENT = {"resourceType": "Patient", "id": "a", "birthDate": "1950-01-02"}
LOG = "case id,activity,lifecycle,timestamp\n1,Triage,start,2020-01-02 10:00\n"


def written(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("own.csv", OWN),
        ("visit_occurrence.csv", VISITS),
        ("people.ndjson", json.dumps(PATIENT) + "\n"),
        ("empty.csv", ""),
        ("broken.json", "{"),
    ],
)
def test_a_glance_says_what_a_preview_says_of_the_layout(
    tmp_path: Path, name: str, text: str
) -> None:
    file = written(tmp_path, name, text)
    glance = glance_at_file(file)
    assert glance is not None
    found = [(seen.name, seen.mapping, seen.title) for seen in glance]
    assert found == [(seen.name, seen.mapping, seen.title) for seen in preview_file(file)]


def test_a_glance_looks_at_no_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(duckdb, "connect")
    (seen,) = glance_at_file(written(tmp_path, "own.csv", OWN)) or []
    assert (seen.mapping, seen.rows_seen, seen.events) == ("theograph", 0, [])


@pytest.mark.parametrize("text", [LOG, "who,when\n7,2024-04-03\n"])
def test_a_glance_leaves_to_a_preview_what_headers_do_not_tell(tmp_path: Path, text: str) -> None:
    assert glance_at_file(written(tmp_path, "log.csv", text)) is None


def test_of_a_workbook_every_sheet_must_tell(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(OWN.splitlines()[0].split(","))
    book.save(tmp_path / "book.xlsx")
    (seen,) = glance_at_file(tmp_path / "book.xlsx") or []
    assert seen.mapping == "theograph"
    book.create_sheet("Notes").append(["some", "thing"])
    book.save(tmp_path / "book.xlsx")
    assert glance_at_file(tmp_path / "book.xlsx") is None


def test_only_the_first_rows_of_a_long_json_file_are_read(tmp_path: Path) -> None:
    file = written(tmp_path, "a.ndjson", (json.dumps(PATIENT) + "\n") * MOST_ROWS + "{ broken\n")
    seen = {sheet.name: sheet for sheet in preview_file(file)}
    patients = seen["a.ndjson: Patient"]
    assert (patients.rows_seen, patients.more_rows) == (MOST_ROWS, True)
    assert seen["a.ndjson: Other"].rows_seen == 0
