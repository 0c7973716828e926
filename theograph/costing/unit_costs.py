"""Unit costs: what one contact, day, hour, week, item or spell is taken to cost.

The lines come from files (see `unit_costs/README.md`); a site's own file goes over ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pandas as pd

from theograph.costing.unit_cost_file import read_unit_cost_file
from theograph.costing.unit_cost_line import UnitCostLine

FOLDER = Path(__file__).parent / "unit_costs"
SHIPPED_FILES = ("pssru_2025.csv", "other_sources.csv", "ncc_2024_25.csv")


@dataclass(frozen=True, slots=True)
class UnitCosts:
    """Every line by its code, those that go first coming first."""

    lines: Mapping[str, UnitCostLine]

    def line(self, code: str) -> UnitCostLine | None:
        """The line called `code`, as in an event's `cost_line`; None when there is none."""
        return self.lines.get(code)

    def table(self) -> pd.DataFrame:
        """The lines as a table, one column a field, those that go first coming first."""
        columns = list(UnitCostLine.model_fields)
        frame = pd.DataFrame([line.model_dump() for line in self.lines.values()], columns=columns)
        return frame.astype({"cost_pence": "Int64"})


def load_unit_costs(site_files: Sequence[Path] = ()) -> UnitCosts:
    """The shipped unit costs with a site's own files over them, the last file first.

    A site line replaces ours of the same code, and goes before ours that are equally
    specific. A shipped file that a site has removed is not used. Raises `MappingError`
    for a file that cannot be used, saying line, column and remedy.
    """
    site = [read_unit_cost_file(Path(path)) for path in reversed(site_files)]
    return UnitCosts(_overlay([*site, *_shipped_lines()]))


@lru_cache(maxsize=1)
def _shipped_lines() -> tuple[tuple[UnitCostLine, ...], ...]:
    paths = (FOLDER / name for name in SHIPPED_FILES)
    return tuple(read_unit_cost_file(path) for path in paths if path.exists())


def _overlay(files: Iterable[tuple[UnitCostLine, ...]]) -> dict[str, UnitCostLine]:
    lines: dict[str, UnitCostLine] = {}
    for file in files:
        for line in file:
            lines.setdefault(line.line, line)
    return lines
