"""FHIR resources and files, invented, as short as they can be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from theograph.sources.fhir import read_fhir

Resource = dict[str, Any]

SNOMED = "http://snomed.info/sct"
LOINC = "http://loinc.org"
UKCORE = "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-"
NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"


def resource(kind: str, **members: Any) -> Resource:
    """A resource of a type; a member `class_` is `class`."""
    return {"resourceType": kind, **{name.rstrip("_"): value for name, value in members.items()}}


def coded(code: str, display: str | None = None, system: str = SNOMED) -> Resource:
    """A CodeableConcept of one code."""
    coding = {"system": system, "code": code}
    return {"coding": [coding | ({"display": display} if display else {})]}


def to(address: str, display: str | None = None) -> Resource:
    """A Reference."""
    return {"reference": address} | ({"display": display} if display else {})


def ukcore(name: str, code: str) -> Resource:
    """A UK Core extension that holds a code."""
    return {"url": f"{UKCORE}{name}", "valueCodeableConcept": coded(code, system="local")}


def bundle(*resources: Resource, kind: str = "collection", base: str = "urn:uuid:") -> str:
    """The JSON of a bundle; each entry's fullUrl is `base` and the resource's id."""
    entries = [
        {"fullUrl": f"{base}{item['id']}" if "id" in item else f"{base}none", "resource": item}
        for item in resources
    ]
    return json.dumps({"resourceType": "Bundle", "type": kind, "entry": entries})


def ndjson(*resources: Resource) -> str:
    """The lines of a bulk export."""
    return "".join(json.dumps(item) + "\n" for item in resources)


def read_rows(path: Path) -> list[dict[str, Any]]:
    """Every row that a file gives: its cells, with `sheet`, `line` and `problem`."""
    return [
        {
            "sheet": sheet.name.removeprefix(f"{path.name}: "),
            "line": line,
            "problem": problem,
            **dict(zip(sheet.headers, cells, strict=True)),
        }
        for sheet in read_fhir(path)
        for batch in sheet.batches
        for cells, line, problem in zip(batch.cells, batch.lines, batch.problems, strict=True)
    ]
