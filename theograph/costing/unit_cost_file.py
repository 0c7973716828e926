"""Reading one file of unit costs, every cell checked."""

from __future__ import annotations

import csv
from decimal import Decimal, InvalidOperation
from pathlib import Path

from pydantic import ValidationError

from theograph.costing.unit_cost_line import UnitCostLine
from theograph.errors import MappingError

COST_COLUMNS = ("cost_gbp", "cost_pence")
COLUMNS = (*(name for name in UnitCostLine.model_fields if name != "file"), "cost_gbp")


def read_unit_cost_file(path: Path) -> tuple[UnitCostLine, ...]:
    """The lines of a unit-cost file, in order; raises `MappingError` saying where it is wrong."""
    rows = _read_rows(path)
    lines = []
    taken: dict[tuple[object, ...], str] = {}
    names: set[str] = set()
    for number, row in rows:
        place = f"{path.name} line {number}"
        line = _validate_line(row, place, path.name)
        if line.line in names:
            raise MappingError(
                f"{place}, column line: {line.line!r} occurs twice; give each its own code"
            )
        names.add(line.line)
        applies = _applies_to(line)
        if applies in taken:
            raise MappingError(
                f"{place}, line {line.line!r}: applies to the same events as "
                f"{taken[applies]!r}; remove one, or make one more specific"
            )
        taken[applies] = line.line
        lines.append(line)
    return tuple(lines)


def _read_rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as text:
            reader = csv.DictReader(text, strict=True)
            _check_header(reader.fieldnames or (), path.name)
            return [(reader.line_num, row) for row in reader if any(row.values())]
    except OSError as err:
        raise MappingError(
            f"{path}: cannot be read ({err.strerror}); give the path of a CSV file"
        ) from err
    except (UnicodeDecodeError, csv.Error) as err:
        raise MappingError(
            f"{path.name}: is not CSV text in UTF-8 ({err}); save it as 'CSV UTF-8'"
        ) from err


def _check_header(header: list[str] | tuple[str, ...] | object, name: str) -> None:
    columns = [str(column) for column in header] if isinstance(header, list | tuple) else []
    unknown = [column for column in columns if column not in COLUMNS]
    if unknown:
        raise MappingError(
            f"{name} line 1: column {unknown[0]!r} is not known; columns are {', '.join(COLUMNS)}"
        )
    missing = [column for column in ("line", "unit", "price_year") if column not in columns]
    if not any(column in columns for column in COST_COLUMNS):
        missing.append("cost_gbp")
    if missing:
        raise MappingError(f"{name} line 1: column {missing[0]!r} is missing; add it")


def _validate_line(row: dict[str, str], place: str, file: str) -> UnitCostLine:
    if None in row or None in row.values():
        raise MappingError(
            f"{place}: has not as many cells as the header; put text with commas in quotes"
        )
    cells = {column: cell.strip() for column, cell in row.items() if cell and cell.strip()}
    pounds, pence = cells.pop("cost_gbp", ""), cells.pop("cost_pence", "")
    if pounds and pence:
        raise MappingError(f"{place}: gives both cost_gbp and cost_pence; keep one")
    cost = _parse_pence(pounds, 100, place, "cost_gbp") if pounds else None
    cost = _parse_pence(pence, 1, place, "cost_pence") if pence else cost
    try:
        return UnitCostLine.model_validate({**cells, "cost_pence": cost, "file": file})
    except ValidationError as err:
        first = err.errors()[0]
        column = str(first["loc"][0]) if first["loc"] else ""
        where = f", column {column}: {row.get(column, '')!r}" if column else ""
        reason = first["msg"].removeprefix("Value error, ")
        raise MappingError(f"{place}{where}: {reason}") from err


def _parse_pence(text: str, factor: int, place: str, column: str) -> int:
    try:
        pence = Decimal(text.removeprefix("£").replace(",", "")) * factor
    except InvalidOperation:
        pence = Decimal("NaN")
    if not pence.is_finite() or pence < 0 or pence != pence.to_integral_value():
        example = "1234.50" if factor == 100 else "123450"
        raise MappingError(
            f"{place}, column {column}: {text!r} is no amount; write it as {example}"
        )
    return int(pence)


def _applies_to(line: UnitCostLine) -> tuple[object, ...]:
    stay = line.unit if line.unit in ("spell_short", "spell_long") else ""
    return (tuple(sorted(line.keys.items())), line.planned, stay)
