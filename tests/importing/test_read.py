"""Reading the files of an import: families, single layouts and event logs side by side."""

from __future__ import annotations

import json
import math
import re
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from theograph.importing.account import FileResult
from theograph.importing.read import read_files
from theograph.importing.staging import Staging, open_staging
from theograph.progress import Course, Progress, Teller, say_nothing
from theograph.sources import parquet_file, plain_csv, rows
from theograph.sources.family import shipped_families
from theograph.sources.fhir import reader, spool
from theograph.sources.files import find_files, read_sheets
from theograph.sources.mapping import find_mapping, parse_mapping
from theograph.sources.plain_csv import SMALLEST
from theograph.sources.rows import BATCH_ROWS, stage_sheet
from theograph.store import Store

PERSON = "person_id,gender_concept_id,year_of_birth\n1,8507,1950\n"
VISIT = (
    "visit_occurrence_id,person_id,visit_concept_id,visit_start_date\n"
    "1,1,9201,2020-01-02\n2,1,9202,2020-01-05\n"
)
CONCEPT = "concept_id,concept_name,vocabulary_id,concept_code\n9201,Inpatient Visit,Visit,IP\n"
OURS = "person_id,start,sector,kind\n1,2020-01-02,gp,GP consultation\n"
LOG = (
    "case id,activity,lifecycle,timestamp\n"
    "1,Triage,start,2020-01-02 10:00\n1,Triage,complete,2020-01-02 10:05\n"
)

MANY = 5_000

ReadFolder = Callable[..., tuple[Staging, dict[str, FileResult]]]


@contextmanager
def staged(
    folder: Path,
    files: dict[str, str],
    *,
    mapping: str | None = None,
    own: str | None = None,
    provider: str | None = None,
    progress: Progress = say_nothing,
) -> Iterator[tuple[Staging, dict[str, FileResult]]]:
    """The files read into a workbench; how each went, by its path."""
    for name, text in files.items():
        path = folder / "files" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    with open_staging(Store(folder / "store")) as staging:
        results = read_files(
            staging,
            find_files([folder / "files"]),
            mapping=find_mapping(mapping) if mapping else None,
            mappings={},
            own=[parse_mapping("mine", own, file="mine.toml")] if own else [],
            provider=provider,
            course=Course(Teller(progress)),
        )
        yield staging, {result.path: result for result in results}


def test_a_family_a_single_layout_and_an_event_log_are_read_in_one_go(tmp_path: Path) -> None:
    files = {
        "cdm/person.csv": PERSON,
        "cdm/visit_occurrence.csv": VISIT,
        "cdm/concept.csv": CONCEPT,
        "cdm/ours.csv": OURS,
        "log.csv": LOG,
    }
    with staged(tmp_path, files) as (staging, results):
        readers = {path: result.sheets[0].reader for path, result in results.items()}
        assert readers == {
            "person.csv": "omop",
            "visit_occurrence.csv": "omop",
            "concept.csv": "omop",
            "ours.csv": "theograph",
            "log.csv": "event_log",
        }
        found = staging.sql.sql(
            "select source_file, source_row, source_mapping, kind from read_events order by all"
        ).fetchall()
        assert found == [
            ("log.csv", 2, "event_log", "Triage"),
            ("ours.csv", 2, "theograph", "GP consultation"),
            ("visit_occurrence.csv", 2, "omop", "Hospital admission"),
            ("visit_occurrence.csv", 3, "omop", "Outpatient appointment"),
        ]
        assert results["concept.csv"].sheets[0].notes == ("1 row looked up",)
        weights = staging.sql.sql("select source_row, file_rows from row_weights").fetchall()
        assert weights == [(2, 2)]


def test_tables_that_lack_the_rest_of_their_family_are_not_recognised(tmp_path: Path) -> None:
    with staged(tmp_path, {"visit_occurrence.csv": VISIT}) as (_, results):
        (sheet,) = results["visit_occurrence.csv"].sheets
        assert "layout not recognised" in str(sheet.error)
        assert sheet.rows == 2


