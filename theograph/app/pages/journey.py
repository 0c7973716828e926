"""The Journey page: one person's whole story on one screen."""

from __future__ import annotations

import secrets
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from dash import Patch, dcc, html
from dash.development.base_component import Component

from theograph.app import ids
from theograph.app.address import JourneyAddress, choose_view, find_event, write_address
from theograph.app.components.aria import aria
from theograph.app.components.controls import build_controls
from theograph.app.components.event_panel import (
    build_event_detail,
    build_event_panel,
    build_no_event,
)
from theograph.app.components.event_table import build_event_table
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
                        **aria(label="Theograph"),
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
    event = journey.events.iloc[row]
    code = event["cost_line"]
    line: UnitCost | None = None if pd.isna(code) else services.unit_cost(str(code))
    return build_event_detail(event, line)


def describe_sources(journey: Journey) -> str:
    """How sure the costs are and how far the data reaches."""
    return f"{describe_cost_split(journey.summary)} · Data to {short_date(journey.as_of)}"


def find_clicked_event(journey: Journey, click: dict[str, Any] | None) -> int | None:
    """The row number of the event whose mark was clicked; None for anything else."""
    points = (click or {}).get("points") or [{}]
    data = points[0].get("customdata")
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
