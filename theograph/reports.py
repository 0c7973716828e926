"""What the command line prints: tables for people, CSV and JSON for programs."""

from __future__ import annotations

import csv
import json
import sys
from dataclasses import asdict, fields

from rich.console import Console
from rich.table import Table

from theograph.reading import PersonLine
from theograph.record.money import pounds
from theograph.sources.quality import FileReport, ImportReport

_PIPED_WIDTH = 160


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
    console = _console()
    console.print(table)
    if dry_run:
        console.print("Dry run: nothing was kept.")
    console.print(f"{report.people:,} people, {report.events:,} events")
    if report.snapshot:
        console.print(f"Snapshot {report.snapshot}")
    _print_problems(report)


def _console() -> Console:
    """A console as wide as the terminal; wide enough for a table where there is none."""
    return Console() if sys.stdout.isatty() else Console(width=_PIPED_WIDTH)


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


def print_people(people: list[PersonLine], form: str) -> None:
    """The list of people as a table, CSV or JSON. CSV and JSON carry cost in pence."""
    if form == "json":
        rows = [_plain(person) for person in people]
        print(json.dumps(rows, indent=2, ensure_ascii=False))
    elif form == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow([field.name for field in fields(PersonLine)])
        writer.writerows(_plain(person).values() for person in people)
    else:
        table = Table(box=None, pad_edge=False)
        for name in ("ref", "person_id", "name", "events", "first", "last", "cost"):
            number = name in ("events", "cost")
            table.add_column(
                name, justify="right" if number else "left", no_wrap=number or name == "ref"
            )
        for person in people:
            table.add_row(
                person.ref,
                person.person_id,
                person.name or "",
                f"{person.events:,}",
                *(f"{day:%d %b %Y}" if day else "" for day in (person.first, person.last)),
                pounds(person.cost_pence),
            )
        _console().print(table)


def _plain(person: PersonLine) -> dict[str, str | int | None]:
    row = asdict(person)
    times = {name: row[name].isoformat() if row[name] else None for name in ("first", "last")}
    return row | times
