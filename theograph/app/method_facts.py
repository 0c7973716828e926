"""What the Method page shows, and finding in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from theograph.costing import UnitCostLine
from theograph.opportunities.case import Case
from theograph.opportunities.concept_wording import THEMES
from theograph.opportunities.rule import Rule
from theograph.record.concepts import Concept
from theograph.record.sectors import MODE_LABELS, SECTOR_LABELS

_CODE = re.compile(r"^[A-Z]\d[0-9A-Z]{0,5}$")


@dataclass(frozen=True, slots=True)
class MethodFacts:
    """Every rule by id, concept by key and unit cost in force; `cases(rule_id)` its drawn cases."""

    rules: Mapping[str, Rule]
    concepts: Mapping[str, Concept]
    cases: Callable[[str], Sequence[Case]]
    unit_costs: Sequence[UnitCostLine]

    def name_concept(self, key: str) -> str:
        """The concept's title; its key when there is no such concept."""
        concept = self.concepts.get(key)
        return concept.title if concept else key


def find_rules(facts: MethodFacts, text: str) -> tuple[Rule, ...]:
    """The rules that hold every word of `text`, in the order of their ids."""
    words = _split(text)
    return tuple(rule for rule in facts.rules.values() if _holds(_read_rule(rule, facts), words))


def find_concepts(facts: MethodFacts, text: str) -> tuple[Concept, ...]:
    """The concepts that hold every word of `text`, or a code beginning as its word does.

    They stand by theme, then by title.
    """
    words = _split(text)
    order = list(THEMES)
    found = (
        concept
        for concept in facts.concepts.values()
        if all(_holds(_read_concept(concept), [word]) or _codes(concept, word) for word in words)
    )
    return tuple(sorted(found, key=lambda each: (order.index(each.theme), each.title.casefold())))


def find_unit_costs(facts: MethodFacts, text: str) -> tuple[UnitCostLine, ...]:
    """The lines that hold every word of `text`: those called exactly so first, then in order."""
    words = _split(text)
    if not words:
        return tuple(facts.unit_costs)
    found = [line for line in facts.unit_costs if _holds(_read_line(line), words)]
    sought = text.strip().casefold()
    return tuple(sorted(found, key=lambda line: sought not in _names(line)))


def _split(text: str) -> list[str]:
    """The words sought: a plural also finds its singular."""
    words = text.casefold().split()
    return [word[:-1] if len(word) > 3 and word.endswith("s") else word for word in words]


def _holds(text: str, words: Sequence[str]) -> bool:
    return all(word in text for word in words)


def _read_rule(rule: Rule, facts: MethodFacts) -> str:
    source = rule.source
    parts = (
        *(rule.id, rule.title, rule.plain, rule.expected, rule.action, rule.theme, rule.severity),
        *(signal.say for signal in rule.signals),
        *(facts.name_concept(key) for key in rule.concepts),
        *(source.title, source.section, source.notes, source.basis, source.windows),
        *(SECTOR_LABELS[key] for key in rule.needs),
    )
    return "\n".join(parts).casefold()


def _read_concept(concept: Concept) -> str:
    found = [concept.key, concept.title, concept.meaning, concept.source, THEMES[concept.theme]]
    for match in concept.match:
        found += [*match.words, *match.kinds, *match.teams, *match.conditions, *match.outcome_words]
        found += [*match.snomed, *match.local, *match.icd10, *match.icd10_primary]
        found += [*match.opcs, *match.hrg, match.measure or ""]
    return "\n".join(found).casefold()


def _codes(concept: Concept, word: str) -> bool:
    """Whether `word` is a code that one of the concept's beginnings of codes takes in."""
    code = word.upper().replace(".", "")
    if not _CODE.match(code):
        return False
    begins = (
        prefix
        for match in concept.match
        for prefix in (*match.icd10, *match.icd10_primary, *match.opcs, *match.hrg)
    )
    return any(code.startswith(prefix) for prefix in begins)


def _names(line: UnitCostLine) -> tuple[str, ...]:
    return (line.line.casefold(), line.code.casefold(), line.kind.casefold())


def _read_line(line: UnitCostLine) -> str:
    parts = (
        *(line.line, line.activity, line.kind, line.code_system, line.code, line.note),
        *(SECTOR_LABELS.get(line.sector, ""), MODE_LABELS.get(line.mode, "")),
        *(line.source, line.licence, line.price_year),
    )
    return "\n".join(parts).casefold()
