"""Which column is which, where the user says so: a mapping for each sheet it was said of."""

from __future__ import annotations

import hashlib
import secrets
import tomllib
from contextlib import suppress
from pathlib import Path

from theograph.app.data_columns import OWN
from theograph.app.data_facts import Columns, SheetPreview
from theograph.errors import MappingError, UnreadableSourceError
from theograph.sources.draft import write_draft
from theograph.sources.mapping import Mapping, normalise_header, read_mapping
from theograph.sources.recognise import recognise_layout
from theograph.store import Store

_TITLE = "Your mapping, made on the Data page"


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
        # all its headers, so that no other layout is taken for it
        recognise = list(dict.fromkeys(header for header in sheet.headers if header))
        text = write_draft(_TITLE, recognise, columns, dates=dates)
        self._put(key, sheet, name_layout(sheet.headers), text)

    def recall(self, key: str, sheet: SheetPreview, file: Path) -> None:
        """Read that sheet by a mapping that was made before; `MappingError` for a damaged one."""
        self.forget(key, sheet.name)
        self._put(key, sheet, file.stem, file.read_text("utf-8"))

    def text(self, key: str, sheet: str) -> str | None:
        """What was chosen for the sheet as the text of a mapping file, if anything."""
        found = self._chosen.get((key, sheet))
        return found[2].read_text("utf-8") if found else None

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

    def _put(self, key: str, sheet: SheetPreview, name: str, text: str) -> None:
        folder = self._folder / secrets.token_hex(8)
        folder.mkdir(mode=0o700, parents=True)
        file = folder / f"{name}.toml"
        file.write_text(text, encoding="utf-8")
        mapping = read_mapping(file)
        self._chosen[key, sheet.name] = (mapping.events or {}, mapping, file)


def find_kept(store: Store, sheet: SheetPreview) -> Path | None:
    """The mapping that `store` keeps for the headers; none counts where one is damaged."""
    with suppress(MappingError, UnreadableSourceError):
        kept = [read_mapping(file) for file in store.mapping_files()]
        return store.find_mapping_file(recognise_layout(sheet.headers, kept, name=sheet.name).name)
    return None


def name_layout(headers: list[str]) -> str:
    """A name for the layout with these headers: the same for next month's file, no other's."""
    told = "\x1f".join(sorted(normalise_header(header) for header in headers))
    return f"{OWN}{hashlib.sha256(told.encode()).hexdigest()[:10]}"
