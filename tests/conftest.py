"""Extracts written on the spot, read into stores of their own."""

from __future__ import annotations

import gc
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from theograph import cli
from theograph.importing import ImportOptions, import_extracts
from theograph.journey import Journey
from theograph.kept_sql import FOLDER_VARIABLE
from theograph.reading import Records, open_records
from theograph.sources.quality import FileReport, ImportReport
from theograph.store import Store

settings.register_profile(
    "theograph",
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=30,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("theograph")

gc.set_threshold(100_000, 20, 20)  # Ibis makes very many small objects; a third faster

NOW = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)
TESTS = Path(__file__).parent
SAMPLES = TESTS.parent / "sample_data"
LONGEST = ("spark", "importing", "browser", "peer")


def pytest_configure(config: pytest.Config) -> None:
    """Keep SQL in a folder of this run, which its workers and the commands they start share."""
    if not hasattr(config, "workerinput"):
        folder = tempfile.TemporaryDirectory(prefix="theograph-sql-")
        os.environ[FOLDER_VARIABLE] = folder.name
        config.add_cleanup(folder.cleanup)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the folders that take longest, so that no worker is left with one at the end.

    Imports come before the browser, which then waits for no SQL to be written.
    """
    folders = [item.path.relative_to(TESTS).parts[0] for item in items]
    ranks = [LONGEST.index(name) if name in LONGEST else len(LONGEST) for name in folders]
    items[:] = [items[place] for place in sorted(range(len(items)), key=ranks.__getitem__)]


@dataclass(frozen=True, slots=True)
class Imported:
    """An import that has been done, and the store it went into."""

    report: ImportReport
    store: Store

    def copy(self, folder: Path) -> Imported:
        """The same in `folder`, to change."""
        shutil.copytree(self.store.path, folder)
        return replace(self, store=Store(folder))

    @property
    def records(self) -> Records:
        return open_records(self.store.current())

    def file(self, name: str) -> FileReport:
        return next(file for file in self.report.files if file.path == name)

    def journey(self, person: str) -> Journey:
        records = self.records
        return records.read_journey(records.find_person(person))

    def rows(self, table: str, columns: str = "*") -> list[tuple[Any, ...]]:
        path = self.store.current().table(table)
        return self.records._run(f"select {columns} from read_parquet('{path}')").fetchall()


Read = Callable[..., Imported]


@pytest.fixture(scope="session")
def read(tmp_path_factory: pytest.TempPathFactory) -> Read:
    """Import files given as name -> content, into a new store unless one is given."""

    def read_files(
        files: Mapping[str, str | bytes], *, into: Store | None = None, **options: Any
    ) -> Imported:
        folder = tmp_path_factory.mktemp("extracts")
        for name, content in files.items():
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content.encode() if isinstance(content, str) else content)
        store = into or Store(tmp_path_factory.mktemp("store"))
        paths = [folder / name for name in files]
        report = import_extracts(paths, store, options=ImportOptions(**options), now=NOW)
        return Imported(report, store)

    return read_files


@pytest.fixture(scope="session")
def joan(tmp_path_factory: pytest.TempPathFactory) -> Imported:
    """The sample extracts of Joan and of the 72-year-old in one store."""
    store = Store(tmp_path_factory.mktemp("joan"))
    paths = [SAMPLES / "joan", SAMPLES / "patient_72"]
    return Imported(import_extracts(paths, store, options=ImportOptions(), now=NOW), store)


@dataclass(frozen=True, slots=True)
class Done:
    """What a command left: its exit code and what it printed."""

    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        """What it printed as JSON."""
        read: list[dict[str, Any]] = json.loads(self.out)
        return read


Run = Callable[..., Done]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """`run("people", "--store", folder)`: that command of theograph, in this process."""

    def run_command(*arguments: object) -> Done:
        monkeypatch.setattr("sys.argv", ["theograph", *map(str, arguments)])
        code = 0
        try:
            cli.main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        captured = capsys.readouterr()
        return Done(code, captured.out, captured.err)

    return run_command
