"""The rules and concepts in force: ours, with a site's own over them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from theograph.errors import UsageError
from theograph.opportunities.rule import Rule, check_concepts, load_rules
from theograph.record.concepts import Concept, load_concepts


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
