"""Which column is which: what is guessed, what is chosen, and what is still wanting."""

from __future__ import annotations

from pathlib import Path

import pytest

from theograph.app.data_columns import (
    AS_KNOWN,
    NOTHING,
    TARGETS,
    choose_at_first,
    holds_events,
    list_options,
    read_choices,
)
from theograph.errors import MappingError
from theograph.importing.preview import SheetPreview, preview_file
from theograph.sources.mapping import Constant, FromColumn

OWN = """nhs number,seen on,team,outcome of visit
9990000018,2024-03-01,Physiotherapy,Attended
9990000018,2024-03-08,Physiotherapy,DNA
"""
NECS = """Client_ID,Event_ID,Start_Date,End_Date,Event_Type,Event_Subtype,Event_Desc
7,A1,13/01/2023,17/01/2023,Acute Inpatient,General medicine,emergency
"""


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> SheetPreview:
    """A table of a layout of its own."""
    return look(tmp_path_factory.mktemp("own"), OWN)


@pytest.fixture(scope="module")
def necs(tmp_path_factory: pytest.TempPathFactory) -> SheetPreview:
    """A table of a layout that is known."""
    return look(tmp_path_factory.mktemp("necs"), NECS)


def look(folder: Path, text: str) -> SheetPreview:
    (folder / "a.csv").write_text(text)
    (found,) = preview_file(folder / "a.csv")
    return found


def test_what_seems_likely_is_chosen_to_begin_with(sheet: SheetPreview) -> None:
    first = choose_at_first(sheet, None)
    assert first["nhs_number"] == "column:nhs number"
    assert first["start"] == "column:seen on"
    assert first["sector"].startswith("text:")
    assert choose_at_first(sheet, {"start": "team"}) == {"start": "column:team"}


def test_choices_come_back_as_columns(sheet: SheetPreview) -> None:
    choices = {"nhs_number": "column:nhs number", "start": "column:seen on", "sector": "text:gp"}
    columns = read_choices(sheet, choices, {"kind": " Review ", "provider": ""})
    assert columns["start"] == "seen on"
    assert columns["sector"] == Constant(text="gp")
    assert columns["kind"] == Constant(text="Review")
    assert "provider" not in columns


def test_a_column_that_is_chosen_goes_before_words_that_are_written(sheet: SheetPreview) -> None:
    choices = choose_at_first(sheet, None) | {"kind": "column:team"}
    assert read_choices(sheet, choices, {"kind": "Review"})["kind"] == "team"


def test_a_guess_that_is_left_keeps_its_translation(necs: SheetPreview) -> None:
    choices = choose_at_first(necs, None)
    assert choices["kind"] == AS_KNOWN
    columns = read_choices(necs, choices | {"provider": NOTHING}, {"provider": "Elm Tree"})
    assert isinstance(columns["sector"], FromColumn)
    assert columns["sector"].values["GP"] == "gp"
    assert columns["ongoing"]  # not offered, and kept


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"nhs_number": NOTHING}, "Say whose events these are"),
        ({"nhs_number": NOTHING, "local_id": "column:nhs number"}, "Provider: a local number"),
        ({"start": NOTHING, "sector": NOTHING}, "Starts and Sector: nothing is chosen"),
        ({"kind": NOTHING}, "Kind: nothing is chosen"),
    ],
)
def test_what_every_event_needs_is_asked_for(
    sheet: SheetPreview, change: dict[str, str], said: str
) -> None:
    choices = choose_at_first(sheet, None) | {"kind": "column:team"} | change
    with pytest.raises(MappingError, match=said):
        read_choices(sheet, choices, {})


def test_a_sector_may_be_the_same_in_every_row_and_a_known_one_of_several_columns(
    sheet: SheetPreview,
) -> None:
    by_name = {target.name: target for target in TARGETS}
    labels = [option["label"] for option in list_options(by_name["sector"], sheet.headers, None)]
    assert labels[:3] == ["–", "nhs number", "seen on"]
    assert "Every row: A&E" in labels
    values = [option["value"] for option in list_options(by_name["start"], sheet.headers, None)]
    assert AS_KNOWN not in values


def test_only_tables_of_events_have_columns_to_choose(
    sheet: SheetPreview, necs: SheetPreview, tmp_path: Path
) -> None:
    assert holds_events(sheet)
    assert holds_events(necs)
    assert not holds_events(look(tmp_path, "person_id,condition,onset\n7,COPD,2020-01-01\n"))
