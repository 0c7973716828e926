"""The snapshots of a store: what each holds, and how that differs from the one in force."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from rich.table import Table

from theograph.errors import StoreError
from theograph.reports.console import open_console
from theograph.snapshot import Snapshot
from theograph.store import Store, read_account

_COUNTED: Final = ("people", "events", "opportunities")


@dataclass(frozen=True, slots=True)
class SnapshotLine:
    """One snapshot kept; `error` says why it cannot be read, and then nothing else is known.

    `more` is how many more rows of each table it holds than the one in force, `files` the
    extracts of the import that made it, or that it was made from.
    """

    name: str
    in_force: bool
    snapshot: Snapshot | None = None
    files: tuple[str, ...] = ()
    more: dict[str, int] | None = None
    error: str | None = None


def compare_snapshots(store: Store) -> list[SnapshotLine]:
    """Every snapshot of the store, oldest first, held against the one in force."""
    current = store.current_name()
    read = {name: _read(store, name) for name in store.snapshots()}
    reference = read.get(current or "")
    return [
        SnapshotLine(name, name == current, error=found)
        if isinstance(found, str)
        else SnapshotLine(
            name,
            name == current,
            found,
            _list_files(found),
            _count_more(found, reference) if isinstance(reference, Snapshot) else None,
        )
        for name, found in read.items()
    ]


def print_snapshots(lines: list[SnapshotLine], form: str) -> None:
    """The list as a table or JSON."""
    if form == "json":
        print(json.dumps([_plain(line) for line in lines], indent=2, ensure_ascii=False))
        return
    table = Table(box=None, pad_edge=False)
    table.add_column("snapshot", no_wrap=True)
    for name in ("", "made", "by", "data to"):
        table.add_column(name)
    for name in _COUNTED:
        table.add_column(name, justify="right")
    for line in lines:
        table.add_row(line.name, "in force" if line.in_force else "", *_cells(line))
    console = open_console()
    console.print(table if lines else "The store holds no snapshot.")
    if any(line.more and not line.in_force for line in lines):
        console.print("In brackets: how many more, or fewer, than the one in force.")
    for line in lines:
        if line.error:
            console.print(line.error, style="red", markup=False, soft_wrap=True)


def _read(store: Store, name: str) -> Snapshot | str:
    try:
        return store.read(name)
    except StoreError as error:
        return str(error)


def _list_files(snapshot: Snapshot) -> tuple[str, ...]:
    try:
        account = read_account(snapshot)
    except StoreError:  # its tables may be whole all the same; going back checks
        return ()
    return tuple(file["path"] for file in account["files"]) if account else ()


def _count_more(snapshot: Snapshot, reference: Snapshot) -> dict[str, int]:
    tables = dict.fromkeys((*snapshot.rows, *reference.rows))
    return {name: snapshot.rows.get(name, 0) - reference.rows.get(name, 0) for name in tables}


def _cells(line: SnapshotLine) -> list[str]:
    snapshot = line.snapshot
    if snapshot is None:
        return ["damaged"]
    counts = []
    for name in _COUNTED:
        more = (line.more or {}).get(name, 0)
        counts.append(f"{snapshot.rows.get(name, 0):,}" + (f" ({more:+,})" if more else ""))
    made = f"{snapshot.created_at:%d %b %Y %H:%M}"
    return [made, snapshot.made_by or "", f"{snapshot.as_of:%d %b %Y}", *counts]


def _plain(line: SnapshotLine) -> dict[str, Any]:
    snapshot = line.snapshot
    return {
        "name": line.name,
        "in_force": line.in_force,
        "created_at": snapshot.created_at.isoformat() if snapshot else None,
        "made_by": snapshot.made_by if snapshot else None,
        "as_of": snapshot.as_of.isoformat() if snapshot else None,
        "price_year": snapshot.price_year if snapshot else None,
        "files": list(line.files),
        "rows": dict(snapshot.rows) if snapshot else None,
        "more_than_in_force": line.more,
        "error": line.error,
    }
