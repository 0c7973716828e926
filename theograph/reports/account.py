"""The account of an import: what was read, kept and set aside."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from theograph.reports.console import open_console
from theograph.sources.quality import FileReport, ImportReport


def print_import(report: ImportReport, *, dry_run: bool) -> None:
    """The account on stdout; what was set aside or could not be read on stderr."""
    table = Table(box=None, pad_edge=False)
    table.add_column("file", overflow="fold")
    table.add_column("layout")
    for name in ("read", "kept", "duplicate", "set aside"):
        table.add_column(name, justify="right")
    for file in report.files:
        counts = (file.rows_read, file.kept, file.duplicates, file.set_aside)
        table.add_row(file.path, file.mapping or "-", *(f"{count:,}" for count in counts))
    console = open_console()
    console.print(table)
    if dry_run:
        console.print("Dry run: nothing was kept.")
    console.print(f"{report.people:,} people, {report.events:,} events")
    if report.snapshot:
        console.print(f"Snapshot {report.snapshot}")
    _print_problems(report)


def _print_problems(report: ImportReport) -> None:
    console = Console(stderr=True, soft_wrap=True, highlight=False, markup=False)
    for file in report.files:
        for line in _problems(file):
            console.print(line)
    if report.conflicts:  # they name people, so they go to the report only
        console.print(
            f"check: {len(report.conflicts):,} matters of who is who; --report FILE lists them"
        )


def _problems(file: FileReport) -> list[str]:
    if file.error is not None:
        return [f"not read: {file.error}"]
    problems = [
        f"set aside: {file.path}: {_rows(count)}: {reason} (line {_lines(file.lines[reason])})"
        for reason, count in file.reasons.items()
        if reason != "is the same row again"
    ]
    return problems + [f"note: {file.path}: {note}" for note in file.notes]


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"


def _lines(lines: list[int]) -> str:
    shown = ", ".join(str(line) for line in lines[:5])
    return f"{shown}, …" if len(lines) > 5 else shown
