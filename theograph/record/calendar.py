"""English financial years and pounds, as people write them."""

from __future__ import annotations

from datetime import date


def financial_year(day: date) -> str:
    """The English financial year (1 April to 31 March) that holds `day`, as `2022/23`."""
    first = day.year if (day.month, day.day) >= (4, 1) else day.year - 1
    return f"{first}/{(first + 1) % 100:02d}"


def financial_year_start(day: date) -> date:
    """The 1 April on or before `day`."""
    return date(day.year if (day.month, day.day) >= (4, 1) else day.year - 1, 4, 1)
