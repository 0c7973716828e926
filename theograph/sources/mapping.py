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
from typing import Literal

from pydantic import Field, ValidationError

from theograph.errors import MappingError
from theograph.record.tables import CONDITIONS, DERIVED_NAMES, EVENTS, FEEDS, MEASURES, PEOPLE
from theograph.record.vocabulary import VOCABULARIES
from theograph.sources.mapping_form import (
    FORM_MARK,
    FORMS,
    NO_FORM,
    Blank,
    Case,
    Cases,
    Condition,
    Constant,
    DateAndTime,
    Expression,
    First,
    FromColumn,
    Join,
    Strict,
    Use,
    list_parts,
)

__all__ = [
    "Blank",
    "Case",
    "Cases",
    "Condition",
    "Constant",
    "DateAndTime",
    "Expression",
    "First",
    "FromColumn",
    "Join",
    "Use",
]

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
    "events": {
        *IDENTIFIERS,
        "recorded_cost",  # these two in the currency that `currency` names
        "recorded_rate",
        "recorded_cost_gbp",
        "recorded_rate_gbp",
        "cost_gbp",
    },
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


class Mapping(Strict):
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
    dates: dict[str, str] = Field(default_factory=dict)

    def __hash__(self) -> int:
        return hash((self.name, self.source))

    @property
    def sections(self) -> dict[Section, dict[str, Expression]]:
        """The tables this layout feeds, the first being the one that decides a row's fate."""
        found = {section: getattr(self, section) for section in SECTIONS}
        return {section: columns for section, columns in found.items() if columns}


def normalise_header(header: str) -> str:
    """`header` without case, spaces, underscores or punctuation, for comparison."""
    return re.sub(r"[\W_]+", "", header.casefold())


def lacking_columns(mapping: Mapping, headers: list[str]) -> list[str]:
    """The headers by which `mapping` is recognised and that `headers` does not have."""
    present = {normalise_header(header) for header in headers}
    return [name for name in mapping.recognise if normalise_header(name) not in present]


def read_mapping(path: Path) -> Mapping:
    """Read a mapping file; raises `MappingError` naming the file, the key and the remedy."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise MappingError(f"{path.name}: is not UTF-8 text; save it as UTF-8") from error
    return parse_mapping(path.stem, text, file=path.name)


@cache
def shipped_mappings() -> tuple[Mapping, ...]:
    """Every mapping that ships with Theograph, by name."""
    folder = resources.files("theograph.sources") / "mappings"
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=str)
    return tuple(
        parse_mapping(
            file.name.removesuffix(".toml"), file.read_text(encoding="utf-8"), file=file.name
        )
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


def parse_mapping(name: str, text: str, *, file: str) -> Mapping:
    """The mapping called `name` that `text` is, a TOML document; `file` is for its errors."""
    try:
        mapping = Mapping.model_validate({"name": name, **tomllib.loads(text)})
    except tomllib.TOMLDecodeError as error:
        raise MappingError(f"{file}: not valid TOML ({error}); correct the line named") from error
    except ValidationError as error:
        raise MappingError(f"{file}: {_first_problem(error)}") from error
    _check_columns(mapping, file)
    return mapping


_SAID = {
    "extra_forbidden": "is no key that may stand there",
    "missing": "is missing",
    "string_type": "should be a text in quotes",
}


def _first_problem(error: ValidationError) -> str:
    first = error.errors()[0]
    parts = [str(part) for part in first["loc"]]
    place = ".".join(part for part in parts if not part.startswith(FORM_MARK))
    if first["type"] == NO_FORM:
        given = first["input"]
        has = f"has {', '.join(map(repr, given))}" if isinstance(given, dict) else f"is {given!r}"
        return (
            f"{place}: {has}; give the name of a column, or one of {', '.join(FORMS)} in braces, "
            "as an existing mapping does"
        )
    said = _SAID.get(first["type"], first["msg"])
    return f"{place}: {said}; see an existing mapping for the form"


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
        _check_words(columns, file, section)
    _check_dates(mapping, file)


def _check_patterns(columns: dict[str, Expression], file: str, section: str) -> None:
    for column, expression in columns.items():
        for part in list_parts(expression):
            pattern = part.strip if isinstance(part, FromColumn) else None
            try:
                re.compile(pattern or "")
            except re.error as error:
                raise MappingError(
                    f"{file}: [{section}] {column}: '{pattern}' is not a regular expression "
                    f"({error}); correct it"
                ) from error


def _check_words(columns: dict[str, Expression], file: str, section: str) -> None:
    """Refuse words that no vocabulary has: every row they stand in would be set aside."""
    for column in columns.keys() & VOCABULARIES.keys():
        for part in list_parts(columns[column]):
            words = {word for word in _own_words(part) if word}
            unknown = sorted(word for word in words if word.lower() not in VOCABULARIES[column])
            if unknown:
                choices = ", ".join(dict.fromkeys(VOCABULARIES[column].values()))
                raise MappingError(
                    f"{file}: [{section}] {column}: '{unknown[0]}' is no {column}; "
                    f"use one of {choices}"
                )


def _own_words(part: Expression) -> list[str]:
    """The texts that an expression gives of itself, not from the file."""
    if isinstance(part, Constant):
        return [part.text]
    if isinstance(part, FromColumn):
        other = [part.other.use] if isinstance(part.other, Use) else []
        return [*part.values.values(), *other]
    return []


# What DuckDB's strptime knows, so that a wrong form is found before a file is read.
_FORM = re.compile(r"(%-?[dmyHIMSjuUwW]|%[aAbBYpfgnzZGVxXc%]|[^%])+")


def _check_dates(mapping: Mapping, file: str) -> None:
    for column, form in mapping.dates.items():
        if not _FORM.fullmatch(form):
            raise MappingError(
                f"{file}: [dates] {column}: '{form}' is no form of a date; "
                "write one such as %d/%m/%Y or %Y-%m-%d %H:%M"
            )
