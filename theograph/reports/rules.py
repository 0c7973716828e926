"""The list of rules."""

from __future__ import annotations

import json

from rich.table import Table

from theograph.opportunities.case import load_cases
from theograph.opportunities.reference import write_reference
from theograph.opportunities.rulebook import Rulebook
from theograph.reports.console import open_console


def print_rules(rulebook: Rulebook, form: str) -> None:
    """The rules as a table, as a page of Markdown with their drawn cases, or as JSON."""
    if form == "md":
        print(write_reference(rulebook.rules, rulebook.concepts, load_cases), end="")
    elif form == "json":
        documents = [
            rule.model_dump(mode="json", by_alias=True, exclude_defaults=True)
            for rule in rulebook.rules.values()
        ]
        print(json.dumps(documents, indent=2, ensure_ascii=False))
    else:
        table = Table(box=None, pad_edge=False)
        for name in ("rule", "title", "severity", "basis", "windows", "verified"):
            table.add_column(name, no_wrap=name != "title")
        for rule in rulebook.rules.values():
            source = rule.source
            table.add_row(
                rule.id, rule.title, rule.severity, source.basis, source.windows, source.verified
            )
        open_console().print(table)
