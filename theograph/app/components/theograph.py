"""The picture in its card: the figure, what it says in words, and what it says when empty."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
from dash import dcc, html
from dash.development.base_component import Component

from theograph.app import ids
from theograph.app.components.aria import aria

GRAPH_CONFIG: Any = {
    "displaylogo": False,
    "displayModeBar": False,
    "doubleClick": False,  # theograph.js zooms back out, to the range chosen
    "plotlyServerURL": "",
    "responsive": True,
    "scrollZoom": False,
    "showSendToCloud": False,
    "showTips": False,
}


def build_theograph(figure: go.Figure, *, description: str, nothing_in_view: bool) -> Component:
    """The figure with its text alternative."""
    return html.Div(
        className="tg-picture",
        children=[
            html.Div(description, id=f"{ids.THEOGRAPH}-words", className="visually-hidden"),
            html.Div(
                dcc.Graph(
                    id=ids.THEOGRAPH, figure=figure, config=GRAPH_CONFIG, className="tg-graph"
                ),
                role="img",
                **aria(
                    label="Theograph: every contact over time, in lanes. "
                    "The table below holds the same events.",
                    describedby=f"{ids.THEOGRAPH}-words",
                ),
            ),
            html.Div(
                id=ids.NOTHING_IN_VIEW,
                className="tg-nothing",
                hidden=not nothing_in_view,
                children=[
                    html.P("No event matches what is chosen above."),
                    html.Button(
                        "Clear filters", id=ids.CLEAR_FILTERS, className="btn btn-primary btn-sm"
                    ),
                ],
            ),
        ],
    )
