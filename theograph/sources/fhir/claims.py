"""What was claimed for care, as rows: claims, and the statements that answer them."""

from __future__ import annotations

from theograph.sources.fhir.references import read_reference
from theograph.sources.fhir.rows import Context, Row, Table, find_error
from theograph.sources.fhir.values import Resource, find_text, follow, read_list, read_object

CLAIMS = Table(
    "fhir_claim",
    (
        "fhir_claim",
        "place",
        "resource",
        "keys",
        "patient",
        "status",
        "claim",
        "encounter",
        "prescription",
        "amount",
        "currency",
    ),
)
CLAIM_TYPES = frozenset(("Claim", "ExplanationOfBenefit"))

# Which total of a statement is what the care cost, the best first.
_TOTALS = ("submitted", "eligible", "benefit")


def flatten_claim(resource: Resource, context: Context) -> list[Row]:
    """The one row of a claim or of its statement, with its total."""
    place = context.place
    encounters = {
        read_reference(found, place).key
        for item in read_list(resource.get("item"))
        for found in read_list(follow(item, "encounter"))
    } - {""}
    total = _find_total(resource)
    cells = {
        "fhir_claim": context.name,
        "resource": context.kind,
        "keys": " ".join(context.keys),
        "patient": read_reference(resource.get("patient"), place).key,
        "status": find_text(resource, "status"),
        "claim": read_reference(resource.get("claim"), place).key,
        "encounter": next(iter(encounters)) if len(encounters) == 1 else "",
        "prescription": read_reference(resource.get("prescription"), place).key,
        "amount": find_text(total, "value"),
        "currency": find_text(total, "currency"),
    }
    return [Row(CLAIMS, cells, find_error(resource) or _find_problem(resource, encounters))]


def _find_total(resource: Resource) -> Resource:
    totals = [item for item in read_list(resource.get("total")) if isinstance(item, dict)]
    for kind in _TOTALS:
        for total in totals:
            if find_text(total, "category.coding.code") == kind:
                return read_object(total.get("amount"))
    first = totals[0] if totals else {}
    return read_object(first.get("amount")) or first


def _find_problem(resource: Resource, encounters: set[str]) -> str | None:
    if find_text(resource, "status") in ("cancelled", "draft"):
        return "was cancelled or is a draft"
    if find_text(resource, "use") in ("preauthorization", "predetermination"):
        return "asks what care would cost"
    if len(encounters) > 1:
        return "is for several encounters, and does not say what each cost"
    return None
