"""Restating a cost from one price year to another."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from theograph.errors import MappingError, UsageError

INDEX_FILE = Path(__file__).parent / "unit_costs" / "price_indices.csv"
LATEST_PRICE_YEAR = "2024/25"


@dataclass(frozen=True, slots=True)
class PriceIndex:
    """Price level of each financial year, 2014/15 being 1."""

    levels: dict[str, float]

    @property
    def years(self) -> tuple[str, ...]:
        """The price years that can be restated, oldest first."""
        return tuple(sorted(self.levels))

    def factor(self, from_year: str, to_year: str) -> float:
        """What a cost of `from_year` is multiplied by; raises `UsageError` for an unknown year."""
        return self.level(to_year) / self.level(from_year)

    def level(self, year: str) -> float:
        """The price level of `year`; raises `UsageError` when the index does not reach it."""
        if year not in self.levels:
            raise UsageError(
                f"price year {year!r}: no price index for it; use a financial year from "
                f"{self.years[0]} to {self.years[-1]}, written like {LATEST_PRICE_YEAR}"
            )
        return self.levels[year]


def restate(pence: int, from_year: str, to_year: str) -> int:
    """`pence` of `from_year` at the prices of `to_year`, in whole pence, half up.

    NHS Cost Inflation Index, pay and prices; the GDP deflator before 2014/15 and
    after the last year the NHS index has. Raises `UsageError` for an unknown year.
    """
    return round_half_up(pence * load_price_index().factor(from_year, to_year))


def round_half_up(pence: float) -> int:
    """`pence` as whole pence, a half going up whatever the floating-point noise."""
    return math.floor(round(pence, 6) + 0.5)


@lru_cache(maxsize=1)
def load_price_index(path: Path = INDEX_FILE) -> PriceIndex:
    """The price index of the file, which is in order of year; raises `MappingError`."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    try:
        deflator = {row["financial_year"]: float(row["gdp_deflator"]) for row in rows}
        health = {
            row["financial_year"]: float(row["nhscii_pay_and_prices_percent"])
            for row in rows
            if row["nhscii_pay_and_prices_percent"]
        }
    except (KeyError, ValueError) as err:
        raise MappingError(f"{path.name}: {err}; every year needs a GDP deflator") from err
    return PriceIndex(_chain_levels(deflator, health))


def _chain_levels(deflator: dict[str, float], health: dict[str, float]) -> dict[str, float]:
    years = sorted(deflator)
    base = years[years.index(min(health)) - 1]
    levels = {base: 1.0}
    for before, year in zip(
        years[years.index(base) :], years[years.index(base) + 1 :], strict=False
    ):
        growth = 1 + health[year] / 100 if year in health else deflator[year] / deflator[before]
        levels[year] = levels[before] * growth
    for year in years[: years.index(base)]:
        levels[year] = deflator[year] / deflator[base]
    return levels
