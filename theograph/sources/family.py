"""Families: tables that belong together and are read as one, such as those of OMOP.

A family is a TOML file in `sources/families/`. It says by which headers each of its tables is
known and, for each mapping that it feeds, a query over the tables.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from theograph.errors import MappingError
from theograph.sources.mapping import normalise_header
from theograph.sources.rows import Sheet, StagedSheet

_normalise = lru_cache(maxsize=4096)(normalise_header)  # the same few headers, very often


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FamilyTable(_Strict):
    """One table: the headers it is known by, the other columns that queries name.

    Where headers alone do not tell, the file's stem or the sheet's name is one of `named`. A
    table `passed_over` is known, so that nobody wonders about it, and never read.
    """

    recognise: list[str] = Field(min_length=1)
    named: list[str] = []
    columns: list[str] = []
    passed_over: bool = False

    @property
    def all_columns(self) -> list[str]:
        """Every column that a query may name."""
        return list(dict.fromkeys((*self.recognise, *self.columns)))


class FamilySheet(_Strict):
    """A query over the tables: one row for each row of the table `from`.

    Several sheets may share a table, each with its part of the rows. `mapping` reads the sheet,
    if it is not of the sheet's own name; it feeds one table of the record.
    """

    from_: str = Field(alias="from")
    query: str
    mapping: str | None = None


class Family(_Strict):
    """Tables that belong together, and the queries that make of them what mappings read.

    `macros` are expressions that queries call, `lookups` queries worked out once, before the
    sheets and in their order, for these to join; `ids_end` ends the names of columns whose whole
    numbers may have been written `7.0`.
    """

    name: str
    title: str
    source: str
    together: Literal["folder", "import"]
    needs: list[str] = Field(min_length=1)
    ids_end: str | None = None
    tables: dict[str, FamilyTable]
    macros: dict[str, str] = {}
    lookups: dict[str, str] = {}
    sheets: dict[str, FamilySheet]

    def __hash__(self) -> int:
        return hash((self.name, self.source))

    @model_validator(mode="after")
    def _hangs_together(self) -> Family:
        named = {*self.needs, *(sheet.from_ for sheet in self.sheets.values())}
        unknown = sorted(named - set(self.tables))
        if unknown:
            raise ValueError(f"there is no table '{unknown[0]}'")
        return self

    def sheets_of(self, table: str) -> dict[str, FamilySheet]:
        """The sheets made of the rows of `table`, by name; none where they are looked up only."""
        return {name: sheet for name, sheet in self.sheets.items() if sheet.from_ == table}

    def reader_of(self, sheet: str) -> str:
        """The mapping that reads a sheet."""
        return self.sheets[sheet].mapping or sheet


@dataclass(frozen=True, slots=True)
class PlacedSheet:
    """A staged sheet and where it stands in the account of the import."""

    sheet: StagedSheet
    file_no: int
    source_file: str


@dataclass(frozen=True, slots=True)
class FamilyGroup:
    """The sheets found of one family, by table."""

    family: Family
    tables: dict[str, list[PlacedSheet]]

    @property
    def sheets(self) -> list[PlacedSheet]:
        """All of them."""
        return [sheet for sheets in self.tables.values() for sheet in sheets]


@cache
def shipped_families() -> tuple[Family, ...]:
    """Every family that ships with Theograph, by name."""
    folder = resources.files("theograph.sources") / "families"
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=str)
    return tuple(
        parse_family(file.name.removesuffix(".toml"), file.read_text(encoding="utf-8"))
        for file in files
    )


def parse_family(name: str, text: str) -> Family:
    """The family that a TOML text describes; raises `MappingError` naming place and remedy."""
    try:
        return Family.model_validate({"name": name, **tomllib.loads(text)})
    except tomllib.TOMLDecodeError as error:
        raise MappingError(f"{name}.toml: not valid TOML ({error}); correct that line") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the file"
        raise MappingError(
            f"{name}.toml: {place}: {first['msg']}; see a shipped family for the form"
        ) from error


def find_table(family: Family, name: str, path: Path, headers: Sequence[str]) -> str | None:
    """Which table of `family` a sheet is, by its headers and name; the most demanding that fits."""
    present = {_normalise(header) for header in headers}
    own = _own_name(name, path)
    fitting = [
        (len(table.recognise), key)
        for key, table in family.tables.items()
        if present.issuperset(_normalise(header) for header in table.recognise)
        and (not table.named or own in (word.casefold() for word in table.named))
    ]
    return max(fitting)[1] if fitting else None


def find_family(name: str, path: Path, headers: Sequence[str]) -> Family | None:
    """The family that a sheet is a table of, whether or not its other tables are at hand."""
    families = shipped_families()
    return next((each for each in families if find_table(each, name, path, headers)), None)


def find_passing_over(families: Iterable[Family], sheet: Sheet, path: Path) -> Family | None:
    """The family that knows a sheet and has no use for it; None if there is none."""
    for family in families:
        table = find_table(family, sheet.name, path, sheet.headers)
        if table is not None and family.tables[table].passed_over:
            return family
    return None


def group_sheets(families: Iterable[Family], sheets: Sequence[PlacedSheet]) -> list[FamilyGroup]:
    """The families that are complete among `sheets`; a sheet belongs to the first it fits.

    Tables belong together that stand in one folder, or in one file that holds several; of a
    family whose `together` is the import, all do.
    """
    several = _paths_of_several(sheets)
    taken: set[int] = set()
    groups: list[FamilyGroup] = []
    for family in families:
        found: dict[Path | None, dict[str, list[PlacedSheet]]] = {}
        for placed in sheets:
            sheet = placed.sheet
            table = find_table(family, sheet.name, sheet.path, sheet.headers)
            if table is None or id(placed) in taken:
                continue
            place = sheet.path if sheet.path in several else sheet.path.parent
            key = None if family.together == "import" else place
            found.setdefault(key, {}).setdefault(table, []).append(placed)
        for tables in found.values():
            if tables.keys() >= set(family.needs):
                groups.append(FamilyGroup(family, tables))
                taken |= {id(placed) for placed in groups[-1].sheets}
    return groups


def _paths_of_several(sheets: Sequence[PlacedSheet]) -> set[Path]:
    paths = [placed.sheet.path for placed in sheets]
    return {path for path, sheets in Counter(paths).items() if sheets > 1}


def _own_name(name: str, path: Path) -> str:
    """A sheet's name within its file, without a schema, or the stem of a file that is one."""
    within = name.rpartition(path.name)[2].strip(":# ")
    return (within.rpartition(".")[2] or path.stem).casefold()
