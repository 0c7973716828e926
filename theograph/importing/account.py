"""The account of an import: for each file, what became of its rows."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from theograph.sources.extract import Extract
from theograph.sources.mapping import SECTIONS, Section
from theograph.sources.quality import FileReport
from theograph.sources.rows import StagedSheet

NOT_RECOGNISED = "layout not recognised"
_EXAMPLE_LINES = 20


@dataclass(frozen=True, slots=True)
class FileResult:
    """How the reading of one file, or one sheet of it, went."""

    path: str
    sheet: StagedSheet | None = None
    extract: Extract | None = None
    error: str | None = None

    @property
    def primary(self) -> Section | None:
        """The table that decides what becomes of a row."""
        return self.extract.primary if self.extract else None


def account_for_files(
    sql: duckdb.DuckDBPyConnection, results: list[FileResult]
) -> tuple[FileReport, ...]:
    """One report a file; what was read is what was kept, a duplicate or set aside.

    A row's fate is that of the first table its layout feeds. Where a further table could not
    use a row, the file's notes say so.
    """
    _collect_outcomes(sql, results)
    return tuple(_report(sql, number, result) for number, result in enumerate(results))


def _collect_outcomes(sql: duckdb.DuckDBPyConnection, results: list[FileResult]) -> None:
    """Fill `row_outcomes`: one row for each source row, by the table that decides."""
    sql.execute("create or replace temp table primaries (file_no integer, section varchar)")
    rows = [(number, result.primary) for number, result in enumerate(results) if result.primary]
    if rows:
        sql.executemany("insert into primaries values (?, ?)", rows)
    parts = " union all by name ".join(
        f"select '{section}' as section, * exclude (content) from outcome_{section}"
        for section in SECTIONS
    )
    sql.execute(f"create or replace temp view all_outcomes as {parts}")
    sql.execute(
        "create or replace temp table row_outcomes as "
        "select o.* from all_outcomes o join primaries using (file_no, section)"
    )


def _report(sql: duckdb.DuckDBPyConnection, number: int, result: FileResult) -> FileReport:
    if result.extract is None:
        return _report_unread(result)
    counts = dict.fromkeys(("kept", "duplicate", "set_aside"), 0)
    reasons: dict[str, int] = {}
    lines: dict[str, list[int]] = {}
    found = sql.execute(
        "select outcome, reason, count(*), list(source_row order by source_row)[1:$most] "
        "from row_outcomes where file_no = $number group by all order by 3 desc, 2",
        {"number": number, "most": _EXAMPLE_LINES},
    ).fetchall()
    for outcome, reason, rows, examples in found:
        counts[outcome] += rows
        if reason is not None:
            reasons[reason] = reasons.get(reason, 0) + rows
            lines[reason] = examples
    sheet = result.extract.sheet
    return FileReport(
        path=result.path,
        mapping=result.extract.mapping.name,
        encoding=sheet.encoding,
        rows_read=sheet.rows_read,
        kept=counts["kept"],
        duplicates=counts["duplicate"],
        set_aside=counts["set_aside"],
        reasons=reasons,
        lines=lines,
        dates=result.extract.dates,
        notes=(*sheet.notes, *_notes(sql, number)),
    )


def _report_unread(result: FileResult) -> FileReport:
    rows = result.sheet.rows_read if result.sheet else 0
    return FileReport(
        path=result.path,
        mapping=None,
        encoding=result.sheet.encoding if result.sheet else None,
        rows_read=rows,
        set_aside=rows,
        reasons={NOT_RECOGNISED: rows} if rows else {},
        error=result.error,
    )


def _notes(sql: duckdb.DuckDBPyConnection, number: int) -> tuple[str, ...]:
    found = sql.execute(
        "select section, reason, count(*) from all_outcomes o "
        "where file_no = $number and outcome = 'set_aside' "
        "and (file_no, section) not in (from primaries) group by all order by all",
        {"number": number},
    ).fetchall()
    return tuple(
        f"{rows} rows gave nothing to {section}: {reason}" for section, reason, rows in found
    )
