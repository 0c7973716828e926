"""What the Data page shows and asks for: files waiting, how they read, jobs, reports, snapshots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any, Literal, Protocol

import pandas as pd

from theograph.sources.draft import Draft
from theograph.sources.mapping import Expression

JobKind = Literal["try", "import"]
JobState = Literal["running", "done", "failed", "cancelled"]
TRIED = "tried"  # names the report of the last dry run, which belongs to no snapshot


class WaitingFile(Protocol):
    """A file that was sent and has not been imported: its key, its cleaned name, its size."""

    @property
    def key(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def size_bytes(self) -> int: ...


class SheetPreview(Protocol):
    """How the first rows of a table read: as `preview_file` finds them."""

    @property
    def name(self) -> str: ...
    @property
    def mapping(self) -> str | None: ...
    @property
    def title(self) -> str | None: ...
    @property
    def headers(self) -> list[str]: ...
    @property
    def rows_seen(self) -> int: ...
    @property
    def more_rows(self) -> bool: ...
    @property
    def kept(self) -> int: ...
    @property
    def reasons(self) -> dict[str, int]: ...
    @property
    def notes(self) -> tuple[str, ...]: ...
    @property
    def source_rows(self) -> list[dict[str, str | None]]: ...
    @property
    def events(self) -> list[dict[str, str | None]]: ...
    @property
    def dates(self) -> dict[str, str]: ...
    @property
    def draft(self) -> Draft | None: ...
    @property
    def error(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Job:
    """A dry run or an import: where it is, from 0 to 1, or how it ended.

    `report` is the account as `ImportReport.to_document` gives it, once there is one.
    """

    kind: JobKind
    files: tuple[str, ...]
    state: JobState
    stage: str = ""
    done: float = 0.0
    error: str | None = None
    report: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class SnapshotLine:
    """One snapshot kept; `error` says why it cannot be used, and then nothing is counted.

    `made_by` is import, price or detect; None in a snapshot that does not say.
    """

    name: str
    current: bool
    created_at: datetime | None = None
    rows: Mapping[str, int] | None = None
    made_by: str | None = None
    reported: bool = False
    error: str | None = None


@dataclass(frozen=True, slots=True)
class FeedCoverage:
    """How far the records reach, up to `as_of`.

    `months` has a row for each month of each feed, without a gap: `provider` (may be missing),
    `sector`, `month` (its first day), `events` that began in it, and whether an extract covers
    any of it (`covered`).
    """

    months: pd.DataFrame
    as_of: date


# Our column -> what gives it.
Columns = Mapping[str, Expression]


class DataDesk(Protocol):
    """Where files wait, are looked at and imported, and where snapshots are kept.

    One desk serves every page: what waits in one window waits in all. Whatever the user can
    put right is raised as a `TheographError`.
    """

    @property
    def demo(self) -> bool:
        """Whether the store is the demo's own."""
        ...

    @property
    def command(self) -> str:
        """The command line that does the same for files of any size."""
        ...

    def receive(self, name: str, stream: IO[bytes], size_bytes: int) -> WaitingFile:
        """Keep a file of exactly `size_bytes`; `TooLargeError` beyond the size for all."""
        ...

    def list_files(self) -> Sequence[WaitingFile]:
        """The files that wait, in the order they came."""
        ...

    def remove(self, key: str) -> None:
        """Let a waiting file go."""
        ...

    def glance(self, key: str) -> Sequence[SheetPreview]:
        """What each table of a waiting file is, its rows looked at only where headers do not tell.

        Nothing for a file that is gone.
        """
        ...

    def preview(self, key: str) -> Sequence[SheetPreview]:
        """How each table of a waiting file reads; nothing for a file that is gone."""
        ...

    def is_ready(self, key: str) -> bool:
        """Whether any table of a waiting file would be read as it stands."""
        ...

    def name_family(self, key: str, sheet: str) -> str | None:
        """The family of tables that the sheet is one of, where it is read together with them."""
        ...

    def choose_columns(self, key: str, sheet: str, columns: Columns | None) -> None:
        """Read the sheet by these columns from now on; of None, as it is recognised."""
        ...

    def chosen_columns(self, key: str, sheet: str) -> Columns | None:
        """The columns chosen for the sheet, if any."""
        ...

    def write_mapping(self, key: str, sheet: str) -> str | None:
        """The columns chosen for the sheet as the text of a mapping file."""
        ...

    def keep_columns(self, key: str, sheet: str) -> None:
        """Keep what was chosen of the sheet with the store, for files with the same headers."""
        ...

    def keeps_columns(self, key: str, sheet: str) -> bool:
        """Whether what is chosen of the sheet is what the store keeps."""
        ...

    def start(self, kind: JobKind) -> None:
        """Begin to import, or only to try, the files that are ready; `BusyError` while one runs."""
        ...

    def job(self) -> Job | None:
        """The job that runs, or the last that ended."""
        ...

    def cancel(self) -> None:
        """End the job that runs; the store stays as it was."""
        ...

    def read_report(self, name: str) -> Mapping[str, Any] | None:
        """The account of the import that made the snapshot `name`, or of the last dry run."""
        ...

    def download_report(self, name: str, form: Literal["csv", "json"]) -> str | None:
        """The same as a text to keep."""
        ...

    def list_snapshots(self) -> Sequence[SnapshotLine]:
        """Every snapshot kept, the newest first."""
        ...

    def go_back(self, name: str) -> None:
        """Put another snapshot in force."""
        ...

    def read_coverage(self) -> FeedCoverage | None:
        """How far the records in force reach; None without any."""
        ...
