"""Trying a file without importing it: how it would be read, and what each row would become."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import duckdb

from theograph.errors import TheographError, UnreadableSourceError, UsageError
from theograph.importing.first_rows import MOST_ROWS, stage_first_rows
from theograph.importing.layout import choose_layout
from theograph.importing.shown_row import show_row
from theograph.sources.draft import Draft, draft_mapping
from theograph.sources.extract import Extract, open_extract
from theograph.sources.family import (
    FamilyGroup,
    PlacedSheet,
    find_family,
    group_sheets,
    shipped_families,
)
from theograph.sources.files import read_sheets
from theograph.sources.gather import gather_sheets
from theograph.sources.mapping import Mapping, find_mapping
from theograph.sources.rows import Sheet, StagedSheet

_SHOWN: Final = 10


@dataclass(frozen=True, slots=True)
class SheetPreview:
    """How one sheet would be read, from its first rows.

    `mapping` and `title` say what it was recognised as; `family` that it is one of several
    tables which are read together, the others of which are not here. Where nothing was
    recognised, `draft` is a mapping proposed for it and `events` shows what that would make of
    the rows. `source_rows` are rows as the file has them, `lines` the line of each. `events` are
    rows as they would be kept (`section` says in which table) or, with `reason`, set aside; `kept`
    and `reasons` count rows. `dates` says which order each date column has, and why.
    """

    name: str
    mapping: str | None = None
    title: str | None = None
    family: str | None = None
    headers: list[str] = field(default_factory=list)
    rows_seen: int = 0
    more_rows: bool = False
    lines: list[str] = field(default_factory=list)
    source_rows: list[dict[str, str | None]] = field(default_factory=list)
    events: list[dict[str, str | None]] = field(default_factory=list)
    kept: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    dates: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    draft: Draft | None = None
    error: str | None = None


def preview_file(
    path: Path, *, mapping: Mapping | None = None, provider: str | None = None
) -> list[SheetPreview]:
    """What an import would make of each sheet of `path`; nothing is kept.

    With a `mapping` that is used, else the layout is recognised. A file that cannot be read
    at all is one preview with its `error`.
    """
    try:
        sheets = read_sheets(path, most_rows=MOST_ROWS)
    except TheographError as error:
        return [SheetPreview(path.name, error=str(error))]
    with tempfile.TemporaryDirectory(prefix="theograph-") as folder, duckdb.connect() as sql:
        sql.execute("set timezone = 'UTC'")
        bench = _Bench(sql, Path(folder), provider)
        seen, staged = bench.stage_sheets(sheets, path)
        read = {} if mapping else bench.preview_families(seen, staged)
        for place, sheet in staged.items():
            if place not in read:
                read[place] = bench.preview_sheet(seen[place], sheet, mapping)
        return [read.get(place, found) for place, found in enumerate(seen)]


def draft_for_file(path: Path, *, sheet: str | None = None) -> Draft:
    """A draft of a mapping for `path`: for the sheet named, or the first that has what it needs.

    Raises `UnreadableSourceError` where the file cannot be read, `UsageError` where it has no
    such sheet.
    """
    sheets = read_sheets(path, most_rows=MOST_ROWS)
    names = [found.name.removeprefix(path.name).lstrip("#: ") for found in sheets]
    if sheet is not None:
        if sheet not in names:
            there = ", ".join(name for name in names if name) or "one only, without a name"
            raise UsageError(f"{path.name}: has no sheet '{sheet}'; its sheets: {there}")
        sheets = [sheets[names.index(sheet)]]
    drafts: list[Draft] = []
    with tempfile.TemporaryDirectory(prefix="theograph-") as folder, duckdb.connect() as sql:
        for number, found in enumerate(sheets):
            staged, _ = stage_first_rows(found, path, Path(folder) / f"rows{number}.parquet")
            drafts.append(draft_mapping(sql, staged))
            if drafts[-1].usable:
                return drafts[-1]
    return drafts[0]


@dataclass(frozen=True, slots=True)
class _Bench:
    """A database in memory and a folder, both gone once the file has been looked at."""

    sql: duckdb.DuckDBPyConnection
    folder: Path
    provider: str | None

    def stage_sheets(
        self, sheets: list[Sheet], path: Path
    ) -> tuple[list[SheetPreview], dict[int, StagedSheet]]:
        """The first rows of each sheet, staged, by its place among `sheets`."""
        seen: list[SheetPreview] = []
        staged: dict[int, StagedSheet] = {}
        for place, sheet in enumerate(sheets):
            found = SheetPreview(sheet.name, headers=sheet.headers, notes=sheet.notes)
            rows = self.folder / f"rows{place}.parquet"
            try:
                staged[place], more = stage_first_rows(sheet, path, rows)
            except TheographError as error:
                found = replace(found, error=str(error))
            else:
                found = replace(found, rows_seen=staged[place].rows_read, more_rows=more)
            seen.append(found)
        return seen, staged

    def preview_families(
        self, seen: list[SheetPreview], staged: dict[int, StagedSheet]
    ) -> dict[int, SheetPreview]:
        """Sheets of the file that are read together, by their places."""
        placed = [PlacedSheet(sheet, place, sheet.name) for place, sheet in staged.items()]
        read: dict[int, SheetPreview] = {}
        for group in group_sheets(shipped_families(), placed):
            gathered = gather_sheets(self.sql, group, self.folder)
            read |= {one.file_no: _of_family(seen[one.file_no], group) for one in group.sheets}
            for name, sheet in gathered.items():
                extract = open_extract(self.sql, sheet, find_mapping(name), provider=self.provider)
                self._judge(extract)
                for one in group.sheets:
                    read[one.file_no] = self._show_rows(read[one.file_no], extract, one.file_no)
            for one in group.sheets:
                read[one.file_no] = self._show_source(read[one.file_no], one.sheet)
        return read

    def preview_sheet(
        self, seen: SheetPreview, sheet: StagedSheet, mapping: Mapping | None
    ) -> SheetPreview:
        """A sheet that is read by itself."""
        try:
            read, chosen = choose_layout(self.sql, sheet, mapping)
        except UnreadableSourceError as error:
            seen = replace(seen, error=str(error))
            if mapping is None:
                seen = self._show_draft(seen, sheet)
        else:
            seen = replace(seen, mapping=chosen.name, title=chosen.title, notes=read.notes)
            seen = self._show_read(seen, read, chosen)
            if read is not sheet:
                seen = _of_log(seen)
        return self._show_source(seen, sheet)

    def _show_draft(self, seen: SheetPreview, sheet: StagedSheet) -> SheetPreview:
        draft = draft_mapping(self.sql, sheet)
        family = find_family(sheet.name, sheet.path, sheet.headers)
        seen = replace(seen, draft=draft, family=family.title if family else None)
        if seen.family is not None or not draft.usable:
            return seen
        return self._show_read(seen, sheet, draft.mapping("draft"))

    def _show_read(self, seen: SheetPreview, sheet: StagedSheet, mapping: Mapping) -> SheetPreview:
        try:
            extract = open_extract(self.sql, sheet, mapping, provider=self.provider)
        except UnreadableSourceError as error:
            return replace(seen, error=str(error))
        self._judge(extract)
        return self._show_rows(seen, extract, None)

    def _judge(self, extract: Extract) -> None:
        """Fill `judged`, a row each of the first table, with how many rows of the file it is."""
        weighed = (
            f"select j.*, r.rows from ({extract.queries[extract.primary]}) j "
            f"join {extract.sheet.source} r using (source_row)"
            if extract.sheet.weighed
            else f"select *, 1 as rows from ({extract.queries[extract.primary]})"
        )
        self.sql.execute(f"create or replace temp table judged as {weighed}")

    def _show_rows(self, seen: SheetPreview, extract: Extract, file_no: int | None) -> SheetPreview:
        """`seen` with what became of the rows judged, those of one file of several if given."""
        mine = "true" if file_no is None else f"file_no = {file_no}"
        counted = self.sql.execute(
            f"select reason, sum(rows)::bigint from judged where {mine} "
            "group by reason order by 2 desc, 1"
        ).fetchall()
        if not counted:
            return seen
        found = self.sql.execute(
            f"from judged where {mine} order by source_row limit {_SHOWN - len(seen.events)}"
        )
        names = [column[0] for column in found.description]
        rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
        return replace(
            seen,
            events=[*seen.events, *(show_row(row, extract.primary) for row in rows)],
            kept=seen.kept + sum(rows for reason, rows in counted if reason is None),
            reasons=seen.reasons | {reason: rows for reason, rows in counted if reason is not None},
            dates=seen.dates | extract.dates,
        )

    def _show_source(self, seen: SheetPreview, sheet: StagedSheet) -> SheetPreview:
        """The rows of the file that the events shown come from; the first where none are shown."""
        lines = [int(event["source_row"] or 0) for event in seen.events]
        wanted = f"where source_row in {(*lines, 0)}" if lines else ""
        cells = ", ".join(f"c{place}" for place in range(len(sheet.headers)))
        found = self.sql.execute(
            f"select source_row, {cells} from {sheet.source} {wanted} "
            f"order by source_row limit {_SHOWN}"
        ).fetchall()
        return replace(
            seen,
            lines=[str(line) for line, *_ in found],
            source_rows=[dict(zip(sheet.headers, row, strict=True)) for _, *row in found],
        )


def _of_log(seen: SheetPreview) -> SheetPreview:
    """A log's notes say how its times were read; what ends further down is not seen."""
    beyond = "the rows beyond the first were not looked at: what ends there seems not to end"
    return replace(seen, dates={}, notes=(*seen.notes, *((beyond,) if seen.more_rows else ())))


def _of_family(seen: SheetPreview, group: FamilyGroup) -> SheetPreview:
    return replace(seen, mapping=group.family.name, title=group.family.title)
