"""SQL is written once, whatever the process; what is kept is never wrong, only unused."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import BaseModel

from theograph import kept_sql
from theograph.kept_sql import FOLDER_VARIABLE, digest_writers, keep_sql, kept_sql_folder

IMPORT = """
import sys
from datetime import UTC, datetime
from pathlib import Path
import ibis
from theograph.importing import ImportOptions, import_extracts
from theograph.store import Store

written = []
write = ibis.to_sql
ibis.to_sql = lambda *args, **named: written.append(args) or write(*args, **named)
ibis.to_sql(ibis.table({"a": "int64"}, name="b"))
folder = Path(sys.argv[1])
now = datetime(2026, 6, 1, tzinfo=UTC)
import_extracts([folder / "a.csv"], Store(folder / sys.argv[2]), options=ImportOptions(), now=now)
print(len(written))
"""


@dataclass(frozen=True)
class Query:
    """What is written in these tests."""

    sql: str
    columns: tuple[tuple[str, str], ...] = ()


class Layout(BaseModel):
    """What is asked for in these tests."""

    title: str
    words: frozenset[str] = frozenset()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    found = tmp_path / "cache" / "sql"
    monkeypatch.setenv(FOLDER_VARIABLE, str(found))
    return found


@pytest.fixture
def written() -> list[object]:
    """What has been asked for and was written, not read."""
    return []


@pytest.fixture
def write(folder: Path, written: list[object]) -> Callable[..., tuple[Query, ...]]:
    @keep_sql
    def write_queries(about: object, *, times: int = 1) -> tuple[Query, ...]:
        written.append(about)
        return tuple(Query(f"select '{about}', {n}", (("a", "int64"),)) for n in range(times))

    return write_queries


def entries(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


def test_what_is_written_is_read_the_next_time(
    write: Callable[..., object], written: list[object]
) -> None:
    first = write("gp", times=2)
    assert write("gp", times=2) == first
    assert write("gp") != first
    assert written == ["gp", "gp"]


def test_a_second_process_writes_nothing_anew(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "person_id,start,sector,kind\nA,2024-01-05,gp,GP consultation\n"
    )
    for store in ("one", "two"):
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", IMPORT, str(tmp_path), store],
            capture_output=True,
            text=True,
            check=True,
        )
    assert done.stdout == "1\n"  # which the process itself asks for, to be sure that it counts


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a", "b"),
        (("a", "b"), ("ab",)),
        (1, True),
        (None, "None"),
        (Layout(title="a"), Layout(title="b")),
        (Query("a"), Query("b")),
        ({"a": "b"}, {"b": "a"}),
    ],
)
def test_what_is_asked_differently_is_written_apart(
    write: Callable[..., object], written: list[object], one: object, other: object
) -> None:
    write(one)
    write(other)
    assert [repr(said) for said in written] == [repr(one), repr(other)]


def test_a_set_is_the_same_in_any_order(folder: Path, write: Callable[..., object]) -> None:
    write(Layout(title="a", words=frozenset("gp")))
    write(frozenset({"x", "y", "z"}))
    write(frozenset({"z", "y", "x"}))
    assert len(entries(folder)) == 2
    asked = "from theograph import kept_sql as k; print(k._digest('n', (frozenset('abcdef'),), {}))"
    digests = {
        subprocess.run(
            [sys.executable, "-c", asked],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1


def test_what_says_not_all_it_stands_for_is_no_key(write: Callable[..., object]) -> None:
    with pytest.raises(TypeError, match="cannot be part of what SQL is kept by"):
        write(object())


def test_changed_code_or_libraries_are_another_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "table.py").write_text("one = 1")
    before = digest_writers(tmp_path)
    digest_writers.cache_clear()
    assert digest_writers(tmp_path) == before
    (tmp_path / "table.py").write_text("one = 2")
    digest_writers.cache_clear()
    edited = digest_writers(tmp_path)
    monkeypatch.setattr(kept_sql, "version", lambda library: f"{library} of tomorrow")
    digest_writers.cache_clear()
    assert len({before, edited, digest_writers(tmp_path)}) == 3
    digest_writers.cache_clear()


def test_another_key_of_the_code_writes_anew(
    write: Callable[..., object], written: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    write("gp")
    monkeypatch.setattr(kept_sql, "digest_writers", lambda sources: "edited")
    write("gp")
    assert written == ["gp", "gp"]


@pytest.mark.parametrize("left", [b"", b"\n[]", b"\xff" * 80, "shorter", "another", "other form"])
def test_a_damaged_entry_is_written_anew(
    folder: Path, write: Callable[..., object], written: list[object], left: bytes | str
) -> None:
    whole = write("gp")
    (file,) = entries(folder)
    kept = file.read_bytes()
    forms = {
        "shorter": kept[:-9],
        "another": kept.replace(b"select", b"delete"),
        "other form": kept_sql._checksum(b"[1]") + b"\n[1]",
    }
    file.write_bytes(forms[left] if isinstance(left, str) else left)
    assert write("gp") == whole
    assert written == ["gp", "gp"]
    assert file.read_bytes() == kept


def test_nothing_is_kept_where_nothing_can_be(
    folder: Path, write: Callable[..., object], written: list[object]
) -> None:
    folder.parent.write_text("a file, not a folder")
    assert write("gp") == write("gp")
    assert written == ["gp", "gp"]


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps a user's folders apart itself")
def test_entries_are_the_users_own(
    folder: Path, write: Callable[..., object], written: list[object]
) -> None:
    write("gp")
    assert folder.stat().st_mode & 0o777 == 0o700
    assert [file.stat().st_mode & 0o777 for file in entries(folder)] == [0o600]
    folder.chmod(0o777)
    write("gp")  # others may have put it there, and it would be run
    write("ed")
    assert written == ["gp", "gp", "ed"]
    assert len(entries(folder)) == 1


def test_what_was_not_used_for_longest_is_dropped(
    folder: Path, write: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_sql, "MOST_KEPT", 3)
    for number, about in enumerate("abc"):
        write(about)
        for file in entries(folder):
            if file.stat().st_mtime > 10:
                os.utime(file, (number, number))
    foreign = folder / "notes.txt"
    foreign.write_text("not ours")
    os.utime(foreign, (0, 0))
    write("a")
    write("d")
    left = entries(folder)
    assert foreign in left
    assert len(left) == 4
    again: list[object] = []
    monkeypatch.setattr(kept_sql, "_keep", lambda file, written: again.append(file))
    for about in "acd":
        write(about)
    assert again == []
    write("b")
    assert len(again) == 1


def test_the_folder_is_the_users_cache_unless_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert kept_sql_folder() == folder
    monkeypatch.delenv(FOLDER_VARIABLE)
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda name: str(tmp_path / name))
    assert kept_sql_folder() == tmp_path / "theograph" / "sql"
