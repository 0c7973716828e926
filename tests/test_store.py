"""The store: all of a snapshot or none of it, private, and never silently damaged."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from theograph.errors import StoreError
from theograph.store import KEPT_SNAPSHOTS, Snapshot, Store, verify_snapshot

NOW = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)
MANIFEST = {
    "theograph": "0",
    "created_at": NOW.isoformat(),
    "as_of": "2026-05-31",
    "price_year": None,
    "rows": {"events": 1},
}


def publish(store: Store, content: str = "one") -> Snapshot:
    with store.writing() as draft:
        (draft / "events.parquet").write_text(content * 100)
        (draft / "people.parquet").write_text(content)
        return store.publish(draft, store.next_name(NOW), MANIFEST)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def test_a_new_store_is_empty_and_says_how_to_fill_it(store: Store) -> None:
    assert store.current_or_none() is None
    assert store.snapshots() == []
    with pytest.raises(StoreError, match="theograph import PATH"):
        store.current()


def test_what_is_published_is_what_is_current(store: Store) -> None:
    published = publish(store)
    assert store.current() == published
    assert published.rows == {"events": 1}
    assert str(published.as_of) == "2026-05-31"


def test_the_last_three_snapshots_are_kept(store: Store) -> None:
    names = [publish(store, str(number)).name for number in range(5)]
    assert names == sorted(set(names))
    assert store.snapshots() == names[-KEPT_SNAPSHOTS:]
    assert store.current().name == names[-1]


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no such modes")
def test_everything_is_for_its_owner_only(store: Store) -> None:
    old = os.umask(0o022)
    try:
        store.salt()
        publish(store)
    finally:
        os.umask(old)
    for path in [store.path, *store.path.rglob("*")]:
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600), path


def test_the_salt_is_made_once(store: Store) -> None:
    assert store.salt() == store.salt()
    assert len(store.salt()) == 32
    assert Store(store.path.with_name("other")).salt() != store.salt()


STEPS = ["chmod", "replace", "write_text"]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("nth", [1, 2, 3])
def test_an_import_that_fails_at_any_step_leaves_the_old_snapshot(
    store: Store, monkeypatch: pytest.MonkeyPatch, step: str, nth: int
) -> None:
    before = publish(store)
    real, calls = getattr(Path, step), 0

    def fail(self: Path, *args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        if store.path in self.parents:
            calls += 1
            if calls == nth:
                raise OSError(28, "No space left on device", str(self))
        return real(self, *args, **kwargs)

    with monkeypatch.context() as patched:
        patched.setattr(Path, step, fail)
        try:
            after = publish(store, "two")
        except OSError:
            after = before
    assert store.current() == after
    verify_snapshot(store.current())
    assert not list((store.path / "snapshots").glob(".draft-*"))
    assert publish(store, "three") == store.current()


KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from theograph.store import Store
store, step, nth = Store(Path(sys.argv[1])), sys.argv[2], int(sys.argv[3])
real = getattr(Path, step)
def die(self, *args, **kwargs):
    global nth
    nth -= 1
    if nth == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(self, *args, **kwargs)
with store.writing() as draft:
    (draft / "events.parquet").write_bytes(b"new" * 100)
    setattr(Path, step, die)
    store.publish(draft, store.next_name(datetime.now(UTC)), %r)
"""


@pytest.mark.skipif(not hasattr(os, "kill") or os.name == "nt", reason="needs SIGKILL")
@pytest.mark.parametrize(("step", "nth"), [("write_text", 1), ("replace", 1), ("replace", 2)])
def test_a_killed_import_leaves_the_old_snapshot(store: Store, step: str, nth: int) -> None:
    before = publish(store)
    script = KILLED % (MANIFEST,)
    done = subprocess.run([sys.executable, "-c", script, str(store.path), step, str(nth)])
    assert done.returncode == -9
    assert store.current() == before
    assert publish(store, "two") == store.current()
    assert not list((store.path / "snapshots").glob(".draft-*"))


def flip_byte(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(bytes(content))


def truncate(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-10])


@pytest.mark.parametrize("damage", [flip_byte, truncate, Path.unlink])
def test_a_damaged_file_is_named_left_alone_and_an_older_snapshot_offered(
    store: Store, damage: Any
) -> None:
    older, newest = publish(store), publish(store, "two")
    file = newest.table("events")
    damage(file)
    left = file.read_bytes() if file.exists() else None
    with pytest.raises(StoreError) as caught:
        verify_snapshot(store.current())
    assert str(file) in str(caught.value)
    assert f"write '{older.name}' into" in str(caught.value)
    assert (file.read_bytes() if file.exists() else None) == left
    (store.path / "current").write_text(older.name)
    assert store.current() == older


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"..", b"nowhere", b"a\x00b", b"{}"])
def test_a_pointer_to_nowhere_is_said(store: Store, content: bytes) -> None:
    publish(store)
    (store.path / "current").write_bytes(content)
    with pytest.raises(StoreError, match="damaged"):
        store.current()


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"files": 1}', '{"files": {"events": {}}}'])
def test_a_manifest_that_is_not_one_is_said(store: Store, content: str) -> None:
    (publish(store).path / "manifest.json").write_text(content)
    with pytest.raises(StoreError, match=r"manifest\.json"):
        store.current()


def test_the_manifest_holds_counts_and_checksums(store: Store) -> None:
    snapshot = publish(store)
    manifest = json.loads((snapshot.path / "manifest.json").read_text())
    assert manifest["rows"] == {"events": 1}
    assert set(manifest["files"]) == {"events", "people"}
    assert all(len(facts["sha256"]) == 64 for facts in manifest["files"].values())


def test_readers_see_one_whole_snapshot_while_another_is_written(store: Store) -> None:
    before = publish(store)
    with store.writing() as draft:
        (draft / "events.parquet").write_text("two")
        assert store.current() == before
        assert Store(store.path).current() == before
        after = store.publish(draft, store.next_name(NOW), MANIFEST)
        assert Store(store.path).current() == after
    assert before.table("events").is_file()


def test_writers_wait_for_each_other(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("theograph.store._LOCK_SECONDS", 0.05)
    with (
        store.writing(),
        pytest.raises(StoreError, match="another import is writing"),
        store.writing(),
    ):
        pass


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="choose another"), Store(tmp_path / "file").writing():
        pass
