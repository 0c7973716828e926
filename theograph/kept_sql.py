"""SQL that Ibis has written, kept on disk: to write it takes Ibis longer than DuckDB to run it.

What is written depends on what was asked for, on our code and on the versions of what writes
it. An entry is named by the digest of all these, so it is never out of date, only unused. Entries
stand in the user's cache folder, or in the folder that THEOGRAPH_SQL_CACHE names. They hold no
value of any record. Where nothing can be read or kept, the SQL is written anew and no more.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields, is_dataclass
from functools import cache, wraps
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar, get_type_hints

import platformdirs
from pydantic import BaseModel, TypeAdapter, ValidationError

FOLDER_VARIABLE: Final = "THEOGRAPH_SQL_CACHE"
MOST_KEPT: Final = 1_000  # entries, of some tens of kilobytes each
_WRITERS: Final = ("ibis-framework", "sqlglot", "duckdb", "theograph")
_SUFFIX: Final = ".kept-sql"
_SOURCES: Final = Path(__file__).parent

Columns = tuple[tuple[str, str], ...]  # the name and the type of each, as Ibis names these

Asked = ParamSpec("Asked")
Written = TypeVar("Written")


def kept_sql_folder() -> Path:
    """Where SQL is kept."""
    named = os.environ.get(FOLDER_VARIABLE)
    return Path(named) if named else Path(platformdirs.user_cache_dir("theograph")) / "sql"


def keep_sql(write: Callable[Asked, Written]) -> Callable[Asked, Written]:
    """A function that writes SQL, asked once for the same arguments whatever the process.

    The arguments are texts, numbers, pydantic models, dataclasses and collections of these; what
    is returned is of a type that pydantic can read back from JSON.
    """

    @wraps(write)
    def read_or_write(*args: Asked.args, **kwargs: Asked.kwargs) -> Written:
        kind: TypeAdapter[Written] = _returned(write)
        name = f"{write.__module__}.{write.__qualname__}"
        file = kept_sql_folder() / f"{_digest(name, args, kwargs)}{_SUFFIX}"
        kept = _read(file)
        if kept is not None:
            with suppress(ValidationError):
                return kind.validate_json(kept)
        written = write(*args, **kwargs)
        _keep(file, kind.dump_json(written))
        return written

    return read_or_write


@cache
def _returned(write: Callable[..., Any]) -> TypeAdapter[Any]:
    return TypeAdapter(get_type_hints(write)["return"])


def _digest(name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    asked = json.dumps([name, args, kwargs, digest_writers(_SOURCES)], default=_plain)
    return hashlib.sha256(asked.encode()).hexdigest()


@cache
def digest_writers(sources: Path) -> str:
    """A digest of all that writes SQL: the code under `sources`, and the libraries' versions."""
    digest = hashlib.sha256()
    for library in _WRITERS:
        with suppress(PackageNotFoundError):
            digest.update(f"{library} {version(library)}\n".encode())
    for file in sorted(sources.rglob("*.py")):
        code = file.read_bytes()
        digest.update(f"{file.relative_to(sources).as_posix()} {len(code)}\n".encode() + code)
    return digest.hexdigest()


def _plain(value: object) -> Any:
    """An argument as JSON knows it; `TypeError` for one that says not all it stands for."""
    if isinstance(value, BaseModel):
        return value.model_dump()
    if isinstance(value, frozenset | set):
        return sorted(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    raise TypeError(f"{type(value).__name__} cannot be part of what SQL is kept by")


def _read(file: Path) -> bytes | None:
    """What is kept in `file`; None unless it is there, whole, and nobody else can have put it."""
    try:
        if not _is_own(file.parent):
            return None
        said, _, kept = file.read_bytes().partition(b"\n")
        if said != _checksum(kept):
            return None
        os.utime(file)  # used now, so dropped last
    except OSError:
        return None
    return kept


def _keep(file: Path, written: bytes) -> None:
    folder = file.parent
    with suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _is_own(folder):
            return
        handle, name = tempfile.mkstemp(dir=folder, suffix=_SUFFIX)
        draft = Path(name)
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(_checksum(written) + b"\n" + written)
            draft.replace(file)
        finally:
            draft.unlink(missing_ok=True)
        _drop_oldest(folder)


def _is_own(folder: Path) -> bool:
    """Whether only this user can write there: what is kept there will be run."""
    if os.name != "posix":
        return True
    found = folder.stat()
    return found.st_uid == os.geteuid() and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _drop_oldest(folder: Path) -> None:
    kept = list(folder.glob(f"*{_SUFFIX}"))
    if len(kept) > MOST_KEPT:
        kept.sort(key=lambda file: file.stat().st_mtime_ns)
        for file in kept[: len(kept) - MOST_KEPT]:
            file.unlink(missing_ok=True)


def _checksum(written: bytes) -> bytes:
    return hashlib.sha256(written).hexdigest().encode()
