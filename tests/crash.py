"""Imports that are killed: the store holds the old snapshot or the new one, never a torn one.

`python -m tests.crash 200` kills that many imports at random moments; `--steps 12` kills them
before that many of the store's file operations instead, which are the same on every run.
Every import that is killed is a fork of this process, so that it need not load everything anew.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from theograph.importing import ImportOptions, import_extracts
from theograph.reading import open_records
from theograph.store import Store, read_account

NOW = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)
TABLES = ("people", "events", "feeds", "identifiers", "opportunities")
HEADER = "person_id,start,end,sector,kind,provider,description\n"
RERUN_EVERY = 5


class TornError(Exception):
    """What a killed import left is neither the old snapshot nor the new one."""


class Trial:
    """A store of old records, and an import of new ones that is to be killed."""

    def __init__(self, folder: Path) -> None:
        self.base, self.store = Store(folder / "base"), Store(folder / "store")
        self.old_file, self.new_file = folder / "old.csv", folder / "new.csv"
        self.old_file.write_text(HEADER + _write_rows(0, 400), "utf-8")
        self.new_file.write_text(HEADER + _write_rows(200, 2_000), "utf-8")
        # Done here and not in a child, so that every child knows the SQL of the layout already.
        self.import_file(self.old_file, self.base)
        self.old = self.digest(self.base)
        self.restore()
        began = time.perf_counter()
        in_child(self.import_new)
        self.seconds = time.perf_counter() - began
        print(f"An import takes {self.seconds:.1f} seconds", flush=True)
        self.new = self.digest(self.store)

    def import_file(self, file: Path, store: Store) -> None:
        import_extracts([file], store, options=ImportOptions(), now=NOW)

    def import_new(self) -> None:
        self.import_file(self.new_file, self.store)

    def restore(self) -> None:
        shutil.rmtree(self.store.path, ignore_errors=True)
        shutil.copytree(self.base.path, self.store.path)

    def digest(self, store: Store) -> str:
        """What the store holds, once every file of it matches its checksum."""
        return in_child(lambda: _digest(store))

    def check(self, *, rerun: bool) -> str:
        """Whether the old or the new stands there; `TornError` when neither does."""
        found = self.digest(self.store)
        if found not in (self.old, self.new):
            raise TornError(f"{self.store.path}: is torn")
        if rerun:
            in_child(self.import_new)
            left = [file.name for file in self.store.path.rglob("*") if _is_left_over(file)]
            if self.digest(self.store) != self.new or left:
                raise TornError(f"{self.store.path}: another import does not mend it; left {left}")
        return "old" if found == self.old else "new"


def kill_at_random(trial: Trial, kills: int, seed: int) -> Counter[str]:
    """Kill imports after a random part of the time that one takes, and count what was left."""
    chance = random.Random(seed)  # noqa: S311
    left: Counter[str] = Counter()
    for number in range(kills):
        trial.restore()
        child = fork(trial.import_new)
        time.sleep(chance.uniform(0, trial.seconds * 1.02))
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        found = trial.check(rerun=number % RERUN_EVERY == 0)
        found = found if os.WIFSIGNALED(status) else f"{found}, not killed in time"
        print(f"{number + 1} of {kills}: {found}", flush=True)
        left[found] += 1
    return left


def kill_at_steps(trial: Trial, kills: int) -> Counter[str]:
    """Kill imports before some of the file operations of an import, the last ones among them."""
    trial.restore()
    steps = int(in_child(lambda: str(_count_steps(trial, None))))
    late = kills * 2 // 3  # publishing is where it matters
    spread = [1 + (steps - late) * number // (kills - late) for number in range(kills - late)]
    left: Counter[str] = Counter()
    for step in (*spread, *range(steps - late + 1, steps + 1)):
        trial.restore()
        _, status = os.waitpid(fork(lambda step=step: _count_steps(trial, step)), 0)
        if not os.WIFSIGNALED(status):
            raise TornError(f"the import did not come to step {step} of {steps}")
        found = trial.check(rerun=step == steps)
        print(f"before file operation {step} of {steps}: {found}", flush=True)
        left[found] += 1
    return left


def _count_steps(trial: Trial, deadly: int | None) -> int:
    """Import, counting what is done to files of the store; die before the step `deadly`."""
    steps = 0

    def hear(event: str, values: tuple[Any, ...]) -> None:
        nonlocal steps
        about = event.startswith(("open", "os.", "shutil.")) and values
        if about and str(trial.store.path) in os.fspath(_text(values[0])):
            steps += 1
            if steps == deadly:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hear)
    trial.import_new()
    return steps


def _text(value: object) -> str:
    return str(value) if isinstance(value, (str, os.PathLike)) else ""


def fork(work: Callable[[], object]) -> int:
    """The process id of a child that does `work` and no more."""
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return child


def in_child(work: Callable[[], str | None]) -> str:
    """What `work` gives, done in a child, so that this process has no engine open when it forks."""
    reading, writing = os.pipe()

    def answer() -> None:
        os.write(writing, (work() or "").encode())

    child = fork(answer)
    os.close(writing)
    with os.fdopen(reading, "rb") as stream:
        text = stream.read().decode()
    _, status = os.waitpid(child, 0)
    if status != 0:
        raise TornError("the store cannot be read, or an import failed")
    return text


def _digest(store: Store) -> str:
    snapshot = store.current()
    records = open_records(snapshot)  # compares every file with its checksum
    digest = hashlib.sha256()
    for table in TABLES:
        rows = records._run(f"from read_parquet('{snapshot.table(table)}') order by all").fetchall()
        digest.update(repr(rows).encode())
    if (read_account(snapshot) or {}).get("snapshot") != snapshot.name:
        raise TornError(f"{snapshot.path}: has the account of another import")
    return digest.hexdigest()


def _is_left_over(file: Path) -> bool:
    return file.name.startswith(".draft") or file.name.endswith((".new", ".draft"))


def _write_rows(first: int, last: int) -> str:
    return "".join(
        f"{number % 70},2023-{number % 12 + 1:02}-{number % 28 + 1:02}T{number % 24:02}:15,,"
        f"{('gp,GP consultation', 'ed,A&E attendance')[number % 2]},North,row {number}\n"
        for number in range(first, last)
    )


def main() -> None:
    """Kill, check, and say what was left; exit code 1 when a store was torn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kills", type=int, nargs="?", default=0, help="at random moments")
    parser.add_argument("--steps", type=int, default=0, help="before that many file operations")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        trial = Trial(Path(folder))
        left = kill_at_random(trial, given.kills, given.seed)
        if given.steps:
            left += kill_at_steps(trial, given.steps)
    said = ", ".join(f"{count} {what}" for what, count in sorted(left.items()))
    print(f"{left.total()} imports killed, none torn: {said}")


if __name__ == "__main__":
    main()
