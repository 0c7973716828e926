"""The record standard: its words, its calendar, its money."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import theograph.record
from theograph.record.calendar import financial_year, financial_year_start
from theograph.record.money import pounds, pounds_and_pence, short_pounds
from theograph.record.reference import write_reference
from theograph.record.sectors import SECTOR_KEYS
from theograph.record.tables import TABLES
from theograph.record.vocabulary import VOCABULARIES


def test_sectors_keep_their_order() -> None:
    assert SECTOR_KEYS == (
        "hospital", "ed", "ambulance", "nhs111", "outpatients", "mental_health", "gp", "pharmacy",
        "community", "social_care", "voluntary",
    )  # fmt: skip


def test_the_page_about_the_record_is_up_to_date() -> None:
    page = Path(theograph.record.__file__).with_name("RECORD.md")
    assert page.read_text("utf-8") == write_reference()


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_column_says_what_it_means(table: object) -> None:
    names = [column.name for column in table.columns]  # type: ignore[attr-defined]
    assert len(set(names)) == len(names)
    assert all(column.meaning for column in table.columns)  # type: ignore[attr-defined]


@pytest.mark.parametrize("column", VOCABULARIES)
def test_spellings_are_in_lower_case_and_lead_to_stored_words(column: str) -> None:
    accepted = VOCABULARIES[column]
    assert all(spelling == spelling.lower() for spelling in accepted)
    assert all(accepted[word] == word for word in accepted.values())


@pytest.mark.parametrize(
    ("day", "year", "first"),
    [
        (date(2024, 3, 31), "2023/24", date(2023, 4, 1)),
        (date(2024, 4, 1), "2024/25", date(2024, 4, 1)),
        (date(1999, 12, 31), "1999/00", date(1999, 4, 1)),
        (date(2024, 2, 29), "2023/24", date(2023, 4, 1)),
    ],
)
def test_financial_years_begin_on_the_first_of_april(day: date, year: str, first: date) -> None:
    assert financial_year(day) == year
    assert financial_year_start(day) == first


@pytest.mark.parametrize(
    ("pence", "whole", "exact", "short"),
    [
        (0, "£0", "£0.00", "£0"),
        (4000, "£40", "£40.00", "£40"),
        (1234567, "£12,346", "£12,345.67", "£12.3k"),
        (-4000, "-£40", "-£40.00", "-£40"),
        (-49, "£0", "-£0.49", "£0"),
        (99_994, "£1,000", "£999.94", "£1.0k"),
        (123_456_789, "£1,234,568", "£1,234,567.89", "£1.2m"),
    ],
)
def test_pence_as_people_read_them(pence: int, whole: str, exact: str, short: str) -> None:
    assert pounds(pence) == whole
    assert pounds_and_pence(pence) == exact
    assert short_pounds(pence) == short
