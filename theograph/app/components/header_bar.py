"""The bar at the top of every page: the name, the pages there are, and the search."""

from __future__ import annotations

from dash import dcc, html
from dash.development.base_component import Component

from theograph.app.assets import address_asset
from theograph.app.components.aria import aria
from theograph.app.components.person_search import build_person_search
from theograph.app.data_address import DATA_PATH
from theograph.app.method_address import METHOD_PATH

PAGES = (("Journeys", "/"), ("Data", DATA_PATH), ("Method", METHOD_PATH))


def build_header_bar(*, synthetic: bool) -> Component:
    """The bar; `synthetic` says that nobody in the store is real.

    `method.js` marks the link of the page that is shown.
    """
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
                [dcc.Link(name, href=path, className="tg-nav-link") for name, path in PAGES],
                className="tg-nav",
                **aria(label="Pages"),
            ),
            build_person_search(),
            *([html.Span("Synthetic data", className="tg-badge")] if synthetic else []),
        ],
    )
