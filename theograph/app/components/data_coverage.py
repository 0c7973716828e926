"""How far the records reach: each provider by month, gaps to be seen."""

from __future__ import annotations

import pandas as pd
from dash import dcc, html
from dash.development.base_component import Component

from theograph.app import ids
from theograph.app.components.aria import aria
from theograph.app.components.theograph import GRAPH_CONFIG
from theograph.app.data_address import write_data_path
from theograph.app.data_facts import FeedCoverage
from theograph.figures.feed_coverage import describe_feeds, draw_feed_coverage


def build_coverage(coverage: FeedCoverage | None) -> list[Component]:
    """The chart, and the same in words for each feed."""
    if coverage is None or coverage.months.empty:
        return [
            html.Div(
                [
                    html.H2("There are no records to draw yet"),
                    html.P("Add files, and see here which months each provider's extracts reach."),
                    dcc.Link("Add files", href=write_data_path()),
                ],
                className="tg-card tg-empty",
            )
        ]
    return [_build_chart(coverage.months), _build_words(coverage.months)]


def _build_chart(months: pd.DataFrame) -> Component:
    figure = draw_feed_coverage(months)
    return html.Section(
        [
            html.H2("Events in each month, by provider"),
            html.P(
                "The taller the bar, the more events began in that month; each row has a scale of "
                "its own. Hatched: no extract covers the month, so nothing there does not mean "
                "that nothing happened.",
                className="tg-note",
            ),
            html.Div(
                dcc.Graph(
                    id=ids.DATA_COVERAGE,
                    figure=figure,
                    config=GRAPH_CONFIG,
                    style={"height": f"{figure.layout.height}px"},
                ),
                role="img",
                **aria(label="Events in each month, by provider; the table below says the same"),
            ),
        ],
        className="tg-card tg-report-part",
    )


def _build_words(months: pd.DataFrame) -> Component:
    feeds = describe_feeds(months)
    head = html.Tr([html.Th(name, scope="col") for name in feeds.columns])
    rows = [html.Tr([html.Td(cell) for cell in row]) for row in feeds.itertuples(index=False)]
    return html.Section(
        [
            html.H2("The same in words"),
            html.Table(
                [html.Thead(head), html.Tbody(rows)],
                className="tg-method-table tg-coverage-words",
            ),
        ],
        className="tg-card tg-report-part",
    )
