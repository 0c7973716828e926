"""Keeping address, picture, panel and table of the Journey page in step.

The controls make the address, in the browser; the server answers what the address asks for.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import plotly.graph_objects as go
from dash import Dash, Input, Output, Patch, State, no_update

from theograph.app import ids
from theograph.app.address import JourneyAddress, parse_address
from theograph.app.browser import run_in_browser
from theograph.app.components.event_table import (
    describe_count,
    find_place,
    list_rows,
    sort_events,
)
from theograph.app.pages import opportunity_callbacks
from theograph.app.pages.journey import (
    build_detail,
    draw_change,
    draw_picture,
    find_clicked_event,
    hides_everything,
    select_events,
)
from theograph.app.services import Services
from theograph.journey import Journey


def register(app: Dash, services: Services) -> None:
    """Register every callback of the Journey page."""
    _register_picture(app, services)
    _register_table(app, services)
    _register_event(app, services)
    _register_controls(app)
    _register_selection(app)
    opportunity_callbacks.register(app, services)


def _open(services: Services, view: str) -> tuple[JourneyAddress, Journey]:
    address = parse_address(view)
    return address, services.open_journey(address.ref)


def _register_picture(app: Dash, services: Services) -> None:
    @app.callback(
        Output(ids.THEOGRAPH, "figure"),
        Input(ids.PICTURE, "data"),
        State(ids.VIEW, "data"),
        State(ids.SNAPSHOT, "data"),
        prevent_initial_call=True,
    )
    def redraw_theograph(picture: str, view: str, snapshot: str) -> go.Figure:
        here = services.at(snapshot)
        address, journey = _open(here, view)
        revision = picture.split("#")[1]
        return draw_picture(journey, address, rule=here.rule, revision=revision)

    @app.callback(
        Output(ids.THEOGRAPH, "figure", allow_duplicate=True),
        Input(ids.SELECTED, "data"),
        Input(ids.OPPORTUNITY, "data"),
        State(ids.VIEW, "data"),
        State(ids.SNAPSHOT, "data"),
        prevent_initial_call=True,
    )
    def show_selected(row: int, opportunity: int, view: str, snapshot: str) -> Patch:
        here = services.at(snapshot)
        address, journey = _open(here, view)
        selected = replace(address, event=row, opportunity=opportunity)
        return draw_change(journey, selected, rule=here.rule)

    @app.callback(
        Output(ids.IN_VIEW, "children"),
        Output(ids.NOTHING_IN_VIEW, "hidden"),
        Input(ids.VIEW, "data"),
        State(ids.SNAPSHOT, "data"),
        prevent_initial_call=True,
    )
    def count_events(view: str, snapshot: str) -> tuple[str, bool]:
        address, journey = _open(services.at(snapshot), view)
        shown = len(select_events(journey, address))
        return describe_count(shown, len(journey.events)), not hides_everything(journey, address)


def _register_table(app: Dash, services: Services) -> None:
    @app.callback(
        Output(ids.EVENT_TABLE, "getRowsResponse"),
        Input(ids.EVENT_TABLE, "getRowsRequest"),
        State(ids.VIEW, "data"),
        State(ids.SNAPSHOT, "data"),
        prevent_initial_call=True,
    )
    def fill_table(block: dict[str, Any] | None, view: str, snapshot: str) -> Any:
        if block is None:
            return no_update
        address, journey = _open(services.at(snapshot), view)
        events = select_events(journey, address)
        first, last = block["startRow"], block["endRow"]
        rows = list_rows(events, first=first, last=last, sort=block["sortModel"])
        return {"rowData": rows, "rowCount": len(events)}


def _register_event(app: Dash, services: Services) -> None:
    @app.callback(
        Output(ids.CLICKED, "data"),
        Input(ids.THEOGRAPH, "clickData"),
        State(ids.VIEW, "data"),
        State(ids.SNAPSHOT, "data"),
        prevent_initial_call=True,
    )
    def find_mark(click: dict[str, Any] | None, view: str, snapshot: str) -> Any:
        _, journey = _open(services.at(snapshot), view)
        row = find_clicked_event(journey, click)
        return no_update if row is None else row

    @app.callback(
        Output(ids.EVENT_DETAIL, "children"),
        Output(ids.EVENT_TABLE, "scrollTo"),
        Input(ids.SELECTED, "data"),
        State(ids.VIEW, "data"),
        State(ids.SNAPSHOT, "data"),
        State(ids.EVENT_TABLE, "getRowsRequest"),
        prevent_initial_call=True,
    )
    def show_event(row: int, view: str, snapshot: str, block: dict[str, Any] | None) -> Any:
        here = services.at(snapshot)
        address, journey = _open(here, view)
        events = sort_events(select_events(journey, address), (block or {}).get("sortModel", []))
        return build_detail(here, journey, row), find_place(events, row) or no_update


def _register_controls(app: Dash) -> None:
    run_in_browser(
        app,
        "collect_view",
        Output(ids.VIEW, "data"),
        Output(ids.PICTURE, "data"),
        Output(ids.RESET_ZOOM, "hidden"),
        Output(ids.SECTORS_COUNT, "children"),
        Input(ids.RANGE, "value"),
        Input(ids.GROUPING, "value"),
        Input(ids.AXIS, "value"),
        Input(ids.SECTORS, "value"),
        Input(ids.TEXT, "value"),
        Input(ids.LAYERS, "value"),
        Input(ids.DAY_ZERO, "data"),
        Input(ids.SELECTED, "data"),
        Input(ids.OPPORTUNITY, "data"),
        Input(ids.STATUS, "value"),
        Input(ids.THEME, "value"),
        Input(ids.SEVERITY, "value"),
        Input(ids.PANEL, "data"),
        Input(ids.THEOGRAPH, "relayoutData"),
        Input(ids.RESET_ZOOM, "n_clicks"),
        State(ids.VIEW, "data"),
        State(ids.PICTURE, "data"),
        at_start=True,
    )
    run_in_browser(
        app,
        "restore_filters",
        Output(ids.SECTORS, "value"),
        Output(ids.TEXT, "value"),
        Output(ids.RANGE, "value"),
        Input(ids.CLEAR_FILTERS, "n_clicks"),
        Input(ids.ALL_SECTORS, "n_clicks"),
        State(ids.SECTORS, "options"),
    )


def _register_selection(app: Dash) -> None:
    run_in_browser(
        app,
        "choose_event",
        Output(ids.SELECTED, "data"),
        Input(ids.CLICKED, "data"),
        Input(ids.EVENT_TABLE, "selectedRows"),
        Input(ids.CLEAR_SELECTION, "n_clicks"),
        State(ids.SELECTED, "data"),
    )
    run_in_browser(
        app,
        "start_at_event",
        Output(ids.DAY_ZERO, "data"),
        Output(ids.AXIS, "value"),
        Input(ids.MAKE_DAY_ZERO, "n_clicks"),
        Input(ids.AXIS, "value"),
        State(ids.SELECTED, "data"),
        State(ids.DAY_ZERO, "data"),
    )
    run_in_browser(
        app,
        "save_picture",
        Output(ids.SAVED, "children"),
        Input(ids.SAVE_PNG, "n_clicks"),
        Input(ids.SAVE_SVG, "n_clicks"),
    )
    run_in_browser(app, "mark_row", Input(ids.SELECTED, "data"))
    run_in_browser(app, "refresh_table", Input(ids.VIEW, "data"))
