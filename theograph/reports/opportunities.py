"""The list of opportunities."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final

import pandas as pd
from rich.table import Table

from theograph.export.csv_text import write_csv
from theograph.opportunities.case_wording import STATUS
from theograph.opportunities.rule import Rule
from theograph.opportunities.rulebook import Rulebook
from theograph.record.money import pounds
from theograph.reports.console import open_console

ASSOCIATION: Final = "What followed is association, not proof of what would have been saved."
_ROWS_AT_ONCE: Final = 10_000
_FIELDS: Final = (
    "rule",
    "person_id",
    "status",
    "signal_at",
    "due_at",
    "evidence",
    "response",
    "consequence",
    "cost_followed_pence",
    "title",
    "plain",
    "action",
    "source",
)


def print_opportunities(rows: Iterable[dict[str, Any]], rulebook: Rulebook, form: str) -> None:
    """`rows` of the standard, with `person_id`, as a table, CSV or JSON; cost in pence.

    In CSV, text that a spreadsheet would run as a formula is defused.
    """
    if form == "table":
        _print_table(rows, rulebook)
        return
    plain = (_plain(row, rulebook.rules.get(row["rule"])) for row in rows)
    if form == "csv":
        _print_csv(plain)
        return
    separator = "[\n"
    for row in plain:  # one at a time: there may be millions
        print(separator + json.dumps(row, ensure_ascii=False), end="")
        separator = ",\n"
    print("[]" if separator == "[\n" else "\n]")


def _print_csv(rows: Iterator[dict[str, Any]]) -> None:
    """Some rows at a time: there may be millions."""
    print(",".join(_FIELDS))
    texts = map(_write_texts, rows)
    while batch := list(islice(texts, _ROWS_AT_ONCE)):
        text = write_csv(pd.DataFrame(batch, columns=list(_FIELDS), dtype="str"))
        print(text.partition("\n")[2], end="")  # without the names of the columns


def _write_texts(row: dict[str, Any]) -> dict[str, str | None]:
    flat = row | {"evidence": ";".join(row["evidence"])}
    return {name: None if value is None else str(value) for name, value in flat.items()}


def _plain(row: dict[str, Any], rule: Rule | None) -> dict[str, Any]:
    at = row["signal_at"]
    return {
        "rule": row["rule"],
        "person_id": row["person_id"],
        "status": row["status"],
        "signal_at": at.isoformat() if row["has_time"] else at.date().isoformat(),
        "due_at": row["due"].isoformat() if row["due"] else None,
        "evidence": list(row["evidence"]),
        "response": row["response"],
        "consequence": row["consequence"],
        "cost_followed_pence": row["cost_followed_pence"],
        "title": rule.title if rule else None,
        "plain": rule.plain if rule else None,
        "action": rule.action if rule else None,
        "source": _name_source(rule) if rule else None,
    }


def _name_source(rule: Rule) -> str:
    source = rule.source
    year = f" ({source.year})" if source.year and str(source.year) not in source.title else ""
    return f"{source.title}{year}"


def _print_table(rows: Iterable[dict[str, Any]], rulebook: Rulebook) -> None:
    table = Table(box=None, pad_edge=False)
    for name in ("person", "rule", "status", "signal", "in time until", "opportunity"):
        table.add_column(name, no_wrap=name != "opportunity")
    table.add_column("followed by, cost", justify="right", no_wrap=True)
    for row in rows:
        rule = rulebook.rules.get(row["rule"])
        cost = row["cost_followed_pence"]
        table.add_row(
            row["person_id"],
            row["rule"],
            STATUS[row["status"]],
            f"{row['signal_at']:%d %b %Y}",
            f"{row['due']:%d %b %Y}" if row["due"] else "",
            rule.title if rule else "",
            "" if not cost else pounds(cost),
        )
    console = open_console()
    console.print(table)
    console.print(ASSOCIATION)
