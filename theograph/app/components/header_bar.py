"""The bar at the top of every page: the name, the pages there are, and the search."""

from __future__ import annotations

from dash import dcc, html
from dash.development.base_component import Component

from theograph.app.assets import address_asset
from theograph.app.components.aria import aria
from theograph.app.components.person_search import build_person_search


def build_header_bar(*, synthetic: bool) -> Component:
    """The bar; `synthetic` says that nobody in the store is real."""
    return html.Header(
        className="tg-bar",
        children=[
            dcc.Link(
                href="/",
                className="tg-brand",
                title="Theograph: all people",
                children=[
                    html.Img(src=address_asset("logo.svg"), alt="", width=26, height=26),
                    html.Span("Theograph"),
                ],
            ),
            html.Nav(
                dcc.Link("Journeys", href="/", className="tg-nav-link"),
                className="tg-nav",
                **aria(label="Pages"),
            ),
            build_person_search(),
            *([html.Span("Synthetic data", className="tg-badge")] if synthetic else []),
        ],
    )
