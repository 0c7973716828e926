"""Mapping files: which column of someone's extract is which column of ours.

A mapping is a TOML file, one a layout, in `sources/mappings/`. It says by which headers the
layout is recognised and, for each table it feeds, an expression for each of our columns.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from theograph.errors import MappingError
from theograph.record.tables import CONDITIONS, DERIVED_NAMES, EVENTS, FEEDS, MEASURES, PEOPLE

Section = Literal["events", "people", "conditions", "measures", "feeds", "crosswalk"]
SECTIONS: tuple[Section, ...] = (
    "events",
    "people",
    "conditions",
    "measures",
    "feeds",
    "crosswalk",
)
IDENTIFIERS = ("nhs_number", "pseudonym", "local_id", "person_id")

# Columns a mapping may fill that are not stored under that name.
_INPUTS = {
    "events": {*IDENTIFIERS, "recorded_cost_gbp", "recorded_rate_gbp", "cost_gbp"},
    "people": set(IDENTIFIERS),
    "conditions": set(IDENTIFIERS),
    "measures": set(IDENTIFIERS),
    "feeds": set(),
    "crosswalk": {*IDENTIFIERS, "provider"},
}
_STORED = {
    "events": EVENTS,
    "people": PEOPLE,
    "conditions": CONDITIONS,
    "measures": MEASURES,
    "feeds": FEEDS,
}
_NEVER_MAPPED = {
    "person_ref",
    "link_key",
    "source_file",
    "source_row",
    "source_mapping",
    *DERIVED_NAMES,
}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Use(_Strict):
    """What to put in place of a value that is not in the list."""

    use: str


class Constant(_Strict):
    """The same text in every row."""

    text: str


class FromColumn(_Strict):
    """A source column, its values translated, a pattern removed."""

    column: str
    values: dict[str, str] = {}
    other: Literal["keep", "empty", "refuse"] | Use = "keep"
    strip: str | None = None


class DateAndTime(_Strict):
    """A date column and, where there is one, a time column."""

    date: str
    time: str | None = None


class Join(_Strict):
    """The parts that are not empty, joined."""

    join: list[Expression]
    with_: str = Field(default=" ", alias="with")


class First(_Strict):
    """The first part that is not empty."""

    first: list[Expression]


class Condition(_Strict):
    """A test on one column, or a combination of tests."""

    column: str | None = None
    is_: Literal["present", "absent"] | list[str] | None = Field(default=None, alias="is")
    starts: list[str] | None = None
    contains: list[str] | None = None
    all: list[Condition] | None = None
    any: list[Condition] | None = None
    not_: Condition | None = Field(default=None, alias="not")


class Case(_Strict):
    """A value, and when it holds; without a condition it always holds."""

    if_: Condition | None = Field(default=None, alias="if")
    then: Expression


class Cases(_Strict):
    """The value of the first case that holds."""

    cases: list[Case]


class Blank(_Strict):
    """True where the column is empty: a blank end means that it goes on."""

    blank: str


Name = Annotated[str, StringConstraints(min_length=1)]
Expression = Name | Constant | FromColumn | DateAndTime | Join | First | Cases | Blank


class Mapping(_Strict):
    """One layout: how it is recognised and what it feeds."""

    name: str
    title: str
    source: str
    recognise: list[str] = Field(min_length=1)
    scope: str | None = None
    events: dict[str, Expression] | None = None
    people: dict[str, Expression] | None = None
    conditions: dict[str, Expression] | None = None
    measures: dict[str, Expression] | None = None
    feeds: dict[str, Expression] | None = None
    crosswalk: dict[str, Expression] | None = None
    dates: dict[str, str] = {}

    def __hash__(self) -> int:
        return hash((self.name, self.source))

    @property
    def sections(self) -> dict[Section, dict[str, Expression]]:
        """The tables this layout feeds, the first being the one that decides a row's fate."""
        found = {section: getattr(self, section) for section in SECTIONS}
        return {section: columns for section, columns in found.items() if columns}


for _model in (Join, First, Condition, Case, Cases, Mapping):
    _model.model_rebuild()


def normalise_header(header: str) -> str:
    """`header` without case, spaces, underscores or punctuation, for comparison."""
    return re.sub(r"[\W_]+", "", header.casefold())


def lacking_columns(mapping: Mapping, headers: list[str]) -> list[str]:
    """The headers by which `mapping` is recognised and that `headers` does not have."""
    present = {normalise_header(header) for header in headers}
    return [name for name in mapping.recognise if normalise_header(name) not in present]


def read_mapping(path: Path) -> Mapping:
    """Read a mapping file; raises `MappingError` naming the file, the key and the remedy."""
    return _parse_mapping(path.stem, path.name, path.read_text(encoding="utf-8"))


@cache
def shipped_mappings() -> tuple[Mapping, ...]:
    """Every mapping that ships with Theograph, by name."""
    folder = resources.files("theograph.sources") / "mappings"
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=str)
    return tuple(
        _parse_mapping(file.name.removesuffix(".toml"), file.name, file.read_text(encoding="utf-8"))
        for file in files
    )


def find_mapping(name_or_file: str) -> Mapping:
    """The mapping called `name_or_file`, shipped or a file; `MappingError` if there is none."""
    for mapping in shipped_mappings():
        if mapping.name == name_or_file:
            return mapping
    path = Path(name_or_file)
    if path.is_file():
        return read_mapping(path)
    names = ", ".join(mapping.name for mapping in shipped_mappings())
    raise MappingError(
        f"mapping '{name_or_file}' is neither a file nor one of those shipped; choose from {names}"
    )


def _parse_mapping(name: str, file: str, text: str) -> Mapping:
    try:
        mapping = Mapping.model_validate({"name": name, **tomllib.loads(text)})
    except tomllib.TOMLDecodeError as error:
        raise MappingError(f"{file}: not valid TOML ({error}); correct the line named") from error
    except ValidationError as error:
        raise MappingError(f"{file}: {_first_problem(error)}") from error
    _check_columns(mapping, file)
    return mapping


def _first_problem(error: ValidationError) -> str:
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"][:2])
    return f"{place}: {first['msg']}; see an existing mapping for the form"


def _check_columns(mapping: Mapping, file: str) -> None:
    if not mapping.sections:
        raise MappingError(f"{file}: feeds no table; add a section such as [events]")
    for section, columns in mapping.sections.items():
        stored: set[str] = set(_STORED[section].names) if section in _STORED else set()
        known = (stored | _INPUTS[section]) - _NEVER_MAPPED
        unknown = sorted(set(columns) - known)
        if unknown:
            raise MappingError(
                f"{file}: [{section}] has no column '{unknown[0]}'; "
                f"it may have {', '.join(sorted(known))}"
            )
        if section != "feeds" and not set(columns) & set(IDENTIFIERS):
            raise MappingError(
                f"{file}: [{section}] says not whose the rows are; "
                f"give one of {', '.join(IDENTIFIERS)}"
            )
        _check_patterns(columns, file, section)


def _check_patterns(columns: dict[str, Any], file: str, section: str) -> None:
    for column, expression in columns.items():
        pattern = expression.strip if isinstance(expression, FromColumn) else None
        try:
            re.compile(pattern or "")
        except re.error as error:
            raise MappingError(
                f"{file}: [{section}] {column}: '{pattern}' is not a regular expression ({error})"
            ) from error
