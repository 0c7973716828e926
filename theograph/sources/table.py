"""Reading one table of a layout: from rows as read to rows of the record standard.

Two steps here, each a plain expression over the table that the step before gave:

- `compile_texts`: for each of our columns the text that the mapping gives;
- `parse_values`: those texts as instants, numbers, words of the vocabulary and link keys.

What then becomes of each row is for `sources.checks`.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from theograph.record.tables import (
    CONDITIONS,
    DERIVED_NAMES,
    EVENTS,
    FEEDS,
    MEASURES,
    PEOPLE,
    PROVENANCE_NAMES,
    Column,
)
from theograph.record.vocabulary import VOCABULARIES, YES_NO
from theograph.sources.dates import (
    DateColumn,
    parse_clock,
    parse_date,
    tells_time,
)
from theograph.sources.expression import SourceRows, compile_refusal, compile_text
from theograph.sources.identifiers import link_key, valid_nhs_number
from theograph.sources.mapping import IDENTIFIERS, DateAndTime, Mapping, Section

STORED = {
    "events": EVENTS,
    "people": PEOPLE,
    "conditions": CONDITIONS,
    "measures": MEASURES,
    "feeds": FEEDS,
}
KEYS = ("nhs_key", "pseudonym_key", "local_key")

_NOTHING = ibis.literal(None, type="string")

_FILLED_LATER = {
    "person_ref",
    "link_key",
    "person_id",
    "conflicts",
    "data_to",
    "declared",
    "recorded_cost_pence",
    "recorded_rate_pence",
    *PROVENANCE_NAMES,
    *DERIVED_NAMES,
}
POUNDS = {
    "recorded_cost_pence": ("recorded_cost", "recorded_cost_gbp", "cost_gbp"),
    "recorded_rate_pence": ("recorded_rate", "recorded_rate_gbp"),
}


@ibis.udf.scalar.builtin  # type: ignore[untyped-decorator]
def list_position(values: list[str], value: str) -> int:  # type: ignore[empty-body]
    """DuckDB's own: where a value stands in a list, from 1; null where it does not."""


@ibis.udf.scalar.builtin  # type: ignore[untyped-decorator]
def list_extract(values: list[str], place: int) -> str:  # type: ignore[empty-body]
    """DuckDB's own: the value at a place, from 1; null where there is none."""


def mapped_columns(mapping: Mapping, section: Section, *, provider: str | None) -> list[Column]:
    """The columns of a section that the mapping fills; all others stay empty.

    A `provider` given for the whole import is one of them, where the section has that column.
    """
    filled = {*mapping.sections[section], *({"provider"} if provider is not None else ())}
    if section == "crosswalk":
        columns: tuple[Column, ...] = (Column("provider", "text", "whose numbers are local"),)
    else:
        columns = STORED[section].columns
    return [
        column for column in columns if column.name in filled and column.name not in _FILLED_LATER
    ]


def compile_texts(
    rows: SourceRows,
    mapping: Mapping,
    section: Section,
    *,
    columns: list[Column],
    provider: str | None,
) -> ir.Table:
    """For each of `columns`, the text that the mapping gives, under its own name.

    `<column>_clock` is the time of day of a date that has one apart, `<column>_refused` a value
    that the mapping refuses, `_row` the whole row as read.
    """
    expressions = mapping.sections[section]
    inputs = [*IDENTIFIERS, *(name for names in POUNDS.values() for name in names)]
    names = [column.name for column in columns]
    names += [name for name in inputs if name in expressions]
    texts: dict[str, ir.Value] = {}
    for name in names:
        expression = expressions.get(name)
        if expression is None:  # only the provider of the whole import
            continue
        texts[name] = compile_text(expression, rows)
        if isinstance(expression, DateAndTime) and expression.time and rows.has(expression.time):
            texts[f"{name}_clock"] = parse_clock(rows.column(expression.time))
        refused = compile_refusal(expression, rows)
        if refused is not None:
            texts[f"{name}_refused"] = refused
    if "provider" in names and provider is not None:
        given = [texts["provider"]] if "provider" in texts else []
        texts["provider"] = ibis.coalesce(*given, ibis.literal(provider))
    cells = [rows.table[f"c{position}"].fill_null("") for position in range(len(rows.headers))]
    return rows.table.select(
        *place_columns(rows.table),
        **texts,
        _row=ibis.literal(" | ").join(cells).substr(0, 2000),
        problem=rows.table["problem"],
    )


