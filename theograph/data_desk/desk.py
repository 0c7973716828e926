"""The desk: what the Data page asks for, over one store."""

from __future__ import annotations

import secrets
import shlex
import shutil
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO, Any, Literal

from filelock import FileLock, Timeout

from theograph.app.data_facts import TRIED, Columns, FeedCoverage, Job, JobKind, SnapshotLine
from theograph.app.security import MAX_UPLOAD_BYTES
from theograph.coverage import read_coverage
from theograph.data_desk.account import write_account_csv, write_account_json
from theograph.data_desk.job import RunningJob, Task
from theograph.data_desk.layouts import Layouts
from theograph.data_desk.tray import Tray, TrayFile
from theograph.errors import BusyError, StoreError, UsageError
from theograph.importing.preview import SheetPreview, preview_file
from theograph.sources.family import find_table, shipped_families
from theograph.store import Store, read_account

_DESK = "desk"


class Desk:
    """Files that wait for one store, the job that reads them, and the store's snapshots.

    It works in `STORE/desk/<random name>/`, which only its owner may read and which goes with
    it. See `theograph.app.data_facts.DataDesk` for what each part answers.
    """

    def __init__(
        self, store: Store, *, demo: bool = False, most_bytes: int = MAX_UPLOAD_BYTES
    ) -> None:
        self.demo = demo
        self._store = Store(store.path.resolve())
        self._folder = self._store.path / _DESK / secrets.token_hex(8)
        self._tray = Tray(self._folder / "tray", most_bytes=most_bytes)
        self._layouts = Layouts(self._folder / "layouts")
        self._lock = threading.Lock()
        self._looking = threading.Lock()
        self._running: RunningJob | None = None
        self._tried: Mapping[str, Any] | None = None
        self._held: FileLock | None = None
        self._previews: dict[str, list[SheetPreview]] = {}
        self._chosen: dict[tuple[str, str], SheetPreview] = {}

    @property
    def command(self) -> str:
        """The command line that does the same for files of any size."""
        return f"theograph import PATH --store {shlex.quote(str(self._store.path))}"

    def receive(self, name: str, stream: IO[bytes], size_bytes: int) -> TrayFile:
        """Keep a file of exactly `size_bytes`; `TooLargeError` beyond the size for all."""
        self._open_folder()
        return self._tray.receive(name, stream, size_bytes)

    def list_files(self) -> Sequence[TrayFile]:
        """The files that wait, in the order they came."""
        return self._tray.files()

    def remove(self, key: str) -> None:
        """Let a waiting file go; `BusyError` while a job may be reading it."""
        with self._lock:
            self._refuse_when_busy()
            self._forget(key)

    def preview(self, key: str) -> Sequence[SheetPreview]:
        """How each table of a waiting file reads; nothing for a file that is gone."""
        file = self._tray.find(key)
        if file is None:
            return ()
        with self._looking:  # two windows ask for the same: it is looked at once
            sheets = self._previews.get(key)
            if sheets is None:
                sheets = self._previews[key] = preview_file(file.path)
            return [self._preview_as_chosen(file, sheet) for sheet in sheets]

    def is_ready(self, key: str) -> bool:
        """Whether any table of a waiting file would be read as it stands."""
        return any(
            sheet.mapping is not None or self.name_family(key, sheet.name) is not None
            for sheet in self.preview(key)
        )

    def name_family(self, key: str, sheet: str) -> str | None:
        """The family of tables that the sheet is one of, where it is read together with them."""
        file = self._tray.find(key)
        found = [each for each in self._previews.get(key, ()) if each.name == sheet]
        if file is None or not found or found[0].mapping is not None:
            return None
        families = shipped_families()
        fitting = (f for f in families if find_table(f, sheet, file.path, found[0].headers))
        return next((family.title for family in fitting), None)

    def choose_columns(self, key: str, sheet: str, columns: Columns | None) -> None:
        """Read the sheet by these columns from now on; of None, as it is recognised."""
        file = self._tray.find(key)
        found = [each for each in self._previews.get(key, ()) if each.name == sheet]
        if file is not None and found:
            self._open_folder()
            self._chosen.pop((key, sheet), None)
            self._layouts.choose(key, found[0], columns)

    def chosen_columns(self, key: str, sheet: str) -> Columns | None:
        """The columns chosen for the sheet, if any."""
        return self._layouts.columns(key, sheet)

    def start(self, kind: JobKind) -> None:
        """Begin to import, or only to try, the files that are ready; `BusyError` while one runs."""
        with self._lock:
            self._refuse_when_busy()
            files = tuple(file for file in self._tray.files() if self.is_ready(file.key))
            if not files:
                raise UsageError("No file is ready to be read; add one, or choose its columns")
            folder = self._folder / f"job-{secrets.token_hex(8)}"
            folder.mkdir(mode=0o700)
            task = Task(
                kind,
                paths=tuple(file.path for file in files),
                store=self._store.path,
                mappings=self._layouts.files(),
            )
            self._running = RunningJob(
                task.command(folder),
                kind=kind,
                files=tuple(file.label for file in files),
                folder=folder,
                when_ended=lambda job: self._settle(job, files),
            )

    def job(self) -> Job | None:
        """The job that runs, or the last that ended."""
        running = self._running
        return None if running is None else running.look()

    def cancel(self) -> None:
        """End the job that runs; the store stays as it was."""
        running = self._running
        if running is not None and running.look().state == "running":
            running.cancel()

    def wait(self, seconds: float | None = None) -> None:
        """Wait until no job runs."""
        if self._running is not None:
            self._running.wait(seconds)

    def read_report(self, name: str) -> Mapping[str, Any] | None:
        """The account of the import that made the snapshot `name`, or of the last dry run."""
        if name == TRIED:
            return self._tried
        if name not in self._store.snapshots():
            return None
        return read_account(self._store.read(name))

    def download_report(self, name: str, form: Literal["csv", "json"]) -> str | None:
        """The same as a text to keep."""
        report = self.read_report(name)
        if report is None:
            return None
        return write_account_csv(report) if form == "csv" else write_account_json(report)

    def list_snapshots(self) -> Sequence[SnapshotLine]:
        """Every snapshot kept, the newest first."""
        current = self._store.current_name()
        names = reversed(self._store.snapshots())
        return [self._describe_snapshot(name, current=name == current) for name in names]

    def go_back(self, name: str) -> None:
        """Put another snapshot in force; `BusyError` while an import runs."""
        with self._lock:
            self._refuse_when_busy()
            self._store.go_back(name)

    def read_coverage(self) -> FeedCoverage | None:
        """How far the records in force reach; None without any."""
        snapshot = self._store.current_or_none()
        if snapshot is None:
            return None
        months = read_coverage(snapshot).to_pandas().astype({"month": "datetime64[us]"})
        return FeedCoverage(months, as_of=snapshot.as_of)

    def close(self) -> None:
        """End the job that runs and let every waiting file go."""
        self.cancel()
        self.wait(10)
        shutil.rmtree(self._folder, ignore_errors=True)
        if self._held is not None:
            self._held.release()
            Path(self._held.lock_file).unlink(missing_ok=True)

    def _open_folder(self) -> None:
        """Make the folder on first use, and clear those whose server has gone."""
        with self._lock:
            if self._held is not None:
                return
            self._store.path.mkdir(parents=True, exist_ok=True, mode=0o700)
            for folder in (self._folder.parent, self._folder):
                folder.mkdir(mode=0o700, exist_ok=True)
            self._held = FileLock(f"{self._folder}.lock", mode=0o600)
            self._held.acquire(timeout=0)
            clear_abandoned(self._folder.parent)

    def _preview_as_chosen(self, file: TrayFile, sheet: SheetPreview) -> SheetPreview:
        mapping = self._layouts.mapping(file.key, sheet.name)
        if mapping is None:
            return sheet
        place = (file.key, sheet.name)
        if place not in self._chosen:
            found = preview_file(file.path, mapping=mapping)
            seen = next((each for each in found if each.name == sheet.name), sheet)
            self._chosen[place] = replace(seen, draft=sheet.draft)
        return self._chosen[place]

    def _refuse_when_busy(self) -> None:
        job = self.job()
        if job is not None and job.state == "running":
            raise BusyError("An import is at work already; wait for it to end, or cancel it")

    def _settle(self, job: Job, files: Sequence[TrayFile]) -> None:
        """What follows the end of a job: files that were read go, and a dry run's account stays."""
        if job.kind == "try":
            self._tried = job.report or self._tried
        elif job.state == "done":
            unread = {told["path"] for told in (job.report or {}).get("files", ()) if told["error"]}
            for file in files:
                if file.label not in unread:
                    self._forget(file.key)

    def _forget(self, key: str) -> None:
        self._tray.remove(key)
        self._layouts.forget(key)
        self._previews.pop(key, None)
        for place in [place for place in self._chosen if place[0] == key]:
            del self._chosen[place]

    def _describe_snapshot(self, name: str, *, current: bool) -> SnapshotLine:
        try:
            found = self._store.read(name)
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


@contextmanager
def open_desk(store: Store, *, demo: bool = False) -> Iterator[Desk]:
    """A desk over `store` that is cleared away in the end; `demo` says whose store it is."""
    desk = Desk(store, demo=demo)
    try:
        yield desk
    finally:
        desk.close()


def clear_abandoned(folder: Path) -> None:
    """Remove what servers left in `folder` that ended without clearing up."""
    for lock in folder.glob("*.lock"):
        try:
            with FileLock(lock, timeout=0, mode=0o600):
                shutil.rmtree(lock.with_suffix(""), ignore_errors=True)
                lock.unlink(missing_ok=True)
        except Timeout:
            continue  # a server that is still at work
