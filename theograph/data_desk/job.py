"""An import in a process of its own, so that it can be watched and ended without harm."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from theograph.app.data_facts import Job, JobKind, JobState

_PATIENCE_SECONDS = 5
_NOTHING_READ = 3  # the exit code of an import in which nothing could be read


@dataclass(frozen=True, slots=True)
class Task:
    """What a job is to do: read `paths` into `store`; `mappings` says how by file."""

    kind: JobKind
    paths: tuple[Path, ...]
    store: Path
    mappings: Mapping[str, str]

    def command(self, folder: Path) -> list[str]:
        """The command line, its progress and account to be written within `folder`."""
        command = [sys.executable, "-m", "theograph", "import", *map(str, self.paths)]
        command += ["--store", str(self.store), "--report", str(folder / "report.json")]
        command += ["--progress", str(folder / "progress.json")]
        if self.mappings:
            file = folder / "mappings.json"
            file.write_text(json.dumps(dict(self.mappings)), encoding="utf-8")
            command += ["--mappings", str(file)]
        return [*command, "--dry-run"] if self.kind == "try" else command


class RunningJob:
    """A child process at work in a private `folder`, which goes when the work has ended."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        kind: JobKind,
        files: tuple[str, ...],
        folder: Path,
        when_ended: Callable[[Job], None],
    ) -> None:
        self._job = Job(kind, files, "running", "Starting")
        self._ended: Job | None = None
        self._folder = folder
        self._when_ended = when_ended
        self._cancelled = threading.Event()
        with (folder / "said").open("wb") as said:
            # A session of its own: Ctrl+C in the server's terminal is answered by the server.
            self._process = subprocess.Popen(  # noqa: S603
                command,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=said,
                start_new_session=True,
                env={**os.environ, "NO_COLOR": "1"},
            )
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()

    def look(self) -> Job:
        """Where the job is now, or how it ended."""
        if self._ended is not None:
            return self._ended
        found = _read_json(self._folder / "progress.json")
        if found:
            self._job = replace(self._job, stage=found["stage"], done=found["done"])
        return replace(self._job, stage="Stopping") if self._cancelled.is_set() else self._job

    def cancel(self) -> None:
        """Ask the child to end, and end it when it does not within a few seconds."""
        self._cancelled.set()
        self._process.send_signal(signal.SIGTERM)
        threading.Thread(target=self._insist, daemon=True).start()

    def wait(self, seconds: float | None = None) -> None:
        """Wait until everything that follows the job's end is done."""
        self._watcher.join(seconds)

    def _insist(self) -> None:
        try:
            self._process.wait(_PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()

    def _watch(self) -> None:
        code = self._process.wait()
        job = self._conclude(code)
        shutil.rmtree(self._folder, ignore_errors=True)
        try:
            self._when_ended(job)
        finally:
            self._ended = job

    def _conclude(self, code: int) -> Job:
        report = _read_json(self._folder / "report.json") or None
        state: JobState = "done"
        error = None
        whole = code == 0 and report is not None  # it may be done before it hears of the end
        if not whole and self._cancelled.is_set():
            state, report = "cancelled", None
        elif not whole:
            state, error = "failed", self._explain(code)
            report = report if code == _NOTHING_READ else None
        return Job(self._job.kind, self._job.files, state, "", 1.0, error, report)

    def _explain(self, code: int) -> str:
        """What the command said; never a traceback, which could hold a value from a row."""
        said = (self._folder / "said").read_text("utf-8", errors="replace").strip().splitlines()
        last = said[-1] if said else ""
        if last.startswith("theograph: "):
            return last.removeprefix("theograph: ")
        if code < 0:
            return "The import was ended by the system, perhaps for want of memory."
        return f"The import broke off (exit code {code}); the store is as it was."


def _read_json(file: Path) -> dict[str, Any]:
    """What a file holds; nothing where there is none yet."""
    try:
        found = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