def parse_values(
    texts: ir.Table,
    mapping: Mapping,
    section: Section,
    *,
    columns: list[Column],
    dates: dict[str, DateColumn],
    ids_are_local: bool,
) -> ir.Table:
    """The texts as values; what a value was read from stays beside it as `<column>_text`."""
    values: dict[str, ir.Value] = {}
    for column in columns:
        text = texts[column.name]
        values[f"{column.name}_text"] = text
        values[column.name] = _parse_value(texts, column, dates)
        if column.name in dates:
            values[f"{column.name}_timed"] = _is_timed(texts, column.name, dates[column.name])
    for pence, names in POUNDS.items():
        given = [texts[name] for name in names if name in texts.columns]
        if given:
            pounds = ibis.coalesce(*given)
            values |= {f"{pence}_text": pounds, pence: _read_pence(pounds)}
    if section != "feeds":
        values |= _read_keys(texts, mapping, ids_are_local=ids_are_local)
        values["nhs_number"] = optional_column(texts, "nhs_number")
    kept = [name for name in texts.columns if name.endswith("_refused")]
    return texts.select(*place_columns(texts), *kept, "_row", "problem", **values)


def _parse_value(texts: ir.Table, column: Column, dates: dict[str, DateColumn]) -> ir.Value:
    text = texts[column.name]
    if column.name in dates:
        parsed = parse_date(text, dates[column.name])
        clock = f"{column.name}_clock"
        if clock in texts.columns:
            timed = parsed.truncate("D") + texts[clock].as_interval("s")
            parsed = ibis.coalesce(timed, parsed)
        return parsed
    if column.name in VOCABULARIES:
        return _look_up(text, VOCABULARIES[column.name])
    if column.type == "yes_no":
        lowered = text.lower()
        return ibis.cases(
            (lowered.isin([word for word, yes in YES_NO.items() if yes]), True),
            (lowered.isin([word for word, yes in YES_NO.items() if not yes]), False),
            else_=None,
        )
    if column.type in ("number", "whole"):
        number = _without_thousands_commas(text).try_cast("float64")
        finite = (number.isnan() | number.isinf()).ifelse(None, number)
        return finite.round().try_cast("int64") if column.type == "whole" else finite
    return text


def _is_timed(texts: ir.Table, name: str, study: DateColumn) -> ir.BooleanValue:
    timed = tells_time(texts[name], study)
    clock = f"{name}_clock"
    return timed | texts[clock].notnull() if clock in texts.columns else timed


def _look_up(text: ir.StringValue, accepted: dict[str, str]) -> ir.StringValue:
    # functions, which DuckDB works out once for each distinct text of a column, as it would no case
    place = list_position(ibis.array(list(accepted)), text.lower())
    return list_extract(ibis.array(list(accepted.values())), place)


def _read_pence(text: ir.StringValue) -> ir.IntegerValue:
    amount = _without_thousands_commas(text.re_replace(r"^([-+]?) *£? *([-+]?)", r"\1\2"))
    pounds = amount.try_cast("decimal(18, 4)").cast("decimal(38, 4)")
    return (pounds * 100).round().try_cast("int64")


def _without_thousands_commas(text: ir.StringValue) -> ir.StringValue:
    """`1,234.50` as `1234.50`; a comma that parts no thousands stays, so that `12,50` is unread."""
    grouped = text.re_search(r"^ *[-+]?\d{1,3}(,\d{3})+(\.\d*)? *$")
    return grouped.ifelse(text.replace(",", ""), text)


def _read_keys(texts: ir.Table, mapping: Mapping, *, ids_are_local: bool) -> dict[str, ir.Value]:
    """The keys by which a row is linked.

    A `person_id` that is a valid NHS number is one. Any other means the same person in every
    file of our own layout, unless the import says whose numbers they are.
    """
    nhs, pseudonym, local = (
        optional_column(texts, n) for n in ("nhs_number", "pseudonym", "local_id")
    )
    nhs = valid_nhs_number(nhs) if "nhs_number" in texts.columns else nhs
    if "person_id" in texts.columns:
        own = texts["person_id"]
        own_nhs = valid_nhs_number(own)
        nhs = ibis.coalesce(nhs, own_nhs)
        other = own_nhs.isnull().ifelse(own, None)
        local = ibis.coalesce(local, other) if ids_are_local else local
        pseudonym = pseudonym if ids_are_local else ibis.coalesce(pseudonym, other)
    scope: ir.StringValue = ibis.literal(mapping.scope or mapping.name)
    if mapping.scope is None:
        scope = ibis.coalesce(optional_column(texts, "provider"), scope)
    return {
        "nhs_key": link_key("nhs_number", nhs),
        "pseudonym_key": link_key("pseudonym", pseudonym),
        "local_key": link_key("local", local, scope),
    }


def place_columns(table: ir.Table) -> list[str]:
    """The columns that say where a row stands: its line and, in a sheet of several files, which."""
    return [name for name in ("source_row", "file_no") if name in table.columns]


def optional_column(table: ir.Table, name: str) -> ir.Value:
    """The column called `name`; nothing throughout where the table lacks it."""
    return table[name] if name in table.columns else _NOTHING
