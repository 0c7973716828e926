"""The rules and concepts in force: ours, with a site's own over them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from theograph.errors import MappingError, UsageError
from theograph.opportunities.numbers import list_numbers
from theograph.opportunities.rule import Rule
from theograph.record.concepts import Concept, load_concepts
from theograph.record.toml_files import read_folders

FOLDER: Final = Path(__file__).with_name("rules")
_PLACE: Final = re.compile(r"\{([a-z0-9_.]+)\}")
_TEXTS: Final = ("title", "plain", "expected", "action")


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Every rule by id and every concept by key."""

    rules: MappingProxyType[str, Rule]
    concepts: MappingProxyType[str, Concept]


def load_rulebook(site: Path | None = None) -> Rulebook:
    """Our rules and concepts, those of the folder `site` over them.

    `site` holds `rules/` and `concepts/`, or rules alone. Raises `MappingError` naming file,
    key and remedy, `UsageError` when the folder holds neither.
    """
    rule_folders: list[Path] = []
    concept_folders: list[Path] = []
    if site is not None:
        named = site / "rules"
        rule_folders = [named if named.is_dir() else site]
        concept_folders = [site / "concepts"]
        if not list_site_files(site):
            raise UsageError(f"{site}: holds no rules; put them in {named} as r29.toml and so on")
    rules, concepts = load_rules(rule_folders), load_concepts(concept_folders)
    check_concepts(rules, concepts)
    return Rulebook(MappingProxyType(dict(rules)), MappingProxyType(dict(concepts)))


def list_site_files(site: Path) -> list[Path]:
    """The files of a site's own folder that are rules or concepts."""
    return [*site.glob("*.toml"), *site.glob("rules/*.toml"), *site.glob("concepts/*.toml")]


def load_rules(folders: Sequence[Path] = ()) -> Mapping[str, Rule]:
    """The shipped rules by id, a site's own in `folders` over them; raises `MappingError`.

    Where a text names the place of a number, as `{response.within.after}` does, it holds the
    number in force.
    """
    return _load((FOLDER, *folders))


@lru_cache(maxsize=4)
def _load(folders: tuple[Path, ...]) -> Mapping[str, Rule]:
    rules = read_folders(folders, Rule, name="id", upper=True)
    ours = load_rules() if len(folders) > 1 else {}
    return {key: _fill_numbers(rule, changed=key in ours) for key, rule in rules.items()}


def _fill_numbers(rule: Rule, *, changed: bool) -> Rule:
    values = {number.place: number.value for number in list_numbers(rule)}
    named = [(text, place) for text in _TEXTS for place in _PLACE.findall(getattr(rule, text))]
    if not changed:  # a site that replaces our signals need not say again which were published
        named += [("source.published", place) for place in rule.source.published]
    for key, place in named:
        if place not in values:
            raise MappingError(
                f"{rule.id.lower()}.toml: {key}: the rule has no number at '{place}'; "
                f"choose from {', '.join(values) or 'none'}"
            )
    filled = {
        text: _PLACE.sub(lambda found: values[found[1]], getattr(rule, text)) for text in _TEXTS
    }
    return rule.model_copy(update=filled)


def check_concepts(rules: Mapping[str, Rule], concepts: Mapping[str, Concept]) -> None:
    """Raise `MappingError` for a rule that names a concept there is none of, or misuses one."""
    for rule in rules.values():
        unknown = sorted(rule.named_concepts - set(concepts))
        if unknown:
            raise MappingError(
                f"{rule.id.lower()}.toml: there is no concept '{unknown[0]}'; "
                f"add it as concepts/{unknown[0]}.toml or name another"
            )
        for key in sorted(_standing(rule)):
            if not concepts[key].lasts:
                raise MappingError(
                    f"{rule.id.lower()}.toml: concept '{key}' does not last, so nobody can have "
                    "it; give it lasts = true or name another"
                )


def _standing(rule: Rule) -> set[str]:
    """The concepts that the rule takes to last."""
    named = {key for excuse in rule.unless for key in excuse.has}
    for signal in rule.signal:
        named |= set(signal.where.has)
        named |= set(signal.any) if signal.begins else set()
        named |= set(signal.overdue.while_) if signal.overdue else set()
    return named
