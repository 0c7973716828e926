"""Starting the app over a store, and the demo over the sample extracts."""

from __future__ import annotations

import hashlib
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import platformdirs

from theograph.app import create_app, serve
from theograph.app.method_facts import MethodFacts
from theograph.app.services import Services
from theograph.bundled import find_bundled
from theograph.costing import load_unit_costs
from theograph.importing import ImportOptions, import_extracts
from theograph.journey import Journey
from theograph.opportunities.case import load_cases
from theograph.opportunities.rulebook import load_rulebook
from theograph.progress import Progress
from theograph.reading import PersonLine, Records, open_records
from theograph.store import Snapshot, Store

_SAMPLES = ("joan", "patient_72")
_JOAN = "Joan Whitfield"
_JOURNEYS_KEPT = 32


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
    """Serve the store's snapshot in force until interrupted; pages load nothing from elsewhere."""
    store.current()  # nothing to show is said here, not on a page
    app = create_app(open_services(store), synthetic=synthetic)
    serve(app, host=host, port=port, path=path, open_browser=open_browser)


def open_services(store: Store) -> Services:
    """What the app may ask of a store: always of its snapshot in force.

    The last journeys opened stay in memory.
    """
    unit_costs = load_unit_costs(store.unit_cost_files())
    rulebook = load_rulebook(store.rules_folder())

    @lru_cache(maxsize=2)
    def open_snapshot(snapshot: Snapshot) -> Records:
        return open_records(snapshot)

    @lru_cache(maxsize=_JOURNEYS_KEPT)
    def read_journey(snapshot: Snapshot, ref: str) -> Journey:
        return open_snapshot(snapshot).read_journey(ref)

    def search_people(text: str, limit: int) -> list[PersonLine]:
        return open_snapshot(store.current()).search_people(text, limit)

    return Services(
        open_journey=lambda ref: read_journey(store.current(), ref),
        search_people=search_people,
        unit_cost=unit_costs.line,
        rule=rulebook.rules.get,
        concept=rulebook.concepts.get,
        rule_ids=lambda: tuple(rulebook.rules),
        method=lambda: MethodFacts(
            rules=rulebook.rules,
            concepts=rulebook.concepts,
            cases=load_cases,
            unit_costs=tuple(unit_costs.lines.values()),
        ),
    )
