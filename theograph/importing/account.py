"""The account of an import: for each file, what became of its rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import duckdb

from theograph.sources.mapping import SECTIONS, Section
from theograph.sources.quality import FileReport
from theograph.sources.rows import StagedSheet

NOT_RECOGNISED = "layout not recognised"
_EXAMPLE_LINES = 20


@dataclass(frozen=True, slots=True)
class SheetResult:
    """How the reading of one sheet of a file went.

    `reader` is the mapping, or the family, with which it was read; `feeds` are the tables that
    decide what becomes of its rows. A sheet that feeds none was looked up only, or could not be
    read for the reason `error`.
    """

    sheet: StagedSheet | None = None
    reader: str | None = None
    feeds: tuple[Section, ...] = ()
    dates: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    error: str | None = None

    @property
    def rows(self) -> int:
        """Rows to account for."""
        counted = self.feeds or self.error is not None
        return self.sheet.rows_read if self.sheet and counted else 0


@dataclass(slots=True)
class FileResult:
    """How the reading of one file went, sheet by sheet; its place in a list is its number."""

    path: str
    sheets: list[SheetResult] = field(default_factory=list)


def account_for_files(
    sql: duckdb.DuckDBPyConnection, results: Sequence[FileResult]
) -> tuple[FileReport, ...]:
    """One report a file; what was read is what was kept, a duplicate or set aside.

    A row's fate is that of the first table its layout feeds. Where a further table could not
    use a row, the file's notes say so.
    """
    _collect_outcomes(sql, results)
    return tuple(_report(sql, number, result) for number, result in enumerate(results))


def _collect_outcomes(sql: duckdb.DuckDBPyConnection, results: Sequence[FileResult]) -> None:
    """Fill `row_outcomes`: one row for each row read, by the table that decides.

    `file_rows` is how many rows of its file it stands for.
    """
    sql.execute(
        "create or replace temp table primaries "
        "(file_no integer, source_mapping varchar, section varchar)"
    )
    rows = {
        (number, sheet.reader or "", section)
        for number, result in enumerate(results)
        for sheet in result.sheets
        for section in sheet.feeds
    }
    if rows:
        sql.executemany("insert into primaries values (?, ?, ?)", sorted(rows))
    parts = " union all by name ".join(
        f"select '{section}' as section, * from outcome_{section}" for section in SECTIONS
    )
    sql.execute(
        "create or replace temp view all_outcomes as "
        f"select o.*, coalesce(w.file_rows, 1) as file_rows from ({parts}) o "
        "left join row_weights w using (file_no, source_row)"
    )
    sql.execute(
        "create or replace temp table row_outcomes as "
        "select o.* from all_outcomes o join primaries using (file_no, source_mapping, section)"
    )


def _report(sql: duckdb.DuckDBPyConnection, number: int, result: FileResult) -> FileReport:
    counts: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    lines: dict[str, list[int]] = {}
    found = sql.execute(
        "select outcome, reason, sum(file_rows)::bigint, "
        "list(source_row order by source_row)[1:$most] "
        "from row_outcomes where file_no = $number group by all order by 3 desc, 2",
        {"number": number, "most": _EXAMPLE_LINES},
    ).fetchall()
    for outcome, reason, rows, examples in found:
        counts[outcome] += rows
        if reason is not None:
            reasons[reason] += rows
            lines[reason] = examples
    unread = sum(sheet.rows for sheet in result.sheets if sheet.error)
    if unread:
        reasons[NOT_RECOGNISED] += unread
    readers = _distinct(sheet.reader for sheet in result.sheets)
    staged = [sheet.sheet for sheet in result.sheets if sheet.sheet]
    notes = [note for sheet in staged for note in sheet.notes]
    notes += [note for sheet in result.sheets for note in sheet.notes]
    errors = _distinct(sheet.error for sheet in result.sheets)
    return FileReport(
        path=result.path,
        mapping=", ".join(readers) or None,
        encoding=", ".join(_distinct(sheet.encoding for sheet in staged)) or None,
        rows_read=sum(sheet.rows for sheet in result.sheets),
        kept=counts["kept"],
        duplicates=counts["duplicate"],
        set_aside=counts["set_aside"] + unread,
        reasons=dict(reasons),
        lines=lines,
        dates={name: why for sheet in result.sheets for name, why in sheet.dates.items()},
        notes=tuple(_distinct((*notes, *_notes(sql, number)))),
        error="; ".join(errors) or None,
    )


def _distinct(texts: Iterable[str | None]) -> list[str]:
    return list(dict.fromkeys(text for text in texts if text))


def _notes(sql: duckdb.DuckDBPyConnection, number: int) -> tuple[str, ...]:
    found = sql.execute(
        "select section, reason, sum(file_rows)::bigint from all_outcomes o "
        "where file_no = $number and outcome = 'set_aside' "
        "and (file_no, source_mapping, section) not in (from primaries) "
        "group by all order by all",
        {"number": number},
    ).fetchall()
    return tuple(
        f"{rows} rows gave nothing to {section}: {reason}" for section, reason, rows in found
    )
