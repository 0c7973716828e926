"""How a concept is recognised, in words: by which codes, kinds, words and readings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from theograph.record.concepts import Concept, Example, Match
from theograph.record.sectors import MODE_LABELS, SECTOR_LABELS, STATUS_LABELS

THEMES = {
    "care": "Care given",
    "plan": "Plans and reviews",
    "urgent": "Urgent care",
    "stay": "Hospital stays",
    "concern": "Concerns raised",
    "condition": "Conditions",
    "frailty": "Frailty and readings",
}
_LISTS = (
    ("kinds", "Kind"),
    ("teams", "Words in the team"),
    ("icd10", "ICD-10 codes that begin"),
    ("icd10_primary", "Principal ICD-10 code that begins"),
    ("snomed", "SNOMED CT codes"),
    ("local", "Local codes"),
    ("opcs", "OPCS-4 codes that begin"),
    ("hrg", "Healthcare resource groups that begin"),
    ("words", "Words in the text"),
    ("outcome_words", "Words in the outcome"),
    ("not_outcome_words", "Words not in the outcome"),
    ("conditions", "Words in a condition's name"),
    ("not_words", "These phrases do not count"),
)
_BOUNDS = (
    ("above", "above"),
    ("at_least", "at least"),
    ("up_to", "at most"),
    ("below", "below"),
)


@dataclass(frozen=True, slots=True)
class Means:
    """One thing that a match asks for: what is looked at, and the values of which one is enough."""

    what: str
    values: tuple[str, ...]


def say_match(match: Match) -> tuple[Means, ...]:
    """Everything that a match asks for; all of it must hold."""
    means = [
        _labelled("Sector", match.sectors, SECTOR_LABELS),
        *(Means(label, getattr(match, name)) for name, label in _LISTS),
        _labelled("Mode", match.modes, MODE_LABELS),
        _labelled("Status", match.statuses, STATUS_LABELS),
        Means("Planned", () if match.planned is None else (("no", "yes")[match.planned],)),
        Means("Planned", ("not known to be",) if match.not_planned else ()),
        Means("Reading", _say_reading(match)),
    ]
    return tuple(each for each in means if each.values)


def say_standing(concept: Concept) -> tuple[str, ...]:
    """When it holds, and what it counts as; empty when there is nothing unusual to say."""
    said = []
    if concept.at == "end":
        said.append("It stands at the end of the event.")
    if concept.lasts:
        said.append("Once recorded, it stands from then on.")
    if concept.long_term:
        said.append("It counts as a long-term condition.")
    return tuple(said)


def say_example(example: Example) -> str:
    """A drawn row in words: `See and treat, Ambulance, local code 28`."""
    if example.condition is not None:
        return _join((f"Condition “{example.condition}”", _say_code(example)))
    if example.measure is not None:
        value = "" if example.value is None else f" {example.value:g}"
        return _join((f"Reading {example.measure}{value}", _say_code(example)))
    usual = type(example).model_fields
    attended = example.status == usual["status"].default
    in_person = example.mode == usual["mode"].default
    planned = {True: "planned", False: "unplanned", None: ""}[example.planned]
    elsewhere = example.sector != usual["sector"].default
    return _join(
        (
            f"“{example.text}”" if example.text else "",
            example.kind,
            SECTOR_LABELS.get(example.sector, example.sector) if elsewhere else "",
            example.team,
            "" if in_person else MODE_LABELS.get(example.mode or "", "mode not recorded").lower(),
            "" if attended else STATUS_LABELS.get(example.status or "", "status not recorded"),
            planned,
            _say_code(example),
            f"HRG {example.hrg}" if example.hrg else "",
            f"outcome “{example.outcome}”" if example.outcome else "",
        )
    )


def _labelled(what: str, keys: Iterable[str], labels: dict[str, str]) -> Means:
    return Means(what, tuple(labels.get(key, key) for key in keys))


def _say_reading(match: Match) -> tuple[str, ...]:
    if match.measure is None:
        return ()
    bounds = [
        f"{words} {bound:g}"
        for name, words in _BOUNDS
        if (bound := getattr(match, name)) is not None
    ]
    said = [*match.categories, " and ".join(bounds)]
    return (f"{match.measure} {' '.join(said)}".strip(),)


def _say_code(example: Example) -> str:
    codes = "; ".join(code for code in (example.code, example.other_codes) if code)
    return f"{example.code_system or 'code'} {codes}" if codes else ""


def _join(parts: Iterable[str | None]) -> str:
    return ", ".join(part for part in parts if part)
