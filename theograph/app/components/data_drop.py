"""Where files are dropped or chosen; `data.js` sends them and shows how far each has come."""

from __future__ import annotations

from typing import Any

from dash import html
from dash.development.base_component import Component

from theograph.app import ids
from theograph.app.components.aria import aria
from theograph.app.security import MAX_UPLOAD_BYTES

MOST = f"{MAX_UPLOAD_BYTES // (1024 * 1024)} MB"


def build_drop(command: str, *, empty: bool) -> Component:
    """The place to drop files; `empty` says that the store holds no records yet."""
    welcome = [html.P("No records yet: drop files here", className="tg-drop-welcome")]
    return html.Section(
        [
            html.Div(
                [
                    *(welcome if empty else []),
                    html.P(
                        [
                            html.Span("Drop extracts here, or ", className="tg-drop-words"),
                            html.Button(
                                "Choose files",
                                id=ids.DATA_CHOOSE,
                                type="button",
                                className="btn btn-primary",
                            ),
                        ],
                        className="tg-drop-main",
                    ),
                    html.P(
                        f"CSV, Excel, Parquet, JSON, NDJSON or DuckDB, up to {MOST} in all. They "
                        "stay on this computer.",
                        className="tg-note",
                    ),
                    html.P(
                        ["For more, on the command line: ", html.Code(command)],
                        className="tg-note",
                    ),
                ],
                id=ids.DATA_DROP,
                className="tg-drop",
                **_hold_limit(),
            ),
            html.Ul(id=ids.DATA_UPLOADS, className="tg-uploads", **aria(live="polite")),
        ],
        className="tg-card tg-drop-card",
        **aria(label="Add files"),
    )


def _hold_limit() -> dict[str, Any]:
    return {"data-most-bytes": str(MAX_UPLOAD_BYTES), "data-most": MOST}
