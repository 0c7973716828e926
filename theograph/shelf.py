"""Snapshots opened for a running app: the one in force, and those that open pages still show."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import duckdb

from theograph.costing import UnitCosts, load_unit_costs
from theograph.errors import SnapshotGoneError, StoreError
from theograph.journey import Journey
from theograph.opportunities.rulebook import Rulebook, load_rulebook
from theograph.reading import PersonLine, Records, open_records
from theograph.store import Snapshot, Store

# Name, time and size of each file of a site's own rules and unit costs.
SiteFiles = tuple[tuple[str, int, int], ...]

_JOURNEYS_KEPT = 32
_SNAPSHOTS_KEPT = 3


@dataclass(frozen=True, slots=True)
class OpenedSnapshot:
    """A snapshot with the rules and unit costs that the store had when it was first opened.

    `read_journey(ref)` keeps the last journeys in memory; it raises `UnknownPersonError`, and
    `SnapshotGoneError` once the store has let the snapshot go.
    """

    records: Records
    site: SiteFiles
    rulebook: Rulebook
    unit_costs: UnitCosts
    read_journey: Callable[[str], Journey]


class Shelf:
    """The snapshots of one store that are open; safe to use from several threads."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._opened: OrderedDict[Snapshot, OpenedSnapshot] = OrderedDict()

    def current(self) -> OpenedSnapshot:
        """The snapshot in force; `StoreError` without any.

        An import keeps a site's new rules just after it publishes, so these are looked at too.
        """
        return self._open(self._store.current(), site=_look_at_site(self._store))

    def open(self, name: str) -> OpenedSnapshot:
        """The snapshot called `name`; `SnapshotGoneError` once the store has let it go."""
        try:
            return self._open(self._store.read(name))
        except StoreError as error:
            if name in self._store.snapshots():
                raise
            raise _gone(name) from error

    def search_people(self, text: str, limit: int) -> list[PersonLine]:
        """People of the snapshot in force; nobody in a store without records."""
        if self._store.current_or_none() is None:
            return []
        return self.current().records.search_people(text, limit)

    def read_method(self) -> tuple[Rulebook, UnitCosts]:
        """The rules and unit costs in force, also of a store without records."""
        if self._store.current_or_none() is not None:
            opened = self.current()
            return opened.rulebook, opened.unit_costs
        return (
            load_rulebook(self._store.rules_folder()),
            load_unit_costs(self._store.unit_cost_files()),
        )

    def _open(self, snapshot: Snapshot, *, site: SiteFiles | None = None) -> OpenedSnapshot:
        with self._lock:
            found = self._opened.get(snapshot)
            if found is None or site not in (None, found.site):
                found = self._opened[snapshot] = _open_snapshot(snapshot, self._store)
            self._opened.move_to_end(snapshot)
            while len(self._opened) > _SNAPSHOTS_KEPT:
                self._opened.popitem(last=False)
            return found


def _open_snapshot(snapshot: Snapshot, store: Store) -> OpenedSnapshot:
    records = open_records(snapshot)

    @lru_cache(maxsize=_JOURNEYS_KEPT)
    def read_journey(ref: str) -> Journey:
        try:
            return records.read_journey(ref)
        except duckdb.IOException as error:  # its files went while they were being read
            raise _gone(snapshot.name) from error

    return OpenedSnapshot(
        records,
        _look_at_site(store),
        load_rulebook(store.rules_folder()),
        load_unit_costs(store.unit_cost_files()),
        read_journey,
    )


def _look_at_site(store: Store) -> SiteFiles:
    rules = store.rules_folder()
    files = [*store.unit_cost_files(), *(sorted(rules.rglob("*.toml")) if rules else ())]
    try:
        looks = [(file, file.stat()) for file in files]
    except FileNotFoundError:  # they are being replaced; the next look sees the new ones
        return ()
    return tuple((file.name, look.st_mtime_ns, look.st_size) for file, look in looks)


def _gone(name: str) -> SnapshotGoneError:
    return SnapshotGoneError(
        f"snapshot {name}: newer imports have taken its place; load the page again"
    )
