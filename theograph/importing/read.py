"""Reading the files of an import: each sheet staged, recognised, and read by its mapping.

Nothing here stops at a file that cannot be read: the account says so and the others go on.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Lookup
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from theograph.errors import TheographError, UnreadableSourceError
from theograph.importing.account import FileResult, SheetResult
from theograph.importing.layout import choose_layout
from theograph.importing.staging import Staging
from theograph.progress import Course
from theograph.sources.extract import Extract, open_extract
from theograph.sources.family import (
    Family,
    FamilyGroup,
    PlacedSheet,
    find_passing_over,
    group_sheets,
    shipped_families,
)
from theograph.sources.files import label_files, numbers_rows_together, read_sheets
from theograph.sources.gather import gather_sheets
from theograph.sources.mapping import Mapping, find_mapping
from theograph.sources.recognise import recognise_layout
from theograph.sources.rows import Sheet, StagedSheet, Tell, stage_sheet

_STAGED = 0.45  # the part of reading that is behind once every file is staged
_READ_THROUGH = 0.6  # of the staging of a file that is read through before its sheets are known
_RATE_AFTER_SECONDS = 1


def read_files(
    staging: Staging,
    files: Sequence[Path],
    *,
    mapping: Mapping | None,
    mappings: Lookup[str, Mapping],
    own: Sequence[Mapping] = (),
    provider: str | None,
    course: Course,
) -> list[FileResult]:
    """Read every sheet of `files` into the staging tables and say how each went.

    Tables of a family are read together; with a `mapping` every sheet is read by that alone,
    and a sheet named in `mappings` by its own. A site's `own` mappings go before those shipped.
    """
    results: list[FileResult] = []
    waiting: list[PlacedSheet] = []
    total = sum(file.stat().st_size for file in files) or 1
    behind = 0
    for file, label in label_files(files).items():
        size = file.stat().st_size
        part = course.part(_STAGED * behind / total, _STAGED * (behind + size) / total)
        waiting += _stage_file(staging, file, label, results, part)
        behind += size
    if mapping is None:
        mappings = {**_choose_own(own, waiting), **mappings}
    free = [placed for placed in waiting if mapping is None and placed.sheet.name not in mappings]
    rows = _Rows(course.part(_STAGED, 1), sum(placed.sheet.rows_read for placed in waiting))
    for group in group_sheets(shipped_families(), free):
        rows.begin(group.family.title, group.sheets)
        _read_family(staging, group, results, provider)
        taken = {id(placed) for placed in group.sheets}
        waiting = [placed for placed in waiting if id(placed) not in taken]
    for placed in waiting:
        rows.begin(placed.sheet.name, [placed])
        chosen = mappings.get(placed.sheet.name, mapping)
        results[placed.file_no].sheets.append(_read_sheet(staging, placed, chosen, provider))
        placed.sheet.rows.unlink()
    return results


@dataclass(slots=True)
class _Rows:
    """How many of the rows staged have their values; a step is as long as it has rows."""

    course: Course
    total: int
    behind: int = 0

    def begin(self, name: str, sheets: Iterable[PlacedSheet]) -> None:
        """Begin with the rows of some sheets."""
        rows = sum(placed.sheet.rows_read for placed in sheets)
        first, self.behind = self.behind, self.behind + rows
        total = max(self.total, 1)
        stage = f"Checking the values of {name}: {say_rows(rows)}"
        self.course.begin(stage, first / total, self.behind / total)


class _Count:
    """The rows of a file told as they come, with the rate since its first."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._began = time.monotonic()
        self._of_sheets = 0
        self._most = 0
        self._said = ""

    def through(self, course: Course) -> Tell:
        """Tells of all rows on the way to the sheets."""
        return lambda rows, share: self._tell(course, rows, share)

    def along(self, course: Course) -> Tell:
        """Tells of the next sheet."""
        before = self._of_sheets

        def tell(rows: int, share: float) -> None:
            self._of_sheets = before + rows
            self._tell(course, self._of_sheets, share)

        return tell

    def _tell(self, course: Course, rows: int, share: float) -> None:
        if rows > self._most:
            self._most = rows
            seconds = time.monotonic() - self._began
            rate = f", {rows / seconds:,.0f}/s" if seconds > _RATE_AFTER_SECONDS else ""
            self._said = f": {say_rows(rows)}{rate}"
        course(f"Reading {self._label}{self._said}", share)


def say_rows(count: int) -> str:
    """`1 row` or `1,200 rows`."""
    return f"{count:,} row{'s' * (count != 1)}"


