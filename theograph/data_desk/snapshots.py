"""A snapshot of the store as a line on the page."""

from __future__ import annotations

from theograph.app.data_facts import SnapshotLine
from theograph.errors import StoreError
from theograph.store import Store


def describe_snapshot(store: Store, name: str, *, current: bool) -> SnapshotLine:
    """The snapshot called `name`, or what is wrong with it."""
    try:
        found = store.read(name)
    except StoreError as error:
        return SnapshotLine(name, current, error=str(error))
    return SnapshotLine(
        name,
        current,
        created_at=found.created_at,
        rows=found.rows,
        made_by=found.made_by,
        reported=found.account_checksum is not None,
    )
