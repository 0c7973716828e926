"""The unit-cost line that fits each event, and how many of its units the event is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from itertools import product
from types import MappingProxyType

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from theograph.costing.indices import restate
from theograph.costing.unit_cost_line import HRG_ROOT_LENGTH, KEY_WEIGHTS, UnitCostLine

ELECTIVE_KINDS = ("elective admission", "day case")
# An accident and emergency attendance may last over a night; a contact that goes on for
# longer stands for several, and how many must be known.
LONGEST_CONTACT_NIGHTS = 2
SHORT_STAY_NIGHTS = 1

DETAILS = "tariff_details"

Lines = tuple[UnitCostLine, ...]
Pattern = tuple[str, ...]
Cover = tuple[tuple[str, ...], bool, bool]


@lru_cache(maxsize=4)
def tabulate_tariff(lines: Lines, price_year: str) -> Mapping[str, pa.Table]:
    """The lines as tables to look events up in, by name: those of the most specific keys first,
    each with the number of the line that fits, and last `DETAILS`, what the lines say.

    Costs are at the prices of `price_year`.
    """
    tables = {
        f"tariff_{number}": _fitting_table(pattern, fits, f"tariff_{number}")
        for number, (pattern, fits) in enumerate(_by_pattern(lines))
    }
    return MappingProxyType({**tables, DETAILS: _details_table(lines, price_year)})


def add_tariff(events: ir.Table, tariff: Mapping[str, ir.Table]) -> ir.Table:
    """`events` with the line that fits each and its units.

    One left join for each table of `tariff`, which are as `tabulate_tariff` gives them; the
    most specific wins. Adds `x_line`, `x_unit`, `x_unit_pence`, `x_own_written` (the line is for
    written contacts, or for the very code) and `x_units`. Empty where no line fits, the line
    has no figure, or the units cannot be known.
    """
    keyed = _add_keys(events)
    found = [name for name in tariff if name != DETAILS]
    for name in found:
        keys = [column.removeprefix(f"{name}_") for column in tariff[name].columns]
        same = [(f"x_key_{key}", f"{name}_{key}") for key in keys if key != name]
        keyed = keyed.left_join(tariff[name], same)
    number_found = ibis.coalesce(*(keyed[name] for name in found)) if found else ibis.null("int64")
    matched = keyed.mutate(x_number=number_found)
    priced = matched.left_join(tariff[DETAILS], [("x_number", "x_line_number")])
    return priced.mutate(x_units=_units(priced))


def _add_keys(events: ir.Table) -> ir.Table:
    system = _plain(events.code_system, " -_")
    system = ibis.ifelse(system == "SNOMEDCT", "SNOMED", system)
    code = _plain(events.code, " .")
    hrg = _plain(ibis.coalesce(events.x_hrg, ibis.ifelse(system == "HRG", events.code, None)), " .")
    kind = events.kind.lower()
    # An elective admission that ended on its first day is a day case, whatever it is called.
    same_day = (kind == "elective admission") & events.x_lasts & (events.x_nights == 0)
    kind = ibis.ifelse(same_day.fill_null(False), "day case", kind)
    elective = events.planned.fill_null(False) | kind.isin(ELECTIVE_KINDS).fill_null(False)
    return events.mutate(
        x_key_code=system + "|" + code,
        x_key_hrg=hrg,
        x_key_hrg_root=hrg.substr(0, HRG_ROOT_LENGTH),
        x_key_kind=kind,
        x_key_mode=events["mode"],
        x_key_sector=events.sector,
        x_key_short=events.x_nights <= SHORT_STAY_NIGHTS,
        x_key_planned=elective,
    )


def _plain(text: ir.StringValue, marks: str) -> ir.StringValue:
    plain = text.upper()
    for mark in marks:
        plain = plain.replace(mark, "")
    return plain


def _by_pattern(lines: Lines) -> list[tuple[Pattern, list[tuple[int, UnitCostLine]]]]:
    patterns: defaultdict[Pattern, list[tuple[int, UnitCostLine]]] = defaultdict(list)
    for number, line in enumerate(lines):
        patterns[tuple(line.keys)].append((number, line))
    return sorted(patterns.items(), key=lambda item: -sum(KEY_WEIGHTS[key] for key in item[0]))


def _fitting_table(pattern: Pattern, lines: list[tuple[int, UnitCostLine]], name: str) -> pa.Table:
    by_stay = any(line.unit in ("spell_short", "spell_long") for _, line in lines)
    by_planned = any(line.planned for _, line in lines)
    best: dict[Cover, int] = {}
    for number, line in _in_order(lines):
        for cover in _covers(line):
            best.setdefault(cover, number)
    rows = [
        (*values, *((short,) if by_stay else ()), *((planned,) if by_planned else ()), number)
        for (values, short, planned), number in best.items()
        if (by_stay or short) and (by_planned or planned)
    ]
    keys = [*pattern, *(["short"] if by_stay else []), *(["planned"] if by_planned else [])]
    columns = [f"{name}_{key}" for key in keys] + [name]
    return pa.table({column: [row[i] for row in rows] for i, column in enumerate(columns)})


def _in_order(lines: list[tuple[int, UnitCostLine]]) -> list[tuple[int, UnitCostLine]]:
    files = list(dict.fromkeys(line.file for _, line in lines))
    return sorted(
        lines,
        key=lambda item: (
            files.index(item[1].file),
            item[1].unit not in ("spell_short", "spell_long"),
            not item[1].planned,
            item[0],
        ),
    )


def _covers(line: UnitCostLine) -> list[Cover]:
    stays = {"spell_short": (True,), "spell_long": (False,)}.get(line.unit, (True, False))
    planned = {"yes": (True,), "no": (False,)}.get(line.planned, (True, False))
    values = tuple(line.keys.values())
    return [(values, *cover) for cover in product(stays, planned)]


def _details_table(lines: Lines, price_year: str) -> pa.Table:
    own_written = [line.mode == "written" or bool(line.code) for line in lines]
    return pa.table(
        {
            "x_line_number": pa.array(range(len(lines)), pa.int64()),
            "x_line": pa.array([line.line for line in lines], pa.string()),
            "x_unit": pa.array([line.unit or None for line in lines], pa.string()),
            "x_unit_pence": pa.array([_pence_at(line, price_year) for line in lines], pa.int64()),
            "x_own_written": pa.array(own_written, pa.bool_()),
        }
    )


def _pence_at(line: UnitCostLine, price_year: str) -> int:
    if not line.cost_pence:  # without a figure the unit is empty, hence the units
        return 0
    return restate(line.cost_pence, line.price_year, price_year)


def _units(events: ir.Table) -> ir.FloatingValue:
    weeks = ibis.ifelse(events.x_lasts, (events.x_nights + 1) / 7.0, None)
    quantity = ibis.ifelse(events.quantity >= 0, events.quantity, None)
    planned = ibis.ifelse(events.units_per_week >= 0, events.units_per_week, None) * weeks
    contacts = ibis.ifelse(
        events.x_nights <= LONGEST_CONTACT_NIGHTS,
        ibis.coalesce(quantity, 1.0),
        ibis.coalesce(planned, quantity),
    )
    unit = events.x_unit
    return ibis.cases(
        (unit == "contact", contacts),
        (unit == "item", ibis.coalesce(quantity, 1.0)),
        (unit == "minute", events.x_minutes.cast("float64")),
        (unit == "hour", ibis.coalesce(planned, events.x_minutes / 60.0)),
        (unit == "day", ibis.greatest(events.x_nights, 1).cast("float64")),
        (unit == "week", weeks),
        (unit.isin(["spell", "spell_short", "spell_long"]), ibis.literal(1.0)),
    )
