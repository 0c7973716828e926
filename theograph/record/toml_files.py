"""Folders of TOML, one thing a file: ours, with a site's own files laid over them."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from theograph.errors import MappingError

Model = TypeVar("Model", bound=BaseModel)


def read_folders(
    folders: Sequence[Path], model: type[Model], *, name: str, upper: bool = False
) -> dict[str, Model]:
    """Every `*.toml` of `folders` as a `model`, by file name without its ending.

    A later folder's file goes over an earlier one's of the same name: its tables are merged
    key by key, its lists and values replace ours; a value cannot replace a table. `name` is the
    field that the file's name fills. Raises `MappingError` naming file, key and remedy.
    """
    merged: dict[str, dict[str, Any]] = {}
    origin: dict[str, Path] = {}
    for folder in folders:
        for file in sorted(folder.glob("*.toml")):
            key = file.stem.upper() if upper else file.stem
            merged[key] = _lay_over(merged.get(key, {}), _read(file), file)
            origin[key] = file
    return {key: _validate(merged[key], key, origin[key], model, name) for key in sorted(merged)}


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise MappingError(f"{file}: is not TOML: {error}; correct that line") from error


def _lay_over(
    ours: dict[str, Any], theirs: dict[str, Any], file: Path, *above: str
) -> dict[str, Any]:
    """`theirs` over `ours`; a plain value over a table of ours would drop the rest of it."""
    both = dict(ours)
    for key, value in theirs.items():
        old = both.get(key)
        if isinstance(old, dict) and isinstance(value, dict):
            both[key] = _lay_over(old, value, file, *above, key)
        elif isinstance(old, dict):
            place = ".".join((*above, key))
            table = ", ".join(f"{name} = ..." for name in old)
            raise MappingError(
                f"{file}: {place}: '{value}' would drop what our table holds; "
                f"write {key} = {{ {table} }}, or only what you change of it"
            )
        else:
            both[key] = value
    return both


def _validate(values: dict[str, Any], key: str, file: Path, model: type[Model], name: str) -> Model:
    if name in values:
        raise MappingError(f"{file}: {name}: comes from the file's name; leave the key out")
    try:
        return model.model_validate({**values, name: key})
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the file"
        said = first["msg"].removeprefix("Value error, ")
        raise MappingError(f"{file}: {place}: {said}; see a shipped file for the form") from error
