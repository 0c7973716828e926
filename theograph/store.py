"""The store: a folder of Parquet snapshots, published atomically.

    STORE/
      current               name of the snapshot in force, switched with one rename
      snapshots/<name>/     people.parquet, events.parquet, … and manifest.json
      unit_costs/           the site's own unit costs, if any
      rules/                the site's own rules and concepts, if any
      salt                  secret from which pseudonymous references are made

A snapshot never changes once published, so readers need no lock and a killed import leaves
the old one. The last three are kept.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import platformdirs
from filelock import FileLock, Timeout

from theograph.errors import StoreError

KEPT_SNAPSHOTS = 3
_LOCK_SECONDS = 600
_MANIFEST = "manifest.json"
_UNIT_COSTS = "unit_costs"
_RULES = "rules"


def default_store() -> Path:
    """The store in the user's own data directory."""
    return Path(platformdirs.user_data_dir("theograph")) / "store"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One published state of the store: its folder and what its manifest says."""

    path: Path
    name: str
    created_at: datetime
    as_of: date
    price_year: str | None
    rows: Mapping[str, int] = field(hash=False)
    checksums: Mapping[str, str] = field(hash=False)

    def table(self, name: str) -> Path:
        """The Parquet file of a table."""
        return self.path / f"{name}.parquet"


@dataclass(frozen=True, slots=True)
class Store:
    """A folder of snapshots."""

    path: Path

    def current(self) -> Snapshot:
        """The snapshot in force; `StoreError` when there is none or a file of it is cut short."""
        snapshot = self.current_or_none()
        if snapshot is None:
            raise StoreError(
                f"{self.path}: holds no records; import some with "
                f"theograph import PATH --store {self.path}"
            )
        return snapshot

    def current_or_none(self) -> Snapshot | None:
        """The snapshot in force, or None in a new store."""
        pointer = self.path / "current"
        if not pointer.is_file():
            return None
        name = pointer.read_text("utf-8", errors="replace").strip()
        return read_snapshot(self.path / "snapshots" / (name or "no name"))

    def snapshots(self) -> list[str]:
        """Names of the snapshots kept, oldest first."""
        folder = self.path / "snapshots"
        if not folder.is_dir():
            return []
        return sorted(entry.name for entry in folder.iterdir() if not entry.name.startswith("."))

    def salt(self) -> str:
        """The store's secret, made on first use and readable by its owner only."""
        file = self.path / "salt"
        if not file.is_file():
            _make_private_folder(self.path)
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
                stream.write(secrets.token_hex(16))
        return file.read_text("utf-8")

    def unit_cost_files(self) -> tuple[Path, ...]:
        """The site's own unit-cost files that the store's events are priced with."""
        folder = self.path / _UNIT_COSTS
        return tuple(sorted(folder.iterdir())) if folder.is_dir() else ()

    def keep_unit_costs(self, files: tuple[Path, ...]) -> None:
        """Keep a copy of a site's unit-cost files, in place of any kept before."""
        if not files:
            return
        folder = self.path / _UNIT_COSTS
        shutil.rmtree(folder, ignore_errors=True)
        _make_private_folder(folder)
        for position, file in enumerate(files):
            shutil.copyfile(file, folder / f"{position:02d}-{file.name}")

    def rules_folder(self) -> Path | None:
        """The folder of the site's own rules that the store is screened with, if any."""
        folder = self.path / _RULES
        return folder if folder.is_dir() else None

    def keep_rules(self, site: Path | None) -> None:
        """Keep a copy of a site's folder of rules, in place of any kept before."""
        if site is None or site.resolve() == (self.path / _RULES).resolve():
            return
        folder = self.path / _RULES
        shutil.rmtree(folder, ignore_errors=True)
        _make_private_folder(folder)
        for file in (*site.glob("*.toml"), *site.glob("*/*.toml")):
            copy = folder / file.relative_to(site)
            _make_private_folder(copy.parent)
            shutil.copyfile(file, copy)

    @contextmanager
    def writing(self) -> Iterator[Path]:
        """A private folder for the next snapshot, one writer at a time; gone if not published."""
        folder = self.path / "snapshots"
        _make_private_folder(self.path)
        _make_private_folder(folder)
        draft = folder / f".draft-{secrets.token_hex(4)}"
        try:
            with FileLock(self.path / "lock", timeout=_LOCK_SECONDS, mode=0o600):
                _remove_drafts(folder)
                _make_private_folder(draft)
                try:
                    yield draft
                finally:
                    shutil.rmtree(draft, ignore_errors=True)
        except Timeout as error:
            raise StoreError(
                f"{self.path}: another import is writing; wait for it to finish"
            ) from error

    def publish(self, draft: Path, name: str, manifest: dict[str, Any]) -> Snapshot:
        """Make the tables in `draft` the snapshot in force, then let go of the oldest ones."""
        tables = sorted(draft.glob("*.parquet"))
        manifest = manifest | {
            "files": {
                file.stem: {"bytes": file.stat().st_size, "sha256": checksum(file)}
                for file in tables
            }
        }
        (draft / _MANIFEST).write_text(json.dumps(manifest, indent=2), encoding="utf-8")
        for file in (*tables, draft / _MANIFEST):
            file.chmod(0o600)
            _flush(file)
        target = self.path / "snapshots" / name
        draft.replace(target)
        switch = self.path / "current.new"
        switch.write_text(name, encoding="utf-8")
        switch.chmod(0o600)
        _flush(switch)
        switch.replace(self.path / "current")
        for old in self.snapshots()[:-KEPT_SNAPSHOTS]:
            if old != name:
                shutil.rmtree(self.path / "snapshots" / old, ignore_errors=True)
        return read_snapshot(target)

    def next_name(self, now: datetime) -> str:
        """A name that sorts after every snapshot kept."""
        taken = self.snapshots()
        number = int(taken[-1].split("-")[0]) + 1 if taken else 1
        return f"{number:06d}-{now:%Y%m%dT%H%M%S}"