def _stage_file(
    staging: Staging,
    file: Path,
    label: str,
    results: list[FileResult],
    course: Course,
) -> list[PlacedSheet]:
    """Stage the sheets of a file, give each its place in `results`, and return those to read."""
    course(f"Reading {label}", 0)
    count = _Count(label)
    opened = _READ_THROUGH if numbers_rows_together(file) else 0
    try:
        sheets = read_sheets(file, tell=count.through(course.part(0, opened)))
    except TheographError as error:
        results.append(FileResult(label, [SheetResult(error=str(error))]))
        return []
    placed: list[PlacedSheet] = []
    first = len(results)
    for number, found in enumerate(sheets):
        share = (1 - opened) / len(sheets)
        part = course.part(opened + share * number, opened + share * (number + 1))
        sheet = replace(found, name=label + found.name.removeprefix(file.name))
        if len(results) == first or not numbers_rows_together(file):
            results.append(FileResult(label if numbers_rows_together(file) else sheet.name))
            staging.add_file(len(results) - 1, results[-1].path)
        result = _stage_sheet(staging, sheet, file, count.along(part))
        if isinstance(result, StagedSheet):
            placed.append(PlacedSheet(result, len(results) - 1, results[-1].path))
        else:
            results[-1].sheets.append(result)
    return placed


def _stage_sheet(
    staging: Staging, sheet: Sheet, file: Path, tell: Tell
) -> StagedSheet | SheetResult:
    family = find_passing_over(shipped_families(), sheet, file)
    if family is not None:
        note = f"passed over: {family.title} keeps nothing of a journey in it"
        return SheetResult(reader=family.name, notes=(note,))
    try:
        return stage_sheet(sheet, file, staging.next_file(), tell=tell)
    except TheographError as error:
        return SheetResult(error=str(error))


def _read_family(
    staging: Staging, group: FamilyGroup, results: list[FileResult], provider: str | None
) -> None:
    family = group.family
    gathered = gather_sheets(staging.sql, group, staging.work)
    sheets = {
        name: (sheet, _find_reader(family, name, provider)) for name, sheet in gathered.items()
    }
    error = _find_error(staging, sheets.values(), provider)
    read: dict[str, SheetResult] = {}
    for name, (sheet, mapping) in sheets.items():
        if error is None:
            extract = open_extract(staging.sql, sheet, mapping, provider=provider)
            staging.add_extract(extract, file_no=None)
            read[name] = _succeed(extract)
        sheet.rows.unlink()
    for table, placed_sheets in group.tables.items():
        readers = dict.fromkeys(family.reader_of(name) for name in family.sheets_of(table))
        own = [read[name] for name in readers if name in read]
        for placed in placed_sheets:
            placed.sheet.rows.unlink()
            result = _join_results(placed, family, own, error if readers else None)
            results[placed.file_no].sheets.append(result)


def _find_reader(family: Family, name: str, provider: str | None) -> Mapping:
    """A mapping under the name of the family that it reads for, so that spells join its rows.

    Two databases may give one number to two people: numbers are of the `provider` that is stated.
    """
    mapping = find_mapping(name)
    scope = mapping.scope if provider is None else f"{mapping.scope}, {provider}"
    return mapping.model_copy(update={"name": family.name, "scope": scope})


def _find_error(
    staging: Staging, sheets: Iterable[tuple[StagedSheet, Mapping]], provider: str | None
) -> str | None:
    """Why a family cannot be read, if one of its sheets cannot: then none is, and all are told."""
    try:
        for sheet, mapping in sheets:
            open_extract(staging.sql, sheet, mapping, provider=provider)
    except UnreadableSourceError as error:
        return str(error)
    return None


def _join_results(
    placed: PlacedSheet, family: Family, read: list[SheetResult], error: str | None
) -> SheetResult:
    """How it went with the rows that a table has in one file, whatever mappings read them."""
    rows = placed.sheet.rows_read
    looked_up = bool(rows) and not read and error is None
    return SheetResult(
        sheet=placed.sheet,
        reader=family.name,
        feeds=tuple(section for result in read for section in result.feeds),
        dates={name: why for result in read for name, why in result.dates.items()},
        notes=(f"{say_rows(rows)} looked up",) if looked_up else (),
        error=error,
    )


def _read_sheet(
    staging: Staging, placed: PlacedSheet, mapping: Mapping | None, provider: str | None
) -> SheetResult:
    sheet = placed.sheet
    try:
        sheet, chosen = choose_layout(staging.sql, sheet, mapping)
        extract = open_extract(staging.sql, sheet, chosen, provider=provider)
    except UnreadableSourceError as error:
        return SheetResult(sheet=sheet, error=str(error))
    staging.add_extract(extract, file_no=placed.file_no)
    return _succeed(extract)


def _succeed(extract: Extract) -> SheetResult:
    name = extract.mapping.name
    return SheetResult(
        sheet=extract.sheet,
        reader=name,
        feeds=(extract.primary,),
        dates=extract.dates,
    )


def _choose_own(own: Sequence[Mapping], sheets: Iterable[PlacedSheet]) -> dict[str, Mapping]:
    """The site's own mapping of each sheet that has one, by the sheet's name."""
    chosen: dict[str, Mapping] = {}
    for placed in sheets:
        with suppress(UnreadableSourceError):
            name, headers = placed.sheet.name, placed.sheet.headers
            chosen[name] = recognise_layout(headers, own, name=name)
    return chosen
