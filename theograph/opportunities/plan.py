"""The engine's steps, each an Ibis expression written out as SQL once for all.

Writing an expression as SQL takes longer than running it on a small store, and the steps do
not depend on the rules' numbers, which stand in tables of their own. So a plan is written
once a dialect, kept on disk, and run for every slice of people.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import ibis
import ibis.expr.types as ir

Dialect = Literal["duckdb", "pyspark"]


@dataclass(frozen=True, slots=True)
class Step:
    """A table to be kept under `name`, or rows to be added to it, and the query that gives them."""

    name: str
    query: str
    adds: bool = False


@dataclass(frozen=True, slots=True)
class Rounds:
    """Steps to be done again and again while the table `left` has rows."""

    left: str
    steps: tuple[Step, ...]


@dataclass(slots=True)
class Plan:
    """Steps being written for one dialect of SQL."""

    dialect: Dialect
    steps: list[Step | Rounds] = field(default_factory=list)

    def keep(self, name: str, rows: ir.Table) -> ir.Table:
        """Add the step that keeps `rows` under `name`; returns the table it will be."""
        self.steps.append(self._write(name, rows))
        return ibis.table(rows.schema(), name=name)

    def repeat(self, left: str, *, adding: str, **tables: ir.Table) -> None:
        """Add rounds that keep `tables` in their order until the table `left` is empty; to the
        one called `adding` rows are added."""
        steps = tuple(self._write(name, rows, adds=name == adding) for name, rows in tables.items())
        self.steps.append(Rounds(left, steps))

    def _write(self, name: str, rows: ir.Table, *, adds: bool = False) -> Step:
        getattr(ibis, self.dialect)  # Ibis knows how to write a dialect once its backend is loaded
        return Step(name, str(ibis.to_sql(rows, dialect=self.dialect)), adds)
