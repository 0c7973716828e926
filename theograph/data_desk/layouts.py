"""Which column is which, where the user says so: a mapping for each sheet it was said of."""

from __future__ import annotations

import hashlib
import secrets
import tomllib
from pathlib import Path

from theograph.app.data_columns import OWN, find_header
from theograph.app.data_facts import Columns, SheetPreview
from theograph.sources.draft import write_draft
from theograph.sources.mapping import Mapping, normalise_header, read_mapping

_TITLE = "Columns chosen on the Data page"


class Layouts:
    """The user's own choices, each a mapping file in a private folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._chosen: dict[tuple[str, str], tuple[Columns, Mapping, Path]] = {}

    def choose(self, key: str, sheet: SheetPreview, columns: Columns | None) -> None:
        """Read that sheet of the file by `columns`, or of None no longer so.

        Raises `MappingError` when whose events these are, or when, is not said.
        """
        self.forget(key, sheet.name)
        if columns is None:
            return
        dates = tomllib.loads(sheet.draft.text).get("dates") if sheet.draft else None
        text = write_draft(_TITLE, find_headers(columns), columns, dates=dates)
        folder = self._folder / secrets.token_hex(8)
        folder.mkdir(mode=0o700, parents=True)
        file = folder / f"{name_layout(sheet.headers)}.toml"
        file.write_text(text, encoding="utf-8")
        self._chosen[key, sheet.name] = (columns, read_mapping(file), file)

    def columns(self, key: str, sheet: str) -> Columns | None:
        """What was chosen for the sheet, if anything."""
        found = self._chosen.get((key, sheet))
        return found[0] if found else None

    def mapping(self, key: str, sheet: str) -> Mapping | None:
        """The same as a mapping."""
        found = self._chosen.get((key, sheet))
        return found[1] if found else None

    def files(self) -> dict[str, str]:
        """The mapping file of each sheet that has one, by the sheet's name."""
        return {sheet: str(file) for (_, sheet), (_, _, file) in self._chosen.items()}

    def forget(self, key: str, sheet: str | None = None) -> None:
        """Let what was said of a sheet, or of a whole file, go."""
        for place in [place for place in self._chosen if place[0] == key]:
            if sheet in (None, place[1]):
                self._chosen.pop(place)[2].unlink(missing_ok=True)


def name_layout(headers: list[str]) -> str:
    """A name for the layout with these headers: the same for next month's file, no other's."""
    told = "\x1f".join(sorted(normalise_header(header) for header in headers))
    return f"{OWN}{hashlib.sha256(told.encode()).hexdigest()[:10]}"


def find_headers(columns: Columns) -> list[str]:
    """The headers that a sheet must have to be read by `columns`."""
    found = (find_header(expression) for expression in columns.values())
    return list(dict.fromkeys(header for header in found if header))
