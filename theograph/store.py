"""The store: a folder of Parquet snapshots, published atomically.

    STORE/
      current               name of the snapshot in force, switched with one rename
      snapshots/<name>/     people.parquet, events.parquet, …, account.json and manifest.json
      unit_costs/           the site's own unit costs, if any
      rules/                the site's own rules and concepts, if any
      mappings/             the site's own mappings, if any
      salt                  secret from which pseudonymous references are made

A snapshot never changes once published, so readers need no lock and a killed import leaves
the old one. Three are kept: the one in force, the one before it and the newest other.
"""

from __future__ import annotations

import errno
import json
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import platformdirs
from filelock import FileLock, Timeout

from theograph.errors import StoreError
from theograph.snapshot import (
    ACCOUNT,
    MANIFEST,
    Snapshot,
    describe_file,
    list_names,
    read_account,
    read_snapshot,
    verify_snapshot,
)

__all__ = [
    "KEPT_SNAPSHOTS",
    "Snapshot",
    "Store",
    "default_store",
    "read_account",
    "read_snapshot",
    "verify_snapshot",
]

KEPT_SNAPSHOTS = 3
_LOCK_SECONDS = 600
_UNIT_COSTS = "unit_costs"
_RULES = "rules"
_MAPPINGS = "mappings"
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_FULL_WORDS = (*map(os.strerror, _FULL), "max_temp_directory_size")


