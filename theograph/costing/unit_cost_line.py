"""One unit-cost line: what it applies to, its unit, and what it costs."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from theograph.costing.indices import load_price_index
from theograph.record.sectors import MODE_LABELS, SECTOR_KEYS

Unit = Literal[
    "contact", "minute", "hour", "day", "week", "spell", "spell_short", "spell_long", "item", ""
]
Verified = Literal["yes", "secondary", "derived", "unverified", "local"]

CODE_WEIGHTS = {"code": 32, "hrg": 16, "hrg_root": 8}
KEY_WEIGHTS = {**CODE_WEIGHTS, "kind": 4, "mode": 2, "sector": 1}
HRG_ROOT_LENGTH = 4


class UnitCostLine(BaseModel):
    """One line: what it applies to, its unit, and what it costs at which prices.

    A line without unit and cost says that no figure is known: an event whose most
    specific line it is stays not costed, rather than taking a broader average.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    line: str = Field(min_length=1)
    activity: str = ""
    code_system: str = ""
    code: str = ""
    kind: str = ""
    mode: str = ""
    sector: str = ""
    planned: Literal["", "yes", "no"] = ""
    unit: Unit = ""
    cost_pence: int | None = Field(default=None, ge=0)
    price_year: str = ""
    source: str = ""
    verified: Verified = "local"
    licence: str = ""
    note: str = ""
    file: str = ""

    @field_validator("mode")
    @classmethod
    def _know_mode(cls, mode: str) -> str:
        if mode and mode not in MODE_LABELS:
            raise ValueError(f"use one of {', '.join(MODE_LABELS)}, or leave it empty")
        return mode

    @field_validator("sector")
    @classmethod
    def _know_sector(cls, sector: str) -> str:
        if sector and sector not in SECTOR_KEYS:
            raise ValueError(f"use one of {', '.join(SECTOR_KEYS)}, or leave it empty")
        return sector

    @field_validator("price_year")
    @classmethod
    def _know_price_year(cls, year: str) -> str:
        years = load_price_index().years
        if year and year not in years:
            raise ValueError(f"use a financial year from {years[0]} to {years[-1]}")
        return year

    @model_validator(mode="after")
    def _be_complete(self) -> UnitCostLine:
        if not self.keys:
            raise ValueError("fill at least one of code, kind, mode and sector")
        if self.code and not self.code_system:
            raise ValueError("column code_system: say which system the code is of, such as HRG")
        if (self.cost_pence is None) != (self.unit == ""):
            raise ValueError("give both a unit and a cost, or neither when no figure is known")
        if self.cost_pence and not self.price_year:
            raise ValueError("column price_year: say at which year's prices, such as 2024/25")
        return self

    @property
    def keys(self) -> dict[str, str]:
        """What an event must equal for this line to apply, normalised, by matching key."""
        keys = {"kind": self.kind.lower(), "mode": self.mode, "sector": self.sector}
        system, code = normal_system(self.code_system), normal_code(self.code)
        if system == "HRG":
            keys["hrg_root" if len(code) == HRG_ROOT_LENGTH else "hrg"] = code
        elif code:
            keys["code"] = f"{system}|{code}"
        return {key: value for key, value in keys.items() if value}

    @property
    def specificity(self) -> int:
        """Higher is more specific: code before kind before mode before sector."""
        return sum(KEY_WEIGHTS[key] for key in self.keys)


def normal_system(system: str) -> str:
    """A terminology's name as it is compared: `SNOMED CT` and `snomed` are one."""
    name = system.upper()
    for mark in " -_":
        name = name.replace(mark, "")
    return "SNOMED" if name == "SNOMEDCT" else name


def normal_code(code: str) -> str:
    """A code as it is compared: upper case, without spaces and dots."""
    return code.upper().replace(" ", "").replace(".", "")
