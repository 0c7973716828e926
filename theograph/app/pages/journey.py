"""The Journey page: one person's whole story on one screen."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from dash import ClientsideFunction, Dash, Input, Output, Patch, State, dcc, html, no_update
from dash.development.base_component import Component

from theograph.app import ids
from theograph.app.address import (
    JourneyAddress,
    choose_view,
    find_event,
    parse_address,
    write_address,
)
from theograph.app.components.controls import build_controls
from theograph.app.components.event_panel import (
    build_event_detail,
    build_event_panel,
    build_no_event,
)
from theograph.app.components.event_table import (
    build_event_table,
    describe_count,
    find_place,
    list_rows,
    sort_events,
)
from theograph.app.components.person_header import build_person_header
from theograph.app.components.theograph import build_theograph
from theograph.app.components.tiles import build_tiles, describe_cost_split
from theograph.app.services import Services, UnitCost
from theograph.figures import describe_journey, draw_theograph, events_in_view, overlapping
from theograph.figures.aggregate import MOST_SINGLE_EVENTS
from theograph.figures.wording import short_date
from theograph.journey import Journey

NO_ROW = -1  # theograph.js says why a store does not hold None


def build_journey_page(services: Services, address: JourneyAddress) -> Component:
    """The page of the person at `address`; raises `UnknownPersonError`."""
    journey = services.open_journey(address.ref)
    top = html.Div(
        [build_person_header(journey), build_tiles(journey)], className="tg-journey-head"
    )
    if journey.events.empty:
        return html.Div([top, _build_no_events()], className="tg-page tg-journey")
    return html.Div(
        className="tg-page tg-journey",
        children=[
            dcc.Store(id=ids.VIEW, data=write_address(address)),
            dcc.Store(id=ids.PICTURE, data=secrets.token_hex(4)),
            dcc.Store(id=ids.CLICKED, data=NO_ROW),
            dcc.Store(id=ids.SELECTED, data=NO_ROW if address.event is None else address.event),
            dcc.Store(
                id=ids.DAY_ZERO, data=NO_ROW if address.day_zero is None else address.day_zero
            ),
            top,
            html.Div(
                [
                    html.Section(
                        [
                            build_controls(address),
                            build_theograph(
                                draw_picture(journey, address),
                                description=describe_journey(journey),
                                nothing_in_view=hides_everything(journey, address),
                            ),
                            html.P(describe_sources(journey), className="tg-sources"),
                        ],
                        className="tg-card tg-main",
                        **{"aria-label": "Theograph"},
                    ),
                    build_event_panel(build_detail(services, journey, address.event)),
                ],
                className="tg-columns",
            ),
            build_event_table(
                select_events(journey, address), of=len(journey.events), row=address.event
            ),
        ],
    )


def draw_picture(journey: Journey, address: JourneyAddress, *, revision: str = "") -> go.Figure:
    """The theograph for `address`; the browser keeps zoom and pan while `revision` is the same."""
    figure = draw_theograph(journey, choose_view(address, journey))
    grouped = len(journey.events) > MOST_SINGLE_EVENTS
    figure.update_layout(uirevision=revision, meta={"grouped": grouped})
    return figure.update_xaxes(uirevision=revision)


def draw_ring(journey: Journey, address: JourneyAddress) -> Patch:
    """The change to the figure that rings the selected event: its last two traces."""
    traces = draw_theograph(journey, choose_view(address, journey)).to_plotly_json()["data"]
    change = Patch()
    for place in (-2, -1):
        change["data"][len(traces) + place] = traces[place]
    return change


def select_events(journey: Journey, address: JourneyAddress) -> pd.DataFrame:
    """The events in sight: of the chosen sectors and text, touching the visible time."""
    view = choose_view(address, journey)
    chosen = events_in_view(journey, view)
    return overlapping(chosen, view.start, view.end, as_of=journey.as_of)


def hides_everything(journey: Journey, address: JourneyAddress) -> bool:
    """Whether the chosen sectors and text leave no event at any time."""
    return bool(events_in_view(journey, choose_view(address, journey)).empty)


def build_detail(services: Services, journey: Journey, row: int | None) -> list[Component]:
    """What the panel says about the event in `row`, or how to choose one."""
    if row is None or not 0 <= row < len(journey.events):
        return build_no_event(journey.summary)
    event = journey.events.loc[row]
    code = event["cost_line"]
    line: UnitCost | None = None if pd.isna(code) else services.unit_cost(str(code))
    return build_event_detail(event, line)


def describe_sources(journey: Journey) -> str:
    """How sure the costs are and how far the data reaches."""
    return f"{describe_cost_split(journey.summary)} · Data to {short_date(journey.as_of)}"


def find_clicked_event(journey: Journey, click: dict[str, Any] | None) -> int | None:
    """The row number of the event whose mark was clicked; None for anything else."""
    point = (click or {}).get("points", [{}])[0]
    data = point.get("customdata")
    event_id = data[0] if isinstance(data, list) and data else data
    return find_event(journey, str(event_id)) if event_id is not None else None


def _build_no_events() -> Component:
    return html.Div(
        [
            html.H2("No events are recorded for this person"),
            html.P("Import an extract that holds their contacts, then open this page again."),
        ],
        className="tg-card tg-empty",
    )


def register(app: Dash, services: Services) -> None:
    """Keep address, picture, panel and table in step."""
    _register_view(app)

    @app.callback(
        Output(ids.THEOGRAPH, "figure"),
        Input(ids.PICTURE, "data"),
        State(ids.VIEW, "data"),
        prevent_initial_call=True,
    )
    def redraw_theograph(picture: str, view: str) -> go.Figure:
        address = parse_address(view)
        journey = services.open_journey(address.ref)
        return draw_picture(journey, address, revision=picture.split("#")[1])

    @app.callback(
        Output(ids.THEOGRAPH, "figure", allow_duplicate=True),
        Input(ids.SELECTED, "data"),
        State(ids.VIEW, "data"),
        prevent_initial_call=True,
    )
    def ring_event(row: int, view: str) -> Patch:
        address = replace(parse_address(view), event=row)
        return draw_ring(services.open_journey(address.ref), address)

    @app.callback(
        Output(ids.IN_VIEW, "children"),
        Output(ids.NOTHING_IN_VIEW, "hidden"),
        Input(ids.VIEW, "data"),
        prevent_initial_call=True,
    )
    def count_events(view: str) -> tuple[str, bool]:
        address = parse_address(view)
        journey = services.open_journey(address.ref)
        shown = len(select_events(journey, address))
        return describe_count(shown, len(journey.events)), not hides_everything(journey, address)

    @app.callback(
        Output(ids.EVENT_TABLE, "getRowsResponse"),
        Input(ids.EVENT_TABLE, "getRowsRequest"),
        State(ids.VIEW, "data"),
    )
    def fill_table(request: dict[str, Any] | None, view: str) -> Any:
        if request is None:
            return no_update
        address = parse_address(view)
        events = select_events(services.open_journey(address.ref), address)
        rows = list_rows(
            events, first=request["startRow"], last=request["endRow"], sort=request["sortModel"]
        )
        return {"rowData": rows, "rowCount": len(events)}

    @app.callback(
        Output(ids.CLICKED, "data"),
        Input(ids.THEOGRAPH, "clickData"),
        State(ids.VIEW, "data"),
        prevent_initial_call=True,
    )
    def select_mark(click: dict[str, Any] | None, view: str) -> Any:
        journey = services.open_journey(parse_address(view).ref)
        row = find_clicked_event(journey, click)
        return no_update if row is None else row

    @app.callback(
        Output(ids.EVENT_DETAIL, "children"),
        Output(ids.EVENT_TABLE, "scrollTo"),
        Input(ids.SELECTED, "data"),
        State(ids.VIEW, "data"),
        State(ids.EVENT_TABLE, "getRowsRequest"),
        prevent_initial_call=True,
    )
    def show_event(row: int, view: str, request: dict[str, Any] | None) -> Any:
        address = parse_address(view)
        journey = services.open_journey(address.ref)
        detail = build_detail(services, journey, row)
        events = sort_events(select_events(journey, address), (request or {}).get("sortModel", []))
        return detail, find_place(events, row) or no_update


def _register_view(app: Dash) -> None:
    """What the browser does by itself: collect the controls into the address, select, save."""
    app.clientside_callback(
        ClientsideFunction("theograph", "collect_view"),
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
        Input(ids.THEOGRAPH, "relayoutData"),
        Input(ids.RESET_ZOOM, "n_clicks"),
        State(ids.VIEW, "data"),
        State(ids.PICTURE, "data"),
    )
    app.clientside_callback(
        ClientsideFunction("theograph", "choose_event"),
        Output(ids.SELECTED, "data"),
        Input(ids.CLICKED, "data"),
        Input(ids.EVENT_TABLE, "selectedRows"),
        Input(ids.CLEAR_SELECTION, "n_clicks"),
        State(ids.SELECTED, "data"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("theograph", "start_at_event"),
        Output(ids.DAY_ZERO, "data"),
        Output(ids.AXIS, "value"),
        Input(ids.MAKE_DAY_ZERO, "n_clicks"),
        Input(ids.AXIS, "value"),
        State(ids.SELECTED, "data"),
        State(ids.DAY_ZERO, "data"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("theograph", "restore_filters"),
        Output(ids.SECTORS, "value"),
        Output(ids.TEXT, "value"),
        Output(ids.RANGE, "value"),
        Input(ids.CLEAR_FILTERS, "n_clicks"),
        Input(ids.ALL_SECTORS, "n_clicks"),
        State(ids.SECTORS, "options"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("theograph", "save_picture"),
        Output(ids.SAVED, "children"),
        Input(ids.SAVE_PNG, "n_clicks"),
        Input(ids.SAVE_SVG, "n_clicks"),
        prevent_initial_call=True,
    )
    for name, changed in (
        ("mark_row", Input(ids.SELECTED, "data")),
        ("refresh_table", Input(ids.VIEW, "data")),
    ):
        app.clientside_callback(ClientsideFunction("theograph", name), changed)