def default_store() -> Path:
    """The store in the user's own data directory."""
    return Path(platformdirs.user_data_dir("theograph")) / "store"


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
        name = self.current_name()
        return None if name is None else read_snapshot(self._folder / (name or "no name"))

    def current_name(self) -> str | None:
        """Name of the snapshot in force, whatever its state, or None in a new store."""
        pointer = self.path / "current"
        if not pointer.is_file():
            return None
        return pointer.read_text("utf-8", errors="replace").strip()

    def snapshots(self) -> list[str]:
        """Names of the snapshots kept, oldest first."""
        return list_names(self._folder)

    def read(self, name: str) -> Snapshot:
        """The snapshot called `name`; `StoreError` when there is none or it is cut short."""
        names = self.snapshots()
        if name not in names:
            kept = f"it keeps {', '.join(names)}" if names else "it keeps none"
            raise StoreError(f"{self.path}: has no snapshot '{name}'; {kept}")
        return read_snapshot(self._folder / name)

    def go_back(self, name: str) -> Snapshot:
        """Make the snapshot `name` the one in force; newer ones stay until later imports.

        It is compared with its checksums first. Raises `StoreError` for an unknown or damaged
        snapshot, and while an import is writing.
        """
        with self._locked():
            snapshot = self.read(name)
            verify_snapshot(snapshot)
            self._switch_to(name)
        return snapshot

    def salt(self) -> str:
        """The store's secret, made on first use and readable by its owner only."""
        file = self.path / "salt"
        if not file.is_file() or not file.stat().st_size:
            _make_private_folder(self.path)
            self._put(file, secrets.token_hex(16))
        return file.read_text("utf-8")

    def unit_cost_files(self) -> tuple[Path, ...]:
        """The site's own unit-cost files that the store's events are priced with."""
        folder = self._kept(_UNIT_COSTS)
        return tuple(sorted(folder.iterdir())) if folder else ()

    def keep_unit_costs(self, files: tuple[Path, ...]) -> None:
        """Keep a copy of a site's unit-cost files, in place of any kept before."""
        if files:
            names = (f"{position:02d}-{file.name}" for position, file in enumerate(files))
            self._keep(_UNIT_COSTS, zip(files, map(Path, names), strict=True))

    def rules_folder(self) -> Path | None:
        """The folder of the site's own rules that the store is screened with, if any."""
        return self._kept(_RULES)

    def keep_rules(self, site: Path | None) -> None:
        """Keep a copy of a site's folder of rules, in place of any kept before."""
        kept = self._kept(_RULES)
        if site is not None and (kept is None or site.resolve() != kept.resolve()):
            files = (*site.glob("*.toml"), *site.glob("*/*.toml"))
            self._keep(_RULES, ((file, file.relative_to(site)) for file in files))

    def mapping_files(self) -> tuple[Path, ...]:
        """The site's own mappings, which go before ours where the headers are theirs."""
        return tuple(sorted((self.path / _MAPPINGS).glob("*.toml")))

    def find_mapping_file(self, name: str) -> Path | None:
        """The site's own mapping called `name`, if there is one."""
        file = self.path / _MAPPINGS / f"{name}.toml"
        return file if file.is_file() else None

    def keep_mapping(self, name: str, text: str) -> None:
        """Keep a mapping of the site's own, in place of the one of that name."""
        _make_private_folder(self.path / _MAPPINGS)
        self._put(self.path / _MAPPINGS / f"{name}.toml", text)

    def drop_mapping(self, name: str) -> None:
        """Let a mapping of the site's own go; one that is gone already is no error."""
        (self.path / _MAPPINGS / f"{name}.toml").unlink(missing_ok=True)

    @contextmanager
    def writing(self) -> Iterator[Path]:
        """A private folder for the next snapshot, one writer at a time; gone if not published."""
        draft = self._folder / f".draft-{secrets.token_hex(4)}"
        with self._locked():
            _remove_drafts(self._folder)
            try:
                _make_private_folder(draft)
                yield draft
            finally:
                _remove_drafts(self._folder)

    def publish(
        self,
        draft: Path,
        name: str,
        manifest: dict[str, Any],
        account: dict[str, Any] | None = None,
    ) -> Snapshot:
        """Make the tables in `draft` the snapshot in force, then let go of the oldest ones.

        `account` is what the import read and set aside, kept beside the tables.
        """
        tables = sorted(draft.glob("*.parquet"))
        manifest = manifest | {"files": {file.stem: describe_file(file) for file in tables}}
        if account is not None:
            (draft / ACCOUNT).write_text(json.dumps(account, indent=2), encoding="utf-8")
            manifest["account"] = describe_file(draft / ACCOUNT)
        (draft / MANIFEST).write_text(json.dumps(manifest, indent=2), encoding="utf-8")
        for file in sorted(draft.iterdir()):
            file.chmod(0o600)
            _flush(file)
        before = self.current_name()
        draft.replace(self._folder / name)
        _flush_folder(self._folder)
        self._switch_to(name)
        self._let_go(in_force=name, before=before)
        return read_snapshot(self._folder / name)

    def next_name(self, now: datetime) -> str:
        """A name that sorts after every snapshot kept."""
        taken = self.snapshots()
        number = int(taken[-1].split("-")[0]) + 1 if taken else 1
        return f"{number:06d}-{now:%Y%m%dT%H%M%S}"

    @property
    def _folder(self) -> Path:
        return self.path / "snapshots"

    @contextmanager
    def _locked(self) -> Iterator[None]:
        _make_private_folder(self.path)
        _make_private_folder(self._folder)
        try:
            with FileLock(self.path / "lock", timeout=_LOCK_SECONDS, mode=0o600):
                yield
        except Timeout as error:
            raise StoreError(
                f"{self.path}: another import is writing; wait for it to finish"
            ) from error
        except Exception as error:
            if not _says_disk_is_full(error):
                raise
            raise StoreError(
                f"{self.path}: no room is left on its disk; what it held is whole; free some "
                "space, or choose another --store"
            ) from error

    def _switch_to(self, name: str) -> None:
        self._put(self.path / "current", name)

    def _put(self, file: Path, text: str) -> None:
        """Write a small file so that it is all there or not at all, whenever we are killed."""
        new = file.with_name(f"{file.name}.new")
        new.write_text(text, encoding="utf-8")
        new.chmod(0o600)
        _flush(new)
        new.replace(file)
        _flush_folder(self.path)

    def _let_go(self, *, in_force: str, before: str | None) -> None:
        """Remove all but the one in force, the one it was built on and the newest others."""
        names = self.snapshots()
        newest = sorted(names, key=lambda name: (name in (in_force, before), name), reverse=True)
        for name in newest[KEPT_SNAPSHOTS:]:
            shutil.rmtree(self._folder / name, ignore_errors=True)

    def _kept(self, name: str) -> Path | None:
        """The folder of a site's own files; its new copy where that was not yet put in place."""
        folders = (self.path / f"{name}.new", self.path / name)
        return next((folder for folder in folders if folder.is_dir()), None)

    def _keep(self, name: str, copies: Iterable[tuple[Path, Path]]) -> None:
        """Copy files into the folder `name`: whenever we are killed, all the old or all the new.

        The new copy counts from the moment it bears its name, before the old one goes.
        """
        folder, new, draft = (self.path / f"{name}{end}" for end in ("", ".new", ".draft"))
        shutil.rmtree(draft, ignore_errors=True)
        _make_private_folder(draft)
        for file, place in copies:
            copy = draft / place
            _make_private_folder(copy.parent)
            shutil.copyfile(file, copy)
        if new.is_dir():  # left by an import that was killed; it is the one that counts
            shutil.rmtree(folder, ignore_errors=True)
            new.replace(folder)
        draft.replace(new)
        shutil.rmtree(folder, ignore_errors=True)
        new.replace(folder)


def _says_disk_is_full(error: Exception) -> bool:
    """Whether a write failed for want of room; engines say so in words only."""
    full = isinstance(error, OSError) and error.errno in _FULL
    return full or any(words in str(error) for words in _FULL_WORDS)


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


def _flush_folder(folder: Path) -> None:
    """Make renames in a folder last through a loss of power, where the system can do that."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
