"""The tables that FHIR resources are flattened to, and the rows of one entry."""

from __future__ import annotations

from dataclasses import dataclass

from theograph.sources.fhir.references import Place, Reference
from theograph.sources.fhir.values import Resource, find_text


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its columns, the first of which no other has and holds the resource's own id."""

    name: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """Cells of one row by column; those not named are empty."""

    table: Table
    cells: dict[str, str]
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """What the reading of a resource needs to know besides it.

    `name` is its own id, if it has one; `keys` all that may refer to it, at least one.
    """

    kind: str
    name: str
    place: Place
    keys: list[str]


def cells_of_patient(reference: Reference) -> dict[str, str]:
    """Whose a row is: the patient's key, and the NHS number where the reference gives it."""
    return {"patient": reference.key, "patient_nhs_number": reference.nhs_number}


def find_error(resource: Resource) -> str | None:
    """The reason to set a resource aside by its own account of itself."""
    if "entered-in-error" in (
        find_text(resource, "status"),
        find_text(resource, "verificationStatus.coding.code"),
    ):
        return "was entered in error"
    return None


OTHER = Table("fhir_other", ("fhir_other", "place", "resource"))
