"""The private folder of a desk, within its store."""

from __future__ import annotations

import shutil
from pathlib import Path

from filelock import FileLock, Timeout


def open_folder(folder: Path) -> FileLock:
    """Make `folder` and those before it, hold it, and clear what servers left that have gone."""
    folder.parent.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    for made in (folder.parent, folder):
        made.mkdir(mode=0o700, exist_ok=True)
    held = FileLock(f"{folder}.lock", mode=0o600)
    held.acquire(timeout=0)
    _clear_abandoned(folder.parent)
    return held


def close_folder(folder: Path, held: FileLock | None) -> None:
    """Remove the folder with all that is in it."""
    shutil.rmtree(folder, ignore_errors=True)
    if held is not None:
        held.release()
        Path(held.lock_file).unlink(missing_ok=True)


def _clear_abandoned(folder: Path) -> None:
    for lock in folder.glob("*.lock"):
        try:
            with FileLock(lock, timeout=0, mode=0o600):
                shutil.rmtree(lock.with_suffix(""), ignore_errors=True)
                lock.unlink(missing_ok=True)
        except Timeout:
            continue  # a server that is still at work
