"""Reading FHIR datatypes from JSON of which nothing is certain.

A wrong type reads as nothing and never raises: a text where an object belongs has no members, a
single value where a list belongs is a list of one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

Resource = dict[str, Any]

_FULL_DATE = re.compile(r"\d{4}-\d{2}-\d{2}([T ]|$)")


def read_text(value: object) -> str:
    """A string, number or boolean as text; anything else as none."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None or isinstance(value, dict | list):
        return ""
    return str(value)


def read_list(value: object) -> list[Any]:
    """A list as it is, nothing as an empty one, anything else as a list of one."""
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def read_object(value: object) -> Resource:
    """An object as it is; the first of a list of them; anything else as an empty one."""
    if isinstance(value, list):
        value = next((item for item in value if isinstance(item, dict)), None)
    return value if isinstance(value, dict) else {}


def follow(value: object, path: str) -> Any:
    """What stands at a dotted `path`; of a list on the way, the first object that leads on."""
    return _follow(value, _split(path))


def _follow(value: object, names: tuple[str, ...]) -> Any:
    for position, name in enumerate(names):
        if isinstance(value, dict):
            value = value.get(name)
        elif isinstance(value, list):
            rest = names[position:]
            found = (_follow(item, rest) for item in value if isinstance(item, dict))
            return next((item for item in found if item is not None), None)
        else:
            return None
    return value


@cache
def _split(path: str) -> tuple[str, ...]:
    return tuple(path.split("."))


def find_text(value: object, *paths: str) -> str:
    """The first text found at one of `paths`; the first of a list of them."""
    for path in paths:
        found = _follow(value, _split(path))
        if isinstance(found, str):
            text = found.strip()
        elif found is None:
            continue
        else:
            texts = (read_text(item) for item in read_list(found))
            text = next((text for text in texts if text), "")
        if text:
            return text
    return ""


def find_date(value: object, *paths: str) -> str:
    """The first date known to the day at one of `paths`, else the first that is only a part.

    `2016` and `2016-05` are never completed: whoever reads the row finds no date in them.
    """
    found = [text for path in paths if (text := find_text(value, path))]
    return next((text for text in found if _FULL_DATE.match(text)), found[0] if found else "")


def find_day(value: object, *paths: str) -> str:
    """As `find_date`, and nothing where the date is only a part."""
    text = find_date(value, *paths)
    return text if _FULL_DATE.match(text) else ""


def find_extension(value: object, ending: str) -> Resource:
    """The extension whose url ends in `ending`, of any publisher; an empty one if there is none.

    Those of an encounter's `hospitalization` are looked through after its own.
    """
    element = read_object(value)
    for holder in (element, read_object(element.get("hospitalization"))):
        for extension in read_list(holder.get("extension")):
            if isinstance(extension, dict) and read_text(extension.get("url")).endswith(ending):
                return extension
    return {}


def join_texts(texts: Iterable[str], separator: str = "; ") -> str:
    """The texts that are not empty, each once, joined."""
    return separator.join(dict.fromkeys(text for text in texts if text))
