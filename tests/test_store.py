"""The store: all of a snapshot or none of it, private, and never silently damaged."""

from __future__ import annotations

import contextlib
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
from theograph.store import KEPT_SNAPSHOTS, Snapshot, Store, read_account, verify_snapshot

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
        except StoreError as error:
            assert "no room is left on its disk" in str(error)
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


ACCOUNT = {"files": [], "people": 1}


def publish_account(store: Store) -> Snapshot:
    with store.writing() as draft:
        (draft / "events.parquet").write_text("one")
        return store.publish(draft, store.next_name(NOW), MANIFEST, ACCOUNT)


def test_the_account_of_an_import_stands_beside_its_tables(store: Store) -> None:
    assert read_account(publish(store)) is None  # as in a store older than accounts are
    published = publish_account(store)
    assert read_account(published) == ACCOUNT
    assert read_account(store.current()) == ACCOUNT
    verify_snapshot(published)


def test_a_changed_account_is_damage(store: Store) -> None:
    file = publish_account(store).path / "account.json"
    file.write_text(file.read_text().replace("1", "2"))
    for read in (verify_snapshot, read_account):
        with pytest.raises(StoreError, match=r"account\.json"):
            read(store.current())
    file.unlink()
    with pytest.raises(StoreError, match=r"account\.json"):
        store.current()


def test_going_back_puts_an_older_snapshot_in_force_and_keeps_the_newer(store: Store) -> None:
    older, newer = publish(store), publish(store, "two")
    assert store.go_back(older.name) == older
    assert store.current() == older
    assert store.snapshots() == [older.name, newer.name]
    assert store.go_back(newer.name) == store.current() == newer


def test_what_is_published_after_going_back_sorts_last_and_is_in_force(store: Store) -> None:
    names = [publish(store, str(number)).name for number in range(3)]
    store.go_back(names[0])
    after = publish(store, "after")
    assert after.name > names[-1]
    assert store.current() == after


def test_the_snapshot_that_an_import_was_built_on_is_kept_before_newer_ones(store: Store) -> None:
    names = [publish(store, str(number)).name for number in range(3)]
    store.go_back(names[0])
    after = publish(store, "after").name
    assert store.snapshots() == [names[0], names[2], after]


@pytest.mark.parametrize("name", ["000009-20260601T093000", "", "..", ".draft-1", "current"])
def test_going_back_to_an_unknown_snapshot_changes_nothing(store: Store, name: str) -> None:
    now = publish(store)
    with pytest.raises(StoreError, match=f"it keeps {now.name}"):
        store.go_back(name)
    assert store.current() == now


def test_going_back_to_a_damaged_snapshot_changes_nothing(store: Store) -> None:
    older, now = publish(store), publish(store, "two")
    flip_byte(older.table("events"))
    with pytest.raises(StoreError, match="damaged"):
        store.go_back(older.name)
    assert store.current() == now


def test_nothing_is_gone_back_to_while_an_import_is_writing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("theograph.store._LOCK_SECONDS", 0.05)
    name = publish(store).name
    with store.writing(), pytest.raises(StoreError, match="another import is writing"):
        store.go_back(name)


def test_what_else_lies_beside_the_snapshots_is_none(store: Store) -> None:
    name = publish(store).name
    (store.path / "snapshots" / "lost+found").mkdir()
    (store.path / "snapshots" / "000001-notes.txt").touch()
    assert store.snapshots() == [name]
    assert publish(store, "two").name > name


def test_an_empty_salt_left_by_a_crash_is_made_anew(store: Store) -> None:
    store.path.mkdir()
    (store.path / "salt").touch()
    assert len(store.salt()) == 32


class Killed(BaseException):
    """Stands for the end of the process: nothing catches it."""


@pytest.mark.parametrize("step", ["replace", "mkdir"])
@pytest.mark.parametrize("nth", [1, 2, 3, 4])
@pytest.mark.parametrize("half_done", [False, True])
def test_a_sites_own_files_are_all_the_old_or_all_the_new_whenever_killed(
    store: Store, monkeypatch: pytest.MonkeyPatch, step: str, nth: int, half_done: bool
) -> None:
    def make(name: str) -> tuple[Path, ...]:
        files = tuple(store.path.with_name(f"{name}-{part}.csv") for part in "ab")
        for file in files:
            file.write_text(name)
        return files

    def kept() -> list[str]:
        return [file.read_text() for file in store.unit_cost_files()]

    store.keep_unit_costs(make("old"))
    if half_done:
        (store.path / "unit_costs").rename(store.path / "unit_costs.new")
    real, calls = getattr(Path, step), 0

    def die(self: Path, *args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == nth:
            raise Killed
        return real(self, *args, **kwargs)

    with monkeypatch.context() as patched, contextlib.suppress(Killed):
        patched.setattr(Path, step, die)
        store.keep_unit_costs(make("new"))
    assert kept() in (["old", "old"], ["new", "new"])
    store.keep_unit_costs(make("newest"))
    assert kept() == ["newest", "newest"]
    assert not list(store.path.glob("unit_costs.*"))


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
    assert f"--back {older.name} goes back" in str(caught.value)
    assert (file.read_bytes() if file.exists() else None) == left
    assert store.go_back(older.name) == older
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


def test_a_sites_own_mappings_stay_with_the_store_until_they_are_dropped(store: Store) -> None:
    assert store.mapping_files() == ()
    store.keep_mapping("clinic", "title = 'A'")
    store.keep_mapping("clinic", "title = 'B'")
    (file,) = store.mapping_files()
    assert file == store.find_mapping_file("clinic")
    assert file.read_text() == "title = 'B'"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    store.drop_mapping("clinic")
    store.drop_mapping("clinic")
    assert store.find_mapping_file("clinic") is None
