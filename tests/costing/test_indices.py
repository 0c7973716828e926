"""Costs move from one price year to another by the published index."""

from __future__ import annotations

from pathlib import Path

import pytest

from theograph.costing import restate
from theograph.costing.indices import load_price_index, round_half_up
from theograph.errors import MappingError, UsageError


@pytest.mark.parametrize(
    ("pence", "from_year", "expected"),
    [
        (800, "2014/15", 1036),
        (204600, "2012/13", 274310),
        (12000, "2016/17", 15162),
        (13200, "2014/15", 17095),
        (1234, "2024/25", 1234),
    ],
    ids=["NHS 111", "reablement, GDP deflator first", "outpatients", "consultant led", "same year"],
)
def test_restate_gives_the_published_or_worked_figure(
    pence: int, from_year: str, expected: int
) -> None:
    assert restate(pence, from_year, "2024/25") == expected


def test_after_the_last_health_index_the_deflator_goes_on() -> None:
    assert restate(100_000, "2024/25", "2025/26") == 103_239


@pytest.mark.parametrize("year", ["2008/09", "2026/27", "2025", "", "2024/26"])
def test_unknown_year_says_which_years_there_are(year: str) -> None:
    with pytest.raises(UsageError, match="from 2009/10 to 2025/26"):
        restate(100, year, "2024/25")


def test_damaged_index_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "price_indices.csv"
    path.write_text("financial_year,gdp_deflator\n2014/15,many\n")
    with pytest.raises(MappingError, match=r"price_indices\.csv"):
        load_price_index(path)


@pytest.mark.parametrize(("pence", "whole"), [(0.5, 1), (1.4999999999, 2), (1.499, 1), (2.5, 3)])
def test_halves_go_up(pence: float, whole: int) -> None:
    assert round_half_up(pence) == whole
