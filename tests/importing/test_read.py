"""Reading the files of an import: families, single layouts and event logs side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from theograph.importing.account import FileResult
from theograph.importing.read import read_files
from theograph.importing.staging import Staging, open_staging
from theograph.progress import Progress, say_nothing
from theograph.sources.family import shipped_families
from theograph.sources.files import find_files
from theograph.sources.mapping import find_mapping
from theograph.sources.rows import BATCH_ROWS
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

ReadFolder = Callable[..., tuple[Staging, dict[str, FileResult]]]


@contextmanager
def staged(
    folder: Path,
    files: dict[str, str],
    *,
    mapping: str | None = None,
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
            provider=provider,
            progress=progress,
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
        assert "cannot be read as a DuckDB file" in str(results["b.duckdb"].sheets[0].error)
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
    said = [stage.partition(" rows")[0] for stage, _ in heard if "rows" in stage]
    assert said[0] == "Reading a.csv: 0"
    assert said[-3:] == [
        f"Reading a.csv: {BATCH_ROWS + 1:,}",
        "Reading b.csv: 0",
        "Reading b.csv: 1",
    ]
    assert [done for _, done in heard] == sorted(done for _, done in heard)


def test_no_staged_rows_are_left_behind(tmp_path: Path) -> None:
    files = {"cdm/person.csv": PERSON, "cdm/visit_occurrence.csv": VISIT, "ours.csv": OURS}
    with staged(tmp_path, files) as (staging, _):
        assert list(staging.work.glob("*.parquet")) == []


@pytest.mark.parametrize("family", [family.name for family in shipped_families()])
def test_a_familys_name_is_no_mappings_name(family: str) -> None:
    with pytest.raises(Exception, match=f"mapping '{family}' is neither"):
        find_mapping(family)
