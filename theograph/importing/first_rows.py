"""The first rows of a sheet: enough to see how it would be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from theograph.sources.rows import Batch, Sheet, StagedSheet, stage_nothing, stage_sheet

MOST_ROWS: Final = 1_000


def stage_first_rows(sheet: Sheet, path: Path, rows: Path) -> tuple[StagedSheet, bool]:
    """The first `MOST_ROWS` rows of `sheet`, staged, and whether there are more."""
    taken = _TakeFirst(sheet.batches)
    first = replace(sheet, batches=iter(taken), stage_at_once=stage_nothing)
    staged = stage_sheet(first, path, rows)
    return staged, taken.more or sheet.more


class _TakeFirst:
    """The first rows of some batches; afterwards `more` says whether any were left."""

    def __init__(self, batches: Iterator[Batch]) -> None:
        self._batches = batches
        self.more = False

    def __iter__(self) -> Iterator[Batch]:
        left = MOST_ROWS
        for batch in self._batches:
            if left == 0 or len(batch.lines) > left:
                self.more = True
            if left:
                yield Batch(batch.cells[:left], batch.lines[:left], batch.problems[:left])
            left = max(left - len(batch.lines), 0)
            if self.more:
                return
