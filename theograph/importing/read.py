"""Reading the files of an import: each sheet staged, recognised, and read by its mapping.

Nothing here stops at a file that cannot be read: the account says so and the others go on.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Mapping as Lookup
from dataclasses import replace
from pathlib import Path

from theograph.errors import TheographError, UnreadableSourceError
from theograph.importing.account import FileResult, SheetResult
from theograph.importing.staging import Staging
from theograph.progress import Progress
from theograph.sources.event_log import reshape_event_log
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
from theograph.sources.mapping import Mapping, find_mapping, lacking_columns, shipped_mappings
from theograph.sources.recognise import recognise_layout
from theograph.sources.rows import Sheet, StagedSheet, stage_sheet

_STAGED = 0.8  # the part of reading that is behind once every file is staged
_RATE_AFTER_SECONDS = 1
_EVENT_LOG = "event_log"  # the mapping that reads logs once they are reshaped


def read_files(
    staging: Staging,
    files: Sequence[Path],
    *,
    mapping: Mapping | None,
    mappings: Lookup[str, Mapping],
    provider: str | None,
    progress: Progress,
) -> list[FileResult]:
    """Read every sheet of `files` into the staging tables and say how each went.

    Tables of a family are read together; with a `mapping` every sheet is read by that alone,
    and a sheet named in `mappings` by its own.
    """
    results: list[FileResult] = []
    waiting: list[PlacedSheet] = []
    total = sum(file.stat().st_size for file in files) or 1
    behind = 0
    for file, label in label_files(files).items():
        done = _STAGED * behind / total
        waiting += _stage_file(staging, file, label, results, _tell_rows(progress, label, done))
        behind += file.stat().st_size
    free = [placed for placed in waiting if mapping is None and placed.sheet.name not in mappings]
    for group in group_sheets(shipped_families(), free):
        progress(f"Reading {group.family.title}", _STAGED)
        _read_family(staging, group, results, provider)
        taken = {id(placed) for placed in group.sheets}
        waiting = [placed for placed in waiting if id(placed) not in taken]
    for placed in waiting:
        chosen = mappings.get(placed.sheet.name, mapping)
        results[placed.file_no].sheets.append(_read_sheet(staging, placed, chosen, provider))
        placed.sheet.rows.unlink()
    return results


def _tell_rows(progress: Progress, label: str, done: float) -> Callable[[int], None]:
    began = time.monotonic()

    def tell(rows: int) -> None:
        seconds = time.monotonic() - began
        rate = f", {rows / seconds:,.0f} a second" if seconds > _RATE_AFTER_SECONDS else ""
        progress(f"Reading {label}: {rows:,} rows{rate}", done)

    tell(0)
    return tell


def _stage_file(
    staging: Staging,
    file: Path,
    label: str,
    results: list[FileResult],
    tell: Callable[[int], None],
) -> list[PlacedSheet]:
    """Stage the sheets of a file, give each its place in `results`, and return those to read."""
    try:
        sheets = read_sheets(file)
    except TheographError as error:
        results.append(FileResult(label, [SheetResult(error=str(error))]))
        return []
    placed: list[PlacedSheet] = []
    first = len(results)
    for found in sheets:
        sheet = replace(found, name=label + found.name.removeprefix(file.name))
        if len(results) == first or not numbers_rows_together(file):
            results.append(FileResult(label if numbers_rows_together(file) else sheet.name))
            staging.add_file(len(results) - 1, results[-1].path)
        result = _stage_sheet(staging, sheet, file, tell)
        if isinstance(result, StagedSheet):
            placed.append(PlacedSheet(result, len(results) - 1, results[-1].path))
        else:
            results[-1].sheets.append(result)
    return placed


def _stage_sheet(
    staging: Staging, sheet: Sheet, file: Path, tell: Callable[[int], None]
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
    sheets = {name: (sheet, _find_reader(family, name)) for name, sheet in gathered.items()}
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


def _find_reader(family: Family, mapping: str) -> Mapping:
    """A mapping under the name of the family that it reads for, so that spells join its rows."""
    return find_mapping(mapping).model_copy(update={"name": family.name})


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
        notes=(f"{rows:,} row{'s' * (rows != 1)} looked up",) if looked_up else (),
        error=error,
    )


def _read_sheet(
    staging: Staging, placed: PlacedSheet, mapping: Mapping | None, provider: str | None
) -> SheetResult:
    sheet = placed.sheet
    try:
        if mapping is None:
            sheet, chosen = _recognise(staging, sheet)
        else:
            chosen = _insist(mapping, sheet)
        extract = open_extract(staging.sql, sheet, chosen, provider=provider)
    except UnreadableSourceError as error:
        return SheetResult(sheet=sheet, error=str(error))
    staging.add_extract(extract, file_no=placed.file_no)
    return _succeed(extract)


def _recognise(staging: Staging, sheet: StagedSheet) -> tuple[StagedSheet, Mapping]:
    """The mapping of a sheet; an event log is reshaped for it first."""
    try:
        return sheet, recognise_layout(sheet.headers, shipped_mappings(), name=sheet.name)
    except UnreadableSourceError:
        reshaped = reshape_event_log(staging.sql, sheet, staging.next_file())
        if reshaped is None:
            raise
        return reshaped, find_mapping(_EVENT_LOG)


def _succeed(extract: Extract) -> SheetResult:
    name = extract.mapping.name
    return SheetResult(
        sheet=extract.sheet,
        reader=name,
        feeds=(extract.primary,),
        dates=extract.dates,
    )


def _insist(mapping: Mapping, sheet: StagedSheet) -> Mapping:
    lacking = lacking_columns(mapping, sheet.headers)
    if lacking:
        raise UnreadableSourceError(
            f"{sheet.name}: lacks {', '.join(lacking)}, which mapping {mapping.name} needs; "
            "rename the columns or choose another mapping"
        )
    return mapping
