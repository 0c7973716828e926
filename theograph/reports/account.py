"""The account of an import: what was read, kept and set aside, and what looks odd."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from theograph.reports.console import open_console
from theograph.sources.quality import (
    CoverageLine,
    FileReport,
    ImportReport,
    LinkReport,
    QualityWarning,
)

_MOST_LINES: Final = 12  # of one kind; the report has all


def print_import(report: ImportReport, *, dry_run: bool) -> None:
    """The account on stdout; what was set aside, not read or looks odd on stderr."""
    table = Table(box=None, pad_edge=False)
    table.add_column("file", overflow="fold")
    table.add_column("layout")
    for name in ("read", "kept", "duplicate", "set aside"):
        table.add_column(name, justify="right", no_wrap=True)
    for file in report.files:
        counts = (file.rows_read, file.kept, file.duplicates, file.set_aside)
        table.add_row(file.path, file.mapping or "-", *(f"{count:,}" for count in counts))
    console = open_console()
    console.print(table)
    if dry_run:
        console.print("Dry run: nothing was kept.")
    console.print(f"{report.people:,} people, {report.events:,} events")
    if report.findings:
        console.print(_say_links(report.findings.links))
        console.print(_say_coverage(report.findings.coverage))
    if report.snapshot:
        console.print(f"Snapshot {report.snapshot}")
    _print_problems(report)


def _print_problems(report: ImportReport) -> None:
    files = report.files
    kinds = (
        ("not read", [file.error for file in files if file.error is not None]),
        ("set aside", [line for file in files for line in _set_aside(file)]),
        ("note", [f"{file.path}: {note}" for file in files for note in file.notes]),
        # rows that were set aside have been said
        ("odd", [_say_warning(odd) for odd in report.warnings if odd.key != "ends_before_start"]),
        # they name people, so they go to the report only
        ("check", _say_conflicts(len(report.conflicts))),
    )
    lines = [(name, line) for name, said in kinds for line in _shorten(said)]
    if lines:
        _print_lines(lines)


def _print_lines(lines: list[tuple[str, str]]) -> None:
    """Lines on stderr: with a hanging indent where somebody looks, else one line each."""
    console = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
    last = "Nothing was corrected; --report FILE lists everything, with lines."
    if not console.is_terminal:
        for name, line in lines:
            console.print(f"{name}: {line}")
        console.print(last)
        return
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="bold")
    grid.add_column(overflow="fold")
    for position, (name, line) in enumerate(lines):
        repeated = position > 0 and lines[position - 1][0] == name
        grid.add_row("" if repeated else name, Text(line))
    console.print("", grid, "", last, sep="\n", soft_wrap=False)


def _shorten(lines: list[str]) -> list[str]:
    rest = len(lines) - _MOST_LINES
    return [*lines[:_MOST_LINES], f"and {rest:,} more of these"] if rest > 0 else lines


def _set_aside(file: FileReport) -> list[str]:
    return [
        f"{file.path}: {_count(rows, 'row')}: {reason}{_lines(file.lines.get(reason))}"
        for reason, rows in file.reasons.items()
        if reason != "is the same row again" and file.error is None
    ]


def _say_warning(warning: QualityWarning) -> str:
    said = f"{_count(warning.rows, 'row')}: {warning.what}"
    if warning.key == "other_currency":
        sums = (f"{value} {amount / 100:,.2f}" for value, amount in warning.values.items())
        return f"{said} ({', '.join(sums)})"
    return said


def _say_conflicts(number: int) -> list[str]:
    return [f"{_count(number, 'matter')} of who is who"] if number else []


def _say_links(links: LinkReport) -> str:
    several = _beyond_one(links.people_by_files)
    return (
        f"Linked by {_count(links.identifiers, 'identifier')}; "
        f"{several:,} people are in more than one file"
    )


def _say_coverage(coverage: tuple[CoverageLine, ...]) -> str:
    gaps = sum(1 for line in coverage if line.missing_months)
    said = f"{_count(len(coverage), 'feed')} of a provider and sector"
    return f"{said}, {gaps:,} with a month missing" if gaps else f"{said}, no month missing"


def _beyond_one(people: Mapping[int, int]) -> int:
    return sum(count for number, count in people.items() if number > 1)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _lines(lines: list[int] | None) -> str:
    if not lines:
        return ""
    shown = ", ".join(str(line) for line in lines[:5])
    return f" (line {shown}, …)" if len(lines) > 5 else f" (line {shown})"
