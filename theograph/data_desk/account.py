"""The account of an import as a file to keep: JSON as it stands, CSV with a row a finding."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from theograph.export.csv_text import write_csv

_COLUMNS = ("file", "layout", "finding", "what", "rows", "lines")
_COUNTS = {"rows_read": "read", "kept": "kept", "duplicates": "duplicate", "set_aside": "set aside"}


def write_account_json(report: Mapping[str, Any]) -> str:
    """The account as indented JSON."""
    return json.dumps(report, indent=2, ensure_ascii=False) + "\n"


def write_account_csv(report: Mapping[str, Any]) -> str:
    """The account as CSV: `file`, `layout`, `finding`, `what`, `rows` and example `lines`.

    Text that a spreadsheet would run as a formula is defused with a leading apostrophe.
    """
    table = pd.DataFrame([*_list_findings(report)], columns=list(_COLUMNS), dtype="str")
    return write_csv(table)


def _list_findings(report: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    for file in report["files"]:
        of_file = (file["path"], file["mapping"] or "")
        if file["error"]:
            yield (*of_file, "not read", file["error"], "", "")
        for count, finding in _COUNTS.items():
            yield (*of_file, finding, "", str(file[count]), "")
        for reason, rows in file["reasons"].items():
            lines = " ".join(str(line) for line in file["lines"].get(reason, ()))
            yield (*of_file, "reason", reason, str(rows), lines)
        for column, why in file["dates"].items():
            yield (*of_file, "dates", f"{column}: {why}", "", "")
        for note in file["notes"]:
            yield (*of_file, "note", note, "", "")
    for warning in report.get("warnings", ()):
        places = " ".join(f"{place['file']}:{place['line']}" for place in warning["places"])
        yield ("", "", "warning", warning["what"], str(warning["rows"]), places)
    for conflict in report["conflicts"]:
        yield ("", "", "who is who", conflict, "", "")