def test_a_mapping_that_is_insisted_on_is_used_for_every_sheet(tmp_path: Path) -> None:
    files = {"person.csv": PERSON, "visit_occurrence.csv": VISIT, "ours.csv": OURS}
    with staged(tmp_path, files, mapping="theograph") as (_, results):
        assert results["ours.csv"].sheets[0].reader == "theograph"
        for path in ("person.csv", "visit_occurrence.csv"):
            assert "which mapping theograph needs" in str(results[path].sheets[0].error)


def test_a_sites_own_mapping_goes_before_a_layout_and_a_family(tmp_path: Path) -> None:
    own = (
        'title = "Mine"\nsource = "Me"\nrecognise = ["person_id", "visit_start_date"]\n'
        '[events]\nperson_id = "person_id"\nstart = "visit_start_date"\n'
        'sector = { text = "gp" }\nkind = { text = "Visit" }\n'
    )
    files = {"person.csv": PERSON, "visits.csv": VISIT, "ours.csv": OURS}
    with staged(tmp_path, files, own=own) as (_, results):
        readers = {path: result.sheets[0].reader for path, result in results.items()}
        assert readers == {"person.csv": "omop", "visits.csv": "mine", "ours.csv": "theograph"}


def test_a_provider_given_for_all_is_that_of_a_familys_rows(tmp_path: Path) -> None:
    files = {"person.csv": PERSON, "visits.csv": VISIT}
    with staged(tmp_path, files, provider="Northgate") as (staging, _):
        found = staging.sql.sql("select distinct provider, local_key from read_events").fetchall()
        ((key,),) = staging.sql.sql("select local_key from read_people").fetchall()
        assert found == [("Northgate", key)]


def test_a_file_that_cannot_be_read_is_said_and_the_others_go_on(tmp_path: Path) -> None:
    files = {"a.csv": "", "b.duckdb": "no database", "person.csv": PERSON, "visits.csv": VISIT}
    with staged(tmp_path, files) as (staging, results):
        assert "is empty" in str(results["a.csv"].sheets[0].error)
        assert "is not a DuckDB file" in str(results["b.duckdb"].sheets[0].error)
        assert staging.count("read_events") == 2


def test_a_family_whose_dates_mix_two_orders_is_not_read_at_all(tmp_path: Path) -> None:
    mixed = VISIT.replace("2020-01-02", "25/04/2020").replace("2020-01-05", "04/25/2020")
    with staged(tmp_path, {"person.csv": PERSON, "visits.csv": mixed}) as (staging, results):
        for path, rows in (("person.csv", 1), ("visits.csv", 2)):
            (sheet,) = results[path].sheets
            assert "mixes day-first and month-first dates" in str(sheet.error)
            assert (sheet.feeds, sheet.rows) == ((), rows)
        assert staging.count("read_events") == staging.count("read_people") == 0


def test_progress_says_how_many_rows_of_which_file_are_read(tmp_path: Path) -> None:
    heard: list[tuple[str, float]] = []
    rows = OURS + f"{OURS.splitlines()[1]}\n" * BATCH_ROWS
    with staged(
        tmp_path,
        {"a.csv": rows, "b.csv": OURS},
        progress=lambda stage, done: heard.append((stage, done)),
    ):
        pass
    said = [re.sub(r", [\d,]+/s", "", stage) for stage, _ in heard]
    assert list(dict.fromkeys(said)) == [
        "Reading a.csv",
        f"Reading a.csv: {BATCH_ROWS:,} rows",
        f"Reading a.csv: {BATCH_ROWS + 1:,} rows",
        "Reading b.csv",
        "Reading b.csv: 1 row",
        f"Checking the values of a.csv: {BATCH_ROWS + 1:,} rows",
        "Checking the values of b.csv: 1 row",
    ]
    assert [done for _, done in heard] == sorted(done for _, done in heard)


def write_csv_file(folder: Path, rows: int = MANY) -> Path:
    file = folder / "a.csv"
    file.write_text("who,when\n" + "a,2020-01-02\n" * rows)
    return file


