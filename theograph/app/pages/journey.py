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
from theograph.app.components.event_panel import build_event_detail, build_no_event
from theograph.app.components.event_table import build_event_table
from theograph.app.components.opportunity_cards import build_opportunities
from theograph.app.components.person_header import build_person_header
from theograph.app.components.side_panel import build_side_panel
from theograph.app.components.theograph import build_theograph
from theograph.app.components.tiles import (
    build_tiles,
    describe_cost_split,
    describe_not_attended,
)
from theograph.app.opportunity_choice import (
    choose_opportunities,
    choose_whole_view,
    find_evidence,
    find_first_evidence,
)
from theograph.app.services import FindRule, Services, UnitCost, know_none
from theograph.figures import (
    SELECTION_TRACES,
    describe_journey,
    draw_theograph,
    events_in_view,
    overlapping,
)
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
            *_build_stores(journey, address),
            top,
            html.Div(
                [_build_main(services, journey, address), _build_side(services, journey, address)],
                className="tg-columns",
            ),
            build_event_table(
                select_events(journey, address),
                of=len(journey.events),
                row=address.event
                if address.event is not None
                else find_first_evidence(journey, address.opportunity),
            ),
        ],
    )


def _build_stores(journey: Journey, address: JourneyAddress) -> list[Component]:
    """What the browser keeps: numbers and the address, never a row of an event."""
    return [
        dcc.Store(id=ids.VIEW, data=write_address(address)),
        dcc.Store(id=ids.SNAPSHOT, data=journey.snapshot),
        dcc.Store(id=ids.PICTURE, data=secrets.token_hex(4)),
        dcc.Store(id=ids.CLICKED, data=NO_ROW),
        dcc.Store(id=ids.SELECTED, data=_number(address.event)),
        dcc.Store(id=ids.DAY_ZERO, data=_number(address.day_zero)),
        dcc.Store(id=ids.OPPORTUNITY, data=_number(address.opportunity)),
        dcc.Store(id=ids.EVIDENCE, data=find_evidence(journey, address.opportunity)),
        dcc.Store(id=ids.PANEL, data=address.shown_panel),
    ]


def _number(row: int | None) -> int:
    return NO_ROW if row is None else row


def _build_main(services: Services, journey: Journey, address: JourneyAddress) -> Component:
    return html.Section(
        [
            build_controls(address),
            build_theograph(
                draw_picture(journey, address, rule=services.rule),
                description=describe_journey(journey),
                nothing_in_view=hides_everything(journey, address),
            ),
            html.P(describe_sources(journey), className="tg-sources"),
        ],
        className="tg-card tg-main",
        **aria(label="Theograph"),
    )


def _build_side(services: Services, journey: Journey, address: JourneyAddress) -> Component:
    return build_side_panel(
        address,
        summary=journey.summary,
        choice=choose_opportunities(journey, address, services.rule),
        cards=build_opportunities(services, journey, address),
        detail=build_detail(services, journey, address.event),
    )


def draw_picture(
    journey: Journey, address: JourneyAddress, *, rule: FindRule = know_none, revision: str = ""
) -> go.Figure:
    """The theograph for `address`; the browser keeps zoom and pan while `revision` is the same."""
    figure = draw_theograph(journey, choose_whole_view(journey, address, rule), rule=rule)
    grouped = len(journey.events) > MOST_SINGLE_EVENTS
    figure.update_layout(uirevision=revision, meta={"grouped": grouped})
    return figure.update_xaxes(uirevision=revision)


def draw_change(journey: Journey, address: JourneyAddress, *, rule: FindRule = know_none) -> Patch:
    """The change to the figure that shows what is selected: its last traces, shapes and notes."""
    view = choose_whole_view(journey, address, rule)
    figure = draw_theograph(journey, view, rule=rule).to_plotly_json()
    traces = figure["data"]
    change = Patch()
    for place in range(len(traces) - SELECTION_TRACES, len(traces)):
        change["data"][place] = traces[place]
    for part in ("shapes", "annotations"):
        change["layout"][part] = figure["layout"][part]
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
    return build_event_detail(event, line, concept=services.concept)


def describe_sources(journey: Journey) -> str:
    """How sure the costs are and how far the data reaches."""
    said = (
        describe_cost_split(journey.summary),
        describe_not_attended(journey.summary),
        f"Data to {short_date(journey.as_of)}",
    )
    return " · ".join(part for part in said if part)


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
