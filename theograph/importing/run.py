"""One import from beginning to end: read, link, settle, price, publish."""

from __future__ import annotations

from collections.abc import Mapping as Lookup
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import theograph
from theograph.costing import UnitCosts, load_unit_costs
from theograph.importing.account import account_for_files
from theograph.importing.findings import examine_tables
from theograph.importing.read import read_files
from theograph.importing.settle import collect_links, set_unlinked_aside, settle_section
from theograph.importing.staging import Staging, open_staging
from theograph.importing.write import Written, find_disagreements, write_tables
from theograph.opportunities.rulebook import Rulebook, load_rulebook
from theograph.progress import Course, Progress, follow, say_nothing
from theograph.sources.files import find_files
from theograph.sources.link import LinkConflict, link_people
from theograph.sources.mapping import SECTIONS, find_mapping, read_mapping
from theograph.sources.quality import FileReport, ImportReport
from theograph.store import Snapshot, Store, read_account

# How much of the time is behind, as measured with a million plain rows.
_READ = 0.29
_SETTLED = 0.37
_WRITTEN = 0.92
_EXAMINED = 0.99


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How an import is to be done.

    `mapping` names a layout, or a mapping file, for every file given, `mappings` one for single
    sheets, by the names that the account gives these; `provider` is whose
    extracts they are where the rows do not say; `unit_costs` are a site's own unit-cost files,
    `rules` the folder of its own rules and concepts.
    """

    mapping: str | None = None
    mappings: Lookup[str, str] = field(default_factory=dict)
    provider: str | None = None
    unit_costs: tuple[Path, ...] = ()
    rules: Path | None = None
    dry_run: bool = False
    replace: bool = False


def import_extracts(
    paths: Sequence[Path],
    store: Store,
    *,
    options: ImportOptions,
    now: datetime,
    progress: Progress = say_nothing,
) -> ImportReport:
    """Read every table file under `paths` into the store and say what became of each row.

    The store gets a new snapshot when something was kept; the same rows again change nothing.
    A file that cannot be read is reported and the others go on. Raises `UsageError` for a path
    that does not exist, `MappingError` for a bad mapping or unit-cost file.
    """
    mapping = find_mapping(options.mapping) if options.mapping else None
    files = find_files(paths)
    costs = load_unit_costs(options.unit_costs or store.unit_cost_files())
    rulebook = load_rulebook(options.rules or store.rules_folder())
    with follow(progress) as course, open_staging(store, anew=options.replace) as staging:
        old = staging.old
        price_year = old.price_year if old else None
        results = read_files(
            staging,
            files,
            mapping=mapping,
            mappings={name: find_mapping(file) for name, file in options.mappings.items()},
            own=[read_mapping(file) for file in store.mapping_files()],
            provider=options.provider,
            course=course.part(0, _READ),
        )
        course.begin("Linking people and settling rows", _READ, _SETTLED)
        conflicts = [f"{found.identifier} {found.what}" for found in _settle(staging, store.salt())]
        reports = account_for_files(staging.sql, results)
        written: Written | None = None
        reworked = bool(options.unit_costs or options.rules) and old is not None
        # Rows known already may say more of who is who.
        learned = any(report.duplicates for report in reports) and (
            staging.count("links") > staging.count("old_links")
        )
        if reworked or learned or any(report.kept for report in reports):
            written = _write(staging, costs, rulebook, price_year, now, course)
            conflicts += find_disagreements(staging)
        course.begin("Looking over what was found", _WRITTEN, _EXAMINED)
        report = _compose_report(staging, written, reports, conflicts)
        if options.dry_run:
            return report
        report = replace(report, snapshot=old.name if old else None)
        if written:
            report = replace(report, snapshot=store.next_name(now))
            account = report.to_document()
            course.begin("Publishing", _EXAMINED, 1)
            _publish(store, staging, written, price_year, now, made_by="import", account=account)
            course("Published", 1)
            store.keep_unit_costs(options.unit_costs)
            store.keep_rules(options.rules)
    return report


def price_store(
    store: Store,
    *,
    unit_costs: tuple[Path, ...],
    price_year: str | None,
    now: datetime,
    progress: Progress = say_nothing,
) -> Snapshot:
    """Price every event of the store again and publish the result as a new snapshot.

    `unit_costs` are a site's own files; they stay with the store and later imports use them.
    """
    costs = load_unit_costs(unit_costs or store.unit_cost_files())
    rulebook = load_rulebook(store.rules_folder())
    snapshot = _rework(store, costs, rulebook, price_year, now, progress, "price")
    store.keep_unit_costs(unit_costs)
    return snapshot


def screen_store(
    store: Store, *, rules: Path | None, now: datetime, progress: Progress = say_nothing
) -> Snapshot:
    """Tag and screen everyone in the store again and publish the result as a new snapshot.

    `rules` is a folder of a site's own rules and concepts; it stays with the store.
    """
    costs = load_unit_costs(store.unit_cost_files())
    rulebook = load_rulebook(rules or store.rules_folder())
    price_year = store.current().price_year
    snapshot = _rework(store, costs, rulebook, price_year, now, progress, "detect")
    store.keep_rules(rules)
    return snapshot


def _rework(
    store: Store,
    costs: UnitCosts,
    rulebook: Rulebook,
    price_year: str | None,
    now: datetime,
    progress: Progress,
    made_by: str,
) -> Snapshot:
    store.current()
    with follow(progress) as course, open_staging(store) as staging:
        course("Linking people and settling rows", 0)
        _settle(staging, store.salt())
        account_for_files(staging.sql, [])
        written = _write(staging, costs, rulebook, price_year, now, course)
        account = read_account(staging.old) if staging.old else None
        course.begin("Publishing", _EXAMINED, 1)
        return _publish(store, staging, written, price_year, now, made_by=made_by, account=account)


def _write(
    staging: Staging,
    costs: UnitCosts,
    rulebook: Rulebook,
    price_year: str | None,
    now: datetime,
    course: Course,
) -> Written:
    return write_tables(
        staging,
        costs,
        rulebook,
        price_year=price_year,
        today=now.date(),
        course=course.part(_SETTLED, _WRITTEN),
    )


def _settle(staging: Staging, salt: str) -> list[LinkConflict]:
    collect_links(staging.sql)
    conflicts = link_people(staging.sql, salt=salt)
    gone = set_unlinked_aside(staging.sql)
    for section in SECTIONS:
        settle_section(staging.sql, section)
    return [
        replace(conflict, what=f"{conflict.what}; {gone[conflict.link_key]} rows set aside")
        if conflict.link_key in gone
        else conflict
        for conflict in conflicts
    ]


def _compose_report(
    staging: Staging,
    written: Written | None,
    reports: tuple[FileReport, ...],
    conflicts: list[str],
) -> ImportReport:
    """The account, over what the draft holds, or else the snapshot in force."""
    old = staging.old
    folder = staging.draft if written else old.path if old else None
    rows = written.rows if written else old.rows if old else {}
    return ImportReport(
        files=reports,
        people=rows.get("people", 0),
        events=rows.get("events", 0),
        snapshot=None,
        conflicts=tuple(conflicts),
        findings=examine_tables(staging.sql.cursor(), folder) if folder else None,
    )


def _publish(
    store: Store,
    staging: Staging,
    written: Written,
    price_year: str | None,
    now: datetime,
    *,
    made_by: str,
    account: dict[str, Any] | None,
) -> Snapshot:
    manifest = {
        "theograph": theograph.__version__,
        "made_by": made_by,
        "created_at": now.isoformat(timespec="seconds"),
        "as_of": written.as_of.isoformat(),
        "price_year": price_year,
        "rows": written.rows,
    }
    return store.publish(staging.draft, store.next_name(now), manifest, account)
