"""What an event means: codes, kinds, words and readings that stand for a concept.

One concept a file in `concepts/`, with its sources and with examples that are and that are
not; a site's own files go over ours. `opportunities.tag` finds the concepts of every row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from theograph.record.sectors import SECTOR_KEYS
from theograph.record.toml_files import read_folders

FOLDER = Path(__file__).with_name("concepts")

Theme = Literal["care", "urgent", "stay", "concern", "condition", "frailty", "plan"]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Prefix = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]+$")]
Number = Annotated[str, StringConstraints(pattern=r"^[0-9]+$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Match(_Strict):
    """One way to be an event, reading or condition of the concept: all that is named holds.

    `icd10` and `opcs` are prefixes without dots, `words` whole words outside a denial. Without
    `statuses`, what did not take place (not attended, cancelled) matches nothing. `not_planned`
    holds unless it is known to have been planned. A reading is compared rounded to two decimals.
    """

    sectors: tuple[str, ...] = ()
    kinds: tuple[Text, ...] = ()
    teams: tuple[Text, ...] = ()
    modes: tuple[Text, ...] = ()
    statuses: tuple[Text, ...] = ()
    planned: bool | None = None
    not_planned: bool = False
    icd10: tuple[Prefix, ...] = ()
    icd10_primary: tuple[Prefix, ...] = ()
    snomed: tuple[Number, ...] = ()
    local: tuple[Text, ...] = ()
    opcs: tuple[Prefix, ...] = ()
    hrg: tuple[Prefix, ...] = ()
    words: tuple[Text, ...] = ()
    outcome_words: tuple[Text, ...] = ()
    not_outcome_words: tuple[Text, ...] = ()
    not_words: tuple[Text, ...] = ()
    measure: Text | None = None
    categories: tuple[Text, ...] = ()
    above: float | None = None
    at_least: float | None = None
    up_to: float | None = None
    below: float | None = None
    conditions: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _names_something(self) -> Match:
        unknown = sorted(set(self.sectors) - set(SECTOR_KEYS))
        if unknown:
            raise ValueError(f"'{unknown[0]}' is no sector; one of {', '.join(SECTOR_KEYS)}")
        if not self.model_fields_set - {"not_words"}:
            raise ValueError("a match must name something")
        bounds = {"categories", "above", "at_least", "up_to", "below"} & self.model_fields_set
        if bounds and self.measure is None:
            raise ValueError(f"'{min(bounds)}' needs a measure")
        return self

    @property
    def of_events(self) -> bool:
        """Whether it can match an event."""
        return self.measure is None and not self.conditions

    @property
    def of_codes_only(self) -> bool:
        """Whether it names nothing but diagnosis codes, so that it fits any coded row."""
        return self.model_fields_set <= {"icd10", "icd10_primary", "snomed"}


class Example(_Strict):
    """One drawn row that is, or is not, of the concept: an event unless it says otherwise."""

    is_: bool = Field(alias="is")
    text: str | None = None
    sector: str = "gp"
    kind: str = "GP consultation"
    team: str | None = None
    mode: str | None = "face_to_face"
    status: str | None = "attended"
    planned: bool | None = None
    outcome: str | None = None
    code_system: str | None = None
    code: str | None = None
    other_codes: str | None = None
    hrg: str | None = None
    condition: str | None = None
    measure: str | None = None
    value: float | None = None
    category: str | None = None


class Concept(_Strict):
    """What is meant, by what it is known, and where that comes from.

    `at` says whether it stands at the start or at the end of an event; `lasts` that it holds
    from then on (a condition, frailty); `long_term` that it counts as a long-term condition.
    """

    key: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
    title: Text
    meaning: Text
    source: Text
    theme: Theme
    at: Literal["start", "end"] = "start"
    lasts: bool = False
    long_term: bool = False
    match: tuple[Match, ...] = Field(min_length=1)
    example: tuple[Example, ...] = Field(min_length=1)


def load_concepts(folders: Sequence[Path] = ()) -> Mapping[str, Concept]:
    """The shipped concepts by key, a site's own in `folders` over them; raises `MappingError`."""
    return _load((FOLDER, *folders))


@lru_cache(maxsize=4)
def _load(folders: tuple[Path, ...]) -> Mapping[str, Concept]:
    return read_folders(folders, Concept, name="key")
