"""`check` tries a file and `mapping new` drafts a mapping for it; neither keeps anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Run

ODD = (
    "Patient,Date seen,Clinic,Type,Cost\n"
    "P001,25/04/2024,Podiatry,Foot check,45.00\n"
    "P002,03/05/2024,Podiatry,Foot check,£45.00\n"
    "P003,soon,Podiatry,Foot check,\n"
)
OWN = "person_id,start,end,sector,kind\n7,2024-04-03,,gp,GP consultation\n7,,,gp,Letter\n"


@pytest.fixture(autouse=True)
def _work_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    file = tmp_path / "list.csv"
    file.write_text(ODD, encoding="utf-8")
    return file


def test_checking_a_known_layout_shows_what_its_rows_would_become(run: Run, tmp_path: Path) -> None:
    (tmp_path / "events.csv").write_text(OWN)
    done = run("check", "events.csv")
    assert done.code == 0
    for words in (
        "Recognised as Theograph events (theograph)",
        "year first, as ISO 8601",
        "7 | 2024-04-03 | gp | GP consultation",
        "3 Apr 2024",
        "set aside: has no start",
        "Of 2 rows 1 would be kept and 1 set aside. Nothing was written.",
    ):
        assert words in done.out
    assert [file.name for file in tmp_path.iterdir()] == ["events.csv"]


def test_checking_an_unknown_layout_shows_what_a_draft_would_make_of_it(
    run: Run, odd: Path
) -> None:
    done = run("check", odd)
    assert done.code == 0
    for words in (
        "Not a layout that is known",
        "theograph mapping new",
        "day first, as 25/04/2024 shows",
        "Foot check",
        "£45.00",
        "set aside: has a start that is not a date (soon)",
    ):
        assert words in done.out


def test_a_draft_is_written_tried_and_imported(run: Run, odd: Path, tmp_path: Path) -> None:
    done = run("mapping", "new", odd, "--out", "clinic.toml")
    assert done.code == 0
    assert "theograph check" in done.out
    assert "Date seen" in done.err
    assert "Recognised" not in run("check", odd).out
    checked = run("check", odd, "--mapping", "clinic.toml")
    assert "Read by clinic" in checked.out
    assert checked.code == 0
    imported = run("import", odd, "--mapping", "clinic.toml", "--store", tmp_path / "store")
    assert imported.code == 0
    assert "2 people, 2 events" in imported.out


def test_a_draft_without_a_file_goes_to_stdout_alone(run: Run, odd: Path) -> None:
    done = run("mapping", "new", odd)
    assert done.out.startswith('title = "list.csv"\n')
    assert len(done.out.splitlines()) <= 15
    assert "sure" in done.err


def test_a_draft_never_goes_over_a_file_that_exists(run: Run, odd: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text("kept")
    done = run("mapping", "new", odd, "--out", "mine.toml")
    assert done.code == 2
    assert "mine.toml: exists already" in done.err
    assert (tmp_path / "mine.toml").read_text() == "kept"


def test_a_draft_that_lacks_something_says_what(run: Run, tmp_path: Path) -> None:
    (tmp_path / "towns.csv").write_text("code,town\nA1,Ely\n")
    done = run("mapping", "new", "towns.csv")
    assert "No column seems to hold the person" in done.err
    assert "No column seems to hold the date" in done.err
    checked = run("check", "towns.csv")
    assert checked.code == 3
    assert "no person and no date found in it" in checked.out


def test_a_table_of_a_family_is_told_to_come_with_the_others(run: Run, tmp_path: Path) -> None:
    (tmp_path / "visit_occurrence.csv").write_text(
        "visit_occurrence_id,person_id,visit_concept_id,visit_start_date,visit_end_date,"
        "visit_type_concept_id\n1,7,9202,2024-01-05,2024-01-05,44818518\n"
    )
    done = run("check", "visit_occurrence.csv")
    assert done.code == 0
    assert "A table of OMOP" in done.out
    assert "theograph import --dry-run FOLDER" in done.out


def test_a_bad_mapping_is_one_line_with_file_key_and_remedy(
    run: Run, odd: Path, tmp_path: Path
) -> None:
    (tmp_path / "bad.toml").write_text(
        'title = "T"\nsource = "S"\nrecognise = ["Patient"]\n[events]\nlocal_id = "Patient"\n'
        'start = { dat = "Date seen" }\n'
    )
    done = run("check", odd, "--mapping", "bad.toml")
    assert done.code == 2
    (line,) = done.err.strip().splitlines()
    for words in ("bad.toml", "events.start", "'dat'", "column, text, date"):
        assert words in line


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("check", "nowhere.csv"), "nowhere.csv"),
        (("check", "list.csv", "--mapping", "nocs"), "'nocs'"),
        (("mapping", "new", "list.csv", "--sheet", "Two"), "'Two'"),
        (("mapping", "old"), "old"),
    ],
)
def test_wrong_usage_is_exit_code_2(
    run: Run, odd: Path, arguments: tuple[str, ...], word: str
) -> None:
    done = run(*arguments)
    assert done.code == 2
    assert word in done.err
    assert "Traceback" not in done.err


def test_a_preview_fits_a_terminal_of_a_hundred_columns(
    run: Run, odd: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setattr("theograph.reports.console._PIPED_WIDTH", 100)
    done = run("check", odd)
    assert max(map(len, done.out.splitlines())) <= 100