def write_odd_csv_file(folder: Path) -> Path:
    """Of the size that is staged at once, but for a row with a cell too many."""
    file = folder / "a.csv"
    note = "x" * (SMALLEST // MANY)
    file.write_text("who,note\n" + f"a,{note}\n" * MANY + "a,b,c\n")
    return file


def write_plain_csv_file(folder: Path) -> Path:
    file = folder / "a.csv"
    note = "x" * (5 * SMALLEST // MANY)
    file.write_text("who,note\n" + f"a,{note}\n" * MANY)
    return file


def write_excel_file(folder: Path, rows: int = MANY) -> Path:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(["a", "b", "c"])
    for row in range(1, rows):
        sheet.append([math.sqrt(row), math.sin(row), math.cos(row)])  # that do not pack well
    book.save(folder / "a.xlsx")
    return folder / "a.xlsx"


def write_parquet_file(folder: Path, rows: int = MANY) -> Path:
    pq.write_table(pa.table({"who": ["a"] * rows}), folder / "a.parquet")
    return folder / "a.parquet"


def write_ndjson_file(folder: Path, rows: int = MANY) -> Path:
    file = folder / "a.ndjson"
    patient = {"resourceType": "Patient", "id": "a", "birthDate": "1950-01-02"}
    file.write_text((json.dumps(patient) + "\n") * rows)
    return file


def write_duckdb_file(folder: Path) -> Path:
    with duckdb.connect(folder / "a.duckdb") as database:
        database.execute(f"create table people as select 'a' as who from range({5 * BATCH_ROWS})")
    return folder / "a.duckdb"


@pytest.mark.parametrize(
    "write",
    [
        write_csv_file,
        write_odd_csv_file,
        write_plain_csv_file,
        write_excel_file,
        write_parquet_file,
        write_ndjson_file,
        write_duckdb_file,
    ],
)
def test_a_share_is_told_all_the_way_through_one_file(
    tmp_path: Path, write: Callable[[Path], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (rows, parquet_file, spool):
        monkeypatch.setattr(module, "BATCH_ROWS", MANY // 10)
    monkeypatch.setattr(reader, "_TOLD_BYTES", 10_000)
    monkeypatch.setattr(plain_csv, "_CHUNK_BYTES", SMALLEST // 2)
    told: list[tuple[int, float]] = []
    file = write(tmp_path)
    for sheet in read_sheets(file, tell=lambda count, share: told.append((count, share))):
        staged_rows = tmp_path / "rows.parquet"
        stage_sheet(sheet, file, staged_rows, tell=lambda *so_far: told.append(so_far))
    shares = [share for _, share in told]
    assert all(0 <= share <= 1 for share in shares)
    assert sum(0.05 < share < 0.95 for share in shares) >= 3
    assert any(count for count, share in told)


@pytest.mark.parametrize("write", [write_csv_file, write_parquet_file, write_ndjson_file])
def test_memory_does_not_grow_with_the_file(
    tmp_path: Path, write: Callable[[Path, int], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (rows, parquet_file, spool):
        monkeypatch.setattr(module, "BATCH_ROWS", 100)

    def measure_peak(count: int) -> int:
        file = write(tmp_path, count)
        tracemalloc.start()
        for sheet in read_sheets(file):
            stage_sheet(sheet, file, tmp_path / "rows.parquet")
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return peak

    measure_peak(100)  # what is kept once and for all
    few, many = measure_peak(300), measure_peak(1_500)
    assert many < 1.5 * few


def test_no_staged_rows_are_left_behind(tmp_path: Path) -> None:
    files = {"cdm/person.csv": PERSON, "cdm/visit_occurrence.csv": VISIT, "ours.csv": OURS}
    with staged(tmp_path, files) as (staging, _):
        assert list(staging.work.glob("*.parquet")) == []


@pytest.mark.parametrize("family", [family.name for family in shipped_families()])
def test_a_familys_name_is_no_mappings_name(family: str) -> None:
    with pytest.raises(Exception, match=f"mapping '{family}' is neither"):
        find_mapping(family)