def read_snapshot(path: Path) -> Snapshot:
    """The snapshot in `path`; `StoreError` names a file that is missing or cut short."""
    try:
        manifest = json.loads((path / _MANIFEST).read_text("utf-8"))
        for name, facts in manifest["files"].items():
            if (path / f"{name}.parquet").stat().st_size != facts["bytes"]:
                raise StoreError(_damaged(path, f"{name}.parquet"))
        return Snapshot(
            path=path,
            name=path.name,
            created_at=datetime.fromisoformat(manifest["created_at"]),
            as_of=date.fromisoformat(manifest["as_of"]),
            price_year=manifest["price_year"],
            rows=manifest["rows"],
            checksums={name: facts["sha256"] for name, facts in manifest["files"].items()},
        )
    except OSError as error:
        raise StoreError(_damaged(path, Path(str(error.filename)).name)) from error
    except (AttributeError, ValueError, KeyError, TypeError) as error:
        raise StoreError(_damaged(path, _MANIFEST)) from error


def verify_snapshot(snapshot: Snapshot) -> None:
    """Compare every table with its checksum; `StoreError` names one that does not match."""
    for name, expected in snapshot.checksums.items():
        if checksum(snapshot.table(name)) != expected:
            raise StoreError(_damaged(snapshot.path, f"{name}.parquet"))


def checksum(file: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _damaged(path: Path, file: str) -> str:
    others = sorted(
        entry.name
        for entry in path.parent.glob("*")
        if entry.name != path.name and not entry.name.startswith(".")
    )
    remedy = (
        f"write '{others[-1]}' into {path.parent.parent / 'current'}"
        if others
        else ("import the extracts again into a new store")
    )
    return f"{path / file}: is missing or damaged and was left as it is; {remedy}"


def _make_private_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{folder}: cannot be made ({error.strerror}); choose another") from error


def _remove_drafts(folder: Path) -> None:
    for draft in folder.glob(".draft-*"):
        shutil.rmtree(draft, ignore_errors=True)


def _flush(file: Path) -> None:
    with file.open("rb+") as stream:
        os.fsync(stream.fileno())
