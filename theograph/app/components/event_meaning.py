"""What an event was read as: its concepts, and in plain words why each was found."""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import dcc, html
from dash.development.base_component import Component

from theograph.app.method_address import link_concept
from theograph.app.services import FindConcept
from theograph.record.sectors import MODE_LABELS, STATUS_LABELS

# How a reason begins in the column, and how it reads. A kind may hold a comma of its own.
REASONS = {
    "code": "the code {}",
    "kind": "the name “{}”",
    "words": "the words “{}”",
    "team": "the team “{}”",
    "outcome": "the outcome “{}”",
    "mode": "the mode “{}”",
    "status": "the status “{}”",
    "condition": "the condition “{}”",
    "its": "its {}",
}
LABELS = {"mode": MODE_LABELS, "status": STATUS_LABELS}


def build_meaning(event: pd.Series[Any], concept: FindConcept) -> list[Component]:
    """The concepts of `event`, each with its reason; nothing when it was never read."""
    found = list_meanings(event)
    if found is None:
        return []
    heading = html.H4("What this was read as")
    if not found:
        return [
            heading,
            html.P("None of the concepts that the rules look for.", className="tg-note"),
        ]
    return [
        heading,
        html.Ul([_build(key, why, concept) for key, why in found], className="tg-means"),
    ]


def list_meanings(event: pd.Series[Any]) -> list[tuple[str, str]] | None:
    """Each concept's key with why it was found, in words; None when the event was never read."""
    if "concepts" not in event.index:
        return None
    if pd.isna(event["concepts"]):
        return []
    keys = str(event["concepts"]).split(";")
    because = event.get("concepts_because")
    reasons = [] if because is None or pd.isna(because) else str(because).split(";")
    if len(reasons) != len(keys):
        reasons = [""] * len(keys)
    return [(key, say_reason(reason)) for key, reason in zip(keys, reasons, strict=True)]


def say_reason(reason: str) -> str:
    """`kind See and treat, words fell` as `the name “See and treat” and the words “fell”`."""
    parts: list[str] = []
    for part in reason.split(", "):
        if parts and part.partition(" ")[0] not in REASONS:
            parts[-1] += f", {part}"
        elif part:
            parts.append(part)
    return " and ".join(_say_part(part) for part in parts)


def _say_part(part: str) -> str:
    first, _, rest = part.partition(" ")
    if first not in REASONS or not rest:
        return part
    return REASONS[first].format(LABELS.get(first, {}).get(rest, rest))


def _build(key: str, why: str, concept: FindConcept) -> Component:
    known = concept(key)
    name: Any = key.replace("_", " ")
    if known is not None:
        name = dcc.Link(known.title, href=link_concept(key), title=known.meaning)
    because = html.Span(f" because of {why}", className="tg-why") if why else ""
    return html.Li([name, because])
