"""The table twin: every event in the picture, one row each, a block at a time.

Rows travel to the browser only as they are scrolled to, so a person with tens of
thousands of events costs no more than one with a hundred.
"""

from __future__ import annotations

from typing import Any

import dash_ag_grid as dag
import pandas as pd
from dash import html
from dash.development.base_component import Component

from theograph.app import ids
from theograph.app.components.event_panel import BASIS_NAMES
from theograph.figures.wording import short_date
from theograph.record.money import pounds_and_pence
from theograph.record.sectors import MODE_LABELS, SECTOR_KEYS, SECTOR_LABELS, STATUS_LABELS

BLOCK_ROWS = 100
ROW_PX = 30
# field, heading, width in pixels, columns that sort it
COLUMNS: tuple[tuple[str, str, int, tuple[str, ...]], ...] = (
    ("date", "Date", 172, ("start",)),
    ("sector", "Sector", 148, ("sector",)),
    ("kind", "What happened", 218, ("kind",)),
    ("provider", "Provider", 190, ("provider",)),
    ("team", "Team", 160, ("team",)),
    ("mode", "Mode", 108, ("mode",)),
    ("status", "Status", 118, ("status",)),
    ("cost", "Cost", 100, ("cost_pence",)),
    ("basis", "Basis", 106, ("cost_basis",)),
    ("description", "Description", 260, ("description",)),
    ("source", "Source", 190, ("source_file", "source_row")),
)
SORTS = {field: columns for field, _, _, columns in COLUMNS}


def build_event_table(events: pd.DataFrame, *, of: int, row: int | None) -> Component:
    """The table of `events`, `of` so many in all, scrolled to row number `row`.

    It is empty until it asks for its first rows.
    """
    return html.Section(
        className="tg-card tg-table",
        children=[
            html.Div(
                [
                    html.H2("Events"),
                    html.P(
                        describe_count(len(events), of),
                        id=ids.IN_VIEW,
                        className="tg-note",
                        role="status",
                    ),
                    html.P(
                        "Arrow keys move between cells, Space selects a row.",
                        className="tg-note tg-hint",
                    ),
                ],
                className="tg-table-head",
            ),
            dag.AgGrid(
                id=ids.EVENT_TABLE,
                rowModelType="infinite",
                columnDefs=_define_columns(),
                defaultColDef={"sortable": True, "resizable": True, "filter": False},
                getRowId="params.data.e",
                dashGridOptions=_choose_options(max(len(events), 1)),
                eventListeners={"modelUpdated": ["theographSelectRow(params)"]},
                scrollTo=find_place(events, row),
                style={"height": "420px", "width": "100%"},
            ),
        ],
    )


def describe_count(shown: int, all_events: int) -> str:
    """How many events are in view."""
    if shown == all_events:
        return f"All {all_events:,} in view"
    return f"{shown:,} of {all_events:,} in view"


def list_rows(
    events: pd.DataFrame, *, first: int, last: int, sort: list[dict[str, str]]
) -> list[dict[str, Any]]:
    """Rows `first` up to `last` of `events` as the table shows them, in the order of `sort`."""
    block = sort_events(events, sort).iloc[first:last]
    rows = pd.DataFrame(
        {
            "e": block.index.astype(str),
            "date": _say_dates(block),
            "sector": block["sector"].map(SECTOR_LABELS),
            "kind": block["kind"],
            "provider": block["provider"],
            "team": block["team"],
            "mode": block["mode"].map(MODE_LABELS),
            "status": block["status"].map(STATUS_LABELS),
            "cost": [None if pd.isna(p) else pounds_and_pence(p) for p in block["cost_pence"]],
            "basis": block["cost_basis"].map(BASIS_NAMES),
            "description": block["description"],
            "source": block["source_file"] + ":" + block["source_row"].astype(str),
        }
    )
    records = rows.astype(object).where(rows.notna(), None).to_dict("records")
    return [{str(name): value for name, value in record.items()} for record in records]


def find_place(events: pd.DataFrame, row: int | None) -> dict[str, Any] | None:
    """Where the table scrolls to show row number `row`; None when it is not among `events`."""
    if row is None or row not in events.index:
        return None
    return {"rowIndex": int((events.index == row).argmax()), "rowPosition": "middle"}


def sort_events(events: pd.DataFrame, sort: list[dict[str, str]]) -> pd.DataFrame:
    """`events` in the order the table asked for; sectors sort as their lanes stand."""
    wanted = [
        (SORTS[item["colId"]], item["sort"] == "asc") for item in sort if item["colId"] in SORTS
    ]
    columns = [column for group, _ in wanted for column in group]
    if not columns:
        return events
    ascending = [up for group, up in wanted for _ in group]
    ranks = {key: rank for rank, key in enumerate(SECTOR_KEYS)}
    return events.sort_values(
        columns,
        ascending=ascending,
        kind="stable",
        key=lambda values: values.map(ranks) if values.name == "sector" else values,
    )


def _say_dates(block: pd.DataFrame) -> list[str]:
    return [
        short_date(start) + (f", {start:%H:%M}" if timed else "")
        for start, timed in zip(block["start"], block["has_time"], strict=True)
    ]


def _define_columns() -> list[dict[str, Any]]:
    columns: list[dict[str, Any]] = [
        {"field": field, "headerName": heading, "width": width}
        for field, heading, width, _ in COLUMNS
    ]
    columns[0] |= {"pinned": "left"}
    columns[7] |= {"type": "rightAligned"}
    columns[9] |= {"flex": 1, "minWidth": 260}
    return columns


def _choose_options(rows: int) -> dict[str, Any]:
    return {
        "theme": "themeQuartz",
        "rowSelection": {"mode": "singleRow", "checkboxes": False, "enableClickSelection": True},
        "rowHeight": ROW_PX,
        "headerHeight": 34,
        "cacheBlockSize": BLOCK_ROWS,
        "infiniteInitialRowCount": rows,
        "maxConcurrentDatasourceRequests": 1,  # the grid answers only the latest request
        "animateRows": False,
        "suppressMovableColumns": True,
        "multiSortKey": "ctrl",
    }
