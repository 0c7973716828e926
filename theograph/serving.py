"""Starting the app over a store, and the demo over the sample extracts."""

from __future__ import annotations

import hashlib
import signal
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import platformdirs

from theograph.app import create_app, serve
from theograph.app.data_address import write_data_path
from theograph.app.method_facts import MethodFacts
from theograph.app.services import Services
from theograph.bundled import find_bundled
from theograph.costing import UnitCosts
from theograph.data_desk import open_desk
from theograph.errors import StoreError
from theograph.importing import ImportOptions, import_extracts
from theograph.opportunities.case import load_cases
from theograph.opportunities.rulebook import Rulebook
from theograph.progress import Progress
from theograph.reading import open_records
from theograph.shelf import Shelf
from theograph.store import Store

_SAMPLES = ("joan", "patient_72")
_JOAN = "Joan Whitfield"


def prepare_demo(*, now: datetime, progress: Progress) -> tuple[Store, str]:
    """A store of the sample extracts, imported once, and the address of Joan's journey."""
    sample = find_bundled("sample_data")
    folder = Path(platformdirs.user_cache_dir("theograph")) / f"demo-{_fingerprint(sample)}"
    store = Store(folder)
    if store.current_or_none() is None:
        paths = [sample / name for name in _SAMPLES]
        import_extracts(paths, store, options=ImportOptions(), now=now, progress=progress)
    records = open_records(store.current())
    found = records.search_people(_JOAN, 1)
    return store, f"/journey/{found[0].ref}"


def _fingerprint(sample: Path) -> str:
    """A short hash of the sample and of all that decides how it is read and priced."""
    package = Path(__file__).parent
    folders = [sample / name for name in _SAMPLES]
    folders += [
        package / name for name in ("record", "sources", "costing", "opportunities", "importing")
    ]
    digest = hashlib.sha256()
    for file in sorted(file for folder in folders for file in folder.rglob("*.*")):
        if file.suffix in {".csv", ".toml", ".py"}:
            digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def serve_records(
    store: Store,
    *,
    host: str = "127.0.0.1",
    port: int = 8050,
    open_browser: bool = True,
    path: str = "/",
    synthetic: bool = False,
) -> None:
    """Serve the store's snapshot in force until interrupted; pages load nothing from elsewhere.

    A store without records opens on the Data page, a damaged one where it can be gone back.
    """
    path = choose_opening(store, path)
    signal.signal(
        signal.SIGTERM, signal.default_int_handler
    )  # so that the desk is cleared then too
    with open_desk(store, demo=synthetic) as desk:
        services = replace(open_services(store), desk=desk)
        app = create_app(services, synthetic=synthetic)
        serve(app, host=host, port=port, path=path, open_browser=open_browser)


def choose_opening(store: Store, path: str) -> str:
    """Where the app opens: at `path`, or where a store that cannot show it is put right.

    Raises `StoreError` for a damaged snapshot when there is no other to go back to.
    """
    try:
        return path if store.current_or_none() else write_data_path()
    except StoreError:
        if len(store.snapshots()) < 2:
            raise
        return write_data_path("snapshots")


def open_services(store: Store) -> Services:
    """What the app may ask of a store: of its snapshot in force, or of the one it is bound to."""
    shelf = Shelf(store)
    return Services(
        open_journey=lambda ref: shelf.current().read_journey(ref),
        search_people=lambda text, limit: shelf.search_people(text, limit),
        unit_cost=lambda code: shelf.current().unit_costs.line(code),
        rule=lambda rule_id: shelf.current().rulebook.rules.get(rule_id),
        concept=lambda key: shelf.current().rulebook.concepts.get(key),
        rule_ids=lambda: tuple(shelf.current().rulebook.rules),
        method=lambda: describe_method(*shelf.read_method()),
        bind=lambda name: bind_services(shelf, name),
    )


def bind_services(shelf: Shelf, name: str | None) -> Services:
    """What the app may ask of the snapshot called `name`; of None, of the one in force now."""
    opened = shelf.current() if name is None else shelf.open(name)
    return Services(
        open_journey=opened.read_journey,
        search_people=opened.records.search_people,
        unit_cost=opened.unit_costs.line,
        rule=opened.rulebook.rules.get,
        concept=opened.rulebook.concepts.get,
        rule_ids=lambda: tuple(opened.rulebook.rules),
        method=lambda: describe_method(opened.rulebook, opened.unit_costs),
    )


def describe_method(rulebook: Rulebook, unit_costs: UnitCosts) -> MethodFacts:
    """What the Method page shows of these rules and unit costs."""
    return MethodFacts(
        rules=rulebook.rules,
        concepts=rulebook.concepts,
        cases=load_cases,
        unit_costs=tuple(unit_costs.lines.values()),
    )
