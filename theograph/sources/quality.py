"""What an import read, what it set aside and why, and what looks odd in what it kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class QualityWarning:
    """Something odd about `rows` rows of one file, or of all: said, and nothing changed for it.

    `key` names the kind, `what` says what such a row does. `places` are examples as (file, line).
    `values` says how often each value occurs (`unmapped_kinds`), or what the amounts in each
    currency come to in hundredths (`other_currency`).
    """

    key: str
    what: str
    rows: int
    places: tuple[tuple[str, int], ...] = ()
    values: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LinkReport:
    """How the people of a store are known: how many by that many files, providers, identifiers.

    Each mapping is count -> people, but `identifiers_by_type` is type -> identifiers.
    """

    people: int
    identifiers: int
    people_by_files: Mapping[int, int]
    people_by_providers: Mapping[int, int]
    people_by_identifiers: Mapping[int, int]
    identifiers_by_type: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class CoverageLine:
    """The reach of one provider's feed of one sector, and where it has a gap.

    `missing_months` (the first of each) lie between `start` and `end` and no extract covers any
    day of them; `quiet_months` counts covered months without an event.
    """

    provider: str | None
    sector: str
    start: date | None
    end: date | None
    events: int
    missing_months: tuple[date, ...]
    quiet_months: int


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found in the tables of a snapshot; `by_file` holds the warnings of each file."""

    warnings: tuple[QualityWarning, ...]
    by_file: Mapping[str, tuple[QualityWarning, ...]]
    links: LinkReport
    coverage: tuple[CoverageLine, ...]


@dataclass(frozen=True, slots=True)
class FileReport:
    """The account of one file: `rows_read` is `kept` + `duplicates` + `set_aside`."""

    path: str
    mapping: str | None
    encoding: str | None
    rows_read: int = 0
    kept: int = 0
    duplicates: int = 0
    set_aside: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    lines: dict[str, list[int]] = field(default_factory=dict)
    dates: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    error: str | None = None


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The account of a whole import, and what was found in all that the store then holds."""

    files: tuple[FileReport, ...]
    people: int
    events: int
    snapshot: str | None
    conflicts: tuple[str, ...] = ()
    findings: Findings | None = None

    @property
    def kept(self) -> int:
        """Rows kept over all files."""
        return sum(file.kept for file in self.files)

    @property
    def readable(self) -> bool:
        """Whether any row could be read, be it kept or a duplicate."""
        return any(file.kept or file.duplicates for file in self.files)

    @property
    def warnings(self) -> tuple[QualityWarning, ...]:
        """What looks odd in what the store holds."""
        return self.findings.warnings if self.findings else ()

    def to_document(self) -> dict[str, Any]:
        """The report as plain values for JSON."""
        found = self.findings
        counts = ("rows_read", "kept", "duplicates", "set_aside")
        return {
            "files": [asdict(file) | self._warnings_of(file) for file in self.files],
            "totals": {name: sum(getattr(file, name) for file in self.files) for name in counts},
            "people": self.people,
            "events": self.events,
            "snapshot": self.snapshot,
            "conflicts": list(self.conflicts),
            "warnings": [_write_warning(warning) for warning in self.warnings],
            "links": _write_links(found.links) if found else None,
            "coverage": [_write_line(line) for line in found.coverage] if found else [],
        }

    def _warnings_of(self, file: FileReport) -> dict[str, Any]:
        found = self.findings.by_file.get(file.path, ()) if self.findings else ()
        return {"warnings": [_write_warning(warning) for warning in found]}


def _write_warning(warning: QualityWarning) -> dict[str, Any]:
    places = [{"file": file, "line": line} for file, line in warning.places]
    return asdict(warning) | {"places": places, "values": dict(warning.values)}


def _write_links(links: LinkReport) -> dict[str, Any]:
    written = asdict(links)
    for name, counts in written.items():
        if isinstance(counts, dict):  # keys of JSON are texts
            written[name] = {str(key): count for key, count in counts.items()}
    return written


def _write_line(line: CoverageLine) -> dict[str, Any]:
    days = {name: day.isoformat() if day else None for name, day in _ends(line)}
    return asdict(line) | days | {"missing_months": [f"{day:%Y-%m}" for day in line.missing_months]}


def _ends(line: CoverageLine) -> tuple[tuple[str, date | None], ...]:
    return ("start", line.start), ("end", line.end)
