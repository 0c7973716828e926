"""Writing a mapping file: TOML that a person can read and change."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from theograph.sources.mapping import Expression, FromColumn

_LONGEST_LINE = 100
_WIDEST_ENTRY = 44  # characters before a remark; longer entries have theirs further out

Columns = Mapping[str, Expression]


def write_draft(
    title: str,
    recognise: list[str],
    columns: Columns,
    *,
    section: str = "events",
    people: Columns | None = None,
    comments: Mapping[str, str] | None = None,
    dates: Mapping[str, str] | None = None,
) -> str:
    """The text of a mapping file: `columns` of ours by what gives each, with remarks beside them.

    `people` are columns of a second table, for what every row says of the person; `dates` are
    strptime forms by source column, for dates that are not read without one.
    """
    source = f"Drafted from the headers of {title}; say here whose layout it is."
    lines = [
        f"title = {_inline(title)}",
        f"source = {_inline(source)}",
        f"recognise = {_inline(recognise)}",
        *_write_section(section, columns, comments or {}),
        *(_write_section("people", people, {}) if people else ()),
        *_write_section(
            "dates", {_key(header): form for header, form in (dates or {}).items()}, {}
        ),
    ]
    return "\n".join(lines) + "\n"


def _write_section(name: str, columns: Columns, comments: Mapping[str, str]) -> list[str]:
    """A table: entries of one line each, then those whose list of values asks for more."""
    if not columns:
        return []
    entries = {column: f"{column} = {_inline(value)}" for column, value in columns.items()}
    long = {
        column: value
        for column, value in columns.items()
        if isinstance(value, FromColumn) and value.values and len(entries[column]) > _LONGEST_LINE
    }
    short = {column: entry for column, entry in entries.items() if column not in long}
    width = min(max(map(len, short.values()), default=0), _WIDEST_ENTRY)
    lines = ["", f"[{name}]"]
    lines += [_remark(entry, comments.get(column), width) for column, entry in short.items()]
    for column, value in long.items():
        lines += _write_values(f"{name}.{column}", value, comments.get(column))
    return lines


def _write_values(place: str, value: FromColumn, comment: str | None) -> list[str]:
    stated = value.model_dump(by_alias=True, exclude_defaults=True)
    values = stated.pop("values")
    return [
        "",
        _remark(f"[{place}]", comment, 0),
        *(f"{key} = {_inline(one)}" for key, one in stated.items()),
        f"[{place}.values]",
        *(f"{_key(theirs)} = {_inline(ours)}" for theirs, ours in values.items()),
    ]


def _remark(entry: str, comment: str | None, width: int) -> str:
    return f"{entry:<{width}}  # {_one_line(comment)}" if comment else entry


def _inline(value: Any) -> str:
    """A value in TOML, on one line."""
    if isinstance(value, BaseModel):
        return _inline(value.model_dump(by_alias=True, exclude_defaults=True))
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(k)} = {_inline(v)}" for k, v in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_inline(one) for one in value) + "]"
    # A text in JSON is one in TOML, but for the one control character that JSON leaves.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(name: str) -> str:
    plain = name.isascii() and name.replace("_", "").replace("-", "").isalnum()
    return name if plain else _inline(name)


def _one_line(text: str) -> str:
    return " ".join("".join(letter for letter in text if letter.isprintable()).split())
