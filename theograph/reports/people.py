"""The list of the people in a store."""

from __future__ import annotations

import json
from dataclasses import asdict, fields

import pandas as pd
from rich.table import Table

from theograph.export.csv_text import write_csv
from theograph.reading import PersonLine
from theograph.record.money import pounds
from theograph.reports.console import open_console


def print_people(people: list[PersonLine], form: str) -> None:
    """The list of people as a table, CSV or JSON. CSV and JSON carry cost in pence.

    In CSV, text that a spreadsheet would run as a formula is defused.
    """
    if form == "json":
        rows = [_plain(person) for person in people]
        print(json.dumps(rows, indent=2, ensure_ascii=False))
    elif form == "csv":
        columns = [field.name for field in fields(PersonLine)]
        texts = pd.DataFrame([_plain(person) for person in people], columns=columns, dtype="str")
        print(write_csv(texts), end="")
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
        open_console().print(table)


def _plain(person: PersonLine) -> dict[str, str | int | None]:
    row = asdict(person)
    times = {name: row[name].isoformat() if row[name] else None for name in ("first", "last")}
    return row | times
