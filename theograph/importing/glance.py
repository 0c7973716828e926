"""What the tables of a file are by their headers alone: to list many files at once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from theograph.errors import TheographError, UnreadableSourceError
from theograph.importing.first_rows import MOST_ROWS
from theograph.importing.preview import SheetPreview
from theograph.sources.family import PlacedSheet, find_family, group_sheets, shipped_families
from theograph.sources.files import read_sheets
from theograph.sources.mapping import shipped_mappings
from theograph.sources.recognise import recognise_layout
from theograph.sources.rows import Sheet, StagedSheet


def glance_at_file(path: Path) -> list[SheetPreview] | None:
    """What each table of `path` would be read as, its rows not looked at.

    None where the headers of a table do not tell: its rows may, which `preview_file` looks at.
    """
    try:
        sheets = read_sheets(path, most_rows=MOST_ROWS)
    except TheographError as error:
        return [SheetPreview(path.name, error=str(error))]
    together = _find_together(sheets, path)
    seen: list[SheetPreview] = []
    for place, sheet in enumerate(sheets):
        found = SheetPreview(sheet.name, headers=sheet.headers, notes=sheet.notes)
        if place in together:
            found = replace(found, mapping=together[place][0], title=together[place][1])
        else:
            try:
                layout = recognise_layout(sheet.headers, shipped_mappings(), name=sheet.name)
                found = replace(found, mapping=layout.name, title=layout.title)
            except UnreadableSourceError:
                if find_family(sheet.name, path, sheet.headers) is None:
                    return None
        seen.append(found)
    return seen


def _find_together(sheets: list[Sheet], path: Path) -> dict[int, tuple[str, str]]:
    """By its place, the family of each sheet that is read together with others of the file."""
    placed = [PlacedSheet(_unstaged(sheet, path), place, "") for place, sheet in enumerate(sheets)]
    return {
        one.file_no: (group.family.name, group.family.title)
        for group in group_sheets(shipped_families(), placed)
        for one in group.sheets
    }


def _unstaged(sheet: Sheet, path: Path) -> StagedSheet:
    """The sheet as if it were staged, of no rows."""
    return StagedSheet(sheet.name, path, sheet.headers, path, 0, sheet.encoding, (), None)
