"""A disk that fills up leaves the old snapshot whole, and is said to be full."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from theograph.errors import StoreError
from theograph.store import Store, verify_snapshot

if TYPE_CHECKING:
    from tests.conftest import Imported, Read

HEADER = "person_id,start,sector,kind,provider,description\n"
OLD = f"{HEADER}1,2024-04-03T01:30,gp,GP consultation,North,first\n"
NEW = HEADER + "".join(
    f"{n % 50},2023-{n % 12 + 1:02}-{n % 28 + 1:02},gp,GP consultation,North,{n * 7919:x}\n"
    for n in range(5_000)
)
ROOM = 60_000  # bytes: more than beginning takes, less than an import
# Runs the command line with files that may not grow beyond a size: what is written next fails.
LIMITED = """
import resource, sys
from theograph import cli
size = int(sys.argv.pop(1))
resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
cli.main()
"""
FULL = "theograph: {store}: no room is left on its disk; what it held is whole; free some space"


@pytest.fixture(scope="module")
def old(read: Read) -> Imported:
    return read({"old.csv": OLD})


@pytest.fixture
def new_file(tmp_path: Path) -> Path:
    (tmp_path / "new.csv").write_text(NEW)
    return tmp_path / "new.csv"


def assert_unharmed(store: Store, old: Imported) -> None:
    assert store.current().name == old.store.current().name
    verify_snapshot(store.current())
    assert not list((store.path / "snapshots").glob(".draft*"))


@pytest.mark.skipif(os.name != "posix", reason="needs a limit on the size of files")
@pytest.mark.parametrize("size", [1_000, ROOM])
def test_files_that_cannot_grow_leave_the_old_snapshot(
    old: Imported, tmp_path: Path, new_file: Path, size: int
) -> None:
    store = Store(tmp_path / "store")
    shutil.copytree(old.store.path, store.path)
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(size), "import", new_file, "--store", store.path],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == StoreError.exit_code
    assert done.stderr.startswith(FULL.format(store=store.path))
    assert done.stderr.count("\n") == 1
    assert_unharmed(store, old)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes, where this process may make one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = shutil.which("mount")
    if mount is None or not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("needs to be root")
    made = subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk], capture_output=True, check=False
    )
    if made.returncode != 0:
        pytest.skip("may not mount a disk")
    try:
        yield disk
    finally:
        subprocess.run(["umount", disk], check=True)


def test_a_disk_that_is_full_leaves_the_old_snapshot(
    old: Imported, small_disk: Path, new_file: Path, read: Read
) -> None:
    store = Store(small_disk / "store")
    shutil.copytree(old.store.path, store.path)
    free = shutil.disk_usage(small_disk).free
    (small_disk / "others").write_bytes(bytes(free - ROOM))
    with pytest.raises(StoreError, match="no room is left on its disk"):
        read({"new.csv": NEW}, into=store)
    assert_unharmed(store, old)
    fill(small_disk)
    with pytest.raises(StoreError, match="no room is left on its disk"):
        store.go_back(store.current().name)


def fill(disk: Path) -> None:
    """Leave no room at all."""
    with (disk / "ballast").open("wb", buffering=0) as stream:
        for size in (100_000, 1_000, 1):
            try:
                while True:
                    stream.write(b"x" * size)
            except OSError:
                continue
