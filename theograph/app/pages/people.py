"""The landing page: everyone in the store, a few at a time."""

from __future__ import annotations

from datetime import date

import dash_bootstrap_components as dbc
from dash import Dash, Input, Output, dcc, html
from dash.development.base_component import Component

from theograph.app import ids
from theograph.app.address import write_path
from theograph.app.components.person_search import describe_rest
from theograph.app.data_address import DATA_PATH
from theograph.app.services import PersonHit, Services

LIMIT = 25


def build_people_page(services: Services) -> Component:
    """Everyone, and a field that narrows the list."""
    return html.Div(
        className="tg-page tg-people",
        children=[
            html.H1("Whose journey?", id=ids.PAGE_TITLE, tabIndex=-1),
            html.P(
                "One person's contacts with health and care, what they cost, "
                "and the conditions they live with, in one picture.",
                className="tg-lead",
            ),
            html.Label("Name or identifier", htmlFor=ids.PEOPLE_TEXT, className="tg-label"),
            dbc.Input(
                id=ids.PEOPLE_TEXT,
                type="search",
                debounce=150,
                autocomplete="off",
                class_name="tg-people-field",
            ),
            html.Div(build_people_list(services, ""), id=ids.PEOPLE_LIST),
        ],
    )


def build_people_list(services: Services, text: str) -> list[Component]:
    """The first people whose name or identifier holds `text`, and how to see the rest."""
    hits = services.search_people(text, LIMIT + 1)
    if not hits and not text:
        return [_build_empty_store()]
    note = html.P(describe_rest(len(hits), LIMIT), className="tg-note", role="status")
    if not hits:
        return [note]
    items = [html.Li(_build_person(hit)) for hit in hits[:LIMIT]]
    return [html.Ul(items, className="tg-people-list"), note]


def _build_person(hit: PersonHit) -> Component:
    return dcc.Link(
        href=write_path(hit.ref),
        className="tg-person",
        children=[
            html.Span(hit.name or hit.person_id, className="tg-person-name"),
            html.Span(hit.person_id if hit.name else "", className="tg-person-id"),
            html.Span(f"{hit.events:,} events", className="tg-person-count"),
            html.Span(_describe_span(hit.first, hit.last), className="tg-person-span"),
        ],
    )


def _describe_span(first: date | None, last: date | None) -> str:
    if first is None or last is None:
        return "No dated events"
    return f"{first:%b %Y} to {last:%b %Y}"


def _build_empty_store() -> Component:
    return html.Div(
        className="tg-empty",
        children=[
            html.H2("There is nobody in this store yet"),
            html.P(
                [
                    dcc.Link("Add files", href=DATA_PATH),
                    " in the browser, or on the command line with ",
                    html.Code("theograph import PATH --store DIR"),
                    ".",
                ]
            ),
        ],
    )


def register(app: Dash, services: Services) -> None:
    """Narrow the list as the reader types."""

    @app.callback(
        Output(ids.PEOPLE_LIST, "children"),
        Input(ids.PEOPLE_TEXT, "value"),
        prevent_initial_call=True,
    )
    def narrow_people(text: str | None) -> list[Component]:
        return build_people_list(services, (text or "").strip())
