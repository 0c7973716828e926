"""Drawn mini-journeys: what a rule finds, and what it does not.

Each rule has a file in `cases/`. The tests run every one; the Method page shows them.
"""

from __future__ import annotations

import tomllib
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from theograph.errors import MappingError

FOLDER = Path(__file__).with_name("cases")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DrawnEvent(_Strict):
    """One event of a case. `at` and `end` are ISO, with a time only where it is known."""

    id: str
    at: str
    sector: str
    kind: str
    end: str | None = None
    ongoing: bool = False
    text: str | None = None
    status: str | None = "attended"
    mode: str | None = "face_to_face"
    planned: bool | None = None
    code: str | None = None
    system: str | None = None
    codes: str | None = None
    hrg: str | None = None
    outcome: str | None = None
    team: str | None = None
    provider: str | None = None
    clinician: str | None = None
    units: float | None = None
    ready: str | None = None
    asked: str | None = None
    spell: str | None = None
    cost: float | None = None


class DrawnCondition(_Strict):
    """A condition from a day on."""

    name: str
    since: date | None = None
    until: date | None = None
    code: str | None = None
    system: str | None = None


class DrawnMeasure(_Strict):
    """A reading."""

    at: datetime | date
    measure: str
    value: float | None = None


class Expected(_Strict):
    """One opportunity that the rule finds; what is left out is not compared.

    `recorded`: of the parts that the signal lists, those that are recorded.
    """

    status: Literal["met", "missed", "open", "not_assessable"]
    signal: str
    due: date | None = None
    evidence: tuple[str, ...] | None = None
    response: str | None = None
    consequence: str | None = None
    consequences: tuple[str, ...] | None = None
    cost: float | None = None
    recorded: tuple[str, ...] | None = None


class Case(_Strict):
    """One person's small journey and every opportunity the rule finds in it, in order."""

    name: str
    shows: Literal[
        "hit",
        "met",
        "boundary in",
        "boundary out",
        "open",
        "not assessable",
        "excused",
        "tie",
        "date only",
        "no signal",
    ]
    as_of: date = date(2025, 12, 31)
    born: date | None = date(1945, 1, 1)
    died: date | None = None
    sex: Literal["female", "male"] = "female"
    feeds: dict[str, str] = {}
    without: tuple[str, ...] = ()
    conditions: tuple[DrawnCondition, ...] = ()
    measures: tuple[DrawnMeasure, ...] = ()
    events: tuple[DrawnEvent, ...] = ()
    expect: tuple[Expected, ...]


class _Cases(_Strict):
    case: tuple[Case, ...] = Field(min_length=1)


@lru_cache(maxsize=64)
def load_cases(rule_id: str) -> tuple[Case, ...]:
    """The drawn cases of a rule, in the order of its file; none for a site's own rule."""
    file = FOLDER / f"{rule_id.lower()}.toml"
    if not file.is_file():
        return ()
    try:
        return _Cases.model_validate(tomllib.loads(file.read_text("utf-8"))).case
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise MappingError(f"{file}: {error}; correct that case") from error
