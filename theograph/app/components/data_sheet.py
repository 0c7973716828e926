"""A file that waits, opened: what each of its tables was recognised as and how it reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dash import html
from dash.development.base_component import Component

from theograph.app.components.aria import aria
from theograph.app.components.data_columns import build_columns
from theograph.app.data_columns import holds_events
from theograph.app.data_facts import DataDesk, SheetPreview, WaitingFile
from theograph.record.sectors import MODE_LABELS, SECTOR_LABELS, STATUS_LABELS

_MOST_SHEETS = 20
_NO_DATES = "no dates in it"  # as `sources.dates` says of an empty column
_FIRST = ("reason", "value", "person", "start", "end", "sector", "kind", "provider")
_HIDDEN = {"section", "source_row", "ongoing"}
_LABELS = {"sector": SECTOR_LABELS, "mode": MODE_LABELS, "status": STATUS_LABELS}
_WORDS = {
    "reason": "Set aside because",
    "value": "It says",
    "recorded_cost_pence": "cost (pence)",
    "source_row": "line",
}


def build_sheets(desk: DataDesk, file: WaitingFile) -> list[Component]:
    """Every table of the file, one under another; a file of very many is cut short."""
    sheets = desk.preview(file.key)
    more = len(sheets) - _MOST_SHEETS
    said = f"{more:,} more tables are not shown; they are read all the same."
    return [
        html.H2(file.label, className="tg-sheet-file"),
        *(
            _build_sheet(desk, file, sheet, place, alone=len(sheets) == 1)
            for place, sheet in enumerate(sheets[:_MOST_SHEETS])
        ),
        *([html.P(said, className="tg-note")] if more > 0 else []),
    ]


def list_dates(dates: Mapping[str, str]) -> list[tuple[str, str]]:
    """The columns that hold dates, and in which order and why; without those that hold none."""
    return [(column, why) for column, why in dates.items() if why != _NO_DATES]


def _build_sheet(
    desk: DataDesk, file: WaitingFile, sheet: SheetPreview, place: int, *, alone: bool
) -> Component:
    family = desk.name_family(file.key, sheet.name)
    chosen = desk.chosen_columns(file.key, sheet.name)
    part = sheet.name.removeprefix(file.label).lstrip(": ") or sheet.name
    kept = desk.keeps_columns(file.key, sheet.name)
    wants = sheet.mapping is None and family is None
    return html.Section(
        [
            *([] if alone else [html.H2(part)]),
            _say_recognised(sheet, family, chosen=chosen is not None, kept=kept),
            *([] if family else _build_facts(sheet)),
            *(
                [build_columns(file.key, sheet, place, chosen, kept=kept, wanted=wants)]
                if _can_map(sheet) and not family
                else []
            ),
            *_build_tables(sheet, wants=wants, alone=family is None),
        ],
        className="tg-sheet",
        **aria(label=sheet.name),
    )


def _can_map(sheet: SheetPreview) -> bool:
    return bool(sheet.headers) and bool(sheet.source_rows) and holds_events(sheet)


def _say_recognised(
    sheet: SheetPreview, family: str | None, *, chosen: bool, kept: bool
) -> Component:
    said: list[str | Component]
    if kept:
        said = ["Read by ", html.Strong("your mapping"), ", kept for files with these headers."]
    elif chosen:
        said = [html.Strong("Read by the columns you chose.")]
    elif sheet.title:
        said = ["Recognised as ", html.Strong(sheet.title), "."]
    elif family:
        said = [
            "A table of ",
            html.Strong(family),
            ": read together with the others of its kind, so drop those too.",
        ]
    elif _can_map(sheet):
        return html.P(
            [
                html.Strong("Not a layout that is known. "),
                "Say which column is which; what seems likely is filled in already.",
            ],
            className="tg-sheet-said tg-sheet-wants",
        )
    else:
        return html.P(
            sheet.error or "There are no rows in it.", className="tg-sheet-said tg-sheet-wants"
        )
    return html.P(said, className="tg-sheet-said")


def _build_facts(sheet: SheetPreview) -> list[Component]:
    """What the first rows come to, the order of the dates, and what else was noticed."""
    facts: list[tuple[str, str | list[Component]]] = []
    if sheet.kept or sheet.reasons:
        facts.append(("Rows looked at", _say_rows(sheet)))
    if sheet.reasons:
        facts.append(("Set aside", _list_reasons(sheet.reasons)))
    facts += [(f"Dates in {column}", why) for column, why in list_dates(sheet.dates)]
    facts += [("Noticed", note) for note in sheet.notes]
    rows = [html.Div([html.Dt(name), html.Dd(what)]) for name, what in facts]
    return [html.Dl(rows, className="tg-facts-list tg-sheet-facts")] if rows else []


def _say_rows(sheet: SheetPreview) -> str:
    seen = f"the first {sheet.rows_seen:,}" if sheet.more_rows else f"all {sheet.rows_seen:,}"
    return f"{seen}: {sheet.kept:,} would be kept"


def _list_reasons(reasons: Mapping[str, int]) -> list[Component]:
    return [html.Div(f"{rows:,}: {reason}") for reason, rows in reasons.items()]


def _build_tables(sheet: SheetPreview, *, wants: bool, alone: bool) -> list[Component]:
    """The rows as they stand, and as what they are read, where they are read `alone`."""
    if not sheet.source_rows:
        return []
    columns = list(dict.fromkeys(name for row in sheet.events for name in row))
    shown = dict.fromkeys((*_FIRST, *columns))
    ours = [name for name in shown if name in columns and name not in _HIDDEN]
    if "section" in columns and sheet.events[0].get("section") != "events":
        title = f"As {sheet.events[0]['section']}"
    else:
        title = "As events, if read as filled in" if wants else "As events"
    source = [(header, header) for header in sheet.headers]
    as_it_stands = "As it stands in the file"
    tables = [_build_table(as_it_stands, sheet.source_rows, source, sheet.name, ours=False)]
    if sheet.events and alone:
        heads = [(name, _WORDS.get(name, name.replace("_", " "))) for name in ours]
        tables.append(_build_table(title, sheet.events, heads, sheet.name, ours=True))
    return tables


def _build_table(
    title: str,
    rows: Sequence[Mapping[str, str | None]],
    columns: Sequence[tuple[str, str]],
    name: str,
    *,
    ours: bool,
) -> Component:
    """`columns` are their names in the rows and the heads over them; `ours` are said in our words.

    A row of the file stands as it is.
    """
    head = html.Tr([html.Th(words, scope="col") for _, words in columns])
    body = [
        html.Tr(
            [
                html.Td(_say_cell(column, row.get(column)) if ours else row.get(column))
                for column, _ in columns
            ],
            className="tg-row-aside" if row.get("reason") else "",
        )
        for row in rows
    ]
    return html.Div(
        [
            html.H3([title, html.Span(_say_first(len(rows)), className="tg-note")]),
            html.Div(
                html.Table(
                    [html.Thead(head), html.Tbody(body)], className="tg-method-table tg-rows"
                ),
                className="tg-rows-scroll",
                tabIndex=0,
                role="region",
                **aria(label=f"{name}: {title.lower()}"),
            ),
        ],
        className="tg-rows-box",
    )


def _say_first(count: int) -> str:
    return " the first row" if count == 1 else f" the first {count} rows"


def _say_cell(column: str, value: str | None) -> str:
    return _LABELS.get(column, {}).get(value or "", value or "")
