"""The desk: what the Data page asks for, over one store."""

from __future__ import annotations

import secrets
import shlex
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import IO, Any, Literal

from filelock import FileLock

from theograph.app.data_facts import TRIED, Columns, FeedCoverage, Job, JobKind, SnapshotLine
from theograph.app.security import MAX_UPLOAD_BYTES
from theograph.coverage import read_coverage
from theograph.data_desk.account import write_account_csv, write_account_json
from theograph.data_desk.folder import close_folder, open_folder
from theograph.data_desk.job import RunningJob, Task
from theograph.data_desk.layouts import Layouts, find_kept
from theograph.data_desk.snapshots import describe_snapshot
from theograph.data_desk.tray import Tray, TrayFile
from theograph.errors import BusyError, UsageError
from theograph.importing.glance import glance_at_file
from theograph.importing.preview import SheetPreview, preview_file
from theograph.sources.family import find_family
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
        self._glances: dict[str, list[SheetPreview] | None] = {}
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

    def glance(self, key: str) -> Sequence[SheetPreview]:
        """What each table of a waiting file is, its rows looked at only where headers do not tell.

        Nothing for a file that is gone.
        """
        file = self._tray.find(key)
        if file is None or key in self._previews:
            return self.preview(key)
        with self._looking:
            if key not in self._glances:
                sheets = glance_at_file(file.path)
                kept = any(find_kept(self._store, sheet) for sheet in sheets or ())
                self._glances[key] = None if kept else sheets
            sheets = self._glances[key]
        return self.preview(key) if sheets is None else sheets

    def preview(self, key: str) -> Sequence[SheetPreview]:
        """How each table of a waiting file reads; nothing for a file that is gone."""
        file = self._tray.find(key)
        if file is None:
            return ()
        with self._looking:  # two windows ask for the same: it is looked at once
            sheets = self._previews.get(key)
            if sheets is None:
                sheets = self._previews[key] = preview_file(file.path)
                self._recall_kept(key, sheets)
            return [self._preview_as_chosen(file, sheet) for sheet in sheets]

    def is_ready(self, key: str) -> bool:
        """Whether any table of a waiting file would be read as it stands."""
        return any(
            sheet.mapping is not None or self.name_family(key, sheet.name) is not None
            for sheet in self.glance(key)
        )

    def name_family(self, key: str, sheet: str) -> str | None:
        """The family of tables that the sheet is one of, where it is read together with them."""
        file = self._tray.find(key)
        found = [each for each in self.glance(key) if each.name == sheet]
        if file is None or not found or found[0].mapping is not None:
            return None
        family = find_family(sheet, file.path, found[0].headers)
        return family.title if family else None

    def choose_columns(self, key: str, sheet: str, columns: Columns | None) -> None:
        """Read the sheet by these columns from now on; of None, as it is recognised."""
        file = self._tray.find(key)
        found = [each for each in self._previews.get(key, ()) if each.name == sheet]
        if file is not None and found:
            self._open_folder()
            self._chosen.pop((key, sheet), None)
            if columns is None:
                self._drop_kept(key, sheet)
            self._layouts.choose(key, found[0], columns)

    def chosen_columns(self, key: str, sheet: str) -> Columns | None:
        """The columns chosen for the sheet, if any."""
        return self._layouts.columns(key, sheet)

    def write_mapping(self, key: str, sheet: str) -> str | None:
        """The columns chosen for the sheet as the text of a mapping file."""
        return self._layouts.text(key, sheet)

    def keep_columns(self, key: str, sheet: str) -> None:
        """Keep what was chosen of the sheet with the store, for files with the same headers."""
        text, mapping = self._layouts.text(key, sheet), self._layouts.mapping(key, sheet)
        if text is not None and mapping is not None:
            self._store.keep_mapping(mapping.name, text)

    def keeps_columns(self, key: str, sheet: str) -> bool:
        """Whether what is chosen of the sheet is what the store keeps."""
        mapping = self._layouts.mapping(key, sheet)
        kept = None if mapping is None else self._store.find_mapping_file(mapping.name)
        return kept is not None and kept.read_text("utf-8") == self._layouts.text(key, sheet)

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
        return [describe_snapshot(self._store, name, current=name == current) for name in names]

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
        close_folder(self._folder, self._held)

    def _open_folder(self) -> None:
        """Make the folder on first use, and clear those whose server has gone."""
        with self._lock:
            if self._held is not None:
                return
            self._held = open_folder(self._folder)

    def _drop_kept(self, key: str, sheet: str) -> None:
        mapping = self._layouts.mapping(key, sheet)
        if mapping is not None:
            self._store.drop_mapping(mapping.name)

    def _recall_kept(self, key: str, sheets: Sequence[SheetPreview]) -> None:
        """Read sheets as the store keeps it for their headers."""
        for sheet in sheets:
            kept = find_kept(self._store, sheet)
            if kept is not None:
                self._open_folder()
                self._layouts.recall(key, sheet, kept)

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
            self._tried = None  # of files that are in by now
            unread = {told["path"] for told in (job.report or {}).get("files", ()) if told["error"]}
            for file in files:
                if file.label not in unread:
                    self._forget(file.key)

    def _forget(self, key: str) -> None:
        self._tray.remove(key)
        self._layouts.forget(key)
        self._previews.pop(key, None)
        self._glances.pop(key, None)
        for place in [place for place in self._chosen if place[0] == key]:
            del self._chosen[place]


@contextmanager
def open_desk(store: Store, *, demo: bool = False) -> Iterator[Desk]:
    """A desk over `store` that is cleared away in the end; `demo` says whose store it is."""
    desk = Desk(store, demo=demo)
    try:
        yield desk
    finally:
        desk.close()
