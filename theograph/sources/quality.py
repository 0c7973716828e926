"""What an import read, what it set aside, and why."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


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
    """The account of a whole import."""

    files: tuple[FileReport, ...]
    people: int
    events: int
    snapshot: str | None
    conflicts: tuple[str, ...] = ()

    @property
    def kept(self) -> int:
        """Rows kept over all files."""
        return sum(file.kept for file in self.files)

    @property
    def readable(self) -> bool:
        """Whether any row could be read, be it kept or a duplicate."""
        return any(file.kept or file.duplicates for file in self.files)

    def to_document(self) -> dict[str, Any]:
        """The report as plain values for JSON."""
        counts = ("rows_read", "kept", "duplicates", "set_aside")
        return {
            "files": [asdict(file) for file in self.files],
            "totals": {name: sum(getattr(file, name) for file in self.files) for name in counts},
            "people": self.people,
            "events": self.events,
            "snapshot": self.snapshot,
            "conflicts": list(self.conflicts),
        }
