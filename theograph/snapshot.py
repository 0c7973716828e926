"""A snapshot: one published state of a store, whole or said to be damaged."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from theograph.errors import StoreError

MANIFEST = "manifest.json"
ACCOUNT = "account.json"
_NAME = re.compile(r"[0-9]{6,}-")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One published state of the store: its folder and what its manifest says.

    `made_by` is what made it (import, price or detect), `account_checksum` that of the account
    of its import; both are None in a snapshot that is older than they are.
    """

    path: Path
    name: str
    created_at: datetime
    as_of: date
    price_year: str | None
    rows: Mapping[str, int] = field(hash=False)
    checksums: Mapping[str, str] = field(hash=False)
    made_by: str | None = None
    account_checksum: str | None = None

    def table(self, name: str) -> Path:
        """The Parquet file of a table."""
        return self.path / f"{name}.parquet"


def read_snapshot(path: Path) -> Snapshot:
    """The snapshot in `path`; `StoreError` names a file that is missing or cut short."""
    try:
        manifest = json.loads((path / MANIFEST).read_text("utf-8"))
        account = manifest.get("account") or {}
        sizes = {f"{name}.parquet": facts["bytes"] for name, facts in manifest["files"].items()}
        if account:
            sizes[ACCOUNT] = account["bytes"]
        for name, size in sizes.items():
            if (path / name).stat().st_size != size:
                raise StoreError(_damaged(path, name))
        return Snapshot(
            path=path,
            name=path.name,
            created_at=datetime.fromisoformat(manifest["created_at"]),
            as_of=date.fromisoformat(manifest["as_of"]),
            price_year=manifest["price_year"],
            rows=manifest["rows"],
            checksums={name: facts["sha256"] for name, facts in manifest["files"].items()},
            made_by=manifest.get("made_by"),
            account_checksum=account.get("sha256"),
        )
    except OSError as error:
        raise StoreError(_damaged(path, Path(str(error.filename)).name)) from error
    except (AttributeError, ValueError, KeyError, TypeError) as error:
        raise StoreError(_damaged(path, MANIFEST)) from error


def verify_snapshot(snapshot: Snapshot) -> None:
    """Compare every file with its checksum; `StoreError` names one that does not match."""
    expected = {snapshot.table(name): digest for name, digest in snapshot.checksums.items()}
    if snapshot.account_checksum is not None:
        expected[snapshot.path / ACCOUNT] = snapshot.account_checksum
    for file, digest in expected.items():
        if checksum(file) != digest:
            raise StoreError(_damaged(snapshot.path, file.name))


def read_account(snapshot: Snapshot) -> dict[str, Any] | None:
    """The account of the last import in the snapshot, as `ImportReport.to_document` gives it.

    None in a snapshot that is older than accounts are; `StoreError` when it is damaged.
    """
    if snapshot.account_checksum is None:
        return None
    try:
        content = (snapshot.path / ACCOUNT).read_bytes()
    except OSError as error:
        raise StoreError(_damaged(snapshot.path, ACCOUNT)) from error
    if hashlib.sha256(content).hexdigest() != snapshot.account_checksum:
        raise StoreError(_damaged(snapshot.path, ACCOUNT))
    account: dict[str, Any] = json.loads(content)
    return account


def checksum(file: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def describe_file(file: Path) -> dict[str, Any]:
    """What a manifest says of a file, so that damage is noticed."""
    return {"bytes": file.stat().st_size, "sha256": checksum(file)}


def list_names(folder: Path) -> list[str]:
    """Names of the snapshots in `folder`, oldest first; a draft or anything else is not one."""
    if not folder.is_dir():
        return []
    return sorted(
        entry.name for entry in folder.iterdir() if entry.is_dir() and _NAME.match(entry.name)
    )


def _damaged(path: Path, file: str) -> str:
    others = [name for name in list_names(path.parent) if name != path.name]
    store = path.parent.parent
    remedy = (
        f"theograph snapshots --store {store} --back {others[-1]} goes back to another"
        if others
        else "import the extracts again into a new store"
    )
    return f"{path / file}: is missing or damaged and was left as it is; {remedy}"
