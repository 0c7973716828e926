"""Trying a file shows how it would be read and keeps nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from theograph.errors import UnreadableSourceError, UsageError
from theograph.importing.first_rows import MOST_ROWS
from theograph.importing.preview import SheetPreview, draft_for_file, preview_file
from theograph.sources.mapping import find_mapping, parse_mapping
from theograph.sources.plain_csv import SMALLEST

OWN = "person_id,start,end,sector,kind,status\n"
ODD = "Patient,Date seen,Clinic,Type,Cost\n"
OMOP_VISITS = (
    "visit_occurrence_id,person_id,visit_concept_id,visit_start_date,visit_end_date,"
    "visit_type_concept_id\n"
)

Look = Callable[..., list[SheetPreview]]


@pytest.fixture
def look(tmp_path: Path) -> Look:
    def preview_text(text: str, name: str = "file.csv", **options: object) -> list[SheetPreview]:
        (tmp_path / name).write_text(text, encoding="utf-8")
        return preview_file(tmp_path / name, **options)  # type: ignore[arg-type]

    return preview_text


def test_a_known_layout_shows_its_rows_as_they_are_and_as_they_would_be_kept(look: Look) -> None:
    (seen,) = look(
        f"{OWN}7,25/04/2024,,gp,GP consultation,attended\n7,03/04/2024,,gp,GP consultation,DNA\n"
    )
    assert (seen.mapping, seen.title) == ("theograph", "Theograph events")
    assert (seen.rows_seen, seen.more_rows, seen.kept, seen.reasons) == (2, False, 2, {})
    assert seen.source_rows[0]["start"] == "25/04/2024"
    assert seen.lines == ["2", "3"]
    assert seen.events[0] == {
        "section": "events",
        "person": "7",
        "source_row": "2",
        "start": "2024-04-25",
        "ongoing": "no",
        "sector": "gp",
        "kind": "GP consultation",
        "status": "attended",
    }
    assert seen.events[1]["status"] == "did_not_attend"
    assert seen.dates["start"] == "day first, as 25/04/2024 shows"
    assert seen.draft is None
    assert seen.error is None


def test_rows_that_would_be_set_aside_say_why_and_by_which_value(look: Look) -> None:
    (seen,) = look(f"{OWN}7,soon,,gp,GP consultation,\n7,2024-04-03,,dentist,Check-up,\n")
    assert seen.reasons == {"has a start that is not a date": 1, "has an unknown sector": 1}
    assert (seen.events[1]["reason"], seen.events[1]["value"]) == (
        "has an unknown sector",
        "dentist",
    )


def test_ten_rows_are_shown_and_a_thousand_are_looked_at(look: Look) -> None:
    (seen,) = look(OWN + "7,2024-04-03,,gp,GP consultation,\n" * (MOST_ROWS + 1))
    assert (seen.rows_seen, seen.more_rows, seen.kept) == (MOST_ROWS, True, MOST_ROWS)
    assert len(seen.events) == len(seen.source_rows) == 10


def test_of_a_file_that_could_be_staged_at_once_no_more_is_looked_at_either(look: Look) -> None:
    row = f"7,2024-04-03,,gp,{'x' * 80},\n"
    (seen,) = look(OWN + row * (SMALLEST // 80))
    assert (seen.rows_seen, seen.more_rows) == (MOST_ROWS, True)


def test_exactly_a_thousand_rows_are_all_there_are(look: Look) -> None:
    (seen,) = look(OWN + "7,2024-04-03,,gp,GP consultation,\n" * MOST_ROWS)
    assert (seen.rows_seen, seen.more_rows) == (MOST_ROWS, False)


def test_an_unknown_layout_comes_with_a_draft_and_what_that_would_make_of_it(look: Look) -> None:
    (seen,) = look(f"{ODD}P1,25/04/2024,Podiatry,Foot check,45.00\n")
    assert (seen.mapping, seen.title) == (None, None)
    assert "layout not recognised" in str(seen.error)
    assert seen.draft is not None
    assert seen.draft.guesses["start"].header == "Date seen"
    assert seen.events[0]["kind"] == "Foot check"
    assert seen.events[0]["recorded_cost_pence"] == "4500"
    assert seen.kept == 1


def test_a_mapping_of_ones_own_goes_before_what_would_be_recognised(look: Look) -> None:
    text = (
        'title = "T"\nsource = "S"\nrecognise = ["person_id"]\n[events]\nlocal_id = "person_id"\n'
        'start = "start"\nsector = { text = "ed" }\nkind = { text = "A&E attendance" }\n'
    )
    mapping = parse_mapping("own", text, file="own.toml")
    (seen,) = look(f"{OWN}7,2024-04-03,,gp,GP consultation,\n", mapping=mapping)
    assert (seen.mapping, seen.events[0]["sector"]) == ("own", "ed")


def test_a_mapping_that_does_not_fit_says_what_is_lacking(look: Look) -> None:
    (seen,) = look(ODD + "P1,25/04/2024,Podiatry,Foot check,45\n", mapping=find_mapping("necs"))
    assert "lacks Client_ID" in str(seen.error)
    assert seen.draft is None
    assert seen.source_rows


def test_a_known_layout_whose_dates_mix_two_orders_is_refused_without_a_draft(look: Look) -> None:
    (seen,) = look(f"{OWN}7,25/04/2024,,gp,x,\n7,04/25/2024,,gp,x,\n")
    assert seen.mapping == "theograph"
    assert "mixes day-first and month-first" in str(seen.error)
    assert seen.draft is None


def test_an_event_log_counts_the_rows_of_the_file(look: Look) -> None:
    (seen,) = look(
        "case_id,activity,timestamp,lifecycle:transition\n"
        "1,Scan,2024-01-05 10:00,start\n1,Scan,2024-01-05 11:00,complete\n"
    )
    assert (seen.mapping, seen.kept, seen.rows_seen) == ("event_log", 2, 2)
    assert seen.events[0]["end"] == "2024-01-05 11:00"
    assert "taken as hospital stay" in " ".join(seen.notes)
    assert seen.source_rows == [
        {
            "case_id": "1",
            "activity": "Scan",
            "timestamp": "2024-01-05 10:00",
            "lifecycle:transition": "start",
        }
    ]


def test_a_table_of_a_family_says_so_and_waits_for_the_others(look: Look) -> None:
    text = f"{OMOP_VISITS}1,7,9202,2024-01-05,2024-01-05,44818518\n"
    (seen,) = look(text, "visit_occurrence.csv")
    assert "OMOP" in str(seen.family)
    assert (seen.mapping, seen.events, seen.kept) == (None, [], 0)


def test_each_sheet_of_a_workbook_is_seen(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["person_id", "date_of_birth"])
    book.active.append(["7", "1950-01-01"])
    other = book.create_sheet("Clinic")
    other.append(["Patient", "Date seen", "Type"])
    other.append(["7", "2024-04-25", "Foot check"])
    book.save(tmp_path / "book.xlsx")
    people, clinic = preview_file(tmp_path / "book.xlsx")
    assert (people.mapping, people.events[0]["section"]) == ("theograph_people", "people")
    assert clinic.draft is not None
    assert draft_for_file(tmp_path / "book.xlsx", sheet="Clinic").guesses["kind"].header == "Type"
    with pytest.raises(UsageError, match="no sheet 'Ward'; its sheets: Sheet, Clinic"):
        draft_for_file(tmp_path / "book.xlsx", sheet="Ward")


def test_a_file_without_rows_is_recognised_and_shows_nothing(look: Look) -> None:
    (seen,) = look(OWN)
    assert (seen.mapping, seen.rows_seen, seen.events) == ("theograph", 0, [])


def test_a_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"%PDF-1.4")
    (seen,) = preview_file(tmp_path / "a.csv")
    assert "PDF" in str(seen.error)
    with pytest.raises(UnreadableSourceError, match="PDF"):
        draft_for_file(tmp_path / "a.csv")


def test_a_provider_given_for_the_file_is_in_every_row(look: Look) -> None:
    (seen,) = look(f"{OWN}7,2024-04-03,,gp,GP consultation,\n", provider="Mill Surgery")
    assert seen.events[0]["provider"] == "Mill Surgery"


def test_nothing_is_left_behind(
    look: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    look(f"{OWN}7,2024-04-03,,gp,GP consultation,\n")
    assert list(temporary.iterdir()) == []
